"""Exercises of chapter 02: encoders."""

from course_snn.course.exercises.ch02 import centres, delta_encoder, latency_times, log_latency, poisson_encode

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        poisson_encode,
        latency_times,
        log_latency,
        centres,
        delta_encoder,
    )
)
