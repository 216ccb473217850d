"""Exercise 11.synops."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def synops(spikes, fan_out):
    return spikes.sum() / spikes.shape[1] * fan_out


_TRAINS = (torch.rand(4, 5, 3, 6, 6, generator=torch.Generator().manual_seed(5)) < 0.2).float()


def _vary(rng):
    few, fan_out = drawn.whole(rng, 2, 5), drawn.one_of(rng, 12, 20, 64, 100)
    return (
        (torch.ones(few, 1, 3), fan_out),
        (drawn.spikes(rng, 3, 4, drawn.whole(rng, 3, 7)), drawn.whole(rng, 5, 9)),
        (drawn.spikes(rng, 4, 3, 2, 4, 4, share=0.2), fan_out),
        (torch.zeros(3, 2, few), fan_out),
    )


EXERCISE = Exercise(
    id="11.synops",
    solution=synops,
    vary=_vary,
    cases=(
        (torch.ones(2, 1, 3), 10),
        (torch.ones(4, 2, 7), 128),
        (torch.eye(6).reshape(3, 4, 3), 5),
        (torch.zeros(3, 2, 4), 5),
        (_TRAINS, 144),
    ),
    mistakes=(
        Mistake(
            lambda s, fan_out: s.sum() * fan_out,
            "这是整批的总数：除以图片张数 N，才是每张图的。",
            "That is the total of the batch: divide by the number of pictures N.",
        ),
        Mistake(
            lambda s, fan_out: s.sum() / len(s) * fan_out,
            "除的是步数 T（第 0 维，也就是 len）：要除以图片张数 N，在第 1 维。",
            "You divide by the number of steps T (dimension 0, which is len): divide by that of pictures, dimension 1.",
        ),
        Mistake(
            lambda s, fan_out: s.sum() / len(s) / s.shape[1] * fan_out,
            "你对时间求了平均：每一步的脉冲都要付出代价，时间要求和。",
            "You averaged over time: the spikes of every step have to be paid for, so sum over time.",
        ),
        Mistake(
            lambda s, fan_out: s[:, 0].numel() * fan_out,
            "你把沉默的神经元也算上了：只有脉冲才引起操作。",
            "You counted the silent neurons too: only spikes cause operations.",
        ),
        Mistake(
            lambda s, fan_out: s.mean() * fan_out,
            "这是一个神经元一步的平均：每张图的脉冲要对时间和神经元求和。",
            "That is the mean of one neuron in one step: sum a picture's spikes over time and neurons.",
        ),
        Mistake(
            lambda s, fan_out: s.sum() / s[0].numel() * fan_out,
            "这是每个神经元的平均：每张图的脉冲要对神经元求和，只除以 N。",
            "That is the mean of one neuron: sum a picture's spikes over its neurons, and divide by N only.",
        ),
        Mistake(
            lambda s, fan_out: s.sum() / s.shape[1],
            "这是每张图的脉冲数；每个脉冲引起 fan_out 次操作，还要乘上它。",
            "That is the number of spikes of a picture; each causes fan_out operations, so multiply by it.",
        ),
        Mistake(
            lambda s, fan_out: s.sum() / s.shape[1] / fan_out,
            "扇出要乘，不是除：一个脉冲引起 fan_out 次操作。",
            "Multiply by the fan-out, do not divide: one spike causes fan_out operations.",
        ),
        Mistake(
            lambda s, fan_out: s.amax(0).sum() / s.shape[1] * fan_out,
            "一个神经元发放几次就算几次，不是只算一次。",
            "A neuron counts as often as it fires, not just once.",
        ),
        Mistake(
            lambda s, fan_out: s.sum() // s.shape[1] * fan_out,
            "每张图的平均不必是整数：用 /，不用 //。",
            "The mean of the pictures need not be whole: use /, not //.",
        ),
        Mistake(
            lambda s, fan_out: s[-1].sum() / s.shape[1] * fan_out,
            "你只数了最后一步：所有的步都要算。",
            "You count only the last step: all steps are to be counted.",
        ),
        Mistake(
            lambda s, fan_out: s.flatten(1).sum(1) / s.shape[1] * fan_out,
            "这是每一步的次数；还要把各步加起来，得到一个数。",
            "Those are the operations of each step; add the steps up, to one number.",
        ),
        Mistake(
            lambda s, fan_out: s.transpose(0, 1).flatten(1).sum(1) * fan_out,
            "这是每张图各自的次数；要它们的平均，一个数。",
            "Those are the operations of each picture; wanted is their mean, one number.",
        ),
        Mistake(
            lambda s, fan_out: s[:, 0].sum() * fan_out,
            "你只数了第一张图；要 N 张图的平均。",
            "You count only the first picture; wanted is the mean of all N.",
        ),
        Mistake(
            lambda s, fan_out: s.transpose(0, 1).flatten(1).sum(1).amax() * fan_out,
            "这是最大的一张图；要 N 张图的平均。",
            "That is the largest picture; wanted is the mean of all N.",
        ),
        Mistake(
            lambda s, fan_out: s.sum() / 100 * fan_out,
            "图片不总是 100 张：用 spikes.shape[1]。",
            "There are not always 100 pictures: use spikes.shape[1].",
        ),
    ),
    hints=(
        ("每个脉冲引起 fan_out 次累加。", "Each spike causes fan_out accumulations."),
        ("spikes.sum() 是整批、所有步的脉冲总数。", "spikes.sum() counts the spikes of all pictures and steps."),
        (
            "图片张数在第 1 维：spikes.sum() / spikes.shape[1] * fan_out。",
            "The number of pictures is dimension 1: spikes.sum() / spikes.shape[1] * fan_out.",
        ),
    ),
)
