"""Grading a folder of hand-ins: answers are tried in a sandbox, verdicts are made here, and nothing is run twice."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from course_snn.course import chapters as book
from course_snn.course.classroom import marks, place
from course_snn.course.classroom.deciding import decide
from course_snn.course.classroom.entries import Entry, NothingToGrade, entries, files, shown
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.hand_in import begin_cell
from course_snn.course.classroom.marks import Grades, Mark, Row
from course_snn.course.classroom.sandbox import Limits, Sandbox, Tried
from course_snn.course.classroom.shipped import JUDGING, shipped
from course_snn.course.exercise import chapter_exercises
from course_snn.course.judge import BrokenExercise
from course_snn.language import Label, tr

LOCK = marks.KEPT.with_name("grading.lock")
Progress = Callable[[int, int, Row], object]
SAVE = 1.0  # s: rows are written so often
__all__ = ["NothingToGrade", "grade", "shown"]


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
    assigned: Path | None = None,
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
        assigned: the folder that `assign` wrote; without it, hand-ins are believed what they say of exam and seed.
        runner: instead of the sandbox, a command that runs another with fewer rights.

    Raises:
        NothingToGrade: no such folder, or nothing in it.
        NoSandbox: this machine has none, and ``trust`` is False.
        Broken: the sandbox's server does not start.
        ClassroomError: somebody else is grading this folder, or it cannot be written.
    """
    folder = Path(folder)
    files(folder)  # there are some
    settings = limits or Limits()
    keys = None if chapters is None else tuple(book.find(name).key for name in chapters)
    with _locked(folder):
        before = marks.load(folder)
        seed = seed or (before.seed if before else secrets.token_hex(8))
        found = entries(folder, keys, f"{seed} {trust} {settings}", assigned)
        sandbox = partial(Sandbox, limits=settings, trust=trust, runner=runner)
        return _Run(folder, found, _exercises(keys, found), seed, before if resume else None, progress).all(
            sandbox, workers or min(4, os.cpu_count() or 1)
        )


class _Run:
    """The rows of a class, as they come.

    Args:
        folder: where they are kept.
        found: what was handed in.
        names: the exercises.
        seed: of the hidden cases.
        before: the grades of the last time; None to make all rows anew.
        progress: see `grade`.
    """

    def __init__(
        self,
        folder: Path,
        found: Sequence[Entry],
        names: Sequence[str],
        seed: str,
        before: Grades | None,
        progress: Progress | None,
    ) -> None:
        self._folder, self._found, self._names, self._seed, self._progress = folder, found, names, seed, progress
        kept = {row.file: row for row in before.rows} if before else {}
        known = before.notes if before else {}
        same = [one.file for one in found if one.file in kept and known.get(one.file) == one.digest]
        self._rows = {file: kept[file] for file in same}
        self._saved = time.monotonic()

    def all(self, sandbox: Callable[[dict[str, str]], Sandbox], workers: int) -> Grades:
        """Make the rows that are missing; also when it is stopped, those that are done are kept."""
        try:
            for entry in self._found:
                if entry.hand_in is None and entry.file not in self._rows:
                    self._add(entry, _unreadable(entry, self._names))
            self._try_all([entry for entry in self._found if entry.file not in self._rows], sandbox, workers)
        finally:
            grades = self._save()
        return grades

    def _try_all(self, rest: Sequence[Entry], sandbox: Callable[[dict[str, str]], Sandbox], workers: int) -> None:
        if not rest:
            return
        keys = sorted({key for entry in rest for key in entry.hand_in.chapters})
        alone = any(entry.hand_in.assignment.exam for entry in rest)
        begins = {key: begin_cell(key) for key in keys}
        pool = _Pool(lambda: sandbox(begins), alone, self._seed)
        executor = ThreadPoolExecutor(min(workers, len(rest)))
        try:
            tried: dict[Future, Entry] = {executor.submit(pool.attempt_all, entry): entry for entry in rest}
            for future in as_completed(tried):
                self._add(tried[future], _row(tried[future], future.result(), self._seed))
        finally:  # also after Ctrl-C: what is under way ends with its sandbox
            executor.shutdown(wait=False, cancel_futures=True)
            pool.close()
            executor.shutdown()

    def _add(self, entry: Entry, row: Row) -> None:
        self._rows[entry.file] = row
        if time.monotonic() > self._saved + SAVE:
            self._save()
        if self._progress:
            self._progress(len(self._rows), len(self._found), row)

    def _save(self) -> Grades:
        done = [entry for entry in self._found if entry.file in self._rows]
        notes = {entry.file: entry.digest for entry in done}
        grades = Grades(tuple(self._names), tuple(self._rows[entry.file] for entry in done), self._seed, notes)
        try:
            marks.save(grades, self._folder)
        except OSError as error:
            raise place.cannot_write(self._folder, error) from error
        self._saved = time.monotonic()
        return grades


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Within the block nobody else grades the folder."""
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        (folder / LOCK).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        told = tr(f"{folder} 正在被另一个程序批改", f"another program is grading {folder} at the moment")
        raise ClassroomError(told) from None
    except OSError as error:
        raise place.cannot_write(folder, error) from error
    with lock, contextlib.ExitStack() as stack:
        stack.callback(lock.release)  # what was acquired above
        yield


class _Pool:
    """A sandbox for each thread; where hand-ins must not meet, a new one for each hand-in."""

    def __init__(self, make: Callable[[], Sandbox], alone: bool, hidden: str) -> None:
        first = make()  # says at once that there is none
        self._make, self._alone, self._hidden, self._lock = make, alone, hidden, threading.Lock()
        self._all, self._free, self._closed = [first], [first], False

    def attempt_all(self, entry: Entry) -> dict[str, Tried | BrokenExercise]:
        """Return what came out for each answer of a hand-in."""
        sandbox = self._taken()
        try:
            return {name: self._attempt(sandbox, name, entry) for name in entry.hand_in.answers}
        finally:
            if self._alone:
                sandbox.stop()
            self._free.append(sandbox)

    def _attempt(self, sandbox: Sandbox, name: str, entry: Entry) -> Tried | BrokenExercise:
        source = entry.hand_in.answers[name]
        try:
            exercise = shipped(name, self._hidden, **entry.variant)
        except BrokenExercise as fault:
            return fault
        job = {"chapter": name[:2], "needs": source.needs, "code": source.code, "answer": source.answer}
        return sandbox.attempt(exercise, job)

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


def _row(entry: Entry, tried: dict[str, Tried | BrokenExercise], hidden: str) -> Row:
    hand_in, states, flags = entry.hand_in, {}, []
    for key in hand_in.chapters:
        for exercise in chapter_exercises(key):
            states[exercise.id], more = _mark(exercise.id, hidden, entry, tried.get(exercise.id))
            flags += more
    told = (*entry.flags, *hand_in.flags, *flags)
    return Row(entry.file, entry.called, states, told, hand_in.assignment.exam)


def _mark(name: str, hidden: str, entry: Entry, tried: Tried | BrokenExercise | None) -> tuple[Mark, list[Label]]:
    if tried is None:
        return Mark.of(marks.MISSING, tr("没有这个单元格", "its cell is missing")), []
    try:
        if isinstance(tried, BrokenExercise):
            raise tried
        with JUDGING:
            return decide(name, hidden, entry.variant, tried)
    except BrokenExercise as fault:  # of the course, and perhaps of one student's own cases: the others are graded
        reason = fault.args[0]
        return Mark.of(marks.ERROR, reason), [tr(f"{name}：请您亲自看", f"{name}: please look at it yourself")]


def _unreadable(entry: Entry, names: Sequence[str]) -> Row:
    mark = Mark.of(marks.UNREADABLE, entry.fault)
    own = [name for name in names if name[:2] == entry.chapter]  # as its name says, since the file cannot
    return Row(entry.file, entry.called, dict.fromkeys(own or names, mark), (entry.fault, *entry.flags))


def _exercises(keys: Iterable[str] | None, found: Sequence[Entry]) -> list[str]:
    """Return the columns: the exercises of the chapters that are graded, else of all that somebody answers."""
    answered = {key for entry in found if entry.hand_in for key in entry.hand_in.chapters} | set(keys or ())
    if keys is None:
        answered |= {entry.chapter for entry in found if entry.hand_in is None} - {""}
    return [exercise.id for key in sorted(answered) for exercise in chapter_exercises(key)]
