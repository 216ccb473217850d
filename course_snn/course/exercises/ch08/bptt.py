"""Exercise 08.bptt."""

import torch

from course_snn import surrogate
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def bptt(x, loss_slope, tau, slope):
    v, hs, spikes = 0.0, [], []
    for now in x:
        h = v + (now - v) / tau
        s = 1.0 if h >= 1 else 0.0
        v = (1 - s) * h
        hs.append(h)
        spikes.append(s)
    gradient, later = torch.zeros_like(x), 0.0
    for t in reversed(range(len(x))):
        to_spike = loss_slope[t] + later * (0 - hs[t])
        to_h = to_spike * slope(hs[t] - 1) + later * (1 - spikes[t])
        gradient[t] = to_h / tau
        later = to_h * (1 - 1 / tau)
    return gradient


def _bptt(
    charge=lambda v, x, tau: v + (x - v) / tau,
    fires=lambda h: h >= 1,
    left=lambda h, s: (1 - s) * h,
    to_spike=lambda loss, later, h: loss - later * h,
    at=lambda h: h - 1,
    direct=lambda later, s: later * (1 - s),
    drive=lambda tau: 1 / tau,
    leak=lambda tau: 1 - 1 / tau,
    steps=lambda T: range(T)[::-1],
    later=0.0,
):
    """``bptt`` with one thing done wrong."""
    start = later

    def answer(x, loss_slope, tau, slope):
        v, hs, spikes = 0.0, [], []
        for now in x:
            hs.append(charge(v, now, tau))
            spikes.append(float(fires(hs[-1])))
            v = left(hs[-1], spikes[-1])
        gradient, later = torch.zeros_like(x), start
        for t in steps(len(x)):
            to_h = to_spike(loss_slope[t], later, hs[t]) * slope(at(hs[t])) + direct(later, spikes[t])
            gradient[t] = to_h * drive(tau)
            later = to_h * leak(tau)
        return gradient

    return answer


_DRIVE = torch.tensor([1.5, 1.5, 0.4, 2.6, 1.9, 0.2, 1.7])
_MIXED = torch.tensor([0.5, -1.0, 0.0, 2.0, 1.0, -0.5, 1.5])
_LAST = torch.tensor([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])


def _clear(x, tau):
    """Say whether no voltage is nearly at the threshold."""
    v = 0.0
    for now in x.double():
        h = v + (now - v) / tau
        if abs(h - 1) < 1e-3:
            return False
        v = 0.0 if h >= 1 else h
    return True


def _vary(rng):
    """One case where the first voltage is exactly at the threshold; elsewhere none is nearly so."""

    def case(T, tau, slope, most):
        x = drawn.until(lambda: drawn.grid(rng, (T,), 0.1, most, 0.1), lambda x: _clear(x, tau))
        return x, drawn.grid(rng, (T,), -1.0, 2.0, 0.5), tau, slope

    tau = drawn.one_of(rng, 2.0, 4.0)
    start = torch.tensor([tau, drawn.number(rng, 1.25, 1.75, 0.25), 0.5])
    return (
        case(7, 2.0, surrogate.ATan().slope, 2.6),
        case(6, 1.25, surrogate.Sigmoid(4.0).slope, 1.8),
        case(7, 4.0, surrogate.SignSwish(2.0).slope, 5.0),
        (start, drawn.grid(rng, (3,), 0.5, 2.0, 0.5), tau, surrogate.ATan(drawn.one_of(rng, 1.0, 3.0)).slope),
    )


EXERCISE = Exercise(
    id="08.bptt",
    solution=bptt,
    vary=_vary,
    keeps=True,
    cases=(
        (torch.tensor([1.5, 1.5]), torch.ones(2), 2.0, surrogate.Sigmoid().slope),
        (_DRIVE, torch.ones(7), 2.0, surrogate.ATan().slope),
        (_DRIVE, _LAST, 1.25, surrogate.Sigmoid(4.0).slope),
        (2 * _DRIVE, _MIXED, 4.0, surrogate.SignSwish(2.0).slope),
        (torch.tensor([2.0, 1.5, 0.5]), torch.tensor([1.0, 0.5, -2.0]), 2.0, surrogate.ATan(1.0).slope),
        (torch.tensor([1.25]), torch.tensor([2.0]), 4.0, surrogate.Sigmoid(2.0).slope),
    ),
    mistakes=(
        Mistake(
            _bptt(to_spike=lambda loss, later, h: loss),
            "经过重置的那条路没有走：脉冲压低以后的电位，给 s 的梯度里还有 later·(0-h)。你算的是 detach_reset=True。",
            "The way by the reset is missing: a spike lowers the later voltage, so the gradient for s also holds "
            "later·(0-h). Yours is detach_reset=True.",
        ),
        Mistake(
            _bptt(to_spike=lambda loss, later, h: loss + later * h),
            "经过重置的那条路符号反了：脉冲把电位从 h 拉到 0，是 later·(0-h)。",
            "The way by the reset has the wrong sign: a spike takes the voltage from h to 0, so later·(0-h).",
        ),
        Mistake(
            _bptt(to_spike=lambda loss, later, h: 1 - later * h),
            "没有用到 loss_slope：每一步的脉冲对损失的影响不一样。",
            "loss_slope is not used: the spikes of different steps weigh differently on the loss.",
        ),
        Mistake(
            _bptt(leak=lambda tau: 0.0),
            "没有穿越时间：每一步的输入还通过剩下的电位影响后面的每一步。",
            "It does not travel through time: by the voltage it leaves, an input acts on every later step too.",
        ),
        Mistake(
            _bptt(direct=lambda later, s: 0.0),
            "少了直接的那条路：没有发放时，电位原样留到下一步，梯度也要乘以 1-s 传回来。",
            "The direct way is missing: without a spike the voltage stays, and the gradient returns by 1-s too.",
        ),
        Mistake(
            _bptt(direct=lambda later, s: later),
            "直接的那条路少了 1-s：发放过的一步忘掉了 h，梯度也在那里断开。",
            "The direct way lacks 1-s: a step with a spike has forgotten h, and there the gradient breaks off.",
        ),
        Mistake(
            _bptt(leak=lambda tau: 1.0),
            "少了漏电：向前一步的梯度要乘以 1 - 1/τ。",
            "The leak is missing: on its way to the step before, a gradient is multiplied by 1 - 1/τ.",
        ),
        Mistake(
            _bptt(leak=lambda tau: 1 / tau),
            "漏电的因子用错了：旧电位留下 1 - 1/τ，1/τ 是输入的份额。",
            "The wrong factor of the leak: of the old voltage 1 - 1/τ stays; 1/τ is the input's share.",
        ),
        Mistake(
            _bptt(drive=lambda tau: 1.0),
            "少了 1/τ：输入经过充电才进入膜电位。",
            "A factor 1/τ is missing: the input reaches the membrane by way of the charge.",
        ),
        Mistake(
            _bptt(left=lambda h, s: h),
            "前向忘了重置：发放之后 v 应当回到 0。",
            "The forward pass forgets the reset: after a spike v must return to 0.",
        ),
        Mistake(
            _bptt(left=lambda h, s: h - s),
            "前向用了软重置；这里是硬重置，发放之后 v = 0。",
            "The forward pass resets softly; here the reset is hard, v = 0 after a spike.",
        ),
        Mistake(
            _bptt(fires=lambda h: h > 1),
            "h 恰好等于阈值时也发放：用 >=，不是 >。",
            "At h exactly equal to the threshold the neuron fires: >=, not >.",
        ),
        Mistake(
            _bptt(charge=lambda v, x, tau: x / tau),
            "前向的充电忘掉了旧电位：h = v + (x - v)/τ。",
            "The charge forgets the old voltage: h = v + (x - v)/τ.",
        ),
        Mistake(
            _bptt(charge=lambda v, x, tau: v - v / tau + x),
            "前向的充电里，输入也要除以 τ：h = v + (x - v)/τ。",
            "In the charge the input is divided by τ too: h = v + (x - v)/τ.",
        ),
        Mistake(
            _bptt(at=lambda h: h),
            "斜率取错了地方：要在 h - 1 处取，那是到阈值的距离。",
            "The slope is taken at the wrong place: take it at h - 1, the distance from the threshold.",
        ),
        Mistake(
            _bptt(to_spike=lambda loss, later, h: loss - later * h * (h < 1), at=lambda h: h * (h < 1) - 1),
            "记下的是重置之后的电位；反向要用重置之前的 h。",
            "The voltage after the reset is kept; the way back needs h, the one before it.",
        ),
        Mistake(
            _bptt(steps=range),
            "反向要从最后一步往前走：later 是从后面一步带来的。",
            "Go back from the last step to the first: later is carried from the step behind.",
        ),
        Mistake(
            _bptt(later=1.0),
            "开始时 later 应是 0：最后一步之后没有人再用 v。",
            "At the start later is 0: after the last step nobody uses v any more.",
        ),
        Mistake(
            _bptt(steps=lambda T: range(1, T)[::-1]),
            "反向漏掉了第 0 步：range 要一直走到 0。",
            "Step 0 is left out on the way back: the range has to go down to 0.",
        ),
        Mistake(
            _bptt(steps=lambda T: range(T - 1)[::-1]),
            "反向漏掉了最后一步：从 T-1 开始。",
            "The last step is left out on the way back: start from T-1.",
        ),
        Mistake(
            lambda x, loss, tau, slope: bptt(x, loss[-1:].expand(len(x)), tau, slope),
            "每一步都用了 loss_slope 的最后一个数：第 t 步用 loss_slope[t]。",
            "Every step takes the last number of loss_slope: step t takes loss_slope[t].",
        ),
        Mistake(
            lambda x, loss, tau, slope: bptt(x, loss, tau, surrogate.Sigmoid().slope),
            "没有用到给定的 slope：斜率由参数 slope 给出，不总是 Sigmoid。",
            "The given slope is not used: the argument slope gives it, and it is not always that of a sigmoid.",
        ),
        Mistake(
            lambda x, loss, tau, slope: bptt(x, loss, 2.0, slope),
            "tau 被写死成了 2：用函数的参数。",
            "tau is fixed at 2: use the argument of the function.",
        ),
        Mistake(
            lambda x, loss, tau, slope: bptt(x, loss, tau, slope).sum(),
            "返回的是总和：每一步的输入各有一个梯度，返回长度为 T 的张量。",
            "That is the total: the input of each step has a gradient of its own; return a tensor of length T.",
        ),
        Mistake(
            lambda x, loss, tau, slope: bptt(x, loss, tau, slope)[0],
            "只留下了最后算出的那个数（第 0 步的）：把每一步的梯度都存下来。",
            "Only the number computed last, that of step 0, is left: keep the gradient of every step.",
        ),
    ),
    hints=(
        (
            "两个循环：向前走，记下每一步的 h 和 s；再从最后一步往回走。",
            "Two loops: forward, keeping h and s of every step; then backward from the last step.",
        ),
        (
            "往回走时带着一个数 later = dL/dv。先给 s：loss_slope[t] + later·(0-h)；"
            "再给 h：它乘以斜率，加上 later·(1-s)。",
            "Going back, carry one number, later = dL/dv. First for s: loss_slope[t] + later·(0-h). Then for h: "
            "that times the slope, plus later·(1-s).",
        ),
        (
            "最后分成两份：给输入 1/tau，给前一步的 later 是 1 - 1/tau。",
            "At the end it splits: 1/tau goes to the input, 1 - 1/tau becomes later of the step before.",
        ),
    ),
)
