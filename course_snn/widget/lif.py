"""LIFExplorer and FICurve: turn the knobs of a (leaky) integrate-and-fire neuron and watch what it does."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from matplotlib.figure import Figure

from .. import plotting, simulator
from .base import PageWidget, blank
from .control import Slider, Toggle

DURATION = 200.0  # ms that LIFExplorer shows
MS = ("ms", "ms")

TAU = Slider("tau", 20.0, ("膜时间常数", "Membrane time constant"), 5.0, 100.0, 1.0, symbol="τ", unit=MS)
R = Slider("r", 9.0, ("膜电阻", "Membrane resistance"), 1.0, 20.0, 0.1, symbol="R", digits=1, more=True)
THRESHOLD = Slider("threshold", 1.0, ("阈值", "Threshold"), 0.5, 2.0, 0.05, symbol="V_{th}", digits=2, more=True)
RESET = Slider("reset", 0.0, ("重置电位", "Reset potential"), -0.5, 0.4, 0.05, symbol="V_{reset}", digits=2, more=True)


def neurons(p: dict[str, Any], shape: list[int]) -> simulator.ClockDriven:
    """The clock-driven neurons that the page mirrors; dt [ms] enters as τ/dt (leak) or as r·dt (no leak)."""
    if p["leak"]:
        return simulator.LIFNode(shape, p["r"], p["threshold"], p["reset"], p["tau"] / p["dt"])
    return simulator.IFNode(shape, p["r"] * p["dt"], p["threshold"], p["reset"])


class LIFExplorer(PageWidget):
    """V(t) of one neuron under a current pulse, in Euler steps of dt [ms] beside the exact solution."""

    heading = ("LIF 神经元：拖动参数，观察膜电位", "LIF neuron: move a parameter, watch the membrane")
    scripts = ("lif.js", "lif_explorer.js")
    parameters = (
        Slider("current", 0.12, ("输入电流", "Input current"), 0.0, 0.5, 0.002, symbol="I", digits=3),
        TAU,
        R,
        THRESHOLD,
        RESET,
        Slider("dt", 1.0, ("时间步长", "Time step"), 0.1, 5.0, 0.1, symbol="Δt", unit=MS, digits=1, more=True),
        Slider("on", 0.0, ("电流开始", "Current on at"), 0.0, 200.0, 1.0, unit=MS, more=True),
        Slider("off", 150.0, ("电流结束", "Current off at"), 0.0, 200.0, 1.0, unit=MS, more=True),
        Toggle("leak", True, ("泄漏（关闭即 IF）", "Leak (off: IF neuron)")),
        Toggle("exact", True, ("显示精确解", "Show the exact solution"), more=True),
    )

    def figure(self) -> Figure:
        p = self.params
        t = np.arange(int(DURATION / p["dt"] + 1e-9)) * p["dt"]
        current = torch.tensor(p["current"] * ((t >= p["on"]) & (t < p["off"])), dtype=torch.float32)
        node = neurons(p, [1])
        spikes, v = zip(*((node(i).item(), node.v.item()) for i in current), strict=True)
        figure, (top, bottom) = blank(2.4, 1.3)
        plotting.voltage(v, spikes, p["threshold"], p["reset"], dt=p["dt"], ax=top)
        plotting.current(current, dt=p["dt"], ax=bottom)
        top.set_xlabel("")
        return figure


class FICurve(PageWidget):
    """Firing rate [Hz] against constant current: simulated points, the formula, and V(t) at the chosen current."""

    heading = ("f–I 曲线：电流越大，发放越快", "f–I curve: the more current, the faster it fires")
    scripts = ("lif.js", "fi_curve.js")
    parameters = (
        Slider("current", 0.2, ("所选电流", "Chosen current"), 0.0, 0.5, 0.002, symbol="I", digits=3),
        TAU,
        R,
        THRESHOLD,
        RESET,
        Slider("refractory", 0.0, ("不应期", "Refractory period"), 0.0, 20.0, 1.0, symbol="t_{ref}", unit=MS),
        Slider("dt", 1.0, ("时间步长", "Time step"), 0.2, 5.0, 0.2, symbol="Δt", unit=MS, digits=1, more=True),
        Toggle("leak", True, ("泄漏（关闭即 IF）", "Leak (off: IF neuron)"), more=True),
    )

    def figure(self) -> Figure:
        """Points from the simulator; the refractory time, spent at v_reset, adds to the period."""
        p = self.params
        rest = round(p["refractory"] / p["dt"]) * p["dt"]
        current = torch.linspace(0, 0.5, 51)
        node = neurons(p, [51])
        fired = torch.stack([node(current) for _ in range(int(max(400, 8 * p["tau"]) / p["dt"]))])
        steps = [torch.nonzero(column).ravel() for column in fired.T]
        period = np.array([float(s.diff().double().mean()) * p["dt"] if len(s) > 1 else np.inf for s in steps])
        figure, ax = blank(3.0)
        edge = (p["threshold"] - p["reset"]) / p["r"] if p["leak"] else None
        plotting.fi_curve(current, p["dt"] / (period + rest), self._formula, edge, ax=ax)
        return figure

    def _formula(self, current: np.ndarray) -> np.ndarray:
        """Spikes per step of the differential equation: dt / (t_ref + τ ln(RI/(RI - θ))), without leak θ/(RI)."""
        p, theta = self.params, self.params["threshold"] - self.params["reset"]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = theta / (p["r"] * np.asarray(current))
            period = -p["tau"] * np.log1p(-share) if p["leak"] else share
            return np.where((share < 1) | (not p["leak"]), p["dt"] / (p["refractory"] + period), 0.0)
