"""Exercise 06.show_sample."""

import itertools

import torch

from course_snn.course.compare import difference
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch06.shared import everybody, last, tensor_of


def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros(len(w))
    return counts


def _show(leak=True, adapted=True, inhibited=True):
    """``show_sample`` with some of its three bugs."""
    return _shown(
        charge=lambda v, i, tau: v - v / tau + i if leak else v + i,
        choose=lambda v, theta: v - theta if adapted else v,
        after=lambda v, j: 0 * v if inhibited else torch.where(torch.arange(len(v)) == j, 0.0, v),
    )


def _shown(
    charge=lambda v, i, tau: v - v / tau + i,
    choose=lambda v, theta: v - theta,
    lead=lambda v, theta: v - theta,
    after=lambda v, j: 0 * v,
    exceeds=False,
    raised=0.0,
    steps=slice(None),
):
    """``show_sample`` with one thing done wrong."""

    def answer(w, theta, spikes, tau, v_threshold):
        v, counts, theta = torch.zeros(len(w)), torch.zeros(len(w)), theta.clone()
        for s in spikes[steps]:
            v = charge(v, w @ s, tau)
            j = choose(v, theta).argmax()
            if lead(v, theta)[j] > v_threshold if exceeds else lead(v, theta)[j] >= v_threshold:
                counts[j] += 1
                theta[j] += raised
                v = after(v, j)
        return counts

    return answer


def _clears_always(w, theta, spikes, tau, v_threshold):
    return sum(show_sample(w, theta, s[None], tau, v_threshold) for s in spikes)


def _everybody_counts(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        fires, v = everybody(v - v / tau + w @ s, theta, v_threshold)
        counts = counts + fires
    return counts


def _twice(answer, *case):
    """Try an answer twice on the same case: what a call leaves behind shows in the second."""
    first, second = answer(*case), answer(*case)
    if difference(second, first) is not None:
        raise Finding(
            "用同样的参数再调用一次，结果变了：每个样本都要从静息（v = 0）和给定的参数开始，不留下上一次的东西。",
            "Called once more with the same arguments, it returns something else: each sample begins at rest (v = 0), "
            "with the arguments as given and nothing left from before.",
        )
    return first


def _bugs(leak, adapted, inhibited):
    """The mistake that still has some of the three bugs."""
    left = [
        text
        for mended, text in (
            (
                leak,
                (
                    "膜电位那一行：它和第 01 章的方程差了什么？",
                    "the membrane potential lacks a term of the equation of chapter 01.",
                ),
            ),
            (adapted, ("选胜者时忘了各自的阈值 theta。", "the choice of the winner forgets the thresholds theta.")),
            (inhibited, ("胜者赢了以后，输家保留了膜电位。", "after a win the losers keep their membrane potential.")),
        )
        if not mended
    ]
    zh, en = left[0]
    number = ("", "One bug is", "Two bugs are", "All three bugs are")[len(left)]
    return Mistake(
        _show(leak, adapted, inhibited), f"还剩 {len(left)} 个错。{zh}", f"{number} left. {en[0].upper()}{en[1:]}"
    )


def _spikes(*shape, seed=0):
    return (torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < 0.4).float()


_WEIGHTS = torch.rand(5, 8, generator=torch.Generator().manual_seed(3))
_THETA = tensor_of(0.0, 0.6, 1.2, 0.3, 0.0)


def _least_gap(w, theta, spikes, tau, v_threshold):
    """Return how near a race of the sample came to another end."""
    v, gap = torch.zeros(len(w)), 9.0
    for s in spikes:
        v = v - v / tau + w @ s
        first, second = (v - theta).topk(2).values
        gap = min(gap, abs(float(first - v_threshold)))
        if first >= v_threshold:
            v, gap = torch.zeros(len(w)), min(gap, float(first - second))
    return gap


def _vary(rng):
    def sample(T, tau, v_threshold):
        w, theta = drawn.grid(rng, (5, 8), 0.05, 0.95, 0.05), drawn.grid(rng, (5,), 0.0, 1.2, 0.1)
        return w, theta, drawn.spikes(rng, T, 8), tau, v_threshold

    def clear(case):
        return _least_gap(*case) > 1e-3

    a = drawn.one_of(rng, 0.75, 1.25, 1.5, 2.0)
    level = tensor_of([a, 0.0], [a, a / 2]), tensor_of(0.0, 0.0), tensor_of([1.0, 0.0], [0.0, 1.0], [0.0, 0.0])
    return (
        (*level, 2.0, a),
        drawn.until(lambda: sample(30, 3.0, 2.0), clear),
        drawn.until(lambda: sample(20, 4.0, drawn.one_of(rng, 1.2, 1.5)), clear),
    )


EXERCISE = Exercise(
    id="06.show_sample",
    solution=show_sample,
    vary=_vary,
    run=_twice,
    cases=(
        (
            tensor_of([1.0, 0.0], [1.0, 0.5]),
            tensor_of(0.0, 0.0),
            tensor_of([1.0, 0.0], [0.0, 1.0], [0.0, 0.0]),
            2.0,
            1.0,
        ),
        (_WEIGHTS, _THETA, _spikes(30, 8, seed=0), 3.0, 2.0),
        (_WEIGHTS, _THETA.flip(0), _spikes(20, 8, seed=1), 4.0, 1.5),
    ),
    keeps=True,
    mistakes=(
        *(_bugs(*mended) for mended in itertools.product((False, True), repeat=3) if not all(mended)),
        Mistake(_shown(charge=lambda v, i, tau: v + (i - v) / tau), "输入不除以 tau。", "Do not divide the input."),
        Mistake(_shown(charge=lambda v, i, tau: (v + i) * (1 - 1 / tau)), "先漏电，再加输入。", "Leak, then add."),
        Mistake(_shown(charge=lambda v, i, tau: v / tau + i), "v / tau 是漏掉的。", "v / tau leaks away."),
        Mistake(_shown(exceeds=True), "等于阈值也发放：>= 没有错。", "Equal fires too: >= was right."),
        Mistake(_shown(lead=lambda v, theta: v), "比较的是 v[j] - theta[j]。", "Compare v[j] - theta[j]."),
        Mistake(_clears_always, "没有胜者时，膜电位留到下一步。", "Without a winner the potentials stay."),
        Mistake(_everybody_counts, "一步里只能有一个胜者。", "Only one neuron may win a step."),
        Mistake(lambda *a: (show_sample(*a) > 0).float(), "要数脉冲：+= 1。", "Count the spikes: += 1."),
        Mistake(lambda w, h, s, *a: show_sample(w, h, s, *a) / len(s), "要个数，不要率。", "Counts, not rates."),
        Mistake(_shown(raised=0.2), "网络已经学好：theta 不再升高。", "The network has learnt: theta stays."),
        Mistake(_shown(steps=slice(1)), "只走了一步：return 在循环里。", "One step only: return is in the loop."),
        Mistake(_shown(steps=slice(1, None)), "漏掉了第一步。", "The first step is left out."),
        Mistake(_shown(choose=last), "打平时编号最小的赢。", "In a tie the smallest number wins."),
    ),
    hints=(
        (
            "三行各有一个错：积分、选胜者、胜者发放之后。",
            "Three lines have one bug each: the integration, the choice of the winner, and what its spike does.",
        ),
        (
            "漏电：v - v / tau；胜者：v - theta 的 argmax。",
            "The leak is v - v / tau; the winner is the argmax of v - theta.",
        ),
        (
            "胜者发放之后，所有神经元都回到 0：v = torch.zeros(len(w))。",
            "After the winner's spike all neurons go back to 0: v = torch.zeros(len(w)).",
        ),
    ),
)
