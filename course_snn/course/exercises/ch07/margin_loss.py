"""Exercise 07.margin_loss."""

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn


def margin_loss(v_max, labels, margin):
    sign = 2 * F.one_hot(labels, v_max.shape[1]) - 1
    short = (margin - sign * (v_max - 1)).clamp(min=0)
    return short.square().sum() / len(labels)


def _loss(lack, punish=lambda short: short.square().sum(), samples=len):
    """A loss made of ``lack(sign, v_max, margin)``, where sign is +1 for the neuron of the label and else -1."""

    def answer(v_max, labels, margin):
        sign = 2 * F.one_hot(labels, v_max.shape[1]) - 1
        return punish(lack(sign, v_max, margin)) / samples(labels)

    return answer


def _short(sign, v, margin):
    return (margin - sign * (v - 1)).clamp(min=0)


def _with_gradient(answer, v_max, labels, margin):
    """Return the loss, if gradients pass through it."""
    loss = answer(v_max.clone().requires_grad_(), labels, margin)
    lacking = margin_loss(v_max, labels, margin) > 0
    plain = isinstance(loss, (int, float)) or (torch.is_tensor(loss) and not loss.requires_grad)
    if plain and lacking:
        raise Finding(
            "返回的数与 v_max 断开了，梯度传不回去：不要用 item()、float()、detach() 或 torch.tensor(…)。",
            "What comes back is cut off from v_max, so no gradient passes: leave out item(), float(), detach() and "
            "torch.tensor(…).",
        )
    return loss


_LOSSES = (
    (torch.tensor([[1.2, 0.8], [0.5, 1.5]]), torch.tensor([1, 1]), 0.0),
    (torch.tensor([[1.2, 0.8, 0.3], [0.5, 1.6, 1.1]]), torch.tensor([0, 2]), 0.5),
    (torch.tensor([[2.5, -0.8, 0.9], [0.2, 0.1, 1.4], [1.0, 1.0, 1.0]]), torch.tensor([0, 2, 1]), 0.3),
    (torch.tensor([[0.75, 1.25, 1.5, 0.0], [1.0, 1.25, 0.5, 0.9]]), torch.tensor([0, 1]), 0.25),
)


def _vary(rng):
    def case(samples, classes, margin):
        labels = torch.from_numpy(rng.integers(0, classes, samples))
        return drawn.grid(rng, (samples, classes), -0.45, 2.45, 0.1), labels, margin

    margin, other = drawn.some(rng, 2, (0.1, 0.2, 0.3, 0.4))
    return case(2, 2, 0.0), case(2, 3, margin), case(3, 4, other), case(5, 3, 0.5)


EXERCISE = Exercise(
    id="07.margin_loss",
    solution=margin_loss,
    vary=_vary,
    run=_with_gradient,
    cases=_LOSSES,
    mistakes=(
        Mistake(
            _loss(lambda sign, v, m: _short(sign, v, -m)),
            "裕量的方向反了：对的神经元要超过 1 + margin，其余的要低于 1 - margin。",
            "The margin goes the wrong way: the right neuron must exceed 1 + margin, the others stay below 1 - margin.",
        ),
        Mistake(
            _loss(_short, punish=lambda short: short.square().mean() * len(short)),
            "你对全部元素求了平均：应当对神经元求和，只除以样本数。",
            "You took the mean over all elements: sum over the neurons and divide by the number of samples only.",
        ),
        Mistake(_loss(_short, samples=lambda labels: 1), "还要除以样本数。", "Divide by the number of samples."),
        Mistake(_loss(_short, punish=lambda short: short.sum()), "忘了平方。", "The square is missing."),
        Mistake(_loss(_short, punish=lambda x: x.sum() ** 2), "先平方，再求和。", "Square first, then sum."),
        Mistake(lambda *a: margin_loss(*a).sqrt(), "不开平方根。", "Take no square root."),
        Mistake(
            _loss(lambda sign, v, m: m - sign * (v - 1)),
            "做得够好的神经元也被罚了：超出目标的部分不算误差，平方之前用 clamp(min=0)。",
            "You also punish neurons that do better than asked: what lies beyond the goal is no error, so "
            "clamp(min=0) before you square.",
        ),
        Mistake(
            _loss(lambda sign, v, m: _short(sign, v, m) * (sign > 0)),
            "其余的神经元也要罚：它们要低于 1 - margin。",
            "Punish the other neurons as well: they must stay below 1 - margin.",
        ),
        Mistake(
            _loss(lambda sign, v, m: _short(sign, v, m) * (sign < 0)),
            "对的神经元也要罚：它要超过 1 + margin。",
            "Punish the right neuron as well: it must exceed 1 + margin.",
        ),
        Mistake(_loss(lambda sign, v, m: _short(sign, v, 0.0)), "忘了裕量。", "The margin is missing."),
        Mistake(_loss(lambda sign, v, m: _short(sign, v, 0.5)), "用 margin，不是 0.5。", "Use margin, not 0.5."),
        Mistake(
            _loss(lambda sign, v, m: _short(sign, v, sign * m)),
            "其余的神经元要低于 1 - margin，不是 1 + margin。",
            "The others must stay below 1 - margin, not 1 + margin.",
        ),
        Mistake(
            _loss(lambda sign, v, m: (_short(sign, v, m) > 0) * (v - 1)),
            "差多少要从 1 ± margin 算起，不从阈值 1 算起。",
            "What is lacking is counted from 1 ± margin, not from the threshold 1.",
        ),
        Mistake(
            _loss(lambda sign, v, m: _short(sign, v, m) * ((v >= 1) != (sign > 0))),
            "站对了边但还在裕量之内的神经元，也要罚。",
            "Punish neurons on the right side, too, as long as they are within the margin.",
        ),
        Mistake(
            lambda v, y, m: _short(2 * F.one_hot(y, v.shape[1]) - 1, v, m).square().sum(1),
            "还要对样本求和，再除以样本数：结果是一个数。",
            "Sum over the samples, too, and divide by their number: the result is one number.",
        ),
        Mistake(
            lambda v, y, m: margin_loss(v, y, m) * len(y) / v.shape[1],
            "除以样本数，不是神经元数。",
            "Divide by the number of samples, not of neurons.",
        ),
    ),
    hints=(
        (
            "先给每个神经元一个符号：标签那一个是 +1，其余是 -1。",
            "Give each neuron a sign first: +1 for the one of the label, -1 for the others.",
        ),
        (
            "符号乘以 (v_max - 1) 是它领先阈值多少；margin 减去它是还差多少。",
            "The sign times (v_max - 1) says how far it is on the right side; margin minus that is what it lacks.",
        ),
        (
            "还差的部分是 (margin - sign * (v_max - 1)).clamp(min=0)；平方，求和，除以 len(labels)。",
            "What it lacks is (margin - sign * (v_max - 1)).clamp(min=0); square it, sum, divide by len(labels).",
        ),
    ),
)
