"""Inside the sandbox: what an answer may take, and how everything it started is ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path

_SHARED = Path("/dev/shm")
_PAGE = 4096
_SMALL = 300 << 20  # bytes: who has taken no more is not to blame for a machine without memory


def hide() -> None:
    """Let no other process look into this one, nor take it over: not what an answer starts, which is the same user."""
    no_dump = 4  # PR_SET_DUMPABLE
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(no_dump, 0, 0, 0, 0)


def limit(limits: dict, apart: bool) -> None:
    """Limit the memory, files, processes and core dumps of this process and of those that it starts.

    Args:
        limits: see `sandbox.Limits`.
        apart: whether this is a namespace of its own, where nobody else's processes count.
    """
    import resource

    whole = int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE if Path("/proc/self/statm").exists() else 0
    amounts = (
        (resource.RLIMIT_AS, whole + limits["memory"] if whole else 0),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (
            resource.RLIMIT_NPROC,
            4 * limits["processes"] + 64 if apart and _counted_apart() else 0,
        ),  # threads count, too
        (getattr(resource, "RLIMIT_MSGQUEUE", resource.RLIMIT_CORE), 0),
    )
    for what, amount in amounts:
        if amount or what not in (resource.RLIMIT_AS, resource.RLIMIT_NPROC):
            with contextlib.suppress(ValueError, OSError):  # a lower limit holds already
                resource.setrlimit(what, (amount, amount))


class Watch:
    """Looks at all processes of the sandbox together; this one must be alone in it with its first process.

    Args:
        limits: "processes" and the bytes of "memory" and "disk".
        work: the folder that can be written to.
    """

    def __init__(self, limits: dict, work: Path) -> None:
        self._limits, self._work = limits, work
        self._own = _private(os.getpid())
        self._before = worked(1, own=False)

    def too_much(self) -> str:
        """Return what the processes take too much of: "processes", "memory" or "disk"; "" if nothing."""
        others = _others()
        if len(others) > self._limits["processes"]:
            return "processes"
        taken = sum(max(0, _private(pid) - self._own) for pid in others)
        if taken > self._limits["memory"] or (taken > _SMALL and _nearly_full()):
            return "memory"
        return "disk" if any(_used(folder) > self._limits["disk"] for folder in (self._work, _SHARED)) else ""

    def worked(self) -> float:
        """Return how long, in s, processors have worked for the processes that are there and those that have ended."""
        return sum(map(worked, _others())) + worked(1, own=False) - self._before

    def end_all(self) -> None:
        """End every process of the sandbox but this one and the first, at once: nothing can be started meanwhile."""
        while _others():
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            time.sleep(0.001)


def alone(namespace: str) -> bool:
    """Whether this process has a process namespace of its own, with nobody else in it but its first process.

    Args:
        namespace: that of the grader, outside.
    """
    try:
        return os.readlink("/proc/self/ns/pid") != namespace and os.getppid() == 1 and not _others()
    except OSError:
        return False


def sweep(*folders: Path) -> None:
    """Empty the folders."""
    for folder in folders:
        for entry in os.scandir(folder) if folder.is_dir() else ():
            if entry.is_dir(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    os.chmod(entry.path, 0o700)
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def sweep_sandbox(work: Path) -> None:
    """Empty all that an answer could have written to."""
    sweep(work, _SHARED)


def traces(work: Path) -> object:
    """Return what an answer could leave to the next one, although its processes and files are gone.

    That is: what it has set for the process that it was forked from, as the same user; files that withstand; memory
    and queues that belong to no process.
    """
    import resource

    limits = [resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")]
    rank = os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.sched_getaffinity(0), os.getpgid(0)
    files = [sorted(os.listdir(folder)) for folder in (work, _SHARED)]
    kept = [len(path.read_text().splitlines()) for path in sorted(Path("/proc/sysvipc").glob("*"))]
    return limits, rank, files, kept


def worked(pid: int, own: bool = True) -> float:
    """Return how long, in s, processors have worked for a process and those of its children that have ended.

    Args:
        pid: the process; 0.0 if there is none, or where this is not told.
        own: whether its own work counts, or only that of its children.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11 if own else 13 : 15])) / os.sysconf("SC_CLK_TCK")


def _counted_apart() -> bool:
    """Whether the kernel counts the processes of this namespace by themselves, not all of the user."""
    version = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return sys.platform == "linux" and version is not None and (int(version[1]), int(version[2])) >= (5, 14)


def _others() -> list[int]:
    return [pid for name in os.listdir("/proc") if name.isdecimal() and (pid := int(name)) not in (1, os.getpid())]


def _private(pid: int) -> int:
    """Return the bytes of memory that a process does not share with a file; 0 if it has ended."""
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
    except OSError:
        return 0
    return (int(resident) - int(shared)) * _PAGE


def _used(folder: Path) -> int:
    space = os.statvfs(folder)
    return (space.f_blocks - space.f_bfree) * space.f_frsize


def _nearly_full() -> bool:
    """Whether the machine has less than 300 MB left."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) < 300_000
    return False
