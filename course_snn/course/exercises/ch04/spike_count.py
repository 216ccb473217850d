"""Exercise 04.spike_count."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    charges = math.ceil(v_threshold / (r * i))
    return (steps - 1) // charges


def _period(r, i, v_threshold, rounded=math.ceil):
    return max(1, rounded(v_threshold / (r * i)))


def _counting(count):
    """Return ``spike_count`` with another formula, ``count(steps, r, i, v_threshold)``."""
    return lambda steps, r, i, th: 0 if i == 0 or steps == 0 else count(steps, r, i, th)


def _vary(rng):
    """Exact quotients are made of powers of 2, all others lie far from a whole number."""

    def between(low, high):
        """Return calls, r, i and a threshold that takes so much more than a whole number of charges."""

        def drive():
            r, i = drawn.number(rng, 0.5, 4.0, 0.5), drawn.number(rng, 0.05, 0.4, 0.05)
            return drawn.whole(rng, 80, 200), r, i, drawn.number(rng, 0.5, 5.0, 0.1)

        return drawn.until(drive, lambda case: (n := case[3] / (case[1] * case[2])) > 4 and low < n % 1 < high)

    r, i = drawn.one_of(rng, 2.0, 4.0), drawn.one_of(rng, 0.125, 0.25, 0.5)
    k, n = drawn.whole(rng, 5, 20), drawn.whole(rng, 3, 9)
    return (
        (n * k + 1, r, i, k * r * i),
        (n * k, r, i, k * r * i),
        between(0.1, 0.4),
        between(0.6, 0.9),
        (drawn.whole(rng, 20, 90), r, 0.0, 1.0),
        (drawn.whole(rng, 6, 20), 4.0, 1.0, drawn.number(rng, 0.5, 2.0, 0.5)),
        (0, r, i, 1.0),
        (1, 1.0, 2.0, 1.0),
        (10**8 * drawn.whole(rng, 1, 9), 1.0, 2.0**-20, 1.0),
    )


EXERCISE = Exercise(
    id="04.spike_count",
    solution=spike_count,
    vary=_vary,
    cases=(
        (257, 1.0, 1 / 64, 1.0),
        (256, 1.0, 1 / 64, 1.0),
        (100, 2.0, 0.15, 1.0),
        (200, 0.5, 0.75, 4.0),
        (50, 1.0, 0.0, 1.0),
        (10, 5.0, 1.0, 1.0),
        (0, 1.0, 0.25, 1.0),
        (1, 1.0, 2.0, 1.0),
        (300_000_000, 1.0, 2.0**-20, 1.0),
    ),
    mistakes=(
        Mistake(
            _counting(lambda steps, r, i, th: steps // _period(r, i, th)),
            "忘了晚一步：最后一步才越过阈值的话，它的脉冲已经来不及发出。",
            "The one step between crossing and spike is missing: what crosses in the last step fires too late.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: max(0, steps - 2) // _period(r, i, th)),
            "晚了两步：越过阈值的下一步就发出脉冲，只晚一步。",
            "Two steps late: the spike is emitted in the step after the crossing, one step late.",
        ),
        Mistake(
            lambda steps, r, i, th: -1 if steps == 0 else spike_count(steps, r, i, th),
            "一次也没有调用时，脉冲数是 0：steps 为 0 要先处理，(steps - 1) 会变成 -1。",
            "Without a call there are 0 spikes: treat steps = 0 first, for (steps - 1) becomes -1.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: (steps - 1) // _period(r, i, th, math.floor)),
            "取整的方向反了：充电的次数不够整数时要多充一次，向上取整。",
            "Rounded the wrong way: if the number of charges is not whole, one more is needed; round up.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: (steps - 1) // _period(r, i, th, round)),
            "不能四舍五入：充电的次数不够整数时要多充一次，向上取整。",
            "Not to the nearest: if the number of charges is not whole, one more is needed; round up.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: int((steps - 1) * r * i / th)),
            "充电的次数要先取整：硬重置会丢掉超过阈值的那部分，不会留到下一个周期。",
            "Round the number of charges first: a hard reset throws away what lies above the threshold.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: steps // (_period(r, i, th) + 1)),
            "只有第一个脉冲晚一步：之后每个周期还是充电的次数，不加 1。",
            "The late step counts once: the period remains the number of charges, without 1 more.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: (steps - 1) // (math.floor(th / (r * i)) + 1)),
            "恰好等于阈值也算越过：向上取整，不要取整之后再加 1。",
            "Exactly the threshold is enough: round up instead of rounding down and adding 1.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: max(0, steps - 1 - _period(r, i, th)) // _period(r, i, th)),
            "少了一个脉冲：第一个周期末尾也有脉冲，不要减去第一个周期。",
            "One spike too few: the first period ends with a spike, too; do not take it off.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: (steps - 1) / _period(r, i, th)),
            "脉冲的个数是整数：没走完的周期不算，用 //。",
            "The number of spikes is whole: a period that is not complete does not count, use //.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: math.ceil((steps - 1) / _period(r, i, th))),
            "没走完的周期没有脉冲：周期的个数要向下取整。",
            "A period that is not complete has no spike: round the number of periods down.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: (steps - 1) // _period(1.0, i, th)),
            "忘了 r：每次充电加 r * i。",
            "r is missing: a charge adds r * i.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: (steps - 1) // _period(r, i, 1.0)),
            "忘了 v_threshold：阈值不总是 1。",
            "v_threshold is missing: the threshold is not always 1.",
        ),
        Mistake(
            _counting(lambda steps, r, i, th: max(0, steps - 1 // _period(r, i, th))),
            "少了括号：先算 steps - 1，再除，即 (steps - 1) // k。",
            "The brackets are missing: first steps - 1, then divide, (steps - 1) // k.",
        ),
        Mistake(
            lambda steps, r, i, th: _period(r, i, th) if i else 0,
            "这是两个脉冲之间的步数。要的是一共几个脉冲。",
            "That is the number of steps between two spikes. The number of spikes is wanted.",
        ),
    ),
    hints=(
        ("从 0 充到阈值要充几次？每次加 r * i。", "How many charges from 0 to the threshold? Each adds r * i."),
        (
            "设要 k 次。第 k - 1 步越过阈值，第 k 步发出脉冲，之后每 k 步一个。",
            "Say k. Step k - 1 crosses the threshold, step k hands out the spike, then one every k steps.",
        ),
        (
            "脉冲在 k、2k、3k …… 数到第 steps - 1 步：(steps - 1) // k，k 向上取整；没有电流或 steps 为 0 时是 0。",
            "Spikes at k, 2k, … up to step steps - 1: (steps - 1) // k, k rounded up; 0 without current or steps.",
        ),
    ),
)
