"""Handing out the notebooks: a copy for the learner, in which nothing that is there already is touched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from course_snn.course.cells import stamped
from course_snn.course.chapters import FOLDER_VARIABLE, ChapterError, holds_chapters
from course_snn.course.finding import command
from course_snn.course.folder import base_file, named, remember
from course_snn.course.originals import alike, is_original, source_dir, versions
from course_snn.drafts import draft
from course_snn.language import tr


@dataclass(frozen=True)
class Copied:
    """What `start` did: the folder, the notebooks it brought there, those it left; whether the folder is remembered."""

    folder: Path
    new: list[str]
    left: list[str]
    remembered: bool


def start(folder: Path) -> Copied:
    """Copy the chapters into a folder, which is the learner's from now on.

    What lies there already, by whatever name it is one of ours, is left alone. Each copy names kernel and language as
    this Python's kernel does, so that opening it changes nothing; the chapter as the course has it is kept beside it
    for `update`.
    """
    folder = Path(os.path.abspath(folder.expanduser()))
    source, handed_out = source_dir(), versions()
    if is_original(folder):
        raise ChapterError(
            tr(
                f"{folder} 里是课程自己的笔记，不是拷贝：请另选一个文件夹（要修改课程本身，用 course-snn lab --edit）",
                f"{folder} holds the course's own notebooks, not a copy: choose another folder (to change the course "
                "itself, use course-snn lab --edit)",
            )
        )
    left = [name for name in handed_out if os.path.lexists(folder / name)]
    new = [name for name in handed_out if name not in left]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in left:
            _know_untouched(folder, name, handed_out[name])
        for name in new:
            _copy(folder, name, (source / name).read_bytes(), handed_out[name])
    except OSError as error:
        raise ChapterError(
            tr(
                f"不能把笔记放进 {folder}：{error}。请换一个可写的文件夹：course-snn start 文件夹",
                f"the notebooks cannot be put into {folder}: {error}. Choose a folder that you can write: "
                "course-snn start FOLDER",
            )
        ) from error
    return Copied(folder, new, left, remember(folder))


def _copy(folder: Path, name: str, content: bytes, handed_out: bytes) -> None:
    for path, data in ((base_file(folder, name), handed_out), (folder / name, stamped(content))):
        with draft(path, shared=True) as file:
            file.write(data)


def _know_untouched(folder: Path, name: str, handed_out: bytes) -> None:
    """Keep what was handed out also for a copy of an older `start`, as long as it is exactly that."""
    path, base = folder / name, base_file(folder, name)
    if not base.exists() and path.is_file() and alike(stamped(path.read_bytes()), stamped(handed_out)):
        with draft(base, shared=True) as file:
            file.write(handed_out)


def next_steps(copied: Copied) -> list[str]:
    """What to type to work in that folder."""
    if named():
        use = tr(
            f"环境变量 {FOLDER_VARIABLE} 指着别处：删去它，或设为 {copied.folder}",
            f"unset {FOLDER_VARIABLE}, which names another folder, or set it to {copied.folder}",
        )
        return [use, command("lab")]
    return [command("lab")] if copied.remembered else [f'cd "{copied.folder}"', command("lab")]


def ready(folder: Path) -> Copied | None:
    """Make the learner's folder if it holds no chapters yet; None if it does."""
    return None if holds_chapters(folder) else start(folder)
