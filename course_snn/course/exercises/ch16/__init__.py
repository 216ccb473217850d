"""Exercises of chapter 16: large-scale training."""

from course_snn.course.exercises.ch16 import activations, gpipe, label_order, my_trainer, recompute, ring, split

EXERCISES = tuple(module.EXERCISE for module in (activations, recompute, ring, split, gpipe, label_order, my_trainer))
