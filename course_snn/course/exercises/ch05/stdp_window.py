"""Exercise 05.stdp_window."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    if shift < 0:
        return -a_minus * math.exp(shift / tau_minus)
    return 0.0


def _rises(shift, ap, am, tp, tm):
    return ap * math.exp(-shift / tp)


def _falls(shift, ap, am, tp, tm):
    return -am * math.exp(shift / tm)


def _window(after=_rises, before=_falls, same=lambda *a: 0.0):
    """A window with one part done wrong: ``after`` for shift > 0, ``before`` for shift < 0, ``same`` for 0."""
    return lambda shift, *a: (same if shift == 0 else after if shift > 0 else before)(shift, *a)


def _curve(fall):
    """A window of another shape: ``fall(distance, tau)`` in place of the exponential."""
    return _window(lambda s, ap, am, tp, tm: ap * fall(s, tp), lambda s, ap, am, tp, tm: -am * fall(-s, tm))


def _vary(rng):
    a_plus, a_minus = drawn.some(rng, 2, (0.4, 0.6, 0.8, 1.2, 1.5, 2.0))
    tau_plus, tau_minus = drawn.some(rng, 2, (8.0, 10.0, 12.0, 15.0, 20.0, 25.0))
    far, near = float(drawn.whole(rng, 15, 40)), drawn.whole(rng, 1, 6) + 0.5
    return tuple((shift, a_plus, a_minus, tau_plus, tau_minus) for shift in (far, -far, 0.0, near, -near))


EXERCISE = Exercise(
    id="05.stdp_window",
    solution=stdp_window,
    vary=_vary,
    cases=(
        *((shift, 1.0, 0.6, 15.0, 30.0) for shift in (5.0, -5.0, 0.0)),
        *((shift, 2.0, 1.0, 10.0, 20.0) for shift in (40.0, -40.0, 0.5, -2.5)),
    ),
    mistakes=(
        Mistake(
            _window(before=lambda s, ap, am, tp, tm: -am * math.exp(-s / tm)),
            "左半边爆炸了：shift 为负时，指数应当是 shift/τ，离得越远变化越小。",
            "The left half explodes: for a negative shift the exponent is shift/τ; distant spikes matter less.",
        ),
        Mistake(
            _window(after=lambda s, ap, am, tp, tm: ap * math.exp(s / tp)),
            "右半边爆炸了：shift 为正时，指数应当是 -shift/τ，离得越远变化越小。",
            "The right half explodes: for a positive shift the exponent is -shift/τ; distant spikes matter less.",
        ),
        Mistake(
            _window(before=lambda *a: -_falls(*a)),
            "两边都增强了：post 在前、pre 在后时，权重应当减小。",
            "Both halves strengthen: if post comes first and pre second, the weight must fall.",
        ),
        Mistake(
            lambda shift, *a: stdp_window(-shift, *a),
            "方向反了：shift = t_post − t_pre，为正表示 pre 在前，应当增强。",
            "The wrong way round: shift = t_post − t_pre, positive if pre comes first, and then the weight grows.",
        ),
        Mistake(
            lambda s, ap, am, tp, tm: stdp_window(s, ap, am, tm, tp),
            "两个时间常数用反了：pre 在前（shift > 0）用 tau_plus，post 在前用 tau_minus。",
            "The time constants are exchanged: tau_plus for pre first (shift > 0), tau_minus for post first.",
        ),
        Mistake(
            lambda s, ap, am, tp, tm: stdp_window(s, am, ap, tp, tm),
            "两个幅度用反了：pre 在前（shift > 0）用 a_plus，post 在前用 a_minus。",
            "The amplitudes are exchanged: a_plus for pre first (shift > 0), a_minus for post first.",
        ),
        Mistake(
            lambda s, ap, am, tp, tm: stdp_window(s, ap, am, tp, tp),
            "左半边有自己的时间常数 tau_minus。",
            "The left half has a time constant of its own, tau_minus.",
        ),
        Mistake(
            lambda s, ap, am, tp, tm: stdp_window(s, ap, ap, tp, tm),
            "左半边有自己的幅度 a_minus。",
            "The left half has an amplitude of its own, a_minus.",
        ),
        Mistake(
            _window(same=_rises),
            "shift 为 0 时分不出先后，应返回 0；你把它算成了 pre 在前。",
            "For a shift of 0 there is no order: return 0. You count it as pre first.",
        ),
        Mistake(
            _window(same=_falls),
            "shift 为 0 时分不出先后，应返回 0；你把它算成了 post 在前。",
            "For a shift of 0 there is no order: return 0. You count it as post first.",
        ),
        Mistake(
            lambda s, ap, am, tp, tm: stdp_window(s, 1.0, 0.5, 17.0, 34.0),
            "幅度和时间常数写死了：用函数的参数，不用图里的数值。",
            "Amplitudes and time constants are fixed numbers: use the arguments, not the values of the figure.",
        ),
        Mistake(
            _curve(lambda distance, tau: (1 - 1 / tau) ** distance),
            "(1 − 1/τ)ⁿ 只是近似；这里要的是公式里的指数函数。",
            "(1 − 1/τ)ⁿ is only an approximation; what is asked for is the exponential of the formula.",
        ),
        Mistake(
            lambda s, *a: stdp_window(int(s), *a),
            "shift 可以是小数：不要取整。",
            "A shift need not be a whole number: do not round it.",
        ),
    ),
    hints=(
        ("分三种情况：shift 大于 0、小于 0、等于 0。", "Three cases: shift above 0, below 0, equal to 0."),
        (
            "指数永远不为正：它是 -|shift|/τ，两边各用自己的 τ。",
            "The exponent is never positive: it is -|shift|/τ, each half with its own τ.",
        ),
        (
            "右边 a_plus * exp(-shift/tau_plus)，左边 -a_minus * exp(shift/tau_minus)。",
            "Right: a_plus * exp(-shift/tau_plus); left: -a_minus * exp(shift/tau_minus).",
        ),
    ),
)
