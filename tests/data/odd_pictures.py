"""What people's folders of pictures hold: files by name, and what is to be said of each (None: it is used)."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from tiny_set import PAGE

SIZE = (12, 10)  # wide and high
SMOOTH = np.linspace(0, 255, 12 * 10 * 3).reshape(10, 12, 3).astype(np.uint8)


def saved(mode: str = "RGB", kind: str = "png", **how: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(SMOOTH).convert(mode).save(file, kind, **how)
    return file.getvalue()


def of_array(array: np.ndarray, kind: str = "png", **how: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(array).save(file, kind, **how)
    return file.getvalue()


def moving(kind: str) -> bytes:
    file = io.BytesIO()
    frames = [Image.fromarray(np.roll(SMOOTH, n, 1)) for n in range(3)]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


def flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :]


NOISE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
SEE_THROUGH = np.dstack([SMOOTH, np.full((10, 12), 128, np.uint8)])
OPAQUE = np.dstack([SMOOTH, np.full((10, 12), 255, np.uint8)])

HOLE = Image.fromarray(SMOOTH).convert("P").getpixel((5, 5))
CUT = of_array(NOISE)[:5000]

FILES: dict[str, tuple[bytes, str | None]] = {
    "plain.png": (saved(), None),
    "plain.JPEG": (saved(kind="jpeg"), None),
    "grey.jpg": (saved("L", "jpeg"), None),
    "black and white.png": (saved("1"), None),
    "palette.png": (saved("P"), None),
    "still.gif": (saved("P", "gif"), None),
    "printed.jpg": (saved("CMYK", "jpeg"), None),
    "really a png.jpg": (saved(), None),
    "opaque.png": (of_array(OPAQUE), None),
    "图片 é.bmp": (saved(kind="bmp"), None),
    "见.webp": (saved(kind="webp", lossless=True), None),
    "nothing.jpg": (b"", "empty, 0 bytes"),
    "page.jpg": (PAGE, "a web page"),
    "text.png": (b"\xef\xbb\xbf404: Not Found", "text, not the data|no picture"),
    "noise.jpg": (bytes(range(256)) * 9, "no picture"),
    "half.jpg": (of_array(NOISE, "jpeg")[:-900], "cut off"),
    "half.png": (CUT, "cut off"),
    "head alone.jpg": (saved(kind="jpeg")[:40], "no picture|cut off|damaged"),
    "one bit.png": (flipped(of_array(NOISE), 700), "damaged|cut off"),
    "deep.png": (of_array(SMOOTH[..., 0].astype(np.uint16) * 257), "mode I;16: not 8 bits a channel"),
    "measured.tif": (of_array(SMOOTH[..., 0].astype(np.float32), "tiff"), "mode F: not 8 bits a channel"),
    "see-through.png": (of_array(SEE_THROUGH), "partly transparent"),
    "hole.gif": (
        saved("P", "gif", transparency=HOLE),
        "partly transparent",
    ),
    "moving.gif": (moving("gif"), "3 pictures in one file"),
    "moving.webp": (moving("webp"), "3 pictures in one file"),
    "pages.tiff": (moving("tiff"), "3 pictures in one file"),
    "movie.mp4": (b"\0\0\0\x18ftyp", "not one of the kinds of pictures that are read"),
    "photo.heic": (b"\0\0\0\x18ftypheic", "not one of the kinds of pictures that are read"),
    "photo.jpg.crdownload": (saved(kind="jpeg"), "an unfinished download"),
}
SILENT = {".DS_Store": b"\0\0\0\1Bud1", "._plain.png": b"\0\5\26\7", "Thumbs.db": b"\xd0\xcf", "desktop.ini": b"[x]"}
