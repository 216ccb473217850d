"""Spiking ResNets on torchvision's classes: each ReLU becomes a neuron, the weights keep their names.

A network is written for one step, ``net(x)`` of [N, 3, H, W] gives [N, num_classes], and is run over time by
``functional.unroll(net, x_seq)``, or ``functional.unroll(net, x, T=4)`` for a still image, whose first convolution is
then computed once. Learnt neurons are named as in SpikingJelly's models (``sn1`` …), so that the ``state_dict`` of
either library loads into the other's network.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn
from torchvision.models import ResNet18_Weights, ResNet34_Weights, ResNet50_Weights, WeightsEnum
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

from course_snn.model.block import CONNECT, new_neuron, spiking
from course_snn.model.weights import load_weights
from course_snn.neuron import IFNode
from course_snn.normalised import normalise_and_fire
from course_snn.pooling import max_pool
from course_snn.spelling import accepted, chosen
from course_snn.surrogate import ATan

STEM = {"imagenet": "7x7, stride 2, then max pooling", "cifar": "3x3, stride 1, no pooling"}
KINDS: Mapping[str, tuple[type[BasicBlock | Bottleneck], list[int], type[WeightsEnum]]] = {
    "18": (BasicBlock, [2, 2, 2, 2], ResNet18_Weights),
    "34": (BasicBlock, [3, 4, 6, 3], ResNet34_Weights),
    "50": (Bottleneck, [3, 4, 6, 3], ResNet50_Weights),
}


def integrate_and_fire() -> IFNode:
    """Return the neuron that these networks have when no other is asked for, as in SpikingJelly's examples."""
    return IFNode(surrogate=ATan(), detach_reset=True)


class SpikingResNet(ResNet):
    """A ResNet whose activations are spikes; ``spiking_resnet18`` and the others make those of the papers.

    Args:
        block: torchvision's ``BasicBlock`` or ``Bottleneck``.
        layers: number of blocks in each of the four stages.
        node: class, ``functools.partial`` or function that makes a neuron, called without arguments; each neuron
            gets surrogates and parameters of its own. None: ``IFNode`` with ``ATan`` and a detached reset.
        connect: None: a plain spiking ResNet, the sum of two real numbers goes through a neuron; "add", "and" or
            "iand": a SEW-ResNet, which joins the spikes x of the input and s of the block to x + s, x s or x (1 - s).
            With "add" values grow with depth: they are counts, no longer 0 or 1.
        stem: "imagenet" (7x7, stride 2, then max pooling) or "cifar" (3x3, stride 1, no pooling), for images of
            32x32, which the other would leave a single place.
        num_classes: number of outputs.
        zero_init_residual: start the last normalisation of each block at 0. With "add" and "iand" a block then starts
            as the identity; a plain block, and "and", would pass on next to nothing.
        groups: groups of the 3x3 convolutions in a bottleneck.
        width_per_group: their width.
        replace_stride_with_dilation: three times whether a stage dilates instead of striding (bottlenecks only).
        norm_layer: makes a normalisation; ``nn.BatchNorm2d``.

    Shapes:
        [N, 3, H, W] -> [N, num_classes], real numbers, at each step. A normalisation that is training takes mean and
        variance over all T·N samples under ``unroll``.

    Raises:
        TypeError: a neuron in place of what makes neurons.
        ValueError: an unknown ``connect`` or ``stem``.

    Source: He et al. 2016, CVPR; Hu, Tang & Pan 2021, IEEE TNNLS; Fang et al. 2021, NeurIPS 34, for SEW.
    """

    def __init__(
        self,
        block: type[BasicBlock | Bottleneck],
        layers: Sequence[int],
        node: Callable[[], nn.Module] | None = None,
        connect: str | None = None,
        stem: str = "imagenet",
        num_classes: int = 1000,
        zero_init_residual: bool = False,
        groups: int = 1,
        width_per_group: int = 64,
        replace_stride_with_dilation: Sequence[bool] | None = None,
        norm_layer: Callable[..., nn.Module] | None = None,
    ) -> None:
        node = integrate_and_fire if node is None else node
        chosen("stem", stem, STEM, f" ({'; '.join(f'{name}: {what}' for name, what in STEM.items())})")
        if connect is not None:
            chosen("way to connect", connect, CONNECT, " None makes a plain spiking ResNet.")
        kind = spiking(block)
        make: Any = partial(kind, node=node, connect=connect)
        make.expansion = kind.expansion  # torchvision asks the class for it
        dilate: Any = replace_stride_with_dilation
        super().__init__(
            make, list(layers), num_classes, zero_init_residual, groups, width_per_group, dilate, norm_layer
        )
        del self.relu
        self.sn1 = new_neuron(node)
        self.stem = stem
        if stem == "cifar":
            self.conv1 = nn.Conv2d(3, 64, kernel_size=3, padding=1, bias=False)
            nn.init.kaiming_normal_(self.conv1.weight, mode="fan_out", nonlinearity="relu")
            self.maxpool = nn.Identity()

    def _forward_impl(self, x: torch.Tensor) -> torch.Tensor:
        x = max_pool(self.maxpool, normalise_and_fire(self.conv1(x), self.bn1, self.sn1))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(-3))  # counted from the end: also right for [T, N, C, 1, 1]


def _built(
    name: str, node: Callable | None, connect: str | None, stem: str, weights: Any, progress: bool, options: Mapping
) -> SpikingResNet:
    block, layers, published = KINDS[name[-2:]]
    if name.startswith("sew"):
        chosen("way to connect", connect, CONNECT)
    options = accepted(name, SpikingResNet, options, without=("block", "layers", "node", "connect", "stem"))
    net = SpikingResNet(block, layers, node, connect, stem, **options)
    return net if weights is None else load_weights(net, weights, published, progress)


def spiking_resnet18(
    *,
    node: Callable[[], nn.Module] | None = None,
    stem: str = "imagenet",
    weights: WeightsEnum | str | os.PathLike | None = None,
    progress: bool = True,
    **options: Any,
) -> SpikingResNet:
    """Return ResNet-18 with a neuron for each ReLU.

    Weights that were trained with ReLU make no working spiking network: a neuron answers with 0 or 1, with a threshold
    and in time, where a ReLU gives a number. They are a start for training on (features of the first layers are found),
    or for a conversion that sets the thresholds.

    Args:
        node: class, ``functools.partial`` or function that makes a neuron, ``partial(LIFNode, tau=2.0)``.
        stem: "imagenet" or "cifar".
        weights: what ``load_weights`` takes: a member of torchvision's ``ResNet18_Weights``, which is fetched from the
            network unless torch has it already, or the path of a file. None: random numbers.
        progress: whether fetching shows a bar.
        options: num_classes, zero_init_residual and the other parameters of ``SpikingResNet``.

    Raises:
        TypeError: an option that there is not.
        ValueError: an unknown stem, or weights of another network.

    Source: He et al. 2016, CVPR; Hu, Tang & Pan 2021, IEEE TNNLS.
    """
    return _built("spiking_resnet18", node, None, stem, weights, progress, options)


def spiking_resnet34(
    *,
    node: Callable[[], nn.Module] | None = None,
    stem: str = "imagenet",
    weights: WeightsEnum | str | os.PathLike | None = None,
    progress: bool = True,
    **options: Any,
) -> SpikingResNet:
    """Return ResNet-34 with a neuron for each ReLU; parameters as in ``spiking_resnet18``."""
    return _built("spiking_resnet34", node, None, stem, weights, progress, options)


def spiking_resnet50(
    *,
    node: Callable[[], nn.Module] | None = None,
    stem: str = "imagenet",
    weights: WeightsEnum | str | os.PathLike | None = None,
    progress: bool = True,
    **options: Any,
) -> SpikingResNet:
    """Return ResNet-50 with a neuron for each ReLU; parameters as in ``spiking_resnet18``."""
    return _built("spiking_resnet50", node, None, stem, weights, progress, options)


def sew_resnet18(
    *,
    connect: str = "add",
    node: Callable[[], nn.Module] | None = None,
    stem: str = "imagenet",
    weights: WeightsEnum | str | os.PathLike | None = None,
    progress: bool = True,
    **options: Any,
) -> SpikingResNet:
    """Return SEW-ResNet-18: what goes around a block is joined to it spike by spike.

    Args:
        connect: "add", "and" or "iand": x + s, x s, x (1 - s) of the spikes x that go around and s of the block.
        others: as in ``spiking_resnet18``.

    Source: Fang et al., Deep Residual Learning in Spiking Neural Networks (NeurIPS 2021).
    """
    return _built("sew_resnet18", node, connect, stem, weights, progress, options)


def sew_resnet34(
    *,
    connect: str = "add",
    node: Callable[[], nn.Module] | None = None,
    stem: str = "imagenet",
    weights: WeightsEnum | str | os.PathLike | None = None,
    progress: bool = True,
    **options: Any,
) -> SpikingResNet:
    """Return SEW-ResNet-34; parameters as in ``sew_resnet18``."""
    return _built("sew_resnet34", node, connect, stem, weights, progress, options)


def sew_resnet50(
    *,
    connect: str = "add",
    node: Callable[[], nn.Module] | None = None,
    stem: str = "imagenet",
    weights: WeightsEnum | str | os.PathLike | None = None,
    progress: bool = True,
    **options: Any,
) -> SpikingResNet:
    """Return SEW-ResNet-50; parameters as in ``sew_resnet18``."""
    return _built("sew_resnet50", node, connect, stem, weights, progress, options)
