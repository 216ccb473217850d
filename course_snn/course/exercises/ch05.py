"""Exercises of chapter 05: spike-timing-dependent plasticity (STDP)."""

import math

import torch

from course_snn import learning, synapse
from course_snn.course.exercise import Exercise, Mistake


def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    if shift < 0:
        return -a_minus * math.exp(shift / tau_minus)
    return 0.0


def trace_step(x, s, tau):
    return x - x / tau + s


def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * torch.outer(post, x)
    w = w - lr * torch.outer(y, pre)
    return w, x, y


def batch_change(pre, post):
    return torch.einsum("ni,nj->ji", pre, post) / len(pre)


def change_coins(goal, tau, lr):
    shifts = []
    while abs(goal) > 1e-3 * lr and len(shifts) < 12:
        n = 1
        while lr * (1 - 1 / tau) ** n > abs(goal):
            n = n + 1
        coin = math.copysign(lr * (1 - 1 / tau) ** n, goal)
        shifts.append(n if goal > 0 else -n)
        goal = goal - coin
    return shifts


def _window(after, before):
    """A window with one half done wrong: ``after`` for shift > 0, ``before`` for shift < 0."""
    return lambda shift, *a: 0.0 if shift == 0 else after(shift, *a) if shift > 0 else before(shift, *a)


def _rises(shift, ap, am, tp, tm):
    return ap * math.exp(-shift / tp)


def _falls(shift, ap, am, tp, tm):
    return -am * math.exp(shift / tm)


def _step(late=False, sign=1.0, swap=False, gated=True, transposed=False):
    """``stdp_step`` with one thing done wrong."""

    def answer(w, x, y, pre, post, tau, lr):
        new_x, new_y = x - x / tau + pre, y - y / tau + post
        seen_x, seen_y = (x, y) if late else (new_x, new_y)
        at_post, at_pre = (post, pre) if gated else (torch.ones_like(post), torch.ones_like(pre))
        up, down = torch.outer(at_post, seen_x), torch.outer(seen_y, at_pre)
        if swap:
            up, down = torch.outer(post, new_y), torch.outer(new_x, pre)
        change = sign * lr * (up - down)
        return w + (change.t() if transposed else change), new_x, new_y

    return answer


def _changed_by(answer, goal, tau, lr):
    """Play the answer's pairs to a real synapse, one after the other: how many pairs, and the change they make."""
    shifts = answer(goal, tau, lr)
    if shifts is None or shifts is ...:
        return shifts
    total = sum(_pair(int(shift), tau, lr) for shift in list(shifts)[:100])
    return (goal if abs(total - goal) < 0.01 * lr else total), max(len(shifts), 12)


def _pair(shift: int, tau: float, lr: float) -> float:
    """Return the weight change that one pair makes, post ``shift`` steps after pre, under the gated rule."""
    connection = synapse.Linear(1, 1)
    connection.weight.zero_()
    updater = learning.STDPUpdater(tau, tau, lr, f_w=lambda w: 1.0, gated=True)
    first = max(0, -shift)
    for t in range(min(abs(shift), 500) + 1):
        updater.update(connection, torch.tensor([t == first]), torch.tensor([t == first + shift]))
    return connection.weight.item()


_W = torch.tensor([[0.5, 0.2], [0.1, 0.4]])
_X, _Y = torch.tensor([0.6, 0.3]), torch.tensor([0.2, 0.9])
_STEPS = tuple(
    (_W, _X, _Y, torch.tensor(pre), torch.tensor(post), 10.0, 0.1)
    for pre, post in [([1.0, 0.0], [0.0, 0.0]), ([0.0, 0.0], [0.0, 1.0]), ([1.0, 0.0], [1.0, 1.0])]
)
_PRE = torch.tensor([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
_POST = torch.tensor([[1.0, 0.0], [1.0, 1.0]])

EXERCISES = (
    Exercise(
        id="05.stdp_window",
        solution=stdp_window,
        cases=(
            (5.0, 1.0, 0.6, 15.0, 30.0),
            (-5.0, 1.0, 0.6, 15.0, 30.0),
            (0.0, 1.0, 0.6, 15.0, 30.0),
            (40.0, 2.0, 1.0, 10.0, 20.0),
            (-40.0, 2.0, 1.0, 10.0, 20.0),
        ),
        mistakes=(
            Mistake(
                _window(_rises, lambda s, ap, am, tp, tm: -am * math.exp(-s / tm)),
                "左半边爆炸了：shift 为负时，指数应当是 shift/τ，离得越远变化越小。",
                "The left half explodes: for a negative shift the exponent is shift/τ; distant spikes matter less.",
            ),
            Mistake(
                _window(lambda s, ap, am, tp, tm: ap * math.exp(s / tp), _falls),
                "右半边爆炸了：shift 为正时，指数应当是 -shift/τ，离得越远变化越小。",
                "The right half explodes: for a positive shift the exponent is -shift/τ; distant spikes matter less.",
            ),
            Mistake(
                _window(_rises, lambda *a: -_falls(*a)),
                "两边都增强了：post 在前、pre 在后时，权重应当减小。",
                "Both halves strengthen: if post comes first and pre second, the weight must fall.",
            ),
            Mistake(
                lambda shift, *a: -stdp_window(shift, *a),
                "方向反了：shift = t_post − t_pre，为正表示 pre 在前，应当增强。你写的是反 STDP。",
                "The wrong way round: shift = t_post − t_pre, positive if pre comes first, and then the weight grows. "
                "Yours is anti-STDP.",
            ),
            Mistake(
                _window(_rises, lambda s, ap, am, tp, tm: -am * math.exp(s / tp)),
                "左半边有自己的时间常数 tau_minus。",
                "The left half has a time constant of its own, tau_minus.",
            ),
        ),
        hints=(
            (
                "分三种情况：shift 大于 0、小于 0、等于 0。",
                "Three cases: shift above 0, below 0, equal to 0.",
            ),
            (
                "指数永远不为正：它是 -|shift|/τ，两边各用自己的 τ。",
                "The exponent is never positive: it is -|shift|/τ, each half with its own τ.",
            ),
            (
                "右边 a_plus * exp(-shift/tau_plus)，左边 -a_minus * exp(shift/tau_minus)。",
                "Right: a_plus * exp(-shift/tau_plus); left: -a_minus * exp(shift/tau_minus).",
            ),
        ),
    ),
    Exercise(
        id="05.trace_step",
        solution=trace_step,
        cases=((0.0, 1.0, 10.0), (1.0, 0.0, 10.0), (2.0, 1.0, 20.0), (0.5, 0.0, 4.0)),
        mistakes=(
            Mistake(
                lambda x, s, tau: (x + s) * (1 - 1 / tau),
                "先衰减旧的迹，再加脉冲；你让刚到的脉冲也衰减了。",
                "Decay the old trace first, then add the spike; yours decays the spike that has just arrived.",
            ),
            Mistake(
                lambda x, s, tau: x + (s - x) / tau,
                "脉冲也被除以 τ 了：每个脉冲让迹增加整整 1。",
                "The spike is divided by τ too: every spike adds a full 1 to the trace.",
            ),
            Mistake(
                lambda x, s, tau: x + x / tau + s,
                "符号反了：没有脉冲时，迹应当衰减，不是增长。",
                "The sign is wrong: without a spike the trace decays, it does not grow.",
            ),
            Mistake(
                lambda x, s, tau: 1.0 if s else x - x / tau,
                "这是“最近脉冲”的迹，旧的记忆被抹掉了；这里要的是累加：旧的迹加 1。",
                "That is the nearest-spike trace, which forgets older spikes; here they add up: the old trace plus 1.",
            ),
        ),
        hints=(
            (
                "方程里有两项：衰减，以及脉冲带来的跳跃。",
                "The equation has two terms: the decay, and the jump that a spike makes.",
            ),
            (
                "欧拉法走一步，dt = 1：衰减项是 -x / tau。",
                "One Euler step with dt = 1: the decay is -x / tau.",
            ),
            ("跳跃就是加上 s，不用除以 tau。", "The jump is plain s, not divided by tau."),
        ),
    ),
    Exercise(
        id="05.stdp_step",
        solution=stdp_step,
        cases=_STEPS,
        mistakes=(
            Mistake(
                _step(late=True),
                "顺序反了：先更新两条迹，再用新的迹去改权重。",
                "The order is wrong: update both traces first, then change the weight with the new traces.",
            ),
            Mistake(
                _step(sign=-1.0),
                "符号反了：post 发放时权重加上 x，pre 发放时权重减去 y。",
                "The signs are exchanged: add x where post fires, subtract y where pre fires.",
            ),
            Mistake(
                _step(swap=True),
                "迹用反了：post 发放时看的是 pre 的迹 x，pre 发放时看的是 post 的迹 y。",
                "The traces are exchanged: a post spike reads the trace x of pre, a pre spike the trace y of post.",
            ),
            Mistake(
                _step(transposed=True),
                "转置了：权重的形状是 [out, in]，行是 post，列是 pre。",
                "Transposed: the weight is [out, in], its rows are post, its columns pre.",
            ),
            Mistake(
                _step(gated=False),
                "你每一步都改了权重：只有 post 发放的行才加，只有 pre 发放的列才减。",
                "You change the weight in every step: add only in rows where post fires, subtract only in columns "
                "where pre fires.",
            ),
        ),
        hints=(
            (
                "四行代码：x、y、加、减，就按这个顺序。",
                "Four lines: x, y, add, subtract, in this order.",
            ),
            (
                "torch.outer(a, b) 的形状是 [len(a), len(b)]，第 (j, i) 个元素是 a[j] * b[i]。",
                "torch.outer(a, b) has the shape [len(a), len(b)]; its element (j, i) is a[j] * b[i].",
            ),
            (
                "加的是 lr * torch.outer(post, x)，减的是 lr * torch.outer(y, pre)。",
                "Add lr * torch.outer(post, x), subtract lr * torch.outer(y, pre).",
            ),
        ),
    ),
    Exercise(
        id="05.batch_change",
        solution=batch_change,
        cases=((_PRE, _POST), (_PRE[:1], _POST[:1]), (torch.eye(4), torch.eye(4)[:, :3])),
        mistakes=(
            Mistake(
                lambda pre, post: post.t() @ pre,
                "这是总和：还要除以批量的大小。",
                "That is the sum: divide by the size of the batch.",
            ),
            Mistake(
                lambda pre, post: torch.outer(post.mean(0), pre.mean(0)),
                "先平均再相乘，会把不同样本的脉冲配成一对；应当先在每个样本里相乘，再平均。",
                "Averaging first pairs spikes of different samples: multiply within each sample, then average.",
            ),
            Mistake(
                lambda pre, post: pre.t() @ post / len(pre),
                "转置了：结果的形状应当与权重相同，是 [out, in]。",
                "Transposed: the result must have the shape of the weight, [out, in].",
            ),
            Mistake(
                lambda pre, post: post.t() @ pre / pre.numel(),
                "除得太多了：只对样本求平均，不对神经元求平均。",
                "Divided by too much: average over the samples, not over the neurons.",
            ),
        ),
        hints=(
            (
                "每个样本 n 给出一个矩阵，第 (j, i) 个元素是 post[n, j] * pre[n, i]。",
                "Each sample n gives a matrix whose element (j, i) is post[n, j] * pre[n, i].",
            ),
            (
                "对 n 求和正是一次矩阵乘法：[out, N] 乘 [N, in]。",
                "The sum over n is one matrix product: [out, N] times [N, in].",
            ),
            ("post.t() @ pre，再除以 len(pre)。", "post.t() @ pre, divided by len(pre)."),
        ),
    ),
    Exercise(
        id="05.change_coins",
        solution=change_coins,
        run=_changed_by,
        cases=((0.37, 20.0, 0.1), (-0.253, 20.0, 0.1), (0.06, 10.0, 0.1), (0.1234, 5.0, 0.05)),
        seconds=10.0,
        mistakes=(
            Mistake(
                lambda goal, tau, lr: [-shift for shift in change_coins(goal, tau, lr)],
                "方向反了：要让权重变大，post 必须在 pre 之后，shift 为正。",
                "The wrong way: to raise the weight post must come after pre, with a positive shift.",
            ),
            Mistake(
                lambda goal, tau, lr: change_coins(goal, tau, lr)[:1],
                "只用了一对脉冲：一对最多改变 lr·(1-1/τ)，剩下的目标还要继续凑。",
                "Only one pair: it can change the weight by lr·(1-1/τ) at most; go on until nothing is left.",
            ),
            Mistake(
                lambda goal, tau, lr: [1 if goal > 0 else -1] * round(abs(goal) / (lr * (1 - 1 / tau))),
                "只用了最大的硬币（shift = ±1），凑不出零头：最后几对换成更大的间隔。",
                "Only the largest coin (a shift of ±1) cannot make small change: use longer shifts for the remainder.",
            ),
            Mistake(
                lambda goal, tau, lr: change_coins(abs(goal), tau, lr),
                "目标为负时要让权重变小：post 在前，shift 为负。",
                "A negative goal lowers the weight: post comes first, the shift is negative.",
            ),
        ),
        hints=(
            (
                "相隔 n 步的一对脉冲是一枚面值 lr·(1-1/τ)ⁿ 的硬币：像找零一样，从大到小地用。",
                "A pair n steps apart is a coin worth lr·(1-1/τ)ⁿ: give change, largest coins first.",
            ),
            (
                "每次挑不超过剩余目标的最大硬币，即最小的 n，然后从目标里减去它。",
                "Each time take the largest coin that does not exceed what is left, the smallest n, and subtract it.",
            ),
            (
                "先按 |goal| 凑，goal 为负时把每个 shift 取负；剩下不到 lr 的千分之一就停。",
                "Work with |goal| and negate every shift if goal is negative; stop when less than lr/1000 is left.",
            ),
        ),
    ),
)
