"""Chapter 11 with twenty minutes: a convolutional SNN on Fashion-MNIST, T = 4, as far as two cores get.

    uv run python benchmarks/fashion_20min.py [--minutes 20] [--channels 32 64] [--epochs N] [--json FILE]

The network is the chapter's, somewhat wider, with the pooling in the pass of the neurons; the recipe is its long run's.
A tenth of an epoch is timed first, and as many epochs are run as fit into the minutes; the learning rate's schedule
ends with the last of them. A tenth of the training data is kept back for validation; the test set is read once, after
the last epoch. The chapter draws assets/results/fashion_20min.json: accuracy and seconds of each epoch, what the test
found, machine, versions.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch
from torch import nn

from course_snn import data, neuron, pooling, surrogate, training
from course_snn.course.machine import machine, versions

T, BATCH, LR, HIDDEN = 4, 128, 5e-3, 128
SPARE = 0.93  # part of the minutes that is planned for


def network(first: int, second: int) -> nn.Module:
    """{Conv-BN-IF-Pool} x 2, FC-BN-IF, FC, as in the chapter."""

    def spiking() -> nn.Module:
        return neuron.IFNode(surrogate=surrogate.ATan(), detach_reset=True)

    def block(into: int, out: int) -> list[nn.Module]:
        conv = nn.Conv2d(into, out, 3, padding=1, bias=False)
        return [conv, nn.BatchNorm2d(out), pooling.SpikeMaxPool2d(spiking())]

    dense = [nn.Linear(49 * second, HIDDEN, bias=False), nn.BatchNorm1d(HIDDEN), spiking(), nn.Linear(HIDDEN, 10)]
    net = nn.Sequential(*block(1, first), *block(first, second), nn.Flatten(), *dense)
    return net.to(memory_format=torch.channels_last)


def flip(x: torch.Tensor) -> torch.Tensor:
    """Turn each picture left to right with a probability of one half."""
    return torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)


def run(channels: list[int], train: data.Images, test: data.Images, epochs: int, tell: bool) -> training.History:
    """Train a fresh network."""

    def say(row: training.Epoch) -> None:
        print(f"{row.epoch:3} {row.validation_accuracy:.2%} {row.seconds:.0f} s", flush=True)

    torch.manual_seed(0)
    settings = {"T": T, "batch_size": BATCH, "lr": LR, "optimizer": torch.optim.AdamW, "augment": flip}
    settings |= {"validation": 0.1, "on_epoch": say if tell else None}
    return training.fit(network(*channels), train, test, epochs=epochs, **settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--channels", type=int, nargs=2, default=[32, 64])
    parser.add_argument("--epochs", type=int, help="instead of as many as fit into the minutes")
    parser.add_argument("--json", type=Path, default=Path("assets/results/fashion_20min.json"))
    options = parser.parse_args()
    train, test = data.fashion_mnist()
    if train.stand_in:
        sys.exit("this run is about the real Fashion-MNIST: set COURSE_SNN_DATA to its folder.")
    epochs = options.epochs
    if epochs is None:
        tenth = run(options.channels, train.subset(len(train) // 10), test.subset(len(test) // 10), 2, tell=False)
        epochs = max(1, int(60 * options.minutes * SPARE / (10 * tenth.epochs[-1].seconds)))
    history = run(options.channels, train, test, epochs, tell=True)
    report = {
        "machine": machine(),
        "versions": versions(),
        "channels": options.channels,
        "T": T,
        "batch_size": BATCH,
        "lr": LR,
        "seconds": round(history.seconds, 1),
        "epochs": [[round(value, 6) for value in row] for row in history.epochs],
        "test_accuracy": round(history.test.accuracy, 6),
    }
    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"test {history.test.accuracy:.2%}, {history.seconds:.0f} s")


if __name__ == "__main__":
    main()
