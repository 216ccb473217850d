"""Each student's own cases: the same for the same student, as telling as the visible ones, and beside them.

``tools/check_varied.py`` does for a hundred students what is done here for one. As a program this file prints what
one student draws, for comparison with another process.
"""

import copy
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from numbers import Real
from pathlib import Path

import numpy as np
import pytest
import torch
from answered import patient

from course_snn.course.chapters import CHAPTERS
from course_snn.course.compare import as_array, brief
from course_snn.course.exercise import Mistake, chapter_exercises, find
from course_snn.course.exercises import drawn
from course_snn.course.judge import judge
from course_snn.course.varied import generator, untold, varied

VARYING = [e for chapter in CHAPTERS for e in chapter_exercises(chapter.key) if e.vary]
each_chapter = pytest.mark.parametrize("chapter", sorted({exercise.id[:2] for exercise in VARYING}))


def tried(exercise, cases):
    """What a verdict shows of each case, all its numbers, and those that the solution makes of it."""
    seen = [(*map(brief, case), numbers_of(case)) for case in cases]
    return [(*one, numbers_of(exercise.run(exercise.solution, *case))) for one, case in zip(seen, cases, strict=True)]


def drawn_by(exercise, seed, student):
    return tried(exercise, exercise.vary(generator(exercise.id, seed, student)))


def digest(seed, student):
    """One number for what all exercises draw for a student."""
    drew = [(exercise.id, drawn_by(exercise, seed, student)) for exercise in VARYING]
    return hashlib.sha256(repr(drew).encode()).hexdigest()


def numbers_of(value):
    """All numbers in a case or a result, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        return [number for part in value for number in numbers_of(part)]
    if torch.is_tensor(value) or isinstance(value, np.ndarray):
        return as_array(value).flatten().tolist()
    return [value] if isinstance(value, Real) else []


def test_enough_exercises_vary_in_every_chapter_from_01_to_14():
    chapters = {exercise.id[:2] for exercise in VARYING}
    assert len(VARYING) >= 25 and chapters >= {f"{number:02}" for number in range(1, 15)}


def test_the_same_student_gets_the_same_cases_and_another_gets_others():
    unsteady, shared = [], []
    for exercise in VARYING:
        first = drawn_by(exercise, "s", "a")
        unsteady += [exercise.id] if first != drawn_by(exercise, "s", "a") else []
        shared += [exercise.id] if first in (drawn_by(exercise, "s", "b"), drawn_by(exercise, "t", "a")) else []
    assert not unsteady and not shared


def test_another_process_draws_the_same():
    hashing = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    made = subprocess.run(
        [sys.executable, __file__, "s", "a"],
        env=os.environ | {"PYTHONHASHSEED": hashing},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == digest("s", "a")


def test_most_cases_are_none_of_the_visible_ones():
    known = []
    for exercise in VARYING:
        visible, own = tried(exercise, copy.deepcopy(exercise.cases)), drawn_by(exercise, "s", "a")
        known += [exercise.id] if 2 * sum(case in visible for case in own) > len(own) else []
    assert not known


def test_numbers_are_short_and_so_is_what_comes_of_them():
    """A verdict shows six digits of a number: what is drawn has no more, and a solution gives no nan."""
    long, nameless = [], []
    for exercise in VARYING:
        for case in exercise.vary(generator(exercise.id, "s", "a")):
            odd = [x for x in numbers_of(case) if abs(float(f"{x:.5g}") - x) > 1e-6 * abs(x)]
            pictures = exercise.id == "14.accuracy"  # which no verdict shows
            long += [(exercise.id, odd)] if set(odd) - {2.0**-20} and not pictures else []
            result = numbers_of(exercise.run(exercise.solution, *case))
            nameless += [exercise.id] if not np.isfinite(result).all() else []
    assert not long and not nameless


def test_another_exercise_of_the_student_draws_otherwise():
    assert generator("01.rheobase", "s", "a").random() != generator("01.euler_step", "s", "a").random()


def test_the_visible_cases_stay_and_come_first():
    exercise = find("01.euler_step")
    own = varied(exercise, "s", "a")
    assert own.cases[: len(exercise.cases)] == exercise.cases and len(own.cases) > len(exercise.cases)
    assert own is varied(exercise, "s", "a")  # what the judge remembers of it serves again
    same = find("10.mend_a")
    assert same.vary is None and varied(same, "s", "a") is same


@each_chapter
def test_the_solution_passes_and_the_drawn_cases_alone_tell_all_mistakes_apart(chapter):
    missed = []
    for exercise in (exercise for exercise in VARYING if exercise.id.startswith(chapter)):
        own = patient(varied(exercise, "autumn", "3120"))
        if left := untold(exercise, own.cases[len(exercise.cases) :]):
            missed.append(f"{exercise.id}: {left}")
        verdict = judge(own, exercise.solution)
        if not verdict.passed:
            missed.append(f"{exercise.id}: {verdict}")
    assert not missed, "\n".join(missed)


def test_mistakes_are_still_named():
    missed = []
    for exercise in map(find, ("00.count_spikes", "01.lif_trace", "03.wire", "05.stdp_window", "12.run_loop")):
        own = patient(varied(exercise, "autumn", "3120"))
        for mistake in exercise.mistakes:
            verdict = judge(own, mistake.wrong)
            if verdict.passed or (verdict.reason.zh, verdict.reason.en) != (mistake.zh, mistake.en):
                missed.append(f"{exercise.id}, {mistake.en}: {verdict}")
    assert not missed, "\n".join(missed)


def test_who_knows_the_visible_cases_by_heart_is_refused():
    exercise = find("01.rheobase")
    table = {case: exercise.solution(*case) for case in exercise.cases}
    assert judge(exercise, lambda *case: table[case]).passed
    own = varied(exercise, "s", "a")
    assert not judge(own, lambda *case: table.get(case, 0.0)).passed


def test_what_cases_leave_open_is_found():
    double = replace(
        find("01.rheobase"),
        solution=lambda x: 2 * x,
        mistakes=(Mistake(lambda x: x + 2, "加", "plus"), Mistake(lambda x: x**2, "方", "square")),
        keeps=False,
    )
    assert untold(double, ((2,),)) == [(0, None), (1, None), (1, 0)]
    assert untold(double, ((2,), (3,))) == []


def test_cases_are_drawn_until_they_tell_all_mistakes_apart():
    exercise = find("01.rheobase")
    blind, tries = ((9.0, 1.0, 0.0),), []

    def vary(rng):
        tries.append(rng.random())
        return blind if len(tries) < 4 else exercise.vary(rng)

    own = varied(replace(exercise, vary=vary), "s", "a")
    assert len(tries) == 4 and own.cases[len(exercise.cases) :] != blind


def test_the_helpers_draw_within_their_limits():
    rng = np.random.default_rng(0)
    assert {drawn.whole(rng, 2, 4) for _ in range(99)} == {2, 3, 4}
    assert {drawn.number(rng, -0.1, 0.2, 0.1) for _ in range(99)} == {-0.1, 0.0, 0.1, 0.2}
    assert {float(x) for x in drawn.grid(rng, (99,), 0.0, 0.5, 0.25)} == {0.0, 0.25, 0.5}
    assert set(drawn.bits(rng, 2)) == {0, 1} and drawn.spikes(rng, 1, 2).unique().tolist() == [0.0, 1.0]
    assert sorted(drawn.some(rng, 3, "abc")) == ["a", "b", "c"]
    with pytest.raises(RuntimeError, match="none of"):
        drawn.until(lambda: 1, lambda value: value > 1)


if __name__ == "__main__":
    print(digest(*sys.argv[1:]))
