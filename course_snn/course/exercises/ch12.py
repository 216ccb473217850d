"""Exercises of chapter 12: recurrent connections and stateful synapses."""

import math

import torch

from course_snn.course.exercise import Exercise, Mistake


def half_life(tau):
    return math.log(0.5) / math.log(1 - 1 / tau)


def run_loop(f, x_seq):
    y, ys = 0.0, []
    for x in x_seq:
        y = f(y, x)
        ys.append(y)
    return ys


def low_pass_step(i, s, tau):
    return i - (1 - s) * i / tau + s


def accuracy_so_far(out, labels):
    votes = out.cumsum(0)
    return (votes.argmax(2) == labels).float().mean(1)


def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i, p, slope = 0.0, 0.0, 0.0
    for s, g in zip(s_seq, g_seq, strict=True):
        p = p * (1 - (1 - s) * k) - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * i * k + s
        slope = slope + g * p
    return slope


def last_minus_twice_now(y, x):
    return y - 2 * x


def add(y, x):
    return y + x


def half_of_last_and_now(y, x):
    return y / 2 + x


def _loop(order=True, carry=True, first_is_input=False, early=False):
    """``run_loop`` with one thing done wrong."""

    def answer(f, x_seq):
        y, ys = (x_seq[0] if first_is_input else 0.0), []
        for x in x_seq:
            ys.append(y)
            now = f(y, x) if order else f(x, y)
            if not early:
                ys[-1] = now
            y = now if carry else 0.0
        return ys

    return answer


def _slope(carry=True, chain=True, sign=1.0, late=False, gate=True):
    """``slope_of_w`` with one thing done wrong."""

    def answer(s_seq, g_seq, w):
        k = 1 / (1 + math.exp(-w))
        i, p, slope = 0.0, 0.0, 0.0
        for s, g in zip(s_seq, g_seq, strict=True):
            quiet = 1 - s if gate else 1
            after = i - (1 - s) * i * k + s
            seen = after if late else i
            p = (p * (1 - quiet * k) if carry else 0.0) - sign * quiet * seen * (k * (1 - k) if chain else 1.0)
            i = after
            slope = slope + g * p
        return slope

    return answer


_OUT = torch.rand(5, 6, 4, generator=torch.manual_seed(0))
_LABELS = torch.tensor([0, 1, 2, 3, 1, 0])
_SPIKES = ([1, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1], 0.0)
_TRAIN = ([1, 0, 1, 1, 0, 0, 0], [0.2, -1.0, 0.5, 0.0, 2.0, 0.3, 1.0], -1.5)

EXERCISES = (
    Exercise(
        id="12.half_life",
        solution=half_life,
        cases=((2.0,), (1.5,), (10.0,), (100.0,)),
        mistakes=(
            Mistake(
                lambda tau: tau * math.log(2),
                "这是连续时间的半衰期 τ ln 2。时间一步一步地走，每步剩下 1-1/τ，要用它的对数。",
                "That is the half-life in continuous time, τ ln 2. Time goes in steps here, and each leaves 1-1/τ: "
                "take the logarithm of that.",
            ),
            Mistake(
                lambda tau: math.log(1 - 1 / tau) / math.log(0.5),
                "上下颠倒了：由 (1-1/τ)ⁿ = 1/2 取对数，得 n·ln(1-1/τ) = ln(1/2)。",
                "Upside down: the logarithm of (1-1/τ)ⁿ = 1/2 is n·ln(1-1/τ) = ln(1/2).",
            ),
            Mistake(
                lambda tau: -1 / math.log(1 - 1 / tau),
                "这是降到 1/e 的步数；半衰期要降到 1/2。",
                "That is how long it takes to fall to 1/e; the half-life is the fall to 1/2.",
            ),
            Mistake(
                lambda tau: math.log(2) / math.log(tau),
                "一步之后剩下的不是 1/τ，而是 1-1/τ。",
                "One step leaves 1-1/τ, not 1/τ.",
            ),
        ),
        hints=(
            ("n 步之后剩下 (1-1/τ)ⁿ。", "After n steps (1-1/τ)ⁿ is left."),
            ("令它等于 1/2，两边取对数。", "Set it equal to 1/2 and take the logarithm of both sides."),
            ("n = ln(1/2) / ln(1-1/τ)，对数用 math.log。", "n = ln(1/2) / ln(1-1/τ); the logarithm is math.log."),
        ),
    ),
    Exercise(
        id="12.run_loop",
        solution=run_loop,
        cases=(
            (last_minus_twice_now, [1.0, 10.0, 100.0]),
            (half_of_last_and_now, [1.0, 0.0, 0.0, 8.0]),
            (add, [1.5, 0.0, -1.0, 2.0]),
        ),
        mistakes=(
            Mistake(
                _loop(order=False),
                "参数的次序反了：先上一步的输出 y，再这一步的输入 x，即 f(y, x)。",
                "The arguments are exchanged: first the last output y, then the input x of this step, f(y, x).",
            ),
            Mistake(
                _loop(carry=False),
                "每一步都从 0 开始，回路断了：要把这一步的输出留给下一步。",
                "Every step starts from 0, so the loop is open: keep this step's output for the next.",
            ),
            Mistake(
                _loop(first_is_input=True),
                "第一步之前没有输出：y 从 0 开始，不是从 x[0] 开始。",
                "Before the first step there is no output: y starts at 0, not at x[0].",
            ),
            Mistake(
                _loop(early=True),
                "晚了一步：第 t 步记下的应当是新的 y[t]，不是旧的 y[t-1]。",
                "One step late: step t notes down the new y[t], not the old y[t-1].",
            ),
        ),
        hints=(
            ("循环之前令 y = 0.0，准备一个空列表。", "Before the loop set y = 0.0 and make an empty list."),
            ("每一步：y = f(y, x)，再把 y 记下来。", "In each step: y = f(y, x), then note y down."),
            (
                "等号右边的 y 是上一步的，左边的是这一步的。",
                "On the right of = stands the last step's y, on the left this step's.",
            ),
        ),
    ),
    Exercise(
        id="12.low_pass_step",
        solution=low_pass_step,
        cases=((1.0, 0.0, 10.0), (0.81, 1.0, 10.0), (0.0, 1.0, 2.0), (2.81, 0.0, 10.0), (2.0, 0.5, 4.0)),
        mistakes=(
            Mistake(
                lambda i, s, tau: i * (1 - 1 / tau) + s,
                "有脉冲的那一步不衰减：衰减项要乘以 1 - s。",
                "A step with a spike does not decay: multiply the decay by 1 - s.",
            ),
            Mistake(
                lambda i, s, tau: i + (s - i) / tau,
                "脉冲也除以 τ 了：每个脉冲让电流增加整整 1。",
                "The spike is divided by τ too: every spike adds a full 1 to the current.",
            ),
            Mistake(
                lambda i, s, tau: i + (1 - s) * i / tau + s,
                "符号反了：没有脉冲时电流减小，不是增大。",
                "The sign is wrong: without a spike the current falls, it does not grow.",
            ),
            Mistake(
                lambda i, s, tau: i - s * i / tau + s,
                "门装反了：没有脉冲（s = 0）时才衰减。",
                "The gate is the wrong way round: it decays where there is no spike, s = 0.",
            ),
        ),
        hints=(
            ("两种情况：s = 1 时加 1；s = 0 时减去 i/τ。", "Two cases: add 1 where s = 1; subtract i/τ where s = 0."),
            ("衰减项乘以 (1 - s)，一个式子就够了。", "Multiply the decay by (1 - s), and one expression will do."),
            ("i - (1 - s) * i / tau，再加上 s。", "i - (1 - s) * i / tau, plus s."),
        ),
    ),
    Exercise(
        id="12.accuracy_so_far",
        solution=accuracy_so_far,
        cases=((_OUT, _LABELS), (_OUT[:1], _LABELS), (_OUT[:, :3], _LABELS[:3])),
        mistakes=(
            Mistake(
                lambda out, labels: (out.argmax(2) == labels).float().mean(1),
                "只看了当前这一列的输出：要把到这一列为止的票数累加起来（cumsum）。",
                "That looks at this column's output alone: add up the votes until now (cumsum).",
            ),
            Mistake(
                lambda out, labels: (out.cumsum(0).argmax(2) == labels).float().mean(),
                "只得到一个数：对图片求平均，时间步要留下，结果的形状是 [T]。",
                "A single number: average over the pictures and keep the time steps; the result is [T].",
            ),
            Mistake(
                lambda out, labels: (out.cumsum(0).argmax(2) == labels).sum(1),
                "这是答对的张数：除以图片总数才是准确率。",
                "That is how many are right: divide by the number of pictures for the accuracy.",
            ),
            Mistake(
                lambda out, labels: (out.flip(0).cumsum(0).argmax(2) == labels).float().mean(1),
                "时间反了：第 t 项只能用前 t+1 列。",
                "Time runs backwards: entry t may use the first t+1 columns only.",
            ),
        ),
        hints=(
            ("out 的形状是 [T, N, C]；时间是第 0 维。", "out is [T, N, C]; time is dimension 0."),
            ("votes = out.cumsum(0) 是到每一步为止的票数。", "votes = out.cumsum(0) holds the votes up to each step."),
            (
                "(votes.argmax(2) == labels) 的形状是 [T, N]，对 N 求平均。",
                "(votes.argmax(2) == labels) is [T, N]; take the mean over N.",
            ),
        ),
    ),
    Exercise(
        id="12.slope_of_w",
        solution=slope_of_w,
        cases=(_SPIKES, _TRAIN, ([1, 0], [0.0, 1.0], 2.0)),
        tolerance=1e-5,
        mistakes=(
            Mistake(
                _slope(carry=False),
                "p 没有带到下一步：w 改变了从前的电流，而从前的电流还留在现在的电流里。",
                "p is not carried on: w changed the earlier current, and that is still part of the present one.",
            ),
            Mistake(
                _slope(chain=False),
                "这是对 k = 1/τ 的导数；还要乘以 dk/dw = k(1-k)。",
                "That is the derivative with respect to k = 1/τ; multiply by dk/dw = k(1-k).",
            ),
            Mistake(
                _slope(sign=-1.0),
                "符号反了：w 大，k 就大，衰减得快，电流变小，所以 p 是负的。",
                "The sign is wrong: a larger w means a larger k, a faster decay, a smaller current: p is negative.",
            ),
            Mistake(
                _slope(late=True),
                "用了新的电流：式子里是 i[t-1]，要先更新 p，再更新 i。",
                "That uses the new current: the equation has i[t-1], so update p before i.",
            ),
            Mistake(
                _slope(gate=False),
                "有脉冲的那一步不衰减，与 w 无关：别忘了 1 - s。",
                "A step with a spike does not decay and does not depend on w: keep the factor 1 - s.",
            ),
        ),
        hints=(
            (
                "对 i[t] = i[t-1] - (1-s[t])·k·i[t-1] + s[t] 求导：i[t-1] 和 k 都依赖 w，用乘积法则。",
                "Differentiate i[t] = i[t-1] - (1-s[t])·k·i[t-1] + s[t]: i[t-1] and k both depend on w (product rule).",
            ),
            (
                "得 p[t] = (1-(1-s)k)·p[t-1] - (1-s)·i[t-1]·k(1-k)。",
                "This gives p[t] = (1-(1-s)k)·p[t-1] - (1-s)·i[t-1]·k(1-k).",
            ),
            (
                "每一步：先算新的 p，再算新的 i，最后把 g·p 加进总和。",
                "In each step: the new p first, then the new i, and add g·p to the sum.",
            ),
        ),
    ),
)
