"""Compiled loops for a batch normalisation, a sum and a neuron in one pass; the channels lie last in memory.

    y[t] = x[t] scale + shift (+ skip[t]), with a scale and a shift for each channel; then as in ``neurons_cpu``

``y`` lives in the cache only. A tile begins with the first channel of a place, so that ``scale`` and ``shift``, written
out for a tile, fit to every tile.
"""

import zlib

import numpy as np
from numba import njit

from course_snn.kernel.cache import kept
from course_snn.kernel.neurons_cpu import SOURCES, backward_row, step_row
from course_snn.kernel.prefetch import announce
from course_snn.kernel.slopes_cpu import EXACT, LOOSE, ONE, F
from course_snn.kernel.tiles_cpu import fill


def line(mean, var, weight, bias, eps, of_batch):
    """Return mean, 1 / sqrt(var + eps), scale and shift, rounded as torch rounds them: the root of a batch doubly."""
    if of_batch:
        inverse = (1 / np.sqrt(var.astype(np.float64) + eps)).astype(F)
    else:
        inverse = ONE / np.sqrt(var + F(eps))
    scale = inverse * weight
    return mean, inverse, scale, (bias - mean.astype(np.float64) * scale).astype(F)


def factors(mean, inverse, scale, of_y, of_distance, of_batch):
    """Return p, q, r of dL/dx = p dL/dy + q x + r; ``of_y`` and ``of_distance`` are means of what ``sum_row`` adds up.

    dL/dx = scale (dL/dy - of_y - (x - mean) of_distance / (var + eps)), the last two where mean and var are a batch's
    """
    q = -scale * of_distance * inverse.astype(np.float64) ** 2 * of_batch
    return scale, q, -scale * of_y * of_batch - q * mean


def written_out(values, tile):
    """Return what there is for each channel for every neuron of a tile."""
    return [np.tile(each.astype(F), tile // each.size) for each in values]


@njit(**LOOSE)
def scaled_row(x, scale, shift, skip, out):
    """Set out = x scale + shift (+ skip); product and sum are rounded once, as in torch's own loop."""
    for j in range(out.size):
        out[j] = x[j] * scale[j] + shift[j]
    for j in range(skip.size):
        out[j] += skip[j]


@njit(**LOOSE)
def sum_row(x, grad, mean, of_y, of_distance):
    """Add the gradient, and the gradient times the distance of x from its channel's mean."""
    for j in range(x.size):
        of_y[j] += grad[j]
        of_distance[j] += grad[j] * (x[j] - mean[j])


@njit(**LOOSE)
def add_row(few, total):
    """Add single precision numbers to sums in double precision."""
    for j in range(few.size):
        total[j] += few[j]


@njit(**LOOSE)
def spread_row(x, grad, p, q, r, out):
    """Set out = p grad + q x + r."""
    for j in range(out.size):
        out[j] = grad[j] * p[j] + x[j] * q[j] + r[j]


def loops(sources):
    """Return the two loops and one that ends the backward pass; ``sources``: see ``neurons_cpu.loops``."""

    @njit(cache=kept(), **EXACT)
    def forward(charge, x, skip, v0, out, v_last, scale, shift, sizes, numbers, low, high):
        """Take the neurons ``low`` to ``high`` through all steps: out = spikes, v_last = the last voltages."""
        sources  # noqa: B018  (makes it part of the key in the cache)
        steps, width, tile, x_step, _ = sizes
        k, theta, v_rest, hard, jump = numbers
        room = np.empty(tile, F)
        for start in range(low, high, tile):
            n = min(tile, high - start)
            v, y = v_last[start:][:n], room[:n]
            fill(v, v0, start)
            for t in range(steps):
                if t + 1 < steps:
                    announce(x, (t + 1) * x_step + start, n)
                    announce(out, (t + 1) * width + start, n)
                scaled_row(x[t * x_step + start :][:n], scale, shift, skip[t * width + start :][:n], y)
                step_row(charge, y, v, k, theta, v_rest, hard, jump, False, out[t * width + start :][:n])

    @njit(cache=kept(), **EXACT)
    def backward(
        charge, surrogate, x, skip, v0, grad_s, grad_v, grad_y, grad_v0, scale, shift, mean, sizes, numbers, factors,
        low, high,
    ):  # fmt: skip
        """Write dL/dy and dL/dv0 (where there is room for it); return what ``sum_row`` adds up, for a tile's places."""
        sources  # noqa: B018
        steps, width, tile, x_step, s_step = sizes
        k, theta, v_rest, hard, jump = numbers
        a, b, c, jump_0, jump_h, to_x, to_v = factors
        hidden, rows, none = np.empty(steps * tile, F), np.empty(5 * tile, F), np.empty(0, F)
        all_of_y, all_of_distance = np.zeros(tile, np.float64), np.zeros(tile, np.float64)
        for start in range(low, high, tile):
            n = min(tile, high - start)
            v, grad, y = rows[:n], rows[tile:][:n], rows[2 * tile :][:n]
            of_y, of_distance = rows[3 * tile :][:n], rows[4 * tile :][:n]
            fill(v, v0, start)
            for t in range(steps):
                if t + 1 < steps:
                    announce(x, (t + 1) * x_step + start, n)
                scaled_row(x[t * x_step + start :][:n], scale, shift, skip[t * width + start :][:n], y)
                step_row(charge, y, v, k, theta, v_rest, hard, jump, True, hidden[t * tile :][:n])
            fill(grad, grad_v, start)
            of_y[:] = 0
            of_distance[:] = 0
            for t in range(steps - 1, -1, -1):
                if t > 0:
                    announce(grad_s, (t - 1) * s_step + start, n)
                last, row, out = t == steps - 1, x[t * x_step + start :][:n], grad_y[t * x_step + start :][:n]
                how = theta, hard, a, b, c, jump_0, jump_h, to_x, ONE if last else to_v, x_step == 0 and not last
                backward_row(surrogate, hidden[t * tile :][:n], grad_s[t * s_step + start :][:n], none, how, grad, out)
                if x_step > 0 or t == 0:  # of a still input the gradients of all steps are added up
                    sum_row(row, out, mean[:n], of_y, of_distance)
            add_row(of_y, all_of_y)
            add_row(of_distance, all_of_distance)
            if grad_v0.size > 0:
                for j in range(n):
                    grad_v0[start + j] = grad[j] * to_v
        return all_of_y, all_of_distance

    @njit(cache=kept(), **EXACT)
    def spread(x, grad_y, grad_x, p, q, r, low, high):
        """Write dL/dx = p dL/dy + q x + r for all numbers from ``low`` to ``high``."""
        sources  # noqa: B018
        room = np.empty(p.size, F)  # LLVM makes vector instructions of a row only where it does not overwrite its input
        for start in range(low, high, p.size):
            n = min(p.size, high - start)
            spread_row(x[start:][:n], grad_y[start:][:n], p, q, r, room[:n])
            grad_x[start:][:n] = room[:n]

    return forward, backward, spread


forward, backward, spread = loops(zlib.crc32(b"".join(SOURCES)))
