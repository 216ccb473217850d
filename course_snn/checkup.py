"""What one batch shows of a network: what its neurons do, and which weights lie before each layer of them."""

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import nn
from torch.autograd.graph import Node

from course_snn.ancestry import Ancestry, leaves, nodes_of, tensors_in
from course_snn.neuron import Neuron

SATURATED = 0.9  # no working layer fires in so many of the steps
FLAT = 0.01  # a slope below this part of the steepest one lets hardly any gradient through


class Chart:
    """What is seen of one layer of neurons while a batch runs.

    Args:
        name: its name inside the network. node: the layer itself, in a copy of the network.
    """

    def __init__(self, name: str, node: Neuron) -> None:
        self.name = f"{name} {type(node).__name__}".strip()
        self.inputs: list[Node] = []
        self.count: torch.Tensor | float = 0.0  # spikes of each neuron, over all samples and steps
        self.calls = self.samples = 0
        self.flat: list[float] = []
        self.steepest: torch.Tensor | None = None  # of each neuron
        self._at_threshold = node.surrogate if type(node).fire is Neuron.fire else None
        node.fire = partial(self.fire, node.fire)

    def spikes(self, spike: torch.Tensor) -> None:
        """Count the spikes [N, …] of one step."""
        self.count = self.count + spike.detach().sum(0)
        self.calls, self.samples = self.calls + 1, len(spike)

    def fire(self, fire: Callable, v: torch.Tensor) -> torch.Tensor:
        """Return ``fire(v)``, and note how much of its derivative is flat, each neuron by its own steepest."""
        v = v if v.requires_grad else v.detach().requires_grad_()
        spike = fire(v)
        slope = _derivative(spike, v)
        if self.steepest is None and self._at_threshold is not None:
            zero = torch.zeros_like(v, requires_grad=True)
            self.steepest = _derivative(self._at_threshold(zero), zero).amax(0)
        highest = slope.amax(0)
        self.steepest = highest if self.steepest is None else torch.maximum(self.steepest, highest)
        self.flat.append(((slope < FLAT * self.steepest) | (self.steepest == 0)).float().mean().item())
        return spike

    def shares(self) -> tuple[float, float, float, float]:
        """Return the rate, and the shares of neurons: silent, busy and (of neurons and steps) flat."""
        count = torch.as_tensor(self.count)
        rate = count / (self.calls * self.samples)
        silent, busy = (count == 0).float().mean().item(), (rate >= SATURATED).float().mean().item()
        return rate.mean().item(), silent, busy, sum(self.flat) / len(self.flat) if self.flat else math.nan


def _derivative(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """|dy/dx| element by element, by autograd: a surrogate may be any function, and be given without its slope."""
    if not y.requires_grad:
        return torch.zeros_like(x)
    (slope,) = torch.autograd.grad(y.sum(), x, retain_graph=True, allow_unused=True, materialize_grads=True)
    return slope.abs()


class Watch:
    """What hooks on a copy of the network note while a batch runs: neurons, and where in the graph each module stands.

    Args:
        net: the copy. x: the batch; run the copy on ``self.x``, from which gradients can be followed.
    """

    def __init__(self, net: nn.Module, x: torch.Tensor) -> None:
        first = x.detach().clone().requires_grad_(x.is_floating_point() or x.is_complex())
        self.x = first.clone()  # a layer may write into its input, but not into a leaf
        self.charts: dict[str, Chart] = {}
        self.spikes: set[Node] = set()
        self.data = {*nodes_of(first)}
        self.results: list[tuple[Node, nn.Module]] = []
        neurons = {name: module for name, module in net.named_modules() if isinstance(module, Neuron)}
        self.inner = [weight for node in neurons.values() for weight in node.parameters()]  # not before, but in them
        inner = {*map(id, self.inner)}
        self.matrices = [w for w in net.parameters() if w.dim() > 1 and w.requires_grad and id(w) not in inner]
        for name, node in neurons.items():
            chart = Chart(name, node)
            node.register_forward_pre_hook(partial(self._enters, name, chart), with_kwargs=True)
            node.register_forward_hook(partial(self._fired, chart))
        for module in {*net.modules()} - {*neurons.values()}:
            module.register_forward_hook(self._result, with_kwargs=True)

    def _enters(self, name: str, chart: Chart, node: Neuron, args: tuple, kwargs: dict) -> None:
        self.charts.setdefault(name, chart)
        chart.inputs += nodes_of((args, kwargs))

    def _fired(self, chart: Chart, node: Neuron, args: tuple, spike: torch.Tensor) -> None:
        chart.spikes(spike)
        self.spikes.update(nodes_of(spike))

    def _result(self, module: nn.Module, args: tuple, kwargs: dict, result: object) -> None:
        nodes = nodes_of(result)
        self.results += [(node, module) for node in nodes]
        given = tensors_in((args, kwargs))
        if given and not any(tensor.requires_grad for tensor in given):  # the graph ends here, short of the batch
            self.data.update(nodes)

    def weights_before(self) -> list[list[torch.Tensor] | None]:
        """Return, for each layer of neurons, the nearest weights before it; None where they cannot be known."""
        roots = [node for chart in self.charts.values() for node in chart.inputs]
        held = {*map(id, leaves(roots))}
        cut = {
            node
            for node, module in self.results
            if any(weight.dim() > 1 and id(weight) not in held for weight in _own(module))
        }
        ancestry = Ancestry(roots, self.spikes, self.data, cut, self.inner)
        return [ancestry.nearest(chart.inputs) for chart in self.charts.values()]


def _own(module: nn.Module) -> list[nn.Parameter]:
    """The parameters that the module itself works with, in lists and dicts as well."""
    parts = [part for part in module.children() if isinstance(part, (nn.ParameterList, nn.ParameterDict))]
    return [weight for part in (module, *parts) for weight in part.parameters(recurse=False)]
