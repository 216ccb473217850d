"""What graders of other systems call in the kernel of a hand-in, where there is no sandbox and no second process.

Whoever runs there can change the judge: `course-snn classroom grade` makes its verdicts outside.
"""

from __future__ import annotations

from collections.abc import Callable

from course_snn.course import judge, lesson
from course_snn.course.classroom.hidden import tested


def require(exercise_id: str, answer: Callable, *, hidden: str) -> None:
    """Judge ``answer`` on the visible cases and on hidden ones, without a word if it is right.

    Args:
        exercise_id: "01.euler_step".
        answer: the learner's function or class.
        hidden: seed of the hidden cases.

    Raises:
        WrongAnswer: the answer is not right, or not finished; says why.
        BrokenExercise: the course's own solution fails.
    """
    lesson.require(exercise_id, answer)
    exercise = tested(exercise_id, hidden)
    if not (verdict := judge.judge(exercise, answer)).passed:
        raise lesson.WrongAnswer(f"[{exercise_id}] {verdict.reason}")
