"""Bringing new versions of the chapters into the learner's folder, where every answer is kept."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from course_snn.course.cells import NotANotebook, dump, parse, same, stamp, stamped, title
from course_snn.course.chapters import CHAPTERS, Chapter, ChapterError, holds_chapters
from course_snn.course.folder import HIDDEN, backup_file, base_file
from course_snn.course.merge import Merged, merge
from course_snn.course.originals import alike, is_original, versions
from course_snn.drafts import draft
from course_snn.language import tr

NEW, UPDATED, CURRENT, DAMAGED, OPEN, UNWRITABLE = "new", "updated", "current", "damaged", "open", "unwritable"
LEFT = DAMAGED, OPEN, UNWRITABLE
SERVER_SECONDS = 2.0
STALE_SECONDS = 600.0  # a draft is written in less


@dataclass(frozen=True)
class Outcome:
    """What `update` did with a chapter: `changed` cells by the course, `kept` as the learner has them, `both` by both.

    `why` says what stood in the way, `backup` where the learner's file was put before it was written.
    """

    chapter: Chapter
    state: str
    changed: int = 0
    kept: int = 0
    both: tuple[str, ...] = ()
    backup: Path | None = None
    why: str = ""


def update(folder: Path) -> list[Outcome]:
    """Merge the course's chapters into the learner's; returns what was done, chapter by chapter.

    Raises:
        ChapterError: the folder holds no chapters, is the course's own, or cannot be written.
    """
    folder = Path(os.path.abspath(folder.expanduser()))
    _check(folder)
    new, opened = versions(), open_notebooks()
    when = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    try:
        (folder / HIDDEN).mkdir(exist_ok=True)
        with FileLock(folder / HIDDEN / "update.lock", timeout=0):
            _sweep(folder)
            return [
                _update(folder, chapter, new[chapter.file_name], opened, when)
                for chapter in CHAPTERS
                if chapter.file_name in new
            ]
    except Timeout as error:
        raise ChapterError(
            tr(
                f"另一个 update 正在更新 {folder}，等它结束再试",
                f"another update is at work in {folder}; wait for its end",
            )
        ) from error
    except OSError as error:
        raise ChapterError(
            tr(
                f"不能写入 {folder}：{error}。请改成可写，再试一次",
                f"{folder} cannot be written: {error}. Make it writable, then try again",
            )
        ) from error


def _sweep(folder: Path) -> None:
    """Remove the drafts of chapters that a program which was killed left behind."""
    for chapter in CHAPTERS:
        for path in (folder / chapter.file_name, base_file(folder, chapter.file_name)):
            for part in path.parent.glob(f"{path.name}.*.part"):
                if time.time() - part.stat().st_mtime > STALE_SECONDS:
                    part.unlink(missing_ok=True)


def newer(folder: Path) -> list[Chapter]:
    """The chapters of which the course has another version than the learner was given.

    One that was never handed out is news where others were; one that the learner threw away is not.
    """
    new, kept = versions(), (folder / HIDDEN / "base").is_dir()
    return [
        chapter
        for chapter in CHAPTERS
        if (name := chapter.file_name) in new
        and (os.path.lexists(folder / name) or (kept and not base_file(folder, name).exists()))
        and _is_newer(folder, name, new[name])
    ]


def refresh(folder: Path) -> list[str]:
    """Name this Python's kernel completely in the learner's notebooks, where Python was updated; returns which."""
    done = []
    for path in _files(folder):
        before = path.read_bytes()
        after = stamped(before)
        if after != before:
            done.append((path, after))
    opened = open_notebooks() if done else set()  # a file that changes below an open tab is a conflict
    done = [(path, after) for path, after in done if path.resolve() not in opened]
    for path, after in done:
        _write(path.resolve(), after)  # what a link leads to, never the link
    return [path.name for path, _ in done]


def open_notebooks() -> set[Path]:
    """The notebooks that have a kernel in one of this user's Jupyter servers now."""
    from jupyter_server.serverapp import list_running_servers  # here: it takes a while

    found: set[Path] = set()
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the servers are on this machine
    for server in list_running_servers():
        try:
            request = urllib.request.Request(f"{server['url']}api/sessions")
            request.add_header("Authorization", f"token {server['token']}")
            with direct.open(request, timeout=SERVER_SECONDS) as answer:
                sessions = json.load(answer)
            found |= {Path(server["root_dir"], session["path"]).resolve() for session in sessions}
        except (OSError, ValueError, KeyError, TypeError):  # gone, or one that we may not ask
            continue
    return found


def _check(folder: Path) -> None:
    if not holds_chapters(folder):
        raise ChapterError(
            tr(
                f"{folder} 里没有章节：先运行 course-snn start {folder}",
                f"there are no chapters in {folder}: run course-snn start {folder} first",
            )
        )
    if is_original(folder):
        raise ChapterError(
            tr(
                f"{folder} 里是课程自带的笔记，不用更新。请给出你自己的文件夹：course-snn update 文件夹",
                f"{folder} holds the course's own notebooks: what is updated is your copy (course-snn update FOLDER)",
            )
        )


def _update(folder: Path, chapter: Chapter, new: bytes, opened: set[Path], when: str) -> Outcome:
    path, base = folder / chapter.file_name, base_file(folder, chapter.file_name)
    try:
        if not os.path.lexists(path):
            _write(base, new)
            _write(path, stamped(new))
            return Outcome(chapter, NEW)
        mine = parse(path.read_bytes())
        if not _is_newer(folder, chapter.file_name, new):
            _know(base, new)
            return Outcome(chapter, CURRENT)
        if path.resolve() in opened:
            return Outcome(chapter, OPEN)
        return _bring(path, mine, base, new, Outcome(chapter, UPDATED), backup_file(folder, chapter.file_name, when))
    except NotANotebook as error:
        return Outcome(chapter, DAMAGED, why=str(error))
    except OSError as error:
        return Outcome(chapter, UNWRITABLE, why=str(error))


def _bring(path: Path, mine: dict, base: Path, new: bytes, outcome: Outcome, backup: Path) -> Outcome:
    before = path.read_bytes()
    merged = merge(_parsed(base), mine, parse(new))
    complete = stamp(merged.notebook)
    if complete != mine:
        if not os.access(path, os.W_OK):  # a rename would not ask
            return replace(outcome, state=UNWRITABLE, why="read-only")
        _write(backup, before)
        if parse(path.read_bytes()) != mine:  # saved by somebody at this very moment
            return replace(outcome, state=OPEN)
        _write(path.resolve(), dump(complete))
        outcome = replace(outcome, backup=backup)
    _write(base, new)
    return _counted(outcome, merged)


def _know(base: Path, new: bytes) -> None:
    if not base.is_file():
        _write(base, new)


def _counted(outcome: Outcome, merged: Merged) -> Outcome:
    both = tuple(title(merged.notebook, name) for name in merged.both)
    return replace(outcome, changed=len(merged.changed), kept=len(merged.kept), both=both)


def _is_newer(folder: Path, name: str, new: bytes) -> bool:
    """Whether the course has another version than the learner was given; where nobody knows, than the learner has."""
    base, path = base_file(folder, name), folder / name
    if not os.path.lexists(path):
        return True
    if base.is_file():
        return not alike(base.read_bytes(), new)
    try:
        mine, theirs = parse(path.read_bytes())["cells"], parse(new)["cells"]
    except (OSError, NotANotebook):
        return True
    return len(mine) != len(theirs) or not all(map(same, mine, theirs))


def _parsed(path: Path) -> dict | None:
    try:
        return parse(path.read_bytes())
    except (OSError, NotANotebook):  # lost or damaged: merge knows what to do without
        return None


def _files(folder: Path) -> list[Path]:
    return [path for chapter in CHAPTERS if (path := folder / chapter.file_name).is_file()]


def _write(path: Path, content: bytes) -> None:
    with draft(path, shared=True, synced=True) as file:
        file.write(content)
