"""How much memory a training step takes: by counting what the backward pass needs, and by measuring."""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence

import torch
from torch import nn

from course_snn import functional
from course_snn.arguments import as_shape, whole
from course_snn.spelling import chosen
from course_snn.state import Stateful
from course_snn.training.allocations import levels, measured
from course_snn.training.cost import OPTIMIZERS, Cost, Line, Memory, fullest, steps_kept

__all__ = ["Cost", "Line", "Memory", "estimate", "kept", "measured", "survey"]

PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.bfloat16}  # 16 bits are 16 bits
SMALL = (2, 3), (2, 4), (3, 3)  # steps and samples of the runs from which all others follow
LARGER = (8, 9), (8, 12), (12, 9)  # beside them, where each step is a call of its own


def estimate(
    net: nn.Module,
    x_shape: Sequence[int],
    T: int,
    batch: int,
    *,
    precision: str = "float32",
    optimizer: str = "adam",
    way: str = "bptt",
    block: int | None = None,
    still: bool = True,
) -> Memory:
    """Return what a training step of ``net`` will need, from three small runs of a copy of it.

    What is kept for the backward pass grows evenly: bytes = fixed + batch (sample + T step). Three runs (T and batch of
    2 or 3) give the three numbers, also for functions of your own between the layers. A convolution or linear layer
    keeps its input, a batch normalisation too, a neuron of this library its input current alone. What of a still
    input comes before the first neuron is kept once, not T times.

    Args:
        net: any network that ``functional.unroll`` runs, on the CPU; it stays as it is.
        x_shape: shape of one sample without the batch, (3, 32, 32).
        T: time steps. batch: samples.
        precision: "float32", or the autocast precision "bfloat16" or "float16".
        optimizer: "sgd", "momentum" (SGD with it), "adam" or "adamw".
        way: "bptt": all steps are kept; "recomputed": the states between blocks of ``block`` steps, and one block that
            is computed again; "truncated": one block; "online": one step.
        block: steps of a block; needed for "recomputed" and "truncated".
        still: whether the input is one picture for all steps; else a sequence [T, N, …].

    Returns:
        bytes by purpose. Gradients are there while the network runs forward, as when they are accumulated; a step that
        first sets them to None, as in ``fit``, needs less where activations are few.

    Raises:
        ValueError: an unknown name, a block that is missing or longer than T, or T, batch < 1.
        TypeError: T, batch or block that is not a whole number.

    Source: Chen et al. 2016, arXiv:1604.06174 (recomputation); Meng et al. 2023, ICCV ("online" is SLTT).
    """
    T, batch = whole("T", T, at_least=1), whole("batch", batch, at_least=1)
    steps_kept(T, way, block)
    chosen("optimizer", optimizer, OPTIMIZERS)
    return survey(net, x_shape, precision=precision, still=still).memory(T, batch, optimizer, way, block)


def survey(net: nn.Module, x_shape: Sequence[int], *, precision: str = "float32", still: bool = True) -> Cost:
    """Return the lines from which ``estimate`` takes its numbers, for any T, batch, optimizer and way.

    Args:
        net, x_shape, precision, still: as in ``estimate``.
    """
    half = chosen("precision", precision, PRECISIONS)
    functional.reset_net(net)
    net = copy.deepcopy(net).cpu().train()
    learns = [weight for weight in net.parameters() if weight.requires_grad]
    gradients = [_bytes(weight) for weight in learns]
    runs = [_Small(net, as_shape(x_shape), T, N, half, still) for T, N in SMALL]
    with torch.random.fork_rng(devices=[]):  # dropout draws
        kept, states = zip(*(run.held() for run in runs), strict=True)
        found = [levels(run.step) for run in runs]
        if len(set(map(len, found))) == 1:
            moments = [Line.through(values, SMALL) for values in zip(*found, strict=True)]
        else:  # a loop over time: more steps are more events, only the peaks compare
            larger = [_Small(net, as_shape(x_shape), T, N, half, still) for T, N in LARGER]
            moments = [Line.through([max(run) for run in found], SMALL)]
            moments += [Line.through([measured(run.step) for run in larger], LARGER)]
    return Cost(
        sum(map(_bytes, [*net.parameters(), *net.buffers()])),
        sum(gradients),
        max(gradients, default=0),
        Line.through([_bytes(run.x) for run in runs], SMALL),
        Line.through(kept, SMALL),
        Line.through(states, SMALL),
        fullest(moments),
    )


def kept(net: nn.Module, x: torch.Tensor, T: int | None = None, precision: str = "float32") -> list[tuple[str, int]]:
    """Return which layer keeps how many bytes for the backward pass of ``unroll(net, x, T)``, in their order.

    What several layers keep is counted once, at the first. Parameters, buffers and ``x`` itself are not counted.

    Args:
        net: the network; ``reset_net`` is called before and after.
        x, T: as in ``functional.unroll``.
        precision: as in ``estimate``.
    """
    own = {_place(each) for each in [x, *net.parameters(), *net.buffers()]}
    names = {module: name for name, module in net.named_modules()}
    seen: dict[int, torch.Tensor] = {}
    sizes: dict[str, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        key = _place(tensor)
        if key not in own and key not in seen:
            seen[key] = tensor.detach()  # held, so that no other tensor comes to the same place
            name = _layer(names)
            sizes[name] = sizes.get(name, 0) + tensor.untyped_storage().nbytes()
        return tensor.detach()  # an output that its own operation keeps would be held for ever by its graph

    functional.reset_net(net)
    try:
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            _loss(net, x, T, chosen("precision", precision, PRECISIONS))
    finally:
        functional.reset_net(net)
    return list(sizes.items())


def _layer(names: dict[nn.Module, str]) -> str:
    """The innermost module whose method is under way. A hook would be seen by the neurons, which then go by steps."""
    frame = sys._getframe(1)
    while frame is not None:
        owner = frame.f_locals.get("self")
        if isinstance(owner, nn.Module) and owner in names:
            return names[owner]
        frame = frame.f_back
    return ""


def _place(tensor: torch.Tensor) -> int:
    """The place of the memory that a tensor is a view of."""
    return tensor.untyped_storage().data_ptr()


class _Small:
    """A training step of a few samples over a few steps."""

    def __init__(self, net: nn.Module, shape: torch.Size, T: int, N: int, half: torch.dtype | None, still: bool):
        self.net, self.half, self.T = net, half, T if still else None
        self.x = torch.full((N, *shape) if still else (T, N, *shape), 0.5)

    def step(self) -> None:
        """As ``fit`` does it: the gradients of the batch before are there until the backward pass begins."""
        functional.reset_net(self.net)
        loss = _loss(self.net, self.x, self.T, self.half)
        self.net.zero_grad()
        loss.backward()

    def held(self) -> tuple[int, int]:
        """Return the bytes kept for the backward pass, and those of the neurons' states; leave gradients behind."""
        precision = "float32" if self.half is None else "bfloat16"
        activations = sum(size for _, size in kept(self.net, self.x, self.T, precision))
        self.step()
        modules = [module for module in self.net.modules() if isinstance(module, Stateful)]
        values = [getattr(module, name) for module in modules for name in module._initial]
        states = {_place(value): value.untyped_storage().nbytes() for value in values if torch.is_tensor(value)}
        return activations, sum(states.values())


def _loss(net: nn.Module, x: torch.Tensor, T: int | None, half: torch.dtype | None) -> torch.Tensor:
    """The mean square of the outputs' mean over time: any network has one."""
    with torch.autocast("cpu", half or torch.bfloat16, enabled=half is not None):
        out = functional.unroll(net, x, T)
    return out.float().mean(0).square().mean()


def _bytes(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()
