"""Runs to resume: a network with a value for everything, a learner's own classes, and what comes of two calls."""

import textwrap
import warnings

import pytest
import torch
from small import data
from torch import nn

from course_snn import neuron, training
from course_snn.training import CheckpointError

X, LABELS = data()


def net(tau=2.0, threshold=1.0, reset=0.0, slope=None, detach=False, cls=neuron.LIFNode, p=0.2, act=nn.Identity, **bn):
    torch.manual_seed(0)
    options = dict(v_threshold=threshold, v_reset=reset, surrogate=slope, detach_reset=detach)
    options |= {} if cls is neuron.IFNode else dict(tau=tau)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(12, 8), nn.BatchNorm1d(8, **bn), cls(**options), nn.Dropout(p), act(), nn.Linear(8, 3)
    )


def conv(pool=2, **options):
    torch.manual_seed(0)
    options = dict(padding=1) | options
    body = nn.Sequential(nn.Conv2d(1, 4, 3, **options), nn.MaxPool2d(pool, 1), neuron.IFNode(), nn.Flatten())
    return nn.Sequential(body, nn.LazyLinear(3))


def go(network, folder, epochs=1, **changes):
    options = dict(T=2, batch_size=35, schedule=None, progress=False, checkpoint=folder, train=(X, LABELS)) | changes
    return training.fit(network, options.pop("train"), epochs=epochs, **options)


def resumed(first, second, folder, epochs=2):
    """Run the first, go on with the second; each is (network, changes)."""
    go(first[0], folder, **first[1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return go(second[0], folder, epochs, resume=True, **second[1])


def refused(first, second, folder):
    with pytest.raises(CheckpointError) as error:
        resumed(first, second, folder)
    return str(error.value)


def own_classes(k=1.0, charge="v + x", scale=1.0):
    """A notebook's cell: it is executed anew each time, as after an edit."""
    cell = f"""
    import torch
    from torch import nn
    from course_snn import neuron
    K = {k}
    def bent(x):
        return x * K
    class Own(neuron.Neuron):
        def __init__(self, scale):
            super().__init__()
            self.scale = scale
            self._twice = [lambda x: bent(x) * 2, scale]
        def charge(self, v, x):
            return self._twice[0](self.scale * ({charge})) / 2
    """
    namespace = {"__name__": "__main__"}
    exec(textwrap.dedent(cell), namespace)
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 8), namespace["Own"](scale), nn.Linear(8, 3))
