"""What a chapter consists of, read from its notebook: minutes, sections, exercises; and what comes next in them."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from course_snn.course.chapters import (
    CHAPTERS,
    IN_CHECKOUT,
    IN_PACKAGE,
    Chapter,
    ChapterError,
    find,
    notebooks_dir,
    ready_chapters,
)

MINUTES = re.compile(r"^\|[^|]*?(\d+)\s*(?:分钟|minutes?\b)", re.M)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*$", re.M)
SPAN = re.compile(r'<span lang="(zh|en)">(.*?)</span>', re.S)
CHECK = re.compile(r"""\bcheck\(\s*["'](\d\d\.\w+)["']""")
TAG = re.compile(r"<[^>]+>")


class Section(NamedTuple):
    """A section of a chapter: its ``anchor`` is the id of the cell that begins with its heading."""

    anchor: str
    zh: str
    en: str


class Task(NamedTuple):
    """An exercise where it stands: its id ("01.euler_step"), its cell's id, and the heading above it."""

    id: str
    cell: str
    zh: str
    en: str


class Standing(NamedTuple):
    """How far a learner is in a chapter: ``passed`` of ``of`` exercises."""

    chapter: Chapter
    passed: int
    of: int


class Cell(NamedTuple):
    """A cell of a notebook, its outputs left out; ``kind`` is "markdown", "code" or another word."""

    id: str
    kind: str
    source: str


@dataclass(frozen=True)
class Outline:
    """What a notebook says about its chapter.

    Args:
        chapter: which one.
        minutes: how long it takes to read; 0 where the notebook does not say.
        sections: those of the second level, in order.
        exercises: in order.
        cells: the ids of all cells, in order.
    """

    chapter: Chapter
    minutes: int = 0
    sections: tuple[Section, ...] = ()
    exercises: tuple[Task, ...] = ()
    cells: tuple[str, ...] = ()


def outline(chapter: Chapter | str, folder: Path | None = None) -> Outline:
    """Return the outline of a chapter, of a damaged notebook what can be read.

    Args:
        chapter: as such or by its number ("01").
        folder: where its notebook lies; the folder of the chapters by default. Where nothing can be read there, the
            course's own notebook is.

    Raises:
        ChapterError: there is no such chapter.
    """
    chapter = find(chapter) if isinstance(chapter, str) else chapter
    found = (_outline(chapter, path, *stamp(path)) for path in _places(chapter, folder))
    return next((one for one in found if one.cells), Outline(chapter))


def standing(passed: Iterable[str], folder: Path | None = None) -> tuple[Standing, ...]:
    """Return how far a learner is who passed these exercises, for every chapter in the folder, in order."""
    done = set(passed)
    found = [(chapter, outline(chapter, folder).exercises) for chapter in present(folder)]
    return tuple(Standing(chapter, sum(task.id in done for task in tasks), len(tasks)) for chapter, tasks in found)


def next_exercise(
    passed: Sequence[str], chapter: Chapter | str | None = None, folder: Path | None = None
) -> Task | None:
    """Return the exercise to go on with: the first open one after the last that was passed, else the first open one.

    Args:
        passed: ids of exercises, in the order in which they were passed.
        chapter: look in this one only; in all that are there by default.
        folder: where the notebooks lie; the folder of the chapters by default.

    Returns:
        The exercise, or None if all are passed.
    """
    chapters = present(folder) if chapter is None else [chapter]
    tasks = [task for one in chapters for task in outline(one, folder).exercises]
    done, place = set(passed), {task.id: number for number, task in enumerate(tasks)}
    last = next((place[name] for name in reversed(passed) if name in place), -1)
    return next((task for task in tasks[last + 1 :] + tasks[: last + 1] if task.id not in done), None)


def cells(path: Path) -> list[Cell]:
    """Return the cells of a notebook, as far as they can be read; none of a file that is missing or damaged."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError, MemoryError):
        return []
    found = content.get("cells") if isinstance(content, dict) else None
    rows = [cell for cell in found if isinstance(cell, dict)] if isinstance(found, list) else []
    return [
        Cell(str(cell.get("id") or f"cell-{number}"), str(cell.get("cell_type", "")), _text(cell.get("source")))
        for number, cell in enumerate(rows)
    ]


def headings(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield the headings in the source of a prose cell: level, Chinese and English title."""
    for marks, text in HEADING.findall(FENCE.sub("", source)):
        said = dict(SPAN.findall(text))
        zh, en = said.get("zh", text), said.get("en", text)
        yield len(marks), _plain(zh), _plain(en)


def present(folder: Path | None = None) -> list[Chapter]:
    """Return the chapters whose notebooks lie in the folder, in order; none where there is no such folder."""
    try:
        return ready_chapters() if folder is None else [one for one in CHAPTERS if (folder / one.file_name).is_file()]
    except ChapterError:
        return []


def stamp(path: Path) -> tuple[int, int]:
    """Return what tells one state of a file from another: its time in ns and its size in bytes; zeros without one."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _places(chapter: Chapter, folder: Path | None) -> list[Path]:
    """Where the notebook may lie: the learner's first, then the course's own, for a learner's that is damaged."""
    folders = [IN_CHECKOUT, IN_PACKAGE]
    with contextlib.suppress(ChapterError):
        folders.insert(0, folder or notebooks_dir())
    return [folder / chapter.file_name for folder in dict.fromkeys(folders)]


@lru_cache(maxsize=64)
def _outline(chapter: Chapter, path: Path, _changed: int, _size: int) -> Outline:
    minutes, sections, exercises, above = 0, [], [], (chapter.title_zh, chapter.title_en)
    found = cells(path)
    for cell in found:
        if cell.kind == "markdown":
            said = MINUTES.search(cell.source)
            minutes = minutes or (int(said[1]) if said else 0)
            for level, zh, en in headings(cell.source):
                above = zh, en
                sections += [Section(cell.id, zh, en)] if level == 2 else []
        elif cell.kind == "code":
            names = dict.fromkeys(name for name in CHECK.findall(cell.source) if name.startswith(chapter.key))
            exercises += [Task(name, cell.id, *above) for name in names if name not in {task.id for task in exercises}]
    return Outline(chapter, minutes, tuple(sections), tuple(exercises), tuple(cell.id for cell in found))


def _text(source: object) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _plain(title: str) -> str:
    return TAG.sub("", title).replace("`", "").replace("**", "").strip()
