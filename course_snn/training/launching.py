"""Several processes started from a notebook or a script, watched until all are done or one has failed."""

from __future__ import annotations

import contextlib
import linecache
import multiprocessing
import multiprocessing.context
import os
import pickle
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from typing import Any, NamedTuple

import cloudpickle
import torch

from course_snn.arguments import number, whole
from course_snn.training.launched import member
from course_snn.training.meeting import HERE, TeamError, hosted_here

GRACE = 30.0  # seconds that processes have to end by themselves, with a checkpoint, after Ctrl-C
SLOW = ("torch._dynamo", "torchvision")  # take seconds to load; whatever optimizes or shares a network loads the first
AFTERMATH = 1.0  # seconds to listen on after a failure: the others often fail of it, and may be heard first


class Report(NamedTuple):
    """What a process tells in the end.

    Args:
        kind: "result", "error" or "stopped" (by Ctrl-C).
        value: what the function returned, or the error as (one line, traceback).
        time: when, in seconds since 1970.
    """

    kind: str
    value: Any
    time: float


def launch(
    function: Callable,
    *arguments: Any,
    processes: int = 2,
    threads: int = 1,
    timeout: float = 600.0,
    restarts: int = 0,
) -> list:
    """Run ``function(team, *arguments)`` in several new processes on this machine; return the results by rank.

        def train(team, lr): …
        first, second = launch(train, 1e-3, processes=2)

    The function may be defined in a notebook's cell: it travels with the globals that it names (so keep large data out
    of them, and load it in the function). What it prints appears here, with the rank before each line. In a script
    the call stands under ``if __name__ == "__main__":``, for each process imports the script. On Linux without a GPU
    torch is loaded once, by a process that stays until this one ends and of which the new ones are copies.

    Args:
        function: what each process does; ``team`` says who it is (see ``team.join``).
        arguments: for the function, the same on every process; what pickle can send.
        processes: how many; on a GPU machine not more than it has GPUs, if they are to be used.
        threads: of torch in each process.
        timeout: seconds for all of it, an attempt; then whoever is not done is ended.
        restarts: how often all processes are started anew after one has failed or was killed; ``team.restart`` counts
            them, and it is for the function to go on from its last checkpoint.

    Raises:
        TeamError: a process raised (with its rank and traceback), was killed, or was not done in time. The others are
            ended within seconds.
        TypeError: arguments that cannot be sent.
    """
    processes, threads = whole("processes", processes, at_least=1), whole("threads", threads, at_least=1)
    timeout, restarts = number("timeout", timeout, above=0), whole("restarts", restarts, at_least=0)
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise TeamError(_UNGUARDED)
    task = _sent((function, arguments))
    for attempt in range(restarts + 1):
        try:
            return _Attempt(task, processes, threads, timeout, attempt).results()
        except TeamError as error:
            if attempt == restarts:
                raise
            cause = str(error).split("\n")[0]
            print(f"{cause} All {processes} start anew ({attempt + 1} of {restarts}).", file=sys.stderr, flush=True)
    raise AssertionError("the last attempt returns or raises")


_UNGUARDED = (
    "launch was called while a new process imports your script: put the call under\n"
    '    if __name__ == "__main__":\nso that only the script itself starts processes.'
)


def _sent(task: tuple) -> bytes:
    try:
        return cloudpickle.dumps((_cells(), *task))
    except Exception as error:  # pickle has many
        raise TypeError(
            f"the function and its arguments are sent to other processes, which failed: {type(error).__name__}: "
            f"{error}. Open files, generators and the like inside of the function; give numbers, texts and tensors."
        ) from error


def _cells() -> dict[str, tuple]:
    """The source of a notebook's cells, which lies in no file: for tracebacks, and for who compares functions."""
    return {name: entry for name, entry in linecache.cache.items() if len(entry) == 4 and entry[1] is None}


class _Attempt:
    """One start of all processes.

    Args:
        task: function and arguments, pickled.
        size, threads, timeout, number: as in ``launch``; the number counts the attempts from 0.
    """

    def __init__(self, task: bytes, size: int, threads: int, timeout: float, number: int) -> None:
        self.size, self.timeout, self.end = size, timeout, time.monotonic() + timeout
        self.reports: dict[int, Report] = {}
        self.store = hosted_here()
        context, self.lines, self.processes = _context(), {}, []
        for rank in range(size):
            self.lines[rank], theirs = context.Pipe()
            environment = dict(os.environ) | _environment(rank, size, self.store.port, number)
            process = context.Process(target=member, args=(theirs, environment, threads, timeout), name=f"rank {rank}")
            self.processes.append(process)
            process.start()
            theirs.close()
        for line in self.lines.values():
            with contextlib.suppress(OSError):  # it has died already, which will be seen
                line.send_bytes(task)

    def results(self) -> list:
        """Wait for all; return what they returned, or raise what went wrong first."""
        try:
            while len(self.reports) < self.size:
                self._listen(self.end - time.monotonic())
                if self._failed():
                    self._listen_for(AFTERMATH)
                    raise self._failure()
                if time.monotonic() > self.end:
                    raise self._late()
            return [pickle.loads(self.reports[rank].value) for rank in range(self.size)]
        except KeyboardInterrupt:
            self._listen_for(GRACE)  # Ctrl-C reached them too
            told = [report.value for report in self.reports.values() if report.kind == "stopped" and report.value]
            raise KeyboardInterrupt(*told[:1]) from None
        finally:
            self._finish()

    def _listen_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while len(self.reports) < self.size and time.monotonic() < end:
            self._listen(end - time.monotonic())

    def _listen(self, seconds: float) -> None:
        """Take what processes say until something was said, or the time is over."""
        waiting = {line: rank for rank, line in self.lines.items() if rank not in self.reports}
        spoken = wait(list(waiting), max(0.0, seconds))
        for line in [line for line in waiting if line in spoken]:
            rank = waiting[line]
            try:
                kind, value, when = pickle.loads(line.recv_bytes())
            except (EOFError, OSError):  # it is dead, or about to be
                self.processes[rank].join(AFTERMATH)
                kind, value = "killed", self.processes[rank].exitcode
                when = time.time() if value == -signal.SIGABRT else 0.0  # torch aborts where another one fails
            if kind == "text":
                print(value, end="", flush=True)
            else:
                self.reports[rank] = Report(kind, value, when)

    def _failed(self) -> bool:
        return any(report.kind != "result" for report in self.reports.values())

    def _failure(self) -> BaseException:
        """Return what went wrong first: who was killed before who raised, for the others notice that and raise."""
        wrong = {rank: report for rank, report in self.reports.items() if report.kind != "result"}
        rank = min(wrong, key=lambda rank: wrong[rank].time)
        kind, value, _ = wrong[rank]
        who = f"rank {rank} of {self.size}"
        if kind == "stopped":
            return KeyboardInterrupt(f"{who} was interrupted: {value}")
        if kind == "killed":
            return TeamError(f"{who} {_death(value)}", rank)
        done = [str(other) for other, report in self.reports.items() if report.kind == "result"]
        hint = f"\n(Rank {', '.join(done)} had returned by then: others may have waited for it.)" if done else ""
        line, trace = value
        return TeamError(f"{who} raised {line}\n\n{trace}{hint}", rank)

    def _late(self) -> TeamError:
        missing = [rank for rank in range(self.size) if rank not in self.reports]
        names = ", ".join(map(str, missing))
        return TeamError(
            f"after {self.timeout:g} s rank {names} of {self.size} was not done and has been ended. A process that "
            "waits for another one that took a different way through the code waits for ever; or give more timeout=.",
            missing[0],
        )

    def _finish(self) -> None:
        """Leave no process behind."""
        done = len(self.reports) == self.size and not self._failed()
        for process in self.processes:
            if not done:
                process.terminate()
        for process in self.processes:
            process.join(GRACE if done else AFTERMATH)
            if process.is_alive():  # torch waits for others in C++, where no signal of Python is heard
                process.kill()
            process.join()
            process.close()
        for line in self.lines.values():
            line.close()


def _context() -> multiprocessing.context.SpawnContext | multiprocessing.context.ForkServerContext:
    """How processes begin: torch is loaded once, in a server that copies itself, where that is safe; else by each."""
    # macOS' own libraries do not survive a fork, nor does CUDA; the name of the server's socket has 107 bytes
    deep = len(os.fsencode(tempfile.gettempdir())) > 60
    if sys.platform != "linux" or torch.cuda.is_available() or deep:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    wanted = [name for name in SLOW if name in sys.modules]  # who calls has needed them; so will the function
    context.set_forkserver_preload([member.__module__, *wanted])  # once the server runs this changes nothing
    return context


def _environment(rank: int, size: int, port: int, attempt: int) -> dict[str, str]:
    """What ``torchrun`` would tell a process, and by which way to talk to the others: within the machine."""
    loopback = [name for _, name in socket.if_nameindex() if name in ("lo", "lo0")] if os.name == "posix" else []
    return {
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(size),
        "LOCAL_WORLD_SIZE": str(size),
        "MASTER_ADDR": HERE,
        "MASTER_PORT": str(port),
        "TORCHELASTIC_USE_AGENT_STORE": "True",
        "TORCHELASTIC_RESTART_COUNT": str(attempt),
    } | ({"GLOO_SOCKET_IFNAME": loopback[0]} if loopback else {})


def _death(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            name = signal.Signals(-exitcode).name
        except ValueError:
            name = f"signal {-exitcode}"
        memory = " Often the system does so when memory runs out." if name == "SIGKILL" else ""
        return f"was killed ({name}).{memory}"
    return (
        f"ended with exit code {exitcode} and told no reason; its own message may stand above. A script that calls "
        'launch must do so under if __name__ == "__main__":.'
    )
