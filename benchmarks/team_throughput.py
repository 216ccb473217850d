"""Two processes with one thread each (DDP) against one process with two threads: images per second of training.

    uv run python benchmarks/team_throughput.py [--batch 8] [--rounds 7] [--json FILE]

A step of SGD of spiking ResNet-18 with the CIFAR stem, 32x32, T = 4, in turns: rank 0 alone with the whole batch and
two threads, while rank 1 sleeps; both with half of it and one thread each, with torch's batch normalisation in each
process; the same with batch normalisation over both (``synchronise``). All do the same number of multiplications.
The ratio is that of images per second, round by round: 1 says that the second process costs nothing. On a machine with
other work two threads that wait for each other lose more than two processes, and the ratio says nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import torch
from torch import nn
from turns import quartiles

from course_snn import functional, model
from course_snn.course.machine import machine, versions
from course_snn.kernel.memory import kept_memory
from course_snn.training import Team, launch, synchronise

T, GOAL = 4, 0.8
ALONE, DDP, SYNCHRONISED = "one process, two threads", "two processes", "two processes, synchronised"


class Side:
    """A network, its optimizer and its part of the batch.

    Args:
        net: the network, wrapped or not.
        x, labels: [N, 3, 32, 32] and [N].
        threads: of torch in this process.
    """

    def __init__(self, net: nn.Module, x: torch.Tensor, labels: torch.Tensor, threads: int) -> None:
        self.net, self.x, self.labels, self.threads = net, x, labels, threads
        self.optimizer = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9)

    def step(self) -> float:
        """Learn once; return the seconds."""
        torch.set_num_threads(self.threads)
        start = time.perf_counter()
        functional.reset_net(self.net)
        loss = nn.functional.cross_entropy(functional.unroll(self.net, self.x, T).mean(0), self.labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return time.perf_counter() - start


def network() -> nn.Module:
    torch.manual_seed(0)
    return model.spiking_resnet18(stem="cifar", num_classes=10)


def in_turns(team: Team, batch: int, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of a step of each side in each round, as this process saw them."""
    x, labels = torch.rand(batch, 3, 32, 32), torch.arange(batch) % 10
    part, _ = team.split(torch.arange(batch))
    sides = {
        ALONE: Side(network(), x, labels, 2),
        DDP: Side(team.wrap(network()), x[part], labels[part], 1),
        SYNCHRONISED: Side(team.wrap(synchronise(network())), x[part], labels[part], 1),
    }
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    with kept_memory():
        for number in range(-1, rounds):  # the first one compiles
            for name, side in sides.items():
                team.wait()
                took = side.step() if name != ALONE or team.first else 0.0
                team.wait()
                if number >= 0:
                    seconds[name].append(took)
                time.sleep(0.02)  # threads fall asleep
    return seconds


def compare(batch: int = 8, rounds: int = 7) -> dict[str, dict[str, float]]:
    """Return quartiles of the ratio of images per second, two processes to one, plain and synchronised.

    Args:
        batch: images of a step, of both processes together.
        rounds: how often each side has its turn.
    """
    seen = launch(in_turns, batch, rounds, processes=2, threads=1)
    times = {name: list(map(max, *(one[name] for one in seen))) for name in seen[0]}  # a step ends with the later one
    found = {}
    for name in (DDP, SYNCHRONISED):
        low, median, high = quartiles(times[ALONE], times[name])
        found[name] = {"low": low, "median": median, "high": high, "seconds": min(times[name])}
    return found | {ALONE: {"seconds": min(times[ALONE])}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = compare(given.batch, given.rounds)
    print(f"{ALONE}: {given.batch / found[ALONE]['seconds']:.2f} images/s at best")
    for name in (DDP, SYNCHRONISED):
        row = found[name]
        print(
            f"{name}: {given.batch / row['seconds']:.2f} images/s at best, ratio {row['median']:.2f} "
            f"({row['low']:.2f}-{row['high']:.2f}), wanted {GOAL}"
        )
    if given.json:
        text = json.dumps({"machine": machine(), "versions": versions(), "ratios": found}, indent=1)
        given.json.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
