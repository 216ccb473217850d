"""Exercise 09.train_step."""

from functools import lru_cache

import torch
from torch.nn import functional as F

from course_snn import functional
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch09.shared import Batch, forgetful, input_of, small_net


def train_step(net, x_seq, labels, optimizer):
    optimizer.zero_grad()
    rate = functional.unroll(net, x_seq).mean(0)
    loss = F.mse_loss(rate, F.one_hot(labels, 10).float())
    loss.backward()
    optimizer.step()
    functional.reset_net(net)
    return loss.item()


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
    net, losses = small_net(), []
    optimizer = _Descent(net, lr=20.0)
    try:
        for k in range(2):
            x_seq = input_of(batch.T, batch.N, 7 * k)
            losses.append(answer(net, x_seq, torch.arange(batch.N) % 10, optimizer))
    except RuntimeError as error:
        if losses and "second time" in str(error):
            raise _WORDS["reset"] from None
        raise
    return net[1].weight, optimizer, losses


@lru_cache
def _learnt(batch):
    """The weights and the losses of the right answer."""
    weight, _, losses = _trained(train_step, batch)
    return weight.detach(), losses


def _train_twice(answer, batch):
    """What is left in the weights after two batches, if the loss that came back is right as well."""
    weight, optimizer, losses = _trained(answer, batch)
    if torch.equal(weight, small_net()[1].weight):
        if losses[0] is ...:
            return ...
        raise _WORDS["step" if weight.grad is not None and weight.grad.any() else "gradient"]
    if optimizer.steps != 2:
        raise _WORDS["steps" if optimizer.steps else "optimizer"]
    right, expected = _learnt(batch)
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


def _vary(rng):
    few, many = drawn.whole(rng, 3, 7), drawn.whole(rng, 10, 14)
    return tuple((Batch(drawn.whole(rng, 4, 9), N, ", optimizer"),) for N in (few, many))


EXERCISE = Exercise(
    id="09.train_step",
    solution=train_step,
    vary=_vary,
    run=_train_twice,
    measured=("学了两批之后的权重", "the weights after two batches"),
    cases=((Batch(5, 10, ", optimizer"),), (Batch(8, 4, ", optimizer"),)),
    mistakes=(
        Mistake(
            _step(zero=False),
            "没有清零梯度：第二批用上了两批梯度之和。先调用 optimizer.zero_grad()。",
            "The gradients were not cleared: the second batch used the sum of both. Call zero_grad() first.",
        ),
        Mistake(
            _step(reset=functional.detach_net),
            "detach_net 只剪断计算图，膜电位还在：用 functional.reset_net(net)。",
            "detach_net cuts the graph and keeps the voltages: call functional.reset_net(net).",
        ),
        Mistake(
            _step(unroll=forgetful),
            "每一步都重置了，网络记不住前一步：每批只重置一次。",
            "It is reset in every time step and remembers nothing: reset once for each batch.",
        ),
        Mistake(
            _step(loss=lambda out, labels: _rate_loss(out * len(out), labels)),
            "你把脉冲个数当成了发放率：对时间求平均，不是求和。",
            "You took the number of spikes for the firing rate: average over time instead of adding up.",
        ),
        Mistake(
            _step(loss=lambda out, labels: _rate_loss(out[-1:], labels)),
            "只用了最后一步的脉冲；损失要用所有步的发放率。",
            "Only the spikes of the last step are used; the loss takes the rates over all steps.",
        ),
        Mistake(
            _step(loss=lambda out, labels: F.cross_entropy(out.mean(0), labels)),
            "这是交叉熵；这里要的是均方误差。",
            "That is the cross-entropy; this exercise asks for the squared error.",
        ),
        Mistake(
            _step(loss=lambda out, labels: _rate_loss(out, labels) * 10 * len(labels)),
            "误差的平方求了和；要求平均。",
            "The squares of the errors are added up; take their mean.",
        ),
        Mistake(
            _step(loss=lambda out, labels: F.mse_loss(out, F.one_hot(labels, 10).float().expand(out.shape))),
            "你让每一步的脉冲都与目标比；先对时间求平均，再与目标比。",
            "The spikes of every step are compared with the target; average over time first, then compare.",
        ),
        Mistake(
            _step(loss=lambda out, labels: ((out.mean(0) - F.one_hot(labels)) ** 2).mean()),
            "F.one_hot(labels) 只有到最大标签为止的类别：写 F.one_hot(labels, 10)，总是十类。",
            "F.one_hot(labels) has classes up to the largest label only: write F.one_hot(labels, 10), always ten.",
        ),
    ),
    hints=(
        (
            "六个动作：清零梯度、前向、损失、反向、走一步、重置；最后返回 loss.item()。",
            "Six actions: clear the gradients, forward, loss, backward, step, reset; in the end return loss.item().",
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
)
