"""Runs inside the sandbox: imports everything once, then tries each answer in a process of its own.

It says what the answers do, line by line, and gives no verdict: `course.judge.assess` makes those outside. Answers
cannot write to its own output, nor into its memory, and whatever they started ends with them.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from course_snn.course.classroom import watch

TICK, BEAT = 0.02, 1.0  # s


class Server:
    """Takes one job after another.

    Args:
        out: where it speaks, for the ears of the grader only.
        setup: what the grader said at first.
    """

    def __init__(self, out: IO[str], setup: dict) -> None:
        from course_snn.course.classroom.trying import Tester

        self._out, self._limits, self._work = out, setup["limits"], Path(setup["work"])
        self._watch = watch.Watch(self._limits, self._work) if watch.alone(setup["namespace"]) else None
        if setup["sandbox"] and not self._watch:
            raise SystemExit("not alone in a process namespace of its own")
        self._tester = Tester(setup)
        self._untouched = self._state()

    def serve(self) -> None:
        """Answer jobs until there are no more."""
        self._say(ready=True)
        while line := _line().strip():
            head = json.loads(line)
            self._tester.ready(head["chapter"], head["modules"])
            if self._watch:
                self._watch = watch.Watch(self._limits, self._work)  # with all that is loaded now
            self._say(over=self._forked(head) if hasattr(os, "fork") else self._here())
            if self._state() != self._untouched:
                raise SystemExit("an answer has left something behind: the next one gets a new server")

    def _state(self) -> object:
        return watch.traces(self._work) if self._watch else None

    def _say(self, **message: object) -> None:
        self._out.write(json.dumps(message) + "\n")
        self._out.flush()

    def _hand_on(self, line: bytes) -> None:
        self._say(line=line.decode("utf-8", "replace"))

    def _here(self) -> str:
        """Try an answer in this process, where there is no fork; the grader ends it if it hangs."""
        self._tester.run(json.loads(_line()), lambda line: self._hand_on(line.rstrip(b"\n")))
        return "ended"

    def _forked(self, head: dict) -> str:
        heard, told = os.pipe()
        child = os.fork()
        if child == 0:
            self._try(told)
        os.close(told)
        try:
            return self._follow(_Child(child), heard, head["seconds"], head["cases"])
        finally:
            os.close(heard)
            self._end(child)

    def _try(self, told: int) -> None:
        """In the child: read the job, which the server has not seen, and try the answer; never returns."""
        try:
            os.setsid()
            job = json.loads(_line(1 << 16))
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2, self._out.fileno()):  # what the server hears and says is none of its business
                os.dup2(null, descriptor)
            os.chdir(self._work)
            watch.limit(self._limits, apart=self._watch is not None)
            from course_snn.course.classroom.trying import writer

            self._tester.run(job, writer(told))
        finally:
            os._exit(0)

    def _follow(self, child: _Child, heard: int, seconds: float, cases: int) -> str:
        """Hand on what the child says, until it ends, hangs or takes too much; returns why it is over."""
        worked, cell, grace = self._watch or child, self._limits["cell"], self._limits["grace"]
        clock, whole_time = self._clock(worked, cell), self._clock(worked, cell + cases * seconds + grace)
        beat, size, most, rest = time.monotonic(), 0, 4 * cases + 10, b""
        while True:
            ended = child.ended()  # before the pipe is looked at: what it said last is in there then
            if _readable(heard, 0 if ended else TICK):
                block = os.read(heard, 1 << 16)
                size += len(block)
                *whole, rest = (rest + block).split(b"\n")
                for line in whole:
                    self._hand_on(line)
                most -= len(whole)
                if whole:
                    clock = self._clock(worked, seconds + grace)
                if size > self._limits["output"] or most < 0:
                    return "output"
                if not block:
                    return "ended"
            elif ended:
                return "ended"
            if self._watch and (why := self._watch.too_much()):
                return why
            if clock.over() or whole_time.over():
                return "timeout"
            if time.monotonic() > beat + BEAT:
                self._say(alive=True)
                beat = time.monotonic()

    def _clock(self, works: watch.Watch | _Child, seconds: float) -> _Clock:
        return _Clock(works.worked, seconds, self._limits["patience"])

    def _end(self, child: int) -> None:
        """End whatever the answer started, and remove what it wrote."""
        if self._watch:
            self._watch.end_all()
            watch.sweep_sandbox(self._work)
            return
        for kill in (os.killpg, os.kill):  # a group has been made of it, or not yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        watch.sweep(self._work)


class _Clock:
    """Tells when time is up: so many seconds of a processor's work, or ``patience`` times as many by the clock."""

    def __init__(self, worked: Callable[[], float], seconds: float, patience: float) -> None:
        self._worked, self._work, self._until = worked, worked() + seconds, time.monotonic() + seconds * patience

    def over(self) -> bool:
        return self._worked() > self._work or time.monotonic() > self._until


class _Child:
    """A process that may end; asked once more, it has still ended."""

    def __init__(self, pid: int) -> None:
        self._pid, self._ended = pid, False

    def ended(self) -> bool:
        if not self._ended:
            status = os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # its number stays its own
            self._ended = status is not None
        return self._ended

    def worked(self) -> float:
        return watch.worked(self._pid)


def _readable(descriptor: int, seconds: float) -> bool:
    return bool(select.select([descriptor], [], [], seconds)[0])


def _line(block: int = 1) -> bytes:
    """Return the next line of the standard input; with blocks of one byte, nothing behind it is read."""
    line = b""
    while not line.endswith(b"\n") and (more := os.read(0, block)):
        line += more
    return line


def main() -> None:
    """Serve the grader that started this process."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what is printed meanwhile must not stand between the lines
    watch.hide()
    Server(out, json.loads(_line())).serve()


if __name__ == "__main__":
    main()
