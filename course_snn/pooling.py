"""Maximum pooling for spikes: nn.MaxPool2d(2) for a fraction of its cost in a training step."""

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import kernel, unrolling
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
        out = torch.empty(size, dtype=x.dtype, memory_format=torch.channels_last)
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
        grad_x = torch.empty(ctx.size, dtype=grad.dtype, memory_format=torch.channels_last)
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


def _over_rows(loop: str, size: torch.Size, *tensors: torch.Tensor) -> None:
    """Call the compiled loop on all rows of the output, shared out between threads; ``size`` is the input's."""
    n, channels, height, width = size
    flat = [t.detach().permute(0, 2, 3, 1).view(-1).numpy() for t in tensors]
    from course_snn.kernel import pooling_cpu  # loads numba

    run_rows = getattr(pooling_cpu, loop)
    in_parallel(lambda low, high: run_rows(*flat, height, width, channels, low, high), n * (height // 2), size.numel())
