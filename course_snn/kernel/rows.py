"""Tensors as the compiled loops take them: flat arrays of steps, in whatever order the dimensions lie in memory."""

from collections.abc import Sequence

import torch


def dense(t: torch.Tensor) -> bool:
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


def pooled(steps: int, x: torch.Tensor) -> torch.Tensor:
    """An uninitialised [steps, N, C, H / 2, W / 2], the channels last in memory."""
    n, c, h, w = x.shape[1:]
    return channels_last((steps * n, c, h // 2, w // 2), x).unflatten(0, (steps, n))


def channels_last(size: Sequence[int], like: torch.Tensor) -> torch.Tensor:
    """An uninitialised tensor [N, C, H, W] of the kind of ``like``, the channels last in memory."""
    return torch.empty(size, dtype=like.dtype, device=like.device, memory_format=torch.channels_last)


def empty(steps: int, like: torch.Tensor) -> torch.Tensor:
    """An uninitialised [steps, …] whose every step lies in memory as each step of ``like`` does."""
    return like.new_empty_strided((steps, *like.shape[1:]), (like.shape[1:].numel(), *like.stride()[1:]))


def flat_of(t: torch.Tensor, size: int):
    """The first ``size`` numbers of ``t`` in memory, in the form that the loops of its device take."""
    flat = (t.detach() if t.requires_grad else t).as_strided((size,), (1,))
    return flat.numpy() if flat.is_cpu else flat


def rows_of(t: torch.Tensor, like: torch.Tensor):
    """Return the steps of ``t`` as a flat array in the layout of ``like``, and the distance between two steps."""
    if t.stride()[1:] != like.stride()[1:]:
        t = empty(t.shape[0], like).copy_(t)
    step = t.stride(0) if t.shape[0] > 1 else 0
    return flat_of(t, step * (t.shape[0] - 1) + like.shape[1:].numel()), step


def voltage_row(v: torch.Tensor | None, like: torch.Tensor):
    """Return the voltages ``v`` as a flat array; one number if all are the same, zero if there are none."""
    if v is None or not any(v.stride()):
        return flat_of(like.new_zeros(1) if v is None else v, 1)
    return rows_of(v[None], like)[0]
