"""A folder that the commands for a class write: theirs, or empty; never one in which somebody else's files lie."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from course_snn.course.chapters import CHECKOUT, IN_PACKAGE
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.files import write_text
from course_snn.language import tr

HIDDEN = ".course-snn-classroom"  # in the folder: what the commands know of it
CLUTTER = {".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r", ".localized"}


def resolved(folder: Path) -> Path:
    """The folder as an absolute path, ~ and links followed."""
    return Path(os.path.realpath(folder.expanduser()))


def opened(folder: Path, record: str) -> dict[str, Any] | None:
    """What an earlier run wrote down in the folder; None if the folder is new or empty.

    Args:
        folder: where a command will write.
        record: the name of what it writes down, "assignment".

    Raises:
        ClassroomError: the folder holds something else, or is the course's own; says what to do.
    """
    if folder.is_relative_to(resolved(IN_PACKAGE.parent)) or folder == resolved(CHECKOUT):
        raise _elsewhere(folder, ("这是课程自己的文件夹", "is the course's own folder"))
    try:
        lying = [name for name in os.listdir(folder) if name.casefold() not in CLUTTER]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _elsewhere(folder, (f"打不开：{error}", f"cannot be opened: {error}")) from error
    if not lying:
        return None
    kept = None
    with contextlib.suppress(OSError, ValueError, RecursionError):
        kept = json.loads(_file(folder, record).read_bytes())
    if not isinstance(kept, dict) or kept.get("version") != 1:
        raise _elsewhere(
            folder,
            (
                f"里面已有别的东西（{sorted(lying)[0]} …），不会覆盖",
                f"holds other things already ({sorted(lying)[0]} …), which stay as they are",
            ),
        )
    return kept


def note(folder: Path, record: str, told: dict[str, Any]) -> None:
    """Write down in the folder what is there: `opened` gives it back."""
    write_text(_file(folder, record), json.dumps({"version": 1, **told}, ensure_ascii=False, indent=1) + "\n")


def cannot_write(folder: Path, error: OSError) -> ClassroomError:
    """What to say where writing fails."""
    return _elsewhere(folder, (f"写不进去：{error}", f"cannot be written: {error}"))


def _elsewhere(folder: Path, why: tuple[str, str]) -> ClassroomError:
    return ClassroomError(
        tr(
            f"{folder} {why[0]}。请给一个新的或空的文件夹，或这条命令以前写过的文件夹",
            f"{folder} {why[1]}. Give a new or empty folder, or one that this command wrote before",
        )
    )


def _file(folder: Path, record: str) -> Path:
    return folder / HIDDEN / f"{record}.json"
