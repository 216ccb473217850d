"""Exercise 05.trace_step."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def trace_step(x, s, tau):
    return x - x / tau + s


def _vary(rng):
    tau, other = drawn.some(rng, 2, (4.0, 5.0, 8.0, 10.0, 16.0))
    return (
        (drawn.number(rng, 0.4, 0.9, 0.1), 0.0, tau),
        (0.0, 1.0, tau),
        (drawn.number(rng, 1.2, 2.8, 0.2), 1.0, other),
        (drawn.number(rng, 3.0, 12.0, 0.5), 0.0, tau),
    )


EXERCISE = Exercise(
    id="05.trace_step",
    solution=trace_step,
    vary=_vary,
    cases=((1.0, 0.0, 10.0), (0.0, 1.0, 10.0), (2.0, 1.0, 20.0), (0.5, 0.0, 4.0), (12.5, 0.0, 5.0)),
    mistakes=(
        Mistake(
            lambda x, s, tau: (x + s) * (1 - 1 / tau),
            "先衰减旧的迹，再加脉冲；你让刚到的脉冲也衰减了。",
            "Decay the old trace first, then add the spike; yours decays the spike that has just arrived.",
        ),
        Mistake(
            lambda x, s, tau: x + (s - x) / tau,
            "脉冲也被除以 τ 了：每个脉冲让迹增加整整 1。",
            "The spike is divided by τ too: every spike adds a full 1 to the trace.",
        ),
        Mistake(lambda x, s, tau: x + x / tau + s, "符号反了：迹应当衰减。", "The sign is wrong: a trace decays."),
        Mistake(
            lambda x, s, tau: 1.0 if s else x - x / tau,
            "这是“最近脉冲”的迹，旧的记忆被抹掉了；这里要的是累加：旧的迹加 1。",
            "That is the nearest-spike trace, which forgets older spikes; here they add up: the old trace plus 1.",
        ),
        Mistake(lambda x, s, tau: x - x / tau, "忘了脉冲：加上 s。", "The spike is missing: add s."),
        Mistake(lambda x, s, tau: x + s, "忘了衰减 x / tau。", "The decay x / tau is missing."),
        Mistake(
            lambda x, s, tau: x / tau + s,
            "漏掉的是 x / tau，留下的是 x − x / tau；你只留下了漏掉的那一份。",
            "x / tau is what leaks away, x − x / tau is what stays; you keep only what should leak away.",
        ),
        Mistake(
            lambda x, s, tau: x * math.exp(-1 / tau) + s,
            "这是精确的指数衰减；这里要的是欧拉法的一步：x − x / tau。",
            "That is the exact exponential decay; what is asked for is an Euler step: x − x / tau.",
        ),
        Mistake(
            lambda x, s, tau: x + s if s else x - x / tau,
            "有脉冲的那一步也要衰减：每一步都先衰减，再加 s。",
            "In a step with a spike the trace decays too: decay in every step, then add s.",
        ),
        Mistake(
            lambda x, s, tau: trace_step(x, s, 20.0),
            "tau 写死成 20 了：用参数 tau。",
            "tau is always 20 here: use the argument tau.",
        ),
        Mistake(
            lambda x, s, tau: min(trace_step(x, s, tau), 1.0),
            "迹没有上限：脉冲一个接一个时，它会超过 1。",
            "A trace has no upper limit: with one spike after another it exceeds 1.",
        ),
        Mistake(
            lambda x, s, tau: 0.0 if trace_step(x, s, tau) >= 1 else trace_step(x, s, tau),
            "迹没有阈值，也不重置：那是神经元的事。",
            "A trace has no threshold and is never reset: that is what a neuron does.",
        ),
        Mistake(
            lambda x, s, tau: x - 1 / tau + s,
            "漏掉的量与迹成正比：是 x / tau，不是 1 / tau。",
            "What leaks away is in proportion to the trace: x / tau, not 1 / tau.",
        ),
        Mistake(lambda x, s, tau: -x / tau + s, "这是变化量：再加上旧的 x。", "That is the change: add the old x."),
    ),
    hints=(
        (
            "方程里有两项：衰减，以及脉冲带来的跳跃。",
            "The equation has two terms: the decay, and the jump that a spike makes.",
        ),
        ("欧拉法走一步，dt = 1：衰减项是 -x / tau。", "One Euler step with dt = 1: the decay is -x / tau."),
        ("跳跃就是加上 s，不用除以 tau。", "The jump is plain s, not divided by tau."),
    ),
)
