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


def _loop(order=True, carry=True, start=0.0, early=False, back=1):
    """``run_loop`` with one thing done wrong; ``back`` is how many steps ago the output used was."""

    def answer(f, x_seq):
        ys, notes = [start] * back, []
        for x in x_seq:
            ys.append(f(ys[-back], x) if order else f(x, ys[-back]))
            notes.append(ys[-2] if early else ys[-1])
            ys[-1] = ys[-1] if carry else 0.0
        return notes

    return answer


def _kept_from_call_to_call():
    kept = []

    def answer(f, x_seq):
        if f is last_minus_twice_now:  # the first case: the cell has just been run
            kept.clear()
        kept.extend(run_loop(f, x_seq))
        return list(kept)

    return answer


def _right(out, labels):
    return (out.cumsum(0).argmax(2) == labels).float()


def _label_in_a_tie(out, labels):
    votes = out.cumsum(0)
    own = votes.gather(2, labels.expand(len(out), -1)[..., None])[..., 0]
    return (own == votes.amax(2)).float().mean(1)


def _dot(g, p):
    return sum(a * b for a, b in zip(g, p, strict=True))


def _slope(
    carry=lambda quiet, k: 1 - quiet * k,
    chain=lambda k: k * (1 - k),
    sign=1.0,
    late=False,
    gate=True,
    leak=False,
    k_of=lambda w: 1 / (1 + math.exp(-w)),
    start=0.0,
    total=lambda g, p: _dot(g, p[1:]),
):
    """``slope_of_w`` with one thing done wrong; ``total`` takes g and all p, the one before the first step too."""

    def answer(s_seq, g_seq, w):
        k, i, p = k_of(w), start, [0.0]
        for s in s_seq:
            quiet = 1 - s if gate else 1
            after = i - (1 if leak else 1 - s) * i * k + s
            p.append(carry(quiet, k) * p[-1] - sign * quiet * (after if late else i) * chain(k))
            i = after
        return total(g_seq, p)

    return answer


_FEW = torch.tensor([[[0.0, 1, 0], [0, 0, 1]], [[0, 1, 0], [1, 0, 0]], [[1, 0, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 0]]])
_OUT = (torch.rand(5, 6, 4, generator=torch.Generator().manual_seed(0)) < 0.4).float()
_LABELS = torch.tensor([0, 1, 2, 3, 1, 0])
_SPIKES = ([1, 0, 0, 0, 1, 0], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0], 0.0)
_TRAIN = ([1, 0, 1, 1, 0, 0, 0], [0.2, -1.0, 0.5, 0.0, 2.0, 0.3, 1.0], -1.5)

EXERCISES = (
    Exercise(
        id="12.half_life",
        solution=half_life,
        cases=((2.0,), (10.0,), (7.0,), (1.5,), (100.0,)),
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
            Mistake(
                lambda tau: math.log(0.5) / math.log(1 + 1 / tau),
                "一步之后剩下的不是 1+1/τ，而是 1-1/τ：记忆在减少。",
                "One step leaves 1-1/τ, not 1+1/τ: the memory gets smaller.",
            ),
            Mistake(
                lambda tau: math.ceil(half_life(tau)),
                "你向上取整了：半衰期不必是整数，返回算出来的数本身。",
                "You rounded up to whole steps: the half-life need not be a whole number; return it as it comes out.",
            ),
            Mistake(
                lambda tau: round(half_life(tau)),
                "你四舍五入了：半衰期不必是整数，返回算出来的数本身。",
                "You rounded: the half-life need not be a whole number; return it as it comes out.",
            ),
            Mistake(
                lambda tau: tau / 2,
                "τ/2 好像每步忘掉一样多。其实每步忘掉的是剩下的 1/τ：n 步之后剩 (1-1/τ)ⁿ。",
                "τ/2 would be right if each step forgot the same amount. It forgets 1/τ of what is left: after n steps "
                "(1-1/τ)ⁿ remains.",
            ),
            Mistake(
                lambda tau: 0.5 ** (1 - 1 / tau),
                "1/2 和 1-1/τ 的角色弄混了：求的是指数 n，使 (1-1/τ)ⁿ = 1/2。",
                "1/2 and 1-1/τ have mixed up their parts: wanted is the exponent n in (1-1/τ)ⁿ = 1/2.",
            ),
            Mistake(
                lambda tau: math.log(0.5) - math.log(1 - 1 / tau),
                "两个对数要相除，不是相减：n·ln(1-1/τ) = ln(1/2)。",
                "Divide the two logarithms, do not subtract them: n·ln(1-1/τ) = ln(1/2).",
            ),
            Mistake(
                lambda tau: math.log10(0.5) / math.log(1 - 1 / tau),
                "两个对数的底不同：一个是 10，一个是 e。用同一种。",
                "The two logarithms have different bases, 10 and e: use the same for both.",
            ),
            Mistake(
                lambda tau: math.log(0.5) / math.log(1 - 1 // tau),
                "对数的结果是 0：1 // tau 是整除，τ > 1 时总是 0。用 1 / tau。",
                "That logarithm is 0: 1 // tau is a whole-number division, always 0 for τ > 1. Use 1 / tau.",
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
            (add, []),
        ),
        keeps=True,
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
                lambda f, x_seq: _loop(start=x_seq[0] if x_seq else 0.0)(f, x_seq),
                "第一步之前没有输出：y 从 0 开始，不是从 x[0] 开始。",
                "Before the first step there is no output: y starts at 0, not at x[0].",
            ),
            Mistake(
                lambda f, x_seq: x_seq[:1] + _loop(start=(x_seq or [0.0])[0])(f, x_seq[1:]),
                "第一个输出不是 x[0] 本身，而是 f(0, x[0])：第一步也要经过 f。",
                "The first output is not x[0] itself but f(0, x[0]): the first step goes through f as well.",
            ),
            Mistake(
                _loop(early=True),
                "晚了一步：第 t 步记下的应当是新的 y[t]，不是旧的 y[t-1]。",
                "One step late: step t notes down the new y[t], not the old y[t-1].",
            ),
            Mistake(
                lambda f, x_seq: [0.0, *run_loop(f, x_seq)],
                "多了开头的 0：它是第一步之前的状态，不是某一步的输出。",
                "The 0 in front is one too many: it is the state before the first step, not an output.",
            ),
            Mistake(
                lambda f, x_seq: [0.0, *run_loop(f, x_seq)][-1],
                "只返回了最后一步的输出：每一步的都要记进列表。",
                "Only the last output comes back: note down that of every step in a list.",
            ),
            Mistake(_loop(start=1.0), "从 1 开始了：y[-1] = 0。", "That starts from 1: y[-1] = 0."),
            Mistake(
                lambda f, x_seq: run_loop(f, x_seq)[:-1],
                "少了最后一步：循环要走遍 x_seq 的每一项。",
                "The last step is missing: the loop goes through all of x_seq.",
            ),
            Mistake(
                _loop(back=2),
                "用了两步以前的输出：f 要的是上一步的 y[t-1]。",
                "That uses the output of two steps ago: f wants y[t-1], that of the last step.",
            ),
            Mistake(
                lambda f, x_seq: [f(x_seq[t - 1] if t else 0.0, x) for t, x in enumerate(x_seq)],
                "留给下一步的是输入 x；回路要留的是输出 y。",
                "What you keep for the next step is the input x; a loop keeps the output y.",
            ),
            Mistake(
                lambda f, x_seq: run_loop(f, x_seq[:1]) or None,
                "第一步就返回了：return 要放在循环之后，不要缩进到循环里面。",
                "That returns in the first step: return belongs behind the loop, not indented into it.",
            ),
            Mistake(
                lambda f, x_seq: run_loop(add, x_seq),
                "你只是把输入加了起来：每一步要调用 f(y, x)。",
                "You only add up the inputs: call f(y, x) in each step.",
            ),
            Mistake(
                _kept_from_call_to_call(),
                "上一次调用的输出还留着：列表要在函数里面新建，不能放在参数的默认值里或函数外面。",
                "The outputs of the last call are still there: make the list inside the function, not as a default of "
                "an argument or outside.",
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
        cases=(
            (1.0, 0.0, 10.0),
            (0.75, 1.0, 10.0),
            (0.0, 1.0, 2.0),
            (2.75, 0.0, 10.0),
            (2.5, 0.0, 4.0),
            (2.5, 1.0, 4.0),
        ),
        mistakes=(
            Mistake(
                lambda i, s, tau: i * (1 - 1 / tau) + s,
                "有脉冲的那一步不衰减：衰减项要乘以 1 - s。",
                "A step with a spike does not decay: multiply the decay by 1 - s.",
            ),
            Mistake(
                lambda i, s, tau: i + (s - i) / tau,
                "脉冲也除以 τ 了：每个脉冲让电流增加整整 1，那一步也不衰减。",
                "The spike is divided by τ too: every spike adds a full 1, and its step does not decay.",
            ),
            Mistake(
                lambda i, s, tau: i - ((1 - s) * i - s) / tau,
                "脉冲也除以 τ 了：只有衰减项除以 τ，每个脉冲让电流增加整整 1。",
                "The spike is divided by τ too: only the decay is; every spike adds a full 1 to the current.",
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
            Mistake(
                lambda i, s, tau: i - (1 - s) * i / tau,
                "脉冲没有进来：最后还要加上 s。",
                "The spike does not get in: add s at the end.",
            ),
            Mistake(
                lambda i, s, tau: i - (1 - s) * i / tau - s,
                "脉冲被减掉了：它让电流增加 1。",
                "The spike is taken off: it adds 1 to the current.",
            ),
            Mistake(
                lambda i, s, tau: s * i + s,
                "没有脉冲的一步不会忘得一干二净：只减去 i/τ，你减去了整个 i。",
                "A step without a spike does not forget everything: it loses i/τ, and you took off all of i.",
            ),
            Mistake(
                lambda i, s, tau: i - (1 - s) * i * tau + s,
                "乘以 τ 了：衰减项要除以 τ。",
                "The decay is multiplied by τ: divide by it.",
            ),
            Mistake(
                lambda i, s, tau: (1 - s) * (i - i / tau) + s,
                "有脉冲时旧的电流不见了：脉冲加 1，并不取代原来的电流。",
                "With a spike the old current is gone: a spike adds 1, it does not replace what was there.",
            ),
            Mistake(
                lambda i, s, tau: (i + s) * (1 - 1 / tau),
                "你先加脉冲、再让全部衰减：有脉冲的一步不衰减。",
                "You add the spike and let everything decay: a step with a spike does not decay.",
            ),
            Mistake(
                lambda i, s, tau: -(1 - s) * i / tau + s,
                "这只是变化量：要加在旧的电流 i 上。",
                "That is the change only: add it to the old current i.",
            ),
            Mistake(
                lambda i, s, tau: i - (1 - s) * i / 10 + s,
                "τ 不一定是 10：用参数 tau。",
                "τ is not always 10: use the argument tau.",
            ),
            Mistake(
                lambda i, s, tau: i - (1 - s) * i // tau + s,
                "// 是整除，小数部分没有了：用 /。",
                "// is a whole-number division and drops the decimals: use /.",
            ),
            Mistake(
                lambda i, s, tau: (1 - s) * i / tau + s * (i + 1),
                "i/τ 是这一步失去的，留下的是 i - i/τ。",
                "i/τ is what a step loses; what is left is i - i/τ.",
            ),
            Mistake(
                lambda i, s, tau: i * math.exp(-(1 - s) / tau) + s,
                "exp(-1/τ) 是连续时间的衰减；这里时间一步一步地走，每步剩下 1-1/τ。",
                "exp(-1/τ) is the decay in continuous time; in steps, each leaves 1-1/τ.",
            ),
            Mistake(
                lambda i, s, tau: min(low_pass_step(i, s, tau), 1.0),
                "电流没有上限，可以大于 1：脉冲一个接一个，电流就一直加上去。",
                "The current has no upper limit and may exceed 1: spike upon spike, it adds up.",
            ),
            Mistake(
                lambda i, s, tau: (low_pass_step(i, s, tau), s),
                "多返回了一个值：只要新的电流。",
                "One value too many comes back: return the new current only.",
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
        cases=(
            (_FEW, torch.tensor([0, 2])),
            (_OUT, _LABELS),
            (_OUT[:4, :3], _LABELS[:3]),
            (_OUT[:, 3:4], _LABELS[3:4]),
        ),
        keeps=True,
        mistakes=(
            Mistake(
                lambda out, labels: (out.argmax(2) == labels).float().mean(1),
                "只看了当前这一列的输出：要把到这一列为止的票数累加起来（cumsum）。",
                "That looks at this column's output alone: add up the votes until now (cumsum).",
            ),
            Mistake(
                lambda out, labels: _right(out, labels).mean(),
                "只得到一个数：对图片求平均，时间步要留下，结果的形状是 [T]。",
                "A single number: average over the pictures and keep the time steps; the result is [T].",
            ),
            Mistake(
                lambda out, labels: _right(out, labels).sum(1),
                "这是答对的张数：除以图片总数才是准确率。",
                "That is how many are right: divide by the number of pictures for the accuracy.",
            ),
            Mistake(
                lambda out, labels: _right(out, labels).sum(1) / len(out),
                "答对的张数要除以图片数 N，不是时间步数 T。",
                "Divide the number of right answers by that of pictures, N, not by that of steps, T.",
            ),
            Mistake(
                lambda out, labels: _right(out, labels).mean(0),
                "对时间求了平均，每张图片一个数；要对图片求平均，每一步一个数。",
                "That is the mean over time, a number a picture; average over the pictures, to a number a step.",
            ),
            Mistake(
                lambda out, labels: 1 - _right(out, labels).mean(1),
                "这是错误率；准确率是答对的比例。",
                "That is the share of wrong answers; accuracy is that of the right ones.",
            ),
            Mistake(
                lambda out, labels: _right(out.flip(0), labels).mean(1),
                "时间反了：第 t 项只能用前 t+1 列。",
                "Time runs backwards: entry t may use the first t+1 columns only.",
            ),
            Mistake(
                lambda out, labels: (out.flip(0).cumsum(0).flip(0).argmax(2) == labels).float().mean(1),
                "票是从最后一列加起的：第 t 项要用前 t+1 列，不是后面的列。",
                "Votes are added from the last column on: entry t uses the first t+1 columns, not those that follow.",
            ),
            Mistake(
                lambda out, labels: (out.cumsum(1).argmax(2) == labels).float().mean(1),
                "累加错了维：cumsum(1) 把不同图片的票加在一起；时间是第 0 维。",
                "The wrong dimension: cumsum(1) adds the votes of different pictures; time is dimension 0.",
            ),
            Mistake(
                lambda out, labels: (out.cumsum(2).argmax(2) == labels).float().mean(1),
                "累加错了维：cumsum(2) 把不同类的票加在一起；时间是第 0 维。",
                "The wrong dimension: cumsum(2) adds the votes of different classes; time is dimension 0.",
            ),
            Mistake(
                lambda out, labels: _right(out, labels)[-1].mean().repeat(len(out)),
                "每一步都是最后的准确率：第 t 项只能用前 t+1 列。",
                "Every step has the final accuracy: entry t may use the first t+1 columns only.",
            ),
            Mistake(
                lambda out, labels: ((out.cumsum(0) - out).argmax(2) == labels).float().mean(1),
                "少了当前这一列：第 t 项要用 0 到 t 列，out[:t] 只到 t-1，应写 out[: t + 1]。",
                "The column itself is missing: entry t uses columns 0 to t; out[:t] ends at t-1, take out[: t + 1].",
            ),
            Mistake(
                lambda out, labels: _right(out, labels).cummax(0).values.mean(1),
                "一旦答对就一直算对了：答案可能变来变去，每一步只看当时得票最多的类。",
                "Once right counts as right for ever: an answer may change; each step counts its own leader.",
            ),
            Mistake(
                lambda out, labels: (out.argmax(2) == labels).float().mean(1).cumsum(0) / torch.arange(1, len(out) + 1),
                "这是各列准确率的平均：先把票累加起来，再看谁最多。",
                "That averages the accuracies of the columns: add up the votes first, then ask who leads.",
            ),
            Mistake(
                lambda out, labels: (out.shape[2] - 1 - out.cumsum(0).flip(2).argmax(2) == labels).float().mean(1),
                "票数并列时，你取了编号最大的类：取编号最小的，argmax 就是这样。",
                "In a tie you take the class with the largest number: take the smallest, as argmax does.",
            ),
            Mistake(
                _label_in_a_tie,
                "票数并列时你都算对了：并列时答案只有一个，是编号最小的类。",
                "In a tie you count every leader as right: the answer is one class, that of the smallest number.",
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
                _slope(carry=lambda quiet, k: 0.0),
                "p 没有带到下一步：w 改变了从前的电流，而从前的电流还留在现在的电流里。",
                "p is not carried on: w changed the earlier current, and that is still part of the present one.",
            ),
            Mistake(
                _slope(carry=lambda quiet, k: 1.0),
                "旧的 p 也要衰减：它和电流一样，每步乘以 1-(1-s)k。",
                "The old p decays as well: like the current it is multiplied by 1-(1-s)k in each step.",
            ),
            Mistake(
                _slope(chain=lambda k: 1.0),
                "这是对 k = 1/τ 的导数；还要乘以 dk/dw = k(1-k)。",
                "That is the derivative with respect to k = 1/τ; multiply by dk/dw = k(1-k).",
            ),
            Mistake(
                _slope(chain=lambda k: k),
                "dk/dw 不是 k，而是 k(1-k)：sigmoid 的导数。",
                "dk/dw is not k but k(1-k), the derivative of the sigmoid.",
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
            Mistake(
                _slope(leak=True),
                "电流在有脉冲的那一步也衰减了：更新 i 时别忘了 1 - s。",
                "The current decays in steps with a spike, too: keep the factor 1 - s where i is updated.",
            ),
            Mistake(
                _slope(total=lambda g, p: sum(p)),
                "没有用上 g：每一步加的是 g[t]·p[t]。",
                "g is not used: what each step adds is g[t]·p[t].",
            ),
            Mistake(
                _slope(total=lambda g, p: g[-1] * p[-1]),
                "只算了最后一步：每一步的 g[t]·p[t] 都要加进总和。",
                "Only the last step counts: add up g[t]·p[t] of all steps.",
            ),
            Mistake(
                _slope(total=lambda g, p: _dot(g, p[:-1])),
                "g[t] 乘的是上一步的 p：先更新 p，再加 g·p。",
                "g[t] meets the p of the step before: update p first, then add g·p.",
            ),
            Mistake(
                _slope(total=lambda g, p: _dot(g, p[1:]) / len(g)),
                "不要除以步数：是总和，不是平均。",
                "Do not divide by the number of steps: it is a sum, not a mean.",
            ),
            Mistake(
                _slope(start=1.0),
                "电流从 1 开始了：第一步之前没有电流，i = 0。",
                "The current starts at 1: before the first step there is none, i = 0.",
            ),
            Mistake(
                _slope(k_of=lambda w: 1 / (1 + math.exp(w))),
                "指数的符号反了：k = 1/(1 + e⁻ʷ)。",
                "The sign in the exponent is wrong: k = 1/(1 + e⁻ʷ).",
            ),
            Mistake(
                _slope(k_of=lambda w: w),
                "把 w 当成 k 了：k = σ(w) = 1/(1 + e⁻ʷ)。",
                "That takes w for k: k = σ(w) = 1/(1 + e⁻ʷ).",
            ),
            Mistake(
                lambda s_seq, g_seq, w: 0.0,
                "结果总是 0：脉冲加进电流（+ s）了吗？return 是不是缩进到循环里、第一步就返回了？",
                "The result is always 0: does every spike get into the current (+ s)? Or does return stand inside the "
                "loop and end it in the first step?",
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
