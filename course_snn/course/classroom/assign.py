"""Handing out chapters to a class: one notebook for everybody, or one for each student on the roster."""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from course_snn.course.cells import Cell, dump, parse
from course_snn.course.chapters import Chapter, ChapterError
from course_snn.course.classroom import formats, nbgrader_format, otter_format, place
from course_snn.course.classroom.choices import NBGRADER, OTTER, PLAIN
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.handout import handout
from course_snn.course.classroom.marked import Assignment, Student
from course_snn.course.classroom.names import free, safe
from course_snn.course.classroom.roster import Roster
from course_snn.course.originals import versions
from course_snn.drafts import draft
from course_snn.language import tr

RECORD = "assignment"
OTHERS = {NBGRADER: nbgrader_format.files, OTTER: otter_format.files}


@dataclass(frozen=True)
class Assigned:
    """What `assign` did.

    Args:
        folder: where the notebooks are.
        new: the files written now, relative to it.
        kept: the files that were there already, and were left as they are.
        students: how many students have one.
    """

    folder: Path
    new: tuple[str, ...]
    kept: tuple[str, ...]
    students: int


def variant(seed: str) -> str:
    """The seed as notebooks carry it, 16 hexadecimal digits: what the teacher typed cannot be read from them."""
    return hashlib.sha256(f"course-snn:{seed}".encode()).hexdigest()[:16] if seed else ""


def assign(
    chapters: Sequence[Chapter],
    out: Path,
    *,
    roster: Roster | None = None,
    exam: bool = False,
    seed: str = "",
    packed: bool = False,
    form: str = PLAIN,
    on_student: Callable[[], None] = lambda: None,
) -> Assigned:
    """Write the notebooks of an assignment into a folder; run again, it adds those that are missing.

    Args:
        chapters: which chapters.
        out: a new or empty folder, or one of an earlier run with the same settings.
        roster: the class, for a folder for each student; None for one notebook for everybody.
        exam: if True, checks say passed or not yet, and what helps is left out.
        seed: if given, each student is tried on cases of their own, where an exercise has others; in other formats
            it makes the hidden cases, which are the same for all.
        packed: if True, a zip for each student instead of a folder.
        form: "plain", or "nbgrader" or "otter" for what these systems take, solutions included.
        on_student: called after each student.

    Raises:
        ClassroomError: the folder is not ours, or of another assignment, or cannot be written.
        ChapterError: a chapter that is not there.
    """
    formats.refuse(form, chapters, roster is not None, packed)
    if packed and roster is None:
        raise ClassroomError(tr("--zip 要和 --roster 一起用", "--zip takes a --roster: one zip for each student"))
    out = place.resolved(out)
    inside = sorted(chapter.key for chapter in chapters) if packed else []
    settings = {"exam": exam, "seed": variant(seed), "packed": inside, "format": form}
    record = _record(out, settings)
    originals = _originals(chapters)
    base = Assignment((), exam, settings["seed"], record["made"])
    if form == PLAIN:
        files = _files(originals, base, roster, packed, record["names"])
    else:
        hidden = record.setdefault("hidden", base.seed or secrets.token_hex(8))
        files = OTHERS[form](formats.Asked(originals, replace(base, seed=""), hidden)).items()
    new, kept = [], []
    try:
        place.note(out, RECORD, record)
        for path, content in files:
            if (out / path).exists():
                kept.append(path)
            else:
                with draft(out / path) as file:
                    file.write(content())
                new.append(path)
            on_student()
        record["chapters"] = sorted({*record["chapters"], *(chapter.key for chapter in originals)})
        place.note(out, RECORD, record)
    except OSError as error:
        raise place.cannot_write(out, error) from error
    return Assigned(out, tuple(new), tuple(kept), len(roster.students) if roster else 0)


def _record(out: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """What is written down in the folder: the settings, and which folder is whose."""
    earlier = place.opened(out, RECORD)
    fresh = {"made": datetime.now().astimezone().isoformat(timespec="seconds"), "chapters": [], "names": {}}
    if earlier is None:
        return fresh | settings
    if any(earlier.get(key, PLAIN) != value for key, value in settings.items()):  # "format" is new
        raise ClassroomError(
            tr(
                f"{out} 里是另一次作业（--exam、--seed、--format、--zip 或压缩包里的章节不同）。"
                "请用同样的选项，或换一个文件夹",
                f"{out} holds another assignment (--exam, --seed, --format, --zip or the chapters in the zips "
                "differ). Use the same options, or another folder",
            )
        )
    return fresh | earlier


def _originals(chapters: Sequence[Chapter]) -> dict[Chapter, Cell]:
    """The chapters as the course has them; in a checkout those of git, not what somebody answered there."""
    there = versions()
    for chapter in chapters:
        if chapter.file_name not in there:
            raise ChapterError(
                tr(f"课程里没有第 {chapter.key} 章", f"the course has no chapter {chapter.key} to hand out")
            )
    return {chapter: parse(there[chapter.file_name]) for chapter in dict.fromkeys(chapters)}


def _files(
    originals: dict[Chapter, Cell],
    base: Assignment,
    roster: Roster | None,
    packed: bool,
    names: dict[str, str],
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Each file to write, relative to the folder, and what makes its content."""

    def made(chapter: Chapter, student: Student | None) -> bytes:
        assignment = replace(base, chapters=(chapter.key,))
        return dump(handout(originals[chapter], chapter.key, assignment, student))

    if roster is None:
        for chapter in originals:
            yield chapter.file_name, lambda chapter=chapter: made(chapter, None)
        return
    taken = {name.casefold() for name in names.values()}
    for student in roster.students:
        own = names.get(student.id) or free(safe(_called(student)), taken)
        names[student.id] = own
        inside = {chapter: f"{chapter.slug}_{own}.ipynb" for chapter in originals}
        if packed:
            yield (
                f"{own}.zip",
                lambda student=student, inside=inside: _zip(
                    {name: made(chapter, student) for chapter, name in inside.items()}
                ),
            )
            continue
        for chapter, name in inside.items():
            yield f"{own}/{name}", lambda chapter=chapter, student=student: made(chapter, student)


def _called(student: Student) -> str:
    return f"{student.id}_{student.name}" if student.name else student.id


def _zip(contents: dict[str, bytes]) -> bytes:
    """The bytes of a zip of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return packed.getvalue()
