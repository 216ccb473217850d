"""Recording: what a module gave out, and what it held, at every time step."""

from collections import deque
from typing import Any

import torch
from torch import nn

from course_snn import listeners, unrolling
from course_snn.arguments import whole
from course_snn.neuron import Neuron


class Monitor:
    """Record values of one module after each of its calls, in bounded memory.

        with Monitor(node, "v", "output") as seen:
            for i in currents:
                node(i)
        seen["v"]        # [T, …]

    Args:
        module: the module to watch.
        names: what to record: ``"output"`` is what the call returned, everything else an attribute of the
            module, also a dotted one (``"v"``, ``"i"``, ``"connection.weight"``).
        every: keep one call in ``every``.
        capacity: keep at most this many records, the newest; older ones are dropped and counted in
            ``dropped``.

    Records are copies on the CPU; outputs that are spikes (bool, or 0/1 from a neuron) are kept as bool. A
    call that returned None, as a Simulator's does while nothing has arrived, is not recorded. Inside
    ``functional.unroll`` each time step counts as a call. Nothing is left on the module: a copy or a file of a
    network made meanwhile is that of a network that nobody watches. A Monitor that nobody holds any more stops.

    Raises:
        AttributeError: the module has no such attribute. KeyError: asked for what was not recorded.
    """

    def __init__(self, module: nn.Module, *names: str, every: int = 1, capacity: int = 10_000) -> None:
        if not names:
            raise ValueError('say what to record, for example Monitor(node, "v", "output").')
        self.module, self.every = module, whole("every", every, at_least=1)
        whole("capacity", capacity, at_least=1)
        for name in names:
            if name != "output":
                _attribute(module, name)
        self.records = {name: deque(maxlen=capacity) for name in names}
        self.calls = self.dropped = 0
        listeners.start(self)

    def see(self, output: Any) -> None:
        """Record one call of the module, which returned ``output``; called by torch, not by you."""
        if output is None:
            return
        steps = unrolling.running()
        for now in [output] if steps is None else steps.split(output):  # a layer without state sees all steps at once
            self._keep(now)

    def _keep(self, output: object) -> None:
        self.calls += 1
        if (self.calls - 1) % self.every:
            return
        full = False
        for name, records in self.records.items():
            full = len(records) == records.maxlen
            value = torch.as_tensor(output if name == "output" else _attribute(self.module, name)).detach()
            if name == "output" and isinstance(self.module, Neuron):
                value = value.bool()  # a byte a spike instead of four
            records.append(value.cpu().clone())
        self.dropped += full

    def __getitem__(self, name: str) -> torch.Tensor:
        """Return what was recorded under ``name``, [T, …]."""
        if name not in self.records:
            raise KeyError(f"{name!r} was not recorded; recorded are {', '.join(self.records)}.")
        if not self.records[name]:
            raise ValueError(f"nothing recorded yet: the {type(self.module).__name__} has not been called.")
        return torch.stack(tuple(self.records[name]))

    def __len__(self) -> int:
        """Return the number of records held."""
        return len(next(iter(self.records.values())))

    def clear(self) -> None:
        """Drop all records."""
        for records in self.records.values():
            records.clear()
        self.calls = self.dropped = 0

    def remove(self) -> None:
        """Stop recording; what was recorded stays readable."""
        listeners.stop(self)

    def __enter__(self) -> "Monitor":
        return self

    def __exit__(self, *error) -> None:
        self.remove()


def _attribute(module: nn.Module, name: str):
    value = module
    for part in name.split("."):
        if not hasattr(value, part):
            state = ", ".join(getattr(value, "_initial", {})) or "none declared"
            raise AttributeError(f"{type(value).__name__} has no {part!r} to record; its state variables: {state}.")
        value = getattr(value, part)
    return value
