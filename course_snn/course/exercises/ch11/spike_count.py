"""Exercise 11.spike_count."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return T // math.ceil(theta / current)


def _counted(spikes=lambda T, k: T // k, interval=math.ceil):
    """``spike_count`` with one thing done wrong: the interval from θ/I, or the number of spikes from the interval."""
    return lambda current, theta, T: 0 if current <= 0 else spikes(T, interval(theta / current))


def _softly(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T):
        v += current
        if v >= theta:
            n, v = n + 1, v - theta
    return n


def _train(current, theta, T):
    k = math.ceil(theta / current) if current > 0 else T + 1
    return [int(t % k == 0) for t in range(1, T + 1)]


def _vary(rng):
    """Exact quotients of θ and I are made of powers of 2; the others are not nearly whole."""

    def case(T):
        def clear(case):
            return drawn.off_whole(case[1] / case[0], 0.02)

        return drawn.until(lambda: (drawn.number(rng, 0.15, 0.9, 0.05), drawn.one_of(rng, 1.0, 1.5, 2.0), T), clear)

    exact, T = drawn.one_of(rng, 0.125, 0.25, 0.5), drawn.whole(rng, 9, 24)
    return (
        (exact, 1.0, 4),
        (exact, 2.0, 5 * round(2 / exact)),
        (2.0, 2.0, T),
        (drawn.number(rng, 2.0, 5.0, 0.5), 1.0, T),
        *(case(drawn.whole(rng, 9, 24)) for _ in range(4)),
        (0, 1.0, T),
        (-drawn.number(rng, 0.2, 0.9, 0.1), 1.0, T),
    )


EXERCISE = Exercise(
    id="11.spike_count",
    solution=spike_count,
    vary=_vary,
    cases=(
        (0.5, 1.0, 4),
        (1.0, 1.0, 5),
        (0.4, 1.0, 4),
        (3.0, 1.0, 4),
        (0.125, 1.0, 4),
        (0, 1.0, 4),
        (-0.5, 1.0, 4),
        (0.3, 1.0, 12),
        (0.625, 1.0, 12),
        (0.75, 2.0, 20),
    ),
    mistakes=(
        Mistake(
            _softly,
            "这是软重置的答案：超出阈值的部分留了下来。硬重置把它丢掉，每次都要从零重新数 ⌈θ/I⌉ 步。",
            "That is the answer for a soft reset, which keeps what exceeds the threshold. A hard reset throws it "
            "away: every spike takes ⌈θ/I⌉ steps, counted from zero.",
        ),
        Mistake(
            _counted(lambda T, q: int(T / q), interval=float),
            "这是 ⌊T·I/θ⌋：超出阈值的部分留了下来，那是软重置。硬重置把它丢掉，每个脉冲都要从零数 ⌈θ/I⌉ 步。",
            "That is ⌊T·I/θ⌋, which keeps what exceeds the threshold as a soft reset does. A hard reset throws it "
            "away: every spike takes ⌈θ/I⌉ steps from zero.",
        ),
        Mistake(
            _counted(interval=lambda q: max(1, math.floor(q))),
            "取整的方向反了：电流不够时要多等一步，所以是向上取整。",
            "Rounded the wrong way: if the current falls short, one more step is needed, so round up.",
        ),
        Mistake(
            _counted(interval=lambda q: max(1, round(q))),
            "间隔不是四舍五入：差一点也要多等一步，所以是向上取整。",
            "The interval is not rounded to the nearest: if anything is missing one more step is needed, so round up.",
        ),
        Mistake(
            _counted(interval=lambda q: math.floor(q) + 1),
            "膜电位恰好等于 θ 时也发放（≥，不是 >）：θ/I 是整数时不用多等一步。",
            "It fires at exactly θ too (≥, not >): where θ/I is whole, no step more is needed.",
        ),
        Mistake(
            _counted(lambda T, k: math.ceil(T / k)),
            "第一个脉冲不在第 1 步，而在第 ⌈θ/I⌉ 步：完整的间隔才算，向下取整。",
            "The first spike does not come in step 1 but in step ⌈θ/I⌉: only whole intervals count, so round down.",
        ),
        Mistake(
            _counted(lambda T, k: round(T / k)),
            "只有完整的间隔才有脉冲：T / k 不是四舍五入，而是向下取整，T // k。",
            "Only a whole interval gives a spike: T / k is not rounded to the nearest but down, T // k.",
        ),
        Mistake(
            _counted(lambda T, k: T / k),
            "脉冲数是整数：只算完整的间隔，用整除 //。",
            "A number of spikes is whole: only whole intervals count, so divide by //.",
        ),
        Mistake(
            _counted(lambda T, k: k),
            "这是第一个脉冲所在的步；要的是 T 步里有几个。",
            "That is the step of the first spike; wanted is how many there are in T steps.",
        ),
        Mistake(
            _counted(lambda T, k: 1 + T // k),
            "多算了一个：第一个脉冲在第 k 步，不在第 0 步。",
            "One too many: the first spike comes in step k, not in step 0.",
        ),
        Mistake(
            _counted(lambda T, k: (T - 1) // k),
            "最后一步的脉冲没算进来：每一步先加上电流，再看是否达到阈值，T 步都要算。",
            "The spike of the last step is missing: in each of the T steps add the current first, then look at "
            "the threshold.",
        ),
        Mistake(
            _counted(lambda T, k: max(0, T - k + 1)),
            "发放之后没有重置：硬重置让膜电位回到 0，再从头累积。",
            "No reset after a spike: a hard reset puts the voltage back to 0, and it builds up again.",
        ),
        Mistake(
            _counted(lambda T, k: (T + 1) // (k + 1)),
            "每次发放之后多等了一步：重置就在发放的那一步，下一步马上又开始累积。",
            "A step is lost after each spike: the reset belongs to the step of the spike, and the next one adds again.",
        ),
        Mistake(
            _counted(lambda T, k: min(1, T // k)),
            "第一个脉冲之后就停了：重置之后还会再发放。",
            "You stop at the first spike: after the reset it fires again.",
        ),
        Mistake(
            _counted(lambda T, k: 4 // k),
            "步数不总是 4：用上参数 T。",
            "The number of steps is not always 4: make use of T.",
        ),
        Mistake(
            lambda current, theta, T: 0 if current <= 0 else T // math.ceil(1 / current),
            "阈值不总是 1：用上参数 theta。",
            "The threshold is not always 1: make use of theta.",
        ),
        Mistake(
            lambda current, theta, T: 0 if current == 0 else T // math.ceil(theta / current),
            "负电流让膜电位一路下降，永远不会发放：返回 0。",
            "A negative current drives the voltage down for ever, and nothing fires: return 0.",
        ),
        Mistake(
            lambda current, theta, T: 0 if current == 0 else T // math.ceil(theta / abs(current)),
            "负电流与正电流不一样：它让膜电位一路下降，永远不会发放，返回 0。",
            "A negative current is not like a positive one: it drives the voltage down for ever, nothing fires, "
            "return 0.",
        ),
        Mistake(
            _train,
            "这是每一步有没有脉冲；要的是总数，一个整数。",
            "Those are the spikes step by step; wanted is their number.",
        ),
    ),
    hints=(
        ("n 步之后 v = n·I；第一次 n·I ≥ θ 时发放。", "After n steps v = n·I; it fires as soon as n·I ≥ θ."),
        (
            "间隔 k = ⌈θ/I⌉ 步（math.ceil），重置到 0 之后一切从头再来。",
            "The interval is k = ⌈θ/I⌉ steps (math.ceil), and after the reset to 0 all starts again.",
        ),
        (
            "T 步里装得下 T // k 个完整的间隔；I ≤ 0 时返回 0。",
            "T steps hold T // k whole intervals; for I ≤ 0 return 0.",
        ),
    ),
)
