"""Exercise 03.exp_decay."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def exp_decay(spikes, tau, amplitude):
    i, currents = 0.0, []
    for s in spikes:
        i = i + amplitude if s else i - i / tau
        currents.append(i)
    return currents


def _decay(after, start=False):
    """Return ``exp_decay`` with another update, ``after(i, s, tau, amplitude)``; from 0 or from the amplitude."""

    def wrong(spikes, tau, amplitude):
        i, currents = amplitude if start else 0.0, []
        for s in spikes:
            i = after(i, s, tau, amplitude)
            currents.append(i)
        return currents

    return wrong


def _vary(rng):
    tau, other = drawn.one_of(rng, 2.5, 4.5, 7.5), drawn.one_of(rng, 4.0, 5.0, 8.0, 10.0, 20.0)
    return tuple(
        ([bool(s) for s in drawn.bits(rng, drawn.whole(rng, 6, 9), share)], of, drawn.number(rng, 0.5, 3.0, 0.25))
        for share, of in ((0.3, tau), (0.6, other), (0.5, tau))
    )


EXERCISE = Exercise(
    id="03.exp_decay",
    solution=exp_decay,
    vary=_vary,
    keeps=True,
    cases=(
        ([True, False, False, True, False, False, False], 5.0, 1.0),
        ([True, True, True, False, False], 4.0, 2.0),
        ([False, True, False, False, False, True], 10.0, 0.5),
    ),
    mistakes=(
        Mistake(
            _decay(lambda i, s, tau, a: a if s else i - i / tau),
            "你让电流“变成”了 amplitude：之前剩下的电流被抹掉了。脉冲要在原有电流上加 amplitude。",
            "Your current becomes amplitude, which wipes out what was left of it. A spike adds amplitude to it.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i - i / tau + a * s),
            "到来脉冲的那一步不衰减：这一步只加 amplitude。",
            "There is no decay in the step of a spike: that step only adds amplitude.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + a if s else i + i / tau),
            "符号反了：没有脉冲时电流要减少 i/tau，不是增加。",
            "The sign is wrong: without a spike the current loses i/tau, it does not gain it.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + 1 if s else i - i / tau),
            "忘了 amplitude：一个脉冲加的不总是 1。",
            "amplitude is missing: what a spike adds is not always 1.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + a / tau if s else i - i / tau),
            "脉冲加的就是 amplitude，不要除以 tau。",
            "A spike adds amplitude itself, not divided by tau.",
        ),
        Mistake(
            lambda *a: [0.0, *exp_decay(*a)[:-1]],
            "差了一步：先更新电流，再记录它；脉冲到来的当步就有电流。",
            "Off by one: update the current first, then record it; it flows in the very step of the spike.",
        ),
        Mistake(
            lambda *a: [0.0, *exp_decay(*a)],
            "多了一个：开头的 0 不用记，只记每一步更新之后的电流。",
            "One too many: the 0 at the start is not recorded, only the current after each step.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + a if s else i * math.exp(-1 / tau)),
            "这是连续时间的衰减因子。这里走的是欧拉步：没有脉冲时减少 i/tau，剩下 (1 - 1/tau) 倍。",
            "That is the factor of continuous time. Here take an Euler step: without a spike the current loses "
            "i/tau and keeps 1 - 1/tau of itself.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + a * s),
            "电流只增不减：没有脉冲的步里，它要减少 i/tau。",
            "The current only grows: in a step without a spike it loses i/tau.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + a if s else i / tau),
            "i/tau 是漏掉的部分，不是剩下的部分：要从 i 里减去它。",
            "i/tau is the part that leaks away, not the part that stays: subtract it from i.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i - i / tau + a if s else i),
            "衰减放错了地方：没有脉冲的步才衰减，有脉冲的步不衰减。",
            "The decay is in the wrong steps: it belongs into those without a spike, not into those with one.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: a * s),
            "只有脉冲到来的那一步有电流：上一步的电流没有留下来，i 要在循环之前设为 0，一步步更新。",
            "There is a current only in the steps of the spikes: nothing is left of the step before. Set i to 0 "
            "before the loop and update it step by step.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + a if s else i - i / tau, start=True),
            "一开始电流是 0，不是 amplitude。",
            "The current starts at 0, not at amplitude.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + a if s else max(0.0, i - a / tau)),
            "每步减少的不是固定的 amplitude/tau，而是当时电流的 1/tau：电流越小，减得越少。",
            "A step does not lose a fixed amplitude/tau but 1/tau of the present current: the smaller the current, "
            "the smaller the loss.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + a if s else i - i // tau),
            "// 是整除，会舍掉小数：要用 /。",
            "// divides to whole numbers and drops the rest: use /.",
        ),
        Mistake(
            _decay(lambda i, s, tau, a: i + i / tau * (1 + s) + a * s),
            "~ 对 Python 的 True 和 False 是按位取反：~False 是 -1，~True 是 -2。要用 not s 或 1 - s。",
            "~ inverts the bits of Python's True and False: ~False is -1 and ~True is -2. Use not s or 1 - s.",
        ),
        Mistake(
            lambda *a: exp_decay(*a)[-1],
            "只返回了最后一个电流：每一步的都要，放进一个列表。",
            "Only the last current came back: every step's is wanted, in a list.",
        ),
        Mistake(
            lambda *a: exp_decay(*a)[:1],
            "第一步之后就返回了：return 缩进得太多，要放在循环外面。",
            "It returns after the first step: return is indented too far and belongs outside the loop.",
        ),
        Mistake(
            lambda spikes, *a: [i for i, s in zip(exp_decay(spikes, *a), spikes, strict=True) if s],
            "只记录了有脉冲的步：没有脉冲的步也要记。",
            "Only the steps with a spike are recorded: those without belong into the list as well.",
        ),
    ),
    hints=(
        ("每一步只有两种情况：有脉冲，或者没有。", "A step is one of two kinds: with a spike, or without."),
        ("没有脉冲时走一步欧拉法：电流减少 i / tau。", "Without a spike, by an Euler step, it loses i / tau."),
        (
            "i = i + amplitude if s else i - i / tau，然后 currents.append(i)。",
            "i = i + amplitude if s else i - i / tau, then currents.append(i).",
        ),
    ),
)
