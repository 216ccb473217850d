"""How a split of a batch is tried: is every sample in it once, and with which share of the average?"""

from numbers import Real

import torch

from course_snn.course.exercise import Finding


def tried(answer, order, size):
    """Return how many samples each rank has, and the share of each in the average.

    Args:
        answer: the learner's function. order: the numbers of the samples. size: how many ranks.
    """
    made = answer(order, size)
    if made is ... or made is None:
        return made
    _check_form(made, size)
    _check_numbers(made, order.clone(), size)
    share = {int(number): 0.0 for number in order}
    for part, weight in made:
        for number in part:
            share[int(number)] += float(weight) / (size * len(part))
    return sorted(len(part) if float(weight) else 0 for part, weight in made), [share[int(n)] for n in order]


def _check_form(made, size):
    if not isinstance(made, (list, tuple)) or len(made) != size:
        got = len(made) if isinstance(made, (list, tuple)) else type(made).__name__
        raise Finding(
            f"应返回一个有 {size} 对的列表，每个进程一对；得到的是 {got}。",
            f"Return a list of {size} pairs, one for each rank; got {got}.",
        )
    for rank, pair in enumerate(made):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise Finding(
                f"进程 {rank} 的结果应是一对 (part, weight)。", f"The result of rank {rank} should be (part, weight)."
            )
        part, weight = pair
        if not torch.is_tensor(part) or part.ndim != 1 or part.dtype != torch.int64:
            kind = f"{part.dtype} {list(part.shape)}" if torch.is_tensor(part) else type(part).__name__
            raise Finding(
                f"进程 {rank} 的 part 应是一维的 int64 张量，得到的是 {kind}。",
                f"The part of rank {rank} should be a tensor of int64 with one dimension, and is {kind}.",
            )
        if not isinstance(weight, Real) and not (torch.is_tensor(weight) and weight.numel() == 1):
            kind = type(weight).__name__
            raise Finding(
                f"进程 {rank} 的 weight 应是一个数，得到的是 {kind}。",
                f"The weight of rank {rank} should be a number, and is {kind}.",
            )
        if not len(part):
            raise Finding(
                f"进程 {rank} 什么也没有：它也要算一次，取这一批里的一个样本，权重 0。",
                f"Rank {rank} has nothing: it has to take part, so give it one sample of the batch, with weight 0.",
            )


def _check_numbers(made, order, size):
    known = order.tolist()
    if foreign := [int(n) for part, _ in made for n in part if int(n) not in known]:
        raise Finding(
            f"{foreign[0]} 不是这一批里的样本编号：要的是 order 里的编号，不是它们的位置。",
            f"{foreign[0]} is no sample of this batch: wanted are the numbers in order, not their places.",
        )
    for rank, (part, weight) in enumerate(made):
        if not float(weight) and len(part) > 1:
            raise Finding(
                f"进程 {rank} 的权重是 0，却有 {len(part)} 个样本：没有样本的进程只借一个，不然它白算。",
                f"Rank {rank} has weight 0 and {len(part)} samples: a rank without samples borrows just one, and does "
                "not compute more for nothing.",
            )
    counted = [int(n) for part, weight in made if float(weight) for n in part]
    if twice := [n for n in counted if counted.count(n) > 1]:
        raise Finding(f"样本 {twice[0]} 算了不止一次。", f"Sample {twice[0]} counts more than once.")
    if lost := [n for n in known if n not in counted]:
        raise Finding(f"样本 {lost[0]} 没有算进去。", f"Sample {lost[0]} does not count anywhere.")
    sizes = [len(part) if float(weight) else 0 for part, weight in made]
    if max(sizes) - min(sizes) > 1:
        raise Finding(
            f"分得不均：各进程有 {sizes} 个样本，最多只能差一个，不然大家都要等最慢的。",
            f"Unevenly split: the ranks have {sizes} samples, which may differ by one only, or all wait for the "
            "slowest.",
        )
