"""The two compiled loops behind ``course_snn.kernel``: neurons through all time steps, forward and backward.

A neuron is a column: x[t * x_step + j] is the input of neuron j at step t, so x_step = 0 repeats a still input.
Columns are taken a tile at a time, narrow enough that everything between reading x and writing the result stays in
the cache while time runs. The inner loops run along a row of the tile and are plain enough for LLVM to turn into
vector instructions; it also takes the choice of ``charge`` out of the loop. Importing this module compiles the two
loops, or loads them from numba's cache on disk.
"""

import zlib
from pathlib import Path

import numpy as np
from numba import njit

from course_snn.kernel.cache import kept
from course_snn.kernel.charges import CHARGES
from course_snn.kernel.prefetch import announce
from course_snn.kernel.slopes_cpu import (
    ATAN,
    BILINEAR,
    EXACT,
    LOOSE,
    ONE,
    RECTANGLE,
    SIGMOID,
    SIGNSWISH,
    ZERO,
    F,
    atan,
    bilinear,
    rectangle,
    sigmoid,
    sign_swish,
)
from course_snn.kernel.tiles_cpu import fill, pool_tile, unpool_tile

number = F  # what the loops take for a number; neurons_gpu has one of its own


def named(name, function, options):
    """Compile a function that is made in a function, under a name of its own.

    The machine code of a loop from the cache names what it calls by name, types and a number that is another in each
    process: of two functions of one name, the loop of another module could get the wrong one.
    """
    function.__name__ = function.__qualname__ = name
    return njit(**options)(function)


def one_of(what, bodies, options):
    """Return one compiled function (charge, v, x, k, v_rest) of several: the body with that number."""
    (number, body), *others = bodies
    name = f"{what}_from_{number}"
    body, others = njit(**options)(body), one_of(what, others, options) if others else None
    if others is None:
        return named(name, lambda charge, v, x, k, v_rest: body(v, x, k, v_rest), options)

    def choice(charge, v, x, k, v_rest):
        return body(v, x, k, v_rest) if charge == number else others(charge, v, x, k, v_rest)

    choice.__doc__ = f"Return the {what} of the row of ``CHARGES`` with the number ``charge``."
    return named(name, choice, options)


charged = one_of("charge", [(row.number, row.h) for row in CHARGES.values()], EXACT)
_slope_in_k = one_of("slope_in_k", [(row.number, row.dk) for row in CHARGES.values()], LOOSE)


@njit(**EXACT)
def step_row(charge, x, v, k, theta, v_rest, hard, jump, keep_h, out):
    """Take a row of neurons through one step; out = h or the spikes.

    Both resets are v = (1 - hard s) h + s jump: hard = 1, jump = v_reset, or hard = 0, jump = -theta.
    """
    for j in range(out.size):
        h = charged(charge, v[j], x[j], k, v_rest)
        s = ONE if h >= theta else ZERO
        v[j] = (ONE - hard * s) * h + s * jump
        out[j] = h if keep_h else s


def backward_row_of(slope):
    """Return the row of the backward pass for one surrogate; None: its values are given.

    A loop of its own for each, so that nothing but its arithmetic stands between two loads.
    """
    given = slope is None
    slope = sigmoid if given else slope

    def row(h, grad_s, slopes, theta, hard, a, b, c, jump_0, jump_h, to_x, to_v, add, grad, grad_x):
        """Take dL/dh from step t + 1 (in ``grad``, times ``to_v``) to step t; dv/ds = jump_0 - jump_h h."""
        for j in range(h.size):
            s = ONE if h[j] >= theta else ZERO
            v = grad[j] * to_v
            ds = slopes[j] if given else slope(h[j] - theta, a, b, c)
            g = v * (ONE - hard * s) + (grad_s[j] + v * (jump_0 - jump_h * h[j])) * ds
            grad[j] = g
            grad_x[j] = grad_x[j] + g * to_x if add else g * to_x

    return named("given_row" if given else f"{slope.py_func.__name__}_row", row, LOOSE)


sigmoid_row, atan_row, rectangle_row = map(backward_row_of, (sigmoid, atan, rectangle))
bilinear_row, sign_swish_row, given_row = map(backward_row_of, (bilinear, sign_swish, None))


@njit(**EXACT)
def backward_row(surrogate, h, grad_s, slopes, how, grad, grad_x):
    """Take a row one step back with the slope of the surrogate with that number."""
    if surrogate == SIGMOID:
        sigmoid_row(h, grad_s, slopes, *how, grad, grad_x)
    elif surrogate == ATAN:
        atan_row(h, grad_s, slopes, *how, grad, grad_x)
    elif surrogate == RECTANGLE:
        rectangle_row(h, grad_s, slopes, *how, grad, grad_x)
    elif surrogate == BILINEAR:
        bilinear_row(h, grad_s, slopes, *how, grad, grad_x)
    elif surrogate == SIGNSWISH:
        sign_swish_row(h, grad_s, slopes, *how, grad, grad_x)
    else:
        given_row(h, grad_s, slopes, *how, grad, grad_x)


@njit(**LOOSE)
def learn_row(charge, x, v, k, v_rest, grad, sums):
    """Add dL/dk of one step."""
    for j in range(v.size):
        sums[j] += grad[j] * _slope_in_k(charge, v[j], x[j], k, v_rest)


def loops(sources):
    """Return the two loops; ``sources`` tells what they were made from, and so which compiled ones in the cache fit."""

    @njit(
        "void(int64, boolean, float32[::1], float32[::1], float32[::1], float32[::1],"
        " UniTuple(int64, 6), UniTuple(float32, 5), int64, int64)",
        cache=kept(),
        **EXACT,
    )
    def forward(charge, keep_h, x, v0, out, v_last, sizes, numbers, low, high):
        """Take the neurons ``low`` to ``high`` through all steps: out = spikes (or h) of every step, v_last.

        With ``columns`` above 0 a tile is two rows of a picture, and out is what pooling leaves of the spikes.
        """
        sources  # noqa: B018  (makes it part of the key in the cache)
        steps, width, tile, x_step, columns, channels = sizes
        k, theta, v_rest, hard, jump = numbers
        room = tile if columns else 0
        spikes, space = np.empty(room, F), np.empty(room, F)
        for start in range(low, high, tile):
            n = min(tile, high - start)
            v = v_last[start:][:n]
            fill(v, v0, start)
            for t in range(steps):
                row = x[t * x_step + start :][:n]
                if t + 1 < steps and x_step:
                    announce(x, (t + 1) * x_step + start, n)
                if columns:
                    step_row(charge, row, v, k, theta, v_rest, hard, jump, keep_h, spikes)
                    pool_tile(spikes, space, out[(t * width + start) // 4 :][: n // 4], columns, channels)
                    continue
                if t + 1 < steps:
                    announce(out, (t + 1) * width + start, n)
                step_row(charge, row, v, k, theta, v_rest, hard, jump, keep_h, out[t * width + start :][:n])

    @njit(
        "float64(int64, int64, boolean, float32[::1], float32[::1], float32[::1], float32[::1], float32[::1],"
        " float32[::1], float32[::1], UniTuple(int64, 8), UniTuple(float32, 5), UniTuple(float32, 7), int64, int64)",
        cache=kept(),
        **EXACT,
    )
    def backward(
        charge, surrogate, learn, x, v0, grad_s, grad_v, slopes, grad_x, grad_v0, sizes, numbers, factors, low, high
    ):
        """Gradients of the neurons ``low`` to ``high``: h is computed again per tile, then time runs backward.

        Returns dL/dk if ``learn``; writes dL/dv0 if there is room for it in ``grad_v0``.
        """
        sources  # noqa: B018
        steps, width, tile, x_step, s_step, out_step, columns, channels = sizes
        k, theta, v_rest, hard, jump = numbers
        a, b, c, jump_0, jump_h, to_x, to_v = factors
        hidden, rows = np.empty(2 * channels + steps * tile, F), np.empty(3 * tile, F)
        room = tile if columns else 0
        apart, wide, odd = np.empty(room, F), np.empty(room, F), np.empty(room, F)
        for j in range(odd.size):
            odd[j] = j // max(channels, 1) % 2
        total = 0.0
        for start in range(low, high, tile):
            n = min(tile, high - start)
            v, grad, sums = rows[:n], rows[tile:][:n], rows[2 * tile :][:n]
            fill(v, v0, start)
            for t in range(steps):
                row = x[t * x_step + start :][:n]
                if t + 1 < steps:
                    announce(x, (t + 1) * x_step + start, n)
                step_row(charge, row, v, k, theta, v_rest, hard, jump, True, hidden[channels + t * tile :][:n])
            fill(grad, grad_v, start)
            sums[:] = ZERO
            for t in range(steps - 1, -1, -1):
                first, last = t == 0, t == steps - 1
                h = hidden[channels + t * tile :][:n]
                if not first:
                    if not columns:
                        announce(grad_s, (t - 1) * s_step + start, n)
                    if out_step:
                        announce(grad_x, (t - 1) * out_step + start, n)
                if columns:
                    s, g = apart, grad_s[t * s_step + start // 4 :]
                    unpool_tile(hidden, channels + t * tile, theta, g, wide, odd, s, columns, channels)
                else:
                    s = grad_s[t * s_step + start :][:n]
                out = grad_x[t * out_step + start :][:n]
                scale, add = ONE if last else to_v, out_step == 0 and not last
                given = slopes[t * width + start :][:n]
                how = theta, hard, a, b, c, jump_0, jump_h, to_x, scale, add
                backward_row(surrogate, h, s, given, how, grad, out)
                if learn:
                    fill(v, v0, start)
                    if not first:
                        before = hidden[channels + (t - 1) * tile :][:n]
                        for j in range(n):
                            spike = ONE if before[j] >= theta else ZERO
                            v[j] = (ONE - hard * spike) * before[j] + spike * jump
                    learn_row(charge, x[t * x_step + start :][:n], v, k, v_rest, grad, sums)
            if learn:
                for j in range(n):
                    total += sums[j]
            if grad_v0.size > 0:
                for j in range(n):
                    grad_v0[start + j] = grad[j] * to_v
        return total

    return forward, backward


# numba looks at the date of this one file only; half of the others are compiled into the loops
SOURCES = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
forward, backward = loops(zlib.crc32(b"".join(SOURCES)))
