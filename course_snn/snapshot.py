"""What a module of somebody else held before a call, so that a change can be seen and undone."""

from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

import torch
from torch import nn

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
        attributes = {("", name): value for name, value in own.items() if name not in PLAIN and name != "_lent"}
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


class _Copy(NamedTuple):
    """An object that may be changed in place, and what was in it; of a large tensor None."""

    itself: Any
    inside: Any
    version: int = 0


def _copied(value: Any, depth: int = 3) -> Any:
    if torch.is_tensor(value):
        small = value.numel() <= LARGE and not value.requires_grad
        return _Copy(value, value.clone() if small else None, value._version)
    if hasattr(value, "__array_interface__"):  # NumPy's
        return _Copy(value, value.copy())
    if depth and isinstance(value, (list, deque, set)):
        return _Copy(value, [_copied(item, depth - 1) for item in value])
    if depth and isinstance(value, dict):
        return _Copy(value, {key: _copied(item, depth - 1) for key, item in value.items()})
    if depth and type(value) is tuple:
        return tuple(_copied(item, depth - 1) for item in value)
    if depth and hasattr(value, "__dict__") and not callable(value):  # an object that holds the state
        return _Copy(value, {key: _copied(item, depth - 1) for key, item in vars(value).items()})
    return value


def _original(copied: Any) -> Any:
    """Return what was copied, with what was in it then."""
    if isinstance(copied, _Copy):
        value, inside = copied.itself, copied.inside
        if torch.is_tensor(value):
            return _tensor_again(copied)
        if hasattr(value, "__array_interface__"):
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
    if copied.itself._version != copied.version:
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
        if value is was and value._version == copied.version:
            return True
        if inside is None or not torch.is_tensor(value) or value.shape != inside.shape or value.dtype != inside.dtype:
            return False
        return torch.equal(inside, value)
    if type(value) is not type(was):
        return False
    if hasattr(inside, "__array_interface__"):
        return inside.shape == value.shape and bool((inside == value).all())
    if isinstance(inside, dict):
        now = value if isinstance(value, dict) else vars(value)
        return inside.keys() == now.keys() and all(_same(inside[key], now[key]) for key in now)
    return len(inside) == len(value) and all(map(_same, inside, value))
