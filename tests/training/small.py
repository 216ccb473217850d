"""A small task on which everything random is used: Poisson spikes, dropout, rewiring. Run as a script it dies."""

import os
import signal
import sys

import pytest
import torch
from torch import nn

from course_snn import encoding, neuron, training
from course_snn.training import loss, run

BATCHES = 5  # 70 samples in batches of 16; the last is smaller


def data(samples=70, seed=0):
    g = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 3, (samples,), generator=g)
    x = 0.2 * torch.rand(samples, 1, 3, 4, generator=g)
    x[torch.arange(samples), 0, labels] += 0.6  # class k has row k bright
    return x, labels


def network(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(12, 10), nn.BatchNorm1d(10), neuron.LIFNode(), nn.Dropout(0.2), nn.Linear(10, 3)
    )


def plain(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 10), neuron.IFNode(), nn.Linear(10, 3))


def same(one, two):
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True))


def rewiring(params, lr=0.02):
    return training.AdamRewiring(params, lr, T=1e-4, l1=1e-3, density=0.5)


def fit(net, folder=None, at=None, **changes):
    """A run; ``at`` = (batch, act): do something in the batch with this number, counted over all epochs from 1."""
    options = dict(T=3, epochs=4, batch_size=16, encode=encoding.PoissonEncoder(), optimizer=rewiring, seed=3)
    options |= dict(checkpoint=folder, progress=False, validation=data(30, 1)) | changes
    with pytest.MonkeyPatch.context() as patch:
        if at is not None:
            patch.setattr(run, "correct", counting(*at))
        return training.fit(net, data(), **options)


def counting(batch, act):
    seen = []

    def correct(out, labels):
        seen.append(labels)
        if len(seen) == batch:
            act()
        return loss.correct(out, labels)

    return correct


if __name__ == "__main__":
    torch.set_num_threads(1)  # as in the tests: another number may add in another order
    fit(network(), sys.argv[1], save_every=0, at=(8, lambda: os.kill(os.getpid(), signal.SIGKILL)))
