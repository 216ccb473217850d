"""An exercise with further cases of each student's own, beside those that all see."""

import copy
import hashlib
from dataclasses import replace
from functools import lru_cache

import numpy as np

from course_snn.course.compare import difference
from course_snn.course.exercise import Exercise, Finding

TRIES = 40


@lru_cache(maxsize=256)
def varied(exercise: Exercise, seed: str, student: str) -> Exercise:
    """Return the exercise with a student's own cases after the visible ones; itself if it has none to draw.

    The cases are drawn until they alone refuse every likely mistake and tell each from the others; at the last try
    they are taken as they are, since the visible cases do that too.

    Args:
        exercise: the exercise.
        seed: of the assignment.
        student: who; the same seed, exercise and student always give the same cases.
    """
    if exercise.vary is None:
        return exercise
    rng = generator(exercise.id, seed, student)
    for _ in range(TRIES):
        cases = exercise.vary(rng)
        if not untold(exercise, cases):
            break
    return replace(exercise, cases=exercise.cases + cases)


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
    right = [_does(exercise, exercise.solution, case) for case in cases]
    wrong = [[_does(exercise, mistake.wrong, case) for case in cases] for mistake in exercise.mistakes]
    found: list[tuple[int, int | None]] = []
    for number, one in enumerate(wrong):
        if _alike(exercise, one, right):
            found.append((number, None))
        for other in range(number):
            same_words = exercise.mistakes[number].zh == exercise.mistakes[other].zh
            if not same_words and _alike(exercise, one, wrong[other]):
                found.append((number, other))
    return found


def _does(exercise: Exercise, answer, case: tuple) -> tuple[str, object]:
    """Return what an answer of ours does on a case: its kind, and the value, the error's type or the finding."""
    arguments = copy.deepcopy(case)
    try:
        value = exercise.run(answer, *arguments)
    except Finding as finding:
        return "finding", finding.zh
    except Exception as error:
        return "error", type(error).__name__
    changed = exercise.keeps and any(
        difference(now, before, 0.0) is not None for now, before in zip(arguments, case, strict=True)
    )
    return "changed" if changed else "value", value


def _alike(exercise: Exercise, ones: list, others: list) -> bool:
    for (kind, one), (other_kind, other) in zip(ones, others, strict=True):
        if kind != other_kind:
            return False
        plain = kind in ("finding", "error")
        if one != other if plain else difference(one, other, exercise.tolerance, exercise.exact) is not None:
            return False
    return True
