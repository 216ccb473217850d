"""Arrays as pictures: heat map, weight matrix, bars in three dimensions."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from mpl_toolkits.mplot3d import Axes3D

from course_snn.figure import GREY, INK, PALE
from course_snn.language import tr
from course_snn.plotting._common import array, neuron_index, new_axes, step_length, time_axis, time_step, whole_numbers


def heatmap(
    values: Any,
    dt: float | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    cmap: str = "viridis",
    colorbar: bool = True,
) -> Axes:
    """Draw a value of N neurons over time as colours: the seed's `plot_2d_heatmap`.

    Args:
        values: [T, N], for example membrane potentials.
        dt: length of a time step in ms; None counts steps.
        label: what the colours mean; default: membrane potential.
    """
    values = array("values", values, "T, N")
    ax = new_axes(ax)
    steps, neurons = values.shape
    left, right = -0.5 * step_length(dt), (steps - 0.5) * step_length(dt)
    extent = (left, right, -0.5, neurons - 0.5)  # the middle of a cell stands at its step and index
    image = ax.imshow(values.T, cmap=cmap, aspect="auto", origin="lower", extent=extent, interpolation="nearest")
    time_axis(ax, steps, dt)
    ax.set_xlim(left, right)
    ax.set_ylabel(neuron_index())
    whole_numbers(ax.yaxis)
    if colorbar:
        _colorbar(ax, image, label or tr("膜电位 $V$", "membrane potential $V$"))
    return ax


def weight_matrix(w: Any, ax: Axes | None = None, colorbar: bool = True) -> Axes:
    """Draw a weight matrix as colours; where there are negative weights, white is zero.

    Args:
        w: [out, in], a row for each postsynaptic neuron, as in `synapse.Linear.weight`.
    """
    w = array("w", w, "out, in")
    ax = new_axes(ax, width=5.0)
    largest = np.nanmax(np.abs(w)) or 1.0
    cmap, smallest = ("RdBu_r", -largest) if np.nanmin(w) < 0 else ("Blues", 0)
    image = ax.imshow(w, cmap=cmap, vmin=smallest, vmax=largest, aspect="auto", interpolation="nearest")
    ax.set_xlabel(tr("突触前神经元", "presynaptic neuron"))
    ax.set_ylabel(tr("突触后神经元", "postsynaptic neuron"))
    whole_numbers(ax.xaxis)
    whole_numbers(ax.yaxis)
    if colorbar:
        _colorbar(ax, image, tr("权重 $w$", "weight $w$"))
    return ax


def weight_images(w: Any, height: int, width: int, ncols: int = 5, ax: Axes | None = None) -> Axes:
    """Draw the weights of each neuron as a picture of its input; white is zero, red for, blue against.

    Args:
        w: [out, height * width], a row for each neuron, as in ``nn.Linear.weight``.
        height, width: of the input picture.
        ncols: pictures in a row.

    Raises:
        ValueError: rows that are not height * width long.
    """
    w = array("w", w, "out, in")
    if w.shape[1] != height * width:
        raise ValueError(f"w has {w.shape[1]} weights for each neuron, but height * width is {height * width}")
    nrows, gap = -(-len(w) // ncols), 2
    sheet = np.full((nrows * (height + gap) - gap, ncols * (width + gap) - gap), np.nan)
    ax = new_axes(ax, height=min(6.6 * nrows * height / (ncols * width), 6.0) + 0.3)
    for index, picture in enumerate(w.reshape(-1, height, width)):
        y, x = (index // ncols) * (height + gap), (index % ncols) * (width + gap)
        sheet[y : y + height, x : x + width] = picture
        ax.text(x + 0.5, y + 1, str(index), va="top", color=INK)
    largest = np.quantile(np.abs(w), 0.99) or 1.0  # a few extreme weights must not bleach the rest
    ax.imshow(sheet, cmap="RdBu_r", vmin=-largest, vmax=largest, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.set_xlabel(tr("每个神经元的权重：红为正，蓝为负", "weights of each neuron: red positive, blue negative"))
    return ax


def bars3d(values: Any, ax: Axes3D | None = None, label: str | None = None) -> Axes3D:
    """Draw a value of N neurons over time as bars in three dimensions: the seed's `plot_2d_bar_in_3d`.

    Args:
        values: [T, N], for example firing rates after T epochs.
        ax: axes made with `projection="3d"`.
        label: what the height means; default: firing rate.

    Raises:
        TypeError: axes in two dimensions.
    """
    values = array("values", values, "T, N")
    if ax is None:
        # by hand: layout engines leave half the page around axes in three dimensions empty
        ax = plt.figure(figsize=(5.2, 3.6), layout="none").add_axes((-0.1, 0.05, 1.05, 0.95), projection="3d")
    elif not isinstance(ax, Axes3D):
        raise TypeError(f'bars3d needs axes made with plt.subplot(projection="3d"), but got {type(ax).__name__}')
    t, n = (index.ravel() for index in np.indices(values.shape))
    height = values.ravel()
    colors = mpl.colormaps["viridis"](mpl.colors.Normalize()(height))
    ax.bar3d(n - 0.35, t - 0.35, np.zeros_like(height), 0.7, 0.7, height, color=colors, shade=True)
    ax.set(xlabel=neuron_index(), ylabel=time_step(), zlabel=label or tr("发放率", "firing rate"))
    _dress(ax)
    return ax


def _dress(ax: Axes3D) -> None:
    """Calm walls, a view from above that shows the low bars behind the high, and labels clear of the numbers."""
    whole_numbers(ax.xaxis)
    whole_numbers(ax.yaxis)
    ax.view_init(elev=28, azim=-52)
    ax.set_box_aspect((1.4, 1.2, 0.8), zoom=1.0)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.labelpad = 8
        axis.set_pane_color("white")
        axis.line.set_color(GREY)
        axis._axinfo["grid"].update(color=PALE, linewidth=0.8)  # matplotlib has no public way


def _colorbar(ax: Axes, image: Any, label: str) -> None:
    bar = ax.figure.colorbar(image, ax=ax, pad=0.02, fraction=0.06, aspect=24)
    bar.outline.set_visible(False)
    bar.set_label(label)
