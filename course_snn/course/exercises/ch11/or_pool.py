"""Exercise 11.or_pool."""

import torch

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises import drawn


def or_pool(spikes):
    N, C, H, W = spikes.shape
    windows = spikes.reshape(N, C, H // 2, 2, W // 2, 2)
    return windows.amax((3, 5))


def _windows(spikes):
    """Return the four neurons of each window in the last dimension."""
    return spikes.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)


def _in_a_row(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, W // 2, 4).amax(4)


def _one_dimension_early(spikes):
    rows = torch.maximum(spikes[:, ::2], spikes[:, 1::2])
    return torch.maximum(rows[:, :, ::2], rows[:, :, 1::2])


def _first_channel(spikes):
    pooled = torch.zeros_like(or_pool(spikes))
    pooled[:, 0] = or_pool(spikes)[:, 0]
    return pooled


_ONES = torch.eye(4).reshape(4, 1, 1, 2, 2)
_SPIKES = (torch.rand(2, 3, 6, 8, generator=torch.Generator().manual_seed(0)) < 0.25).float()


def _vary(rng):
    one = _ONES[drawn.whole(rng, 0, 3)]
    return (
        (one[None] if one.dim() == 3 else one,),
        (torch.ones(1, drawn.whole(rng, 1, 3), 4, 2),),
        (drawn.spikes(rng, 2, 3, 6, 4, share=0.25),),
        (drawn.spikes(rng, 1, 2, 4, 8, share=0.25),),
    )


EXERCISE = Exercise(
    id="11.or_pool",
    solution=or_pool,
    vary=_vary,
    cases=(*((one,) for one in _ONES), (torch.ones(1, 2, 2, 4),), (_SPIKES,)),
    exact=(KIND,),
    keeps=True,
    mistakes=(
        Mistake(
            lambda s: _windows(s).mean(4),
            "这是平均池化，结果不再是 0 和 1：四个里有一个发放，就输出 1。",
            "That is average pooling, and its results are no spikes: one spike among the four gives 1.",
        ),
        Mistake(
            lambda s: _windows(s).sum(4),
            "你把脉冲加起来了，会得到 2、3、4：“或”的结果最多是 1。",
            "You added the spikes up, which gives 2, 3 and 4: an OR is at most 1.",
        ),
        Mistake(
            lambda s: _windows(s).amin(4),
            "这是“与”：四个都发放才输出 1。要的是“或”。",
            "That is an AND, which asks all four to fire. An OR is wanted.",
        ),
        Mistake(
            lambda s: _windows(s).sum(4) % 2,
            "这是奇偶：两个脉冲互相抵消了。“或”在有两个脉冲时也是 1。",
            "That is the parity, in which two spikes cancel. The OR of two spikes is 1 as well.",
        ),
        Mistake(
            lambda s: s[:, :, ::2, ::2],
            "你只看了每个窗口左上角的那一个。",
            "You looked only at the top left one of each window.",
        ),
        Mistake(
            lambda s: torch.maximum(s[..., ::2, ::2], s[..., 1::2, 1::2]),
            "你只看了每个窗口对角线上的两个。",
            "You looked only at the two on the diagonal of each window.",
        ),
        Mistake(
            lambda s: torch.maximum(s[..., ::2, :], s[..., 1::2, :]),
            "高减半了，宽还没有：对列再做一次同样的事。",
            "The height is halved, the width not yet: do the same to the columns.",
        ),
        Mistake(
            lambda s: torch.maximum(s[..., ::2], s[..., 1::2]),
            "宽减半了，高还没有：对行再做一次同样的事。",
            "The width is halved, the height not yet: do the same to the rows.",
        ),
        Mistake(
            lambda s: torch.nn.functional.max_pool2d(s, 2, stride=1),
            "窗口重叠了，每次只移了一格：每次要移两格。",
            "Your windows overlap, as they move by one: move them by two.",
        ),
        Mistake(
            _in_a_row,
            "你取的是内存里相邻的四个，不是 2×2 的窗口：两个 2 要分开放，[N, C, H//2, 2, W//2, 2]。",
            "You take four that are next to each other in memory, not a window: keep the two 2s apart, [N, C, "
            "H//2, 2, W//2, 2].",
        ),
        Mistake(
            lambda s: _windows(s).argmax(4),
            "这是窗口里的位置，不是值：用 .values 或 amax。",
            "Those are places inside the window, not values: take .values, or amax.",
        ),
        Mistake(
            _one_dimension_early,
            "早了一维：这里是 [N, C, H, W]，池化的是第 2、3 维，通道不动。",
            "One dimension too early: this is [N, C, H, W]; pool dimensions 2 and 3 and leave the channels alone.",
        ),
        Mistake(
            _first_channel,
            "只有第一个通道有结果：每个通道都要池化。",
            "Only the first channel has a result: pool every channel.",
        ),
        Mistake(
            lambda s: or_pool(s).bool(),
            "数值对，但结果是布尔的；后面的层只收浮点数：用 .float() 换回来。",
            "The values are right, but bool; the next layer takes floats: change them back by .float().",
        ),
        Mistake(
            lambda s: or_pool(s).long(),
            "数值对，但结果是整数；后面的层只收浮点数：用 .float() 换回来。",
            "The values are right, but whole numbers; the next layer takes floats: change them back by .float().",
        ),
    ),
    hints=(
        ("0 与 1 的“或”就是最大值。", "The OR of zeros and ones is their maximum."),
        (
            "先变成 [N, C, H//2, 2, W//2, 2]，每个窗口占第 3 和第 5 维。",
            "Reshape to [N, C, H//2, 2, W//2, 2]; dimensions 3 and 5 run through a window.",
        ),
        (
            "windows.amax((3, 5))。nn.MaxPool2d(2) 给出同样的结果。",
            "windows.amax((3, 5)). nn.MaxPool2d(2) gives the same.",
        ),
    ),
)
