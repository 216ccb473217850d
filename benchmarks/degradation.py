"""Chapter 16, residual blocks: how plain spiking ones and SEW ones learn with depth, and why.

    uv run python benchmarks/degradation.py [--blocks 4 8 16] [--seeds 0 1 2] [--json FILE]

One width, one size of picture, so that depth is all that differs: a stem of patches of 4 x 4, then blocks of two
convolutions (8 blocks are the 18 layers of ResNet-18, 16 the 34 of ResNet-34), 16 channels on 8 x 8 places. A thousand
pictures of CIFAR-10, T = 2, the same 160 steps for every network: the loss on the training data says whether a network
gets going at all (what Fang et al. 2021, NeurIPS 34, call degradation). Before training, on 64 pictures: the norm of
the gradient that arrives after the stem over that after the last block, for three slopes of the surrogate; and, block
by block, how far pictures that are alike after the stem are alike still (correlation of their pairwise distances in
firing rates). The chapter draws assets/results/ch16_degradation.json.
"""

from __future__ import annotations

import argparse
import json
import time
from functools import partial
from pathlib import Path

import torch
from torch import nn

from course_snn import data, functional, training
from course_snn.course.machine import machine, versions
from course_snn.model import SpikingBasicBlock
from course_snn.neuron import IFNode
from course_snn.surrogate import ATan

T, CHANNELS, PICTURES, EPOCHS, BATCH, LR = 2, 16, 1000, 8, 50, 2e-3
SLOPES = (1.0, 2.0, 4.0)  # ATan's alpha: its steepest slope is alpha / 2
CONNECT = {"plain": None, "sew": "add"}


def chain(blocks: int, connect: str | None, alpha: float = 2.0) -> nn.Sequential:
    """Return stem, blocks, mean over places and a linear read-out."""
    node = partial(IFNode, surrogate=ATan(alpha), detach_reset=True)
    stem = nn.Sequential(nn.Conv2d(3, CHANNELS, 5, 4, 2, bias=False), nn.BatchNorm2d(CHANNELS), node())
    body = [SpikingBasicBlock(CHANNELS, CHANNELS, node=node, connect=connect) for _ in range(blocks)]
    return nn.Sequential(stem, *body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(CHANNELS, 10))


def signals(net: nn.Sequential, x: torch.Tensor, labels: torch.Tensor) -> tuple[list[float], list[float]]:
    """Return, after the stem and after each block, the norm of the gradient and how alike pictures have stayed."""
    outs: list[torch.Tensor] = []
    for layer in list(net)[:-3]:
        layer.register_forward_hook(lambda layer, given, out: outs.append(out))
    loss = training.rate_cross_entropy(functional.unroll(net, x, T), labels)
    gradients = [gradient.norm().item() for gradient in torch.autograd.grad(loss, outs)]
    apart = [torch.pdist(out.detach().unflatten(0, (T, -1)).mean(0).flatten(1)) for out in outs]
    return gradients, [torch.corrcoef(torch.stack((apart[0], each)))[0, 1].item() for each in apart]


def fresh(blocks: int, connect: str | None, seed: int, alpha: float = 2.0) -> nn.Sequential:
    torch.manual_seed(seed)
    return chain(blocks, connect, alpha).to(memory_format=torch.channels_last)


def learnt(blocks: int, connect: str | None, seed: int, pictures: data.Images) -> dict:
    """Train one network; the accuracy is that on the training data."""
    start = time.process_time()
    net = fresh(blocks, connect, seed)
    history = training.fit(
        net, pictures, T=T, epochs=EPOCHS, batch_size=BATCH, lr=LR, seed=seed, validation=None, progress=False
    )
    losses = [round(row.train_loss, 4) for row in history.epochs]
    used = round(time.process_time() - start, 1)
    return {"losses": losses, "accuracy": round(history.epochs[-1].train_accuracy, 4), "cpu_seconds": used}


def before(blocks: int, connect: str | None, seeds: list[int], pictures: data.Images) -> dict:
    """Return the ratio of gradients for each slope, and the likeness after the stem and each block, means of seeds."""
    some = pictures.subset(64)
    found = {a: [signals(fresh(blocks, connect, s, a), some.images, some.labels) for s in seeds] for a in SLOPES}
    ratios = {f"{a:g}": [gradient[0] / gradient[-1] for gradient, _ in each] for a, each in found.items()}
    alike = torch.tensor([alike for _, alike in found[2.0]]).mean(0)
    return {"stem_over_last": ratios, "alike": [round(value, 4) for value in alike.tolist()]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--blocks", type=int, nargs="+", default=[4, 8, 16])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--json", type=Path, default=Path("assets/results/ch16_degradation.json"))
    options = parser.parse_args()
    pictures = data.cifar10()[0].subset(PICTURES)
    report = {"machine": machine(), "versions": versions(), "source": pictures.source, "T": T, "channels": CHANNELS}
    report |= {"pictures": PICTURES, "epochs": EPOCHS, "batch_size": BATCH, "lr": LR, "seeds": options.seeds}
    report["rows"] = rows = []
    for blocks in options.blocks:
        for kind, connect in CONNECT.items():
            runs = [learnt(blocks, connect, seed, pictures) for seed in options.seeds]
            rows.append({"kind": kind, "blocks": blocks, "runs": runs})
            rows[-1] |= before(blocks, connect, options.seeds, pictures)
            last = ", ".join(f"{run['losses'][-1]:.3f} ({run['accuracy']:.0%})" for run in runs)
            ratio = rows[-1]["stem_over_last"]["2"][0]
            print(
                f"{kind:5} {blocks:2} blocks: loss {last}; gradient x {ratio:.1e}; {rows[-1]['alike'][-1]:.2f} alike",
                flush=True,
            )
            options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
