"""Losses on the firing rate: what a network of spiking neurons put out over time against what it should say."""

import torch
from torch.nn import functional as F


def rate_cross_entropy(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of softmax(r) and the labels, where r is the mean of ``out`` over time.

        L = -1/N Σ_n log softmax(r_n)[label_n],    r_n = 1/T Σ_t out[t, n]

    Rates lie in [0, 1], so that a softmax of them is never sharp; voltages or weighted sums have no such limit.

    Args:
        out: spikes, or real numbers such as voltages [T, N, C].
        labels: the right classes [N], int64.
    """
    return F.cross_entropy(out.mean(0), labels)


def rate_mse(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean squared difference of the firing rates and one-hot labels.

        L = 1/(N C) Σ_n Σ_c (r_nc - [c = label_n])²,    r_n = 1/T Σ_t out[t, n]

    Args:
        out: spikes [T, N, C].
        labels: the right classes [N], int64; their neuron should fire in every step, the others never.
    """
    rate = out.mean(0)
    return F.mse_loss(rate, F.one_hot(labels, rate.shape[1]).to(rate.dtype))


def correct(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return how many of the N samples have their highest mean output at the right class."""
    return (out.mean(0).argmax(1) == labels).sum()
