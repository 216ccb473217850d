"""What a handed-out notebook says of itself in ``metadata.course``: which assignment it is, and whose.

    {"assignment": {"chapters": ["01"], "exam": false, "seed": "1f2e…", "made": "2026-09-01T08:00:00+08:00"},
     "student": {"id": "2023001", "name": "张伟"}}

A hand-in may hold anything there: what is not of that form is read as absent.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from course_snn.course.cells import Cell, exercise, source
from course_snn.course.chapters import CHAPTERS

KEY = "course"
LONGEST = 100  # characters of a number or a name
_BEGIN = re.compile(r"""\bcourse\.begin\(.*\bstudent=(["'])(?P<id>[^"'\\]{1,100})\1""")


@dataclass(frozen=True)
class Student:
    """One of the class.

    Args:
        id: the number; "" if only the name is known.
        name: the name; "" if only the number is known.
        group: the class or section, for the teacher's tables.
    """

    id: str
    name: str = ""
    group: str = ""

    @property
    def key(self) -> str:
        """What tells one student from another: the number, else the name."""
        return self.id or self.name


@dataclass(frozen=True)
class Assignment:
    """What was handed out.

    Args:
        chapters: the chapters in this notebook, ("01",).
        exam: whether it is an exam.
        seed: the seed of the students' own cases; "" for the cases of the course.
        made: when it was made, ISO 8601.
    """

    chapters: tuple[str, ...]
    exam: bool = False
    seed: str = ""
    made: str = ""


def mark(notebook: Cell, assignment: Assignment, student: Student | None) -> Cell:
    """The notebook with assignment and student in its metadata."""
    told: dict[str, Any] = {
        "chapters": [*assignment.chapters],
        "exam": assignment.exam,
        "made": assignment.made,
    } | ({"seed": assignment.seed} if assignment.seed else {})
    own: dict[str, Any] = {"assignment": told}
    if student is not None:
        own["student"] = {"id": student.id, "name": student.name}
    return notebook | {"metadata": notebook.get("metadata", {}) | {KEY: own}}


def assignment_of(notebook: Cell) -> Assignment | None:
    """Which assignment a notebook is; None if it does not say."""
    told = _own(notebook, "assignment")
    if not isinstance(told, dict) or not isinstance(chapters := told.get("chapters"), list):
        return None
    known = {chapter.key for chapter in CHAPTERS}
    named = tuple(key for key in chapters if isinstance(key, str) and key in known)
    if not named:
        return None
    return Assignment(named, told.get("exam") is True, _text(told.get("seed")), _text(told.get("made")))


def student_of(notebook: Cell) -> Student | None:
    """Whose notebook it is: from its metadata, else from the cell with `course.begin`; None if neither says."""
    told = _own(notebook, "student")
    if isinstance(told, dict) and (found := Student(_text(told.get("id")), _text(told.get("name")))).key:
        return found
    codes = (source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code")
    first = next(filter(None, map(_BEGIN.search, codes)), None)
    return Student(first["id"]) if first else None


def chapter_of(notebook: Cell) -> str:
    """The chapter of a notebook, two digits: from its metadata, else the one most of its exercises belong to; or ""."""
    assignment = assignment_of(notebook)
    if assignment and len(assignment.chapters) == 1:
        return assignment.chapters[0]
    known = {chapter.key for chapter in CHAPTERS}
    counts = Counter(name[:2] for cell in notebook["cells"] if (name := exercise(cell)) and name[:2] in known)
    return counts.most_common(1)[0][0] if counts else ""


def _own(notebook: Cell, key: str) -> object:
    own = notebook.get("metadata", {}).get(KEY)
    return own.get(key) if isinstance(own, dict) else None


def _text(value: object) -> str:
    """A short text without control characters; "" for anything else."""
    return value.strip() if isinstance(value, str) and len(value) <= LONGEST and value.isprintable() else ""
