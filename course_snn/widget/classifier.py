"""DrawDigit and VoteExplorer: a trained single-layer spiking network decides in the page."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import torch
import traitlets
from matplotlib.figure import Figure
from torch.nn import functional as F

from .. import functional, neuron, plotting
from ..language import tr
from .base import PageWidget
from .control import STEP_UNIT, Choice, Numbers, Slider, Toggle
from .digits import pictures
from .noise import uniform

SIDE, STEPS = 28, 50
MIDDLE = 14  # where the centre of mass of an MNIST digit lies, counting pixels from 0
PIXELS = SIDE * SIDE
ENCODER = Choice(
    "encoder",
    "poisson",
    ("编码器", "Encoder"),
    {"poisson": ("泊松编码", "Poisson"), "constant": ("恒定电流", "constant current")},
)
SEED = Slider("seed", 1, ("随机种子", "Random seed"), 0, 99, 1, more=True)


def tau_slider(value: float = 2.0) -> Slider:
    """The slider of the membrane time constant, with the value it begins with."""
    return Slider("tau", value, ("膜时间常数", "Membrane time constant"), 1.0, 20.0, 0.5, "τ", STEP_UNIT, 1)


@cache
def bundled() -> torch.Tensor:
    """The ten bundled digits at MNIST's size, [10, 28, 28], in [0, 1]."""
    return F.pad(F.interpolate(pictures()[:, None], size=(20, 20), mode="bilinear"), (4, 4, 4, 4)).squeeze(1)


@cache
def templates() -> torch.Tensor:
    """Weights [10, 784] with which the neuron of each bundled digit, and no other, receives 2 from it."""
    x = bundled().flatten(1)
    return 2 * torch.linalg.solve(x @ x.t() + torch.eye(10), x)


def layer_input(image: np.ndarray, weight: np.ndarray, encoder: str, T: int, seed: int) -> torch.Tensor:
    """What each neuron receives in each step, [T, neurons]: the page's layerInput, with the page's noise."""
    if encoder == "constant":
        sent = np.tile(image, (T, 1))
    else:
        sent, bright = np.zeros((T, len(image))), image > 0
        sent[:, bright] = uniform(seed, T * bright.sum()).reshape(T, -1) < image[bright]
    return torch.tensor(sent @ weight.T.astype(float), dtype=torch.float32)


def fire(current: torch.Tensor, tau: float, threshold: float = 1.0) -> torch.Tensor:
    """Spikes [T, …] of LIF neurons that receive ``current`` [T, …], from rest."""
    with torch.no_grad():
        node = neuron.LIFNode(tau=tau, v_threshold=threshold)
        return functional.unroll(node, current.reshape(len(current), 1, -1)).reshape(current.shape)


def centred(image: np.ndarray) -> np.ndarray:
    """Set a drawing [28, 28] as MNIST's digits are set: the longer side 20, the centre of mass in the middle."""
    down, right = np.nonzero(image > 0.1)
    if not len(down):
        return image
    longer = max(np.ptp(down), np.ptp(right)) + 1
    place = np.arange(SIDE)
    y, x = (image.sum(axis) @ place / image.sum() for axis in (1, 0))
    if longer == 20 and abs(x - MIDDLE) <= 0.5 and abs(y - MIDDLE) <= 0.5:
        return image  # it is set so already
    at = longer / 20 * (place - MIDDLE)
    rows = np.maximum(0, 1 - np.abs(y + at[:, None] - place))  # [28, 28]: how much of each old row a new one takes
    columns = np.maximum(0, 1 - np.abs(x + at[:, None] - place))
    return rows @ image @ columns.T


class _Layer(PageWidget):
    """What both widgets know: the weights of ten LIF neurons that see 28 x 28 pixels."""

    weight = traitlets.Bytes().tag(sync=True)

    def __init__(self, weight: Any = None, **values: Any) -> None:
        weight = templates() if weight is None else torch.as_tensor(weight).detach().cpu()
        if weight.shape != (10, PIXELS):
            raise ValueError(f"weight must have the shape [10, {PIXELS}], as net[1].weight; got {list(weight.shape)}.")
        self._w = weight.float().numpy().astype("<f4")
        super().__init__(**values)
        self.weight = self._w.tobytes()


class DrawDigit(_Layer):
    """Draw a digit and watch ten spiking neurons decide: their voltages, their spikes, the votes over time.

    Args:
        weight: weights of the trained layer [10, 784]; without them templates of ten bundled digits.
        examples: pictures for the button "next example", [n, 1, 28, 28] or [n, 28, 28] in [0, 1].
        values: parameters by name.
    """

    heading = ("画一个数字，看网络怎样决定", "Draw a digit and watch the network decide")
    scripts = ("picture.js", "spiking_layer.js", "draw_digit.js")
    examples = traitlets.Bytes().tag(sync=True)
    parameters = (
        ENCODER,
        Slider("T", 30, ("时间步数", "Time steps"), 1, 100, 1, "T"),
        tau_slider(),
        SEED,
        Toggle("centre", True, ("像 MNIST 那样居中", "Centre it as MNIST does"), more=True),
        Numbers("image", bundled()[3].flatten().tolist(), ("画出的图", "the drawing, row by row"), PIXELS),
    )

    def __init__(self, weight: Any = None, examples: Any = None, **values: Any) -> None:
        shown = (bundled() if examples is None else torch.as_tensor(examples).detach().cpu()).reshape(-1, PIXELS)
        if examples is not None:
            values = {"image": shown[0].tolist()} | values
        super().__init__(weight, **values)
        self.examples = shown.mul(255).round().byte().numpy().tobytes()

    def output(self) -> tuple[np.ndarray, torch.Tensor]:
        """What the network sees [28, 28], and the spikes of its ten neurons, [T, 10]."""
        p = self.params
        image = np.reshape(p["image"], (SIDE, SIDE))
        seen = centred(image) if p["centre"] else image
        current = layer_input(seen.ravel(), self._w, p["encoder"], p["T"], p["seed"])
        return seen, fire(current, p["tau"])

    def figure(self) -> Figure:
        seen, spikes = self.output()
        figure = Figure(figsize=(7.0, 2.6), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 2.2))
        left.imshow(seen, cmap="gray", vmin=0, vmax=1)
        left.set(xticks=[], yticks=[], title=tr("网络看到的", "what the network sees"))
        plotting.spikes_1d(spikes, ax=right)
        right.set(ylabel=tr("输出神经元", "output neuron"), yticks=range(10))
        return figure


class VoteExplorer(_Layer):
    """Accuracy against the number of time steps, for an encoder, a time constant and a threshold of your choice.

    Args:
        weight: weights of the trained layer [10, 784]; without them templates of ten bundled digits.
        test: labelled pictures, with ``.images`` [n, 1, 28, 28] in [0, 1] and ``.labels`` [n]; a few hundred.
        values: parameters by name.
    """

    heading = ("多看几步，能多对几张？", "How much does it help to look longer?")
    scripts = ("spiking_layer.js", "vote_explorer.js")
    images = traitlets.Bytes().tag(sync=True)
    labels = traitlets.Bytes().tag(sync=True)
    trained = traitlets.Dict({"encoder": "poisson", "tau": 2.0, "threshold": 1.0}).tag(sync=True)
    parameters = (
        replace(ENCODER, more=True),
        tau_slider(),
        Slider("threshold", 1.0, ("阈值", "Threshold"), 0.1, 4.0, 0.1, "V_{th}", digits=1),
        Slider("T", 10, ("观看步数", "Steps watched"), 1, STEPS, 1, "T"),
        SEED,
    )

    def __init__(self, weight: Any = None, test: Any = None, **values: Any) -> None:
        images, labels = (bundled(), torch.arange(10)) if test is None else (test.images, test.labels)
        super().__init__(weight, **values)
        self._pictures = images.detach().cpu().reshape(-1, PIXELS).mul(255).round().byte().numpy()
        self._labels = labels.cpu().byte().numpy()
        self.images, self.labels = self._pictures.tobytes(), self._labels.tobytes()

    def right(self, encoder: str, tau: float, threshold: float) -> np.ndarray:
        """The part of the pictures that is classified rightly after T = 1 … 50 steps."""
        seeds = 1000 * self.params["seed"] + np.arange(len(self._pictures))
        pictures = self._pictures / 255
        inputs = [
            layer_input(picture, self._w, encoder, STEPS, seed) for picture, seed in zip(pictures, seeds, strict=True)
        ]
        counts = fire(torch.stack(inputs, dim=1), tau, threshold).cumsum(0)  # [T, n, 10]
        return (counts.argmax(2).numpy() == self._labels).mean(1)

    def figure(self) -> Figure:
        p = self.params
        figure = Figure(figsize=(7.0, 2.8), layout="constrained")
        ax = figure.subplots()
        steps = range(1, STEPS + 1)
        part = self.right(p["encoder"], p["tau"], p["threshold"])
        error = np.sqrt(part * (1 - part) / len(self._labels))
        ax.fill_between(steps, part - error, part + error, alpha=0.2, linewidth=0)
        ax.plot(steps, part)
        ax.plot(p["T"], part[p["T"] - 1], "o", color="C1")
        ax.set(
            ylim=(0, 1.02), xlabel=tr("时间步数 $T$", "time steps $T$"), ylabel=tr("答对的比例", "part that is right")
        )
        return figure
