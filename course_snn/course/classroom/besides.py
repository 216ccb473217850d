"""What lies beside the hand-ins: files that are none, also those of earlier runs, and students of whom one is missing.

Who is missing, and yet named by a file that counts for nobody, is told so: it is not the same as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from course_snn.course.classroom.archives import Found
from course_snn.course.classroom.marked import Student
from course_snn.course.classroom.names import some
from course_snn.course.classroom.roster import Roster
from course_snn.course.classroom.tables import MISSING, OTHER, REFUSED, STRANGER, Line
from course_snn.course.classroom.who import Knows
from course_snn.language import Label, tr

MOST = 3  # files that a note names


def other(found: Found) -> Line:
    """A line for a file that is no notebook, or that was not read."""
    reason = found.refused or tr("不是笔记", "no notebook")
    return Line(REFUSED if found.refused else OTHER, Student(""), "", found.path, "", found.time, (reason,))


def kept(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """What is written down of the files that are no hand-ins, so that another run still lists them."""
    return [
        {"state": line.state, "source": line.source, "time": line.time} | noted(line)
        for line in lines
        if line.state in (OTHER, REFUSED)
    ]


def noted(line: Line) -> dict[str, Any]:
    """The notes of a line, as they are written down."""
    return {"notes": [[note.zh, note.en] for note in line.notes]}


def earlier(record: dict[str, Any], source: Path, lines: Sequence[Line]) -> list[Line]:
    """The files that are no hand-ins of earlier runs; not those of the same zip, which was read anew."""
    now = [line.source for line in lines]
    again = f"{source.name}/" if source.is_file() else "\0"
    return [
        Line(one["state"], Student(""), "", one["source"], "", one["time"], tuple(Label(*n) for n in one["notes"]))
        for one in record.get("others", [])
        if not one["source"].startswith(again)
        and not any(path == one["source"] or path.startswith(f"{one['source']}/") for path in now)
    ]


def missing(lines: Sequence[Line], roster: Roster | None, knows: Knows) -> list[Line]:
    """A line for each student of the roster and each chapter that somebody handed in, but not they.

    Args:
        lines: one for each file.
        roster: the class; None for no lines.
        knows: tells whom the name of a file names.
    """
    if roster is None:
        return []
    there = {(line.student.key, line.chapter) for line in lines if line.file}
    chapters = sorted({line.chapter for line in lines if line.file and line.chapter}) or [""]
    named = _named([line for line in lines if line.state in (OTHER, REFUSED, STRANGER)], knows)
    return [
        Line(MISSING, student, chapter, notes=tuple(_instead(named.get(student.key, []), chapter)))
        for student in roster.students
        for chapter in chapters
        if (student.key, chapter) not in there
    ]


def _named(lines: Iterable[Line], knows: Knows) -> dict[str, list[Line]]:
    """The files that count for nobody, by whom their path names."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        whose = knows.identity(line.source, None)
        for student in {one.key: one for one in (whose.student, *whose.others) if one is not None}:
            found.setdefault(student, []).append(line)
    return found


def _instead(lines: Sequence[Line], chapter: str) -> Iterable[Label]:
    """What there is in place of a chapter: files of that chapter, and those of none."""
    lines = [line for line in lines if line.chapter in ("", chapter)]
    ours = [line.file for line in lines if line.state == STRANGER]
    theirs = [line.source.rpartition("/")[2] for line in lines if line.state != STRANGER]
    if ours:
        named = some(ours, MOST)
        yield tr(f"交的一份还写着别人，没有算：{named}", f"not counted, since it also names others: {named}")
    if theirs:
        named = some(theirs, MOST)
        yield tr(f"只交了不是笔记的文件：{named}", f"handed in, but no notebook: {named}")
