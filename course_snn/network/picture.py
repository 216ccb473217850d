"""What a picture shows of an assembly, as plain data: its groups in columns, and the connections between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx

from course_snn.network.attached import Attached
from course_snn.network.names import Joint


def columns(paths: Mapping[Any, str], ends: Iterable[tuple[Any, Any]]) -> dict[Any, int]:
    """Return the column of each part: one more than that of the last part that it is reached from.

    Where connections close a loop, those that lead back do not count: to a part, or an assembly, that comes earlier.

    Args:
        paths: addresses of groups and encoders, those first that shall come first where nothing else decides.
        ends: pairs (pre, post) of them.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(paths)
    graph.add_edges_from(pair for pair in ends if pair[0] is not pair[1])
    place = {part: i for i, part in enumerate(graph)}
    whole = nx.condensation(graph)
    order = nx.lexicographical_topological_sort(whole, lambda i: min(place[p] for p in whole.nodes[i]["members"]))
    column: dict[Any, int] = {}
    for members in (whole.nodes[i]["members"] for i in order):
        base = 1 + max((column[pre] for pre, _ in graph.in_edges(members) if pre not in members), default=-1)
        for part in _in_order(graph, sorted(members, key=place.__getitem__), paths):
            column[part] = max([base, *(1 + column[pre] for pre in graph.predecessors(part) if pre in column)])
    return column


def _in_order(graph: nx.DiGraph, members: list[Any], paths: Mapping[Any, str], depth: int = 0) -> list[Any]:
    """The parts of a loop so that few connections lead back: first the assemblies, then what is in each of them."""
    if len(members) == 1:
        return members
    homes: dict[str, list[Any]] = {}
    for part in members:
        homes.setdefault(".".join(paths[part].split(".")[: depth + 1]), []).append(part)
    within = {part: home for home, parts in homes.items() for part in parts}
    waiting = nx.DiGraph()
    waiting.add_nodes_from(homes)
    pairs = [(within.get(pre), within[post]) for pre, post in graph.in_edges(members)]
    waiting.add_edges_from((pre, post) for pre, post in pairs if pre not in (None, post))
    entered = {post for pre, post in pairs if pre is None}
    order: list[Any] = []
    while waiting:
        home = min(waiting, key=lambda home: _late(waiting, home, home in entered))  # of equals the first
        order += _in_order(graph, homes[home], paths, depth + 1)
        entered |= set(waiting.successors(home))
        waiting.remove_node(home)
    return order


def _late(waiting: nx.DiGraph, home: str, entered: bool) -> tuple[bool, bool, int]:
    """How much speaks against a part or assembly as the next one of a loop."""
    return waiting.in_degree(home) > 0, not entered, waiting.in_degree(home) - waiting.out_degree(home)


def described(assembly: Any, last: Any = None) -> dict[str, list[dict[str, Any]]]:
    """Return what ``plotting.graph`` draws of an assembly, hidden parts too.

    Args:
        assembly: it. last: its last run, or None.

    Returns:
        "nodes": name (its path), kind ("encoder", "group", "decoder"), num, model, column, hidden, watched (variables
        that monitors record), spikes (of a neuron in the last run, on average, or None);
        "edges": name, pre, post, delay in steps, link, mean and size (means of w and of ``|w|`` over the synapses that
        there are), hidden, watched. What a decoder reads is an edge without a name.
    """
    paths = assembly.paths()
    found = [part for part in paths if hasattr(part, "num")]
    decoders = [part for part in found if _kind(part) == "decoder"]
    joints = [part for part in paths if isinstance(part, Joint) and all(end in paths for end in part.ends)]
    column = columns({part: paths[part] for part in found if part not in decoders}, (joint.ends for joint in joints))
    column |= {part: 1 + column[part.target] for part in decoders if part.target in column}
    watched = _watched(assembly)
    nodes = [_node(part, paths[part], column.get(part, 0), watched, last) for part in found]
    edges = [_edge(joint, paths, watched) for joint in joints]
    reads = [_read(part, paths) for part in decoders if part.target in paths]
    return {"nodes": nodes, "edges": edges + reads}


def _kind(part: Any) -> str:
    return "encoder" if hasattr(part, "encoding") else "decoder" if hasattr(part, "decoding") else "group"


def _node(part: Any, path: str, column: int, watched: dict[Any, list[str]], last: Any) -> dict[str, Any]:
    kind = _kind(part)
    model = {"encoder": "encoding", "decoder": "decoding", "group": "neuron_model"}[kind]
    ran = last is not None and part in last.spikes
    spikes = last.seen(part).detach().sum(0).mean().item() if ran else None
    return {"name": path, "kind": kind, "num": part.num, "model": getattr(part, model), "column": column,
            "hidden": not part.visible, "watched": watched.get(part, []), "spikes": spikes}  # fmt: skip


def _edge(joint: Any, paths: dict[Any, str], watched: dict[Any, list[str]]) -> dict[str, Any]:
    weight = joint.effective().detach()
    there = weight if joint.mask is None else weight[joint.mask != 0]
    mean, size = (there.mean().item(), there.abs().mean().item()) if there.numel() else (0.0, 0.0)
    shown = any(home.visible for home in joint.homes) and all(end.visible for end in joint.ends)
    return {"name": paths[joint], "pre": paths[joint.pre], "post": paths[joint.post], "delay": joint.delay,
            "link": joint.link_type, "mean": mean, "size": size, "hidden": not shown,
            "watched": watched.get(joint, [])}  # fmt: skip


def _read(part: Any, paths: dict[Any, str]) -> dict[str, Any]:
    hidden = not (part.visible and part.target.visible)
    return {"name": None, "pre": paths[part.target], "post": paths[part], "delay": 1, "link": "read", "mean": 0.0,
            "size": 0.0, "hidden": hidden, "watched": []}  # fmt: skip


def _watched(assembly: Any) -> dict[Any, list[str]]:
    held = [v for part in assembly.tree() for v in vars(part).values() if isinstance(v, Attached) and hasattr(v, "var")]
    found: dict[Any, list[str]] = {}
    for monitor in {id(each): each for each in held}.values():
        names = found.setdefault(monitor.target, [])
        if monitor.var not in names:
            names.append(monitor.var)
    return found
