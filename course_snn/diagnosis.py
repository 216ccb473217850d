"""The SNN doctor: what each layer of neurons does, and how much gradient its weights get, in one batch."""

import math
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

import torch
from torch import nn

from course_snn import trial, unrolling
from course_snn.checkup import SATURATED, Watch
from course_snn.language import Label, escaped, html_table, plain_table, tr
from course_snn.readout import rate_cross_entropy
from course_snn.surrogate import Surrogate

SILENT = 0.002  # a firing rate that no working layer goes below; SATURATED is one that none goes above
VANISHED = 1e-3  # a gradient this much smaller than another layer's moves nothing
EXPLODED = 100.0  # a relative gradient above this throws the weights anywhere


class Layer(NamedTuple):
    """One layer of neurons and the weights before it; the numbers but ``gradient`` are shares or rates in [0, 1].

    A number that cannot be known is NaN, and shown as "–".

    Args:
        name: its name inside the network, with its kind: "2 IFNode".
        rate: spikes per neuron and time step.
        silent: share of neurons that never fired. busy: share that fired in at least nine steps of ten.
        flat: share of neurons and steps where the surrogate's slope is below 1 % of its steepest value.
        gradient: ‖∂L/∂W‖ / ‖W‖ of the nearest weights before the neurons, of all of them together if there are
            several (two branches that meet, the two parts of a weight_norm).
        weights: the names of these weights inside the network; empty where they cannot be known.
    """

    name: str
    rate: float
    silent: float
    busy: float
    flat: float
    gradient: float
    weights: str = ""


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
        """One word for each layer: "silent", "saturated", "vanishing" or "exploding" (its gradient), or "healthy".

        Where the rate is not ill and the gradient is not known it is "unknown".
        """
        gradients = [self.largest, *(layer.gradient for layer in self.layers)]
        usual = max((gradient for gradient in gradients if gradient <= EXPLODED), default=0.0)
        return [_finding(layer, usual) for layer in self.layers]

    @property
    def healthy(self) -> bool:
        """Whether no layer is ill."""
        return {*self.findings} <= {"healthy", "unknown"}

    def _rows(self) -> list[list[str]]:
        return [
            [f"{layer.rate:.3f}", *(_known(share, ".0%") for share in layer[2:5]), _known(layer.gradient, ".1e")]
            for layer in self.layers
        ]

    def _repr_html_(self) -> str:
        rows = []
        for layer, (*cells, gradient), finding in zip(self.layers, self._rows(), self.findings, strict=True):
            word = escaped(_words()[finding])
            known = f'<span title="{escaped(layer.weights)}">{gradient}</span>' if layer.weights else gradient
            rows.append([layer.name, *cells, known, word if finding == "healthy" else f"<b>{word}</b>"])
        return html_table(rows, [escaped(head) for head in _heads()])

    def __repr__(self) -> str:
        rows = zip(self.layers, self._rows(), self.findings, strict=True)
        return plain_table([[layer.name, *cells, finding] for layer, cells, finding in rows], _heads())


def examine(
    net: nn.Module,
    x: torch.Tensor,
    labels: torch.Tensor,
    T: int | None = None,
    loss: Callable = rate_cross_entropy,
) -> Report:
    """Run one batch forward and backward through a copy of ``net`` and report on each layer of neurons.

    The network itself is not changed: neither its weights nor its state, statistics or gradients, nor the stream of
    random numbers. A gradient of exactly 0, or far below that of another layer, means that the weights of this layer
    do not learn. Frozen weights (``requires_grad=False``) are examined as if they were not.

    Args:
        net: the network, in the mode (train or eval) that you want to know about.
        x: a batch, a still [N, …] with T, or a sequence [T, N, …].
        labels: the right classes [N].
        T: number of time steps for a still input.
        loss: function (out [T, N, C], labels) -> one number.

    Raises:
        ValueError: the network holds no neuron of ``course_snn.neuron``, or none of them has weights before it.
    """
    frozen = {name for name, weight in net.named_parameters() if not weight.requires_grad}
    with trial.on_a_copy(net, x) as twin, torch.enable_grad():
        for module in twin.modules():
            for weight in module.parameters(recurse=False):  # what a surrogate learns is no weight
                real = weight.is_floating_point() or weight.is_complex()
                weight.requires_grad_(real and not isinstance(module, Surrogate))
        run = unrolling.chosen(twin, x, T)
        watch = Watch(twin, x)
        value = loss(run(watch.x), labels.clone() if torch.is_tensor(labels) else labels)
        before = watch.weights_before()
        if not any(before):
            raise ValueError(
                "examine looks at neurons of course_snn.neuron that have weights (Linear, Conv2d, …) somewhere before "
                f"them, but in this {type(net).__name__} it found {len(before)} layers of neurons, none with weights."
            )
        relative = _Relative(value, [*chain(*filter(None, before)), *watch.matrices])
    names = {id(w): f"{name} (frozen)" if name in frozen else name for name, w in twin.named_parameters()}
    layers = []
    for chart, weights in zip(watch.charts.values(), before, strict=True):
        called = ", ".join(names.get(id(weight), f"a tensor {list(weight.shape)}") for weight in weights or [])
        layers.append(Layer(chart.name, *chart.shares(), relative(weights), called))
    return Report(layers, max((r for w in relative.weights if not math.isnan(r := relative([w]))), default=0.0))


class _Relative:
    """‖∂L/∂W‖ / ‖W‖ of weights; NaN where there are none, or all are 0; infinite where the gradient is not finite."""

    def __init__(self, value: torch.Tensor, weights: list[torch.Tensor]) -> None:
        self.weights = list({id(weight): weight for weight in weights}.values())
        gradients = torch.autograd.grad(value, self.weights, allow_unused=True) if value.requires_grad else []
        self._gradients = dict(zip(map(id, self.weights), gradients, strict=False))

    def __call__(self, weights: list[torch.Tensor] | None) -> float:
        length = _norm(weights or [])
        gradient = _norm([g for weight in weights or [] if (g := self._gradients.get(id(weight))) is not None])
        if not length:
            return math.nan
        return gradient / length if math.isfinite(gradient) else math.inf


def _norm(tensors: list[torch.Tensor]) -> float:
    """The Euclidean norm of all elements of all tensors."""
    dense = [t.detach().to_dense() if t.is_sparse else t.detach() for t in tensors]
    return math.hypot(*(torch.linalg.vector_norm(t, dtype=torch.promote_types(t.dtype, torch.float)) for t in dense))


def _finding(layer: Layer, usual: float) -> str:
    if layer.rate < SILENT:
        return "silent"
    if layer.rate > SATURATED:
        return "saturated"
    if layer.gradient > EXPLODED:
        return "exploding"
    if math.isnan(layer.gradient):
        return "unknown"
    return "vanishing" if layer.gradient <= VANISHED * usual else "healthy"


def _known(value: float, form: str) -> str:
    return "–" if math.isnan(value) else format(value, form)


def _words() -> dict[str, Label]:
    return {
        "silent": tr("沉默", "silent"),
        "saturated": tr("饱和", "saturated"),
        "vanishing": tr("梯度消失", "vanishing gradient"),
        "exploding": tr("梯度爆炸", "exploding gradient"),
        "healthy": tr("健康", "healthy"),
        "unknown": tr("前面没有找到权重", "no weights found before it"),
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
