"""Exercises of chapter 05: spike-timing-dependent plasticity (STDP)."""

from course_snn.course.exercises.ch05 import batch_change, change_coins, stdp_step, stdp_window, trace_step

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        stdp_window,
        trace_step,
        stdp_step,
        batch_change,
        change_coins,
    )
)
