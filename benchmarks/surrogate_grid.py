"""Chapter 08's network under surrogates of many widths and heights, with and without the gradient of the reset.

    uv run python benchmarks/surrogate_grid.py [--seeds 0 1 2 3 4] [--parts grid sigmoid …] [--json FILE]

The slope is height · 4 σ(αx) σ(-αx): α sets the width (it falls to half the height at |x| = 1.76/α), the height is its
value at the threshold, and the area is 4 · height/α. Parts: ``grid`` (α × height), ``sigmoid`` (an area of 1, as
``surrogate.Sigmoid`` has it, and ten times as many steps), ``learning`` (another learning rate, plain SGD), ``soft``
(soft reset), ``shapes`` (others of the same width at half height). Each run keeps its accuracy on 512 samples that it
was not trained on (and that are not the chapter's test set), and its last training loss. A file that is there already
is added to: a run that it holds is not repeated. Chapter 08 cites assets/results/ch08_surrogate_grid.json.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import functional, neuron, surrogate
from course_snn.course.machine import machine, versions

ALPHAS = (0.5, 1, 2, 4, 8, 16, 32)
HEIGHTS = (0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8)
HALF = 1.762747  # σ(y) σ(-y) falls from 1/4 to 1/8 there
SHAPES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {  # 1 at 0, 1/2 at ±1
    "sigmoid": lambda x: 4 * torch.sigmoid(HALF * x) * torch.sigmoid(-HALF * x),
    "atan": lambda x: 1 / (1 + x**2),
    "triangle": lambda x: (1 - x.abs() / 2).clamp(min=0),
    "fast sigmoid": lambda x: 1 / (1 + (2**0.5 - 1) * x.abs()) ** 2,
    "rectangle": lambda x: (x.abs() < 1).to(x.dtype),
}


class Slope(surrogate.Surrogate):
    """A shape, stretched to the width at half height of Sigmoid(α) and to a height."""

    def __init__(self, alpha: float, height: float, shape: str = "sigmoid") -> None:
        super().__init__()
        self.width, self.height, self.shape = HALF / alpha, height, SHAPES[shape]

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        return self.height * self.shape(x / self.width)


def patterns(n: int, seed: int, T: int = 40) -> tuple[torch.Tensor, torch.Tensor]:
    """The chapter's task: four timetables of 20 channels, each spike moved at random; [T, n, 20] and labels [n]."""
    timetable = torch.randint(4, T - 4, (4, 20), generator=torch.manual_seed(0))
    draw = torch.Generator().manual_seed(seed)
    label = torch.randint(4, (n,), generator=draw)
    shift = (2 * torch.randn(n, 20, generator=draw)).round().long()
    when = (timetable[label] + shift).clamp(0, T - 1)
    return F.one_hot(when, T).permute(2, 0, 1).float(), label


def network(spike: surrogate.Surrogate, seed: int, detach: bool, v_reset: float | None) -> nn.Sequential:
    """The chapter's network: 20 inputs, 32 LIF, 4 LIF, both layers' first weights multiplied by 15."""
    torch.manual_seed(seed)
    node = lambda: neuron.LIFNode(5.0, v_reset=v_reset, surrogate=spike, detach_reset=detach)  # noqa: E731
    net = nn.Sequential(nn.Linear(20, 32), node(), nn.Linear(32, 4), node())
    with torch.no_grad():
        net[0].weight.mul_(15)
        net[2].weight.mul_(15)
    return net


def run(spike: surrogate.Surrogate, seed: int, detach: bool, how: dict) -> list[float]:
    """Train once; return the accuracy on the validation set and the training loss of the last step."""
    net = network(spike, seed, detach, how.get("v_reset", 0.0))
    optimizer = how.get("optimizer", torch.optim.Adam)(net.parameters(), lr=how["lr"])
    (x, y), (x_valid, y_valid) = patterns(256, seed=1), patterns(512, seed=2)
    for _ in range(how["steps"]):
        functional.reset_net(net)
        loss = F.cross_entropy(functional.unroll(net, x).sum(0), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    functional.reset_net(net)
    with torch.no_grad():
        right = functional.unroll(net, x_valid).sum(0).argmax(1) == y_valid
    return [round(right.float().mean().item(), 4), round(loss.item(), 4)]


USUAL = {"lr": 0.05, "steps": 40}
OTHERS = {  # name: how it is trained
    "lr 0.2, 40 steps": {"lr": 0.2, "steps": 40},
    "SGD, lr 0.1, 40 steps": {"lr": 0.1, "steps": 40, "optimizer": torch.optim.SGD},
}


def jobs(part: str) -> list[tuple[str, float, float, str, dict]]:
    """What one part trains: (setting, α, height, shape, how)."""
    few = [(alpha, height) for alpha in (1, 2, 4, 8) for height in (0.125, 0.5, 2)]
    usual, more = "lr 0.05, 40 steps", "lr 0.05, 400 steps"
    return {
        "grid": [(usual, a, c, "sigmoid", USUAL) for a in ALPHAS for c in HEIGHTS],
        "sigmoid": [(more, a, a / 4, "sigmoid", USUAL | {"steps": 400}) for a in (0.5, 1, 4, 30, 100)],
        "soft": [(usual, a, c, "sigmoid", USUAL | {"v_reset": None}) for a, c in few],
        "shapes": [(name, a, c, name, USUAL) for name in SHAPES for a in (2, 4, 8) for c in (0.125, 2)],
        "learning": [(name, a, c, "sigmoid", how) for name, how in OTHERS.items() for a in (1, 4) for c in (0.125, 2)],
    }[part]


def written(report: dict) -> str:
    """The report as JSON with one line for each pair of a run."""
    one_line = lambda row: "[" + " ".join(row[1].split()) + "]"  # noqa: E731
    return re.sub(r"\[\s+([^\[\]]+?)\s+\]", one_line, json.dumps(report, indent=1)) + "\n"


def main() -> None:
    parts = ("grid", "sigmoid", "soft", "shapes", "learning")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--parts", nargs="+", choices=parts, default=parts)
    parser.add_argument("--json", type=Path, help="write the runs here, beside those that it holds")
    options = parser.parse_args()
    torch.set_num_threads(1)  # the matrices are small: a second thread costs more than it brings
    report = {"machine": machine(), "versions": versions(), "runs": {}}
    if options.json and options.json.exists():
        report["runs"] = json.loads(options.json.read_text(encoding="utf-8"))["runs"]
    for part in options.parts:
        for setting, alpha, height, shape, how in jobs(part):
            for reset, detach in (("attached", False), ("detached", True)):
                table = report["runs"].setdefault(part, {}).setdefault(setting, {}).setdefault(reset, {})
                runs = table.setdefault(f"alpha {alpha:g}, height {height:g}", {})
                for seed in options.seeds:
                    if str(seed) not in runs:
                        runs[str(seed)] = run(Slope(alpha, height, shape), seed, detach, how)
                mean = sum(accuracy for accuracy, _ in runs.values()) / len(runs)
                print(f"{setting:24} alpha {alpha:<4g} height {height:<6g} {reset}: {mean:.2f}", flush=True)
        if options.json:
            options.json.write_text(written(report), encoding="utf-8")


if __name__ == "__main__":
    main()
