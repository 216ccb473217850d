"""Pictures of a page: in it as text, or beside it as files that load when they come into view; light and dark."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from course_snn import figure as figures
from course_snn.language import Label, escaped, say

RASTER = {"image/png": "png", "image/gif": "gif", "image/jpeg": "jpg"}
WIDE = 600  # CSS pixels: what is that wide may be as wide as the text


class Size(NamedTuple):
    """How large a page shows a picture, in CSS pixels."""

    width: int
    height: int


class Inline:
    """Pictures inside the page, so that it is one file."""

    dark = False  # twice the pictures in one file would be too much

    def place(self, raw: bytes, ending: str) -> str:
        """Return what <img src> takes."""
        mime = next(mime for mime, known in RASTER.items() if known == ending)
        return f"data:{mime};base64,{base64.b64encode(raw).decode('ascii')}"


class Files:
    """Pictures as files of a folder, each once however often it is shown, named by its content."""

    dark = True

    def __init__(self, folder: Path, address: str = "img") -> None:
        self.folder, self.address = folder, address
        self.sizes: dict[str, int] = {}

    def place(self, raw: bytes, ending: str) -> str:
        """Write the file if it is new; return its address for the pages of the site."""
        name = f"{hashlib.sha256(raw).hexdigest()[:12]}.{ending}"
        if name not in self.sizes:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(raw)
            self.sizes[name] = len(raw)
        return f"{self.address}/{name}"


class Picture(NamedTuple):
    """A picture in one theme and language: "zh", "en" or, for both, "all"; theme "light", "dark" or "any"."""

    lang: str
    theme: str
    raw: bytes
    ending: str
    size: Size


def pictures(output: Mapping[str, Any], dark: bool = True) -> list[Picture]:
    """All pictures of an output of a notebook: a figure without labels is the same in both languages."""
    data = output.get("data", {})
    mime = next((mime for mime in RASTER if mime in data), None)
    if mime is None:
        return []
    first = _bytes(data[mime])
    size = _size(first, mime, output.get("metadata", {}))
    more = data.get(figures.MIME, {})
    spoken = {"en": first, "zh": _bytes(more["zh"])} if "zh" in more else {"all": first}
    found = []
    for lang, raw in spoken.items():
        shade = _shade(raw, more.get("dark", {}).get("en" if lang == "all" else lang)) if dark else None
        found.append(Picture(lang, "light" if shade else "any", raw, RASTER[mime], size))
        if shade:
            found.append(Picture(lang, "dark", shade, RASTER[mime], size))
    return found


def shown(found: list[Picture], place: Inline | Files, alt: Label) -> str:
    """The pictures as <img>, of which style sheets show one: in the language and the theme of the page."""
    return "".join(_still(one, place, alt) for one in found)


def _still(one: Picture, place: Inline | Files, alt: Label) -> str:
    """One picture; what moves stands still where the reader asks for that."""
    tag = _img(one, place.place(one.raw, one.ending), alt)
    if one.ending != "gif":
        return tag
    out = io.BytesIO()
    Image.open(io.BytesIO(one.raw)).convert("RGB").save(out, "PNG", optimize=True)
    still = place.place(out.getvalue(), "png")
    return f'<picture><source media="(prefers-reduced-motion: reduce)" srcset="{still}">{tag}</picture>'


def _img(one: Picture, address: str, alt: Label) -> str:
    words = (
        f"{alt.zh} · {alt.en}" if one.lang == "all" and alt.zh != alt.en else say(alt, one.lang.replace("all", "en"))
    )
    kind = f"figure-{one.lang}" + (f" theme-{one.theme}" if one.theme != "any" else "")
    kind += " wide" * (one.size.width >= WIDE)
    size = "".join(f' {side}="{length}"' for side, length in one.size._asdict().items() if length)
    return f'<img class="{kind}" alt="{escaped(words)}"{size} loading="lazy" decoding="async" src="{address}">'


def _bytes(text: str | list[str]) -> bytes:
    return base64.b64decode("".join(text))


def _shade(png: bytes, palette: str | None) -> bytes | None:
    """The picture with its dark palette; None where the notebook holds none."""
    return figures.dark_png(png, base64.b64decode(palette)) if palette else None


def _size(raw: bytes, mime: str, metadata: Mapping[str, Any]) -> Size:
    try:
        width, height = Image.open(io.BytesIO(raw)).size
    except OSError:
        width, height = 0, 0
    told = metadata.get(mime, metadata)
    wide = int(told.get("width", width))
    tall = told.get("height", round(height * wide / width) if width else 0)
    return Size(wide, int(tall))
