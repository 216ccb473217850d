"""Exercises of chapter 15: building networks the SPAIC way."""

from course_snn.course.exercises.ch15 import (
    cortical,
    from_edges,
    last_spikes,
    mend_loop,
    qif,
    superfluous,
    unit_v0,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        last_spikes,
        unit_v0,
        mend_loop,
        superfluous,
        qif,
        cortical,
        from_edges,
    )
)
