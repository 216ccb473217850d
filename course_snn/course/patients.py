"""Three convolutional SNNs with one planted fault each, for the SNN doctor of chapter 10 to find."""

import torch
from torch import nn
from torch.nn.functional import interpolate

from course_snn import neuron, surrogate
from course_snn.widget.digits import pictures


def healthy() -> nn.Sequential:
    """The network of chapter 10, untrained, always with the same weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(
            *_block(1, 16),
            *_block(16, 32),
            nn.Flatten(),
            *(nn.Linear(32 * 7 * 7, 100, bias=False), nn.BatchNorm1d(100), neuron.LIFNode(surrogate=surrogate.ATan())),
            *(nn.Linear(100, 100, bias=False), nn.BatchNorm1d(100), neuron.LIFNode(surrogate=surrogate.ATan())),
            nn.AvgPool1d(10),  # ten neurons vote for each class
        )


def _block(before: int, after: int) -> list[nn.Module]:
    conv = nn.Conv2d(before, after, 3, padding=1, bias=False)
    return [conv, nn.BatchNorm2d(after), neuron.IFNode(surrogate=surrogate.ATan()), nn.MaxPool2d(2)]


def patient(name: str) -> nn.Sequential:
    """Return a patient: "A", "B" or "C".

    Raises:
        ValueError: another name.
    """
    if name not in _FAULTS:
        raise ValueError(f'the patients are called "A", "B" and "C", got {name!r}.')
    net = healthy()
    with torch.no_grad():
        _FAULTS[name](net)
    return net


def _deaf(net: nn.Sequential) -> None:
    net[6].v_threshold = 20.0


def _blind(net: nn.Sequential) -> None:
    net[11].surrogate = surrogate.Rectangle(width=1e-5)


def _restless(net: nn.Sequential) -> None:
    net[5].bias.fill_(9.0)


_FAULTS = {"A": _deaf, "B": _blind, "C": _restless}


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Ten small digits, one of each class, as images [10, 1, 28, 28], and their labels [10]."""
    return interpolate(pictures()[:, None], size=(28, 28), mode="bilinear"), torch.arange(10)
