"""Exercise 07.psp_scale."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.event_driven import peak_time


def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))


def _scale(of, when=peak_time):
    """``psp_scale`` with one thing done wrong: ``of(slow, fast)``, the two exponentials at the time ``when``."""

    def answer(tau, tau_s):
        t = when(tau, tau_s)
        return of(math.exp(-t / tau), math.exp(-t / tau_s))

    return answer


def _inverse(slow, fast):
    return 1 / (slow - fast)


def _vary(rng):
    ratio = drawn.one_of(rng, 2.0, 2.5, 4.0, 5.0)
    tau_s = drawn.number(rng, 1.5, 6.0, 0.5)
    return ((ratio * tau_s, tau_s), (drawn.number(rng, 9.0, 18.0, 1.0), 1.0), (tau_s + 1.0, tau_s))


EXERCISE = Exercise(
    id="07.psp_scale",
    solution=psp_scale,
    vary=_vary,
    cases=((15.0, 3.75), (20.0, 5.0), (10.0, 1.0), (6.0, 5.0)),
    mistakes=(
        Mistake(
            _scale(lambda slow, fast: 1 / slow - fast),
            "虫还在：除法先于减法，只有第一个指数到了分母里。给差加上括号。",
            "The bug is still there: division comes before subtraction, so only the first exponential went below "
            "the line. Put brackets around the difference.",
        ),
        Mistake(
            _scale(lambda slow, fast: 1 / slow - 1 / fast),
            "不能分别取倒数再相减：先相减，再取倒数。",
            "Do not invert each on its own: subtract first, then invert.",
        ),
        Mistake(
            _scale(lambda slow, fast: slow - fast),
            "这是没有放大时的峰值；要让峰值变成 1，应当除以它。",
            "That is the height of the peak without a scale; to bring the peak to 1, divide by it.",
        ),
        Mistake(
            _scale(lambda slow, fast: 1 / (fast - slow)),
            "符号反了：慢的指数（τ）在前，减去快的（τ_s），差才是正的。",
            "The sign is wrong: the slow exponential (τ) comes first; minus the fast one (τ_s) it is positive.",
        ),
        Mistake(
            _scale(lambda slow, fast: 1 / (1 / slow - 1 / fast)),
            "指数的符号反了：是 exp(-t_peak / tau)。",
            "The exponents have the wrong sign: exp(-t_peak / tau).",
        ),
        Mistake(_scale(lambda slow, fast: 1 / (slow + fast)), "两个指数要相减。", "Subtract the exponentials."),
        Mistake(_scale(lambda slow, fast: 1 / slow), "还要减去快的指数。", "Subtract the fast exponential, too."),
        Mistake(
            _scale(_inverse, when=lambda tau, tau_s: tau),
            "峰不在 t = τ：它在导数为零的地方，t_peak = τ τ_s ln(τ/τ_s) / (τ - τ_s)。",
            "The peak is not at t = τ but where the slope is zero: t_peak = τ τ_s ln(τ/τ_s) / (τ - τ_s).",
        ),
        Mistake(
            _scale(_inverse, when=lambda *a: round(peak_time(*a))),
            "t_peak 不要取整：峰不必落在整数步上。",
            "Do not round t_peak: the peak need not fall on a whole step.",
        ),
        Mistake(
            _scale(_inverse, when=lambda *a: peak_time(*a) / math.log(10)),
            "t_peak 里是自然对数 math.log，不是 log10。",
            "t_peak takes the natural logarithm, math.log, not log10.",
        ),
        Mistake(peak_time, "这是峰的时刻，不是 V_0。", "That is the time of the peak, not V_0."),
        Mistake(lambda *a: round(psp_scale(*a), 2), "结果不要取整。", "Do not round the result."),
        Mistake(
            lambda tau, tau_s: 1 / (math.exp(-peak_time(tau, tau_s) / tau) - math.exp(-peak_time(tau, tau_s) / 3.75)),
            "tau_s 是参数，不一定是 3.75。",
            "tau_s is an argument; it need not be 3.75.",
        ),
    ),
    hints=(
        ("把 τ = 15、τ_s = 3.75 代入，分母应当约为 0.47。", "With τ = 15 and τ_s = 3.75 you divide by about 0.47."),
        ("在 Python 里，1 / a - b 是 (1 / a) - b。", "In Python, 1 / a - b is (1 / a) - b."),
        (
            "两个指数先相减，再取倒数：1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))。",
            "Subtract first, then invert: 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s)).",
        ),
    ),
)
