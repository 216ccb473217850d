"""Run a learner's function so that whatever it does, the kernel lives on."""

import builtins
import contextlib
import ctypes
import dis
import gc
import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType

from course_snn.course.plain import clipped
from course_snn.course.restore import restored

PRINT_LIMIT = 2000  # characters of a learner's own print output that are kept
LOADING = {"importlib", "numba", "llvmlite", "triton"}  # at work in a thread, they must not be interrupted
LOADING_SECONDS = 120.0
TICK = 0.05


class OutOfTime(BaseException):
    """Raised inside a function that does not end; not an Exception, so that ``except Exception`` lets it by."""


@dataclass
class Outcome:
    """What a call did: it returned ``value``, or ran out of time (``timed_out``)."""

    value: object = None
    timed_out: bool = False
    stuck: bool = False  # still running: it hides in code that cannot be interrupted
    endless: bool = False  # its variables no longer change: it would run for ever
    line: str = ""  # where it was when its time was up
    seconds: float = 0.0  # the function's own time, without what was loaded for it
    busy: float = 0.0  # of a function that ended: how long a processor worked on it
    printed: str = ""


class _Sink(io.StringIO):
    def close(self) -> None:
        """Stay open: what was printed is read when the answer is over."""

    def write(self, text: str) -> int:
        if self.tell() < PRINT_LIMIT:
            super().write(clipped(lambda: text[: PRINT_LIMIT - self.tell()], PRINT_LIMIT))
        return len(text)


def call(
    fn: Callable[[], object], seconds: float = 2.0, files: frozenset[str] = frozenset(), patience: float = 1.0
) -> Outcome:
    """Return the outcome of ``fn()``, stopped after ``seconds`` of its own.

    The function runs in a thread of its own; when time is up an exception is raised inside it. That ends any loop of
    Python code, unless it catches everything (a bare ``except:``) or sits in one call into compiled code: such a
    thread is left behind (``stuck``). Time in which modules are imported or loops compiled does not count, and the
    exception is not raised then: half a module would stay behind. One compiled call that lets no other thread run is
    found out of time when it is over.

    Args:
        fn: what to call; an error that it raises counts as its value.
        seconds: limit of its own time, in s.
        files: names of the files whose lines are the learner's; cells of a notebook are so anyway.
        patience: on a machine that does much else, so many times the limit may pass, as long as the process itself has
            not worked for ``seconds``.
    """
    outcome, sink, gate = Outcome(), _Sink(), _Gate()

    def run() -> None:
        try:
            began = time.thread_time()
            try:
                outcome.value = fn()
            except OutOfTime:
                pass  # leaving here frees what the function held, which can take long enough for a second one
            except BaseException as error:  # also SystemExit and KeyboardInterrupt: they must not reach the kernel
                outcome.value = error
            gate.close()
            outcome.busy = time.thread_time() - began
        except OutOfTime:
            gate.close()

    thread, watch = threading.Thread(target=run, daemon=True, name="exercise"), _Watch(files, patience)
    with restored(), contextlib.redirect_stdout(sink), _no_word_of_it(), _no_keyboard():
        thread.start()
        try:
            watch.until_done(thread, seconds)
        finally:
            outcome.seconds = watch.seconds
            outcome.timed_out = thread.is_alive() or min(outcome.seconds, outcome.busy) >= seconds
            if thread.is_alive():
                outcome.line, outcome.endless = watch.line, watch.endless()
                outcome.stuck = not _stop(thread, gate)
    outcome.printed = sink.getvalue()
    return outcome


@dataclass
class _Watch:
    """Counts the own time of a thread, and looks at what it does meanwhile."""

    files: frozenset[str]
    patience: float = 1.0
    seconds: float = 0.0
    line: str = ""
    seen: list[tuple] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)  # before the thread starts: it may keep the lock

    def until_done(self, thread: threading.Thread, limit: float) -> None:
        last, worked, loading_until = self.began, time.process_time(), self.began + LOADING_SECONDS
        alive = True  # at first even if not: the time until here counts
        while alive and self.seconds < limit:
            thread.join(min(TICK, limit - self.seconds))
            alive = thread.is_alive()
            frames, now, work = list(_frames(thread)), time.monotonic(), time.process_time()
            if now > loading_until or not _loading(frames):
                self.seconds += now - last if self.patience == 1.0 else max((now - last) / self.patience, work - worked)
            last, worked = now, work
            self._look(frames)

    def _look(self, frames: list[FrameType]) -> None:
        own = [frame for frame in frames if is_cell(frame.f_code.co_filename, self.files)]
        if own:
            self.line = f"{own[0].f_lineno}"
            outermost = own[-1]
            self.seen.append((_at_a_jump(outermost), _fingerprint(outermost)))

    def endless(self) -> bool:
        """Whether the variables stood still while the learner's loop went round and round."""
        late = self.seen[len(self.seen) // 2 :]
        prints = {fingerprint for _, fingerprint in late}
        return len(late) >= 3 and len(prints) == 1 and None not in prints and any(jump for jump, _ in late)


def _frames(thread: threading.Thread) -> Iterator[FrameType]:
    """Yield the frames of ``thread``, the innermost first."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _loading(frames: list[FrameType]) -> bool:
    return any(str(frame.f_globals.get("__name__")).partition(".")[0] in LOADING for frame in frames)


def is_cell(file: str, files: frozenset[str]) -> bool:
    """Whether the lines of ``file`` are the learner's: a cell of a notebook, or one of ``files``."""
    return file in files or "ipykernel" in file or "ipython-input" in file


def _at_a_jump(frame: FrameType) -> bool:
    """Whether a frame stands at the end of a loop's body, and not in a call that may yet return."""
    code = frame.f_code.co_code
    return 0 <= frame.f_lasti < len(code) and "JUMP_BACKWARD" in dis.opname[code[frame.f_lasti]]


def _fingerprint(frame: FrameType) -> tuple | None:
    """Return the values of a frame's variables; None if one is of a kind that can change without being seen."""
    values = [(name, _still(value)) for name, value in list(frame.f_locals.items())]
    return None if any(value is None for _, value in values) else (frame.f_code, *values)


def _still(value: object, levels: int = 2) -> str | None:
    """Return numbers, texts and short lists of them as text; None for anything else."""
    if type(value) in (list, tuple) and len(value) <= 100 and levels:
        items = [_still(item, levels - 1) for item in value]
        return None if None in items else f"{type(value).__name__} {items}"
    return repr(value) if value is None or type(value) in (bool, int, float, str) else None


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
                for _ in range(10):  # one that is still on its way arrives here; taken back (by None) it would leave
                    time.sleep(0)  # Python 3.11 alert for ever, and the next profiler or debugger stuck


@contextlib.contextmanager
def _no_word_of_it() -> Iterator[None]:
    """Within the block an OutOfTime that hits a finaliser, where Python can only report it, is not reported."""
    report = sys.unraisablehook
    sys.unraisablehook = lambda hit: None if hit.exc_type is OutOfTime else report(hit)
    try:
        yield
    finally:
        sys.unraisablehook = report


@contextlib.contextmanager
def _no_keyboard() -> Iterator[None]:
    """Within the block nobody waits for what a learner might type."""
    before, builtins.input = builtins.input, _ask_nobody
    try:
        yield
    finally:
        builtins.input = before


def _ask_nobody(prompt: object = "") -> str:
    raise EOFError("input() is not answered while an answer is tried")


def _raise_in(ident: int | None, error: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident or 0), ctypes.py_object(error))


def _stop(thread: threading.Thread, gate: _Gate, patience: float = 1.0) -> bool:
    """Raise OutOfTime in ``thread`` until it ends, again and again in case it swallows the exception.

    A function that piles up objects spends its time in the garbage collector; where somebody has hung Python code onto
    the collector, the exception would hit that code every time and be dropped. So nothing is collected meanwhile.
    """
    deadline, collects = time.monotonic() + patience, gc.isenabled()
    gc.disable()
    try:
        while thread.is_alive() and time.monotonic() < deadline:
            if not _loading(list(_frames(thread))):
                gate.interrupt(thread)
            thread.join(0.02)
    finally:
        if collects:
            gc.enable()
    return not thread.is_alive()
