"""Compiled loops for a batch normalisation, a sum and a neuron in one pass; the channels lie last in memory.

    y[t] = x[t] scale + shift (+ skip[t]), with a scale and a shift for each channel; then as in ``neurons_cpu``

``y`` lives in the cache only. A tile begins with the first channel of a place, so that ``scale`` and ``shift``, written
out for a tile, fit to every tile.
"""

import zlib

import numpy as np
from numba import njit

from course_snn.kernel.cache import kept
from course_snn.kernel.neurons_cpu import SOURCES, backward_row, charged
from course_snn.kernel.prefetch import announce
from course_snn.kernel.slopes_cpu import EXACT, LOOSE, ONE, ZERO, F
from course_snn.kernel.tiles_cpu import fill

NOTHING = np.zeros(1, F)


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


def written_out(values, size):
    """Return what there is for each channel for each of so many neurons."""
    return [np.tile(each.astype(F), size // each.size) for each in values]


@njit(**LOOSE)
def scaled(x, scale, shift):
    """Return x scale + shift; product and sum are rounded once, as in torch's own loop."""
    return x * scale + shift


@njit(**EXACT)
def normal_step_row(charge, x, scale, shift, skip, v, how, out):
    """Take a row of neurons through one step of x scale + shift (+ skip); out = h or the spikes, as in ``step_row``."""
    k, theta, v_rest, hard, jump, keep_h = how
    joins = skip.size > 0
    for j in range(out.size):
        y = scaled(x[j], scale[j], shift[j])
        h = charged(charge, v[j], y + skip[j] if joins else y, k, v_rest)
        s = ONE if h >= theta else ZERO
        v[j] = (ONE - hard * s) * h + s * jump
        out[j] = h if keep_h else s


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


@njit(**LOOSE)
def spread_in_place(x, grad, p, q, r):
    """Set grad = p grad + q x + r; a loop of its own: of ``spread_row`` with out = grad LLVM makes no vector code."""
    for j in range(grad.size):
        grad[j] = grad[j] * p[j] + x[j] * q[j] + r[j]


def loops(sources):
    """Return the two loops and one that ends the backward pass; ``sources``: see ``neurons_cpu.loops``."""

    @njit(cache=kept(), **EXACT)
    def forward(charge, x, skip, v0, out, v_last, scale, shift, sizes, numbers, low, high):
        """Take the neurons ``low`` to ``high`` through all steps: out = spikes, v_last = the last voltages."""
        sources  # noqa: B018  (makes it part of the key in the cache)
        steps, width, tile, x_step = sizes
        how = *numbers, False
        for start in range(low, high, tile):
            n = min(tile, high - start)
            v = v_last[start:][:n]
            fill(v, v0, start)
            for t in range(steps):
                now = t * width + start
                if t + 1 < steps:
                    announce(x, (t + 1) * x_step + start, n)
                    announce(out, now + width, n)
                normal_step_row(
                    charge, x[t * x_step + start :][:n], scale, shift, skip[now:][:n], v, how, out[now:][:n]
                )

    @njit(cache=kept(), **EXACT)
    def backward(
        charge, surrogate, x, skip, v0, grad_s, grad_v, grad_y, grad_v0, scale, shift, mean, sizes, numbers, factors,
        low, high,
    ):  # fmt: skip
        """Write dL/dy and dL/dv0 (where there is room for it); return what ``sum_row`` adds up, for a tile's places."""
        sources  # noqa: B018
        steps, width, tile, x_step = sizes
        theta, hard, how = numbers[1], numbers[3], (*numbers, True)
        a, b, c, jump_0, jump_h, to_x, to_v = factors
        hidden, rows, none = np.empty(steps * tile, F), np.empty(4 * tile, F), np.empty(0, F)
        all_of_y, all_of_distance = np.zeros(tile, np.float64), np.zeros(tile, np.float64)
        for start in range(low, high, tile):
            n = min(tile, high - start)
            v, grad = rows[:n], rows[tile:][:n]
            of_y, of_distance = rows[2 * tile :][:n], rows[3 * tile :][:n]
            fill(v, v0, start)
            for t in range(steps):
                if t + 1 < steps:
                    announce(x, (t + 1) * x_step + start, n)
                row, added = x[t * x_step + start :][:n], skip[t * width + start :][:n]
                normal_step_row(charge, row, scale, shift, added, v, how, hidden[t * tile :][:n])
            fill(grad, grad_v, start)
            fill(of_y, NOTHING, 0)
            fill(of_distance, NOTHING, 0)
            for t in range(steps - 1, -1, -1):
                if t > 0:
                    announce(grad_s, (t - 1) * width + start, n)
                last, row, out = t == steps - 1, x[t * x_step + start :][:n], grad_y[t * x_step + start :][:n]
                back = theta, hard, a, b, c, jump_0, jump_h, to_x, ONE if last else to_v, x_step == 0 and not last
                backward_row(surrogate, hidden[t * tile :][:n], grad_s[t * width + start :][:n], none, back, grad, out)
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
        """Write dL/dx = p dL/dy + q x + r from ``low`` to ``high``, over dL/dy where ``grad_x`` is empty."""
        sources  # noqa: B018
        for start in range(low, high, p.size):
            n = min(p.size, high - start)
            if grad_x.size:
                spread_row(x[start:][:n], grad_y[start:][:n], p, q, r, grad_x[start:][:n])
            else:
                spread_in_place(x[start:][:n], grad_y[start:][:n], p, q, r)

    return forward, backward, spread


forward, backward, spread = loops(zlib.crc32(b"".join(SOURCES)))
