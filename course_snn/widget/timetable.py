"""PipelineTimetable: which stage of a pipeline computes which chunk when, how long it waits, what it must keep."""

from __future__ import annotations

from matplotlib.figure import Figure

from .. import plotting
from ..language import tr
from ..training.pipeline import Slot, bubble, held, timetable
from .base import PageWidget, blank
from .control import Choice, Slider

SCHEDULES = {
    "gpipe": ("GPipe：先前向，后反向", "GPipe: forwards first"),
    "1f1b": ("1F1B：前向反向交替", "1F1B: in turn"),
}


class PipelineTimetable(PageWidget):
    """The timetable of S stages and M chunks, GPipe or 1F1B: bubble, and how many chunks each stage keeps.

    Args:
        values: parameters by name: stages (1 to 8), chunks (1 to 16), schedule ("gpipe" or "1f1b"), backward (how long
            the backward pass of a chunk takes, where its forward pass takes 1).
    """

    heading = ("流水线时间表：谁在算，谁在等", "Timetable of a pipeline: who computes, who waits")
    scripts = ("timetable.js", "pipeline_timetable.js")
    parameters = (
        Slider("stages", 4, ("级数", "Stages"), 1, 8, 1, "S"),
        Slider("chunks", 6, ("批被切成几块", "Chunks of the batch"), 1, 16, 1, "M"),
        Choice("schedule", "gpipe", ("调度", "Schedule"), SCHEDULES),
        Slider(
            "backward", 2.0, ("反向是前向的几倍", "Backward, in forward passes"), 1.0, 3.0, 0.5, digits=1, more=True
        ),
    )

    def rows(self) -> list[Slot]:
        """The timetable of ``training.pipeline``."""
        p = self.params
        return timetable(p["stages"], p["chunks"], p["schedule"], p["backward"])

    def figure(self) -> Figure:
        rows = self.rows()
        figure, ax = blank(1.4 + 0.32 * self.params["stages"])
        plotting.timetable(rows, ax=ax)
        most = ", ".join(map(str, held(rows)))
        share = f"{100 * bubble(rows):.0f} %"
        told = tr(f"气泡 {share}；各级最多存 {most} 块", f"bubble {share}; the stages keep at most {most} chunks")
        figure.suptitle(told, x=0.02, ha="left", fontsize=9.5)
        return figure
