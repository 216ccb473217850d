"""Exercises of chapter 10: convolutional SNN and the SNN doctor."""

from course_snn.course.exercises.ch10 import fold, mend_a, mend_b, mend_c, mended_loss, or_pool

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        or_pool,
        mended_loss,
        mend_a,
        mend_b,
        mend_c,
        fold,
    )
)
