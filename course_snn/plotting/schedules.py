"""Which stage of a pipeline computes which chunk when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from course_snn.figure import BLUE, GOLD, INK, PALE
from course_snn.language import tr
from course_snn.plotting._common import new_axes, whole_numbers
from course_snn.plotting.fields import HALO

_FILL = {"forward": BLUE, "backward": GOLD}  # dark and light: they differ without colour too
_TEXT = {"forward": "white", "backward": INK}


def timetable(rows: Sequence[Any], ax: Axes | None = None) -> Axes:
    """Draw a pipeline's timetable: a row for each stage, a box with its number for each chunk; what is pale waits.

    Args:
        rows: a list of (stage, start, end, chunk, what), what being "forward" or "backward", as
            `training.pipeline.timetable` returns it.

    Raises:
        ValueError: no rows, or another word than "forward" and "backward".
    """
    slots = [tuple(row) for row in rows]
    if not slots:
        raise ValueError("rows holds nothing to draw: give what training.pipeline.timetable(stages, chunks) returns")
    if wrong := {what for *_, what in slots} - set(_FILL):
        raise ValueError(f'the last entry of a row must be "forward" or "backward", but rows hold {sorted(wrong)}')
    stages, end = 1 + max(slot[0] for slot in slots), max(slot[2] for slot in slots)
    ax = new_axes(ax, height=1.3 + 0.4 * stages)
    for stage in range(stages):
        ax.add_patch(Rectangle((0, stage - 0.4), end, 0.8, facecolor=PALE, edgecolor="none"))
    for stage, start, stop, chunk, what in slots:
        box = Rectangle((start, stage - 0.4), stop - start, 0.8, facecolor=_FILL[what], edgecolor="white", label=what)
        ax.add_patch(box)
        number = ax.text((start + stop) / 2, stage, str(chunk), ha="center", va="center", fontsize="small")
        number.set(color=_TEXT[what], path_effects=HALO if _TEXT[what] == INK else [])  # in the dark INK is pale
    ax.set(xlim=(0, end), ylim=(stages - 0.5, -0.5))
    ax.set_yticks(range(stages), [tr(f"第 {stage} 级", f"stage {stage}") for stage in range(stages)])
    ax.set_xlabel(tr("时间（一块的前向为 1）", "time (forward pass of a chunk = 1)"))
    whole_numbers(ax.xaxis)
    ax.spines[:].set_visible(False)
    ax.tick_params(axis="y", length=0)
    names = {"forward": tr("前向", "forward"), "backward": tr("反向", "backward"), "idle": tr("空闲", "idle")}
    keys = [Patch(facecolor=(_FILL | {"idle": PALE})[kind], label=name) for kind, name in names.items()]
    ax.legend(handles=keys, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return ax
