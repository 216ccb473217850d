"""Exercise 16.gpipe."""

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch16.table import one_by_one, one_f_one_b, other_timetable, tried


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


def _equal_stages(which):
    def answer(forward, backward, chunks):
        f, b = which(forward), which(backward)
        return gpipe([f] * len(forward), [b] * len(backward), chunks)

    return answer


def _with_bubble(share):
    """``gpipe`` with ``share(stages, chunks)`` of its bubble."""
    return _with_share(lambda there, back, f, b: share(len(f), len(there[0])))


def _with_share(share):
    """``gpipe`` with ``share(there, back, forward, backward)`` as its bubble."""

    def answer(forward, backward, chunks):
        there, back, _ = gpipe(forward, backward, chunks)
        return there, back, share(there, back, forward, backward)

    return answer


def _busy(there, f, b):
    return len(there[0]) * (sum(f) + sum(b))


def _one_row(forward, backward, chunks):
    """``[[0.0] * M] * S``: all stages write into the same row."""
    there, back, free = [[0.0] * chunks] * len(forward), [[0.0] * chunks] * len(forward), [0.0] * len(forward)
    for table, costs, step in ((there, forward, 1), (back, backward, -1)):
        stages = range(len(costs))[::step]
        for n, s in enumerate(stages):
            for m in range(chunks)[::step]:
                ready = table[s - step][m] + costs[s - step] if n else 0.0
                table[s][m] = max(ready, free[s])
                free[s] = table[s][m] + costs[s]
    return there, back, 1 - _busy(there, forward, backward) / (len(forward) * max(free))


def _turned(there, back, bubble):
    return [list(row) for row in zip(*there, strict=True)], [list(row) for row in zip(*back, strict=True)], bubble


def _vary(rng):
    def case(stages, chunks):
        return [drawn.whole(rng, 1, 5) for _ in range(stages)], [drawn.whole(rng, 1, 6) for _ in range(stages)], chunks

    halves = drawn.numbers(rng, 2, 0.25, 2.0, 0.25), drawn.numbers(rng, 2, 0.25, 2.0, 0.25)
    alike = [drawn.whole(rng, 1, 2)] * 3, [drawn.whole(rng, 2, 4)] * 3
    return (
        (*alike, drawn.whole(rng, 3, 5)),
        case(3, 3),
        case(4, drawn.whole(rng, 4, 5)),
        (*halves, 1),
        case(2, 4),
        case(1, drawn.whole(rng, 2, 3)),
    )


EXERCISE = Exercise(
    id="16.gpipe",
    solution=gpipe,
    vary=_vary,
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
            other_timetable(order=range),
            "反向从最后一块开始，依次到第 0 块：你按 0、1、2、… 的次序了，或者存反了（back[s][m] 总是第 m 块的）。",
            "The backward passes begin with the last chunk and go down to chunk 0: yours come in the order 0, 1, 2, …, "
            "or are stored so (back[s][m] always belongs to chunk m).",
        ),
        Mistake(
            other_timetable(waits=lambda ready, free: free),
            "一级不能在上一级把这一块交过来之前开始：还要等 ready。",
            "A stage cannot begin before the stage before it has handed the chunk over: it waits for that, too.",
        ),
        Mistake(
            other_timetable(waits=lambda ready, free: ready),
            "一级同时只能做一件事：还要等它自己做完前一块。",
            "A stage does one thing at a time: it also waits until its own last task is done.",
        ),
        Mistake(
            other_timetable(waits=lambda ready, free: ready + free),
            "两件事同时等：取两个时刻里较晚的，max，不是相加。",
            "It waits for both at once: take the later of the two times, max, and not their sum.",
        ),
        Mistake(
            other_timetable(waits=lambda ready, free: min(ready, free)),
            "要等两件事都完成：max，不是 min。",
            "Both have to be done: max, not min.",
        ),
        Mistake(
            other_timetable(turn=lambda free, forward: [max(free)] * len(free), way=range),
            "反向从最后一级开始，往前走：梯度是从损失来的。",
            "Backward begins at the last stage and goes to the first: gradients come from the loss.",
        ),
        Mistake(
            other_timetable(way=range),
            "反向从最后一级开始，往前走：梯度是从损失来的。",
            "Backward begins at the last stage and goes to the first: gradients come from the loss.",
        ),
        Mistake(
            other_timetable(turn=lambda free, forward: [0.0] * len(free)),
            "反向从时刻 0 开始了：一级做完自己所有块的前向，才开始反向。",
            "The backward passes begin at time 0: a stage begins with them when all its forward passes are done.",
        ),
        Mistake(
            one_f_one_b,
            "这是 1F1B：GPipe 里，一级先做完所有块的前向，再做反向。",
            "That is 1F1B: in GPipe a stage does all forward passes first, then the backward passes.",
        ),
        Mistake(
            one_by_one,
            "一块走完全程，下一块才出发：那就不是流水线了。第一级一空，就接下一块。",
            "A chunk sets out when the one before has come all the way back, which is no pipeline: the first stage "
            "takes the next as soon as it is free.",
        ),
        Mistake(
            other_timetable(length=lambda f, b: (f, f)),
            "反向也用了 forward 的时间：要用 backward。",
            "The backward passes take the times of forward in your answer: use backward.",
        ),
        Mistake(
            other_timetable(length=lambda f, b: (f, b[::-1])),
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
            other_timetable(ends=True),
            "这是结束的时刻：要开始的时刻。",
            "Those are the times at which the tasks end: wanted are those at which they start.",
        ),
        Mistake(
            other_timetable(gives=_turned),
            "行和列反了：[s][m]，每级一行。",
            "Rows and columns have changed places: [s][m], a row for each stage.",
        ),
        Mistake(
            other_timetable(gives=lambda there, back, bubble: (back, there, bubble)),
            "返回的次序：先是前向的，再是反向的，最后是气泡。",
            "The order of what is returned: forward first, then backward, then the bubble.",
        ),
        Mistake(
            other_timetable(bubble=lambda busy, stages, end, m: busy / (stages * end)),
            "这是忙的份额：气泡是 1 减去它。",
            "That is the busy share: the bubble is 1 minus it.",
        ),
        Mistake(
            other_timetable(bubble=lambda busy, stages, end, m: 1 - busy / end),
            "所有的时间是级数 × 结束的时刻：每一级都要算。",
            "All the time is the number of stages × the end: each of them counts.",
        ),
        Mistake(
            other_timetable(bubble=lambda busy, stages, end, m: stages * end - busy),
            "这是空闲的总时间：要份额，再除以级数 × 结束的时刻。",
            "That is the idle time in all: wanted is its share, so divide by the number of stages × the end.",
        ),
        Mistake(
            other_timetable(bubble=lambda busy, stages, end, m: stages * end / busy - 1),
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
            other_timetable(bubble=lambda busy, stages, end, m: 100 * (1 - busy / (stages * end))),
            "这是百分数：份额在 0 与 1 之间，不要乘以 100。",
            "That is in per cent: a share lies between 0 and 1, so do not multiply by 100.",
        ),
        Mistake(
            other_timetable(gives=lambda there, back, bubble: (there, back)),
            "少了气泡的份额：返回三样。",
            "The share of the bubble is missing: return three things.",
        ),
        Mistake(
            _with_share(lambda there, back, f, b: 1 - _busy(there, f, b) / (len(f) * max(map(max, back)))),
            "结束的时刻少了最后一件事的时间：最后开始的时刻还要加上它要做多久。",
            "The end lacks the length of the last task: add how long it takes to the time at which it starts.",
        ),
        Mistake(
            _with_share(lambda there, back, f, b: 1 - len(there[0]) * sum(f) / (len(f) * (there[-1][-1] + f[-1]))),
            "这只是前向的气泡：要算到最后一件反向结束为止。",
            "That is the bubble of the forward passes only: count to the end of the last backward pass.",
        ),
        Mistake(
            _with_share(lambda there, back, f, b: 1 - _busy(there, f, b) / (sum(b) + sum(row[0] for row in back))),
            "各级都算到同一个时刻，即最后一件事结束：早做完的级，之后也是空闲的。",
            "Count every stage to the same time, the end of the last task: a stage that is done earlier is "
            "idle from then on.",
        ),
        Mistake(
            _with_share(lambda there, back, f, b: 1 - (sum(f) + sum(b)) / (len(f) * (back[0][0] + b[0]))),
            "忙的时间只算了一块：要乘以块数 M。",
            "The busy time is that of one chunk only: multiply by the number of chunks M.",
        ),
        Mistake(
            _one_row,
            "每一级写进了同一个列表：[[0.0] * M] * S 把一行重复了 S 次，写成 [[0.0] * M for _ in range(S)]。",
            "All stages write into the same list: [[0.0] * M] * S repeats one row S times; write [[0.0] * M "
            "for _ in range(S)].",
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
