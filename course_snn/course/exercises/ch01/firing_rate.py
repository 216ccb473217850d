"""Exercise 01.firing_rate."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1.0 / (tau * math.log(r * i / (r * i - v_threshold)))


def _rate(rate, silent=lambda i, r, th: r * i <= th, at_rest=0.0):
    """``firing_rate`` with one thing done wrong."""
    return lambda i, r, tau, th: at_rest if silent(i, r, th) else rate(r * i, tau, th)


def _log(drive, th):
    return math.log(drive / (drive - th))


def _right_rate(drive, tau, th):
    return 1 / (tau * _log(drive, th))


def _vary(rng):
    r, th = drawn.one_of(rng, 2.0, 4.0, 8.0), drawn.one_of(rng, 0.5, 0.75, 1.25, 1.5, 2.0)
    tau, other = drawn.some(rng, 2, (5.0, 8.0, 10.0, 12.0, 25.0, 40.0))
    above, below = drawn.number(rng, 1.1, 1.9, 0.1), drawn.number(rng, 0.5, 0.9, 0.1)
    return (
        (round(above * th / r, 3), r, tau, th),
        (th / r, r, tau, th),  # just the rheobase
        (round(below * th / r, 3), r, other, th),
        (0.0, r, other, th),
        (-drawn.number(rng, 0.25, 1.5, 0.25), r, tau, th),
        (drawn.number(rng, 4.0, 8.0, 0.5), 1.0, drawn.one_of(rng, 1.5, 2.0, 2.5), 1.0),
    )


EXERCISE = Exercise(
    id="01.firing_rate",
    solution=firing_rate,
    vary=_vary,
    cases=(
        (0.12, 9.0, 20.0, 1.0),
        (0.1, 9.0, 20.0, 1.0),
        (0.45, 2.0, 10.0, 0.5),
        (0.5, 2.0, 10.0, 1.0),
        (0.0, 9.0, 20.0, 1.0),
        (-1.0, 2.0, 10.0, 1.0),
        (4.0, 1.0, 1.5, 1.0),
    ),
    mistakes=(
        Mistake(
            _rate(lambda drive, tau, th: tau * _log(drive, th)),
            "你返回的是周期。发放率是周期的倒数。",
            "You return the period. The firing rate is its inverse.",
        ),
        Mistake(
            _rate(lambda drive, tau, th: -_right_rate(drive, tau, th)),
            "符号反了：对数里分子分母颠倒了。",
            "The sign is wrong: numerator and denominator of the logarithm are exchanged.",
        ),
        Mistake(
            _rate(lambda drive, tau, th: 1 / _log(drive, th)),
            "忘了乘以膜时间常数 τ。",
            "The membrane time constant τ is missing.",
        ),
        Mistake(
            _rate(lambda drive, tau, th: 1 / tau * _log(drive, th)),
            "少了括号：1 / tau * log(…) 是先除后乘。写成 1 / (tau * log(…))。",
            "Brackets are missing: 1 / tau * log(…) divides first, then multiplies. Write 1 / (tau * log(…)).",
        ),
        Mistake(
            _rate(lambda drive, tau, th: 1 / math.ceil(tau * _log(drive, th))),
            "T 不要取整。",
            "Do not round T.",
        ),
        Mistake(
            _rate(lambda drive, tau, th: min(1.0, _right_rate(drive, tau, th))),
            "T 不取整，可以小于一步，f 就大于 1：不要截断。",
            "T is not rounded; it may be less than a step, and f above 1: do not cut it off.",
        ),
        Mistake(
            _rate(lambda drive, tau, th: math.log(1 - 1 / tau) / math.log(1 - th / drive)),
            "这是欧拉法的周期。要的是精确解的公式。",
            "That is the period of Euler's method. The formula of the exact solution is wanted.",
        ),
        Mistake(
            lambda i, r, tau, v_threshold: max(0.0, (r * i - v_threshold) / tau),
            "f–I 曲线不是折线：请用上文推导的对数公式。",
            "The f–I curve is not a straight line: use the logarithm derived above.",
        ),
        Mistake(
            _rate(_right_rate, silent=lambda i, r, th: i <= th),
            "与阈值比较的是 r * i，不是电流 i 本身。",
            "What is compared with the threshold is r * i, not the current i itself.",
        ),
        Mistake(
            lambda i, r, tau, v_threshold: firing_rate(i, r, tau, 1.0),
            "阈值是参数 v_threshold，不一定是 1。",
            "The threshold is the argument v_threshold; it need not be 1.",
        ),
        Mistake(
            _rate(lambda drive, tau, th: 1 / (tau * math.log(abs(drive / (drive - th)))), lambda i, r, th: r * i == th),
            "绝对值掩盖了问题：电流不到基强度时根本不发放。先判断 r * i <= v_threshold。",
            "The absolute value hides that there is no spike below the rheobase: first test r * i <= v_threshold.",
        ),
        Mistake(
            lambda i, r, tau, v_threshold: 0.0 if r * i <= v_threshold else 1 / (tau * _log(i, v_threshold)),
            "对数里少了电阻：分子分母都用 r * i。",
            "The resistance is missing in the logarithm: both parts of the fraction take r * i.",
        ),
    ),
    hints=(
        ("先想清楚：电流不够大时，答案是 0。", "First of all: for a weak current the answer is 0."),
        ("周期 T 满足 v(T) = v_threshold。", "The period T is where v(T) = v_threshold."),
        (
            "T = tau * log(r*i / (r*i - v_threshold))，发放率是 1 / T。",
            "T = tau * log(r*i / (r*i - v_threshold)); the rate is 1 / T.",
        ),
    ),
)
