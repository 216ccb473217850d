"""LossBench: choose what the output neurons do, and see which way a loss pushes them."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch.nn import functional as F

from ..figure import ORANGE
from ..language import tr
from .base import PageWidget, blank
from .control import Choice, Slider

CLASSES = 10
LOSSES = {
    "log_softmax": (
        ("log_softmax + 均方误差", "log_softmax + MSE"),
        lambda r, y: F.mse_loss(r.log_softmax(0), y),
    ),
    "softmax": (("softmax + 均方误差", "softmax + MSE"), lambda r, y: F.mse_loss(r.softmax(0), y)),
    "cross_entropy": (("交叉熵", "cross-entropy"), lambda r, y: F.cross_entropy(r, y)),
    "mse": (("发放率的均方误差", "MSE of the rates"), lambda r, y: F.mse_loss(r, y)),
}


class LossBench(PageWidget):
    """The loss over the rate of the right output neuron, and the push −∂L/∂r on it and on each of the nine others."""

    heading = ("损失实验台：它往哪边推？", "Loss bench: which way does it push?")
    scripts = ("loss_bench.js",)
    parameters = (
        Choice("loss", "log_softmax", ("损失函数", "Loss"), {key: name for key, (name, _) in LOSSES.items()}),
        Slider("right", 0.1, ("正确神经元的发放率", "Rate of the right neuron"), 0.0, 1.0, 0.01, "r", digits=2),
        Slider("others", 0.0, ("其余九个的发放率", "Rate of the nine others"), 0.0, 1.0, 0.01, "q", digits=2),
    )

    def judge(self, right: float) -> tuple[float, float, float]:
        """The loss where the right neuron's rate is ``right``, and the push on it and on one of the others."""
        rates = torch.full((CLASSES,), self.params["others"], dtype=torch.float64)
        rates[0] = right
        rates.requires_grad_()
        wanted = F.one_hot(torch.tensor(0), CLASSES).double()
        loss = LOSSES[self.params["loss"]][1](rates, wanted)
        loss.backward()
        return loss.item(), -rates.grad[0].item(), -rates.grad[1].item()

    def figure(self) -> Figure:
        figure, ax = blank(2.6)
        grid = torch.linspace(0, 1, 101).tolist()
        ax.plot(grid, [self.judge(r)[0] for r in grid])
        ax.plot(self.params["right"], self.judge(self.params["right"])[0], "o", color=ORANGE)
        ax.set(xlabel=tr("正确神经元的发放率 $r$", "rate of the right neuron $r$"), ylabel=tr("损失 $L$", "loss $L$"))
        return figure
