"""Exercise 06.learn_row."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch06.shared import tensor_of


def learn_row(w, j, x, lr, x_target):
    w = w.clone()
    w[j] = (w[j] + lr * (x - x_target)).clamp(0, 1)
    return w


def _learnt(change, clip=lambda row: row.clamp(0, 1), row=lambda j: j):
    """``learn_row`` with one thing done wrong: ``change(w_j, x, lr, x_target)``."""

    def answer(w, j, x, lr, x_target):
        w, j = w.clone(), row(j)
        w[j] = clip(w[j] + change(w[j], x, lr, x_target))
        return w

    return answer


def _towards(w, x, lr, x_target):
    return lr * (x - x_target)


_W = tensor_of([0.5, 0.2, 0.9], [0.1, 0.98, 0.02], [0.3, 0.3, 0.3])


def _vary(rng):
    """Row 1 has a weight that would exceed 1 and one that would fall below 0."""
    w = drawn.grid(rng, (3, 3), 0.1, 0.9, 0.1)
    goal, other = drawn.some(rng, 2, (0.2, 0.4, 0.5, 0.6))
    pairs = (0.98, drawn.number(rng, 1.0, 2.0, 0.2)), (0.02, 0.0), (0.1, drawn.number(rng, 0.0, 2.0, 0.2))
    w[1], x = map(torch.tensor, zip(*drawn.shuffled(rng, pairs), strict=True))
    return (
        (w, 0, drawn.grid(rng, (3,), 0.0, 2.0, 0.5), 0.1, goal),
        (w, 1, x, 0.2, other),
        (w, 2, tensor_of(*drawn.shuffled(rng, [0.0, 0.5, 1.5])), 0.5, goal),
    )


EXERCISE = Exercise(
    id="06.learn_row",
    solution=learn_row,
    vary=_vary,
    cases=(
        (_W, 0, tensor_of(1.5, 0.0, 2.0), 0.1, 0.3),
        (_W, 1, tensor_of(0.2, 1.0, 0.0), 0.1, 0.4),
        (_W, 2, tensor_of(0.0, 0.5, 0.0), 0.5, 0.2),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            lambda w, j, x, lr, x_target: (w + lr * (x - x_target)).clamp(0, 1),
            "所有神经元都学了：只改胜者的那一行 w[j]。",
            "Every neuron learns: change only the winner's row w[j].",
        ),
        Mistake(
            _learnt(_towards, clip=lambda row: row),
            "权重跑出了 [0, 1]：改完以后要截断（clamp 不改原来的张量，要用它的返回值）。",
            "The weights leave [0, 1]: clip them (clamp leaves its tensor as it is: use what it returns).",
        ),
        Mistake(_learnt(_towards, clip=lambda row: row.clamp(min=0)), "权重不超过 1。", "No weight exceeds 1."),
        Mistake(_learnt(_towards, clip=lambda row: row.clamp(max=1)), "权重不小于 0。", "No weight is below 0."),
        Mistake(
            _learnt(lambda *a: _towards(*a).clamp(0, 1), clip=lambda row: row),
            "要截断的是改完以后的权重，不是变化量。",
            "Clip the weight after the change, not the change.",
        ),
        Mistake(_learnt(lambda *a: _towards(*a).clamp(min=0)), "沉默的输入要减弱。", "Silent inputs get weaker."),
        Mistake(_learnt(lambda w, x, lr, goal: lr * x), "忘了减去 x_target。", "Subtract x_target."),
        Mistake(_learnt(lambda *a: -_towards(*a)), "符号反了。", "The sign is wrong: active inputs grow."),
        Mistake(_learnt(lambda w, x, lr, g: lr * (x - 0.3)), "x_target 不总是 0.3。", "x_target need not be 0.3."),
        Mistake(_learnt(lambda w, x, lr, g: lr * x - g), "lr 要乘整个括号。", "lr multiplies the whole bracket."),
        Mistake(
            _learnt(lambda w, x, lr, x_target: lr * (2.0 * (x > x_target) - 1)),
            "变化量与 x - x_target 成正比，不只看谁大谁小。",
            "The change is in proportion to x - x_target; do not merely compare the two.",
        ),
        Mistake(_learnt(_towards, row=lambda j: j - 1), "j 从 0 数起。", "j counts from 0."),
        Mistake(lambda w, j, *a: learn_row(w, j, *a) if j else w.clone(), "j = 0 也算数。", "j = 0 counts too."),
        Mistake(lambda w, j, *a: learn_row(w, j, *a)[j], "要返回全部权重。", "Return all weights, not a row."),
        Mistake(
            lambda w, j, x, *a: learn_row(w.t(), j, x[j], *a).t(),
            "改行，不改列。",
            "Change the row, not the column.",
        ),
    ),
    hints=(
        ("胜者是第 j 行，其余各行不变。", "The winner is row j; all other rows stay."),
        (
            "变化量是 lr * (x - x_target)，对每个输入各不相同。",
            "The change is lr * (x - x_target), different for each input.",
        ),
        (
            "先 w = w.clone()，再给 w[j] 赋值，最后用 .clamp(0, 1)。",
            "First w = w.clone(), then assign to w[j], with .clamp(0, 1) at the end.",
        ),
    ),
)
