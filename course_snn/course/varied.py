"""An exercise with further cases of each student's own, beside those that all see."""

import copy
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np

from course_snn.course.compare import same
from course_snn.course.exercise import Exercise, Finding
from course_snn.course.restore import restored

TRIES = 40


@lru_cache(maxsize=256)
def varied(exercise: Exercise, seed: str, student: str) -> Exercise:
    """Return the exercise with a student's own cases after the visible ones; itself if it has none to draw.

    Args:
        exercise: the exercise.
        seed: of the assignment.
        student: who; the same seed, exercise and student always give the same cases.
    """
    if exercise.vary is None:
        return exercise
    return replace(exercise, cases=exercise.cases + draw(exercise, generator(exercise.id, seed, student))[0])


def draw(exercise: Exercise, rng: np.random.Generator) -> tuple[tuple[tuple, ...], list]:
    """Return cases that by themselves refuse every likely mistake and tell each from the others, and what they leave.

    After some tries they are taken as they are, since the visible cases beside them tell all mistakes apart.

    Args:
        exercise: one that has ``vary``.
        rng: what the cases come from.

    Returns:
        The cases, and what `untold` finds in them: nothing, as a rule.
    """
    with restored():  # our functions' random numbers are not the learner's, and warnings decide nothing
        for _ in range(TRIES):
            cases = exercise.vary(rng)
            if not any(_untold(exercise, cases)):
                return cases, []
        return cases, untold(exercise, cases)


def generator(exercise_id: str, seed: str, student: str) -> np.random.Generator:
    """Return the random generator of one student's cases of one exercise."""
    digest = hashlib.sha256(f"{seed}:{exercise_id}:{student}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest))


def untold(exercise: Exercise, cases: tuple[tuple, ...]) -> list[tuple[int, int | None]]:
    """Return what the cases leave open: (number of a mistake, None) where they let it pass, else a pair alike.

    Args:
        exercise: the exercise, whose solution and mistakes are run here.
        cases: tried instead of the exercise's own.
    """
    return list(_untold(exercise, cases))


def _untold(exercise: Exercise, cases: tuple[tuple, ...]) -> Iterator[tuple[int, int | None]]:
    right = [_does(exercise, exercise.solution, case) for case in cases]
    wrong: list[list] = []
    for number, mistake in enumerate(exercise.mistakes):
        one = [_does(exercise, mistake.wrong, case) for case in cases]
        if _alike(exercise, one, right):
            yield number, None
        for other, its in enumerate(wrong):
            if mistake.zh != exercise.mistakes[other].zh and _alike(exercise, one, its):
                yield number, other
        wrong.append(one)


def _does(exercise: Exercise, answer, case: tuple) -> tuple[str, object]:
    """Return what an answer of ours does on a case: its kind, and the value, the error's type or the finding."""
    arguments = copy.deepcopy(case)
    try:
        value = exercise.run(answer, *arguments)
    except Finding as finding:
        return "finding", finding.zh
    except Exception as error:
        return "error", type(error).__name__
    changed = exercise.keeps and any(not same(now, before, 0.0) for now, before in zip(arguments, case, strict=True))
    return "changed" if changed else "value", value


def _alike(exercise: Exercise, ones: list, others: list) -> bool:
    for (kind, one), (other_kind, other) in zip(ones, others, strict=True):
        if kind != other_kind:
            return False
        plain = kind in ("finding", "error")
        if one != other if plain else not same(one, other, exercise.tolerance, exercise.exact):
            return False
    return True
