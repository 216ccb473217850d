"""What the marks of a class say: how each exercise went, what is believed wrongly, who needs help."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from course_snn.course.classroom import discrimination, marks, place, states
from course_snn.course.classroom.choices import BELOW
from course_snn.course.classroom.collect import RECORD, owners
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marked import Student
from course_snn.course.classroom.marks import Mark, Row
from course_snn.course.classroom.names import tidy
from course_snn.course.classroom.roster import plain
from course_snn.language import Label, tr

_NOT_HANDED_IN = Mark(states.ABSENT)


@dataclass(frozen=True)
class Person:
    """A student, what their files say joined.

    Args:
        student: number and name; for a file that does not say whose it is, the file's name.
        files: what they handed in.
        marks: of every exercise of the report.
        known: whether it is known who it is.
        notes: what was odd in joining the files, or came in their place.
    """

    student: Student
    files: tuple[str, ...]
    marks: Mapping[str, Mark]
    known: bool = True
    notes: tuple[Label, ...] = ()

    @property
    def passed(self) -> int:
        """How many exercises are passed."""
        return sum(mark.state == marks.PASSED for mark in self.marks.values())

    @property
    def share(self) -> float:
        """How many of all exercises of the report are passed, in per cent; what was not handed in is not passed."""
        return 100 * self.passed / max(1, len(self.marks))

    @property
    def called(self) -> str:
        """Number and name."""
        return " ".join(filter(None, (self.student.id, self.student.name)))

    def count(self, group: states.Group) -> int:
        """How many exercises are in one of the states."""
        return sum(mark.state in group.states for mark in self.marks.values())


@dataclass(frozen=True)
class Belief:
    """A mistake that is known by name: in which exercise, in which words, and whose it is."""

    exercise: str
    reason: Label
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Report:
    """What a class's marks say.

    Args:
        exercises: in the order of the course.
        people: the class, sorted by number.
        strangers: files that are nobody's in the class; they count nowhere.
        rows: all files, with what somebody should look at.
        exam: whether any of them is from an exam.
    """

    exercises: tuple[str, ...]
    people: tuple[Person, ...]
    strangers: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    exam: bool = False

    def counts(self, exercise: str) -> Counter[str]:
        """How many students are in each state of an exercise."""
        return Counter(person.marks[exercise].state for person in self.people)

    def beliefs(self) -> list[Belief]:
        """The mistakes that are known by name, the most frequent first."""
        found: dict[tuple[str, str, str], list[Person]] = defaultdict(list)
        for name in self.exercises:
            for person in self.people:
                if (mark := person.marks[name]).named and mark.state in (marks.WRONG, marks.ERROR):
                    found[name, mark.reason_zh, mark.reason_en].append(person)
        made = [Belief(name, Label(zh, en), tuple(people)) for (name, zh, en), people in found.items()]
        return sorted(made, key=lambda one: -len(one.people))

    def unnamed(self) -> int:
        """How many answers are wrong or stop, and nobody knows why."""
        missed = {marks.WRONG, marks.ERROR}
        return sum(mark.state in missed and not mark.named for one in self.people for mark in one.marks.values())

    def items(self) -> list[discrimination.Item]:
        """How each exercise tells strong students from weak ones."""
        gone = {states.ABSENT, marks.UNREADABLE}
        results = [
            {name: mark.state == marks.PASSED for name, mark in person.marks.items() if mark.state not in gone}
            for person in self.people
        ]
        return discrimination.items(self.exercises, results)

    def helped(self, below: float = BELOW) -> list[tuple[Person, list[Label]]]:
        """Who needs help, and why, those with the fewest passes first."""
        found = [(person, reasons(person, below)) for person in self.people]
        return sorted([one for one in found if one[1]], key=lambda one: one[0].passed)


def reasons(person: Person, below: float = BELOW) -> list[Label]:
    """Why a student needs help: less than so many per cent passed, or chapters that are not there or unreadable."""
    found = []
    if person.share < below:
        count, of = person.passed, len(person.marks)
        found.append(Label(f"通过 {count}/{of}，不到 {below:g}%", f"{count} of {of} passed, below {below:g} %"))
    return found + lacking(person)


def lacking(person: Person) -> list[Label]:
    """Which chapters of a student are not there, or cannot be read."""
    if not person.files:
        return [
            Label("没有能批的笔记", "no notebook to grade")
            if person.notes
            else Label("什么都没交", "handed in nothing")
        ]
    found = []
    for state, zh, en in ((states.ABSENT, "未交", "not handed in"), (marks.UNREADABLE, "打不开", "unreadable")):
        if keys := sorted({name[:2] for name, mark in person.marks.items() if mark.state == state}):
            found.append(Label(f"第 {'、'.join(keys)} 章{zh}", f"chapter {', '.join(keys)} {en}"))
    return found


def read(folder: Path) -> Report:
    """Return what the marks that `grade` kept in a folder say.

    Raises:
        ClassroomError: no such folder, not graded yet, or graded by another version; says what to do.
    """
    folder = place.resolved(folder)
    grades = marks.load(folder)
    if grades is None or not grades.rows:
        raise _ungraded(folder)
    owned, absent = owners(folder), _absent(folder)
    rows = [_tidied(row) for row in grades.rows]
    exercises = tuple(dict.fromkeys([*grades.exercises, *(name for row in grades.rows for name in row.states)]))
    strangers = [row for row in rows if owned and row.file not in owned]
    groups: dict[str, list[tuple[Student, Row, bool]]] = {}
    for row in rows:
        if row not in strangers:
            student, known = _whose(row, owned)
            groups.setdefault(plain(student.key) if known else f"\0{row.file}", []).append((student, row, known))
    people = [_joined(group, exercises) for group in groups.values()]
    there = set(groups)
    people += [_empty(*one, exercises) for one in absent.items() if plain(one[0].key) not in there]
    people.sort(key=lambda one: (not one.known, plain(one.student.id), plain(one.student.name), one.files))
    exam = any(row.exam for row in rows)
    return Report(exercises, tuple(people), tuple(strangers), tuple(rows), exam)


def line(text: str) -> str:
    """The text as one line."""
    return " ".join(tidy(text).split())


def _ungraded(folder: Path) -> ClassroomError:
    if not folder.is_dir():
        return ClassroomError(tr(f"没有文件夹 {folder}", f"there is no folder {folder}"))
    if (folder / marks.KEPT).exists():
        why = ("里的成绩读不出来，可能是别的版本写的", "holds marks that cannot be read, perhaps of another version")
    else:
        why = ("里的作业还没有批", "is not graded yet")
    return ClassroomError(
        tr(
            f'{folder} {why[0]}。先运行：course-snn classroom grade "{folder}"',
            f'{folder} {why[1]}. First run: course-snn classroom grade "{folder}"',
        )
    )


def _absent(folder: Path) -> dict[Student, tuple[Label, ...]]:
    """The students of the roster of whom something is missing, and what came in its place, as `collect` wrote down."""
    found: dict[Student, dict[Label, None]] = {}
    with contextlib.suppress(ClassroomError, TypeError, KeyError, AttributeError):
        for entry in (place.opened(folder, RECORD) or {}).get("missing", []):
            own = found.setdefault(Student(line(entry["id"]), line(entry["name"]), line(entry["group"])), {})
            own |= {Label(line(zh), line(en)): None for zh, en in entry.get("notes", [])}
    return {student: tuple(own) for student, own in found.items()}


def _whose(row: Row, owned: Mapping[str, Student]) -> tuple[Student, bool]:
    """Whose a file is, and whether that is known."""
    if owner := owned.get(row.file):
        return Student(line(owner.id), line(owner.name), line(owner.group)), True
    number, _, name = row.student.partition(" ")
    if not row.student:
        return Student("", row.file), False
    return (Student(number, name) if any(map(str.isdigit, number)) else Student("", row.student)), True


def _joined(group: Sequence[tuple[Student, Row, bool]], exercises: Sequence[str]) -> Person:
    """One person of all their files: the better answer counts where two files hold one."""
    student, _, known = max(group, key=lambda one: bool(one[0].name))
    found: dict[str, list[Mark]] = defaultdict(list)
    for _, row, _ in group:
        for name, mark in row.states.items():
            found[name].append(mark)
    best = {name: min(found.get(name) or [_NOT_HANDED_IN], key=_rank) for name in exercises}
    notes = () if known else (Label("不知是谁的", "nobody knows whose"),)
    twice = {name[:2] for name, several in found.items() if sum(one.state != marks.UNREADABLE for one in several) > 1}
    if twice:
        keys = sorted(twice)
        notes += (
            Label(
                f"第 {'、'.join(keys)} 章交了几份，每题取好的一份",
                f"several files of chapter {', '.join(keys)}: of each exercise the better one counts",
            ),
        )
    return Person(student, tuple(row.file for _, row, _ in group), best, known, notes)


def _empty(student: Student, notes: tuple[Label, ...], exercises: Sequence[str]) -> Person:
    return Person(student, (), dict.fromkeys(exercises, _NOT_HANDED_IN), notes=notes)


def _rank(mark: Mark) -> int:
    return states.BEST_FIRST.index(mark.state) if mark.state in states.BEST_FIRST else len(states.BEST_FIRST)


def _tidied(row: Row) -> Row:
    told = {
        name: replace(mark, reason_zh=tidy(mark.reason_zh), reason_en=tidy(mark.reason_en))
        for name, mark in row.states.items()
    }
    flags = tuple(Label(line(flag.zh), line(flag.en)) for flag in row.flags)
    return replace(row, student=line(row.student), states=told, flags=flags)
