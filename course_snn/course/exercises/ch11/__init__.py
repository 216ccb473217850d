"""Exercises of chapter 11: a convolutional spiking network on Fashion-MNIST."""

from course_snn.course.exercises.ch11 import converted, or_pool, saving, spike_count, synops

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        spike_count,
        or_pool,
        synops,
        saving,
        converted,
    )
)
