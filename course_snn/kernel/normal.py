"""A batch normalisation and the neuron behind it in one pass over memory, channels last, on the CPU.

Apart from each other, the normalised input is written down once, read again, and kept for the backward pass. Here it
lives in the cache only: kept are the input x, and what is added to it, which others keep anyway.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
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

    def inverse(self) -> np.ndarray:
        """Return 1 / sqrt(var + eps), rounded as torch rounds it in each of the two modes."""
        var = self.var.numpy()
        if self.of_batch:
            return (1 / np.sqrt(var.astype(np.float64) + self.eps)).astype(np.float32)
        return np.float32(1) / np.sqrt(var + np.float32(self.eps))

    def line(self, weight: torch.Tensor, bias: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Return scale and shift of y = x scale + shift, each rounded once."""
        scale = self.inverse() * weight.detach().numpy()
        shift = bias.detach().numpy() - self.mean.numpy().astype(np.float64) * scale
        return scale, shift.astype(np.float32)


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
        return _forward(plan, normal.line(weight, bias), x, skip, v0)

    @staticmethod
    def backward(ctx, grad_s: torch.Tensor | None, grad_v: torch.Tensor | None):
        inputs, (_, _, *needs) = ctx.saved_tensors, ctx.needs_input_grad
        if torch.is_grad_enabled():  # somebody will ask for a derivative of this one
            return None, None, *again(partial(loop_normalised, ctx.plan, ctx.normal), inputs, needs, (grad_s, grad_v))
        return None, None, *_backward(ctx.plan, ctx.normal, inputs, grad_s, grad_v, needs)


def _forward(plan: Plan, line: tuple, x, skip, v0) -> tuple[torch.Tensor, torch.Tensor]:
    from course_snn.kernel import normal_cpu  # loads numba

    tile = _tile(plan, x)
    out, v = empty(plan.steps, x), empty(1, x)
    arrays = _flat(x), _flat(skip), voltage_row(v0, x), _flat(out), _flat(v), *_written_out(line, tile)
    sizes, equation = _sizes(plan, x, tile), tuple(map(np.float32, plan.equation()))
    charge = CHARGES[plan.charge].number

    def work(low: int, high: int) -> None:
        normal_cpu.forward(charge, *arrays, sizes, equation, low, high)

    in_parallel(work, v.numel(), out.numel(), x.shape[2])
    return out, v[0]


def _backward(plan: Plan, normal: Normal, inputs: tuple, grad_s, grad_v, needs: list[bool]) -> tuple:
    """Return the gradients of x, skip, v0, weight and bias."""
    from course_snn.kernel import normal_cpu

    x, skip, v0, weight, bias = inputs
    tile, line = _tile(plan, x), normal.line(weight, bias)
    grad_y, grad_v0 = empty(x.shape[0], x), empty(1, x) if needs[2] else None
    if grad_s is None:
        grad_s = x.new_zeros(()).expand(plan.steps, *x.shape[1:])
    s_row, s_step = rows_of(grad_s, x)
    arrays = _flat(x), _flat(skip), voltage_row(v0, x), s_row, voltage_row(grad_v, x), _flat(grad_y)
    arrays += _flat(grad_v0), *_written_out(line, tile), *_written_out([normal.mean.numpy()], tile)
    sizes = *_sizes(plan, x, tile)[:-1], s_step
    numbers = tuple(tuple(map(np.float32, found)) for found in (plan.equation(), plan.derivatives()))
    kind = CHARGES[plan.charge].number, plan.slope[0]

    def work(low: int, high: int) -> tuple[np.ndarray, np.ndarray]:
        return normal_cpu.backward(*kind, *arrays, sizes, *numbers, low, high)

    parts = in_parallel(work, x[0].numel(), plan.steps * x[0].numel(), x.shape[2])
    of_y, of_distance = (sum(part).reshape(-1, x.shape[2]).sum(0) for part in zip(*parts, strict=True))
    grad_x = _to_x(normal, line[0], x, grad_y, of_y, of_distance, tile, skip is not None) if needs[0] else None
    grad_weight, grad_bias = (torch.from_numpy(sums).float() for sums in (of_distance * normal.inverse(), of_y))
    return grad_x, grad_y if needs[1] else None, None if grad_v0 is None else grad_v0[0], grad_weight, grad_bias


def _to_x(normal: Normal, scale: np.ndarray, x, grad_y, of_y, of_distance, tile: int, keep: bool) -> torch.Tensor:
    """Return dL/dx from dL/dy and its sums, over it unless it has to be kept.

    dL/dx = scale (dL/dy - mean(dL/dy) - (x - mean) mean(dL/dy (x - mean)) / (var + eps)), the means of a batch only
    """
    from course_snn.kernel import normal_cpu

    count = x.numel() // x.shape[2]
    means = [scale * sums / count * float(normal.of_batch) for sums in (of_y, of_distance)]
    share = -means[1] * normal.inverse().astype(np.float64) ** 2
    rest = -means[0] - share * normal.mean.numpy()
    grad_x = empty(x.shape[0], x) if keep else grad_y
    arrays = *map(_flat, (x, grad_y, grad_x)), *_written_out((scale, share, rest), tile)
    in_parallel(lambda low, high: normal_cpu.spread(*arrays, low, high), x.numel(), x.numel(), x.shape[2])
    return grad_x


def _tile(plan: Plan, x: torch.Tensor) -> int:
    """How many neurons are taken at a time: whole places, few enough for the cache."""
    channels = x.shape[2]
    return channels * max(1, min(TILE, CACHE // plan.steps) // channels)


def _sizes(plan: Plan, x: torch.Tensor, tile: int) -> tuple[int, ...]:
    width = x[0].numel()
    return plan.steps, width, tile, 0 if x.shape[0] < plan.steps else width, 0


def _flat(t: torch.Tensor | None) -> np.ndarray:
    return np.empty(0, np.float32) if t is None else flat_of(t, t.numel())


def _written_out(line: Iterable[np.ndarray], tile: int) -> list[np.ndarray]:
    """What there is for each channel, for every neuron of a tile."""
    return [np.tile(values.astype(np.float32), tile // len(values)) for values in line]
