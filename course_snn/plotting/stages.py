"""The simulator's pipeline over time: which slot holds what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from course_snn.figure import GREY, INK
from course_snn.language import tr
from course_snn.plotting._common import color, new_axes, time_step


def pipeline(states: Sequence[Sequence[Any]], modules: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw the slots of a Simulator's pipeline at every step; the colour tells which input a value came from.

    Slot 0 holds the input and slot k what module k gave out. After step t slot k holds what became of the input
    of step t − (k − 1) (with `fast`, of step 0 where that is negative), so an input moves down the table.

    Args:
        states: after each step a copy of `simulator.pipeline`: n + 1 values, None where a slot is empty.
        modules: names of the n modules; default: 1, 2, …, n.

    Raises:
        ValueError: rows of unequal length, or a wrong number of names.
    """
    rows = [list(state) for state in states]
    if not rows or len({len(row) for row in rows}) != 1:
        raise ValueError("states must hold equally long lists: append list(simulator.pipeline) after each step")
    slots = len(rows[0])
    numbered = [tr(f"模块 {k} 的输出", f"output of module {k}") for k in range(1, slots)]
    names = numbered if modules is None else list(modules)
    if len(names) != slots - 1:
        raise ValueError(f"modules must name {slots - 1} modules, one fewer than slots, but names {len(names)}")
    ax = new_axes(ax, height=0.75 + 0.36 * slots)
    for step, row in enumerate(rows):
        for slot, value in enumerate(row):
            _cell(ax, step, slot, value)
    ax.set(xlim=(-0.6, len(rows) - 0.4), ylim=(slots - 0.45, -0.55))
    ax.set_xticks(range(len(rows)))
    ax.set_yticks(range(slots), [tr("输入", "input"), *names])
    ax.set_xlabel(time_step())
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return ax


def _cell(ax: Axes, step: int, slot: int, value: Any) -> None:
    if value is None:
        ax.text(step, slot, "–", ha="center", va="center", color=GREY)
        return
    source = max(step - max(slot - 1, 0), 0)
    box = FancyBboxPatch((step - 0.38, slot - 0.32), 0.76, 0.64, boxstyle="round,pad=0,rounding_size=0.12")
    box.set(facecolor=color(source), alpha=0.25, edgecolor="none")
    ax.add_patch(box)
    ax.text(step, slot, _short(value), ha="center", va="center", color=INK, fontsize="small", clip_on=True)


def _short(value: Any) -> str:
    """A value in a few characters: numbers and short lists as they are, of larger arrays the shape."""
    if isinstance(value, str):
        return value
    data = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
    if data.dtype == bool:
        data = data.astype(int)
    if data.size <= 3:
        return " ".join(f"{number:.3g}" if abs(number) < 1000 else f"{number:g}" for number in data.ravel())
    return "×".join(map(str, data.shape))
