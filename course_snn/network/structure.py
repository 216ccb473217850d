"""What a network is made of as plain data, and a network made of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from course_snn.network.assembly import Assembly
from course_snn.network.attached import Attached
from course_snn.network.coding import Decoder, Encoder
from course_snn.network.connection import Connection, Projection
from course_snn.network.learner import STBP, STCA, STDP, Learner
from course_snn.network.monitor import SpikeMonitor, StateMonitor
from course_snn.network.names import unheard
from course_snn.network.optimizer import Optimizer
from course_snn.network.parts import NeuronGroup
from course_snn.training import signature

WORDS = {
    Encoder: ("num", "shape", "encoding", "param"),
    NeuronGroup: ("num", "shape", "neuron_model", "neuron_type", "param"),
    Decoder: ("decoding",),
    Connection: ("link_type", "delay", "w_min", "w_max", "param"),
    STCA: ("alpha",),
    STBP: ("alpha",),
    STDP: ("rule", "Apost", "Apre", "tau", "w_min", "w_max", "w_norm"),
    Optimizer: ("optimizer", "options", "schedule", "maxstep", "schedule_options"),
    SpikeMonitor: (),
    StateMonitor: ("var", "nbatch", "capacity"),
}  # what a constructor needs to make it again
KINDS = (*WORDS, Projection, Assembly)  # what is more special first


def structure(net: Any) -> dict[str, Any]:
    """Return what a network is made of, as plain data: parts by path, connections, delays, learners.

    Args:
        net: the network.

    Raises:
        TypeError: a part, learner or parameter that a file cannot hold.
        ValueError: something that is about a part which is not in the network.
    """
    paths = {net: "", **net.paths()}
    parts, first = [], {}
    for path, part in _walk(net):
        parts.append({"path": path, "same": first[part]} if part in first else {"path": path, **_told(part, paths)})
        first.setdefault(part, path)
    attached, first = [], {}
    for owner, name, value in held(net):
        place = {"of": paths[owner], "name": name}
        attached.append({**place, "same": first[value]} if value in first else {**place, **_told(value, paths)})
        first.setdefault(value, [paths[owner], name])
    frozen = [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
    numbers = {"dt": net.backend.dt, "seed": net.backend.seed, "runtime": net.runtime, "hidden": net.hidden}
    return {**numbers, "parts": parts, "attached": attached, "frozen": frozen}


def rebuild(net: Any, said: Mapping[str, Any]) -> None:
    """Put the parts that ``structure`` told of into an empty network; weights as their link types draw them.

    Args:
        net: an empty network. said: the structure.
    """
    with unheard(), torch.random.fork_rng():
        rows, late = {row["path"]: row for row in said["parts"]}, ("Decoder", "Connection")
        ends = {path: rows[row.get("same", path)]["kind"] in late for path, row in rows.items()}
        for path in sorted(rows, key=ends.__getitem__):  # first what others end at; else in their order
            row = rows[path]
            _put(net, path, net.at(row["same"]) if "same" in row else _made(net, row))
        for row in said["attached"]:
            owner = _at(net, row["of"])
            setattr(owner, row["name"], getattr(_at(net, row["same"][0]), row["same"][1]) if "same" in row
                    else _attached(net, row))  # fmt: skip
    for path, row in rows.items():
        within, _, name = path.rpartition(".")
        modules = _at(net, within)._modules
        modules[name] = modules.pop(name)  # as they were: parameters have an order
        vars(net.at(path)).update({"hidden": True} if row.get("hidden") else {})
    vars(net)["hidden"] = said["hidden"]
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(name not in said["frozen"])


def _walk(net: Assembly) -> list[tuple[str, Any]]:
    found, waiting, seen = [], [("", net)], set()
    while waiting:
        within, part = waiting.pop(0)
        for name, inner in part._modules.items():
            path = f"{within}.{name}" if within else name
            if isinstance(inner, (Assembly, Connection)):
                found.append((path, inner))
                if isinstance(inner, Assembly) and inner not in seen:
                    waiting.append((path, inner))
                    seen.add(inner)
            elif not isinstance(part, NeuronGroup):
                raise TypeError(f"{path!r} is a {type(inner).__name__}, which a file of networks cannot hold.")
    return found


def _told(thing: Any, paths: Mapping[Any, str]) -> dict[str, Any]:
    """What makes a part, a learner, a monitor or an optimiser again."""
    kind = next((kind for kind in KINDS if isinstance(thing, kind)), None)
    if kind is None or (isinstance(thing, Attached) and type(thing) is not kind):
        raise TypeError(
            f"a file of networks holds no {type(thing).__name__}: delete it first, and make it after loading."
        )
    about = thing.ends if kind is Connection else (thing.target,) if kind is Decoder else getattr(thing, "watches", ())
    if lost := [part.address() for part in about if part not in paths]:
        raise ValueError(f"{type(thing).__name__} is about {lost[0]!r}, which is not in this network: delete it first.")
    kind = Assembly if kind is Projection else kind
    if kind is NeuronGroup:
        _check_neurons(thing, paths[thing])
    row = {"kind": kind.__name__, "about": [paths[part] for part in about], **_said(thing, WORDS.get(kind, ()))}
    if isinstance(thing, Assembly):
        row["hidden"] = thing.hidden
    if kind is Connection:
        row["bias"] = thing.bias is not None
    if isinstance(thing, Learner) and getattr(thing, "optimizer", None) is not None:
        row["optimizer"] = _said(thing.optimizer, WORDS[Optimizer])
    return row


def _check_neurons(group: NeuronGroup, path: str) -> None:
    with torch.random.fork_rng(devices=[]):
        made = group._made()
    changed, code = signature.answers_differ(made, signature.describe(group.neuron, {}) | {"changing": []})
    if changed or code:
        raise ValueError(
            f"the neurons of {path!r} were changed by hand ({[*changed, *code][0].strip()}), which a file does not "
            "tell: give parameters to NeuronGroup, and use replace_assembly."
        )


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


def _made(net: Any, row: Mapping[str, Any]) -> Any:
    kind = {kind.__name__: kind for kind in KINDS}[row["kind"]]
    about, words = [net.at(path) for path in row["about"]], _plain(row, WORDS.get(kind, ()))
    if kind is Connection:
        words["bias"] = row["bias"]
    return Assembly() if kind is Assembly else kind(*about, **words)


def _at(net: Any, path: str) -> Any:
    return net.at(path) if path else net


def _put(net: Any, path: str, part: Any) -> None:
    within, _, name = path.rpartition(".")
    _at(net, within)._attach(name, part)


def _attached(net: Any, row: Mapping[str, Any]) -> Any:
    kind = {kind.__name__: kind for kind in KINDS}[row["kind"]]
    about, words = [_at(net, path) for path in row["about"]], _plain(row, WORDS[kind])
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


def held(net: Any) -> list[tuple[Any, str, Any]]:
    """Return the learners, optimisers and monitors of a network: whose they are, their name, themselves.

    Args:
        net: the network.
    """
    found = ((owner, name, value) for owner in net.tree() for name, value in vars(owner).items())
    return [(owner, name, value) for owner, name, value in found if isinstance(value, Attached) and name[0] != "_"]
