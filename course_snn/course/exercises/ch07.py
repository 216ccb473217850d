"""Exercises of chapter 07: the tempotron."""

import math

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Mistake
from course_snn.event_driven import Tempotron, peak_time, psp_kernel


def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))


def voltage(weights, times, T):
    since = torch.arange(T)[:, None] - times
    psp = psp_kernel(since, 15.0, 3.75) * (times >= 0)
    return psp @ weights


def peak_gradient(weights, times, T):
    since = torch.arange(T)[:, None] - times
    psp = psp_kernel(since, 15.0, 3.75) * (times >= 0)
    t_max = (psp @ weights).argmax()
    return psp[t_max]


def margin_loss(v_max, labels, margin):
    sign = 2 * F.one_hot(labels, v_max.shape[1]) - 1
    short = (margin - sign * (v_max - 1)).clamp(min=0)
    return short.square().sum() / len(labels)


def order_detector(gap):
    w_a, w_b = 1.2, -0.9
    return w_a, w_b


def _ends(tau, tau_s):
    t = peak_time(tau, tau_s)
    return math.exp(-t / tau), math.exp(-t / tau_s)


def _psp(times, T, causal=True, silent=True, sign=1):
    """The potentials [T, inputs], with one thing done wrong."""
    since = (sign * (torch.arange(T)[:, None] - times)).double()
    k = psp_kernel(since, 15.0, 3.75) if causal else 2.1165 * (torch.exp(-since / 15) - torch.exp(-since / 3.75))
    return (k * (times >= 0) if silent else k).float()


def _wrong_voltage(**fault):
    return lambda weights, times, T: _psp(times, T, **fault) @ weights


def _gradient(choose):
    """A gradient read at another place: ``choose(potentials [T, inputs], voltage [T])``."""

    def answer(weights, times, T):
        psp = _psp(times, T)
        return choose(psp, psp @ weights, weights)

    return answer


def _first_crossing(psp, v, weights):
    over = (v >= 1).nonzero()
    return psp[over[0, 0]] if len(over) else psp[v.argmax()]


def _short(v_max, labels, margin):
    sign = 2 * F.one_hot(labels, v_max.shape[1]) - 1
    return (margin - sign * (v_max - 1)).clamp(min=0)


def _distance(v_max, labels, margin):
    wanted = 1 + margin * (2 * F.one_hot(labels, v_max.shape[1]) - 1)
    return (v_max - wanted).square().sum() / len(labels)


def _fires(answer, gap):
    """For each order of the two spikes, at the gap itself and one step more or less: does the neuron fire?"""
    weights = answer(gap)
    if weights is None or weights is ... or ... in tuple(weights):
        return ...  # not started
    net = Tempotron(2, 1, 80)
    net.weight.data = torch.tensor([[float(w) for w in weights]])
    gaps = [gap - 1, gap, gap + 1]
    a_first, b_first = torch.tensor([[5, 5 + d] for d in gaps]), torch.tensor([[5 + d, 5] for d in gaps])
    with torch.no_grad():
        return [bool(v >= 1) for v in torch.cat([net(a_first), net(b_first)]).flatten()]


_W = torch.tensor([0.9, -0.6, 0.8, 0.5])
_TIMES = torch.tensor([3, 12, 9, -1])
_VOLTAGES = ((_W, _TIMES, 30), (torch.tensor([0.4, 0.7, 1.1]), torch.tensor([0, 20, 7]), 25))
_GRADIENTS = ((_W, _TIMES, 30), (torch.tensor([1.5, 0.9, -2.0]), torch.tensor([0, 6, 18]), 40))
_LOSSES = (
    (torch.tensor([[1.2, 0.8], [0.5, 1.5]]), torch.tensor([1, 1]), 0.0),
    (torch.tensor([[1.2, 0.8, 0.3], [0.5, 1.6, 1.1]]), torch.tensor([0, 2]), 0.5),
    (torch.tensor([[2.5, -0.8, 0.9], [0.2, 0.1, 1.4], [1.0, 1.0, 1.0]]), torch.tensor([0, 2, 1]), 0.3),
)

EXERCISES = (
    Exercise(
        id="07.psp_scale",
        solution=psp_scale,
        cases=((15.0, 3.75), (20.0, 5.0), (10.0, 1.0), (6.0, 5.0)),
        mistakes=(
            Mistake(
                lambda tau, tau_s: 1 / _ends(tau, tau_s)[0] - _ends(tau, tau_s)[1],
                "虫还在：除法先于减法，只有第一个指数到了分母里。给差加上括号。",
                "The bug is still there: division comes before subtraction, so only the first exponential went below "
                "the line. Put brackets around the difference.",
            ),
            Mistake(
                lambda tau, tau_s: _ends(tau, tau_s)[0] - _ends(tau, tau_s)[1],
                "这是没有放大时的峰值；要让峰值变成 1，应当除以它。",
                "That is the height of the peak without a scale; to bring the peak to 1, divide by it.",
            ),
            Mistake(
                lambda tau, tau_s: 1 / (math.exp(-1) - math.exp(-tau / tau_s)),
                "峰不在 t = τ：它在导数为零的地方，t_peak = τ τ_s ln(τ/τ_s) / (τ - τ_s)。",
                "The peak is not at t = τ but where the slope is zero: t_peak = τ τ_s ln(τ/τ_s) / (τ - τ_s).",
            ),
            Mistake(
                lambda tau, tau_s: 1 / (_ends(tau, tau_s)[1] - _ends(tau, tau_s)[0]),
                "符号反了：慢的指数（τ）在前，减去快的（τ_s），差才是正的。",
                "The sign is wrong: the slow exponential (τ) comes first; minus the fast one (τ_s) it is positive.",
            ),
        ),
        hints=(
            ("把 τ = 15、τ_s = 3.75 代入，分母应当约为 0.47。", "With τ = 15 and τ_s = 3.75 you divide by about 0.47."),
            ("在 Python 里，1 / a - b 是 (1 / a) - b。", "In Python, 1 / a - b is (1 / a) - b."),
            (
                "两个指数先相减，再取倒数：1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))。",
                "Subtract first, then invert: 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s)).",
            ),
        ),
    ),
    Exercise(
        id="07.voltage",
        solution=voltage,
        cases=_VOLTAGES,
        mistakes=(
            Mistake(
                _wrong_voltage(silent=False),
                "时刻 -1 表示没有脉冲，你却把它当成第 -1 步的脉冲：乘上 (times >= 0)。",
                "A time of -1 means no spike, but you took it for a spike in step -1: multiply by (times >= 0).",
            ),
            Mistake(
                _wrong_voltage(sign=-1),
                "时间反了：since 是 t - t_i，不是 t_i - t。脉冲之后才有电位。",
                "Time runs backwards: since is t - t_i, not t_i - t. The potential comes after the spike.",
            ),
            Mistake(
                lambda weights, times, T: _psp(times, T).sum(1),
                "忘了权重：每个输入的电位要先乘上它的 w_i。",
                "The weights are missing: multiply the potential of each input by its w_i.",
            ),
            Mistake(
                _wrong_voltage(causal=False),
                "脉冲还没来就有了电位：t < t_i 时 K = 0，psp_kernel 已经替你做了。",
                "There is a potential before the spike: for t < t_i K is 0; psp_kernel sees to that.",
            ),
        ),
        hints=(
            (
                "先做一张表：第 t 行第 i 列是 t - times[i]，形状 [T, I]。",
                "Make a table first: row t, column i holds t - times[i], shape [T, I].",
            ),
            (
                "torch.arange(T)[:, None] - times 就是这张表；psp_kernel(表, 15.0, 3.75) 给出每一格的电位。",
                "torch.arange(T)[:, None] - times is that table; psp_kernel(table, 15.0, 3.75) gives each potential.",
            ),
            (
                "乘上 (times >= 0)，再用 @ weights 对输入求和。",
                "Multiply by (times >= 0), then sum over the inputs with @ weights.",
            ),
        ),
    ),
    Exercise(
        id="07.peak_gradient",
        solution=peak_gradient,
        cases=_GRADIENTS,
        mistakes=(
            Mistake(
                _gradient(lambda psp, v, w: psp[-1]),
                "你读的是最后一步的电位；应当读 t_max 那一步，即 V 最大的时刻。",
                "You read the potentials in the last step; read them at t_max, where V is largest.",
            ),
            Mistake(
                _gradient(lambda psp, v, w: psp.sum(0)),
                "你把所有时刻加了起来：V_max 只看 t_max 这一个时刻。",
                "You summed over all times: V_max depends on t_max alone.",
            ),
            Mistake(
                _gradient(lambda psp, v, w: psp[v.argmax()] * w),
                "多乘了权重：w_i K 对 w_i 求导，只剩 K。",
                "A weight too many: the derivative of w_i K with respect to w_i is K alone.",
            ),
            Mistake(
                lambda weights, times, T: _psp(times, T, silent=False)[voltage(weights, times, T).argmax()],
                "没有发放的输入（时刻 -1）没有功劳，它的梯度是 0。",
                "An input that did not fire (time -1) earns nothing: its gradient is 0.",
            ),
            Mistake(
                _gradient(_first_crossing),
                "你读的是第一次过阈值的时刻；要改变的是峰值，所以读 t_max。",
                "You read the first crossing of the threshold; what shall change is the peak, so read t_max.",
            ),
        ),
        hints=(
            (
                "V 是权重的线性函数：在一个固定的时刻 t，∂V/∂w_i = K(t - t_i)。",
                "V is linear in the weights: at a fixed time t, ∂V/∂w_i = K(t - t_i).",
            ),
            (
                "先算出 V，再用 argmax() 找到 t_max。",
                "Compute V first, then find t_max with argmax().",
            ),
            (
                "电位表的第 t_max 行就是答案：psp[t_max]，没有发放的输入那一列是 0。",
                "Row t_max of the table of potentials is the answer: psp[t_max], 0 where an input did not fire.",
            ),
        ),
    ),
    Exercise(
        id="07.margin_loss",
        solution=margin_loss,
        cases=_LOSSES,
        mistakes=(
            Mistake(
                lambda v, y, m: _short(v, y, -m).square().sum() / len(y),
                "裕量的方向反了：对的神经元要超过 1 + margin，其余的要低于 1 - margin。",
                "The margin goes the wrong way: the right neuron must exceed 1 + margin, the others stay below "
                "1 - margin.",
            ),
            Mistake(
                lambda v, y, m: _short(v, y, m).square().mean(),
                "你对全部元素求了平均：应当对神经元求和，只除以样本数。",
                "You took the mean over all elements: sum over the neurons and divide by the number of samples only.",
            ),
            Mistake(
                lambda v, y, m: _short(v, y, m).sum() / len(y),
                "忘了平方。",
                "The square is missing.",
            ),
            Mistake(
                _distance,
                "做得够好的神经元也被罚了：超出目标的部分不算误差，用 clamp(min=0)。",
                "You also punish neurons that do better than asked: what lies beyond the goal is no error, so "
                "clamp(min=0).",
            ),
        ),
        hints=(
            (
                "先给每个神经元一个符号：标签那一个是 +1，其余是 -1。",
                "Give each neuron a sign first: +1 for the one of the label, -1 for the others.",
            ),
            (
                "符号乘以 (v_max - 1) 是它领先阈值多少；margin 减去它是还差多少。",
                "The sign times (v_max - 1) says how far it is on the right side; margin minus that is what it lacks.",
            ),
            (
                "还差的部分是 (margin - sign * (v_max - 1)).clamp(min=0)；平方，求和，除以 len(labels)。",
                "What it lacks is (margin - sign * (v_max - 1)).clamp(min=0); square it, sum, divide by len(labels).",
            ),
        ),
    ),
    Exercise(
        id="07.order_detector",
        solution=order_detector,
        run=_fires,
        cases=((5,), (8,), (12,), (20,)),
        mistakes=(
            Mistake(
                lambda gap: (0.9, 0.9),
                "两种次序它都发放：两个正权重只会做加法。让 B 去抑制。",
                "It fires for both orders: two positive weights merely add up. Let B inhibit.",
            ),
            Mistake(
                lambda gap: (-0.9, 1.2),
                "反了：它在 B 先来时发放。先来的那个输入要能独自把神经元推过阈值。",
                "The wrong way round: it fires if B comes first. The input that comes first must be able to push the "
                "neuron over the threshold alone.",
            ),
            Mistake(
                lambda gap: (0.8, -0.9),
                "它从不发放：A 的权重小于 1，独自到不了阈值。",
                "It never fires: with a weight below 1, A does not reach the threshold alone.",
            ),
            Mistake(
                lambda gap: (1.2, -0.5),
                "相隔久了就不灵：20 步之后，B 的抑制已经消退，A 又能过阈值了。让 B 更负一些。",
                "It fails when the gap is long: 20 steps later B's inhibition has faded, and A passes the threshold. "
                "Make B more negative.",
            ),
        ),
        hints=(
            (
                "A 先来时，峰值在 B 到达之前就过了阈值；B 再来也晚了。",
                "If A comes first, the peak passes the threshold before B arrives; then B is too late.",
            ),
            (
                "B 先来时，它留下的负电位还在，A 的峰要低于 1。",
                "If B comes first, what is left of its negative potential must keep A's peak below 1.",
            ),
            (
                "A 略大于 1，例如 1.2；B 为负，相隔 20 步时还要管用，所以要接近 -1。",
                "A slightly above 1, say 1.2; B negative, and near -1 since it must still work 20 steps later.",
            ),
        ),
    ),
)
