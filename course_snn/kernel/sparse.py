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
    return _Gathered.apply(weight, *_in_time(row, source, rows), rows)


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
            zeros = torch.zeros(ctx.shape[::-1], dtype=grad.dtype, device=grad.device)
            return zeros.index_add(0, source, grad[row]).t(), None, None, None
        return _summed(source, row, grad, ctx.shape[1]).t(), None, None, None


def _in_time(row: torch.Tensor, source: torch.Tensor, rows: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The spikes that count."""
    if row.is_cpu and available():
        from course_snn.kernel import sparse_cpu

        kept = torch.empty(2, len(row), dtype=torch.int64, device="cpu")
        found = sparse_cpu.in_time(row.contiguous().numpy(), source.contiguous().numpy(), rows, kept.numpy())
        return kept[0, :found], kept[1, :found]
    inside = row < rows
    return row[inside], source[inside]


def _summed(to: torch.Tensor, at: torch.Tensor, values: torch.Tensor, rows: int) -> torch.Tensor:
    """out[to[e]] += values[at[e]]."""
    width = values.shape[1]
    if values.dtype == torch.float32 and values.is_cpu and available():
        from course_snn.kernel import sparse_cpu

        values, out = values.detach().contiguous(), torch.zeros(rows, width, device="cpu")
        arrays = to.numpy(), at.numpy(), values.flatten().numpy(), out.view(-1).numpy()
        work = len(to) * width
        in_parallel(lambda low, high: sparse_cpu.add_rows(*arrays, width, low, high), width, work, least=32)
        return out
    out = torch.zeros(rows, width, dtype=values.dtype, device=values.device)
    return out.index_add_(0, to, values[at])
