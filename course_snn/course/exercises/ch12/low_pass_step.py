"""Exercise 12.low_pass_step."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def low_pass_step(i, s, tau):
    return i - (1 - s) * i / tau + s


def _vary(rng):
    tau, other = drawn.some(rng, 2, (2.0, 4.0, 5.0, 8.0, 20.0))
    i, more = drawn.number(rng, 0.2, 0.9, 0.1), drawn.number(rng, 2.1, 3.9, 0.2)
    return (i, 0.0, tau), (i, 1.0, other), (0.0, 1.0, tau), (more, 0.0, other), (more, 1.0, tau)


EXERCISE = Exercise(
    id="12.low_pass_step",
    solution=low_pass_step,
    vary=_vary,
    cases=(
        (1.0, 0.0, 10.0),
        (0.75, 1.0, 10.0),
        (0.0, 1.0, 2.0),
        (2.75, 0.0, 10.0),
        (2.5, 0.0, 4.0),
        (2.5, 1.0, 4.0),
    ),
    mistakes=(
        Mistake(
            lambda i, s, tau: i * (1 - 1 / tau) + s,
            "有脉冲的那一步不衰减：衰减项要乘以 1 - s。",
            "A step with a spike does not decay: multiply the decay by 1 - s.",
        ),
        Mistake(
            lambda i, s, tau: i + (s - i) / tau,
            "脉冲也除以 τ 了：每个脉冲让电流增加整整 1，那一步也不衰减。",
            "The spike is divided by τ too: every spike adds a full 1, and its step does not decay.",
        ),
        Mistake(
            lambda i, s, tau: i - ((1 - s) * i - s) / tau,
            "脉冲也除以 τ 了：只有衰减项除以 τ，每个脉冲让电流增加整整 1。",
            "The spike is divided by τ too: only the decay is; every spike adds a full 1 to the current.",
        ),
        Mistake(
            lambda i, s, tau: i + (1 - s) * i / tau + s,
            "符号反了：没有脉冲时电流减小，不是增大。",
            "The sign is wrong: without a spike the current falls, it does not grow.",
        ),
        Mistake(
            lambda i, s, tau: i - s * i / tau + s,
            "门装反了：没有脉冲（s = 0）时才衰减。",
            "The gate is the wrong way round: it decays where there is no spike, s = 0.",
        ),
        Mistake(
            lambda i, s, tau: i - (1 - s) * i / tau,
            "脉冲没有进来：最后还要加上 s。",
            "The spike does not get in: add s at the end.",
        ),
        Mistake(
            lambda i, s, tau: i - (1 - s) * i / tau - s,
            "脉冲被减掉了：它让电流增加 1。",
            "The spike is taken off: it adds 1 to the current.",
        ),
        Mistake(
            lambda i, s, tau: s * i + s,
            "没有脉冲的一步不会忘得一干二净：只减去 i/τ，你减去了整个 i。",
            "A step without a spike does not forget everything: it loses i/τ, and you took off all of i.",
        ),
        Mistake(
            lambda i, s, tau: i - (1 - s) * i * tau + s,
            "乘以 τ 了：衰减项要除以 τ。",
            "The decay is multiplied by τ: divide by it.",
        ),
        Mistake(
            lambda i, s, tau: (1 - s) * (i - i / tau) + s,
            "有脉冲时旧的电流不见了：脉冲加 1，并不取代原来的电流。",
            "With a spike the old current is gone: a spike adds 1, it does not replace what was there.",
        ),
        Mistake(
            lambda i, s, tau: (i + s) * (1 - 1 / tau),
            "你先加脉冲、再让全部衰减：有脉冲的一步不衰减。",
            "You add the spike and let everything decay: a step with a spike does not decay.",
        ),
        Mistake(
            lambda i, s, tau: -(1 - s) * i / tau + s,
            "这只是变化量：要加在旧的电流 i 上。",
            "That is the change only: add it to the old current i.",
        ),
        Mistake(
            lambda i, s, tau: i - (1 - s) * i / 10 + s,
            "τ 不一定是 10：用参数 tau。",
            "τ is not always 10: use the argument tau.",
        ),
        Mistake(
            lambda i, s, tau: i - (1 - s) * i // tau + s,
            "// 是整除，小数部分没有了：用 /。",
            "// is a whole-number division and drops the decimals: use /.",
        ),
        Mistake(
            lambda i, s, tau: (1 - s) * i / tau + s * (i + 1),
            "i/τ 是这一步失去的，留下的是 i - i/τ。",
            "i/τ is what a step loses; what is left is i - i/τ.",
        ),
        Mistake(
            lambda i, s, tau: i * math.exp(-(1 - s) / tau) + s,
            "exp(-1/τ) 是连续时间的衰减；这里时间一步一步地走，每步剩下 1-1/τ。",
            "exp(-1/τ) is the decay in continuous time; in steps, each leaves 1-1/τ.",
        ),
        Mistake(
            lambda i, s, tau: min(low_pass_step(i, s, tau), 1.0),
            "电流没有上限，可以大于 1：脉冲一个接一个，电流就一直加上去。",
            "The current has no upper limit and may exceed 1: spike upon spike, it adds up.",
        ),
        Mistake(
            lambda i, s, tau: (low_pass_step(i, s, tau), s),
            "多返回了一个值：只要新的电流。",
            "One value too many comes back: return the new current only.",
        ),
    ),
    hints=(
        ("两种情况：s = 1 时加 1；s = 0 时减去 i/τ。", "Two cases: add 1 where s = 1; subtract i/τ where s = 0."),
        ("衰减项乘以 (1 - s)，一个式子就够了。", "Multiply the decay by (1 - s), and one expression will do."),
        ("i - (1 - s) * i / tau，再加上 s。", "i - (1 - s) * i / tau, plus s."),
    ),
)
