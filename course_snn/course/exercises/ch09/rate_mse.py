"""Exercise 09.rate_mse."""

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch09.shared import spread


def rate_mse(rate, labels):
    target = F.one_hot(labels, 10).float()
    return ((rate - target) ** 2).mean()


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


_RATE = spread(5, 10).abs()
_LABELS = torch.tensor([3, 1, 9, 3, 7])


def _vary(rng):
    def case(count, most=9):
        labels = [drawn.whole(rng, 0, most) for _ in range(count)]
        return drawn.grid(rng, (count, 10), 0.0, 1.0, 0.1), torch.tensor(labels)

    return case(drawn.whole(rng, 4, 6)), case(3, most=6), case(1)


EXERCISE = Exercise(
    id="09.rate_mse",
    solution=rate_mse,
    vary=_vary,
    run=_loss,
    cases=(
        (_RATE, _LABELS),
        (torch.eye(10), torch.arange(10)),
        (_RATE[:3], torch.tensor([2, 0, 2])),
        (_RATE[:1] / 4, torch.tensor([9])),
    ),
    mistakes=(
        Mistake(
            lambda rate, labels: ((rate - labels[:, None]) ** 2).mean(),
            "标签是类别的编号，不是目标发放率：先用 F.one_hot 变成 0 和 1。",
            "A label is the number of a class, not a target rate: turn it into 0 and 1 with F.one_hot first.",
        ),
        Mistake(
            lambda rate, labels: ((rate - F.one_hot(labels)) ** 2).mean(),
            "F.one_hot(labels) 只有到最大标签为止的类别：写 F.one_hot(labels, 10)，总是十类。",
            "F.one_hot(labels) has classes up to the largest label only: write F.one_hot(labels, 10), always ten.",
        ),
        Mistake(
            lambda rate, labels: F.mse_loss(rate, F.one_hot(labels - 1, 10).float()),
            "标签从 0 开始数：不要减 1。",
            "Labels are counted from 0: subtract nothing.",
        ),
        Mistake(
            lambda rate, labels: ((rate - F.one_hot(labels, 10)) ** 2).sum(1).mean(),
            "十个类别也要求平均，不是求和：这样大了 10 倍。",
            "Average over the ten classes too instead of adding them up: yours is 10 times as large.",
        ),
        Mistake(
            lambda rate, labels: ((rate - F.one_hot(labels, 10)) ** 2).sum(),
            "求了和，没有求平均：还要除以 10N。",
            "That is the sum, not the mean: divide by 10N.",
        ),
        Mistake(
            lambda rate, labels: ((rate - F.one_hot(labels, 10)) ** 2).mean(1),
            "每张图各有一个损失；还要对图求平均，返回一个数。",
            "That is one loss for each picture; average over the pictures too and return one number.",
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
            lambda rate, labels: (rate**2).mean(),
            "目标没有用上：先从 rate 减去 one-hot 的目标，再平方。",
            "The target is not used: subtract the one-hot target from rate, then square.",
        ),
        Mistake(
            lambda rate, labels: (rate**2 * (1 - F.one_hot(labels, 10))).mean(),
            "只算了其余的神经元；正确的那个也要比，它的目标是 1。",
            "Only the other neurons count; compare the right one too, whose target is 1.",
        ),
        Mistake(
            lambda rate, labels: ((rate.gather(1, labels[:, None]) - 1) ** 2).mean(),
            "只算了正确的神经元；其余九个也要比，目标是 0。",
            "Only the right neuron counts; compare the other nine too, whose target is 0.",
        ),
        Mistake(
            lambda rate, labels: ((rate - (1 - F.one_hot(labels, 10))) ** 2).mean(),
            "目标反了：正确的神经元是 1，其余是 0。",
            "The target is the wrong way round: 1 for the right neuron, 0 for the others.",
        ),
        Mistake(
            lambda rate, labels: rate_mse(rate.softmax(1), labels),
            "均方误差直接用发放率，不先过 softmax。",
            "The squared error takes the rates as they are, without a softmax.",
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
        ("F.one_hot(labels, 10).float() 给出 [N, 10] 的目标。", "F.one_hot(labels, 10).float() is the target [N, 10]."),
        ("差的平方，再用 .mean() 对所有元素求平均。", "Square the difference, then .mean() over all elements."),
    ),
)
