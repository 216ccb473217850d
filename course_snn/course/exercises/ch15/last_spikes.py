"""Exercise 15.last_spikes."""

from course_snn.course.compare import CONTAINER, KIND
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def last_spikes(spikes, delays, loop, T):
    first = set()
    for step in spikes:
        step = step + delays[0]
        while step < T:
            first.add(step)
            if loop is None:
                break
            step = step + loop
    return sorted(step + sum(delays[1:]) for step in first if step + sum(delays[1:]) < T)


def _paths(
    delay=lambda d: d,
    reach=sum,
    rounds=lambda loop, delays: loop,
    most=lambda T, loop: T,
    least=0,
    begin=lambda spikes: spikes,
    within=lambda step, T, rest: step < T,
    collect=lambda steps: sorted(set(steps)),
):
    """``last_spikes`` with one thing done wrong; ``most`` is how often the loop is gone round."""

    def answer(spikes, delays, loop, T):
        found, rest = [], sum(delays[1:])
        for step in begin(spikes):
            step = step + reach([delay(d) for d in delays])
            for n in range(1) if loop is None else range(least, most(T, loop) + 1):
                found.append(step + (n * rounds(loop, delays) if n else 0))
        return collect([step for step in found if within(step, T, rest)])

    return answer


def _train(spikes, delays, loop, T):
    fires = last_spikes(spikes, delays, loop, T)
    return [int(step in fires) for step in range(T)]


def _forgets_no_loop(spikes, delays, loop, T):
    return last_spikes(spikes, delays, loop or 1, T)


def _first_goes_round(spikes, delays, loop, T):
    return sorted({*last_spikes(spikes[:1], delays, loop, T), *last_spikes(spikes, delays, None, T)})


def _endless_without_loop(spikes, delays, loop, T):
    if loop is None:
        return sorted({step + sum(delays) for step in spikes})
    return last_spikes(spikes, delays, loop, T)


def _odd(steps):
    """Steps that were reached an odd number of times."""
    return sorted(step for step in set(steps) if steps.count(step) % 2)


def _second_has_the_loop(spikes, delays, loop, T):
    if len(delays) < 2:
        return last_spikes(spikes, delays, None, T)
    return last_spikes(spikes, [delays[0] + delays[1], *delays[2:]], loop, T)


def _vary(rng):
    """Spikes that come out in the last step and just after it, that meet in the loop, and that alternate."""

    def delays(count, low=1):
        return [drawn.whole(rng, low, 3) for _ in range(count)]

    first, loop = drawn.whole(rng, 0, 3), drawn.whole(rng, 3, 5)
    path = delays(3)
    return (
        ([first, first + 1], path, None, first + sum(path) + 1),
        ([0], [0], loop, drawn.whole(rng, 2, 3) * loop + 1),
        ([0, first + 4], [0, 0, *delays(1)], None, drawn.whole(rng, 9, 12)),
        ([first, first + drawn.whole(rng, 1, loop - 1)], delays(2), loop, drawn.whole(rng, 14, 17)),
        ([first, first + loop], delays(2), loop, drawn.whole(rng, 14, 17)),
        ([1, 2], [0], 1, drawn.whole(rng, 5, 7)),
        ([first, first + 3], delays(2, low=2), None, drawn.whole(rng, 7, 9)),
        ([], delays(2), loop, drawn.whole(rng, 5, 9)),
    )


EXERCISE = Exercise(
    id="15.last_spikes",
    solution=last_spikes,
    vary=_vary,
    cases=(
        ([0], [1, 1, 1], None, 10),
        ([0], [2, 1], 3, 12),
        ([0, 5], [0, 0, 2], None, 8),
        ([0, 1], [1, 2], 4, 12),
        ([0, 3], [2, 1], 3, 14),
        ([1, 2], [0], 1, 6),
        ([4, 6], [3, 1], None, 9),
        ([0], [0], 3, 10),
        ([], [1, 2], 1, 5),
    ),
    exact=(KIND, CONTAINER),
    keeps=True,
    mistakes=(
        Mistake(
            _paths(most=lambda T, loop: 0),
            "没有算回路：第一个集群的每个脉冲，loop 步之后又让它自己发放一次。",
            "The loop is missing: each spike of the first group makes it fire again loop steps later.",
        ),
        Mistake(
            _paths(most=lambda T, loop: 1),
            "回路只走了一圈：它自己引起的脉冲也会再绕回来，直到第 T 步为止。",
            "The loop is gone round once only: the spikes that it causes come round as well, until step T.",
        ),
        Mistake(
            _paths(rounds=lambda loop, delays: loop + 1),
            "回路每圈多了一步：delay = loop 的自连接，脉冲正好在 loop 步之后回来。",
            "One step too many in each round: a spike comes back after exactly loop steps.",
        ),
        Mistake(
            _paths(delay=lambda d: d + 1),
            "每条连接多算了一步：延迟 d 就是 d 步，神经元在脉冲到达的那一步就发放。",
            "One step too many for each connection: a delay of d takes d steps, and a neuron fires in the step in "
            "which the spike arrives.",
        ),
        Mistake(
            _paths(delay=lambda d: 1),
            "每条连接都算成一步了：用 delays 里的延迟。",
            "Each connection takes one step in your answer: use the delays that are given.",
        ),
        Mistake(
            _paths(delay=lambda d: d or 1),
            "延迟 0 被当成 1 了：延迟为 0，脉冲在同一步就到。",
            "A delay of 0 was taken for 1: with it the spike arrives in the same step.",
        ),
        Mistake(
            _paths(reach=max),
            "只算了最长的一段：脉冲要走完整条路，各段的延迟相加。",
            "Only the longest delay counts in your answer: a spike travels the whole path, so add up all of them.",
        ),
        Mistake(
            _paths(reach=lambda delays: delays[0]),
            "这是第一个集群发放的时刻：还要加上后面各段的延迟。",
            "Those are the steps in which the first group fires: add the delays of the rest of the path.",
        ),
        Mistake(
            _paths(reach=lambda delays: sum(delays[1:])),
            "从输入到第一个集群的延迟 delays[0] 也要加上。",
            "The delay from the input to the first group, delays[0], is missing.",
        ),
        Mistake(
            _paths(begin=lambda spikes: spikes[:1]),
            "只看了输入的第一个脉冲：spikes 里的每一个都会走到终点。",
            "Only the first spike of the input was followed: each of them travels to the end.",
        ),
        Mistake(
            _paths(collect=sorted),
            "同一步写了两次：几个脉冲在同一步到达，神经元也只发放一次。",
            "A step is listed twice: where several spikes arrive in one step, the neuron fires once.",
        ),
        Mistake(
            _paths(collect=lambda steps: list(dict.fromkeys(steps))),
            "步要从小到大排列：两个脉冲绕着回路走，会前后交错。",
            "The steps must be in ascending order: two spikes that go round the loop alternate.",
        ),
        Mistake(
            _paths(within=lambda step, T, rest: step <= T),
            "T 步是第 0 步到第 T-1 步：第 T 步已经不算了。",
            "T steps are the steps 0 to T-1: step T does not count any more.",
        ),
        Mistake(
            _paths(within=lambda step, T, rest: step < T - 1),
            "少了最后一步：第 T-1 步还在这次运行之内。",
            "The last step is missing: step T-1 still belongs to the run.",
        ),
        Mistake(
            _paths(collect=lambda steps: len(set(steps))),
            "这是脉冲的个数：要返回它们所在的步，一个列表。",
            "That is the number of spikes: return the list of their steps.",
        ),
        Mistake(
            lambda spikes, delays, loop, T: sorted({t for s in spikes for t in range(s + sum(delays), T, loop)}),
            "loop 是 None 时，不能拿它来加或作步长：没有自连接，每个脉冲只走一遍。",
            "Where loop is None it is no number to add or to step by: without the connection each spike passes once.",
        ),
        Mistake(
            _paths(reach=lambda delays: 0),
            "延迟没有用上：脉冲走过每条连接都要时间，把 delays 里的都加上。",
            "The delays are not used: a spike takes its time on each connection, so add all of delays.",
        ),
        Mistake(
            _paths(most=lambda T, loop: T // loop - 1),
            "回路少走了一圈：不要事先算圈数，只要还小于 T，就再走一圈。",
            "One round of the loop too few: do not count rounds beforehand; go on as long as the step is below T.",
        ),
        Mistake(
            _paths(least=1),
            "有回路时，输入直接引起的脉冲不见了：它们也要走到终点，之后才是绕回来的。",
            "Where there is a loop, the spikes that the input itself causes are missing: those pass, too, before any "
            "that came round.",
        ),
        Mistake(
            _paths(rounds=lambda loop, delays: loop + delays[0]),
            "回路每圈只要 loop 步：自连接从第一个集群回到它自己，不再经过 delays[0]。",
            "A round takes loop steps only: the connection leads from the first group to itself, and not through "
            "delays[0] again.",
        ),
        Mistake(
            _first_goes_round,
            "只有第一个脉冲绕了回路：每一个都会让第一个集群在 loop 步之后再发放。",
            "Only the first spike goes round: each of them makes the first group fire again loop steps later.",
        ),
        Mistake(
            _second_has_the_loop,
            "自连接在第一个集群上，不在第二个：先加 delays[0]，再绕回路。",
            "The connection to itself is that of the first group, not of the second: add delays[0], then go round.",
        ),
        Mistake(
            _paths(reach=lambda delays: sum(delays) + len(delays) - 1),
            "集群自己不另花时间：脉冲到达的那一步它就发放，只加各段的延迟。",
            "A group takes no step of its own: it fires in the step in which the spike arrives. Add delays only.",
        ),
        Mistake(
            _paths(within=lambda step, T, rest: step - rest < T),
            "只看了第一个集群是否在 T 之前发放：要返回的步，是最后一个集群的，也都要小于 T。",
            "Only the first group was held to the end of the run: the steps of the last group, which you return, have "
            "to be below T.",
        ),
        Mistake(
            _endless_without_loop,
            "没有回路时，T 之后的也列出来了：所有的步都要小于 T。",
            "Without a loop, steps after the end are listed: all of them have to be below T.",
        ),
        Mistake(
            _paths(collect=_odd),
            "同一步到达的两个脉冲互相抵消了：神经元照样发放一次。",
            "Two spikes that arrive in one step cancel each other in your answer: the neuron fires once.",
        ),
        Mistake(
            _paths(collect=set),
            "返回的是集合，它没有次序：用 sorted(…) 变成列表。",
            "A set came back, which has no order: make it a list by sorted(…).",
        ),
        Mistake(
            _paths(collect=lambda steps: tuple(sorted(set(steps)))),
            "返回的是元组：要列表，list(…)。",
            "A tuple came back: return a list, list(…).",
        ),
        Mistake(
            _paths(collect=lambda steps: [float(step) for step in sorted(set(steps))]),
            "步是整数，不是浮点数：3，而不是 3.0。",
            "Steps are whole numbers, no floats: 3, and not 3.0.",
        ),
        Mistake(
            _train,
            "这是每一步的 0 和 1：只列出发放的那些步的编号。",
            "That is a 0 or 1 for each step: list the numbers of the steps with a spike only.",
        ),
        Mistake(
            _forgets_no_loop,
            "loop 是 None 时没有回路：每个脉冲只走一遍。",
            "Where loop is None there is no loop: each spike passes once.",
        ),
    ),
    hints=(
        (
            "先不管回路：输入在第 s 步的脉冲，在第 s + delays[0] + delays[1] + … 步到达终点。",
            "Without the loop: a spike of the input in step s arrives at the end in step s + delays[0] + delays[1] + …",
        ),
        (
            "第一个集群在第 s + delays[0] 步发放，以后每隔 loop 步再发放一次；用 while 循环，小于 T 时继续。",
            "The first group fires in step s + delays[0], and again every loop steps: a while loop as long as it is "
            "below T.",
        ),
        (
            "把这些步收进一个集合（set），加上其余的延迟，留下小于 T 的，用 sorted 排好。",
            "Collect these steps in a set, add the other delays, keep what is below T, and put it in order by sorted.",
        ),
    ),
)
