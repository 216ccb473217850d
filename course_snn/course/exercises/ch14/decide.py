"""Exercise 14.decide."""

import torch

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises import drawn


def decide(out, margin):
    first, second = out.cumsum(0).topk(2, dim=2).values.unbind(2)
    sure = first - second >= margin
    sure[-1] = True
    t = sure.float().argmax(0)
    return out.cumsum(0).argmax(2)[t, torch.arange(out.shape[1])], t + 1


def _decide(
    lead=lambda first, second, votes: first - second,
    more=0.0,
    shift=1,
    votes_of=lambda out: out.cumsum(0),
    end=True,
    found=lambda sure: sure.float().argmax(0),
    answer=lambda votes, out, t: votes.argmax(2)[t, torch.arange(out.shape[1])],
):
    """``decide`` with one thing done wrong; ``more`` is added to the margin."""

    def wrong(out, margin):
        votes = votes_of(out)
        first, second = votes.topk(2, dim=2).values.unbind(2)
        sure = lead(first, second, votes) >= margin + more
        if end:
            sure[-1] = True
        t = found(sure)
        return answer(votes, out, t), t + shift

    return wrong


def _all_at_once(sure):
    return sure.all(1).float().argmax().expand(sure.shape[1])


def _last(sure):
    last = torch.where(sure, torch.arange(len(sure))[:, None], -1).amax(0)
    return torch.where(last < 0, len(sure) - 1, last)


def _largest(votes, out, t):
    return votes.shape[2] - 1 - votes.flip(2).argmax(2)[t, torch.arange(out.shape[1])]


_OUT = torch.tensor(  # [T, N, C]: soon clear, changes its mind, a tie, sure and unsure again, a third that rises
    [
        [[1.0, 0, 0], [0.5, 0, 0], [0, 0.25, 0], [0, 0, 1], [2, 1.75, 0], [1, 1, 0]],
        [[0.25, 0.25, 0], [0, 0.75, 0], [0, 0, 0.25], [0, 1, 0], [0.75, 0, 1], [0.25, 0, 0]],
        [[1, 0, 0.25], [0, 1, 0], [0, 0.25, 0.25], [0, 1, 0], [0, 1, 0], [0.5, 0, 0]],
        [[0.75, 0, 0], [0, 1.25, 0], [0, 0, 0], [0, 1, 0.25], [0, 1, 0], [0.5, 0, 0]],
    ]
)
_TWO = torch.randint(5, (6, 3, 2), generator=torch.Generator().manual_seed(3)) / 4


def _vary(rng):
    """Quarters: what is level is level exactly, as two clips of the first case are at the end."""
    out = drawn.grid(rng, (4, 6, 3), 0.0, 1.0, 0.25)
    out[:, 0] = torch.tensor([[0.0, 0.5, 0.5], [0.5, 0.25, 0.25], [0.0, 0.25, 0.25], [0.5, 0.0, 0.0]])
    out[:, 1] = torch.tensor([[0.0, 0.25, 0.0], [0.75, 0.0, 0.0], [0.5, 0.0, 0.5], [0.0, 1.0, 0.0]])
    margin, other = drawn.some(rng, 2, (0.25, 0.5, 0.75, 1.25, 1.5))
    two = drawn.grid(rng, (6, 3, 2), 0.0, 1.0, 0.25)
    return (out, 1.0), (out, margin), (out, 50.0), (out[:3, :5], other), (two, 0.75)


EXERCISE = Exercise(
    id="14.decide",
    solution=decide,
    vary=_vary,
    cases=((_OUT, 1.0), (_OUT, 2.0), (_OUT, 50.0), (_OUT[:3, :5], 0.5), (_TWO, 0.75)),
    exact=(KIND,),
    keeps=True,
    mistakes=(
        Mistake(
            _decide(votes_of=lambda out: out),
            "只看了当前这一帧：票要从第一帧起累加（cumsum）。",
            "That looks at one frame alone: votes add up from the first frame on (cumsum).",
        ),
        Mistake(
            _decide(votes_of=lambda out: out.cumsum(0) / torch.arange(1, len(out) + 1)[:, None, None]),
            "领先多少要按票数的总和算，不是按平均：不要除以帧数。",
            "The lead counts in the sum of the votes, not in their mean: do not divide by the number of frames.",
        ),
        Mistake(
            _decide(votes_of=lambda out: out.cumsum(1)),
            "累加错了维：cumsum(1) 把不同片段的票加在一起；时间是第 0 维。",
            "Added up along the wrong dimension: cumsum(1) adds the votes of different clips; time is dimension 0.",
        ),
        Mistake(
            _decide(shift=0),
            "帧数差一：看完第 0 帧就决定，用了 1 帧。",
            "Off by one: whoever decides after frame 0 has used 1 frame.",
        ),
        Mistake(
            _decide(end=False),
            "到最后还拿不定的片段，也要在第 T 帧作答：argmax 在全是 False 时给出 0。",
            "A clip that is never sure must answer at frame T: argmax gives 0 where all are False.",
        ),
        Mistake(
            _decide(answer=lambda votes, out, t: votes[-1].argmax(1)),
            "答案要在作决定的那一帧取，不能等到最后。",
            "Take the answer at the frame of the decision, not at the end.",
        ),
        Mistake(
            _decide(answer=lambda votes, out, t: out.argmax(2)[t, torch.arange(out.shape[1])]),
            "帧找对了，答案却只看了那一帧的票：要看到那一帧为止的总和。",
            "The frame is right, but the answer looks at its votes alone: take the sum up to that frame.",
        ),
        Mistake(
            _decide(answer=lambda votes, out, t: votes.amax(2)[t, torch.arange(out.shape[1])]),
            "答案是类的编号，不是它的票数：argmax，不是 max。",
            "The answer is the number of a class, not its votes: argmax, not max.",
        ),
        Mistake(
            _decide(answer=lambda votes, out, t: votes.argmax(2)[t]),
            "每段只取自己那一列：votes.argmax(2)[t, torch.arange(N)]，只写 [t] 会取出整行。",
            "Each clip takes its own column: votes.argmax(2)[t, torch.arange(N)]; with [t] alone come whole rows.",
        ),
        Mistake(
            _decide(answer=_largest),
            "票数并列时，你取了编号最大的类：取编号最小的，argmax 就是这样。",
            "In a tie you take the class with the largest number: take the smallest, as argmax does.",
        ),
        Mistake(
            _decide(lead=lambda first, second, votes: first),
            "比的是领先多少：减去第二名的票数。",
            "What counts is the lead: subtract the votes of the second.",
        ),
        Mistake(
            _decide(lead=lambda first, second, votes: first - votes.amin(2)),
            "比的是领先第二名多少，不是领先最后一名。",
            "What counts is the lead over the second, not over the last.",
        ),
        Mistake(
            _decide(lead=lambda first, second, votes: first - votes.mean(2)),
            "比的是领先第二名多少，不是比平均多多少。",
            "What counts is the lead over the second, not over the mean.",
        ),
        Mistake(
            _decide(more=0.125),
            "领先恰好 margin 票也作答：“至少”是 >=，不是 >。",
            "A lead of exactly margin is enough: at least means >=, not >.",
        ),
        Mistake(
            lambda out, margin: decide(out, 1.0),
            "margin 不一定是 1：用参数。",
            "margin is not always 1: use the argument.",
        ),
        Mistake(
            _decide(found=_all_at_once),
            "你让整批一起等：每段各有自己的决定时刻，对第 0 维（时间）找。",
            "The whole batch waits: each clip decides in its own time; search along dimension 0, time.",
        ),
        Mistake(
            _decide(found=lambda sure: (~sure).sum(0).clamp(max=len(sure) - 1), end=False),
            "你数的是拿不定的帧共有几个；要的是第一个拿得定的帧，后来的不算。",
            "You count all frames that are unsure; wanted is the first that is sure, whatever comes later.",
        ),
        Mistake(
            _decide(found=_last, end=False),
            "你取了最后一个拿得定的帧：要第一个。",
            "You take the last frame that is sure: take the first.",
        ),
        Mistake(
            lambda out, margin: tuple(part * 1.0 for part in decide(out, margin)),
            "数值对，但答案和帧数都应是整数张量。",
            "The values are right, but answers and numbers of frames are tensors of integers.",
        ),
        Mistake(
            lambda out, margin: (decide(out, margin)[0], decide(out, margin)[1] * 1.0),
            "数值对，但帧数应是整数张量。",
            "The values are right, but the numbers of frames are a tensor of integers.",
        ),
    ),
    hints=(
        (
            "votes = out.cumsum(0)；votes.topk(2, dim=2).values 是前两名的票数。",
            "votes = out.cumsum(0); votes.topk(2, dim=2).values holds the votes of the first two.",
        ),
        (
            "sure = 领先 >= margin，形状 [T, N]；再令 sure[-1] = True。",
            "sure = lead >= margin, of shape [T, N]; then set sure[-1] = True.",
        ),
        (
            "t = sure.float().argmax(0) 是第一个 True；答案是 votes.argmax(2)[t, torch.arange(N)]，帧数是 t + 1。",
            "t = sure.float().argmax(0) is the first True; the answer is votes.argmax(2)[t, torch.arange(N)], the "
            "number of frames t + 1.",
        ),
    ),
)
