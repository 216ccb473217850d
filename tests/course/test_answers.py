"""What people answered who had not seen the solutions: right answers pass in any style, wrong ones do not."""

from collections import Counter

import pytest
from answered import ACCEPTED, NAMED, answers, sort

from course_snn.course.chapters import CHAPTERS
from course_snn.course.exercise import chapter_exercises

pytestmark = pytest.mark.filterwarnings("ignore")  # a warning in a learner's code is no error there

LEAST_WRONG, LEAST_RIGHT = 8, 3
each_chapter = pytest.mark.parametrize("chapter", [chapter.key for chapter in CHAPTERS if chapter.ready])


@each_chapter
def test_right_answers_pass_wrong_ones_do_not_and_two_thirds_of_them_are_named(chapter):
    missed, sorts = [], Counter()
    for answer in answers(chapter):
        verdict = answer.judged()
        if verdict.passed is not answer.right:
            missed.append(f"{answer.exercise} {answer.what}: {verdict!r}\n{answer.source}")
        if not answer.right:
            sorts[sort(verdict)] += 1
    assert not missed, "\n".join(missed)
    assert sorts[ACCEPTED] == 0 and sorts[NAMED] >= 2 / 3 * sorts.total(), sorts


@each_chapter
def test_every_exercise_was_answered_often_enough(chapter):
    counted = Counter((answer.exercise, answer.right) for answer in answers(chapter))
    exercises = {exercise.id for exercise in chapter_exercises(chapter)}
    assert {exercise for exercise, _ in counted} == exercises
    assert not [
        exercise
        for exercise in sorted(exercises)
        if counted[exercise, False] < LEAST_WRONG or counted[exercise, True] < LEAST_RIGHT
    ]
