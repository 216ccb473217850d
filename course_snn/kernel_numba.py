"""The two compiled loops behind ``course_snn.kernel``: neurons through all time steps, forward and backward.

A neuron is a column: x[t * x_step + j] is the input of neuron j at step t, so x_step = 0 repeats a still input.
Columns are taken a tile at a time, narrow enough that everything between reading x and writing the result stays in
the cache while time runs. The inner loops run along a row of the tile and are plain enough for LLVM to turn into
vector instructions; it also takes the choice of ``charge`` out of the loop. Importing this module compiles the two
loops, or loads them from numba's cache on disk.
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

IF, LIF, PLIF, RIF = range(4)  # charge
SIGMOID, ATAN, RECTANGLE, BILINEAR, SIGNSWISH, GIVEN = range(6)  # surrogate
EXACT = {"error_model": "numpy", "nogil": True, "cache": True}
LOOSE = EXACT | {"fastmath": {"contract"}}  # gradients may use fused multiply-add; forward values must not

F = np.float32
ZERO, ONE, TWO = F(0), F(1), F(2)
LOG2E, LN2_HIGH, LN2_LOW, LARGEST = F(-1.44269504), F(0.693359375), F(-2.12194440e-4), F(87)
FIRST, RIGHT, BELOW, LAST = map(np.uint8, range(4))  # places in a window of 2 x 2
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


@intrinsic
def prefetch(context, address):
    """Ask for the cache line at ``address`` (LLVM's llvm.prefetch), which numba has no name for."""

    def generate(context, builder, signature, arguments):
        i32 = ir.IntType(32)
        pointer = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, i32, i32, i32])
        instruction = builder.module.declare_intrinsic("llvm.prefetch", [pointer.type], kind)
        builder.call(instruction, [pointer, i32(0), i32(3), i32(1)])  # to read, soon, data
        return context.get_dummy_value()

    return types.void(types.int64), generate


@njit(**EXACT)
def announce(values, first, n):
    """Fetch the beginning of each page of values[first : first + n] ahead of its use.

    The processor itself fetches ahead along a row, but not from row to row and not across pages of 4 KiB.
    """
    address = values.ctypes.data + 4 * first
    end = address + 4 * n
    while address < end:
        for line in range(4):
            prefetch(address + 64 * line)
        address = (address // 4096 + 1) * 4096


@njit(**EXACT)
def fill(row, values, start):
    """Set row = values[start:], or all of it to the one number there is."""
    if values.size == 1:
        row[:] = values[0]
    else:
        row[:] = values[start : start + row.size]


@njit(
    "void(int64, boolean, float32[::1], float32[::1], float32[::1], float32[::1],"
    " UniTuple(int64, 4), UniTuple(float32, 5), int64, int64)",
    **EXACT,
)
def forward(charge, keep_h, x, v0, out, v_last, sizes, numbers, low, high):
    """Take the neurons ``low`` to ``high`` through all steps: out = spikes (or h) of every step, v_last."""
    steps, width, tile, x_step = sizes
    k, theta, v_rest, hard, jump = numbers
    for start in range(low, high, tile):
        n = min(tile, high - start)
        v = v_last[start:][:n]
        fill(v, v0, start)
        for t in range(steps):
            row = x[t * x_step + start :][:n]
            if t + 1 < steps:
                announce(x, (t + 1) * x_step + start, n)
                announce(out, (t + 1) * width + start, n)
            step_row(charge, row, v, k, theta, v_rest, hard, jump, keep_h, out[t * width + start :][:n])


@njit(**LOOSE)
def slope_row(surrogate, h, theta, a, b, c, slope):
    """Set slope = g'(h - theta), the surrogates of course_snn.surrogate."""
    n = h.size
    if surrogate == SIGMOID:
        for j in range(n):
            e = exp_of_minus(abs(a * (h[j] - theta)))
            r = ONE / (ONE + e)
            slope[j] = a * e * r * r
    elif surrogate == ATAN:
        for j in range(n):
            y = b * (h[j] - theta)
            slope[j] = a / (ONE + y * y)
    elif surrogate == RECTANGLE:
        for j in range(n):
            slope[j] = a if abs(h[j] - theta) < c else ZERO
    elif surrogate == BILINEAR:
        for j in range(n):
            slope[j] = a if abs(h[j] - theta) <= c else b
    elif surrogate == SIGNSWISH:
        for j in range(n):
            y = abs(a * (h[j] - theta))
            e = exp_of_minus(y)
            r = ONE / (ONE + e)
            slope[j] = a * (TWO - y * (ONE - e) * r) * TWO * e * r * r


@njit(**LOOSE)
def backward_row(h, grad_s, slope, theta, hard, jump_0, jump_h, to_x, to_v, add, grad, grad_x):
    """Take dL/dh from step t + 1 (in ``grad``, times ``to_v``) to step t; dv/ds = jump_0 - jump_h h."""
    for j in range(h.size):
        s = ONE if h[j] >= theta else ZERO
        v = grad[j] * to_v
        g = v * (ONE - hard * s) + (grad_s[j] + v * (jump_0 - jump_h * h[j])) * slope[j]
        grad[j] = g
        grad_x[j] = grad_x[j] + g * to_x if add else g * to_x


@njit(**LOOSE)
def learn_row(charge, x, v, v_rest, grad, sums):
    """Add dL/dk of one step: dh/dk is x - (v - v_rest) for PLIF and v - v_rest for RIF."""
    for j in range(v.size):
        away = v[j] - v_rest
        sums[j] += grad[j] * (x[j] - away if charge == PLIF else away)


@njit(
    "float64(int64, int64, boolean, float32[::1], float32[::1], float32[::1], float32[::1], float32[::1],"
    " float32[::1], float32[::1], UniTuple(int64, 6), UniTuple(float32, 5), UniTuple(float32, 7), int64, int64)",
    **EXACT,
)
def backward(
    charge, surrogate, learn, x, v0, grad_s, grad_v, slopes, grad_x, grad_v0, sizes, numbers, factors, low, high
):
    """Gradients of the neurons ``low`` to ``high``: h is computed again per tile, then time runs backward.

    Returns dL/dk if ``learn``; writes dL/dv0 if there is room for it in ``grad_v0``.
    """
    steps, width, tile, x_step, s_step, out_step = sizes
    k, theta, v_rest, hard, jump = numbers
    a, b, c, jump_0, jump_h, to_x, to_v = factors
    hidden, rows = np.empty(steps * tile, F), np.empty(4 * tile, F)
    total = 0.0
    for start in range(low, high, tile):
        n = min(tile, high - start)
        v, grad, slope, sums = rows[:n], rows[tile:][:n], rows[2 * tile :][:n], rows[3 * tile :][:n]
        fill(v, v0, start)
        for t in range(steps):
            row = x[t * x_step + start :][:n]
            if t + 1 < steps:
                announce(x, (t + 1) * x_step + start, n)
            step_row(charge, row, v, k, theta, v_rest, hard, jump, True, hidden[t * tile :][:n])
        fill(grad, grad_v, start)
        sums[:] = ZERO
        for t in range(steps - 1, -1, -1):
            first, last = t == 0, t == steps - 1
            h = hidden[t * tile :][:n]
            if not first:
                announce(grad_s, (t - 1) * s_step + start, n)
                announce(grad_x, (t - 1) * out_step + start, n)
            if surrogate == GIVEN:
                slope = slopes[t * width + start :][:n]
            else:
                slope_row(surrogate, h, theta, a, b, c, slope)
            s = grad_s[t * s_step + start :][:n]
            out = grad_x[t * out_step + start :][:n]
            scale = ONE if last else to_v
            backward_row(h, s, slope, theta, hard, jump_0, jump_h, to_x, scale, out_step == 0 and not last, grad, out)
            if learn:
                fill(v, v0, start)
                if not first:
                    before = hidden[(t - 1) * tile :][:n]
                    for j in range(n):
                        spike = ONE if before[j] >= theta else ZERO
                        v[j] = (ONE - hard * spike) * before[j] + spike * jump
                learn_row(charge, x[t * x_step + start :][:n], v, v_rest, grad, sums)
        for j in range(n):
            total += sums[j]
        if grad_v0.size > 0:
            for j in range(n):
                grad_v0[start + j] = grad[j] * to_v
    return total


@njit(**EXACT)
def pool(x, out, place, height, width, channels, low, high):
    """Maximum of 2 x 2 windows, channels last, for the rows ``low`` to ``high`` of the output (of all images).

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
