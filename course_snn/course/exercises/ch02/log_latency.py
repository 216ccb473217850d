"""Exercise 02.log_latency."""

import math

import torch

from course_snn.course.exercise import CONTAINER, Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch02.latency_times import latency_times
from course_snn.course.exercises.ch02.shared import QUARTERS, stable


def log_latency(x, T):
    time = -torch.logaddexp(torch.log(x), torch.log1p(-x) - (T - 1))
    return time.round()


def finite_times(answer, x, T):
    """Run ``log_latency``; what overflowed reads -inf, as a float or after a cast to int64."""
    right, time = log_latency(x, T), answer(x, T)
    if not torch.is_tensor(time):
        return time
    time = time.double().nan_to_num(nan=-math.inf, posinf=math.inf, neginf=-math.inf).where(time > -1e9, -math.inf)
    if T > 700 and time.shape == x.shape and torch.equal((time - right).abs() > 1e-4, x == 0):
        raise Finding(
            f"只有 x = 0 不对，得到 {time[x == 0][0]:.4g}：e^-(T-1) 太小，变成了 0，而 ln 0 是无穷大。"
            f"x = 0 要在第 T - 1 = {T - 1} 步发放：用 clamp(max=T - 1)，或单独处理。",
            f"Only x = 0 is wrong, with {time[x == 0][0]:.4g}: e^-(T-1) became 0, and ln 0 is infinite. "
            f"x = 0 fires at T - 1 = {T - 1}: use clamp(max=T - 1), or treat it on its own.",
        )
    return time


def _naive(x, T):
    alpha = torch.exp(torch.tensor(T - 1.0)) - 1
    return ((T - 1) - torch.log(alpha * x + 1)).round()


def _vary(rng):
    """Cases whose times are not nearly half-way between two steps, where rounding errors would decide."""

    def case(choices, T):
        return drawn.until(
            lambda: torch.tensor([0.0, *drawn.some(rng, 4, choices), 1.0]),
            lambda x: all(drawn.off_whole(float(t), 0.02) for t in stable(x.double(), T) + 0.5 if t < T - 1),
        ), T

    some = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.6, 0.75)
    tiny = torch.tensor([[0.0, drawn.one_of(rng, 1e-30, 1e-25, 1e-20), 0.2], [0.01, 1.0, 0.0]])
    return (
        case(some, drawn.whole(rng, 5, 8)),
        (torch.tensor([0.0, drawn.one_of(rng, 0.125, 0.1, 0.15), 0.5, 1.0]), 3),
        case(some, drawn.whole(rng, 800, 1200)),
        (tiny, drawn.whole(rng, 75, 79)),
        (torch.tensor([0.5, 0.0, 0.0]), drawn.whole(rng, 1500, 2500)),
    )


EXERCISE = Exercise(
    id="02.log_latency",
    solution=log_latency,
    vary=_vary,
    cases=(
        (QUARTERS, 6),
        (torch.tensor([0.0, 0.125, 0.5, 1.0]), 3),
        (torch.tensor([0.0, 0.001, 0.5, 1.0]), 1000),
        (torch.tensor([[0.0, 1e-30, 0.2], [0.01, 1.0, 0.0]]), 60),
        (torch.tensor([0.5, 0.0, 0.0]), 2000),
    ),
    run=finite_times,
    exact=(CONTAINER,),
    keeps=True,
    mistakes=(
        Mistake(
            _naive,
            "α 溢出成了 inf。先把公式化简，让大数根本不出现。",
            "α overflowed to inf. Rearrange the formula first, so that the large number never appears.",
        ),
        Mistake(
            lambda x, T: (-torch.log(x)).clamp(max=T - 1).round(),
            "漏掉了 (1 - x) e^-(T-1) 这一项：T 小的时候它不能忽略。",
            "The term (1 - x) e^-(T-1) is missing: for a small T it cannot be neglected.",
        ),
        Mistake(
            lambda x, T: (-torch.log(x)).round(),
            "漏掉了 (1 - x) e^-(T-1) 这一项：没有它，最暗的像素永远等不到脉冲。",
            "The term (1 - x) e^-(T-1) is missing: without it the darkest pixels wait for ever.",
        ),
        Mistake(
            lambda x, T: (-torch.log(x + math.exp(1 - T))).clamp(max=T - 1).round(),
            "e^-(T-1) 前面的因子 1 - x 漏掉了：T 小的时候它有影响。",
            "The factor 1 - x before e^-(T-1) is missing: for a small T it matters.",
        ),
        Mistake(
            lambda x, T: -stable(x, T).round(),
            "符号反了：时间不会是负数，前面要有负号。",
            "The sign is wrong: a time is never negative; put a minus in front.",
        ),
        Mistake(
            lambda x, T: stable(x, T, last=T).round(),
            "差了一步：指数里是 T - 1，最晚的脉冲在第 T - 1 步。",
            "Off by one: the exponent holds T - 1, and the latest spike is at step T - 1.",
        ),
        Mistake(
            lambda x, T: log_latency(x, T) + (x == 0),
            "x = 0 晚了一步：从 0 数起，最后一步是 T - 1，不是 T。",
            "x = 0 is one step late: counted from 0, the last step is T - 1, not T.",
        ),
        Mistake(
            lambda x, T: stable(x, T, log=torch.log2).round(),
            "要的是自然对数 ln，不是以 2 为底。",
            "The natural logarithm is wanted, not the one to base 2.",
        ),
        Mistake(
            lambda x, T: stable(x, T, log=torch.log10).round(),
            "要的是自然对数 ln，不是以 10 为底。",
            "The natural logarithm is wanted, not the one to base 10.",
        ),
        Mistake(
            lambda x, T: stable(x, T),
            "时间步是整数：还要四舍五入。",
            "Time steps are whole numbers: round the result.",
        ),
        Mistake(
            lambda x, T: stable(x, T).floor(),
            "小数被截掉了：取最近的整数，用 round()。",
            "The fraction is cut off: take the nearest whole number, round().",
        ),
        Mistake(
            lambda x, T: (-torch.log(x + (1 - x) * math.exp(T - 1))).clamp(max=T - 1).round(),
            "指数的符号反了：是 e^-(T-1)。",
            "The exponent has the wrong sign: it is e^-(T-1).",
        ),
        Mistake(
            lambda x, T: latency_times(x, T) if T > 80 else log_latency(x, T),
            "T 大的时候你换成了线性延迟。化简后的公式对任何 T 都成立。",
            "For a large T you turn to the linear code. The rearranged formula holds for any T.",
        ),
        Mistake(
            lambda x, T: log_latency(x[x > 0], T),
            "x = 0 的元素不见了：结果的形状与 x 相同，x = 0 对应 T - 1。",
            "The elements with x = 0 are gone: the result has the shape of x, and x = 0 belongs to T - 1.",
        ),
        Mistake(
            lambda x, T: torch.arange(T).reshape(-1, *[1] * x.dim()) == log_latency(x, T),
            "这是整个脉冲序列。要的只是每个脉冲的时间步，形状与 x 相同。",
            "That is the whole spike train. Only the time steps are wanted, of the same shape as x.",
        ),
        Mistake(
            lambda x, T: log_latency(x, T).tolist(),
            "要返回张量，不是列表。",
            "Return a tensor, not a list.",
        ),
    ),
    hints=(
        ("用化简后的公式：-ln(x + (1 - x) e^-(T-1))。", "Use the rearranged formula: -ln(x + (1 - x) e^-(T-1))."),
        (
            "T = 1000 时 math.exp(-999) 就是 0。只有 x = 0 会出问题：这时直接得到 T - 1。",
            "At T = 1000 math.exp(-999) is 0. Only x = 0 suffers; there the time is T - 1.",
        ),
        (
            "用 .clamp(max=T - 1) 收住 inf；或者用 torch.logaddexp 始终在对数里计算。",
            "Catch the inf with .clamp(max=T - 1); or stay in logarithms with torch.logaddexp.",
        ),
    ),
)
