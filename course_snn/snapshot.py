"""What a module of somebody else held before a call, so that a change can be seen and undone."""

import copy
from collections import deque
from collections.abc import Iterable
from types import ModuleType
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

PLAIN = frozenset(vars(nn.Module()))  # what every module has: hooks, parameters, its mode
LARGE = 1 << 16  # numbers in a tensor that is not copied


class Note:
    """The attributes of a module as they are now, and a copy of what is in them.

    Args:
        module: the module.
        names: of its attributes; by default all that are its own, buffers included.
    """

    def __init__(self, module: nn.Module, names: Iterable[str] | None = None) -> None:
        self.module, self.names = module, names
        self.copies = {key: _copied(value) for key, value in self._values().items()}

    def _values(self) -> dict[tuple[str, str], Any]:
        own = vars(self.module)
        if self.names is not None:
            return {("", name): own[name] for name in self.names}
        attributes = {("", name): value for name, value in own.items() if name not in PLAIN and not _is_foreign(name)}
        return attributes | {("_buffers", name): value for name, value in self.module._buffers.items()}

    def differs(self) -> bool:
        """Whether an attribute is another one now, or holds something else."""
        now = self._values()
        return now.keys() != self.copies.keys() or any(not _same(self.copies[key], now[key]) for key in now)

    def restore(self) -> None:
        """Put every attribute back, with what was in it.

        Raises:
            RuntimeError: a large tensor was changed in place.
        """
        own = vars(self.module)
        for where, name in self._values().keys() - self.copies.keys():
            (own[where] if where else own).pop(name)
        for (where, name), copied in self.copies.items():
            (own[where] if where else own)[name] = _original(copied)


def _is_foreign(name: str) -> bool:
    """Whether an attribute is what unroll lends a module, or FSDP's own notes in it, which change at every call."""
    return name == "_lent" or name.startswith("__composable_api")


class _Copy(NamedTuple):
    """An object that may be changed in place, and what was in it; of a large tensor None."""

    itself: Any
    inside: Any
    version: int = 0


def version(value: torch.Tensor) -> int:
    """Return how often a tensor was written to; 0 where torch does not count (inference mode).

    Args:
        value: the tensor.
    """
    return 0 if value.is_inference() else value._version


def _is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy" and type(value).__name__ == "ndarray"


def _copied(value: Any, depth: int = 3) -> Any:
    if torch.is_tensor(value):
        small = value.numel() <= LARGE and not value.requires_grad
        return _Copy(value, value.clone() if small else None, version(value))
    if _is_array(value):
        return _Copy(value, value.copy() if value.size <= LARGE else None)
    if isinstance(value, (list, deque, set, dict)) and len(value) > LARGE:
        return value
    if depth and isinstance(value, (list, deque, set)):
        return _Copy(value, [_copied(item, depth - 1) for item in value])
    if depth and isinstance(value, dict):
        return _Copy(value, {key: _copied(item, depth - 1) for key, item in value.items()})
    if depth and type(value) is tuple:
        return tuple(_copied(item, depth - 1) for item in value)
    if depth and hasattr(value, "__dict__") and not callable(value) and not isinstance(value, ModuleType):
        return _Copy(value, {key: _copied(item, depth - 1) for key, item in vars(value).items()})
    return value


def _original(copied: Any) -> Any:
    """Return what was copied, with what was in it then."""
    if isinstance(copied, _Copy):
        value, inside = copied.itself, copied.inside
        if torch.is_tensor(value):
            return _tensor_again(copied)
        if _is_array(value):
            if not _same_inside(copied, value):
                value[...] = inside
        elif isinstance(value, dict) or not isinstance(value, (list, deque, set)):
            held = value if isinstance(value, dict) else vars(value)
            held.clear()
            held.update({key: _original(item) for key, item in inside.items()})
        else:
            value.clear()
            (value.update if isinstance(value, set) else value.extend)([_original(item) for item in inside])
        return value
    return tuple(map(_original, copied)) if type(copied) is tuple else copied


def _tensor_again(copied: _Copy) -> torch.Tensor:
    if version(copied.itself) != copied.version or not _same_inside(copied, copied.itself):
        if copied.inside is None:
            raise RuntimeError(
                "unroll ran all steps at once through a module that changes a tensor of its own in place, and cannot "
                "undo that. Give the module a method reset(), then it is stepped; or derive it from state.Stateful."
            )
        with torch.no_grad():
            copied.itself.copy_(copied.inside)
    return copied.itself


def _same(copied: Any, value: Any) -> bool:
    """Whether ``value`` is what was copied, unchanged; equal numbers in another tensor are the same."""
    if isinstance(copied, _Copy):
        return _same_inside(copied, value)
    if type(copied) is tuple:
        return type(value) is tuple and len(copied) == len(value) and all(map(_same, copied, value))
    try:
        return copied is value or bool(copied == value)
    except Exception:  # numpy arrays and others that compare element by element
        return repr(copied) == repr(value)


def _same_inside(copied: _Copy, value: Any) -> bool:
    was, inside = copied.itself, copied.inside
    if torch.is_tensor(was):
        if value is was and version(value) == copied.version and (not value.is_inference() or inside is None):
            return True
        if inside is None or not torch.is_tensor(value) or value.shape != inside.shape or value.dtype != inside.dtype:
            return False
        return torch.equal(inside, value)
    if type(value) is not type(was):
        return False
    if _is_array(was) and inside is None:
        return value is was
    if _is_array(was):
        return inside.shape == value.shape and bool((inside == value).all())
    if isinstance(inside, dict):
        now = value if isinstance(value, dict) else vars(value)
        return inside.keys() == now.keys() and all(_same(inside[key], now[key]) for key in now)
    return len(inside) == len(value) and all(map(_same, inside, value))


def copy_of(net: nn.Module) -> nn.Module:
    """Return a deep copy, also where state or weights (weight_norm, prune) hang on a graph, which torch refuses."""
    with _ValuesOnly():
        return copy.deepcopy(net)


class _ValuesOnly(TorchFunctionMode):
    """Tensors that hang on a graph are copied as values, where torch would raise."""

    def __torch_function__(self, func, types, args: Any = (), kwargs=None):
        if func is not torch.Tensor.__deepcopy__ or args[0].is_leaf:
            return func(*args, **(kwargs or {}))
        tensor, memo = args
        return memo.setdefault(id(tensor), tensor.detach().clone())


def cut(value: Any, depth: int = 4) -> Any:
    """Return ``value`` with every tensor in it cut off from its graph; containers and objects stay the same ones."""
    if torch.is_tensor(value):
        return value if value.grad_fn is None else value.detach()
    if not depth or isinstance(value, (nn.Module, ModuleType, type)):
        return value
    if isinstance(value, (list, deque)):
        for place, item in enumerate(value):
            value[place] = cut(item, depth - 1)
    elif isinstance(value, dict) or (hasattr(value, "__dict__") and type(value).__module__ != "builtins"):
        held = value if isinstance(value, dict) else vars(value)
        for key, item in held.items():
            held[key] = cut(item, depth - 1)
    elif isinstance(value, tuple) and any(torch.is_tensor(item) for item in value):
        items = [cut(item, depth - 1) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value
