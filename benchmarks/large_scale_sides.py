"""Spiking ResNet-18 of this library and of SpikingJelly, with the same weights: one training step, its cost and memory.

Each side runs as its own examples do: SpikingJelly in its multi-step mode on an image that is repeated T times, with
torch's SGD as it comes; ours by ``functional.unroll`` on the still image with the channels last in memory, the same
SGD (the fused one copies each gradient whose channels are last). "theirs last": SpikingJelly, the channels last too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from spikingjelly.activation_based import functional as sj_functional
from spikingjelly.activation_based import layer as sj_layer
from spikingjelly.activation_based import neuron as sj_neuron
from spikingjelly.activation_based import surrogate as sj_surrogate
from spikingjelly.activation_based.model import spiking_resnet
from torch import nn
from torch.nn import functional as F

from course_snn import functional, model

CLASSES = 10


class Case(NamedTuple):
    """A training step: images of ``side`` x ``side``, ``batch`` of them, for ``steps`` time steps."""

    stem: str
    side: int
    batch: int
    steps: int = 4


class Step:
    """A training step of one side: forward, backward, SGD.

    Args:
        side: "ours", "theirs" or "theirs last". case: what is learnt.
        threads: of torch.
    """

    def __init__(self, side: str, case: Case, threads: int = 1) -> None:
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        self.theirs, self.case = side != "ours", case
        self.images, self.labels = torch.rand(case.batch, 3, case.side, case.side), torch.arange(case.batch) % CLASSES
        net = model.spiking_resnet18(stem=case.stem, num_classes=CLASSES)
        self.net = their_net(net, case) if self.theirs else net
        last = side != "theirs"
        if last:
            self.net = self.net.to(memory_format=torch.channels_last)
            self.images = self.images.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=1e-3, momentum=0.9)

    def forward(self) -> torch.Tensor:
        """Return the loss."""
        if self.theirs:
            sj_functional.reset_net(self.net)
            y_seq = self.net(self.images.unsqueeze(0).repeat(self.case.steps, 1, 1, 1, 1))
        else:
            functional.reset_net(self.net)
            y_seq = functional.unroll(self.net, self.images, T=self.case.steps)
        return F.cross_entropy(y_seq.mean(0), self.labels)

    def __call__(self) -> None:
        self.optimizer.zero_grad()
        self.forward().backward()
        self.optimizer.step()


def their_net(net: nn.Module, case: Case) -> nn.Module:
    """SpikingJelly's network with the weights of ours; its models have no stem for small images, so one is put in."""
    theirs = spiking_resnet.spiking_resnet18(
        pretrained=False,
        num_classes=CLASSES,
        spiking_neuron=sj_neuron.IFNode,
        surrogate_function=sj_surrogate.ATan(),
        detach_reset=True,
    )
    if case.stem == "cifar":
        theirs.conv1 = sj_layer.Conv2d(3, 64, 3, padding=1, bias=False)
        theirs.maxpool = nn.Identity()
    theirs.load_state_dict(net.state_dict())
    sj_functional.set_step_mode(theirs, "m")
    return theirs


def step_of(side: str, case: Case, threads: int) -> Callable[[], None]:
    """What ``turns`` times."""
    return Step(side, case, threads)


def gradient(side: str, case: Case, jitter: float = 0.0) -> torch.Tensor:
    """All gradients of the first step in a row, the same operations on both sides: an image for each step.

    ``jitter`` changes all weights by that relative amount, which shows what rounding alone can do.
    """
    step = Step(side, case)
    net = step.net.to(memory_format=torch.contiguous_format)
    with torch.no_grad():
        for p in net.parameters():
            p.mul_(1 + jitter * torch.randn_like(p))
    x_seq = step.images.contiguous().expand(case.steps, *step.images.shape)
    y_seq = net(x_seq) if step.theirs else functional.unroll(net, x_seq)
    F.cross_entropy(y_seq.mean(0), step.labels).backward()
    return torch.cat([p.grad.flatten() for _, p in sorted(net.named_parameters())])


def parts(side: str, case: Case, passes: int = 3) -> dict[str, float]:
    """Milliseconds of a step by what they are spent on, by torch's profiler."""
    step, found = Step(side, case), dict.fromkeys(("convolution", "normalisation", "pooling", "SGD", "neurons"), 0.0)
    step()
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
        for _ in range(passes):
            step()
    rest = 0.0
    for event in profile.key_averages():
        name, spent = event.key, event.self_cpu_time_total / 1000 / passes
        for what, pattern in PATTERNS.items():
            if re.search(pattern, name):
                found[what] += spent
                break
        else:
            rest += spent
    return found | {"rest": rest}


PATTERNS = {
    "convolution": "convolution",
    "normalisation": "batch_norm|BatchNorm",
    "pooling": "max_pool|_Pool|_Overlapping",
    "SGD": "SGD|_fused_sgd",
    "neurons": "_Sequence|_Normalised|sj_|Surrogate",
}


def kept(side: str, case: Case) -> float:
    """MiB of tensors that autograd keeps for the backward pass, each storage once, parameters not counted."""
    step, sizes = Step(side, case), {}
    own = {p.untyped_storage().data_ptr() for p in step.net.parameters()}

    def note(t: torch.Tensor) -> torch.Tensor:
        storage = t.untyped_storage()
        if storage.data_ptr() not in own:
            sizes[storage.data_ptr()] = storage.nbytes()
        return t

    with torch.autograd.graph.saved_tensors_hooks(note, lambda t: t):
        loss = step.forward()
    del loss  # alive until here, so that no address was used twice
    return sum(sizes.values()) / 2**20


def largest() -> float:
    """The largest resident memory of this process so far, in MiB (Linux)."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def peak(side: str, case: Case) -> float:
    """Growth of the largest resident memory by a step, in MiB, gradients and momentum being there already."""
    step = Step(side, case)
    images, labels = step.images, step.labels
    step.images, step.labels = images[:2].contiguous(), labels[:2]
    step()  # what is loaded or made once does not count
    step.images, step.labels = images, labels
    Path("/proc/self/clear_refs").write_text("5")  # the largest so far is forgotten
    before = largest()
    step()
    return largest() - before


if __name__ == "__main__":
    what, side, stem, *numbers = sys.argv[1:]
    print({"peak": peak, "kept": kept}[what](side, Case(stem, *map(int, numbers))))
