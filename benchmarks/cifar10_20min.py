"""Chapter 16 with twenty minutes: a convolutional SNN on CIFAR-10, T = 2, as far as two cores get.

    uv run python benchmarks/cifar10_20min.py [--minutes 20] [--epochs N N] [--json FILE]

Six convolutions, 1.1 million weights; flips and shifts, label smoothing, half precision (bfloat16). Most epochs are
trained with a single time step, which costs about half as much, the last ones with two (Deng et al. 2022, ICLR, call it
time inheritance). A tenth of an epoch of each is timed first, and as many epochs are run as fit into the minutes; each
of the two schedules of the learning rate ends with its last epoch. A tenth of the training data is kept back for
validation; the test set is read once, after the last epoch. The chapter draws assets/results/cifar10_20min.json:
accuracy and seconds of each epoch, what the test found, machine, versions.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import data, neuron, pooling, surrogate, training
from course_snn.course.machine import machine, versions

PHASES = {1: 5e-3, 2: 1e-3}  # time steps of a phase, and the peak of its learning rate
BATCH, SMOOTHING, SHIFT = 128, 0.1, 4
FIRST, SPARE = 0.6, 0.93  # part of the minutes for the first phase; part that is planned for


def block(into: int, out: int, pool: bool = True) -> list[nn.Module]:
    """Convolution, normalisation, spikes; with pooling in the pass of the neurons."""
    node = neuron.IFNode(surrogate=surrogate.ATan(), detach_reset=True)
    conv = nn.Conv2d(into, out, 3, padding=1, bias=False)
    return [conv, nn.BatchNorm2d(out), pooling.SpikeMaxPool2d(node) if pool else node]


def network() -> nn.Module:
    """Return the network: 32 x 32 to 16 x 16, 8 x 8 twice, 4 x 4 twice, 2 x 2."""
    convs = [*block(3, 32), *block(32, 64), *block(64, 128, False), *block(128, 128), *block(128, 256, False)]
    net = nn.Sequential(*convs, *block(256, 256), nn.Flatten(), nn.Linear(1024, 10))
    return net.to(memory_format=torch.channels_last)


def augment(x: torch.Tensor) -> torch.Tensor:
    """Shift each picture by up to SHIFT places, mirrored at its edges; turn half of them left to right."""
    corner = torch.randint(0, 2 * SHIFT + 1, (2, len(x), 1))
    rows, columns = corner + torch.arange(32)  # [N, 32] each
    columns = torch.where(torch.rand(len(x), 1) < 0.5, columns.flip(1), columns)
    x = F.pad(x, (SHIFT,) * 4, mode="reflect").permute(0, 2, 3, 1)  # [N, H, W, C]
    return x[torch.arange(len(x))[:, None, None], rows[:, :, None], columns[:, None]].permute(0, 3, 1, 2)


def loss(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross entropy of the mean output, with a tenth of the label spread over all classes."""
    return F.cross_entropy(out.mean(0), labels, label_smoothing=SMOOTHING)


def run(
    net: nn.Module, T: int, train: data.Images, test: data.Images | None, epochs: int, tell: bool
) -> training.History:
    """Train a network for one phase."""

    def say(row: training.Epoch) -> None:
        print(
            f"T = {T} {row.epoch:3} {row.train_accuracy:.2%} {row.validation_accuracy:.2%} {row.seconds:.0f} s",
            flush=True,
        )

    settings = {"T": T, "batch_size": BATCH, "lr": PHASES[T], "loss": loss, "augment": augment, "amp": True}
    settings |= {"optimizer": torch.optim.AdamW, "validation": 0.1, "on_epoch": say if tell else None}
    return training.fit(net, train, test, epochs=epochs, **settings)


def planned(train: data.Images, minutes: float) -> list[int]:
    """Return how many epochs of each phase fit into the minutes."""
    tenth, counts = train.subset(len(train) // 10), []
    for T, part in zip(PHASES, (FIRST, 1 - FIRST), strict=True):
        seconds = 10 * run(network(), T, tenth, None, 2, tell=False).epochs[-1].seconds
        counts.append(max(1, int(60 * minutes * SPARE * part / seconds)))
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--epochs", type=int, nargs=2, help="of each phase, instead of as many as fit into the minutes")
    parser.add_argument("--json", type=Path, default=Path("assets/results/cifar10_20min.json"))
    options = parser.parse_args()
    train, test = data.cifar10()
    if train.stand_in:
        sys.exit("this run is about the real CIFAR-10: set COURSE_SNN_DATA to its folder.")
    first, second = options.epochs or planned(train, options.minutes)
    used = time.process_time()
    torch.manual_seed(0)
    net = network()
    histories = [run(net, 1, train, None, first, tell=True), run(net, 2, train, test, second, tell=True)]
    seconds, rows = (
        sum(history.seconds for history in histories),
        [row for history in histories for row in history.epochs],
    )
    report = {
        "machine": machine(),
        "versions": versions(),
        "weights": sum(weight.numel() for weight in net.parameters()),
        "phases": [{"T": T, "lr": lr, "epochs": len(h)} for (T, lr), h in zip(PHASES.items(), histories, strict=True)],
        "batch_size": BATCH,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(time.process_time() - used, 1),
        "epochs": [[number, *(round(value, 6) for value in row[1:])] for number, row in enumerate(rows, 1)],
        "test_accuracy": round(histories[-1].test.accuracy, 6),
    }
    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"test {report['test_accuracy']:.2%}, {seconds:.0f} s")


if __name__ == "__main__":
    main()
