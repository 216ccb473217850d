"""Exercises of chapter 11: a convolutional spiking network on Fashion-MNIST."""

import math

import torch

from course_snn.course.exercise import Exercise, Mistake


def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return T // math.ceil(theta / current)


def or_pool(spikes):
    N, C, H, W = spikes.shape
    windows = spikes.reshape(N, C, H // 2, 2, W // 2, 2)
    return windows.amax((3, 5))


def synops(spikes, fan_out):
    return spikes.sum() / spikes.shape[1] * fan_out


def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0]
    for m, r in zip(macs[1:], rates, strict=True):
        snn = snn + 0.9 * T * r * m
    return ann / snn


def converted(a, top, T):
    n = math.floor(a / top * T + 0.5)
    n = min(max(n, 0), T)
    return n / T * top


def _saving(first_mac=4.6, steps=True, shift=False, spike=0.9, inverted=False, repeat=False):
    """``saving`` with one thing done wrong."""

    def answer(macs, rates, T):
        used = [1.0, *rates][:-1] if shift else rates
        snn = first_mac * macs[0] * (T if repeat else 1)
        for m, r in zip(macs[1:], used, strict=True):
            snn += spike * r * m * (T if steps else 1)
        ann = 4.6 * sum(macs)
        return snn / ann if inverted else ann / snn

    return answer


def _converted(half=0.5, low=True, high=True, scale=True):
    """``converted`` with one thing done wrong."""

    def answer(a, top, T):
        n = math.floor(a / top * T + half)
        n = max(n, 0) if low else n
        n = min(n, T) if high else n
        return n / T * (top if scale else 1)

    return answer


_SPIKES = (torch.rand(2, 3, 6, 8, generator=torch.manual_seed(0)) < 0.25).float()
_TRAINS = (torch.rand(4, 5, 3, 6, 6, generator=torch.manual_seed(1)) < 0.2).float()
_MACS = [112896, 451584, 100352, 1280]

EXERCISES = (
    Exercise(
        id="11.spike_count",
        solution=spike_count,
        cases=((0.5, 1.0, 4), (0.4, 1.0, 4), (0.3, 1.0, 12), (1.5, 1.0, 4), (-0.5, 1.0, 4), (0.75, 2.0, 20)),
        mistakes=(
            Mistake(
                lambda current, theta, T: 0 if current <= 0 else min(T, int(T * current / theta)),
                "这是软重置的答案：超出阈值的部分留了下来。硬重置把它丢掉，每次都要从零重新数 ⌈θ/I⌉ 步。",
                "That is the answer for a soft reset, which keeps what exceeds the threshold. A hard reset throws it "
                "away: every spike takes ⌈θ/I⌉ steps, counted from zero.",
            ),
            Mistake(
                lambda current, theta, T: 0 if current <= 0 else T // max(1, math.floor(theta / current)),
                "取整的方向反了：电流不够时要多等一步，所以是向上取整。",
                "Rounded the wrong way: if the current falls short, one more step is needed, so round up.",
            ),
            Mistake(
                lambda current, theta, T: 0 if current <= 0 else math.ceil(T / math.ceil(theta / current)),
                "第一个脉冲不在第 1 步，而在第 ⌈θ/I⌉ 步：完整的间隔才算，向下取整。",
                "The first spike does not come in step 1 but in step ⌈θ/I⌉: only whole intervals count, so round down.",
            ),
            Mistake(
                lambda current, theta, T: T // math.ceil(theta / abs(current)),
                "负电流让膜电位一路下降，永远不会发放：返回 0。",
                "A negative current drives the voltage down for ever, and nothing fires: return 0.",
            ),
        ),
        hints=(
            ("n 步之后 v = n·I；第一次 n·I ≥ θ 时发放。", "After n steps v = n·I; it fires as soon as n·I ≥ θ."),
            (
                "间隔 k = ⌈θ/I⌉ 步（math.ceil），重置到 0 之后一切从头再来。",
                "The interval is k = ⌈θ/I⌉ steps (math.ceil), and after the reset to 0 all starts again.",
            ),
            (
                "T 步里装得下 T // k 个完整的间隔；I ≤ 0 时返回 0。",
                "T steps hold T // k whole intervals; for I ≤ 0 return 0.",
            ),
        ),
    ),
    Exercise(
        id="11.or_pool",
        solution=or_pool,
        cases=((_SPIKES,), (_SPIKES[:1, :1, :2, :2],), (torch.eye(4).reshape(1, 1, 4, 4),)),
        mistakes=(
            Mistake(
                lambda s: torch.nn.functional.avg_pool2d(s, 2),
                "这是平均池化，结果不再是 0 和 1：四个里有一个发放，就输出 1。",
                "That is average pooling, and its results are no spikes: one spike among the four gives 1.",
            ),
            Mistake(
                lambda s: 4 * torch.nn.functional.avg_pool2d(s, 2),
                "你把脉冲加起来了，会得到 2、3、4：“或”的结果最多是 1。",
                "You added the spikes up, which gives 2, 3 and 4: an OR is at most 1.",
            ),
            Mistake(
                lambda s: s.reshape(*s.shape[:2], s.shape[2] // 2, 2, s.shape[3] // 2, 2).amin((3, 5)),
                "这是“与”：四个都发放才输出 1。要的是“或”。",
                "That is an AND, which asks all four to fire. An OR is wanted.",
            ),
            Mistake(
                lambda s: s[:, :, ::2, ::2],
                "你只看了每个窗口左上角的那一个。",
                "You looked only at the top left one of each window.",
            ),
        ),
        hints=(
            ("0 与 1 的“或”就是最大值。", "The OR of zeros and ones is their maximum."),
            (
                "先变成 [N, C, H//2, 2, W//2, 2]，每个窗口占第 3 和第 5 维。",
                "Reshape to [N, C, H//2, 2, W//2, 2]; dimensions 3 and 5 run through a window.",
            ),
            (
                "windows.amax((3, 5))。nn.MaxPool2d(2) 给出同样的结果。",
                "windows.amax((3, 5)). nn.MaxPool2d(2) gives the same.",
            ),
        ),
    ),
    Exercise(
        id="11.synops",
        solution=synops,
        cases=((_TRAINS, 144), (_TRAINS[:2, :3], 10), (torch.ones(4, 2, 7), 128)),
        mistakes=(
            Mistake(
                lambda s, fan_out: s.sum() * fan_out,
                "这是整批的总数：除以图片张数 N，才是每张图的。",
                "That is the total of the batch: divide by the number of pictures N.",
            ),
            Mistake(
                lambda s, fan_out: s.sum() / len(s) / s.shape[1] * fan_out,
                "你对时间求了平均：每一步的脉冲都要付出代价，时间要求和。",
                "You averaged over time: the spikes of every step have to be paid for, so sum over time.",
            ),
            Mistake(
                lambda s, fan_out: torch.as_tensor(float(s[:, 0].numel() * fan_out)),
                "你把沉默的神经元也算上了：只有脉冲才引起运算。",
                "You counted the silent neurons too: only spikes cause operations.",
            ),
            Mistake(
                lambda s, fan_out: s.mean() * fan_out,
                "这是一个神经元一步的平均：每张图的脉冲要对时间和神经元求和。",
                "That is the mean of one neuron in one step: sum a picture's spikes over time and neurons.",
            ),
        ),
        hints=(
            ("每个脉冲引起 fan_out 次累加。", "Each spike causes fan_out accumulations."),
            ("spikes.sum() 是整批、所有步的脉冲总数。", "spikes.sum() counts the spikes of all pictures and steps."),
            (
                "图片张数在第 1 维：spikes.sum() / spikes.shape[1] * fan_out。",
                "The number of pictures is dimension 1: spikes.sum() / spikes.shape[1] * fan_out.",
            ),
        ),
    ),
    Exercise(
        id="11.saving",
        solution=saving,
        cases=((_MACS, [0.12, 0.1, 0.15], 4), (_MACS[:2], [0.5], 8), ([1000, 1000, 10], [0.05, 0.3], 2)),
        mistakes=(
            Mistake(
                _saving(steps=False),
                "漏了 T：发放率是每一步的，T 步就有 T 倍的脉冲。",
                "T is missing: a rate is per step, and T steps hold T times as many spikes.",
            ),
            Mistake(
                _saving(first_mac=0.9),
                "第一层的输入是灰度值，不是脉冲：那里做的是乘加，每次 4.6 pJ。",
                "The first layer reads grey values, not spikes: it multiplies and accumulates, 4.6 pJ each.",
            ),
            Mistake(
                _saving(spike=0.1),
                "0.1 pJ 是整数加法：另一边用的是 32 位浮点数，这边也要用浮点加法 0.9 pJ。",
                "0.1 pJ is an integer addition: the other side counts 32-bit floats, so take 0.9 pJ here as well.",
            ),
            Mistake(
                _saving(shift=True),
                "发放率错开了一层：rates[0] 是第一层神经元的，它们的脉冲进入第二层，即 macs[1]。",
                "The rates are one layer off: rates[0] belongs to the first neurons, whose spikes enter the second "
                "layer, macs[1].",
            ),
            Mistake(
                _saving(repeat=True),
                "静止的图片，第一层只算一次，不必乘以 T。",
                "With a still picture the first layer is computed once, not T times.",
            ),
            Mistake(
                _saving(inverted=True),
                "上下颠倒了：节省的倍数是 ANN 的能量除以 SNN 的。",
                "Upside down: the saving is the energy of the ANN divided by that of the SNN.",
            ),
        ),
        hints=(
            (
                "第一层：macs[0] 次乘加，每次 4.6 pJ，只算一次。",
                "First layer: macs[0] multiply-accumulates of 4.6 pJ, once.",
            ),
            (
                "第 l 层（l ≥ 1）：macs[l] · rates[l-1] · T 次累加，每次 0.9 pJ。",
                "Layer l (l ≥ 1): macs[l] · rates[l-1] · T accumulations of 0.9 pJ.",
            ),
            (
                "ANN：每层 macs[l] 次乘加，每次 4.6 pJ；返回 ann / snn。",
                "The ANN: macs[l] multiply-accumulates of 4.6 pJ in each layer; return ann / snn.",
            ),
        ),
    ),
    Exercise(
        id="11.converted",
        solution=converted,
        cases=((0.3, 1.0, 4), (0.4, 1.0, 4), (-0.7, 1.0, 4), (1.9, 1.0, 4), (2.2, 3.0, 8), (0.9, 1.5, 1)),
        mistakes=(
            Mistake(
                _converted(half=0.0),
                "初始的半个阈值不见了：有了它，floor(x) 变成 floor(x + 1/2)，即四舍五入。",
                "The half threshold at the start is missing: it turns floor(x) into floor(x + 1/2), which rounds.",
            ),
            Mistake(
                _converted(low=False),
                "脉冲数不会是负的：负电流给出 0。",
                "A number of spikes is not negative: a negative current gives 0.",
            ),
            Mistake(
                _converted(high=False),
                "每步最多一个脉冲：T 步最多 T 个。",
                "At most one spike a step: no more than T in T steps.",
            ),
            Mistake(
                _converted(scale=False),
                "这是发放率；还要乘以 top，才回到激活值的单位。",
                "That is the firing rate; multiply by top to be back in the unit of the activation.",
            ),
        ),
        hints=(
            (
                "令 θ = top，电流 I = a。软重置之下 T 步后 v = θ/2 + a·T − n·θ，n 是脉冲数。",
                "Let θ = top and the current be a. With soft reset v = θ/2 + a·T − n·θ after T steps with n spikes.",
            ),
            (
                "0 ≤ a ≤ θ 时 v 始终在 [0, θ) 里，所以 n = ⌊a·T/θ + 1/2⌋。",
                "For 0 ≤ a ≤ θ the voltage stays in [0, θ), so n = ⌊a·T/θ + 1/2⌋.",
            ),
            (
                "把 n 限制在 0 … T，返回 n / T * top。",
                "Keep n within 0 … T and return n / T * top.",
            ),
        ),
    ),
)
