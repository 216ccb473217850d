"""Exercises that check themselves: what one consists of, and where to find it.

An exercise is one module of ``course_snn/course/exercises/chNN``. Its expected answers are computed by its solution;
its likely mistakes are wrong functions, so that an answer that equals one of them can be named.
"""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from course_snn.course.compare import CONTAINER, KIND, PROMISES
from course_snn.language import Label

__all__ = [
    "CONTAINER",
    "KIND",
    "Exercise",
    "Finding",
    "Mistake",
    "Trial",
    "chapter_exercises",
    "find",
    "solution_source",
]


class Finding(Exception):
    """Raised by an exercise's ``run`` where it sees what is wrong with an answer: says it in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(Label(zh, en))
        self.zh, self.en = zh, en

    def __reduce__(self) -> tuple:
        return Finding, (self.zh, self.en)


@dataclass(frozen=True)
class Mistake:
    """A likely wrong answer: the function that makes it, and what to tell the learner, in both languages."""

    wrong: Callable
    zh: str
    en: str


class Trial(Protocol):
    """What of an exercise is needed to try an answer."""

    @property
    def id(self) -> str: ...

    @property
    def cases(self) -> tuple[tuple, ...]: ...

    @property
    def run(self) -> Callable: ...


@dataclass(frozen=True, eq=False)  # cases hold tensors, which are not equal or unequal as a whole
class Exercise:
    """One exercise.

    Args:
        id: chapter and name, for example "01.euler_step".
        solution: a function or class that is right; its source is what the learner sees in the end.
        cases: argument tuples to try, the telling ones first.
        mistakes: at least three likely wrong answers.
        hints: three (zh, en) pairs, each saying more than the one before.
        run: how to try an answer on a case, ``run(answer, *case)``; calls it by default. It may raise `Finding`.
        tolerance: largest absolute and relative error that still counts as equal.
        seconds: limit of the answer's own time in one case, in s.
        exact: what the task promises besides the numbers: KIND (True and False, whole numbers or floats), CONTAINER
            (tensor, array, list or tuple), both or none.
        keeps: True where the task says that the arguments stay as they are.
        measured: what is compared, (zh, en), where it is not what the answer returns: "the rate of layer 2".
        vary: further cases of the same kind, ``vary(rng)``, with a `numpy.random.Generator`; None if it has none.
    """

    id: str
    solution: Callable
    cases: tuple[tuple, ...]
    mistakes: tuple[Mistake, ...]
    hints: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
    run: Callable = lambda answer, *case: answer(*case)
    tolerance: float = 1e-4
    seconds: float = 2.0
    exact: tuple[str, ...] = ()
    keeps: bool = False
    measured: tuple[str, str] | None = None
    vary: Callable[[np.random.Generator], tuple[tuple, ...]] | None = None

    def __post_init__(self) -> None:
        if unknown := set(self.exact) - PROMISES:
            raise ValueError(f"{self.id}: exact takes {sorted(PROMISES)}, got {sorted(unknown)}.")

    @property
    def name(self) -> str:
        """What the learner's function or class is called."""
        return self.solution.__name__

    @property
    def source(self) -> str:
        """The source of the solution."""
        return textwrap.dedent(inspect.getsource(self.solution)).rstrip()

    @property
    def call(self) -> str:
        """How the learner's function is called, with the names of the task: "rheobase(r, v_threshold, v_reset)"."""
        parameters = inspect.signature(self.solution).parameters.values()
        names = [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        return f"{self.name}({', '.join(names)})"


def chapter_exercises(chapter: str) -> tuple[Exercise, ...]:
    """Return the exercises of a chapter ("01"), in the order of the notebook; none if the chapter has none."""
    module = f"course_snn.course.exercises.ch{chapter}"
    try:
        return importlib.import_module(module).EXERCISES
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return ()


def find(exercise_id: str) -> Exercise:
    """Return the exercise of that id.

    Raises:
        KeyError: no such exercise; lists those of the chapter.
    """
    exercises = chapter_exercises(str(exercise_id)[:2])
    for exercise in exercises:
        if exercise.id == exercise_id:
            return exercise
    known = ", ".join(exercise.id for exercise in exercises) or "none in this chapter"
    raise KeyError(f"no exercise {exercise_id!r}; there are: {known}.")


def solution_source(exercise_id: str) -> str:
    """Return the source of the solution, ready to stand in a cell."""
    return find(exercise_id).source
