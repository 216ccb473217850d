"""Collecting what a class handed in: whose each notebook is, which is the newest, and what else lies there.

The input is read, never written; every file that is written gets a name made here.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course_snn.course.cells import NotANotebook, parse
from course_snn.course.chapters import CHAPTERS, find
from course_snn.course.classroom import archives, besides, place, tables
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marked import Student, chapter_of, student_of
from course_snn.course.classroom.names import free, safe
from course_snn.course.classroom.roster import Roster
from course_snn.course.classroom.tables import DUPLICATE, HANDED_IN, MISSING, STRANGER, UNREADABLE, Line
from course_snn.course.classroom.who import METADATA, Identity, Knows
from course_snn.drafts import draft
from course_snn.language import Label, tr

RECORD = "collected"
TABLE = "handed_in.csv"
STRANGERS = "strangers"  # the folder of notebooks that are nobody's
_NOTEBOOK = re.compile(r"\.ipynb(\s*\(\d+\))?(\.(txt|json|download))?$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\s*\((\d+)\)|-(\d{1,2}))$")  # the second download "(1)", Canvas's second try "-1"


@dataclass(frozen=True)
class Collected:
    """What `collect` found: the folder, a line for each file and for each student without one."""

    folder: Path
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _HandIn:
    """A notebook on its way: whose, what, when; its bytes lie in a file meanwhile."""

    path: str
    kept: Path
    digest: str
    whose: Identity
    chapter: str
    readable: bool
    time: float
    number: int
    file: str = ""  # where an earlier run put it, and it stays
    left: str = ""  # where an earlier run put it, when it was not known whose it is

    @property
    def newest(self) -> tuple:
        """What to sort by: readable ones before damaged ones, then time, then the number of the download."""
        return self.readable, self.time, self.number, bool(self.file), self.path


def is_notebook(name: str) -> bool:
    """Whether a file's name is that of a notebook, also after a browser or a system had a say in it."""
    return _NOTEBOOK.search(name) is not None


def collect(
    source: Path,
    out: Path,
    *,
    roster: Roster | None = None,
    limits: archives.Limits = archives.LIMITS,
    on_file: Callable[[], None] = lambda: None,
) -> Collected:
    """Put the newest notebook of every student and chapter into a folder, and list everything else.

    Run again with later hand-ins and the same folder, it keeps the newest of old and new.

    Args:
        source: a folder or a zip, zips in it included; it stays as it is.
        out: a new or empty folder, or one of an earlier run.
        roster: the class; None to believe what notebooks and the names of files say.
        limits: where reading ends.
        on_file: called after each file.

    Raises:
        ClassroomError: nothing to read, or a folder that cannot be written.
    """
    source, out = _apart(source, out)
    record = place.opened(out, RECORD) or {"entries": []}
    knows, lines = Knows(roster), []
    with tempfile.TemporaryDirectory(prefix="course-snn-") as scratch:
        hand_ins = _earlier(out, record, knows)
        for number, found in enumerate(archives.walk(source, is_notebook, limits)):
            if found.refused or not is_notebook(found.path):
                lines.append(besides.other(found))
            else:
                kept = Path(scratch, str(number))
                kept.write_bytes(found.content)
                hand_ins.append(_hand_in(found, knows, kept))
            on_file()
        try:
            lines = _chosen(hand_ins, out) + lines
        except OSError as error:
            raise place.cannot_write(out, error) from error
    lines += besides.earlier(record, source, lines)
    lines += besides.missing(lines, roster, knows)
    lines.sort(key=tables.order)
    absent = [line.plain() | besides.noted(line) for line in lines if line.state == MISSING]
    entries = [line.plain() for line in lines if line.file]
    place.note(out, RECORD, {"entries": entries, "missing": absent, "others": besides.kept(lines)})
    tables.write(out / TABLE, lines)
    return Collected(out, tuple(lines))


def owners(folder: Path) -> dict[str, Student]:
    """Whose each collected notebook is, by its path in the folder with "/"; nothing in a folder of other origin."""
    try:
        entries = (place.opened(place.resolved(folder), RECORD) or {}).get("entries", [])
    except ClassroomError:
        return {}
    return {entry["file"]: Student(entry["id"], entry["name"], entry["group"]) for entry in entries if entry["key"]}


def _apart(source: Path, out: Path) -> tuple[Path, Path]:
    source, out = place.resolved(source), place.resolved(out)
    if not source.exists():
        raise ClassroomError(
            tr(
                f"没有 {source}。请给出装着作业的文件夹，或学习平台下载的 zip",
                f"there is no {source}. Give the folder with the hand-ins, or the zip that your platform downloads",
            )
        )
    if source.is_file() and source.suffix.casefold() != ".zip":
        raise ClassroomError(
            tr(
                f"{source.name} 不是 zip 也不是文件夹。其他压缩包请先解压，再给出文件夹",
                f"{source.name} is neither a zip nor a folder. Unpack other archives and give the folder",
            )
        )
    if source.is_dir() and (out.is_relative_to(source) or source.is_relative_to(out)):
        raise ClassroomError(
            tr(
                f"{out} 和 {source} 一个在另一个里面。收来的作业要放在别处",
                f"one of {out} and {source} lies in the other. Collect into a folder elsewhere",
            )
        )
    return source, out


def _hand_in(found: archives.Found, knows: Knows, kept: Path) -> _HandIn:
    name = _NOTEBOOK.sub("", found.path.rpartition("/")[2])
    number = _NUMBER.search(name)
    told, chapter, readable = None, "", True
    try:
        notebook = parse(found.content)
        told, chapter = student_of(notebook), chapter_of(notebook)
    except NotANotebook:
        readable = False
    return _HandIn(
        path=found.path,
        kept=kept,
        digest=hashlib.sha256(found.content).hexdigest(),
        whose=knows.identity(found.path, told),
        chapter=chapter or chapter_in(name),
        readable=readable,
        time=found.time,
        number=int(number[1] or number[2]) if number else 0,
    )


def chapter_in(name: str) -> str:
    """The chapter whose file name is part of this name; "" for none."""
    return next((chapter.key for chapter in CHAPTERS if chapter.slug in name), "")


def _earlier(out: Path, record: dict[str, Any], knows: Knows) -> list[_HandIn]:
    """What earlier runs collected and is still there; whose it is is asked again: the roster may know more by now."""
    found = []
    for entry in record["entries"]:
        path = out / entry["file"]
        if place.resolved(path).is_relative_to(out) and path.is_file():
            one = _hand_in(archives.Found(entry["source"], path.read_bytes(), entry["time"]), knows, path)
            student = one.whose.student
            stays = (student.key if student else "", one.chapter) == (entry["key"], entry["chapter"])
            found.append(replace(one, file=entry["file"] if stays else "", left="" if stays else entry["file"]))
    return found


def _chosen(hand_ins: list[_HandIn], out: Path) -> list[Line]:
    """Write the newest of each student and chapter, and every stranger's; return a line for each file."""
    known = {(one.path, one.digest) for one in hand_ins if one.file or one.left}
    taken = {one.file.casefold() for one in hand_ins if one.file}
    groups: dict[tuple[str, str], list[_HandIn]] = {}
    for one in hand_ins:
        student = one.whose.student
        key = (student.key, one.chapter or one.digest) if student else ("", one.digest)
        if one.file or one.left or (one.path, one.digest) not in known:  # not what is there already
            groups.setdefault(key, []).append(one)
    lines, written = [], set()
    for group in itertools.chain.from_iterable(map(_apart_from_copies, groups.values())):
        newest, *older = sorted(group, key=lambda one: one.newest, reverse=True)
        file = next((one.file for one in group if one.file), "") or _name(newest, taken)
        if all(one.digest != newest.digest for one in group if one.file):
            _put(newest.kept, out, file)
        written.add(file)
        lines.append(_line(newest, STRANGER if newest.whose.student is None else HANDED_IN, file))
        lines += [_line(one, DUPLICATE, "", newest) for one in older]
    for left in {one.file or one.left for one in hand_ins} - {"", *written}:
        _aside(out, left).parent.mkdir(parents=True, exist_ok=True)
        (out / left).replace(_aside(out, left))
    return lines


def _apart_from_copies(group: list[_HandIn]) -> Iterable[list[_HandIn]]:
    """The hand-ins of a student; by themselves those that somebody else seems to have handed in, if there are others.

    Who hands in another's file must not replace the other's own.
    """
    own = [one for one in group if not one.whose.others]
    if not own or group[0].whose.student is None:
        yield group
        return
    yield own
    for one in group:
        if one.whose.others:
            both = (one.whose.student, *one.whose.others)
            file = one.file if one.file.startswith(f"{STRANGERS}/") else ""
            yield [replace(one, whose=Identity(None, one.whose.how, both), file=file)]


def _aside(out: Path, file: str) -> Path:
    """Where a file goes whose place is taken: it is not deleted, since somebody may have mended it."""
    return out / place.HIDDEN / "replaced" / file


def _put(content: Path, out: Path, file: str) -> None:
    """Write a file; one that was there is put aside."""
    target, aside = out / file, _aside(out, file)
    if target.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
    with draft(target, aside=aside) as written:
        written.write(content.read_bytes())


def _name(one: _HandIn, taken: set[str]) -> str:
    """The path of a hand-in: a folder for each student, in it the chapter's own name."""
    student = one.whose.student
    stem = find(one.chapter).slug if one.chapter else safe(_NOTEBOOK.sub("", one.path.rpartition("/")[2]))
    if student is None:
        return free(f"{STRANGERS}/{safe(_NOTEBOOK.sub('', one.path.rpartition('/')[2]))}", taken, ".ipynb")
    folder = safe("_".join(filter(None, (student.id, student.name))))
    return free(f"{folder}/{stem}", taken, ".ipynb")


def _line(one: _HandIn, state: str, file: str, newest: _HandIn | None = None) -> Line:
    if state == HANDED_IN and not one.readable:
        state = UNREADABLE
    notes = [*_notes(one)]
    if newest is not None:
        same = newest.digest == one.digest
        notes.append(tr("与收下的一样", "the same as the one kept") if same else tr("不是最新的", "not the newest"))
    return Line(state, one.whose.student or Student(""), one.chapter, one.path, file, one.time, tuple(notes))


def _notes(one: _HandIn) -> Iterable[Label]:
    if not one.readable:
        yield tr("不是完好的笔记", "no sound notebook")
    if not one.chapter:
        yield tr("看不出是哪一章", "of no chapter that can be told")
    if one.whose.others:
        names = ", ".join("_".join(filter(None, (other.id, other.name))) for other in one.whose.others)
        if one.whose.student is None:
            yield tr(f"提到的不止一个人：{names}", f"names several: {names}")
        elif one.whose.how == METADATA:
            yield tr(f"笔记里和文件名里不是同一个人：{names}", f"the name of the file names somebody else: {names}")
        else:
            yield tr(f"文件夹名里是别人：{names}", f"the folder names somebody else: {names}")
