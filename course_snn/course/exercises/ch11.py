"""Exercises of chapter 11: a convolutional spiking network on Fashion-MNIST."""

import math

import torch

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises.ch11_challenge import CONVERTED


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


def _counted(spikes=lambda T, k: T // k, interval=math.ceil):
    """``spike_count`` with one thing done wrong: the interval from θ/I, or the number of spikes from the interval."""
    return lambda current, theta, T: 0 if current <= 0 else spikes(T, interval(theta / current))


def _softly(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T):
        v += current
        if v >= theta:
            n, v = n + 1, v - theta
    return n


def _train(current, theta, T):
    k = math.ceil(theta / current) if current > 0 else T + 1
    return [int(t % k == 0) for t in range(1, T + 1)]


def _windows(spikes):
    """Return the four neurons of each window in the last dimension."""
    return spikes.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)


def _in_a_row(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, W // 2, 4).amax(4)


def _one_dimension_early(spikes):
    rows = torch.maximum(spikes[:, ::2], spikes[:, 1::2])
    return torch.maximum(rows[:, :, ::2], rows[:, :, 1::2])


def _first_channel(spikes):
    pooled = torch.zeros_like(or_pool(spikes))
    pooled[:, 0] = or_pool(spikes)[:, 0]
    return pooled


def _saving(
    first=lambda m, T: 4.6 * m, steps=lambda T: T, spike=0.9, ann=lambda macs, T: 4.6 * sum(macs), rates=lambda r: r
):
    """``saving`` with one thing done wrong."""

    def answer(macs, r, T):
        pairs = zip(macs[1:], rates(r), strict=False)
        return ann(macs, T) / (first(macs[0], T) + spike * steps(T) * sum(m * rate for m, rate in pairs))

    return answer


def _rates_of_the_same_layer(macs, rates, T):
    return 4.6 * sum(macs) / (4.6 * macs[0] + 0.9 * T * sum(m * r for m, r in zip(macs, rates, strict=False)))


def _multiplied(macs, rates, T):
    used = zip(macs[1:], rates, strict=True)
    return 3.7 * sum(macs) / (3.7 * macs[0] + 0.9 * T * sum(m * r for m, r in used))


def _mean(rates):
    return [sum(rates) / max(1, len(rates))] * len(rates)


_ONES = torch.eye(4).reshape(4, 1, 1, 2, 2)
_SPIKES = (torch.rand(2, 3, 6, 8, generator=torch.Generator().manual_seed(0)) < 0.25).float()
_TRAINS = (torch.rand(4, 5, 3, 6, 6, generator=torch.Generator().manual_seed(5)) < 0.2).float()
_MACS = [112896, 451584, 100352, 1280]

EXERCISES = (
    Exercise(
        id="11.spike_count",
        solution=spike_count,
        cases=(
            (0.5, 1.0, 4),
            (1.0, 1.0, 5),
            (0.4, 1.0, 4),
            (3.0, 1.0, 4),
            (0.125, 1.0, 4),
            (0, 1.0, 4),
            (-0.5, 1.0, 4),
            (0.3, 1.0, 12),
            (0.625, 1.0, 12),
            (0.75, 2.0, 20),
        ),
        mistakes=(
            Mistake(
                _softly,
                "这是软重置的答案：超出阈值的部分留了下来。硬重置把它丢掉，每次都要从零重新数 ⌈θ/I⌉ 步。",
                "That is the answer for a soft reset, which keeps what exceeds the threshold. A hard reset throws it "
                "away: every spike takes ⌈θ/I⌉ steps, counted from zero.",
            ),
            Mistake(
                _counted(lambda T, q: int(T / q), interval=float),
                "这是 ⌊T·I/θ⌋：超出阈值的部分留了下来，那是软重置。硬重置把它丢掉，每个脉冲都要从零数 ⌈θ/I⌉ 步。",
                "That is ⌊T·I/θ⌋, which keeps what exceeds the threshold as a soft reset does. A hard reset throws it "
                "away: every spike takes ⌈θ/I⌉ steps from zero.",
            ),
            Mistake(
                _counted(interval=lambda q: max(1, math.floor(q))),
                "取整的方向反了：电流不够时要多等一步，所以是向上取整。",
                "Rounded the wrong way: if the current falls short, one more step is needed, so round up.",
            ),
            Mistake(
                _counted(interval=lambda q: max(1, round(q))),
                "间隔不是四舍五入：差一点也要多等一步，所以是向上取整。",
                "The interval is not rounded to the nearest: if anything is missing one more step is needed, so round "
                "up.",
            ),
            Mistake(
                _counted(interval=lambda q: math.floor(q) + 1),
                "膜电位恰好等于 θ 时也发放（≥，不是 >）：θ/I 是整数时不用多等一步。",
                "It fires at exactly θ too (≥, not >): where θ/I is whole, no step more is needed.",
            ),
            Mistake(
                _counted(lambda T, k: math.ceil(T / k)),
                "第一个脉冲不在第 1 步，而在第 ⌈θ/I⌉ 步：完整的间隔才算，向下取整。",
                "The first spike does not come in step 1 but in step ⌈θ/I⌉: only whole intervals count, so round down.",
            ),
            Mistake(
                _counted(lambda T, k: round(T / k)),
                "只有完整的间隔才有脉冲：T / k 不是四舍五入，而是向下取整，T // k。",
                "Only a whole interval gives a spike: T / k is not rounded to the nearest but down, T // k.",
            ),
            Mistake(
                _counted(lambda T, k: T / k),
                "脉冲数是整数：只算完整的间隔，用整除 //。",
                "A number of spikes is whole: only whole intervals count, so divide by //.",
            ),
            Mistake(
                _counted(lambda T, k: k),
                "这是第一个脉冲所在的步；要的是 T 步里有几个。",
                "That is the step of the first spike; wanted is how many there are in T steps.",
            ),
            Mistake(
                _counted(lambda T, k: 1 + T // k),
                "多算了一个：第一个脉冲在第 k 步，不在第 0 步。",
                "One too many: the first spike comes in step k, not in step 0.",
            ),
            Mistake(
                _counted(lambda T, k: (T - 1) // k),
                "最后一步的脉冲没算进来：每一步先加上电流，再看是否达到阈值，T 步都要算。",
                "The spike of the last step is missing: in each of the T steps add the current first, then look at "
                "the threshold.",
            ),
            Mistake(
                _counted(lambda T, k: max(0, T - k + 1)),
                "发放之后没有重置：硬重置让膜电位回到 0，再从头累积。",
                "No reset after a spike: a hard reset puts the voltage back to 0, and it builds up again.",
            ),
            Mistake(
                _counted(lambda T, k: (T + 1) // (k + 1)),
                "每次发放之后多等了一步：重置就在发放的那一步，下一步马上又开始累积。",
                "A step is lost after each spike: the reset belongs to the step of the spike, and the next one adds "
                "again.",
            ),
            Mistake(
                _counted(lambda T, k: min(1, T // k)),
                "第一个脉冲之后就停了：重置之后还会再发放。",
                "You stop at the first spike: after the reset it fires again.",
            ),
            Mistake(
                _counted(lambda T, k: 4 // k),
                "步数不总是 4：用上参数 T。",
                "The number of steps is not always 4: make use of T.",
            ),
            Mistake(
                lambda current, theta, T: 0 if current <= 0 else T // math.ceil(1 / current),
                "阈值不总是 1：用上参数 theta。",
                "The threshold is not always 1: make use of theta.",
            ),
            Mistake(
                lambda current, theta, T: 0 if current == 0 else T // math.ceil(theta / current),
                "负电流让膜电位一路下降，永远不会发放：返回 0。",
                "A negative current drives the voltage down for ever, and nothing fires: return 0.",
            ),
            Mistake(
                lambda current, theta, T: 0 if current == 0 else T // math.ceil(theta / abs(current)),
                "负电流与正电流不一样：它让膜电位一路下降，永远不会发放，返回 0。",
                "A negative current is not like a positive one: it drives the voltage down for ever, nothing fires, "
                "return 0.",
            ),
            Mistake(
                _train,
                "这是每一步有没有脉冲；要的是总数，一个整数。",
                "Those are the spikes step by step; wanted is their number.",
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
        cases=(*((one,) for one in _ONES), (torch.ones(1, 2, 2, 4),), (_SPIKES,)),
        exact=(KIND,),
        keeps=True,
        mistakes=(
            Mistake(
                lambda s: _windows(s).mean(4),
                "这是平均池化，结果不再是 0 和 1：四个里有一个发放，就输出 1。",
                "That is average pooling, and its results are no spikes: one spike among the four gives 1.",
            ),
            Mistake(
                lambda s: _windows(s).sum(4),
                "你把脉冲加起来了，会得到 2、3、4：“或”的结果最多是 1。",
                "You added the spikes up, which gives 2, 3 and 4: an OR is at most 1.",
            ),
            Mistake(
                lambda s: _windows(s).amin(4),
                "这是“与”：四个都发放才输出 1。要的是“或”。",
                "That is an AND, which asks all four to fire. An OR is wanted.",
            ),
            Mistake(
                lambda s: _windows(s).sum(4) % 2,
                "这是奇偶：两个脉冲互相抵消了。“或”在有两个脉冲时也是 1。",
                "That is the parity, in which two spikes cancel. The OR of two spikes is 1 as well.",
            ),
            Mistake(
                lambda s: s[:, :, ::2, ::2],
                "你只看了每个窗口左上角的那一个。",
                "You looked only at the top left one of each window.",
            ),
            Mistake(
                lambda s: torch.maximum(s[..., ::2, ::2], s[..., 1::2, 1::2]),
                "你只看了每个窗口对角线上的两个。",
                "You looked only at the two on the diagonal of each window.",
            ),
            Mistake(
                lambda s: torch.maximum(s[..., ::2, :], s[..., 1::2, :]),
                "高减半了，宽还没有：对列再做一次同样的事。",
                "The height is halved, the width not yet: do the same to the columns.",
            ),
            Mistake(
                lambda s: torch.maximum(s[..., ::2], s[..., 1::2]),
                "宽减半了，高还没有：对行再做一次同样的事。",
                "The width is halved, the height not yet: do the same to the rows.",
            ),
            Mistake(
                lambda s: torch.nn.functional.max_pool2d(s, 2, stride=1),
                "窗口重叠了，每次只移了一格：每次要移两格。",
                "Your windows overlap, as they move by one: move them by two.",
            ),
            Mistake(
                _in_a_row,
                "你取的是内存里相邻的四个，不是 2×2 的窗口：两个 2 要分开放，[N, C, H//2, 2, W//2, 2]。",
                "You take four that are next to each other in memory, not a window: keep the two 2s apart, [N, C, "
                "H//2, 2, W//2, 2].",
            ),
            Mistake(
                lambda s: _windows(s).argmax(4),
                "这是窗口里的位置，不是值：用 .values 或 amax。",
                "Those are places inside the window, not values: take .values, or amax.",
            ),
            Mistake(
                _one_dimension_early,
                "早了一维：这里是 [N, C, H, W]，池化的是第 2、3 维，通道不动。",
                "One dimension too early: this is [N, C, H, W]; pool dimensions 2 and 3 and leave the channels alone.",
            ),
            Mistake(
                _first_channel,
                "只有第一个通道有结果：每个通道都要池化。",
                "Only the first channel has a result: pool every channel.",
            ),
            Mistake(
                lambda s: or_pool(s).bool(),
                "数值对，但结果是布尔的；后面的层只收浮点数：用 .float() 换回来。",
                "The values are right, but bool; the next layer takes floats: change them back by .float().",
            ),
            Mistake(
                lambda s: or_pool(s).long(),
                "数值对，但结果是整数；后面的层只收浮点数：用 .float() 换回来。",
                "The values are right, but whole numbers; the next layer takes floats: change them back by .float().",
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
        cases=(
            (torch.ones(2, 1, 3), 10),
            (torch.ones(4, 2, 7), 128),
            (torch.eye(6).reshape(3, 4, 3), 5),
            (torch.zeros(3, 2, 4), 5),
            (_TRAINS, 144),
        ),
        mistakes=(
            Mistake(
                lambda s, fan_out: s.sum() * fan_out,
                "这是整批的总数：除以图片张数 N，才是每张图的。",
                "That is the total of the batch: divide by the number of pictures N.",
            ),
            Mistake(
                lambda s, fan_out: s.sum() / len(s) * fan_out,
                "除的是步数 T（第 0 维，也就是 len）：要除以图片张数 N，在第 1 维。",
                "You divide by the number of steps T (dimension 0, which is len): divide by that of pictures, "
                "dimension 1.",
            ),
            Mistake(
                lambda s, fan_out: s.sum() / len(s) / s.shape[1] * fan_out,
                "你对时间求了平均：每一步的脉冲都要付出代价，时间要求和。",
                "You averaged over time: the spikes of every step have to be paid for, so sum over time.",
            ),
            Mistake(
                lambda s, fan_out: s[:, 0].numel() * fan_out,
                "你把沉默的神经元也算上了：只有脉冲才引起操作。",
                "You counted the silent neurons too: only spikes cause operations.",
            ),
            Mistake(
                lambda s, fan_out: s.mean() * fan_out,
                "这是一个神经元一步的平均：每张图的脉冲要对时间和神经元求和。",
                "That is the mean of one neuron in one step: sum a picture's spikes over time and neurons.",
            ),
            Mistake(
                lambda s, fan_out: s.sum() / s[0].numel() * fan_out,
                "这是每个神经元的平均：每张图的脉冲要对神经元求和，只除以 N。",
                "That is the mean of one neuron: sum a picture's spikes over its neurons, and divide by N only.",
            ),
            Mistake(
                lambda s, fan_out: s.sum() / s.shape[1],
                "这是每张图的脉冲数；每个脉冲引起 fan_out 次操作，还要乘上它。",
                "That is the number of spikes of a picture; each causes fan_out operations, so multiply by it.",
            ),
            Mistake(
                lambda s, fan_out: s.sum() / s.shape[1] / fan_out,
                "扇出要乘，不是除：一个脉冲引起 fan_out 次操作。",
                "Multiply by the fan-out, do not divide: one spike causes fan_out operations.",
            ),
            Mistake(
                lambda s, fan_out: s.amax(0).sum() / s.shape[1] * fan_out,
                "一个神经元发放几次就算几次，不是只算一次。",
                "A neuron counts as often as it fires, not just once.",
            ),
            Mistake(
                lambda s, fan_out: s.sum() // s.shape[1] * fan_out,
                "每张图的平均不必是整数：用 /，不用 //。",
                "The mean of the pictures need not be whole: use /, not //.",
            ),
            Mistake(
                lambda s, fan_out: s[-1].sum() / s.shape[1] * fan_out,
                "你只数了最后一步：所有的步都要算。",
                "You count only the last step: all steps are to be counted.",
            ),
            Mistake(
                lambda s, fan_out: s.flatten(1).sum(1) / s.shape[1] * fan_out,
                "这是每一步的次数；还要把各步加起来，得到一个数。",
                "Those are the operations of each step; add the steps up, to one number.",
            ),
            Mistake(
                lambda s, fan_out: s.transpose(0, 1).flatten(1).sum(1) * fan_out,
                "这是每张图各自的次数；要它们的平均，一个数。",
                "Those are the operations of each picture; wanted is their mean, one number.",
            ),
            Mistake(
                lambda s, fan_out: s[:, 0].sum() * fan_out,
                "你只数了第一张图；要 N 张图的平均。",
                "You count only the first picture; wanted is the mean of all N.",
            ),
            Mistake(
                lambda s, fan_out: s.transpose(0, 1).flatten(1).sum(1).amax() * fan_out,
                "这是最大的一张图；要 N 张图的平均。",
                "That is the largest picture; wanted is the mean of all N.",
            ),
            Mistake(
                lambda s, fan_out: s.sum() / 100 * fan_out,
                "图片不总是 100 张：用 spikes.shape[1]。",
                "There are not always 100 pictures: use spikes.shape[1].",
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
        cases=(
            ([100, 100], [0.5], 1),
            (_MACS, [0.12, 0.1, 0.15], 4),
            ([1000, 1000, 10], [0.05, 0.3], 2),
            ([1000], [], 4),
            (_MACS[:2], [0.5], 8),
        ),
        keeps=True,
        mistakes=(
            Mistake(
                _saving(steps=lambda T: 1),
                "漏了 T：发放率是每一步的，T 步就有 T 倍的脉冲。",
                "T is missing: a rate is per step, and T steps hold T times as many spikes.",
            ),
            Mistake(
                _saving(steps=lambda T: 4),
                "步数不总是 4：用上参数 T。",
                "The number of steps is not always 4: make use of T.",
            ),
            Mistake(
                _saving(first=lambda m, T: 0.9 * m),
                "第一层的输入是灰度值，不是脉冲：那里做的是乘加，每次 4.6 pJ。",
                "The first layer reads grey values, not spikes: it multiplies and accumulates, 4.6 pJ each.",
            ),
            Mistake(
                _saving(spike=0.1),
                "0.1 pJ 是整数加法：另一边用的是 32 位浮点数，这边也要用浮点加法 0.9 pJ。",
                "0.1 pJ is an integer addition: the other side counts 32-bit floats, so take 0.9 pJ here as well.",
            ),
            Mistake(
                _saving(spike=4.6),
                "脉冲是 0 和 1，不用乘：一次累加 0.9 pJ，不是 4.6。",
                "Spikes are 0 and 1 and need no multiplication: an accumulation takes 0.9 pJ, not 4.6.",
            ),
            Mistake(
                _saving(rates=lambda r: [1.0, *r][:-1]),
                "发放率错开了一层：rates[0] 是第一层神经元的，它们的脉冲进入第二层，即 macs[1]。",
                "The rates are one layer off: rates[0] belongs to the first neurons, whose spikes enter the second "
                "layer, macs[1].",
            ),
            Mistake(
                _rates_of_the_same_layer,
                "rates[l] 乘错了层：脉冲从第 l 层进入第 l+1 层，所以 rates[0] 配 macs[1]。",
                "rates[l] goes with the wrong layer: these spikes enter layer l + 1, so rates[0] goes with macs[1].",
            ),
            Mistake(
                _saving(rates=_mean),
                "各层的发放率不能先平均：每层的 rates[l] 乘自己那一层的 macs。",
                "Do not average the rates first: each rate goes with the macs of its own layer.",
            ),
            Mistake(
                _saving(rates=lambda r: [1.0] * len(r)),
                "漏了发放率：只有脉冲才引起累加。",
                "The rates are missing: only spikes cause accumulations.",
            ),
            Mistake(
                _saving(rates=lambda r: r[:-1]),
                "SNN 里漏了最后一层。",
                "The last layer is missing in the SNN.",
            ),
            Mistake(
                _saving(first=lambda m, T: 4.6 * m * T),
                "静止的图片，第一层只算一次，不必乘以 T。",
                "With a still picture the first layer is computed once, not T times.",
            ),
            Mistake(
                _saving(first=lambda m, T: 0.0),
                "SNN 里漏了第一层：那里照样是 macs[0] 次乘加。",
                "The first layer is missing in the SNN: it takes macs[0] multiply-accumulates as ever.",
            ),
            Mistake(
                _saving(first=lambda m, T: 0.0, ann=lambda macs, T: 4.6 * sum(macs[1:])),
                "两边都漏了第一层：它没有省，但能量要算上。",
                "The first layer is missing on both sides: nothing is saved there, but its energy counts.",
            ),
            Mistake(
                _saving(ann=lambda macs, T: 4.6 * sum(macs) * T),
                "ANN 只算一遍，不必乘以 T。",
                "The ANN runs once, not T times.",
            ),
            Mistake(
                _multiplied,
                "3.7 pJ 只是乘法；一次乘加是 4.6 pJ。",
                "3.7 pJ is the multiplication alone; a multiply-accumulate takes 4.6 pJ.",
            ),
            Mistake(
                lambda macs, rates, T: 1 / saving(macs, rates, T),
                "上下颠倒了：节省的倍数是 ANN 的能量除以 SNN 的。",
                "Upside down: the saving is the energy of the ANN divided by that of the SNN.",
            ),
            Mistake(
                lambda macs, rates, T: 1 - 1 / saving(macs, rates, T),
                "这是省下的那一份；要的是倍数，ANN 的能量除以 SNN 的。",
                "That is the part saved; wanted is the ratio, the energy of the ANN divided by that of the SNN.",
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
    CONVERTED,
)
