"""What training takes for the networks of MemoryCalculator: a small table, computed once and shipped.

``python -m course_snn.widget.memory_table`` computes it anew (minutes, and some GB for the largest networks).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from .. import functional, neuron, pooling, surrogate
from ..training.memory import Cost, Line, survey

FILE = Path(__file__).with_name("memory_table.json")
PRECISIONS = ("float32", "bfloat16")


def chapter_11() -> nn.Sequential:
    """The network of chapter 11 for Fashion-MNIST, 16 and 32 channels, 128 hidden neurons."""

    def spiking() -> nn.Module:
        return neuron.IFNode(surrogate=surrogate.ATan(), detach_reset=True)

    def block(into: int, out: int) -> tuple[nn.Module, ...]:
        conv = nn.Conv2d(into, out, 3, padding=1, bias=False)
        return conv, nn.BatchNorm2d(out), spiking(), pooling.SpikeMaxPool2d()

    dense = nn.Linear(49 * 32, 128, bias=False), nn.BatchNorm1d(128), spiking()
    net = nn.Sequential(*block(1, 16), *block(16, 32), nn.Flatten(), *dense, nn.Linear(128, 10))
    return net.to(memory_format=torch.channels_last)


class Net(NamedTuple):
    """A network of the calculator.

    Args:
        name: of the menu, in both languages.
        make: makes it. shape: of a picture.
    """

    name: tuple[str, str]
    make: Callable[[], nn.Module]
    shape: tuple[int, int, int]


def _resnet(depth: str, stem: str) -> Net:
    side, classes, data = (32, 10, "CIFAR-10") if stem == "cifar" else (224, 1000, "ImageNet")
    name = f"ResNet-{depth}, {data}"

    def make() -> nn.Module:
        from .. import model  # here: torchvision's models take seconds, and every chapter imports the widgets

        return getattr(model, f"spiking_resnet{depth}")(stem=stem, num_classes=classes)

    return Net((name, name), make, (3, side, side))


NETS = {"chapter_11": Net(("第 11 章的网络", "network of chapter 11"), chapter_11, (1, 28, 28))}
NETS |= {
    f"resnet{depth}_{stem}": _resnet(depth, stem) for stem in ("cifar", "imagenet") for depth in ("18", "34", "50")
}


class Entry(NamedTuple):
    """One network at one precision, with a still picture or a sequence as input.

    Args:
        cost: its memory.
        once: floating-point operations of a forward pass, a sample, before the first neuron of a still input.
        step: the same for a sample and step.
    """

    cost: Cost
    once: int
    step: int


def computed(name: str, precision: str, still: bool) -> Entry:
    """Return an entry of the table, found by running the network."""
    net = NETS[name]
    cost = survey(net.make(), net.shape, precision=precision, still=still)
    return Entry(cost, *operations(net.make(), net.shape, still))


def operations(net: nn.Module, shape: tuple[int, ...], still: bool) -> tuple[int, int]:
    """Return floating-point operations of a forward pass for one sample: once, and in each step."""
    found = []
    for T in (1, 2):
        functional.reset_net(net)
        x = torch.zeros(1, *shape) if still else torch.zeros(T, 1, *shape)
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            functional.unroll(net.eval(), x, T if still else None)
        found.append(counter.get_total_flops())
    return 2 * found[0] - found[1], found[1] - found[0]


def as_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as the page takes it: lists for lines."""
    return {**entry.cost._asdict(), "once": entry.once, "step": entry.step}


@cache
def table() -> dict[str, Any]:
    """Return the shipped table, ``table()[name][precision]["still" or "sequence"]``."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def entry(name: str, precision: str, still: bool) -> Entry:
    """Return an entry of the shipped table."""
    row = dict(table()[name][precision]["still" if still else "sequence"])
    once, step = row.pop("once"), row.pop("step")
    lines = {key: Line(*row.pop(key)) for key in ("data", "kept", "states")}
    moments = tuple(Line(*line) for line in row.pop("moments"))
    return Entry(Cost(**row, **lines, moments=moments), once, step)


def main() -> None:
    """Compute the table and write it."""
    rows = {
        name: {
            precision: {
                "still" if still else "sequence": as_json(computed(name, precision, still)) for still in (True, False)
            }
            for precision in PRECISIONS
        }
        for name in NETS
    }
    FILE.write_text(json.dumps(rows, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
