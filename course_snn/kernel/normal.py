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
from course_snn.kernel.rows import channels_last, flat_of, voltage_row
from course_snn.kernel.sequence import CACHE, again, loop, multiplied
from course_snn.kernel.threads import in_parallel

TILE, ROW = 4096, 256  # neurons whose steps follow one another, and of a pass without steps
LAST = torch.channels_last


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
    node: Any, norm: nn.Module, x: torch.Tensor, skip: torch.Tensor | None, T: int, still: bool = False
) -> torch.Tensor | None:
    """Return the spikes of ``node`` for norm(x) + skip at every step, and leave its voltage and statistics behind.

    Steps stay in the batch, there and back: a gradient that passed through a view of [T, N, …] could not be added to in
    place by autograd, which would write every sum of two ways into new memory.

    Args:
        node: a ``neuron.Neuron``, whose module imports this package.
        norm: an ``nn.BatchNorm2d``, which takes mean and variance over all steps.
        x: input [T·N, C, H, W], or [N, C, H, W] if ``still``: the same at each step, which goes without ``skip``.
        skip: what is added to the normalised input, of the shape of x.
        T: number of steps.

    Returns [T·N, C, H, W]; None where the two must be called one after the other.
    """
    if not _fits(norm, x, skip, still):
        return None
    first = x if still else x[: x.shape[0] // T]
    if not plans.fits(node, first[None]):
        return None
    v0, (charge, k) = node.state("v", like=first), node.fused()
    if not isinstance(k, float):
        return None
    how = node.v_threshold, node.v_reset, node.jump, node.surrogate, node.detach_reset
    plan = Plan(*multiplied(charge, k), *how, steps=T)
    if plan.slope[0] == GIVEN:
        return None
    normal = _normal(norm, x)
    spikes, node.v = _Normalised.apply(plan, normal, x, skip, v0, norm.weight, norm.bias)
    return spikes


def _fits(norm: nn.Module, x: torch.Tensor, skip: torch.Tensor | None, still: bool) -> bool:
    if type(norm) is not nn.BatchNorm2d or norm.running_mean is None or norm.momentum is None or not norm.affine:
        return False
    if x.dim() != 4 or x.device.type != "cpu" or x.shape[1] != norm.num_features:
        return False
    if norm.weight.dtype != torch.float32 or x.numel() <= norm.num_features:  # torch has a word to say
        return False
    if skip is not None and (still or skip.shape != x.shape):
        return False
    return all(_lies_right(each) for each in (x, skip) if each is not None)


def _lies_right(x: torch.Tensor) -> bool:
    return x.dtype == torch.float32 and x.is_contiguous(memory_format=LAST)


def _normal(norm: Any, x: torch.Tensor) -> Normal:
    """Take mean and variance, and let the normalisation remember them if it is training."""
    if not norm.training:
        return Normal(norm.running_mean.clone(), norm.running_var.clone(), norm.eps, of_batch=False)
    norm.num_batches_tracked.add_(1)
    with torch.no_grad():
        mean, var = torch.batch_norm_update_stats(x, norm.running_mean, norm.running_var, norm.momentum)
    return Normal(mean, var, norm.eps, of_batch=True)


def loop_normalised(
    plan: Plan, normal: Normal, x: torch.Tensor, skip: torch.Tensor | None, v: torch.Tensor, weight, bias
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what ``_Normalised`` computes, by torch: the definition, which can be differentiated again."""
    given = (None, None) if normal.of_batch else (normal.mean, normal.var)
    y = F.batch_norm(x, *given, weight, bias, normal.of_batch, eps=normal.eps)
    spikes, v = loop(plan, (y if skip is None else y + skip).unflatten(0, (-1, len(v))), v, None)
    return spikes.flatten(0, 1), v


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
    loops, tile, n = normal_loops(), _tile(plan, x), v0.shape[0]
    out, v = (channels_last((count, *x.shape[1:]), x) for count in (plan.steps * n, n))
    arrays = _flat(x), _flat(skip, x), voltage_row(v0, x[None, :n]), _flat(out), _flat(v)
    sizes, equation = _sizes(plan, x, n, tile), tuple(map(loops.F, plan.equation()))
    arrays, charge = (*arrays, *loops.written_out(numbers[2:], tile)), CHARGES[plan.charge].number

    def work(low: int, high: int) -> None:
        loops.forward(charge, *arrays, sizes, equation, low, high)

    in_parallel(work, v.numel(), out.numel(), x.shape[1])
    return out, v


def _backward(plan: Plan, normal: Normal, inputs: tuple, grad_s, grad_v, needs: list[bool]) -> tuple:
    """Return the gradients of x, skip, v0, weight and bias."""
    x, skip, v0, weight, bias = inputs
    x, skip = (t if t is None else t.contiguous(memory_format=LAST) for t in (x, skip))  # a hook may have laid it anew
    loops, tile, channels, n = normal_loops(), _tile(plan, x), x.shape[1], v0.shape[0]
    mean, inverse, scale, shift = normal.numbers(weight, bias)
    grad_y, grad_v0 = torch.empty_like(x), torch.empty_like(x[:n]) if needs[2] else None
    grad_s = x.new_zeros(plan.steps * n, *x.shape[1:]) if grad_s is None else grad_s
    grad_s = grad_s.contiguous(memory_format=LAST)
    like = x[None, :n]
    arrays = _flat(x), _flat(skip, x), voltage_row(v0, like), _flat(grad_s), voltage_row(grad_v, like), _flat(grad_y)
    arrays += _flat(grad_v0, x), *loops.written_out((scale, shift, mean), tile)
    sizes = _sizes(plan, x, n, tile)
    numbers = tuple(tuple(map(loops.F, found)) for found in (plan.equation(), plan.derivatives()))
    kind = CHARGES[plan.charge].number, plan.slope[0]

    def work(low: int, high: int) -> tuple:
        return loops.backward(*kind, *arrays, sizes, *numbers, low, high)

    parts = in_parallel(work, x[:n].numel(), grad_s.numel(), channels)
    of_y, of_distance = (sum(part).reshape(-1, channels).sum(0) for part in zip(*parts, strict=True))
    grad_weight, grad_bias = (torch.from_numpy(sums).float() for sums in (of_distance * inverse, of_y))
    grad_x = None
    if needs[0]:
        apart = None if skip is None else torch.empty_like(x)  # else it is written over the other
        grad_x, count = grad_y if apart is None else apart, x.numel() // channels
        factors = loops.factors(mean, inverse, scale, of_y / count, of_distance / count, normal.of_batch)
        rows = _flat(x), _flat(grad_y), _flat(apart, x), *loops.written_out(factors, _whole_places(ROW, x))
        in_parallel(lambda low, high: loops.spread(*rows, low, high), x.numel(), x.numel(), channels)
    return grad_x, grad_y if needs[1] else None, grad_v0, grad_weight, grad_bias


def _tile(plan: Plan, x: torch.Tensor) -> int:
    """How many neurons are taken through their steps at a time: few enough for the cache."""
    return _whole_places(min(TILE, CACHE // plan.steps), x)


def _whole_places(most: int, x: torch.Tensor) -> int:
    """The largest number of neurons up to ``most`` with all channels of each of their places."""
    return x.shape[1] * max(1, most // x.shape[1])


def _sizes(plan: Plan, x: torch.Tensor, n: int, tile: int) -> tuple[int, ...]:
    """Steps, neurons, how many at a time, and how far the next step of x lies away: nowhere if x is still."""
    width = x[:n].numel()
    return plan.steps, width, tile, 0 if x.shape[0] < plan.steps * n else width


def _flat(t: torch.Tensor | None, like: Any = None) -> Any:
    """All numbers as they lie in memory; none where there is no tensor."""
    return flat_of(like.new_empty(0), 0) if t is None else flat_of(t, t.numel())
