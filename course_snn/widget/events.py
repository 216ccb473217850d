"""EventPlayer and FrameExplorer: a recording of an event camera played in the page, and three ways to cut it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import torch
import traitlets
from matplotlib.figure import Figure

from .. import plotting
from ..data import EventCamera, gesture_movie, record_gesture
from ..data.events import checked, frames_by_duration, frames_by_number, frames_by_time, integrate
from ..language import tr
from .base import PageWidget
from .control import Choice, Slider

LONGEST = 1 << 32  # µs: times travel as 32 bits
MS = ("毫秒", "ms")
SENT = {"times": ("t", "<u4"), "columns": ("x", "<u2"), "rows": ("y", "<u2"), "signs": ("p", "u1")}
HELD = {"time": ("一段时间", "a span of time"), "number": ("若干事件", "a number of events")}
SIGNS = {"both": ("ON 与 OFF", "ON and OFF"), "on": ("只看 ON", "ON only"), "off": ("只看 OFF", "OFF only")}
WAYS = {
    "number": ("同样多的事件", "equally many events"),
    "time": ("总时长均分", "equal shares of time"),
    "duration": ("固定时长", "a fixed duration"),
}


class EventWidget(PageWidget):
    """Base of the widgets that hold a recording; its events travel to the page in binary, once.

    Args:
        events: {"t" (microseconds), "x", "y", "p"}; without them a synthetic gesture.
        height: rows of the sensor.
        width: columns of the sensor.
        values: parameters by name.
    """

    times = traitlets.Bytes().tag(sync=True)
    columns = traitlets.Bytes().tag(sync=True)
    rows = traitlets.Bytes().tag(sync=True)
    signs = traitlets.Bytes().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    width = traitlets.Int().tag(sync=True)

    def __init__(
        self, events: Mapping[str, Any] | None = None, height: int = 64, width: int = 64, **values: Any
    ) -> None:
        self.events = checked(self.example() if events is None else events, height, width)
        self.events["t"] = self.events["t"] - self.events["t"][0]
        if self.events["t"][-1] >= LONGEST:
            raise ValueError(f"a recording for a widget lasts at most {LONGEST / 6e7:.0f} minutes; cut it first.")
        super().__init__(**values)
        self.height, self.width = height, width
        for name, (key, kind) in SENT.items():
            setattr(self, name, self.events[key].astype(kind).tobytes())

    @staticmethod
    def example() -> dict[str, np.ndarray]:
        """The recording that is shown when none is given."""
        raise NotImplementedError


class EventPlayer(EventWidget):
    """Play a recording: the events of a moving window as a frame, and all of them in space and time.

    Args:
        events: {"t" (microseconds), "x", "y", "p"}; without them a synthetic gesture, right arm clockwise.
        height: rows of the sensor.
        width: columns of the sensor.
        values: parameters by name.
    """

    heading = ("事件播放器", "Event player")
    scripts = ("events.js", "event_player.js")
    parameters = (
        Choice("by", "time", ("窗口装下", "The window holds"), HELD),
        Slider("window", 50, ("时间窗", "Time window"), 5, 500, 5, "Δ", MS),
        Slider("number", 500, ("事件数", "Number of events"), 20, 5000, 20, "n"),
        Choice("polarity", "both", ("显示", "Show"), SIGNS),
        Slider("at", 40.0, ("位置", "Position"), 0.0, 100.0, 0.5, "", ("%", "%"), 1, more=True),
        Slider("speed", 0.2, ("播放速度", "Speed"), 0.05, 2.0, 0.05, "", ("倍", "×"), 2, more=True),
    )

    @staticmethod
    @cache
    def example() -> dict[str, np.ndarray]:
        """A synthetic gesture: right arm clockwise."""
        return record_gesture(3, 23, 0)

    def window(self) -> slice:
        """Which events are shown: end − Δ < t ≤ end, or the last n up to the end."""
        p, t = self.params, self.events["t"]
        end = int(p["at"] / 100 * int(t[-1]))
        to = int(np.searchsorted(t, end, side="right"))
        start = np.searchsorted(t, end - 1000 * p["window"], side="right") if p["by"] == "time" else to - p["number"]
        return slice(max(0, int(start)), to)

    def frame(self) -> torch.Tensor:
        """The events of the window summed up, [2, H, W]: OFF, ON."""
        shown = {key: array[self.window()] for key, array in self.events.items()}
        if not len(shown["t"]):
            return torch.zeros(2, self.height, self.width)
        return integrate(shown, np.zeros(len(shown["t"]), int), 1, self.height, self.width)[0]

    def figure(self) -> Figure:
        p, (start, stop) = self.params, (self.window().start, self.window().stop)
        figure = Figure(figsize=(7.0, 2.6), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 2))
        frame = self.frame()
        frame *= torch.tensor([p["polarity"] != "on", p["polarity"] != "off"])[:, None, None]
        name = f"{stop - start} " + tr("个事件", "events")
        plotting.event_frames(frame[None], titles=[name], ax=left)
        end = p["at"] / 100 * self.events["t"][-1]
        begin = (
            end - 1000 * p["window"] if p["by"] == "time" else self.events["t"][min(start, len(self.events["t"]) - 1)]
        )
        plotting.event_rate(self.events, [max(0, begin), end], ax=right)
        return figure


class FrameExplorer(EventWidget):
    """Cut a recording into frames in three ways, and compare how many events and how much time each holds.

    Args:
        events: {"t" (microseconds), "x", "y", "p"}; without them a synthetic gesture that pauses in the middle.
        height: rows of the sensor.
        width: columns of the sensor.
        values: parameters by name.
    """

    heading = ("切成帧：按数量，按时间", "Cut into frames: by number, by time")
    scripts = ("events.js", "frame_explorer.js")
    parameters = (
        Choice("way", "number", ("统计与边界属于", "Borders and numbers of"), WAYS),
        Slider("T", 8, ("帧数", "Number of frames"), 2, 16, 1, "T"),
        Slider("duration", 200, ("每帧时长", "Duration of a frame"), 60, 600, 10, "Δ", MS),
    )

    @staticmethod
    @cache
    def example() -> dict[str, np.ndarray]:
        """A synthetic gesture, right hand wave, by somebody who pauses for 0.4 s."""
        movie = gesture_movie(1, 23, 0, seconds=0.8)
        return EventCamera().record(torch.cat([movie[:40], movie[40:41].expand(41, -1, -1), movie[41:]]), 100)

    def frames(self, way: str) -> torch.Tensor:
        """The frames that one way gives, [T, 2, H, W]."""
        p, size = self.params, (self.height, self.width)
        if way == "duration":
            return frames_by_duration(self.events, 1000 * p["duration"], *size)
        return {"number": frames_by_number, "time": frames_by_time}[way](self.events, p["T"], *size)

    def figure(self) -> Figure:
        figure = Figure(figsize=(7.0, 4.2), layout="constrained")
        stacks = {way: self.frames(way) for way in WAYS}
        ncols = max(len(stack) for stack in stacks.values())
        for ax, (way, stack) in zip(figure.subplots(3, 1), stacks.items(), strict=True):
            counts = [f"{int(count)}" for count in stack.sum((1, 2, 3))]
            padded = torch.cat([stack, torch.zeros(ncols - len(stack), *stack.shape[1:])])
            plotting.event_frames(padded, ncols, counts + [""] * (ncols - len(stack)), ax=ax)
            ax.set_xlabel(tr(*WAYS[way]))
        return figure
