"""The compiled loops behind ``course_snn.pooling``: maximum of 2 x 2 and 3 x 3 windows, channels last in memory."""

import numpy as np
from numba import njit

from course_snn.kernel.cache import kept

EXACT = {"error_model": "numpy", "nogil": True, "cache": kept()}
ZERO = np.float32(0)
FIRST, RIGHT, BELOW, LAST = map(np.uint8, range(4))  # places in a window


@njit(**EXACT)
def pool(x, out, place, height, width, channels, low, high):
    """Maximum of the windows for the rows ``low`` to ``high`` of the output (of all images).

    ``place`` (if it is not empty) gets where in the window the first largest is: 0, 1 above, 2, 3 below.
    """
    rows, columns = height // 2, width // 2
    for row in range(low, high):
        top = ((row // rows) * height + 2 * (row % rows)) * width * channels
        for column in range(columns):
            a = x[top + 2 * column * channels :][: 2 * channels]
            b = x[top + (2 * column + width) * channels :][: 2 * channels]
            y = out[(row * columns + column) * channels :][:channels]
            for j in range(channels):
                y[j] = max(max(a[j], a[channels + j]), max(b[j], b[channels + j]))
            if place.size > 0:
                p = place[(row * columns + column) * channels :][:channels]
                for j in range(channels):
                    below = BELOW if b[j] == y[j] else LAST
                    above = RIGHT if a[channels + j] == y[j] else below
                    p[j] = FIRST if a[j] == y[j] else above


@njit(**EXACT)
def pool_backward(place, grad, grad_x, height, width, channels, low, high):
    """The gradient goes to the first largest of each window; rows and columns that no window covers get 0."""
    rows, columns = height // 2, width // 2
    for row in range(low, high):
        top = ((row // rows) * height + 2 * (row % rows)) * width * channels
        for column in range(columns):
            first, second = top + 2 * column * channels, top + (2 * column + width) * channels
            above, below = grad_x[first:][: 2 * channels], grad_x[second:][: 2 * channels]
            g = grad[(row * columns + column) * channels :][:channels]
            p = place[(row * columns + column) * channels :][:channels]
            for j in range(channels):
                above[j] = g[j] if p[j] == FIRST else ZERO
                above[channels + j] = g[j] if p[j] == RIGHT else ZERO
                below[j] = g[j] if p[j] == BELOW else ZERO
                below[channels + j] = g[j] if p[j] == LAST else ZERO


@njit(**EXACT)
def overlapping(x, out, place, height, width, channels, low, high):
    """Maximum of 3 x 3 windows, two apart, reaching one beyond the edge, for rows ``low`` to ``high`` of the output.

    ``place`` (if it is not empty) gets where in the window the first largest is, 0 to 8 in rows.
    """
    rows, columns = (height + 1) // 2, (width + 1) // 2
    for row in range(low, high):
        image, up = (row // rows) * height, 2 * (row % rows) - 1
        for column in range(columns):
            here = (row * columns + column) * channels
            y = out[here:][:channels]
            p = place[here:][:channels]
            left, first = 2 * column - 1, True
            for i in range(max(up, 0), min(up + 3, height)):
                for j in range(max(left, 0), min(left + 3, width)):
                    a = x[((image + i) * width + j) * channels :][:channels]
                    at = np.uint8(3 * (i - up) + j - left)
                    if first:
                        y[:] = a
                        p[:] = at
                    elif place.size > 0:
                        for c in range(channels):
                            p[c] = at if a[c] > y[c] else p[c]
                            y[c] = max(a[c], y[c])
                    else:
                        for c in range(channels):
                            y[c] = max(a[c], y[c])
                    first = False


@njit(**EXACT)
def overlapping_backward(place, grad, grad_x, height, width, channels, low, high):
    """Each input collects the gradients of the windows, four at most, in which it is the first largest."""
    rows, columns = (height + 1) // 2, (width + 1) // 2
    for line in range(low, high):  # rows of the input, of all images
        image, i = line // height, line % height
        for j in range(width):
            g = grad_x[(line * width + j) * channels :][:channels]
            g[:] = ZERO
            for row in range(i // 2, min((i + 1) // 2, rows - 1) + 1):
                for column in range(j // 2, min((j + 1) // 2, columns - 1) + 1):
                    at = np.uint8(3 * (i - 2 * row + 1) + j - 2 * column + 1)
                    there = ((image * rows + row) * columns + column) * channels
                    p, given = place[there:][:channels], grad[there:][:channels]
                    for c in range(channels):
                        g[c] += given[c] if p[c] == at else ZERO
