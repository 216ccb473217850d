"""Weights from a file or from torchvision, into a network whose parts have the same names; never as code."""

from __future__ import annotations

import os
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError

import torch
from torch import nn
from torchvision.models import WeightsEnum

INSIDE = ("net", "model", "state_dict", "model_state_dict")  # where checkpoints of ours and of others keep the weights
WRAPPER = "module."  # what DistributedDataParallel puts before each name
KINDS = "a file .pt, .pth or .safetensors of tensors by name"

STEM = 'stem="imagenet" makes it 7x7, stem="cifar" 3x3; choose the one that the weights were trained with.'

Net = TypeVar("Net", bound=nn.Module)


def load_weights(
    net: Net,
    weights: WeightsEnum | str | os.PathLike,
    published: type[WeightsEnum] | None = None,
    progress: bool = True,
) -> Net:
    """Load weights into ``net``, every one of them, and return it.

    Parameters that neurons learn may be missing: weights of an ordinary network have none, and they stay as they are.

    Args:
        net: the network.
        weights: a member of torchvision's enums, whose file is fetched once and kept in torch's cache; or the path of a
            file (.pt, .pth, .safetensors): a ``state_dict``, alone or in a checkpoint, with or without "module.".
        published: the enum of this architecture; weights of others are refused before anything is fetched.
        progress: whether fetching shows a bar.

    Raises:
        TypeError: neither a member of the enum nor a path.
        ValueError: names or shapes of another network, or a file that holds no weights.
        OSError: no such file, or no way to the network.
    """
    if isinstance(weights, WeightsEnum):
        state = _from_torchvision(net, weights, published, progress)
    elif isinstance(weights, (str, os.PathLike)):
        state = read(Path(weights).expanduser())
    else:
        what = "a member of torchvision's weights" if published is None else f"a member of {published.__name__}"
        raise TypeError(f"weights must be {what}, or the path of {KINDS}; got {weights!r}.")
    _check(net, state, str(weights))
    net.load_state_dict(state, strict=False)
    return net


def _from_torchvision(
    net: nn.Module, weights: WeightsEnum, published: type[WeightsEnum] | None, progress: bool
) -> Mapping[str, torch.Tensor]:
    if published is not None and not isinstance(weights, published):
        names = ", ".join(f"{published.__name__}.{name}" for name in published.__members__)
        raise ValueError(f"{weights} are weights of another network: this one takes {names}, or the path of a file.")
    classes, made = len(weights.meta.get("categories", ())), getattr(getattr(net, "fc", None), "out_features", None)
    if classes and made not in (None, classes):
        raise ValueError(_other_classes(str(weights), classes, made))
    if getattr(net, "stem", "imagenet") != "imagenet":
        raise ValueError(f"{weights} has a first convolution of 7x7, this network one of 3x3: {STEM}")
    try:
        return weights.get_state_dict(progress=progress, check_hash=True)
    except URLError as error:
        name = weights.url.rsplit("/", 1)[-1]
        raise OSError(
            f"{weights.url} cannot be reached ({error.reason}). Fetch it on another machine and give weights={name!r}, "
            f"or put it into {Path(torch.hub.get_dir()) / 'checkpoints'}, where torch looks first."
        ) from error


def read(path: Path) -> dict[str, torch.Tensor]:
    """Return the tensors of a file by name.

    Args:
        path: .safetensors, or whatever torch has saved.

    Raises:
        FileNotFoundError: no such file. ValueError: no weights in it. ImportError: safetensors is not installed.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}: weights takes {KINDS}, or a member of torchvision's weights.")
    if path.suffix == ".safetensors":
        return _read_safetensors(path)
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
    except PermissionError:
        raise
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path} is damaged or holds more than tensors, which is not loaded since it could run code. Save a "
            "state_dict: torch.save(net.state_dict(), path)."
        ) from error
    return _state(held, path)


def _read_safetensors(path: Path) -> dict[str, torch.Tensor]:
    try:
        from safetensors import SafetensorError
        from safetensors.torch import load_file
    except ImportError as error:
        raise ImportError(f"{path.name} needs a package that is not installed: pip install safetensors.") from error
    try:
        return _state(load_file(path), path)
    except SafetensorError as error:
        raise ValueError(f"{path} is damaged, or no safetensors file: {error}.") from error


def _state(held: Any, path: Path) -> dict[str, torch.Tensor]:
    """Return the ``state_dict`` that a file holds, alone or in a checkpoint, without what DDP puts before its names."""
    for key in INSIDE:
        if isinstance(held, Mapping) and isinstance(held.get(key), Mapping):
            held = held[key]
    if not isinstance(held, Mapping) or not held or not all(torch.is_tensor(value) for value in held.values()):
        raise ValueError(f"{path} holds no weights: it must be a state_dict, alone or under {', '.join(INSIDE)}.")
    wrapped = all(name.startswith(WRAPPER) for name in held)
    return {name.removeprefix(WRAPPER) if wrapped else name: value for name, value in held.items()}


def _check(net: nn.Module, state: Mapping[str, torch.Tensor], source: str) -> None:
    """Raise an error that says what is wrong with these weights for this network, if anything is."""
    own = net.state_dict()
    missing = [name for name in own if name not in state and not _of_neuron(net, name)]
    unknown = [name for name in state if name not in own]
    if missing or unknown:
        found = [f"{what} {_few(names)}" for what, names in (("lacks", missing), ("also has", unknown)) if names]
        raise ValueError(f"{source} belongs to another network: it {', and '.join(found)}.")
    for name, value in state.items():
        if value.shape != own[name].shape:
            raise ValueError(_misfit(source, name, value.shape, own[name].shape))


def _of_neuron(net: nn.Module, name: str) -> bool:
    """Whether a parameter is one that a neuron, or its surrogate, learns."""
    path = name.split(".")[:-1]
    above = [net.get_submodule(".".join(path[:depth])) for depth in range(1, len(path) + 1)]
    return any(hasattr(module, "v_threshold") for module in above)


def _misfit(source: str, name: str, found: torch.Size, wanted: torch.Size) -> str:
    if name in ("fc.weight", "fc.bias"):
        return _other_classes(source, found[0], wanted[0])
    if name == "conv1.weight" and {found[-1], wanted[-1]} == {3, 7}:
        sizes = f"of {found[-1]}x{found[-1]}, this network one of {wanted[-1]}x{wanted[-1]}"
        return f"{source} has a first convolution {sizes}: {STEM}"
    return f"{source} belongs to another network: its {name} is {list(found)}, here it is {list(wanted)}."


def _other_classes(source: str, found: int, wanted: int) -> str:
    return (
        f"{source} is for {found} classes, this network for {wanted}. Give num_classes={found}, then put your own last "
        f"layer: net.fc = nn.Linear(net.fc.in_features, {wanted})."
    )


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
