"""Gaussian tuning: bell-shaped curves that share one value, and the times at which their neurons fire."""

import torch

from course_snn.arguments import whole


def tuning_curves(x_min, x_max, m: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return centres μ and width σ of ``m`` bell-shaped curves that cover [x_min, x_max] evenly.

        μ_j = x_min + (2j - 3)/2 · (x_max - x_min)/(m - 2),  j = 1 … m
        σ   = (x_max - x_min) / (1.5 (m - 2))

    Args:
        x_min, x_max: range of the data, floats or tensors [M] for M features.
        m: number of curves for each feature, at least 3.

    Shapes:
        μ [m], σ [] for a range of two floats; μ [M, m], σ [M] for tensors [M].

    Raises:
        TypeError, ValueError: a range that is empty or turned round, or too few curves.

    Source: Bohte, Kok & La Poutré 2002, Neurocomputing 48.
    """
    x_min, x_max = torch.as_tensor(x_min).float(), torch.as_tensor(x_max).float()
    if not (x_max > x_min).all():
        raise ValueError(f"x_max must lie above x_min for every feature; got x_min={x_min}, x_max={x_max}.")
    spacing = (x_max - x_min) / (whole("m", m, at_least=3) - 2)
    j = torch.arange(1, m + 1, device=spacing.device)
    return x_min[..., None] + (2 * j - 3) / 2 * spacing[..., None], spacing / 1.5


def tuning_times(x: torch.Tensor, mu: torch.Tensor, sigma: torch.Tensor, last: int) -> torch.Tensor:
    """Return the time t_j = round(L (1 - exp(-(x - μ_j)² / 2σ²))) at which each neuron fires; one at L does not: -1.

    Args:
        x: values […].
        mu, sigma: centres […, m] and widths […] of the curves, as ``tuning_curves`` gives them.
        last: L, the time of a neuron that does not respond at all, in steps. Halves round to even.

    Shapes:
        t […, m], int64.
    """
    distance = (x[..., None] - mu) / sigma[..., None]
    time = (last * (1 - torch.exp(-(distance**2) / 2))).round().long()
    return time.masked_fill(time >= last, -1)
