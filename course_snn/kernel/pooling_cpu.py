"""The compiled loops behind ``course_snn.pooling``: maximum of 2 x 2 windows, channels last in memory."""

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
