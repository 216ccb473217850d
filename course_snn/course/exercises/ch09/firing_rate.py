"""Exercise 09.firing_rate."""

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch09.shared import spread


def firing_rate(spikes):
    return spikes.mean(0)


_SPIKES = (spread(6, 4, 10) > 0).float()


def _vary(rng):
    T = drawn.whole(rng, 3, 8)
    return (drawn.spikes(rng, T, 4, 10),), (drawn.spikes(rng, 2, 3, 10),), (drawn.spikes(rng, T, 1, 10),)


EXERCISE = Exercise(
    id="09.firing_rate",
    solution=firing_rate,
    vary=_vary,
    keeps=True,
    cases=((_SPIKES,), (_SPIKES[:2],), (_SPIKES[:, :1],)),
    mistakes=(
        Mistake(
            lambda spikes: spikes.sum(0),
            "这是脉冲个数；发放率还要除以时间步数 T。",
            "That is the number of spikes; for a rate divide by the number of time steps T.",
        ),
        Mistake(
            lambda spikes: spikes.mean(1),
            "你对样本求了平均；时间在第 0 维。",
            "You averaged over the samples; time is dimension 0.",
        ),
        Mistake(
            lambda spikes: spikes.mean(-1),
            "你对神经元求了平均；时间在第 0 维。",
            "You averaged over the neurons; time is dimension 0.",
        ),
        Mistake(
            lambda spikes: spikes.mean((0, 1)),
            "你对时间和样本都求了平均：样本要分开，返回 [N, 10]。",
            "You averaged over time and samples: keep the samples apart, return [N, 10].",
        ),
        Mistake(
            lambda spikes: spikes.mean(),
            "只剩下一个数了：只对时间求平均，样本和神经元各自保留。",
            "Only one number is left: average over time only, and keep samples and neurons apart.",
        ),
        Mistake(
            lambda spikes: spikes[-1],
            "这是最后一步的脉冲；要对所有的步求平均。",
            "Those are the spikes of the last step; average over all steps.",
        ),
        Mistake(
            lambda spikes: spikes[1:].mean(0),
            "漏掉了第一步：所有 T 步都要算。",
            "The first step is left out: all T steps count.",
        ),
        Mistake(
            lambda spikes: spikes.sum(0) / (len(spikes) - 1),
            "除数少了 1：除以步数 T，不是 T-1。",
            "The divisor is too small by 1: divide by the number of steps T, not by T-1.",
        ),
        Mistake(
            lambda spikes: spikes.sum(0) // len(spikes),
            "// 舍去了小数：用 / 相除。",
            "The decimals are lost by //: divide by /.",
        ),
        Mistake(
            lambda spikes: spikes.amax(0),
            "这是“有没有发放过”；发放率要看发放了几次。",
            "That says whether it fired at all; a rate tells how often.",
        ),
        Mistake(
            lambda spikes: spikes.mean(0).argmax(1),
            "这已经是判断了；这里只要发放率，[N, 10]。",
            "That is the decision already; only the rates are wanted here, [N, 10].",
        ),
    ),
    hints=(
        ("发放率 = 脉冲个数 / 时间步数。", "Firing rate = number of spikes / number of time steps."),
        ("时间是第 0 维：[T, N, 10]。", "Time is dimension 0: [T, N, 10]."),
        ("对第 0 维求平均：spikes.mean(0)。", "Average over dimension 0: spikes.mean(0)."),
    ),
)
