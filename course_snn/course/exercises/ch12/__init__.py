"""Exercises of chapter 12: recurrent connections and stateful synapses."""

from course_snn.course.exercises.ch12 import accuracy_so_far, half_life, low_pass_step, run_loop, slope_of_w

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        half_life,
        run_loop,
        low_pass_step,
        accuracy_so_far,
        slope_of_w,
    )
)
