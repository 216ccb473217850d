"""Exercise 02.centres."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def centres(x_min, x_max, m):
    spacing = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * spacing for j in range(1, m + 1)]


def _centres(first=-0.5, spacing=lambda x_min, x_max, m: (x_max - x_min) / (m - 2), count=lambda m: m):
    """``centres`` with one thing done wrong; ``first`` is the first centre, in spacings from x_min."""

    def wrong(x_min, x_max, m):
        d = spacing(x_min, x_max, m)
        return [x_min + (first + k) * d for k in range(count(m))]

    return wrong


def _vary(rng):
    low = drawn.number(rng, 0.5, 3.0, 0.5)
    return (
        (0.0, drawn.number(rng, 1.0, 3.0, 0.5), drawn.one_of(rng, 5, 7, 8)),
        (-drawn.number(rng, 5.0, 20.0, 5.0), drawn.number(rng, 10.0, 40.0, 5.0), drawn.one_of(rng, 7, 9, 10)),
        (low, low + 1.0, 3),
        (low, low + drawn.number(rng, 0.75, 1.75, 0.5), 5),
    )


EXERCISE = Exercise(
    id="02.centres",
    solution=centres,
    vary=_vary,
    cases=((0.0, 1.0, 6), (-10.0, 30.0, 8), (2.0, 3.0, 3), (0.5, 2.25, 5)),
    tolerance=1e-5,
    mistakes=(
        Mistake(
            _centres(first=-1.5),
            "j 从 1 数到 m，不是从 0 数起：你的所有中心都向左偏了一格。",
            "j runs from 1 to m, not from 0: all your centres are one spacing too far left.",
        ),
        Mistake(
            lambda x_min, x_max, m: torch.linspace(x_min, x_max, m),
            "两端的中心应当各自超出数据范围半格，而不是落在端点上。",
            "The outermost centres lie half a spacing outside the range, not on its ends.",
        ),
        Mistake(
            _centres(first=0),
            "第一个中心在 x_min 左边半格，不在 x_min 上。",
            "The first centre lies half a spacing left of x_min, not on it.",
        ),
        Mistake(
            _centres(first=0.5),
            "第一个中心在 x_min 左边半格，不在右边：是 2j - 3，不是 2j - 1。",
            "The first centre lies half a spacing left of x_min, not right of it: 2j - 3, not 2j - 1.",
        ),
        Mistake(
            _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / (m - 1)),
            "间距的分母是 m - 2：数据范围里恰好容得下 m - 2 格。",
            "The spacing is divided by m - 2: that many spacings fit into the range.",
        ),
        Mistake(
            _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / m),
            "间距的分母是 m - 2，不是 m：数据范围里恰好容得下 m - 2 格。",
            "The spacing is divided by m - 2, not m: that many spacings fit into the range.",
        ),
        Mistake(
            _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / m - 2),
            "少了括号：/ m - 2 先除后减。写成 / (m - 2)。",
            "Brackets are missing: / m - 2 divides first. Write / (m - 2).",
        ),
        Mistake(
            _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) // (m - 2)),
            "间距不一定是整数：用 /，不用 //。",
            "The spacing need not be a whole number: use /, not //.",
        ),
        Mistake(
            _centres(first=-1),
            "(2j - 3) / 2 不是整数：用 /，不用 //。",
            "(2j - 3) / 2 is not a whole number: use /, not //.",
        ),
        Mistake(
            _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / (m - 2) / 1.5),
            "相邻的中心相距 d。d / 1.5 是曲线的宽度 σ，这里用不着。",
            "Neighbouring centres are d apart. d / 1.5 is the width σ of the curves, which is not needed here.",
        ),
        Mistake(
            _centres(spacing=lambda x_min, x_max, m: x_max / (m - 2)),
            "间距要用整个范围 x_max - x_min，不是 x_max。",
            "The spacing takes the whole range, x_max - x_min, not x_max.",
        ),
        Mistake(
            lambda x_min, x_max, m: [mu - x_min for mu in centres(x_min, x_max, m)],
            "忘了从 x_min 出发。",
            "The starting point x_min is missing.",
        ),
        Mistake(
            lambda x_min, x_max, m: [x_min + (2 * j - 3) * (x_max - x_min) / (m - 2) for j in range(1, m + 1)],
            "忘了除以 2：相邻的中心隔得太远了。",
            "Not yet divided by 2: the centres lie too far apart.",
        ),
        Mistake(
            _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / 4, count=lambda m: 6),
            "个数是参数 m，不总是 6。",
            "The number is the argument m, not always 6.",
        ),
        Mistake(
            lambda x_min, x_max, m: centres(x_min, x_max, m)[:1],
            "只有第一个：return 写在循环里面。把它移到循环之后。",
            "Only the first: the return stands inside the loop. Move it below.",
        ),
        Mistake(
            lambda x_min, x_max, m: centres(x_min, x_max, m)[-1],
            "只有最后一个：循环里的每个值都要收进列表。",
            "Only the last: collect each value of the loop in a list.",
        ),
        Mistake(
            lambda x_min, x_max, m: [min(max(mu, x_min), x_max) for mu in centres(x_min, x_max, m)],
            "两端的中心本来就在数据范围之外：不要拉回来。",
            "The outermost centres do lie outside the range: do not pull them in.",
        ),
        Mistake(
            lambda x_min, x_max, m: [round(mu, 2) for mu in centres(x_min, x_max, m)],
            "不要四舍五入。",
            "Do not round.",
        ),
    ),
    hints=(
        ("先算间距：(x_max - x_min) / (m - 2)。", "First the spacing: (x_max - x_min) / (m - 2)."),
        (
            "第一个中心在 x_min 左边半格，之后每次向右走一格。",
            "The first centre lies half a spacing left of x_min; each next one is a spacing further right.",
        ),
        (
            "对 j = 1 … m 计算 x_min + (2 * j - 3) / 2 * spacing，即 range(1, m + 1)。",
            "For j = 1 … m take x_min + (2 * j - 3) / 2 * spacing, that is range(1, m + 1).",
        ),
    ),
)
