"""Try a network out without leaving a trace: on a copy without state, with the random numbers put back afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from course_snn import snapshot, unrolling


@contextmanager
def on_a_copy(net: nn.Module, x: torch.Tensor) -> Iterator[nn.Module]:
    """Give the ``with`` block a copy of ``net`` after ``reset_net``, in the mode (train or eval) that ``net`` is in.

    Nothing that happens in the block changes ``net`` or what torch.rand gives next. A network that
    ``copy.deepcopy`` alone refuses, with state or weights (weight_norm, prune) that hang on a graph, is copied too.

    Args:
        net: the network. x: what it will be run on; its device has the stream of random numbers to put back.
    """
    devices = [x.device] if x.device.type == "cuda" else []
    with torch.random.fork_rng(devices), torch.inference_mode(False):
        twin = snapshot.copy_of(net)
        unrolling.reset_net(twin)
        yield twin
