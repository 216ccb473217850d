"""EventEye and TurnVotes: the learner's camera, or a drawn clip, through an event camera in the page."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure

from .. import functional, plotting, synapse
from ..data import EventCamera, gesture_movie
from ..data.events import integrate
from ..figure import BLUE, ORANGE
from ..language import tr
from .base import PageWidget
from .control import STEP_UNIT, Choice, Slider

SECTORS, LEAST = 12, 6  # directions of the ring; events that a sector needs to be the strongest
FORGET, ENOUGH = 60.0, 1.4  # steps in which votes fade; threshold of a detector
MS = ("毫秒", "ms")
TURNS = {"both": ("来回转", "back and forth"), "cw": ("顺时针", "clockwise"), "ccw": ("逆时针", "counter-clockwise")}
CONTRAST = Slider("contrast", 0.2, ("阈值", "Threshold"), 0.05, 0.8, 0.01, "C", digits=2)
REFRACTORY = Slider("refractory", 2.0, ("不应期", "Refractory period"), 0.0, 50.0, 1.0, "", MS)


@cache
def movie(gesture: int) -> torch.Tensor:
    """A gesture as the static picture shows it: brightness [F, 64, 64], 100 pictures per second."""
    return gesture_movie(gesture, 23, 0)


class _Camera(PageWidget):
    """What both widgets know: the event camera that the page computes."""

    def camera(self, height: int, width: int) -> EventCamera:
        """The library's camera with the page's settings: pixels all alike, without noise."""
        p = self.params
        return EventCamera(
            height, width, p["contrast"], mismatch=0.0, refractory=p.get("refractory", 2.0) / 1000, noise=0.0
        )

    def seen(self, gesture: int) -> tuple[torch.Tensor, dict[str, np.ndarray]]:
        """A movie of a gesture and its events."""
        shown = movie(gesture)
        return shown, self.camera(*shown.shape[1:]).record(shown, 100)


class EventEye(_Camera):
    """The learner's camera, on a click, or a drawn clip, seen by an event camera in the page.

        L = log(I + 0.02);   an ON event whenever L rises by C above the level that the pixel remembers, an OFF event
        whenever it falls by C below it;   then the pixel is blind for the refractory period

    The page computes data.EventCamera(mismatch=0, noise=0), of 128 × 96 pixels. Pictures stay in the page.

    Source: the pixel of Lichtsteiner, Posch & Delbruck 2008, IEEE J. Solid-State Circuits 43.
    """

    heading = ("动一动：事件相机只看变化", "Move: an event camera sees change only")
    scripts = ("opening.js", "events.js", "event_camera.js", "eye.js", "event_eye.js")
    parameters = (CONTRAST, REFRACTORY)

    def figure(self) -> Figure:
        shown, events = self.seen(1)
        figure = Figure(figsize=(7.0, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.imshow(shown[60].numpy(), cmap="gray", vmin=0, vmax=1)
        left.set(xticks=[], yticks=[], title=tr("普通相机", "ordinary camera"))
        recent = (events["t"] > 520_000) & (events["t"] <= 600_000)
        chosen = {key: array[recent] for key, array in events.items()}
        frame = integrate(chosen, np.zeros(int(recent.sum()), int), 1, *shown.shape[1:])
        plotting.event_frames(frame, titles=[tr("事件相机", "event camera")], ax=right)
        return figure


class TurnVotes(_Camera):
    """Which way does it turn? Twelve direction detectors vote on the events of a camera, or of a drawn clip.

    Nothing here was trained. Seen from the middle of what moved lately, events are counted in 12 sectors and steps of
    20 ms; the strongest sector fires when it was not the last one that did. Behind each lies a low-pass tail, and

        detector k votes clockwise where tail_k + spike_{k+1} ≥ 1.4, counter-clockwise where tail_k + spike_{k−1} ≥ 1.4;

    votes fade with a time constant of 60 steps. Clockwise is as seen on the screen, which shows a camera as a mirror.

    Source: the correlation of neighbours after a delay, Hassenstein & Reichardt 1956, Z. Naturforsch. 11b; Barlow &
    Levick 1965, J. Physiol. 178.
    """

    heading = ("转一转：往哪边转，脉冲来投票", "Turn: spikes vote on which way")
    scripts = ("opening.js", "events.js", "event_camera.js", "eye.js", "turn_votes.js")
    parameters = (
        Choice("turn", "both", ("短片里的手臂", "The arm of the clip"), TURNS),
        CONTRAST,
        Slider("tau", 10.0, ("尾巴的时间常数", "Time constant of the tail"), 1.0, 60.0, 1.0, "τ", STEP_UNIT),
    )

    def votes(self, counts: torch.Tensor) -> torch.Tensor:
        """Votes [T, 2] (clockwise, counter-clockwise) for events counted in sectors, [T, 12]."""
        spikes = torch.zeros(len(counts), SECTORS, dtype=torch.double)
        last = -1
        for t, row in enumerate(counts):
            if row.max() >= LEAST and (winner := int(row.argmax())) != last:
                spikes[t, winner] = 1
                last = winner
        tail = functional.unroll(synapse.LowPassSynapse(self.params["tau"]), spikes[:, None])[:, 0]
        votes, now = [], torch.zeros(2, dtype=torch.double)
        for y, s in zip(tail, spikes, strict=True):
            now = now * (1 - 1 / FORGET) + torch.stack([(y + s.roll(way) >= ENOUGH).sum() for way in (-1, 1)])
            votes.append(now)
        return torch.stack(votes)

    def figure(self) -> Figure:
        gesture = 4 if self.params["turn"] == "ccw" else 3  # as the person sees it; the picture below is a mirror's
        shown, events = self.seen(gesture)
        x, y = shown.shape[2] - 1 - events["x"].astype(float), events["y"].astype(float)
        turn = np.arctan2(y - y.mean(), x - x.mean()) / (2 * np.pi)
        counts = torch.zeros(int(events["t"][-1]) // 20_000 + 1, SECTORS)
        places = torch.from_numpy((turn % 1 * SECTORS).astype(int) % SECTORS)
        steps = torch.from_numpy(events["t"] // 20_000)
        counts.index_put_((steps, places), torch.ones(len(steps)), accumulate=True)
        figure = Figure(figsize=(7.0, 3.0), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.4))
        mirrored = {**events, "x": shown.shape[2] - 1 - events["x"]}
        frame = integrate(mirrored, np.zeros(len(steps), int), 1, *shown.shape[1:])
        plotting.event_frames(frame, titles=[tr("全部事件", "all events")], ax=left)
        names = (tr("顺时针", "clockwise"), tr("逆时针", "counter-clockwise"))
        for line, name, colour in zip(self.votes(counts).T, names, (ORANGE, BLUE), strict=True):
            right.plot(0.02 * torch.arange(len(line)), line, color=colour, label=name)
        right.set(xlabel=tr("时间 (s)", "time (s)"), ylabel=tr("票数", "votes"))
        right.legend()
        return figure
