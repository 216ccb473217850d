"""How well a network is, and what it gets wrong: rate and gradient per layer, confusion, a gallery of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from course_snn.figure import BLUE, INK, ORANGE, PALE
from course_snn.language import tr
from course_snn.plotting._common import array, new_axes, same_shape


def layer_health(rates: Any, gradients: Any, names: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw the firing rate of each layer and, right of it, the gradient of its weights on a logarithmic axis.

    Args:
        rates: [L], spikes per neuron and time step, from the first layer to the last.
        gradients: [L], not negative; where one is 0, not known (NaN) or infinite there is no bar, but a note.
        names: L names; default: 1, 2, ….

    Returns:
        the axes of the rates; those of the gradients are `ax.child_axes[0]`.

    Raises:
        ValueError: numbers of layers that differ, or a negative gradient.
    """
    rates, gradients = array("rates", rates, "L"), array("gradients", gradients, "L")
    same_shape(rates=rates, gradients=gradients)
    if (gradients < 0).any():
        raise ValueError(f"gradients are sizes (norms) and cannot be negative, but hold {gradients.min():g}")
    names = [str(n + 1) for n in range(len(rates))] if names is None else list(names)
    if len(names) != len(rates):
        raise ValueError(f"names must name each of the {len(rates)} layers, but there are {len(names)}")
    ax = new_axes(ax, height=0.8 + 0.3 * len(rates))
    rows = np.arange(len(rates))
    ax.barh(rows, rates, height=0.66, color=BLUE)
    ax.set_yticks(rows, names)
    ax.set(xlim=(0, 2.1), ylim=(len(rates) - 0.4, -0.6), xticks=(0, 0.5, 1))  # the right half is for the gradients
    ax.spines["bottom"].set_bounds(0, 1)
    ax.set_xlabel(tr("发放率（每步）", "firing rate (per step)"), x=0.5 / 2.1)
    _gradient_bars(ax.inset_axes([1.1 / 2.1, 0, 1 / 2.1, 1], sharey=ax), rows, gradients)
    return ax


def _gradient_bars(ax: Axes, rows: np.ndarray, gradients: np.ndarray) -> None:
    there = (gradients > 0) & np.isfinite(gradients)
    high = gradients[there].max() if there.any() else 1.0
    low = min(gradients[there].min() if there.any() else high, high / 1e3) / 10
    ax.barh(rows[there], gradients[there] - low, left=low, height=0.66, color=ORANGE)
    ax.set_xscale("log")
    ax.set_xlim(low, high * 3)
    for row in rows[~there]:
        note = "–" if np.isnan(gradients[row]) else f"{gradients[row]:g}".replace("inf", "∞")
        ax.text(low * 1.2, row, note, va="center", color=INK)
    ax.tick_params(axis="y", left=False, labelleft=False)
    ax.set_xlabel(tr("相对梯度（对数轴）", "relative gradient (log axis)"))


def confusion(counts: Any, classes: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw how often class i was taken for class j: the mistakes as shades, all counts as numbers.

    Args:
        counts: [C, C], true classes as rows, predicted ones as columns.
        classes: C names; default: 0, 1, ….
    """
    counts = array("counts", counts, "C, C")
    size = len(counts)
    if counts.shape != (size, size):
        raise ValueError(f"counts must be square, a row and a column for each class, but has {list(counts.shape)}")
    ax = new_axes(ax, height=4.2, width=4.6)
    wrong = np.where(np.eye(size, dtype=bool), 0, counts)
    ax.imshow(wrong, cmap="Oranges", vmin=0, vmax=max(wrong.max(), 1) * 1.4)
    for i, j in np.ndindex(size, size):
        if counts[i, j]:
            ax.text(j, i, f"{counts[i, j]:g}", ha="center", va="center", fontsize=7.5, color=INK)
    names = list(range(size)) if classes is None else list(classes)
    ax.set_xticks(range(size), names)
    ax.set_yticks(range(size), names)
    ax.set(xlabel=tr("判成的类别", "predicted class"), ylabel=tr("真实类别", "true class"))
    return ax


def gallery(images: Any, titles: Sequence[str] | None = None, ncols: int = 10, ax: Axes | None = None) -> Axes:
    """Draw grey images side by side, each with a short title above it.

    Args:
        images: [K, H, W].
        titles: K short texts.
        ncols: images in one row.
    """
    images = array("images", images, "K, H, W")
    titles = [""] * len(images) if titles is None else list(titles)
    if len(titles) != len(images):
        raise ValueError(f"titles must name each of the {len(images)} images, but there are {len(titles)}")
    nrows = -(-len(images) // ncols)
    ax = new_axes(ax, height=nrows * 7.0 / ncols * 1.35)
    height, width = images.shape[1:]
    for k, (image, title) in enumerate(zip(images, titles, strict=True)):
        left, top = (k % ncols) * 1.1 * width, (k // ncols) * 1.45 * height
        ax.imshow(image, cmap="gray_r", extent=(left, left + width, top + height, top), interpolation="nearest")
        ax.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor=PALE, linewidth=0.8))
        ax.text(left + width / 2, top - 0.06 * height, title, ha="center", va="bottom", fontsize=8.5)
    ax.set(xlim=(0, 1.1 * width * min(ncols, len(images))), ylim=((1.45 * nrows - 0.4) * height, -0.4 * height))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax
