"""Exercises of chapter 01: IF and LIF neurons."""

from course_snn.course.exercises.ch01 import euler_step, firing_rate, identify, lif_trace, rheobase

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        euler_step,
        lif_trace,
        rheobase,
        firing_rate,
        identify,
    )
)
