"""Exercise 06.after_sample."""

import math

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch06.shared import tensor_of


def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + theta_plus * counts
    return theta - theta / tau_theta


def _vary(rng):
    def case(counts):
        theta = drawn.grid(rng, (len(counts),), 0.5, 5.0, 0.5)
        return (
            theta,
            torch.tensor(counts),
            drawn.one_of(rng, 0.1, 0.3, 0.4, 0.5),
            drawn.one_of(rng, 4.0, 5.0, 8.0, 20.0),
        )

    return (
        case(drawn.shuffled(rng, [0.0, 1.0, float(drawn.whole(rng, 2, 5))])),
        case([0.0, 0.0, 0.0]),
        case(drawn.shuffled(rng, [0.0, 3.0, float(drawn.whole(rng, 1, 6)), 1.0])),
    )


EXERCISE = Exercise(
    id="06.after_sample",
    solution=after_sample,
    vary=_vary,
    cases=(
        (tensor_of(0.0, 2.0, 5.0), tensor_of(3.0, 0.0, 1.0), 0.2, 10.0),
        (tensor_of(1.0, 1.0, 1.0), tensor_of(0.0, 0.0, 0.0), 0.5, 4.0),
        (tensor_of(1.0, 0.0, 2.5, 4.0), tensor_of(2.0, 1.0, 5.0, 0.0), 0.5, 8.0),
    ),
    keeps=True,
    mistakes=(
        Mistake(lambda h, n, p, tau: h + p * n, "没有按 tau_theta 衰减。", "Nothing decays by tau_theta."),
        Mistake(lambda h, n, p, tau: h - h / tau, "忘了脉冲的份。", "What the spikes add is missing."),
        Mistake(
            lambda theta, counts, theta_plus, tau: theta - theta / tau + theta_plus * counts,
            "顺序不对：脉冲先抬高阈值，样本结束时再衰减。",
            "The order is wrong: the spikes raise the threshold first, then, after the sample, it decays.",
        ),
        Mistake(lambda h, n, p, tau: after_sample(h, n > 0, p, tau), "每个脉冲加一次。", "Every spike counts."),
        Mistake(lambda h, n, p, tau: after_sample(h, n.sum(), p, tau), "只加自己的脉冲。", "Add own spikes only."),
        Mistake(
            lambda h, n, p, tau: torch.where(n > 0, after_sample(h, n, p, tau), h),
            "没有发放的神经元也要衰减。",
            "The thresholds of neurons that did not fire decay as well.",
        ),
        Mistake(
            lambda h, n, p, tau: torch.where(n > 0, h + p * n, h - h / tau),
            "发放过的神经元也要衰减。",
            "The thresholds of neurons that did fire decay as well.",
        ),
        Mistake(lambda h, n, p, tau: after_sample(h, n, -p, tau), "脉冲让阈值升高。", "Spikes raise thresholds."),
        Mistake(lambda h, n, p, tau: after_sample(h, n, p, -tau), "衰减是减，不是加。", "Subtract the decay."),
        Mistake(
            lambda h, n, p, tau: (h + p * n) / tau,
            "theta / tau_theta 是减去的那一份，不是留下的。",
            "theta / tau_theta is what goes, not what stays.",
        ),
        Mistake(
            lambda h, n, p, tau: (h + p * n) * math.exp(-1 / tau),
            "这是精确的指数衰减；这里只走一步：减去 theta / tau_theta。",
            "That is the exact exponential decay; here it is one step: subtract theta / tau_theta.",
        ),
        Mistake(lambda h, n, p, tau: h + (p * n - h) / tau, "脉冲的份不要除。", "The rise is not divided."),
        Mistake(lambda h, n, p, tau: after_sample(h, n, 0.2, tau), "用 theta_plus。", "Use theta_plus, not 0.2."),
    ),
    hints=(
        ("两件事：脉冲抬高，时间降低。", "Two things happen: spikes raise it, time lowers it."),
        ("抬高的总量是 theta_plus * counts。", "In all it rises by theta_plus * counts."),
        ("然后减去新的 theta 除以 tau_theta。", "Then subtract the new theta divided by tau_theta."),
    ),
)
