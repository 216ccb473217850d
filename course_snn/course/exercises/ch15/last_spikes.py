"""Exercise 15.last_spikes."""

from course_snn.course.compare import CONTAINER, KIND
from course_snn.course.exercise import Exercise, Mistake


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
    rounds=lambda loop: loop,
    most=10**6,
    begin=lambda spikes: spikes,
    within=lambda step, T: step < T,
    collect=lambda steps: sorted(set(steps)),
):
    """``last_spikes`` with one thing done wrong; ``most`` is how often the loop is gone round."""

    def answer(spikes, delays, loop, T):
        found = []
        for step in begin(spikes):
            step = step + reach([delay(d) for d in delays])
            for n in range(1 if loop is None else min(most, T) + 1):
                found.append(step + (n * rounds(loop) if n else 0))
        return collect([step for step in found if within(step, T)])

    return answer


def _train(spikes, delays, loop, T):
    fires = last_spikes(spikes, delays, loop, T)
    return [int(step in fires) for step in range(T)]


def _forgets_no_loop(spikes, delays, loop, T):
    return last_spikes(spikes, delays, loop or 1, T)


EXERCISE = Exercise(
    id="15.last_spikes",
    solution=last_spikes,
    cases=(
        ([0], [1, 1, 1], None, 10),
        ([0], [2, 1], 3, 12),
        ([0, 5], [0, 0, 2], None, 8),
        ([0, 1], [1, 2], 4, 12),
        ([0, 3], [2, 1], 3, 14),
        ([1, 2], [0], 1, 6),
        ([4, 6], [3, 1], None, 9),
        ([], [1, 2], 1, 5),
    ),
    exact=(KIND, CONTAINER),
    keeps=True,
    mistakes=(
        Mistake(
            _paths(most=0),
            "没有算回路：第一个集群的每个脉冲，loop 步之后又让它自己发放一次。",
            "The loop is missing: each spike of the first group makes it fire again loop steps later.",
        ),
        Mistake(
            _paths(most=1),
            "回路只走了一圈：它自己引起的脉冲也会再绕回来，直到第 T 步为止。",
            "The loop is gone round once only: the spikes that it causes come round as well, until step T.",
        ),
        Mistake(
            _paths(rounds=lambda loop: loop + 1),
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
            _paths(within=lambda step, T: step <= T),
            "T 步是第 0 步到第 T-1 步：第 T 步已经不算了。",
            "T steps are the steps 0 to T-1: step T does not count any more.",
        ),
        Mistake(
            _paths(within=lambda step, T: step < T - 1),
            "少了最后一步：第 T-1 步还在这次运行之内。",
            "The last step is missing: step T-1 still belongs to the run.",
        ),
        Mistake(
            _paths(collect=lambda steps: len(set(steps))),
            "这是脉冲的个数：要返回它们所在的步，一个列表。",
            "That is the number of spikes: return the list of their steps.",
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
