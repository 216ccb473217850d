"""Two checkouts of the course against each other, in turns: did a change make training slower?

    uv run python benchmarks/two_checkouts.py ../before [--rounds 15] [--json FILE]

Each checkout runs in its own environment (``.venv``), so ``uv sync`` it first. Every task is forward and backward:

    sequence T N F   one fused LIF neuron, ``reset()`` and ``sequence``
    call T N F       what a user writes, ``reset_net`` and ``unroll`` of that neuron
    conv C           {Conv-BN-IF-pool} x 2, FC-IF-FC-IF on 28 x 28 images, batch 128, T = 4, under ``unroll``

ratio: median over the rounds of (time before / time here in the same round), and its quartiles; below 1 it is slower.
Exit code 1 where a ratio is below 0.95.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SHAPES = "16 32 8192", "4 64 25088", "8 256 1024", "100 128 10"
TASKS = [*(f"{kind} {shape}" for shape in SHAPES for kind in ("sequence", "call")), "conv 32", "conv 128"]
TURN = 0.2  # seconds


def task(name: str):
    """Return a function that runs the task once; only what both checkouts have is imported."""
    import torch
    from torch import nn

    from course_snn import functional
    from course_snn.neuron import IFNode, LIFNode
    from course_snn.pooling import SpikeMaxPool2d
    from course_snn.surrogate import ATan, Sigmoid

    kind, *numbers = name.split()
    size = tuple(map(int, numbers))
    torch.manual_seed(0)
    if kind == "conv":
        c = size[0]
        net = nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), SpikeMaxPool2d(IFNode(surrogate=ATan())),
            nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), SpikeMaxPool2d(IFNode(surrogate=ATan())),
            nn.Flatten(), nn.Linear(c * 49, c * 16, bias=False), IFNode(surrogate=ATan()),
            nn.Linear(c * 16, 10, bias=False), IFNode(surrogate=ATan()),
        ).to(memory_format=torch.channels_last)  # fmt: skip
        images = torch.rand(128, 1, 28, 28)

        def conv() -> None:
            functional.reset_net(net)
            functional.unroll(net, images, T=4).mean(0).square().sum().backward()

        return conv
    x, grad, node = torch.randn(size).requires_grad_(), torch.ones(size), LIFNode(surrogate=Sigmoid(4.0))

    def sequence() -> None:
        node.reset()
        node.sequence(x).backward(grad)

    def call() -> None:
        functional.reset_net(node)
        functional.unroll(node, x).backward(grad)

    return {"sequence": sequence, "call": call}[kind]


def serve(name: str) -> None:
    """Run the task for a turn at each line that comes in; answer with the seconds of a pass."""
    run = task(name)
    for _ in range(3):
        run()
    print("ready", flush=True)
    for line in sys.stdin:
        turn, start, passes = float(line), time.perf_counter(), 0
        while not passes or time.perf_counter() - start < turn:
            run()
            passes += 1
        print((time.perf_counter() - start) / passes, flush=True)


class Side:
    """The task in a process of one checkout."""

    def __init__(self, checkout: Path, name: str) -> None:
        python = checkout / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        command = [python, "-W", "ignore", __file__, checkout, "--serve", name]
        env = os.environ | {"PYTHONPATH": str(checkout)}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        self.process.stdout.readline()

    def turn(self) -> float:
        """Seconds of a pass, the mean over a turn."""
        self.process.stdin.write(f"{TURN}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def compare(before: Path, here: Path, name: str, rounds: int) -> dict[str, float]:
    """The task in both checkouts, a turn each in every round, who begins changing."""
    sides, times = [Side(before, name), Side(here, name)], ([], [])
    for number in range(rounds):
        for side in (0, 1) if number % 2 else (1, 0):
            times[side].append(sides[side].turn())
    for side in sides:
        side.close()
    low, ratio, high = statistics.quantiles([a / b for a, b in zip(*times, strict=True)], n=4)
    milliseconds = {
        f"{side}_ms": 1000 * statistics.median(t) for side, t in zip(("before", "here"), times, strict=True)
    }
    return milliseconds | {"ratio": ratio, "low": low, "high": high}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("before", type=Path, help="the other checkout")
    parser.add_argument("--rounds", type=int, default=15, help="rounds for each task (default 15)")
    parser.add_argument("--only", default="", help="tasks that begin with this")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return 0
    results, here = {}, Path(__file__).resolve().parents[1]
    print(f"{'task':22} {'before':>9} {'here':>9} {'ratio':>6}  quartiles  [ms], load {os.getloadavg()[0]:.1f}")
    for name in (name for name in TASKS if name.startswith(options.only)):
        r = results[name] = compare(options.before.resolve(), here, name, options.rounds)
        slower = "  slower" if r["ratio"] < 0.95 else ""
        spread = f"{r['low']:.2f}-{r['high']:.2f}{slower}"
        print(f"{name:22} {r['before_ms']:9.3f} {r['here_ms']:9.3f} {r['ratio']:6.2f}  {spread}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return int(any(r["ratio"] < 0.95 for r in results.values()))


if __name__ == "__main__":
    sys.exit(main())
