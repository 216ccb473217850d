"""Exercises of chapter 08: surrogate gradients."""

import inspect
import math

import torch

from course_snn import surrogate
from course_snn.course.exercise import Exercise, Finding, Mistake


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


def _after(answer, h, s, v_threshold, v_reset):
    """What the answer returns; derivatives that do not depend on h may come as one number for all neurons."""
    got = answer(h, s, v_threshold, v_reset)
    return tuple(_for_each(part, h) for part in got) if isinstance(got, (tuple, list)) else got


def _for_each(value, h):
    single = isinstance(value, (int, float)) or getattr(value, "ndim", None) == 0
    return torch.full(h.shape, float(value)) if single else value


def _reset(hard, v=None, dv_dh=None, dv_ds=None):
    """``after_spike`` with something else at a hard or at a soft reset, functions of h, s, v_threshold, v_reset."""

    def answer(h, s, v_threshold, v_reset):
        right = after_spike(h, s, v_threshold, v_reset)
        if hard is (v_reset is None):
            return right
        wrong = (v, dv_dh, dv_ds)
        return tuple(r if f is None else f(h, s, v_threshold, v_reset) for f, r in zip(wrong, right, strict=True))

    return answer


def _only(*chosen):
    """``after_spike`` that returns a part of the three values only."""

    def answer(h, s, v_threshold, v_reset):
        parts = after_spike(h, s, v_threshold, v_reset)
        return parts[chosen[0]] if len(chosen) == 1 else tuple(parts[k] for k in chosen)

    return answer


def _detached(h, s, v_threshold, v_reset):
    v, dv_dh, _ = after_spike(h, s, v_threshold, v_reset)
    return v, dv_dh, 0.0


def _added(h, s, v_threshold, v_reset):
    v, dv_dh, dv_ds = after_spike(h, s, v_threshold, v_reset)
    return v, dv_dh + dv_ds


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


def _tried(cls, x):
    """The slope that a surrogate takes backward, if it is a surrogate and fires as all of them do."""
    if not (inspect.isclass(cls) and issubclass(cls, surrogate.Surrogate)):
        raise Finding(
            "Triangle 要写成 surrogate.Surrogate 的子类：class Triangle(surrogate.Surrogate)，里面写 slope。",
            "Triangle has to be a subclass of surrogate.Surrogate: class Triangle(surrogate.Surrogate), with slope.",
        )
    if cls.slope is surrogate.Surrogate.slope:
        raise Finding(
            "没有找到 slope：要写的是方法 slope(self, x)。", "There is no slope: write a method slope(self, x)."
        )
    made = _made(cls)
    before, slope = x.clone(), made.slope(x)
    if slope is None or slope is ...:
        return slope
    _check_slope(slope, x, before)
    x = x.requires_grad_()
    spikes = made(x)
    if not torch.equal(spikes.detach(), (before >= 0).to(before.dtype)):
        raise Finding(
            "前向变了：脉冲必须还是 0 和 1（x ≥ 0 时是 1）。前向由基类负责，只写 slope，不写 forward。",
            "The forward pass has changed: spikes must stay 0 and 1 (1 where x ≥ 0). The base class does it; write "
            "slope only, no forward.",
        )
    spikes.sum().backward()
    return x.grad


def _made(cls):
    try:
        inspect.signature(cls).bind()
    except TypeError:
        raise Finding(
            "检查时这样建立：Triangle()，不带参数。要么不写 __init__，要么给每个参数默认值。",
            "The check makes it by Triangle(), without arguments: leave __init__ out, or give all parameters defaults.",
        ) from None
    made = cls()
    if "_parameters" not in vars(made):
        raise Finding(
            "__init__ 的第一行要调用 super().__init__()；这里其实用不着 __init__。",
            "The first line of __init__ has to call super().__init__(); in fact no __init__ is needed here.",
        )
    try:
        inspect.signature(made.slope).bind(None)
    except TypeError:
        raise Finding(
            "方法的参数不对：应是 slope(self, x)，别忘了 self。",
            "The method has other parameters: it should be slope(self, x); do not forget self.",
        ) from None
    return made


def _check_slope(slope, x, before):
    if not torch.equal(x, before):
        raise Finding(
            "slope 就地改掉了 x：用不带下划线的方法（abs、clamp），把结果放在新的张量里。",
            "slope changes x in place: use the methods without an underscore (abs, clamp), which make a new tensor.",
        )
    if not torch.is_tensor(slope) or slope.shape != x.shape:
        raise Finding(
            f"slope 要返回与 x 同样形状的张量 {tuple(x.shape)}：每个元素有自己的斜率。",
            f"slope has to return a tensor of the shape of x, {tuple(x.shape)}: every element has a slope of its own.",
        )


def _shaped(slope):
    """A surrogate with that slope."""
    return type("Answer", (surrogate.Surrogate,), {"slope": lambda self, x: slope(x)})


_X = torch.tensor([-1.5, -0.5, 0.0, 0.3, 1.0])
_H, _S = torch.tensor([1.5, 0.5, 2.0, -0.25]), torch.tensor([1.0, 0.0, 1.0, 0.0])
_DRIVE = torch.tensor([1.5, 1.5, 0.4, 2.6, 1.9, 0.2, 1.7])
_MIXED = torch.tensor([0.5, -1.0, 0.0, 2.0, 1.0, -0.5, 1.5])
_LAST = torch.tensor([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])


def _numbers(*values):
    return tuple(torch.tensor(value) for value in values)


EXERCISES = (
    Exercise(
        id="08.sigmoid_slope",
        solution=sigmoid_slope,
        keeps=True,
        cases=(
            (_X, 1.0),
            (_X, 4.0),
            (torch.tensor([0.25, 0.0]), 10.0),
            (torch.tensor([[-1.0], [0.2]]), 0.5),
            (torch.tensor([-200.0, 0.1, 200.0]), 4.0),
        ),
        mistakes=(
            Mistake(lambda x, alpha: torch.sigmoid(alpha * x) * (1 - torch.sigmoid(alpha * x)),
                "少了一个 α：链式法则，外层的导数还要乘以 αx 对 x 的导数。",
                "A factor α is missing: by the chain rule the outer derivative is multiplied by that of αx."),
            Mistake(lambda x, alpha: alpha**2 * torch.sigmoid(alpha * x) * (1 - torch.sigmoid(alpha * x)),
                "α 乘了两次：αx 对 x 的导数是 α，前面只有一个 α。",
                "α is multiplied twice: the derivative of αx is α, so only one α stands in front."),
            Mistake(lambda x, alpha: torch.sigmoid(alpha * x),
                "这是原函数 σ(αx) 本身；反向传播要的是它的导数。",
                "That is the primitive σ(αx) itself; the backward pass needs its derivative."),
            Mistake(lambda x, alpha: alpha * torch.sigmoid(alpha * x),
                "少了因子 1-σ(αx)：σ 的导数是 σ(1-σ)。",
                "The factor 1-σ(αx) is missing: the derivative of σ is σ(1-σ)."),
            Mistake(lambda x, alpha: alpha * (1 - torch.sigmoid(alpha * x) ** 2),
                "1-y² 是 tanh 的导数的写法；σ 的导数是 σ(1-σ)。",
                "1-y² belongs to the derivative of tanh; that of σ is σ(1-σ)."),
            Mistake(lambda x, alpha: alpha * (1 - torch.tanh(alpha * x) ** 2),
                "这是 tanh(αx) 的斜率；这里的原函数是 σ(αx)。",
                "That is the slope of tanh(αx); the primitive here is σ(αx)."),
            Mistake(lambda x, alpha: surrogate.ATan(alpha).slope(x),
                "这是 ATan 的斜率，表中的下一行；要的是 Sigmoid。",
                "That is the slope of ATan, the next row of the table; Sigmoid is wanted."),
            Mistake(lambda x, alpha: alpha * sigmoid_slope(x, 1.0),
                "σ 的里面也有 α：α 不但把斜率抬高，也把它变窄。",
                "There is an α inside σ as well: α makes the slope not only higher but also narrower."),
            Mistake(lambda x, alpha: alpha * sigmoid_slope(x / alpha, 1.0),
                "σ 里面应是 αx，不是 x/α：α 越大，斜率越窄。",
                "Inside σ stands αx, not x/α: the larger α, the narrower the slope."),
            Mistake(lambda x, alpha: sigmoid_slope(x, 1.0),
                "没有用到 alpha：σ 的里面和前面都有它。",
                "alpha is not used: it stands inside σ and in front of it."),
            Mistake(lambda x, alpha: sigmoid_slope(x, 4.0),
                "alpha 被写死成了 4：用函数的参数。",
                "alpha is fixed at 4: use the argument of the function."),
            Mistake(lambda x, alpha: sigmoid_slope(x, alpha).clamp(max=1),
                "斜率在 1 处被截断了：它可以大于 1，最高处是 α/4。",
                "The slope is cut off at 1: it may be larger, its top is α/4."),
            Mistake(lambda x, alpha: sigmoid_slope(x.clamp(min=0), alpha),
                "左边不对：阈值以下的斜率也随距离减小，左右对称。",
                "The left side is wrong: below the threshold the slope falls with the distance too, as on the right."),
            Mistake(lambda x, alpha: sigmoid_slope(x, alpha).sum(),
                "只剩下一个数了：每个元素有自己的斜率，不要求和。",
                "Only one number is left: every element has a slope of its own, so do not add them up."),
            Mistake(lambda x, alpha: (x >= 0).float(),
                "这是前向的脉冲；前向不变，换的只是反向的斜率。",
                "That is the forward spike; it stays as it is, only the slope backward is replaced."),
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
        run=_after,
        keeps=True,
        cases=(
            (_H, _S, 1.0, 0.25),
            (_H, _S, 1.25, None),
            (_H, _S, 1.25, 0.0),
            (torch.tensor([[-0.5], [0.75]]), torch.tensor([[0.0], [1.0]]), 0.5, -0.5),
        ),
        mistakes=(
            Mistake(lambda h, s, th, r: after_spike(h, s, th, r or None),
                "v_reset = 0 被当成了 None：回到 0 也是硬重置。用 v_reset is None 判断。",
                "v_reset = 0 is taken for None: a reset to 0 is a hard one as well. Ask whether v_reset is None."),
            Mistake(_reset(True, dv_ds=lambda h, s, th, r: h - r),
                "硬重置对 s 的导数符号反了：脉冲让电位从 h 变到 v_reset，差是 v_reset - h。",
                "Hard reset: the derivative for s has the wrong sign; a spike takes the voltage from h to v_reset, "
                "a change of v_reset - h."),
            Mistake(_reset(True, dv_ds=lambda h, s, th, r: -h),
                "硬重置对 s 的导数里少了 v_reset：脉冲让电位从 h 变到 v_reset，差是 v_reset - h。",
                "Hard reset: v_reset is missing in the derivative for s; the voltage goes from h to v_reset, a change "
                "of v_reset - h."),
            Mistake(_reset(True, dv_ds=lambda h, s, th, r: s * (r - h)),
                "硬重置对 s 的导数多乘了 s：没有发放的神经元也有这个导数，它说的是“如果发放，会变多少”。",
                "Hard reset: the derivative for s is multiplied by s; a neuron without a spike has it too: how much a "
                "spike would change."),
            Mistake(_reset(True, dv_dh=lambda h, s, th, r: 1.0),
                "硬重置时，发放过的神经元忘掉了 h：对 h 的导数是 1-s，不是 1。",
                "Hard reset: a neuron that fired has forgotten h; the derivative for h is 1-s, not 1."),
            Mistake(_reset(True, dv_dh=lambda h, s, th, r: s),
                "硬重置对 h 的导数反了：没有发放时电位原样留下（1），发放了就忘掉（0），所以是 1-s。",
                "Hard reset: the derivative for h is the wrong way round; without a spike h stays (1), after one it is "
                "forgotten (0): 1-s."),
            Mistake(_reset(False, dv_dh=lambda h, s, th, r: 1 - s),
                "软重置时，发放之后 h 也留了下来：对 h 的导数总是 1，不是 1-s。",
                "Soft reset: h stays after a spike too; the derivative for h is always 1, not 1-s."),
            Mistake(_reset(True, v=lambda h, s, th, r: (1 - s) * h, dv_ds=lambda h, s, th, r: -h),
                "硬重置总是回到 0；应回到 v_reset：加上 s·v_reset。",
                "The hard reset always goes to 0; it should go to v_reset: add s·v_reset."),
            Mistake(_reset(True, v=lambda h, s, th, r: (1 - s) * h + r),
                "没有发放的神经元也加上了 v_reset：它要乘以 s。",
                "v_reset is added without a spike as well: multiply it by s."),
            Mistake(_reset(True, v=lambda h, s, th, r: h - s * (th - r)),
                "硬重置不是减去一份，而是忘掉 h，直接回到 v_reset：(1-s)·h + s·v_reset。",
                "A hard reset subtracts nothing: it forgets h and goes to v_reset, (1-s)·h + s·v_reset."),
            Mistake(lambda h, s, th, r: after_spike(h, s, th, 0.0 if r is None else r),
                "软重置不是回到 0，而是减去阈值，超出的部分留下来。",
                "A soft reset does not go back to 0: it subtracts the threshold, and what exceeds it stays."),
            Mistake(_reset(False, v=lambda h, s, th, r: h - s, dv_ds=lambda h, s, th, r: -1.0),
                "软重置减去的是 v_threshold，不总是 1。",
                "A soft reset subtracts v_threshold, which is not always 1."),
            Mistake(_reset(False, v=lambda h, s, th, r: h - th),
                "没有发放的神经元也减去了阈值：它要乘以 s。",
                "The threshold is subtracted without a spike as well: multiply it by s."),
            Mistake(_reset(False, dv_ds=lambda h, s, th, r: th),
                "软重置对 s 的导数是 -v_threshold：脉冲使电位下降。",
                "Soft reset: the derivative for s is -v_threshold, since a spike lowers the voltage."),
            Mistake(_detached,
                "对 s 的导数成了 0，那是 detach_reset=True；这里两条路都要。",
                "The derivative for s is 0, as with detach_reset=True; here both ways are wanted."),
            Mistake(_only(0),
                "只返回了电位：还要两个导数，return v, dv_dh, dv_ds。",
                "Only the voltage comes back; the two derivatives belong to it: return v, dv_dh, dv_ds."),
            Mistake(_only(1, 2),
                "只返回了两个导数：电位放在最前面，return v, dv_dh, dv_ds。",
                "Only the two derivatives come back; the voltage stands first: return v, dv_dh, dv_ds."),
            Mistake(_added,
                "两个导数加在一起了：它们是两条路，分开返回，return v, dv_dh, dv_ds。",
                "The derivatives are added up: they are two ways; return them apart, return v, dv_dh, dv_ds."),
            Mistake(lambda h, s, th, r: ((1 - s) * h + s * r, 1 - s, r - h),
                "v_reset 是 None 时不能拿来计算：先用 if v_reset is None 分开两种重置，再各自写公式。",
                "None cannot be calculated with: part the two resets by if v_reset is None before the formulas."),
        ),
        hints=(
            ("先写重置后的电位，再把 h 和 s 当作互不相干的变量，分别求导。",
             "Write the voltage after the reset; then differentiate it for h and for s as if they were independent."),
            ("硬：v = (1-s)·h + s·v_reset；软：v = h - s·v_threshold。",
             "Hard: v = (1-s)·h + s·v_reset. Soft: v = h - s·v_threshold."),
            ("硬：1-s 与 v_reset-h；软：1 与 -v_threshold。",
             "Hard: 1-s and v_reset-h. Soft: 1 and -v_threshold."),
        ),
    ),
    Exercise(
        id="08.step_gradient",
        solution=step_gradient,
        cases=(
            (*_numbers(0.75, 0.0, 0.246134), 2.0),
            (*_numbers(1.2, 1.0, 0.9), 5.0),
            (*_numbers(0.9, 0.0, 2.0), 4.0),
            (*_numbers(1.5, 1.0, 5.0), 2.0),
            (*_numbers(-0.5, 0.0, -0.25), 3.0),
        ),
        mistakes=(
            Mistake(lambda h, s, slope, tau: (1 - s) * (1 - 1 / tau),
                "少了经过脉冲的那条路：h 变了，脉冲也（按替代斜率）变，重置随之而变。这是 detach_reset=True 的答案。",
                "The way by the spike is missing: with h the spike changes (by the surrogate slope), and with it the "
                "reset. This is the answer for detach_reset=True."),
            Mistake(lambda h, s, slope, tau: (1 - s + h * slope) * (1 - 1 / tau),
                "符号反了：发放会把电位拉回 0，所以经过脉冲的那一项是 (0 - h)·slope。",
                "The sign is wrong: firing pulls the voltage back to 0, so the term by the spike is (0 - h)·slope."),
            Mistake(lambda h, s, slope, tau: (1 - s - h * slope) / tau,
                "漏电的因子用错了：充电时旧电位留下的份额是 1 - 1/τ，1/τ 是输入的份额。",
                "The wrong factor of the leak: of the old voltage a share 1 - 1/τ remains; 1/τ is the input's share."),
            Mistake(lambda h, s, slope, tau: -h * slope * (1 - 1 / tau),
                "少了直接的那条路 (1-s)：没有发放的时候，电位原样留下来。",
                "The direct way (1-s) is missing: without a spike the voltage simply stays."),
            Mistake(lambda h, s, slope, tau: 1 - s - h * slope,
                "充电那一步没有起作用：要乘以 1 - 1/τ（1 // tau 会得到 0，要用 /）。",
                "The charging step has no effect: multiply by 1 - 1/τ (1 // tau would be 0; divide by /)."),
            Mistake(lambda h, s, slope, tau: (1 - s) * (1 - 1 / tau) - h * slope,
                "漏电只乘在直接的那条路上了：两条路都先经过充电，1 - 1/τ 要乘整个括号。",
                "The leak stands at the direct way only: both ways come by the charge, so 1 - 1/τ multiplies the sum."),
            Mistake(lambda h, s, slope, tau: 1 - s - h * slope * (1 - 1 / tau),
                "漏电只乘在经过脉冲的那条路上了：两条路都先经过充电，1 - 1/τ 要乘整个括号。",
                "The leak stands at the way by the spike only: both ways come by the charge, so 1 - 1/τ multiplies the "
                "sum."),
            Mistake(lambda h, s, slope, tau: (1 - s - slope) * (1 - 1 / tau),
                "经过脉冲的那一项少了 h：硬重置到 0，∂v/∂s = 0 - h。",
                "The term by the spike lacks h: with a hard reset to 0, ∂v/∂s = 0 - h."),
            Mistake(lambda h, s, slope, tau: (1 - slope) * (1 - 1 / tau),
                "这是软重置（阈值 1）的答案；硬重置时两项是 1-s 和 (0-h)·slope。",
                "That is the answer for a soft reset (threshold 1); a hard one has the terms 1-s and (0-h)·slope."),
            Mistake(lambda h, s, slope, tau: (1 - s - h) * (1 - 1 / tau),
                "经过脉冲的那一项少了 slope：s 随 h 变化的快慢。",
                "The term by the spike lacks slope, how fast s changes with h."),
            Mistake(lambda h, s, slope, tau: (1 - s - h) * slope * (1 - 1 / tau),
                "slope 只属于经过脉冲的那条路；直接的那条 1-s 不乘它。",
                "slope belongs to the way by the spike only; the direct one, 1-s, is not multiplied by it."),
            Mistake(lambda h, s, slope, tau: slope * (1 - 1 / tau),
                "这是脉冲对 v_{t-1} 的导数；要的是重置之后的电位 v_t 的导数。",
                "That is the derivative of the spike by v_{t-1}; wanted is that of the voltage after the reset, v_t."),
            Mistake(lambda h, s, slope, tau: (1 - h * slope) * (1 - 1 / tau),
                "直接的那条路是 1-s，不是 1：发放过的神经元忘掉了 h。",
                "The direct way is 1-s, not 1: a neuron that fired has forgotten h."),
            Mistake(lambda h, s, slope, tau: (s - h * slope) * (1 - 1 / tau),
                "直接的那条路反了：没有发放时电位留下，所以是 1-s，不是 s。",
                "The direct way is the wrong way round: the voltage stays without a spike, so 1-s, not s."),
            Mistake(lambda h, s, slope, tau: (1 - s) * (1 - h * slope) * (1 - 1 / tau),
                "发放的那一步成了 0：经过脉冲的那条路在发放时也在，两条路相加，不相乘。",
                "A step with a spike gives 0: the way by the spike is there as well then; the two add up, they do not "
                "multiply."),
            Mistake(lambda h, s, slope, tau: (1 - s - (h - 1) * slope) * (1 - 1 / tau),
                "∂v/∂s = 0 - h：重置拉掉的是整个 h，不是它到阈值的距离。",
                "∂v/∂s = 0 - h: what the reset takes away is the whole of h, not its distance from the threshold."),
            Mistake(lambda h, s, slope, tau: (1 - s - h * slope) * math.exp(-1 / tau),
                "这里的充电是离散的一步：旧电位留下 1 - 1/τ，不是 exp(-1/τ)。",
                "The charge is a discrete step here: of the old voltage 1 - 1/τ stays, not exp(-1/τ)."),
            Mistake(lambda h, s, slope, tau: (1 - s - h * slope) * (1 + 1 / tau),
                "漏电的符号反了：留下的份额是 1 - 1/τ，小于 1。",
                "The leak has the wrong sign: a share of 1 - 1/τ stays, less than 1."),
            Mistake(lambda h, s, slope, tau: (1 - s - h * slope) * (1 - 1 / tau) ** 2,
                "漏电乘了两次：一步之内只充一次电。",
                "The leak is multiplied twice: in one step the neuron is charged once."),
            Mistake(lambda h, s, slope, tau: (1 - s - h * slope) / 2,
                "tau 被写死成了 2：用函数的参数。",
                "tau is fixed at 2: use the argument of the function."),
        ),
        hints=(
            ("链式法则：先乘充电的导数 dh/dv，再乘重置的导数 dv/dh。",
             "Chain rule: the derivative of the charge, dh/dv, times that of the reset, dv/dh."),
            ("重置有两条路：直接的 1-s，经过脉冲的 (0-h)·slope，两者相加。",
             "The reset has two ways: directly 1-s, by the spike (0-h)·slope; add them."),
            ("充电给出 1 - 1/tau。", "The charge gives 1 - 1/tau."),
        ),
    ),
    Exercise(
        id="08.triangle",
        solution=Triangle,
        run=_tried,
        measured=("反向用的斜率", "the slope taken backward"),
        cases=((_X,), (torch.linspace(-2, 2, 9),), (torch.tensor([[0.25, 3.0]]),)),
        mistakes=(
            Mistake(_shaped(lambda x: 1 - x.abs()),
                "三角形之外应当是 0，而不是负数：用 clamp(min=0)。",
                "Outside the triangle the slope must be 0, not negative: clamp(min=0)."),
            Mistake(_shaped(lambda x: (1 - x.abs()).clamp(max=0)),
                "截错了边：clamp(max=0) 留下的是负数；要用 clamp(min=0)。",
                "The wrong side is cut off: clamp(max=0) keeps the negative numbers; use clamp(min=0)."),
            Mistake(_shaped(lambda x: (1 - x).clamp(min=0)),
                "左半边不对：少了绝对值，离阈值越远斜率应当越小。",
                "The left half is wrong: without the absolute value it grows away from the threshold."),
            Mistake(_shaped(lambda x: (x.abs() < 1).to(x.dtype)),
                "这是矩形，三角形的斜率从中间向两边线性地降到 0。",
                "That is a rectangle; a triangle falls linearly from the middle to both sides."),
            Mistake(_shaped(lambda x: (1 - x**2).clamp(min=0)),
                "这是抛物线；三角形用 |x|，不是 x²。",
                "That is a parabola; a triangle takes |x|, not x²."),
            Mistake(_shaped(lambda x: x.abs().clamp(max=1)),
                "上下颠倒了：在阈值处斜率最大。",
                "Upside down: the slope is largest at the threshold."),
            Mistake(_shaped(lambda x: (x.abs() - 1).clamp(min=0)),
                "减反了：是 1-|x|，不是 |x|-1。",
                "The difference is the wrong way round: 1-|x|, not |x|-1."),
            Mistake(_shaped(lambda x: (1 - x.abs() / 2).clamp(min=0)),
                "宽了一倍：在 |x| = 1 处就该降到 0。",
                "Twice as wide: the slope should reach 0 at |x| = 1."),
            Mistake(_shaped(lambda x: (1 - 2 * x.abs()).clamp(min=0)),
                "窄了一半：到 |x| = 1 处才降到 0。",
                "Half as wide: the slope should reach 0 only at |x| = 1."),
            Mistake(_shaped(lambda x: (1 - (x - 1).abs()).clamp(min=0)),
                "顶点不在阈值处：x 已经是 h - θ，顶点在 x = 0。",
                "The tip is not at the threshold: x is h - θ already, so the tip is at x = 0."),
            Mistake(_shaped(lambda x: (1 - x.abs()).clamp(min=0.01)),
                "三角形之外应当恰好是 0，不留一点余地。",
                "Outside the triangle the slope is exactly 0; nothing is left there."),
            Mistake(_shaped(lambda x: (1 - x.abs()).clamp(min=0) * (x < 0)),
                "右半边（包括顶点）没有了：阈值以上的神经元也要学。",
                "The right half, tip included, is missing: neurons above the threshold learn as well."),
            Mistake(_shaped(lambda x: (1 - x.abs()).clamp(min=0) * (x != 0)),
                "顶点处成了 0：在 x = 0 处斜率是 1，最大。",
                "The tip is 0: at x = 0 the slope is 1, its largest."),
            Mistake(_shaped(lambda x: -x.sign() * (x.abs() < 1)),
                "你又求了一次导：三角形自己就是斜率 g'。",
                "That is differentiated once more: the triangle itself is the slope g'."),
            Mistake(_shaped(lambda x: (x == 0).to(x.dtype)),
                "只有恰好在阈值处才有斜率，那几乎是真导数；三角形宽 2。",
                "There is a slope exactly at the threshold only, as with the true derivative; the triangle is 2 wide."),
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
            Mistake(_bptt(to_spike=lambda loss, later, h: loss),
                "经过重置的那条路没有走：脉冲压低以后的电位，给 s 的梯度里还有 later·(0-h)。"
                "你算的是 detach_reset=True。",
                "The way by the reset is missing: a spike lowers the later voltage, so the gradient for s also holds "
                "later·(0-h). Yours is detach_reset=True."),
            Mistake(_bptt(to_spike=lambda loss, later, h: loss + later * h),
                "经过重置的那条路符号反了：脉冲把电位从 h 拉到 0，是 later·(0-h)。",
                "The way by the reset has the wrong sign: a spike takes the voltage from h to 0, so later·(0-h)."),
            Mistake(_bptt(to_spike=lambda loss, later, h: 1 - later * h),
                "没有用到 loss_slope：每一步的脉冲对损失的影响不一样。",
                "loss_slope is not used: the spikes of different steps weigh differently on the loss."),
            Mistake(_bptt(leak=lambda tau: 0.0),
                "没有穿越时间：每一步的输入还通过剩下的电位影响后面的每一步。",
                "It does not travel through time: by the voltage it leaves, an input acts on every later step too."),
            Mistake(_bptt(direct=lambda later, s: 0.0),
                "少了直接的那条路：没有发放时，电位原样留到下一步，梯度也要乘以 1-s 传回来。",
                "The direct way is missing: without a spike the voltage stays, and the gradient returns by 1-s too."),
            Mistake(_bptt(direct=lambda later, s: later),
                "直接的那条路少了 1-s：发放过的一步忘掉了 h，梯度也在那里断开。",
                "The direct way lacks 1-s: a step with a spike has forgotten h, and there the gradient breaks off."),
            Mistake(_bptt(leak=lambda tau: 1.0),
                "少了漏电：向前一步的梯度要乘以 1 - 1/τ。",
                "The leak is missing: on its way to the step before, a gradient is multiplied by 1 - 1/τ."),
            Mistake(_bptt(leak=lambda tau: 1 / tau),
                "漏电的因子用错了：旧电位留下 1 - 1/τ，1/τ 是输入的份额。",
                "The wrong factor of the leak: of the old voltage 1 - 1/τ stays; 1/τ is the input's share."),
            Mistake(_bptt(drive=lambda tau: 1.0),
                "少了 1/τ：输入经过充电才进入膜电位。",
                "A factor 1/τ is missing: the input reaches the membrane by way of the charge."),
            Mistake(_bptt(left=lambda h, s: h),
                "前向忘了重置：发放之后 v 应当回到 0。",
                "The forward pass forgets the reset: after a spike v must return to 0."),
            Mistake(_bptt(left=lambda h, s: h - s),
                "前向用了软重置；这里是硬重置，发放之后 v = 0。",
                "The forward pass resets softly; here the reset is hard, v = 0 after a spike."),
            Mistake(_bptt(fires=lambda h: h > 1),
                "h 恰好等于阈值时也发放：用 >=，不是 >。",
                "At h exactly equal to the threshold the neuron fires: >=, not >."),
            Mistake(_bptt(charge=lambda v, x, tau: x / tau),
                "前向的充电忘掉了旧电位：h = v + (x - v)/τ。",
                "The charge forgets the old voltage: h = v + (x - v)/τ."),
            Mistake(_bptt(charge=lambda v, x, tau: v - v / tau + x),
                "前向的充电里，输入也要除以 τ：h = v + (x - v)/τ。",
                "In the charge the input is divided by τ too: h = v + (x - v)/τ."),
            Mistake(_bptt(at=lambda h: h),
                "斜率取错了地方：要在 h - 1 处取，那是到阈值的距离。",
                "The slope is taken at the wrong place: take it at h - 1, the distance from the threshold."),
            Mistake(_bptt(to_spike=lambda loss, later, h: loss - later * h * (h < 1), at=lambda h: h * (h < 1) - 1),
                "记下的是重置之后的电位；反向要用重置之前的 h。",
                "The voltage after the reset is kept; the way back needs h, the one before it."),
            Mistake(_bptt(steps=range),
                "反向要从最后一步往前走：later 是从后面一步带来的。",
                "Go back from the last step to the first: later is carried from the step behind."),
            Mistake(_bptt(later=1.0),
                "开始时 later 应是 0：最后一步之后没有人再用 v。",
                "At the start later is 0: after the last step nobody uses v any more."),
            Mistake(_bptt(steps=lambda T: range(1, T)[::-1]),
                "反向漏掉了第 0 步：range 要一直走到 0。",
                "Step 0 is left out on the way back: the range has to go down to 0."),
            Mistake(_bptt(steps=lambda T: range(T - 1)[::-1]),
                "反向漏掉了最后一步：从 T-1 开始。",
                "The last step is left out on the way back: start from T-1."),
            Mistake(lambda x, loss, tau, slope: bptt(x, loss[-1:].expand(len(x)), tau, slope),
                "每一步都用了 loss_slope 的最后一个数：第 t 步用 loss_slope[t]。",
                "Every step takes the last number of loss_slope: step t takes loss_slope[t]."),
            Mistake(lambda x, loss, tau, slope: bptt(x, loss, tau, surrogate.Sigmoid().slope),
                "没有用到给定的 slope：斜率由参数 slope 给出，不总是 Sigmoid。",
                "The given slope is not used: the argument slope gives it, and it is not always that of a sigmoid."),
            Mistake(lambda x, loss, tau, slope: bptt(x, loss, 2.0, slope),
                "tau 被写死成了 2：用函数的参数。",
                "tau is fixed at 2: use the argument of the function."),
            Mistake(lambda x, loss, tau, slope: bptt(x, loss, tau, slope).sum(),
                "返回的是总和：每一步的输入各有一个梯度，返回长度为 T 的张量。",
                "That is the total: the input of each step has a gradient of its own; return a tensor of length T."),
            Mistake(lambda x, loss, tau, slope: bptt(x, loss, tau, slope)[0],
                "只留下了最后算出的那个数（第 0 步的）：把每一步的梯度都存下来。",
                "Only the number computed last, that of step 0, is left: keep the gradient of every step."),
        ),
        hints=(
            ("两个循环：向前走，记下每一步的 h 和 s；再从最后一步往回走。",
             "Two loops: forward, keeping h and s of every step; then backward from the last step."),
            (
                "往回走时带着一个数 later = dL/dv。先给 s：loss_slope[t] + later·(0-h)；"
                "再给 h：它乘以斜率，加上 later·(1-s)。",
                "Going back, carry one number, later = dL/dv. First for s: loss_slope[t] + later·(0-h). Then for h: "
                "that times the slope, plus later·(1-s).",
            ),
            ("最后分成两份：给输入 1/tau，给前一步的 later 是 1 - 1/tau。",
             "At the end it splits: 1/tau goes to the input, 1 - 1/tau becomes later of the step before."),
        ),
    ),
)  # fmt: skip
