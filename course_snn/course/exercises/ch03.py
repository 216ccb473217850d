"""Exercises of chapter 03: synapses."""

import random

import torch

from course_snn.course.exercise import Exercise, Mistake


def exp_decay(spikes, tau, amplitude):
    i, currents = 0.0, []
    for s in spikes:
        i = i + amplitude if s else i - i / tau
        currents.append(i)
    return currents


def stp_step(x, v, s, v_base, tau_f, tau_d):
    new_x = x + (1 - x) / tau_d - v * x * s
    new_v = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return new_x, new_v, new_v * new_x * s


class DelayLine:
    def __init__(self, d):
        self.queue = [0.0] * d

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


def wire(synapses, in_num, out_num):
    weight = torch.zeros(out_num, in_num)
    for pre, post, w in synapses:
        weight[post, pre] += w
    return weight


def locate(left, right, longest):
    matches = {}
    for d in range(-longest, longest + 1):
        early, late = (left, right) if d >= 0 else (right, left)
        matches[d] = sum(a and b for a, b in zip(early, late[abs(d) :], strict=False))
    return max(matches, key=matches.get)


def _currents(spikes, after):
    """``exp_decay`` with another update: ``after(i, s)`` is the new current."""
    i, currents = 0.0, []
    for s in spikes:
        i = after(i, s)
        currents.append(i)
    return currents


def _stp(x, v, s, v_base, tau_f, tau_d, *, wrong):
    """``stp_step`` with one thing done wrong."""
    new_v = v + (v_base - v) / tau_f + v_base * (1 if wrong == "unbounded" else 1 - v) * s
    new_x = x + (1 - x) / tau_d - (new_v if wrong == "early" else v) * x * s
    current = v * x if wrong == "old" else new_v * new_x
    return new_x, new_v, current if wrong == "ungated" else current * s


class _FirstOut(DelayLine):
    def push(self, x):
        self.queue.append(x)
        return self.queue.pop()


class _TooEarly(DelayLine):
    def __init__(self, d):
        super().__init__(max(d - 1, 0))


class _TooLate(DelayLine):
    def __init__(self, d):
        super().__init__(d + 1)


def _run_lines(answer, delays, inputs):
    """Push the same inputs through one line per delay, all lines at once; return what came out, line by line."""
    lines = [answer(d) for d in delays]
    out = [[line.push(x) for line in lines] for x in inputs]
    for blank in (..., None):
        if any(value is blank for row in out for value in row):
            return blank
    return [[float(row[k]) for row in out] for k in range(len(lines))]


def two_ears(difference: int, seed: int, steps: int = 600) -> tuple[list[bool], list[bool]]:
    """Return what both ears hear of one noisy source: right hears ``difference`` steps after left (before, if < 0).

    A third of the spikes get lost on each side, and each ear adds some of its own.
    """
    rng = random.Random(seed)
    source = [rng.random() < 0.05 for _ in range(steps + 2 * 20)]

    def ear(lag: int) -> list[bool]:
        heard = (source[20 + t - lag] and rng.random() < 0.67 for t in range(steps))
        return [bool(spike) or rng.random() < 0.01 for spike in heard]

    return ear(0), ear(difference)


def _among(left, right, delays):
    """Return the delay among ``delays`` at which most spikes meet."""
    steps = range(len(left))
    return max(delays, key=lambda d: sum(left[t] and t + d in steps and right[t + d] for t in steps))


EXERCISES = (
    Exercise(
        id="03.exp_decay",
        solution=exp_decay,
        cases=(
            ([True, False, False, True, False, False, False], 5.0, 1.0),
            ([True, True, True, False, False], 4.0, 2.0),
            ([False, True, False, False, False, True], 10.0, 0.5),
        ),
        mistakes=(
            Mistake(
                lambda spikes, tau, amplitude: _currents(spikes, lambda i, s: amplitude if s else i - i / tau),
                "你让电流“变成”了 amplitude：之前剩下的电流被抹掉了。脉冲要在原有电流上加 amplitude。",
                "Your current becomes amplitude, which wipes out what was left of it. A spike adds amplitude to it.",
            ),
            Mistake(
                lambda spikes, tau, amplitude: _currents(spikes, lambda i, s: i - i / tau + amplitude * s),
                "到来脉冲的那一步不衰减：这一步只加 amplitude。",
                "There is no decay in the step of a spike: that step only adds amplitude.",
            ),
            Mistake(
                lambda spikes, tau, amplitude: _currents(spikes, lambda i, s: i + amplitude if s else i + i / tau),
                "符号反了：没有脉冲时电流要减少 i/tau，不是增加。",
                "The sign is wrong: without a spike the current loses i/tau, it does not gain it.",
            ),
            Mistake(
                lambda spikes, tau, amplitude: _currents(spikes, lambda i, s: i + 1 if s else i - i / tau),
                "忘了 amplitude：一个脉冲加的不总是 1。",
                "amplitude is missing: what a spike adds is not always 1.",
            ),
            Mistake(
                lambda *a: [0.0, *exp_decay(*a)[:-1]],
                "差了一步：先更新电流，再记录它；脉冲到来的当步就有电流。",
                "Off by one: update the current first, then record it; it flows in the very step of the spike.",
            ),
        ),
        hints=(
            ("每一步只有两种情况：有脉冲，或者没有。", "A step is one of two kinds: with a spike, or without."),
            (
                "没有脉冲时走一步欧拉法：电流减少 i / tau。",
                "Without a spike take an Euler step: the current loses i / tau.",
            ),
            (
                "i = i + amplitude if s else i - i / tau，然后 currents.append(i)。",
                "i = i + amplitude if s else i - i / tau, then currents.append(i).",
            ),
        ),
    ),
    Exercise(
        id="03.stp_step",
        solution=stp_step,
        cases=(
            (1.0, 0.5, 1, 0.5, 20.0, 10.0),
            (0.5, 0.75, 0, 0.5, 20.0, 10.0),
            (0.55, 0.7375, 1, 0.5, 20.0, 10.0),
            (0.9, 0.3, 1, 0.2, 50.0, 200.0),
        ),
        mistakes=(
            Mistake(
                lambda *a: _stp(*a, wrong="early"),
                "更新 x 时用了新的 v。两个更新都要用旧值：先把新值存进别的变量。",
                "You updated x with the new v. Both updates read the old values: keep the new ones in variables of "
                "their own.",
            ),
            Mistake(
                lambda *a: _stp(*a, wrong="old"),
                "输出用的是旧值。这里约定：输出用更新之后的 x 和 v。",
                "The output uses the old values. Here it takes x and v after their update.",
            ),
            Mistake(
                lambda *a: _stp(*a, wrong="unbounded"),
                "少了因子 (1 - v)：没有它，v 会超过 1，释放的比库存还多。",
                "The factor (1 - v) is missing: without it v passes 1 and more is released than there is.",
            ),
            Mistake(
                lambda *a: _stp(*a, wrong="ungated"),
                "没有脉冲时也有电流：输出要乘以 s。",
                "A current flows without a spike: multiply the output by s.",
            ),
            Mistake(
                lambda x, v, s, v_base, tau_f, tau_d: stp_step(x, v, s, v_base, tau_d, tau_f),
                "两个时间常数用反了：x 用 tau_d，v 用 tau_f。",
                "The time constants are exchanged: x takes tau_d, v takes tau_f.",
            ),
        ),
        hints=(
            (
                "三行代码：新的 x，新的 v，最后是电流。",
                "Three lines: the new x, the new v, and then the current.",
            ),
            (
                "每个更新 = 旧值 + 恢复项 + 脉冲项 × s；两行都只读旧的 x 和 v。",
                "Each update = old value + recovery + spike term × s; both lines read only the old x and v.",
            ),
            (
                "new_x = x + (1 - x) / tau_d - v * x * s；new_v 照着写；电流是 new_v * new_x * s。",
                "new_x = x + (1 - x) / tau_d - v * x * s; new_v likewise; the current is new_v * new_x * s.",
            ),
        ),
    ),
    Exercise(
        id="03.delay_line",
        solution=DelayLine,
        cases=(
            ([2], [1.0, 2.0, 3.0, 4.0, 5.0]),
            ([1, 3], [5.0, 0.0, 7.0, 1.0, 2.0]),
            ([0], [4.0, 3.0, 2.0]),
        ),
        run=_run_lines,
        mistakes=(
            Mistake(
                _FirstOut,
                "这是后进先出：刚放进去的又被拿出来，等于没有延迟。要取最早放进去的那一个，即 pop(0)。",
                "That is last in, first out: what just went in comes straight out again, so there is no delay. Take "
                "the oldest one, pop(0).",
            ),
            Mistake(
                _TooEarly,
                "早了一步：延迟 d 步，就要先输出 d 个零。",
                "One step too early: a delay of d steps puts out d zeros first.",
            ),
            Mistake(
                _TooLate,
                "晚了一步：延迟 0 步时，输入应当在当步原样输出。",
                "One step too late: with a delay of 0 steps an input comes out in its own step.",
            ),
        ),
        hints=(
            ("用一个列表当队列：从一端进，从另一端出。", "Use a list as a queue: in at one end, out at the other."),
            (
                "一开始队列里放 d 个 0.0，这就是最先出来的 d 个值。",
                "Start with d times 0.0 in the queue: these are the first d values to come out.",
            ),
            (
                "push：self.queue.append(x)，然后 return self.queue.pop(0)。",
                "push: self.queue.append(x), then return self.queue.pop(0).",
            ),
        ),
    ),
    Exercise(
        id="03.wire",
        solution=wire,
        cases=(
            ([(0, 1, 0.5), (2, 0, -1.0), (2, 1, 0.25)], 3, 2),
            ([(0, 0, 0.3), (1, 0, 0.4), (0, 0, 0.2)], 2, 2),
            ([(1, 3, 2.0)], 2, 4),
        ),
        mistakes=(
            Mistake(
                lambda synapses, in_num, out_num: wire(synapses, in_num, out_num).t(),
                "行列颠倒了：行是突触后神经元，列是突触前神经元，形状是 [out_num, in_num]。",
                "Rows and columns are exchanged: a row is a postsynaptic neuron, a column a presynaptic one; the shape "
                "is [out_num, in_num].",
            ),
            Mistake(
                lambda synapses, i, o: wire([(*pair, w) for pair, w in {s[:2]: s[2] for s in synapses}.items()], i, o),
                "两个神经元之间可以有不止一个突触：强度要相加，不是覆盖。",
                "Two neurons may share more than one synapse: their strengths add up, the last does not replace "
                "the first.",
            ),
            Mistake(
                lambda synapses, i, o: wire([(pre, post, 1.0) for pre, post, _ in synapses], i, o),
                "你数的是突触的个数。要填的是强度 w。",
                "You count the synapses. Their strength w is wanted.",
            ),
        ),
        hints=(
            ("先造一个全零矩阵，再逐个填突触。", "Start from a matrix of zeros, then enter the synapses one by one."),
            ("形状是 [out_num, in_num]：第几行由 post 决定。", "The shape is [out_num, in_num]: post chooses the row."),
            ("对每个突触：weight[post, pre] += w。", "For each synapse: weight[post, pre] += w."),
        ),
    ),
    Exercise(
        id="03.locate",
        solution=locate,
        cases=(
            (*two_ears(7, 1), 12),
            (*two_ears(-5, 2), 12),
            (*two_ears(0, 3), 12),
            (*two_ears(12, 4), 12),
        ),
        mistakes=(
            Mistake(
                lambda left, right, longest: -locate(left, right, longest),
                "符号反了：左耳先听到时，答案是正数。",
                "The sign is wrong: the answer is positive when the left ear hears first.",
            ),
            Mistake(
                lambda left, right, longest: _among(left, right, range(longest + 1)),
                "你只试了左耳先听到的情形：声源也可能在右边，d 要从 -longest 试起。",
                "You tried only sources on the left: the sound may come from the right, so d starts at -longest.",
            ),
            Mistake(
                lambda left, right, longest: locate(left, right, longest) + longest,
                "你返回的是第几个检测器。要返回它对应的时间差：减去 longest。",
                "You return the number of the detector. What is wanted is its time difference: subtract longest.",
            ),
            Mistake(
                lambda left, right, longest: _among(left, right, range(-longest, longest)),
                "少试了一个：range 不含终点，最大的时间差是 longest。",
                "One is missing: range leaves out its end, and the largest difference is longest.",
            ),
            Mistake(
                lambda left, right, longest: right.index(True) - left.index(True),
                "只比较第一个脉冲太冒险：它可能是噪声，也可能丢了。要让所有脉冲一起投票。",
                "To compare only the first spikes is risky: one may be noise, one may be lost. Let all spikes vote.",
            ),
        ),
        hints=(
            (
                "对每个候选时间差 d，数一数有多少个脉冲对得上。",
                "For every candidate difference d, count how many spikes meet.",
            ),
            (
                "d ≥ 0 时，left[t] 要和 right[t + d] 比；d < 0 时，左右互换。",
                "For d ≥ 0 compare left[t] with right[t + d]; for d < 0 exchange the ears.",
            ),
            (
                "sum(a and b for a, b in zip(left, right[d:])) 就是一个重合检测器的计数；返回计数最大的 d。",
                "sum(a and b for a, b in zip(left, right[d:])) is what one coincidence detector counts; return the d "
                "with the largest count.",
            ),
        ),
    ),
)
