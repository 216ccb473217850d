"""Exercise 15.unit_v0."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def unit_v0(tau_p, tau_q):
    b = tau_p / tau_q
    return b ** (b / (b - 1)) / (b - 1)


def _peak_time(tau_p, tau_q):
    return tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)


def _psp(t, tau_p, tau_q):
    return math.exp(-t / tau_p) - math.exp(-t / tau_q)


def _at(time):
    """One over the PSP at another time than that of its peak."""
    return lambda tau_p, tau_q: 1 / _psp(time(tau_p, tau_q), tau_p, tau_q)


def _whole(tau_p, tau_q):
    return unit_v0(tau_p // tau_q, 1)


def _added(tau_p, tau_q):
    t = _peak_time(tau_p, tau_q)
    return 1 / (math.exp(-t / tau_p) + math.exp(-t / tau_q))


def _vary(rng):
    short = drawn.number(rng, 2.0, 6.0, 0.5)
    return (
        (drawn.number(rng, 12.0, 20.0, 1.0), drawn.number(rng, 4.5, 9.5, 1.0)),
        (drawn.one_of(rng, 2.0, 3.0, 5.0, 6.0) * short, short),
        (drawn.number(rng, 30.0, 60.0, 5.0), 0.5),
        (drawn.number(rng, 350.0, 600.0, 50.0), 300.0),
        (drawn.number(rng, 0.2, 0.5, 0.1), 0.1),
    )


EXERCISE = Exercise(
    id="15.unit_v0",
    solution=unit_v0,
    vary=_vary,
    cases=((12.0, 8.0), (20.0, 5.0), (3.0, 1.0), (30.0, 25.0), (40.0, 0.5), (400.0, 300.0), (0.3, 0.1)),
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
            lambda tau_p, tau_q: 1 / max(_psp(t, tau_p, tau_q) for t in range(1, 2000)),
            "你只在整数毫秒上找峰值：连续时间里的峰值在两步之间，要用公式。",
            "You look for the peak at whole milliseconds only: in continuous time it lies between two steps, so take "
            "the formula.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: tau_q),
            "峰值不在 t = tau_q：令导数为 0，求出它的时刻。",
            "The peak is not at t = tau_q: set the derivative to 0 and solve for the time.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: round(_peak_time(tau_p, tau_q))),
            "峰值的时刻舍入成整数毫秒了：时间是连续的，直接用算出来的 t。",
            "The time of the peak was rounded to whole milliseconds: time is continuous, so take t as it was computed.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: (tau_p + tau_q) / 2),
            "峰值不在两个时间常数的正中间：令导数为 0，求出它的时刻。",
            "The peak is not midway between the two time constants: set the derivative to 0 and solve for the time.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: math.sqrt(tau_p * tau_q)),
            "峰值不在两个时间常数的几何平均处：令导数为 0，求出它的时刻。",
            "The peak is not at the geometric mean of the time constants: set the derivative to 0 and solve for the "
            "time.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: _peak_time(12.0, 8.0)),
            "峰值的时刻用了 12 和 8 的：它也随 tau_p 和 tau_q 而变。",
            "The time of the peak is that of 12 and 8: it depends on tau_p and tau_q as well.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: _peak_time(tau_p, tau_q) / math.log(10)),
            "对数的底不对：要自然对数，math.log，不是 log10。",
            "The base of the logarithm is wrong: take the natural one, math.log, not log10.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: _peak_time(tau_p, tau_q) / math.log(2)),
            "对数的底不对：要自然对数，math.log，不是 log2。",
            "The base of the logarithm is wrong: take the natural one, math.log, not log2.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: -_peak_time(tau_p, tau_q)),
            "t 的符号反了：对数里应是 tau_p / tau_q，指数里应是 -t。现在的时刻在 0 之前。",
            "The sign of t is wrong, a time before 0: it is the logarithm of tau_p / tau_q, and -t in the exponents.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: math.log(tau_p / tau_q) / (tau_p - tau_q)),
            "峰值的时刻少了 tau_p·tau_q：除的是 1/tau_q - 1/tau_p，不是 tau_p - tau_q。",
            "The time of the peak lacks tau_p·tau_q: divide by 1/tau_q - 1/tau_p, not by tau_p - tau_q.",
        ),
        Mistake(
            _at(lambda tau_p, tau_q: math.log(tau_p / tau_q) * (tau_p - tau_q)),
            "峰值的时刻不对：ln(b) 要除以 1/tau_q - 1/tau_p，不是乘以 tau_p - tau_q。",
            "The time of the peak is wrong: divide ln(b) by 1/tau_q - 1/tau_p; do not multiply it by tau_p - tau_q.",
        ),
        Mistake(
            _added,
            "两个指数是相减，不是相加。",
            "The second exponential is subtracted, not added.",
        ),
        Mistake(
            lambda tau_p, tau_q: math.exp(_peak_time(tau_p, tau_q) / tau_p),
            "忘了第二个指数：峰值是 exp(-t/tau_p) - exp(-t/tau_q)，取它的倒数。",
            "The second exponential is missing: the height of the peak is exp(-t/tau_p) - exp(-t/tau_q); take one over "
            "it.",
        ),
        Mistake(
            lambda tau_p, tau_q: (tau_p / tau_q) ** 3 / (tau_p / tau_q - 1),
            "指数 3 只对 12 和 8 成立：一般是 b/(b-1)。",
            "An exponent of 3 holds for 12 and 8 only: in general it is b/(b-1).",
        ),
        Mistake(
            lambda tau_p, tau_q: 6.75 * (tau_p / tau_q) / 1.5,
            "V0 不与 b = tau_p / tau_q 成正比：用公式来算。",
            "V0 is not proportional to b = tau_p / tau_q: compute it.",
        ),
        Mistake(
            _whole,
            "用了整除 //：b = tau_p / tau_q 不必是整数。",
            "That is division without remainder, //: b = tau_p / tau_q need not be a whole number.",
        ),
        Mistake(
            lambda tau_p, tau_q: round(unit_v0(tau_p, tau_q), 2),
            "舍入到两位小数了：直接返回算出来的数。",
            "Rounded to two decimals: return the number as it was computed.",
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
