"""The compiled loops behind ``course_snn.kernel.sparse``: rows of one table are added to rows of another.

Threads share the columns, so that none writes where another does. Importing this module compiles the loops, or loads
them from numba's cache on disk.
"""

from numba import njit

from course_snn.kernel.cache import kept
from course_snn.kernel.prefetch import announce

OPTIONS = {"error_model": "numpy", "nogil": True, "cache": kept()}
AHEAD = 8  # so many spikes ahead its rows are asked for


@njit("int64(int64[::1], int64[::1], int64, int64[:, ::1])", **OPTIONS)
def in_time(row, source, rows, out):
    """Copy the spikes whose row is below ``rows`` to ``out`` [2, spikes]; return how many they are."""
    found = 0
    for e in range(row.size):
        if row[e] < rows:
            out[0, found], out[1, found] = row[e], source[e]
            found += 1
    return found


@njit("void(int64[::1], int64[::1], float32[::1], float32[::1], int64, int64, int64)", **OPTIONS)
def add_rows(to, at, values, out, width, low, high):
    """Set out[to[e], low:high] += values[at[e], low:high], one e after the other; both tables are ``width`` wide."""
    size = high - low
    for e in range(to.size):
        if e + AHEAD < to.size:
            announce(out, to[e + AHEAD] * width + low, size)
            announce(values, at[e + AHEAD] * width + low, size)
        row, value = out[to[e] * width + low :][:size], values[at[e] * width + low :][:size]
        for j in range(size):
            row[j] += value[j]
