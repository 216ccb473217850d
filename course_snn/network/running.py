"""One run of a network's plan over T steps: spikes and currents of all parts, and what is left for the next run."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as F

from course_snn import steps
from course_snn.network.coding import Encoder
from course_snn.network.events import Events
from course_snn.network.links import Convolution
from course_snn.network.plan import Plan, Stage


class Running:
    """A run. Afterwards ``spikes`` and ``currents`` hold [T, N, n] by part, ``states`` what somebody watches.

    Args:
        plan: of the network.
        T: number of steps. dt: length of one in ms. like: a number of the device and dtype that are wanted.
        before: the run from which it goes on, or None at rest.
        learns: whether connections with STDP change.
    """

    def __init__(
        self,
        plan: Plan,
        T: int,
        dt: float,
        like: torch.Tensor,
        before: Running | None = None,
        learns: bool = False,
    ) -> None:
        self.plan, self.T, self.dt, self.like = plan, T, dt, like
        self.N = self.was = 1 if before is None else before.N
        self.left = {} if before is None else before.leave(plan.reach)
        self.rules = plan.rules if learns else {}
        self.spikes: dict[Any, Any] = {}
        self.currents: dict[Any, torch.Tensor] = {}
        self.states: dict[tuple[Any, str], torch.Tensor] = {}
        self.weights = {c: c.effective() for c in plan.connections}
        self.weights |= {c: self.weights[c].detach() for c in self.rules}
        self.wanted = plan.wanted()
        self.history: dict[Any, list[torch.Tensor]] = {m.target: [] for m in plan.monitors if m.var == "weight"}

    def go(self) -> Running:
        """Run all stages."""
        for stage in self.plan.stages:
            if isinstance(stage.parts[0], Encoder):
                self._encode(stage.parts[0])
        if self.left and self.was != self.N:
            raise ValueError(
                f"this run has a batch of {self.N}, but goes on from one with a batch of {self.was}: call run(), which "
                "starts from rest."
            )
        for stage in self.plan.stages:
            if not isinstance(stage.parts[0], Encoder):
                self._run(stage)
        for c, rule in self.rules.items():
            rule.end(c, self.weights[c])
        return self

    def _encode(self, encoder: Encoder) -> None:
        spikes = encoder.encode(self.T, self.dt, self.like)
        N = len(encoder.data)
        if self.spikes and self.N != N:
            raise ValueError(f"{self.plan.paths[encoder]!r} got a batch of {N}, but the inputs before it {self.N}.")
        self.spikes[encoder], self.N = spikes, N

    # ------------------------------------------------------------ a stage

    def _run(self, stage: Stage) -> None:
        late = [c for c in stage.outer if c in self.rules]
        for part in stage.parts:
            self.currents[part] = self._sum(part, [c for c in stage.outer if c.post is part and c not in self.rules])
        if stage.stepped or late or any(self.wanted.get(part) for part in stage.parts):
            self._step_by_step(stage, late)
            return
        part = stage.parts[0]
        self.spikes[part] = steps.through(part.neuron, self.currents[part], None)

    def _sum(self, part: Any, connections: list[Any]) -> torch.Tensor:
        """The currents of all steps that come from earlier stages, [T, N, n]."""
        total = None
        for c in connections:
            current = self._through(c)
            total = current if total is None else total + current
        return self.like.expand(self.T, self.N, part.num) if total is None else total

    def _through(self, c: Any) -> torch.Tensor:
        spikes, tail, weight = self.spikes[c.pre], self.left.get(c.pre), self.weights[c]
        if isinstance(spikes, Events):
            if c.apply is None:
                return spikes.delayed(c.delay, tail).times(weight, c.bias)
            spikes = spikes.dense(self.like.dtype)
        linear = c.bias is None and (c.apply is None or isinstance(c.apply, Convolution))
        if tail is None and c.delay and linear:  # what arrives before the first spike is nothing
            d = min(c.delay, self.T)
            y = c(spikes[: self.T - d].flatten(0, 1), weight).unflatten(0, (self.T - d, self.N))
            return F.pad(y, (0, 0, 0, 0, d, 0))
        return c(delayed(spikes, c.delay, tail).flatten(0, 1), weight).unflatten(0, (self.T, self.N))

    def _step_by_step(self, stage: Stage, late: list[Any]) -> None:
        outside = {part: self.currents[part].unbind(0) for part in stage.parts}
        arrived = {c: delayed(self._dense(c.pre), c.delay, self.left.get(c.pre)) for c in late}
        into = {part: [c for c in (*stage.inner, *late) if c.post is part] for part in stage.parts}
        learning = [c for c in (*stage.inner, *late) if c in self.rules]
        for c in learning:
            self.rules[c].begin(c, self.left)
        seen: dict[Any, list] = {part: [] for part in stage.parts}
        given: dict[Any, list] = {part: [] for part in stage.parts}
        kept: dict[tuple[Any, str], list] = {(p, v): [] for p in stage.parts for v in self.wanted.get(p, ())}
        for t in range(self.T):
            for part in stage.parts:
                current = outside[part][t]
                for c in into[part]:
                    spikes = arrived[c][t] if c in arrived else self._earlier(seen[c.pre], c, t)
                    current = current + c(spikes, self.weights[c])
                seen[part].append(part.neuron(current))
                given[part].append(current)
                for name in self.wanted.get(part, ()):
                    kept[part, name].append(getattr(part.neuron, name))
            for c in learning:
                pre = seen[c.pre][t] if c.pre in seen else self._dense(c.pre)[t]
                self.weights[c] = self.rules[c].change(c, self.weights[c], pre, seen[c.post][t])
                if c in self.history:
                    self.history[c].append(self.weights[c])
        for part in stage.parts:
            self.spikes[part], self.currents[part] = torch.stack(seen[part]), torch.stack(given[part])
        self.states |= {key: torch.stack(values) for key, values in kept.items()}

    def _earlier(self, seen: list[torch.Tensor], c: Any, t: int) -> torch.Tensor:
        """What arrives at step t through a connection within the stage, [N, pre]."""
        if t >= c.delay:
            return seen[t - c.delay]
        tail, back = self.left.get(c.pre), c.delay - t  # so many steps before this run
        if tail is None or back > len(tail):
            return self.like.expand(self.N, c.pre.num)
        return tail[-back]

    def _dense(self, part: Any) -> torch.Tensor:
        spikes = self.spikes[part]
        if isinstance(spikes, Events):
            self.spikes[part] = spikes = spikes.dense(self.like.dtype)
        return spikes

    # ------------------------------------------------------------ afterwards

    def watched(self, target: Any, var: str) -> torch.Tensor:
        """Return what a part held at each step, [T, …].

        Args:
            target: a group, an encoder or a connection. var: "O", "Isyn", "weight", or a state variable.
        """
        if var == "weight":
            weights = self.history[target] or [self.weights[target]] * self.T
            return torch.stack(weights)
        return self.seen(target) if var == "O" else self.currents[target] if var == "Isyn" else self.states[target, var]

    def seen(self, part: Any) -> torch.Tensor:
        """Return the spikes of a part as a tensor [T, N, n].

        Args:
            part: a group or an encoder.
        """
        spikes = self.spikes[part]
        return spikes.dense(self.like.dtype) if isinstance(spikes, Events) else spikes

    def leave(self, reaches: dict[Any, int]) -> dict[Any, Any]:
        """Return what is still on its way: by part its last spikes [steps, N, n], as far back as a delay reaches; and
        the traces of connections that learn from step to step.

        Args:
            reaches: the longest delay of what leaves a part, in the plan of the run that goes on.
        """
        found: dict[Any, Any] = {}
        for part, reach in reaches.items():
            if reach and part in self.spikes:
                before = self.left.get(part)
                spikes = self.seen(part)[-reach:]
                short = before is not None and len(spikes) < reach
                found[part] = torch.cat([before, spikes])[-reach:] if short else spikes
        return found | {c: rule.traces(c) for c, rule in self.rules.items()}


def delayed(spikes: torch.Tensor, d: int, tail: torch.Tensor | None) -> torch.Tensor:
    """Return what arrives d steps later, [T, N, n]; before it what ``tail`` left, the newest last."""
    if d == 0:
        return spikes
    before = spikes.new_zeros(d, *spikes.shape[1:])
    if tail is not None:
        last = tail[-d:]
        before = torch.cat([before[len(last) :], last])
    return torch.cat([before, spikes])[: len(spikes)]
