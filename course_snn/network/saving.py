"""Networks in files: the structure as JSON, the numbers as tensors; loading runs no code from the file."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch

from course_snn.drafts import draft
from course_snn.network.assembly import Assembly
from course_snn.network.backend import Backend
from course_snn.network.connection import Connection
from course_snn.network.optimizer import Optimizer
from course_snn.network.structure import held, rebuild, structure

FORMAT = "course_snn.network 1"


class NetworkFileError(RuntimeError):
    """A file that cannot be used; the message names it, what is wrong and what to do."""


def save(net: Assembly, filename: str | os.PathLike) -> Path:
    """Write a network, its learners and what its optimiser remembers to one file, and return its path.

    Args:
        net: the network. filename: ".pt" is added where it has no ending.
    """
    for each in net.paths():
        if isinstance(each, Connection):
            each.confine()
    path = _path(filename)
    state = {
        "format": FORMAT,
        "structure": json.dumps(structure(net), ensure_ascii=False, indent=1),
        "weights": net.state_dict(),
        "optimizers": {key: spec.memory() for key, spec in _optimizers(net).items()},
    }
    with draft(path, synced=True) as file:
        torch.save(state, file)
    return path


def load(net: Any, filename: str | os.PathLike) -> None:
    """Put the network that a file of ``save`` holds into an empty one.

    Args:
        net: an empty network. filename: ".pt" is added where it has no ending.

    Raises:
        FileNotFoundError: no such file.
        NetworkFileError: a file that is cut off, of another version, or whose models are not registered here.
    """
    path = _path(filename)
    state = read(path)
    if "structure" not in state:
        raise NetworkFileError(
            f"{path} holds weights alone: net.state_from_dict({path.stem!r}) puts them into a network."
        )
    try:
        said = json.loads(state["structure"])
        rebuild(net, said)
        if len(kinds := {value.dtype for value in state["weights"].values() if value.is_floating_point()}) == 1:
            net.to(kinds.pop())
        net.load_state_dict(state["weights"])
        for key, spec in _optimizers(net).items():
            spec.remember(state["optimizers"].get(key, {}))
        vars(net).update(backend=Backend(said["dt"], seed=said["seed"]), runtime=said["runtime"])
    except (AttributeError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise NetworkFileError(
            f"{path} holds a network that cannot be made here: {error}. If it uses a model, encoder or link of your "
            "own, register it first, as where the file was written."
        ) from error


def save_weights(net: Any, filename: str | os.PathLike) -> Path:
    """Write the weights of a network alone, and return the file's path.

    Args:
        net: the network. filename: ".pt" is added where it has no ending.
    """
    path = _path(filename)
    with draft(path, synced=True) as file:
        torch.save({"format": FORMAT, "weights": net.state_dict()}, file)
    return path


def weights(filename: str | os.PathLike) -> dict[str, torch.Tensor]:
    """Return the weights of a file of this module.

    Args:
        filename: ".pt" is added where it has no ending.
    """
    return read(_path(filename))["weights"]


def read(path: Path) -> dict[str, Any]:
    """Return what a file of this module holds, checked.

    Args:
        path: of the file.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}; net.save({path.stem!r}) writes one.")
    try:
        with zipfile.ZipFile(path) as archive:  # torch.load itself checks no checksums
            if bad := archive.testzip():
                raise zipfile.BadZipFile(f"wrong checksum of {bad}")
        state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        state = None
    except Exception as error:  # of every kind, as the byte that is wrong wants
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise NetworkFileError(f"{path} is cut off or damaged ({why}): save it again.") from None
    kind = state.get("format") if isinstance(state, dict) else None
    if kind != FORMAT:
        what = f"has the format {kind!r}" if kind else "was not written by Network.save"
        raise NetworkFileError(f"{path} {what}; this version reads {FORMAT!r}.")
    return state


def _optimizers(net: Any) -> dict[str, Optimizer]:
    paths, found = net.paths(), {}
    for owner, name, value in held(net):
        spec = value if isinstance(value, Optimizer) else getattr(value, "optimizer", None)
        if isinstance(spec, Optimizer):
            found[f"{paths.get(owner, '')}.{name}"] = spec
    return found


def _path(filename: str | os.PathLike) -> Path:
    path = Path(filename).expanduser()
    return path if path.suffix else path.with_suffix(".pt")
