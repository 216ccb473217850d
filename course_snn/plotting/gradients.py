"""Gradients: surrogates and their slopes, a neuron unrolled in time, what flows back through it, ratios of speed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch

from course_snn.figure import BLUE, GOLD, GREEN, GREY, INK, ORANGE, PALE, SKY
from course_snn.language import tr
from course_snn.plotting._common import array, new_axes, time_axis, whole_numbers

_FLOOR = 1e-12  # what a logarithmic axis shows of a gradient that is exactly 0
_NODE = 0.24  # radius of a node in an unrolled graph


def surrogate_shape(surrogate: Any, reach: float = 2.0, ax: Axes | None = None) -> Axes:
    """Draw a surrogate over x = h − θ: the step it keeps forward, its primitive, and the slope it takes backward.

    Args:
        surrogate: an instance with `slope(x)`; its `primitive(x)` is drawn where there is one.
        reach: the axis goes from −reach to reach.
    """
    ax = new_axes(ax, height=2.6)
    x = torch.linspace(-reach, reach, 801, dtype=torch.double)
    ax.axvline(0, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    ax.plot(x, x >= 0, color=GREY, linewidth=1.4, label=tr("前向：脉冲", "forward: spike"))
    with suppress(NotImplementedError):  # an own surrogate needs a slope and nothing else
        ax.plot(x, surrogate.primitive(x), color=BLUE, label=tr("原函数 $g$", "primitive $g$"))
    slope = surrogate.slope(x)
    ax.plot(x, slope, color=ORANGE, label=tr("反向：斜率 $g'$", "backward: slope $g'$"))
    ax.fill_between(x, slope, color=ORANGE, alpha=0.12, linewidth=0)
    ax.set_xlabel(tr(r"$x = h - \theta$（到阈值的距离）", r"$x = h - \theta$ (distance to the threshold)"))
    ax.legend(loc="upper left")
    ax.margins(x=0)
    return ax


def unrolled(T: int = 3, ax: Axes | None = None) -> Axes:
    """Draw a spiking neuron unrolled over T steps: what depends on what, and the two ways back into the past.

    Args:
        T: number of time steps.

    Raises:
        ValueError: T below 1.
    """
    if T < 1:
        raise ValueError(f"T must be at least 1, but is {T}")
    ax = new_axes(ax, height=3.3)
    for t in range(1, T + 1):
        x = 2.0 * t
        _node(ax, x, 0, f"$x_{t}$", PALE)
        _node(ax, x, 1, f"$h_{t}$", SKY)
        _node(ax, x, 2, f"$s_{t}$", GOLD)
        _node(ax, x + 1, 1, f"$v_{t}$", SKY)
        _arrow(ax, (x, 0), (x, 1), GREY)
        _arrow(ax, (x, 1), (x, 2), ORANGE)
        _arrow(ax, (x, 1), (x + 1, 1), BLUE)
        _arrow(ax, (x, 2), (x + 1, 1), ORANGE)
        if t < T:
            _arrow(ax, (x + 1, 1), (x + 2, 1), BLUE)
    rows = [tr("输入", "input"), tr("膜电位", "membrane"), tr("脉冲", "spike")]
    for y, name in enumerate(rows):
        ax.text(1.25, y, name, ha="right", va="center", color=GREY)
    ax.plot([], color=BLUE, label=tr("膜的路：漏电", "by the membrane: the leak"))
    ax.plot([], color=ORANGE, label=tr("脉冲的路：阈值与重置", "by the spike: threshold and reset"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    ax.set(xlim=(0.2, 2 * T + 1.6), ylim=(-0.6, 2.45), xticks=2 * np.arange(1, T + 1), yticks=[], aspect="equal")
    ax.set_xticklabels(range(1, T + 1))
    ax.set_xlabel(tr("时间步 $t$", "time step $t$"))
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return ax


def _node(ax: Axes, x: float, y: float, text: str, tone: str) -> None:
    ax.add_patch(Circle((x, y), _NODE, facecolor=tone, edgecolor=INK, linewidth=0.8, alpha=0.9, zorder=3))
    ax.text(x, y, text, ha="center", va="center", color=INK, zorder=4)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], tone: str) -> None:
    a, b = np.array(start), np.array(end)
    gap = (b - a) / np.linalg.norm(b - a) * (_NODE + 0.02)
    style = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyArrowPatch(a + gap, b - gap, color=tone, linewidth=1.6, zorder=2, **style))


def gradient_bars(gradient: Any, ax: Axes | None = None) -> Axes:
    """Draw the gradient of a loss for the input of every time step: green bars up, orange bars down.

    Args:
        gradient: [T], ∂L/∂x.
    """
    gradient = array("gradient", gradient, "T")
    ax = new_axes(ax, height=2.0)
    steps = np.arange(len(gradient))
    ax.bar(steps, gradient, width=0.7, color=np.where(gradient < 0, ORANGE, GREEN))
    ax.axhline(0, color=GREY, linewidth=0.8)
    time_axis(ax, len(gradient) - 1, None, edge=0.6)
    ax.set_ylabel(tr(r"梯度 $\partial L/\partial x_t$", r"gradient $\partial L/\partial x_t$"))
    return ax


def gradient_flow(flow: Any, leak: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw how large a gradient is after n steps back in time, on a logarithmic axis.

    Args:
        flow: [T] or [T, N], |∂v(T)/∂v(T − n)| for n = 0 … T − 1; of N neurons the median and the middle 80 % are drawn.
        leak: the factor 1 − 1/τ of the leak; its powers are drawn as a dashed line.
    """
    flow = array("flow", flow, "T", "T, N")
    flow = np.maximum(flow.reshape(len(flow), -1), _FLOOR)
    ax = new_axes(ax, height=3.2)
    n = np.arange(len(flow))
    low, median, high = np.quantile(flow, [0.1, 0.5, 0.9], axis=1)
    if flow.shape[1] > 1:
        ax.fill_between(n, low, high, color=BLUE, alpha=0.15, linewidth=0, label=tr("中间八成", "middle 80 %"))
    ax.plot(n, median, color=BLUE, label=tr("中位数", "median") if flow.shape[1] > 1 else tr("梯度", "gradient"))
    if leak is not None:
        theory = np.maximum(float(leak) ** n, _FLOOR)
        ax.plot(
            n, theory, color=GOLD, linestyle="--", label=tr(r"只有漏电：$(1-1/\tau)^n$", r"leak alone: $(1-1/\tau)^n$")
        )
    ax.set(yscale="log", ylim=(max(1e-8, 0.5 * low.min()), max(10.0, 2 * high.max())))
    ax.set_xlabel(tr("向过去走了几步 $n$", "steps back in time, $n$"))
    ax.set_ylabel(r"$|\partial v_T/\partial v_{T-n}|$")
    whole_numbers(ax.xaxis)
    ax.legend(loc="lower left")
    return ax


def speed_bars(ratios: dict[str, Sequence[float]], shapes: Sequence[str], ax: Axes | None = None) -> Axes:
    """Draw how many times as fast as a reference several programs are, for several shapes of data.

    Args:
        ratios: program -> one ratio for each shape; 1 is the reference itself, marked by a line.
        shapes: what to write under each group of bars.

    Raises:
        ValueError: not one ratio for each shape.
    """
    for name, values in ratios.items():
        if len(values) != len(shapes):
            raise ValueError(f"{name} has {len(values)} ratios, but there are {len(shapes)} shapes")
    ax = new_axes(ax, height=2.8)
    width = 0.8 / len(ratios)
    for k, (name, values) in enumerate(ratios.items()):
        place = np.arange(len(shapes)) + (k - (len(ratios) - 1) / 2) * width
        bars = ax.bar(place, values, width=0.9 * width, label=name)
        ax.bar_label(bars, fmt="%.2g", padding=2, fontsize="small", color=INK)
    ax.axhline(1, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    ax.set_xticks(range(len(shapes)), shapes)
    ax.set_xlabel(tr("数据的形状", "shape of the data"))
    ax.set_ylabel(tr("快几倍", "times as fast"))
    ax.margins(y=0.14)
    ax.tick_params(axis="x", length=0)
    if len(ratios) > 1:
        ax.legend(loc="upper right", ncols=2)
    return ax
