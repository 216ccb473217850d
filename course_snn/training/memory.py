"""Memory that a step frees stays with the process while it trains: the next step needs the same blocks again."""

import ctypes
import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_MMAP_MAX = -1, -3, -4  # malloc.h
BEFORE = {M_MMAP_MAX: 65536, M_MMAP_THRESHOLD: 32 << 20, M_TRIM_THRESHOLD: 64 << 20}  # where glibc's own rule ends up
WITHIN = {M_MMAP_MAX: 0, M_TRIM_THRESHOLD: (1 << 31) - 1}


@contextmanager
def kept_memory() -> Iterator[None]:
    """Within the block glibc keeps up to 2 GiB of what was freed, and hands the rest back afterwards.

    A tensor of some megabytes is otherwise mapped anew each time, and the system fills every page of it with zeros when
    it is first touched: about a tenth of the training time of a convolutional network. Without glibc nothing changes.

    Source: mallopt(3).
    """
    libc = _glibc()
    if libc is None:
        yield
        return
    for name, value in WITHIN.items():
        libc.mallopt(name, value)
    try:
        yield
    finally:
        for name, value in BEFORE.items():
            libc.mallopt(name, value)
        libc.malloc_trim(0)


@functools.cache
def _glibc() -> ctypes.CDLL | None:
    """The process's C library if it is glibc."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if all(hasattr(libc, name) for name in ("gnu_get_libc_version", "mallopt", "malloc_trim")) else None
