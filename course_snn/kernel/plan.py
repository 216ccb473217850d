"""The fused path behind ``neuron``: a whole sequence in one pass over the input, forward and backward.

Stepping a neuron reads and writes a dozen tensors of the size of the input in every step, and autograd keeps most of
them. Here one compiled loop reads x and writes the spikes; only x is kept, and the backward pass computes the voltages
again in the cache. The spikes are the same to the last bit, the gradients up to rounding (tests/test_kernel.py).
numba compiles the loops for the CPU, Triton for a GPU; without them ``available()`` is False and neurons are stepped.
"""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch.autograd.function import once_differentiable

from course_snn import surrogate as surrogates
from course_snn.kernel import memory
from course_snn.kernel.threads import in_parallel

CHARGES = {"if": 0, "lif": 1, "plif": 2, "rif": 3}  # as numbered in neurons_cpu
SURROGATES = {  # likewise, with the parameters a, b, c
    surrogates.Sigmoid: (0, lambda g: (g.alpha, 0, 0)),
    surrogates.ATan: (1, lambda g: (g.alpha / 2, math.pi / 2 * g.alpha, 0)),
    surrogates.Rectangle: (2, lambda g: (1 / g.width, 0, g.width / 2)),
    surrogates.BilinearLeakyReLU: (3, lambda g: (g.a, g.b, g.c)),
    surrogates.SignSwish: (4, lambda g: (g.beta, 0, 0)),
}
GIVEN = 5, lambda g: (0, 0, 0)  # any other surrogate: its own slope(x) is called on all steps at once
EQUATIONS = "forward", "fire", "after_spike", "v_rest"  # what a node must not have changed
TILE, CACHE = 2048, 1 << 16  # neurons at a time, at most so many voltages at a time


@functools.cache
def compiled(device: str = "cpu"):
    """Return the module with the loops for ``device``, whose import compiles or loads them; raises where that fails."""
    if device == "cuda":
        from course_snn.kernel import neurons_gpu

        return neurons_gpu
    from course_snn.kernel import neurons_cpu

    memory.keep_some()
    return neurons_cpu


@functools.cache
def available(device: str = "cpu") -> bool:
    """Whether the compiled loops can be used here; compiles them (once ever) or loads them (0.7 s)."""
    try:
        compiled(device)
        _try(device)
    except Exception:  # missing, broken, or not able to compile on this machine: be slow, not broken
        return False
    return True


def _try(device: str) -> None:
    """Run one neuron once: Triton compiles at the first call, and needs a C compiler for it."""
    with torch.inference_mode(False), torch.enable_grad():
        x = torch.ones(1, 1, 1, device=device, requires_grad=True)
        run(x, torch.zeros(1, 1, device=device), "if")[0].sum().backward()


def fits(node: torch.nn.Module, x_seq: torch.Tensor) -> bool:
    """Whether ``run`` computes what stepping ``node`` through ``x_seq`` [T, N, …] would.

    It does for the charges above with numbers as parameters and any ``Surrogate``, for float32 on the CPU or a GPU. A
    subclass that changes an equation, and a parameter that is a tensor with a value for each neuron, are stepped.
    """
    cls, grad = type(node), node.surrogate
    unchanged = all(_owner(cls, name) is _owner(cls, "sequence") for name in EQUATIONS)
    if not unchanged or _owner(cls, "charge") is not _owner(cls, "fused") or {*EQUATIONS, "charge"} & vars(node).keys():
        return False
    if not isinstance(grad, surrogates.Surrogate) or type(grad).forward is not surrogates.Surrogate.forward:
        return False
    numbers = isinstance(node.v_threshold, float) and isinstance(node.v_reset, (float, type(None)))
    if not numbers or not isinstance(getattr(node, "tau", 1.0), float) or torch.compiler.is_compiling():
        return False
    tensors = [x_seq, node.v] if torch.is_tensor(node.v) else [x_seq]
    plain = all(t.dtype == torch.float32 and t.device == x_seq.device and t.layout == torch.strided for t in tensors)
    known = x_seq.device.type in ("cpu", "cuda")
    return plain and known and x_seq.dim() > 1 and x_seq.numel() > 0 and available(x_seq.device.type)


def _owner(cls: type, name: str) -> type | None:
    return next((base for base in cls.__mro__ if name in vars(base)), None)


class _Plan(NamedTuple):
    """What a fused call computes, in plain numbers."""

    charge: str
    k: float | torch.Tensor
    v_threshold: float
    v_reset: float | None
    surrogate: surrogates.Surrogate
    detach_reset: bool
    steps: int
    pool: bool = False

    def window(self, x: torch.Tensor) -> tuple[int, int]:
        """Columns and channels of pictures whose spikes are pooled; 0, 0: none are."""
        return (x.shape[-1], x.shape[2]) if self.pool else (0, 0)

    def equation(self) -> tuple[float, ...]:
        """k, θ, v_rest, hard, jump of neurons_cpu.step_row."""
        hard = self.v_reset is not None
        return self.k, self.v_threshold, self.v_reset or 0, hard, self.v_reset if hard else -self.v_threshold

    def derivatives(self) -> tuple[float, ...]:
        """The surrogate's a, b, c; dv/ds = jump_0 - jump_h h; dh/dx; dh/dv."""
        reset = (0, 0) if self.detach_reset else (-self.v_threshold, 0) if self.v_reset is None else (self.v_reset, 1)
        rate = 1 / self.k if self.charge == "lif" else self.k
        charge = {"if": (1, 1), "rif": (1, 1 + rate)}.get(self.charge, (rate, 1 - rate))
        return *self.slope[1](self.surrogate), *reset, *charge

    @property
    def slope(self) -> tuple[int, Callable]:
        """The surrogate's number in neurons_cpu, and the function that returns its parameters."""
        plain = not any(torch.is_tensor(value) for value in vars(self.surrogate).values())
        return SURROGATES.get(type(self.surrogate), GIVEN) if plain else GIVEN


def _dense(t: torch.Tensor) -> bool:
    """Whether each t[i] fills a block of memory without gaps, in any order of its dimensions."""
    size = 1
    for stride, length in sorted(zip(t.stride()[1:], t.shape[1:], strict=True)):
        if length > 1 and stride != size:
            return False
        size *= length
    return True


def pools(x_seq: torch.Tensor) -> bool:
    """Whether ``run`` can pool the spikes of ``x_seq`` in its pass: [T, N, C, H, W], even H and W, channels last."""
    if x_seq.dim() != 5 or x_seq.shape[-1] % 2 or x_seq.shape[-2] % 2 or x_seq.device.type != "cpu":
        return False
    return all(x.is_contiguous(memory_format=torch.channels_last) for x in x_seq)


def _pooled(steps: int, x: torch.Tensor) -> torch.Tensor:
    """An uninitialised [steps, N, C, H / 2, W / 2], the channels last in memory."""
    n, c, h, w = x.shape[1:]
    out = torch.empty((steps * n, c, h // 2, w // 2), memory_format=torch.channels_last)
    return out.unflatten(0, (steps, n))


def _empty(steps: int, like: torch.Tensor) -> torch.Tensor:
    """An uninitialised [steps, …] whose every step lies in memory as each step of ``like`` does."""
    return like.new_empty_strided((steps, *like.shape[1:]), (like.shape[1:].numel(), *like.stride()[1:]))


def _flat(t: torch.Tensor, size: int):
    """The first ``size`` numbers of ``t`` in memory, in the form that the loops of its device take."""
    flat = t.detach().as_strided((size,), (1,))
    return flat.numpy() if t.device.type == "cpu" else flat


def _rows(t: torch.Tensor, like: torch.Tensor):
    """Return the steps of ``t`` as a flat array in the layout of ``like``, and the distance between two steps."""
    if t.stride()[1:] != like.stride()[1:]:
        t = _empty(t.shape[0], like).copy_(t)
    step = t.stride(0) if t.shape[0] > 1 else 0
    return _flat(t, step * (t.shape[0] - 1) + like.shape[1:].numel()), step


def _voltage(v: torch.Tensor | None, like: torch.Tensor):
    """Return the voltages ``v`` as a flat array; one number if all are the same, zero if there are none."""
    if v is None or not any(v.stride()):
        return _flat(like.new_zeros(1) if v is None else v, 1)
    return _rows(v[None], like)[0]


def _forward(plan: _Plan, x: torch.Tensor, v0: torch.Tensor, keep_h: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the spikes of all steps (or h) and the last voltages."""
    loops, width = compiled(x.device.type), x.shape[1:].numel()
    out, v = _pooled(plan.steps, x) if plan.pool else _empty(plan.steps, x), _empty(1, x)
    (x_rows, x_step), (out_rows, _), (v_row, _), v0_row = _rows(x, x), _rows(out, out), _rows(v, x), _voltage(v0, x)
    equation = tuple(map(loops.number, plan.equation()))
    columns, channels = plan.window(x)
    unit = 2 * columns * channels
    sizes = plan.steps, width, unit or TILE, x_step, columns, channels

    def work(low: int, high: int) -> None:
        loops.forward(CHARGES[plan.charge], keep_h, x_rows, v0_row, out_rows, v_row, sizes, equation, low, high)

    _share_out(work, x, plan.steps, unit)
    return out, v[0]


def _backward(plan: _Plan, x, v0, grad_s, grad_v, need_v0: bool, learn: bool):
    """Return dL/dx, dL/dv0 and dL/dk."""
    loops, width = compiled(x.device.type), x.shape[1:].numel()
    surrogate = plan.slope[0]
    grad_x, none = _empty(x.shape[0], x), _flat(x.new_empty(0), 0)
    grad_v0 = _empty(1, x) if need_v0 else None
    slopes = none
    if surrogate == GIVEN[0]:
        h, _ = _forward(plan._replace(pool=False), x, v0, keep_h=True)
        slopes, _ = _rows(h.copy_(plan.surrogate.slope(h - plan.v_threshold)), x)
    like = _pooled(1, x) if plan.pool else x
    if grad_s is None:
        grad_s = x.new_zeros(()).expand(plan.steps, *like.shape[1:])
    (x_rows, x_step), (s_rows, s_step), (out_rows, out_step) = _rows(x, x), _rows(grad_s, like), _rows(grad_x, x)
    v0_row, grad_row = _voltage(v0, x), _voltage(grad_v, x)
    grad_v0_row = _rows(grad_v0, x)[0] if need_v0 else none
    columns, channels = plan.window(x)
    unit, most = 2 * columns * channels, max(64, min(TILE, CACHE // plan.steps // 16 * 16))
    sizes = plan.steps, width, unit or most, x_step, s_step, out_step, columns, channels
    equation, derivatives = tuple(map(loops.number, plan.equation())), tuple(map(loops.number, plan.derivatives()))

    def work(low: int, high: int) -> float:
        return loops.backward(
            CHARGES[plan.charge], surrogate, learn, x_rows, v0_row, s_rows, grad_row, slopes, out_rows, grad_v0_row,
            sizes, equation, derivatives, low, high,
        )  # fmt: skip

    grad_k = sum(_share_out(work, x, plan.steps, unit))
    return grad_x, grad_v0[0] if need_v0 else None, grad_k


def _share_out(work: Callable, x: torch.Tensor, steps: int, unit: int) -> list:
    """Call ``work`` for all neurons: from several threads on the CPU, once on a GPU, which has its own way."""
    width = x.shape[1:].numel()
    return in_parallel(work, width, steps * width, unit or 16) if x.device.type == "cpu" else [work(0, width)]


class _Sequence(torch.autograd.Function):
    @staticmethod
    def forward(ctx, plan: _Plan, x: torch.Tensor, v0: torch.Tensor, k: torch.Tensor | None):
        x = x if _dense(x) else x.contiguous()
        ctx.plan = plan
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(x, v0)
        return _forward(plan, x, v0)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_s: torch.Tensor | None, grad_v: torch.Tensor | None):
        x, v0 = ctx.saved_tensors
        _, _, need_v0, learn = ctx.needs_input_grad
        grad_x, grad_v0, grad_k = _backward(ctx.plan, x, v0, grad_s, grad_v, need_v0, learn)
        return None, grad_x, grad_v0, torch.as_tensor(grad_k, dtype=x.dtype, device=x.device) if learn else None


def run(
    x: torch.Tensor,
    v0: torch.Tensor,
    charge: str,
    k: float | torch.Tensor = 0.0,
    v_threshold: float = 1.0,
    v_reset: float | None = 0.0,
    surrogate: surrogates.Surrogate | None = None,
    detach_reset: bool = False,
    T: int | None = None,
    pool: bool = False,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the spikes of a neuron at every step and its voltage after the last.

        h[t] = charge(v[t-1], x[t]);  s[t] = H(h[t] - θ);  v[t] = after_spike(h[t], s[t])

    Args:
        x: input, float32 on the CPU or a GPU.
        v0: voltages before the first step.
        charge: "if", "lif" (k = τ), "plif" (k = 1/τ) or "rif" (k = w), as in ``neuron``.
        k: parameter of the charge; a tensor of one number is learnt for "plif" and "rif".
        v_threshold: threshold θ. v_reset: voltage after a spike, None for the soft reset.
        surrogate: derivative of a spike; ``Sigmoid()`` when not given.
        detach_reset: if True, no gradient flows back through the reset.
        T: number of steps, where x has one only: a still input, the same at each step.
        pool: if True, return the maximum of the spikes in windows of 2 x 2 (see ``pools``).

    Shapes:
        x is [T, N, …], or [1, N, …] where T is given; v0 is [N, …]; the results are [T, N, …] and [N, …]. With
        ``pool`` x is [T, N, C, H, W] with the channels last in memory, and the spikes are [T, N, C, H / 2, W / 2].
    """
    if charge == "lif" and math.frexp(k)[0] == 0.5:  # dividing by a power of 2 is multiplying, bit for bit, but slower
        charge, k = "plif", 1 / k
    k, learnt = (k.detach(), k) if torch.is_tensor(k) else (k, None)
    if learnt is not None and x.device.type == "cpu":  # from a GPU it would have to be waited for
        k = k.item()
    surrogate = surrogates.Sigmoid() if surrogate is None else surrogate
    plan = _Plan(charge, k, v_threshold, v_reset, surrogate, detach_reset, x.shape[0] if T is None else T, pool)
    return _Sequence.apply(plan, x, v0, learnt)
