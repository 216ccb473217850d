"""Exercise 08.triangle."""

import inspect

import torch

from course_snn import surrogate
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch08.shared import X


class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs()).clamp(min=0)


def _tried(cls, x):
    """The slope that a surrogate takes backward, if it is a surrogate and fires as all of them do."""
    if not (inspect.isclass(cls) and issubclass(cls, surrogate.Surrogate)):
        raise Finding(
            "Triangle 要写成 surrogate.Surrogate 的子类：class Triangle(surrogate.Surrogate)，里面写 slope。",
            "Triangle has to be a subclass of surrogate.Surrogate: class Triangle(surrogate.Surrogate), with slope.",
        )
    if cls.slope is surrogate.Surrogate.slope:
        raise Finding(
            "没有找到 slope：要写的是方法 slope(self, x)。", "There is no slope: write a method slope(self, x)."
        )
    made = _made(cls)
    before, slope = x.clone(), made.slope(x)
    if slope is None or slope is ...:
        return slope
    _check_slope(slope, x, before)
    x = x.requires_grad_()
    spikes = made(x)
    if not torch.equal(spikes.detach(), (before >= 0).to(before.dtype)):
        raise Finding(
            "前向变了：脉冲必须还是 0 和 1（x ≥ 0 时是 1）。前向由基类负责，只写 slope，不写 forward。",
            "The forward pass has changed: spikes must stay 0 and 1 (1 where x ≥ 0). The base class does it; write "
            "slope only, no forward.",
        )
    spikes.sum().backward()
    return x.grad


def _made(cls):
    try:
        inspect.signature(cls).bind()
    except TypeError:
        raise Finding(
            "检查时这样建立：Triangle()，不带参数。要么不写 __init__，要么给每个参数默认值。",
            "The check makes it by Triangle(), without arguments: leave __init__ out, or give all parameters defaults.",
        ) from None
    made = cls()
    if "_parameters" not in vars(made):
        raise Finding(
            "__init__ 的第一行要调用 super().__init__()；这里其实用不着 __init__。",
            "The first line of __init__ has to call super().__init__(); in fact no __init__ is needed here.",
        )
    try:
        inspect.signature(made.slope).bind(None)
    except TypeError:
        raise Finding(
            "方法的参数不对：应是 slope(self, x)，别忘了 self。",
            "The method has other parameters: it should be slope(self, x); do not forget self.",
        ) from None
    return made


def _check_slope(slope, x, before):
    if not torch.equal(x, before):
        raise Finding(
            "slope 就地改掉了 x：用不带下划线的方法（abs、clamp），把结果放在新的张量里。",
            "slope changes x in place: use the methods without an underscore (abs, clamp), which make a new tensor.",
        )
    if not torch.is_tensor(slope) or slope.shape != x.shape:
        raise Finding(
            f"slope 要返回与 x 同样形状的张量 {tuple(x.shape)}：每个元素有自己的斜率。",
            f"slope has to return a tensor of the shape of x, {tuple(x.shape)}: every element has a slope of its own.",
        )


def _shaped(slope):
    """A surrogate with that slope."""
    return type("Answer", (surrogate.Surrogate,), {"slope": lambda self, x: slope(x)})


def _vary(rng):
    some = [*drawn.some(rng, 4, [k / 8 for k in range(-7, 8) if k]), 0.0, drawn.number(rng, 1.25, 3.0, 0.25)]
    return (torch.tensor([*some, -drawn.number(rng, 1.25, 3.0, 0.25)]),), (drawn.grid(rng, (2, 3), -2.0, 2.0, 0.1),)


EXERCISE = Exercise(
    id="08.triangle",
    solution=Triangle,
    vary=_vary,
    run=_tried,
    measured=("反向用的斜率", "the slope taken backward"),
    cases=((X,), (torch.linspace(-2, 2, 9),), (torch.tensor([[0.25, 3.0]]),)),
    mistakes=(
        Mistake(
            _shaped(lambda x: 1 - x.abs()),
            "三角形之外应当是 0，而不是负数：用 clamp(min=0)。",
            "Outside the triangle the slope must be 0, not negative: clamp(min=0).",
        ),
        Mistake(
            _shaped(lambda x: (1 - x.abs()).clamp(max=0)),
            "截错了边：clamp(max=0) 留下的是负数；要用 clamp(min=0)。",
            "The wrong side is cut off: clamp(max=0) keeps the negative numbers; use clamp(min=0).",
        ),
        Mistake(
            _shaped(lambda x: (1 - x).clamp(min=0)),
            "左半边不对：少了绝对值，离阈值越远斜率应当越小。",
            "The left half is wrong: without the absolute value it grows away from the threshold.",
        ),
        Mistake(
            _shaped(lambda x: (x.abs() < 1).to(x.dtype)),
            "这是矩形，三角形的斜率从中间向两边线性地降到 0。",
            "That is a rectangle; a triangle falls linearly from the middle to both sides.",
        ),
        Mistake(
            _shaped(lambda x: (1 - x**2).clamp(min=0)),
            "这是抛物线；三角形用 |x|，不是 x²。",
            "That is a parabola; a triangle takes |x|, not x².",
        ),
        Mistake(
            _shaped(lambda x: x.abs().clamp(max=1)),
            "上下颠倒了：在阈值处斜率最大。",
            "Upside down: the slope is largest at the threshold.",
        ),
        Mistake(
            _shaped(lambda x: (x.abs() - 1).clamp(min=0)),
            "减反了：是 1-|x|，不是 |x|-1。",
            "The difference is the wrong way round: 1-|x|, not |x|-1.",
        ),
        Mistake(
            _shaped(lambda x: (1 - x.abs() / 2).clamp(min=0)),
            "宽了一倍：在 |x| = 1 处就该降到 0。",
            "Twice as wide: the slope should reach 0 at |x| = 1.",
        ),
        Mistake(
            _shaped(lambda x: (1 - 2 * x.abs()).clamp(min=0)),
            "窄了一半：到 |x| = 1 处才降到 0。",
            "Half as wide: the slope should reach 0 only at |x| = 1.",
        ),
        Mistake(
            _shaped(lambda x: (1 - (x - 1).abs()).clamp(min=0)),
            "顶点不在阈值处：x 已经是 h - θ，顶点在 x = 0。",
            "The tip is not at the threshold: x is h - θ already, so the tip is at x = 0.",
        ),
        Mistake(
            _shaped(lambda x: (1 - x.abs()).clamp(min=0.01)),
            "三角形之外应当恰好是 0，不留一点余地。",
            "Outside the triangle the slope is exactly 0; nothing is left there.",
        ),
        Mistake(
            _shaped(lambda x: (1 - x.abs()).clamp(min=0) * (x < 0)),
            "右半边（包括顶点）没有了：阈值以上的神经元也要学。",
            "The right half, tip included, is missing: neurons above the threshold learn as well.",
        ),
        Mistake(
            _shaped(lambda x: (1 - x.abs()).clamp(min=0) * (x != 0)),
            "顶点处成了 0：在 x = 0 处斜率是 1，最大。",
            "The tip is 0: at x = 0 the slope is 1, its largest.",
        ),
        Mistake(
            _shaped(lambda x: -x.sign() * (x.abs() < 1)),
            "你又求了一次导：三角形自己就是斜率 g'。",
            "That is differentiated once more: the triangle itself is the slope g'.",
        ),
        Mistake(
            _shaped(lambda x: (x == 0).to(x.dtype)),
            "只有恰好在阈值处才有斜率，那几乎是真导数；三角形宽 2。",
            "There is a slope exactly at the threshold only, as with the true derivative; the triangle is 2 wide.",
        ),
    ),
    hints=(
        ("只写 slope，前向由基类负责。", "Write slope only; the base class does the forward pass."),
        ("max(0, 1-|x|)，对张量的每个元素。", "max(0, 1-|x|), for every element of the tensor."),
        ("x.abs() 给出 |x|，.clamp(min=0) 把负数变成 0。", "x.abs() is |x|; .clamp(min=0) turns negatives into 0."),
    ),
)
