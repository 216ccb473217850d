"""How a timetable of a pipeline is tried: which rule does it break?"""

from course_snn.course.compare import as_array
from course_snn.course.exercise import Finding

ROUNDING = 1e-6


def tried(answer, forward, backward, chunks):
    """Return what an answer gives, if it breaks no rule of GPipe.

    Args:
        answer: the learner's function. forward, backward: the times of the stages. chunks: how many.
    """
    costs = list(forward), list(backward)
    made = answer(forward, backward, chunks)
    if isinstance(made, (tuple, list)) and len(made) == 3:
        there, back = as_array(_as_list(made[0])), as_array(_as_list(made[1]))
        shape = len(costs[0]), chunks
        if there is not None and back is not None and there.shape == back.shape == shape:
            _check_forward(there, costs[0])
            _check_backward(there, back, *costs)
    return made


def _as_list(table):
    return [list(row) for row in table] if isinstance(table, (list, tuple)) else table


def _check_forward(there, forward):
    stages, chunks = there.shape
    for m in range(chunks):
        for s in range(stages):
            handed = there[s - 1, m] + forward[s - 1] if s else 0.0
            free = there[s, m - 1] + forward[s] if m else 0.0
            _check("前向", "forward", (s, m), there[s, m], handed, free, s - 1)


def _check_backward(there, back, forward, backward):
    stages, chunks = back.shape
    for m in reversed(range(chunks)):
        for s in reversed(range(stages)):
            handed = back[s + 1, m] + backward[s + 1] if s < stages - 1 else 0.0
            free = back[s, m + 1] + backward[s] if m < chunks - 1 else there[s, -1] + forward[s]
            _check("反向", "backward", (s, m), back[s, m], handed, free, s + 1)


def _check(zh, en, place, start, handed, free, other):
    """Raise Finding if a task starts too early or too late: ``handed`` over by stage ``other``, ``free`` before."""
    s, m = place
    if start < handed - ROUNDING:
        raise Finding(
            f"第 {s} 级在时刻 {start:g} 开始第 {m} 块的{zh}，但第 {other} 级到时刻 {handed:g} 才做完这一块。",
            f"Stage {s} starts the {en} pass of chunk {m} at {start:g}, but stage {other} has not done that chunk "
            f"before "
            f"{handed:g}.",
        )
    if start < free - ROUNDING:
        raise Finding(
            f"第 {s} 级在时刻 {start:g} 开始第 {m} 块的{zh}，但它到时刻 {free:g} 才做完前面的事"
            "（先是所有块的前向，从第 0 块起；再是反向，从最后一块起）。",
            f"Stage {s} starts the {en} pass of chunk {m} at {start:g}, but is busy until {free:g} with what comes "
            "before (first the forward passes of all chunks, from 0 on; then the backward passes, from the last on).",
        )
    if start > max(handed, free) + ROUNDING:
        raise Finding(
            f"第 {s} 级在时刻 {start:g} 才开始第 {m} 块的{zh}，其实在时刻 {max(handed, free):g} 就可以。",
            f"Stage {s} starts the {en} pass of chunk {m} at {start:g} only, and could at {max(handed, free):g}.",
        )


def one_f_one_b(forward, backward, chunks):
    """Return the timetable of 1F1B: at most S - s chunks under way in stage s, backward first."""
    stages = len(forward)
    tasks = []
    for s in range(stages):
        warm = min(stages - s, chunks)
        row = [("f", m) for m in range(warm)]
        for m in range(chunks):
            row.append(("b", m))
            if warm + m < chunks:
                row.append(("f", warm + m))
        tasks.append(row)
    start, end, free = {}, {}, [0.0] * stages
    while any(tasks):
        for s in range(stages):
            while tasks[s]:
                kind, m = tasks[s][0]
                before = ("f", s - 1, m) if kind == "f" else ("b", s + 1, m)
                if 0 <= before[1] < stages and before not in end:
                    break
                start[kind, s, m] = max(free[s], end.get(before, 0.0))
                free[s] = end[kind, s, m] = start[kind, s, m] + (forward if kind == "f" else backward)[s]
                tasks[s].pop(0)
    there, back = ([[start[kind, s, m] for m in range(chunks)] for s in range(stages)] for kind in "fb")
    return there, back, 1 - chunks * (sum(forward) + sum(backward)) / (stages * max(free))


def one_by_one(forward, backward, chunks):
    """Return the timetable of one chunk through all stages and back, then the next."""
    now, there, back = 0.0, [[] for _ in forward], [[] for _ in forward]
    for _ in range(chunks):
        for s, cost in enumerate(forward):
            there[s].append(now)
            now += cost
        for s in reversed(range(len(forward))):
            back[s].append(now)
            now += backward[s]
    return there, back, 1 - chunks * (sum(forward) + sum(backward)) / (len(forward) * now)


def other_timetable(
    order=lambda m: reversed(range(m)),
    waits=lambda ready, free: max(ready, free),
    turn=lambda free, forward: free,
    way=lambda stages: reversed(range(stages)),
    length=lambda forward, backward: (forward, backward),
    bubble=lambda busy, stages, end, m: 1 - busy / (stages * end),
    gives=lambda there, back, bubble: (there, back, bubble),
    ends=False,
    passes=lambda ready, end, start: end,
):
    """Return ``gpipe`` with one thing done in another way."""

    def answer(forward, backward, chunks):
        stages = len(forward)
        given, (forward, backward) = (forward, backward), length(forward, backward)
        there, back = ([[0.0] * chunks for _ in range(stages)] for _ in "fb")
        free = [0.0] * stages

        def go(table, costs, sequence, numbers):
            for chunk in numbers:
                ready = 0.0
                for s in sequence():
                    start = waits(ready, free[s])
                    end = start + costs[s]
                    table[s][chunk] = end if ends else start
                    ready, free[s] = passes(ready, end, start), end

        go(there, forward, lambda: range(stages), range(chunks))
        free = turn(free, forward)
        go(back, backward, lambda: way(stages), order(chunks))
        busy = chunks * (sum(given[0]) + sum(given[1]))
        return gives(there, back, bubble(busy, stages, max(free), chunks))

    return answer
