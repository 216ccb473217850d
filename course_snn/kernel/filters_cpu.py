"""The compiled loops behind ``course_snn.kernel.filters``: two exponential filters and their difference, over time.

    m[t] = a_p m[t-1] + V0 x[t],  s[t] = a_q s[t-1] + V0 x[t],  p = m - s,  out[t] = p[t] - a_m p[t-1]

A neuron is a column, x[t * x_step + j] its input at step t, so x_step = 0 repeats a still input. Importing this module
compiles the loops, or loads them from numba's cache on disk.
"""

import numpy as np
from numba import njit

from course_snn.kernel.cache import kept

F = np.float32
TILE = 256
OPTIONS = {"error_model": "numpy", "nogil": True, "cache": kept()}


@njit(
    "void(float32[::1], float32[::1], float32[::1], UniTuple(int64, 3), UniTuple(float32, 4), int64, int64)",
    **OPTIONS,
)
def forward(x, state, out, sizes, numbers, low, high):
    """Fill ``out`` [steps, width]; ``state`` [2, width] holds m and s before the first step, then after the last."""
    steps, width, x_step = sizes
    V0, a_m, a_p, a_q = numbers
    for start in range(low, high, TILE):
        n = min(TILE, high - start)
        m, s = state[start:][:n], state[width + start :][:n]
        for t in range(steps):
            row, to = x[t * x_step + start :][:n], out[t * width + start :][:n]
            for j in range(n):
                before, given = m[j] - s[j], V0 * row[j]
                m[j] = a_p * m[j] + given
                s[j] = a_q * s[j] + given
                to[j] = (m[j] - s[j]) - a_m * before


@njit(
    "void(float32[::1], float32[::1], float32[::1], UniTuple(int64, 4), UniTuple(float32, 4), int64, int64)",
    **OPTIONS,
)
def backward(grad, state, grad_x, sizes, numbers, low, high):
    """Fill ``grad_x``; ``state`` holds dL/dm and dL/ds after the last step, then before the first."""
    steps, width, g_step, out_step = sizes
    V0, a_m, a_p, a_q = numbers
    later = np.empty(TILE, F)
    for start in range(low, high, TILE):
        n = min(TILE, high - start)
        m, s, g_next = state[start:][:n], state[width + start :][:n], later[:n]
        g_next[:] = F(0)
        for t in range(steps - 1, -1, -1):
            g, to = grad[t * g_step + start :][:n], grad_x[t * out_step + start :][:n]
            add = out_step == 0 and t < steps - 1
            for j in range(n):
                to_p = g[j] - a_m * g_next[j]  # p[t] stands in out[t] and out[t + 1]
                m[j] += to_p
                s[j] -= to_p
                value = V0 * (m[j] + s[j])
                to[j] = to[j] + value if add else value
                m[j] *= a_p
                s[j] *= a_q
                g_next[j] = g[j]
        for j in range(n):
            m[j] -= a_m * g_next[j]
            s[j] += a_m * g_next[j]
