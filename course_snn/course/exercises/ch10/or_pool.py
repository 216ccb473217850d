"""Exercise 10.or_pool."""

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch10.shared import spikes_of


def or_pool(spikes):
    pairs = spikes[:, 0::2] | spikes[:, 1::2]
    return pairs[:, :, 0::2] | pairs[:, :, 1::2]


def _squares(spikes):
    """Return the four neurons of each 2 × 2 square in the last dimension, as whole numbers."""
    return spikes.int().unfold(1, 2, 2).unfold(2, 2, 2).flatten(3)


def _overlapping(spikes):
    return F.max_pool2d(spikes.float(), 2, stride=1)


def _in_a_row(spikes):
    channels, height, width = spikes.shape
    return spikes.reshape(channels, height // 2, width // 2, 4).any(3)


def _halves(spikes):
    rows = torch.stack(spikes.chunk(2, 1)).any(0)
    return torch.stack(rows.chunk(2, 2)).any(0)


_SQUARES = [torch.tensor(row, dtype=torch.bool).reshape(1, 2, 2) for row in (*torch.eye(4).tolist(), [1, 1, 0, 0])]
_MAPS = spikes_of(3, 4, 6, seed=0)


def _vary(rng):
    square = torch.tensor(drawn.shuffled(rng, [1, 0, 0, 0])).bool().reshape(1, 2, 2)
    return (
        (square,),
        (torch.zeros(2, 4, 2, dtype=torch.bool),),
        (drawn.spikes(rng, 3, 4, 6, share=0.3).bool(),),
        (drawn.spikes(rng, 2, 6, 4, share=0.3).bool(),),
    )


EXERCISE = Exercise(
    id="10.or_pool",
    solution=or_pool,
    vary=_vary,
    cases=(*((square,) for square in _SQUARES), (torch.zeros(1, 2, 4, dtype=torch.bool),), (_MAPS,)),
    keeps=True,
    mistakes=(
        Mistake(
            lambda s: _squares(s).sum(3) == 4,
            "这是“与”：四个都发放才算。最大池化是“或”：有一个发放就够了。",
            "That is AND, all four must fire. Max pooling is OR: one is enough.",
        ),
        Mistake(
            lambda s: _squares(s).sum(3) % 2,
            "这是“异或”：两个都发放时互相抵消了。“或”写作 |，两个都发放也是 True。",
            "That is exclusive or, where two spikes cancel. OR is written |, and two spikes are True as well.",
        ),
        Mistake(
            lambda s: _squares(s).sum(3) / 4,
            "这是平均池化，结果是 0.25 这样的小数；要的仍然是脉冲：有或没有。",
            "That is average pooling, which gives fractions such as 0.25; what is wanted are spikes again: yes or no.",
        ),
        Mistake(
            lambda s: _squares(s).sum(3),
            "这是每个方块里脉冲的个数；要的仍然是脉冲：有一个就够，有几个都一样。",
            "That is the number of spikes in each square; what is wanted are spikes again: one is enough, and more "
            "are the same.",
        ),
        Mistake(
            lambda s: _squares(s).sum(3) > 2,
            "这是少数服从多数；“或”只要有一个发放就够了。",
            "That is a vote of the majority; for OR one spike is enough.",
        ),
        Mistake(
            lambda s: _squares(s).sum(3) >= 2,
            "你要求至少有两个发放；“或”只要有一个就够了。",
            "You ask for at least two spikes; for OR one is enough.",
        ),
        Mistake(
            lambda s: s[:, 0::2, 0::2],
            "你只留下了每个方块左上角的神经元，另外三个的脉冲丢了。",
            "You keep only the top left neuron of each square; the spikes of the other three are lost.",
        ),
        Mistake(
            lambda s: s[:, 0::2, 0::2] | s[:, 1::2, 1::2],
            "你只看了每个方块对角线上的两个神经元，另外两个的脉冲丢了。",
            "You look only at the diagonal of each square; the spikes of the other two neurons are lost.",
        ),
        Mistake(
            lambda s: s[:, 0::2] | s[:, 1::2],
            "高减半了，宽还没有：对列再做一次同样的事。",
            "The height is halved, the width not yet: do the same to the columns.",
        ),
        Mistake(
            lambda s: s[:, :, 0::2] | s[:, :, 1::2],
            "宽减半了，高还没有：对行再做一次同样的事。",
            "The width is halved, the height not yet: do the same to the rows.",
        ),
        Mistake(
            _overlapping,
            "方块重叠了，每次只移了一格：每次要移两格，长宽才减半。",
            "Your squares overlap, as they move by one: move them by two, so that height and width are halved.",
        ),
        Mistake(
            _in_a_row,
            "你取的是内存里相邻的四个，不是 2 × 2 的方块：变形为 [C, H/2, 2, W/2, 2]，两个 2 分开放。",
            "You take four that are next to each other in memory, not a square: reshape to [C, H/2, 2, W/2, 2], "
            "with the two 2s apart.",
        ),
        Mistake(
            _halves,
            "你把图的上下、左右两半叠在了一起；方块里是相邻的两行、两列：0::2 和 1::2。",
            "You lay the halves of the picture on each other; a square holds neighbouring rows and columns, 0::2 "
            "and 1::2.",
        ),
        Mistake(
            lambda s: _squares(s).amax(3).amax(0),
            "通道也被合并了：每个通道各自池化，第 0 维要留下。",
            "The channels were merged as well: each is pooled on its own, and dimension 0 stays.",
        ),
    ),
    hints=(
        (
            "2 × 2 的方块里有一个发放就输出 True。先把相邻的两行合成一行。",
            "A 2 × 2 square gives True if any of its neurons fires. First join each pair of rows into one.",
        ),
        (
            "spikes[:, 0::2] 是偶数行，spikes[:, 1::2] 是奇数行；布尔张量的“或”写作 |。",
            "spikes[:, 0::2] are the even rows, spikes[:, 1::2] the odd ones; OR of boolean tensors is |.",
        ),
        (
            "pairs = spikes[:, 0::2] | spikes[:, 1::2]，再对 pairs[:, :, 0::2] 和 pairs[:, :, 1::2] 做一次。",
            "pairs = spikes[:, 0::2] | spikes[:, 1::2]; then the same with pairs[:, :, 0::2] and pairs[:, :, 1::2].",
        ),
    ),
)
