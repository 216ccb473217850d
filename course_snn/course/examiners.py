"""Three programmes that test a trained network, with one planted fault each, for the bug hunt of chapter 16.

Training is sound: what is wrong is how the network is tested. Each fault leaves its own mark, which tells it from the
other two: on the batches in their order, on their size, on their mixture of classes, on the confusion matrix.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from course_snn import functional

Examiner = Callable[..., tuple[torch.Tensor, torch.Tensor]]
LISTED = (4, 7, 0, 9, 2, 8, 1, 3, 5, 6)  # folders as a file system lists them that does not sort; none is in its place


@torch.no_grad()
def sound(
    net: nn.Module, images: torch.Tensor, labels: torch.Tensor, T: int = 2, batch_size: int = 100, fault: str = ""
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (predicted, labels), both [M]: the classes that the network takes the images for, and the right ones.

    Args:
        net: the network; a copy of it is tested.
        images: [M, …]. labels: [M], 0 … 9.
        T: number of time steps.
        batch_size: samples that run at once; the last batch has fewer where M is no multiple.
        fault: nothing, or what goes wrong; ``examiner`` hands out the three.
    """
    net = copy.deepcopy(net)
    net.train(fault == "train")
    functional.reset_net(net)
    predicted = []
    for x in images.split(batch_size):
        if fault != "state" or len(x) < batch_size:  # the library refuses the state of another number of samples
            functional.reset_net(net)
        predicted.append(functional.unroll(net, x, T=T).mean(0).argmax(1))
    return torch.cat(predicted), torch.tensor(LISTED)[labels] if fault == "folders" else labels


_FAULTS = {"A": "train", "B": "folders", "C": "state"}


def examiner(name: str) -> Examiner:
    """Return an examiner, "A", "B" or "C": called as ``sound`` is, and wrong in its own way.

    Raises:
        ValueError: another name.
    """
    if name not in _FAULTS:
        raise ValueError(f'the examiners are called "A", "B" and "C", got {name!r}.')
    return partial(sound, fault=_FAULTS[name])
