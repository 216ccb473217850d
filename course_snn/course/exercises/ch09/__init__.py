"""Exercises of chapter 09: a single-layer SNN on MNIST."""

from course_snn.course.exercises.ch09 import accuracy, early_decision, firing_rate, rate_mse, steps_needed, train_step

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        steps_needed,
        firing_rate,
        rate_mse,
        train_step,
        accuracy,
        early_decision,
    )
)
