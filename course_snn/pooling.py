"""Maximum pooling for a fraction of its cost in a training step: of spikes, and where a ResNet begins."""

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import kernel, unrolling
from course_snn.kernel.rows import channels_last
from course_snn.kernel.threads import in_parallel
from course_snn.neuron import Neuron, membrane
from course_snn.steps import OneByOne, run


class SpikeMaxPool2d(nn.Module):
    """Maximum over windows of 2 x 2: of spikes, "did any of the four fire?".

    Values and gradients are those of ``nn.MaxPool2d(2)``, for any input. torch keeps the position of each maximum in
    64 bits and scatters the gradient; here a byte is enough, and the spikes before pooling need not be kept. That is
    done for float32 on the CPU with the channels last in memory (``net.to(memory_format=torch.channels_last)``);
    everything else goes to torch.

    Args:
        node: a neuron whose spikes are pooled, ``SpikeMaxPool2d(IFNode())`` for ``IFNode(), SpikeMaxPool2d()``: under
            ``functional.unroll`` the spikes of a whole picture are then never written down, only what pooling leaves.

    Shapes:
        [N, C, H, W] -> [N, C, H // 2, W // 2].

    Raises:
        TypeError: ``node`` is not a module.
    """

    def __init__(self, node: nn.Module | None = None) -> None:
        super().__init__()
        if not (node is None or isinstance(node, nn.Module)):
            raise TypeError(f"node must be a neuron, for example SpikeMaxPool2d(IFNode()), or None; got {node!r}.")
        self.node = node

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.node is None:
            return self._pool(x)
        node = self.node
        y = self._in_one_pass(node, x) if isinstance(node, Neuron) and unrolling.travels(node) else None
        return self._pool(node(x)) if y is None else y

    def _in_one_pass(self, node: Neuron, x: torch.Tensor) -> torch.Tensor | None:
        """Return the pooled spikes of all steps, computed where they are fired; None where that cannot be done."""
        steps = unrolling.running()
        if steps is None or unrolling.watched(node):
            return None
        x = membrane(x)
        x_seq, T = (x[None], steps.T) if steps.still(x) else (steps.split(x), None)
        with run(OneByOne()):
            spikes = node.in_one_pass(x_seq, T, pool=True) if kernel.pools(x_seq) else None
        return None if spikes is None else spikes.flatten(0, 1)

    def _pool(self, x: torch.Tensor) -> torch.Tensor:
        x = membrane(x)
        fits = x.dim() == 4 and x.dtype == torch.float32 and x.device.type == "cpu" and x.numel() > 0
        if fits and x.is_contiguous(memory_format=torch.channels_last) and min(x.shape[2:]) > 1 and kernel.available():
            return _Pool.apply(x)
        return F.max_pool2d(x, 2)


class _Pool(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: torch.Tensor) -> torch.Tensor:
        size = x.shape[0], x.shape[1], x.shape[2] // 2, x.shape[3] // 2
        out = channels_last(size, x)
        place = torch.empty_like(out if ctx.needs_input_grad[0] else out[:0], dtype=torch.uint8)
        ctx.size = x.shape
        ctx.save_for_backward(place)
        _over_rows("pool", x.shape, x, out, place)
        return out

    @staticmethod
    def backward(ctx, grad: torch.Tensor) -> torch.Tensor:
        (place,) = ctx.saved_tensors
        if torch.is_grad_enabled():  # somebody will ask for a derivative of this one
            return _spread(grad, place, ctx.size)
        odd = ctx.size[2] % 2 or ctx.size[3] % 2
        grad_x = channels_last(ctx.size, grad)
        if odd:
            grad_x.zero_()
        _over_rows("pool_backward", ctx.size, place, grad.contiguous(memory_format=torch.channels_last), grad_x)
        return grad_x


def _spread(grad: torch.Tensor, place: torch.Tensor, size: torch.Size) -> torch.Tensor:
    """Hand the gradient of each window to its place, in operations that have gradients themselves."""
    whole = [torch.where(place == k, grad, 0.0) for k in range(4)]
    rows = [torch.stack(pair, -1).flatten(-2) for pair in (whole[:2], whole[2:])]  # [N, C, H / 2, W]
    spread = torch.stack(rows, -2).flatten(-3, -2)
    return F.pad(spread, (0, size[3] - spread.shape[3], 0, size[2] - spread.shape[2]))


def max_pool(pool: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Return pool(x); for ``nn.MaxPool2d(3, stride=2, padding=1)``, as ResNets begin, with a byte kept for each value.

    torch keeps the input and 64 bits for each position. Values and gradients are torch's, for any input without nan.
    Done for float32 on the CPU with the channels last in memory; everything else is left to ``pool`` itself.

    Args:
        pool: any module; another than that, or one with hooks, is called.
        x: [N, C, H, W].

    Shapes:
        [N, C, H, W] -> [N, C, (H + 1) // 2, (W + 1) // 2].
    """
    if not _is_front(pool) or unrolling.watched(pool):
        return pool(x)
    x = membrane(x)
    fits = x.dim() == 4 and x.dtype == torch.float32 and x.device.type == "cpu" and x.numel() > 0
    if fits and x.is_contiguous(memory_format=torch.channels_last) and kernel.available():
        return _Overlapping.apply(x)
    return pool(x)


def _is_front(pool: nn.Module) -> bool:
    if type(pool) is not nn.MaxPool2d:
        return False
    sizes = (pool.kernel_size, pool.stride, pool.padding, pool.dilation)
    pairs = [size if isinstance(size, tuple) else (size, size) for size in sizes]
    return pairs == [(3, 3), (2, 2), (1, 1), (1, 1)] and not pool.ceil_mode and not pool.return_indices


class _Overlapping(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: torch.Tensor) -> torch.Tensor:
        size = x.shape[0], x.shape[1], (x.shape[2] + 1) // 2, (x.shape[3] + 1) // 2
        out = channels_last(size, x)
        place = torch.empty_like(out if ctx.needs_input_grad[0] else out[:0], dtype=torch.uint8)
        ctx.size = x.shape
        ctx.save_for_backward(place)
        _over_rows("overlapping", x.shape, x, out, place, rows=size[2])
        return out

    @staticmethod
    def backward(ctx, grad: torch.Tensor) -> torch.Tensor:
        (place,) = ctx.saved_tensors
        if torch.is_grad_enabled():  # somebody will ask for a derivative of this one
            return _gathered(grad, place, ctx.size)
        grad_x = channels_last(ctx.size, grad)
        grad = grad.contiguous(memory_format=torch.channels_last)
        _over_rows("overlapping_backward", ctx.size, place, grad, grad_x, rows=ctx.size[2])
        return grad_x


def _gathered(grad: torch.Tensor, place: torch.Tensor, size: torch.Size) -> torch.Tensor:
    """Add up the gradients of windows at their places, in operations that have gradients themselves."""
    rows, columns = 2 * grad.shape[2] + 1, 2 * grad.shape[3] + 1  # with one line more on each side, as windows reach
    whole = grad.new_zeros(*size[:2], rows, columns)
    for k in range(9):
        part = torch.where(place == k, grad, 0.0)
        lines = torch.stack([part, torch.zeros_like(part)], -1).flatten(-2)  # [N, C, h, 2 w]
        both = torch.stack([lines, torch.zeros_like(lines)], -2).flatten(-3, -2)  # [N, C, 2 h, 2 w]
        i, j = divmod(k, 3)
        whole = whole + F.pad(both, (j, 1 - j, i, 1 - i))
    return whole[..., 1 : size[2] + 1, 1 : size[3] + 1]


def _over_rows(loop: str, size: torch.Size, *tensors: torch.Tensor, rows: int | None = None) -> None:
    """Call the compiled loop on all rows, shared out between threads.

    Args:
        loop: its name. size: of the input. rows: lines of an image that are shared out; those of 2 x 2 windows.
    """
    n, channels, height, width = size
    flat = [t.detach().permute(0, 2, 3, 1).view(-1).numpy() for t in tensors]
    from course_snn.kernel import pooling_cpu  # loads numba

    run_rows = getattr(pooling_cpu, loop)
    lines = n * (height // 2 if rows is None else rows)
    in_parallel(lambda low, high: run_rows(*flat, height, width, channels, low, high), lines, size.numel())
