"""The SNN doctor: what each layer of neurons does, and how much gradient its weights get, in one batch."""

import copy
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import nn

from course_snn import functional
from course_snn.language import Label, html, tr
from course_snn.neuron import Neuron
from course_snn.readout import rate_cross_entropy
from course_snn.surrogate import Surrogate

SILENT, SATURATED = 0.002, 0.9  # firing rates that no working layer goes below or above
VANISHED = 1e-3  # a gradient this much smaller than another layer's moves nothing
EXPLODED = 100.0  # a relative gradient above this throws the weights anywhere
FLAT = 0.01  # a slope below this part of the steepest one lets hardly any gradient through


class Layer(NamedTuple):
    """One layer of neurons and the weights before it; all but ``gradient`` are shares or rates in [0, 1].

    Args:
        name: its name inside the network, with its kind: "2 IFNode".
        rate: spikes per neuron and time step.
        silent: share of neurons that never fired. busy: share that fired in at least nine steps of ten.
        flat: share of neurons and steps where the surrogate's slope is below 1 % of its steepest value.
        gradient: ‖∂L/∂W‖ / ‖W‖ of the nearest weights before the neurons.
    """

    name: str
    rate: float
    silent: float
    busy: float
    flat: float
    gradient: float


class Report:
    """What ``examine`` found; in a notebook it shows as a table in both languages.

    Args:
        layers: the layers, from the input to the output.
        largest: the largest relative gradient of any weights in the network, those after the last neurons included.
    """

    def __init__(self, layers: list[Layer], largest: float) -> None:
        self.layers, self.largest = layers, largest

    @property
    def findings(self) -> list[str]:
        """One word for each layer: "silent", "saturated", "vanishing" or "exploding" (its gradient), or "healthy"."""
        gradients = [self.largest, *(layer.gradient for layer in self.layers)]
        usual = max((gradient for gradient in gradients if gradient <= EXPLODED), default=0.0)
        return [_finding(layer, usual) for layer in self.layers]

    @property
    def healthy(self) -> bool:
        """Whether no layer is ill."""
        return set(self.findings) == {"healthy"}

    def _rows(self) -> list[list[str]]:
        return [
            [f"{layer.rate:.3f}", *(f"{share:.0%}" for share in layer[2:5]), f"{layer.gradient:.1e}"]
            for layer in self.layers
        ]

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{html(head.zh, head.en)}</th>" for head in _heads())
        body = ""
        for layer, cells, finding in zip(self.layers, self._rows(), self.findings, strict=True):
            word = _words()[finding]
            mark = html(word.zh, word.en) if finding == "healthy" else f"<b>{html(word.zh, word.en)}</b>"
            body += f"<tr><td>{layer.name}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}<td>{mark}</td></tr>"
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        lines = [[head.en for head in _heads()]]
        lines += [
            [layer.name, *cells, finding]
            for layer, cells, finding in zip(self.layers, self._rows(), self.findings, strict=True)
        ]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join("  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) for line in lines)


def examine(
    net: nn.Module,
    x: torch.Tensor,
    labels: torch.Tensor,
    T: int | None = None,
    loss: Callable = rate_cross_entropy,
) -> Report:
    """Run one batch forward and backward through a copy of ``net`` and report on each layer of neurons.

    The network itself is not changed: neither its weights nor its state, statistics or gradients. A gradient of
    exactly 0, or far below that of another layer, means that the weights of this layer do not learn.

    Args:
        net: the network, in the mode (train or eval) that you want to know about.
        x: a batch, a still [N, …] with T, or a sequence [T, N, …].
        labels: the right classes [N].
        T: number of time steps for a still input.
        loss: function (out [T, N, C], labels) -> one number.

    Raises:
        ValueError: the network holds no neuron of ``course_snn.neuron``, or none of them has weights before it.
    """
    net = copy.deepcopy(net)
    functional.reset_net(net)
    charts, weights = _follow(net)
    value = loss(functional.unroll(net, x, T=T), labels)
    if not charts or any(chart.weight is None for chart in charts):
        raise ValueError(
            "examine looks at neurons of course_snn.neuron that have weights (Linear, Conv2d, …) somewhere "
            "before them, "
            f"but in this {type(net).__name__} it found {len(charts)} layers of neurons, "
            f"{sum(chart.weight is not None for chart in charts)} of them with weights before."
        )
    gradients = torch.autograd.grad(value, weights, allow_unused=True) if value.requires_grad else [None] * len(weights)
    relative = {weight: _relative(gradient, weight) for weight, gradient in zip(weights, gradients, strict=True)}
    return Report([chart.close(relative[chart.weight]) for chart in charts], max(relative.values()))


def _relative(gradient: torch.Tensor | None, weight: torch.Tensor) -> float:
    return 0.0 if gradient is None else (gradient.norm() / weight.detach().norm().clamp(min=1e-12)).item()


class _Chart:
    """What is seen of one layer of neurons while the batch runs, and the nearest weights before it."""

    def __init__(self, name: str, node: Neuron) -> None:
        self.name = f"{name} {type(node).__name__}".strip()
        self.weight: torch.Tensor | None = None
        self.count: torch.Tensor | float = 0.0  # spikes of each neuron, over all samples and steps
        self.calls = self.samples = 0
        self.slopes: list[float] = []

    def spikes(self, spike: torch.Tensor) -> None:
        self.count = self.count + spike.detach().sum(0)
        self.calls, self.samples = self.calls + 1, len(spike)

    def close(self, gradient: float) -> Layer:
        rate = self.count / (self.calls * self.samples)
        silent, busy = (self.count == 0).float().mean().item(), (rate >= SATURATED).float().mean().item()
        return Layer(self.name, rate.mean().item(), silent, busy, sum(self.slopes) / len(self.slopes), gradient)


class _Watched(Surrogate):
    """A surrogate that also notes how much of its slope is flat."""

    def __init__(self, inner: Surrogate, notes: list[float]) -> None:
        super().__init__()
        self.inner, self.notes = inner, notes
        self.steepest = inner.slope(torch.zeros(1)).abs().item()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        slope = self.inner.slope(x.detach()).abs()
        self.notes.append((slope < FLAT * self.steepest).float().mean().item())
        return self.inner(x)


def _follow(net: nn.Module) -> tuple[list[_Chart], list[torch.Tensor]]:
    """Watch every layer of neurons and every weight; both lists fill in the order of the calls."""
    charts: list[_Chart] = []
    weights: list[torch.Tensor] = []

    def uses(weight: torch.Tensor) -> None:
        if not any(weight is known for known in weights):
            weights.append(weight)

    def enters(chart: _Chart) -> None:
        if chart not in charts:
            chart.weight = weights[-1] if weights else None
            charts.append(chart)

    for name, module in net.named_modules():
        weight = getattr(module, "weight", None)
        if isinstance(module, Neuron):
            chart = _Chart(name, module)
            module.surrogate = _Watched(module.surrogate, chart.slopes)
            module.register_forward_pre_hook(lambda m, args, chart=chart: enters(chart))
            module.register_forward_hook(lambda m, args, out, chart=chart: chart.spikes(out))
        elif isinstance(weight, nn.Parameter) and weight.dim() > 1:
            module.register_forward_hook(lambda m, args, out: uses(m.weight))
    return charts, weights


def _finding(layer: Layer, usual: float) -> str:
    if layer.rate < SILENT:
        return "silent"
    if layer.rate > SATURATED:
        return "saturated"
    if layer.gradient > EXPLODED:
        return "exploding"
    return "vanishing" if layer.gradient <= VANISHED * usual else "healthy"


def _words() -> dict[str, Label]:
    return {
        "silent": tr("沉默", "silent"),
        "saturated": tr("饱和", "saturated"),
        "vanishing": tr("梯度消失", "vanishing gradient"),
        "exploding": tr("梯度爆炸", "exploding gradient"),
        "healthy": tr("健康", "healthy"),
    }


def _heads() -> list[Label]:
    return [
        tr("层", "layer"),
        tr("发放率", "firing rate"),
        tr("从不发放", "never fire"),
        tr("几乎总在发放", "fire nearly always"),
        tr("斜率平坦", "flat slope"),
        tr("相对梯度", "relative gradient"),
        tr("诊断", "finding"),
    ]
