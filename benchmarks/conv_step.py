"""A training step of a convolutional SNN against SpikingJelly's own example of it, on the CPU.

    uv run python benchmarks/conv_step.py [--channels 32 128] [--rounds 5] [--json FILE]

The network is that of spikingjelly.activation_based.examples.conv_fashion_mnist, {Conv-BN-IF-MaxPool} x 2, FC-IF-FC-IF
with T = 4 and a batch of 128, in its multi-step mode. Ours is the same network under ``functional.unroll`` with the
same weights, images, loss (mean squared error of the rate) and surrogate. Both run forward and backward, without the
optimizer, in turns, each in a process of its own; "fit": ours as ``training.fit`` runs it (kept_memory), "both": theirs
as well. What makes ours faster:

    convolution 1 and its normalisation see each image once, not T times;
    the neurons run fused (benchmarks/fused_lif.py) and pool their spikes in the same pass; channels last in memory;
    some of the memory that a step frees is kept for the next (course_snn.kernel.memory; in "both" on both sides).

Gradients are compared twice, as relative norms. With the channels first, both sides meet the same convolution routines
and so the same rounding: they must agree. With the channels last torch rounds differently before the first neuron, a
few in a million spikes change, and gradients with them; so that run is compared with itself under readable stepping.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import torch
from spikingjelly.activation_based import functional as sj_functional
from spikingjelly.activation_based.examples.conv_fashion_mnist import CSNN
from torch import nn
from torch.nn import functional as F
from turns import in_turns, quartiles

from course_snn import functional, kernel
from course_snn.course.machine import machine, versions
from course_snn.neuron import IFNode
from course_snn.pooling import SpikeMaxPool2d
from course_snn.surrogate import ATan

T, BATCH, TARGET, TOLERANCE = 4, 128, 5.0, 1e-3


def network(channels: int) -> nn.Sequential:
    """The example's layers as plain torch layers and our neurons."""
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels),
        SpikeMaxPool2d(IFNode(surrogate=ATan())),
        nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels),
        SpikeMaxPool2d(IFNode(surrogate=ATan())),
        nn.Flatten(), nn.Linear(channels * 7 * 7, channels * 4 * 4, bias=False), IFNode(surrogate=ATan()),
        nn.Linear(channels * 4 * 4, 10, bias=False), IFNode(surrogate=ATan()),
    )  # fmt: skip


def step(net: nn.Module, images: torch.Tensor, wanted: torch.Tensor) -> list[torch.Tensor]:
    """Forward and backward once; return the gradients."""
    net.zero_grad()
    if isinstance(net, CSNN):
        sj_functional.reset_net(net)
        rate = net(images)
    else:
        functional.reset_net(net)
        rate = functional.unroll(net, images, T=T).mean(0)
    F.mse_loss(rate, wanted).backward()
    return [p.grad.clone() for p in net.parameters()]


def difference(a: list[torch.Tensor], b: list[torch.Tensor]) -> float:
    """The largest relative norm of a difference between two lists of gradients."""
    return max(((x - y).norm() / y.norm()).item() for x, y in zip(a, b, strict=True))


def nets(channels: int) -> tuple[CSNN, nn.Sequential, torch.Tensor, torch.Tensor]:
    """Both networks with the same weights, the images and what is wanted for them."""
    torch.manual_seed(0)
    images, wanted = torch.rand(BATCH, 1, 28, 28), F.one_hot(torch.randint(10, (BATCH,)), 10).float()
    theirs, ours = CSNN(T, channels), network(channels)
    ours.load_state_dict(dict(zip(ours.state_dict(), theirs.state_dict().values(), strict=True)))
    return theirs, ours, images, wanted


def step_of(side: str, channels: int) -> Callable[[], list[torch.Tensor]]:
    """The function that is timed."""
    theirs, ours, images, wanted = nets(channels)
    net = theirs if side == "theirs" else ours.to(memory_format=torch.channels_last)
    return lambda: step(net, images, wanted)


def compare(channels: int, rounds: int) -> dict[str, float]:
    """Agreement of the gradients, then the two steps in turns."""
    theirs, ours, images, wanted = nets(channels)
    first = difference(step(ours, images, wanted), step(theirs, images, wanted))
    ours = ours.to(memory_format=torch.channels_last)
    fused = step(ours, images, wanted)
    with mock.patch.object(kernel, "available", lambda *_: False):
        last = difference(fused, step(ours, images, wanted))
    sides = {f"{side}{how}": (side, channels) for side in ("theirs", "ours") for how in ("", " kept")}
    times = in_turns(step_of, sides, rounds, turn=0.5)

    low, ratio, high = quartiles(times["theirs"], times["ours"])
    return {
        "theirs_ms": 1000 * statistics.median(times["theirs"]),
        "ours_ms": 1000 * statistics.median(times["ours"]),
        "ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
        "ours_kept_ms": 1000 * statistics.median(times["ours kept"]),
        "ratio_fit": quartiles(times["theirs"], times["ours kept"])[1],
        "ratio_both_kept": quartiles(times["theirs kept"], times["ours kept"])[1],
        "gradient_channels_first": first,
        "gradient_channels_last": last,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--channels", type=int, nargs="+", default=[32, 128], help="channels (default 32 128)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each number of channels (default 5)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    print(f"{torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}")
    print(
        f"{'channels':>8} {'theirs':>9} {'ours':>9} {'ratio':>6} {'quartiles':>10} {'fit':>5} {'both':>5} "
        f"{'gradients':>17}  [ms]"
    )
    results, missed = {}, 0
    for channels in options.channels:
        r = compare(channels, options.rounds)
        agree = max(r["gradient_channels_first"], r["gradient_channels_last"]) < TOLERANCE
        missed += r["ratio"] < TARGET or not agree
        print(
            f"{channels:8} {r['theirs_ms']:9.0f} {r['ours_ms']:9.0f} {r['ratio']:6.1f} "
            f"{r['ratio_low']:5.1f}-{r['ratio_high']:.1f} {r['ratio_fit']:5.1f} {r['ratio_both_kept']:5.1f} "
            f"{r['gradient_channels_first']:8.0e} "
            f"{r['gradient_channels_last']:8.0e}{'' if agree else '  gradients differ'}"
        )
        results[channels] = {key: float(f"{value:.3g}") for key, value in r.items()}
    if options.json:
        report = {"machine": machine(), "versions": versions(), "rounds": options.rounds, "channels": results}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
