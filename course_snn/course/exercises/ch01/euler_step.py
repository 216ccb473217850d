"""Exercise 01.euler_step."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def euler_step(v, i, r, tau, dt):
    return v + dt / tau * (-v + r * i)


def _step(slope, gain=lambda tau, dt: dt / tau):
    """``euler_step`` with one thing done wrong."""
    return lambda v, i, r, tau, dt: v + gain(tau, dt) * slope(v, i, r)


def _vary(rng):
    (r, other), (tau, longer) = (
        drawn.some(rng, 2, (2.0, 3.0, 4.0, 5.0, 6.0, 8.0)),
        drawn.some(rng, 2, (5.0, 8.0, 12.0, 25.0, 40.0)),
    )
    v, i, dt = drawn.number(rng, 0.1, 0.9, 0.1), drawn.number(rng, 0.05, 0.3, 0.05), drawn.one_of(rng, 0.25, 0.5, 2.0)
    return (
        (0.0, i, r, tau, 1.0),
        (v, 0.0, r, longer, dt),
        (v, i, other, tau, dt),
        (-v, -i, other, longer, 2.0),
        (drawn.number(rng, 1.2, 1.8, 0.1), drawn.number(rng, 1.0, 3.0, 0.5), 2.0, 16.0, dt),
    )


EXERCISE = Exercise(
    id="01.euler_step",
    solution=euler_step,
    vary=_vary,
    cases=(
        (0.0, 0.1, 9.0, 20.0, 1.0),
        (0.5, 0.0, 9.0, 20.0, 1.0),
        (0.2, 0.3, 4.0, 10.0, 0.5),
        (-0.5, -0.25, 4.0, 8.0, 2.0),
        (1.5, 2.0, 2.0, 16.0, 1.0),
    ),
    mistakes=(
        Mistake(
            _step(lambda v, i, r: v + r * i),
            "漏电的符号反了：电位应当被拉回静息电位，是 -v，不是 +v。",
            "The leak has the wrong sign: it pulls the potential back to rest, so -v, not +v.",
        ),
        Mistake(
            _step(lambda v, i, r: -v - r * i),
            "输入的符号反了：正的电流让电位升高。",
            "The input has the wrong sign: a positive current raises the potential.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: dt / tau * (-v + r * i),
            "你返回的是增量。新的电位等于旧的电位加上增量。",
            "You return the increment. The new potential is the old one plus the increment.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: (-v + r * i) / tau,
            "你返回的是导数。新的电位等于旧的电位加上 dt × 导数。",
            "You return the derivative. The new potential is the old one plus dt × the derivative.",
        ),
        Mistake(
            _step(lambda v, i, r: -v + r * i, lambda tau, dt: 1 / tau),
            "忘了乘时间步长 dt。",
            "The time step dt is missing.",
        ),
        Mistake(
            _step(lambda v, i, r: -v + r * i, lambda tau, dt: dt / 20),
            "τ 是参数，不一定是 20。",
            "τ is an argument; it need not be 20.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: v + dt / tau * (-v) + r * i,
            "输入项也要除以 τ：括号要把 -v 和 r*i 都包进去。",
            "The input must be divided by τ as well: the bracket holds both -v and r*i.",
        ),
        Mistake(
            _step(lambda v, i, r: -v + i),
            "电流还没有乘以电阻 r，单位对不上。",
            "The current is not yet multiplied by the resistance r: the units do not match.",
        ),
        Mistake(
            _step(lambda v, i, r: -v + i / r),
            "电压 = 电阻 × 电流：是 r * i，不是 i / r。",
            "Voltage = resistance × current: r * i, not i / r.",
        ),
        Mistake(
            _step(lambda v, i, r: r * (-v + i)),
            "电阻只乘电流，不乘漏电：-v + r * i。",
            "The resistance multiplies the current alone, not the leak: -v + r * i.",
        ),
        Mistake(
            _step(lambda v, i, r: r * i),
            "少了漏电 -v：没有电流时，电位应当向 0 衰减。",
            "The leak -v is missing: without a current the potential decays towards 0.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: v if i == 0 else euler_step(v, i, r, tau, dt),
            "没有电流时也有漏电：i = 0 不用单独处理。",
            "The leak is there without a current, too: i = 0 needs no case of its own.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: euler_step(v, i, tau, r, dt),
            "r 和 tau 用反了：除以 tau，用 r 乘电流。",
            "r and tau are exchanged: divide by tau, and multiply the current by r.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: r * i + (v - r * i) * math.exp(-dt / tau),
            "这是精确解。要的是一步欧拉法：整步都用开头的导数。",
            "That is the exact solution. One Euler step is wanted: it keeps the derivative of the start all along.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: (v + dt / tau * r * i) / (1 + dt / tau),
            "这是后向欧拉法：导数取在新的电位上。前向欧拉法取在旧的电位 v 上。",
            "That is backward Euler. Forward Euler takes the derivative at the old potential v.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: 0.0 if euler_step(v, i, r, tau, dt) >= 1 else euler_step(v, i, r, tau, dt),
            "这一题不考虑阈值：不要重置。",
            "Leave the threshold aside here: no reset.",
        ),
        Mistake(
            lambda v, i, r, tau, dt: max(0.0, euler_step(v, i, r, tau, dt)),
            "电位可以是负的：不要在 0 处截断。",
            "A potential may be negative: do not cut it off at 0.",
        ),
    ),
    hints=(
        ("前向欧拉法：新值 = 旧值 + dt × 导数。", "Forward Euler: new value = old value + dt × derivative."),
        ("把方程两边除以 τ，右边就是导数 dV/dt。", "Divide the equation by τ: its right side is then dV/dt."),
        ("导数是 (-v + r * i) / tau。", "The derivative is (-v + r * i) / tau."),
    ),
)
