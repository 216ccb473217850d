"""Exercise 02.latency_times."""

import torch

from course_snn.course.exercise import CONTAINER, Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch02.shared import QUARTERS, stable


def latency_times(x, T):
    return ((T - 1) * (1 - x)).round().long()


def _vary(rng):
    quarters, sixteenths = drawn.shuffled(rng, QUARTERS.tolist()), drawn.some(rng, 8, range(17))
    return (
        (torch.tensor(quarters), drawn.one_of(rng, 7, 11, 15)),
        (torch.tensor(sixteenths) / 16, drawn.whole(rng, 18, 26)),
        (drawn.grid(rng, (2, 3), 0.0, 1.0, 0.125), drawn.whole(rng, 6, 13)),
        (torch.tensor([0.25, 0.5, 0.75]), 1 + 128 * drawn.whole(rng, 3, 7)),
        (torch.tensor(drawn.one_of(rng, 0.25, 0.75)), drawn.one_of(rng, 5, 9)),
        (torch.tensor([drawn.one_of(rng, 0.0, 0.5), 1.0]), 1),
    )


EXERCISE = Exercise(
    id="02.latency_times",
    solution=latency_times,
    vary=_vary,
    cases=(
        (QUARTERS, 6),
        (torch.arange(17) / 16, 20),
        (torch.tensor([[0.0, 0.25, 0.5], [0.125, 0.75, 0.375]]), 9),
        (torch.tensor([0.25, 0.5, 0.75]), 513),
        (torch.tensor(0.25), 5),
        (torch.tensor([0.0, 1.0]), 1),
    ),
    exact=(CONTAINER,),
    keeps=True,
    mistakes=(
        Mistake(
            lambda x, T: ((T - 1) * x).round(),
            "方向反了：刺激越强，脉冲越早。",
            "The wrong way round: the stronger the stimulus, the earlier the spike.",
        ),
        Mistake(
            lambda x, T: (T * (1 - x)).round(),
            "差了一步：共 T 步，从 0 数起，最后一步是 T - 1。",
            "Off by one: there are T steps counted from 0, so the last one is T - 1.",
        ),
        Mistake(
            lambda x, T: (T - 1) * (1 - x),
            "时间步是整数：还要四舍五入。",
            "Time steps are whole numbers: round the result.",
        ),
        Mistake(
            lambda x, T: ((T - 1) * (1 - x)).round(decimals=1),
            "要取整到整数，不是保留一位小数。",
            "Round to whole numbers, not to one digit after the point.",
        ),
        Mistake(
            lambda x, T: ((T - 1) * (1 - x)).long(),
            "小数被直接截掉了，long() 和 floor() 都这样。先 round()，再转成整数。",
            "The fraction is cut off, as long() and floor() do. First round(), then turn into whole numbers.",
        ),
        Mistake(
            lambda x, T: ((T - 1) * (1 - x)).ceil(),
            "ceil 总是进位。取最近的整数：用 torch.round。",
            "ceil always goes up. Take the nearest whole number: torch.round.",
        ),
        Mistake(
            lambda x, T: ((T - 1) * (1 - x) + 0.5).floor(),
            "恰好一半时要取偶数，而不是一律进位：用 torch.round。",
            "Halves go to the even neighbour, not always up: use torch.round.",
        ),
        Mistake(
            lambda x, T: (T - 1) - ((T - 1) * x).round(),
            "先取整再相减，一半就取到了另一边：先算出 (T - 1) * (1 - x)，最后取整。",
            "Rounded before subtracting, halves go the other way: work out (T - 1) * (1 - x), and round at the end.",
        ),
        Mistake(
            lambda x, T: (T - 1) * (1 - x).round(),
            "取整太早了：先乘以 T - 1，再取整，否则只剩下最早和最晚两种时间。",
            "Rounded too soon: multiply by T - 1 first, or else only the first and the last step remain.",
        ),
        Mistake(
            lambda x, T: (T - 1 * (1 - x)).round(),
            "少了括号：T - 1 * (…) 先乘后减。写成 (T - 1) * (1 - x)。",
            "Brackets are missing: T - 1 * (…) multiplies first. Write (T - 1) * (1 - x).",
        ),
        Mistake(
            lambda x, T: ((T - 1) * (1 - x / x.max())).round(),
            "x 已经在 [0, 1] 里：不要再除以最大值。",
            "x lies in [0, 1] already: do not divide it by the largest.",
        ),
        Mistake(
            lambda x, T: latency_times(x, 100),
            "步数是参数 T，不一定是 100。",
            "The number of steps is the argument T; it need not be 100.",
        ),
        Mistake(
            lambda x, T: latency_times(x, T).where(x > 0, -1),
            "x = 0 也要发放，在最后一步 T - 1。",
            "x = 0 fires as well, in the last step T - 1.",
        ),
        Mistake(
            lambda x, T: torch.arange(T).reshape(-1, *[1] * x.dim()) == latency_times(x, T),
            "这是整个脉冲序列。要的只是每个脉冲的时间步，形状与 x 相同。",
            "That is the whole spike train. Only the time steps are wanted, of the same shape as x.",
        ),
        Mistake(
            lambda x, T: latency_times(x.flatten(), T),
            "形状丢了：不要压平，结果的形状与 x 相同。",
            "The shape is lost: do not flatten; the result has the shape of x.",
        ),
        Mistake(
            lambda x, T: latency_times(x, T).tolist(),
            "要返回张量，不是列表。",
            "Return a tensor, not a list.",
        ),
        Mistake(
            lambda x, T: torch.tensor([round((T - 1) * (1 - float(v))) for v in x]),
            "这只对一维的 x 行得通：不用循环，张量的运算本来就是逐元素的。",
            "That works for an x of one dimension only: leave out the loop, tensors calculate element by element.",
        ),
        Mistake(
            lambda x, T: latency_times(x, T).to(torch.uint8),
            "8 位整数最大到 255，步数可以更多：用 long() 或保留浮点数。",
            "Integers of 8 bits end at 255, and there may be more steps: use long(), or stay with floats.",
        ),
        Mistake(
            lambda x, T: stable(x, T).round(),
            "这是对数延迟。这一题是线性的：(T - 1) * (1 - x)。",
            "That is the logarithmic code. Here it is linear: (T - 1) * (1 - x).",
        ),
    ),
    hints=(
        (
            "x = 1 对应第 0 步，x = 0 对应第 T - 1 步，中间是一条直线。",
            "x = 1 belongs to step 0, x = 0 to step T - 1, with a straight line in between.",
        ),
        ("这条直线是 (T - 1) * (1 - x)。", "The line is (T - 1) * (1 - x)."),
        (
            "最后用 torch.round 取整：它恰好把一半取到偶数。",
            "Round at the end with torch.round, which takes halves to the even neighbour.",
        ),
    ),
)
