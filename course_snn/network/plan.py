"""The plan: in which order the groups of a network run, and which of them may run all steps at once.

A group that lies on no loop gets the currents of all steps first and then runs through them in one fused pass. Groups
that lie on a loop need each other's spikes of the step before, and are stepped together; so is whoever is watched, and
whoever a connection with STDP leads to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import networkx as nx
import torch

from course_snn.network.attached import Attached
from course_snn.network.coding import Decoder, Encoder
from course_snn.network.connection import Connection
from course_snn.network.learner import STDP, GradientLearner, Learner
from course_snn.network.monitor import StateMonitor
from course_snn.network.optimizer import Optimizer
from course_snn.network.parts import NeuronGroup
from course_snn.network.picture import columns

WHY = {
    "": "all steps at once",
    "loop": "step by step: they lie on a loop",
    "learning": "step by step: STDP changes what comes in",
    "asked for": "step by step",
}


class Stage(NamedTuple):
    """Groups that run together.

    Args:
        parts: in the order in which a step takes them.
        outer: connections from earlier stages. inner: those among the parts.
        stepped: why they run step by step; "": they run all steps at once.
    """

    parts: tuple[Any, ...]
    outer: tuple[Connection, ...]
    inner: tuple[Connection, ...]
    stepped: str = ""


class Plan:
    """What a network runs: its visible parts, in stages.

    Args:
        net: the network.
        stepped: whether all groups run step by step, which is the definition of what the plan computes.

    Raises:
        ValueError: a loop without delay, a decoder of a hidden group, a connection to a part that is not there.
    """

    def __init__(self, net: Any, stepped: bool = False) -> None:
        self.paths = net.paths()
        holders = dict.fromkeys(net.tree(shown=True))
        parts = [part for part in self.paths if part in holders]
        self.hidden = [p for p in self.paths if isinstance(p, (Encoder, NeuronGroup)) and p not in holders]
        self.encoders = [part for part in parts if isinstance(part, Encoder)]
        self.groups = [part for part in parts if isinstance(part, NeuronGroup)]
        self.decoders = [part for part in parts if isinstance(part, Decoder)]
        self._find_attached(net, holders)
        nodes = dict.fromkeys((*self.encoders, *self.groups))
        shown = [c for c in self.paths if isinstance(c, Connection) and not holders.keys().isdisjoint(c.homes)]
        self.connections = [c for c in shown if all(end in nodes for end in c.ends)]
        self._check(shown, {*holders, *self.connections})
        self.reach: dict[Any, int] = {}  # the longest delay of what leaves a part
        for c in self.connections:
            self.reach[c.pre] = max(self.reach.get(c.pre, 0), c.delay)
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(nodes)
        graph.add_edges_from((c.pre, c.post, i) for i, c in enumerate(self.connections))
        self.stages = self._stages(graph, stepped)

    def _find_attached(self, net: Any, holders: Iterable[Any]) -> None:
        held = {id(v): v for part in holders for v in vars(part).values() if isinstance(v, Attached)}.values()
        learners = [each for each in held if isinstance(each, Learner)]
        self.rules = {c: rule for rule in learners if isinstance(rule, STDP) for c in rule.connections()}
        self.attached = [*learners, *(each for each in held if isinstance(each, StateMonitor))]
        self.learners = [each for each in learners if isinstance(each, GradientLearner)]
        self.optimizers = [each for each in held if isinstance(each, Optimizer)]
        own = [each for each in vars(net).values() if isinstance(each, Optimizer)]
        self.optimizers = own or self.optimizers  # those of networks inside are for when they stand alone
        self.monitors = [each for each in held if isinstance(each, StateMonitor)]

    def _check(self, shown: list[Connection], there: set[Any]) -> None:
        for c in shown:
            if lost := [end.address() for end in c.ends if end not in self.paths]:
                raise ValueError(f"{self.paths[c]!r} ends at {lost[0]!r}, which is not in this network: add it first.")
        self.rules = {c: rule for c, rule in self.rules.items() if c in there}
        for each in self.attached:
            if lost := [part.address() for part in each.watches if part not in there]:
                kind = "monitor watches" if isinstance(each, StateMonitor) else "learner is to train"
                raise ValueError(
                    f"a {kind} {lost[0]!r}, which is hidden or not in this network: "
                    f"delete the {kind.split()[0]}, or show the part."
                )
        for decoder in self.decoders:
            if decoder.target not in there:
                why = "hidden" if decoder.target in self.paths else "not in this network"
                raise ValueError(
                    f"the decoder {self.paths[decoder]!r} reads {decoder.target.address()!r}, which is {why}: "
                    + ("hide the decoder too." if why == "hidden" else "add it first.")
                )

    def _stages(self, graph: nx.MultiDiGraph, stepped: bool) -> list[Stage]:
        place = {part: i for i, part in enumerate(graph)}
        whole = nx.condensation(nx.DiGraph(graph))
        order = nx.lexicographical_topological_sort(whole, lambda i: min(place[p] for p in whole.nodes[i]["members"]))
        found = [sorted(whole.nodes[i]["members"], key=place.__getitem__) for i in order]
        self.loops = [members for members in found if len(members) > 1 or graph.has_edge(members[0], members[0])]
        if stepped:
            encoders = [[e] for e in self.encoders]
            groups = [g for members in found for g in members if not isinstance(g, Encoder)]
            found = [*encoders, groups] if groups else encoders
        into: dict[Any, list[Connection]] = {}
        for c in self.connections:
            into.setdefault(c.post, []).append(c)
        for members in self.loops:
            self._in_order(members, into)  # raises
        return [self._stage(members, into, stepped) for members in found]

    def _stage(self, members: list[Any], into: dict[Any, list[Connection]], stepped: bool) -> Stage:
        inside = set(members)
        all_of = [c for part in members for c in into.get(part, ())]
        inner = tuple(c for c in all_of if c.pre in inside)
        outer = tuple(c for c in all_of if c.pre not in inside)
        if isinstance(members[0], Encoder):
            return Stage(tuple(members), (), ())
        why = "loop" if inner else "learning" if self.rules.keys() & set(all_of) else "asked for" if stepped else ""
        return Stage(tuple(self._in_order(members, into)), outer, inner, "asked for" if stepped else why)

    def _in_order(self, members: list[Any], into: dict[Any, list[Connection]]) -> list[Any]:
        """The members so that a spike without delay comes before whom it reaches in the same step."""
        inside, at_once = set(members), nx.DiGraph()
        at_once.add_nodes_from(members)
        all_of = (c for part in members for c in into.get(part, ()))
        at_once.add_edges_from(c.ends for c in all_of if c.delay == 0 and c.pre in inside)
        try:
            place = {part: i for i, part in enumerate(members)}
            return list(nx.lexicographical_topological_sort(at_once, place.__getitem__))
        except nx.NetworkXUnfeasible:
            loop = [pre for pre, _ in nx.find_cycle(at_once)]
            names = " -> ".join(self.paths[part] for part in (*loop, loop[0]))
            raise ValueError(
                f"{names} is a loop without delay: each of these groups would need the spikes of the others before "
                "they exist. Give one of its connections delay=1."
            ) from None

    def trained(self) -> list[torch.nn.Parameter]:
        """Return what the learners that follow a gradient train."""
        return list({p: None for each in self.learners for p in each.parameters()})

    def optimizer(self) -> Optimizer:
        """Return the one optimiser.

        Raises:
            ValueError: no learner that follows a gradient, no optimiser or several.
        """
        if not self.learners:
            raise ValueError(
                "nothing to train: give the network a learner, such as net.learner = STCA(0.5, net). STDP learns in "
                "every net.run() while the network is in training mode."
            )
        found = {id(each): each for each in (*self.optimizers, *(one.optimizer for one in self.learners)) if each}
        if len(found) != 1:
            raise ValueError(
                f"fit trains with one optimiser, and this network has {len(found)}: "
                + ("delete all but one." if found else "net.optim = Adam(lr=1e-3).")
            )
        return next(iter(found.values()))

    def wanted(self) -> dict[Any, set[str]]:
        """Return the state variables that monitors and decoders ask for, by group; these groups are stepped."""
        found: dict[Any, set[str]] = {}
        for monitor in self.monitors:
            if monitor.var not in ("O", "Isyn", "weight"):
                found.setdefault(monitor.target, set()).add(monitor.var)
        for decoder in self.decoders:
            if decoder.wants == "v":
                found.setdefault(decoder.target, set()).add("v")
        return found

    def levels(self) -> dict[Any, int]:
        """Return the column of each part in a picture: one more than that of the last part it is reached from."""
        shown = {part: self.paths[part] for part in (*self.encoders, *self.groups)}
        return columns(shown, (c.ends for c in self.connections))

    def __repr__(self) -> str:
        rows = [row for stage in self.stages for row in self._rows(stage)]
        wide = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
        lines = ["  ".join(text.ljust(width) for text, width in zip(row, [*wide, 0], strict=True)) for row in rows]
        if self.hidden:
            lines.append(f"hidden: {', '.join(self.paths[part] for part in self.hidden)}")
        return "\n".join(line.rstrip() for line in lines)

    def _rows(self, stage: Stage) -> list[tuple[str, str, str, str]]:
        if isinstance(stage.parts[0], Encoder):
            encoder = stage.parts[0]
            return [(self.paths[encoder], f"{encoder.num} {encoder.encoding}", "", "input, encoded")]
        why = WHY[stage.stepped]
        if stage.stepped == "loop" and len(stage.parts) == 1:
            why = "step by step: it drives itself"
        elif not stage.stepped and self.wanted().keys() & set(stage.parts):
            why = "step by step: it is watched"
        rows = []
        for part in stage.parts:
            come = [c for c in (*stage.outer, *stage.inner) if c.post is part]
            said = ", ".join(f"{self.paths[c.pre]} (delay {c.delay})" for c in come)
            rows.append((self.paths[part], f"{part.num} {part.neuron_model}", f"<- {said}" if said else "", why))
        return rows
