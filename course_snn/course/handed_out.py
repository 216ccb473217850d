"""What a notebook that was handed out tells this kernel when it begins: exam or not, whose it is, which cases."""

from __future__ import annotations

from dataclasses import dataclass

from course_snn.course.exercise import Exercise
from course_snn.course.varied import varied


@dataclass(frozen=True)
class HandedOut:
    """What `course.begin` was told.

    Args:
        exam: True if verdicts say passed or not yet and nothing more.
        student: the student's number; "" for none.
        variant: the seed of the students' own cases, as hexadecimal digits; "" for the cases of the course.
    """

    exam: bool = False
    student: str = ""
    variant: str = ""


_current = HandedOut()


def declare(exam: bool, student: str, variant: str) -> None:
    """Say what this kernel's notebook is; the last word counts."""
    global _current
    _current = HandedOut(exam, student, variant)


def current() -> HandedOut:
    """What this kernel's notebook is: nothing special unless it was declared."""
    return _current


def with_own_cases(exercise: Exercise) -> Exercise:
    """The exercise with the cases of this notebook's student too; itself where there are none."""
    return varied(exercise, _current.variant, _current.student) if _current.variant else exercise
