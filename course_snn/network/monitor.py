"""Monitors: what a group, an encoder or a connection held at each step of the last run."""

from __future__ import annotations

from typing import Any

import torch

from course_snn.arguments import whole
from course_snn.network.attached import Attached
from course_snn.network.coding import Encoder
from course_snn.network.connection import Connection
from course_snn.network.parts import NeuronGroup
from course_snn.spelling import meant


class StateMonitor(Attached):
    """Record one variable of a part over time:

        monitor = StateMonitor(net.layer1, "V");  net.run(20.0)
        plt.plot(monitor.times, monitor.values[0, 0])

    Values are copies on the CPU. Asking for a state variable lets the group run step by step; its values stay the same.

    Args:
        target: a group, an encoder or a connection.
        var: of a group "O" (spikes), "Isyn" (what it was given) or a state variable of its neurons such as "V"; of an
            encoder "O"; of a connection "weight". Capitals do not matter.
        nbatch: keep the values of every run as a list in ``nbatch_values``.
        capacity: keep the newest so many steps of a run.
        name: what it is called where no variable gives a name.

    Raises:
        ValueError: a variable that the part does not have; reading what was not recorded yet.
    """

    def __init__(
        self, target: Any, var: str = "O", nbatch: bool = False, capacity: int = 10_000, name: str | None = None
    ) -> None:
        self.var = _variable(target, var)
        self.nbatch, self.nbatch_values = nbatch, []
        self.capacity = whole("capacity", capacity, at_least=1)
        self.clear()
        super().__init__([target], name)

    @property
    def target(self) -> Any:
        """The part that is watched."""
        return self.watches[0]

    def check_turn(self, new: Any) -> None:
        _variable(new, self.var)

    def turn(self, old: Any, new: Any) -> None:
        super().turn(old, new)
        self.var = _variable(new, self.var)
        self.clear()

    def clear(self) -> None:
        """Forget what was recorded."""
        self._times: list[torch.Tensor] = []  # of each run that went on
        self._values: list[torch.Tensor] = []
        self.nbatch_values = []

    def see(self, values: torch.Tensor, times: torch.Tensor, goes_on: bool) -> None:
        """Take what a run recorded.

        Args:
            values: [T, …]. times: [T], in ms. goes_on: whether the run went on from the last one.
        """
        if not goes_on:
            self._values, self._times = [], []
        self._values.append(values.detach()[-self.capacity :].cpu().clone())
        self._times.append(times[-self.capacity :].clone())
        while sum(map(len, self._times[1:])) >= self.capacity:
            del self._values[0], self._times[0]
        if self.nbatch:
            self.nbatch_values = [*self.nbatch_values[: -1 if goes_on and self.nbatch_values else None], self.values]

    @property
    def times(self) -> torch.Tensor:
        """The end of each recorded step in ms, [T]: dt, 2 dt, …"""
        return self._recorded(self._times)

    @property
    def values(self) -> torch.Tensor:
        """What was recorded, [N, neurons, T]; of a connection [post, pre, T]."""
        return self._recorded(self._values).movedim(0, -1)

    def _recorded(self, held: list[torch.Tensor]) -> torch.Tensor:
        if not held:
            raise ValueError(f"nothing recorded yet of {self.target.address()}: run the network that holds it.")
        if len(held) > 1:
            held[:] = [torch.cat(held)[-self.capacity :].clone()]
        return held[0]


class SpikeMonitor(StateMonitor):
    """Record the spikes of a group or an encoder.

    Args:
        target: a group or an encoder. name: what it is called where no variable gives a name.
    """

    def __init__(self, target: Any, name: str | None = None) -> None:
        if isinstance(target, Connection):
            raise ValueError("a connection has no spikes: watch one of the groups that it joins.")
        super().__init__(target, "O", name=name)

    @property
    def spk_index(self) -> list[torch.Tensor]:
        """For each sample the neuron of each spike, in the order of time."""
        return [sample.t().nonzero()[:, 1] for sample in self.values]

    @property
    def spk_times(self) -> list[torch.Tensor]:
        """For each sample the time of each spike in ms, in the order of time."""
        return [self.times[sample.t().nonzero()[:, 0]] for sample in self.values]

    @property
    def spk_count(self) -> torch.Tensor:
        """Number of spikes of each neuron, [N, neurons]."""
        return self.values.sum(-1)

    @property
    def time_spk_rate(self) -> torch.Tensor:
        """Spikes of each neuron at each step, averaged over the batch, [neurons, T]."""
        return self.values.mean(0)


def _variable(target: Any, var: str) -> str:
    if not isinstance(target, (NeuronGroup, Encoder, Connection)):
        raise ValueError(
            f"a monitor watches a group, an encoder or a connection, got {type(target).__name__}: give one of the "
            "parts inside, such as net.layer1."
        )
    if isinstance(target, Connection):
        names = ["weight"]
    else:
        names = ["O", "Isyn", *target.neuron._initial] if isinstance(target, NeuronGroup) else ["O"]
    known = {name.lower(): name for name in names}
    if str(var).lower() not in known:
        raise ValueError(f"{target.address()} has no variable {var!r}.{meant(var, names)} It has {', '.join(names)}.")
    return known[var.lower()]
