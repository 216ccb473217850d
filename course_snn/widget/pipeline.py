"""PipelineStepper: watch data travel through the Simulator, one module a step."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import nn

from .. import plotting, simulator, synapse
from .base import PageWidget, blank
from .control import Choice, Slider, Toggle


class Times(nn.Module):
    """Multiply by a factor."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor


def example(name: str) -> tuple[list[int], dict[str, nn.Module]]:
    """The inputs and the named modules of one of the widget's examples."""
    if name == "toy":
        return list(range(1, 8)), {f"×{k}": Times(k) for k in (1, 10, 100)}
    modules = {
        "SpikeCurrent": synapse.SpikeCurrent(0.6),
        "IF": simulator.IFNode([1], r=1.0, v_threshold=1.0),
        "ExpDecayCurrent": synapse.ExpDecayCurrent(tau=3.0),
        "LIF": simulator.LIFNode([1], r=2.0, v_threshold=1.0, tau=2.0),
    }
    return [1] * 8 + [0] * 4, modules


class PipelineStepper(PageWidget):
    """The Simulator's slots x0 … xn after each step; a colour marks the input that a value came from."""

    heading = ("仿真器流水线：每一步，数据前进一个模块", "The simulator's pipeline: one module a step")
    scripts = ("lif.js", "pipeline_stepper.js")
    parameters = (
        Choice(
            "example",
            "toy",
            ("例子", "Example"),
            {"toy": ("三个乘法模块", "three multipliers"), "spikes": ("脉冲 → IF → LIF", "spikes → IF → LIF")},
        ),
        Toggle("fast", False, ("首步跑满（fast=True）", "Fill at once (fast=True)")),
        Slider("step", 0, ("已执行步数", "Steps taken"), 0, 12, 1),
    )

    def states(self) -> list[list[float | None]]:
        """The Simulator's slots after every step of the chosen example."""
        inputs, modules = example(self.params["example"])
        sim = simulator.Simulator(fast=self.params["fast"])
        for module in modules.values():
            sim.append(module)
        rows = []
        for x in inputs:
            sim.step(torch.tensor([float(x)]))
            rows.append([None if slot is None else float(slot) for slot in sim.pipeline])
        return rows

    def figure(self) -> Figure:
        figure, ax = blank(2.6)
        plotting.pipeline(self.states(), list(example(self.params["example"])[1]), ax=ax)
        return figure
