"""Networks of gpu_parts.py, and a training step of one of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import functional, neuron, pooling, surrogate

T = 4  # time steps


class Step:
    """A training step of a network over time, in a precision.

    Args:
        net: the network.
        run: images -> outputs of each step, [T, N, 10].
        reset: called with the network before each step.
        dtype: of what autocast computes; float32: no autocast.
    """

    def __init__(self, net: nn.Module, run: Callable, reset: Callable, dtype: torch.dtype) -> None:
        self.net, self.run, self.reset, self.dtype = net, run, reset, dtype
        self.device = next(net.parameters()).device
        self.optimizer = sgd(net.parameters(), 0.01)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=dtype == torch.float16)

    def __call__(self, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Forward, backward, update; returns the loss."""
        self.reset(self.net)
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32):
            loss = F.cross_entropy(self.run(x).mean(0).float(), labels)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return loss.detach()

    def gradient(self, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """All gradients of a first step, in a row, without the factor that keeps them out of float16's smallest."""
        scale = self.scaler.get_scale()
        self(x, labels)
        grads = [w.grad.flatten().float() for w in self.net.parameters() if w.grad is not None]
        return torch.cat(grads) / (1 if self.dtype != torch.float16 else scale)

    def measured(self, x: torch.Tensor, labels: torch.Tensor, seconds: float) -> dict[str, float]:
        """Milliseconds of a step (median), images a second, MiB at most (on a GPU), loss at first and in the end."""
        least = 3 if seconds else 1
        losses = [self(x, labels) for _ in range(least)]
        cuda, times, end = self.device.type == "cuda", [], time.monotonic() + min(seconds, 6)
        if cuda:
            torch.cuda.reset_peak_memory_stats()
        while len(times) < least or (time.monotonic() < end and len(times) < 40):
            start = time.perf_counter()
            losses.append(self(x, labels))
            if cuda:
                torch.cuda.synchronize()
            times.append(time.perf_counter() - start)
        spent = statistics.median(times)
        found = {"ms": round(1000 * spent, 2), "images_per_second": round(len(x) / spent, 1), "steps": len(times)}
        found |= {"first_loss": round(losses[0].item(), 4), "last_loss": round(losses[-1].item(), 4)}
        return found | ({"peak_mib": round(torch.cuda.max_memory_allocated() / 2**20, 1)} if cuda else {})


def sgd(weights: Any, lr: float = 0.1) -> torch.optim.Optimizer:
    """The optimiser of chapter 11's notes."""
    return torch.optim.SGD(weights, lr, momentum=0.9)


def spiking() -> nn.Module:
    return neuron.IFNode(surrogate=surrogate.ATan(), detach_reset=True)


def chapter11(first: int, second: int, hidden: int, rate_output: bool = False) -> nn.Module:
    """The network of chapter 11."""

    def block(into: int, out: int) -> tuple[nn.Module, ...]:
        conv = nn.Conv2d(into, out, 3, padding=1, bias=False)
        return conv, nn.BatchNorm2d(out), spiking(), pooling.SpikeMaxPool2d()

    dense = nn.Linear(49 * second, hidden, bias=False), nn.BatchNorm1d(hidden), spiking()
    output = [nn.Linear(hidden, 10)] + [spiking()] * rate_output
    net = nn.Sequential(*block(1, first), *block(first, second), nn.Flatten(), *dense, *output)
    return net.to(memory_format=torch.channels_last)


def our_resnet(stem: str, small: bool = False) -> tuple[nn.Module, Callable, Callable]:
    from torchvision.models.resnet import BasicBlock  # here: it takes longest to import

    from course_snn import model

    how = {"num_classes": 10, "stem": stem}
    net = model.SpikingResNet(BasicBlock, [1, 1, 1, 1], **how) if small else model.spiking_resnet18(**how)
    return net, partial(functional.unroll, net, T=T), functional.reset_net


def their_resnet(stem: str, small: bool = False) -> tuple[nn.Module, Callable, Callable]:
    from spikingjelly.activation_based import functional as theirs
    from spikingjelly.activation_based import layer
    from spikingjelly.activation_based import neuron as their_neuron
    from spikingjelly.activation_based import surrogate as their_surrogate
    from spikingjelly.activation_based.model import spiking_resnet

    how = {"surrogate_function": their_surrogate.ATan(), "detach_reset": True, "num_classes": 10}
    how |= {"spiking_neuron": their_neuron.IFNode}
    small_one = partial(spiking_resnet.SpikingResNet, spiking_resnet.BasicBlock, [1, 1, 1, 1])
    net = small_one(**how) if small else spiking_resnet.spiking_resnet18(**how)
    if stem == "cifar":
        net.conv1, net.maxpool = layer.Conv2d(3, 64, 3, padding=1, bias=False), nn.Identity()
    theirs.set_step_mode(net, "m")
    return net, lambda x: net(x.expand(T, *x.shape)), theirs.reset_net
