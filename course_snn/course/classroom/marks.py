"""What grading finds out about each hand-in, and the tables that are made of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.names import tidy
from course_snn.course.classroom.sheet import as_csv
from course_snn.course.files import write_text
from course_snn.language import Label, tr

PASSED, WRONG, UNFINISHED, ERROR = "passed", "wrong", "unfinished", "error"
TIMEOUT, KILLED, MISSING, UNREADABLE = "timeout", "killed", "missing", "unreadable"
STATES = (PASSED, WRONG, UNFINISHED, ERROR, TIMEOUT, KILLED, MISSING, UNREADABLE)
KEPT = Path(".course-snn-classroom", "grades.json")
FORMAT = 1


@dataclass(frozen=True)
class Mark:
    """The state of one exercise in one hand-in.

    Args:
        state: one of STATES.
        reason_zh: why, in Chinese.
        reason_en: why, in English.
        named: whether the reason names the cause, such as one of the exercise's known mistakes.
    """

    state: str
    reason_zh: str = ""
    reason_en: str = ""
    named: bool = False

    @classmethod
    def of(cls, state: str, reason: Label, named: bool = False) -> Mark:
        """Return a mark whose reason is a text in both languages; what no file can hold of it is replaced."""
        return cls(state, tidy(reason.zh), tidy(reason.en), named)


@dataclass(frozen=True)
class Row:
    """One file that was handed in.

    Args:
        file: its path in the folder, with "/".
        student: number and name, as far as they are known.
        states: the marks by exercise, those of the hand-in's own chapters only.
        flags: what somebody should look at, in both languages.
        exam: whether it was handed out as an exam.
    """

    file: str
    student: str
    states: Mapping[str, Mark]
    flags: tuple[Label, ...] = ()
    exam: bool = False

    @property
    def score(self) -> int:
        """How many exercises are passed."""
        return sum(mark.state == PASSED for mark in self.states.values())

    @property
    def of(self) -> int:
        """How many exercises there are."""
        return len(self.states)


@dataclass(frozen=True)
class Grades:
    """The marks of a class: one row for each file, and the exercises in the order of the course."""

    exercises: tuple[str, ...]
    rows: tuple[Row, ...]
    seed: str
    notes: dict = field(default_factory=dict)  # what a row was made of, to know which are to be made again

    def table(self) -> list[list[object]]:
        """Return the lines of the CSV file, its head first."""
        head = ["file", "student", *self.exercises, "score", "of", "flags"]
        return [head, *(self._line(row) for row in self.rows)]

    def _line(self, row: Row) -> list[object]:
        states = [row.states[name].state if name in row.states else "" for name in self.exercises]
        flags = "; ".join(tr(flag.zh, flag.en) for flag in row.flags)
        return [row.file, row.student, *states, row.score, row.of, flags]


def write_csv(grades: Grades, path: Path) -> None:
    """Write the table of a class."""
    write_text(path, as_csv(grades.table()))


def write_gradescope(grades: Grades, path: Path) -> None:
    """Write what Gradescope reads from an autograder, for the one hand-in that it gives.

    Raises:
        ClassroomError: there is not exactly one hand-in.
    """
    if len(grades.rows) != 1:
        raise ClassroomError(f"Gradescope gives one hand-in at a time; there are {len(grades.rows)} in this folder.")
    found = results(grades.rows[0].states, lambda mark: f"{mark.state}: {tr(mark.reason_zh, mark.reason_en)}")
    write_text(path, json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def results(states: Mapping[str, Mark], said: Callable[[Mark], str]) -> dict:
    """Return the marks of a hand-in as Gradescope reads them; ``said`` makes the text of a mark."""
    tests = [
        {
            "name": name,
            "score": float(mark.state == PASSED),
            "max_score": 1.0,
            "status": "passed" if mark.state == PASSED else "failed",
            "output": said(mark),
        }
        for name, mark in states.items()
    ]
    return {"score": sum(test["score"] for test in tests), "tests": tests}


def save(grades: Grades, folder: Path) -> None:
    """Keep the grades in the folder of the hand-ins."""
    rows = [
        {
            "file": row.file,
            "student": row.student,
            "states": {name: vars(mark) for name, mark in row.states.items()},
            "score": row.score,
            "of": row.of,
            "flags": [[flag.zh, flag.en] for flag in row.flags],
            "exam": row.exam,
        }
        for row in grades.rows
    ]
    kept = {
        "format": FORMAT,
        "seed": grades.seed,
        "exercises": grades.exercises,
        "rows": rows,
        "notes": grades.notes,
    }
    write_text(folder / KEPT, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


def load(folder: Path) -> Grades | None:
    """Return the grades that were kept in a folder; None if there are none that can be read."""
    try:
        kept = json.loads((folder / KEPT).read_text(encoding="utf-8"))
        if kept["format"] != FORMAT:
            return None
        rows = [_row(entry) for entry in kept["rows"]]
        return Grades(tuple(kept["exercises"]), tuple(rows), kept["seed"], dict(kept["notes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _row(entry: dict) -> Row:
    states = {name: Mark(**mark) for name, mark in entry["states"].items()}
    flags = tuple(Label(*flag) for flag in entry["flags"])
    return Row(entry["file"], entry["student"], states, flags, entry["exam"] is True)
