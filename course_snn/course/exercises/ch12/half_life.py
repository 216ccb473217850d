"""Exercise 12.half_life."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def half_life(tau):
    return math.log(0.5) / math.log(1 - 1 / tau)


def _vary(rng):
    return (
        (drawn.number(rng, 3.0, 9.0, 0.5),),
        (float(drawn.whole(rng, 11, 60)),),
        (drawn.number(rng, 1.25, 1.75, 0.125),),
    )


EXERCISE = Exercise(
    id="12.half_life",
    solution=half_life,
    vary=_vary,
    cases=((2.0,), (10.0,), (7.0,), (1.5,), (100.0,)),
    mistakes=(
        Mistake(
            lambda tau: tau * math.log(2),
            "这是连续时间的半衰期 τ ln 2。时间一步一步地走，每步剩下 1-1/τ，要用它的对数。",
            "That is the half-life in continuous time, τ ln 2. Time goes in steps here, and each leaves 1-1/τ: "
            "take the logarithm of that.",
        ),
        Mistake(
            lambda tau: math.log(1 - 1 / tau) / math.log(0.5),
            "上下颠倒了：由 (1-1/τ)ⁿ = 1/2 取对数，得 n·ln(1-1/τ) = ln(1/2)。",
            "Upside down: the logarithm of (1-1/τ)ⁿ = 1/2 is n·ln(1-1/τ) = ln(1/2).",
        ),
        Mistake(
            lambda tau: -1 / math.log(1 - 1 / tau),
            "这是降到 1/e 的步数；半衰期要降到 1/2。",
            "That is how long it takes to fall to 1/e; the half-life is the fall to 1/2.",
        ),
        Mistake(
            lambda tau: math.log(2) / math.log(tau),
            "一步之后剩下的不是 1/τ，而是 1-1/τ。",
            "One step leaves 1-1/τ, not 1/τ.",
        ),
        Mistake(
            lambda tau: math.log(0.5) / math.log(1 + 1 / tau),
            "一步之后剩下的不是 1+1/τ，而是 1-1/τ：记忆在减少。",
            "One step leaves 1-1/τ, not 1+1/τ: the memory gets smaller.",
        ),
        Mistake(
            lambda tau: math.ceil(half_life(tau)),
            "你向上取整了：半衰期不必是整数，返回算出来的数本身。",
            "You rounded up to whole steps: the half-life need not be a whole number; return it as it comes out.",
        ),
        Mistake(
            lambda tau: round(half_life(tau)),
            "你四舍五入了：半衰期不必是整数，返回算出来的数本身。",
            "You rounded: the half-life need not be a whole number; return it as it comes out.",
        ),
        Mistake(
            lambda tau: tau / 2,
            "τ/2 好像每步忘掉一样多。其实每步忘掉的是剩下的 1/τ：n 步之后剩 (1-1/τ)ⁿ。",
            "τ/2 would be right if each step forgot the same amount. It forgets 1/τ of what is left: after n steps "
            "(1-1/τ)ⁿ remains.",
        ),
        Mistake(
            lambda tau: 0.5 ** (1 - 1 / tau),
            "1/2 和 1-1/τ 的角色弄混了：求的是指数 n，使 (1-1/τ)ⁿ = 1/2。",
            "1/2 and 1-1/τ have mixed up their parts: wanted is the exponent n in (1-1/τ)ⁿ = 1/2.",
        ),
        Mistake(
            lambda tau: math.log(0.5) - math.log(1 - 1 / tau),
            "两个对数要相除，不是相减：n·ln(1-1/τ) = ln(1/2)。",
            "Divide the two logarithms, do not subtract them: n·ln(1-1/τ) = ln(1/2).",
        ),
        Mistake(
            lambda tau: math.log10(0.5) / math.log(1 - 1 / tau),
            "两个对数的底不同：一个是 10，一个是 e。用同一种。",
            "The two logarithms have different bases, 10 and e: use the same for both.",
        ),
        Mistake(
            lambda tau: math.log(0.5) / math.log(1 - 1 // tau),
            "对数的结果是 0：1 // tau 是整除，τ > 1 时总是 0。用 1 / tau。",
            "That logarithm is 0: 1 // tau is a whole-number division, always 0 for τ > 1. Use 1 / tau.",
        ),
    ),
    hints=(
        ("n 步之后剩下 (1-1/τ)ⁿ。", "After n steps (1-1/τ)ⁿ is left."),
        ("令它等于 1/2，两边取对数。", "Set it equal to 1/2 and take the logarithm of both sides."),
        ("n = ln(1/2) / ln(1-1/τ)，对数用 math.log。", "n = ln(1/2) / ln(1-1/τ); the logarithm is math.log."),
    ),
)
