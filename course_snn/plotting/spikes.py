"""Spikes: who fired when, how often, and where in a feature map."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from course_snn.figure import BLUE, GREY, INK, PALE
from course_snn.language import tr
from course_snn.plotting._common import (
    array,
    neuron_index,
    new_axes,
    spike_array,
    step_length,
    time_axis,
    whole_numbers,
)

_MARK = 0.38  # half the height of a spike's mark; rows of neurons are 1 apart


def raster(spikes: Any, dt: float | None = None, ax: Axes | None = None, color: str = INK) -> Axes:
    """Draw a mark for every spike: time to the right, one row for each neuron.

    Args:
        spikes: bool or 0/1, [T, N], or [T] for one neuron.
        dt: length of a time step in ms; None counts steps.

    Raises:
        ValueError: another shape or other values.
    """
    fired = spike_array("spikes", spikes, "T, N", "T")
    fired = fired.reshape(len(fired), -1)
    steps, neurons = fired.shape
    ax = new_axes(ax, height=min(1.3 + 0.12 * neurons, 3.2))
    t, n = np.nonzero(fired)
    width = 1.5 if steps <= 200 else 0.8  # points; thin enough that neighbours stay apart
    ax.vlines(t * step_length(dt), n - _MARK, n + _MARK, color=color, linewidth=width, capstyle="butt")
    time_axis(ax, steps, dt, edge=0.02 * steps)
    ax.set_ylim(-0.6, neurons - 0.4)
    ax.set_ylabel(neuron_index())
    whole_numbers(ax.yaxis)
    return ax


def spikes_1d(spikes: Any, dt: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw a raster and, right of it, how often each neuron fired: the seed's `plot_1d_spikes`.

    The firing rate is in spikes per time step, or in Hz where dt is given.

    Args:
        spikes: bool or 0/1, [T, N].
        dt: length of a time step in ms; None counts steps.

    Returns:
        the axes of the raster; those of the rates are `ax.child_axes[0]`.
    """
    fired = spike_array("spikes", spikes, "T, N")
    ax = raster(fired, dt, ax)
    rate = fired.mean(axis=0) * (1 if dt is None else 1000 / dt)
    strip = ax.inset_axes([1.05, 0, 0.2, 1], sharey=ax)
    strip.barh(np.arange(fired.shape[1]), rate, height=2 * _MARK, color=BLUE)
    strip.tick_params(axis="y", left=False, labelleft=False)
    strip.set_xlim(0, rate.max() * 1.05 or 1)
    strip.locator_params(axis="x", nbins=3)
    strip.set_xlabel(tr("发放率", "firing rate") + (tr("（每步）", " (per step)") if dt is None else " (Hz)"))
    return ax


def feature_maps(spikes: Any, nrows: int | None = None, ncols: int | None = None, ax: Axes | None = None) -> Axes:
    """Draw C feature maps as a grid, filled row by row: the seed's `plot_2d_spiking_feature_map`.

    Args:
        spikes: [C, H, W], bool or 0/1; firing rates in [0, 1] are shaded.
        nrows, ncols: the grid; leave out one or both to have them chosen.

    Raises:
        ValueError: values outside [0, 1], or nrows * ncols that is not C.
    """
    maps = array("spikes", spikes, "C, H, W")
    if not ((maps >= 0) & (maps <= 1)).all():
        raise ValueError(f"spikes must lie in [0, 1], but go from {np.min(maps):g} to {np.max(maps):g}")
    nrows, ncols = _grid(len(maps), nrows, ncols)
    height, width = maps.shape[1:]
    ax = new_axes(ax, height=min(6.5 * nrows * height / (ncols * width), 6.0))
    ax.imshow(_mosaic(maps, nrows, ncols), cmap=_SPIKE_MAP, vmin=0, vmax=1, interpolation="nearest")
    ax.set_axis_off()
    return ax


def _grid(count: int, nrows: int | None, ncols: int | None) -> tuple[int, int]:
    if nrows is None and ncols is None:
        nrows = max(n for n in range(1, int(count**0.5) + 1) if count % n == 0)
    nrows = nrows or count // max(ncols or 1, 1)
    ncols = ncols or count // max(nrows, 1)
    if nrows * ncols != count:
        raise ValueError(f"spikes hold {count} feature maps, but nrows * ncols is {nrows} * {ncols} = {nrows * ncols}")
    return nrows, ncols


def _mosaic(maps: np.ndarray, nrows: int, ncols: int) -> np.ndarray:
    """All maps in one [nrows (H + gap) - gap, ncols (W + gap) - gap] picture; the gaps are NaN."""
    count, height, width = maps.shape
    gap = max(1, round(0.08 * max(height, width)))
    framed = np.full((count, height + gap, width + gap), np.nan)
    framed[:, :height, :width] = maps
    rows = framed.reshape(nrows, ncols, height + gap, width + gap).swapaxes(1, 2)
    return rows.reshape(nrows * (height + gap), -1)[:-gap, :-gap]


_SPIKE_MAP = LinearSegmentedColormap.from_list("spikes", [PALE, GREY, INK])
