"""The graph that NetworkCanvas edits: plain data, checked, completed, placed."""

from __future__ import annotations

import keyword
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, ClassVar

from .control import Control, Text

STEPS = 60  # of a run
GROUPS, CONNECTIONS = 30, 120  # at most
# What a group of each kind takes beside name, kind, x and y: (least, largest, value if not given).
NUMBERS = {
    "input": {},
    "if": {"v_th": (0.1, 3.0, 1.0)},
    "lif": {"v_th": (0.1, 3.0, 1.0), "tau_m": (1.0, 40.0, 8.0)},
}
WEIGHT, DELAY, EVERY = (-3.0, 3.0, 1.0), (0, 20, 1), (0, 30, 0)
TRAIN = ("every", "times")


@dataclass(frozen=True)
class Graph(Control):
    """A graph of single neurons, or the name of one of `examples`: name -> (label, graph).

    {"groups": [{"name", "kind": "input" | "if" | "lif", …}], "connections": [{"pre", "post", "weight", "delay"}]}.
    An input takes `every` (it fires in steps 0, n, 2n, …; 0: never) and `times` (a list of steps); neurons take v_th,
    and lif tau_m in steps. What is not given gets its default; groups without x and y are placed in layers.
    """

    kind: ClassVar[str] = "graph"
    examples: Mapping[str, tuple[Text, Mapping[str, Any]]] = field(default_factory=dict)

    def spec(self) -> dict[str, Any]:
        shown = {name: [label, self.accept(graph)] for name, (label, graph) in self.examples.items()}
        return {"kind": self.kind, "name": self.name, "label": self.label, "value": None, "examples": shown}

    def accept(self, value: Any) -> dict[str, list[dict[str, Any]]]:
        if isinstance(value, str):
            if value not in self.examples:
                raise self.refuse(value, "a graph, or one of " + ", ".join(map(repr, self.examples)))
            value = self.examples[value][1]
        _known("a graph", value, ("groups", "connections"))
        given, links = value.get("groups", ()), value.get("connections", ())
        _count("groups", given, GROUPS)
        _count("connections", links, CONNECTIONS)
        groups: list[dict[str, Any]] = []
        for group in given:
            groups.append(_group(group, {g["name"] for g in groups}))
        connections: list[dict[str, Any]] = []
        for link in links:
            connections.append(_connection(link, groups, connections))
        if loop := zero_loop(connections):
            raise ValueError(
                f"graph: {' → '.join([*loop, loop[0]])} is a loop of connections without delay; at least one of them "
                "needs a delay of 1 or more."
            )
        place(groups, connections)
        return {"groups": groups, "connections": connections}


def _known(what: str, value: Any, names: Sequence[str]) -> None:
    if not isinstance(value, Mapping):
        raise ValueError(f"graph: {what} is {value!r}, but must be a mapping with {', '.join(names)}.")
    if unknown := [name for name in value if name not in names]:
        raise ValueError(f"graph: {what} has no {unknown[0]!r}. It takes: {', '.join(names)}.")


def _count(what: str, value: Any, most: int) -> None:
    if isinstance(value, (str, Mapping)) or not isinstance(value, Sequence):
        raise ValueError(f"graph: {what} must be a list, got {value!r}.")
    if len(value) > most:
        raise ValueError(f"graph: at most {most} {what} fit, got {len(value)}.")


def _number(what: str, value: Any, low: float, high: float, whole: bool = False) -> float | int:
    fits = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value) and low <= value <= high
    if not fits or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"graph: {what} is {value!r}, but must be {kind} from {low:g} to {high:g}.")
    return int(value) if whole else round(float(value), 4) + 0.0  # no minus zero, and no digits that nobody can read


def _name(value: Any, taken: set[str]) -> str:
    if not isinstance(value, str) or not value.isidentifier() or keyword.iskeyword(value) or value.startswith("_"):
        raise ValueError(f"graph: the name {value!r} cannot follow `net.`; take letters, digits and _, a letter first.")
    if value in taken:
        raise ValueError(f"graph: two things are called {value!r}; every group and connection needs its own name.")
    return value


def _group(given: Any, taken: set[str]) -> dict[str, Any]:
    kind = given.get("kind") if isinstance(given, Mapping) else None
    if kind not in NUMBERS:
        raise ValueError(f"graph: a group has the kind {kind!r}, but must have one of {', '.join(NUMBERS)}.")
    own = TRAIN if kind == "input" else tuple(NUMBERS[kind])
    _known(f"the {kind} group {given.get('name')!r}", given, ("name", "kind", "x", "y", *own))
    group = {"name": _name(given.get("name"), taken), "kind": kind}
    for side in ("x", "y"):
        share = given.get(side)
        group[side] = None if share is None else round(_number(f"{side} of {group['name']}", share, 0, 1), 3)
    if kind == "input":
        group["every"] = _number(f"every of {group['name']}", given.get("every", EVERY[2]), *EVERY[:2], whole=True)
        group["times"] = _times(group["name"], given.get("times", ()))
    for name, (low, high, default) in NUMBERS[kind].items():
        group[name] = _number(f"{name} of {group['name']}", given.get(name, default), low, high)
    return group


def _times(name: str, value: Any) -> list[int]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError(f"graph: times of {name} must be a list of steps from 0 to {STEPS - 1}, got {value!r}.")
    return sorted({_number(f"a time of {name}", t, 0, STEPS - 1, whole=True) for t in value})


def _connection(given: Any, groups: list[dict[str, Any]], before: list[dict[str, Any]]) -> dict[str, Any]:
    _known("a connection", given, ("name", "pre", "post", "weight", "delay"))
    kinds = {group["name"]: group["kind"] for group in groups}
    pre, post = given.get("pre"), given.get("post")
    for end in (pre, post):
        if end not in kinds:
            raise ValueError(f"graph: a connection ends at {end!r}, but the groups are {', '.join(kinds) or 'none'}.")
    if kinds[post] == "input":
        raise ValueError(f"graph: {pre} → {post} ends at an input, which fires by its own times; connect to neurons.")
    taken = {*kinds, *(con["name"] for con in before)}
    name = _name(given["name"], taken) if "name" in given else _free(f"{pre}{post}", taken)
    weight = _number(f"weight of {name}", given.get("weight", WEIGHT[2]), *WEIGHT[:2])
    delay = _number(f"delay of {name}", given.get("delay", DELAY[2]), *DELAY[:2], whole=True)
    return {"name": name, "pre": pre, "post": post, "weight": weight, "delay": delay}


def _free(wanted: str, taken: set[str]) -> str:
    tried = (wanted if k == 0 else f"{wanted}_{k}" for k in range(len(taken) + 1))
    return next(name for name in tried if name not in taken)


def zero_loop(connections: Sequence[Mapping[str, Any]]) -> list[str]:
    """The groups of a loop of connections without delay, in its order; [] if there is none."""
    quick = [(con["pre"], con["post"]) for con in connections if con["delay"] == 0]
    for pre, post in quick:
        paths, met = [[post]], {post}
        while paths:
            path = paths.pop(0)
            if path[-1] == pre:
                return path
            for start, end in quick:
                if start == path[-1] and end not in met:
                    met.add(end)
                    paths.append([*path, end])
    return []


def place(groups: list[dict[str, Any]], connections: Sequence[Mapping[str, Any]]) -> None:
    """Give x and y to the groups that have none: in layers, by their distance from the inputs."""
    level = {group["name"]: 0 for group in groups if group["kind"] == "input"}
    waiting = list(level)
    while waiting:
        now = waiting.pop(0)
        for con in connections:
            if con["pre"] == now and con["post"] not in level:
                level[con["post"]] = level[now] + 1
                waiting.append(con["post"])
    lone = max(level.values(), default=-1) + 1
    layers = [level.setdefault(group["name"], lone) for group in groups]
    for k, group in enumerate(groups):
        column, row = layers.count(layers[k]), layers[:k].count(layers[k])
        if group["x"] is None:
            group["x"] = round((layers[k] + 0.5) / (max(layers) + 1), 3)
        if group["y"] is None:
            group["y"] = round((row + 0.5) / column, 3)
