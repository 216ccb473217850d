"""What a chapter says at its beginning: what one can do after it, how long it takes, what one needs for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from course_snn.course import outline
from course_snn.course.chapters import CHAPTERS
from course_snn.language import Label

_ROW = re.compile(r"^\|[ :|-]+\|\n\|(.+?)\|(.+?)\|(.+?)\|\s*$", re.M)
_AIMS = {
    "zh": re.compile(r"\*\*学完这一章，你能\*\*\s+((?:- .+\n)+)"),
    "en": re.compile(r"\*\*After this chapter you can\*\*\s+((?:- .+\n)+)"),
}
_CHAPTER = re.compile(r"\b\d\d\b")
_SETS = {
    "MNIST": r"data\.mnist\(",
    "Fashion-MNIST": r"data\.(?:sequential_)?fashion_mnist\(",
    "CIFAR-10": r"data\.cifar10\(",
}


@dataclass(frozen=True)
class Need:
    """The table at the beginning of a chapter, and what surrounds it.

    Args:
        minutes: of reading.
        running: how long the chapter runs, in its own words.
        known: what one should know, in its own words.
        chapters: those among it, "01".
        aims: what one can do afterwards, a list item each.
        sets: the data sets that the chapter asks for.
    """

    minutes: int
    running: Label
    known: Label
    chapters: tuple[str, ...]
    aims: tuple[Label, ...]
    sets: tuple[str, ...]


def needs(folder: Path) -> Mapping[str, Need]:
    """What every chapter in the folder says, by its number ("01"); none of those without such a table."""
    found = {}
    for chapter in CHAPTERS:
        path = folder / chapter.file_name
        if need := _need(path, *outline.stamp(path)):
            found[chapter.key] = need
    return found


@lru_cache(maxsize=64)
def _need(path: Path, _changed: int, _size: int) -> Need | None:
    cells = outline.cells(path)
    source = next((c.source for c in cells if c.kind == "markdown" and outline.MINUTES.search(c.source)), None)
    if source is None or len(rows := _ROW.findall(source)) < 2:
        return None
    zh, en = ([part.strip() for part in row] for row in rows[:2])  # Chinese comes first
    code = "\n".join(cell.source for cell in cells if cell.kind == "code")
    said = {lang: _items(pattern.search(source)) for lang, pattern in _AIMS.items()}
    return Need(
        int(re.findall(r"\d+", zh[0])[0]),
        Label(zh[1], en[1]),
        Label(zh[2], en[2]),
        tuple(_CHAPTER.findall(en[2])),
        tuple(Label(a, b) for a, b in zip(said["zh"], said["en"], strict=True)),
        tuple(name for name, call in _SETS.items() if re.search(call, code)),
    )


def _items(found: re.Match[str] | None) -> list[str]:
    return [line.removeprefix("- ").strip() for line in found[1].splitlines()] if found else []
