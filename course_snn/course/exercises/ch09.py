"""Exercises of chapter 09: a single-layer SNN on MNIST."""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import functional, neuron
from course_snn.course.exercise import KIND, Exercise, Finding, Mistake


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


@dataclass(frozen=True)
class _Batch:
    """The size of a batch, shown as the arguments that an answer gets."""

    T: int
    N: int
    more: str = ""
    others: range = range(0)  # the pictures that have another label than the network says

    def __repr__(self) -> str:
        return f"net, x_seq [{self.T}, {self.N}, 16], labels [{self.N}]{self.more}"


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


def _loss(answer, rate, labels):
    """The loss; its gradient has to reach the rates, which are not to be changed."""
    leaf = rate.clone().requires_grad_()
    given = leaf * 1.0  # may be changed in place, which a leaf does not allow
    loss = answer(given, labels)
    if loss is None or loss is ...:
        return loss
    if not torch.equal(given, rate):
        raise Finding(
            "rate 被就地改掉了（如 rate -= …）：把差放在新的张量里。",
            "rate was changed in place (as by rate -= …): put the difference into a new tensor.",
        )
    if not torch.is_tensor(loss) or not loss.requires_grad:
        raise Finding(
            "梯度传不回 rate：损失要是张量，不能用 item()、detach()、NumPy、argmax 或比较把它从计算图上断开。",
            "No gradient returns to rate: the loss has to be a tensor, not cut off from the graph by item(), detach(), "
            "NumPy, argmax or a comparison.",
        )
    right = rate_mse(leaf, labels)
    (got,), (want,) = torch.autograd.grad(loss.sum(), leaf, allow_unused=True), torch.autograd.grad(right, leaf)
    if loss.shape == () and abs(loss - right) < 1e-4 and (got is None or not torch.allclose(got, want, atol=1e-5)):
        raise Finding(
            "数值对，传回 rate 的梯度不对：有一部分被 detach 或 no_grad 断开了。",
            "The value is right, the gradient that returns to rate is not: a part was cut off by detach or no_grad.",
        )
    return loss


class _Descent:
    """Plain gradient descent that counts its steps. (Loading torch.optim takes longer than the whole check.)"""

    def __init__(self, net, lr):
        self.param_groups = [{"params": list(net.parameters()), "lr": lr}]
        self.steps = 0

    def zero_grad(self, set_to_none=True):
        for weight in self.param_groups[0]["params"]:
            weight.grad = None if set_to_none or weight.grad is None else torch.zeros_like(weight)

    def step(self, closure=None):
        loss = closure() if closure else None
        self.steps += 1
        for weight in self.param_groups[0]["params"]:
            if weight.grad is not None:
                weight.data -= self.param_groups[0]["lr"] * weight.grad
        return loss


def _trained(answer, batch):
    """A network after two steps of learning on two batches, its optimizer, and what the answer returned."""
    net, losses = _net(), []
    optimizer = _Descent(net, lr=20.0)
    try:
        for k in range(2):
            x_seq = _input(batch.T, batch.N, 7 * k)
            losses.append(answer(net, x_seq, torch.arange(batch.N) % 10, optimizer))
    except RuntimeError as error:
        if losses and "second time" in str(error):
            raise _WORDS["reset"] from None
        raise
    return net[1].weight, optimizer, losses


def _train_twice(answer, batch):
    """What is left in the weights after two batches, if the loss that came back is right as well."""
    weight, optimizer, losses = _trained(answer, batch)
    if torch.equal(weight, _net()[1].weight):
        if losses[0] is ...:
            return ...
        raise _WORDS["step" if weight.grad is not None and weight.grad.any() else "gradient"]
    if optimizer.steps != 2:
        raise _WORDS["steps" if optimizer.steps else "optimizer"]
    right, _, expected = _trained(train_step, batch)
    if torch.allclose(weight, right, rtol=1e-4, atol=1e-4):
        _check_losses(losses, expected)
    return weight.detach()


def _check_losses(losses, expected):
    if losses[0] is None or losses[0] is ...:
        raise _WORDS["return"]
    for got, want in zip(losses, expected, strict=True):
        if torch.is_tensor(got) and got.requires_grad:
            raise _WORDS["item"]
        number = isinstance(got, (int, float)) or getattr(got, "ndim", None) == 0
        if not number or not abs(float(got) - want) <= 1e-4:  # nan is not right either
            raise _WORDS["loss"]


_WORDS = {
    key: Finding(zh, en)
    for key, zh, en in (
        ("reset", "没有重置：第二次反向传播走进了上一批的计算图。每批都要调用 functional.reset_net(net)。",
            "No reset: the second backward meets the graph of the last batch. Call reset_net(net) for each."),
        ("step", "权重没有变，虽然有梯度：没有调用 optimizer.step()（带括号），或者走在 loss.backward() 之前。",
            "The weights stay, though there are gradients: no optimizer.step(), or one before backward()."),
        ("gradient", "权重没有变，因为没有梯度：没有调用 loss.backward()，梯度又被清零了，或者发放率从计算图上断开了。",
            "The weights stay for want of gradients: no backward(), cleared too late, or rates off the graph."),
        ("optimizer", "权重变了，给定的 optimizer 却没有走过一步：用参数里的那个，不要自己另建。",
            "The weights changed, but the given optimizer took no step: use that one and make none of your own."),
        ("steps", "optimizer.step() 的次数不对：每批恰好走一次。",
            "optimizer.step() was not taken once for each batch: call it exactly once."),
        ("return", "权重学对了，还要返回损失：return loss.item()。", "It learns; now return loss.item()."),
        ("item", "权重学对了，但返回的损失是张量，还连着整张计算图，占着内存：返回 loss.item()。",
            "It learns, but the loss is a tensor that holds on to the whole graph: return loss.item()."),
        ("loss", "权重学对了，但返回的不是这一步的损失：返回改权重之前算出的 loss.item()。",
            "It learns, but this is not the loss of this step: return loss.item(), taken before the weights change."),
    )
}  # fmt: skip


def _rate_loss(out, labels):
    return F.mse_loss(out.mean(0), F.one_hot(labels, 10).float())


def _step(zero=True, loss=_rate_loss, unroll=functional.unroll, reset=functional.reset_net):
    """``train_step`` with one thing done wrong."""

    def answer(net, x_seq, labels, optimizer):
        if zero:
            optimizer.zero_grad()
        value = loss(unroll(net, x_seq), labels)
        value.backward()
        optimizer.step()
        reset(net)
        return value.item()

    return answer


def _forgetful(net, x_seq):
    """Every step from rest."""
    out = []
    for x in x_seq:
        functional.reset_net(net)
        out.append(net(x))
    return torch.stack(out)


def _measured(answer, batch):
    """The accuracy that the answer gives for a network that has seen other data before; and once more."""
    net, x_seq = _net(), _input(batch.T, batch.N, 1)
    rate = functional.unroll(net, x_seq).mean(0)
    labels, last = rate.argmax(1), 9 - rate.flip(1).argmax(1)  # the first and the last of the best
    other = torch.where(last == labels, (labels + 1) % 10, last)
    labels[list(batch.others)] = other[list(batch.others)]
    weight, got = net[1].weight.clone(), []
    with torch.no_grad():
        functional.unroll(net, -9 * torch.ones(3, batch.N, 16))  # somebody else's input: voltages are left over
        for _ in range(2):
            got.append(answer(net, x_seq, labels))
    if got[0] is None or got[0] is ...:
        return got[0]
    if not torch.equal(net[1].weight, weight):
        raise Finding(
            "网络的权重被改掉了：量准确率不改网络，只重置膜电位。",
            "The weights of the network were changed: measuring leaves the network as it is and resets voltages only.",
        )
    if any(getattr(value, "ndim", 0) or isinstance(value, (list, tuple)) for value in got):
        raise Finding(
            "返回的是许多数；准确率是一个数：答对的比例，对所有的图求平均。",
            "Many numbers come back; an accuracy is one number, the share of right answers: average over the pictures.",
        )
    return got


def _accuracy(
    before=functional.reset_net,
    unroll=functional.unroll,
    rates=lambda out: out.mean(0),
    decide=lambda rate: rate.argmax(1),
    share=lambda right: right.float().mean().item(),
    after=id,
):
    """``accuracy`` with one thing done wrong."""

    def answer(net, x_seq, labels):
        before(net)
        rate = rates(unroll(net, x_seq))
        after(net)
        return share(decide(rate) == labels)

    return answer


def _race(*rows: str) -> torch.Tensor:
    """Spikes [T, 10] from one text a step: the digits of the neurons that fire."""
    spikes = torch.zeros(len(rows), 10)
    for t, row in enumerate(rows):
        spikes[t, [int(digit) for digit in row]] = 1
    return spikes


def _early(
    lead=lambda counts, step: -counts.topk(2).values.diff(),
    stops=lambda lead, margin, t: lead >= margin,
    add=lambda counts, step: counts + step,
    decide=lambda counts, spikes: counts.argmax().item(),
    stopped=lambda decision, t: (decision, t + 1),
    ended=lambda decision, T: (decision, T),
):
    """``early_decision`` with one thing done wrong."""

    def answer(spikes, margin):
        counts = torch.zeros(10)
        for t in range(len(spikes)):
            counts = add(counts, spikes[t])
            if stops(lead(counts, spikes[t]), margin, t):
                return stopped(decide(counts, spikes), t)
        return ended(decide(counts, spikes), len(spikes))

    return answer


def _second_distinct(counts, step):
    values = counts.unique()
    return values[-1] - values[-2] if len(values) > 1 else 0.0


_SPIKES = (_spread(6, 4, 10) > 0).float()
_RATE = _spread(5, 10).abs()
_LABELS = torch.tensor([3, 1, 9, 3, 7])
_CLEAR = _race("37", "3", "", "3", "37", "3", "3", "3")
_TURNING = _race("2", "28", "8", "8", "8", "8", "2")

EXERCISES = (
    Exercise(
        id="09.steps_needed",
        solution=steps_needed,
        exact=(KIND,),
        cases=((0.5, 0.25), (0.2, 0.03), (0.9, 0.07), (0.25, 0.125), (0.3, 0.15), (0.5, 0.75)),
        mistakes=(
            Mistake(lambda p, error: math.ceil(p * (1 - p) / error),
                "误差还要平方：T = p(1-p)/误差²。误差减半，步数要变成四倍。",
                "The error must be squared: T = p(1-p)/error². Half the error takes four times the steps."),
            Mistake(lambda p, error: math.ceil(math.sqrt(p * (1 - p)) / error),
                "这是标准差与误差之比；步数是它的平方，p(1-p)/误差²。",
                "That is the ratio of standard deviation and error; the number of steps is its square, p(1-p)/error²."),
            Mistake(lambda p, error: math.ceil(p * (1 - p) * error**2),
                "误差乘了上去：应当除以误差²，误差越小，步数越多。",
                "The error is multiplied: divide by error², since a smaller error takes more steps."),
            Mistake(lambda p, error: math.floor(p * (1 - p) / error**2), "步数要向上取整：向下取整时误差还略大于要求。",
                "Round up: rounded down, the error is still a little larger than allowed."),
            Mistake(lambda p, error: round(p * (1 - p) / error**2),
                "不能四舍五入：舍去的时候误差还略大于要求，总要向上取整。",
                "Do not round to the nearest: where that goes down, the error is still too large. Always round up."),
            Mistake(lambda p, error: math.floor(p * (1 - p) / error**2) + 1,
                "恰好等于 error 也算“不超过”：商是整数时不要再加一步。",
                "Exactly error does not exceed error: where the quotient is whole, add no further step."),
            Mistake(lambda p, error: math.ceil(p / error**2), "少了因子 1-p：每一步的方差是 p(1-p)，不是 p。",
                "The factor 1-p is missing: the variance of one step is p(1-p), not p."),
            Mistake(lambda p, error: math.ceil((1 - p) / error**2), "少了因子 p：每一步的方差是 p(1-p)，不是 1-p。",
                "The factor p is missing: the variance of one step is p(1-p), not 1-p."),
            Mistake(lambda p, error: math.ceil(0.25 / error**2), "没有用到 p：0.25 只是 p = 0.5 时的方差。",
                "p is not used: 0.25 is the variance for p = 0.5 only."),
            Mistake(lambda p, error: p * (1 - p) / error**2, "步数是整数：用 math.ceil 向上取整。",
                "A number of steps is whole: round up with math.ceil."),
            Mistake(lambda p, error: float(math.ceil(p * (1 - p) / error**2)),
                "步数是整数 100，不是 100.0：math.ceil 给出整数，np.ceil 和 // 给出浮点数。",
                "A number of steps is whole, 100 and not 100.0: math.ceil gives an int, np.ceil and // a float."),
        ),
        hints=(
            ("从 sqrt(p(1-p)/T) ≤ error 出发，解出 T。", "Start from sqrt(p(1-p)/T) ≤ error and solve for T."),
            ("两边平方：p(1-p)/T ≤ error²。", "Square both sides: p(1-p)/T ≤ error²."),
            ("T 至少是 p(1-p)/error²，用 math.ceil 向上取整。",
             "T is at least p(1-p)/error²; round up with math.ceil."),
        ),
    ),
    Exercise(
        id="09.firing_rate",
        solution=firing_rate,
        keeps=True,
        cases=((_SPIKES,), (_SPIKES[:2],), (_SPIKES[:, :1],)),
        mistakes=(
            Mistake(lambda spikes: spikes.sum(0), "这是脉冲个数；发放率还要除以时间步数 T。",
                "That is the number of spikes; for a rate divide by the number of time steps T."),
            Mistake(lambda spikes: spikes.mean(1), "你对样本求了平均；时间在第 0 维。",
                "You averaged over the samples; time is dimension 0."),
            Mistake(lambda spikes: spikes.mean(-1), "你对神经元求了平均；时间在第 0 维。",
                "You averaged over the neurons; time is dimension 0."),
            Mistake(lambda spikes: spikes.mean((0, 1)), "你对时间和样本都求了平均：样本要分开，返回 [N, 10]。",
                "You averaged over time and samples: keep the samples apart, return [N, 10]."),
            Mistake(lambda spikes: spikes.mean(), "只剩下一个数了：只对时间求平均，样本和神经元各自保留。",
                "Only one number is left: average over time only, and keep samples and neurons apart."),
            Mistake(lambda spikes: spikes[-1], "这是最后一步的脉冲；要对所有的步求平均。",
                "Those are the spikes of the last step; average over all steps."),
            Mistake(lambda spikes: spikes[1:].mean(0), "漏掉了第一步：所有 T 步都要算。",
                "The first step is left out: all T steps count."),
            Mistake(lambda spikes: spikes.sum(0) / (len(spikes) - 1), "除数少了 1：除以步数 T，不是 T-1。",
                "The divisor is too small by 1: divide by the number of steps T, not by T-1."),
            Mistake(lambda spikes: spikes.sum(0) // len(spikes), "// 舍去了小数：用 / 相除。",
                "The decimals are lost by //: divide by /."),
            Mistake(lambda spikes: spikes.amax(0), "这是“有没有发放过”；发放率要看发放了几次。",
                "That says whether it fired at all; a rate tells how often."),
            Mistake(lambda spikes: spikes.mean(0).argmax(1), "这已经是判断了；这里只要发放率，[N, 10]。",
                "That is the decision already; only the rates are wanted here, [N, 10]."),
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
        run=_loss,
        cases=(
            (_RATE, _LABELS),
            (torch.eye(10), torch.arange(10)),
            (_RATE[:3], torch.tensor([2, 0, 2])),
            (_RATE[:1] / 4, torch.tensor([9])),
        ),
        mistakes=(
            Mistake(lambda rate, labels: ((rate - labels[:, None]) ** 2).mean(),
                "标签是类别的编号，不是目标发放率：先用 F.one_hot 变成 0 和 1。",
                "A label is the number of a class, not a target rate: turn it into 0 and 1 with F.one_hot first."),
            Mistake(lambda rate, labels: ((rate - F.one_hot(labels)) ** 2).mean(),
                "F.one_hot(labels) 只有到最大标签为止的类别：写 F.one_hot(labels, 10)，总是十类。",
                "F.one_hot(labels) has classes up to the largest label only: write F.one_hot(labels, 10), always ten."),
            Mistake(lambda rate, labels: F.mse_loss(rate, F.one_hot(labels - 1, 10).float()),
                "标签从 0 开始数：不要减 1。", "Labels are counted from 0: subtract nothing."),
            Mistake(lambda rate, labels: ((rate - F.one_hot(labels, 10)) ** 2).sum(1).mean(),
                "十个类别也要求平均，不是求和：这样大了 10 倍。",
                "Average over the ten classes too instead of adding them up: yours is 10 times as large."),
            Mistake(lambda rate, labels: ((rate - F.one_hot(labels, 10)) ** 2).sum(),
                "求了和，没有求平均：还要除以 10N。", "That is the sum, not the mean: divide by 10N."),
            Mistake(lambda rate, labels: ((rate - F.one_hot(labels, 10)) ** 2).mean(1),
                "每张图各有一个损失；还要对图求平均，返回一个数。",
                "That is one loss for each picture; average over the pictures too and return one number."),
            Mistake(lambda rate, labels: (rate - F.one_hot(labels, 10)).abs().mean(), "这是绝对误差；均方误差要平方。",
                "That is the absolute error; the squared error takes squares."),
            Mistake(lambda rate, labels: (rate - F.one_hot(labels, 10)).mean() ** 2,
                "先平方，再平均：否则正负误差互相抵消。",
                "Square first, then average: otherwise positive and negative errors cancel."),
            Mistake(lambda rate, labels: (rate**2).mean(), "目标没有用上：先从 rate 减去 one-hot 的目标，再平方。",
                "The target is not used: subtract the one-hot target from rate, then square."),
            Mistake(lambda rate, labels: (rate**2 * (1 - F.one_hot(labels, 10))).mean(),
                "只算了其余的神经元；正确的那个也要比，它的目标是 1。",
                "Only the other neurons count; compare the right one too, whose target is 1."),
            Mistake(lambda rate, labels: ((rate.gather(1, labels[:, None]) - 1) ** 2).mean(),
                "只算了正确的神经元；其余九个也要比，目标是 0。",
                "Only the right neuron counts; compare the other nine too, whose target is 0."),
            Mistake(lambda rate, labels: ((rate - (1 - F.one_hot(labels, 10))) ** 2).mean(),
                "目标反了：正确的神经元是 1，其余是 0。",
                "The target is the wrong way round: 1 for the right neuron, 0 for the others."),
            Mistake(lambda rate, labels: rate_mse(rate.softmax(1), labels), "均方误差直接用发放率，不先过 softmax。",
                "The squared error takes the rates as they are, without a softmax."),
            Mistake(lambda rate, labels: F.cross_entropy(rate, labels), "这是交叉熵；这里要的是均方误差。",
                "That is the cross-entropy; this exercise asks for the mean squared error."),
        ),
        hints=(
            ("目标：正确的神经元每步都发放（1），其余从不发放（0）。",
             "The target: the right neuron fires in every step (1), the others never (0)."),
            ("F.one_hot(labels, 10).float() 给出 [N, 10] 的目标。",
             "F.one_hot(labels, 10).float() is the target [N, 10]."),
            ("差的平方，再用 .mean() 对所有元素求平均。", "Square the difference, then .mean() over all elements."),
        ),
    ),
    Exercise(
        id="09.train_step",
        solution=train_step,
        run=_train_twice,
        measured=("学了两批之后的权重", "the weights after two batches"),
        cases=((_Batch(5, 10, ", optimizer"),), (_Batch(8, 4, ", optimizer"),)),
        mistakes=(
            Mistake(_step(zero=False), "没有清零梯度：第二批用上了两批梯度之和。先调用 optimizer.zero_grad()。",
                "The gradients were not cleared: the second batch used the sum of both. Call zero_grad() first."),
            Mistake(_step(reset=functional.detach_net),
                "detach_net 只剪断计算图，膜电位还在：用 functional.reset_net(net)。",
                "detach_net cuts the graph and keeps the voltages: call functional.reset_net(net)."),
            Mistake(_step(unroll=_forgetful), "每一步都重置了，网络记不住前一步：每批只重置一次。",
                "It is reset in every time step and remembers nothing: reset once for each batch."),
            Mistake(_step(loss=lambda out, labels: _rate_loss(out * len(out), labels)),
                "你把脉冲个数当成了发放率：对时间求平均，不是求和。",
                "You took the number of spikes for the firing rate: average over time instead of adding up."),
            Mistake(_step(loss=lambda out, labels: _rate_loss(out[-1:], labels)),
                "只用了最后一步的脉冲；损失要用所有步的发放率。",
                "Only the spikes of the last step are used; the loss takes the rates over all steps."),
            Mistake(_step(loss=lambda out, labels: F.cross_entropy(out.mean(0), labels)),
                "这是交叉熵；这里要的是均方误差。",
                "That is the cross-entropy; this exercise asks for the squared error."),
            Mistake(_step(loss=lambda out, labels: _rate_loss(out, labels) * 10 * len(labels)),
                "误差的平方求了和；要求平均。", "The squares of the errors are added up; take their mean."),
            Mistake(_step(loss=lambda out, labels: F.mse_loss(out, F.one_hot(labels, 10).float().expand(out.shape))),
                "你让每一步的脉冲都与目标比；先对时间求平均，再与目标比。",
                "The spikes of every step are compared with the target; average over time first, then compare."),
            Mistake(_step(loss=lambda out, labels: ((out.mean(0) - F.one_hot(labels)) ** 2).mean()),
                "F.one_hot(labels) 只有到最大标签为止的类别：写 F.one_hot(labels, 10)，总是十类。",
                "F.one_hot(labels) has classes up to the largest label only: write F.one_hot(labels, 10), always ten."),
        ),
        hints=(
            ("六个动作：清零梯度、前向、损失、反向、走一步、重置；最后返回 loss.item()。",
             "Six actions: clear the gradients, forward, loss, backward, step, reset; in the end return loss.item()."),
            ("前向：rate = functional.unroll(net, x_seq).mean(0)。",
             "Forward: rate = functional.unroll(net, x_seq).mean(0)."),
            ("损失用 F.mse_loss(rate, F.one_hot(labels, 10).float())；最后 functional.reset_net(net)。",
             "The loss is F.mse_loss(rate, F.one_hot(labels, 10).float()); end with functional.reset_net(net)."),
        ),
    ),
    Exercise(
        id="09.accuracy",
        solution=accuracy,
        run=_measured,
        measured=("同一批量两次的准确率", "the accuracy of the same batch, measured twice"),
        cases=((_Batch(6, 10, "", range(1, 10, 3)),), (_Batch(4, 10, "", range(0, 8, 2)),), (_Batch(5, 7),)),
        mistakes=(
            Mistake(_accuracy(before=id, decide=lambda rate: rate.argmax(0)),
                "两只虫都还在：膜电位没有重置，argmax 的维度也不对。",
                "Both bugs are still there: the voltages are not reset, and argmax takes the wrong dimension."),
            Mistake(_accuracy(before=id), "维度对了，还有一只虫：网络带着以前的膜电位开始，先调用 reset_net(net)。",
                "The dimension is right; one bug is left: the network starts with old voltages. Call reset_net first."),
            Mistake(_accuracy(decide=lambda rate: rate.argmax(0)),
                "重置对了，还有一只虫：argmax(0) 在样本里挑（恰好 10 个，不报错），应在类别里挑。",
                "One bug is left: argmax(0) chooses among the samples (10 of them, so no error), not the classes."),
            Mistake(_accuracy(before=id, after=functional.reset_net),
                "算完才重置太晚了：传进来的网络可能刚看过别的图。在前向之前重置。",
                "A reset afterwards comes too late: the network may have seen other data. Reset before the forward."),
            Mistake(_accuracy(unroll=_forgetful), "每一步都重置了，网络记不住前一步：只在开始时重置一次。",
                "It is reset in every time step and remembers nothing: reset once, at the start."),
            Mistake(_accuracy(rates=lambda out: out[-1]), "你只看了最后一步的脉冲；要看整段时间的发放率。",
                "You look at the spikes of the last step only; take the firing rate over all steps."),
            Mistake(_accuracy(rates=lambda out: out, decide=lambda out: out.argmax(2)),
                "你一步一步地判断；先对时间求平均，每张图只判断一次。",
                "You judge step by step; average over time first and decide once for each picture."),
            Mistake(_accuracy(decide=lambda rate: 9 - rate.flip(1).argmax(1)),
                "平票时取了编号大的；取编号小的，argmax(1) 就是这样。",
                "In a tie the larger number wins; it should be the smaller, as with argmax(1)."),
            Mistake(_accuracy(decide=lambda rate: rate.argmin(1)), "取了发放率最小的；判断是发放率最大的那个。",
                "The smallest rate is taken; the decision is the largest."),
            Mistake(_accuracy(decide=lambda rate: rate.amax(1)),
                "拿发放率与标签比了；要比的是最大者的编号：argmax，不是 max 的值。",
                "A rate is compared with the label; compare the place of the largest: argmax, not the value of max."),
            Mistake(_accuracy(share=lambda right: 1 - right.float().mean().item()), "这是错误率；准确率是答对的比例。",
                "That is the share of errors; the accuracy is the share of right answers."),
            Mistake(_accuracy(share=lambda right: right.sum().item()), "这是答对的张数；还要除以图的张数。",
                "That is the number of right answers; divide by the number of pictures."),
            Mistake(_accuracy(share=lambda right: int(right.sum()) // len(right)), "// 舍去了小数：用 / 相除。",
                "The decimals are lost by //: divide by /."),
            Mistake(_accuracy(share=lambda right: right[0].float().item()), "只看了第一张图：对所有的图求平均。",
                "Only the first picture counts: average over all of them."),
        ),
        hints=(
            ("有两只虫：一只在前向之前，一只在最后一行。",
             "There are two bugs: one before the forward, one in the last line."),
            ("rate 的形状是 [N, 10]：第 1 维是类别。", "rate has the shape [N, 10]: dimension 1 holds the classes."),
            ("第一行加上 functional.reset_net(net)，并改成 argmax(1)。",
             "Begin with functional.reset_net(net), and write argmax(1)."),
        ),
    ),
    Exercise(
        id="09.early_decision",
        solution=early_decision,
        keeps=True,
        cases=(
            (_CLEAR, 2), (_CLEAR, 9), (_TURNING, 1), (_TURNING, 3),
            (_race("4", "46", "6", "6"), 2),
            (_race("58", "58", "85"), 1),
            (_race("58", "5", "5"), 1),
            (_race("0", "123456789", "03", "3", "3"), 2),
            (_race("", "", "2"), 0),
        ),
        mistakes=(
            Mistake(_early(stops=lambda lead, margin, t: lead > margin),
                "领先恰好等于 margin 时就该停：用 >=，不是 >。", "Stop as soon as the lead equals margin: >=, not >."),
            Mistake(lambda spikes, margin: early_decision(spikes, margin or math.inf),
                "margin = 0 被当成了“没有给”：领先 0 票也够，看完第一步就停。",
                "margin = 0 is taken for no margin: a lead of 0 is enough then, so stop after the first step."),
            Mistake(_early(stops=lambda lead, margin, t: lead >= 4), "margin 被写死成了 4：用函数的参数。",
                "margin is fixed at 4: use the argument of the function."),
            Mistake(_early(lead=lambda counts, step: counts.max()),
                "比的是领先多少，不是第一名有多少：减去第二名的票数。",
                "What counts is the lead, not the votes of the first: subtract those of the second."),
            Mistake(_early(lead=lambda counts, step: counts.max() - counts.min()),
                "你减去了最后一名的票数；领先是与第二名比。",
                "You subtracted the votes of the last; the lead is over the second."),
            Mistake(_early(lead=_second_distinct),
                "两个并列第一时，第二名就是另一个第一，领先是 0：不要去掉相同的票数。",
                "With two in the lead the second has as many votes, and the lead is 0: do not drop equal counts."),
            Mistake(_early(lead=lambda counts, step: -step.topk(2).values.diff()),
                "领先要用累计的票数来算，不是这一步的脉冲。",
                "The lead is one of all votes so far, not of the spikes of this step."),
            Mistake(_early(stops=lambda lead, margin, t: False), "总是看到了最后：领先够多就停。",
                "It always looks to the end: stop as soon as the lead is large enough."),
            Mistake(_early(lead=lambda counts, step: -(counts - step).topk(2).values.diff()),
                "先比后加，晚了一步：先把这一步的票加上，再看领先。",
                "The lead is tested before the step is counted, one step late: add first, then look."),
            Mistake(_early(stopped=lambda decision, t: (decision, t)),
                "步数差一：看完第一步就决定，用了 1 步，不是 0 步。",
                "Off by one: whoever decides after the first step has used 1 step, not 0."),
            Mistake(_early(stopped=lambda decision, t: (t + 1, decision)), "提前停下时次序反了：先是判断，后是步数。",
                "Where it stops early the order is wrong: the decision first, then the steps."),
            Mistake(lambda spikes, margin: early_decision(spikes, margin)[0],
                "只返回了判断：还要步数，return decision, steps。",
                "Only the decision comes back; the steps belong to it: return decision, steps."),
            Mistake(_early(decide=lambda counts, spikes: counts.max().item()),
                "返回的是票数；判断是票数最多者的编号：argmax。",
                "The votes come back; the decision is the number of the neuron with most of them: argmax."),
            Mistake(_early(decide=lambda counts, spikes: spikes.sum(0).argmax().item()),
                "提前停下时偷看了后面的票：只按到此为止的票数判断。",
                "Where it stops early it looks at later votes: decide by those so far."),
            Mistake(_early(decide=lambda counts, spikes: 9 - counts.flip(0).argmax().item()),
                "平票时取了编号大的；取编号小的，argmax 就是这样。",
                "In a tie the larger number wins; it should be the smaller, as with argmax."),
            Mistake(_early(add=lambda counts, step: step), "只看了当前这一步：票数要一步一步累加。",
                "That looks at the present step only: votes add up over the steps."),
        ),
        hints=(
            ("从零开始累加：counts = counts + spikes[t]。", "Add up from zero: counts = counts + spikes[t]."),
            ("counts.topk(2).values 给出第一名和第二名的票数。",
             "counts.topk(2).values gives the votes of the first two."),
            ("第一名减第二名不小于 margin 就 break；返回 counts.argmax().item() 和 t + 1。",
             "Break when first minus second is at least margin; return counts.argmax().item() and t + 1."),
        ),
    ),
)  # fmt: skip
