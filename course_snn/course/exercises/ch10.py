"""Exercises of chapter 10: convolutional SNN and the SNN doctor."""

import torch
from torch.nn import functional as F

from course_snn import surrogate
from course_snn.course import treatment
from course_snn.course.exercise import Exercise, Finding, Mistake


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


def _against_one_hot(squash, error=F.mse_loss):
    return lambda out, labels: error(squash(out), F.one_hot(labels, 10).float())


def _loss(answer, out, labels):
    """Try a loss; where ``out`` asks for a gradient, the loss has to let one through."""
    value = answer(out, labels)
    if out.requires_grad and not (value is None or value is ... or getattr(value, "requires_grad", False)):
        raise Finding(
            "损失要能求导：返回由 out 算出的张量，不要用 .item()、.detach()、float() 或 argmax 断开计算图。",
            "A loss needs a gradient: return a tensor computed from out, not cut off by .item(), .detach(), float() or "
            "argmax.",
        )
    return value


def _of_the_right(out, labels):
    return (1 - out.mean(0)[torch.arange(len(labels)), labels]).pow(2).mean()


def _squares(spikes):
    """Return the four neurons of each 2 × 2 square in the last dimension, as whole numbers."""
    return spikes.int().unfold(1, 2, 2).unfold(2, 2, 2).flatten(3)


def _overlapping(spikes):
    return F.max_pool2d(spikes.float(), 2, stride=1)


def _in_a_row(spikes):
    channels, height, width = spikes.shape
    return spikes.reshape(channels, height // 2, width // 2, 4).any(3)


def _halves(spikes):
    rows = torch.stack(spikes.chunk(2, 1)).any(0)
    return torch.stack(rows.chunk(2, 2)).any(0)


def _fold(scale=lambda g, v, eps: g / (v + eps).sqrt(), bias=lambda b, m, k: b - m * k):
    """``fold`` with one thing done wrong."""

    def answer(w, g, b, m, v, eps=1e-5):
        k = scale(g, v, eps)
        return w * k[:, None, None, None], bias(b, m, k)

    return answer


def _fold_case(channels, before, var, *eps):
    draw = torch.Generator().manual_seed(2)
    weight = torch.randn(channels, before, 3, 3, generator=draw)
    return (weight, *torch.randn(3, channels, generator=draw).unbind(), torch.tensor(var), *eps)


def _spikes(*shape, seed):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) < 0.3


_SQUARES = [torch.tensor(row, dtype=torch.bool).reshape(1, 2, 2) for row in (*torch.eye(4).tolist(), [1, 1, 0, 0])]
_MAPS = _spikes(3, 4, 6, seed=0)
_LABELS = torch.tensor([3, 1, 4, 1, 5])
_ONE = F.one_hot(_LABELS, 10).float().expand(8, 5, 10)
_LOSS_CASES = (
    (_spikes(5, 3, 10, seed=1).float(), _LABELS[:3]),
    (torch.zeros(4, 5, 10), _LABELS),
    (_ONE, _LABELS),
    (_spikes(8, 2, 10, seed=3).float().requires_grad_(), _LABELS[1:3]),
)
_UNCHANGED = (
    "病名对了，但交回来的网络和病人没有两样：是改动没有写进网络（赋值用 =，方法要加括号），是换上的与原来相同，"
    "还是交回的不是治过的那一个？",
    "The name is right, but the network that comes back is like the patient: was the change not made (assign by =, "
    "call a method with brackets), is the new part the same as the old one, or is it not the treated network?",
)
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
        cases=(*((square,) for square in _SQUARES), (torch.zeros(1, 2, 4, dtype=torch.bool),), (_MAPS,)),
        keeps=True,
        mistakes=(
            Mistake(
                lambda s: _squares(s).sum(3) == 4,
                "这是“与”：四个都发放才算。最大池化是“或”：有一个发放就够了。",
                "That is AND, all four must fire. Max pooling is OR: one is enough.",
            ),
            Mistake(
                lambda s: _squares(s).sum(3) % 2,
                "这是“异或”：两个都发放时互相抵消了。“或”写作 |，两个都发放也是 True。",
                "That is exclusive or, where two spikes cancel. OR is written |, and two spikes are True as well.",
            ),
            Mistake(
                lambda s: _squares(s).sum(3) / 4,
                "这是平均池化，结果是 0.25 这样的小数；要的仍然是脉冲：有或没有。",
                "That is average pooling, which gives fractions such as 0.25; what is wanted are spikes again: "
                "yes or no.",
            ),
            Mistake(
                lambda s: _squares(s).sum(3),
                "这是每个方块里脉冲的个数；要的仍然是脉冲：有一个就够，有几个都一样。",
                "That is the number of spikes in each square; what is wanted are spikes again: one is enough, and more "
                "are the same.",
            ),
            Mistake(
                lambda s: _squares(s).sum(3) > 2,
                "这是少数服从多数；“或”只要有一个发放就够了。",
                "That is a vote of the majority; for OR one spike is enough.",
            ),
            Mistake(
                lambda s: _squares(s).sum(3) >= 2,
                "你要求至少有两个发放；“或”只要有一个就够了。",
                "You ask for at least two spikes; for OR one is enough.",
            ),
            Mistake(
                lambda s: s[:, 0::2, 0::2],
                "你只留下了每个方块左上角的神经元，另外三个的脉冲丢了。",
                "You keep only the top left neuron of each square; the spikes of the other three are lost.",
            ),
            Mistake(
                lambda s: s[:, 0::2, 0::2] | s[:, 1::2, 1::2],
                "你只看了每个方块对角线上的两个神经元，另外两个的脉冲丢了。",
                "You look only at the diagonal of each square; the spikes of the other two neurons are lost.",
            ),
            Mistake(
                lambda s: s[:, 0::2] | s[:, 1::2],
                "高减半了，宽还没有：对列再做一次同样的事。",
                "The height is halved, the width not yet: do the same to the columns.",
            ),
            Mistake(
                lambda s: s[:, :, 0::2] | s[:, :, 1::2],
                "宽减半了，高还没有：对行再做一次同样的事。",
                "The width is halved, the height not yet: do the same to the rows.",
            ),
            Mistake(
                _overlapping,
                "方块重叠了，每次只移了一格：每次要移两格，长宽才减半。",
                "Your squares overlap, as they move by one: move them by two, so that height and width are halved.",
            ),
            Mistake(
                _in_a_row,
                "你取的是内存里相邻的四个，不是 2 × 2 的方块：变形为 [C, H/2, 2, W/2, 2]，两个 2 分开放。",
                "You take four that are next to each other in memory, not a square: reshape to [C, H/2, 2, W/2, 2], "
                "with the two 2s apart.",
            ),
            Mistake(
                _halves,
                "你把图的上下、左右两半叠在了一起；方块里是相邻的两行、两列：0::2 和 1::2。",
                "You lay the halves of the picture on each other; a square holds neighbouring rows and columns, 0::2 "
                "and 1::2.",
            ),
            Mistake(
                lambda s: _squares(s).amax(3).amax(0),
                "通道也被合并了：每个通道各自池化，第 0 维要留下。",
                "The channels were merged as well: each is pooled on its own, and dimension 0 stays.",
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
        run=_loss,
        cases=_LOSS_CASES,
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
                "这是每一步误差平方的平均（对 0 和 1 也就是平均绝对误差）。这里只要求发放率对：先对时间平均，再平方。",
                "That is the mean of the squared errors of every step; for zeros and ones it is also the mean absolute "
                "error. Only the rate is asked for: mean over time first, then the square.",
            ),
            Mistake(
                lambda out, labels: F.cross_entropy(out.mean(0), labels),
                "这是交叉熵，也是个好损失；但这里要的是均方误差：最优时恰好为 0，便于检查。",
                "That is cross-entropy, a good loss too; here the mean squared error is asked for, whose best "
                "value is "
                "exactly 0.",
            ),
            Mistake(
                lambda out, labels: 10 * mended_loss(out, labels),
                "你对十个类别求了和；均方误差对样本和类别都求平均。",
                "You sum over the ten classes; the mean squared error is the mean over samples and classes.",
            ),
            Mistake(
                _against_one_hot(lambda out: out.mean(0), lambda a, b: F.mse_loss(a, b, reduction="sum")),
                "这是误差平方的总和；均方误差要除以个数 N × 10。",
                "That is the sum of the squared errors; the mean divides it by their number, N × 10.",
            ),
            Mistake(
                _against_one_hot(lambda out: out.mean(0), lambda a, b: F.mse_loss(a, b, reduction="none")),
                "这是每一项的误差平方；还要对样本和类别求平均，得到一个数。",
                "Those are the squared errors one by one; take their mean over samples and classes, one number.",
            ),
            Mistake(
                _against_one_hot(lambda out: out.mean(0), lambda a, b: F.mse_loss(a, b).sqrt()),
                "这是均方误差的平方根；去掉开方。",
                "That is the root of the mean squared error; leave out the root.",
            ),
            Mistake(
                _against_one_hot(lambda out: out.mean(0), lambda a, b: F.mse_loss(a, b) / 2),
                "多除了一个 2：均方误差前面没有 1/2。",
                "Divided by 2 too often: there is no 1/2 in front of the mean squared error.",
            ),
            Mistake(
                _against_one_hot(lambda out: out.sum(0) / 4),
                "步数 T 不总是 4：用 out.shape[0]，或对第 0 维求平均。",
                "The number of steps is not always 4: use out.shape[0], or the mean over dimension 0.",
            ),
            Mistake(
                _against_one_hot(lambda out: out[-1]),
                "你只看了最后一步；发放率是所有步的平均。",
                "You look only at the last step; the rate is the mean over all of them.",
            ),
            Mistake(
                _of_the_right,
                "你只算了正确的那个神经元；其余九个也要与 0 比。",
                "You count only the right neuron; the nine others are to be compared with 0.",
            ),
            Mistake(
                lambda out, labels: mended_loss(out, labels).item(),
                "数值对，但 .item()、float() 或 .detach() 断开了计算图，这样的损失无法训练：返回张量本身。",
                "The value is right, but .item(), float() or .detach() cuts it off from the graph, and nothing can be "
                "trained by it: return the tensor itself.",
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
        run=treatment.tried,
        cases=(("A",),),
        seconds=20.0,
        mistakes=(
            Mistake(
                _named(mend_a, "vanishing"),
                "病名不对：看“发放率”一列，第 6 层一个脉冲也没有。",
                "The name is wrong: look at the firing rate, layer 6 gives no spike at all.",
            ),
            Mistake(
                _named(mend_a, "saturated"),
                "病名说反了：饱和是总在发放，而第 6 层一个脉冲也没有。",
                "The name is the opposite: saturated means firing all the time, and layer 6 gives no spike at all.",
            ),
            Mistake(
                _treated_by("silent", lambda net: None),
                _UNCHANGED[0],
                _UNCHANGED[1],
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
        run=treatment.tried,
        cases=(("B",),),
        seconds=20.0,
        mistakes=(
            Mistake(
                _named(mend_b, "silent"),
                "病名不对：每一层都在正常地发放。看“相对梯度”一列。",
                "The name is wrong: every layer fires as it should. Look at the relative gradient.",
            ),
            Mistake(
                _named(mend_b, "saturated"),
                "病名不对：没有哪一层总在发放。看“相对梯度”一列。",
                "The name is wrong: no layer fires all the time. Look at the relative gradient.",
            ),
            Mistake(
                _treated_by("vanishing", lambda net: None),
                _UNCHANGED[0],
                _UNCHANGED[1],
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
        run=treatment.tried,
        cases=(("C",),),
        seconds=20.0,
        mistakes=(
            Mistake(
                _named(mend_c, "silent"),
                "病名不对：沉默的是后面的层，第一个生病的第 6 层每一步都在发放。",
                "The name is wrong: the later layers are silent; layer 6, the first that is ill, fires all the time.",
            ),
            Mistake(
                _named(mend_c, "vanishing"),
                "病名不对：先看发放率，第一个生病的第 6 层每一步都在发放。",
                "The name is wrong: see the firing rates first; layer 6, the first that is ill, fires all the time.",
            ),
            Mistake(
                _treated_by("saturated", lambda net: None),
                _UNCHANGED[0],
                _UNCHANGED[1],
            ),
            Mistake(
                _treated_by("saturated", lambda net: net[4].weight.div_(10)),
                "缩小卷积的权重没有用：后面的 BN 会把它除回来。是什么在 BN 之后又加了上去？",
                "Smaller convolution weights do not help: the BN behind them divides that out. What is added after it?",
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
        cases=(
            _fold_case(2, 2, [1.0, 4.0]),
            _fold_case(4, 4, [0.001, 0.2, 1.0, 4.0], 1e-3),
            _fold_case(3, 1, [0.25, 0.01, 2.0], 0.5),
        ),
        keeps=True,
        mistakes=(
            Mistake(
                _fold(lambda g, v, eps: g / (v + eps)),
                "除的是方差；应当除以标准差，即方差（加 eps）的平方根。",
                "You divide by the variance; divide by the standard deviation, the square root of variance plus eps.",
            ),
            Mistake(
                _fold(lambda g, v, eps: g / v.sqrt()),
                "忘了 eps：方差很小的通道会差得很远。",
                "eps is missing: channels of small variance come out far off.",
            ),
            Mistake(
                _fold(lambda g, v, eps: g / (v.sqrt() + eps)),
                "eps 放在了根号外面：σ = √(var + eps)。",
                "eps stands outside the root: σ = √(var + eps).",
            ),
            Mistake(
                _fold(lambda g, v, eps: g / (v + 1e-5).sqrt()),
                "eps 是参数，不总是 1e-5：用上它。",
                "eps is an argument and not always 1e-5: make use of it.",
            ),
            Mistake(
                _fold(lambda g, v, eps: 1 / (v + eps).sqrt()),
                "忘了 γ：缩放的系数是 γ/σ。",
                "γ is missing: the factor is γ/σ.",
            ),
            Mistake(
                _fold(lambda g, v, eps: g * (v + eps).sqrt()),
                "乘了 σ；应当除以 σ。",
                "You multiply by σ; divide by it.",
            ),
            Mistake(
                _fold(bias=lambda b, m, k: b - m),
                "偏置里的均值也要乘 γ/σ：BN 先减均值，再缩放。",
                "The mean in the bias is scaled by γ/σ too: BN subtracts the mean first, then scales.",
            ),
            Mistake(
                _fold(bias=lambda b, m, k: b + m * k),
                "偏置里均值的符号反了：BN 减去均值。",
                "The sign of the mean in the bias is wrong: BN subtracts it.",
            ),
            Mistake(
                _fold(bias=lambda b, m, k: (b - m) * k),
                "β 不缩放：BN 先缩放，后加 β。",
                "β is not scaled: BN scales first and adds β afterwards.",
            ),
            Mistake(
                _fold(bias=lambda b, m, k: -m * k),
                "偏置里忘了 β。",
                "β is missing in the bias.",
            ),
            Mistake(
                _fold(bias=lambda b, m, k: b),
                "偏置里忘了均值：还要减去 μ γ/σ。",
                "The mean is missing in the bias: subtract μ γ/σ.",
            ),
            Mistake(
                lambda w, g, b, m, v, eps=1e-5: (w, fold(w, g, b, m, v, eps)[1]),
                "权重也要乘 γ/σ，每个输出通道乘自己的。",
                "The weight is to be multiplied by γ/σ too, each output channel by its own.",
            ),
            Mistake(
                lambda w, *bn: fold(w, *bn)[0],
                "还缺偏置：return 新的 weight, bias。",
                "The bias is missing: return the new weight and the bias.",
            ),
            Mistake(
                lambda w, *bn: tuple(x.reshape(len(x), -1, *x.shape[2:] or (1, 1)) for x in fold(w, *bn)),
                "数值对，但偏置的形状应是 [out]，和 beta 一样：缩放权重时才需要 [:, None, None, None]。",
                "The values are right, but the bias should be [out] like beta; [:, None, None, None] is for weight.",
            ),
            Mistake(
                lambda w, g, b, m, v, eps=1e-5: (
                    w * (g / (v + eps).sqrt())[None, :, None, None],
                    fold(w, g, b, m, v, eps)[1],
                ),
                "缩放错了维度：weight 是 [out, in, 3, 3]，BN 的每个参数对应一个输出通道。",
                "The wrong dimension is scaled: weight is [out, in, 3, 3], and BN has one number an output channel.",
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
