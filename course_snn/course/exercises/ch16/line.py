"""How an all-reduce is tried: ranks that hear of each other by a ring of connections only."""

import copy

import torch

from course_snn.course.exercise import Finding


class _Line:
    """The connections of a ring: counts rounds, and checks what is sent; ``push`` is added to whatever passes."""

    def __init__(self, parts, push=0.0):
        self.size, self.longest = len(parts), max(len(chunk) for chunk in parts[0])
        self.rounds, self.push = 0, push

    def __call__(self, sent):
        if not isinstance(sent, (list, tuple)) or len(sent) != self.size:
            got = len(sent) if isinstance(sent, (list, tuple)) else type(sent).__name__
            raise Finding(
                f"shift 要一个有 {self.size} 个张量的列表，每个进程送出一个；得到的是 {got}。",
                f"shift takes a list of {self.size} tensors, one from each rank; it was given {got}.",
            )
        for rank, chunk in enumerate(sent):
            if not torch.is_tensor(chunk):
                kind = type(chunk).__name__
                raise Finding(
                    f"进程 {rank} 送出的应是一块（一个张量），得到的是 {kind}：一轮只送一块。",
                    f"Rank {rank} should send one chunk, a tensor, and sends a {kind}: one chunk in a round.",
                )
            if chunk.numel() > self.longest:
                raise Finding(
                    f"进程 {rank} 一轮送出了 {chunk.numel()} 个数，最长的一块只有 {self.longest} 个：一轮只送一块。",
                    f"Rank {rank} sends {chunk.numel()} numbers in one round, where the longest chunk has "
                    f"{self.longest}: one chunk in a round.",
                )
        self.rounds += 1
        if self.rounds > 6 * self.size:
            raise Finding(
                f"已经 {self.rounds} 轮了：一共只要 2(R-1) 轮。",
                f"That was round {self.rounds}: it takes 2(R-1) rounds in all.",
            )
        return [sent[rank - 1].clone() + self.push for rank in range(self.size)]


def tried(answer, parts):
    """Return the numbers of each rank in the end and the rounds it took, if they came by way of the ring.

    Args:
        answer: the learner's function. parts: the chunks of each rank.
    """
    untouched, line = copy.deepcopy(parts), _Line(parts)
    made = answer(parts, line)
    if made is ... or made is None:
        return made
    _check_form(made, untouched)
    total = [torch.stack(chunks).sum(0) for chunks in zip(*untouched, strict=True)]
    lacking = [
        (r, c) for r, row in enumerate(made) for c, chunk in enumerate(row)
        if not torch.allclose(torch.as_tensor(chunk), total[c], rtol=1e-4, atol=1e-4)
    ]  # fmt: skip
    if not lacking:
        _check_way(answer, made, untouched, line)
    return [torch.cat([torch.as_tensor(chunk) for chunk in row]).tolist() for row in made], line.rounds


def _check_form(made, parts):
    size = len(parts)
    if not isinstance(made, (list, tuple)) or len(made) != size:
        got = len(made) if isinstance(made, (list, tuple)) else type(made).__name__
        raise Finding(
            f"应返回 {size} 个列表，每个进程一个；得到的是 {got}。",
            f"Return {size} lists, one for each rank; got {got}.",
        )
    for r, row in enumerate(made):
        if not isinstance(row, (list, tuple)) or len(row) != size or not all(map(torch.is_tensor, row)):
            raise Finding(
                f"进程 {r} 的结果应是 {size} 块张量的列表。",
                f"The result of rank {r} should be a list of {size} chunks.",
            )
        for c, chunk in enumerate(row):
            if chunk.shape != parts[r][c].shape:
                now, then = list(chunk.shape), list(parts[r][c].shape)
                raise Finding(
                    f"进程 {r} 的第 {c} 块，形状应是 {then}，得到的是 {now}。",
                    f"Chunk {c} of rank {r} should have shape {then}, and has {now}.",
                )


def _check_way(answer, made, parts, line):
    """The sums are right: did they come by way of the ring, and in as few rounds?"""
    size, rounds = len(parts), line.rounds
    if rounds < 2 * (size - 1):
        raise Finding(
            f"和是对的，但只用了 {rounds} 轮：数只能经 shift 从邻居那里来，每个进程一轮只送一块，要 "
            f"{2 * (size - 1)} 轮。",
            f"The sums are right, but in {rounds} rounds: numbers come from a neighbour by shift only, one chunk of "
            f"each rank in a round, which takes {2 * (size - 1)} rounds.",
        )
    if rounds > 2 * (size - 1):
        raise Finding(
            f"和是对的，但用了 {rounds} 轮：{2 * (size - 1)} 轮就够了。",
            f"The sums are right, but after {rounds} rounds: {2 * (size - 1)} are enough.",
        )
    if size > 1:
        pushed = answer(copy.deepcopy(parts), _Line(parts, push=1000.0))
        for r in range(size):
            for c in range(size):
                if len(made[r][c]) and torch.allclose(pushed[r][c], made[r][c]):
                    raise Finding(
                        f"进程 {r} 的第 {c} 块没有用上 shift 送来的数：别的进程的内存是读不到的。",
                        f"Chunk {c} of rank {r} makes no use of what came by shift: a rank cannot read the memory of "
                        "another.",
                    )
