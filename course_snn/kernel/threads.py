"""Sharing the columns of a compiled loop out between threads: torch's own, or a small pool."""

import ctypes
import functools
import itertools
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

PARALLEL_FROM = 1 << 17  # elements; below, waking a second thread costs more than it brings
PIECES = 4  # for each thread, so that one that is late leaves work to the others
_ENTRY = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


def in_parallel(work: Callable[[int, int], object], width: int, elements: int, unit: int = 16, least: int = 64) -> list:
    """Return [work(low, high), …] for ranges that together cover ``width`` columns.

    Args:
        work: function of a range of columns that lets go of Python's lock.
        width: number of columns. elements: size of the task, which decides whether threads are worth it.
        unit: columns that must stay together: every range but the last begins and ends at a multiple.
        least: columns that a range has at least.
    """
    least = max(least, unit)
    number = min(torch.get_num_threads(), width // least) if elements >= PARALLEL_FROM else 1
    if number <= 1:
        return [work(0, width)]
    count = min(number * PIECES, width // least)
    cuts = [width * i // count // unit * unit for i in range(count)] + [width]
    pieces, results, errors = enumerate(itertools.pairwise(cuts)), [None] * count, []

    def member(_: object = None) -> None:
        try:
            for index, (low, high) in pieces:  # all members draw from the same iterator
                results[index] = work(low, high)
        except Exception as error:  # it must not leave a thread that is not Python's
            errors.append(error)

    team = _openmp(os.getpid())
    if team is not None:
        team.GOMP_parallel(_ENTRY(member), None, number, 0)
    else:
        jobs = [_pool(os.getpid(), number - 1).submit(member) for _ in range(number - 1)]
        member()
        for job in jobs:
            job.result()
    if errors:
        raise errors[0]
    return results


@functools.lru_cache(maxsize=1)
def _pool(process: int, number: int) -> ThreadPoolExecutor:
    """Threads of this process; a forked one has none of its parent's."""
    return ThreadPoolExecutor(number, thread_name_prefix="course_snn.kernel.threads")


@functools.lru_cache(maxsize=1)
def _openmp(process: int) -> ctypes.CDLL | None:
    """The OpenMP library that torch brings on Linux, if torch loaded it; None: none, or a forked process.

    After each operation torch's threads stay awake for a while, waiting for the next one: threads of another pool would
    have to share the cores with them. GNU OpenMP does not survive a fork.
    """
    if sys.platform != "linux" or process != _FIRST_PROCESS:
        return None
    home = Path(torch.__file__).parent
    for path in (*(home / "lib").glob("libgomp*.so*"), *home.parent.glob("torch.libs/libgomp*.so*")):
        try:
            team = ctypes.CDLL(str(path), mode=os.RTLD_NOW | os.RTLD_NOLOAD)
            team.GOMP_parallel.argtypes = [_ENTRY, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint]
            team.GOMP_parallel.restype = None
        except (OSError, AttributeError):  # not the one that is in use
            continue
        return team
    return None


_FIRST_PROCESS = os.getpid()
