"""The offline stand-in for Fashion-MNIST: ten kinds of garments drawn by a program. Synthetic, not photographs.

Every picture has its own measures, shade, pattern and place. A garment is drawn four times too large, in a frame of
28 units with the middle at x = 0, and shrunk; shoes point to the left, as in Fashion-MNIST.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable

import torch
from PIL import Image, ImageDraw

from course_snn.language import Label, tr

SIZE, SCALE = 28, 4
TRAIN, TEST = 2000, 500
Point = tuple[float, float]


class Sketch:
    """A grey picture under way; 255 is the cloth as it is, less is darker, 0 is nothing.

    Args:
        rng: decides how the garment is stretched, shifted and leant.
    """

    def __init__(self, rng: random.Random) -> None:
        self.image = Image.new("L", (SIZE * SCALE, SIZE * SCALE))
        self._draw = ImageDraw.Draw(self.image)
        self._stretch = rng.uniform(0.88, 1.18), rng.uniform(0.86, 1.06)
        self._shift = rng.uniform(-1.8, 1.8), rng.uniform(-1.4, 1.4)
        self._lean = rng.gauss(0, 0.025)

    def _pixels(self, points: list[Point]) -> list[Point]:
        (across, down), (right, lower), middle = self._stretch, self._shift, SIZE / 2
        return [
            (
                (middle + right + x * across + self._lean * (y - middle)) * SCALE,
                (middle + lower + (y - middle) * down) * SCALE,
            )
            for x, y in points
        ]

    def shape(self, points: list[Point], shade: int = 255) -> None:
        """Fill a polygon."""
        self._draw.polygon(self._pixels(points), fill=shade)

    def both(self, points: list[Point], shade: int = 255) -> None:
        """Fill a polygon and its mirror image: sleeves, legs."""
        self.shape(points, shade)
        self.shape([(-x, y) for x, y in points], shade)

    def whole(self, points: list[Point], shade: int = 255) -> None:
        """Fill the symmetric shape whose right half has these corners, from top to bottom."""
        self.shape(points + [(-x, y) for x, y in reversed(points)], shade)

    def line(self, points: list[Point], width: float, shade: int) -> None:
        """Draw a line of this width through the points."""
        self._draw.line(self._pixels(points), fill=shade, width=max(1, round(width * SCALE)), joint="curve")


def _top(s: Sketch, r: random.Random, hem: float, sleeve: Callable[[float, float], list[Point]]) -> tuple[float, float]:
    """Body and sleeves of whatever is worn above; returns half the width of the neck and of the hem."""
    neck, shoulder, chest = r.uniform(2.2, 3.6), r.uniform(6.4, 7.8), r.uniform(5.6, 7.0)
    bottom = chest + r.uniform(-0.6, 0.8)
    s.both(sleeve(shoulder, chest), r.randint(205, 250))
    waist = chest - r.uniform(0, 0.7)
    s.whole([(neck, 2), (shoulder, 3.4), (chest, 9.5), (waist, 16), (bottom, hem)])
    s.line([(chest - 0.1, 9.5), (waist, 16), (bottom - 0.2, hem - 1)], 0.4, r.randint(120, 200))
    s.line([(-chest + 0.1, 9.5), (-waist, 16), (-bottom + 0.2, hem - 1)], 0.4, r.randint(120, 200))
    return neck, bottom


def _short_sleeve(r: random.Random) -> Callable[[float, float], list[Point]]:
    out, down = r.uniform(10.2, 12.6), r.uniform(8.5, 11.5)
    return lambda shoulder, chest: [(shoulder - 1, 2.9), (out, down - 2), (out - 1.8, down + 0.6), (chest - 1, 10)]


def _long_sleeve(r: random.Random) -> Callable[[float, float], list[Point]]:
    out, down, wide = r.uniform(9.6, 12.2), r.uniform(21.5, 26), r.uniform(2.4, 3.4)
    return lambda shoulder, chest: [
        (shoulder - 1, 2.9), (shoulder + 1.2, 5), (out, down - 1), (out - 0.6, down), (out - wide, down),
        (chest - 1, 11),
    ]  # fmt: skip


def _t_shirt(s: Sketch, r: random.Random) -> None:
    neck, _ = _top(s, r, r.uniform(23.5, 26.5), _short_sleeve(r))
    s.whole([(neck, 1.5), (neck * 0.7, r.uniform(3, 4.2)), (0.01, r.uniform(3.6, 6))], 0)


def _trouser(s: Sketch, r: random.Random) -> None:
    waist, hip, foot = r.uniform(3.2, 4.6), r.uniform(4.2, 5.4), r.uniform(3.4, 6.0)
    inner, crotch = r.uniform(0.3, 1.6), r.uniform(8, 11)
    s.whole([(waist, 1), (hip, 7), (foot + inner * 0.5, 27), (0.01, 27)])
    s.whole([(0.01, crotch), (inner, 27.5)], 0)
    s.line([(0, 1.5), (0, crotch)], 0.35, r.randint(100, 190))
    s.line([(-waist, 2.2), (waist, 2.2)], 0.4, r.randint(120, 210))


def _pullover(s: Sketch, r: random.Random) -> None:
    hem = r.uniform(23, 26)
    neck, bottom = _top(s, r, hem, _long_sleeve(r))
    s.whole([(neck, 1.6), (neck * 0.6, r.uniform(2.6, 3.4)), (0.01, r.uniform(2.8, 3.8))], r.choice((0, 0, 130)))
    s.line([(-bottom, hem - 1.6), (bottom, hem - 1.6)], 0.5, r.randint(150, 220))


def _dress(s: Sketch, r: random.Random) -> None:
    top, waist, hem = r.uniform(3, 4.4), r.uniform(2.4, 3.6), r.uniform(4, 8.2)
    high, low = r.uniform(9, 12), r.uniform(25.5, 27.3)
    neck = top * r.uniform(0.45, 0.75)
    if r.random() < 0.4:  # with sleeves
        out, down = top + r.uniform(1.8, 3.4), r.uniform(7, 16)
        s.both([(top - 0.8, 1.6), (out, down), (out - 1.7, down + 0.4), (top - 0.6, 7)], 235)
    s.whole([(neck, 1), (top, 1.6), (top + 0.2, 6.5), (waist, high), (hem, low), (hem * 0.6, low + 0.5)])
    s.whole([(neck, 0.6), (neck * 0.8, 2.4), (0.01, r.uniform(3, 5.5))], 0)
    if r.random() < 0.5:
        s.line([(-waist, high), (waist, high)], 0.8, r.randint(110, 200))


def _coat(s: Sketch, r: random.Random) -> None:
    hem = r.uniform(25.5, 27.3)
    neck, _ = _top(s, r, hem, _long_sleeve(r))
    open_ = r.uniform(0.2, 0.9)
    deep = r.uniform(7, 13)
    s.whole([(neck, 1.4), (0.01, deep)], r.randint(60, 140))
    s.both([(neck, 1.2), (neck + 1, 4), (0.4, deep + 0.5), (0.3, deep - 1.5)], r.randint(170, 235))  # lapels
    s.line([(0, deep), (r.uniform(-0.5, 0.5), hem)], open_, r.randint(20, 110))
    if r.random() < 0.6:
        s.both([(2.2, 17), (4.8, 16.6), (4.8, 17.3), (2.2, 17.7)], 140)  # pockets


def _sandal(s: Sketch, r: random.Random) -> None:
    heel, front = r.uniform(0, 6), r.uniform(20, 22.5)
    back, thick = front - heel, r.uniform(1.2, 2.2)
    sole = [(-12.5, front), (-4, front), (4, (front + back) / 2 - 0.4), (12, back)]
    s.shape([*sole, *((x, y + thick) for x, y in reversed(sole))])
    if heel > 2.5:
        s.shape([(8.5, back + 0.5), (12, back), (11.5, front + thick), (10, front + thick)])
    for _ in range(r.randint(2, 4)):
        x = r.uniform(-11, 3)
        height = r.uniform(3, 7.5)
        s.line([(x, front), (x + r.uniform(2, 4), front - height), (x + r.uniform(5, 8), (front + back) / 2)],
               r.uniform(0.7, 1.5), r.randint(170, 255))  # fmt: skip
    ankle = back - r.uniform(5, 9)
    s.line([(11.5, back), (11, ankle), (r.uniform(3, 6), ankle + r.uniform(-0.5, 2))], r.uniform(0.8, 1.5), 230)


def _shirt(s: Sketch, r: random.Random) -> None:
    hem = r.uniform(24.5, 27)
    neck, _ = _top(s, r, hem, _long_sleeve(r) if r.random() < 0.7 else _short_sleeve(r))
    s.whole([(neck * 0.8, 1.4), (0.01, r.uniform(4, 6))], r.choice((0, 90)))
    s.both([(neck, 1), (neck + 0.6, 3), (1.2, 5.4), (0.5, 4)], r.randint(185, 245))  # collar
    dark = r.randint(120, 200)
    s.line([(0.1, 5), (0.1, hem)], 0.3, dark)
    for step in range(5):
        y = 6.5 + step * (hem - 8) / 4.5
        s.line([(-0.3, y), (0.5, y)], 0.8, dark // 2)


def _sneaker(s: Sketch, r: random.Random) -> None:
    sole, collar, thick = r.uniform(19.5, 21.5), r.uniform(10.5, 13), r.uniform(1.5, 2.4)
    s.shape([(-12.8, sole - 1), (-11.5, sole - 3.6), (-6, sole - 5), (0, collar + 0.8), (2.5, collar),
             (5, collar + 1.8), (9, collar + 1.5), (12, collar - 0.5), (12.6, sole)])  # fmt: skip
    s.shape(
        [(-13, sole - 0.8), (12.8, sole - 0.8), (12.6, sole + thick), (-12, sole + thick)], r.choice((120, 160, 255))
    )
    s.line([(-13, sole - 0.8), (12.8, sole - 0.8)], 0.4, 70)
    for step in range(r.randint(2, 4)):  # laces
        x, y = -5 + 2 * step, sole - 5 - 1.1 * step
        s.line([(x, y), (x + 1.6, y + 2)], 0.5, r.choice((110, 150)))
    if r.random() < 0.6:
        x = r.uniform(1, 5)
        s.line([(x, collar + 2.5), (x - 3, sole - 1.2)], r.uniform(0.8, 2), r.randint(90, 170))


def _bag(s: Sketch, r: random.Random) -> None:
    top, bottom = r.uniform(8.5, 13), r.uniform(22, 26)
    upper, lower = r.uniform(7.5, 11.5), r.uniform(9, 12.5)
    grip, rise = r.uniform(2.5, 7), r.uniform(3.5, top - 1.5)
    bow = [(-grip, top + 0.5), (-grip * 0.9, top - rise * 0.6), (-grip * 0.5, top - rise), (grip * 0.5, top - rise),
           (grip * 0.9, top - rise * 0.6), (grip, top + 0.5)]  # fmt: skip
    s.line(bow, r.uniform(0.7, 1.6), r.randint(170, 250))
    s.whole([(upper - 1, top), (upper, top + 0.8), (lower, bottom - 1), (lower - 1, bottom)])
    dark = r.randint(110, 200)
    if r.random() < 0.6:  # a flap
        flap = top + (bottom - top) * r.uniform(0.25, 0.55)
        s.line([(-upper, flap - 1), (0, flap), (upper, flap - 1)], 0.5, dark)
        s.line([(0, flap - 0.8), (0, flap + 1.2)], 1.4, dark // 2)
    else:
        s.line([(-upper, top + 1.8), (upper, top + 1.8)], 0.5, dark)


def _ankle_boot(s: Sketch, r: random.Random) -> None:
    sole, shaft, heel = r.uniform(22.5, 24.5), r.uniform(2, 6), r.uniform(0.8, 3.6)
    front, back, instep = r.uniform(-1.5, 1.5), r.uniform(8.5, 11), r.uniform(13, 15.5)
    s.shape([(front, shaft), (back, shaft + 0.3), (back, sole - 6), (back + 1, sole - heel), (4, sole - heel * 0.6),
             (-2, sole), (-11.5, sole), (-12.3, sole - 2.4), (-9.5, sole - 5), (-3, instep + 1.5),
             (front, instep)])  # fmt: skip
    s.shape(
        [(back - 3.4, sole - heel), (back + 1, sole - heel), (back + 0.6, sole + 1.2), (back - 2.6, sole + 1.2)], 170
    )
    s.shape([(-11.8, sole), (-1.5, sole), (3.5, sole - heel * 0.5), (3.5, sole - heel * 0.5 + 1), (-1, sole + 1.2),
             (-11.5, sole + 1.2)], 130)  # fmt: skip
    seam = r.randint(110, 190)
    s.line([(front + 0.5, instep - 1), (5, instep + 3), (back, instep + 2)], 0.5, seam)
    if r.random() < 0.5:
        s.line([(front + r.uniform(3, 5), shaft + 1), (front + 3, instep)], 0.5, seam)


KINDS = (_t_shirt, _trouser, _pullover, _dress, _coat, _sandal, _shirt, _sneaker, _bag, _ankle_boot)


def classes() -> tuple[Label, ...]:
    """The names of Fashion-MNIST's ten classes."""
    return (
        tr("T 恤", "T-shirt"), tr("裤子", "trouser"), tr("套头衫", "pullover"), tr("连衣裙", "dress"),
        tr("外套", "coat"), tr("凉鞋", "sandal"), tr("衬衫", "shirt"), tr("运动鞋", "sneaker"), tr("包", "bag"),
        tr("短靴", "ankle boot"),
    )  # fmt: skip


@functools.cache
def garments(seed: int = 0) -> tuple[tuple[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """Return ((images, labels), (images, labels)) to train and to test: uint8 [N, 28, 28] and [N].

    Args:
        seed: every seed gives another set, the same every time.
    """
    rng = random.Random(seed)
    labels = torch.arange(TRAIN + TEST) % len(KINDS)
    drawn = torch.stack([_drawn(KINDS[label], rng) for label in labels.tolist()])
    images = _woven(drawn, torch.Generator().manual_seed(seed)).mul(255).round().to(torch.uint8)
    return (images[:TRAIN], labels[:TRAIN]), (images[TRAIN:], labels[TRAIN:])


def _drawn(kind: Callable[[Sketch, random.Random], None], rng: random.Random) -> torch.Tensor:
    sketch = Sketch(rng)
    kind(sketch, rng)
    return torch.frombuffer(bytearray(sketch.image.reduce(SCALE).tobytes()), dtype=torch.uint8).view(SIZE, SIZE)


def _woven(drawn: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Give each garment its own shade, stripes or checks (a third of them), light from one side, and noise."""

    def uniform(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(len(drawn), 1, 1, generator=generator)

    y, x = torch.meshgrid(torch.linspace(-1, 1, SIZE), torch.linspace(-1, 1, SIZE), indexing="ij")
    cloth = drawn / 255
    patterned, upright, checked = (uniform(0, 1) < share for share in (0.35, 0.4, 0.25))
    along, across = (torch.sin(uniform(6, 22) * axis + uniform(0, 6.3)) for axis in (y, x))
    stripes = torch.where(checked, (along + across) / 2, torch.where(upright, across, along))
    pattern = 1 - patterned * uniform(0.1, 0.6) * (stripes + 1) / 2
    light = 1 + uniform(-0.15, 0.15) * x + uniform(-0.15, 0.15) * y
    grain = 1 + uniform(0.02, 0.08) * torch.randn(drawn.shape, generator=generator)
    return (cloth ** uniform(0.4, 1.6) * uniform(0.4, 1.1) * pattern * light * grain).clamp(0, 1)
