"""The learner's folder: where it is, what is remembered of it, and what lies hidden in it.

`.course-snn/base` holds each chapter as it was handed out, `.course-snn/backup` the learner's files before updates.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from course_snn.course import progress
from course_snn.course.chapters import FOLDER_VARIABLE, holds_chapters, notebooks_dir
from course_snn.course.files import write_text
from course_snn.course.originals import is_original

HIDDEN = ".course-snn"
DEFAULT_NAME = "my-course-snn"
MEMORY = "folder.json"


def learner_dir() -> Path:
    """The learner's folder, which may not be there yet.

    The first of these: what COURSE_SNN_NOTEBOOKS names, the working folder if it holds a copy of the chapters, the
    folder that was remembered, `my-course-snn` in the user's own folder.
    """
    if named():
        return notebooks_dir()
    working = Path.cwd()
    if (working / HIDDEN).is_dir() or (holds_chapters(working) and not is_original(working)):
        return working
    return remembered() or default()


def named() -> bool:
    """Whether COURSE_SNN_NOTEBOOKS names the folder."""
    return bool(os.environ.get(FOLDER_VARIABLE, "").strip())


def default() -> Path:
    """Where a learner who said nothing works: in the user's folder, or beside the progress if a variable moves that."""
    moved = os.environ.get(progress.VARIABLE, "").strip()
    return (progress.path().parent if moved else Path.home()) / DEFAULT_NAME


def remembered() -> Path | None:
    """The folder that was used last; None if none was, or nobody can read which."""
    try:
        folder = json.loads(_memory().read_bytes())["folder"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return Path(folder) if isinstance(folder, str) and os.path.isabs(folder) else None


def remember(folder: Path) -> bool:
    """Use this folder from now on; False where that cannot be written down."""
    if remembered() == folder:
        return True
    with contextlib.suppress(OSError):
        write_text(_memory(), json.dumps({"folder": str(folder)}, ensure_ascii=False) + "\n")
        return True
    return False


def base_file(folder: Path, name: str) -> Path:
    """Where the chapter is kept as it was handed out."""
    return folder / HIDDEN / "base" / name


def backup_file(folder: Path, name: str, stamp: str) -> Path:
    """A free place for the learner's file before it is written: a folder for each update."""
    number, place = 1, folder / HIDDEN / "backup" / stamp / name
    while place.exists():
        number += 1
        place = folder / HIDDEN / "backup" / f"{stamp}-{number}" / name
    return place


def _memory() -> Path:
    return progress.path().with_name(MEMORY)
