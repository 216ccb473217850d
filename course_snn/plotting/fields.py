"""What neurons respond to: their weights as pictures, one beside the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from course_snn.figure import INK
from course_snn.plotting._common import array, new_axes

HALO = [withStroke(linewidth=2, foreground="white")]  # a name can be read on dark fields as well


def receptive_fields(
    w: Any,
    height: int,
    width: int,
    ncols: int = 20,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the receptive fields of many neurons: excitatory weights, each field as dark as its strongest.

    Args:
        w: [out, height * width], a row for each neuron, as in ``unsupervised.WinnerTakeAll.weight``.
        height, width: of the input picture.
        ncols: fields in a row.
        names: a short text for the corner of each field, for example its class.

    Raises:
        ValueError: rows that are not height * width long, or another number of names than of neurons.
    """
    w = array("w", w, "out, in")
    if w.shape[1] != height * width:
        raise ValueError(f"w has {w.shape[1]} weights for each neuron, but height * width is {height * width}")
    names = [""] * len(w) if names is None else list(names)
    if len(names) != len(w):
        raise ValueError(f"names must name each of the {len(w)} neurons, but there are {len(names)}")
    nrows = -(-len(w) // ncols)
    sheet = np.full((nrows * (height + 1) - 1, ncols * (width + 1) - 1), np.nan)
    ax = new_axes(ax, height=min(7.0 * nrows * height / (ncols * width), 7.0))
    for index, picture in enumerate(w.reshape(-1, height, width)):
        y, x = (index // ncols) * (height + 1), (index % ncols) * (width + 1)
        sheet[y : y + height, x : x + width] = picture / (picture.max() or 1.0)
        ax.text(x + 0.03 * width, y + 0.05 * height, names[index], va="top", color=INK, fontsize=7.5, path_effects=HALO)
    ax.imshow(sheet, cmap="Purples", vmin=0, vmax=1, interpolation="nearest")
    ax.set_axis_off()
    return ax
