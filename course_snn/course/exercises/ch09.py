"""Exercises of chapter 09: a single-layer SNN on MNIST."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import functional, neuron
from course_snn.course.exercise import Exercise, Mistake


def steps_needed(p, error):
    return math.ceil(p * (1 - p) / error**2)


def firing_rate(spikes):
    return spikes.mean(0)


def rate_mse(rate, labels):
    target = F.one_hot(labels, 10).float()
    return ((rate - target) ** 2).mean()


def train_step(net, x_seq, labels, optimizer):
    optimizer.zero_grad()
    rate = functional.unroll(net, x_seq).mean(0)
    loss = F.mse_loss(rate, F.one_hot(labels, 10).float())
    loss.backward()
    optimizer.step()
    functional.reset_net(net)
    return loss.item()


def accuracy(net, x_seq, labels):
    functional.reset_net(net)
    rate = functional.unroll(net, x_seq).mean(0)
    return (rate.argmax(1) == labels).float().mean().item()


def early_decision(spikes, margin):
    counts = torch.zeros(10)
    for t in range(len(spikes)):
        counts = counts + spikes[t]
        first, second = counts.topk(2).values
        if first - second >= margin:
            break
    return counts.argmax().item(), t + 1


def _net() -> nn.Module:
    """A small network of the chapter's kind, ten classes, always with the same weights."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(16, 10, bias=False), neuron.LIFNode(tau=2.0))
    with torch.no_grad():
        weight = _spread(10, 16, factor=1.3)
        net[1].weight.copy_(weight - weight.mean(1, keepdim=True) + 0.08)
    return net


def _spread(*shape: int, factor: float = 1.0) -> torch.Tensor:
    """Numbers between -factor and factor without a pattern to guess, and without a random generator."""
    count = math.prod(shape)
    return factor * torch.sin(torch.arange(1.0, count + 1) ** 2 * 1.37).reshape(shape)


def _input(T: int, N: int, shift: int) -> torch.Tensor:
    return (_spread(T, N, 16).roll(shift) > 0).float()


class _Descent:
    """Plain gradient descent. (Loading torch.optim can take longer than an answer may.)"""

    def __init__(self, net, lr):
        self.weights, self.lr = list(net.parameters()), lr

    def zero_grad(self):
        for weight in self.weights:
            weight.grad = None

    @torch.no_grad()
    def step(self):
        for weight in self.weights:
            if weight.grad is not None:
                weight -= self.lr * weight.grad


def _train_twice(answer, T, N):
    """Two steps of learning on two batches; what is left in the weights."""
    net = _net()
    optimizer = _Descent(net, lr=20.0)
    for batch in range(2):
        try:
            if answer(net, _input(T, N, 7 * batch), torch.arange(N) % 10, optimizer) is ...:
                return ...
        except RuntimeError as error:
            if "second time" not in str(error):
                raise
            return "second time"
    if torch.equal(net[1].weight, _net()[1].weight):
        return "unchanged"
    return net[1].weight.detach()


def _step(zero=True, late_zero=False, reset=True, counts=False):
    """``train_step`` with one thing done wrong."""

    def answer(net, x_seq, labels, optimizer):
        if zero:
            optimizer.zero_grad()
        out = functional.unroll(net, x_seq)
        loss = F.mse_loss(out.sum(0) if counts else out.mean(0), F.one_hot(labels, 10).float())
        loss.backward()
        if late_zero:
            optimizer.zero_grad()
        optimizer.step()
        if reset:
            functional.reset_net(net)
        return loss.item()

    return answer


def _measured(answer, T, N):
    """The accuracy that the answer gives for a network that has seen other data before; and once more."""
    net = _net()
    labels = functional.unroll(net, _input(T, N, 0)).mean(0).argmax(1)
    labels[::3] = (labels[::3] + 1) % 10
    got = []
    with torch.no_grad():
        functional.unroll(net, -9 * torch.ones(3, N, 16))  # somebody else's input: voltages are left over
        for _ in range(2):
            value = answer(net, _input(T, N, 0), labels)
            if value is None or value is ...:
                return value
            got.append(float(value))
    return got


def _accuracy(before=True, dim=1, last=False, after=False):
    """``accuracy`` with one thing done wrong."""

    def answer(net, x_seq, labels):
        if before:
            functional.reset_net(net)
        out = functional.unroll(net, x_seq)
        rate = out[-1] if last else out.mean(0)
        if after:
            functional.reset_net(net)
        return (rate.argmax(dim) == labels).float().mean().item()

    return answer


def _race(*rows: str) -> torch.Tensor:
    """Spikes [T, 10] from one text a step: the digits of the neurons that fire."""
    spikes = torch.zeros(len(rows), 10)
    for t, row in enumerate(rows):
        spikes[t, [int(digit) for digit in row]] = 1
    return spikes


def _early(more=0, runner_up=True, from_zero=False, this_step=False):
    """``early_decision`` with one thing done wrong."""

    def answer(spikes, margin):
        counts = torch.zeros(10)
        for t in range(len(spikes)):
            counts = spikes[t] if this_step else counts + spikes[t]
            first, second = counts.topk(2).values
            if first - (second if runner_up else 0) >= margin + more:
                break
        return counts.argmax().item(), t + 1 - from_zero

    return answer


_SPIKES = (_spread(6, 4, 10) > 0).float()
_RATE = _spread(5, 10).abs()
_LABELS = torch.tensor([3, 0, 9, 3, 7])
_CLEAR = _race("37", "3", "", "3", "37", "3", "3")
_TURNING = _race("2", "28", "8", "8", "8", "8", "2")

EXERCISES = (
    Exercise(
        id="09.steps_needed",
        solution=steps_needed,
        cases=((0.5, 0.05), (0.5, 0.1), (0.2, 0.03), (0.9, 0.07)),
        mistakes=(
            Mistake(
                lambda p, error: math.ceil(p * (1 - p) / error),
                "误差还要平方：T = p(1-p)/误差²。误差减半，步数要变成四倍。",
                "The error must be squared: T = p(1-p)/error². Half the error takes four times the steps.",
            ),
            Mistake(
                lambda p, error: math.floor(p * (1 - p) / error**2),
                "步数要向上取整：向下取整时误差还略大于要求。",
                "Round up: rounded down, the error is still a little larger than allowed.",
            ),
            Mistake(
                lambda p, error: math.ceil(p / error**2),
                "少了因子 1-p：每一步的方差是 p(1-p)，不是 p。",
                "The factor 1-p is missing: the variance of one step is p(1-p), not p.",
            ),
            Mistake(
                lambda p, error: p * (1 - p) / error**2,
                "步数是整数：用 math.ceil 向上取整。",
                "A number of steps is whole: round up with math.ceil.",
            ),
        ),
        hints=(
            ("从 sqrt(p(1-p)/T) ≤ error 出发，解出 T。", "Start from sqrt(p(1-p)/T) ≤ error and solve for T."),
            ("两边平方：p(1-p)/T ≤ error²。", "Square both sides: p(1-p)/T ≤ error²."),
            (
                "T 至少是 p(1-p)/error²，用 math.ceil 向上取整。",
                "T is at least p(1-p)/error²; round up with math.ceil.",
            ),
        ),
    ),
    Exercise(
        id="09.firing_rate",
        solution=firing_rate,
        cases=((_SPIKES,), (_SPIKES[:1],), (_SPIKES[:, :1],)),
        mistakes=(
            Mistake(
                lambda spikes: spikes.sum(0),
                "这是脉冲个数；发放率还要除以时间步数 T。",
                "That is the number of spikes; for a rate divide by the number of time steps T.",
            ),
            Mistake(
                lambda spikes: spikes.mean(1),
                "你对样本求了平均；时间在第 0 维。",
                "You averaged over the samples; time is dimension 0.",
            ),
            Mistake(
                lambda spikes: spikes.mean(-1),
                "你对神经元求了平均；时间在第 0 维。",
                "You averaged over the neurons; time is dimension 0.",
            ),
            Mistake(
                lambda spikes: spikes.mean(),
                "只剩下一个数了：只对时间求平均，样本和神经元各自保留。",
                "Only one number is left: average over time only, and keep samples and neurons apart.",
            ),
        ),
        hints=(
            ("发放率 = 脉冲个数 / 时间步数。", "Firing rate = number of spikes / number of time steps."),
            ("时间是第 0 维：[T, N, 10]。", "Time is dimension 0: [T, N, 10]."),
            ("对第 0 维求平均：spikes.mean(0)。", "Average over dimension 0: spikes.mean(0)."),
        ),
    ),
    Exercise(
        id="09.rate_mse",
        solution=rate_mse,
        cases=((_RATE, _LABELS), (_RATE[:2], _LABELS[2:4]), (torch.eye(10), torch.arange(10))),
        mistakes=(
            Mistake(
                lambda rate, labels: ((rate - labels[:, None]) ** 2).mean(),
                "标签是类别的编号，不是目标发放率：先用 F.one_hot 变成 0 和 1。",
                "A label is the number of a class, not a target rate: turn it into 0 and 1 with F.one_hot first.",
            ),
            Mistake(
                lambda rate, labels: ((rate - F.one_hot(labels, 10)) ** 2).sum(1).mean(),
                "十个类别也要求平均，不是求和：这样大了 10 倍。",
                "Average over the ten classes too instead of adding them up: yours is 10 times as large.",
            ),
            Mistake(
                lambda rate, labels: (rate - F.one_hot(labels, 10)).abs().mean(),
                "这是绝对误差；均方误差要平方。",
                "That is the absolute error; the squared error takes squares.",
            ),
            Mistake(
                lambda rate, labels: (rate - F.one_hot(labels, 10)).mean() ** 2,
                "先平方，再平均：否则正负误差互相抵消。",
                "Square first, then average: otherwise positive and negative errors cancel.",
            ),
            Mistake(
                lambda rate, labels: F.cross_entropy(rate, labels),
                "这是交叉熵；这里要的是均方误差。",
                "That is the cross-entropy; this exercise asks for the mean squared error.",
            ),
        ),
        hints=(
            (
                "目标：正确的神经元每步都发放（1），其余从不发放（0）。",
                "The target: the right neuron fires in every step (1), the others never (0).",
            ),
            (
                "F.one_hot(labels, 10).float() 给出 [N, 10] 的目标。",
                "F.one_hot(labels, 10).float() is the target [N, 10].",
            ),
            ("差的平方，再用 .mean() 对所有元素求平均。", "Square the difference, then .mean() over all elements."),
        ),
    ),
    Exercise(
        id="09.train_step",
        solution=train_step,
        run=_train_twice,
        cases=((5, 10), (8, 4)),
        mistakes=(
            Mistake(
                _step(reset=False),
                "没有重置：膜电位还连着上一批的计算图，第二批反向传播就出错。每批之后要 functional.reset_net(net)。",
                "No reset: the voltages still hang on the graph of the last batch, and the second backward fails. Call "
                "functional.reset_net(net) after each batch.",
            ),
            Mistake(
                _step(zero=False),
                "没有清零梯度：第二批用上了两批梯度之和。先调用 optimizer.zero_grad()。",
                "The gradients were not cleared: the second batch used the sum of both. Call zero_grad() first.",
            ),
            Mistake(
                _step(late_zero=True),
                "权重没有变：次序是 zero_grad、backward、step。梯度一算好就清零，或者还没算就走一步，都学不到东西。",
                "The weights have not changed: the order is zero_grad, backward, step. Gradients that are cleared at "
                "once, or used before they are computed, teach nothing.",
            ),
            Mistake(
                _step(counts=True),
                "你把脉冲个数当成了发放率：对时间求平均，不是求和。",
                "You took the number of spikes for the firing rate: average over time instead of adding up.",
            ),
        ),
        hints=(
            (
                "六行：清零梯度、前向、损失、反向、走一步、重置。",
                "Six lines: clear the gradients, forward, loss, backward, step, reset.",
            ),
            (
                "前向：rate = functional.unroll(net, x_seq).mean(0)。",
                "Forward: rate = functional.unroll(net, x_seq).mean(0).",
            ),
            (
                "损失用 F.mse_loss(rate, F.one_hot(labels, 10).float())；最后 functional.reset_net(net)。",
                "The loss is F.mse_loss(rate, F.one_hot(labels, 10).float()); end with functional.reset_net(net).",
            ),
        ),
    ),
    Exercise(
        id="09.accuracy",
        solution=accuracy,
        run=_measured,
        cases=((6, 10), (4, 10)),
        mistakes=(
            Mistake(
                _accuracy(before=False, dim=0),
                "两只虫都还在：膜电位没有重置，argmax 的维度也不对。",
                "Both bugs are still there: the voltages are not reset, and argmax takes the wrong dimension.",
            ),
            Mistake(
                _accuracy(before=False),
                "维度对了，还有一只虫：网络带着以前的膜电位开始，先 reset_net。",
                "The dimension is right; one bug is left: the network starts with old voltages. Call reset_net first.",
            ),
            Mistake(
                _accuracy(dim=0),
                "重置对了，还有一只虫：argmax(0) 在样本里挑，应当在十个类别里挑。样本恰好是 10 个，所以没有报错。",
                "The reset is right; one bug is left: argmax(0) chooses among the samples, not the ten classes. "
                "There are 10 samples, so that no error told you.",
            ),
            Mistake(
                _accuracy(before=False, after=True),
                "算完才重置太晚了：传进来的网络可能刚看过别的图。在前向之前重置。",
                "A reset afterwards comes too late: the network may have seen other data. Reset before the forward.",
            ),
            Mistake(
                _accuracy(last=True),
                "你只看了最后一步的脉冲；要看整段时间的发放率。",
                "You look at the spikes of the last step only; take the firing rate over all steps.",
            ),
        ),
        hints=(
            (
                "有两只虫：一只在前向之前，一只在最后一行。",
                "There are two bugs: one before the forward, one in the last line.",
            ),
            ("rate 的形状是 [N, 10]：第 1 维是类别。", "rate has the shape [N, 10]: dimension 1 holds the classes."),
            (
                "第一行加上 functional.reset_net(net)，并改成 argmax(1)。",
                "Begin with functional.reset_net(net), and write argmax(1).",
            ),
        ),
    ),
    Exercise(
        id="09.early_decision",
        solution=early_decision,
        cases=((_CLEAR, 2), (_CLEAR, 9), (_TURNING, 1), (_TURNING, 3), (_race("4", "46", "6", "6"), 2)),
        mistakes=(
            Mistake(
                _early(more=1),
                "领先恰好等于 margin 时就该停：用 >=，不是 >。",
                "Stop as soon as the lead equals margin: >=, not >.",
            ),
            Mistake(
                _early(runner_up=False),
                "比的是领先多少，不是第一名有多少：减去第二名的票数。",
                "What counts is the lead, not the votes of the first: subtract those of the second.",
            ),
            Mistake(
                _early(from_zero=True),
                "步数差一：看完第一步就决定，用了 1 步，不是 0 步。",
                "Off by one: whoever decides after the first step has used 1 step, not 0.",
            ),
            Mistake(
                _early(this_step=True),
                "只看了当前这一步：票数要一步一步累加。",
                "That looks at the present step only: votes add up over the steps.",
            ),
        ),
        hints=(
            ("从零开始累加：counts = counts + spikes[t]。", "Add up from zero: counts = counts + spikes[t]."),
            (
                "counts.topk(2).values 给出第一名和第二名的票数。",
                "counts.topk(2).values gives the votes of the first two.",
            ),
            (
                "第一名减第二名不小于 margin 就 break；返回 counts.argmax().item() 和 t + 1。",
                "Break when first minus second is at least margin; return counts.argmax().item() and t + 1.",
            ),
        ),
    ),
)
