"""Chapter 12 over several seeds: five networks learn to read Fashion-MNIST column by column.

    uv run python benchmarks/recurrent_seeds.py [--seeds 0 1 2] [--nets plain loop …] [--epochs 20] [--json FILE]

plain, filter and loop are the chapter's three networks; wide (as many weights as loop, all of them feedforward) and
leaky (plain, with LIF neurons instead of IF) are controls. A file that is there already is added to, so that a long
comparison may be run in parts: a run that it holds is not repeated. A tenth of the training data is kept back for the
curves; the test set is read once, after the last epoch. The chapter draws assets/results/ch12_seeds.json.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

import torch
from torch import nn

from course_snn import data, layer, neuron, surrogate, synapse, training
from course_snn.course.machine import machine, versions

HIDDEN, WIDE = 32, 85  # 28·85 + 85 + 85·10 + 10 = 3325 weights, and loop has 3338
BATCH, LR = 512, 0.02


def network(name: str) -> nn.Module:
    """One of the five networks, freshly initialised."""
    node = lambda **how: neuron.IFNode(surrogate=surrogate.ATan(), **how)  # noqa: E731
    leaky = lambda: neuron.LIFNode(tau=2.0, surrogate=surrogate.ATan())  # noqa: E731
    hidden, out = (WIDE if name == "wide" else HIDDEN), leaky if name == "leaky" else node
    middle = {
        "plain": lambda: [node()],
        "filter": lambda: [node(), synapse.LowPassSynapse(tau=2.0, learnable=True)],
        "loop": lambda: [layer.LinearRecurrentContainer(node(detach_reset=True), hidden, hidden)],
        "wide": lambda: [node()],
        "leaky": lambda: [leaky()],
    }[name]()
    return nn.Sequential(nn.Linear(28, hidden), *middle, nn.Linear(hidden, 10), out())


def run(name: str, seed: int, epochs: int) -> training.History:
    """Train one network from one seed on the whole set."""
    train, test = data.sequential_fashion_mnist()
    if train.stand_in:
        sys.exit("this comparison is about the real Fashion-MNIST: set COURSE_SNN_DATA to its folder.")
    torch.manual_seed(seed)
    settings = {"encode": data.columns, "loss": training.rate_mse, "batch_size": BATCH, "lr": LR, "seed": seed}
    return training.fit(network(name), train, test, validation=0.1, epochs=epochs, progress=False, **settings)


def written(report: dict) -> str:
    """The report as JSON with one line for each epoch."""
    return (
        re.sub(r"\[\s+([^\[\]]+?)\s+\]", lambda row: "[" + " ".join(row[1].split()) + "]", json.dumps(report, indent=1))
        + "\n"
    )


def main() -> None:
    names = ("plain", "filter", "loop", "wide", "leaky")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--nets", nargs="+", choices=names, default=names)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--json", type=Path, help="write the histories here, beside those that it holds")
    options = parser.parse_args()
    torch.set_num_threads(1)  # the matrices are small: a second thread costs more than it brings
    report = {
        "machine": machine(),
        "versions": versions(),
        "epochs": options.epochs,
        "batch_size": BATCH,
        "lr": LR,
        "runs": {},
    }
    if options.json and options.json.exists():
        report["runs"] = json.loads(options.json.read_text(encoding="utf-8"))["runs"]
    for seed in options.seeds:
        for name in options.nets:
            runs = report["runs"].setdefault(name, {})
            if str(seed) in runs:
                continue
            history = run(name, seed, options.epochs)
            rows = [[round(value, 6) for value in row] for row in history.epochs]
            runs[str(seed)] = {"epochs": rows, "test_accuracy": round(history.test.accuracy, 6)}
            print(f"{name:7} seed {seed}: {history.test.accuracy:.2%}, {history.seconds:.0f} s", flush=True)
            if options.json:
                options.json.write_text(written(report), encoding="utf-8")


if __name__ == "__main__":
    main()
