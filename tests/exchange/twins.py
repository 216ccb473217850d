"""A network of ours and one of SpikingJelly, compared: outputs, gradients of inputs and parameters, statistics."""

from __future__ import annotations

import torch
from spikingjelly.activation_based import functional as sj
from torch import nn

from course_snn import functional, neuron

T, N = 5, 3


def noise(*shape: int, seed: int = 0, scale: float = 2.0) -> torch.Tensor:
    """[T, N, *shape], mostly positive, so that neurons fire."""
    return scale * (torch.rand(T, N, *shape, generator=torch.Generator().manual_seed(seed)) - 0.2)


def run(net: nn.Module, x_seq: torch.Tensor, theirs: bool, stepped: bool = False) -> dict[str, torch.Tensor]:
    """Return what a network answers and how it learns, by name; the loss weighs every step and neuron differently."""
    (sj.reset_net if theirs else functional.reset_net)(net)
    net.zero_grad()
    torch.manual_seed(5)  # for dropout
    x = x_seq.clone().requires_grad_()
    if stepped:
        y = torch.stack([net(step) for step in x])
    else:
        y = net(x) if theirs else functional.unroll(net, x)
    (y * torch.linspace(1, 2, y.numel()).view(y.shape).to(y)).square().sum().backward()
    found = {"y": y.detach(), "x": x.grad}
    found |= {name: buffer for name, buffer in net.named_buffers()}
    for name, parameter in net.named_parameters():
        owner = net.get_submodule(name.rpartition(".")[0])
        flipped = isinstance(owner, neuron.RIFNode)  # w = -g
        name = f"{name[:-1]}w" if flipped else name.replace("surrogate_function", "surrogate")
        found[name] = -parameter.grad if flipped else parameter.grad
    return found


def assert_twins(
    ours: nn.Module, theirs: nn.Module, x_seq: torch.Tensor, mode: str = "m", renamed: bool = False
) -> None:
    """Check that both answer and learn alike; ``renamed``: parameters of the two are in the same order only."""
    a, b = run(ours, x_seq, False, mode == "s"), run(theirs, x_seq, True, mode == "s")
    assert bool(a["y"].any()), "nothing came out: the test would show nothing"
    if renamed:
        a, b = dict(enumerate(a.values())), dict(enumerate(b.values()))
    assert a.keys() == b.keys()
    largest = max(value.abs().max().item() for value in b.values())  # a bias before a normalisation: 0 but for rounding
    for name in a:
        scale = 2e-5 * b[name].abs().max().item() + 1e-6 * largest
        torch.testing.assert_close(a[name], b[name], rtol=0, atol=scale, msg=lambda m, name=name: f"{name}: {m}")
