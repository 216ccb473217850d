"""Exercise 16.split."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch16.shares import tried


def split(order, size):
    made = []
    for rank in range(size):
        part = order[rank::size]
        weight = len(part) * size / len(order)
        made.append((part if len(part) else order[:1], weight))
    return made


def _split(
    part=lambda order, rank, size: order[rank::size],
    weight=lambda count, size, n: count * size / n,
    idle=lambda order, part: part if len(part) else order[:1],
    gives=lambda part, weight: (part, weight),
):
    """``split`` with one thing done wrong."""

    def answer(order, size):
        made = []
        for rank in range(size):
            mine = part(order, rank, size)
            made.append(gives(idle(order, mine), weight(len(mine), size, len(order))))
        return made

    return answer


def _padded(order, size):
    length = -(-len(order) // size)
    filled = order.repeat(size)[: length * size]
    return [(filled[rank::size], 1.0) for rank in range(size)]


def _rest_dropped(order, size):
    each = len(order) // size
    return [(order[rank * each : (rank + 1) * each], 1.0) for rank in range(size)]


def _rest_dropped_but_one(order, size):
    each = max(len(order) // size, 1)
    return [(order[rank * each : (rank + 1) * each], 1.0 if each else 0.0) for rank in range(size)]


def _rest_to_last(order, size):
    each = len(order) // size
    parts = [order[rank * each : (rank + 1) * each if rank < size - 1 else None] for rank in range(size)]
    return [(part if len(part) else order[:1], len(part) * size / len(order)) for part in parts]


def _blocks(order, rank, size):
    length = -(-len(order) // size)
    return order[rank * length : (rank + 1) * length]


def _everything(order, size):
    return [(order, 1.0) for _ in range(size)]


_BATCH = torch.tensor([12, 5, 31, 8, 0, 27, 19, 3, 22, 14])


def _vary(rng):
    order, some = torch.tensor(drawn.some(rng, 12, range(40))), drawn.whole(rng, 2, 4)
    return (
        (order[: 2 * some], 2),
        (order[: 2 * some + 1], 2),
        (order[: drawn.whole(rng, 9, 11)], 4),
        (order[: drawn.one_of(rng, 5, 9)], 4),
        (order[-2:], drawn.whole(rng, 3, 4)),
        (order[-some:], 1),
        (order[4:5], drawn.whole(rng, 2, 5)),
    )


EXERCISE = Exercise(
    id="16.split",
    solution=split,
    vary=_vary,
    run=tried,
    cases=(
        (_BATCH[:8], 2),
        (_BATCH[:5], 2),
        (_BATCH, 4),
        (_BATCH[:9], 4),
        (_BATCH[:2], 3),
        (_BATCH[3:6], 1),
        (_BATCH[3:4], 4),
    ),
    keeps=True,
    measured=(
        "1 每个进程的样本数，从小到大；2 order 里的每个样本在平均里的份额",
        "1 the samples of each rank, in ascending order; 2 the share of each sample of order in the average",
    ),
    mistakes=(
        Mistake(
            _split(weight=lambda count, size, n: 1.0 if count else 0.0),
            "权重都是 1：样本少的进程里，每个样本的份量就大了。进程的权重要与它的样本数成正比。",
            "All weights are 1: a sample then counts more where the rank has fewer. Make the weight proportional to "
            "the number of samples of the rank.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: 1.0, idle=lambda order, part: part),
            "权重都是 1，而且有的进程什么也没有：权重要与样本数成正比，空的换成一个样本，权重 0。",
            "All weights are 1, and some rank has nothing: make the weights proportional to the numbers of samples, "
            "and "
            "replace an empty part by one sample, with weight 0.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: 1.0),
            "没有样本的进程权重也是 1：它借来的那个样本就算了两次，权重应是 0；别的权重要与样本数成正比。",
            "A rank without samples of its own has weight 1, too, so that the one it borrows counts twice: its weight "
            "is 0, and the others are proportional to their numbers of samples.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: count / n),
            "权重少了因子 size：DDP 会除以进程数，所以是 n_r·size/n。",
            "A factor size is missing in the weights: DDP divides by the number of ranks, so it is n_r·size/n.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: count),
            "权重还要乘以 size/n：DDP 求的是各进程的平均，n_r·size/n。",
            "Multiply the weights by size/n as well: DDP takes the mean over the ranks, so it is n_r·size/n.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: n / (count * size) if count else 0.0),
            "权重的分式反了：样本多的进程权重大，n_r·size/n。",
            "The fraction is upside down: more samples make a larger weight, n_r·size/n.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: count * size),
            "权重还要除以 n：n_r·size/n。",
            "Divide the weights by n: n_r·size/n.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: 1 / size if count else 0.0),
            "不用自己除以进程数：DDP 已经求了平均。权重是 n_r·size/n。",
            "Do not divide by the number of ranks yourself: DDP takes the mean. The weight is n_r·size/n.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: count * size // n),
            "权重被取整了：用 /，不用 //。",
            "The weights were rounded down: use / instead of //.",
        ),
        Mistake(
            _split(weight=lambda count, size, n: max(count, 1) * size / n),
            "没有样本的进程，权重应是 0：它借来的样本不能再算一次。",
            "The weight of a rank without samples is 0: the one that it borrows must not count again.",
        ),
        Mistake(
            _split(idle=lambda order, part: part),
            "有的进程什么也没有：空的一批求平均是 nan，别的进程还会等它。给它一个样本，权重 0。",
            "Some rank has nothing: the mean of an empty batch is nan, and the others wait for it. Give it one sample, "
            "with weight 0.",
        ),
        Mistake(
            _padded,
            "DistributedSampler 就是这样补齐的：开头的样本算了两次，平均就偏了。不要补，让各进程的样本数不同，"
            "用权重找平。",
            "That is how DistributedSampler pads: samples from the front count twice, and the mean is biased. Do not "
            "pad; let the ranks have different numbers, and weights set it right.",
        ),
        Mistake(
            _rest_dropped,
            "除不尽的余下样本被扔掉了：每个样本都要算一次。",
            "What is left over was dropped: each sample counts once.",
        ),
        Mistake(
            _rest_dropped_but_one,
            "除不尽的余下样本被扔掉了：每个样本都要算一次。",
            "What is left over was dropped: each sample counts once.",
        ),
        Mistake(
            _rest_to_last,
            "余下的都给了最后一个进程：它就比别的慢，大家都要等。样本数最多差一个。",
            "The last rank has all that is left over, and all others wait for it: let the numbers differ by one only.",
        ),
        Mistake(
            _split(part=_blocks),
            "向上取整地切成段，最后的进程就太少了，甚至没有：样本数最多差一个，例如 order[rank::size]。",
            "Cut into pieces of a length that is rounded up, the last ranks get too little or nothing: let numbers "
            "differ by one only, as in order[rank::size].",
        ),
        Mistake(
            _everything,
            "各进程取了同样的样本：每个样本只归一个进程，例如 order[rank::size]。",
            "All ranks take the same samples: each belongs to one rank, as with order[rank::size].",
        ),
        Mistake(
            _split(part=lambda order, rank, size: torch.arange(len(order))[rank::size]),
            "这是位置 0、1、2、…：要的是 order 里的样本编号。",
            "Those are the places 0, 1, 2, …: wanted are the numbers in order.",
        ),
        Mistake(
            lambda order, size: split(order.sort().values, size)[:1],
            "只返回了一个进程的：要所有进程的，一个有 size 对的列表。",
            "That is one rank only: return those of all ranks, a list of size pairs.",
        ),
        Mistake(
            _split(gives=lambda part, weight: (weight, part)),
            "一对里的次序反了：先是 part，再是 weight。",
            "The pair is the wrong way round: part first, then weight.",
        ),
        Mistake(
            _split(gives=lambda part, weight: part),
            "只返回了样本编号：每个进程是一对 (part, weight)。",
            "Those are the numbers only: each rank has a pair (part, weight).",
        ),
        Mistake(
            _split(gives=lambda part, weight: (part.tolist(), weight)),
            "part 应是 int64 张量，不是列表。",
            "A part should be a tensor of int64, not a list.",
        ),
        Mistake(
            _split(part=lambda order, rank, size: order[rank:size]),
            "切片写成了 order[rank:size]：每隔 size 取一个，要两个冒号，order[rank::size]。",
            "The slice is order[rank:size]: to take every size-th it needs two colons, order[rank::size].",
        ),
        Mistake(
            _split(weight=lambda count, size, n: count * min(size, n) / n),
            "DDP 除以的是全部进程数，没有样本的也在内：权重是 n_r·size/n，不是 n_r·min(size, n)/n。",
            "DDP divides by the number of all ranks, those without samples included: the weight is n_r·size/n, "
            "not n_r·min(size, n)/n.",
        ),
        Mistake(
            _split(idle=lambda order, part: part if len(part) else order),
            "没有样本的进程只借一个样本：整批都给它，它就白算了。",
            "A rank without samples borrows just one: given the whole batch, it computes for nothing.",
        ),
    ),
    hints=(
        (
            "DDP 给出的是 (1/size)·Σ weight_r·mean_r，其中 mean_r 是进程 r 的 n_r 个样本的平均。要它等于 (1/n)·Σ "
            "loss_i。",
            "DDP gives (1/size)·Σ weight_r·mean_r, where mean_r is the mean over the n_r samples of rank r. It should "
            "equal (1/n)·Σ loss_i.",
        ),
        (
            "所以 weight_r = n_r·size/n。order[rank::size] 让各进程的样本数最多差一个。",
            "So weight_r = n_r·size/n. With order[rank::size] the numbers of samples differ by one at most.",
        ),
        (
            "n_r 是 0 时，上式给出权重 0；part 换成 order[:1]，这样它照样参加，却不算数。",
            "With n_r = 0 this gives a weight of 0; replace the part by order[:1], so that the rank takes part without "
            "counting.",
        ),
    ),
)
