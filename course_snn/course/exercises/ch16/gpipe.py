"""Exercise 16.gpipe."""

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises.ch16.table import tried


def gpipe(forward, backward, chunks):
    stages = len(forward)
    there = [[0.0] * chunks for _ in range(stages)]  # starts of the forward passes
    back = [[0.0] * chunks for _ in range(stages)]  # starts of the backward passes
    free = [0.0] * stages  # when a stage has done its last task
    for chunk in range(chunks):
        ready = 0.0
        for s in range(stages):
            there[s][chunk] = max(ready, free[s])
            ready = free[s] = there[s][chunk] + forward[s]
    for chunk in reversed(range(chunks)):
        ready = 0.0
        for s in reversed(range(stages)):
            back[s][chunk] = max(ready, free[s])
            ready = free[s] = back[s][chunk] + backward[s]
    busy = chunks * (sum(forward) + sum(backward))
    return there, back, 1 - busy / (stages * max(free))


def _timetable(
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
    """``gpipe`` with one thing done wrong."""

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


def _one_f_one_b(forward, backward, chunks):
    """The timetable of 1F1B: at most S - s chunks under way in stage s, backward first."""
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


def _equal_stages(which):
    def answer(forward, backward, chunks):
        f, b = which(forward), which(backward)
        return gpipe([f] * len(forward), [b] * len(backward), chunks)

    return answer


def _with_bubble(made):
    """``gpipe`` with ``made(stages, chunks)`` as its share."""

    def answer(forward, backward, chunks):
        there, back, _ = gpipe(forward, backward, chunks)
        return there, back, made(len(forward), chunks)

    return answer


def _each_chunk_back_and_forth(forward, backward, chunks):
    return _timetable_of_one(forward, backward, chunks)


def _timetable_of_one(forward, backward, chunks):
    """One chunk through all stages and back, then the next."""
    now, there, back = 0.0, [[] for _ in forward], [[] for _ in forward]
    for _ in range(chunks):
        for s, cost in enumerate(forward):
            there[s].append(now)
            now += cost
        for s in reversed(range(len(forward))):
            back[s].append(now)
            now += backward[s]
    return there, back, 1 - chunks * (sum(forward) + sum(backward)) / (len(forward) * now)


def _turned(there, back, bubble):
    return [list(row) for row in zip(*there, strict=True)], [list(row) for row in zip(*back, strict=True)], bubble


EXERCISE = Exercise(
    id="16.gpipe",
    solution=gpipe,
    run=tried,
    cases=(
        ([1, 1], [2, 2], 3),
        ([1, 1, 1, 1], [1, 1, 1, 1], 4),
        ([2, 1, 4], [3, 5, 1], 3),
        ([1, 3, 1, 1], [6, 2, 2, 1], 5),
        ([0.5, 1.5], [1.0, 0.25], 1),
        ([2, 1], [1, 3], 4),
        ([3], [4], 2),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            _timetable(order=range),
            "反向从最后一块开始，依次到第 0 块：你按 0、1、2、… 的次序了。",
            "The backward passes begin with the last chunk and go down to chunk 0: yours come in the order 0, 1, 2, …",
        ),
        Mistake(
            _timetable(waits=lambda ready, free: free),
            "一级不能在上一级把这一块交过来之前开始：还要等 ready。",
            "A stage cannot begin before the stage before it has handed the chunk over: it waits for that, too.",
        ),
        Mistake(
            _timetable(waits=lambda ready, free: ready),
            "一级同时只能做一件事：还要等它自己做完前一块。",
            "A stage does one thing at a time: it also waits until its own last task is done.",
        ),
        Mistake(
            _timetable(waits=lambda ready, free: ready + free),
            "两件事同时等：取两个时刻里较晚的，max，不是相加。",
            "It waits for both at once: take the later of the two times, max, and not their sum.",
        ),
        Mistake(
            _timetable(waits=lambda ready, free: min(ready, free)),
            "要等两件事都完成：max，不是 min。",
            "Both have to be done: max, not min.",
        ),
        Mistake(
            _timetable(turn=lambda free, forward: [max(free)] * len(free), way=range),
            "反向从最后一级开始，往前走：梯度是从损失来的。",
            "Backward begins at the last stage and goes to the first: gradients come from the loss.",
        ),
        Mistake(
            _timetable(way=range),
            "反向从最后一级开始，往前走：梯度是从损失来的。",
            "Backward begins at the last stage and goes to the first: gradients come from the loss.",
        ),
        Mistake(
            _timetable(turn=lambda free, forward: [0.0] * len(free)),
            "反向从时刻 0 开始了：一级做完自己所有块的前向，才开始反向。",
            "The backward passes begin at time 0: a stage begins with them when all its forward passes are done.",
        ),
        Mistake(
            _one_f_one_b,
            "这是 1F1B：GPipe 里，一级先做完所有块的前向，再做反向。",
            "That is 1F1B: in GPipe a stage does all forward passes first, then the backward passes.",
        ),
        Mistake(
            _timetable_of_one,
            "一块走完全程，下一块才出发：那就不是流水线了。第一级一空，就接下一块。",
            "A chunk sets out when the one before has come all the way back, which is no pipeline: the first stage "
            "takes the next as soon as it is free.",
        ),
        Mistake(
            _timetable(length=lambda f, b: (f, f)),
            "反向也用了 forward 的时间：要用 backward。",
            "The backward passes take the times of forward in your answer: use backward.",
        ),
        Mistake(
            _timetable(length=lambda f, b: (f, b[::-1])),
            "backward 的次序反了：backward[s] 就是第 s 级的。",
            "The times of backward are in the wrong order: backward[s] belongs to stage s.",
        ),
        Mistake(
            _equal_stages(max),
            "各级的时间不同：每级用自己的，不是都用最慢的。",
            "The stages take different times: each its own, not all that of the slowest.",
        ),
        Mistake(
            _equal_stages(lambda costs: costs[0]),
            "各级的时间不同：用 forward[s] 和 backward[s]，不是第 0 级的。",
            "The stages take different times: use forward[s] and backward[s], not those of stage 0.",
        ),
        Mistake(
            _timetable(ends=True),
            "这是结束的时刻：要开始的时刻。",
            "Those are the times at which the tasks end: wanted are those at which they start.",
        ),
        Mistake(
            _timetable(gives=_turned),
            "行和列反了：[s][m]，每级一行。",
            "Rows and columns have changed places: [s][m], a row for each stage.",
        ),
        Mistake(
            _timetable(gives=lambda there, back, bubble: (back, there, bubble)),
            "返回的次序：先是前向的，再是反向的，最后是气泡。",
            "The order of what is returned: forward first, then backward, then the bubble.",
        ),
        Mistake(
            _timetable(bubble=lambda busy, stages, end, m: busy / (stages * end)),
            "这是忙的份额：气泡是 1 减去它。",
            "That is the busy share: the bubble is 1 minus it.",
        ),
        Mistake(
            _timetable(bubble=lambda busy, stages, end, m: 1 - busy / end),
            "所有的时间是级数 × 结束的时刻：每一级都要算。",
            "All the time is the number of stages × the end: each of them counts.",
        ),
        Mistake(
            _timetable(bubble=lambda busy, stages, end, m: stages * end - busy),
            "这是空闲的总时间：要份额，再除以级数 × 结束的时刻。",
            "That is the idle time in all: wanted is its share, so divide by the number of stages × the end.",
        ),
        Mistake(
            _timetable(bubble=lambda busy, stages, end, m: stages * end / busy - 1),
            "除以的应是所有的时间（级数 × 结束的时刻），不是忙的时间。",
            "Divide by all the time (number of stages × the end), not by the busy time.",
        ),
        Mistake(
            _with_bubble(lambda stages, m: (stages - 1) / (m + stages - 1)),
            "(S-1)/(M+S-1) 只在各级一样快时才对：用忙的时间和结束的时刻来算。",
            "(S-1)/(M+S-1) holds only where all stages are equally fast: find it from the busy time and the end.",
        ),
        Mistake(
            _with_bubble(lambda stages, m: (stages - 1) / m),
            "(S-1)/M 是相对于理想时间的，而且要各级一样快：这里要空闲占所有时间的份额。",
            "(S-1)/M relates to the ideal time, and holds for equally fast stages: wanted is the idle share of all the "
            "time.",
        ),
        Mistake(
            _timetable(bubble=lambda busy, stages, end, m: 100 * (1 - busy / (stages * end))),
            "这是百分数：份额在 0 与 1 之间，不要乘以 100。",
            "That is in per cent: a share lies between 0 and 1, so do not multiply by 100.",
        ),
        Mistake(
            _timetable(gives=lambda there, back, bubble: (there, back)),
            "少了气泡的份额：返回三样。",
            "The share of the bubble is missing: return three things.",
        ),
    ),
    hints=(
        (
            "每件事的开始 = max(这一级空下来的时刻, 这一块交过来的时刻)。",
            "Each task starts at max(when the stage is free, when the chunk is handed over).",
        ),
        (
            "用列表 free[s] 记住每级空下来的时刻。前向：块在外层循环，级在里层，ready 是上一级做完这一块的时刻。",
            "Keep free[s], when each stage is free. Forward: chunks in the outer loop, stages in the inner one; ready "
            "is when the stage before has done this chunk.",
        ),
        (
            "反向也一样，free 接着用，块和级的次序都反过来，reversed(range(…))。气泡 = 1 - M·(Σforward + "
            "Σbackward)/(S·max(free))。",
            "Backward is the same, with free as it is now, and both chunks and stages the other way round, "
            "reversed(range(…)). The bubble is 1 - M·(Σforward + Σbackward)/(S·max(free)).",
        ),
    ),
)
