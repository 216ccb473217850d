"""The warm-up exercise of chapter 00: it shows how exercises work."""

from course_snn.course.exercise import Exercise, Mistake


def count_spikes(train):
    return sum(train)


EXERCISES = (
    Exercise(
        id="00.count_spikes",
        solution=count_spikes,
        cases=(([0, 1, 0, 0, 1, 1],), ([0, 0, 0],), ([1],), ([1, 1, 1, 1],)),
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
        ),
        hints=(
            (
                "脉冲序列是一列 0 和 1，1 表示这一步有脉冲。",
                "A spike train is a list of 0 and 1; 1 says that this step holds a spike.",
            ),
            ("把它们全部加起来会得到什么？", "What do you get if you add them all up?"),
            ("Python 有现成的函数：sum(train)。", "Python has a function for that: sum(train)."),
        ),
    ),
)
