"""The offline stand-in for CIFAR-10: ten kinds of textures and shapes in colour, drawn by a program. Synthetic.

The colours are drawn at random for every picture, so that no class has one: what tells the classes apart is form. A
mirror image, or a picture shifted by a few pixels, is another picture of its class.
"""

from __future__ import annotations

import functools
import math

import torch

from course_snn.language import Label, tr

SIZE = 32
TRAIN, TEST = 2000, 500
Pair = tuple[torch.Tensor, torch.Tensor]


def classes() -> tuple[Label, ...]:
    """The names of the ten kinds."""
    return (
        tr("横条纹", "stripes across"), tr("竖条纹", "stripes upright"), tr("斜条纹", "stripes aslant"),
        tr("棋盘格", "checks"), tr("圆点", "dots"), tr("圆环", "ring"), tr("圆盘", "disc"), tr("方块", "square"),
        tr("三角形", "triangle"), tr("十字", "cross"),
    )  # fmt: skip


@functools.cache
def textures(seed: int = 0) -> tuple[Pair, Pair]:
    """Return ((images, labels), (images, labels)) to train and to test: uint8 [N, 3, 32, 32] and [N].

    Args:
        seed: every seed gives another set, the same every time.
    """
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(TRAIN + TEST) % len(classes())
    masks = torch.empty(TRAIN + TEST, SIZE, SIZE)
    for label, kind in enumerate(KINDS):
        masks[labels == label] = kind(Canvas(int((labels == label).sum()), generator))
    images = _coloured(masks, generator).mul(255).round().to(torch.uint8)
    return (images[:TRAIN], labels[:TRAIN]), (images[TRAIN:], labels[TRAIN:])


class Canvas:
    """Places and measures for n pictures of one kind; ``x`` and ``y`` are [n, 32, 32], 0 in each figure's middle.

    Args:
        n: how many pictures.
        generator: decides place, size and slant of each.
    """

    def __init__(self, n: int, generator: torch.Generator) -> None:
        self.n, self.generator = n, generator
        y, x = torch.meshgrid(torch.arange(SIZE) - 15.5, torch.arange(SIZE) - 15.5, indexing="ij")
        x, y = x - self.some(-4.5, 4.5), y - self.some(-4.5, 4.5)
        slant = self.some(-0.2, 0.2)
        self.x, self.y = x * slant.cos() + y * slant.sin(), y * slant.cos() - x * slant.sin()
        self.size = self.some(6.5, 11.0)

    def some(self, low: float, high: float) -> torch.Tensor:
        """A number for each picture, [n, 1, 1]."""
        return low + (high - low) * torch.rand(self.n, 1, 1, generator=self.generator)

    def sign(self) -> torch.Tensor:
        """-1 or 1 for each picture, [n, 1, 1]."""
        return self.some(-1, 1).sign()

    def wave(self, along: torch.Tensor) -> torch.Tensor:
        """Stripes of a width of each picture's own, -1 … 1."""
        return torch.sin(2 * math.pi * along / self.some(5.0, 10.0) + self.some(0, 6.3))


def _edge(distance: torch.Tensor) -> torch.Tensor:
    """1 inside, 0 outside, a pixel of grey between; ``distance`` to the border in pixels, positive inside."""
    return (distance + 0.5).clamp(0, 1)


def _aslant(c: Canvas) -> torch.Tensor:
    return _edge(2 * c.wave(c.x * math.sqrt(0.5) + c.sign() * c.y * math.sqrt(0.5)))


def _dots(c: Canvas) -> torch.Tensor:
    step = c.some(7.0, 9.5)
    away = torch.hypot(torch.remainder(c.x, step) - step / 2, torch.remainder(c.y, step) - step / 2)
    return _edge(step * 0.3 - away)


def _ring(c: Canvas) -> torch.Tensor:
    return _edge(c.some(1.2, 2.2) - (torch.hypot(c.x, c.y) - c.size).abs())


def _triangle(c: Canvas) -> torch.Tensor:
    y = c.y * c.sign() + c.size * 0.2  # standing, or on its head
    sides = [0.75 * c.size - y] + [y * 0.5 + s * c.x * 0.866 + c.size * 0.55 for s in (-1, 1)]
    return _edge(torch.stack(sides).amin(0))


def _cross(c: Canvas) -> torch.Tensor:
    wide = c.size * c.some(0.2, 0.32)
    x, y = c.x.abs(), c.y.abs()
    return _edge(torch.minimum(c.size - torch.maximum(x, y), wide - torch.minimum(x, y)))


KINDS = (
    lambda c: _edge(2 * c.wave(c.y)),
    lambda c: _edge(2 * c.wave(c.x)),
    _aslant,
    lambda c: _edge(3 * c.wave(c.x) * c.wave(c.y)),
    _dots,
    _ring,
    lambda c: _edge(c.size - torch.hypot(c.x, c.y)),
    lambda c: _edge(0.85 * c.size - torch.maximum(c.x.abs(), c.y.abs())),
    _triangle,
    _cross,
)


def _coloured(masks: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Give figure and ground two colours of each picture's own, light from one side, and noise: [n, 3, 32, 32]."""

    def uniform(low: float, high: float, channels: int = 1) -> torch.Tensor:
        return low + (high - low) * torch.rand(len(masks), channels, 1, 1, generator=generator)

    y, x = torch.meshgrid(torch.linspace(-1, 1, SIZE), torch.linspace(-1, 1, SIZE), indexing="ij")
    ground = uniform(0.1, 0.9, 3)
    away = uniform(0.25, 0.5, 3) * torch.where(ground > 0.5, -1, 1)  # seen in every channel
    light = uniform(-0.15, 0.15) * x + uniform(-0.15, 0.15) * y
    grain = uniform(0.03, 0.1) * torch.randn(len(masks), 3, SIZE, SIZE, generator=generator)
    return (ground + masks[:, None] * away + light + grain).clamp(0, 1)
