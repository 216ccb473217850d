"""Exercise 16.activations."""

import math

from course_snn.course.compare import KIND
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch16.counted import apart, counts, weights


def activations(layers, shape, T, batch, width):
    kept, steps = 0, 1
    for kind, *settings in layers:
        kept += steps * batch * math.prod(shape) * width
        if kind == "conv":
            channels, kernel, padding = settings
            shape = (channels, *(n + 2 * padding - kernel + 1 for n in shape[1:]))
        elif kind == "pool":
            shape = (shape[0], *(n // settings[0] for n in shape[1:]))
            kept += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (settings[0],)
        else:
            steps = T
    return kept


def _largest(layers, shape, T, batch, width):
    parts = [activations(layers[: n + 1], shape, T, batch, width) for n in range(len(layers))]
    return max(now - before for now, before in zip(parts, [0, *parts], strict=False))


def _from_the_second_layer(layers, shape, T, batch, width):
    return counts(begin=lambda T: T)(layers, shape, T, batch, width) - (T - 1) * batch * math.prod(shape) * width


_SMALL = [("conv", 4, 3, 1), ("neuron",), ("pool", 2), ("linear", 10), ("neuron",)]
_DEEP = [
    ("conv", 2, 3, 0), ("pool", 2), ("neuron",), ("conv", 3, 5, 2), ("neuron",), ("pool", 3), ("conv", 6, 2, 1),
    ("neuron",), ("linear", 7), ("neuron",),
]  # fmt: skip


def _vary(rng):
    """Networks of the kinds that the visible cases have, of other sizes; all shapes fit."""

    def some():
        return drawn.whole(rng, 2, 7)

    linear = [("linear", some()), ("neuron",)]
    small = [("conv", some(), 3, 1), ("neuron",), ("pool", 2), ("linear", 10), ("neuron",)]
    deep = [("conv", some(), 3, 0), ("pool", 2), ("neuron",), ("conv", some(), 5, 2), ("neuron",), ("pool", 3)]
    deep += [("conv", some(), 2, 1), ("neuron",), *linear]
    return (
        (linear, (some(),), some(), 2, 4),
        ([*linear, ("linear", 2), ("neuron",)], (1, 2, some()), 3, 1, 2),
        ([("conv", 2, 1, 0), ("neuron",), ("pool", 2)], (1, 5, 2 * some()), some(), 2, 2),
        (small, (3, 8, 2 * some()), some(), drawn.one_of(rng, 8, 16, 32), 4),
        (deep, (3, drawn.whole(rng, 17, 19), drawn.whole(rng, 20, 23)), some(), some(), 2),
        (small, (some(), 8, 8), 1, 1, 4),
    )


EXERCISE = Exercise(
    id="16.activations",
    solution=activations,
    vary=_vary,
    cases=(
        ([("linear", 3), ("neuron",)], (4,), 10, 2, 4),
        ([("linear", 3), ("neuron",), ("linear", 2), ("neuron",)], (1, 2, 5), 3, 1, 2),
        ([("conv", 2, 1, 0), ("neuron",), ("pool", 2)], (1, 5, 4), 3, 2, 2),
        (_SMALL, (3, 8, 8), 4, 16, 4),
        (_DEEP, (3, 17, 21), 5, 2, 2),
        (_SMALL, (3, 8, 8), 1, 1, 4),
    ),
    exact=(KIND,),
    keeps=True,
    mistakes=(
        Mistake(
            counts(begin=lambda T: T),
            "静止的图片不用算 T 遍：到第一个神经元为止（连它的输入在内），每层的输入只留一份。",
            "A still image is not computed T times: up to the first neuron, its input included, each input is kept "
            "once.",
        ),
        Mistake(
            counts(early=1),
            "第一个神经元的输入还是静止的：只留一份，从它的脉冲起才是 T 份。",
            "The input of the first neuron is still: it is kept once, and T times only from its spikes on.",
        ),
        Mistake(
            counts(later=lambda T: 1),
            "没有乘上 T：从第一个神经元的脉冲起，每一步的输入都要留下来。",
            "T is missing: from the spikes of the first neuron on, the inputs of every step are kept.",
        ),
        Mistake(
            lambda layers, shape, T, batch, width: activations(layers, shape, T, 1, width),
            "没有乘上 batch：一批里的每个样本都要留。",
            "The batch is missing: each of its samples is kept.",
        ),
        Mistake(
            counts(total=lambda kept, last, T, batch, width: kept // width),
            "不要除以 width：要字节数，不是个数。",
            "Do not divide by width: wanted are bytes, not how many numbers there are.",
        ),
        Mistake(
            lambda layers, shape, T, batch, width: counts(position=lambda width: 1)(layers, shape, T, batch, 1),
            "这是个数：要字节数，每个数占 width 字节，位置占 8 字节。",
            "That is how many there are: wanted are bytes, width for each number, 8 for each position.",
        ),
        Mistake(
            lambda layers, shape, T, batch, width: activations(layers, shape, T, batch, 4),
            "每个数不总是 4 字节：用 width。",
            "A number does not always take 4 bytes: use width.",
        ),
        Mistake(
            counts(position=lambda width: 0),
            "池化还要记住最大值在哪里：输出的每个数，另加 8 字节。",
            "Pooling also remembers where the largest was: 8 bytes more for each number of its output.",
        ),
        Mistake(
            counts(position=lambda width: width),
            "位置是 64 位的整数，总是 8 字节，与 width 无关。",
            "A position is a whole number of 64 bits: always 8 bytes, whatever width is.",
        ),
        Mistake(
            counts(positions=lambda before, after: before),
            "位置按池化的输出来数：每个窗口只记一个最大值的位置。",
            "Count positions by the output of the pooling: each window remembers one.",
        ),
        Mistake(
            counts(keeps=lambda kind: kind != "pool"),
            "池化层的输入没有算：它也留下来，另外还有位置。",
            "The input of the pooling is missing: it is kept, too, besides the positions.",
        ),
        Mistake(
            counts(keeps=lambda kind: kind != "neuron"),
            "神经元的输入没有算：替代梯度要用它。",
            "The inputs of the neurons are missing: the surrogate gradient needs them.",
        ),
        Mistake(
            counts(keeps=lambda kind: kind == "neuron", position=lambda width: 0),
            "只算了神经元：卷积层、全连接层和池化层也留下输入。",
            "Only neurons were counted: convolutions, linear layers and poolings keep their inputs, too.",
        ),
        Mistake(
            counts(keeps=lambda kind: kind == "neuron"),
            "卷积层、全连接层和池化层的输入没有算：求权重的梯度要用它。",
            "The inputs of convolutions, linear layers and poolings are missing: the gradients of weights need them.",
        ),
        Mistake(
            counts(keeps=lambda kind: kind in ("conv", "linear")),
            "神经元和池化层也留下输入：每一层都算。",
            "Neurons and poolings keep their inputs as well: count every layer.",
        ),
        Mistake(
            counts(outputs=True),
            "算成各层的输出了：留下来的是每层的输入。第一层的输入要算，最后一层的输出不算。",
            "You counted outputs: what is kept is the input of each layer. That of the first counts, the output of the "
            "last does not.",
        ),
        Mistake(
            counts(total=lambda kept, last, T, batch, width: kept + last),
            "最后一层的输出不算：没有哪一层拿它作输入。",
            "The output of the last layer does not count: no layer has it as its input.",
        ),
        Mistake(
            lambda layers, shape, T, batch, width: (
                activations(layers, shape, T, batch, width) - batch * math.prod(shape) * width
            ),
            "图片自己也要算：它是第一层的输入。",
            "The image itself counts as well: it is the input of the first layer.",
        ),
        Mistake(
            counts(conv=lambda shape, c, k, p: (c, *shape[1:])),
            "卷积也会改变图的大小：n + 2·padding - kernel + 1。",
            "A convolution changes the size of the picture: n + 2·padding - kernel + 1.",
        ),
        Mistake(
            counts(conv=lambda shape, c, k, p: (c, *(n + 2 * p - k for n in shape[1:]))),
            "卷积之后的大小差一：n + 2·padding - kernel + 1。",
            "The size after a convolution is off by one: n + 2·padding - kernel + 1.",
        ),
        Mistake(
            counts(conv=lambda shape, c, k, p: (c, *(n + p - k + 1 for n in shape[1:]))),
            "填充在两边都有：n + 2·padding - kernel + 1。",
            "The padding is on both sides: n + 2·padding - kernel + 1.",
        ),
        Mistake(
            counts(conv=lambda shape, c, k, p: (c, *(n - k + 1 for n in shape[1:]))),
            "没有用上 padding：n + 2·padding - kernel + 1。",
            "The padding is not used: n + 2·padding - kernel + 1.",
        ),
        Mistake(
            counts(conv=lambda shape, c, k, p: (c * shape[0], *(n + 2 * p - k + 1 for n in shape[1:]))),
            "卷积之后的通道数就是给出的那个，不用再乘以输入的通道数。",
            "After a convolution there are as many channels as given: do not multiply by those of the input.",
        ),
        Mistake(
            counts(pool=lambda shape, k: (shape[0], *(-(-n // k) for n in shape[1:]))),
            "池化向下取整：装不满的窗口不算，n // k。",
            "Pooling rounds down: a window that is not full does not count, n // k.",
        ),
        Mistake(
            counts(pool=lambda shape, k: (shape[0], *(n - k + 1 for n in shape[1:]))),
            "池化的窗口不重叠：大小是 n // k。",
            "The windows of the pooling do not overlap: the size is n // k.",
        ),
        Mistake(
            counts(pool=lambda shape, k: (shape[0], *(n // 2 for n in shape[1:]))),
            "池化的窗口不总是 2：用层里给的 k。",
            "The window of the pooling is not always 2: use the k of the layer.",
        ),
        Mistake(
            counts(pool=lambda shape, k: shape, positions=lambda before, after: after),
            "池化没有缩小图：高和宽都变成 n // k。",
            "The pooling does not make the picture smaller in your answer: height and width become n // k.",
        ),
        Mistake(
            counts(pool=lambda shape, k: (shape[0], shape[1], shape[2] // k)),
            "池化只缩小了一个方向：高和宽都要除。",
            "The pooling shrinks one direction only: both height and width are divided.",
        ),
        Mistake(
            counts(total=lambda kept, last, T, batch, width: kept / 2**20),
            "这是 MiB：要字节数，一个整数。",
            "That is in MiB: return bytes, a whole number.",
        ),
        Mistake(
            counts(total=lambda kept, last, T, batch, width: float(kept)),
            "字节数是整数，不是浮点数：用 //，不用 /。",
            "Bytes are a whole number, no float: use // instead of /.",
        ),
        Mistake(
            counts(total=lambda kept, last, T, batch, width: 2 * kept),
            "每个张量只留一份：前一层的输出和后一层的输入是同一个。",
            "Each tensor is kept once: the output of a layer and the input of the next are the same one.",
        ),
        Mistake(
            weights,
            "这是权重占的内存：要的是每层的输入，它随 T 和 batch 增长。",
            "That is the memory of the weights: wanted are the inputs of the layers, which grow with T and batch.",
        ),
        Mistake(
            _largest,
            "这是最大的一层：各层留下的要一直留到反向，加起来。",
            "That is the largest layer only: what the layers keep is there until the backward pass, so add it up.",
        ),
        Mistake(
            _from_the_second_layer,
            "只有第一层的输入只算了一份：直到第一个神经元为止，它的输入在内，都是静止的，各留一份。",
            "Only the input of the first layer counts once in your answer: everything up to the first neuron, "
            "its input included, is still, and is kept once.",
        ),
        Mistake(
            apart(positions=lambda T, batch: (T, 1)),
            "位置也要乘上 batch：每个样本都要记。",
            "The positions of the pooling lack the batch: they are remembered for each sample.",
        ),
        Mistake(
            apart(inputs=lambda T, batch: (T, 1)),
            "输入没有乘上 batch：一批里的每个样本都要留。",
            "The inputs lack the batch: they are kept for each of its samples.",
        ),
        Mistake(
            apart(begin=lambda T: T),
            "第一个神经元之前的池化只算一遍，它的位置也只记一份。",
            "A pooling before the first neuron is computed once, and so its positions are kept once.",
        ),
        Mistake(
            apart(positions=lambda T, batch: (1, batch)),
            "第一个神经元之后的池化每一步都要记位置：也要乘上 T。",
            "A pooling behind the first neuron remembers positions in every step: T times.",
        ),
        Mistake(
            counts(conv=lambda shape, c, k, p: (c, shape[1] + 2 * p - k + 1, shape[1] + 2 * p - k + 1)),
            "图不一定是正方形：高和宽各算各的，shape[1] 和 shape[2]。",
            "Pictures need not be square: height and width each by itself, shape[1] and shape[2].",
        ),
    ),
    hints=(
        (
            "从前往后走一遍，始终记着两样：现在的形状，以及现在是一份还是 T 份。",
            "Walk through the layers, and carry two things along: the shape now, and whether there is one copy or T.",
        ),
        (
            "每层先加上它的输入：份数 × batch × math.prod(shape) × width；然后才算新的形状。",
            "For each layer first add its input: copies × batch × math.prod(shape) × width; only then find the new "
            "shape.",
        ),
        (
            "份数从 1 开始，遇到第一个 neuron 之后变成 T；pool 在得到新形状之后，再加 份数 × batch × "
            "math.prod(shape) × 8。",
            "Begin with 1 copy, and make it T after the first neuron; a pool adds copies × batch × math.prod(shape) "
            "× 8 "
            "with its new shape.",
        ),
    ),
)
