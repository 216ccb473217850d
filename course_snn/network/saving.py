"""Networks in files: the structure as JSON, the numbers as tensors; loading runs no code from the file."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from course_snn.drafts import draft
from course_snn.network.assembly import Assembly
from course_snn.network.coding import Decoder, Encoder
from course_snn.network.connection import Connection, Projection
from course_snn.network.learner import STBP, STCA, STDP, Learner
from course_snn.network.monitor import SpikeMonitor, StateMonitor
from course_snn.network.names import Attached, unheard
from course_snn.network.optimizer import Optimizer
from course_snn.network.parts import NeuronGroup

FORMAT = "course_snn.network 1"
WORDS = {
    Encoder: ("num", "shape", "encoding", "param"),
    NeuronGroup: ("num", "shape", "neuron_model", "neuron_type", "param"),
    Decoder: ("decoding",),
    STCA: ("alpha",),
    STBP: ("alpha",),
    STDP: ("rule", "Apost", "Apre", "tau", "w_min", "w_max", "w_norm"),
    Optimizer: ("optimizer", "options", "schedule", "maxstep", "schedule_options"),
    SpikeMonitor: (),
    StateMonitor: ("var", "nbatch", "capacity"),
}  # what a constructor needs to make it again
LINK = ("link_type", "delay", "w_min", "w_max", "param")


class NetworkFileError(RuntimeError):
    """A file that cannot be used; the message names it, what is wrong and what to do."""


def structure(net: Any) -> dict[str, Any]:
    """Return what a network is made of, as plain data: parts by path, connections, delays, learners.

    Args:
        net: the network.

    Raises:
        TypeError: a parameter that is neither a number, a text nor a tensor.
    """
    paths = net.paths()
    parts, links, attached, first = [], [], [], {}
    for path, part in _walk(net):
        if part in first:
            parts.append({"path": path, "same": first[part]})
            continue
        first[part] = path
        if isinstance(part, Connection):
            links.append({"path": path, "pre": paths[part.pre], "post": paths[part.post], "bias": part.bias is not None,
                          **_said(part, LINK)})  # fmt: skip
        else:
            parts.append({"path": path, "kind": _kind(part).__name__, "hidden": part.hidden,
                          **_said(part, WORDS.get(_kind(part), ()))})  # fmt: skip
            if isinstance(part, Decoder):
                parts[-1]["target"] = paths[part.target]
    for owner, name, value in _held(net):
        attached.append({"of": paths.get(owner, ""), "name": name, "kind": type(value).__name__,
                         "about": [paths.get(part, "") for part in value.watches],
                         **_said(value, WORDS[type(value)])})  # fmt: skip
        if getattr(value, "optimizer", None) is not None and isinstance(value, Learner):
            attached[-1]["optimizer"] = _said(value.optimizer, WORDS[Optimizer])
    numbers = {"dt": net.backend.dt, "seed": net.backend.seed, "runtime": net.runtime}
    return {**numbers, "parts": parts, "connections": links, "attached": attached}


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


def load(net: Any, filename: str | os.PathLike) -> dict[str, Any]:
    """Put the network that a file of ``save`` holds into an empty one; return its dt, seed and runtime.

    Args:
        net: an empty network. filename: ".pt" is added where it has no ending.

    Raises:
        FileNotFoundError: no such file.
        NetworkFileError: a file that is cut off, of another version, or whose models are not registered here.
    """
    path = _path(filename)
    state = read(path)
    try:
        said = json.loads(state["structure"])
        rebuild(net, said)
        net.load_state_dict(state["weights"])
        for key, spec in _optimizers(net).items():
            spec.remember(state["optimizers"].get(key, {}))
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise NetworkFileError(
            f"{path} holds a network that cannot be made here: {error} If it uses a model, encoder or link of your "
            "own, register it first, as where the file was written."
        ) from error
    return {key: said[key] for key in ("dt", "seed", "runtime")}


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
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
        raise NetworkFileError(f"{path} is cut off or damaged ({str(error).splitlines()[0]}): save it again.") from None
    except pickle.UnpicklingError:
        state = None
    kind = state.get("format") if isinstance(state, dict) else None
    if kind != FORMAT:
        what = f"has the format {kind!r}" if kind else "was not written by Network.save"
        raise NetworkFileError(f"{path} {what}; this version reads {FORMAT!r}.")
    return state


def rebuild(net: Any, said: Mapping[str, Any]) -> None:
    """Put the parts that ``structure`` told of into an empty network; weights as their link types draw them.

    Args:
        net: an empty network. said: the structure.
    """
    with unheard(), torch.random.fork_rng():
        decoders = [row for row in said["parts"] if row.get("kind") == "Decoder"]
        for row in (row for row in said["parts"] if row.get("kind") != "Decoder"):
            _put(net, row["path"], net.at(row["same"]) if "same" in row else _made(row))
        for row in said["connections"]:
            link = Connection(net.at(row["pre"]), net.at(row["post"]), bias=row["bias"], **_plain(row, LINK))
            _put(net, row["path"], link)
        for row in decoders:
            _put(net, row["path"], Decoder(net.at(row["target"]), row["decoding"]))
        for row in said["parts"]:
            if row.get("hidden"):
                net.at(row["path"]).assembly_hide()
        for row in said["attached"]:
            setattr(net.at(row["of"]) if row["of"] else net, row["name"], _attached(net, row))


def _walk(net: Assembly) -> list[tuple[str, Any]]:
    found, waiting, seen = [], [("", net)], set()
    while waiting:
        within, part = waiting.pop(0)
        for name, inner in part._modules.items():
            if isinstance(inner, (Assembly, Connection)):
                path = f"{within}.{name}" if within else name
                found.append((path, inner))
                if isinstance(inner, Assembly) and inner not in seen:
                    waiting.append((path, inner))
                    seen.add(inner)
    return found


def _kind(part: Any) -> type:
    kinds = (Encoder, NeuronGroup, Decoder, Projection)
    return next((kind for kind in kinds if isinstance(part, kind)), Assembly)


def _said(thing: Any, words: tuple[str, ...]) -> dict[str, Any]:
    return {word: _as_json(getattr(thing, word), word) for word in words}


def _as_json(value: Any, word: str) -> Any:
    if torch.is_tensor(value):
        return {"tensor": value.detach().cpu().tolist(), "learns": value.requires_grad}
    if isinstance(value, Mapping):
        return {key: _as_json(item, f"{word}[{key!r}]") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(item, word) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{word} is {type(value).__name__}, which a file cannot hold: give numbers, texts or tensors.")


def _from_json(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"tensor", "learns"}:
        tensor = torch.tensor(value["tensor"])
        return torch.nn.Parameter(tensor) if value["learns"] else tensor
    if isinstance(value, dict):
        return {key: _from_json(item) for key, item in value.items()}
    return [_from_json(item) for item in value] if isinstance(value, list) else value


def _plain(row: Mapping[str, Any], words: tuple[str, ...]) -> dict[str, Any]:
    return {word: _from_json(row[word]) for word in words}


def _made(row: Mapping[str, Any]) -> Any:
    kind = {c.__name__: c for c in (Encoder, NeuronGroup)}.get(row["kind"])
    return Assembly() if kind is None else kind(**_plain(row, WORDS[kind]))


def _put(net: Any, path: str, part: Any) -> None:
    within, _, name = path.rpartition(".")
    (net.at(within) if within else net)._attach(name, part)


def _attached(net: Any, row: Mapping[str, Any]) -> Any:
    kind = {c.__name__: c for c in WORDS}[row["kind"]]
    about, words = [net.at(path) if path else net for path in row["about"]], _plain(row, WORDS[kind])
    if kind is Optimizer:
        return _optimizer(words)
    if not issubclass(kind, Learner):
        return kind(about[0], **words)
    learner: Any = kind(trainable=about, **words)
    if "optimizer" in row:
        learner.optimizer = _optimizer(_from_json(row["optimizer"]))
    return learner


def _optimizer(words: dict[str, Any]) -> Optimizer:
    made = Optimizer(words["optimizer"], **words["options"])
    vars(made).update({word: words[word] for word in ("schedule", "maxstep", "schedule_options")})
    return made


def _held(net: Any) -> list[tuple[Any, str, Any]]:
    """The learners, optimisers and monitors of a network: whose they are, their name, themselves."""
    found = ((owner, name, value) for owner in net.tree() for name, value in vars(owner).items())
    return [(owner, name, value) for owner, name, value in found if isinstance(value, Attached) and name[0] != "_"]


def _optimizers(net: Any) -> dict[str, Optimizer]:
    paths, found = net.paths(), {}
    for owner, name, value in _held(net):
        spec = value if isinstance(value, Optimizer) else getattr(value, "optimizer", None)
        if isinstance(spec, Optimizer):
            found[f"{paths.get(owner, '')}.{name}"] = spec
    return found


def _path(filename: str | os.PathLike) -> Path:
    path = Path(filename).expanduser()
    return path if path.suffix else path.with_suffix(".pt")
