"""The files of a class, an entry each: what it answers or why it cannot be read, whose it is, and what is odd."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import course_snn
from course_snn.course import exercises
from course_snn.course.classroom import place
from course_snn.course.classroom.assign import RECORD
from course_snn.course.classroom.collect import chapter_in, owners
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.hand_in import HandIn, read
from course_snn.course.classroom.marked import Assignment, Student
from course_snn.course.classroom.names import out_of_sight
from course_snn.course.classroom.tolerant import Unreadable, read_bytes
from course_snn.language import Label, tr

OURS = {".csv", ".html", ".json", ".png", ".xlsx", ".md"}  # what the other commands leave beside the hand-ins
EXPORTED = (b"jp-Notebook", b"jp-Cell", b"nbconvert")  # a page that Jupyter made of a notebook
LOOK = 1 << 20  # bytes


class NothingToGrade(ClassroomError):
    """There is no folder, or no hand-in in it."""


@dataclass(frozen=True)
class Entry:
    """One file.

    Args:
        file: its name as it is shown; no other entry has the same.
        hand_in: what it answers; None if it cannot be read.
        fault: why it cannot be read.
        digest: of all that its row depends on.
        owner: whose it is as the hand-ins were collected; None if they were not, or if it is nobody's.
        flags: what somebody should look at.
        stray: whether the hand-ins were collected and this one is nobody's.
    """

    file: str
    hand_in: HandIn | None
    fault: Label | None
    digest: str
    owner: Student | None
    flags: tuple[Label, ...] = ()
    stray: bool = False

    @property
    def called(self) -> str:
        """Number and name of the student: as the hand-ins were collected, else as the notebook says."""
        student = self.owner or (self.hand_in.student if self.hand_in and not self.stray else Student(""))
        return " ".join(filter(None, (student.id, student.name)))

    @property
    def chapter(self) -> str:
        """The chapter whose name the file has; "" for none."""
        return chapter_in(self.file.rpartition("/")[2])

    @property
    def variant(self) -> dict[str, str]:
        """Seed and student of the student's own cases."""
        if self.hand_in is None:
            return {"seed": "", "student": ""}
        student = self.hand_in.student.id and (self.owner or self.hand_in.student).id
        return {"seed": self.hand_in.assignment.seed, "student": student}


def entries(folder: Path, keys: Sequence[str] | None, settings: str, assigned: Path | None = None) -> list[Entry]:
    """Return an entry for each file of a folder, in the order of their paths.

    Args:
        folder: the hand-ins, in folders of any depth.
        keys: the chapters that are graded, files of others are left out; None for those that each hand-in answers.
        settings: what all rows depend on.
        assigned: the folder that `assign` wrote: what it says of exam and seed counts, whatever hand-ins say.

    Raises:
        NothingToGrade: no such folder, or nothing in it.
        ClassroomError: ``assigned`` is no folder of `assign`.
    """
    owned, record = owners(folder), _record(assigned)
    settings = f"{settings} {_version()}"
    found = [_entry(path, folder, keys, settings, owned, record) for path in files(folder)]
    found = [one for one in found if _asked(one, keys)] or found  # the only file is looked at, whatever it answers
    if record is None:
        found = list(_odd_ones(found))
    return list(_told_apart(found))


def shown(path: Path) -> str:
    """Return a path as text that can be written anywhere: names from zip files may be in GBK."""
    raw = os.fsencode(path.as_posix())
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def files(folder: Path) -> list[Path]:
    """Return the files that were handed in, in the order of their names.

    Raises:
        NothingToGrade: no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise NothingToGrade(tr(f"没有文件夹 {folder}", f"there is no folder {folder}"))
    found = []
    for path in folder.rglob("*"):
        if not out_of_sight(path.relative_to(folder)) and (path.is_symlink() or not path.is_dir()) and not _ours(path):
            found.append(path)
    if not found:
        raise NothingToGrade(tr(f"{folder} 里没有作业", f"there are no hand-ins in {folder}"))
    return sorted(found)


def _ours(path: Path) -> bool:
    """Whether a file lies there because of us: tables, pages and pictures, but no notebook that only looks so."""
    kind = path.suffix.lower()
    if kind not in OURS or kind not in (".json", ".html") or path.is_symlink() or not path.is_file():
        return kind in OURS
    try:
        with path.open("rb") as file:
            head = file.read(LOOK)
    except OSError:
        return False
    return b'"cell_type"' not in head if kind == ".json" else not any(mark in head for mark in EXPORTED)


def _entry(
    path: Path,
    folder: Path,
    keys: Sequence[str] | None,
    settings: str,
    owned: dict[str, Student],
    record: Assignment | None,
) -> Entry:
    file, content, hand_in, fault, flags = shown(path.relative_to(folder)), b"", None, None, ()
    owner = owned.get(file)
    try:
        content = read_bytes(path)
        hand_in = read(path, keys, content)
        if not hand_in.chapters:
            hand_in, fault = None, tr("看不出是哪一章的作业", "it does not say which chapter it answers")
    except Unreadable as error:
        fault = error.reason
    except Exception as error:  # whatever somebody has thought of, the others are graded
        fault = tr(f"读不了：{type(error).__name__}", f"cannot be read: {type(error).__name__}")
    if hand_in is not None:
        hand_in, flags = _as_handed_out(hand_in, record, owner)
    stray = bool(owned) and owner is None
    if stray:
        flags = (*flags, _nobodys(hand_in))
    told = f"{hand_in.chapters, hand_in.assignment} {owner} {flags}" if hand_in else f"{owner} {flags} by name"
    digest = hashlib.sha256(b"\0".join([content, settings.encode(), told.encode("utf-8", "replace")]))
    return Entry(file, hand_in, fault, digest.hexdigest(), owner, flags, stray)


def _asked(entry: Entry, keys: Sequence[str] | None) -> bool:
    """Whether a file is of one of the chapters, as far as it says."""
    told = {*(entry.hand_in.assignment.chapters if entry.hand_in else ())} or {entry.chapter} - {""}
    return keys is None or not told or not told.isdisjoint(keys)


def _as_handed_out(
    hand_in: HandIn, record: Assignment | None, owner: Student | None
) -> tuple[HandIn, tuple[Label, ...]]:
    """Return the hand-in with exam and seed as they were handed out, and flags where it says anything else."""
    flags, told = [], hand_in.assignment
    if record is not None and (told.exam, told.seed) != (record.exam, record.seed):
        flags.append(tr("元数据与发下去的不同（考试或种子）", "its metadata are not those handed out (exam or seed)"))
        hand_in = replace(hand_in, assignment=replace(told, exam=record.exam, seed=record.seed))
    if owner and hand_in.student.id and hand_in.student.id != owner.id:
        flags.append(
            tr(f"笔记里写的是 {hand_in.student.id} 的", f"the notebook says that it is that of {hand_in.student.id}")
        )
    return hand_in, tuple(flags)


def _nobodys(hand_in: HandIn | None) -> Label:
    """What is said of a file of which collecting could not tell whose it is."""
    if hand_in is None or not hand_in.student.id:
        return tr("不知是谁的，没有算给任何人", "nobody knows whose: it counts for no one")
    number = hand_in.student.id
    return tr(
        f"笔记里写的学号是 {number}，收作业时却对不上人：没有算给任何人。请问一问，让本人再交",
        f"the notebook says that it is that of {number}, but collecting could not tell whose it is: it counts for no "
        "one. Ask, and let the student hand in their own",
    )


def _odd_ones(found: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries; a flag on those that say something else of exam and seed than most of the class."""
    told = Counter(_settings(one) for one in found if one.hand_in)
    common, count = told.most_common(1)[0] if told else (None, 0)
    for one in found:
        if one.hand_in and count > told.total() / 2 and _settings(one) != common:
            flag = tr("元数据里的考试或种子与多数人不同", "its metadata name another exam or seed than most do")
            yield replace(one, flags=(*one.flags, flag), digest=f"{one.digest} {common}")
        else:
            yield one


def _settings(entry: Entry) -> tuple[bool, str]:
    assignment = entry.hand_in.assignment if entry.hand_in else Assignment(())
    return assignment.exam, assignment.seed


def _told_apart(found: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries; those with the same name, after it was read as GBK or as UTF-8, get numbers."""
    seen: set[str] = set()
    for one in found:
        file, number = one.file, 2
        while file in seen:
            file, number = f"{one.file} ({number})", number + 1
        seen.add(file)
        yield one if file == one.file else replace(one, file=file)


def _record(assigned: Path | None) -> Assignment | None:
    if assigned is None:
        return None
    try:
        told = place.opened(place.resolved(assigned), RECORD)
    except ClassroomError:  # there are other things, and nothing is to be written here
        told = None
    if told is None:
        raise ClassroomError(
            tr(
                f"{assigned} 不是 classroom assign 写的文件夹。请给出发作业时写的那个（里面有 {place.HIDDEN}）",
                f"{assigned} is no folder that classroom assign has written. Give the one from which the class got its "
                f"notebooks (with {place.HIDDEN} in it)",
            )
        )
    return Assignment((), told.get("exam") is True, f"{told.get('seed', '')}")


def _version() -> str:
    """Return what tells one state of the course's exercises from another."""
    total = hashlib.sha256(course_snn.__version__.encode())
    for path in sorted(Path(exercises.__file__).parent.rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()
