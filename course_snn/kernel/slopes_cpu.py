"""Slopes of the surrogates for the compiled loops on the CPU, in arithmetic that LLVM makes vector instructions of."""

import numpy as np
from numba import njit

SIGMOID, ATAN, RECTANGLE, BILINEAR, SIGNSWISH, GIVEN = range(6)  # as numbered in plan.SURROGATES
EXACT = {"error_model": "numpy", "nogil": True}  # not cached: numba would not notice that something called has changed
LOOSE = EXACT | {"fastmath": {"contract"}}  # gradients may use fused multiply-add; forward values must not

F = np.float32
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
