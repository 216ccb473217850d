"""Memory that a step frees stays with the process for a while: the next step needs the same blocks again."""

import ctypes
import functools
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_MMAP_MAX = -1, -3, -4  # malloc.h
# 32 MiB is as far as glibc goes; its own rule gives back from twice the largest block that was freed
SOME = {M_MMAP_MAX: 65536, M_MMAP_THRESHOLD: 32 << 20, M_TRIM_THRESHOLD: 512 << 20}
MOST = {M_MMAP_MAX: 0, M_TRIM_THRESHOLD: (1 << 31) - 1}


@functools.cache
def keep_some() -> None:
    """From now on glibc keeps up to 512 MiB of what was freed, except blocks above 32 MiB.

    A tensor of some megabytes is otherwise mapped anew each time, and the system fills every page of it with zeros when
    it is first touched, which costs the fused neurons more than their arithmetic. torch does the same for the memory of
    a GPU. The first fused call of a process calls this. Without glibc, or where the environment holds rules of its
    own (MALLOC_… or GLIBC_TUNABLES), nothing changes.

    Source: mallopt(3).
    """
    _rule(SOME)


@contextmanager
def kept_memory() -> Iterator[None]:
    """Within the block glibc keeps up to 2 GiB of what was freed, of blocks of any size; the rest goes back afterwards.

    About a tenth of the training time of a convolutional network. It ends with the rule of ``keep_some``, which
    also says where nothing changes.
    """
    keep_some()  # now, so that a first fused call within the block does not undo what follows
    _rule(MOST)
    try:
        yield
    finally:
        _rule(SOME)
        if (libc := _glibc()) is not None:
            libc.malloc_trim(0)


def _rule(values: dict[int, int]) -> None:
    if (libc := _glibc()) is not None:
        for name, value in values.items():
            libc.mallopt(name, value)


@functools.cache
def _glibc() -> ctypes.CDLL | None:
    """The process's C library if it is glibc and nobody else gave it rules."""
    if sys.platform != "linux" or any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ):
        return None
    libc = ctypes.CDLL(None)
    return libc if all(hasattr(libc, name) for name in ("gnu_get_libc_version", "mallopt", "malloc_trim")) else None
