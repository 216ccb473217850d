"""README's animations as files: frames in, a WebP that loops and a still of it out, each below the limit."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
HERO = ROOT / "assets" / "hero"
WIDTH, HEIGHT = 560, 420  # of every animation, in pixels
SCALE = 1.25  # pixels per CSS pixel of what a browser draws
LIMIT = 400_000  # bytes
THEMES = ("light", "dark")


@dataclass
class Film:
    """Frames of one size, each with the time that it stays [ms]."""

    frames: list[Image.Image] = field(default_factory=list)
    stay: list[int] = field(default_factory=list)

    def add(self, frame: Image.Image | bytes, ms: int = 100) -> None:
        """Append a frame; one that changes nothing only makes the last one stay longer."""
        image = (Image.open(io.BytesIO(frame)) if isinstance(frame, bytes) else frame).convert("RGB")
        if image.size != (WIDTH, HEIGHT):
            raise ValueError(f"a frame must be {WIDTH} × {HEIGHT} pixels, got {image.size}")
        if self.frames and image.tobytes() == self.frames[-1].tobytes():
            self.stay[-1] += ms
        else:
            self.frames.append(image)
            self.stay.append(ms)

    def save(self, name: str, still: int, colours: int = 64) -> None:
        """Write hero/<name>.webp and hero/<name>_still.webp, frame number `still`; raises ValueError if too large."""
        frames = _quantised(self.frames, colours)
        path, alone = HERO / f"{name}.webp", HERO / f"{name}_still.webp"
        HERO.mkdir(parents=True, exist_ok=True)
        options = {"lossless": True, "quality": 100, "method": 4}
        frames[0].save(
            path, save_all=True, append_images=frames[1:], duration=self.stay, loop=0, minimize_size=True, **options
        )
        frames[still].save(alone, **options)
        size = path.stat().st_size
        print(f"{path.name}: {len(frames)} frames, {sum(self.stay) / 1000:.1f} s, {size / 1000:.0f} kB")
        if size > LIMIT:
            raise ValueError(f"{path.name} has {size} bytes, more than {LIMIT}: fewer frames or colours.")


def _quantised(frames: Sequence[Image.Image], colours: int) -> list[Image.Image]:
    """The frames with one palette for all, so that what stands still is the same in every frame."""
    probes = [*frames[:: max(1, len(frames) // 6)], frames[-1]]
    strip = Image.new("RGB", (WIDTH, HEIGHT * len(probes)))
    for n, probe in enumerate(probes):
        strip.paste(probe, (0, HEIGHT * n))
    palette = strip.quantize(colours, dither=Image.Dither.NONE)
    return [frame.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB") for frame in frames]


def blank(paper: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty frame and the pen for it."""
    image = Image.new("RGB", (WIDTH, HEIGHT), paper)
    return image, ImageDraw.Draw(image)


def font(size: int) -> ImageFont.FreeTypeFont:
    """The font that matplotlib brings along, the same on every machine."""
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), size)
