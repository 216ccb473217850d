"""Exercises of chapter 08: surrogate gradients."""

import torch

from course_snn import surrogate
from course_snn.course.exercise import Exercise, Mistake


def sigmoid_slope(x, alpha):
    s = torch.sigmoid(alpha * x)
    return alpha * s * (1 - s)


def step_gradient(h, s, slope, tau):
    through_reset = (1 - s) + (0 - h) * slope
    return through_reset * (1 - 1 / tau)


def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


class Triangle(surrogate.Surrogate):
    def slope(self, x):
        return (1 - x.abs()).clamp(min=0)


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


def _bptt(reset=1.0, direct=1.0, memory=1.0, leak=None, drive=None, kept=False):
    """``bptt`` with one thing done wrong: a path weighted by 0, another factor, or a spike that does not reset."""

    def answer(x, loss_slope, tau, slope):
        v, hs, spikes = 0.0, [], []
        for now in x:
            h = v + (now - v) / tau
            s = 1.0 if h >= 1 else 0.0
            v = h if kept else (1 - s) * h
            hs.append(h)
            spikes.append(s)
        gradient, later = torch.zeros_like(x), 0.0
        for t in reversed(range(len(x))):
            to_h = (loss_slope[t] - reset * later * hs[t]) * slope(hs[t] - 1) + direct * later * (1 - spikes[t])
            gradient[t] = to_h * (1 / tau if drive is None else drive)
            later = memory * to_h * (1 - 1 / tau if leak is None else leak)
        return gradient

    return answer


def _tried(cls, x):
    """The spikes that a surrogate gives forward, and the slope it takes backward."""
    made = cls()
    slope = made.slope(x)
    if slope is None or slope is ...:
        return slope
    x = x.clone().requires_grad_()
    spike = made(x)
    spike.sum().backward()
    return spike.detach(), x.grad


def _shaped(slope):
    """A surrogate with that slope."""
    return type("Answer", (surrogate.Surrogate,), {"slope": lambda self, x: slope(x)})


_X = torch.tensor([-1.5, -0.5, 0.0, 0.3, 1.0])
_DRIVE = torch.tensor([1.5, 1.5, 0.4, 2.6, 1.9, 0.2, 1.7])
_LAST = torch.tensor([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])

EXERCISES = (
    Exercise(
        id="08.sigmoid_slope",
        solution=sigmoid_slope,
        cases=((_X, 1.0), (_X, 4.0), (torch.tensor([0.25]), 10.0)),
        mistakes=(
            Mistake(
                lambda x, alpha: torch.sigmoid(alpha * x) * (1 - torch.sigmoid(alpha * x)),
                "少了一个 α：链式法则，外层的导数还要乘以 αx 对 x 的导数。",
                "A factor α is missing: by the chain rule the outer derivative is multiplied by that of αx.",
            ),
            Mistake(
                lambda x, alpha: torch.sigmoid(alpha * x),
                "这是原函数 σ(αx) 本身；反向传播要的是它的导数。",
                "That is the primitive σ(αx) itself; the backward pass needs its derivative.",
            ),
            Mistake(
                lambda x, alpha: alpha * torch.sigmoid(x) * (1 - torch.sigmoid(x)),
                "σ 的里面也有 α：α 不但把斜率抬高，也把它变窄。",
                "There is an α inside σ as well: α makes the slope not only higher but also narrower.",
            ),
            Mistake(
                lambda x, alpha: (x >= 0).float(),
                "这是前向的脉冲；前向不变，换的只是反向的斜率。",
                "That is the forward spike; it stays as it is, only the slope backward is replaced.",
            ),
        ),
        hints=(
            ("对 g(x) = σ(αx) 求导，用链式法则。", "Differentiate g(x) = σ(αx) by the chain rule."),
            ("σ 的导数是 σ(1-σ)。", "The derivative of σ is σ(1-σ)."),
            ("先算 s = torch.sigmoid(alpha * x)，再乘。", "First s = torch.sigmoid(alpha * x), then multiply."),
        ),
    ),
    Exercise(
        id="08.after_spike",
        solution=after_spike,
        cases=((1.5, 1.0, 1.0, 0.2), (0.5, 0.0, 1.0, 0.2), (1.5, 1.0, 1.2, None), (0.5, 0.0, 1.2, None)),
        mistakes=(
            Mistake(
                lambda h, s, th, r: after_spike(h, s, th, r) if r is None else ((1 - s) * h + s * r, 1 - s, h - r),
                "硬重置对 s 的导数符号反了：脉冲让电位从 h 变到 v_reset，差是 v_reset - h。",
                "Hard reset: the derivative for s has the wrong sign; a spike takes the voltage from h to v_reset, "
                "a change of v_reset - h.",
            ),
            Mistake(
                lambda h, s, th, r: after_spike(h, s, th, r) if r is None else ((1 - s) * h + s * r, 1.0, r - h),
                "硬重置时，发放过的神经元忘掉了 h：对 h 的导数是 1-s，不是 1。",
                "Hard reset: a neuron that fired has forgotten h; the derivative for h is 1-s, not 1.",
            ),
            Mistake(
                lambda h, s, th, r: after_spike(h, s, th, 0.0 if r is None else r),
                "软重置不是回到 0，而是减去阈值，超出的部分留下来。",
                "A soft reset does not go back to 0: it subtracts the threshold, and what exceeds it stays.",
            ),
            Mistake(
                lambda h, s, th, r: (h - s * th, 1.0, th) if r is None else after_spike(h, s, th, r),
                "软重置对 s 的导数是 -v_threshold：脉冲使电位下降。",
                "Soft reset: the derivative for s is -v_threshold, since a spike lowers the voltage.",
            ),
        ),
        hints=(
            (
                "先写重置后的电位，再把 h 和 s 当作互不相干的变量，分别求导。",
                "Write the voltage after the reset; then differentiate it for h and for s as if they were independent.",
            ),
            (
                "硬：v = (1-s)·h + s·v_reset；软：v = h - s·v_threshold。",
                "Hard: v = (1-s)·h + s·v_reset. Soft: v = h - s·v_threshold.",
            ),
            (
                "硬：1-s 与 v_reset-h；软：1 与 -v_threshold。",
                "Hard: 1-s and v_reset-h. Soft: 1 and -v_threshold.",
            ),
        ),
    ),
    Exercise(
        id="08.step_gradient",
        solution=step_gradient,
        cases=((0.75, 0.0, 0.246134, 2.0), (1.2, 1.0, 0.9, 5.0), (0.9, 0.0, 2.0, 4.0), (1.0, 1.0, 5.0, 2.0)),
        mistakes=(
            Mistake(
                lambda h, s, slope, tau: (1 - s) * (1 - 1 / tau),
                "少了经过脉冲的那条路：h 变了，脉冲也（按替代斜率）变，重置随之而变。这是 detach_reset=True 的答案。",
                "The way by the spike is missing: with h the spike changes (by the surrogate slope), and with it the "
                "reset. This is the answer for detach_reset=True.",
            ),
            Mistake(
                lambda h, s, slope, tau: (1 - s + h * slope) * (1 - 1 / tau),
                "符号反了：发放会把电位拉回 0，所以经过脉冲的那一项是 (0 - h)·slope。",
                "The sign is wrong: firing pulls the voltage back to 0, so the term by the spike is (0 - h)·slope.",
            ),
            Mistake(
                lambda h, s, slope, tau: (1 - s - h * slope) / tau,
                "漏电的因子用错了：充电时旧电位留下的份额是 1 - 1/τ，1/τ 是输入的份额。",
                "The wrong factor of the leak: of the old voltage a share 1 - 1/τ remains; 1/τ is the input's share.",
            ),
            Mistake(
                lambda h, s, slope, tau: -h * slope * (1 - 1 / tau),
                "少了直接的那条路 (1-s)：没有发放的时候，电位原样留下来。",
                "The direct way (1-s) is missing: without a spike the voltage simply stays.",
            ),
            Mistake(
                lambda h, s, slope, tau: 1 - s - h * slope,
                "少了充电那一步：还要乘以 1 - 1/τ。",
                "The charging step is missing: multiply by 1 - 1/τ as well.",
            ),
        ),
        hints=(
            (
                "链式法则：先乘充电的导数 dh/dv，再乘重置的导数 dv/dh。",
                "Chain rule: the derivative of the charge, dh/dv, times that of the reset, dv/dh.",
            ),
            (
                "重置有两条路：直接的 1-s，经过脉冲的 (0-h)·slope，两者相加。",
                "The reset has two ways: directly 1-s, by the spike (0-h)·slope; add them.",
            ),
            ("充电给出 1 - 1/tau。", "The charge gives 1 - 1/tau."),
        ),
    ),
    Exercise(
        id="08.triangle",
        solution=Triangle,
        run=_tried,
        cases=((_X,), (torch.linspace(-2, 2, 9),)),
        mistakes=(
            Mistake(
                _shaped(lambda x: 1 - x.abs()),
                "三角形之外应当是 0，而不是负数：用 clamp(min=0)。",
                "Outside the triangle the slope must be 0, not negative: clamp(min=0).",
            ),
            Mistake(
                _shaped(lambda x: (1 - x).clamp(min=0)),
                "左半边不对：少了绝对值，离阈值越远斜率应当越小。",
                "The left half is wrong: without the absolute value it grows away from the threshold.",
            ),
            Mistake(
                _shaped(lambda x: (x.abs() < 1).to(x.dtype)),
                "这是矩形，三角形的斜率从中间向两边线性地降到 0。",
                "That is a rectangle; a triangle falls linearly from the middle to both sides.",
            ),
            Mistake(
                _shaped(lambda x: x.abs().clamp(max=1)),
                "上下颠倒了：在阈值处斜率最大。",
                "Upside down: the slope is largest at the threshold.",
            ),
        ),
        hints=(
            ("只写 slope，前向由基类负责。", "Write slope only; the base class does the forward pass."),
            ("max(0, 1-|x|)，对张量的每个元素。", "max(0, 1-|x|), for every element of the tensor."),
            ("x.abs() 给出 |x|，.clamp(min=0) 把负数变成 0。", "x.abs() is |x|; .clamp(min=0) turns negatives into 0."),
        ),
    ),
    Exercise(
        id="08.bptt",
        solution=bptt,
        cases=(
            (torch.tensor([1.5, 1.5]), torch.ones(2), 2.0, surrogate.Sigmoid().slope),
            (_DRIVE, torch.ones(7), 2.0, surrogate.ATan().slope),
            (_DRIVE, _LAST, 1.5, surrogate.Sigmoid(4.0).slope),
            (2 * _DRIVE, _LAST, 4.0, surrogate.SignSwish(2.0).slope),
        ),
        mistakes=(
            Mistake(
                _bptt(reset=0.0),
                "经过重置的那条路没有走：脉冲压低以后的电位，给 s 的梯度里还有 later·(0-h)。"
                "你算的是 detach_reset=True。",
                "The way by the reset is missing: a spike lowers the later voltage, so the gradient for s also holds "
                "later·(0-h). Yours is detach_reset=True.",
            ),
            Mistake(
                _bptt(memory=0.0),
                "没有穿越时间：每一步的输入还通过剩下的电位影响后面的每一步。",
                "It does not travel through time: by the voltage it leaves, an input acts on every later step too.",
            ),
            Mistake(
                _bptt(direct=0.0),
                "少了直接的那条路：没有发放时，电位原样留到下一步，梯度也要乘以 1-s 传回来。",
                "The direct way is missing: without a spike the voltage stays, so the gradient returns by 1-s as well.",
            ),
            Mistake(
                _bptt(leak=1.0),
                "少了漏电：向前一步的梯度要乘以 1 - 1/τ。",
                "The leak is missing: on its way to the step before, a gradient is multiplied by 1 - 1/τ.",
            ),
            Mistake(
                _bptt(drive=1.0),
                "少了 1/τ：输入经过充电才进入膜电位。",
                "A factor 1/τ is missing: the input reaches the membrane by way of the charge.",
            ),
            Mistake(
                _bptt(kept=True),
                "前向忘了重置：发放之后 v 应当回到 0。",
                "The forward pass forgets the reset: after a spike v must return to 0.",
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
    ),
)
