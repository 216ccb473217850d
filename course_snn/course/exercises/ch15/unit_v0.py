"""Exercise 15.unit_v0."""

import math

from course_snn.course.exercise import Exercise, Mistake


def unit_v0(tau_p, tau_q):
    b = tau_p / tau_q
    return b ** (b / (b - 1)) / (b - 1)


def _peak_time(tau_p, tau_q):
    return tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)


def _psp(t, tau_p, tau_q):
    return math.exp(-t / tau_p) - math.exp(-t / tau_q)


EXERCISE = Exercise(
    id="15.unit_v0",
    solution=unit_v0,
    cases=((12.0, 8.0), (20.0, 5.0), (3.0, 1.0), (30.0, 25.0), (40.0, 0.5)),
    mistakes=(
        Mistake(
            lambda tau_p, tau_q: 1 / unit_v0(tau_p, tau_q),
            "这是 V0 = 1 时的峰值：V0 要把它补成 1，所以是它的倒数。",
            "That is the height of the peak with V0 = 1: V0 has to make it 1, so take one over it.",
        ),
        Mistake(
            _peak_time,
            "这是峰值到来的时刻：把它代回括号里的两个指数，再取倒数。",
            "That is when the peak comes: put it into the two exponentials, and take one over their difference.",
        ),
        Mistake(
            lambda tau_p, tau_q: -unit_v0(tau_p, tau_q),
            "符号反了：b = tau_p / tau_q 大于 1，V0 是正的。是不是把两个时间常数弄反了？",
            "The sign is wrong: with b = tau_p / tau_q, which is above 1, V0 is positive. Did the two time constants "
            "change places?",
        ),
        Mistake(
            lambda tau_p, tau_q: (tau_p / tau_q) ** (tau_p / (tau_p - tau_q)),
            "还要除以 b - 1：峰值是 (b - 1) 乘以 b 的一个负幂。",
            "Divide by b - 1 as well: the height of the peak is b - 1 times a negative power of b.",
        ),
        Mistake(
            lambda tau_p, tau_q: (tau_p / tau_q) ** (tau_q / (tau_p - tau_q)) / (tau_p / tau_q - 1),
            "指数不对：应是 b/(b-1)，你写的是 1/(b-1)。",
            "The exponent is wrong: it is b/(b-1), and yours is 1/(b-1).",
        ),
        Mistake(
            lambda tau_p, tau_q: (tau_p / tau_q) ** (tau_p / tau_q) / (tau_p / tau_q - 1) ** 2,
            "括号：指数是整个 b/(b-1)，要写成 b ** (b / (b - 1))，不然先算 b ** b。",
            "Brackets: the exponent is all of b/(b-1), so write b ** (b / (b - 1)); otherwise b ** b comes first.",
        ),
        Mistake(
            lambda tau_p, tau_q: (tau_p / tau_q) ** (tau_p / (tau_p - tau_q)) / (tau_p / tau_q) - 1,
            "括号：要除以整个 b - 1，写成 / (b - 1)。",
            "Brackets: divide by all of b - 1, as in / (b - 1).",
        ),
        Mistake(
            lambda tau_p, tau_q: tau_p / (tau_p - tau_q),
            "b/(b-1) 只是指数：还要 b 的这个次幂，再除以 b - 1。",
            "b/(b-1) is only the exponent: take b to that power, and divide by b - 1.",
        ),
        Mistake(
            lambda tau_p, tau_q: 6.75,
            "6.75 只对默认的 12 和 8 成立：用参数 tau_p 和 tau_q 来算。",
            "6.75 holds for the default 12 and 8 only: compute with tau_p and tau_q.",
        ),
        Mistake(
            lambda tau_p, tau_q: 1 / max(_psp(t, tau_p, tau_q) for t in range(1, 200)),
            "你只在整数毫秒上找峰值：连续时间里的峰值在两步之间，要用公式。",
            "You look for the peak at whole milliseconds only: in continuous time it lies between two steps, so take "
            "the formula.",
        ),
        Mistake(
            lambda tau_p, tau_q: 1 / _psp(tau_q, tau_p, tau_q),
            "峰值不在 t = tau_q：令导数为 0，求出它的时刻。",
            "The peak is not at t = tau_q: set the derivative to 0 and solve for the time.",
        ),
        Mistake(
            lambda tau_p, tau_q: 1 / (tau_p - tau_q),
            "这不是峰值：把 PSP 最高时的 t 代进两个指数之差，取倒数。",
            "That is not the peak: put the t of the highest PSP into the difference of the exponentials, and take one "
            "over it.",
        ),
    ),
    hints=(
        (
            "在峰值处导数为 0：exp(-t/tau_p)/tau_p = exp(-t/tau_q)/tau_q。取对数，解出 t。",
            "At the peak the derivative is 0: exp(-t/tau_p)/tau_p = exp(-t/tau_q)/tau_q. Take the logarithm and solve "
            "for t.",
        ),
        (
            "t = ln(b)·tau_p·tau_q/(tau_p - tau_q)，b = tau_p/tau_q；代回 exp(-t/tau_p) - exp(-t/tau_q)，那是 V0 = 1 "
            "时的峰值。",
            "t = ln(b)·tau_p·tau_q/(tau_p - tau_q) with b = tau_p/tau_q; put it into exp(-t/tau_p) - exp(-t/tau_q), "
            "which gives the height with V0 = 1.",
        ),
        (
            "取倒数，化简后是 b ** (b / (b - 1)) / (b - 1)。不化简，用 math.exp 和 math.log 算也行。",
            "One over it, simplified, is b ** (b / (b - 1)) / (b - 1). Left as it is, with math.exp and math.log, it "
            "is right, too.",
        ),
    ),
)
