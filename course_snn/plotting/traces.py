"""Quantities over time: membrane potential, input current, weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_snn.figure import BLUE, GREEN, GREY, INK, ORANGE
from course_snn.language import Label, tr
from course_snn.plotting._common import array, color, new_axes, same_shape, spike_array, step_length, time_axis

_DISTINCT = 6  # as many lines as there are colours to tell apart


def voltage(
    v: Any,
    spikes: Any = None,
    v_threshold: float | None = None,
    v_reset: float | None = None,
    dt: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw membrane potentials over time, with the threshold, the reset and a mark above for every spike.

    Args:
        v: [T], or [T, N] for N neurons.
        spikes: bool or 0/1, of v's shape; with more than six neurons draw them as a `raster` instead.
        v_threshold, v_reset: heights of the two lines; None leaves a line out.
        dt: length of a time step in ms; None counts steps.

    Raises:
        ValueError: shapes that do not match, spikes of more than six neurons.
    """
    v = array("v", v, "T", "T, N")
    fired = None if spikes is None else spike_array("spikes", spikes, "T", "T, N")
    if fired is not None:
        same_shape(v=v, spikes=fired)
        if v.ndim == 2 and v.shape[1] > _DISTINCT:
            raise ValueError(f"spikes of {v.shape[1]} neurons do not fit above their voltages: use raster() for them")
    ax = new_axes(ax)
    _lines(ax, v, dt, tr("神经元 ", "neuron "))
    ax.set_ylabel(tr("膜电位 $V$", "membrane potential $V$"))
    _level(ax, v_threshold, tr("阈值", "threshold"), ORANGE if v.ndim == 1 else INK)  # no neuron's colour
    _level(ax, v_reset, tr("重置", "reset"), GREY)
    if fired is not None:
        _spike_marks(ax, fired.reshape(len(fired), -1), dt)
    return ax


def current(i: Any, dt: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw an input current over time, as steps: within a time step it does not change.

    Args:
        i: [T], or [T, N] for N neurons.
        dt: length of a time step in ms; None counts steps.
    """
    i = array("i", i, "T", "T, N")
    ax = new_axes(ax, height=1.8)
    if i.ndim == 1:
        t = np.arange(len(i)) * step_length(dt)
        ax.fill_between(t, i, step="mid", color=GREEN, alpha=0.18, linewidth=0)
    _lines(ax, i, dt, tr("神经元 ", "neuron "), first=GREEN, drawstyle="steps-mid")
    ax.set_ylabel(tr("输入电流 $I$", "input current $I$"))
    return ax


def weight_traces(w: Any, dt: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw how weights change over time, a line for each.

    Args:
        w: [T], or [T, …]: at each of T time steps all weights of a synapse, in any shape.
        dt: length of a time step in ms; None counts steps.
    """
    if getattr(w, "ndim", 0) > 2:
        w = w.reshape(len(w), -1)  # [T, out, in] -> [T, out * in]
    w = array("w", w, "T", "T, N")
    ax = new_axes(ax)
    _lines(ax, w, dt, tr("权重 ", "weight "))
    ax.set_ylabel(tr("权重 $w$", "weight $w$"))
    return ax


def _lines(ax: Axes, values: np.ndarray, dt: float | None, name: Label, first: str = BLUE, **style: Any) -> None:
    """One line for each column; a few are told apart by colour and legend, many are drawn thin and alike."""
    columns = values.reshape(len(values), -1).T
    t = np.arange(len(values)) * step_length(dt)
    some = 1 < len(columns) <= _DISTINCT
    if len(columns) > _DISTINCT:
        style |= {"alpha": 0.35, "linewidth": 0.8}
    for index, column in enumerate(columns):
        look = {"color": color(index), "label": name + str(index)} if some else {"color": first}
        ax.plot(t, column, **look, **style)
    time_axis(ax, len(values), dt)
    if some:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 0.85), borderaxespad=0.3, handlelength=1.2)


def _level(ax: Axes, height: Any, name: Label, color: str) -> None:
    """A dashed line with its name at the right edge, where a reader's eye arrives and nothing else is drawn."""
    if height is None:
        return
    height = float(height)
    ax.axhline(height, color=color, linewidth=1, linestyle=(0, (4, 3)), zorder=1.5)
    ax.annotate(
        name, (1, height), (5, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
        va="center", color=color, fontsize="small", annotation_clip=False,
    )  # fmt: skip


def _spike_marks(ax: Axes, fired: np.ndarray, dt: float | None) -> None:
    """Marks above the axes, [T, N] -> N rows in the colours of the lines."""
    single = fired.shape[1] == 1
    for index, train in enumerate(fired.T):
        if not train.any():
            continue  # a line without points would count as one at the corner of the figure
        t = np.flatnonzero(train) * step_length(dt)
        height = np.full(len(t), 1.05 + 0.07 * index)  # as a part of the axes' height
        (marks,) = ax.plot(t, height, "|", transform=ax.get_xaxis_transform(), scalex=False, scaley=False)
        marks.set(color=ORANGE if single else color(index), markersize=8, markeredgewidth=1.4)
        marks.set(clip_on=False, label="_spikes")
