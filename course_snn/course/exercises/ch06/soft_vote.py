"""Exercise 06.soft_vote."""

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch06.label_neurons import label_neurons
from course_snn.course.exercises.ch06.shared import MANY, TRAIN, mean_response, numbers, tensor_of


def soft_vote(train_counts, train_labels, test_counts):
    members = F.one_hot(train_labels, 10).float()
    response = train_counts.t() @ members / members.sum(0).clamp(min=1)
    share = response / response.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).argmax(1)


def _vote(
    response=mean_response,
    share=lambda r: r / r.sum(1, keepdim=True).clamp(min=1e-9),
    cast=lambda counts: counts,
    pick=lambda votes: votes.argmax(1),
):
    """``soft_vote`` with one thing done wrong."""
    return lambda train, labels, test: pick(cast(test) @ share(response(train, labels)))


def _long(response):
    return response / response.norm(dim=1, keepdim=True).clamp(min=1e-9)


def _one_name(train_counts, train_labels, test_counts):
    names = F.one_hot(label_neurons(train_counts, train_labels), 10).float()
    return (test_counts @ names / names.sum(0).clamp(min=1)).argmax(1)


_TEST = numbers(40, 12, seed=2, most=5)
_FEW = tensor_of([1, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1], [0, 4, 0, 0], [0, 0, 2, 1]).float()
_ASKED = tensor_of([2, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [1, 1, 0, 0], [0, 1, 3, 0], [0, 3, 0, 4]).float()


def _vary(rng):
    """One case has a silent neuron, one classes without samples; no vote is level but for the picture without any.

    Rows divided by their lengths instead of their sums give other votes.
    """

    def case(classes, strengths):
        labels = torch.tensor([*classes, *(drawn.one_of(rng, *classes) for _ in range(30))])
        train = drawn.grid(rng, (len(labels), 12), 0, 3, 1) * drawn.spikes(rng, len(labels), 12) * strengths
        test = drawn.grid(rng, (40, 12), 0, 3, 1) * drawn.spikes(rng, 40, 12, share=0.25)
        test[5] = 0
        return train, labels, test

    def clear(case):
        votes = _vote(pick=lambda votes: votes)(*case)
        return drawn.apart(votes[votes.sum(1) > 0]) and not torch.equal(votes.argmax(1), _vote(share=_long)(*case))

    uneven = torch.tensor([1.0, 2.0, 1.0, 3.0, 1.0, 1.0, 4.0, 1.0, 1.0, 2.0, 1.0, 1.0])
    silent = uneven * (torch.arange(12) != drawn.whole(rng, 0, 11))
    few = [*drawn.some(rng, 5, range(9)), 9]
    return drawn.until(lambda: case(range(10), silent), clear), drawn.until(lambda: case(few, uneven), clear)


EXERCISE = Exercise(
    id="06.soft_vote",
    solution=soft_vote,
    vary=_vary,
    cases=((_FEW, tensor_of(1, 1, 1, 1, 4, 9), _ASKED), (TRAIN, MANY, _TEST)),
    mistakes=(
        Mistake(
            _one_name,
            "每个神经元还是只投给一个类别：让它按平均响应的比例，投给所有类别。",
            "Each neuron still votes for one class only: let it vote for all, in proportion to its mean responses.",
        ),
        Mistake(
            _vote(share=lambda r: F.one_hot(r.argmax(1), 10) * (r.sum(1, keepdim=True) > 0).float()),
            "每个神经元把整票投给了一个类别：让它按平均响应的比例，投给所有类别。",
            "Each neuron casts its whole vote for one class: let it vote for all, in proportion to its means.",
        ),
        Mistake(
            _vote(response=lambda counts, labels: counts.t() @ F.one_hot(labels, 10).float()),
            "平均之前忘了除以各类别的样本数：样本多的类别得票太多。",
            "The responses are sums, not means: classes with many samples get too many votes.",
        ),
        Mistake(_vote(share=lambda r: r), "每行要除以它的和。", "Divide each row by its sum."),
        Mistake(
            _vote(share=lambda r: r / r.sum(1, keepdim=True)),
            "从不响应的神经元那一行成了 0/0 = nan，毁了所有的票：让它的比例都是 0。",
            "The row of a neuron that never responds becomes 0/0 = nan and spoils all votes: let its shares be 0.",
        ),
        Mistake(
            _vote(response=lambda c, y: torch.stack([c[y == k].mean(0) for k in range(10)], 1)),
            "没有样本的类别，平均成了 nan：把它算作 0。",
            "The mean of a class without samples becomes nan: count it as 0.",
        ),
        Mistake(_vote(share=lambda r: r / r.sum(0).clamp(min=1e-9)), "每行的和为 1。", "Each row sums to 1."),
        Mistake(
            _vote(share=lambda r: r / r.amax(1, keepdim=True).clamp(min=1e-9)),
            "每行要除以它的和，不是它的最大值。",
            "Divide each row by its sum, not by its largest value.",
        ),
        Mistake(_vote(share=lambda r: r / (r.sum(1, keepdim=True) + 1)), "不要给和加 1。", "Add no 1 to the sums."),
        Mistake(_vote(share=lambda r: r.softmax(1)), "除以和，不用 softmax。", "Divide by the sum: no softmax."),
        Mistake(_vote(cast=lambda c: (c > 0).float()), "发放几次就投几票。", "A vote for every spike."),
        Mistake(
            _vote(response=lambda c, y: mean_response(c, y) * (torch.arange(10) < 9)),
            "漏掉了类别 9：一共 10 类，0 到 9。",
            "Class 9 is left out: there are 10 classes, 0 to 9.",
        ),
        Mistake(lambda train, y, test: soft_vote(train, y, train), "票数用 test_counts。", "Cast test_counts."),
        Mistake(_vote(pick=lambda votes: votes), "要类别：argmax(1)。", "Return the classes: use argmax(1)."),
        Mistake(_vote(pick=lambda votes: votes.argmax(0)), "argmax 要沿着类别。", "argmax runs over the classes."),
        Mistake(_vote(pick=lambda v: 9 - v.flip(1).argmax(1)), "平手取较小的类别。", "The smaller class wins."),
        Mistake(
            _vote(pick=lambda votes: torch.where(votes.sum(1) > 0, votes.argmax(1), -1)),
            "没有票的图，各类别打平，都是 0：答案是最小的类别 0，不是 -1。",
            "For a picture without votes all classes tie at 0: the answer is the smallest class, 0, not -1.",
        ),
    ),
    hints=(
        (
            "先求平均响应表 [out, 10]，和 label_neurons 一样。",
            "Begin with the table of mean responses [out, 10], as in label_neurons.",
        ),
        (
            "每行除以该行的和，就是这个神经元在各类别上的比例（除数至少取 1e-9）。",
            "Each row divided by its sum holds the neuron's shares of the classes (divide by at least 1e-9).",
        ),
        (
            "test_counts @ share 是每个样本的得票 [M, 10]，再 argmax(1)。",
            "test_counts @ share are the votes of each sample [M, 10]; then argmax(1).",
        ),
    ),
)
