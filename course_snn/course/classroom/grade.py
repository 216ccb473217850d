"""Grading a folder of hand-ins: answers are tried in a sandbox, verdicts are made here, and nothing is run twice."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import course_snn
from course_snn.course import chapters as book
from course_snn.course import exercises
from course_snn.course.classroom import marks
from course_snn.course.classroom.collect import owners
from course_snn.course.classroom.deciding import decide
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.hand_in import HandIn, begin_cell, read
from course_snn.course.classroom.marked import Student
from course_snn.course.classroom.marks import Grades, Mark, Row
from course_snn.course.classroom.sandbox import Limits, Sandbox, Tried
from course_snn.course.classroom.tolerant import Unreadable
from course_snn.course.exercise import chapter_exercises
from course_snn.language import Label, tr

OURS = {".csv", ".html", ".json", ".png", ".xlsx", ".md"}  # what the other commands leave beside the hand-ins
Progress = Callable[[int, int, Row], object]


class NothingToGrade(ClassroomError):
    """There is no folder, or no hand-in in it."""


@dataclass(frozen=True)
class _Entry:
    """One file: its name as it is shown, what it answers or why it cannot be read, and what its row depends on."""

    file: str
    hand_in: HandIn | None
    fault: Label | None
    digest: str
    owner: Student | None


def grade(
    folder: Path,
    *,
    chapters: Sequence[str] | None = None,
    trust: bool = False,
    seed: str | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    limits: Limits | None = None,
    workers: int | None = None,
    runner: Sequence[str] = (),
) -> Grades:
    """Grade every file of a folder; the result is kept in it after each, so that the run may be stopped any time.

    Args:
        folder: the hand-ins, in folders of any depth.
        chapters: which to grade, by any name of theirs; by default those that each hand-in answers.
        trust: run the answers without a sandbox.
        seed: of the hidden cases; by default that of the last time, at first one that nobody knows.
        resume: whether files that have not changed since they were graded keep their rows.
        progress: called after each file with how many are done, how many there are, and the row.
        limits: what one answer may take.
        workers: how many are tried at once; by default as many as there are processors, 4 at most.
        runner: instead of the sandbox, a command that runs another with fewer rights.

    Raises:
        NothingToGrade: no such folder, or nothing in it.
        NoSandbox: this machine has none, and ``trust`` is False.
        Broken: the sandbox's server does not start.
    """
    folder = Path(folder)
    before = marks.load(folder)
    seed = seed or (before.seed if before else secrets.token_hex(8))
    keys = None if chapters is None else tuple(book.find(name).key for name in chapters)
    limits = limits or Limits()
    owned = owners(folder)
    entries = [_entry(path, folder, keys, f"{seed} {trust} {limits}", owned) for path in _files(folder)]
    names = _exercises(keys, entries)
    kept = {row.file: row for row in before.rows} if before and resume else {}
    known = before.notes if before else {}
    rows = {one.file: kept[one.file] for one in entries if one.file in kept and known.get(one.file) == one.digest}

    def add(entry: _Entry, row: Row) -> None:
        rows[entry.file] = row
        marks.save(_grades(names, seed, entries, rows), folder)
        if progress:
            progress(len(rows), len(entries), row)

    for entry in entries:
        if entry.hand_in is None:
            add(entry, _unreadable(entry, names))
    rest = [entry for entry in entries if entry.file not in rows]
    sandbox = partial(Sandbox, hidden=seed, limits=limits, trust=trust, runner=runner)
    _grade_all(rest, seed, sandbox, workers or min(4, os.cpu_count() or 1), add)
    grades = _grades(names, seed, entries, rows)
    marks.save(grades, folder)
    return grades


def _grade_all(
    entries: Sequence[_Entry],
    seed: str,
    sandbox: Callable[[dict[str, str]], Sandbox],
    workers: int,
    add: Callable[[_Entry, Row], None],
) -> None:
    if not entries:
        return
    keys = sorted({key for entry in entries for key in entry.hand_in.chapters})
    alone = any(entry.hand_in.assignment.exam for entry in entries)
    begins = {key: begin_cell(key) for key in keys}
    pool = _Pool(lambda: sandbox(begins), alone)
    executor = ThreadPoolExecutor(min(workers, len(entries)))
    try:
        tried: dict[Future, _Entry] = {executor.submit(pool.attempt_all, entry.hand_in): entry for entry in entries}
        for future in as_completed(tried):
            add(tried[future], _row(tried[future], future.result(), seed))
    finally:  # also after Ctrl-C: what is under way ends with its sandbox
        executor.shutdown(wait=False, cancel_futures=True)
        pool.close()
        executor.shutdown()


class _Pool:
    """A sandbox for each thread; where hand-ins must not meet, a new one for each hand-in."""

    def __init__(self, make: Callable[[], Sandbox], alone: bool) -> None:
        first = make()  # says at once that there is none
        self._make, self._alone, self._lock = make, alone, threading.Lock()
        self._all, self._free, self._closed = [first], [first], False

    def attempt_all(self, hand_in: HandIn) -> dict[str, Tried]:
        """Return what came out for each answer of a hand-in."""
        sandbox = self._taken()
        try:
            return {name: sandbox.attempt(name, _job(hand_in, name)) for name in hand_in.answers}
        finally:
            if self._alone:
                sandbox.stop()
            self._free.append(sandbox)

    def close(self) -> None:
        """End all sandboxes, and with them what is under way."""
        with self._lock:
            self._closed = True
        for sandbox in self._all:
            sandbox.close()

    def _taken(self) -> Sandbox:
        with self._lock:
            if self._free:
                return self._free.pop()
            if self._closed:
                raise CancelledError
            self._all.append(self._make())
            return self._all[-1]


def _job(hand_in: HandIn, name: str) -> dict:
    source = hand_in.answers[name]
    return {
        "exercise": name,
        "chapter": name[:2],
        "needs": source.needs,
        "code": source.code,
        "answer": source.answer,
        **_variant(hand_in),
    }


def _variant(hand_in: HandIn) -> dict[str, str]:
    return {"seed": hand_in.assignment.seed, "student": hand_in.student.id}


def _row(entry: _Entry, tried: dict[str, Tried], hidden: str) -> Row:
    hand_in, states, flags = entry.hand_in, {}, []
    for key in hand_in.chapters:
        for exercise in chapter_exercises(key):
            if exercise.id not in tried:
                states[exercise.id] = Mark.of(marks.MISSING, tr("没有这个单元格", "its cell is missing"))
                continue
            states[exercise.id], more = decide(exercise.id, hidden, _variant(hand_in), tried[exercise.id])
            flags += more
    return Row(entry.file, _called(entry), states, (*hand_in.flags, *flags))


def _called(entry: _Entry) -> str:
    """Return number and name of the student: as the hand-ins were collected, else as the notebook says."""
    student = entry.owner or (entry.hand_in.student if entry.hand_in else Student(""))
    return " ".join(filter(None, (student.id, student.name)))


def _unreadable(entry: _Entry, names: Sequence[str]) -> Row:
    mark = Mark.of(marks.UNREADABLE, entry.fault)
    return Row(entry.file, _called(entry), dict.fromkeys(names, mark), (entry.fault,))


def _grades(names: Sequence[str], seed: str, entries: Sequence[_Entry], rows: dict[str, Row]) -> Grades:
    done = [entry for entry in entries if entry.file in rows]
    notes = {entry.file: entry.digest for entry in done}
    return Grades(tuple(names), tuple(rows[entry.file] for entry in done), seed, notes)


def _files(folder: Path) -> list[Path]:
    """Return the files that were handed in, in the order of their names."""
    if not folder.is_dir():
        raise NothingToGrade(tr(f"没有文件夹 {folder}", f"there is no folder {folder}"))
    found = []
    for path in folder.rglob("*"):
        inner = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in inner)
        ours = path.suffix.lower() in OURS
        if not hidden and not ours and (path.is_symlink() or not path.is_dir()):
            found.append(path)
    if not found:
        raise NothingToGrade(tr(f"{folder} 里没有作业", f"there are no hand-ins in {folder}"))
    return sorted(found)


def _entry(path: Path, folder: Path, keys: Sequence[str] | None, settings: str, owned: dict[str, Student]) -> _Entry:
    file, content = shown(path.relative_to(folder)), b""
    try:
        hand_in, fault = read(path, keys), None
        content = path.read_bytes()
        if not hand_in.chapters:
            hand_in, fault = None, tr("看不出是哪一章的作业", "it does not say which chapter it answers")
    except Unreadable as error:
        hand_in, fault = None, error.reason
    chapters, owner = hand_in.chapters if hand_in else (), owned.get(file)
    parts = [content, settings.encode(), f"{chapters} {owner}".encode(), _version().encode()]
    return _Entry(file, hand_in, fault, hashlib.sha256(b"\0".join(parts)).hexdigest(), owner)


def shown(path: Path) -> str:
    """Return a path as text that can be written anywhere: names from zip files may be in GBK."""
    raw = os.fsencode(path.as_posix())
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _version() -> str:
    """Return what tells one state of the course's exercises from another."""
    total = hashlib.sha256(course_snn.__version__.encode())
    for path in sorted(Path(exercises.__file__).parent.rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


def _exercises(keys: Iterable[str] | None, entries: Sequence[_Entry]) -> list[str]:
    """Return the columns: the exercises of the chapters that are graded, else of all that somebody answers."""
    found = {key for entry in entries if entry.hand_in for key in entry.hand_in.chapters} | set(keys or ())
    return [exercise.id for key in sorted(found) for exercise in chapter_exercises(key)]
