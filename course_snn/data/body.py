"""A person in front of a camera, drawn by a program: joints that move, and pictures of them.

Lengths are metres from the point between the shoulders, x to the right of the picture, y down. The person faces the
camera: the right arm (side -1) is on the left of the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

RIGHT, LEFT = -1, 1
CACHED = 1 << 15  # pixels drawn at a time: they fit the processor's cache, and torch does not share them out


@dataclass(frozen=True)
class Person:
    """What one person takes along from gesture to gesture.

    Args:
        arm: length of an arm, as a part of 0.6 m.
        shoulders: from the middle to a shoulder, in metres.
        tempo: how fast, as a part of the usual speed.
        reach: how wide, as a part of the usual movement.
        skin, shirt: brightness, 0 … 1.
        sleeves: whether they reach the hand.
    """

    arm: float
    shoulders: float
    tempo: float
    reach: float
    skin: float
    shirt: float
    sleeves: bool


def person(number: int) -> Person:
    """Return person ``number``: always the same one.

    Args:
        number: 0, 1, ….
    """
    rng = np.random.default_rng([number, 7])
    skin = rng.uniform(0.25, 0.75)
    return Person(
        arm=rng.uniform(0.88, 1.12),
        shoulders=rng.uniform(0.16, 0.21),
        tempo=rng.uniform(0.8, 1.25),
        reach=rng.uniform(0.8, 1.2),
        skin=skin,
        shirt=unlike([skin], rng),
        sleeves=bool(rng.random() < 0.5),
    )


def unlike(others: list[float], rng: np.random.Generator) -> float:
    """Return a brightness 0.06 … 0.9 that differs from all the others by a third at least.

    Args:
        others: what it shall differ from.
        rng: draws it.
    """
    while True:
        drawn = np.exp(rng.uniform(np.log(0.06), np.log(0.9)))
        if all(abs(np.log(drawn / other)) > 0.3 for other in others):
            return float(drawn)


@dataclass(frozen=True)
class Limb:
    """A limb in every picture: a line with round ends, from ``start`` to ``end``.

    Args:
        start, end: metres, [F, 2] (x, y).
        radius: half its thickness, in metres.
        brightness: 0 … 1.
        folds: light and dark stripes across it: folds of a sleeve, fingers.
    """

    start: np.ndarray
    end: np.ndarray
    radius: float
    brightness: float
    folds: int = 0


def body(who: Person, arms: dict[int, tuple[np.ndarray, np.ndarray]]) -> list[Limb]:
    """Return the limbs of a person, from back to front.

    Args:
        who: the person.
        arms: for each side elbow and hand, [F, 2] each, seen from the shoulder.
    """
    frames = len(arms[LEFT][0])
    at = lambda x, y: np.broadcast_to(np.array([x, y], dtype=float), (frames, 2))  # noqa: E731
    hip, neck = who.shoulders - 0.05, who.shoulders - 0.03
    limbs = [
        Limb(at(0, 0.1), at(0, 0.75), hip, who.shirt),
        Limb(at(-neck, 0.06), at(neck, 0.06), 0.08, who.shirt),
        Limb(at(0, -0.24), at(0, -0.17), 0.095, who.skin),
    ]
    for side, (elbow, hand) in arms.items():
        shoulder = at(side * who.shoulders, 0.03)
        elbow, hand = shoulder + elbow, shoulder + hand
        ahead = hand - elbow
        ahead = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-6)
        limbs += [
            Limb(shoulder, elbow, 0.052, 0.9 * who.shirt, folds=2),
            Limb(elbow, hand, 0.042, 0.95 * who.shirt if who.sleeves else who.skin, folds=2),
            Limb(hand, hand + 0.07 * ahead, 0.045, 1.1 * who.skin, folds=1),
        ]
    return limbs


def draw(
    limbs: list[Limb], middle: np.ndarray, scale: float, background: torch.Tensor, light: torch.Tensor
) -> torch.Tensor:
    """Return pictures of the limbs in front of a background: brightness [F, H, W].

    Args:
        limbs: from back to front.
        middle: where the point between the shoulders is, in pixels, [F, 2] (x, y).
        scale: pixels per metre.
        background: brightness [H, W].
        light: how much of it falls where, [H, W].
    """
    movie = background.expand(len(middle), *background.shape).clone()
    few = max(1, CACHED // background.numel())
    for chunk in range(0, len(middle), few):
        part = slice(chunk, chunk + few)
        for limb in limbs:
            start, end = (middle[part] + scale * joint[part] for joint in (limb.start, limb.end))
            cover, along = _cover(start, end, limb.radius * scale, background.shape)
            colour = torch.tensor(limb.brightness)
            if limb.folds:
                colour = along.mul_(2 * math.pi * limb.folds).cos_().mul_(-0.3).add_(1).mul_(colour)
            movie[part].lerp_(colour, cover)
        movie[part].mul_(light)
    return movie


def _cover(start: np.ndarray, end: np.ndarray, radius: float, size: torch.Size) -> tuple[torch.Tensor, torch.Tensor]:
    """Return how much of each pixel a line with round ends covers, and how far along it that is: 0 … 1, [F, H, W].

    The edge is a pixel wide.
    """
    (ax, ay), (dx, dy) = (torch.from_numpy(v.T.copy()).float()[:, :, None, None] for v in (start, end - start))
    x, y = torch.arange(size[1], dtype=torch.float32) - ax, torch.arange(size[0], dtype=torch.float32)[:, None] - ay
    length = (dx * dx + dy * dy).clamp_(min=1e-6)
    along = (x * (dx / length) + y * (dy / length)).clamp_(0, 1)  # where the nearest point of the line is
    across, down = torch.addcmul(x, along, dx, value=-1), torch.addcmul(y, along, dy, value=-1)
    distance = across.mul_(across).addcmul_(down, down).sqrt_()
    return distance.neg_().add_(radius + 0.5).clamp_(0, 1), along
