"""What the notebooks use: begin a chapter, check or require an answer, see hints and the solution, record a result."""

import importlib

from course_snn.course.record import record  # not lazily: its module, of the same name, would take its place

_HOME = {
    "begin": "session",
    "check": "lesson",
    "require": "lesson",
    "hint": "lesson",
    "solution": "lesson",
    "logged": "results",
    "overview": "board",
    "examine": "board",
}
__all__ = [*_HOME, "record"]


def __getattr__(name: str):
    # Loaded on first use: the command line must not wait for torch.
    if name not in _HOME:
        raise AttributeError(f"course has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"course_snn.course.{_HOME[name]}"), name)
