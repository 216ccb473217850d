"""SurrogatePlayground and GradientFlow: how a gradient passes a spike, and how it travels back through time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from matplotlib.figure import Figure

from .. import neuron, plotting, surrogate
from .base import PageWidget, blank
from .control import STEP_UNIT, Choice, Slider, Toggle

NEURONS = 200  # that GradientFlow follows


class TrueDerivative(surrogate.Surrogate):
    """H'(x) = 0: the derivative of the step itself, wherever it has one."""

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        return torch.zeros_like(x)

    def primitive(self, x: torch.Tensor) -> torch.Tensor:
        return (x >= 0).to(x.dtype)


SURROGATES = {
    "none": lambda k: TrueDerivative(),
    "sigmoid": surrogate.Sigmoid,
    "atan": surrogate.ATan,
    "rectangle": lambda k: surrogate.Rectangle(1 / k),
    "bilinear": lambda k: surrogate.BilinearLeakyReLU(k, 0.01, 0.5 / k),
    "signswish": surrogate.SignSwish,
}
NAMES = {
    "none": ("真导数（处处为零）", "True derivative (zero)"),
    "sigmoid": ("Sigmoid，斜率 α/4", "Sigmoid, slope α/4"),
    "atan": ("ATan，斜率 α/2", "ATan, slope α/2"),
    "rectangle": ("Rectangle，宽 1/α", "Rectangle, width 1/α"),
    "bilinear": ("BilinearLeakyReLU，a = α", "BilinearLeakyReLU, a = α"),
    "signswish": ("SignSwish，β = α", "SignSwish, β = α"),
}
KIND = Choice("surrogate", "sigmoid", ("替代函数", "Surrogate"), NAMES)
ALPHA = Slider("alpha", 2.0, ("陡峭程度", "Steepness"), 0.5, 20.0, 0.5, "α", digits=1)
TAU = Slider("tau", 5.0, ("膜时间常数", "Membrane time constant"), 1.0, 20.0, 0.5, "τ", STEP_UNIT, digits=1, more=True)
RESET = Choice(
    "reset",
    "hard",
    ("重置", "Reset"),
    {"hard": ("硬重置：回到零", "Hard: back to zero"), "soft": ("软重置：减去阈值", "Soft: subtract the threshold")},
    more=True,
)
DETACH = Toggle(
    "detach", False, ("切断重置的梯度（detach_reset）", "Cut the reset's gradient (detach_reset)"), more=True
)


def chosen(p: dict[str, Any]) -> neuron.LIFNode:
    """The neuron that the page mirrors."""
    v_reset = 0.0 if p["reset"] == "hard" else None
    return neuron.LIFNode(p["tau"], 1.0, v_reset, SURROGATES[p["surrogate"]](p["alpha"]), p["detach"])


class SurrogatePlayground(PageWidget):
    """One LIF neuron over T steps of constant input: spikes forward, the gradient of every step's input backward."""

    heading = (
        "替代梯度：换一条斜率，看梯度怎样流回去",
        "Surrogate gradients: change the slope, watch the gradient flow back",
    )
    scripts = ("surrogate.js", "surrogate_playground.js")
    parameters = (
        KIND,
        ALPHA,
        Slider("input", 2.0, ("每步的输入", "Input in each step"), 0.0, 4.0, 0.02, "x", digits=2),
        TAU,
        RESET,
        DETACH,
        Slider("T", 12, ("时间步数", "Number of steps"), 2, 30, 1, "T", more=True),
        Choice(
            "loss",
            "one",
            ("损失 L", "Loss L"),
            {"one": ("某一步的脉冲 s[t]", "the spike of one step, s[t]"), "all": ("脉冲总数", "the number of spikes")},
            more=True,
        ),
        Slider("target", 12, ("看哪一步的脉冲", "Spike of which step"), 1, 30, 1, "t", more=True),
    )

    def play(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Input [T] -> voltages before the reset, spikes, and by autograd the gradient of the loss for the input."""
        p, x = self.params, x.clone().requires_grad_()
        node, h, spikes = chosen(p), [], []
        for now in x:
            h.append(node.charge(node.state("v", like=now), now).detach())
            spikes.append(node(now))
        s = torch.stack(spikes)
        loss = s.sum() if p["loss"] == "all" else s[min(p["target"], len(s)) - 1]
        (gradient,) = torch.autograd.grad(loss, x)
        return torch.stack(h), s.detach(), gradient

    def figure(self) -> Figure:
        p = self.params
        h, s, gradient = self.play(torch.full((p["T"],), p["input"], dtype=torch.double))
        figure, (top, middle, bottom) = blank(2.2, 1.7, 1.4)
        plotting.surrogate_shape(SURROGATES[p["surrogate"]](p["alpha"]), ax=top)
        plotting.voltage(h, s, 1.0, ax=middle)
        middle.set_xlabel("")
        plotting.gradient_bars(gradient, ax=bottom)
        bottom.set_xlim(middle.get_xlim())
        for ax in (middle, bottom):  # the page counts steps from 1
            ax.xaxis.set_major_formatter(lambda t, _: f"{t + 1:g}")
        return figure


class GradientFlow(PageWidget):
    """|dv[T]/dv[T-n]| of many LIF neurons with random input: does a gradient vanish or explode on its way back?"""

    heading = ("梯度穿越时间：消失还是爆炸？", "A gradient travels through time: does it vanish or explode?")
    scripts = ("surrogate.js", "gradient_flow.js")
    parameters = (
        Slider("tau", 5.0, TAU.label, 1.0, 50.0, 0.5, "τ", STEP_UNIT, digits=1),
        KIND,
        replace(ALPHA, value=4.0),
        Slider("mean", 1.5, ("平均输入", "Mean input"), 0.0, 6.0, 0.1, "x", digits=1, more=True),
        RESET,
        DETACH,
        Slider("T", 40, ("时间步数", "Number of steps"), 5, 100, 1, "T", more=True),
    )

    def flow(self, x: torch.Tensor) -> torch.Tensor:
        """Input [T, N] -> |dv[T]/dv[T-n]| for n = 0 … T-1, [T, N], by autograd."""
        node, v = chosen(self.params), []
        for now in x:
            node(now)
            node.v = node.v.requires_grad_() if not v else node.v
            v.append(node.v)
        return torch.stack(torch.autograd.grad(v[-1].sum(), v[::-1])).abs()

    def figure(self) -> Figure:
        p = self.params
        draw = torch.rand(p["T"], NEURONS, generator=torch.Generator().manual_seed(8), dtype=torch.double)
        figure, ax = blank(3.2)
        plotting.gradient_flow(self.flow(2 * p["mean"] * draw), leak=1 - 1 / p["tau"], ax=ax)
        return figure
