"""The course's own notebooks, which are handed out: those of the package, or of a checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from course_snn.course.chapters import CHAPTERS, CHECKOUT, IN_CHECKOUT, IN_PACKAGE, ChapterError, holds_chapters
from course_snn.language import tr

GIT_SECONDS = 60


def source_dir() -> Path:
    """The folder of the course's own notebooks: in the package, or in a checkout (answers and all)."""
    for folder in (IN_PACKAGE, IN_CHECKOUT):
        if holds_chapters(folder):
            return folder
    raise ChapterError(
        tr(
            f"课程自带的笔记不见了：{IN_PACKAGE} 和 {IN_CHECKOUT} 里都没有。请重新安装课程",
            f"the course's own notebooks are missing, in {IN_PACKAGE} and in {IN_CHECKOUT}. Install the course again",
        )
    )


def is_original(folder: Path) -> bool:
    """Whether a folder is that of the course's own notebooks, which no learner's command writes."""
    return any(
        original.is_dir() and folder.exists() and folder.samefile(original) for original in (IN_PACKAGE, IN_CHECKOUT)
    )


def versions() -> dict[str, bytes]:
    """What the course says in each chapter, by file name.

    In a checkout somebody may have answered in the notebooks themselves: there it is what git last committed.
    """
    folder = source_dir()
    names = [chapter.file_name for chapter in CHAPTERS if (folder / chapter.file_name).is_file()]
    committed = _committed(folder) if folder == IN_CHECKOUT else {}
    return {name: committed.get(name) or (folder / name).read_bytes() for name in names}


def alike(one: bytes, other: bytes) -> bool:
    """Whether two files are the same but for the line ends of Windows, which git may have put in."""
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def _committed(folder: Path) -> dict[str, bytes]:
    """The committed content of the notebooks that differ from it; nothing where git cannot say."""
    if not (CHECKOUT / ".git").exists():  # an unpacked archive, perhaps in somebody else's repository
        return {}
    changed = _git(folder, "diff", "--name-only", "--relative", "-z", "HEAD", "--", ".") or b""
    names = {os.fsdecode(name) for name in changed.split(b"\0") if name}
    shown = {name: _git(folder, "show", f"HEAD:./{name}") for name in names if name.endswith(".ipynb")}
    return {name: content for name, content in shown.items() if content}


def _git(folder: Path, *arguments: str) -> bytes | None:
    program = shutil.which("git")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "-C", str(folder), *arguments], env=environment, capture_output=True, timeout=GIT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
