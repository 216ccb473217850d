"""Walking through a copy of a network and putting another module in the place of each; what has none is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from course_snn.snapshot import copy_of

Rule = Callable[[Any, str, "Walk"], nn.Module]


class Refused(Exception):
    """Why a module has no counterpart."""


class Walk:
    """One conversion: rules by class, and the modules that are made by now.

    Args:
        rules: by the exact class of a module, what makes its counterpart of (module, mode, walk); the module belongs to
            a copy and may be taken apart. A subclass may have changed the equation, so it has no rule.
        otherwise: the rule for all other classes.
        library: where the network goes, for errors.
        known: what there is in both, for errors.
    """

    def __init__(self, rules: Mapping[type, Rule], otherwise: Rule, library: str, known: str) -> None:
        self.rules, self.otherwise, self.library, self.known = rules, otherwise, library, known
        self.made: dict[tuple[int, str], nn.Module] = {}
        self.kept: list[nn.Module] = []  # alive, so that no id is given twice
        self.refused: dict[str, str] = {}
        self.path: list[str] = []

    def convert(self, net: nn.Module, mode: str) -> nn.Module:
        """Return the counterpart of a network, whose parameters are copies.

        Args:
            net: the network; it stays as it is.
            mode: "s" or "m": whether its modules see one step or [T, N, …].

        Raises:
            TypeError: not a module, or one that holds what has no counterpart; each is named with its path.
        """
        if not isinstance(net, nn.Module):
            raise TypeError(f"a network is a torch.nn.Module, got {type(net).__name__}.")
        found = self.counterpart(copy_of(net), mode)
        if self.refused:
            lines = "\n".join(f"  {where}: {why}" for where, why in self.refused.items())
            raise TypeError(f"no counterpart in {self.library} for\n{lines}\nThere is one for {self.known}.")
        return found

    def counterpart(self, module: nn.Module, mode: str) -> nn.Module:
        """Return what stands for ``module``; the same one wherever it is used again.

        Args:
            module: of the copy.
            mode: "s" or "m".
        """
        key = id(module), mode
        if key not in self.made:
            self.kept.append(module)
            training = module.training
            try:
                self.made[key] = self.rules.get(type(module), self.otherwise)(module, mode, self)
            except (Refused, ValueError) as reason:
                why = reason if isinstance(reason, Refused) else f"which is refused here: {reason}"
                self.refused[".".join(self.path) or "the network itself"] = f"{type(module).__name__}, {why}"
                self.made[key] = module
            self.made[key].training = training
        return self.made[key]

    def inside(self, name: str, module: nn.Module, mode: str) -> nn.Module:
        """Return the counterpart of a part, whose name in its owner is ``name``.

        Args:
            name: of the part, for errors.
            module: the part.
            mode: "s" or "m".
        """
        self.path.append(name)
        try:
            return self.counterpart(module, mode)
        finally:
            self.path.pop()

    def parts(self, module: nn.Module, mode: str) -> list[tuple[str, nn.Module]]:
        """Return the names of the parts of a module, each with its counterpart.

        Args:
            module: what holds the parts.
            mode: "s" or "m".
        """
        held = [(name, part) for name, part in module._modules.items() if part is not None]
        return [(name, self.inside(name, part, mode)) for name, part in held]


def in_place(module: nn.Module, mode: str, walk: Walk) -> nn.Module:
    """Return the module itself, around the counterparts of its parts."""
    module._modules.update(walk.parts(module, mode))
    return module


def unchanged(module: nn.Module, mode: str, walk: Walk) -> nn.Module:
    """Return the module itself: it is the same in both libraries."""
    return module


def has_own_forward(module: nn.Module) -> bool:
    """Whether calling the module runs code of its class, not just one part after another."""
    return type(module).forward not in (nn.Sequential.forward, nn.ModuleList.forward, nn.ModuleDict.forward)


def one_number(name: str, value: Any) -> float:
    """Return a quantity as a float, where the other library takes one fixed number only.

    Args:
        name: of the quantity. value: a number or a tensor.

    Raises:
        Refused: a tensor that learns, or has several values.
    """
    if getattr(value, "requires_grad", False):
        raise Refused(f"whose {name} learns: it takes a fixed number (give {name}.item() to fix it)")
    if hasattr(value, "numel") and value.numel() != 1:
        raise Refused(f"whose {name} has a value for each neuron: it takes one number")
    return float(value)
