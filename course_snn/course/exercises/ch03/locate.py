"""Exercise 03.locate."""

import random

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def locate(left, right, longest):
    matches = {}
    for d in range(-longest, longest + 1):
        early, late = (left, right) if d >= 0 else (right, left)
        matches[d] = sum(a and b for a, b in zip(early, late[abs(d) :], strict=False))
    return max(matches, key=matches.get)


def two_ears(difference: int, seed: int, steps: int = 600) -> tuple[list[bool], list[bool]]:
    """Return what both ears hear of one noisy source: right hears ``difference`` steps after left (before, if < 0).

    A third of the spikes get lost on each side, and each ear adds some of its own.
    """
    rng = random.Random(seed)
    source = [rng.random() < 0.05 for _ in range(steps + 2 * 20)]

    def ear(lag: int) -> list[bool]:
        heard = (source[20 + t - lag] and rng.random() < 0.67 for t in range(steps))
        return [bool(spike) or rng.random() < 0.01 for spike in heard]

    return ear(0), ear(difference)


def _counts(left, right, delays):
    """Return for every delay how many spikes meet."""
    first, second = ({t for t, s in enumerate(ear) if s} for ear in (left, right))
    return {d: len({t + d for t in first} & second) for d in delays}


def _best(left, right, delays):
    counts = _counts(left, right, delays)
    return max(counts, key=counts.get)


def _all(longest):
    return range(-longest, longest + 1)


def _mean_time(ear):
    return sum(t for t, s in enumerate(ear) if s) / sum(ear)


def _vary(rng):
    """The difference leads clearly: whoever takes the last of several equal counts finds the same."""

    def heard(difference, longest, steps=600):
        def clear(ears):
            counts = _counts(*ears, _all(longest))
            return all(counts[difference] > count + 2 for d, count in counts.items() if d != difference)

        return *drawn.until(lambda: two_ears(difference, drawn.whole(rng, 0, 10**6), steps), clear), longest

    a, b, c = drawn.some(rng, 3, range(5, 15))
    return heard(a, a), heard(-b, b, 500), heard(drawn.whole(rng, 1, 4), c), heard(-drawn.whole(rng, 1, 4), c)


EXERCISE = Exercise(
    id="03.locate",
    solution=locate,
    vary=_vary,
    cases=(
        (*two_ears(14, 1), 16),
        (*two_ears(-5, 2, steps=500), 8),
        (*two_ears(0, 3), 12),
        (*two_ears(12, 4, steps=700), 12),
        (*two_ears(-9, 5), 9),
    ),
    mistakes=(
        Mistake(
            lambda left, right, longest: -locate(left, right, longest),
            "符号反了：左耳先听到时，答案是正数。",
            "The sign is wrong: the answer is positive when the left ear hears first.",
        ),
        Mistake(
            lambda left, right, longest: abs(locate(left, right, longest)),
            "少了符号：右耳先听到时，答案是负数。",
            "The sign is missing: the answer is negative when the right ear hears first.",
        ),
        Mistake(
            lambda left, right, longest: _best(left, right, range(longest + 1)),
            "负的时间差没有算上：d 要从 -longest 试起；d < 0 时 right[d:] 取到的是末尾几个，要把左右耳互换。",
            "Negative differences do not count: d starts at -longest, and for d < 0, where right[d:] would take "
            "the last few elements, exchange the ears.",
        ),
        Mistake(
            lambda left, right, longest: locate(left, right, longest) + longest,
            "你返回的是第几个检测器。要返回它对应的时间差：减去 longest。",
            "You return the number of the detector. What is wanted is its time difference: subtract longest.",
        ),
        Mistake(
            lambda left, right, longest: _best(left, right, range(-longest, longest)),
            "少试了一个：range 不含终点，最大的时间差是 longest。",
            "One is missing: range leaves out its end, and the largest difference is longest.",
        ),
        Mistake(
            lambda left, right, longest: _best(left, right, range(1 - longest, longest)),
            "两头各少试了一个：时间差从 -longest 到 longest，都包括在内。",
            "One is missing at each end: the differences go from -longest to longest, both included.",
        ),
        Mistake(
            lambda left, right, longest: right.index(True) - left.index(True),
            "只比较第一个脉冲太冒险：它可能是噪声，也可能丢了。要让所有脉冲一起投票。",
            "To compare only the first spikes is risky: one may be noise, one may be lost. Let all spikes vote.",
        ),
        Mistake(
            lambda left, right, longest: max(_counts(left, right, _all(longest)).values()),
            "你返回的是最大的计数。要返回计数最大的那个时间差 d。",
            "You return the largest count. What is wanted is the difference d that has it.",
        ),
        Mistake(
            lambda left, right, longest: max((n, d) for d, n in _counts(left, right, _all(longest)).items()),
            "只返回时间差：不要连计数一起返回。",
            "Return the difference alone, without its count.",
        ),
        Mistake(
            lambda left, right, longest: min(counts := _counts(left, right, _all(longest)), key=counts.get),
            "你选了重合最少的：要选重合最多的。",
            "You chose the fewest coincidences: choose the most.",
        ),
        Mistake(
            lambda left, right, longest: next(d for d, n in _counts(left, right, _all(longest)).items() if n),
            "一找到重合就返回了：不相干的脉冲也会碰巧重合。要比较所有的 d，选重合最多的。",
            "It returns at the first coincidence: spikes that do not belong together also meet by chance. Compare "
            "all d and choose the most coincidences.",
        ),
        Mistake(
            lambda left, right, longest: max(d for d, n in _counts(left, right, _all(longest)).items() if n),
            "留下的是最后一个：找到更大的计数时，要同时记住这个计数和它的 d。",
            "The last one is what remains: when you find a larger count, remember both that count and its d.",
        ),
        Mistake(
            lambda left, right, longest: None,
            "返回了 None：忘了 return，或者要求每个脉冲都对得上。有的脉冲丢了，选重合最多的那个 d。",
            "None came back: return is missing, or every spike had to find its partner. Some are lost: choose the "
            "d with the most coincidences.",
        ),
        Mistake(
            lambda left, right, longest: round(_mean_time(right) - _mean_time(left)),
            "平均时刻说明不了问题：丢掉的和混进来的脉冲会让它偏很多。要一个 d 一个 d 地数重合。",
            "Mean times do not tell: lost and added spikes shift them far. Count the coincidences, d by d.",
        ),
    ),
    hints=(
        (
            "对每个候选时间差 d，数一数有多少个脉冲对得上。",
            "For every candidate difference d, count how many spikes meet.",
        ),
        (
            "d ≥ 0 时，left[t] 要和 right[t + d] 比；d < 0 时，左右互换。",
            "For d ≥ 0 compare left[t] with right[t + d]; for d < 0 exchange the ears.",
        ),
        (
            "sum(a and b for a, b in zip(left, right[d:])) 就是一个重合检测器的计数；返回计数最大的 d。",
            "sum(a and b for a, b in zip(left, right[d:])) is what one coincidence detector counts; return the d "
            "with the largest count.",
        ),
    ),
)
