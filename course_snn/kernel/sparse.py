"""Sums of rows that a list of spikes names: what a weight matrix makes of spikes that are nearly all zero."""

from __future__ import annotations

import torch

from course_snn.kernel.plan import available
from course_snn.kernel.threads import in_parallel


def gathered(weight: torch.Tensor, row: torch.Tensor, source: torch.Tensor, rows: int) -> torch.Tensor:
    """Return S weightᵀ for the matrix S of spikes that is 1 (or how many) at (row[e], source[e]) and 0 elsewhere.

        out[r, j] = Σ over the spikes e with row[e] = r of weight[j, source[e]]

    The work is one addition for each spike and neuron, not for each input and step.

    Args:
        weight: [post, pre]. row: of each spike, int64 ≥ 0; from ``rows`` on the spike does not count.
        source: of each spike, int64 in 0 … pre - 1. rows: how many rows.

    Shapes:
        returns [rows, post].
    """
    return _Gathered.apply(weight, row, source, rows)


class _Gathered(torch.autograd.Function):
    @staticmethod
    def forward(ctx, weight: torch.Tensor, row: torch.Tensor, source: torch.Tensor, rows: int) -> torch.Tensor:
        ctx.save_for_backward(row, source)
        ctx.shape = weight.shape
        return _summed(row, source, weight.t(), rows)

    @staticmethod
    def backward(ctx, *grads: torch.Tensor):
        (grad,) = grads
        row, source = ctx.saved_tensors
        if torch.is_grad_enabled():  # somebody will ask for a derivative of this one; it is linear
            inside = row < len(grad)
            zeros = torch.zeros(ctx.shape[::-1], dtype=grad.dtype, device=grad.device)
            return zeros.index_add(0, source[inside], grad[row[inside]]).t(), None, None, None
        return _summed(source, row, grad, ctx.shape[1]).t(), None, None, None


def _summed(to: torch.Tensor, at: torch.Tensor, values: torch.Tensor, rows: int) -> torch.Tensor:
    """out[to[e]] += values[at[e]], for every e that is inside both."""
    if values.dtype == torch.float32 and values.is_cpu and available():
        from course_snn.kernel import sparse_cpu

        values, out = values.detach().contiguous(), torch.zeros(rows, values.shape[1])
        arrays = to.contiguous().numpy(), at.contiguous().numpy(), values.numpy(), out.numpy()
        width = values.shape[1]
        in_parallel(lambda low, high: sparse_cpu.add_rows(*arrays, low, high), width, len(to) * width)
        return out
    out = torch.zeros(rows, values.shape[1], dtype=values.dtype, device=values.device)
    inside = (to < rows) & (at < len(values))
    return out.index_add_(0, to[inside], values[at[inside]])
