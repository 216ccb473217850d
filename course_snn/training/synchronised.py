"""Batch normalisation whose batch is that of all processes together; torch's own refuses to run on a CPU."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import batch_norm
from torch.nn.modules.batchnorm import _BatchNorm

_counted: ContextVar[bool] = ContextVar("whether the samples of this process belong to the batch", default=True)


@contextlib.contextmanager
def absent(really: bool = True) -> Iterator[None]:
    """Within the block the samples of this process do not count in batch statistics, nor do gradients reach them.

    For the process that got none of a batch, and runs one sample with weight 0 to keep step (``Team.split``).
    """
    token = _counted.set(not really)
    try:
        yield
    finally:
        _counted.reset(token)


class SynchronisedBatchNorm(_BatchNorm):
    """Batch normalisation over the samples of all processes, on any device.

        y = γ (x - m) / √(v + ε) + β,   n = Σ_r n_r,   m = 1/n Σ_r n_r m_r,   v = 1/n Σ_r n_r (v_r + (m_r - m)²)

    m_r, v_r: mean and variance over the n_r values of a channel in process r; under ``functional.unroll`` these are all
    T·N samples of it. So it gives what one process would give for the whole batch, running statistics and gradients
    included, also where parts differ in size. In eval mode, and in one process, it is torch's own, and on a GPU
    torch's ``nn.SyncBatchNorm``. It takes [N, C, …] of any dimensions.

    Args:
        num_features: channels C.
        eps, momentum, affine, track_running_stats, device, dtype: as in torch's BatchNorm2d.

    Source: Ioffe & Szegedy 2015, ICML; Chan, Golub & LeVeque 1983, The American Statistician 37(3), for the variance.
    """

    process_group = None
    _check_input_dim = nn.SyncBatchNorm._check_input_dim
    _check_non_zero_input_channels = nn.SyncBatchNorm._check_non_zero_input_channels

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Return ``input`` [N, C, …] normalised."""
        if not (self.training and dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1):
            return super().forward(input)
        self._check_input_dim(input)
        if input.is_cuda:
            return self._by_torch(input)
        exact = input if input.dtype == torch.float64 else input.float()
        count, mean, var = _statistics(exact.detach(), _counted.get())
        self._follow(count, mean, var)
        y = _Normalise.apply(exact, self.weight, self.bias, mean, var, count, self.eps, _counted.get())
        return y.to(input.dtype)

    def _by_torch(self, input: torch.Tensor) -> torch.Tensor:
        everybody: Any = nn.SyncBatchNorm.forward
        if _counted.get():
            return everybody(self, input)
        nothing = everybody(self, input[:0])  # it takes part with no sample, forward and backward
        return (
            batch_norm(input, self.running_mean, self.running_var, training=self.running_mean is None) + nothing.sum()
        )

    @torch.no_grad()
    def _follow(self, count: torch.Tensor, mean: torch.Tensor, var: torch.Tensor) -> None:
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return  # track_running_stats=False
        self.num_batches_tracked.add_(1)
        momentum = 1.0 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
        unbiased = var * count / (count - 1)
        for running, now in ((self.running_mean, mean), (self.running_var, unbiased)):
            running.lerp_(now.to(running.dtype), momentum)


def _statistics(x: torch.Tensor, counted: bool) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return number [1], mean [C] and variance [C] of the values of each channel over all processes."""
    var, mean = torch.var_mean(x, [d for d in range(x.dim()) if d != 1], correction=0)
    number = x.numel() // x.shape[1] if counted else 0
    mine = torch.cat([mean.new_tensor([number]), mean, var])
    parts = [torch.empty_like(mine) for _ in range(dist.get_world_size())]
    dist.all_gather(parts, mine)
    n, means, variances = torch.stack(parts).split([1, len(mean), len(mean)], dim=1)  # [ranks, 1], [ranks, C] twice
    count = n.sum(0)
    if count.item() < 2:
        raise ValueError(f"batch normalisation in training needs more than one value per channel, got {count:g}.")
    mean = (n * means).sum(0) / count
    return count, mean, (n * (variances + (means - mean) ** 2)).sum(0) / count


class _Normalise(torch.autograd.Function):
    """Normalise by statistics of all processes, which depend on x: the backward pass sums over all processes too.

    With x̂ = (x - m)/√(v + ε) and g the gradient of y:  ∂x = γ/√(v + ε) · (g - 1/n Σ g - x̂ · 1/n Σ g x̂).
    """

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight, bias, mean, var, count, eps: float, counted: bool) -> torch.Tensor:
        ctx.save_for_backward(x, weight, mean, (var + eps).rsqrt(), count)
        ctx.eps, ctx.counted = eps, counted
        return batch_norm(x, mean, var, weight, bias, training=False, eps=eps)

    @staticmethod
    def backward(ctx: Any, g: torch.Tensor) -> tuple:
        x, weight, mean, scale, count = ctx.saved_tensors
        in_one_pass = torch.ops.aten.native_batch_norm_backward  # of what it can give, Σ g x̂ and Σ g
        _, *mine = in_one_pass(g, x, weight, None, None, mean, scale, True, ctx.eps, [False, True, True])
        sums = torch.stack(mine)  # [2, C], of this process: the gradients of γ and β, which DDP averages itself
        everybody = sums.clone()
        dist.all_reduce(everybody)
        with_x, alone = everybody / count if ctx.counted else torch.zeros_like(everybody)
        shape = [1, -1] + [1] * (x.dim() - 2)
        a = scale if weight is None else scale * weight
        slope = -a * with_x * scale
        offset = -a * alone - slope * mean
        dx = torch.addcmul(torch.addcmul(offset.view(shape), x, slope.view(shape)), g, a.view(shape))
        return dx, None if weight is None else sums[0], None if weight is None else sums[1], *[None] * 5


class SynchronisedBatchNorm1d(SynchronisedBatchNorm, nn.BatchNorm1d):
    """What ``synchronise`` makes of a BatchNorm1d."""


class SynchronisedBatchNorm2d(SynchronisedBatchNorm, nn.BatchNorm2d):
    """What ``synchronise`` makes of a BatchNorm2d."""


class SynchronisedBatchNorm3d(SynchronisedBatchNorm, nn.BatchNorm3d):
    """What ``synchronise`` makes of a BatchNorm3d."""


KINDS: dict[type, type] = {
    nn.BatchNorm1d: SynchronisedBatchNorm1d,
    nn.BatchNorm2d: SynchronisedBatchNorm2d,
    nn.BatchNorm3d: SynchronisedBatchNorm3d,
}


def synchronise(net: nn.Module) -> nn.Module:
    """Let every batch normalisation inside ``net`` take its statistics over all processes; returns ``net``.

    The modules are the same ones afterwards, so that optimizers, names and files still fit. Call it before
    ``Team.wrap``. A class that derives from torch's stays as it is, for it may compute something else.
    """
    for module in net.modules():
        if kind := KINDS.get(type(module)):
            module.__class__ = kind
    return net


def as_made(cls: type) -> type:
    """Return the class that a module had before it was synchronised, and before FSDP put its own before it."""
    theirs = (SynchronisedBatchNorm,)
    return next(k for k in cls.__mro__ if not (issubclass(k, theirs) or k.__module__.startswith("torch.distributed")))


def synchronised_in(net: nn.Module) -> set[str]:
    """Return the names of the batch normalisations whose statistics are those of all processes."""
    return {name for name, m in net.named_modules() if isinstance(m, (SynchronisedBatchNorm, nn.SyncBatchNorm))}
