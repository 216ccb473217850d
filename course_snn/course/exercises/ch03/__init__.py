"""Exercises of chapter 03: synapses."""

from course_snn.course.exercises.ch03 import delay_line, exp_decay, locate, stp_step, wire

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        exp_decay,
        stp_step,
        delay_line,
        wire,
        locate,
    )
)
