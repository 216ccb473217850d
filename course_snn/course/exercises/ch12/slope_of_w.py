"""Exercise 12.slope_of_w."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i, p, slope = 0.0, 0.0, 0.0
    for s, g in zip(s_seq, g_seq, strict=True):
        p = p * (1 - (1 - s) * k) - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * i * k + s
        slope = slope + g * p
    return slope


def _dot(g, p):
    return sum(a * b for a, b in zip(g, p, strict=True))


def _slope(
    carry=lambda quiet, k: 1 - quiet * k,
    chain=lambda k: k * (1 - k),
    sign=1.0,
    late=False,
    gate=True,
    leak=False,
    k_of=lambda w: 1 / (1 + math.exp(-w)),
    start=0.0,
    total=lambda g, p: _dot(g, p[1:]),
):
    """``slope_of_w`` with one thing done wrong; ``total`` takes g and all p, the one before the first step too."""

    def answer(s_seq, g_seq, w):
        k, i, p = k_of(w), start, [0.0]
        for s in s_seq:
            quiet = 1 - s if gate else 1
            after = i - (1 if leak else 1 - s) * i * k + s
            p.append(carry(quiet, k) * p[-1] - sign * quiet * (after if late else i) * chain(k))
            i = after
        return total(g_seq, p)

    return answer


_SPIKES = ([1, 0, 0, 0, 1, 0], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0], 0.0)
_TRAIN = ([1, 0, 1, 1, 0, 0, 0], [0.2, -1.0, 0.5, 0.0, 2.0, 0.3, 1.0], -1.5)


def _vary(rng):
    def case(count, w):
        slopes = drawn.numbers(rng, count, -1.0, 2.0, 0.1)
        return [1, *drawn.bits(rng, count - 3), 0, 0], [*slopes[:-1], drawn.number(rng, 0.5, 1.5, 0.1)], w

    return (
        case(drawn.whole(rng, 6, 8), 0.0),
        case(drawn.whole(rng, 6, 8), -drawn.number(rng, 0.5, 1.5, 0.25)),
        case(5, drawn.number(rng, 0.5, 1.5, 0.25)),
    )


EXERCISE = Exercise(
    id="12.slope_of_w",
    solution=slope_of_w,
    vary=_vary,
    cases=(_SPIKES, _TRAIN, ([1, 0], [0.0, 1.0], 2.0)),
    tolerance=1e-5,
    mistakes=(
        Mistake(
            _slope(carry=lambda quiet, k: 0.0),
            "p 没有带到下一步：w 改变了从前的电流，而从前的电流还留在现在的电流里。",
            "p is not carried on: w changed the earlier current, and that is still part of the present one.",
        ),
        Mistake(
            _slope(carry=lambda quiet, k: 1.0),
            "旧的 p 也要衰减：它和电流一样，每步乘以 1-(1-s)k。",
            "The old p decays as well: like the current it is multiplied by 1-(1-s)k in each step.",
        ),
        Mistake(
            _slope(chain=lambda k: 1.0),
            "这是对 k = 1/τ 的导数；还要乘以 dk/dw = k(1-k)。",
            "That is the derivative with respect to k = 1/τ; multiply by dk/dw = k(1-k).",
        ),
        Mistake(
            _slope(chain=lambda k: k),
            "dk/dw 不是 k，而是 k(1-k)：sigmoid 的导数。",
            "dk/dw is not k but k(1-k), the derivative of the sigmoid.",
        ),
        Mistake(
            _slope(sign=-1.0),
            "符号反了：w 大，k 就大，衰减得快，电流变小，所以 p 是负的。",
            "The sign is wrong: a larger w means a larger k, a faster decay, a smaller current: p is negative.",
        ),
        Mistake(
            _slope(late=True),
            "用了新的电流：式子里是 i[t-1]，要先更新 p，再更新 i。",
            "That uses the new current: the equation has i[t-1], so update p before i.",
        ),
        Mistake(
            _slope(gate=False),
            "有脉冲的那一步不衰减，与 w 无关：别忘了 1 - s。",
            "A step with a spike does not decay and does not depend on w: keep the factor 1 - s.",
        ),
        Mistake(
            _slope(leak=True),
            "电流在有脉冲的那一步也衰减了：更新 i 时别忘了 1 - s。",
            "The current decays in steps with a spike, too: keep the factor 1 - s where i is updated.",
        ),
        Mistake(
            _slope(total=lambda g, p: sum(p)),
            "没有用上 g：每一步加的是 g[t]·p[t]。",
            "g is not used: what each step adds is g[t]·p[t].",
        ),
        Mistake(
            _slope(total=lambda g, p: g[-1] * p[-1]),
            "只算了最后一步：每一步的 g[t]·p[t] 都要加进总和。",
            "Only the last step counts: add up g[t]·p[t] of all steps.",
        ),
        Mistake(
            _slope(total=lambda g, p: _dot(g, p[:-1])),
            "g[t] 乘的是上一步的 p：先更新 p，再加 g·p。",
            "g[t] meets the p of the step before: update p first, then add g·p.",
        ),
        Mistake(
            _slope(total=lambda g, p: _dot(g, p[1:]) / len(g)),
            "不要除以步数：是总和，不是平均。",
            "Do not divide by the number of steps: it is a sum, not a mean.",
        ),
        Mistake(
            _slope(start=1.0),
            "电流从 1 开始了：第一步之前没有电流，i = 0。",
            "The current starts at 1: before the first step there is none, i = 0.",
        ),
        Mistake(
            _slope(k_of=lambda w: 1 / (1 + math.exp(w))),
            "指数的符号反了：k = 1/(1 + e⁻ʷ)。",
            "The sign in the exponent is wrong: k = 1/(1 + e⁻ʷ).",
        ),
        Mistake(
            _slope(k_of=lambda w: w),
            "把 w 当成 k 了：k = σ(w) = 1/(1 + e⁻ʷ)。",
            "That takes w for k: k = σ(w) = 1/(1 + e⁻ʷ).",
        ),
        Mistake(
            lambda s_seq, g_seq, w: 0.0,
            "结果总是 0：脉冲加进电流（+ s）了吗？return 是不是缩进到循环里、第一步就返回了？",
            "The result is always 0: does every spike get into the current (+ s)? Or does return stand inside the "
            "loop and end it in the first step?",
        ),
    ),
    hints=(
        (
            "对 i[t] = i[t-1] - (1-s[t])·k·i[t-1] + s[t] 求导：i[t-1] 和 k 都依赖 w，用乘积法则。",
            "Differentiate i[t] = i[t-1] - (1-s[t])·k·i[t-1] + s[t]: i[t-1] and k both depend on w (product rule).",
        ),
        (
            "得 p[t] = (1-(1-s)k)·p[t-1] - (1-s)·i[t-1]·k(1-k)。",
            "This gives p[t] = (1-(1-s)k)·p[t-1] - (1-s)·i[t-1]·k(1-k).",
        ),
        (
            "每一步：先算新的 p，再算新的 i，最后把 g·p 加进总和。",
            "In each step: the new p first, then the new i, and add g·p to the sum.",
        ),
    ),
)
