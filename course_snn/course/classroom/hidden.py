"""The cases that an answer is tried on: those of the notebook, each student's own, and some that nobody has seen."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from course_snn.course.exercise import Exercise, find
from course_snn.course.varied import varied

NOBODY = "*"  # no student is called so


@lru_cache(maxsize=4096)  # the same object each time: the judge remembers what its solution returns
def tested(name: str, hidden: str, seed: str = "", student: str = "") -> Exercise:
    """Return the exercise with the cases that a hand-in is graded on; the same for the same arguments.

    Args:
        name: id of the exercise.
        hidden: seed of the hidden cases, which come last where the exercise has a ``vary``.
        seed: seed of the assignment, for each student's own cases; "" for those of the notebook.
        student: id of the student.
    """
    exercise = find(name)
    more = varied(exercise, hidden, NOBODY).cases[len(exercise.cases) :]
    own = varied(exercise, seed, student) if seed and student else exercise
    return replace(own, cases=own.cases + more)
