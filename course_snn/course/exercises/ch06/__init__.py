"""Exercises of chapter 06: digits without labels."""

from course_snn.course.exercises.ch06 import after_sample, compete, label_neurons, learn_row, show_sample, soft_vote

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        learn_row,
        compete,
        after_sample,
        label_neurons,
        show_sample,
        soft_vote,
    )
)
