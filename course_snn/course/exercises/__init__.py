"""The exercises of every chapter, one module a chapter: ``ch01``, ``ch02``, …, each with a tuple ``EXERCISES``."""
