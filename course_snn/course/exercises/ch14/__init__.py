"""Exercises of chapter 14: classifying DVS gestures."""

from course_snn.course.exercises.ch14 import accuracy, backwards, decide, voting, w_for

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        backwards,
        voting,
        w_for,
        decide,
        accuracy,
    )
)
