"""Exercise 01.lif_trace."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


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


def _kept():
    """``lif_trace`` whose lists go on where the last case ended, from the first of the visible cases on."""
    traces, fired = [], []

    def wrong(*case):
        if case == _CURRENTS[0]:
            traces.clear()
            fired.clear()
        trace, spikes = lif_trace(*case)
        traces.extend(trace)
        fired.extend(spikes)
        return list(traces), list(fired)

    return wrong


_CURRENTS = (  # thresholds are met exactly or missed by far: 32 bits will do
    ([0.5, 0.5, 0.5, 0.0], 4.0, 4.0, 1.0),
    ([0.5, 0.5, 0.5, 0.0, 0.0], 4.0, 2.0, 1.0),
    ([-0.5, -0.25, 0.75, 0.75, 0.25, 0.0, 0.75], 4.0, 4.0, 0.5),
    ([2.0, 3.0, -1.0], 1.0, 2.0, 1.0),
    ([0.12] * 60, 9.0, 20.0, 1.0),
)


def _vary(rng):
    """Multiples of 1/4 and τ of 2 and 4: what lies at the threshold lies there exactly."""
    th, tau, r = drawn.one_of(rng, 0.5, 0.75, 1.25, 1.5), drawn.one_of(rng, 2.0, 4.0), drawn.one_of(rng, 2.0, 4.0)
    up = [drawn.one_of(rng, 0.75, 1.0, 1.25)] * 3
    return (
        ([th * tau / r, *drawn.numbers(rng, 6, -0.5, 1.0, 0.25), 0.0], r, tau, th),
        ([*up, 0.0, *drawn.numbers(rng, 5, -0.5, 1.0, 0.25)], 4.0, 4.0, drawn.one_of(rng, 0.75, 1.25, 1.5)),
        ([drawn.one_of(rng, 0.15, 0.2, 0.25)] * drawn.whole(rng, 35, 50), 8.0, 16.0, 1.0),
    )


EXERCISE = Exercise(
    id="01.lif_trace",
    solution=lif_trace,
    vary=_vary,
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
            _kept(),
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
)
