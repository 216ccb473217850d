"""Exercises of chapter 01: IF and LIF neurons."""

import math
from collections.abc import Callable

from course_snn.course.exercise import Exercise, Mistake


def euler_step(v, i, r, tau, dt):
    return v + dt / tau * (-v + r * i)


def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (r * i - v) / tau
        spike = v >= v_threshold
        trace.append(v)
        spikes.append(spike)
        if spike:
            v = 0.0
    return trace, spikes


def rheobase(r, v_threshold, v_reset):
    return (v_threshold - v_reset) / r


def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1.0 / (tau * math.log(r * i / (r * i - v_threshold)))


def identify(probe):
    current = 0.01
    v = probe(current, 2000)
    r = v[-1] / current
    tau = v[-1] / v[0]
    return r, tau


def black_box(r: float, tau: float) -> Callable[[float, int], list[float]]:
    """Return ``probe(current, steps)``: the voltages of a LIF neuron with r and tau that the caller does not know."""

    def probe(current: float, steps: int) -> list[float]:
        v, voltages = 0.0, []
        for _ in range(steps):
            v = v + (r * current - v) / tau
            voltages.append(v)
            v = 0.0 if v >= 1.0 else v
        return voltages

    return probe


def _trace(currents, r, tau, v_threshold, reset=lambda v, th: 0.0, fires=lambda v, th: v >= th, late=False):
    """``lif_trace`` with one thing done wrong."""
    v, trace, spikes = 0.0, [], []
    for i in currents:
        if late:
            trace.append(v)
        v = v + (r * i - v) / tau
        spikes.append(fires(v, v_threshold))
        if not late:
            trace.append(v)
        v = reset(v, v_threshold) if spikes[-1] else v
    return trace, spikes


_SEED = ([0.12] * 60, 9.0, 20.0, 1.0)

EXERCISES = (
    Exercise(
        id="01.euler_step",
        solution=euler_step,
        cases=((0.0, 0.1, 9.0, 20.0, 1.0), (0.5, 0.0, 9.0, 20.0, 1.0), (0.2, 0.3, 4.0, 10.0, 0.5)),
        mistakes=(
            Mistake(
                lambda v, i, r, tau, dt: v + dt / tau * (v + r * i),
                "漏电的符号反了：电位应当被拉回静息电位，是 -v，不是 +v。",
                "The leak has the wrong sign: it pulls the potential back to rest, so -v, not +v.",
            ),
            Mistake(
                lambda v, i, r, tau, dt: dt / tau * (-v + r * i),
                "你返回的是增量。新的电位等于旧的电位加上增量。",
                "You return the increment. The new potential is the old one plus the increment.",
            ),
            Mistake(
                lambda v, i, r, tau, dt: v + 1 / tau * (-v + r * i),
                "忘了乘时间步长 dt。",
                "The time step dt is missing.",
            ),
            Mistake(
                lambda v, i, r, tau, dt: v + dt / tau * (-v) + r * i,
                "输入项也要除以 τ：括号要把 -v 和 r*i 都包进去。",
                "The input must be divided by τ as well: the bracket holds both -v and r*i.",
            ),
            Mistake(
                lambda v, i, r, tau, dt: v + dt / tau * (-v + i),
                "电流还没有乘以电阻 r，单位对不上。",
                "The current is not yet multiplied by the resistance r: the units do not match.",
            ),
        ),
        hints=(
            ("前向欧拉法：新值 = 旧值 + dt × 导数。", "Forward Euler: new value = old value + dt × derivative."),
            ("把方程两边除以 τ，右边就是导数 dV/dt。", "Divide the equation by τ: its right side is then dV/dt."),
            ("导数是 (-v + r * i) / tau。", "The derivative is (-v + r * i) / tau."),
        ),
    ),
    Exercise(
        id="01.lif_trace",
        solution=lif_trace,
        cases=(
            _SEED,
            ([0.3] * 12, 9.0, 20.0, 1.0),
            ([0.5, 0.5, 0.5, 0.0, 0.0], 4.0, 2.0, 1.0),
            ([2.0], 1.0, 2.0, 1.0),
        ),
        mistakes=(
            Mistake(
                lambda *a: _trace(*a, reset=lambda v, th: v),
                "发放脉冲之后没有重置：电位应当回到 0。",
                "There is no reset after a spike: the potential must go back to 0.",
            ),
            Mistake(
                lambda *a: _trace(*a, reset=lambda v, th: v - th),
                "这里要的是硬重置：把电位设为 0，而不是减去阈值。",
                "A hard reset is wanted here: set the potential to 0 instead of subtracting the threshold.",
            ),
            Mistake(
                lambda *a: _trace(*a, fires=lambda v, th: v > th),
                "刚好等于阈值也要发放：用 >=，不是 >。",
                "A potential equal to the threshold fires too: use >=, not >.",
            ),
            Mistake(
                lambda *a: _trace(*a, late=True),
                "差了一步：先更新电位，再记录它。",
                "Off by one: update the potential first, then record it.",
            ),
        ),
        hints=(
            (
                "每一步依次做：充电、判断、记录、重置。",
                "In each step: charge, compare, record, reset, in this order.",
            ),
            ("充电就是上一题的欧拉步，取 dt = 1。", "Charging is the Euler step of the last exercise with dt = 1."),
            (
                "先 append 再重置，这样曲线能看到越过阈值的那一点。",
                "Append before the reset, so that the curve shows the crossing.",
            ),
        ),
    ),
    Exercise(
        id="01.rheobase",
        solution=rheobase,
        cases=((9.0, 1.0, 0.0), (2.0, 1.5, 0.5), (50.0, -50.0, -65.0)),
        mistakes=(
            Mistake(
                lambda r, v_threshold, v_reset: v_threshold / r,
                "只有当静息电位为 0 时才对：要的是阈值与静息电位之差。",
                "Right only if the resting potential is 0: what counts is the distance from rest to threshold.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: (v_threshold - v_reset) * r,
                "乘反了：电流 = 电压 ÷ 电阻。",
                "Upside down: current = voltage ÷ resistance.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: (v_reset - v_threshold) / r,
                "差的方向反了：阈值高于静息电位。",
                "The difference is the wrong way round: the threshold lies above rest.",
            ),
        ),
        hints=(
            ("电流恒定时，电位最终停在哪里？", "Where does the potential end up under a constant current?"),
            ("稳态电位是 v_reset + r * i。", "The steady state is v_reset + r * i."),
            ("令稳态恰好等于 v_threshold，解出 i。", "Let the steady state equal v_threshold and solve for i."),
        ),
    ),
    Exercise(
        id="01.firing_rate",
        solution=firing_rate,
        cases=((0.12, 9.0, 20.0, 1.0), (0.1, 9.0, 20.0, 1.0), (1.0, 2.0, 10.0, 0.5), (0.5, 2.0, 10.0, 1.0)),
        mistakes=(
            Mistake(
                lambda i, r, tau, v_threshold: (
                    0.0 if r * i <= v_threshold else tau * math.log(r * i / (r * i - v_threshold))
                ),
                "你返回的是周期。发放率是周期的倒数。",
                "You return the period. The firing rate is its inverse.",
            ),
            Mistake(
                lambda i, r, tau, v_threshold: (
                    0.0 if r * i <= v_threshold else -1.0 / (tau * math.log(r * i / (r * i - v_threshold)))
                ),
                "符号反了：对数里分子分母颠倒了。",
                "The sign is wrong: numerator and denominator of the logarithm are exchanged.",
            ),
            Mistake(
                lambda i, r, tau, v_threshold: (
                    0.0 if r * i <= v_threshold else 1.0 / math.log(r * i / (r * i - v_threshold))
                ),
                "忘了乘以膜时间常数 τ。",
                "The membrane time constant τ is missing.",
            ),
            Mistake(
                lambda i, r, tau, v_threshold: max(0.0, (r * i - v_threshold) / tau),
                "f–I 曲线不是折线：请用上文推导的对数公式。",
                "The f–I curve is not a straight line: use the logarithm derived above.",
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
    ),
    Exercise(
        id="01.identify",
        solution=identify,
        cases=((black_box(9.0, 20.0),), (black_box(4.0, 7.0),), (black_box(15.0, 50.0),)),
        mistakes=(
            Mistake(
                lambda probe: (probe(0.01, 2000)[-1], probe(0.01, 2000)[-1] / probe(0.01, 2000)[0]),
                "稳态电位是 r × 电流，还要除以电流才是 r。",
                "The steady state is r × current: divide by the current to get r.",
            ),
            Mistake(
                lambda probe: identify(probe)[::-1],
                "两个返回值的顺序反了：先 r，后 tau。",
                "The two values are in the wrong order: first r, then tau.",
            ),
            Mistake(
                lambda probe: (identify(probe)[0], 1 / identify(probe)[1]),
                "你得到的是 1/tau：把比值倒过来。",
                "That is 1/tau: turn the ratio round.",
            ),
            Mistake(
                lambda probe: (identify(probe)[0], -1 / math.log(1 - 1 / identify(probe)[1])),
                "你按连续时间的指数曲线求 tau。黑箱走的是欧拉法：到稳态的距离每步乘以 1 - 1/tau。",
                "You take tau from the exponential curve of continuous time. The black box takes Euler steps: each "
                "multiplies the distance to the steady state by 1 - 1/tau.",
            ),
            Mistake(
                lambda probe: (identify(probe)[0], identify(probe)[1] - 1),
                "tau 少了一步：列表的第 0 个电位已经走了一步。",
                "tau is one step short: the potential at index 0 has already taken one step.",
            ),
        ),
        hints=(
            (
                "选一个很小的电流，让神经元永远不发放，等它进入稳态。",
                "Choose a current so weak that the neuron never fires, and wait for the steady state.",
            ),
            (
                "稳态告诉你 r；第一步走了多远告诉你 tau。",
                "The steady state tells r; the size of the first step tells tau.",
            ),
            (
                "第一步从 0 走到 r*i/tau，所以 tau = v[-1] / v[0]。",
                "The first step goes from 0 to r*i/tau, so tau = v[-1] / v[0].",
            ),
        ),
    ),
)
