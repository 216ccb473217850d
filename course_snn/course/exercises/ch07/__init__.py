"""Exercises of chapter 07: the tempotron."""

from course_snn.course.exercises.ch07 import margin_loss, order_detector, peak_gradient, psp_scale, voltage

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        psp_scale,
        voltage,
        peak_gradient,
        margin_loss,
        order_detector,
    )
)
