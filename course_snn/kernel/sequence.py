"""A whole sequence through a neuron in one pass over the input, forward and backward; and the loop it stands for."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.nn import functional as F

from course_snn import surrogate as surrogates
from course_snn.kernel import plan as plans
from course_snn.kernel.charges import CHARGES
from course_snn.kernel.plan import GIVEN, Plan
from course_snn.kernel.rows import dense, empty, flat_of, pooled, rows_of, voltage_row
from course_snn.kernel.threads import in_parallel

TILE, CACHE = 2048, 1 << 16  # neurons at a time, at most so many voltages at a time


def drive(node: Any, x_seq: torch.Tensor, T: int | None = None, pool: bool = False) -> torch.Tensor | None:
    """Return the spikes of ``node`` at every step and leave its last voltage behind; None where it must be stepped.

    Args:
        node: a ``neuron.Neuron``, whose module imports this package.
        x_seq: input [T, N, …], or [1, N, …] where T is given.
        T: number of steps of a still input.
        pool: whether the spikes are pooled in the same pass, see ``run``.
    """
    if not plans.fits(node, x_seq):
        return None
    v0, (charge, k) = node.state("v", like=x_seq[0]), node.fused()
    how = node.v_threshold, node.v_reset, node.surrogate, node.detach_reset
    spikes, node.v = run(x_seq, v0, charge, k, *how, T=T, pool=pool, jump=node.jump)
    return spikes


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
    jump: float | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the spikes of a neuron at every step and its voltage after the last.

        h[t] = charge(v[t-1], x[t]);  s[t] = H(h[t] - θ);  v[t] = after_spike(h[t], s[t])

    Args:
        x: input, float32 on the CPU or a GPU.
        v0: voltages before the first step.
        charge: "if", "lif" (k = τ), "plif" (k = 1/τ) or "rif" (k = w), a row of ``charges.CHARGES``.
        k: parameter of the charge; a tensor of one number is learnt.
        v_threshold: threshold θ. v_reset: voltage after a spike, None for the soft reset.
        surrogate: derivative of a spike; ``Sigmoid()`` when not given.
        detach_reset: if True, no gradient flows back through the reset.
        T: number of steps, where x has one only: a still input, the same at each step.
        pool: if True, return the maximum of the spikes in windows of 2 x 2 (see ``rows.pools``).
        jump: what the soft reset takes from the voltage; θ when not given.

    Shapes:
        x is [T, N, …], or [1, N, …] where T is given; v0 is [N, …]; the results are [T, N, …] and [N, …]. With
        ``pool`` x is [T, N, C, H, W] with the channels last in memory, and the spikes are [T, N, C, H / 2, W / 2].
    """
    learnt = k if torch.is_tensor(k) else None
    if learnt is not None:
        k = learnt.item() if x.device.type == "cpu" else learnt.detach()  # from a GPU it would have to be waited for
    else:
        charge, k = multiplied(charge, k)
    surrogate = surrogates.Sigmoid() if surrogate is None else surrogate
    jump, steps = v_threshold if jump is None else jump, x.shape[0] if T is None else T
    plan = Plan(charge, k, v_threshold, v_reset, jump, surrogate, detach_reset, steps, pool)
    return _Sequence.apply(plan, x, v0, learnt)


def multiplied(charge: str, k: Any) -> tuple[str, Any]:
    """Return the charge that multiplies where "lif" divides by a power of 2: the same bits, faster."""
    if charge == "lif" and math.frexp(k)[0] == 0.5:
        return "plif", 1 / k
    return charge, k


def loop(plan: Plan, x: torch.Tensor, v: torch.Tensor, k: Any = None) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what ``run`` returns, step by step with torch: the definition, which can be differentiated again."""
    charge, v_rest, spikes = CHARGES[plan.charge].h, plan.v_reset or 0.0, []
    k = plan.k if k is None else k  # what is learnt is given, so that it gets a gradient
    for t in range(plan.steps):
        h = charge(v, x[min(t, len(x) - 1)], k, v_rest)
        s = plan.surrogate(h - plan.v_threshold)
        r = s.detach() if plan.detach_reset else s
        v = h - r * plan.jump if plan.v_reset is None else (1 - r) * h + r * plan.v_reset
        spikes.append(F.max_pool2d(s, 2) if plan.pool else s)
    return torch.stack(spikes), v


class _Sequence(torch.autograd.Function):
    @staticmethod
    def forward(ctx, plan: Plan, x: torch.Tensor, v0: torch.Tensor, k: torch.Tensor | None):
        ctx.plan = plan
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(x, v0, k)
        return _forward(plan, x if dense(x) else x.contiguous(), v0)

    @staticmethod
    def backward(ctx, grad_s: torch.Tensor | None, grad_v: torch.Tensor | None):
        x, v0, k = ctx.saved_tensors
        _, *needs = ctx.needs_input_grad
        if torch.is_grad_enabled():  # somebody will ask for a derivative of this one
            return None, *again(partial(loop, ctx.plan), (x, v0, k), needs, (grad_s, grad_v))
        grad_x, grad_v0, grad_k = _backward(ctx.plan, x if dense(x) else x.contiguous(), v0, grad_s, grad_v, *needs[1:])
        return None, grad_x, grad_v0, torch.as_tensor(grad_k, dtype=x.dtype, device=x.device) if needs[2] else None


def again(function: Callable, inputs: tuple, needs: list[bool], grads: tuple) -> list[torch.Tensor | None]:
    """The gradients by autograd through the readable ``function`` of the inputs, so that they have gradients.

    They are taken of other names of the inputs: where one input was computed from another, as what goes into a residual
    block's sum is from what goes around it, autograd takes that way later, and here it would count twice.
    """
    inputs = tuple(t.view_as(t) if need else t for t, need in zip(inputs, needs, strict=True))
    outputs = function(*inputs)
    pairs = [(y, g) for y, g in zip(outputs, grads, strict=True) if g is not None and y.requires_grad]
    if not pairs:
        return [None] * len(inputs)
    (ys, given), wanted = zip(*pairs, strict=True), [value for value, need in zip(inputs, needs, strict=True) if need]
    found = iter(torch.autograd.grad(ys, wanted, given, create_graph=True, allow_unused=True))
    return [next(found) if need else None for need in needs]


def _forward(plan: Plan, x: torch.Tensor, v0: torch.Tensor, keep_h: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the spikes of all steps (or h) and the last voltages."""
    loops, width = plans.compiled(x.device.type), x.shape[1:].numel()
    out, v = pooled(plan.steps, x) if plan.pool else empty(plan.steps, x), empty(1, x)
    (x_rows, x_step), (out_rows, _), (v_row, _) = rows_of(x, x), rows_of(out, out), rows_of(v, x)
    v0_row = voltage_row(v0, x)
    equation = tuple(map(loops.number, plan.equation()))
    columns, channels = plan.window(x)
    unit = 2 * columns * channels
    sizes = plan.steps, width, unit or TILE, x_step, columns, channels

    def work(low: int, high: int) -> None:
        loops.forward(CHARGES[plan.charge].number, keep_h, x_rows, v0_row, out_rows, v_row, sizes, equation, low, high)

    _share_out(work, x, plan.steps, unit)
    return out, v[0]


def _backward(plan: Plan, x, v0, grad_s, grad_v, need_v0: bool, learn: bool):
    """Return dL/dx, dL/dv0 and dL/dk."""
    loops, width = plans.compiled(x.device.type), x.shape[1:].numel()
    surrogate, _ = plan.slope
    grad_x, none = empty(x.shape[0], x), flat_of(x.new_empty(0), 0)
    grad_v0 = empty(1, x) if need_v0 else None
    slopes = none
    if surrogate == GIVEN:
        h, _ = _forward(plan._replace(pool=False), x, v0, keep_h=True)
        slopes, _ = rows_of(h.copy_(plan.surrogate.slope(h - plan.v_threshold)), x)
    like = pooled(1, x) if plan.pool else x
    if grad_s is None:
        grad_s = x.new_zeros(()).expand(plan.steps, *like.shape[1:])
    (x_rows, x_step), (s_rows, s_step), (out_rows, out_step) = rows_of(x, x), rows_of(grad_s, like), rows_of(grad_x, x)
    v0_row, grad_row = voltage_row(v0, x), voltage_row(grad_v, x)
    grad_v0_row = none if grad_v0 is None else rows_of(grad_v0, x)[0]
    columns, channels = plan.window(x)
    unit, most = 2 * columns * channels, max(64, min(TILE, CACHE // plan.steps // 16 * 16))
    sizes = plan.steps, width, unit or most, x_step, s_step, out_step, columns, channels
    numbers = tuple(map(loops.number, plan.equation())), tuple(map(loops.number, plan.derivatives()))
    charge, arrays = CHARGES[plan.charge].number, (x_rows, v0_row, s_rows, grad_row, slopes, out_rows, grad_v0_row)

    def work(low: int, high: int) -> float:
        return loops.backward(charge, surrogate, learn, *arrays, sizes, *numbers, low, high)

    grad_k = sum(_share_out(work, x, plan.steps, unit))
    return grad_x, None if grad_v0 is None else grad_v0[0], grad_k


def _share_out(work: Callable, x: torch.Tensor, steps: int, unit: int) -> list:
    """Call ``work`` for all neurons: from several threads on the CPU, once on a GPU, which has its own way."""
    width = x.shape[1:].numel()
    return in_parallel(work, width, steps * width, unit or 16) if x.device.type == "cpu" else [work(0, width)]
