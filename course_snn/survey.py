"""What a network is made of, before ``unroll`` sends many steps through it at once: where that could not be the loop.

Known layers without state give the same for T·N samples as for N at a time. Modules that somebody else wrote may keep a
state or draw random numbers, and nobody can tell from outside. So they are tried: their attributes and the sources of
random numbers are noted before the call and compared after it.
"""

import random
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from weakref import WeakSet

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.dropout import _DropoutNd

PLAIN = frozenset(vars(nn.Module()))  # what every module has: hooks, parameters, its mode
RANDOM = (_DropoutNd, nn.RReLU, nn.FractionalMaxPool2d, nn.FractionalMaxPool3d, nn.MultiheadAttention)
OURS = ("torch", "torchvision", "course_snn")  # packages whose layers without state really have none
LARGE = 1 << 16  # numbers in a tensor that is not copied
INSTEAD = "call unroll inside the module that is run in threads; for several GPUs use DistributedDataParallel."
_keep_state: WeakSet[nn.Module] = WeakSet()  # found out in an earlier trial


class Drew(BaseException):
    """Random numbers were drawn from a still input; it is not an Exception, so that no ``except Exception`` eats it."""


class Parts:
    """The modules of a network, by what may be expected of them.

    Args:
        net: the network.
    """

    def __init__(self, net: nn.Module) -> None:
        self.net = net
        self.stateful: list[nn.Module] = []
        self.unknown: list[nn.Module] = []
        self.norms: list[nn.Module] = []
        self.must_be_stepped = self.random = False
        for module in net.modules():
            if "_initial" in vars(module):  # Stateful
                self.stateful.append(module)
            elif callable(getattr(module, "reset", None)):
                self.must_be_stepped = True
            elif isinstance(module, nn.DataParallel) and len(module.device_ids) > 1:
                raise RuntimeError(f"unroll cannot run nn.DataParallel, whose replicas forget their state: {INSTEAD}")
            elif type(module).__module__.partition(".")[0] not in OURS:
                self.unknown.append(module)
                self.must_be_stepped |= module in _keep_state
            elif module.training and isinstance(module, RANDOM):
                self.random = True
            elif module.training and isinstance(module, _NormBase):
                self.norms.append(module)

    @property
    def may_surprise(self) -> bool:
        """Whether a trial is needed."""
        return bool(self.unknown) or self.random

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Within the block each module with state knows that an unroll runs it, in whatever thread it is called."""
        for module in self.stateful:
            vars(module)["_lent"] = True
        try:
            yield
        finally:
            for module in self.stateful:
                vars(module).pop("_lent", None)


class Trial:
    """A call whose traces can be found, and taken back.

    Args:
        parts: of the network that is called.
        device: of its input.
    """

    def __init__(self, parts: Parts, device: torch.device) -> None:
        self.parts, self.device = parts, device
        self.generators = [v for m in parts.unknown for v in vars(m).values() if isinstance(v, torch.Generator)]
        self.dice, self.others = self._throw(), self._others()
        self.notes = [(module, _Note(module)) for module in parts.unknown]
        self.states = [(module, _Note(module, module._initial)) for module in parts.stateful]
        self.statistics = [(b, b.clone()) for module in parts.norms for b in module.buffers(recurse=False)]

    def _throw(self) -> list[torch.Tensor]:
        """Return where torch's sources of random numbers stand."""
        states = [torch.get_rng_state(), *(g.get_state() for g in self.generators)]
        return [*states, torch.cuda.get_rng_state(self.device)] if self.device.type == "cuda" else states

    def drew(self) -> bool:
        """Whether random numbers were drawn since."""
        return not all(map(torch.equal, self.dice, self._throw())) or self.others != self._others()

    def _others(self) -> list[object]:
        """Where Python's and NumPy's random numbers stand, which only a module of somebody else can have drawn."""
        if not self.parts.unknown:
            return []
        numpy = sys.modules.get("numpy")
        theirs = None if numpy is None else numpy.random.get_state()
        return [random.getstate(), theirs and (theirs[1].tobytes(), *theirs[2:])]

    def state_changed(self) -> bool:
        """Whether a module that somebody else wrote has other attributes than before; it is remembered."""
        changed = [module for module, note in self.notes if note.differs()]
        _keep_state.update(changed)
        return bool(changed)

    def undo(self) -> None:
        """Put attributes, states, statistics and torch's random numbers back."""
        for _, note in [*self.notes, *self.states]:
            note.restore()
        with torch.no_grad():
            for buffer, value in self.statistics:
                buffer.copy_(value)
        torch.set_rng_state(self.dice[0])
        for place, generator in enumerate(self.generators, 1):
            generator.set_state(self.dice[place])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(self.dice[1 + len(self.generators)], self.device)


class _Note:
    """The attributes of a module as they are now, and a copy of what is in them.

    Args:
        module: the module.
        names: of its attributes; by default all that are its own, buffers included.
    """

    def __init__(self, module: nn.Module, names: Iterable[str] | None = None) -> None:
        self.module, self.names = module, names
        self.copies = {key: _copied(value) for key, value in self._values().items()}

    def _values(self) -> dict[tuple[str, str], object]:
        own = vars(self.module)
        if self.names is not None:
            return {("", name): own[name] for name in self.names}
        attributes = {("", name): value for name, value in own.items() if name not in PLAIN and name != "_lent"}
        return attributes | {("_buffers", name): value for name, value in self.module._buffers.items()}

    def differs(self) -> bool:
        now = self._values()
        return now.keys() != self.copies.keys() or any(not _same(self.copies[key], now[key]) for key in now)

    def restore(self) -> None:
        own = vars(self.module)
        for where, name in self._values().keys() - self.copies.keys():
            (own[where] if where else own).pop(name)
        for (where, name), copied in self.copies.items():
            (own[where] if where else own)[name] = _original(copied)


class _Copy(NamedTuple):
    """An object that may be changed in place, and what was in it; of a large tensor None."""

    itself: object
    inside: object
    version: int = 0


def _copied(value: object, depth: int = 3) -> object:
    if torch.is_tensor(value):
        small = value.numel() <= LARGE and not value.requires_grad
        return _Copy(value, value.clone() if small else None, value._version)
    if depth and isinstance(value, (list, deque, set)):
        return _Copy(value, [_copied(item, depth - 1) for item in value])
    if depth and isinstance(value, dict):
        return _Copy(value, {key: _copied(item, depth - 1) for key, item in value.items()})
    if depth and type(value) is tuple:
        return tuple(_copied(item, depth - 1) for item in value)
    if depth and hasattr(value, "__dict__") and not callable(value):  # an object that holds the state
        return _Copy(value, {key: _copied(item, depth - 1) for key, item in vars(value).items()})
    return value


def _original(copied: object) -> object:
    """Return what was copied, with what was in it then."""
    if isinstance(copied, _Copy):
        value, inside = copied.itself, copied.inside
        if torch.is_tensor(value):
            return _tensor_again(copied)
        if isinstance(value, dict) or not isinstance(value, (list, deque, set)):
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


def _same(copied: object, value: object) -> bool:
    """Whether ``value`` is what was copied, unchanged; equal numbers in another tensor are the same."""
    if isinstance(copied, _Copy):
        return _same_inside(copied, value)
    if type(copied) is tuple:
        return type(value) is tuple and len(copied) == len(value) and all(map(_same, copied, value))
    try:
        return copied is value or bool(copied == value)
    except Exception:  # numpy arrays and others that compare element by element
        return repr(copied) == repr(value)


def _same_inside(copied: _Copy, value: object) -> bool:
    was, inside = copied.itself, copied.inside
    if torch.is_tensor(was):
        if value is was and value._version == copied.version:
            return True
        if inside is None or not torch.is_tensor(value) or value.shape != inside.shape or value.dtype != inside.dtype:
            return False
        return torch.equal(inside, value)
    if type(value) is not type(was):
        return False
    if isinstance(inside, dict):
        now = value if isinstance(value, dict) else vars(value)
        return inside.keys() == now.keys() and all(_same(inside[key], now[key]) for key in now)
    return len(inside) == len(value) and all(map(_same, inside, value))


def not_computed_again(module: nn.Module) -> None:
    """Raise an error if the module is called in a backward pass with a state that has moved on since."""
    if torch.compiler.is_compiling():
        return
    task = torch._C._current_graph_task_id()  # -1 outside a backward pass; what torch.utils.checkpoint itself asks
    if task == -1:
        return
    if getattr(module, "_task", None) != task and module._fresh() != module._initial.keys():
        raise RuntimeError(
            f"{type(module).__name__} is called again in the backward pass, as torch.utils.checkpoint does, but its "
            "state is now that of the last step, not the one from which that part was computed. Checkpoint layers "
            "without state only, or a function that calls reset_net(net) first and then runs all its steps."
        )
    vars(module)["_task"] = task
