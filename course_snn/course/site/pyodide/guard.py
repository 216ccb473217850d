"""Calls an answer as it is: it runs in a worker of the page, which the page ends when its time is up."""

import contextlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass

PRINT_LIMIT = 2000
ANSWER = "<answer>"  # the name of the file that the learner's lines are said to stand in


class OutOfTime(BaseException):
    """Never raised here."""


@dataclass
class Outcome:
    """As in `course_snn.course.guard`."""

    value: object = None
    timed_out: bool = False
    stuck: bool = False
    endless: bool = False
    line: str = ""
    seconds: float = 0.0
    busy: float = 0.0
    printed: str = ""


def call(
    fn: Callable[[], object], seconds: float = 2.0, files: frozenset[str] = frozenset(), patience: float = 1.0
) -> Outcome:
    """Return the outcome of ``fn()``; time and patience are the page's, which ends the worker."""
    outcome, said, began = Outcome(), io.StringIO(), time.monotonic()
    with contextlib.redirect_stdout(said):
        try:
            outcome.value = fn()
        except BaseException as error:  # also SystemExit
            outcome.value = error
    outcome.seconds = outcome.busy = time.monotonic() - began
    outcome.printed = said.getvalue()[:PRINT_LIMIT]
    return outcome


def is_cell(file: str, files: frozenset[str]) -> bool:
    """Say whether the lines of ``file`` are the learner's."""
    return file in files or file == ANSWER
