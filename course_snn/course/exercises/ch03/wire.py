"""Exercise 03.wire."""

import math

import torch

from course_snn.course.exercise import CONTAINER, KIND, Exercise, Mistake
from course_snn.course.exercises import drawn


def wire(synapses, in_num, out_num):
    weight = torch.zeros(out_num, in_num)
    for pre, post, w in synapses:
        weight[post, pre] += w
    return weight


def _add(weight, row, column, w):
    weight[row, column] += w


def _put(weight, row, column, w):
    weight[row, column] = w


def _wired(enter):
    """Return ``wire`` with another way to enter a synapse: ``enter(weight, pre, post, w)``."""

    def wrong(synapses, in_num, out_num):
        weight = torch.zeros(out_num, in_num)
        for synapse in synapses:
            enter(weight, *synapse)
        return weight

    return wrong


def _both_ways(weight, pre, post, w):
    weight[post, pre] += w
    if pre != post and pre < len(weight) and post < weight.shape[1]:
        weight[pre, post] += w


def _number_of_synapses(synapses, in_num, out_num):
    return wire([(pre, post, 1.0) for pre, post, _ in synapses], in_num, out_num)


def _elsewhere(value):
    """Return ``wire`` with another value than 0 where there is no synapse."""
    return lambda *case: torch.where(_number_of_synapses(*case) > 0, wire(*case), torch.tensor(value))


def _unpacked(synapses, in_num, out_num):
    pre, post, w = zip(*synapses, strict=True)
    return wire(list(zip(pre, post, w, strict=True)), in_num, out_num)


def _smallest(synapses, in_num, out_num):
    return wire(synapses, max(s[0] for s in synapses) + 1, max(s[1] for s in synapses) + 1)


def _vary(rng):
    def synapses(count, in_num, out_num):
        return [(drawn.whole(rng, 0, in_num - 1), drawn.whole(rng, 0, out_num - 1), strength()) for _ in range(count)]

    def strength():
        return drawn.one_of(rng, -1, 1) * drawn.number(rng, 0.25, 2.0, 0.25)

    wide, square = synapses(4, 4, 3), synapses(4, 2, 2)
    again = [(wide[0][0], wide[0][1], strength()), (0, 1, strength())]
    return (
        (wide + again, 4, 3),
        (drawn.shuffled(rng, [*square, (0, 0, 0.25), (1, 1, -0.75)]), 2, 2),
        (synapses(3, 2, 2), 3, 4),
        ([], drawn.whole(rng, 2, 4), drawn.whole(rng, 2, 4)),
    )


EXERCISE = Exercise(
    id="03.wire",
    solution=wire,
    vary=_vary,
    exact=(CONTAINER, KIND),
    keeps=True,
    cases=(
        ([(0, 1, 0.5), (2, 0, -1.0), (2, 1, 0.25)], 3, 2),
        ([(0, 0, 0.25), (1, 0, 0.5), (0, 0, 0.5), (1, 0, -0.75)], 2, 2),
        ([(1, 3, 2.0), (0, 1, -3.0), (0, 1, 1.0), (1, 1, 1.0)], 2, 4),
        ([], 2, 3),
    ),
    mistakes=(
        Mistake(
            lambda *case: wire(*case).t(),
            "行列颠倒了：行是突触后神经元，列是突触前神经元，形状是 [out_num, in_num]。",
            "Rows and columns are exchanged: a row is a postsynaptic neuron, a column a presynaptic one; the shape "
            "is [out_num, in_num].",
        ),
        Mistake(
            _wired(_add),
            "行和列用反了：每项是 (pre, post, w)，第几行由 post 决定，第几列由 pre 决定。",
            "Rows and columns are exchanged: an item is (pre, post, w), post chooses the row and pre the column.",
        ),
        Mistake(
            _wired(lambda weight, pre, post, w: _put(weight, post, pre, w)),
            "两个神经元之间可以有不止一个突触：强度要相加，不是覆盖。",
            "Two neurons may share more than one synapse: their strengths add up, the last does not replace the first.",
        ),
        Mistake(
            _wired(lambda weight, pre, post, w: _put(weight, post, pre, max(float(weight[post, pre]), w))),
            "你取了最大的强度：几个突触的强度要相加，负的也一样。",
            "You took the largest strength: the strengths of several synapses add up, negative ones too.",
        ),
        Mistake(
            lambda *case: wire(*case) / _number_of_synapses(*case).clamp(min=1),
            "你取了平均：两个神经元之间几个突触的强度要相加。",
            "You took the mean: the strengths of several synapses between two neurons add up.",
        ),
        Mistake(
            _number_of_synapses,
            "你数的是突触的个数。要填的是强度 w。",
            "You count the synapses. Their strength w is wanted.",
        ),
        Mistake(
            lambda *case: wire(*case).tolist(),
            "数值对，但这是嵌套的列表，Linear 要的是张量：最后用 torch.tensor(…)。",
            "The values are right, but these are nested lists and Linear needs a tensor: torch.tensor(…) at the end.",
        ),
        Mistake(
            lambda *case: wire(*case).reshape(-1),
            "这是一长列数：要排成 [out_num, in_num] 的矩阵，用 reshape(out_num, in_num)。",
            "That is one long row of numbers: it should be a matrix [out_num, in_num], reshape(out_num, in_num).",
        ),
        Mistake(
            lambda *case: wire(*case).long(),
            "小数丢了：矩阵要装浮点数。",
            "The decimals got lost: the matrix has to hold floats.",
        ),
        Mistake(
            _wired(lambda weight, pre, post, w: _add(weight, post - 1, pre - 1, w)),
            "神经元从 0 数起，和下标一样：不要减 1。",
            "Neurons are counted from 0 like positions: do not subtract 1.",
        ),
        Mistake(
            _wired(lambda weight, pre, post, w: _add(weight, slice(None), pre, w)),
            "每一行都一样：[[0.0] * in_num] * out_num 里的各行是同一个列表，或者没有用上 post。",
            "All rows are alike: those of [[0.0] * in_num] * out_num are one and the same list, or post was not used.",
        ),
        Mistake(
            _wired(_both_ways),
            "突触有方向：只从 pre 到 post，反方向不要填。",
            "A synapse has a direction: only from pre to post; enter nothing the other way round.",
        ),
        Mistake(
            lambda synapses, in_num, out_num: wire(synapses[:1], in_num, out_num) if synapses else None,
            "填完第一个突触就返回了：return 要放在循环外面。",
            "It returns after the first synapse: return belongs outside the loop.",
        ),
        Mistake(
            _elsewhere(1.0),
            "没有突触的地方是 1：要从全零的矩阵开始，torch.zeros。",
            "There is a 1 where there is no synapse: start from zeros, torch.zeros.",
        ),
        Mistake(
            _elsewhere(math.nan),
            "没有突触的地方是 nan：那里要填 0。从 torch.zeros 开始，也不要用 0 去除 0。",
            "There is a nan where there is no synapse, and 0 belongs there: start from torch.zeros, and do not "
            "divide 0 by 0.",
        ),
        Mistake(
            _wired(lambda weight, pre, post, w: pre and post and _add(weight, post, pre, w)),
            "漏了第 0 个神经元的突触：0 也是一个神经元的编号。",
            "The synapses of neuron 0 are left out: 0 is the number of a neuron, too.",
        ),
        Mistake(
            _wired(lambda weight, pre, post, w: pre == post or _add(weight, post, pre, w)),
            "编号相同的也要填：突触前后是两组神经元，各自从 0 数起。",
            "Enter equal numbers as well: pre and post are two groups of neurons, each counted from 0.",
        ),
        Mistake(
            _wired(lambda weight, pre, post, w: _add(weight, post, pre, abs(w))),
            "负号丢了：抑制性突触的强度是负数。",
            "The sign got lost: the strength of an inhibitory synapse is negative.",
        ),
        Mistake(
            _unpacked,
            "清单可以是空的：这时没有东西可以拆开，要返回全零的矩阵。",
            "The list may be empty: then there is nothing to take apart, and the matrix of zeros is wanted.",
        ),
        Mistake(
            _smallest,
            "大小由 in_num 和 out_num 决定，不是清单里最大的编号：有的神经元没有突触，清单也可以是空的。",
            "in_num and out_num give the size, not the largest number in the list: some neurons have no synapse, "
            "and the list may be empty.",
        ),
    ),
    hints=(
        ("先造一个全零矩阵，再逐个填突触。", "Start from a matrix of zeros, then enter the synapses one by one."),
        ("形状是 [out_num, in_num]：第几行由 post 决定。", "The shape is [out_num, in_num]: post chooses the row."),
        ("对每个突触：weight[post, pre] += w。", "For each synapse: weight[post, pre] += w."),
    ),
)
