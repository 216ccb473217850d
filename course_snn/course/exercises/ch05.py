"""Exercises of chapter 05: spike-timing-dependent plasticity (STDP)."""

import functools
import math

import torch

from course_snn import learning, synapse
from course_snn.course.exercise import Exercise, Finding, Mistake


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


def _rises(shift, ap, am, tp, tm):
    return ap * math.exp(-shift / tp)


def _falls(shift, ap, am, tp, tm):
    return -am * math.exp(shift / tm)


def _window(after=_rises, before=_falls, same=lambda *a: 0.0):
    """A window with one part done wrong: ``after`` for shift > 0, ``before`` for shift < 0, ``same`` for 0."""
    return lambda shift, *a: (same if shift == 0 else after if shift > 0 else before)(shift, *a)


def _curve(fall):
    """A window of another shape: ``fall(distance, tau)`` in place of the exponential."""
    return _window(lambda s, ap, am, tp, tm: ap * fall(s, tp), lambda s, ap, am, tp, tm: -am * fall(-s, tm))


def _rule(change, late=False, f=lambda w: 1.0):
    """``stdp_step`` with another change of the weights: ``change(x, y, pre, post)``, without the learning rate."""

    def answer(w, x, y, pre, post, tau, lr):
        new_x, new_y = x - x / tau + pre, y - y / tau + post
        seen = (x, y) if late else (new_x, new_y)
        return w + lr * f(w) * change(*seen, pre, post), new_x, new_y

    return answer


def _pairs(x, y, pre, post):
    return torch.outer(post, x) - torch.outer(y, pre)


def _gained(x, y, pre, post):
    return torch.outer(post, x)


def _lost(x, y, pre, post):
    return torch.outer(y, pre)


def _anyone(spikes):
    return torch.ones_like(spikes) * spikes.any()


def _low_pass_step(w, x, y, pre, post, tau, lr):
    x, y = x + (pre - x) / tau, y + (post - y) / tau
    return w + lr * _pairs(x, y, pre, post), x, y


def _products(pre, post):
    return post[:, :, None] * pre[:, None, :]


def _changed_by(answer, goal, tau, lr):
    """Play the answer's pairs to a real synapse, one after the other, and return the change they make."""
    shifts = answer(goal, tau, lr)
    if shifts is None or shifts is ...:
        return shifts
    first = _whole(shifts)
    shifts = _whole(answer(goal, tau, lr))
    if len(shifts) > len(first) and shifts[: len(first)] == first:
        raise Finding(
            "用同样的参数再调用一次，列表更长了：上一次的还留在里面。每次调用都要从新的空列表开始。",
            "Called once more with the same arguments, it returns a longer list: what was there the first time is "
            "still in it. Begin every call with a new, empty list.",
        )
    if len(shifts) > 12:
        raise Finding("至多用 12 对脉冲，你用了更多。", "Use 12 pairs at most; yours are more.")
    total = sum(_pair(shift, tau, lr) for shift in shifts)
    return goal if abs(total - goal) < 0.0101 * lr else total


def _whole(shifts) -> list[int]:
    try:
        shifts = list(shifts)
        whole = [int(shift) for shift in shifts]
        if all(number == shift for number, shift in zip(whole, shifts, strict=True)):
            return whole
    except (TypeError, ValueError, RuntimeError, OverflowError):
        if isinstance(shifts, list) and any(shift is ... for shift in shifts):
            raise  # says that the answer is not finished
    raise Finding(
        "应返回一列整数，每对脉冲一个：t_post − t_pre。",
        "Return a list of whole numbers, one for each pair of spikes: t_post − t_pre.",
    )


@functools.cache
def _pair(shift: int, tau: float, lr: float) -> float:
    """Return the weight change that one pair makes, post ``shift`` steps after pre, under the gated rule."""
    connection = synapse.Linear(1, 1)
    connection.weight.zero_()
    updater = learning.STDPUpdater(tau, tau, lr, f_w=lambda w: 1.0, gated=True)
    first = max(0, -shift)
    for t in range(min(abs(shift), 500) + 1):
        updater.update(connection, torch.tensor([t == first]), torch.tensor([t == first + shift]))
    return connection.weight.item()


def _paid(coin, smallest=1, largest=500, error=0.005, pairs=12):
    """Change given with coins of another value, ``coin(n, tau)`` in units of lr; always the nearest coin."""

    def answer(goal, tau, lr):
        shifts, rest = [], goal / lr
        values = {n: coin(n, tau) for n in range(smallest, largest)}
        while abs(rest) > error and len(shifts) < pairs:
            n = min(values, key=lambda k: abs(abs(rest) - values[k]))
            shifts.append(n if rest > 0 else -n)
            rest -= math.copysign(values[n], rest)
        return shifts

    return answer


def _coin(n, tau):
    return (1 - 1 / tau) ** n


_W = torch.tensor([[0.5, 1.4], [-0.3, 0.4]])
_X, _Y = torch.tensor([0.6, 0.3]), torch.tensor([0.2, 0.9])
_STEPS = (
    *(
        (_W, _X, _Y, torch.tensor(pre), torch.tensor(post), 10.0, 0.1)
        for pre, post in [([1.0, 0.0], [0.0, 0.0]), ([0.0, 0.0], [0.0, 1.0]), ([1.0, 0.0], [1.0, 1.0])]
    ),
    (torch.zeros(2, 3), torch.ones(3), _Y, torch.tensor([0.0, 1.0, 1.0]), torch.tensor([1.0, 0.0]), 4.0, 0.5),
)
_PRE = torch.tensor([[1.0, 0.0, 1.0], [0.5, 0.5, 0.0]])
_POST = torch.tensor([[1.0, 0.0], [1.0, 1.0]])

EXERCISES = (
    Exercise(
        id="05.stdp_window",
        solution=stdp_window,
        cases=(
            *((shift, 1.0, 0.6, 15.0, 30.0) for shift in (5.0, -5.0, 0.0)),
            *((shift, 2.0, 1.0, 10.0, 20.0) for shift in (40.0, -40.0, 0.5, -2.5)),
        ),
        mistakes=(
            Mistake(
                _window(before=lambda s, ap, am, tp, tm: -am * math.exp(-s / tm)),
                "左半边爆炸了：shift 为负时，指数应当是 shift/τ，离得越远变化越小。",
                "The left half explodes: for a negative shift the exponent is shift/τ; distant spikes matter less.",
            ),
            Mistake(
                _window(after=lambda s, ap, am, tp, tm: ap * math.exp(s / tp)),
                "右半边爆炸了：shift 为正时，指数应当是 -shift/τ，离得越远变化越小。",
                "The right half explodes: for a positive shift the exponent is -shift/τ; distant spikes matter less.",
            ),
            Mistake(
                _window(before=lambda *a: -_falls(*a)),
                "两边都增强了：post 在前、pre 在后时，权重应当减小。",
                "Both halves strengthen: if post comes first and pre second, the weight must fall.",
            ),
            Mistake(
                lambda shift, *a: stdp_window(-shift, *a),
                "方向反了：shift = t_post − t_pre，为正表示 pre 在前，应当增强。",
                "The wrong way round: shift = t_post − t_pre, positive if pre comes first, and then the weight grows.",
            ),
            Mistake(
                lambda s, ap, am, tp, tm: stdp_window(s, ap, am, tm, tp),
                "两个时间常数用反了：pre 在前（shift > 0）用 tau_plus，post 在前用 tau_minus。",
                "The time constants are exchanged: tau_plus for pre first (shift > 0), tau_minus for post first.",
            ),
            Mistake(
                lambda s, ap, am, tp, tm: stdp_window(s, am, ap, tp, tm),
                "两个幅度用反了：pre 在前（shift > 0）用 a_plus，post 在前用 a_minus。",
                "The amplitudes are exchanged: a_plus for pre first (shift > 0), a_minus for post first.",
            ),
            Mistake(
                lambda s, ap, am, tp, tm: stdp_window(s, ap, am, tp, tp),
                "左半边有自己的时间常数 tau_minus。",
                "The left half has a time constant of its own, tau_minus.",
            ),
            Mistake(
                lambda s, ap, am, tp, tm: stdp_window(s, ap, ap, tp, tm),
                "左半边有自己的幅度 a_minus。",
                "The left half has an amplitude of its own, a_minus.",
            ),
            Mistake(
                _window(same=_rises),
                "shift 为 0 时分不出先后，应返回 0；你把它算成了 pre 在前。",
                "For a shift of 0 there is no order: return 0. You count it as pre first.",
            ),
            Mistake(
                _window(same=_falls),
                "shift 为 0 时分不出先后，应返回 0；你把它算成了 post 在前。",
                "For a shift of 0 there is no order: return 0. You count it as post first.",
            ),
            Mistake(
                lambda s, ap, am, tp, tm: stdp_window(s, 1.0, 0.5, 17.0, 34.0),
                "幅度和时间常数写死了：用函数的参数，不用图里的数值。",
                "Amplitudes and time constants are fixed numbers: use the arguments, not the values of the figure.",
            ),
            Mistake(
                _curve(lambda distance, tau: (1 - 1 / tau) ** distance),
                "(1 − 1/τ)ⁿ 只是近似；这里要的是公式里的指数函数。",
                "(1 − 1/τ)ⁿ is only an approximation; what is asked for is the exponential of the formula.",
            ),
            Mistake(
                lambda s, *a: stdp_window(int(s), *a),
                "shift 可以是小数：不要取整。",
                "A shift need not be a whole number: do not round it.",
            ),
        ),
        hints=(
            ("分三种情况：shift 大于 0、小于 0、等于 0。", "Three cases: shift above 0, below 0, equal to 0."),
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
        cases=((1.0, 0.0, 10.0), (0.0, 1.0, 10.0), (2.0, 1.0, 20.0), (0.5, 0.0, 4.0), (12.5, 0.0, 5.0)),
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
            Mistake(lambda x, s, tau: x + x / tau + s, "符号反了：迹应当衰减。", "The sign is wrong: a trace decays."),
            Mistake(
                lambda x, s, tau: 1.0 if s else x - x / tau,
                "这是“最近脉冲”的迹，旧的记忆被抹掉了；这里要的是累加：旧的迹加 1。",
                "That is the nearest-spike trace, which forgets older spikes; here they add up: the old trace plus 1.",
            ),
            Mistake(lambda x, s, tau: x - x / tau, "忘了脉冲：加上 s。", "The spike is missing: add s."),
            Mistake(lambda x, s, tau: x + s, "忘了衰减 x / tau。", "The decay x / tau is missing."),
            Mistake(
                lambda x, s, tau: x / tau + s,
                "漏掉的是 x / tau，留下的是 x − x / tau；你只留下了漏掉的那一份。",
                "x / tau is what leaks away, x − x / tau is what stays; you keep only what should leak away.",
            ),
            Mistake(
                lambda x, s, tau: x * math.exp(-1 / tau) + s,
                "这是精确的指数衰减；这里要的是欧拉法的一步：x − x / tau。",
                "That is the exact exponential decay; what is asked for is an Euler step: x − x / tau.",
            ),
            Mistake(
                lambda x, s, tau: x + s if s else x - x / tau,
                "有脉冲的那一步也要衰减：每一步都先衰减，再加 s。",
                "In a step with a spike the trace decays too: decay in every step, then add s.",
            ),
            Mistake(
                lambda x, s, tau: trace_step(x, s, 20.0),
                "tau 写死成 20 了：用参数 tau。",
                "tau is always 20 here: use the argument tau.",
            ),
            Mistake(
                lambda x, s, tau: min(trace_step(x, s, tau), 1.0),
                "迹没有上限：脉冲一个接一个时，它会超过 1。",
                "A trace has no upper limit: with one spike after another it exceeds 1.",
            ),
            Mistake(
                lambda x, s, tau: 0.0 if trace_step(x, s, tau) >= 1 else trace_step(x, s, tau),
                "迹没有阈值，也不重置：那是神经元的事。",
                "A trace has no threshold and is never reset: that is what a neuron does.",
            ),
            Mistake(
                lambda x, s, tau: x - 1 / tau + s,
                "漏掉的量与迹成正比：是 x / tau，不是 1 / tau。",
                "What leaks away is in proportion to the trace: x / tau, not 1 / tau.",
            ),
            Mistake(lambda x, s, tau: -x / tau + s, "这是变化量：再加上旧的 x。", "That is the change: add the old x."),
        ),
        hints=(
            (
                "方程里有两项：衰减，以及脉冲带来的跳跃。",
                "The equation has two terms: the decay, and the jump that a spike makes.",
            ),
            ("欧拉法走一步，dt = 1：衰减项是 -x / tau。", "One Euler step with dt = 1: the decay is -x / tau."),
            ("跳跃就是加上 s，不用除以 tau。", "The jump is plain s, not divided by tau."),
        ),
    ),
    Exercise(
        id="05.stdp_step",
        solution=stdp_step,
        cases=_STEPS,
        keeps=True,
        mistakes=(
            Mistake(
                _rule(_pairs, late=True),
                "顺序反了：先更新两条迹，再用新的迹去改权重。",
                "The order is wrong: update both traces first, then change the weight with the new traces.",
            ),
            Mistake(
                lambda w, x, y, pre, post, tau, lr: (
                    w + lr * (torch.outer(post, x - x / tau + pre) - torch.outer(y, pre)),
                    *stdp_step(w, x, y, pre, post, tau, lr)[1:],
                ),
                "减弱时用的还是旧的 y：两条迹都先更新，再改权重。",
                "What is subtracted still uses the old y: update both traces first, then change the weight.",
            ),
            Mistake(
                _rule(lambda *a: -_pairs(*a)),
                "符号反了：post 发放时权重加上 x，pre 发放时权重减去 y。",
                "The signs are exchanged: add x where post fires, subtract y where pre fires.",
            ),
            Mistake(
                _rule(lambda x, y, pre, post: torch.outer(post, y) - torch.outer(x, pre)),
                "迹用反了：post 发放时看的是 pre 的迹 x，pre 发放时看的是 post 的迹 y。",
                "The traces are exchanged: a post spike reads the trace x of pre, a pre spike the trace y of post.",
            ),
            Mistake(
                _rule(lambda *a: _pairs(*a).t()),
                "转置了：权重的形状是 [out, in]，行是 post，列是 pre。",
                "Transposed: the weight is [out, in], its rows are post, its columns pre.",
            ),
            Mistake(
                _rule(lambda x, y, pre, post: x[None, :] - y[:, None]),
                "你每一步都改了权重：只有 post 发放的行才加，只有 pre 发放的列才减。",
                "You change the weight in every step: add only in rows where post fires, subtract only in columns "
                "where pre fires.",
            ),
            Mistake(
                _rule(lambda x, y, pre, post: _pairs(x, y, _anyone(pre), _anyone(post))),
                "只要有一个神经元发放，你就改了所有的行或列：各看各的脉冲。",
                "One spike anywhere changes all rows or columns: each neuron opens its own row or column only.",
            ),
            Mistake(
                _rule(lambda x, y, pre, post: _pairs(x, y, pre, post) * (post.any() != pre.any())),
                "同一步两边都有脉冲时，也要又加又减：两句话互不排斥。",
                "In a step with spikes on both sides do both, add and subtract: neither excludes the other.",
            ),
            Mistake(_rule(_gained), "pre 发放的列还要减去 lr * y。", "In the columns where pre fires subtract lr * y."),
            Mistake(
                _rule(lambda *a: -_lost(*a)),
                "权重只减不增：post 发放的行还要加上 lr * x。",
                "The weights only shrink: add lr * x in the rows where post fires.",
            ),
            Mistake(
                lambda w, x, y, pre, post, tau, lr: stdp_step(w, x, y, pre, post, tau, 1.0),
                "忘了学习率：两项都要乘 lr。",
                "The learning rate is missing: both terms are multiplied by lr.",
            ),
            Mistake(
                lambda w, x, y, pre, post, tau, lr: _rule(lambda *a: _gained(*a) - _lost(*a) / lr)(
                    w, x, y, pre, post, tau, lr
                ),
                "第二项忘了学习率：两项都要乘 lr。",
                "The second term lacks the learning rate: both are multiplied by lr.",
            ),
            Mistake(_rule(_pairs, f=torch.abs), "f = 1：变化量与权重无关。", "f = 1: the change does not depend on w."),
            Mistake(
                lambda *a: (stdp_step(*a)[0].clamp(0, 1), *stdp_step(*a)[1:]),
                "这里不截断：权重可以小于 0，也可以大于 1。",
                "Nothing is clipped here: weights may be below 0 or above 1.",
            ),
            Mistake(
                _low_pass_step,
                "迹里的脉冲被除以 τ 了：每个脉冲让迹增加整整 1。",
                "The spikes in the traces are divided by τ: every spike adds a full 1 to a trace.",
            ),
            Mistake(
                lambda w, x, y, pre, post, tau, lr: (stdp_step(w, x, y, pre, post, tau, lr)[0], x, y),
                "权重对了，返回的迹却还是旧的：返回更新后的 x 和 y。",
                "The weights are right, but the traces come back as they were: return the new x and y.",
            ),
            Mistake(lambda *a: stdp_step(*a)[0], "三样都要：return w, x, y。", "All three are wanted: return w, x, y."),
        ),
        hints=(
            ("四行代码：x、y、加、减，就按这个顺序。", "Four lines: x, y, add, subtract, in this order."),
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
                "这是总和：还要除以样本数 N。",
                "That is the sum: divide by the number of samples N.",
            ),
            Mistake(
                lambda pre, post: torch.outer(post.mean(0), pre.mean(0)),
                "先平均再相乘，会把不同样本的脉冲配成一对；应当先在每个样本里相乘，再平均。",
                "Averaging first pairs spikes of different samples: multiply within each sample, then average.",
            ),
            Mistake(
                lambda pre, post: torch.outer(post.sum(0), pre.sum(0)) / len(pre),
                "先求和再相乘，会把不同样本的脉冲配成一对；应当先在每个样本里相乘，再对样本平均。",
                "Summing first pairs spikes of different samples: multiply within each sample, then average over them.",
            ),
            Mistake(
                lambda pre, post: pre.t() @ post / len(pre),
                "转置了：结果的形状应当与权重相同，是 [out, in]。",
                "Transposed: the result must have the shape of the weight, [out, in].",
            ),
            Mistake(
                lambda pre, post: post.t() @ pre / pre.shape[1],
                "除以了输入的个数：应当除以样本数 len(pre)。",
                "Divided by the number of inputs: divide by the number of samples, len(pre).",
            ),
            Mistake(
                lambda pre, post: post.t() @ pre / 4,
                "除数写死成 4 了：除以样本数 len(pre)。",
                "The divisor is always 4: divide by the number of samples, len(pre).",
            ),
            Mistake(
                lambda pre, post: _products(pre, post).mean(),
                "你对全部元素求了平均：只对样本（第 0 维）平均，结果是 [out, in]。",
                "You average over all elements: average over the samples only (dimension 0); the result is [out, in].",
            ),
            Mistake(
                lambda pre, post: _products(pre, post).mean(1),
                "平均错了维：对样本（第 0 维）平均。",
                "Averaged over the wrong dimension: average over the samples (dimension 0).",
            ),
            Mistake(
                lambda pre, post: _products(pre, post) / len(pre),
                "还没有对样本求和：结果的形状是 [out, in]，不带 N。",
                "The sum over the samples is missing: the result is [out, in], without N.",
            ),
            Mistake(
                lambda pre, post: torch.outer(post[-1], pre[-1]) / len(pre),
                "只剩最后一个样本：循环里要把每个样本的乘积累加起来。",
                "Only the last sample is left: the loop must add up the products of all samples.",
            ),
            Mistake(
                lambda pre, post: post[:-1].t() @ pre[:-1] / len(pre),
                "漏掉了最后一个样本。",
                "The last sample is left out.",
            ),
            Mistake(
                lambda pre, post: _products(pre, post).sum(0) / (_products(pre, post) > 0).sum(0).clamp(min=1),
                "你只除以乘积不为 0 的样本数：除以全部样本数 N。",
                "You divide by the number of samples whose product is not 0: divide by all N.",
            ),
            Mistake(
                lambda pre, post: _products(pre, post).amax(0),
                "你取了最大的乘积：要的是平均。",
                "That is the largest product: take the mean.",
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
        measured=("权重的变化", "change of the weight"),
        cases=((0.37, 20.0, 0.1), (-0.253, 20.0, 0.1), (0.06, 10.0, 0.1), (0.1234, 5.0, 0.05)),
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
            Mistake(
                lambda goal, tau, lr: change_coins(max(goal, 0.0), tau, lr),
                "目标为负时什么也没做：post 在前，shift 为负，权重就减小。",
                "For a negative goal nothing happens: post first, with a negative shift, lowers the weight.",
            ),
            Mistake(
                _paid(_coin, smallest=0),
                "同一步的一对脉冲不值钱：硬币从 n = 1 开始。",
                "A pair in the same step is worth nothing: the coins begin with n = 1.",
            ),
            Mistake(
                _paid(lambda n, tau: math.exp(-n / tau)),
                "硬币的面值是 lr·(1 − 1/τ)ⁿ，不是 lr·exp(−n/τ)：差一点点，凑几次就超出误差了。",
                "A coin is worth lr·(1 − 1/τ)ⁿ, not lr·exp(−n/τ): a small difference, but it adds up beyond the error.",
            ),
            Mistake(
                lambda goal, tau, lr: _paid(_coin)(goal, tau, 1.0),
                "忘了学习率：一对脉冲值 lr·(1 − 1/τ)ⁿ。",
                "The learning rate is missing: a pair is worth lr·(1 − 1/τ)ⁿ.",
            ),
            Mistake(
                lambda goal, tau, lr: _paid(_coin)(goal, 20.0, lr),
                "tau 写死成 20 了：用参数 tau。",
                "tau is always 20 here: use the argument tau.",
            ),
            Mistake(
                lambda goal, tau, lr: [s - (1 if s > 0 else -1) for s in _paid(_coin)(goal, tau, lr)],
                "间隔都小了一步：硬币从 n = 1 数起，不从 0。",
                "Every shift is one step too short: coins are counted from n = 1, not from 0.",
            ),
            Mistake(
                _paid(_coin, error=0.1),
                "停得太早：误差要小于 lr 的百分之一。",
                "It stops too early: the error must be below one hundredth of lr.",
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
