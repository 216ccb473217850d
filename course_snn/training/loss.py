"""Losses on the firing rate (they live in ``readout``, with what else is read from output neurons), and the count."""

import torch

from course_snn.readout import rate_cross_entropy, rate_mse

__all__ = ["correct", "rate_cross_entropy", "rate_mse"]


def correct(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return how many of the N samples have their highest mean output at the right class, or the likeliest one."""
    right = labels.argmax(1) if labels.dim() == 2 else labels  # soft labels [N, C]
    return (out.mean(0).argmax(1) == right).sum()
