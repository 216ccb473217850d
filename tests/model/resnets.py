"""Small images and gradients for the spiking ResNets, of ours and of SpikingJelly."""

from __future__ import annotations

import torch
from spikingjelly.activation_based import functional as sj_functional
from torch import nn

from course_snn import functional

T, N, SIDE = 2, 2, 32


def images(seed: int = 0) -> torch.Tensor:
    """[T, N, 3, 32, 32], another image in each step."""
    return 2 * torch.rand(T, N, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))


def same_weights(net: nn.Module, other: nn.Module, seed: int = 1) -> None:
    """Give both networks the same random weights and statistics, with which neurons fire in every block."""
    dice = torch.Generator().manual_seed(seed)
    state = {name: value.clone() for name, value in net.state_dict().items()}
    for name, value in state.items():
        if ("bn" in name or "downsample.1" in name) and value.is_floating_point():
            value.copy_(0.5 + torch.rand(value.shape, generator=dice))
    net.load_state_dict(state)
    other.load_state_dict(state)


def results(net: nn.Module, x_seq: torch.Tensor, run) -> tuple[torch.Tensor, list[torch.Tensor], list[torch.Tensor]]:
    """Return outputs, gradients of the parameters by name's order, and statistics; the loss weighs each step."""
    net.zero_grad()
    y = run(net, x_seq)
    weight = torch.linspace(1, 2, len(y)).view(-1, 1, 1)
    (y * weight).square().mean().backward()
    named = sorted(net.named_parameters())
    return y.detach(), [p.grad for _, p in named], [b for _, b in sorted(net.named_buffers())]


def ours(net: nn.Module, x_seq: torch.Tensor) -> torch.Tensor:
    functional.reset_net(net)
    return functional.unroll(net, x_seq)


def theirs(net: nn.Module, x_seq: torch.Tensor) -> torch.Tensor:
    sj_functional.reset_net(net)
    sj_functional.set_step_mode(net, "m")
    return net(x_seq)
