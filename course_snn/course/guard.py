"""Run a learner's function so that whatever it does, the kernel lives on."""

import contextlib
import copy
import ctypes
import gc
import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
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
    outcome, sink, gate = Outcome(), _Sink(), _Gate()

    def run() -> None:
        try:
            try:
                outcome.value = fn(*copy.deepcopy(args))
            except OutOfTime:
                pass  # leaving here frees what the function held, which can take long enough for a second one
            except BaseException as error:  # also SystemExit and KeyboardInterrupt: they must not reach the kernel
                outcome.error = error
            gate.close()
        except OutOfTime:
            gate.close()

    thread = threading.Thread(target=run, daemon=True, name="exercise")
    with contextlib.redirect_stdout(sink), _no_word_of_it():
        thread.start()
        try:
            thread.join(seconds)
        finally:
            if thread.is_alive():
                outcome.timed_out = True
                outcome.stuck = not _stop(thread, gate)
    outcome.printed = sink.getvalue()
    return outcome


class _Gate:
    """Through it OutOfTime is raised in a thread; once closed, none comes late, into the thread's last steps."""

    def __init__(self) -> None:
        self._lock, self._open = threading.Lock(), True

    def interrupt(self, thread: threading.Thread) -> None:
        with self._lock:
            if self._open:
                _raise_in(thread.ident, OutOfTime)

    def close(self) -> None:
        while self._open:
            with contextlib.suppress(OutOfTime), self._lock:
                self._open = False
                _raise_in(threading.get_ident(), None)  # take back one that is still on its way


@contextlib.contextmanager
def _no_word_of_it() -> Iterator[None]:
    """Within the block an OutOfTime that hits a finaliser, where Python can only report it, is not reported."""
    report = sys.unraisablehook
    sys.unraisablehook = lambda hit: None if hit.exc_type is OutOfTime else report(hit)
    try:
        yield
    finally:
        sys.unraisablehook = report


def _raise_in(ident: int, error: type[BaseException] | None) -> None:
    what = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), what)


def _stop(thread: threading.Thread, gate: _Gate, patience: float = 1.0) -> bool:
    """Raise OutOfTime in ``thread`` until it ends, again and again in case it swallows the exception.

    A function that piles up objects spends its time in the garbage collector; where somebody has hung Python code onto
    the collector, the exception would hit that code every time and be dropped. So nothing is collected meanwhile.
    """
    deadline, collects = time.monotonic() + patience, gc.isenabled()
    gc.disable()
    try:
        while thread.is_alive() and time.monotonic() < deadline:
            gate.interrupt(thread)
            thread.join(0.02)
    finally:
        if collects:
            gc.enable()
    return not thread.is_alive()
