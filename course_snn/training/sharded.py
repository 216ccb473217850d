"""A network of which each process keeps a part of every layer: torch's FSDP2, and whole states out of it and back."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn

# torch.distributed.fsdp and its kin take half a second to import: they are, where a network is sharded.


def shard(net: nn.Module, size: int, device: str) -> nn.Module:
    """Share each layer that has parameters out to all processes, and what the network itself has; returns ``net``."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    mesh = init_device_mesh(device, (size,))
    for layer in [module for module in net.modules() if module is not net]:
        if any(True for _ in layer.parameters(recurse=False)):
            fully_shard(layer, mesh=mesh)
    fully_shard(net, mesh=mesh)
    return net


def is_sharded(net: nn.Module) -> bool:
    """Whether the network went through ``shard``."""
    fsdp = sys.modules.get("torch.distributed.fsdp")  # whoever sharded it has imported that
    return fsdp is not None and isinstance(net, fsdp.FSDPModule)


@contextlib.contextmanager
def unsynced(net: Any) -> Iterator[None]:
    """Within the block gradients stay whole on each process."""
    net.set_requires_gradient_sync(False)
    try:
        yield
    finally:
        net.set_requires_gradient_sync(True)


def weights(net: nn.Module) -> dict[str, Any]:
    """Return the whole state of the network on rank 0, {} on the others; every process must call it."""
    from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict

    return get_model_state_dict(net, options=StateDictOptions(full_state_dict=True, cpu_offload=True))


def load_weights(net: nn.Module, state: Mapping[str, Any]) -> None:
    """Load a whole state, of which each process keeps its part."""
    from torch.distributed.checkpoint.state_dict import StateDictOptions, set_model_state_dict

    set_model_state_dict(net, dict(state), options=StateDictOptions(full_state_dict=True))


def optimizer_state(optimizer: torch.optim.Optimizer, first: bool) -> dict[str, Any]:
    """Return the whole ``state_dict``, on rank 0 only, put together tensor by tensor."""
    state = optimizer.state_dict()
    whole = {
        number: {name: _whole(value, first) for name, value in of_one.items()}
        for number, of_one in state["state"].items()
    }
    return state | {"state": whole} if first else {}


def parts_of(optimizer: torch.optim.Optimizer, state: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``state`` with this process's part of every tensor that has the shape of its parameter."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    mine = {
        number: {name: _part(value, parameters[number]) for name, value in of_one.items()}
        for number, of_one in state["state"].items()
    }
    return dict(state) | {"state": mine}


def _whole(value: Any, keep: bool) -> Any:
    from torch.distributed.tensor import DTensor

    if not isinstance(value, DTensor):
        return value
    value = value.full_tensor()  # on every process, or nobody gets it
    return value.cpu() if keep else None


def _part(value: Any, parameter: torch.Tensor) -> Any:
    from torch.distributed.tensor import DTensor, distribute_tensor

    if not (torch.is_tensor(value) and isinstance(parameter, DTensor) and value.shape == parameter.shape):
        return value
    return distribute_tensor(value.to(parameter.device), parameter.device_mesh, parameter.placements)
