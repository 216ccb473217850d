"""Exercises of chapter 13: event data."""

from course_snn.course.exercises.ch13 import (
    add_up,
    duration_bins,
    frame_numbers,
    real_steps,
    time_surface,
    true_gestures,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        frame_numbers,
        add_up,
        duration_bins,
        real_steps,
        time_surface,
        true_gestures,
    )
)
