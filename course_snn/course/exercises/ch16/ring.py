"""Exercise 16.ring."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch16.line import tried


def ring(parts, shift):
    size = len(parts)
    parts = [list(chunks) for chunks in parts]
    for step in range(size - 1):  # sums travel: each rank adds its own chunk and hands the sum on
        got = shift([parts[r][(r - step) % size] for r in range(size)])
        for r in range(size):
            c = (r - 1 - step) % size
            parts[r][c] = parts[r][c] + got[r]
    for step in range(size - 1):  # whole sums travel
        got = shift([parts[r][(r + 1 - step) % size] for r in range(size)])
        for r in range(size):
            parts[r][(r - step) % size] = got[r]
    return parts


def _ring(
    first=lambda r, step: r - step,
    into=lambda r, step: r - 1 - step,
    second=lambda r, step: r + 1 - step,
    to=lambda r, step: r - step,
    joined=lambda mine, got: mine + got,
    copied=lambda mine, got: got,
    rounds=lambda size: size - 1,
    more=lambda size: size - 1,
    end=lambda chunk, size: chunk,
):
    """``ring`` with one thing done wrong."""

    def answer(parts, shift):
        size = len(parts)
        parts = [list(chunks) for chunks in parts]
        for step in range(rounds(size)):
            got = shift([parts[r][first(r, step) % size] for r in range(size)])
            for r in range(size):
                parts[r][into(r, step) % size] = joined(parts[r][into(r, step) % size], got[r])
        for step in range(more(size)):
            got = shift([parts[r][second(r, step) % size] for r in range(size)])
            for r in range(size):
                parts[r][to(r, step) % size] = copied(parts[r][to(r, step) % size], got[r])
        return [[end(chunk, size) for chunk in chunks] for chunks in parts]

    return answer


def _in_place(parts, shift):
    for mine, made in zip(parts, ring(parts, shift), strict=True):
        mine[:] = made
    return parts


def _without(parts, shift):
    total = [torch.stack(chunks).sum(0) for chunks in zip(*parts, strict=True)]
    return [list(total) for _ in parts]


def _whole(parts, shift):
    now, total = [torch.cat(chunks) for chunks in parts], [torch.cat(chunks) for chunks in parts]
    for _ in range(len(parts) - 1):
        now = shift(now)
        total = [one + other for one, other in zip(total, now, strict=True)]
    return [list(one.split([len(chunk) for chunk in parts[0]])) for one in total]


def _one_by_one(parts, shift):
    size, made = len(parts), [list(chunks) for chunks in parts]
    for c in range(size):
        now = [made[r][c] for r in range(size)]
        for _ in range(size - 1):
            now = shift(now)
            made = [[chunk + now[r] if k == c else chunk for k, chunk in enumerate(row)] for r, row in enumerate(made)]
    return made


def _arrivals_handed_on(parts, shift):
    size = len(parts)
    mine, now = [list(chunks) for chunks in parts], [chunks[r] for r, chunks in enumerate(parts)]
    for step in range(size - 1):
        now = shift(now)
        for r in range(size):
            c = (r - 1 - step) % size
            mine[r][c] = mine[r][c] + now[r]
    return _ring(rounds=lambda size: 0)(mine, shift)


def _stacked(parts, shift):
    mine = [torch.stack(chunks) for chunks in parts]  # fails where chunks differ in length
    return ring(mine, shift)


def _parts(lengths, seed):
    """Return the chunks of every rank: ``lengths[c]`` whole numbers as floats in chunk c."""
    chance = torch.Generator().manual_seed(seed)
    return [[torch.randint(-9, 10, (n,), generator=chance).float() for n in lengths] for _ in lengths]


def _vary(rng):
    sizes = [drawn.whole(rng, 1, 3) for _ in range(12)]
    lengths = [*sizes[:2]], [*sizes[2:4], 4], [*sizes[4:9]][: drawn.whole(rng, 4, 5)], [sizes[9]], [2] * 3
    return tuple((_parts(some, drawn.whole(rng, 10, 10**6)),) for some in lengths)


EXERCISE = Exercise(
    id="16.ring",
    solution=ring,
    vary=_vary,
    run=tried,
    cases=tuple(
        (_parts(lengths, seed),)
        for seed, lengths in enumerate(((1, 1), (2, 3, 1), (1, 2, 2, 3, 1), (4,), (2, 2, 2)), start=1)
    ),
    keeps=True,
    measured=("1 每个进程最后的数；2 用了几轮", "1 the numbers of each rank in the end; 2 how many rounds it took"),
    mistakes=(
        Mistake(
            _ring(more=lambda size: 0),
            "只做了前一半：每个进程只有一块是完整的和，还要再转 R-1 轮，把它们送给大家。",
            "Only the first half is done: each rank has the whole sum of one chunk, and R-1 more rounds hand them to "
            "all.",
        ),
        Mistake(
            _ring(rounds=lambda size: 0, second=lambda r, step: r - step, to=lambda r, step: r - 1 - step),
            "没有求和：前 R-1 轮里，收到的要加到自己的那一块上。",
            "Nothing is summed: in the first R-1 rounds what arrives is added to your own chunk.",
        ),
        Mistake(
            _ring(copied=lambda mine, got: mine + got),
            "后一半不要再加：送来的已经是完整的和，直接换掉自己的那一块。",
            "Do not add in the second half: what arrives is a whole sum, and replaces your own chunk.",
        ),
        Mistake(
            _ring(joined=lambda mine, got: got),
            "最后传开的只是一个进程自己的数，不是和：前一半里收到的要加上去；后一半从最后加过的那一块开始送，第 (r "
            "+ 1) % R 块。",
            "What goes round in the end are the numbers of one rank, and no sum: in the first half add what "
            "arrives, and "
            "begin the second half with the chunk to which you added last, (r + 1) % R.",
        ),
        Mistake(
            _ring(end=lambda chunk, size: chunk / size),
            "这是平均：这里要的是和，不要除以进程数。",
            "That is the mean: wanted here is the sum, so do not divide by the number of ranks.",
        ),
        Mistake(
            _ring(rounds=lambda size: size),
            "前一半多了一轮：R-1 轮之后，每个进程已经有一块是完整的和，再加就重复了。",
            "One round too many in the first half: after R-1 each rank has one whole sum, and more adds a chunk twice.",
        ),
        Mistake(
            _ring(more=lambda size: size),
            "后一半多了一轮：R-1 轮就够了，一共 2(R-1) 轮。",
            "One round too many in the second half: R-1 are enough, 2(R-1) in all.",
        ),
        Mistake(
            _ring(rounds=lambda size: size - 2, more=lambda size: size - 1),
            "前一半少了一轮：要 R-1 轮。",
            "One round too few in the first half: it takes R-1.",
        ),
        Mistake(
            _ring(more=lambda size: size - 2),
            "后一半少了一轮：要 R-1 轮。",
            "One round too few in the second half: it takes R-1.",
        ),
        Mistake(
            _ring(into=lambda r, step: r - step),
            "放错了地方：收到的是邻居 r-1 送出的那一块，编号由它定，不是自己送出的那一块。",
            "Put in the wrong place: what arrives is the chunk that the neighbour r-1 sent, not the one you sent.",
        ),
        Mistake(
            _ring(into=lambda r, step: r + 1 - step),
            "方向反了：shift 送给右边的 r+1，收到的来自 r-1。",
            "The wrong way round: shift sends to the right, to r+1, and what arrives comes from r-1.",
        ),
        Mistake(
            _ring(first=lambda r, step: r, into=lambda r, step: r - 1),
            "每轮送的都是同一块：要送的是上一轮刚加过的那一块，编号每轮退一。",
            "The same chunk is sent in each round: send the one to which you added in the round before, one number "
            "lower each time.",
        ),
        Mistake(
            _ring(*[lambda r, step: step] * 2, *[lambda r, step: step - 1] * 2),
            "每轮大家送的是同一个编号：那样每条线上送的只有两份之和。各进程送不同的块，编号随 r 错开。",
            "All ranks send the same number in a round, so that only pairs are summed: let them send different chunks, "
            "shifted by r.",
        ),
        Mistake(
            _whole,
            "每一轮都送出了全部的数：把它分成块，一轮只送一块，每条线上的流量就不随进程数增长。",
            "All numbers are sent in each round: send one chunk in a round, and the traffic on a line does not grow "
            "with the number of ranks.",
        ),
        Mistake(
            _one_by_one,
            "和是对的，但一块一块地绕，用了 R(R-1) 轮：让各进程同时送不同的块，2(R-1) 轮就够了。",
            "The sums are right, but one chunk after the other goes round, R(R-1) rounds: let the ranks send different "
            "chunks at a time, and 2(R-1) are enough.",
        ),
        Mistake(
            _without,
            "和是对的，但没有经过 shift：进程之间没有共用的内存，数只能从左边的邻居那里来。",
            "The sums are right, but did not come by shift: ranks share no memory, and numbers come from the left "
            "neighbour only.",
        ),
        Mistake(
            lambda parts, shift: ring(parts, shift)[0],
            "每个进程的结果应是 R 块的列表：你只返回了一个进程的，还是把块接成了一个？",
            "The result of each rank is a list of R chunks: did you return one rank only, or join the chunks?",
        ),
        Mistake(
            _in_place,
            "parts 被改掉了：先复制，parts = [list(chunks) for chunks in parts]；张量也不要就地改（+=、add_），写成 "
            "a = a + b。",
            "parts was changed: copy it first, parts = [list(chunks) for chunks in parts]; and change no tensor in "
            "place (+=, add_), write a = a + b.",
        ),
        Mistake(
            _arrivals_handed_on,
            "传下去的是收到的，不是和：收到的加到自己的那一块上，下一轮送出的是这个和。",
            "What is handed on is what arrived, and not the sum: add what arrives to your own chunk, and send "
            "that sum in the next round.",
        ),
        Mistake(
            _ring(*[lambda r, step: step] * 2),
            "各进程同时送同一个编号，和就凑不齐：进程 r 在第 step 轮送第 (r - step) % R 块。",
            "All ranks send the same number at a time, and no sum becomes whole: in round step rank r sends "
            "chunk (r - step) % R.",
        ),
        Mistake(
            _stacked,
            "各块的长度可以不同：不能用 torch.stack 合成一个张量，用列表。",
            "Chunks may differ in length: they cannot be stacked into one tensor, so keep lists.",
        ),
    ),
    hints=(
        (
            "前一半：每轮送出上一轮刚加过的那一块（第一轮送第 r 块），收到的加到自己同编号的那一块上。",
            "First half: send the chunk to which you added in the round before (in the first round chunk r), and add "
            "what arrives to your own chunk of that number.",
        ),
        (
            "第 step 轮，进程 r 送第 (r - step) % R 块，所以收到的是第 (r - 1 - step) % R 块。做完 R-1 轮，"
            "完整的是第 (r + 1) % R 块。",
            "In round step, rank r sends chunk (r - step) % R, so that chunk (r - 1 - step) % R arrives. After R-1 "
            "rounds chunk (r + 1) % R is whole.",
        ),
        (
            "后一半：第 step 轮送第 (r + 1 - step) % R 块，收到的就是第 (r - step) % R 块，直接放进去。",
            "Second half: in round step send chunk (r + 1 - step) % R; what arrives is chunk (r - step) % R, and is "
            "put there as it is.",
        ),
    ),
)
