"""A voltage as the sum of potentials that spikes leave behind, and the credit of each spike for its peak."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes

from course_snn.figure import BLUE, GREY, INK, ORANGE
from course_snn.language import tr
from course_snn.plotting._common import array, color, new_axes, time_step


def psp_sum(psp: Any, v_threshold: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw postsynaptic potentials as thin lines and their sum, the voltage, as a thick one with its peak.

    Args:
        psp: [T, I], what each of I inputs adds to the voltage at each time step.
        v_threshold: height of the threshold; None leaves it out.
    """
    psp = array("psp", psp, "T, I")
    v, t_max = psp.sum(1), int(psp.sum(1).argmax())
    ax = new_axes(ax)
    for i, part in enumerate(psp.T):
        ax.plot(part, color=color(i + 2), linewidth=1.1)
    ax.plot(v, color=BLUE, linewidth=2.2, linestyle="-")
    if v_threshold is not None:
        ax.axhline(v_threshold, color=GREY, linestyle="--", linewidth=1)
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.12 * (high - low))  # room for a word above the peak
    ax.axvline(t_max, color=INK, linewidth=0.8, linestyle=":")
    ax.plot(t_max, v[t_max], "o", color=BLUE)
    ax.annotate("$t_{max}$", (t_max, v[t_max]), (5, 5), textcoords="offset points", color=INK, fontsize="small")
    ax.set(xlim=(0, len(psp) - 1), xlabel=time_step(), ylabel=tr("膜电位 $V$", "membrane potential $V$"))
    return ax


def spike_credit(
    times: Sequence[Any], t_max: float, kernel: Callable[[Any], Any], T: int, ax: Axes | None = None
) -> Axes:
    """Draw how much a spike at each time has done for the voltage at t_max, K(t_max − t), and where the spikes lie.

    Args:
        times: for each input the list of its spike times.
        t_max: time of the voltage's peak.
        kernel: the function K of the time since the spike, zero before it, taking and giving a tensor.
        T: number of time steps.
    """
    ax = new_axes(ax, height=1.8)
    t = np.linspace(0, T - 1, 10 * T)
    ax.fill_between(t, _at(kernel, t_max - t), color=ORANGE, alpha=0.15, linewidth=0)
    ax.plot(t, _at(kernel, t_max - t), color=ORANGE)
    for i, spikes in enumerate(times):
        for s in spikes:
            credit = float(_at(kernel, [t_max - s])[0])
            ax.plot([s, s], [0, credit], color=color(i + 2), linewidth=1.6)
            ax.plot(s, credit, "o", color=color(i + 2), markerfacecolor=color(i + 2) if credit else "white")
    ax.axvline(t_max, color=INK, linewidth=0.8, linestyle=":")
    ax.set(xlim=(0, T - 1), ylim=(-0.06, 1.12), xlabel=tr("脉冲时刻", "time of the spike"))
    ax.set_ylabel("$K(t_{max} - t)$")
    return ax


def _at(kernel: Callable[[Any], Any], since: Any) -> np.ndarray:
    return kernel(torch.as_tensor(np.asarray(since), dtype=torch.double)).numpy()
