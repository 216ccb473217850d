"""Exercises of chapter 04: the clock-driven simulator."""

from course_snn.course.exercises.ch04 import arrival, mini_simulator, one_step_late, pipeline_step, spike_count

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        pipeline_step,
        arrival,
        spike_count,
        one_step_late,
        mini_simulator,
    )
)
