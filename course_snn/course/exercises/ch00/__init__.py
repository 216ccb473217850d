"""Exercises of chapter 00: it shows how exercises work."""

from course_snn.course.exercises.ch00 import count_spikes

EXERCISES = tuple(module.EXERCISE for module in (count_spikes,))
