"""Synthetic DVS gestures: the eleven classes of DVS128 Gesture as moving arms, seen by a modelled event camera.

Nothing here was recorded. A person of given build, clothes and tempo stands somewhere in front of a camera, in some
light, and begins a gesture at any point of its cycle. Which way a rotation goes is as the person sees it: clockwise is
counter-clockwise in the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
import torch

from course_snn.arguments import number, whole
from course_snn.data.body import LEFT, RIGHT, Person, body, draw, person, unlike
from course_snn.data.camera import EventCamera
from course_snn.data.recordings import GESTURES, Recordings

RATE = 100  # pictures per second
SECONDS = 1.2
UPPER, FORE = 0.29, 0.25  # metres: shoulder to elbow, elbow to wrist
TRAIN_SUBJECTS, TEST_SUBJECTS = range(23), range(23, 29)  # as in the real set
Arm = tuple[np.ndarray, np.ndarray]  # elbow and hand seen from the shoulder, [F, 2] each


class Motion:
    """One performance of a gesture: time, chance, and the person's way of doing things.

    Args:
        who: the person.
        t: times in seconds, [F].
        rng: of everything that varies from performance to performance.
    """

    def __init__(self, who: Person, t: np.ndarray, rng: np.random.Generator) -> None:
        self.who, self.t, self.rng = who, t, rng

    def phase(self, low: float, high: float) -> np.ndarray:
        """An angle that grows with a frequency of low … high Hz from any start, a little unevenly."""
        f = self.rng.uniform(low, high) * self.who.tempo
        wander = self.rng.uniform(0, 0.35) * np.sin(
            2 * np.pi * (self.rng.uniform(0.3, 0.9) * self.t + self.rng.random())
        )
        return 2 * np.pi * (f * self.t + self.rng.random()) + wander

    def wide(self, low: float, high: float) -> float:
        """A length of low … high metres, times the person's reach."""
        return self.rng.uniform(low, high) * self.who.reach

    def between(self, low: float, high: float) -> float:
        """A number in low … high."""
        return self.rng.uniform(low, high)

    def hanging(self, side: int) -> Arm:
        """An arm that hangs down and sways a little."""
        sway = self.between(0.02, 0.2) + 0.02 * np.sin(self.phase(0.3, 0.8))
        return self.angles(side, sway, sway + self.between(-0.1, 0.1))

    def angles(self, side: int, upper: np.ndarray | float, fore: np.ndarray | float) -> Arm:
        """An arm by its angles: 0 hangs down, π/2 points away from the body, π points up."""
        upper, fore = (np.broadcast_to(angle, self.t.shape) for angle in (upper, fore))
        elbow = self.who.arm * UPPER * _along(side, upper)
        return elbow, elbow + self.who.arm * FORE * _along(side, fore)

    def holding(self, side: int, x: np.ndarray | float, y: np.ndarray | float) -> Arm:
        """An arm whose hand is at (x, y), x towards the other arm; the forearm points to the camera, more or less."""
        x, y = (np.broadcast_to(value, self.t.shape) for value in (x, y))
        hand = np.stack([-side * x, y], axis=1)
        rest = self.who.arm * UPPER * np.array([0.3 * side, 0.9])
        return rest + 0.25 * (hand - hand.mean(0)) + 0.08 * hand.mean(0), hand


def _along(side: int, angle: np.ndarray) -> np.ndarray:
    return np.stack([side * np.sin(angle), np.cos(angle)], axis=1)


def clap(m: Motion) -> dict[int, Arm]:
    """Both hands meet in front of the chest."""
    apart = m.wide(0.06, 0.16) * (1 - np.cos(m.phase(2.0, 3.2))) / 2
    y = m.between(0.15, 0.32) + m.between(0, 0.04) * apart / 0.1
    return {side: m.holding(side, m.who.shoulders - 0.05 - apart, y) for side in (RIGHT, LEFT)}


def wave(side: int) -> Callable[[Motion], dict[int, Arm]]:
    """One hand is raised, and the forearm swings about the elbow."""

    def gesture(m: Motion) -> dict[int, Arm]:
        swing = m.between(2.6, 3.3) + m.wide(0.35, 0.7) * np.sin(m.phase(1.4, 2.4))
        return {
            side: m.angles(side, m.between(0.5, 1.4) + 0.08 * np.sin(m.phase(1.4, 2.4)), swing),
            -side: m.hanging(-side),
        }

    return gesture


def rotation(side: int, turn: int) -> Callable[[Motion], dict[int, Arm]]:
    """One straight arm goes round the shoulder; ``turn`` is 1 for clockwise, as the person sees it, else -1."""

    def gesture(m: Motion) -> dict[int, Arm]:
        angle = side * turn * m.phase(0.85, 1.35)
        bend = m.between(-0.15, 0.25)
        return {side: m.angles(side, angle, angle + bend), -side: m.hanging(-side)}

    return gesture


def roll(m: Motion) -> dict[int, Arm]:
    """The forearms turn around each other in front of the chest, one way or the other."""
    angle = m.rng.choice([-1, 1]) * m.phase(1.4, 2.4)
    a, b, y = m.wide(0.03, 0.08), m.wide(0.07, 0.12), m.between(0.15, 0.32)
    middle = m.who.shoulders + m.between(-0.06, 0.02)
    return {
        side: m.holding(side, middle - side * a * np.cos(angle + turn), y + b * np.sin(angle + turn))
        for side, turn in ((RIGHT, 0.0), (LEFT, math.pi))
    }


def drums(m: Motion) -> dict[int, Arm]:
    """Both hands beat, one after the other."""
    angle, high, y = m.phase(1.8, 3.0), m.wide(0.07, 0.14), m.between(0.18, 0.36)
    x = m.who.shoulders + m.between(-0.16, -0.06)
    return {
        side: m.holding(side, x + 0.15 * high * np.cos(angle + turn), y - high * np.maximum(np.sin(angle + turn), -0.4))
        for side, turn in ((RIGHT, 0.0), (LEFT, math.pi))
    }


def guitar(m: Motion) -> dict[int, Arm]:
    """The right hand strums before the belly, the left holds the neck of a guitar that is not there."""
    beat, slide = np.sin(m.phase(2.0, 3.4)), np.sin(m.phase(0.4, 1.0))
    strum = m.wide(0.05, 0.11)
    return {
        RIGHT: m.holding(RIGHT, m.between(0.1, 0.22) + 0.4 * strum * beat, m.between(0.3, 0.42) + strum * beat),
        LEFT: m.holding(
            LEFT, m.between(-0.34, -0.16) + m.between(0, 0.05) * slide, m.between(0.08, 0.24) + 0.02 * slide
        ),
    }


def other(m: Motion) -> dict[int, Arm]:
    """Anything else: one hand or both wander, rise, reach out or draw small circles."""
    arms = {side: m.hanging(side) for side in (RIGHT, LEFT)}
    for side in m.rng.permutation([RIGHT, LEFT])[: m.rng.integers(1, 3)]:
        arms[int(side)] = m.rng.choice([_wander, _raise, _circle, _reach])(m, int(side))
    return arms


def _wander(m: Motion, side: int) -> Arm:
    x, y = (m.wide(0.05, 0.2) * np.sin(m.phase(0.5, 1.6)) + 0.05 * np.sin(m.phase(1.5, 3)) for _ in range(2))
    return m.holding(side, m.between(-0.3, 0.2) + x, m.between(-0.1, 0.35) + y)


def _raise(m: Motion, side: int) -> Arm:
    angle = 1.5 + m.between(0.6, 1.3) * np.sin(m.phase(0.5, 1.1))
    return m.angles(side, angle, angle + m.between(-0.3, 0.6))


def _circle(m: Motion, side: int) -> Arm:
    angle, r = m.rng.choice([-1, 1]) * m.phase(0.9, 1.8), m.wide(0.06, 0.14)
    return m.holding(side, m.between(-0.3, 0.0) + r * np.cos(angle), m.between(-0.1, 0.3) + r * np.sin(angle))


def _reach(m: Motion, side: int) -> Arm:
    out = (1 - np.cos(m.phase(0.6, 1.4))) / 2
    return m.holding(
        side, m.between(0.0, 0.1) - m.wide(0.2, 0.4) * out, m.between(0.0, 0.3) + m.between(-0.3, 0.1) * out
    )


MOTIONS = (
    clap, wave(RIGHT), wave(LEFT), rotation(RIGHT, 1), rotation(RIGHT, -1), rotation(LEFT, 1), rotation(LEFT, -1),
    roll, drums, guitar, other,
)  # fmt: skip


def gesture_movie(
    gesture: int, subject: int, seed: int, height: int = 64, width: int = 64, seconds: float = SECONDS
) -> torch.Tensor:
    """Return what the camera looks at: brightness [F, H, W], 100 pictures per second.

    Args:
        gesture: 0 … 10, the place in ``GESTURES``.
        subject: number of the person, 0, 1, ….
        seed: of everything that varies from performance to performance.
        height: pixels from top to bottom.
        width: pixels from left to right.
        seconds: duration.

    Raises:
        TypeError, ValueError: a gesture that is not among the eleven; a size, a person or a seed that is no whole
            number.
    """
    if whole("gesture", gesture, at_least=0) >= len(MOTIONS):
        raise ValueError(f"gesture must be 0 … {len(MOTIONS) - 1}, got {gesture}.")
    height, width = whole("height", height, at_least=1), whole("width", width, at_least=1)
    subject, seed = whole("subject", subject, at_least=0), whole("seed", seed, at_least=0)
    rng, who = np.random.default_rng([seed, subject, gesture]), person(subject)
    t = np.arange(round(number("seconds", seconds, above=0) * RATE) + 1) / RATE
    limbs = body(who, MOTIONS[gesture](Motion(who, t, rng)))
    unit = min(height, width)
    scale = unit * rng.uniform(0.48, 0.62)  # pixels per metre: nearer or farther
    sway = 0.008 * unit * np.sin(2 * np.pi * (rng.uniform(0.2, 0.6, 2) * t[:, None] + rng.random(2)))
    middle = np.array([width, 0.78 * height]) / 2 + unit * rng.uniform(-0.1, 0.1, 2) + sway
    wall = unlike([who.skin, who.shirt], rng)
    return draw(limbs, middle, scale, *_room(wall, rng, height, width))


def _room(wall: float, rng: np.random.Generator, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a wall with soft spots, and the light on it, [H, W] each."""
    spots = torch.from_numpy(rng.normal(1, 0.15, (1, 1, 7, 7))).float().clamp_(0.4, 1.6)
    spots = torch.nn.functional.interpolate(spots, size=(height, width), mode="bilinear", align_corners=True)[0, 0]
    slope = 1 + torch.linspace(-1, 1, width) * rng.uniform(-0.3, 0.3)
    return wall * spots, rng.uniform(0.3, 1) * slope.expand(height, width)


def record_gesture(
    gesture: int, subject: int, seed: int, camera: EventCamera | None = None, seconds: float = SECONDS
) -> dict[str, np.ndarray]:
    """Return the events {"t", "x", "y", "p"} of one synthetic recording; the same arguments give the same events.

    Args:
        gesture: 0 … 10, the place in ``GESTURES``.
        subject: number of the person, 0, 1, ….
        seed: of everything that varies from performance to performance.
        camera: by default an ``EventCamera()`` of 64 × 64 pixels.
        seconds: duration.
    """
    camera = _camera(camera)
    movie = gesture_movie(gesture, subject, seed, camera.height, camera.width, seconds)
    return camera.record(movie, RATE, seed)


def synthetic_gestures(trials: int = 4, camera: EventCamera | None = None) -> tuple[Recordings, Recordings]:
    """Return synthetic recordings of the eleven gestures, by 23 people to train and 6 others to test.

    Args:
        trials: recordings of each gesture by each person.
        camera: by default an ``EventCamera()`` of 64 × 64 pixels.

    Returns:
        (train, test): 253·trials and 66·trials recordings of 1.2 s.
    """
    whole("trials", trials, at_least=1)
    camera = _camera(camera)
    return _recordings(TRAIN_SUBJECTS, trials, camera), _recordings(TEST_SUBJECTS, trials, camera)


def _camera(camera: EventCamera | None) -> EventCamera:
    if camera is not None and not isinstance(camera, EventCamera):
        raise TypeError(f"camera must be an EventCamera(height, width), got {camera!r}.")
    return EventCamera() if camera is None else camera


def _recordings(people: Iterable[int], trials: int, camera: EventCamera) -> Recordings:
    each = [(who, gesture, trial) for who in people for gesture in range(len(GESTURES)) for trial in range(trials)]
    return Recordings(
        [record_gesture(gesture, who, trial, camera) for who, gesture, trial in each],
        torch.tensor([gesture for _, gesture, _ in each]),
        torch.tensor([who for who, _, _ in each]),
        GESTURES,
        camera.height,
        camera.width,
        "synthetic",
    )
