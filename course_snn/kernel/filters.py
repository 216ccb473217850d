"""Two exponential filters and their difference, over a whole sequence in one compiled pass."""

from __future__ import annotations

from collections.abc import Callable

import torch

from course_snn.kernel.rows import dense, empty, rows_of
from course_snn.kernel.sequence import again
from course_snn.kernel.threads import in_parallel


def two_filters(
    x: torch.Tensor,
    m: torch.Tensor,
    s: torch.Tensor,
    T: int,
    numbers: tuple[float, ...],
    definition: Callable,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return p[t] - a_m p[t-1] at each of ``T`` steps, and m and s after them, on the CPU in float32.

        m[t] = a_p m[t-1] + V0 x[t],   s[t] = a_q s[t-1] + V0 x[t],   p = m - s

    Args:
        x: input [T, N, …], or [1, N, …] of a still one.
        m: before the first step, [N, …]. s: the same.
        T: number of steps. numbers: V0, a_m, a_p, a_q.
        definition: function (x, m, s) that gives the same by torch, for second derivatives.

    Shapes:
        returns [T, N, …], [N, …], [N, …].
    """
    return _TwoFilters.apply(definition, T, numbers, x, m, s)


class _TwoFilters(torch.autograd.Function):
    @staticmethod
    def forward(ctx, definition: Callable, T: int, numbers: tuple, x: torch.Tensor, m: torch.Tensor, s: torch.Tensor):
        from course_snn.kernel import filters_cpu

        ctx.definition, ctx.T, ctx.numbers = definition, T, numbers
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(x, m, s)
        x = x if dense(x) else x.contiguous()
        out, state, width = empty(T, x), empty(2, x), x[0].numel()
        state[0], state[1] = m, s
        (rows, x_step), (to, _), (both, _) = rows_of(x, x), rows_of(out, x), rows_of(state, x)
        sizes = T, width, x_step if len(x) > 1 else 0
        values = tuple(map(filters_cpu.F, numbers))
        in_parallel(lambda a, b: filters_cpu.forward(rows, both, to, sizes, values, a, b), width, T * width)
        return out, state[0], state[1]

    @staticmethod
    def backward(ctx, *grads: torch.Tensor | None):
        from course_snn.kernel import filters_cpu

        x, m, s = ctx.saved_tensors
        none = None, None, None
        if torch.is_grad_enabled():  # somebody will ask for a derivative of this one
            return *none, *again(ctx.definition, (x, m, s), ctx.needs_input_grad[3:], grads)
        like = x if dense(x) else x.contiguous()
        grad, grad_m, grad_s = grads
        grad = like.new_zeros(()).expand(ctx.T, *like.shape[1:]) if grad is None else grad
        state, grad_x, width = empty(2, like), empty(len(like), like), like[0].numel()
        state[0], state[1] = (0.0 if g is None else g for g in (grad_m, grad_s))
        (rows, g_step), (both, _), (to, _) = rows_of(grad, like), rows_of(state, like), rows_of(grad_x, like)
        sizes = ctx.T, width, g_step, width if len(like) > 1 else 0
        values = tuple(map(filters_cpu.F, ctx.numbers))
        in_parallel(lambda a, b: filters_cpu.backward(rows, both, to, sizes, values, a, b), width, ctx.T * width)
        return *none, grad_x, state[0], state[1]
