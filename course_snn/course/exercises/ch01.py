"""Exercises of chapter 01: IF and LIF neurons."""

import math
from collections.abc import Callable

from course_snn.course.compare import difference
from course_snn.course.exercise import Exercise, Finding, Mistake


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


def _step(slope, gain=lambda tau, dt: dt / tau):
    """``euler_step`` with one thing done wrong."""
    return lambda v, i, r, tau, dt: v + gain(tau, dt) * slope(v, i, r)


def _trace(
    charge=lambda v, i, r, tau: v + (r * i - v) / tau,
    fires=lambda v, th: v >= th,
    recorded=lambda v, th: v,
    reset=lambda v, th: 0.0,
):
    """``lif_trace`` with one thing done wrong."""

    def wrong(currents, r, tau, v_threshold):
        v, trace, spikes = 0.0, [], []
        for i in currents:
            v = charge(v, i, r, tau)
            spikes.append(fires(v, v_threshold))
            trace.append(recorded(v, v_threshold))
            v = reset(v, v_threshold) if spikes[-1] else v
        return trace, spikes

    return wrong


def _late(*case):
    """``lif_trace`` that records the potential before it charges."""
    trace, spikes = lif_trace(*case)
    return [0.0, *[0.0 if s else v for v, s in zip(trace, spikes, strict=True)][:-1]], spikes


def _spiking_late(*case):
    trace, spikes = lif_trace(*case)
    return trace, [False, *spikes[:-1]]


def _resting(currents, r, tau, v_threshold):
    """``lif_trace`` that spends a step on the reset."""
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = 0.0 if spikes and spikes[-1] else v + (r * i - v) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
    return trace, spikes


def _until_first(currents, *parameters):
    trace, spikes = lif_trace(currents, *parameters)
    end = spikes.index(True) + 1 if True in spikes else len(spikes)
    return trace[:end], spikes[:end]


def _changed(change):
    """``lif_trace`` whose lists, right as they are, are then spoilt."""
    return lambda *case: change(*lif_trace(*case))


def _kept(*case):
    """``lif_trace`` whose lists go on where the last case ended."""
    traces = [lif_trace(*one) for one in _CURRENTS[: _CURRENTS.index(case) + 1]]
    return tuple([x for part in parts for x in part] for parts in zip(*traces, strict=True))


def _rate(rate, silent=lambda i, r, th: r * i <= th, at_rest=0.0):
    """``firing_rate`` with one thing done wrong."""
    return lambda i, r, tau, th: at_rest if silent(i, r, th) else rate(r * i, tau, th)


def _log(drive, th):
    return math.log(drive / (drive - th))


def _right_rate(drive, tau, th):
    return 1 / (tau * _log(drive, th))


def _experiment(answer, probe):
    """Run ``identify``, and if its numbers are wrong, say what kept its experiments from telling."""
    traces = []

    def watched(current, steps):
        traces.append(probe(current, steps))
        return list(traces[-1])

    found = answer(watched)
    if difference(found, identify(probe)) and traces and all(len(v) > 9 for v in traces):
        if all(max(v) >= 1.0 for v in traces):
            raise Finding(
                "在你的电流下神经元发放了，发放之后重置，量不到稳态。用小得多的电流。",
                "At your current the neuron fires, and a reset keeps it from the steady state. Take a far weaker one.",
            )
        if all(abs(v[-1] - v[-2]) > 1e-6 * abs(v[-1]) for v in traces):
            raise Finding(
                "走完你的步数，电位还在变：最后一个电位还不是稳态。多走一些步，或者只比较头两步。",
                "After your steps the potential still changes: the last one is not the steady state. Take many more "
                "steps, or compare the first two only.",
            )
    return found


def _found(change):
    """``identify`` whose two numbers, right as they are, are then spoilt."""
    return lambda probe: change(*identify(probe))


_CURRENTS = (  # thresholds are met exactly or missed by far: 32 bits will do
    ([0.5, 0.5, 0.5, 0.0], 4.0, 4.0, 1.0),
    ([0.5, 0.5, 0.5, 0.0, 0.0], 4.0, 2.0, 1.0),
    ([-0.5, -0.25, 0.75, 0.75, 0.25, 0.0, 0.75], 4.0, 4.0, 0.5),
    ([2.0, 3.0, -1.0], 1.0, 2.0, 1.0),
    ([0.12] * 60, 9.0, 20.0, 1.0),
)

EXERCISES = (
    Exercise(
        id="01.euler_step",
        solution=euler_step,
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
    ),
    Exercise(
        id="01.lif_trace",
        solution=lif_trace,
        cases=_CURRENTS,
        keeps=True,
        mistakes=(
            Mistake(
                _trace(reset=lambda v, th: v),
                "发放脉冲之后没有重置：电位应当回到 0。",
                "There is no reset after a spike: the potential must go back to 0.",
            ),
            Mistake(
                _trace(reset=lambda v, th: v - th),
                "这里要的是硬重置：把电位设为 0，而不是减去阈值。",
                "A hard reset is wanted here: set the potential to 0 instead of subtracting the threshold.",
            ),
            Mistake(
                _trace(fires=lambda v, th: v > th),
                "刚好等于阈值也要发放：用 >=，不是 >。",
                "A potential equal to the threshold fires too: use >=, not >.",
            ),
            Mistake(
                _trace(fires=lambda v, th: v >= 1.0),
                "阈值是参数 v_threshold，不一定是 1。",
                "The threshold is the argument v_threshold; it need not be 1.",
            ),
            Mistake(
                _late,
                "差了一步：先更新电位，再记录它。",
                "Off by one: update the potential first, then record it.",
            ),
            Mistake(
                _spiking_late,
                "脉冲晚了一步：先充电，再与阈值比较，记在同一步。",
                "The spikes are one step late: charge first, then compare, and record it in the same step.",
            ),
            Mistake(
                _changed(lambda trace, spikes: ([0.0 if s else v for v, s in zip(trace, spikes, strict=True)], spikes)),
                "发放的那一步记成了重置之后的电位：先记录，再重置。",
                "In the step of a spike you record the potential after the reset: record first, then reset.",
            ),
            Mistake(
                _trace(charge=lambda v, i, r, tau: max(0.0, v + (r * i - v) / tau)),
                "电流可以是负的，电位也可以：不要在 0 处截断。",
                "A current may be negative, and so may the potential: do not cut it off at 0.",
            ),
            Mistake(
                _trace(charge=lambda v, i, r, tau: v + r * i / tau),
                "充电时少了漏电 -v。",
                "The leak -v is missing where you charge.",
            ),
            Mistake(
                _trace(charge=lambda v, i, r, tau: r * i),
                "忘了除以膜时间常数 tau：-v + r*i 要先除以 tau，再加到 v 上。",
                "The membrane time constant tau is missing: divide -v + r*i by it before you add it to v.",
            ),
            Mistake(
                _trace(charge=lambda v, i, r, tau: r * i + (v - r * i) * math.exp(-1 / tau)),
                "充电用了精确解。这里用欧拉法，取 dt = 1。",
                "You charge by the exact solution. Take an Euler step here, with dt = 1.",
            ),
            Mistake(
                _resting,
                "重置占了一步：发放之后的下一步照常充电，从 0 开始。",
                "The reset takes a step of its own: in the step after a spike the neuron charges as always, from 0.",
            ),
            Mistake(
                _until_first,
                "第一个脉冲之后就停了：重置，然后继续走完所有的步。",
                "You stop at the first spike: reset, and go on to the end.",
            ),
            Mistake(
                _changed(lambda trace, spikes: (trace[:1], spikes[:1])),
                "只走了一步：return 写在循环里面。把它移到循环之后。",
                "Only one step: the return stands inside the loop. Move it below.",
            ),
            Mistake(
                _changed(lambda trace, spikes: ([0.0, *trace], [False, *spikes])),
                "多了一步：出发时的电位不用记录，只记每一步充电之后的。",
                "One step too many: leave out the potential of the start, record only what each step leads to.",
            ),
            Mistake(
                _changed(lambda trace, spikes: (trace, [s for s in spikes if s])),
                "没有发放的步也要记：记 False，每一步一个。",
                "Record the silent steps as well, as False: one entry for every step.",
            ),
            Mistake(
                _changed(lambda trace, spikes: (trace, [t for t, s in enumerate(spikes) if s])),
                "你列出了发放的步。要的是每一步一个 True 或 False。",
                "You list the steps of the spikes. What is wanted is a True or False for every step.",
            ),
            Mistake(
                lambda currents, *rest: lif_trace([i for i in currents if i], *rest),
                "电流为 0 的步也要算：电位在漏电，也要记录。",
                "Steps with a current of 0 count as well: the potential leaks, and is recorded.",
            ),
            Mistake(
                _kept,
                "上一次调用的结果还留在列表里：在函数里面建新的列表，不要放在默认参数里。",
                "The lists still hold the last call's: make new ones in the function, not as default values.",
            ),
        ),
        hints=(
            ("每一步依次做：充电、判断、记录、重置。", "In each step: charge, compare, record, reset, in this order."),
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
        cases=((9.0, 1.0, 0.0), (2.0, 1.5, 0.5), (50.0, -50.0, -65.0), (20.0, 0.0, -15.0), (160.0, 0.75, -0.25)),
        tolerance=1e-5,
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
                lambda r, v_threshold, v_reset: r / (v_threshold - v_reset),
                "上下颠倒了：电流 = 电压 ÷ 电阻，电阻在分母上。",
                "Upside down: current = voltage ÷ resistance, so the resistance is the divisor.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: v_threshold - v_reset,
                "还没有除以电阻 r。",
                "Not yet divided by the resistance r.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: (v_reset - v_threshold) / r,
                "差的方向反了：阈值高于静息电位。",
                "The difference is the wrong way round: the threshold lies above rest.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: (v_threshold + v_reset) / r,
                "要的是阈值与静息电位之差，不是和。",
                "The difference between threshold and rest is wanted, not the sum.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: v_threshold - v_reset / r,
                "少了括号：除法先算，只有 v_reset 被除了。写成 (v_threshold - v_reset) / r。",
                "Brackets are missing, so only v_reset is divided. Write (v_threshold - v_reset) / r.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: ((v_threshold or 1.0) - v_reset) / r,
                "阈值可以是 0：0 不等于“没有给”，照样算。",
                "The threshold may be 0: that does not mean “not given”; calculate with it as with any other.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: (v_threshold - max(0.0, v_reset)) / r,
                "静息电位可以是负的，同样要减去。",
                "Rest may be negative, and is subtracted all the same.",
            ),
            Mistake(
                lambda r, v_threshold, v_reset: round((v_threshold - v_reset) / r, 3),
                "不要四舍五入：小电流会只剩一两位数字。",
                "Do not round: of a small current only a digit or two would be left.",
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
                _rate(
                    lambda drive, tau, th: 1 / (tau * math.log(abs(drive / (drive - th)))), lambda i, r, th: r * i == th
                ),
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
    ),
    Exercise(
        id="01.identify",
        solution=identify,
        cases=(
            (black_box(9.0, 20.0),),
            (black_box(4.25, 7.75),),
            (black_box(36.25, 8.25),),
            (black_box(15.25, 90.75),),
        ),
        run=_experiment,
        mistakes=(
            Mistake(
                _found(lambda r, tau: (tau, r)),
                "两个返回值的顺序反了：先 r，后 tau。",
                "The two values are in the wrong order: first r, then tau.",
            ),
            Mistake(
                lambda probe: (probe(0.01, 2000)[-1], identify(probe)[1]),
                "稳态电位是 r × 电流，还要除以电流才是 r。",
                "The steady state is r × current: divide by the current to get r.",
            ),
            Mistake(
                _found(lambda r, tau: (r, -1 / math.log(1 - 1 / tau))),
                "你按连续时间的指数曲线求 tau。黑箱走的是欧拉法：到稳态的距离每步乘以 1 - 1/tau。",
                "You take tau from the exponential curve of continuous time. The black box takes Euler steps: each "
                "multiplies the distance to the steady state by 1 - 1/tau.",
            ),
            Mistake(
                _found(lambda r, tau: (r / tau * (tau - 1), tau - 1)),
                "tau 少了 1，由它算出的 r 也小了：列表的第 0 个电位已经走了一步。",
                "tau is 1 too small, and so is r, computed from it: the potential at index 0 has taken a step.",
            ),
            Mistake(
                _found(lambda r, tau: (round(r), round(tau))),
                "r 和 tau 不一定是整数：不要取整。",
                "r and tau need not be whole numbers: do not round.",
            ),
            Mistake(
                lambda probe: (9.0, 20.0),
                "这是正文里那个神经元。检查用的是别的神经元：要做实验，调用 probe。",
                "That is the neuron of the text. The check has others: do an experiment, call probe.",
            ),
            Mistake(
                _found(lambda r, tau: r),
                "要返回两个数：return r, tau。",
                "Two numbers are wanted: return r, tau.",
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
