"""Exercise 00.count_spikes."""

from itertools import takewhile

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def count_spikes(train):
    return sum(train)


def _last_step(train):
    for s in train:
        n = s
    return n


def _kept():
    """``count_spikes`` that goes on where the last train ended, from the first of the visible cases on."""
    seen: list[int] = []

    def wrong(train):
        if train == _TRAINS[0]:
            seen.clear()
        seen.extend(train)
        return sum(seen)

    return wrong


_TRAINS = ([0, 1, 0, 0, 1, 1], [1], [0, 0, 0], [1, 1, 0, 1, 1, 1, 1, 0], [])


def _vary(rng):
    trains = [drawn.bits(rng, drawn.whole(rng, 7, 10)) for _ in range(3)]
    alike = [[s] * drawn.whole(rng, 2, 6) for s in (0, 1)]
    return tuple((train,) for train in (*trains, *alike))


EXERCISE = Exercise(
    id="00.count_spikes",
    solution=count_spikes,
    vary=_vary,
    cases=tuple((train,) for train in _TRAINS),
    keeps=True,
    mistakes=(
        Mistake(
            lambda train: len(train),
            "你数的是时间步。只有等于 1 的那些步才有脉冲。",
            "You count the time steps. Only those that are 1 hold a spike.",
        ),
        Mistake(
            lambda train: len(train) - sum(train),
            "你数的是没有脉冲的步。",
            "You count the steps without a spike.",
        ),
        Mistake(
            lambda train: sum(train[1:]),
            "第一步被漏掉了：Python 从 0 开始数。",
            "The first step is left out: Python counts from 0.",
        ),
        Mistake(
            lambda train: sum(train[:-1]),
            "最后一步被漏掉了：range(n) 本来就停在 n - 1，不要再减 1。",
            "The last step is left out: range(n) already stops at n - 1, do not subtract another 1.",
        ),
        Mistake(
            lambda train: next(iter(train), None),
            "只数了第一步：return 写在循环里面，第一步就返回了。把它移到循环之后。",
            "Only the first step counts: the return inside the loop ends it at once. Move it below the loop.",
        ),
        Mistake(
            _last_step,
            "只数了最后一步：计数在循环里面被重新设为 0。在循环之前设一次就够了。",
            "Only the last step counts: the counter is set to 0 inside the loop. Set it once, before the loop.",
        ),
        Mistake(
            lambda train: any(train),
            "结果只说有没有脉冲。每遇到一个脉冲都要加 1：n += 1，不是 n = +1。",
            "That says only whether there is a spike. Each spike adds 1: n += 1, not n = +1.",
        ),
        Mistake(
            lambda train: 0,
            '结果总是 0：加出来的和要存下来（n += s），比较时要用数字 1，不是文字 "1"。',
            'The result is always 0: store each sum (n += s), and compare with the number 1, not with the text "1".',
        ),
        Mistake(
            lambda train: sum(train) / len(train),
            "这是平均每步有几个脉冲，还会被 0 除。要的是个数，不用除以步数。",
            "That is the number in each step on average. The number itself is wanted: do not divide by the steps.",
        ),
        Mistake(
            lambda train: [k for k, s in enumerate(train) if s],
            "你列出了脉冲在哪几步。要的是一个数：一共有几个。",
            "You list the steps of the spikes. One number is wanted: how many there are.",
        ),
        Mistake(
            lambda train: train.index(1),
            "这是第一个脉冲所在的步。要的是脉冲一共有几个。",
            "That is the step of the first spike. How many spikes are there in all?",
        ),
        Mistake(
            lambda train: sum(k for k, s in enumerate(train) if s),
            "你把步的编号加起来了。每个脉冲只加 1。",
            "You add up the numbers of the steps. Each spike adds 1 only.",
        ),
        Mistake(
            lambda train: sum(1 for _ in takewhile(bool, train)),
            "遇到没有脉冲的一步就停了：后面还可能有脉冲，要看完整个列表。",
            "You stop at the first step without a spike. There may be more later: look at the whole list.",
        ),
        Mistake(
            lambda train: sum(b > a for a, b in zip([0, *train], train, strict=False)),
            "连着的脉冲被当成了一个。每个等于 1 的步都是一个脉冲。",
            "Spikes in a row are taken for one. Every step that is 1 is a spike of its own.",
        ),
        Mistake(
            lambda train: len(set(train)),
            "你数的是列表里有几种不同的值。",
            "You count how many different values the list holds.",
        ),
        Mistake(
            lambda train: int(len(train) > 1),
            "判断的是步的编号 k。要看的是这一步的值 train[k]。",
            "You look at the number of the step, k. Look at what stands there, train[k].",
        ),
        Mistake(
            _kept(),
            "上一次的计数留了下来。在函数里面从 0 数起；默认参数里的列表、全局变量都会留到下一次。",
            "The count of the last call is still there. Start from 0 inside the function: a list as a default "
            "value, or a global one, lives on.",
        ),
    ),
    hints=(
        (
            "脉冲序列是一列 0 和 1，1 表示这一步有脉冲。",
            "A spike train is a list of 0 and 1; 1 says that this step holds a spike.",
        ),
        ("把它们全部加起来会得到什么？", "What do you get if you add them all up?"),
        ("Python 有现成的函数：sum(train)。", "Python has a function for that: sum(train)."),
    ),
)
