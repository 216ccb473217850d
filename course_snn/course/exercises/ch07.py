"""Exercises of chapter 07: the tempotron."""

import math

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Finding, Mistake
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


def _scale(of, when=peak_time):
    """``psp_scale`` with one thing done wrong: ``of(slow, fast)``, the two exponentials at the time ``when``."""

    def answer(tau, tau_s):
        t = when(tau, tau_s)
        return of(math.exp(-t / tau), math.exp(-t / tau_s))

    return answer


def _inverse(slow, fast):
    return 1 / (slow - fast)


def _psp(times, T, causal=True, silent=True, sign=1, start=0):
    """The potentials [T, inputs], with one thing done wrong."""
    since = (sign * (torch.arange(start, start + T)[:, None] - times)).double()
    k = psp_kernel(since, 15.0, 3.75) if causal else 2.1165 * (torch.exp(-since / 15) - torch.exp(-since / 3.75))
    return (k * (times >= 0) if silent else k).float()


def _wrong_voltage(**fault):
    return lambda weights, times, T: _psp(times, T, **fault) @ weights


def _slow_alone(weights, times, T):
    since = torch.arange(T)[:, None] - times
    return (torch.exp(-since / 15) * (since >= 0) * (times >= 0)) @ weights


def _until_silent(weights, times, T):
    n = next((i for i, t in enumerate(times) if t < 0), len(times))
    return voltage(weights[:n], times[:n], T)


def _gradient(choose):
    """A gradient read at another place: ``choose(potentials [T, inputs], voltage [T], weights)``."""

    def answer(weights, times, T):
        psp = _psp(times, T)
        return choose(psp, psp @ weights, weights)

    return answer


def _first_crossing(psp, v, weights):
    over = (v >= 1).nonzero()
    return psp[over[0, 0]] if len(over) else psp[v.argmax()]


def _loss(lack, punish=lambda short: short.square().sum(), samples=len):
    """A loss made of ``lack(sign, v_max, margin)``, where sign is +1 for the neuron of the label and else -1."""

    def answer(v_max, labels, margin):
        sign = 2 * F.one_hot(labels, v_max.shape[1]) - 1
        return punish(lack(sign, v_max, margin)) / samples(labels)

    return answer


def _short(sign, v, margin):
    return (margin - sign * (v - 1)).clamp(min=0)


def _with_gradient(answer, v_max, labels, margin):
    """Return the loss, if gradients pass through it."""
    loss = answer(v_max.clone().requires_grad_(), labels, margin)
    lacking = margin_loss(v_max, labels, margin) > 0
    plain = isinstance(loss, (int, float)) or (torch.is_tensor(loss) and not loss.requires_grad)
    if plain and lacking:
        raise Finding(
            "返回的数与 v_max 断开了，梯度传不回去：不要用 item()、float()、detach() 或 torch.tensor(…)。",
            "What comes back is cut off from v_max, so no gradient passes: leave out item(), float(), detach() and "
            "torch.tensor(…).",
        )
    return loss


def _fires(answer, gap):
    """Whether the neuron fires for A first and is silent for B first, at the gap itself and one step more or less."""
    weights = answer(gap)
    if weights is None or weights is ... or (isinstance(weights, tuple) and weights == (..., ...)):
        return None if weights is None else ...
    net = Tempotron(2, 1, 80)
    net.weight.data = torch.tensor([_two(weights)])
    gaps = (gap - 1, gap, gap + 1), (gap + 1, gap, gap - 1)  # what is hardest comes first
    times = [[5, 5 + apart] for apart in gaps[0]] + [[5 + apart, 5] for apart in gaps[1]]
    with torch.no_grad():
        fires = (net(torch.tensor(times)).flatten() >= 1).tolist()
    for apart, fired, wanted in zip(gaps[0] + gaps[1], fires, [True] * 3 + [False] * 3, strict=True):
        if fired is not wanted:
            raise _wrong_order(wanted, apart)
    return True


def _two(weights) -> list[float]:
    try:
        values = list(weights)
        numbers = [float(value) for value in values]
    except (TypeError, ValueError, RuntimeError):
        if isinstance(weights, tuple) and any(value is ... for value in weights):
            raise  # says that the answer is not finished
        numbers = []
    if len(numbers) != 2:
        raise Finding("应返回两个数：return w_a, w_b。", "Return two numbers: return w_a, w_b.")
    return numbers


def _wrong_order(wanted: bool, apart: int) -> Finding:
    if wanted:
        return Finding(
            f"A 先来、B 晚 {apart} 步时应当发放，它却沉默。",
            f"With A first and B {apart} steps later it should fire, but it is silent.",
        )
    return Finding(
        f"B 先来、A 晚 {apart} 步时应当沉默，它却发放。",
        f"With B first and A {apart} steps later it should be silent, but it fires.",
    )


_W = torch.tensor([0.9, -0.6, 0.5, 0.8])
_TIMES = torch.tensor([3, 5, -1, 9])
_VOLTAGES = (
    (_W, _TIMES, 30),
    (torch.tensor([0.4, 0.7, 1.1]), torch.tensor([0, 20, 7]), 25),
    (torch.tensor([0.5, -1.5, 0.25]), torch.tensor([8, 2, 0]), 20),
)
_GRADIENTS = (  # each voltage has one peak only
    (_W, _TIMES, 30),
    (torch.tensor([1.5, 0.9, -2.0]), torch.tensor([0, 6, 18]), 40),
    (torch.tensor([0.5, -2.0, 0.25]), torch.tensor([2, 12, 6]), 30),
    (torch.tensor([-0.5, 0.9, 0.4]), torch.tensor([0, 4, -1]), 25),
)
_LOSSES = (
    (torch.tensor([[1.2, 0.8], [0.5, 1.5]]), torch.tensor([1, 1]), 0.0),
    (torch.tensor([[1.2, 0.8, 0.3], [0.5, 1.6, 1.1]]), torch.tensor([0, 2]), 0.5),
    (torch.tensor([[2.5, -0.8, 0.9], [0.2, 0.1, 1.4], [1.0, 1.0, 1.0]]), torch.tensor([0, 2, 1]), 0.3),
    (torch.tensor([[0.75, 1.25, 1.5, 0.0], [1.0, 1.25, 0.5, 0.9]]), torch.tensor([0, 1]), 0.25),
)

EXERCISES = (
    Exercise(
        id="07.psp_scale",
        solution=psp_scale,
        cases=((15.0, 3.75), (20.0, 5.0), (10.0, 1.0), (6.0, 5.0)),
        mistakes=(
            Mistake(
                _scale(lambda slow, fast: 1 / slow - fast),
                "虫还在：除法先于减法，只有第一个指数到了分母里。给差加上括号。",
                "The bug is still there: division comes before subtraction, so only the first exponential went below "
                "the line. Put brackets around the difference.",
            ),
            Mistake(
                _scale(lambda slow, fast: 1 / slow - 1 / fast),
                "不能分别取倒数再相减：先相减，再取倒数。",
                "Do not invert each on its own: subtract first, then invert.",
            ),
            Mistake(
                _scale(lambda slow, fast: slow - fast),
                "这是没有放大时的峰值；要让峰值变成 1，应当除以它。",
                "That is the height of the peak without a scale; to bring the peak to 1, divide by it.",
            ),
            Mistake(
                _scale(lambda slow, fast: 1 / (fast - slow)),
                "符号反了：慢的指数（τ）在前，减去快的（τ_s），差才是正的。",
                "The sign is wrong: the slow exponential (τ) comes first; minus the fast one (τ_s) it is positive.",
            ),
            Mistake(
                _scale(lambda slow, fast: 1 / (1 / slow - 1 / fast)),
                "指数的符号反了：是 exp(-t_peak / tau)。",
                "The exponents have the wrong sign: exp(-t_peak / tau).",
            ),
            Mistake(_scale(lambda slow, fast: 1 / (slow + fast)), "两个指数要相减。", "Subtract the exponentials."),
            Mistake(_scale(lambda slow, fast: 1 / slow), "还要减去快的指数。", "Subtract the fast exponential, too."),
            Mistake(
                _scale(_inverse, when=lambda tau, tau_s: tau),
                "峰不在 t = τ：它在导数为零的地方，t_peak = τ τ_s ln(τ/τ_s) / (τ - τ_s)。",
                "The peak is not at t = τ but where the slope is zero: t_peak = τ τ_s ln(τ/τ_s) / (τ - τ_s).",
            ),
            Mistake(
                _scale(_inverse, when=lambda *a: round(peak_time(*a))),
                "t_peak 不要取整：峰不必落在整数步上。",
                "Do not round t_peak: the peak need not fall on a whole step.",
            ),
            Mistake(
                _scale(_inverse, when=lambda *a: peak_time(*a) / math.log(10)),
                "t_peak 里是自然对数 math.log，不是 log10。",
                "t_peak takes the natural logarithm, math.log, not log10.",
            ),
            Mistake(peak_time, "这是峰的时刻，不是 V_0。", "That is the time of the peak, not V_0."),
            Mistake(lambda *a: round(psp_scale(*a), 2), "结果不要取整。", "Do not round the result."),
            Mistake(
                lambda tau, tau_s: (
                    1 / (math.exp(-peak_time(tau, tau_s) / tau) - math.exp(-peak_time(tau, tau_s) / 3.75))
                ),
                "tau_s 是参数，不一定是 3.75。",
                "tau_s is an argument; it need not be 3.75.",
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
        keeps=True,
        mistakes=(
            Mistake(
                _wrong_voltage(silent=False),
                "时刻 -1 表示没有脉冲，你却把它当成第 -1 步的脉冲：乘上 (times >= 0)。",
                "A time of -1 means no spike, but you took it for a spike in step -1: multiply by (times >= 0).",
            ),
            Mistake(
                lambda weights, times, T: voltage(weights * (times > 0), times, T),
                "第 0 步的脉冲也算：只有 -1 表示没有脉冲。",
                "A spike in step 0 counts: only -1 means no spike.",
            ),
            Mistake(
                lambda weights, times, T: voltage(weights, times.clamp(min=0), T),
                "没有发放的输入被当成了第 0 步的脉冲：它们没有电位。",
                "Inputs that did not fire are taken for spikes in step 0: they have no potential.",
            ),
            Mistake(
                _until_silent,
                "遇到没有发放的输入就停了：跳过它（continue），不要 break。",
                "It stops at the first input that did not fire: skip it (continue) instead of break.",
            ),
            Mistake(
                _wrong_voltage(sign=-1),
                "时间反了：since 是 t - t_i，不是 t_i - t。脉冲之后才有电位。",
                "Time runs backwards: since is t - t_i, not t_i - t. The potential comes after the spike.",
            ),
            Mistake(_wrong_voltage(start=1), "时间从 0 开始，不从 1。", "Time starts at 0, not at 1."),
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
            Mistake(_slow_alone, "K 还有快的那个指数。", "K has a fast exponential, too."),
            Mistake(lambda w, *a: voltage(w.abs(), *a), "权重可以是负的。", "Weights may be negative."),
            Mistake(lambda *a: voltage(*a).clamp(min=0), "电位可以小于 0。", "The potential may be below 0."),
            Mistake(lambda w, *a: voltage(w, *a) / len(w), "求和，不求平均。", "Take the sum, not the mean."),
            Mistake(lambda *a: voltage(*a).max(), "要所有时刻的电位。", "Return the potential at all times."),
            Mistake(lambda w, t, T: _psp(t, T) * w, "还要对输入求和。", "Sum over the inputs."),
            Mistake(
                lambda w, t, T: (_psp(t, T) * w).sum(0), "对输入求和，不对时间。", "Sum over inputs, not over time."
            ),
            Mistake(
                lambda weights, times, T: voltage(weights[-1:], times[-1:], T),
                "只剩最后一个输入：要把每个输入的电位累加起来。",
                "Only the last input is left: add up the potentials of all inputs.",
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
        keeps=True,
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
                _gradient(lambda psp, v, w: psp[v.argmax()] * w.sign()),
                "抑制性的输入也一样：导数是 K，与权重的正负无关。",
                "Inhibitory inputs are no exception: the derivative is K, whatever the sign of the weight.",
            ),
            Mistake(
                lambda weights, times, T: _psp(times, T, silent=False)[voltage(weights, times, T).argmax()],
                "没有发放的输入（时刻 -1）没有功劳，它的梯度是 0。",
                "An input that did not fire (time -1) earns nothing: its gradient is 0.",
            ),
            Mistake(
                lambda weights, times, T: peak_gradient(weights, times, T) * (times > 0),
                "第 0 步的脉冲也有功劳：只有 -1 表示没有脉冲。",
                "A spike in step 0 earns its share: only -1 means no spike.",
            ),
            Mistake(
                _gradient(_first_crossing),
                "你读的是第一次过阈值的时刻；要改变的是峰值，所以读 t_max。",
                "You read the first crossing of the threshold; what shall change is the peak, so read t_max.",
            ),
            Mistake(
                _gradient(lambda psp, v, w: psp[v.argmax()] * (v.max() >= 1)),
                "没到阈值时也有梯度：正是这时才要把峰值推高。",
                "There is a gradient below the threshold, too: that is when the peak must be raised.",
            ),
            Mistake(_gradient(lambda psp, v, w: psp[v.argmin()]), "找最高的时刻。", "Find the highest moment."),
            Mistake(_gradient(lambda psp, v, w: psp[v.abs().argmax()]), "V 不取绝对值。", "Take V, not |V|."),
            Mistake(
                _gradient(lambda psp, v, w: psp[psp.sum(1).argmax()]),
                "找 t_max 时忘了权重：t_max 是加权之和 V 最大的时刻。",
                "t_max is found without the weights: it is where the weighted sum V is largest.",
            ),
            Mistake(_gradient(lambda psp, v, w: psp[v.argmax()] > 0), "功劳是 K，不是 1。", "The share is K, not 1."),
            Mistake(_gradient(lambda psp, v, w: psp.amax(0)), "都在 t_max 读。", "Read all inputs at t_max."),
            Mistake(_gradient(lambda psp, v, w: psp[v.argmax()].sum()), "每个输入一个数。", "One number per input."),
            Mistake(_gradient(lambda psp, v, w: psp), "只要 t_max 那一行。", "Take the row of t_max only."),
            Mistake(
                _gradient(lambda psp, v, w: psp[v.argmax()] / psp[v.argmax()].norm()),
                "梯度不要归一化。",
                "Do not scale the gradient to length 1.",
            ),
            Mistake(
                lambda weights, times, T: (
                    psp_kernel(voltage(weights, times, T).argmax() + 1 - times, 15.0, 3.75) * (times >= 0)
                ),
                "晚了一步：argmax 给出的就是 t_max。",
                "One step late: argmax gives t_max itself.",
            ),
        ),
        hints=(
            (
                "V 是权重的线性函数：在一个固定的时刻 t，∂V/∂w_i = K(t - t_i)。",
                "V is linear in the weights: at a fixed time t, ∂V/∂w_i = K(t - t_i).",
            ),
            ("先算出 V，再用 argmax() 找到 t_max。", "Compute V first, then find t_max with argmax()."),
            (
                "电位表的第 t_max 行就是答案：psp[t_max]，没有发放的输入那一列是 0。",
                "Row t_max of the table of potentials is the answer: psp[t_max], 0 where an input did not fire.",
            ),
        ),
    ),
    Exercise(
        id="07.margin_loss",
        solution=margin_loss,
        run=_with_gradient,
        cases=_LOSSES,
        mistakes=(
            Mistake(
                _loss(lambda sign, v, m: _short(sign, v, -m)),
                "裕量的方向反了：对的神经元要超过 1 + margin，其余的要低于 1 - margin。",
                "The margin goes the wrong way: the right neuron must exceed 1 + margin, the others stay below "
                "1 - margin.",
            ),
            Mistake(
                _loss(_short, punish=lambda short: short.square().mean() * len(short)),
                "你对全部元素求了平均：应当对神经元求和，只除以样本数。",
                "You took the mean over all elements: sum over the neurons and divide by the number of samples only.",
            ),
            Mistake(_loss(_short, samples=lambda labels: 1), "还要除以样本数。", "Divide by the number of samples."),
            Mistake(_loss(_short, punish=lambda short: short.sum()), "忘了平方。", "The square is missing."),
            Mistake(_loss(_short, punish=lambda x: x.sum() ** 2), "先平方，再求和。", "Square first, then sum."),
            Mistake(lambda *a: margin_loss(*a).sqrt(), "不开平方根。", "Take no square root."),
            Mistake(
                _loss(lambda sign, v, m: m - sign * (v - 1)),
                "做得够好的神经元也被罚了：超出目标的部分不算误差，平方之前用 clamp(min=0)。",
                "You also punish neurons that do better than asked: what lies beyond the goal is no error, so "
                "clamp(min=0) before you square.",
            ),
            Mistake(
                _loss(lambda sign, v, m: _short(sign, v, m) * (sign > 0)),
                "其余的神经元也要罚：它们要低于 1 - margin。",
                "Punish the other neurons as well: they must stay below 1 - margin.",
            ),
            Mistake(
                _loss(lambda sign, v, m: _short(sign, v, m) * (sign < 0)),
                "对的神经元也要罚：它要超过 1 + margin。",
                "Punish the right neuron as well: it must exceed 1 + margin.",
            ),
            Mistake(_loss(lambda sign, v, m: _short(sign, v, 0.0)), "忘了裕量。", "The margin is missing."),
            Mistake(_loss(lambda sign, v, m: _short(sign, v, 0.5)), "用 margin，不是 0.5。", "Use margin, not 0.5."),
            Mistake(
                _loss(lambda sign, v, m: _short(sign, v, sign * m)),
                "其余的神经元要低于 1 - margin，不是 1 + margin。",
                "The others must stay below 1 - margin, not 1 + margin.",
            ),
            Mistake(
                _loss(lambda sign, v, m: (_short(sign, v, m) > 0) * (v - 1)),
                "差多少要从 1 ± margin 算起，不从阈值 1 算起。",
                "What is lacking is counted from 1 ± margin, not from the threshold 1.",
            ),
            Mistake(
                _loss(lambda sign, v, m: _short(sign, v, m) * ((v >= 1) != (sign > 0))),
                "站对了边但还在裕量之内的神经元，也要罚。",
                "Punish neurons on the right side, too, as long as they are within the margin.",
            ),
            Mistake(
                lambda v, y, m: _short(2 * F.one_hot(y, v.shape[1]) - 1, v, m).square().sum(1),
                "还要对样本求和，再除以样本数：结果是一个数。",
                "Sum over the samples, too, and divide by their number: the result is one number.",
            ),
            Mistake(
                lambda v, y, m: margin_loss(v, y, m) * len(y) / v.shape[1],
                "除以样本数，不是神经元数。",
                "Divide by the number of samples, not of neurons.",
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
                lambda gap: (2.0, 0.5),
                "两种次序它都发放：让 B 去抑制（负权重），而且强到压得住 A。",
                "It fires for both orders: let B inhibit, with a negative weight that is strong enough to hold A down.",
            ),
            Mistake(
                lambda gap: (0.8, -0.9),
                "A 先来时它从不发放：A 的权重要大于 1，独自就能过阈值，不等 B 来。",
                "It never fires with A first: A needs a weight above 1, to pass the threshold alone, before B comes.",
            ),
            Mistake(
                lambda gap: (1.2, -0.5),
                "相隔久了就不灵：20 步之后，B 的抑制已经消退，A 又能过阈值了。让 B 更负一些。",
                "It fails when the gap is long: 20 steps later B's inhibition has faded, and A passes the threshold. "
                "Make B more negative.",
            ),
            Mistake(
                lambda gap: (1.05, -1.0),
                "相隔短时不灵：A 还没爬到 1，B 就来了。让 A 强一些。",
                "It fails when the gap is short: B comes before A has climbed to 1. Make A stronger.",
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
