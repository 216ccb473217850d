"""The blocks of a spiking ResNet: torchvision's, with a neuron for each ReLU."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.models.resnet import BasicBlock, Bottleneck

from course_snn import unrolling
from course_snn.normalised import normalise_and_fire

CONNECT: Mapping[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "add": lambda identity, out: identity + out,
    "and": lambda identity, out: identity * out,
    "iand": lambda identity, out: identity * (1 - out),
}


class _Spiking:
    """What both kinds of block share: neurons in place of the ReLU, and where the two ways of a block meet."""

    sn1: nn.Module
    sn2: nn.Module
    sn3: nn.Module

    def _put_neurons(self: Any, node: Callable[[], nn.Module], connect: str | None, count: int) -> None:
        del self.relu  # one module that torchvision calls several times: a neuron cannot be, it keeps a state
        for number in range(1, count + 1):
            setattr(self, f"sn{number}", new_neuron(node))
        self.connect = connect
        if connect is not None and self.downsample is not None:
            self.downsample_sn = new_neuron(node)  # what is joined are spikes

    def _joined(self: Any, x: torch.Tensor, out: torch.Tensor, norm: nn.Module, node: nn.Module) -> torch.Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        if self.connect is None:
            return normalise_and_fire(out, norm, node, skip=identity)
        if self.downsample is not None:
            identity = self.downsample_sn(identity)
        return CONNECT[self.connect](identity, normalise_and_fire(out, norm, node))

    def extra_repr(self: Any) -> str:
        return "" if self.connect is None else f"connect={self.connect!r}"


class SpikingBasicBlock(_Spiking, BasicBlock):
    """Two convolutions around which the input is added (plain) or joined spike by spike (SEW).

        plain:  y = sn2(F(x) + x);     SEW:  y = g(x, sn2(F(x))),    F(x) = bn2(conv2(sn1(bn1(conv1(x)))))

    Args:
        inplanes: channels of the input. planes: channels of the convolutions.
        node: makes a neuron. connect: g of a SEW block, a key of ``CONNECT``; None: a plain block.
        others: stride, downsample, groups, base_width, dilation and norm_layer as in torchvision's ``BasicBlock``.

    Shapes:
        x [N, inplanes, H, W] -> [N, planes, H / stride, W / stride]; spikes, or counts of them with "add".

    Source: Hu, Tang & Pan 2021, IEEE TNNLS (plain); Fang et al. 2021, NeurIPS 34 (SEW).
    """

    def __init__(
        self, inplanes: int, planes: int, *others: Any, node: Callable[[], nn.Module], connect: str | None, **named: Any
    ) -> None:
        super().__init__(inplanes, planes, *others, **named)
        self._put_neurons(node, connect, count=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = normalise_and_fire(convolved(self.conv1, x), self.bn1, self.sn1)
        return self._joined(x, convolved(self.conv2, out), self.bn2, self.sn2)


class SpikingBottleneck(_Spiking, Bottleneck):
    """Three convolutions, 1x1, 3x3 and 1x1, around which the input is added or joined as in ``SpikingBasicBlock``.

    "iand" is x (1 - s) with s of the convolutions, as in the paper; SpikingJelly 2.0 exchanges the two in this block.

    Args:
        inplanes: channels of the input. planes: channels of the convolutions; a quarter of those of the output.
        node: makes a neuron. connect: g of a SEW block, a key of ``CONNECT``; None: a plain block.
        others: stride, downsample, groups, base_width, dilation and norm_layer as in torchvision's ``Bottleneck``.

    Shapes:
        x [N, inplanes, H, W] -> [N, 4 planes, H / stride, W / stride].
    """

    def __init__(
        self, inplanes: int, planes: int, *others: Any, node: Callable[[], nn.Module], connect: str | None, **named: Any
    ) -> None:
        super().__init__(inplanes, planes, *others, **named)
        self._put_neurons(node, connect, count=3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = normalise_and_fire(convolved(self.conv1, x), self.bn1, self.sn1)
        out = normalise_and_fire(convolved(self.conv2, out), self.bn2, self.sn2)
        return self._joined(x, self.conv3(out), self.bn3, self.sn3)


def convolved(conv: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Return conv(x), without those places of the kernel that lie beside the picture wherever the kernel is put.

    Where a picture of 32x32 has shrunk to 1x1, eight of the nine places of a 3x3 kernel meet zeros only. That is made
    use of with the channels last in memory; sums may be rounded in another order.

    Args:
        conv: an ``nn.Conv2d``; whatever else it is, or whoever listens to it, it is called as it is.
        x: [N, C, H, W].
    """
    if type(conv) is not nn.Conv2d or unrolling.watched(conv) or isinstance(conv.padding, str) or x.dim() != 4:
        return conv(x)
    sizes = list(zip(x.shape[2:], conv.kernel_size, conv.padding, conv.stride, strict=True))
    alone = all(side <= pad + 1 < kernel and side + 2 * pad - kernel < stride for side, kernel, pad, stride in sizes)
    plain = conv.padding_mode == "zeros" and conv.dilation == (1, 1) and conv.groups == 1
    if not (alone and plain and conv.weight.is_contiguous(memory_format=torch.channels_last)):
        return conv(x)
    (height, _, top, _), (width, _, left, _) = sizes
    return F.conv2d(x, conv.weight[:, :, top : top + height, left : left + width], conv.bias)


SPIKING = {BasicBlock: SpikingBasicBlock, Bottleneck: SpikingBottleneck}


def spiking(block: type) -> type[SpikingBasicBlock | SpikingBottleneck]:
    """Return the spiking block for torchvision's block."""
    kind = SPIKING.get(block)
    if kind is None:
        names = ", ".join(kind.__name__ for kind in SPIKING)
        raise TypeError(f"block must be one of torchvision's {names}, got {getattr(block, '__name__', block)!r}.")
    return kind


def new_neuron(node: Callable[[], nn.Module]) -> nn.Module:
    """Return a neuron of its own.

    Raises:
        TypeError: ``node`` does not make one.
    """
    how = "give a class, or functools.partial(LIFNode, tau=2.0, surrogate=ATan())"
    if isinstance(node, nn.Module) or not callable(node):
        raise TypeError(f"node must make neurons, one for each place, got {type(node).__name__}: {how}.")
    neuron = node()
    if not isinstance(neuron, nn.Module):
        raise TypeError(f"node() must return a neuron, but returned {type(neuron).__name__}: {how}.")
    return copy.deepcopy(neuron)  # a partial hands the same surrogate and the same nn.Parameter to all
