"""Memory of a training step over many time steps: all steps kept, blocks computed again; here and in SpikingJelly.

    uv run python benchmarks/recomputed_memory.py [--T 64] [--batch 8] [--size 24] [--channels 16] [--repeat 3]

One network in both libraries, with the same weights: three convolutions with LIF neurons and a linear read-out. For
every way it prints the peak of what a step (forward and backward) allocates on the CPU beyond weights, input and
optimizer (training.memory.measured), as a multiple of the default of ``recomputed`` too, the time of a step (least of
the repeats, which are interleaved), and by how much the gradients differ from those of all steps kept (relative to
their norm). SpikingJelly's ways are memopt.optimize_memory at level 1 with all of its budget (higher levels need
CUDA), with its spike compression, and memopt.checkpoint_module around the network with blocks of time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial

import torch
from spikingjelly.activation_based import base, functional, layer, memopt, surrogate
from spikingjelly.activation_based import neuron as theirs
from torch import nn

from course_snn import neuron
from course_snn import surrogate as slopes
from course_snn.course.machine import machine, versions
from course_snn.functional import reset_net, unroll
from course_snn.training.memory import measured
from course_snn.training.over_time import online_step, recomputed, truncated_step

Step = Callable[[], None]


def ours(channels: int, size: int) -> nn.Sequential:
    """Three convolutions with LIF neurons, and a linear read-out."""

    def lif() -> nn.Module:
        return neuron.LIFNode(surrogate=slopes.Sigmoid(4.0), detach_reset=True)

    sizes = [(2, channels), (channels, channels), (channels, channels)]
    convs = [part for into, out in sizes for part in (nn.Conv2d(into, out, 3, padding=1), lif())]
    return nn.Sequential(*convs, nn.Flatten(), nn.Linear(channels * size**2, 10))


def spikingjelly(net: nn.Sequential) -> nn.Sequential:
    """The same network with the same weights in SpikingJelly, multi-step."""
    parts = []
    for part in net:
        if isinstance(part, nn.Conv2d):
            parts.append(layer.Conv2d(part.in_channels, part.out_channels, 3, padding=1))
        elif isinstance(part, nn.Linear):
            parts.append(layer.Linear(part.in_features, part.out_features))
        elif isinstance(part, nn.Flatten):
            parts.append(layer.Flatten())
        else:
            parts.append(theirs.LIFNode(surrogate_function=surrogate.Sigmoid(4.0), detach_reset=True))
    twin = nn.Sequential(*parts)
    twin.load_state_dict(net.state_dict())
    functional.set_step_mode(twin, "m")
    return twin


def ways(channels: int, size: int, x: torch.Tensor, labels: torch.Tensor) -> dict[str, tuple[nn.Module, Step]]:
    """A network and a training step for each way."""
    torch.manual_seed(0)
    net, found = ours(channels, size), {}

    def loss(y: torch.Tensor) -> torch.Tensor:
        return nn.functional.cross_entropy(y.mean(0), labels)

    def here(run: Callable) -> Step:
        def step() -> None:
            net.zero_grad()
            run()
            reset_net(net)

        return step

    found["unroll"] = net, here(lambda: loss(unroll(net, x)).backward())
    found["recomputed (block about √T)"] = net, here(lambda: loss(recomputed(net, x)).backward())
    for block in (4, 16):
        run = partial(lambda block: loss(recomputed(net, x, block=block)).backward(), block)
        found[f"recomputed, block {block}"] = net, here(run)
    found["truncated, block 8 *"] = net, here(lambda: truncated_step(net, x, loss, 8))
    for rule in ("sltt", "ottt"):
        found[f"online, {rule} *"] = net, here(partial(online_step, net, x, loss, rule))

    def there(twin: nn.Module, forward: Callable) -> tuple[nn.Module, Step]:
        def step() -> None:
            twin.zero_grad()
            loss(forward(x)).backward()
            functional.reset_net(twin)

        return twin, step

    plain = spikingjelly(net)
    found["SpikingJelly"] = there(plain, plain)
    for targets, name in ((base.MemoryModule, "neurons"), ((base.MemoryModule, nn.Conv2d), "neurons and convolutions")):
        twin = spikingjelly(net)
        memopt.optimize_memory(twin, targets, lambda model: model(x), level=1)
        functional.reset_net(twin)
        found[f"SpikingJelly, memopt level 1, {name}"] = there(twin, twin)
    for block in (4, 8, 16):
        twin = spikingjelly(net)
        chunked = memopt.checkpoint_module(twin, chunks=len(x) // block)
        found[f"SpikingJelly, memopt block {block}"] = there(twin, chunked)
    return found


def gradient(net: nn.Module) -> torch.Tensor:
    return torch.cat([p.grad.flatten() for p in net.parameters() if p.grad is not None])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("T", 64), ("batch", 8), ("size", 24), ("channels", 16), ("repeat", 3), ("threads", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    print(machine(), versions(), vars(given), sep="\n")
    x = torch.rand(given.T, given.batch, 2, given.size, given.size, generator=torch.Generator().manual_seed(1)) * 2
    found = ways(given.channels, given.size, x, torch.arange(given.batch) % 10)
    peaks, grads = {}, {}
    for name, (net, step) in found.items():
        peaks[name] = measured(step)
        grads[name] = gradient(net).clone()
    seconds = dict.fromkeys(found, float("inf"))
    for _ in range(given.repeat):
        for name, (_, step) in found.items():
            start = time.perf_counter()
            step()
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    default = peaks["recomputed (block about √T)"]
    for name, peak in peaks.items():
        away = (grads[name] - grads["unroll"]).norm() / grads["unroll"].norm()
        print(f"{name:48} {peak / 1e6:9.1f} MB {peak / default:6.2f} x {seconds[name]:7.2f} s   gradient {away:.1e}")
    print("* another rule or objective: its gradient is meant to differ")


if __name__ == "__main__":
    main()
