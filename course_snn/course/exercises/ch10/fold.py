"""Exercise 10.fold."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    return weight * scale[:, None, None, None], beta - mean * scale


def _fold(scale=lambda g, v, eps: g / (v + eps).sqrt(), bias=lambda b, m, k: b - m * k):
    """``fold`` with one thing done wrong."""

    def answer(w, g, b, m, v, eps=1e-5):
        k = scale(g, v, eps)
        return w * k[:, None, None, None], bias(b, m, k)

    return answer


def _fold_case(channels, before, var, *eps):
    draw = torch.Generator().manual_seed(2)
    weight = torch.randn(channels, before, 3, 3, generator=draw)
    return (weight, *torch.randn(3, channels, generator=draw).unbind(), torch.tensor(var), *eps)


def _vary(rng):
    def case(channels, before, var, *eps):
        gamma, beta, mean = (drawn.grid(rng, (channels,), -1.5, 1.5, 0.1) for _ in range(3))
        weight = drawn.grid(rng, (channels, before, 3, 3), -1.0, 1.0, 0.1)
        return weight, gamma + 2.0, beta, mean + 0.05, torch.tensor(var), *eps

    small, large = drawn.number(rng, 0.01, 0.05, 0.01), drawn.number(rng, 2.0, 6.0, 0.5)
    return (
        case(2, 2, [0.5, large]),
        case(3, 3, [0.001, 0.2, large], 0.001),
        case(2, 1, [0.25, small], drawn.one_of(rng, 0.2, 0.5)),
    )


EXERCISE = Exercise(
    id="10.fold",
    solution=fold,
    vary=_vary,
    cases=(
        _fold_case(2, 2, [1.0, 4.0]),
        _fold_case(4, 4, [0.001, 0.2, 1.0, 4.0], 1e-3),
        _fold_case(3, 1, [0.25, 0.01, 2.0], 0.5),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            _fold(lambda g, v, eps: g / (v + eps)),
            "除的是方差；应当除以标准差，即方差（加 eps）的平方根。",
            "You divide by the variance; divide by the standard deviation, the square root of variance plus eps.",
        ),
        Mistake(
            _fold(lambda g, v, eps: g / v.sqrt()),
            "忘了 eps：方差很小的通道会差得很远。",
            "eps is missing: channels of small variance come out far off.",
        ),
        Mistake(
            _fold(lambda g, v, eps: g / (v.sqrt() + eps)),
            "eps 放在了根号外面：σ = √(var + eps)。",
            "eps stands outside the root: σ = √(var + eps).",
        ),
        Mistake(
            _fold(lambda g, v, eps: g / (v + 1e-5).sqrt()),
            "eps 是参数，不总是 1e-5：用上它。",
            "eps is an argument and not always 1e-5: make use of it.",
        ),
        Mistake(
            _fold(lambda g, v, eps: 1 / (v + eps).sqrt()),
            "忘了 γ：缩放的系数是 γ/σ。",
            "γ is missing: the factor is γ/σ.",
        ),
        Mistake(
            _fold(lambda g, v, eps: g * (v + eps).sqrt()),
            "乘了 σ；应当除以 σ。",
            "You multiply by σ; divide by it.",
        ),
        Mistake(
            _fold(bias=lambda b, m, k: b - m),
            "偏置里的均值也要乘 γ/σ：BN 先减均值，再缩放。",
            "The mean in the bias is scaled by γ/σ too: BN subtracts the mean first, then scales.",
        ),
        Mistake(
            _fold(bias=lambda b, m, k: b + m * k),
            "偏置里均值的符号反了：BN 减去均值。",
            "The sign of the mean in the bias is wrong: BN subtracts it.",
        ),
        Mistake(
            _fold(bias=lambda b, m, k: (b - m) * k),
            "β 不缩放：BN 先缩放，后加 β。",
            "β is not scaled: BN scales first and adds β afterwards.",
        ),
        Mistake(
            _fold(bias=lambda b, m, k: -m * k),
            "偏置里忘了 β。",
            "β is missing in the bias.",
        ),
        Mistake(
            _fold(bias=lambda b, m, k: b),
            "偏置里忘了均值：还要减去 μ γ/σ。",
            "The mean is missing in the bias: subtract μ γ/σ.",
        ),
        Mistake(
            lambda w, g, b, m, v, eps=1e-5: (w, fold(w, g, b, m, v, eps)[1]),
            "权重也要乘 γ/σ，每个输出通道乘自己的。",
            "The weight is to be multiplied by γ/σ too, each output channel by its own.",
        ),
        Mistake(
            lambda w, *bn: fold(w, *bn)[0],
            "还缺偏置：return 新的 weight, bias。",
            "The bias is missing: return the new weight and the bias.",
        ),
        Mistake(
            lambda w, *bn: tuple(x.reshape(len(x), -1, *x.shape[2:] or (1, 1)) for x in fold(w, *bn)),
            "数值对，但偏置的形状应是 [out]，和 beta 一样：缩放权重时才需要 [:, None, None, None]。",
            "The values are right, but the bias should be [out] like beta; [:, None, None, None] is for weight.",
        ),
        Mistake(
            lambda w, g, b, m, v, eps=1e-5: (
                w * (g / (v + eps).sqrt())[None, :, None, None],
                fold(w, g, b, m, v, eps)[1],
            ),
            "缩放错了维度：weight 是 [out, in, 3, 3]，BN 的每个参数对应一个输出通道。",
            "The wrong dimension is scaled: weight is [out, in, 3, 3], and BN has one number an output channel.",
        ),
    ),
    hints=(
        (
            "BN(c) = γ (c - μ)/σ + β，其中 c 是卷积的输出，σ = √(var + eps)。把 c 前面的系数合并进权重。",
            "BN(c) = γ (c - μ)/σ + β with c the output of the convolution and σ = √(var + eps). Put the "
            "factor of c into "
            "the weight.",
        ),
        (
            "展开：(γ/σ) c + (β - μ γ/σ)。前一项给权重，后一项是偏置。",
            "Expanded: (γ/σ) c + (β - μ γ/σ). The first factor goes to the weight, the second term is the bias.",
        ),
        (
            "scale = gamma / (var + eps).sqrt()；权重乘 scale[:, None, None, None]；偏置是 beta - mean * scale。",
            "scale = gamma / (var + eps).sqrt(); weight times scale[:, None, None, None]; bias beta - mean * scale.",
        ),
    ),
)
