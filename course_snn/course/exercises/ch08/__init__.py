"""Exercises of chapter 08: surrogate gradients."""

from course_snn.course.exercises.ch08 import after_spike, bptt, sigmoid_slope, step_gradient, triangle

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        sigmoid_slope,
        after_spike,
        step_gradient,
        triangle,
        bptt,
    )
)
