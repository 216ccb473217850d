"""What the signs in a drawing of a graph mean: a row below it, only of those that occur."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path

from course_snn.language import tr
from course_snn.plotting import _symbols as draw
from course_snn.plotting._symbols import text_width, write

SIZE, SIGN, GAP, HIGH = 7.5, 24.0, 16.0, 15.0  # of the text; the sign's width; between two; a row, all in points


class Key:
    """Rows of signs with words.

    Args:
        entries: pairs (sign, words). wide: where a new row begins, in points.
    """

    def __init__(self, entries: Sequence[tuple[str, str]], wide: float = 430.0) -> None:
        self.places: list[tuple[float, float, str, str]] = []
        x, y = 0.0, 18.0
        self.width = 0.0
        for sign, words in entries:
            size = SIGN + 5 + text_width(words, SIZE)
            if x and x + size > wide:
                x, y = 0.0, y + HIGH
            self.places.append((x, y, sign, words))
            self.width = max(self.width, x + size)
            x += size + GAP
        self.height = y + 6 if entries else 0.0

    def draw(self, ax: Axes, dx: float, dy: float, scale: float) -> None:
        """Draw it.

        Args:
            dx, dy: its upper left corner. scale: of lines.
        """
        for x, y, sign, words in self.places:
            _sign(ax, x + dx, y + dy, sign, scale)
            write(ax, x + dx + SIGN + 5, y + dy, words, SIZE, ha="left")


def key(graphs: Sequence[Any], most: float | None, weights: bool) -> Key:
    """Return what needs an explanation.

    Args:
        graphs: with nodes, edges and marks. most: spikes, where they are shown. weights: whether widths count.
    """
    nodes = [node for graph in graphs for node in graph.nodes]
    edges = [edge for graph in graphs for edge in graph.edges]
    kinds = {"hidden" if row["hidden"] else draw.sign(row) for row in edges}
    kinds |= {"hidden" for row in nodes if row["hidden"]}
    words = {"excitatory": tr("兴奋性", "excitatory"), "inhibitory": tr("抑制性", "inhibitory"),
             "mixed": tr("有正有负", "both signs"), "hidden": tr("隐藏", "hidden")}  # fmt: skip
    signs = [name for name in words if name in kinds]
    entries = [(name, words[name]) for name in signs] if set(signs) - {"mixed"} else []
    said = {mark for graph in graphs for mark in graph.marks.values()}
    changes = {"new": tr("新增", "new"), "gone": tr("删除", "gone"), "changed": tr("更换", "changed")}
    entries += [(name, text) for name, text in changes.items() if name in said]
    if any(edge["delay"] != 1 for edge in edges):
        entries.append(("d", tr("延迟（时间步），未标则为 1", "delay in steps, 1 where none is given")))
    if any(row["watched"] for row in (*nodes, *edges)):
        entries.append(("tag", tr("监视器记录的量", "recorded by a monitor")))
    if weights:
        entries.append(("width", tr("线越粗，|w| 的平均值越大", "the wider, the larger the mean |w|")))
    if most is not None:
        entries.append(("heat", tr(f"每个神经元的脉冲数，0 到 {most:.3g}", f"spikes per neuron, 0 to {most:.3g}")))
    return Key(entries)


def _sign(ax: Axes, x: float, y: float, sign: str, scale: float) -> None:
    line = Path([(x, y), (x + SIGN, y)])
    if sign in draw.LINES:
        draw.arrow(ax, line, sign, False, 1.2, scale)
    elif sign == "hidden":
        draw.arrow(ax, line, "mixed", True, 0.9, scale)
    elif sign in draw.MARKS:
        draw.halo(ax, line, sign, scale)
    elif sign == "width":
        draw.arrow(ax, Path([(x, y - 3), (x + SIGN, y - 3)]), "mixed", False, 0.7, scale)
        draw.arrow(ax, Path([(x, y + 3), (x + SIGN, y + 3)]), "mixed", False, 3.0, scale)
    elif sign == "heat":
        ax.imshow(np.linspace(0, 1, 64)[None], cmap=draw.HEAT, extent=(x, x + SIGN, y + 4, y - 4), zorder=4)
    elif sign == "tag":
        draw.tag(ax, x + SIGN / 2, y, "v")
    else:
        write(ax, x + SIGN / 2, y, "d=2", draw.SMALL)
