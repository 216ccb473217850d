"""A network as a graph: boxes for groups, arrows for connections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from course_snn.figure import BLUE, GREEN, GREY, INK, ORANGE, PALE
from course_snn.language import tr
from course_snn.plotting._common import new_axes

WIDTH, HEIGHT = 0.105, 0.17  # of a box, as shares of the picture
ASPECT = 3.6  # of its width to its height on a page, about
Spot = tuple[float, float]
MARKS = {None: (INK, "-", 1.0), "new": (GREEN, "-", 2.2), "gone": (ORANGE, "--", 1.6), "hidden": (GREY, ":", 1.0)}


def network_graph(
    groups: Sequence[Mapping[str, Any]], connections: Sequence[Mapping[str, Any]], ax: Axes | None = None
) -> Axes:
    """Draw groups as boxes and connections as arrows: solid with a head excites, dashed with a bar inhibits.

    Args:
        groups: {"name", "x", "y"} with x and y in [0, 1], y downwards; "text" is a second line in the box; "kind"
            "input" rounds it; "mark" "new", "gone" or "hidden" sets it off.
        connections: {"pre", "post"}, the names of groups; "weight" and "delay" [steps] are written beside the arrow,
            without a weight its "name" is; "mark" as for groups.

    Raises:
        ValueError: a connection that ends at no group, or a mark that is not known.
    """
    ax = new_axes(ax, height=2.7)
    spots = {group["name"]: (group["x"], group["y"]) for group in groups}
    for con in connections:
        if missing := [end for end in (con["pre"], con["post"]) if end not in spots]:
            raise ValueError(f"a connection ends at {missing[0]!r}, but the groups are {', '.join(spots) or 'none'}")
    both = {(con["pre"], con["post"]) for con in connections}
    labels: list[tuple[float, float, float]] = []
    for con in sorted(connections, key=lambda con: con["pre"] != con["post"]):  # the labels of loops first
        _arrow(ax, con, spots, (con["post"], con["pre"]) in both, labels)
    for group in groups:
        _box(ax, group)
    ax.set(xlim=(-0.1, 1.1), ylim=(1.28, -0.28), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.set_xlabel(
        tr(
            "实线箭头：兴奋；虚线短横：抑制；d：延迟的步数",
            "solid, head: excites; dashed, bar: inhibits; d: delay in steps",
        )
    )
    return ax


def _look(thing: Mapping[str, Any]) -> tuple[str, str, float]:
    mark = thing.get("mark")
    if mark not in MARKS:
        raise ValueError(f"a mark is {mark!r}, but must be one of {', '.join(map(str, MARKS))}")
    return MARKS[mark]


def _box(ax: Axes, group: Mapping[str, Any]) -> None:
    x, y, (colour, style, width) = group["x"], group["y"], _look(group)
    rounding = 0.06 if group.get("kind") == "input" else 0.02
    corner = (x - WIDTH / 2, y - HEIGHT / 2)
    box = FancyBboxPatch(corner, WIDTH, HEIGHT, boxstyle=f"round,pad=0,rounding_size={rounding}", mutation_aspect=1.6)
    box.set(facecolor=PALE, edgecolor=colour, linestyle=style, linewidth=width, zorder=3)
    ax.add_patch(box)
    text = group.get("text")
    ax.text(x, y - (0.04 if text else 0), group["name"], ha="center", va="center", color=colour, zorder=4)
    if text:
        ax.text(x, y + 0.045, text, ha="center", va="center", color=GREY, fontsize=7, zorder=4)


def _arrow(
    ax: Axes, con: Mapping[str, Any], spots: Mapping[str, Spot], both: bool, labels: list[tuple[float, float, float]]
) -> None:
    weight, (colour, style, width) = con.get("weight"), _look(con)
    inhibits = weight is not None and weight < 0
    if weight is not None and con.get("mark") is None:
        colour, style, width = (ORANGE, "--", 1.4) if inhibits else (BLUE, "-", 1.4)
    start, end, rad, corner = _way(con, spots, both)
    head = "-" if inhibits else "-|>,head_length=5,head_width=3"
    arrow = FancyArrowPatch(start, end, connectionstyle=f"arc3,rad={rad}", arrowstyle=head, shrinkA=1, shrinkB=2)
    arrow.set(color=colour, linestyle=style, linewidth=width, zorder=2)
    ax.add_patch(arrow)
    if inhibits:
        _bar(ax, corner, end, colour)
    text = con.get("name", "") if weight is None else f"{weight:g}".replace("-", "−")
    text += f" · d{con['delay']}" if weight is not None and "delay" in con else ""
    back = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    at = _label(start, corner, end, 0.006 + 0.006 * len(text), labels)
    ax.text(*at, text, ha="center", va="center", color=colour, fontsize=7.5, bbox=back, zorder=2.5)


def _way(con: Mapping[str, Any], spots: Mapping[str, Spot], both: bool) -> tuple[Spot, Spot, float, Spot]:
    """Start, end and bend of an arrow, and the corner that its curve heads for, as matplotlib's arc3 has it."""
    (x0, y0), (x1, y1) = spots[con["pre"]], spots[con["post"]]
    if con["pre"] == con["post"]:
        return (x0 - 0.03, y0 - HEIGHT / 2), (x0 + 0.03, y0 - HEIGHT / 2), -2.2, (x0, y0 - HEIGHT / 2 - 0.5)
    aside = 0.44 if _passes(con, spots) else 0.3 if both else 0.0
    towards = _corner((x0, y0), (x1, y1), aside)[1]
    start, end = _edge((x0, y0), towards), _edge((x1, y1), towards)
    rad, corner = _corner(start, end, aside)
    return start, end, rad, corner


def _corner(start: Spot, end: Spot, aside: float) -> tuple[float, Spot]:
    """The bend of a curve whose middle lies `aside` / 2 to the left of the straight line, and its corner."""
    across, down = (end[0] - start[0]) * ASPECT, end[1] - start[1]  # y points downwards, arc3 thinks it upwards
    rad = -aside / max(0.4, float(np.hypot(across, down)))
    return rad, ((start[0] + end[0]) / 2 - rad * down / ASPECT, (start[1] + end[1]) / 2 + rad * across)


def _bar(ax: Axes, corner: Spot, end: Spot, colour: str) -> None:
    """A short bar across the end of an arrow, solid though its line is dashed."""
    along = np.array([(end[0] - corner[0]) * ASPECT, end[1] - corner[1]])
    along /= np.hypot(*along)
    across = 0.05 * np.array([-along[1] / ASPECT, along[0]])
    (x0, y0), (x1, y1) = np.array(end) - across, np.array(end) + across
    ax.plot([x0, x1], [y0, y1], color=colour, linewidth=2.5, solid_capstyle="butt", zorder=2, gid="bar")


def _label(start: Spot, corner: Spot, end: Spot, half: float, labels: list[tuple[float, float, float]]) -> Spot:
    """A place on the curve, or outside it where it bends, that no earlier label covers (half: of its width)."""
    out = (np.array(corner) - (np.array(start) + end) / 2) * (ASPECT, 1)
    out = np.array([0.055, 0.07]) * out / max(0.1, float(np.hypot(*out)))
    for u in (0.5, 0.36, 0.64, 0.24, 0.76, 0.12, 0.88, 0.5):
        spot = (1 - u) ** 2 * np.array(start) + 2 * u * (1 - u) * np.array(corner) + u**2 * np.array(end) + out
        if all(abs(spot[0] - x) > half + other or abs(spot[1] - y) > 0.12 for x, y, other in labels):
            break
    labels.append((float(spot[0]), float(spot[1]), half))
    return labels[-1][:2]


def _edge(middle: Spot, towards: Spot) -> Spot:
    """Where the line from the middle of a box leaves it."""
    dx, dy = np.subtract(towards, middle)
    share = min(WIDTH / 2 / max(abs(dx), 1e-9), HEIGHT / 2 / max(abs(dy), 1e-9))
    return middle[0] + share * dx, middle[1] + share * dy


def _passes(con: Mapping[str, Any], spots: Mapping[str, tuple[float, float]]) -> bool:
    """Whether the straight line would run through another box."""
    start, end = np.array(spots[con["pre"]]), np.array(spots[con["post"]])
    others = [np.array(spot) for name, spot in spots.items() if name not in (con["pre"], con["post"])]
    line = start + np.linspace(0, 1, 40)[:, None] * (end - start)
    return any((np.abs(line - spot) < (WIDTH / 2, HEIGHT / 2)).all(axis=1).any() for spot in others)
