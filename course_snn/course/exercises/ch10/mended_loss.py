"""Exercise 10.mended_loss."""

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch10.shared import spikes_of


def mended_loss(out, labels):
    rate = out.mean(0)
    wanted = F.one_hot(labels, 10).float()
    return F.mse_loss(rate, wanted)


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


_LABELS = torch.tensor([3, 1, 4, 1, 5])
_ONE = F.one_hot(_LABELS, 10).float().expand(8, 5, 10)
_LOSS_CASES = (
    (spikes_of(5, 3, 10, seed=1).float(), _LABELS[:3]),
    (torch.zeros(4, 5, 10), _LABELS),
    (_ONE, _LABELS),
    (spikes_of(8, 2, 10, seed=3).float().requires_grad_(), _LABELS[1:3]),
)


def _vary(rng):
    def case(T, count):
        labels = torch.tensor([drawn.whole(rng, 0, 9) for _ in range(count)])
        return drawn.spikes(rng, T, count, 10), labels

    (out, labels), last = case(drawn.whole(rng, 3, 7), 3), case(8, 2)
    return (out, labels), (torch.zeros(4, 3, 10), labels), (last[0].requires_grad_(), last[1])


EXERCISE = Exercise(
    id="10.mended_loss",
    solution=mended_loss,
    vary=_vary,
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
)
