"""Exercise 11.converted."""

import math

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def converted(a, top, T):
    n = torch.floor(a / top * T + 0.5)
    n = n.clamp(0, T)
    return n / T * top


def _rounded(x):
    return torch.floor(x + 0.5)


def _converted(number=_rounded, low=0, high=lambda T: T, out=lambda n, top, T: n / T * top):
    """``converted`` with one thing done wrong; ``number`` of spikes from x = a T / top."""
    return lambda a, top, T: out(number(a / top * T).clamp(low, high(T)), top, T)


def _only_within(a, top, T):
    return converted(a, top, T) * ((a >= 0) & (a <= top))


def _hard_reset(a, top, T):
    v, n = torch.full_like(a, top / 2), torch.zeros_like(a)
    for _ in range(T):
        v = v + a
        n, v = n + (v >= top), v * (v < top)
    return n / T * top


def _vary(rng):
    """Halves of steps are exact in one case, and nowhere else nearly met."""

    def case(shape, top, T, most):
        def clear(a):
            return all(drawn.off_whole(float(x), 0.02) for x in (a / top * T + 0.5).flatten())

        return drawn.until(lambda: drawn.grid(rng, shape, -0.5, most, 0.1), clear), top, T

    top = drawn.one_of(rng, 2.0, 3.0)
    halves = torch.tensor(drawn.shuffled(rng, [0.25, 0.75, 1.25, 1.75]))
    return (
        case((4,), 1.0, drawn.one_of(rng, 4, 7, 8), 1.0),
        (torch.tensor([-drawn.number(rng, 0.3, 0.9, 0.1), drawn.number(rng, 1.3, 2.4, 0.1)]), 1.0, 4),
        (halves, 2.0, 4),
        case((2, 3), top, drawn.one_of(rng, 6, 7, 8), top + 1.0),
        case((3,), drawn.one_of(rng, 1.5, 2.5), 1, 2.0),
    )


EXERCISE = Exercise(
    id="11.converted",
    solution=converted,
    vary=_vary,
    cases=(
        (torch.tensor([0.0, 0.3, 0.4, 1.0]), 1.0, 4),
        (torch.tensor([-0.7, 1.9]), 1.0, 4),
        (torch.tensor([0.125, 0.375, 0.625, 0.875]), 1.0, 4),
        (torch.tensor([[2.2, 0.5, -0.3], [1.3, 2.9, 3.7]]), 3.0, 8),
        (torch.tensor([0.9, 0.6]), 1.5, 1),
    ),
    mistakes=(
        Mistake(
            _converted(torch.floor),
            "初始的半个阈值不见了：有了它，floor(x) 变成 floor(x + 1/2)，即四舍五入。",
            "The half threshold at the start is missing: it turns floor(x) into floor(x + 1/2), which rounds.",
        ),
        Mistake(
            _converted(torch.round),
            "torch.round（和 Python 的 round）把一半舍入到偶数；这里达到 θ 就发放，一律向上：floor(x + 1/2)。",
            "torch.round (like Python's round) takes a half to the even number; here it fires at exactly θ, so a "
            "half always goes up: floor(x + 1/2).",
        ),
        Mistake(
            _converted(lambda x: torch.ceil(x - 0.5)),
            "电位恰好等于 θ 时也发放（≥，不是 >）：floor(x + 1/2)。",
            "It fires at exactly θ too (≥, not >): floor(x + 1/2).",
        ),
        Mistake(
            _converted(torch.ceil),
            "向上取整多算了：初始只有半个阈值，所以是四舍五入，floor(x + 1/2)。",
            "Rounding up counts too many: it starts with half a threshold only, which rounds to the nearest: "
            "floor(x + 1/2).",
        ),
        Mistake(
            _converted(lambda x: torch.floor(x - 0.5)),
            "半个阈值的符号反了：它一开始就在，所以是 + 1/2。",
            "The sign of the half threshold is wrong: it is there from the start, so + 1/2.",
        ),
        Mistake(
            _converted(lambda x: x),
            "没有取整：脉冲数是整数，输出是一级一级的台阶。",
            "Nothing is rounded: a number of spikes is whole, and the output goes in stairs.",
        ),
        Mistake(
            _converted(low=-math.inf),
            "脉冲数不会是负的：负电流给出 0。",
            "A number of spikes is not negative: a negative current gives 0.",
        ),
        Mistake(
            _converted(high=lambda T: math.inf),
            "每步最多一个脉冲：T 步最多 T 个。",
            "At most one spike a step: no more than T in T steps.",
        ),
        Mistake(
            _converted(high=lambda T: T - 1),
            "最多是 T 个脉冲，不是 T - 1。",
            "There are up to T spikes, not T - 1.",
        ),
        Mistake(
            _converted(high=lambda T: 1),
            "最多是 T 个脉冲，不是 1 个：限制的是脉冲数，不是发放率。",
            "There are up to T spikes, not 1: it is the number that is limited here, not the rate.",
        ),
        Mistake(
            _converted(out=lambda n, top, T: n / T),
            "这是发放率；还要乘以 top，才回到激活值的单位。",
            "That is the firing rate; multiply by top to be back in the unit of the activation.",
        ),
        Mistake(
            _converted(out=lambda n, top, T: n),
            "这是脉冲数；还要除以 T，乘以 top。",
            "That is the number of spikes; divide by T and multiply by top.",
        ),
        Mistake(
            _converted(out=lambda n, top, T: n * top),
            "还要除以步数 T。",
            "Divide by the number of steps T as well.",
        ),
        Mistake(
            _converted(out=lambda n, top, T: n // T * top),
            "// 把小数丢了：用 /。",
            "// loses the fractions: use /.",
        ),
        Mistake(
            lambda a, top, T: _rounded(a * T).clamp(0, T) / T,
            "top 不总是 1：激活值先除以 top，最后再乘以 top。",
            "top is not always 1: divide the activation by it, and multiply by it in the end.",
        ),
        Mistake(
            lambda a, top, T: torch.floor(a / top * T + top / 2).clamp(0, T) / T * top,
            "半个阈值也要除以 θ：(θ/2 + a·T)/θ = a·T/θ + 1/2。",
            "The half threshold is divided by θ as well: (θ/2 + a·T)/θ = a·T/θ + 1/2.",
        ),
        Mistake(
            lambda a, top, T: torch.floor((a / top + 0.5) * T).clamp(0, T) / T * top,
            "半个阈值只在开头加一次，不是每一步都加。",
            "The half threshold is there once, at the start, and not added in every step.",
        ),
        Mistake(
            _hard_reset,
            "这是硬重置：超出 θ 的部分被丢掉了。软重置只减去 θ，什么也不丢。",
            "That is a hard reset, which throws away what exceeds θ. A soft reset subtracts θ and loses nothing.",
        ),
        Mistake(
            _only_within,
            "激活值超过 top 时每一步都发放，得到 top，不是 0。",
            "Above top it fires in every step, which gives top, not 0.",
        ),
    ),
    hints=(
        (
            "令 θ = top，电流 I = a。软重置之下 T 步后 v = θ/2 + a·T − n·θ，n 是脉冲数。",
            "Let θ = top and the current be a. With soft reset v = θ/2 + a·T − n·θ after T steps with n spikes.",
        ),
        (
            "0 ≤ a ≤ θ 时 v 始终在 [0, θ) 里，所以 n = ⌊a·T/θ + 1/2⌋。",
            "For 0 ≤ a ≤ θ the voltage stays in [0, θ), so n = ⌊a·T/θ + 1/2⌋.",
        ),
        (
            "a 是张量：torch.floor(…)，再用 .clamp(0, T) 把 n 限制在 0 … T，返回 n / T * top。",
            "a is a tensor: torch.floor(…), then .clamp(0, T) keeps n within 0 … T; return n / T * top.",
        ),
    ),
)
