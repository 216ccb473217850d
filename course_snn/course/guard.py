"""Run a learner's function so that whatever it does, the kernel lives on."""

import contextlib
import copy
import ctypes
import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

PRINT_LIMIT = 2000  # characters of a learner's own print output that are kept


class OutOfTime(BaseException):
    """Raised inside a function that does not end; not an Exception, so that ``except Exception`` lets it by."""


@dataclass
class Outcome:
    """What a call did: it returned ``value``, or raised ``error``, or ran out of time (``timed_out``)."""

    value: object = None
    error: BaseException | None = None
    timed_out: bool = False
    stuck: bool = False  # still running: it hides in code that cannot be interrupted
    printed: str = ""


class _Sink(io.StringIO):
    def write(self, text: str) -> int:
        if self.tell() < PRINT_LIMIT:
            super().write(text[: PRINT_LIMIT - self.tell()])
        return len(text)


def call(fn: Callable, args: tuple, seconds: float = 2.0) -> Outcome:
    """Return the outcome of ``fn(*args)`` on copies of the arguments, stopped after ``seconds``.

    The function runs in a thread of its own; when time is up an exception is raised inside it. That ends any loop of
    Python code, unless it catches everything (a bare ``except:``) or sits in one call into compiled code: such a
    thread is left behind (``stuck``).
    """
    outcome, sink = Outcome(), _Sink()

    def run() -> None:
        try:
            outcome.value = fn(*copy.deepcopy(args))
        except OutOfTime:
            outcome.timed_out = True
        except BaseException as error:  # also SystemExit and KeyboardInterrupt: they must not reach the kernel
            outcome.error = error

    thread = threading.Thread(target=run, daemon=True, name="exercise")
    with contextlib.redirect_stdout(sink):
        thread.start()
        try:
            thread.join(seconds)
        finally:
            if thread.is_alive():
                outcome.timed_out = True
                outcome.stuck = not _stop(thread)
    outcome.printed = sink.getvalue()
    return outcome


def _stop(thread: threading.Thread, patience: float = 1.0) -> bool:
    """Raise OutOfTime in ``thread`` until it ends, again and again in case it swallows the exception."""
    deadline = time.monotonic() + patience
    while thread.is_alive() and time.monotonic() < deadline:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTime))
        thread.join(0.002)
    return not thread.is_alive()
