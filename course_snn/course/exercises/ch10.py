"""Exercises of chapter 10: convolutional SNN and the SNN doctor."""

import torch
from torch.nn import functional as F

from course_snn import diagnosis, surrogate
from course_snn.course import patients
from course_snn.course.exercise import Exercise, Mistake


def or_pool(spikes):
    pairs = spikes[:, 0::2] | spikes[:, 1::2]
    return pairs[:, :, 0::2] | pairs[:, :, 1::2]


def mended_loss(out, labels):
    rate = out.mean(0)
    wanted = F.one_hot(labels, 10).float()
    return F.mse_loss(rate, wanted)


def mend_a(net):
    fault = "silent"
    net[6].v_threshold = 1.0
    return fault, net


def mend_b(net):
    fault = "vanishing"
    net[11].surrogate = surrogate.ATan()
    return fault, net


def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].bias.zero_()
    return fault, net


def fold(weight, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    return weight * scale[:, None, None, None], beta - mean * scale


def _treat(answer, name):
    """Let the answer treat a fresh patient: the fault it names, what the doctor then finds, where it was treated."""
    treated = answer(patients.patient(name))
    if treated is None or treated is ... or (isinstance(treated, tuple) and treated and treated[0] is ...):
        return treated if treated is None else ...
    fault, net = treated
    found = diagnosis.examine(net, *patients.digits(), T=4)
    if found.healthy:
        return str(fault), "healthy"
    changed = [str(n) for n, pair in enumerate(zip(net, patients.patient(name), strict=False)) if _differ(*pair)]
    return str(fault), f"{', '.join(found.findings)}; changed: {', '.join(changed) or 'nothing'}"


def _differ(module, other):
    """Whether two modules have different parameters or settings."""
    pairs = zip(module.parameters(), other.parameters(), strict=False)
    settings = [
        (str(getattr(m, "v_threshold", "")), str(vars(getattr(m, "surrogate", m)).get("alpha")))
        for m in (module, other)
    ]
    return any(not torch.equal(a, b) for a, b in pairs) or settings[0] != settings[1]


def _named(mend, fault):
    """The right treatment under a wrong name."""
    return lambda net: (fault, mend(net)[1])


def _treated_by(fault, treatment):
    """The right name, and a treatment that does not help."""

    def answer(net):
        with torch.no_grad():
            treatment(net)
        return fault, net

    return answer


def _against_one_hot(squash, wanted=1.0):
    return lambda out, labels: F.mse_loss(squash(out), wanted * F.one_hot(labels, 10).float())


_MAPS = torch.rand(3, 4, 6, generator=torch.Generator().manual_seed(0)) < 0.3
_OUT = (torch.rand(4, 5, 10, generator=torch.Generator().manual_seed(1)) < 0.3).float()
_LABELS = torch.tensor([3, 1, 4, 1, 5])
_ONE = F.one_hot(_LABELS, 10).float().expand(8, 5, 10)
_DRAW = torch.Generator().manual_seed(2)
_BN = (torch.randn(4, generator=_DRAW), torch.randn(4, generator=_DRAW), torch.randn(4, generator=_DRAW))
_FOLD = (torch.randn(4, 4, 3, 3, generator=_DRAW), *_BN, torch.tensor([0.001, 0.2, 1.0, 4.0]), 1e-3)
_NAMES = (
    (
        "先看表的最后一列，从上往下找第一个不健康的层：它的那个词就是病名。",
        "Read the last column from the top: the word of the first layer that is not healthy is the name of the fault.",
    ),
)

EXERCISES = (
    Exercise(
        id="10.or_pool",
        solution=or_pool,
        cases=((_MAPS,), (torch.zeros(1, 2, 2, dtype=torch.bool),), (torch.eye(4, dtype=torch.bool)[None],)),
        mistakes=(
            Mistake(
                lambda s: s[:, 0::2, 0::2] & s[:, 1::2, 0::2] & s[:, 0::2, 1::2] & s[:, 1::2, 1::2],
                "这是“与”：四个都发放才算。最大池化是“或”：有一个发放就够了。",
                "That is AND, all four must fire. Max pooling is OR: one is enough.",
            ),
            Mistake(
                lambda s: F.avg_pool2d(s.float(), 2),
                "这是平均池化，结果是 0.25 这样的小数；要的仍然是脉冲：有或没有。",
                "That is average pooling, which gives fractions such as 0.25; what is wanted are spikes again: "
                "yes or no.",
            ),
            Mistake(
                lambda s: s[:, 0::2, 0::2],
                "你只留下了每个方块左上角的神经元，另外三个的脉冲丢了。",
                "You keep only the top left neuron of each square; the spikes of the other three are lost.",
            ),
            Mistake(
                lambda s: s[:, 0::2] | s[:, 1::2],
                "高减半了，宽还没有：对列再做一次同样的事。",
                "The height is halved, the width not yet: do the same to the columns.",
            ),
        ),
        hints=(
            (
                "2 × 2 的方块里有一个发放就输出 True。先把相邻的两行合成一行。",
                "A 2 × 2 square gives True if any of its neurons fires. First join each pair of rows into one.",
            ),
            (
                "spikes[:, 0::2] 是偶数行，spikes[:, 1::2] 是奇数行；布尔张量的“或”写作 |。",
                "spikes[:, 0::2] are the even rows, spikes[:, 1::2] the odd ones; OR of boolean tensors is |.",
            ),
            (
                "pairs = spikes[:, 0::2] | spikes[:, 1::2]，再对 pairs[:, :, 0::2] 和 pairs[:, :, 1::2] 做一次。",
                "pairs = spikes[:, 0::2] | spikes[:, 1::2]; then the same with pairs[:, :, 0::2] and pairs[:, "
                ":, 1::2].",
            ),
        ),
    ),
    Exercise(
        id="10.mended_loss",
        solution=mended_loss,
        cases=((_OUT, _LABELS), (_ONE, _LABELS), (torch.zeros(4, 5, 10), _LABELS)),
        mistakes=(
            Mistake(
                _against_one_hot(lambda out: F.log_softmax(out.mean(0), 1)),
                "这就是那个有错的损失：对数概率不大于 0，永远够不到目标 1。去掉 log_softmax。",
                "That is the loss with the fault: log-probabilities are never above 0 and cannot reach the target 1. "
                "Take the log_softmax away.",
            ),
            Mistake(
                _against_one_hot(lambda out: F.softmax(out.mean(0), 1)),
                "好一些，但发放率最大是 1，softmax 之后最多约 0.23，还是够不到 1。发放率本身就在 0 和 1 之间，直接比。",
                "Better, but a rate is at most 1, and softmax makes at most about 0.23 of it, which is not 1 "
                "either. Rates lie "
                "between 0 and 1 already: compare them as they are.",
            ),
            Mistake(
                _against_one_hot(lambda out: out.sum(0)),
                "这是脉冲个数，不是发放率：对时间求平均，而不是求和。",
                "Those are numbers of spikes, not rates: take the mean over time, not the sum.",
            ),
            Mistake(
                lambda out, labels: F.mse_loss(out, F.one_hot(labels, 10).float().expand_as(out)),
                "你要求每一步都对；这里只要求发放率对。先对时间求平均，再求误差。",
                "Yours asks for the right answer in every single step; only the rate is asked for. Mean over "
                "time first, "
                "then the error.",
            ),
            Mistake(
                lambda out, labels: F.cross_entropy(out.mean(0), labels),
                "这是交叉熵，也是个好损失；但这里要的是均方误差：最优时恰好为 0，便于检查。",
                "That is cross-entropy, a good loss too; here the mean squared error is asked for, whose best "
                "value is "
                "exactly 0.",
            ),
        ),
        hints=(
            (
                "out 的形状是 [T, N, 10]。先算每个输出神经元的发放率，形状 [N, 10]。",
                "out is [T, N, 10]. First compute the firing rate of each output neuron, [N, 10].",
            ),
            (
                "目标：正确的神经元为 1，其余为 0，即 F.one_hot(labels, 10).float()。",
                "The target: 1 for the right neuron, 0 for the others, that is F.one_hot(labels, 10).float().",
            ),
            ("F.mse_loss(out.mean(0), 目标)。", "F.mse_loss(out.mean(0), target)."),
        ),
    ),
    Exercise(
        id="10.mend_a",
        solution=mend_a,
        run=_treat,
        cases=(("A",),),
        seconds=20.0,
        mistakes=(
            Mistake(
                _named(mend_a, "vanishing"),
                "治好了，但病名不对：看“发放率”一列，第 6 层一个脉冲也没有。",
                "Cured, but the name is wrong: look at the firing rate, layer 6 gives no spike at all.",
            ),
            Mistake(
                _named(mend_a, "saturated"),
                "治好了，但病名说反了：饱和是总在发放。",
                "Cured, but the name is the opposite: saturated means firing all the time.",
            ),
            Mistake(
                _treated_by("silent", lambda net: None),
                "病名对了，但还没有治：修改网络，再返回它。",
                "The name is right, but nothing was treated: change the network, then return it.",
            ),
            Mistake(
                _treated_by("silent", lambda net: setattr(net[11], "v_threshold", 0.1)),
                "第 11 层沉默，是因为没有脉冲到达它。要治的是第一个生病的层：第 6 层。",
                "Layer 11 is silent because no spike reaches it. Treat the first layer that is ill: layer 6.",
            ),
        ),
        hints=(
            *_NAMES,
            (
                "它之前的 BN 正常工作，输入电流的大小没有问题。那么是什么让神经元够不着？把 net[6] 的参数和 "
                "net[2] 的比一比。",
                "The BN before it works, so the currents are of a normal size. What then keeps the neurons from "
                "firing? "
                "Compare the parameters of net[6] with those of net[2].",
            ),
            ("net[6].v_threshold 应当是 1.0。", "net[6].v_threshold should be 1.0."),
        ),
    ),
    Exercise(
        id="10.mend_b",
        solution=mend_b,
        run=_treat,
        cases=(("B",),),
        seconds=20.0,
        mistakes=(
            Mistake(
                _named(mend_b, "silent"),
                "治好了，但病名不对：每一层都在正常地发放。看“相对梯度”一列。",
                "Cured, but the name is wrong: every layer fires as it should. Look at the relative gradient.",
            ),
            Mistake(
                _treated_by("vanishing", lambda net: None),
                "病名对了，但还没有治：修改网络，再返回它。",
                "The name is right, but nothing was treated: change the network, then return it.",
            ),
            Mistake(
                _treated_by("vanishing", lambda net: setattr(net[2], "surrogate", surrogate.ATan(10.0))),
                "梯度从输出往回走，断在第 11 层；换第 2 层的替代梯度没有用。",
                "The gradient comes from the output and breaks off at layer 11; another surrogate in layer 2 "
                "cannot help.",
            ),
            Mistake(
                _treated_by("vanishing", lambda net: net[9].weight.mul_(10)),
                "放大权重没有用：BN 会把它除回来，而断掉的是第 11 层的斜率。",
                "Larger weights do not help: BN divides them out again, and what is broken is the slope in layer 11.",
            ),
        ),
        hints=(
            (
                "发放率都正常，梯度却有好几层是 0。梯度从输出往回走：从下往上看，它断在哪一层？",
                "All rates are fine, but the gradient of several layers is 0. It comes from the output: read "
                "upwards; at which "
                "layer does it break off?",
            ),
            (
                "第 11 层有 100 % 的斜率是平坦的。打印 net[11].surrogate，看看它的宽度。",
                "In layer 11 the slope is flat for 100 % of the neurons. Print net[11].surrogate and look at "
                "its width.",
            ),
            (
                "像别的层那样：net[11].surrogate = surrogate.ATan()",
                "As in the other layers: net[11].surrogate = surrogate.ATan()",
            ),
        ),
    ),
    Exercise(
        id="10.mend_c",
        solution=mend_c,
        run=_treat,
        cases=(("C",),),
        seconds=20.0,
        mistakes=(
            Mistake(
                _named(mend_c, "silent"),
                "治好了，但病名不对：沉默的是后面的层，第一个生病的第 6 层每一步都在发放。",
                "Cured, but the name is wrong: the later layers are silent; layer 6, the first that is ill, "
                "fires all the time.",
            ),
            Mistake(
                _treated_by("saturated", lambda net: None),
                "病名对了，但还没有治：修改网络，再返回它。",
                "The name is right, but nothing was treated: change the network, then return it.",
            ),
            Mistake(
                _treated_by("saturated", lambda net: net[4].weight.div_(10)),
                "缩小卷积的权重没有用：后面的 BN 会把它除回来。是什么在 BN 之后又加了上去？",
                "Smaller convolution weights do not help: the BN behind them divides that out. What is added after it?",
            ),
            Mistake(
                _treated_by("saturated", lambda net: setattr(net[11], "v_threshold", 0.1)),
                "你让后面的层更灵敏了，但第 6 层还是每一步都发放：它说不出任何东西。",
                "You made a later layer more sensitive, but layer 6 still fires in every step and says nothing.",
            ),
        ),
        hints=(
            *_NAMES,
            (
                "第 6 层的电流来自 net[5]，一个 BN：先归一化，再乘 weight，最后加 bias。打印这两个参数。",
                "The current of layer 6 comes from net[5], a BN: it normalises, multiplies by weight and adds "
                "bias. Print "
                "the two.",
            ),
            (
                "偏置应当是 0：with torch.no_grad(): net[5].bias.zero_()",
                "The bias should be 0: with torch.no_grad(): net[5].bias.zero_()",
            ),
        ),
    ),
    Exercise(
        id="10.fold",
        solution=fold,
        cases=(_FOLD,),
        mistakes=(
            Mistake(
                lambda w, g, b, m, v, eps=1e-5: (w * (g / (v + eps))[:, None, None, None], b - m * g / (v + eps)),
                "除的是方差；应当除以标准差，即方差（加 eps）的平方根。",
                "You divide by the variance; divide by the standard deviation, the square root of variance plus eps.",
            ),
            Mistake(
                lambda w, g, b, m, v, eps=1e-5: (w * (g / v.sqrt())[:, None, None, None], b - m * g / v.sqrt()),
                "忘了 eps：方差很小的通道会差得很远。",
                "eps is missing: channels of small variance come out far off.",
            ),
            Mistake(
                lambda w, g, b, m, v, eps=1e-5: (w * (g / (v + eps).sqrt())[:, None, None, None], b - m),
                "偏置里的均值也要乘 γ/σ：BN 先减均值，再缩放。",
                "The mean in the bias is scaled by γ/σ too: BN subtracts the mean first, then scales.",
            ),
            Mistake(
                lambda w, g, b, m, v, eps=1e-5: (
                    w * (g / (v + eps).sqrt())[None, :, None, None],
                    b - m * g / (v + eps).sqrt(),
                ),
                "缩放错了维度：weight 是 [输出, 输入, 3, 3]，BN 的每个参数对应一个输出通道。",
                "Scaled along the wrong dimension: weight is [out, in, 3, 3], and BN has one of each parameter for an "
                "output channel.",
            ),
        ),
        hints=(
            (
                "BN(c) = γ (c - μ)/σ + β，其中 c 是卷积的输出，σ = √(var + eps)。把 c 前面的系数合并进权重。",
                "BN(c) = γ (c - μ)/σ + β with c the output of the convolution and σ = √(var + eps). Put the "
                "factor of c into "
                "the weight.",
            ),
            (
                "展开：(γ/σ) c + (β - μ γ/σ)。前一项给权重，后一项是偏置。",
                "Expanded: (γ/σ) c + (β - μ γ/σ). The first factor goes to the weight, the second term is the bias.",
            ),
            (
                "scale = gamma / (var + eps).sqrt()；权重乘 scale[:, None, None, None]；偏置是 beta - mean * scale。",
                "scale = gamma / (var + eps).sqrt(); weight times scale[:, None, None, None]; bias beta - mean "
                "* scale.",
            ),
        ),
    ),
)
