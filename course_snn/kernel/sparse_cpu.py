"""The compiled loop behind ``course_snn.kernel.sparse``: rows of one table are added to rows of another.

Threads share the columns, so that none writes where another does. Importing this module compiles the loop, or loads it
from numba's cache on disk.
"""

from numba import njit

from course_snn.kernel.cache import kept


@njit(
    "void(int64[::1], int64[::1], float32[:, ::1], float32[:, ::1], int64, int64)",
    error_model="numpy",
    nogil=True,
    cache=kept(),
)
def add_rows(to, at, values, out, low, high):
    """Set out[to[e], low:high] += values[at[e], low:high], one e after the other, if both rows are there."""
    for e in range(to.size):
        if to[e] >= out.shape[0] or at[e] >= values.shape[0]:
            continue
        row, value = out[to[e]], values[at[e]]
        for j in range(low, high):
            row[j] += value[j]
