"""The compiled loop behind ``course_snn.unsupervised``: samples through a winner-take-all layer, with or without STDP.

Work is done where spikes are: a step adds the weights of the inputs that spike, input by input, to all voltages, and a
spike of a neuron touches its own weights only. The weights lie as [in, out], so that the first, by far the most
frequent, runs along a row. Importing this module compiles the loop, or loads it from numba's cache on disk.
"""

import numpy as np
from numba import njit

from course_snn.kernel.cache import kept

EXACT = {"error_model": "numpy", "nogil": True, "cache": kept()}
F = np.float32
ZERO, ONE = F(0), F(1)


@njit(**EXACT)
def learn(j, weight, x, rate, target):
    """Set w_j = clip(w_j + rate (x - target), 0, 1)."""
    for i in range(x.size):
        weight[i, j] = min(max(weight[i, j] + rate * (x[i] - target), ZERO), ONE)


@njit(**EXACT)
def normalise(j, weight, w_sum):
    """Scale w_j to the sum w_sum."""
    total = 0.0
    for i in range(weight.shape[0]):
        total += weight[i, j]
    if total > 0:
        factor = F(w_sum / total)
        for i in range(weight.shape[0]):
            weight[i, j] *= factor


@njit(**EXACT)
def integrate(row, on, weight, v, tau):
    """Set v = v - v/tau + the weights of the inputs that spike; return their number and their indices in ``on``."""
    spiking = 0
    for i in range(row.size):
        if row[i]:
            on[spiking] = i
            spiking += 1
    for j in range(v.size):
        v[j] = v[j] - v[j] / tau
    for k in range(spiking):
        w = weight[on[k]]
        for j in range(v.size):
            v[j] += w[j]
    return spiking


@njit(**EXACT)
def compete(v, theta, v_threshold, inhibition, won):
    """Set who has to start again back to 0; return the number of neurons that spike and their indices in ``won``."""
    spiking, best, most = 0, 0, v[0] - theta[0]
    for j in range(v.size):
        above = v[j] - theta[j]
        if above > most:
            best, most = j, above
        if above >= v_threshold and not inhibition:
            won[spiking] = j
            spiking += 1
            v[j] = ZERO
    if inhibition and most >= v_threshold:
        won[0], spiking = best, 1
        v[:] = ZERO
    return spiking


@njit(
    "void(boolean[:, :, ::1], float32[:, ::1], float32[::1], int64[:, ::1], boolean, boolean,"
    " UniTuple(float32, 7), float64, int64, int64)",
    **EXACT,
)
def present(spikes, weight, theta, counts, learning, inhibition, numbers, w_sum, low, high):
    """Show the samples ``low`` to ``high`` of spikes [T, N, in], one after the other; add to counts [N, out]."""
    tau, tau_pre, v_threshold, rate, target, theta_plus, tau_theta = numbers
    inputs, neurons = weight.shape
    x, v = np.empty(inputs, F), np.empty(neurons, F)
    on, won = np.empty(inputs, np.int64), np.empty(neurons, np.int64)
    for n in range(low, high):
        x[:], v[:] = ZERO, ZERO
        for t in range(spikes.shape[0]):
            spiking = integrate(spikes[t, n], on, weight, v, tau)
            if learning:
                for i in range(inputs):
                    x[i] = x[i] - x[i] / tau_pre
                for k in range(spiking):
                    x[on[k]] += ONE
            for k in range(compete(v, theta, v_threshold, inhibition, won)):
                j = won[k]
                counts[n, j] += 1
                if learning:
                    theta[j] += theta_plus
                    learn(j, weight, x, rate, target)
        if learning:
            for j in range(neurons):
                theta[j] -= theta[j] / tau_theta
                if counts[n, j] > 0:
                    normalise(j, weight, w_sum)
