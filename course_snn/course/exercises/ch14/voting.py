"""Exercise 14.voting."""

import torch
import torch.nn.functional as F

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def voting(spikes, classes):
    return spikes.reshape(len(spikes), classes, -1).mean(2)


def _votes(spikes, classes):
    return spikes.reshape(len(spikes), classes, -1)


_SPIKES = torch.tensor([[1.0, 1, 0, 0, 0, 1], [0, 0, 1, 1, 1, 1]])


def _vary(rng):
    def case(count, classes, k):
        return drawn.spikes(rng, count, classes * k, share=0.5), classes

    return case(2, 3, 2), case(2, 2, 3), case(3, 11, 10), case(drawn.whole(rng, 2, 4), 4, 5)


EXERCISE = Exercise(
    id="14.voting",
    solution=voting,
    vary=_vary,
    cases=(
        (_SPIKES, 3),
        (_SPIKES, 2),
        ((torch.arange(110.0).remainder(7) < 3).float().repeat(4, 1), 11),
        ((torch.arange(60.0).remainder(5) < 2).float().reshape(3, 20), 4),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            lambda spikes, classes: spikes.reshape(len(spikes), -1, classes).mean(1),
            "分组错了：第一类是最前面连着的几个神经元，不是每隔几个取一个。",
            "The groups are wrong: the first class owns the first few neurons in a row, not every so manyth.",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes).sum(2),
            "这是票数；要的是平均：每一票占 1/k。",
            "That is the number of votes; take the mean, so that each vote is worth 1/k.",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes).amax(2),
            "最大值只问有没有人投票；投票要看有多少人。",
            "The maximum asks whether anybody voted; what counts is how many.",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes).mean(2).argmax(1),
            "先不要选出冠军：返回每一类的平均票数，[N, classes]。",
            "Do not name the winner yet: return the mean votes of each class, [N, classes].",
        ),
        Mistake(
            lambda spikes, classes: F.avg_pool1d(spikes, 10),
            "每类的神经元数不一定是 10，类数也不一定是 11：k = 神经元数 / classes。",
            "A class does not always have 10 neurons, nor are there always 11 classes: k = neurons / classes.",
        ),
        Mistake(
            lambda spikes, classes: spikes.reshape(len(spikes), 11, -1).mean(2),
            "类数不一定是 11：用参数 classes。",
            "There are not always 11 classes: use the argument classes.",
        ),
        Mistake(
            lambda spikes, classes: F.avg_pool1d(spikes, classes),
            "每组应有 k = 神经元数 / classes 个，不是 classes 个。",
            "A group has k = neurons / classes neurons, not classes.",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes).mean(1),
            "对类求了平均：要对每一类的 k 个神经元求平均，也就是最后一维。",
            "That is the mean over the classes: take it over the k neurons of each class, the last dimension.",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes).sum(2) / classes,
            "除错了数：每类有 k 个神经元，除以 k，不是除以 classes。",
            "The wrong divisor: a class has k neurons; divide by k, not by classes.",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes).sum(2) / spikes.sum(1, keepdim=True),
            "这是占全部票数的比例；要除以每类的神经元数 k。",
            "That is the share of all votes; divide by the number of neurons of a class, k.",
        ),
        Mistake(
            lambda spikes, classes: (_votes(spikes, classes).mean(2) > 0.5).float(),
            "这是多数表决，只剩“是”或“不是”；要的是平均票数本身。",
            "That is a majority, yes or no; wanted is the mean number of votes itself.",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes).mean(2).mean(0),
            "把不同的样本也平均掉了：每个样本一行，[N, classes]。",
            "The samples are averaged away as well: a row for each, [N, classes].",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes)[:, :, 0],
            "只看了每类的第一个神经元：k 个都要算。",
            "Only the first neuron of each class votes: count all k.",
        ),
        Mistake(
            lambda spikes, classes: _votes(spikes, classes)[:, :, :-1].sum(2) / _votes(spikes, classes).shape[2],
            "每类漏了最后一个神经元：切片到 (c + 1) * k 为止，不减 1。",
            "The last neuron of each class is left out: the slice ends at (c + 1) * k, without - 1.",
        ),
        Mistake(
            lambda spikes, classes: spikes.reshape(classes, len(spikes), -1).mean(2).t(),
            "样本和类混在一起了：第 0 维是样本，要先留住它，reshape(N, classes, -1)。",
            "Samples and classes are mixed: dimension 0 holds the samples and stays, reshape(N, classes, -1).",
        ),
    ),
    hints=(
        ("每类有 k = 神经元数 / classes 个神经元。", "Each class has k = neurons / classes neurons."),
        (
            "spikes.reshape(N, classes, -1) 把连着的 k 个分到一组。",
            "spikes.reshape(N, classes, -1) puts k neighbours into a group.",
        ),
        ("再对最后一维求平均：.mean(2)。", "Then the mean over the last dimension: .mean(2)."),
    ),
)
