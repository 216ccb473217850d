"""Exercise 07.voltage."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch07.shared import TIMES, W, psp_at
from course_snn.event_driven import psp_kernel


def voltage(weights, times, T):
    since = torch.arange(T)[:, None] - times
    psp = psp_kernel(since, 15.0, 3.75) * (times >= 0)
    return psp @ weights


def _wrong_voltage(**fault):
    return lambda weights, times, T: psp_at(times, T, **fault) @ weights


def _slow_alone(weights, times, T):
    since = torch.arange(T)[:, None] - times
    return (torch.exp(-since / 15) * (since >= 0) * (times >= 0)) @ weights


def _until_silent(weights, times, T):
    n = next((i for i, t in enumerate(times) if t < 0), len(times))
    return voltage(weights[:n], times[:n], T)


_VOLTAGES = (
    (W, TIMES, 30),
    (torch.tensor([0.4, 0.7, 1.1]), torch.tensor([0, 20, 7]), 25),
    (torch.tensor([0.5, -1.5, 0.25]), torch.tensor([8, 2, 0]), 20),
)


def _vary(rng):
    def case(*times, T):
        weights = [*drawn.numbers(rng, len(times) - 1, 0.2, 1.5, 0.1), -drawn.number(rng, 0.5, 1.5, 0.1)]
        return torch.tensor(drawn.shuffled(rng, weights)), torch.tensor(times), T

    early, late = sorted(drawn.some(rng, 2, range(1, 12)))
    return case(early, -1, late, T=30), case(0, late + 8, early, T=25), case(late, -1, early, 0, T=20)


EXERCISE = Exercise(
    id="07.voltage",
    solution=voltage,
    vary=_vary,
    cases=_VOLTAGES,
    keeps=True,
    mistakes=(
        Mistake(
            _wrong_voltage(silent=False),
            "时刻 -1 表示没有脉冲，你却把它当成第 -1 步的脉冲：乘上 (times >= 0)。",
            "A time of -1 means no spike, but you took it for a spike in step -1: multiply by (times >= 0).",
        ),
        Mistake(
            lambda weights, times, T: voltage(weights * (times > 0), times, T),
            "第 0 步的脉冲也算：只有 -1 表示没有脉冲。",
            "A spike in step 0 counts: only -1 means no spike.",
        ),
        Mistake(
            lambda weights, times, T: voltage(weights, times.clamp(min=0), T),
            "没有发放的输入被当成了第 0 步的脉冲：它们没有电位。",
            "Inputs that did not fire are taken for spikes in step 0: they have no potential.",
        ),
        Mistake(
            _until_silent,
            "遇到没有发放的输入就停了：跳过它（continue），不要 break。",
            "It stops at the first input that did not fire: skip it (continue) instead of break.",
        ),
        Mistake(
            _wrong_voltage(sign=-1),
            "时间反了：since 是 t - t_i，不是 t_i - t。脉冲之后才有电位。",
            "Time runs backwards: since is t - t_i, not t_i - t. The potential comes after the spike.",
        ),
        Mistake(_wrong_voltage(start=1), "时间从 0 开始，不从 1。", "Time starts at 0, not at 1."),
        Mistake(
            lambda weights, times, T: psp_at(times, T).sum(1),
            "忘了权重：每个输入的电位要先乘上它的 w_i。",
            "The weights are missing: multiply the potential of each input by its w_i.",
        ),
        Mistake(
            _wrong_voltage(causal=False),
            "脉冲还没来就有了电位：t < t_i 时 K = 0，psp_kernel 已经替你做了。",
            "There is a potential before the spike: for t < t_i K is 0; psp_kernel sees to that.",
        ),
        Mistake(_slow_alone, "K 还有快的那个指数。", "K has a fast exponential, too."),
        Mistake(lambda w, *a: voltage(w.abs(), *a), "权重可以是负的。", "Weights may be negative."),
        Mistake(lambda *a: voltage(*a).clamp(min=0), "电位可以小于 0。", "The potential may be below 0."),
        Mistake(lambda w, *a: voltage(w, *a) / len(w), "求和，不求平均。", "Take the sum, not the mean."),
        Mistake(lambda *a: voltage(*a).max(), "要所有时刻的电位。", "Return the potential at all times."),
        Mistake(lambda w, t, T: psp_at(t, T) * w, "还要对输入求和。", "Sum over the inputs."),
        Mistake(lambda w, t, T: (psp_at(t, T) * w).sum(0), "对输入求和，不对时间。", "Sum over inputs, not over time."),
        Mistake(
            lambda weights, times, T: voltage(weights[-1:], times[-1:], T),
            "只剩最后一个输入：要把每个输入的电位累加起来。",
            "Only the last input is left: add up the potentials of all inputs.",
        ),
    ),
    hints=(
        (
            "先做一张表：第 t 行第 i 列是 t - times[i]，形状 [T, I]。",
            "Make a table first: row t, column i holds t - times[i], shape [T, I].",
        ),
        (
            "torch.arange(T)[:, None] - times 就是这张表；psp_kernel(表, 15.0, 3.75) 给出每一格的电位。",
            "torch.arange(T)[:, None] - times is that table; psp_kernel(table, 15.0, 3.75) gives each potential.",
        ),
        (
            "乘上 (times >= 0)，再用 @ weights 对输入求和。",
            "Multiply by (times >= 0), then sum over the inputs with @ weights.",
        ),
    ),
)
