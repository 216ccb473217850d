"""What several exercises of chapter 09 share."""

import math
from dataclasses import dataclass

import torch
from torch import nn

from course_snn import functional, neuron


@dataclass(frozen=True)
class Batch:
    """The size of a batch, shown as the arguments that an answer gets."""

    T: int
    N: int
    more: str = ""
    others: range = range(0)  # the pictures that have another label than the network says

    def __repr__(self) -> str:
        return f"net, x_seq [{self.T}, {self.N}, 16], labels [{self.N}]{self.more}"


def small_net() -> nn.Module:
    """A small network of the chapter's kind, ten classes, always with the same weights."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(16, 10, bias=False), neuron.LIFNode(tau=2.0))
    with torch.no_grad():
        weight = spread(10, 16, factor=1.3)
        net[1].weight.copy_(weight - weight.mean(1, keepdim=True) + 0.08)
    return net


def spread(*shape: int, factor: float = 1.0) -> torch.Tensor:
    """Numbers between -factor and factor without a pattern to guess, and without a random generator."""
    count = math.prod(shape)
    return factor * torch.sin(torch.arange(1.0, count + 1) ** 2 * 1.37).reshape(shape)


def input_of(T: int, N: int, shift: int) -> torch.Tensor:
    return (spread(T, N, 16).roll(shift) > 0).float()


def forgetful(net, x_seq):
    """Every step from rest."""
    out = []
    for x in x_seq:
        functional.reset_net(net)
        out.append(net(x))
    return torch.stack(out)
