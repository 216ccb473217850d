"""A drawn figure as a small PNG of few colours, and the same picture in the dark: other colours for the same pixels.

The PNG holds a palette; a page that is dark shows the same pixels with another one, which is 0.3 to 0.8 kB. What a
colour map has drawn (images, meshes, their colour bars) keeps its colours there, since they are data.
"""

from __future__ import annotations

import contextlib
import copy
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from PIL import Image

COLOURS = 128  # of what is drawn, and as many of what a colour map has drawn
FEW = 32  # of a coarse picture
MARK, ABOVE = (1.0, 0.0, 1.0), 1e6
NIGHT, DAY_INK = 0x11 / 255, 0.92  # background of a dark page, and of text on it; JupyterLab's is #111111
THINNING, OF_COLOURS = 0.8, 0.3  # a power below 1, since pale colours would be lost in the dark; less for full ones
_PALETTE_AT = 33  # signature 8, IHDR 25: a PNG with a palette that we write has PLTE next


def small(picture: Image.Image, data: np.ndarray | None = None, colours: int = COLOURS) -> tuple[bytes, bytes]:
    """Return a picture as a PNG of few colours, and its palette for the dark.

    Args:
        picture: mode RGB.
        data: [height, width] bool, pixels that a colour map has drawn; None: none.
        colours: at most so many of what is drawn, and as many of what a colour map has drawn.
    """
    if data is None or not data.any():
        drawn = _fewer(picture, colours)
        png = _png(drawn)
        return png, bytes(_bytes(in_the_dark(_colours(png))))
    pixels = np.asarray(picture)
    ink, shades = (_fewer(_filled(pixels, hidden), colours) for hidden in (data, ~data))
    first = len(ink.getpalette() or []) // 3
    both = Image.fromarray(np.where(data, np.asarray(shades) + first, np.asarray(ink)).astype(np.uint8), "P")
    both.putpalette([*(ink.getpalette() or []), *(shades.getpalette() or [])])
    png = _png(both)
    palette = _colours(png)
    return png, bytes(_bytes(np.concatenate([in_the_dark(palette[:first]), palette[first:]])))


def in_the_dark(colours: np.ndarray) -> np.ndarray:
    r"""Return colours drawn on white as they are to be on a dark page, hues kept.

    A colour p is a full colour q laid on white with cover a, :math:`p = 1 - a (1 - q)`, as the edge of a line is:
    a is the smallest that leaves a channel of q at 0. In the dark q, as bright as a text at least, lies on the night n:
    :math:`p' = n + a^{.8 - .3 \max q} (q' - n)`, :math:`q' = q + b (1 - \max q)`, b the brightness of text.

    Args:
        colours: [n, 3], 0 to 1.
    """
    cover = 1 - colours.min(1, keepdims=True)  # [n, 1]
    full = 1 - (1 - colours) / np.maximum(cover, 1e-9)
    strongest = full.max(1, keepdims=True)
    bright = full + DAY_INK * (1 - strongest)
    return np.clip(NIGHT + cover ** (THINNING - OF_COLOURS * strongest) * (bright - NIGHT), 0, 1)


def dark(png: bytes, palette: bytes) -> bytes:
    """Return the PNG with another palette.

    Raises:
        ValueError: this PNG has no palette, or one of another length.
    """
    length, kind = struct.unpack(">I4s", png[_PALETTE_AT : _PALETTE_AT + 8])
    wanted = length if kind == b"PLTE" else 0
    if wanted == 0 or wanted != len(palette):
        raise ValueError(f"a palette of {len(palette)} bytes does not fit this PNG: it takes one of {wanted}.")
    end = _PALETTE_AT + 12 + length
    chunk = b"PLTE" + palette
    return png[:_PALETTE_AT] + struct.pack(">I", length) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]


def mapped(figure: Figure, draw: Callable[[], Image.Image]) -> np.ndarray | None:
    """Return which pixels a colour map has drawn, as [height, width] bool; None where nothing has.

    Args:
        draw: draws the figure as it is now.
    """
    shown = [artist for artist in figure.findobj(_by_map) if artist.get_visible()]
    if not shown:
        return None
    with contextlib.ExitStack() as marked:
        for artist in shown:
            marked.enter_context(_marked(artist))
        pixels = np.asarray(draw(), dtype=np.int16)  # [height, width, 3]
    return np.abs(pixels - np.multiply(MARK, 255)).max(-1) < 100


def _by_map(artist: Artist) -> bool:
    if artist.axes is None:
        return False
    return isinstance(artist, AxesImage) or (isinstance(artist, Collection) and artist.get_array() is not None)


@contextlib.contextmanager
def _marked(artist: Any) -> Iterator[None]:
    """Within the block the artist is all MARK: an image and a mesh as a whole, with what lies on them."""
    axes: Any = artist.axes  # never None: `_by_map` has looked
    if isinstance(artist, AxesImage):
        left, right, bottom, top = artist.get_extent()
        corner, size, transform = (left, bottom), (right - left, top - bottom), artist.get_transform()
    elif isinstance(artist, QuadMesh):
        box = artist.get_datalim(axes.transData)
        corner, size, transform = (box.x0, box.y0), (box.width, box.height), axes.transData
    else:
        with _painted(artist):
            yield
        return
    cover = Rectangle(corner, *size, transform=transform, facecolor=MARK, edgecolor="none", zorder=ABOVE)
    cover.set_in_layout(False)
    axes.add_artist(cover)
    cover.set_clip_path(axes.patch)
    try:
        yield
    finally:
        cover.remove()


@contextlib.contextmanager
def _painted(points: Collection) -> Iterator[None]:
    """Within the block a copy in MARK stands in for them: to change their map would draw its colour bar anew."""
    double = copy.copy(points)
    double.set_array(None)
    double.set(facecolor=[MARK], edgecolor=[MARK], alpha=1)
    axes: Any = points.axes
    axes.add_artist(double)
    points.set_visible(False)
    try:
        yield
    finally:
        points.set_visible(True)
        double.remove()


def _filled(pixels: np.ndarray, hidden: np.ndarray) -> Image.Image:
    """Return the picture with the hidden pixels in a colour that the rest has anyway."""
    filled = pixels.copy()
    filled[hidden] = pixels[~hidden][0] if (~hidden).any() else 255
    return Image.fromarray(filled)


def _fewer(picture: Image.Image, colours: int) -> Image.Image:
    return picture.quantize(colours, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _colours(png: bytes) -> np.ndarray:
    """Return the palette of a PNG as [n, 3], 0 to 1."""
    (length,) = struct.unpack(">I", png[_PALETTE_AT : _PALETTE_AT + 4])
    palette = png[_PALETTE_AT + 8 : _PALETTE_AT + 8 + length]
    return np.frombuffer(palette, dtype=np.uint8).reshape(-1, 3) / 255


def _bytes(colours: np.ndarray) -> bytes:
    return np.round(colours * 255).astype(np.uint8).tobytes()
