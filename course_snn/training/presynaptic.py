"""The trace of OTTT: what earlier inputs of a layer left in the membrane of the neurons after it."""

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from course_snn.membrane import Neuron

LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)


class Presynaptic:
    """Within the block weights of linear layers get the gradient g aᵀ instead of g xᵀ at each call of the network.

        a[t] = λ a[t-1] + x[t],    λ = ∂v[t]/∂v[t-1] of the neurons that are called next after the layer

    Nothing else changes: outputs stay the same, and so does what flows back to x.

    Args:
        net: the network, called for one step at a time, with its state cut off between two calls.

    Raises:
        TypeError: neurons after a layer that remember more than a voltage.
        ValueError: neurons with a λ each, or a layer that is called twice in a step.

    Source: Xiao et al. 2022 (NeurIPS), equation of the presynaptic trace; SpikingJelly has it in its neurons.
    """

    def __init__(self, net: nn.Module) -> None:
        self.net = net
        self.trace: dict[nn.Module, torch.Tensor] = {}  # a of the last step
        self.count: dict[nn.Module, float] = {}  # the same of the constant input 1 of the bias
        self.leak: dict[nn.Module, float] = {}
        self.waiting: list[nn.Module] = []  # layers called since the last neuron
        self.hooks: list[Any] = []

    def __enter__(self) -> "Presynaptic":
        for module in self.net.modules():
            if isinstance(module, LAYERS):
                self.hooks.append(module.register_forward_hook(self._layer))
            elif isinstance(module, Neuron):
                self.hooks.append(module.register_forward_pre_hook(self._neuron))
        self.hooks.append(self.net.register_forward_pre_hook(self._step))
        return self

    def __exit__(self, *error: object) -> None:
        for hook in self.hooks:
            hook.remove()

    def _step(self, net: nn.Module, inputs: tuple) -> None:
        self.waiting = []  # a read-out that no neuron follows: without a trace

    def _neuron(self, node: Neuron, inputs: tuple) -> None:
        for layer in self.waiting:
            if layer not in self.leak:
                self.leak[layer] = leak(node)
        self.waiting = []

    def _layer(self, layer: nn.Module, inputs: tuple, y: torch.Tensor) -> torch.Tensor:
        if layer in self.waiting:
            raise ValueError(f"OTTT keeps one trace for each layer, but {layer} is called twice in a step: use 'sltt'.")
        self.waiting.append(layer)
        x, factor = inputs[0].detach(), self.leak.get(layer, 0.0)
        past, count = factor * self.trace.get(layer, torch.zeros_like(x)), factor * self.count.get(layer, 0.0)
        self.trace[layer], self.count[layer] = past + x, count + 1
        return y + _earlier(layer, past, count) if factor else y


def _earlier(layer: Any, past: torch.Tensor, count: float) -> torch.Tensor:
    """Return W past + count · b as 0: its value is taken away again, its gradient in W and b stays."""
    if isinstance(layer, nn.Linear):
        y = F.linear(past, layer.weight)
    else:
        y = layer._conv_forward(past, layer.weight, None)
    if layer.bias is not None:
        y = y + count * (
            layer.bias if isinstance(layer, nn.Linear) else layer.bias.view(-1, *[1] * (layer.weight.dim() - 2))
        )
    return y - y.detach()


def leak(node: Neuron) -> float:
    """Return λ = ∂v[t]/∂v[t-1] of a neuron that does not spike: the share of its voltage that a step leaves.

    Args:
        node: a neuron whose charge is linear in v, with one λ for all, such as IFNode, LIFNode, PLIFNode, RIFNode.

    Raises:
        TypeError: a neuron with more state than a voltage, or whose charge is not linear.
        ValueError: a λ for each neuron.
    """
    one_voltage = list(node._initial) == ["v"]
    if one_voltage:
        with torch.no_grad():
            h = [node.charge(torch.tensor(v), torch.tensor(0.0)) for v in (0.0, 1.0, 2.0)]
        share, again = h[1] - h[0], h[2] - h[1]
    if not one_voltage or not torch.allclose(share, again, atol=1e-5):
        raise TypeError(
            f"OTTT follows a membrane by one factor λ, and {type(node).__name__} has more than that: use IFNode, "
            "LIFNode, DeltaLIFNode, PLIFNode or RIFNode, or rule='sltt'."
        )
    if share.min() != share.max():
        raise ValueError(
            f"OTTT keeps one trace for all neurons of a layer, but {type(node).__name__} has a time constant for each "
            f"(λ from {share.min():g} to {share.max():g}): use one, or rule='sltt'."
        )
    return share.flatten()[0].item()
