"""EncoderPlayground and TuningCurves: what spikes say about a picture, or about one number."""

from __future__ import annotations

from itertools import islice

import numpy as np
import torch
import traitlets
from matplotlib.figure import Figure

from .. import encoding, plotting
from ..language import tr
from .base import PageWidget, blank
from .control import Choice, Numbers, Slider
from .digits import digit
from .noise import mulberry32

SIDE = 16


def enlarged(label: int) -> list[float]:
    """A bundled digit as 16 x 16 grey values in [0, 1], row order: 14 x 14 pixels, interpolated, with a dark frame."""
    small = np.asarray(digit(label)).reshape(8, 8) / 16
    at = (np.arange(SIDE) - 0.5) * 8 / 14 - 0.5  # where the centre of a new pixel lies among the old ones
    weight = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(8)))  # [16, 8]
    return (weight @ small @ weight.T).round(2).ravel().tolist()


class EncoderPlayground(PageWidget):
    """Draw a 16 x 16 picture and see each encoder's spikes, step by step, and the picture read back from them."""

    heading = ("编码器：画一幅图，看它变成脉冲", "Encoders: draw a picture and watch it turn into spikes")
    scripts = ("picture.js", "encoder_playground.js")
    digits = traitlets.List([enlarged(label) for label in range(10)]).tag(sync=True)
    parameters = (
        Choice(
            "encoder",
            "poisson",
            ("编码器", "Encoder"),
            {
                "poisson": ("泊松编码", "Poisson"),
                "linear": ("延迟编码（线性）", "latency, linear"),
                "log": ("延迟编码（对数）", "latency, logarithmic"),
                "constant": ("恒定编码", "constant"),
                "periodic": ("周期编码", "periodic"),
            },
        ),
        Slider("T", 20, ("时间步数", "Time steps"), 5, 100, 1, "T"),
        Slider("seed", 1, ("随机种子", "Random seed"), 0, 99, 1),
        Slider("threshold", 0.5, ("亮度阈值", "Brightness threshold"), 0.0, 1.0, 0.01, digits=2),
        Choice(
            "pattern",
            "101",
            ("周期模式", "Pattern of a period"),
            {"10": ("1 0", "1 0"), "101": ("1 0 1", "1 0 1"), "1000": ("1 0 0 0", "1 0 0 0")},
        ),
        Slider("pen", 1.0, ("画笔亮度", "Brightness of the pen"), 0.0, 1.0, 0.05, digits=2, more=True),
        Numbers("image", enlarged(3), ("输入图像", "the picture, row by row"), SIDE * SIDE),
    )

    def spikes(self) -> torch.Tensor:
        """The picture's spikes under the chosen encoder, bool [T, 256]."""
        p = self.params
        image, bright = torch.tensor(p["image"]), torch.tensor(p["image"]) > p["threshold"]
        if p["encoder"] == "poisson":  # PoissonEncoder's rule with the page's own noise
            uniform = torch.tensor(list(islice(mulberry32(p["seed"]), p["T"] * image.numel())), dtype=torch.double)
            return uniform.reshape(p["T"], -1) < torch.tensor(p["image"], dtype=torch.double)
        if p["encoder"] == "constant":
            return encoding.ConstantEncoder().spike_train(bright, p["T"])
        if p["encoder"] == "periodic":
            beat = torch.tensor([digit == "1" for digit in p["pattern"]])
            return encoding.PeriodicEncoder(beat[:, None] & bright).spike_train(T=p["T"])
        return encoding.LatencyEncoder(p["T"], p["encoder"]).spike_train(image)

    def figure(self) -> Figure:
        figure = Figure(figsize=(7.0, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 2.2))
        left.imshow(np.reshape(self.params["image"], (SIDE, SIDE)), cmap="gray", vmin=0, vmax=1)
        left.set(xticks=[], yticks=[], title=tr("输入图像", "the picture"))
        plotting.raster(self.spikes(), ax=right)
        right.set_title(tr("每个像素一行", "a row for each pixel"))
        right.invert_yaxis()
        return figure


class TuningCurves(PageWidget):
    """A population of Gaussian tuning curves tells one number by the order in which its units fire."""

    heading = ("高斯调谐曲线：用一群神经元编码一个数", "Gaussian tuning curves: many neurons tell one number")
    scripts = ("tuning_curves.js",)
    parameters = (
        Slider("x", 0.25, ("输入值", "Value"), 0.0, 1.0, 0.01, "x", digits=2),
        Slider("m", 6, ("神经元个数", "Number of units"), 3, 16, 1, "m"),
        Slider("T", 10, ("时间步数", "Time steps"), 5, 50, 1, "T"),
    )

    def figure(self) -> Figure:
        p = self.params
        encoder = encoding.GaussianTuningCurveEncoder(0.0, 1.0, p["m"], p["T"])
        train = encoder.spike_train(torch.tensor([[p["x"]]]))[:, 0, 0]  # [T, m]
        figure, (top, bottom) = blank(2.0, 1.6)
        plotting.tuning_curves(encoder.mu, encoder.sigma, 0.0, 1.0, p["x"], ax=top)
        plotting.raster(train, ax=bottom)
        return figure
