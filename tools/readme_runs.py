"""README's animations of numbers: receptive fields that grow on MNIST, a gesture's events in space and time.

No words in them, so that both READMEs show the same.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image
from readme_film import HEIGHT, WIDTH, Film, blank, font

from course_snn import data, unsupervised
from course_snn.data.camera import EventCamera
from course_snn.data.gestures import record_gesture

# paper, weak field, strong field, text
FIELD_COLOURS = {
    "light": ("#ffffff", "#eef3f8", "#003a6b", "#57606a"),
    "dark": ("#0d1117", "#161d27", "#b5dcff", "#9aa5b1"),
}
ACROSS, DOWN, SIDE, CELL, GAP = 12, 8, 28, 42, 3
STRONG = 0.7  # weight drawn as strong as any
SHADES = 8
SEEN = 20_000  # digits; after that the fields change too little to see
STEPS = 32

# paper, axes, ON, OFF, ON and OFF outside of the moment
EVENT_COLOURS = {
    "light": ("#ffffff", "#8b98a5", "#d55e00", "#0072b2", "#eab083", "#8fc0e0"),
    "dark": ("#0d1117", "#5b6773", "#ff9a4d", "#5cb8ff", "#7a4a26", "#235d87"),
}
GESTURE, SUBJECT, SEED = 3, 2, 3  # the right arm goes round: a helix in space and time
SECONDS = 2.4
ZOOM = 226  # pixels
POINTS, FRAMES, MOMENT = 6000, 40, 0.05  # events drawn, frames, share of the recording that is lit


def growing_fields() -> dict[str, Film]:
    """Films of 96 neurons that learn MNIST without labels; raises RuntimeError without the real set."""
    train, _ = data.mnist()
    if train.stand_in:
        raise RuntimeError("README shows fields grown on the real MNIST: name its folder in COURSE_SNN_DATA.")
    torch.manual_seed(0)
    net = unsupervised.WinnerTakeAll(SIDE * SIDE, ACROSS * DOWN, theta_plus=ACROSS * DOWN / 2000)
    films = {theme: Film() for theme in FIELD_COLOURS}
    ends = np.unique(np.geomspace(24, SEEN, STEPS - 1).round().astype(int)).tolist()
    for begin, end in zip([0, 0, *ends], [0, *ends], strict=False):
        if end > begin:
            net.learn(unsupervised.poisson_spikes(train.images[begin:end], 50, 30.0))
        for theme, film in films.items():
            film.add(_sheet(net.weight, end, *FIELD_COLOURS[theme]), 1400 if end == SEEN else 700 if end == 0 else 110)
    return films


def _sheet(weight: torch.Tensor, seen: int, paper: str, weak: str, strong: str, ink: str) -> Image.Image:
    """All fields, above the number of digits seen."""
    image, pen = blank(paper)
    left, top = (WIDTH - ACROSS * (CELL + GAP) + GAP) // 2, 14
    levels = np.linspace(0, 1, SHADES)[:, None]
    ramp = ((1 - levels) * _rgb(weak) + levels * _rgb(strong)).round().astype(np.uint8)
    for j, field in enumerate(weight.reshape(-1, SIDE, SIDE)):
        grey = (255 * (field / STRONG).clamp(0, 1)).byte().numpy()
        small = Image.fromarray(grey).resize((CELL, CELL), Image.Resampling.BICUBIC)
        shades = ramp[np.asarray(small).astype(int) * SHADES // 256]
        place = left + j % ACROSS * (CELL + GAP), top + j // ACROSS * (CELL + GAP)
        image.paste(Image.fromarray(shades), place)
    pen.text((WIDTH - left, HEIGHT - 24), f"{seen:,}".replace(",", "\u2009"), fill=ink, font=font(20), anchor="rm")
    return image


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)], float)


def gesture_cloud() -> dict[str, Film]:
    """Films of one synthetic gesture as points in x, y and t that turn, while a moment goes through time."""
    camera = EventCamera()
    events = record_gesture(GESTURE, SUBJECT, SEED, camera, SECONDS)
    kept = np.linspace(0, len(events["t"]) - 1, POINTS).round().astype(int)
    t, x, y, p = (events[name][kept] for name in "txyp")
    points = np.stack([t / events["t"].max(), x / camera.width, y / camera.height], axis=1)
    films = {theme: Film() for theme in EVENT_COLOURS}
    for n in range(FRAMES):
        yaw = -0.62 + 0.42 * math.sin(2 * math.pi * n / FRAMES)
        for theme, film in films.items():
            film.add(_cloud(points, p > 0, yaw, n / FRAMES, *EVENT_COLOURS[theme]), 130)
    return films


def _place(points: np.ndarray, yaw: float, pitch: float = 0.42) -> np.ndarray:
    """Pixels of (t, x, y) in 0 … 1, as EventPlayer projects them: time runs across."""
    across, deep, up = 1.9 * (points[:, 0] - 0.5), points[:, 1] - 0.5, points[:, 2] - 0.5
    u = across * math.cos(yaw) + deep * math.sin(yaw)
    far = -across * math.sin(yaw) + deep * math.cos(yaw)
    v = up * math.cos(pitch) - far * math.sin(pitch)
    return np.stack([WIDTH / 2 + ZOOM * u, HEIGHT / 2 + ZOOM * v], axis=1)


def _cloud(
    points: np.ndarray, on: np.ndarray, yaw: float, now: float, paper: str, axis: str, *colours: str
) -> Image.Image:
    image, pen = blank(paper)
    _frame(pen, yaw, now, axis)
    lit = np.abs(points[:, 0] - now) < MOMENT / 2
    which = 2 * (~lit).astype(int) + ~on  # colours: ON, OFF lit, then the two weak ones
    for k in (2, 3, 0, 1):
        size = 2 if k < 2 else 1  # a rectangle reaches one pixel further
        for px, py in _place(points[which == k], yaw).round().astype(int).tolist():
            pen.rectangle((px, py, px + size, py + size), fill=colours[k])
    return image


def _frame(pen, yaw: float, now: float, ink: str) -> None:
    """The edges of the block, the plane of the moment, and the names of the axes."""
    corners = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], float)
    at = _place(corners, yaw)
    for a in range(8):
        for axis in (1, 2, 4):
            if not a & axis:
                pen.line((*at[a], *at[a | axis]), fill=ink)
    plane = _place(np.array([[now, b, c] for b, c in ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0))], float), yaw)
    pen.line([tuple(point) for point in plane], fill=ink, width=2)
    names = {"t": (0.5, 0, 1.14), "x": (-0.06, 0.5, 1.12), "y": (-0.06, 0, 0.5)}
    for (name, _), (px, py) in zip(names.items(), _place(np.array(list(names.values())), yaw), strict=True):
        pen.text((px, py), name, fill=ink, font=font(19), anchor="mm")
