"""Exercise 08.after_spike."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def after_spike(h, s, v_threshold, v_reset):
    if v_reset is None:
        return h - s * v_threshold, 1.0, -v_threshold
    return (1 - s) * h + s * v_reset, 1 - s, v_reset - h


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


_H, _S = torch.tensor([1.5, 0.5, 2.0, -0.25]), torch.tensor([1.0, 0.0, 1.0, 0.0])


def _vary(rng):
    fired = torch.tensor([1.0, 0.0, 1.0, 0.0])
    h = torch.where(fired > 0, drawn.grid(rng, (4,), 1.25, 2.5, 0.25), drawn.grid(rng, (4,), -0.5, 0.75, 0.25))
    th = drawn.one_of(rng, 0.75, 1.25)
    return (
        (h, fired, 1.0, drawn.one_of(rng, -0.5, -0.25, 0.25, 0.5)),
        (h, fired, th, None),
        (h, fired, th, 0.0),
        (h[:2, None].flip(0), fired[:2, None].flip(0), 0.5, -drawn.number(rng, 0.25, 1.0, 0.25)),
    )


EXERCISE = Exercise(
    id="08.after_spike",
    solution=after_spike,
    vary=_vary,
    run=_after,
    keeps=True,
    cases=(
        (_H, _S, 1.0, 0.25),
        (_H, _S, 1.25, None),
        (_H, _S, 1.25, 0.0),
        (torch.tensor([[-0.5], [0.75]]), torch.tensor([[0.0], [1.0]]), 0.5, -0.5),
    ),
    mistakes=(
        Mistake(
            lambda h, s, th, r: after_spike(h, s, th, r or None),
            "v_reset = 0 被当成了 None：回到 0 也是硬重置。用 v_reset is None 判断。",
            "v_reset = 0 is taken for None: a reset to 0 is a hard one as well. Ask whether v_reset is None.",
        ),
        Mistake(
            _reset(True, dv_ds=lambda h, s, th, r: h - r),
            "硬重置对 s 的导数符号反了：脉冲让电位从 h 变到 v_reset，差是 v_reset - h。",
            "Hard reset: the derivative for s has the wrong sign; a spike takes the voltage from h to v_reset, "
            "a change of v_reset - h.",
        ),
        Mistake(
            _reset(True, dv_ds=lambda h, s, th, r: -h),
            "硬重置对 s 的导数里少了 v_reset：脉冲让电位从 h 变到 v_reset，差是 v_reset - h。",
            "Hard reset: v_reset is missing in the derivative for s; the voltage goes from h to v_reset, a change "
            "of v_reset - h.",
        ),
        Mistake(
            _reset(True, dv_ds=lambda h, s, th, r: s * (r - h)),
            "硬重置对 s 的导数多乘了 s：没有发放的神经元也有这个导数，它说的是“如果发放，会变多少”。",
            "Hard reset: the derivative for s is multiplied by s; a neuron without a spike has it too: how much a "
            "spike would change.",
        ),
        Mistake(
            _reset(True, dv_dh=lambda h, s, th, r: 1.0),
            "硬重置时，发放过的神经元忘掉了 h：对 h 的导数是 1-s，不是 1。",
            "Hard reset: a neuron that fired has forgotten h; the derivative for h is 1-s, not 1.",
        ),
        Mistake(
            _reset(True, dv_dh=lambda h, s, th, r: s),
            "硬重置对 h 的导数反了：没有发放时电位原样留下（1），发放了就忘掉（0），所以是 1-s。",
            "Hard reset: the derivative for h is the wrong way round; without a spike h stays (1), after one it is "
            "forgotten (0): 1-s.",
        ),
        Mistake(
            _reset(False, dv_dh=lambda h, s, th, r: 1 - s),
            "软重置时，发放之后 h 也留了下来：对 h 的导数总是 1，不是 1-s。",
            "Soft reset: h stays after a spike too; the derivative for h is always 1, not 1-s.",
        ),
        Mistake(
            _reset(True, v=lambda h, s, th, r: (1 - s) * h, dv_ds=lambda h, s, th, r: -h),
            "硬重置总是回到 0；应回到 v_reset：加上 s·v_reset。",
            "The hard reset always goes to 0; it should go to v_reset: add s·v_reset.",
        ),
        Mistake(
            _reset(True, v=lambda h, s, th, r: (1 - s) * h + r),
            "没有发放的神经元也加上了 v_reset：它要乘以 s。",
            "v_reset is added without a spike as well: multiply it by s.",
        ),
        Mistake(
            _reset(True, v=lambda h, s, th, r: h - s * (th - r)),
            "硬重置不是减去一份，而是忘掉 h，直接回到 v_reset：(1-s)·h + s·v_reset。",
            "A hard reset subtracts nothing: it forgets h and goes to v_reset, (1-s)·h + s·v_reset.",
        ),
        Mistake(
            lambda h, s, th, r: after_spike(h, s, th, 0.0 if r is None else r),
            "软重置不是回到 0，而是减去阈值，超出的部分留下来。",
            "A soft reset does not go back to 0: it subtracts the threshold, and what exceeds it stays.",
        ),
        Mistake(
            _reset(False, v=lambda h, s, th, r: h - s, dv_ds=lambda h, s, th, r: -1.0),
            "软重置减去的是 v_threshold，不总是 1。",
            "A soft reset subtracts v_threshold, which is not always 1.",
        ),
        Mistake(
            _reset(False, v=lambda h, s, th, r: h - th),
            "没有发放的神经元也减去了阈值：它要乘以 s。",
            "The threshold is subtracted without a spike as well: multiply it by s.",
        ),
        Mistake(
            _reset(False, dv_ds=lambda h, s, th, r: th),
            "软重置对 s 的导数是 -v_threshold：脉冲使电位下降。",
            "Soft reset: the derivative for s is -v_threshold, since a spike lowers the voltage.",
        ),
        Mistake(
            _detached,
            "对 s 的导数成了 0，那是 detach_reset=True；这里两条路都要。",
            "The derivative for s is 0, as with detach_reset=True; here both ways are wanted.",
        ),
        Mistake(
            _only(0),
            "只返回了电位：还要两个导数，return v, dv_dh, dv_ds。",
            "Only the voltage comes back; the two derivatives belong to it: return v, dv_dh, dv_ds.",
        ),
        Mistake(
            _only(1, 2),
            "只返回了两个导数：电位放在最前面，return v, dv_dh, dv_ds。",
            "Only the two derivatives come back; the voltage stands first: return v, dv_dh, dv_ds.",
        ),
        Mistake(
            _added,
            "两个导数加在一起了：它们是两条路，分开返回，return v, dv_dh, dv_ds。",
            "The derivatives are added up: they are two ways; return them apart, return v, dv_dh, dv_ds.",
        ),
        Mistake(
            lambda h, s, th, r: ((1 - s) * h + s * r, 1 - s, r - h),
            "v_reset 是 None 时不能拿来计算：先用 if v_reset is None 分开两种重置，再各自写公式。",
            "None cannot be calculated with: part the two resets by if v_reset is None before the formulas.",
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
        ("硬：1-s 与 v_reset-h；软：1 与 -v_threshold。", "Hard: 1-s and v_reset-h. Soft: 1 and -v_threshold."),
    ),
)
