"""The state of a network as plain values, which can be taken away and put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.utils import _pytree as pytree

from course_snn import survey
from course_snn.state import Stateful

Held = list[dict[str, dict[str, Any]]]  # for each module its "state", and of that what has "begun" at a reset only


class States:
    """The declared state of all modules with state in a network.

    Args:
        net: the network; a module that is added later is not among them.
    """

    def __init__(self, net: nn.Module) -> None:
        self.modules = [module for module in survey.modules(net) if isinstance(module, Stateful)]

    def now(self) -> Held:
        """Return the state of every module: the tensors themselves, with their graph, in containers of its own."""
        held = []
        for module in self.modules:
            state = {name: _opened(getattr(module, name)) for name in module._initial}
            begun = {name: state[name] for name in module._fresh()}
            held.append({"state": state, "begun": begun})
        return held

    def put(self, held: Held) -> None:
        """Give every module the state that ``now`` returned; what was held may be put any number of times.

        Args:
            held: what ``now`` returned, also after a map over its tensors.
        """
        for module, own in zip(self.modules, held, strict=True):
            for name, value in own["state"].items():
                value = _opened(value)
                setattr(module, name, value)
                module._began.pop(name, None)
                if name in own["begun"]:
                    module._began[name] = value

    @contextmanager
    def as_of(self, held: Held) -> Iterator[None]:
        """Within the block the network has this state, also in a backward pass; afterwards it has again what it had."""
        now, tasks = self.now(), [vars(module).get("_task") for module in self.modules]
        self.put(held)
        for module in self.modules:
            vars(module)["_task"] = survey.in_backward()  # else a call in the backward pass is refused
        try:
            yield
        finally:
            self.put(now)
            for module, task in zip(self.modules, tasks, strict=True):
                vars(module)["_task"] = task


def _opened(value: Any) -> Any:
    """Return ``value`` with lists, deques and dicts anew, so that what is appended to one is not in the other."""
    return value if torch.is_tensor(value) else pytree.tree_map(lambda leaf: leaf, value)
