"""The two compiled loops behind ``course_snn.kernel``: neurons through all time steps, forward and backward.

A neuron is a column: x[t * x_step + j] is the input of neuron j at step t, so x_step = 0 repeats a still input.
Columns are taken a tile at a time, narrow enough that everything between reading x and writing the result stays in
the cache while time runs. The inner loops run along a row of the tile and are plain enough for LLVM to turn into
vector instructions; it also takes the choice of ``charge`` out of the loop. Importing this module compiles the two
loops, or loads them from numba's cache on disk.
"""

import numpy as np
from numba import njit

from course_snn.kernel.prefetch import announce

IF, LIF, PLIF, RIF = range(4)  # charge
SIGMOID, ATAN, RECTANGLE, BILINEAR, SIGNSWISH, GIVEN = range(6)  # surrogate
EXACT = {"error_model": "numpy", "nogil": True, "cache": True}
LOOSE = EXACT | {"fastmath": {"contract"}}  # gradients may use fused multiply-add; forward values must not

F = np.float32
number = F  # what the loops take for a number; neurons_gpu has one of its own
ZERO, ONE, TWO = F(0), F(1), F(2)
LOG2E, LN2_HIGH, LN2_LOW, LARGEST = F(-1.44269504), F(0.693359375), F(-2.12194440e-4), F(87)
C0, C1, C2, C3, C4, C5 = map(F, (1.00000007, 0.999999666, 0.499988987, 0.166676631, 0.0419150661, 0.00829171036))
ROUND, BIAS = F(12582912), np.int32(127)  # 1.5 * 2^23: adding it leaves the nearest integer in the low bits


@njit(**LOOSE)
def exp_of_minus(y):
    """Return exp(-y) for y >= 0 as 2^n times a polynomial: LLVM has no vector form of exp."""
    y = min(y, LARGEST)
    shifted = y * LOG2E + ROUND
    n = shifted - ROUND
    r = -y - n * LN2_HIGH - n * LN2_LOW
    power = np.int32(np.int32(F(shifted).view(np.int32) + BIAS) << 23).view(np.float32)
    return (((((C5 * r + C4) * r + C3) * r + C2) * r + C1) * r + C0) * power


@njit(**EXACT)
def charged(charge, v, x, k, v_rest):
    """Return h, as the charges of course_snn.neuron do operation by operation, so that no bit differs."""
    if charge == IF:
        return v + x
    if charge == LIF:
        return v + (x - (v - v_rest)) / k
    if charge == PLIF:
        return v + (x - (v - v_rest)) * k
    return v + k * (v - v_rest) + x


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


@njit(**EXACT)
def fill(row, values, start):
    """Set row = values[start:], or all of it to the one number there is."""
    if values.size == 1:
        row[:] = values[0]
    else:
        row[:] = values[start : start + row.size]


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


@njit(
    "void(int64, boolean, float32[::1], float32[::1], float32[::1], float32[::1],"
    " UniTuple(int64, 6), UniTuple(float32, 5), int64, int64)",
    **EXACT,
)
def forward(charge, keep_h, x, v0, out, v_last, sizes, numbers, low, high):
    """Take the neurons ``low`` to ``high`` through all steps: out = spikes (or h) of every step, v_last.

    With ``columns`` above 0 a tile is two rows of a picture, and out is what pooling leaves of the spikes: a quarter.
    """
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


@njit(**LOOSE)
def sigmoid(x, a, b, c):
    """Slope a σ(ax) (1 - σ(ax)) of the surrogate at x = h - θ."""
    e = exp_of_minus(abs(a * x))
    r = ONE / (ONE + e)
    return a * e * r * r


@njit(**LOOSE)
def atan(x, a, b, c):
    """Slope a / (1 + (bx)²)."""
    y = b * x
    return a / (ONE + y * y)


@njit(**LOOSE)
def rectangle(x, a, b, c):
    """Slope a within c of the threshold, else 0."""
    return a if abs(x) < c else ZERO


@njit(**LOOSE)
def bilinear(x, a, b, c):
    """Slope a within c of the threshold, else b."""
    return a if abs(x) <= c else b


@njit(**LOOSE)
def sign_swish(x, a, b, c):
    """Slope of SignSwish with β = a."""
    y = abs(a * x)
    e = exp_of_minus(y)
    r = ONE / (ONE + e)
    return a * (TWO - y * (ONE - e) * r) * TWO * e * r * r


def backward_row_of(slope):
    """Return ``backward_row`` for one surrogate; None: its values are given.

    A loop of its own for each, so that nothing but its arithmetic stands between two loads.
    """
    given = slope is None
    slope = sigmoid if given else slope

    @njit(**LOOSE)
    def backward_row(h, grad_s, slopes, theta, hard, a, b, c, jump_0, jump_h, to_x, to_v, add, grad, grad_x):
        """Take dL/dh from step t + 1 (in ``grad``, times ``to_v``) to step t; dv/ds = jump_0 - jump_h h."""
        for j in range(h.size):
            s = ONE if h[j] >= theta else ZERO
            v = grad[j] * to_v
            ds = slopes[j] if given else slope(h[j] - theta, a, b, c)
            g = v * (ONE - hard * s) + (grad_s[j] + v * (jump_0 - jump_h * h[j])) * ds
            grad[j] = g
            grad_x[j] = grad_x[j] + g * to_x if add else g * to_x

    return backward_row


sigmoid_row, atan_row, rectangle_row = map(backward_row_of, (sigmoid, atan, rectangle))
bilinear_row, sign_swish_row, given_row = map(backward_row_of, (bilinear, sign_swish, None))


@njit(**LOOSE)
def learn_row(charge, x, v, v_rest, grad, sums):
    """Add dL/dk of one step: dh/dk is x - (v - v_rest) for PLIF and v - v_rest for RIF."""
    for j in range(v.size):
        away = v[j] - v_rest
        sums[j] += grad[j] * (x[j] - away if charge == PLIF else away)


@njit(
    "float64(int64, int64, boolean, float32[::1], float32[::1], float32[::1], float32[::1], float32[::1],"
    " float32[::1], float32[::1], UniTuple(int64, 8), UniTuple(float32, 5), UniTuple(float32, 7), int64, int64)",
    **EXACT,
)
def backward(
    charge, surrogate, learn, x, v0, grad_s, grad_v, slopes, grad_x, grad_v0, sizes, numbers, factors, low, high
):
    """Gradients of the neurons ``low`` to ``high``: h is computed again per tile, then time runs backward.

    Returns dL/dk if ``learn``; writes dL/dv0 if there is room for it in ``grad_v0``.
    """
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
            if surrogate == SIGMOID:
                sigmoid_row(h, s, given, *how, grad, out)
            elif surrogate == ATAN:
                atan_row(h, s, given, *how, grad, out)
            elif surrogate == RECTANGLE:
                rectangle_row(h, s, given, *how, grad, out)
            elif surrogate == BILINEAR:
                bilinear_row(h, s, given, *how, grad, out)
            elif surrogate == SIGNSWISH:
                sign_swish_row(h, s, given, *how, grad, out)
            else:
                given_row(h, s, given, *how, grad, out)
            if learn:
                fill(v, v0, start)
                if not first:
                    before = hidden[channels + (t - 1) * tile :][:n]
                    for j in range(n):
                        spike = ONE if before[j] >= theta else ZERO
                        v[j] = (ONE - hard * spike) * before[j] + spike * jump
                learn_row(charge, x[t * x_step + start :][:n], v, v_rest, grad, sums)
        if learn:
            for j in range(n):
                total += sums[j]
        if grad_v0.size > 0:
            for j in range(n):
                grad_v0[start + j] = grad[j] * to_v
    return total
