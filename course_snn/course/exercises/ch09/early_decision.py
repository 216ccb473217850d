"""Exercise 09.early_decision."""

import math

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def early_decision(spikes, margin):
    counts = torch.zeros(10)
    for t in range(len(spikes)):
        counts = counts + spikes[t]
        first, second = counts.topk(2).values
        if first - second >= margin:
            break
    return counts.argmax().item(), t + 1


def _race(*rows: str) -> torch.Tensor:
    """Spikes [T, 10] from one text a step: the digits of the neurons that fire."""
    spikes = torch.zeros(len(rows), 10)
    for t, row in enumerate(rows):
        spikes[t, [int(digit) for digit in row]] = 1
    return spikes


def _early(
    lead=lambda counts, step: -counts.topk(2).values.diff(),
    stops=lambda lead, margin, t: lead >= margin,
    add=lambda counts, step: counts + step,
    decide=lambda counts, spikes: counts.argmax().item(),
    stopped=lambda decision, t: (decision, t + 1),
    ended=lambda decision, T: (decision, T),
):
    """``early_decision`` with one thing done wrong."""

    def answer(spikes, margin):
        counts = torch.zeros(10)
        for t in range(len(spikes)):
            counts = add(counts, spikes[t])
            if stops(lead(counts, spikes[t]), margin, t):
                return stopped(decide(counts, spikes), t)
        return ended(decide(counts, spikes), len(spikes))

    return answer


def _second_distinct(counts, step):
    values = counts.unique()
    return values[-1] - values[-2] if len(values) > 1 else 0.0


_CLEAR = _race("37", "3", "", "3", "37", "3", "3", "3")
_TURNING = _race("2", "28", "8", "8", "8", "8", "2")


def _vary(rng):
    """Races of other numbers, the smaller where the smaller was; the last steps of the first are drawn."""
    one, two = sorted(drawn.some(rng, 2, range(10)))
    tail = [drawn.one_of(rng, f"{two}", f"{one}{two}") for _ in range(4)]
    clear = _race(f"{one}{two}", f"{two}", "", *tail, f"{two}")
    turning = _race(f"{one}", f"{one}{two}", *[f"{two}"] * drawn.whole(rng, 4, 6), f"{one}")
    others = "".join(str(k) for k in range(10) if k != one)
    return (
        (clear, 2),
        (clear, 12),
        (turning, 1),
        (turning, drawn.whole(rng, 2, 3)),
        (_race(f"{one}{two}", f"{one}{two}"), 1),
        (_race(f"{one}", others, f"{one}{two}", f"{one}", f"{one}"), 2),
        (_race("", "", f"{two}"), 0),
        (drawn.spikes(rng, 8, 10, share=0.3), drawn.whole(rng, 1, 4)),
    )


EXERCISE = Exercise(
    id="09.early_decision",
    solution=early_decision,
    vary=_vary,
    keeps=True,
    cases=(
        (_CLEAR, 2),
        (_CLEAR, 9),
        (_TURNING, 1),
        (_TURNING, 3),
        (_race("4", "46", "6", "6"), 2),
        (_race("58", "58", "85"), 1),
        (_race("58", "5", "5"), 1),
        (_race("0", "123456789", "03", "3", "3"), 2),
        (_race("", "", "2"), 0),
    ),
    mistakes=(
        Mistake(
            _early(stops=lambda lead, margin, t: lead > margin),
            "领先恰好等于 margin 时就该停：用 >=，不是 >。",
            "Stop as soon as the lead equals margin: >=, not >.",
        ),
        Mistake(
            lambda spikes, margin: early_decision(spikes, margin or math.inf),
            "margin = 0 被当成了“没有给”：领先 0 票也够，看完第一步就停。",
            "margin = 0 is taken for no margin: a lead of 0 is enough then, so stop after the first step.",
        ),
        Mistake(
            _early(stops=lambda lead, margin, t: lead >= 4),
            "margin 被写死成了 4：用函数的参数。",
            "margin is fixed at 4: use the argument of the function.",
        ),
        Mistake(
            _early(lead=lambda counts, step: counts.max()),
            "比的是领先多少，不是第一名有多少：减去第二名的票数。",
            "What counts is the lead, not the votes of the first: subtract those of the second.",
        ),
        Mistake(
            _early(lead=lambda counts, step: counts.max() - counts.min()),
            "你减去了最后一名的票数；领先是与第二名比。",
            "You subtracted the votes of the last; the lead is over the second.",
        ),
        Mistake(
            _early(lead=_second_distinct),
            "两个并列第一时，第二名就是另一个第一，领先是 0：不要去掉相同的票数。",
            "With two in the lead the second has as many votes, and the lead is 0: do not drop equal counts.",
        ),
        Mistake(
            _early(lead=lambda counts, step: -step.topk(2).values.diff()),
            "领先要用累计的票数来算，不是这一步的脉冲。",
            "The lead is one of all votes so far, not of the spikes of this step.",
        ),
        Mistake(
            _early(stops=lambda lead, margin, t: False),
            "总是看到了最后：领先够多就停。",
            "It always looks to the end: stop as soon as the lead is large enough.",
        ),
        Mistake(
            _early(lead=lambda counts, step: -(counts - step).topk(2).values.diff()),
            "先比后加，晚了一步：先把这一步的票加上，再看领先。",
            "The lead is tested before the step is counted, one step late: add first, then look.",
        ),
        Mistake(
            _early(stopped=lambda decision, t: (decision, t)),
            "步数差一：看完第一步就决定，用了 1 步，不是 0 步。",
            "Off by one: whoever decides after the first step has used 1 step, not 0.",
        ),
        Mistake(
            _early(stopped=lambda decision, t: (t + 1, decision)),
            "提前停下时次序反了：先是判断，后是步数。",
            "Where it stops early the order is wrong: the decision first, then the steps.",
        ),
        Mistake(
            lambda spikes, margin: early_decision(spikes, margin)[0],
            "只返回了判断：还要步数，return decision, steps。",
            "Only the decision comes back; the steps belong to it: return decision, steps.",
        ),
        Mistake(
            _early(decide=lambda counts, spikes: counts.max().item()),
            "返回的是票数；判断是票数最多者的编号：argmax。",
            "The votes come back; the decision is the number of the neuron with most of them: argmax.",
        ),
        Mistake(
            _early(decide=lambda counts, spikes: spikes.sum(0).argmax().item()),
            "提前停下时偷看了后面的票：只按到此为止的票数判断。",
            "Where it stops early it looks at later votes: decide by those so far.",
        ),
        Mistake(
            _early(decide=lambda counts, spikes: 9 - counts.flip(0).argmax().item()),
            "平票时取了编号大的；取编号小的，argmax 就是这样。",
            "In a tie the larger number wins; it should be the smaller, as with argmax.",
        ),
        Mistake(
            _early(add=lambda counts, step: step),
            "只看了当前这一步：票数要一步一步累加。",
            "That looks at the present step only: votes add up over the steps.",
        ),
    ),
    hints=(
        ("从零开始累加：counts = counts + spikes[t]。", "Add up from zero: counts = counts + spikes[t]."),
        ("counts.topk(2).values 给出第一名和第二名的票数。", "counts.topk(2).values gives the votes of the first two."),
        (
            "第一名减第二名不小于 margin 就 break；返回 counts.argmax().item() 和 t + 1。",
            "Break when first minus second is at least margin; return counts.argmax().item() and t + 1.",
        ),
    ),
)
