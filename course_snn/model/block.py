"""The blocks of a spiking ResNet: torchvision's, with a neuron for each ReLU."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck

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

    def _joined(self: Any, x: torch.Tensor, out: torch.Tensor, last: nn.Module) -> torch.Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        if self.connect is None:
            return last(out + identity)
        if self.downsample is not None:
            identity = self.downsample_sn(identity)
        return CONNECT[self.connect](identity, last(out))

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
        out = self.sn1(self.bn1(self.conv1(x)))
        return self._joined(x, self.bn2(self.conv2(out)), self.sn2)


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
        out = self.sn1(self.bn1(self.conv1(x)))
        out = self.sn2(self.bn2(self.conv2(out)))
        return self._joined(x, self.bn3(self.conv3(out)), self.sn3)


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
