"""What several exercises of chapter 06 share."""

import torch
from torch.nn import functional as F


def last(v, theta):
    return torch.where(v - theta == (v - theta).max(), torch.arange(len(v)), -1)


def everybody(v, theta, v_threshold):
    spikes = (v - theta >= v_threshold).float()
    return spikes, 0 * v if spikes.any() else v


def mean_response(counts, labels, by=lambda members: members.sum(0)):
    """The mean responses [out, 10]; ``by`` says what the sums are divided by."""
    members = F.one_hot(labels, 10).float()
    return counts.t() @ members / by(members).clamp(min=1)


def tensor_of(*values):
    return torch.tensor(values)


def numbers(*shape, seed=0, most=4):
    return torch.randint(most, shape, generator=torch.Generator().manual_seed(seed)).float()


MANY = torch.randint(10, (60,), generator=torch.Generator().manual_seed(5))
TRAIN = numbers(60, 12, seed=23, most=5)
TRAIN[:, 3] = 0  # a silent neuron
