"""Exercise 08.sigmoid_slope."""

import torch

from course_snn import surrogate
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch08.shared import X


def sigmoid_slope(x, alpha):
    s = torch.sigmoid(alpha * x)
    return alpha * s * (1 - s)


def _vary(rng):
    x = torch.tensor([*drawn.some(rng, 4, [k / 10 for k in range(-20, 20) if k]), 0.0])
    small, large = drawn.one_of(rng, 0.5, 1.5, 2.0), drawn.one_of(rng, 5.0, 6.0, 8.0)
    return (
        (x, small),
        (x, large),
        (drawn.grid(rng, (3, 1), -1.0, 1.0, 0.1), 3.0),
        (torch.tensor([-300.0, drawn.number(rng, 0.1, 0.4, 0.1), 300.0]), large),
    )


EXERCISE = Exercise(
    id="08.sigmoid_slope",
    solution=sigmoid_slope,
    vary=_vary,
    keeps=True,
    cases=(
        (X, 1.0),
        (X, 4.0),
        (torch.tensor([0.25, 0.0]), 10.0),
        (torch.tensor([[-1.0], [0.2]]), 0.5),
        (torch.tensor([-200.0, 0.1, 200.0]), 4.0),
    ),
    mistakes=(
        Mistake(
            lambda x, alpha: torch.sigmoid(alpha * x) * (1 - torch.sigmoid(alpha * x)),
            "少了一个 α：链式法则，外层的导数还要乘以 αx 对 x 的导数。",
            "A factor α is missing: by the chain rule the outer derivative is multiplied by that of αx.",
        ),
        Mistake(
            lambda x, alpha: alpha**2 * torch.sigmoid(alpha * x) * (1 - torch.sigmoid(alpha * x)),
            "α 乘了两次：αx 对 x 的导数是 α，前面只有一个 α。",
            "α is multiplied twice: the derivative of αx is α, so only one α stands in front.",
        ),
        Mistake(
            lambda x, alpha: torch.sigmoid(alpha * x),
            "这是原函数 σ(αx) 本身；反向传播要的是它的导数。",
            "That is the primitive σ(αx) itself; the backward pass needs its derivative.",
        ),
        Mistake(
            lambda x, alpha: alpha * torch.sigmoid(alpha * x),
            "少了因子 1-σ(αx)：σ 的导数是 σ(1-σ)。",
            "The factor 1-σ(αx) is missing: the derivative of σ is σ(1-σ).",
        ),
        Mistake(
            lambda x, alpha: alpha * (1 - torch.sigmoid(alpha * x) ** 2),
            "1-y² 是 tanh 的导数的写法；σ 的导数是 σ(1-σ)。",
            "1-y² belongs to the derivative of tanh; that of σ is σ(1-σ).",
        ),
        Mistake(
            lambda x, alpha: alpha * (1 - torch.tanh(alpha * x) ** 2),
            "这是 tanh(αx) 的斜率；这里的原函数是 σ(αx)。",
            "That is the slope of tanh(αx); the primitive here is σ(αx).",
        ),
        Mistake(
            lambda x, alpha: surrogate.ATan(alpha).slope(x),
            "这是 ATan 的斜率，表中的下一行；要的是 Sigmoid。",
            "That is the slope of ATan, the next row of the table; Sigmoid is wanted.",
        ),
        Mistake(
            lambda x, alpha: alpha * sigmoid_slope(x, 1.0),
            "σ 的里面也有 α：α 不但把斜率抬高，也把它变窄。",
            "There is an α inside σ as well: α makes the slope not only higher but also narrower.",
        ),
        Mistake(
            lambda x, alpha: alpha * sigmoid_slope(x / alpha, 1.0),
            "σ 里面应是 αx，不是 x/α：α 越大，斜率越窄。",
            "Inside σ stands αx, not x/α: the larger α, the narrower the slope.",
        ),
        Mistake(
            lambda x, alpha: sigmoid_slope(x, 1.0),
            "没有用到 alpha：σ 的里面和前面都有它。",
            "alpha is not used: it stands inside σ and in front of it.",
        ),
        Mistake(
            lambda x, alpha: sigmoid_slope(x, 4.0),
            "alpha 被写死成了 4：用函数的参数。",
            "alpha is fixed at 4: use the argument of the function.",
        ),
        Mistake(
            lambda x, alpha: sigmoid_slope(x, alpha).clamp(max=1),
            "斜率在 1 处被截断了：它可以大于 1，最高处是 α/4。",
            "The slope is cut off at 1: it may be larger, its top is α/4.",
        ),
        Mistake(
            lambda x, alpha: sigmoid_slope(x.clamp(min=0), alpha),
            "左边不对：阈值以下的斜率也随距离减小，左右对称。",
            "The left side is wrong: below the threshold the slope falls with the distance too, as on the right.",
        ),
        Mistake(
            lambda x, alpha: sigmoid_slope(x, alpha).sum(),
            "只剩下一个数了：每个元素有自己的斜率，不要求和。",
            "Only one number is left: every element has a slope of its own, so do not add them up.",
        ),
        Mistake(
            lambda x, alpha: (x >= 0).float(),
            "这是前向的脉冲；前向不变，换的只是反向的斜率。",
            "That is the forward spike; it stays as it is, only the slope backward is replaced.",
        ),
    ),
    hints=(
        ("对 g(x) = σ(αx) 求导，用链式法则。", "Differentiate g(x) = σ(αx) by the chain rule."),
        ("σ 的导数是 σ(1-σ)。", "The derivative of σ is σ(1-σ)."),
        ("先算 s = torch.sigmoid(alpha * x)，再乘。", "First s = torch.sigmoid(alpha * x), then multiply."),
    ),
)
