"""What several exercises of chapter 07 share."""

import torch

from course_snn.event_driven import psp_kernel


def psp_at(times, T, causal=True, silent=True, sign=1, start=0):
    """The potentials [T, inputs], with one thing done wrong."""
    since = (sign * (torch.arange(start, start + T)[:, None] - times)).double()
    k = psp_kernel(since, 15.0, 3.75) if causal else 2.1165 * (torch.exp(-since / 15) - torch.exp(-since / 3.75))
    return (k * (times >= 0) if silent else k).float()


W = torch.tensor([0.9, -0.6, 0.5, 0.8])
TIMES = torch.tensor([3, 5, -1, 9])
