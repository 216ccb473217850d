"""Events of an event camera: in space and time, as frames, as a rate, and how one pixel makes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from mpl_toolkits.mplot3d import Axes3D

from course_snn.arguments import number, whole
from course_snn.figure import BLUE, GREY, INK, ORANGE, PALE
from course_snn.language import tr
from course_snn.plotting._common import array, new_axes, same_shape

OFF, ON = BLUE, ORANGE
KEYS = ("t", "x", "y", "p")
MOST_BINS = 1_000_000


def event_cloud(events: Mapping[str, Any], ax: Axes3D | None = None, most: int = 5000) -> Axes3D:
    """Draw events as points in space and time: ON orange, OFF blue.

    Args:
        events: {"t" (microseconds), "x", "y", "p"}, [N] each.
        ax: axes made with `projection="3d"`.
        most: of more events than this, as many are drawn, evenly chosen.

    Raises:
        TypeError: axes in two dimensions; events without names, such as an array [N, 4].
        ValueError: a column is missing, empty or longer than another; no finite numbers; a polarity other than 0, 1.
    """
    t, x, y, p = _columns(events)
    most = whole("most", most, at_least=1)
    if ax is None:
        ax = plt.figure(figsize=(6.6, 3.6), layout="none").add_axes((0.0, 0.03, 0.95, 0.92), projection="3d")
    elif not isinstance(ax, Axes3D):
        raise TypeError(f'event_cloud needs axes made with plt.subplot(projection="3d"), but got {type(ax).__name__}')
    chosen = np.linspace(0, len(t) - 1, min(most, len(t))).astype(int)
    colours = np.where(p[chosen, None] > 0, to_rgb(ON), to_rgb(OFF))
    ax.scatter(t[chosen] / 1000, x[chosen], -y[chosen], c=colours, s=1.5, linewidths=0, depthshade=False)
    ax.set(xlabel=tr("时间 $t$ (ms)", "time $t$ (ms)"), ylabel="$x$", zlabel="$y$")
    width, height = max(1, x.max()), max(1, y.max())
    ax.set(ylim=(0, width), zlim=(-height, 0), yticks=(0, width // 2, width))
    ax.set_zticks([0, -(height // 2), -height], ["0", f"{height // 2:g}", f"{height:g}"])  # row 0 is on top
    ax.view_init(elev=18, azim=-62)
    ax.set_box_aspect((2.4, 1, 1), zoom=1.15)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color("white")
        axis.line.set_color(GREY)
        axis._axinfo["grid"].update(color=PALE, linewidth=0.8)  # matplotlib has no public way
    return ax


def event_frames(
    frames: Any, ncols: int | None = None, titles: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw frames of events side by side: ON orange, OFF blue, the more events the darker.

    Args:
        frames: [T, 2, H, W], counts; channel 0 is OFF, channel 1 is ON.
        ncols: frames in a row; default: up to ten.
        titles: T texts above the frames; default: their numbers from 0 on.

    Raises:
        ValueError: another shape, or another number of titles.
    """
    pictures = event_colours(frames)
    count, height, width = pictures.shape[:3]
    titles = [str(n) for n in range(count)] if titles is None else list(titles)
    if len(titles) != count:
        raise ValueError(f"titles must name each of the {count} frames, but there are {len(titles)}")
    ncols = min(count, 10) if ncols is None else whole("ncols", ncols, at_least=1)
    nrows, gap = -(-count // ncols), max(2, width // 16)
    wide = ncols * (width + gap) - gap
    head = max(3, height // 5, math.ceil(0.028 * wide))  # a line of 8.5 points on 7 inches
    tall = nrows * (height + head)
    ax = new_axes(ax, height=7.0 * tall / wide)
    for n, picture in enumerate(pictures):
        y, x = (n // ncols) * (height + head) + head, (n % ncols) * (width + gap)
        place = (x - 0.5, x + width - 0.5, y + height - 0.5, y - 0.5)
        ax.imshow(picture, extent=place, interpolation="nearest")  # each by itself: its colours stay in the dark
        ax.add_patch(plt.Rectangle((x - 0.5, y - 0.5), width, height, fill=False, edgecolor=PALE, linewidth=0.8))
        ax.text(x, y - 0.06 * height, titles[n], va="bottom", color=INK, fontsize=8.5)
    ax.set(xticks=[], yticks=[], xlim=(-0.5, wide - 0.5), ylim=(tall - 0.5, -0.5))
    ax.spines[:].set_visible(False)
    return ax


def event_rate(events: Mapping[str, Any], borders: Any = None, bin_ms: float = 10.0, ax: Axes | None = None) -> Axes:
    """Draw how many events come in each millisecond, and the borders of frames.

    Args:
        events: {"t" (microseconds), "x", "y", "p"}, [N] each.
        borders: times in microseconds at which frames begin or end; None: no borders.
        bin_ms: over how many milliseconds the rate is taken.

    Raises:
        TypeError, ValueError: other events, as in ``event_cloud``; times before 0, or more than a million bins.
    """
    t, _, _, p = _columns(events)
    bin_ms, last = number("bin_ms", bin_ms, above=0), t.max() / 1000
    if t.min() < 0 or last / bin_ms > MOST_BINS:
        raise ValueError(
            f"t runs from {t.min():g} to {t.max():g} µs, in bins of {bin_ms:g} ms: count from the start of the "
            "recording, t - t[0], or take a larger bin_ms"
        )
    edges = np.arange(0, last + bin_ms, bin_ms)
    edges = edges if len(edges) > 1 else np.array([0, bin_ms])
    ax = new_axes(ax, height=2.2)
    for value, colour, name in ((1, ON, "ON"), (0, OFF, "OFF")):
        counts = np.histogram(t[p == value] / 1000, edges)[0]
        ax.stairs(counts / bin_ms, edges, color=colour, label=name)
    for border in [] if borders is None else array("borders", borders, "borders"):
        ax.axvline(border / 1000, color=INK, linewidth=0.7)
    ax.set(xlim=(0, edges[-1]), ylim=(0, None))
    ax.set(xlabel=tr("时间 $t$ (ms)", "time $t$ (ms)"), ylabel=tr("每毫秒的事件数", "events per ms"))
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 0.98), ncols=2, borderpad=0.1)
    return ax


def pixel_events(
    level: Any, times: Any, polarities: Any, threshold: float, dt: float = 1.0, ax: Axes | None = None
) -> Axes:
    """Draw the log brightness of one pixel, the level that it remembers, and the events it reports.

    Args:
        level: [T], log brightness in each step.
        times: [N], of its events, in ms.
        polarities: [N], 1 = ON, 0 = OFF.
        threshold: change of level that makes an event.
        dt: length of a step in ms.

    Raises:
        TypeError, ValueError: other shapes; a polarity other than 0 and 1.
    """
    level = array("level", level, "T")
    times, polarities = array("times", times, "N"), array("polarities", polarities, "N")
    same_shape(times=times, polarities=polarities)
    _on_or_off("polarities", polarities)
    ax = new_axes(ax)
    remembered = level[0] + threshold * np.concatenate([[0], np.cumsum(2 * polarities - 1)])
    ends = np.concatenate([[0], times, [(len(level) - 1) * dt]])
    ax.stairs(remembered, ends, baseline=None, color=GREY, linewidth=1.2, label=tr("像素记住的值", "remembered level"))
    ax.plot(np.arange(len(level)) * dt, level, color=INK, label=tr("亮度的对数", "log brightness"))
    for value, colour, name, mark in ((1, ON, "ON", "^"), (0, OFF, "OFF", "v")):
        here = polarities == value
        ax.plot(times[here], remembered[1:][here], mark, color=colour, markersize=5, linestyle="none", label=name)
    ax.set(xlabel=tr("时间 (ms)", "time (ms)"), ylabel=r"$\ln I$", xlim=(0, (len(level) - 1) * dt))
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def event_colours(frames: Any) -> np.ndarray:
    """Return frames as pictures, uint8 [T, H, W, 3]: white, towards orange with ON events, towards blue with OFF.

    Args:
        frames: [T, 2, H, W], counts; the 98th percentile of the pixels with events, and more, has the full colour.
    """
    counts = array("frames", frames, "T, 2, H, W")
    if counts.shape[1] != 2 or (counts < 0).any():
        raise ValueError(f"frames must be counts [T, 2, H, W], OFF and ON, but have the shape {list(counts.shape)}")
    full = max(1.0, np.quantile(counts[counts > 0], 0.98)) if (counts > 0).any() else 1.0
    depth = np.minimum(counts / full, 1.0)[..., None]
    ink = sum(depth[:, n] * (1 - np.array(to_rgb(colour))) for n, colour in enumerate((OFF, ON)))
    return (255 * np.clip(1 - ink, 0, 1)).round().astype(np.uint8)


def _columns(events: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    """Events as four rows of finite numbers, p 0 or 1, from a dict, a structured array or a table."""
    names = getattr(getattr(events, "dtype", None), "names", None) or (
        list(events) if hasattr(events, "keys") else None
    )
    if names is None:
        raise TypeError(
            'events must be a dict {"t", "x", "y", "p"} or an array with these fields, t in microseconds, '
            f"but got {type(events).__name__}"
        )
    if missing := [key for key in KEYS if key not in names]:
        raise ValueError(f"events need t, x, y, p, but {', '.join(missing)} is missing; here are: {list(names)}")
    columns = {key: array(key, events[key], "N") for key in KEYS}
    same_shape(**columns)
    for key, values in columns.items():
        if not np.isfinite(values).all():
            raise ValueError(f"{key} must be finite numbers, but holds {values[~np.isfinite(values)][0]}")
    _on_or_off("p", columns["p"])
    return tuple(columns.values())


def _on_or_off(name: str, polarities: np.ndarray) -> None:
    if not np.isin(polarities, (0, 1)).all():
        wrong = polarities[~np.isin(polarities, (0, 1))][0]
        raise ValueError(f"{name} must be 1 (ON) or 0 (OFF), but holds {wrong:g}; where -1 means OFF, give p > 0")
