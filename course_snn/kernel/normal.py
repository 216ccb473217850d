"""A batch normalisation and the neuron behind it in one pass over memory, channels last, on the CPU.

Apart from each other, the normalised input is written down once, read again, and kept for the backward pass. Here it
lives in the cache only: kept are the input x, and what is added to it, which others keep anyway.
"""

from functools import partial
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from course_snn.kernel import plan as plans
from course_snn.kernel.charges import CHARGES
from course_snn.kernel.plan import GIVEN, Plan
from course_snn.kernel.rows import empty, flat_of, rows_of, voltage_row
from course_snn.kernel.sequence import CACHE, TILE, again, loop, multiplied
from course_snn.kernel.threads import in_parallel


class Normal(NamedTuple):
    """What a normalisation computes: y = (x - mean) / sqrt(var + eps) weight + bias, mean and var for each channel.

    Args:
        mean: of the batch, or the running one. var: likewise.
        eps: keeps the root away from 0.
        of_batch: whether mean and var are the batch's own, so that gradients pass through them.
    """

    mean: torch.Tensor
    var: torch.Tensor
    eps: float
    of_batch: bool

    def numbers(self, weight: torch.Tensor, bias: torch.Tensor) -> tuple:
        """Return mean, 1 / sqrt(var + eps), scale and shift of y = x scale + shift as arrays."""
        arrays = (t.detach().numpy() for t in (self.mean, self.var, weight, bias))
        return normal_loops().line(*arrays, self.eps, self.of_batch)


def normal_loops():
    """Return the module with the loops, whose first calls compile or load them."""
    from course_snn.kernel import normal_cpu

    return normal_cpu


def drive(
    node: Any, norm: nn.Module, x_seq: torch.Tensor, skip_seq: torch.Tensor | None = None, T: int | None = None
) -> torch.Tensor | None:
    """Return the spikes of ``node`` for norm(x) + skip at every step, and leave its voltage and statistics behind.

    Args:
        node: a ``neuron.Neuron``, whose module imports this package.
        norm: an ``nn.BatchNorm2d``, which takes mean and variance over all steps.
        x_seq: input [T, N, C, H, W], or [1, N, C, H, W] where T is given: a still input.
        skip_seq: what is added to the normalised input, of the shape of x_seq.
        T: number of steps of a still input, which goes without ``skip_seq``.

    Returns [T, N, C, H, W]; None where the two must be called one after the other.
    """
    if not _fits(norm, x_seq, skip_seq, T) or not plans.fits(node, x_seq):
        return None
    v0, (charge, k) = node.state("v", like=x_seq[0]), node.fused()
    if not isinstance(k, float):
        return None
    how = node.v_threshold, node.v_reset, node.jump, node.surrogate, node.detach_reset
    plan = Plan(*multiplied(charge, k), *how, steps=x_seq.shape[0] if T is None else T)
    if plan.slope[0] == GIVEN:
        return None
    normal = _normal(norm, x_seq)
    spikes, node.v = _Normalised.apply(plan, normal, x_seq, skip_seq, v0, norm.weight, norm.bias)
    return spikes


def _fits(norm: nn.Module, x_seq: torch.Tensor, skip_seq: torch.Tensor | None, T: int | None) -> bool:
    if type(norm) is not nn.BatchNorm2d or norm.running_mean is None or norm.momentum is None or not norm.affine:
        return False
    if x_seq.dim() != 5 or x_seq.device.type != "cpu" or x_seq.shape[2] != norm.num_features:
        return False
    if norm.weight.dtype != torch.float32 or x_seq.numel() <= norm.num_features:  # torch has a word to say
        return False
    if skip_seq is not None and (T is not None or skip_seq.shape != x_seq.shape):
        return False
    return all(_lies_right(x) for x in (x_seq, skip_seq) if x is not None)


def _lies_right(x_seq: torch.Tensor) -> bool:
    """Whether all steps lie one after the other, each with the channels last."""
    one_after_the_other = x_seq.shape[0] == 1 or x_seq.stride(0) == x_seq[0].numel()
    last = x_seq[0].is_contiguous(memory_format=torch.channels_last)
    return x_seq.dtype == torch.float32 and one_after_the_other and last


def _normal(norm: Any, x_seq: torch.Tensor) -> Normal:
    """Take mean and variance, and let the normalisation remember them if it is training."""
    if not norm.training:
        return Normal(norm.running_mean.clone(), norm.running_var.clone(), norm.eps, of_batch=False)
    norm.num_batches_tracked.add_(1)
    with torch.no_grad():
        x = x_seq.flatten(0, 1)
        mean, var = torch.batch_norm_update_stats(x, norm.running_mean, norm.running_var, norm.momentum)
    return Normal(mean, var, norm.eps, of_batch=True)


def loop_normalised(
    plan: Plan, normal: Normal, x: torch.Tensor, skip: torch.Tensor | None, v: torch.Tensor, weight, bias
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what ``_Normalised`` computes, by torch: the definition, which can be differentiated again."""
    given = (None, None) if normal.of_batch else (normal.mean, normal.var)
    y = F.batch_norm(x.flatten(0, 1), *given, weight, bias, normal.of_batch, eps=normal.eps).view_as(x)
    return loop(plan, y if skip is None else y + skip, v, None)


class _Normalised(torch.autograd.Function):
    @staticmethod
    def forward(ctx, plan: Plan, normal: Normal, x, skip, v0, weight, bias):
        ctx.plan, ctx.normal = plan, normal
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(x, skip, v0, weight, bias)
        return _forward(plan, normal.numbers(weight, bias), x, skip, v0)

    @staticmethod
    def backward(ctx, grad_s: torch.Tensor | None, grad_v: torch.Tensor | None):
        inputs, (_, _, *needs) = ctx.saved_tensors, ctx.needs_input_grad
        if torch.is_grad_enabled():  # somebody will ask for a derivative of this one
            return None, None, *again(partial(loop_normalised, ctx.plan, ctx.normal), inputs, needs, (grad_s, grad_v))
        return None, None, *_backward(ctx.plan, ctx.normal, inputs, grad_s, grad_v, needs)


def _forward(plan: Plan, numbers: tuple, x, skip, v0) -> tuple[torch.Tensor, torch.Tensor]:
    loops, tile = normal_loops(), _tile(plan, x)
    out, v = empty(plan.steps, x), empty(1, x)
    arrays = _flat(x), _flat(skip, x), voltage_row(v0, x), _flat(out), _flat(v), *loops.written_out(numbers[2:], tile)
    sizes, equation = _sizes(plan, x, tile), tuple(map(loops.F, plan.equation()))
    charge = CHARGES[plan.charge].number

    def work(low: int, high: int) -> None:
        loops.forward(charge, *arrays, sizes, equation, low, high)

    in_parallel(work, v.numel(), out.numel(), x.shape[2])
    return out, v[0]


def _backward(plan: Plan, normal: Normal, inputs: tuple, grad_s, grad_v, needs: list[bool]) -> tuple:
    """Return the gradients of x, skip, v0, weight and bias."""
    x, skip, v0, weight, bias = inputs
    loops, tile = normal_loops(), _tile(plan, x)
    mean, inverse, scale, shift = normal.numbers(weight, bias)
    grad_y, grad_v0 = empty(x.shape[0], x), empty(1, x) if needs[2] else None
    if grad_s is None:
        grad_s = x.new_zeros(()).expand(plan.steps, *x.shape[1:])
    s_row, s_step = rows_of(grad_s, x)
    arrays = _flat(x), _flat(skip, x), voltage_row(v0, x), s_row, voltage_row(grad_v, x), _flat(grad_y)
    arrays += _flat(grad_v0, x), *loops.written_out((scale, shift, mean), tile)
    sizes = *_sizes(plan, x, tile)[:-1], s_step
    numbers = tuple(tuple(map(loops.F, found)) for found in (plan.equation(), plan.derivatives()))
    kind = CHARGES[plan.charge].number, plan.slope[0]

    def work(low: int, high: int) -> tuple:
        return loops.backward(*kind, *arrays, sizes, *numbers, low, high)

    parts = in_parallel(work, x[0].numel(), plan.steps * x[0].numel(), x.shape[2])
    of_y, of_distance = (sum(part).reshape(-1, x.shape[2]).sum(0) for part in zip(*parts, strict=True))
    grad_weight, grad_bias = (torch.from_numpy(sums).float() for sums in (of_distance * inverse, of_y))
    grad_x = None
    if needs[0]:
        grad_x, count = grad_y if skip is None else empty(x.shape[0], x), x.numel() // x.shape[2]
        factors = loops.factors(mean, inverse, scale, of_y / count, of_distance / count, normal.of_batch)
        rows = *map(_flat, (x, grad_y, grad_x)), *loops.written_out(factors, tile)
        in_parallel(lambda low, high: loops.spread(*rows, low, high), x.numel(), x.numel(), x.shape[2])
    return grad_x, grad_y if needs[1] else None, None if grad_v0 is None else grad_v0[0], grad_weight, grad_bias


def _tile(plan: Plan, x: torch.Tensor) -> int:
    """How many neurons are taken at a time: whole places, few enough for the cache."""
    channels = x.shape[2]
    return channels * max(1, min(TILE, CACHE // plan.steps) // channels)


def _sizes(plan: Plan, x: torch.Tensor, tile: int) -> tuple[int, ...]:
    width = x[0].numel()
    return plan.steps, width, tile, 0 if x.shape[0] < plan.steps else width, 0


def _flat(t: torch.Tensor | None, like: Any = None) -> Any:
    """All numbers as they lie in memory; none where there is no tensor."""
    return flat_of(like.new_empty(0), 0) if t is None else flat_of(t, t.numel())
