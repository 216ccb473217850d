"""Tiles of neurons: filling a row, and pooling two rows of a picture inside the neurons' pass, there and back."""

from numba import njit

from course_snn.kernel.slopes_cpu import EXACT, ONE, ZERO


@njit(**EXACT)
def fill(row, values, start):
    """Set row = values[start:], or all of it to the one number there is."""
    if values.size == 1:
        for j in range(row.size):
            row[j] = values[0]
    else:
        some = values[start:]
        for j in range(row.size):
            row[j] = some[j]


@njit(**EXACT)
def any_row(first, right, below, last, out):
    """Maximum of four places, at every place of a row."""
    for j in range(out.size):
        out[j] = max(max(first[j], right[j]), max(below[j], last[j]))


@njit(**EXACT)
def pool_tile(spikes, work, out, columns, channels):
    """Pool two rows of a picture, channels last: first at every place in one long loop, then keep every other one."""
    half = columns * channels
    right, below, last = spikes[channels:], spikes[half:], spikes[half + channels :]
    any_row(spikes, right, below, last, work[: half - channels])
    for window in range(columns // 2):
        y, x = out[window * channels :][:channels], work[2 * window * channels :][:channels]
        for j in range(channels):
            y[j] = x[j]


@njit(**EXACT)
def unpool_row(a, a_left, a_right, b, b_left, b_right, odd, g, theta, above, below):
    """Hand the gradient g of each window to its first spike; to its first place if there is none.

    a is the upper row and b the lower one; ``odd`` is 1 in every second column, where the window began on the left.
    """
    for j in range(above.size):
        here, under = ONE if a[j] >= theta else ZERO, ONE if b[j] >= theta else ZERO
        left = odd[j] if a_left[j] >= theta else ZERO
        left_under = odd[j] if b_left[j] >= theta else ZERO
        right = ONE - odd[j] if a_right[j] >= theta else ZERO
        right_under = ONE - odd[j] if b_right[j] >= theta else ZERO
        silent = ONE - odd[j] - max(under, max(right, right_under))
        above[j] = g[j] if max(here - left, silent) > ZERO else ZERO
        below[j] = g[j] if under > max(max(here, left), max(right, left_under)) else ZERO


@njit(**EXACT)
def unpool_tile(hidden, at, theta, grad, wide, odd, grad_s, columns, channels):
    """Undo ``pool_tile`` for h = hidden[at:], whose surroundings may be read but do not count."""
    half = columns * channels
    for window in range(columns // 2):
        x, y = grad[window * channels :][:channels], wide[2 * window * channels :][: 2 * channels]
        for j in range(channels):
            y[j] = x[j]
            y[channels + j] = x[j]
    a, a_left, a_right = hidden[at:], hidden[at - channels :], hidden[at + channels :]
    b, b_left, b_right = a[half:], a_left[half:], a_right[half:]
    unpool_row(a, a_left, a_right, b, b_left, b_right, odd, wide, theta, grad_s[:half], grad_s[half:])
