"""Exercise 08.step_gradient."""

import math

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def step_gradient(h, s, slope, tau):
    through_reset = (1 - s) + (0 - h) * slope
    return through_reset * (1 - 1 / tau)


def _numbers(*values):
    return tuple(torch.tensor(value) for value in values)


def _vary(rng):
    silent, fired = drawn.number(rng, 0.3, 0.9, 0.05), drawn.number(rng, 1.1, 2.0, 0.1)
    slopes, taus = drawn.some(rng, 3, (0.2, 0.3, 0.6, 0.8, 1.2, 2.0)), drawn.some(rng, 3, (1.5, 3.0, 4.0, 5.0, 8.0))
    below = -drawn.number(rng, 0.2, 0.8, 0.1)
    return tuple(
        (*_numbers(h, s, slope), tau)
        for h, s, slope, tau in zip((silent, fired, below), (0.0, 1.0, 0.0), slopes, taus, strict=True)
    )


EXERCISE = Exercise(
    id="08.step_gradient",
    solution=step_gradient,
    vary=_vary,
    cases=(
        (*_numbers(0.75, 0.0, 0.246134), 2.0),
        (*_numbers(1.2, 1.0, 0.9), 5.0),
        (*_numbers(0.9, 0.0, 2.0), 4.0),
        (*_numbers(1.5, 1.0, 5.0), 2.0),
        (*_numbers(-0.5, 0.0, -0.25), 3.0),
    ),
    mistakes=(
        Mistake(
            lambda h, s, slope, tau: (1 - s) * (1 - 1 / tau),
            "少了经过脉冲的那条路：h 变了，脉冲也（按替代斜率）变，重置随之而变。这是 detach_reset=True 的答案。",
            "The way by the spike is missing: with h the spike changes (by the surrogate slope), and with it the "
            "reset. This is the answer for detach_reset=True.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s + h * slope) * (1 - 1 / tau),
            "符号反了：发放会把电位拉回 0，所以经过脉冲的那一项是 (0 - h)·slope。",
            "The sign is wrong: firing pulls the voltage back to 0, so the term by the spike is (0 - h)·slope.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - h * slope) / tau,
            "漏电的因子用错了：充电时旧电位留下的份额是 1 - 1/τ，1/τ 是输入的份额。",
            "The wrong factor of the leak: of the old voltage a share 1 - 1/τ remains; 1/τ is the input's share.",
        ),
        Mistake(
            lambda h, s, slope, tau: -h * slope * (1 - 1 / tau),
            "少了直接的那条路 (1-s)：没有发放的时候，电位原样留下来。",
            "The direct way (1-s) is missing: without a spike the voltage simply stays.",
        ),
        Mistake(
            lambda h, s, slope, tau: 1 - s - h * slope,
            "充电那一步没有起作用：要乘以 1 - 1/τ（1 // tau 会得到 0，要用 /）。",
            "The charging step has no effect: multiply by 1 - 1/τ (1 // tau would be 0; divide by /).",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s) * (1 - 1 / tau) - h * slope,
            "漏电只乘在直接的那条路上了：两条路都先经过充电，1 - 1/τ 要乘整个括号。",
            "The leak stands at the direct way only: both ways come by the charge, so 1 - 1/τ multiplies the sum.",
        ),
        Mistake(
            lambda h, s, slope, tau: 1 - s - h * slope * (1 - 1 / tau),
            "漏电只乘在经过脉冲的那条路上了：两条路都先经过充电，1 - 1/τ 要乘整个括号。",
            "The leak stands at the way by the spike only: both ways come by the charge, so 1 - 1/τ multiplies the "
            "sum.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - slope) * (1 - 1 / tau),
            "经过脉冲的那一项少了 h：硬重置到 0，∂v/∂s = 0 - h。",
            "The term by the spike lacks h: with a hard reset to 0, ∂v/∂s = 0 - h.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - slope) * (1 - 1 / tau),
            "这是软重置（阈值 1）的答案；硬重置时两项是 1-s 和 (0-h)·slope。",
            "That is the answer for a soft reset (threshold 1); a hard one has the terms 1-s and (0-h)·slope.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - h) * (1 - 1 / tau),
            "经过脉冲的那一项少了 slope：s 随 h 变化的快慢。",
            "The term by the spike lacks slope, how fast s changes with h.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - h) * slope * (1 - 1 / tau),
            "slope 只属于经过脉冲的那条路；直接的那条 1-s 不乘它。",
            "slope belongs to the way by the spike only; the direct one, 1-s, is not multiplied by it.",
        ),
        Mistake(
            lambda h, s, slope, tau: slope * (1 - 1 / tau),
            "这是脉冲对 v_{t-1} 的导数；要的是重置之后的电位 v_t 的导数。",
            "That is the derivative of the spike by v_{t-1}; wanted is that of the voltage after the reset, v_t.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - h * slope) * (1 - 1 / tau),
            "直接的那条路是 1-s，不是 1：发放过的神经元忘掉了 h。",
            "The direct way is 1-s, not 1: a neuron that fired has forgotten h.",
        ),
        Mistake(
            lambda h, s, slope, tau: (s - h * slope) * (1 - 1 / tau),
            "直接的那条路反了：没有发放时电位留下，所以是 1-s，不是 s。",
            "The direct way is the wrong way round: the voltage stays without a spike, so 1-s, not s.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s) * (1 - h * slope) * (1 - 1 / tau),
            "发放的那一步成了 0：经过脉冲的那条路在发放时也在，两条路相加，不相乘。",
            "A step with a spike gives 0: the way by the spike is there as well then; the two add up, they do not "
            "multiply.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - (h - 1) * slope) * (1 - 1 / tau),
            "∂v/∂s = 0 - h：重置拉掉的是整个 h，不是它到阈值的距离。",
            "∂v/∂s = 0 - h: what the reset takes away is the whole of h, not its distance from the threshold.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - h * slope) * math.exp(-1 / tau),
            "这里的充电是离散的一步：旧电位留下 1 - 1/τ，不是 exp(-1/τ)。",
            "The charge is a discrete step here: of the old voltage 1 - 1/τ stays, not exp(-1/τ).",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - h * slope) * (1 + 1 / tau),
            "漏电的符号反了：留下的份额是 1 - 1/τ，小于 1。",
            "The leak has the wrong sign: a share of 1 - 1/τ stays, less than 1.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - h * slope) * (1 - 1 / tau) ** 2,
            "漏电乘了两次：一步之内只充一次电。",
            "The leak is multiplied twice: in one step the neuron is charged once.",
        ),
        Mistake(
            lambda h, s, slope, tau: (1 - s - h * slope) / 2,
            "tau 被写死成了 2：用函数的参数。",
            "tau is fixed at 2: use the argument of the function.",
        ),
    ),
    hints=(
        (
            "链式法则：先乘充电的导数 dh/dv，再乘重置的导数 dv/dh。",
            "Chain rule: the derivative of the charge, dh/dv, times that of the reset, dv/dh.",
        ),
        (
            "重置有两条路：直接的 1-s，经过脉冲的 (0-h)·slope，两者相加。",
            "The reset has two ways: directly 1-s, by the spike (0-h)·slope; add them.",
        ),
        ("充电给出 1 - 1/tau。", "The charge gives 1 - 1/tau."),
    ),
)
