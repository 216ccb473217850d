"""ChargingNeuron: the opening of chapter 01, a neuron that charges and flashes as the current is pushed."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from .. import plotting, simulator
from ..figure import BLUE, GREEN, GREY, ORANGE
from .base import PageWidget
from .control import STEP_UNIT, Slider

R, THRESHOLD, STEPS = 9.0, 1.0, 150


class ChargingNeuron(PageWidget):
    """A leaky integrate-and-fire neuron under a current that the learner pushes by hand, 60 steps of 1 ms a second.

        τ dV/dt = −V + R·I;   V reaches 1: a spike, and V starts again at 0   (simulator.LIFNode, R = 9)

    Source: Lapicque 1907, J. Physiol. Pathol. Gen. 9; the leak as in Gerstner et al. 2014, Neuronal Dynamics, 1.3.
    """

    heading = ("推一推：一个神经元", "Push: one neuron")
    scripts = ("opening.js", "lif.js", "charging_neuron.js")
    parameters = (
        Slider("current", 0.15, ("输入电流", "Input current"), 0.0, 0.3, 0.002, "I", digits=3),
        Slider("tau", 20.0, ("膜时间常数", "Membrane time constant"), 5.0, 60.0, 1.0, "τ", STEP_UNIT),
    )

    def run(self, steps: int = STEPS) -> tuple[list[float], list[bool]]:
        """Potential and spikes of ``steps`` steps from rest, under the present current."""
        node = simulator.LIFNode([1], R, THRESHOLD, 0.0, self.params["tau"])
        current = torch.tensor([self.params["current"]])
        seen = [(node(current).item(), node.v.item()) for _ in range(steps)]
        return [v for _, v in seen], [spike for spike, _ in seen]

    def figure(self) -> Figure:
        v, spikes = self.run()
        figure = Figure(figsize=(7.0, 3.6), layout="constrained")
        top, bottom = figure.subplots(2, 1, height_ratios=(1.5, 1))
        _cell(top, v[-1], self.params["current"])
        plotting.voltage(v, spikes, THRESHOLD, 0.0, ax=bottom)
        return figure


def _cell(ax: Axes, level: float, current: float) -> None:
    """A neuron filled up to its potential, with the plunger that pushes the current."""
    for dx, dy in ((-0.9, 0.8), (-1.2, 0.4), (-0.9, -0.8), (-1.2, -0.4), (0.1, 1.05), (0.1, -1.05)):
        ax.plot([0, dx], [0, dy], color=GREY, linewidth=4, solid_capstyle="round", zorder=1)
    ax.plot([0, 4], [0, 0], color=GREY, linewidth=5, zorder=1)
    for dy in (-0.35, 0, 0.35):
        ax.plot([4, 4.4], [0, dy], color=GREY, linewidth=2, zorder=1)
        ax.add_patch(Circle((4.4, dy), 0.12, color=ORANGE))
    soma = Circle((0, 0), 0.7, facecolor="white", edgecolor=GREY, linewidth=4, zorder=2)
    ax.add_patch(soma)
    inside = Rectangle((-0.7, -0.7), 1.4, 1.4 * min(max(level, 0), 1), color=BLUE, zorder=3)
    ax.add_patch(inside)
    inside.set_clip_path(soma)
    ax.add_patch(FancyBboxPatch((-3.4, -0.2), 2.2, 0.4, "round,pad=0.02", facecolor="white", edgecolor=GREY))
    head = -3.2 + 1.8 * current / 0.3
    ax.add_patch(Rectangle((head, -0.2), -0.7 - head, 0.4, color=GREEN, alpha=0.35))
    ax.plot([-3.7, head], [0, 0], color=GREEN, linewidth=3)
    ax.plot([head, head], [-0.2, 0.2], color=GREEN, linewidth=4)
    ax.set(xlim=(-3.9, 4.7), ylim=(-1.15, 1.15), aspect="equal")
    ax.set_axis_off()
