"""Handing out the notebooks: a copy for the learner, in which nothing that is there already is touched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from course_snn.course.chapters import (
    CHAPTERS,
    FOLDER_VARIABLE,
    IN_CHECKOUT,
    IN_PACKAGE,
    ChapterError,
    holds_chapters,
)
from course_snn.course.finding import command
from course_snn.drafts import draft
from course_snn.language import tr


@dataclass(frozen=True)
class Copied:
    """What `start` did: the folder, the notebooks it brought there, and those it left as they were."""

    folder: Path
    new: list[str]
    left: list[str]


def start(folder: Path) -> Copied:
    """Copy the chapters into a folder; what lies there already, by whatever name it is one of ours, is left alone."""
    source, folder = source_dir(), Path(os.path.abspath(folder.expanduser()))
    names = [chapter.file_name for chapter in CHAPTERS if (source / chapter.file_name).is_file()]
    left = [name for name in names if os.path.lexists(folder / name)]
    new = [name for name in names if name not in left]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in new:
            with draft(folder / name, shared=True) as file:
                file.write((source / name).read_bytes())
    except OSError as error:
        raise ChapterError(
            tr(
                f"不能把笔记放进 {folder}：{error}。请换一个可写的文件夹",
                f"the notebooks cannot be put into {folder}: {error}. Choose a folder that you can write",
            )
        ) from error
    return Copied(folder, new, left)


def next_steps(folder: Path) -> list[str]:
    """What to type to work in that folder."""
    if holds_chapters(IN_CHECKOUT):  # which comes before the working folder
        return [tr(f"设环境变量 {FOLDER_VARIABLE}={folder}", f"set {FOLDER_VARIABLE}={folder}"), command("lab")]
    return [f'cd "{folder}"', command("lab")]


def source_dir() -> Path:
    """The course's own notebooks: those in the package, or in a checkout (answers and all)."""
    for folder in (IN_PACKAGE, IN_CHECKOUT):
        if holds_chapters(folder):
            return folder
    raise ChapterError(
        tr(
            f"课程自带的笔记不见了：{IN_PACKAGE} 和 {IN_CHECKOUT} 里都没有。请重新安装课程",
            f"the course's own notebooks are missing, in {IN_PACKAGE} and in {IN_CHECKOUT}. Install the course again",
        )
    )
