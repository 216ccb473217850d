"""What a network is made of, before ``unroll`` sends many steps through it at once: where that could not be the loop.

Known layers without state give the same for T·N samples as for N at a time. Modules that somebody else wrote may keep a
state or draw random numbers, and nobody can tell from outside. So they are tried: their attributes and the sources of
random numbers are noted before the call and compared after it.
"""

import random
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.dropout import _DropoutNd
from torch.utils import _pytree as pytree

from course_snn import listeners
from course_snn.snapshot import Note

RANDOM = (_DropoutNd, nn.RReLU, nn.FractionalMaxPool2d, nn.FractionalMaxPool3d, nn.MultiheadAttention)
OURS = (  # have no hidden state
    "torch.nn", "torch._dynamo", "torch.distributed", "torchvision.models", "torchvision.ops.misc", "course_snn",
)  # fmt: skip
BEFORE = ("torch.nn.utils.parametrize", "torch.distributed.fsdp")  # put a class of their own before the module's
INSTEAD = "call unroll inside the module that is run in threads; for several GPUs use DistributedDataParallel."
_keep_state: WeakSet[nn.Module] = WeakSet()  # found out in an earlier trial
_met: WeakKeyDictionary[nn.Module, set] = WeakKeyDictionary()


def modules(net: nn.Module) -> list[nn.Module]:
    """Return ``net`` and every module inside it once, what holds others before them; quicker than ``net.modules()``."""
    return _walk(net)[0]


def _walk(net: nn.Module) -> tuple[list[nn.Module], list[nn.Module]]:
    found, twice, seen = [], [], set()
    waiting: list[nn.Module | None] = [net]
    while waiting:
        module = waiting.pop()
        if module is not None and id(module) in seen:
            twice.append(module)
        elif module is not None:
            seen.add(id(module))
            found.append(module)
            waiting.extend(module._modules.values())
    return found, twice


def is_known(module: nn.Module) -> bool:
    """Whether the module is a layer of torch or of the course as it came: nothing hooked in, nothing replaced."""
    kind = next(kind for kind in type(module).__mro__ if not kind.__module__.startswith(BEFORE))
    hooks = (*module._forward_hooks.values(), *module._forward_pre_hooks.values())
    return "forward" not in vars(module) and all(map(_ours, (kind, *hooks)))


def _ours(thing: Any) -> bool:
    return (getattr(thing, "__module__", None) or "").startswith(OURS)


class Drew(BaseException):
    """Random numbers were drawn from a still input; it is not an Exception, so that no ``except Exception`` eats it."""


class Parts:
    """The modules of a network, by what may be expected of them.

    Args:
        net: the network.
    """

    def __init__(self, net: nn.Module) -> None:
        self.net = net
        self.stateful: list[Any] = []  # state.Stateful, which imports this module
        self.unknown: list[nn.Module] = []
        self.norms: list[nn.Module] = []
        self.modules, twice = _walk(net)
        self.must_be_stepped = net in _keep_state or any("_initial" in vars(module) for module in twice)
        self.random = False
        self.shared_out = any(type(module).__module__.startswith("torch.distributed.fsdp") for module in self.modules)
        for module in self.modules:
            if "_initial" in vars(module):  # Stateful
                self.stateful.append(module)
            elif callable(getattr(module, "reset", None)):
                self.must_be_stepped = True
            elif isinstance(module, nn.DataParallel) and len(module.device_ids) > 1:
                raise RuntimeError(f"unroll cannot run nn.DataParallel, whose replicas forget their state: {INSTEAD}")
            elif not is_known(module):
                self.unknown.append(module)
                self.must_be_stepped |= module in _keep_state
            elif module.training and isinstance(module, RANDOM):
                self.random = True
            elif module.training and _iterates(module):
                self.must_be_stepped = True
            elif module.training and isinstance(module, _NormBase):
                self.norms.append(module)

    def met(self, sequence: bool) -> bool:
        """Whether this network was met before, with a sequence or with a still input."""
        return (sequence, len(self.modules)) in _met.get(self.net, ())

    def meet(self, sequence: bool) -> None:
        """Remember the network, and whether it must be stepped."""
        _met.setdefault(self.net, set()).add((sequence, len(self.modules)))
        if self.must_be_stepped:
            _keep_state.add(self.net)

    def states(self) -> list[torch.Tensor]:
        """Return all tensors of the state of our modules."""
        held = [getattr(module, name) for module in self.stateful for name in module._initial]
        return [leaf for leaf in pytree.tree_leaves(held) if torch.is_tensor(leaf)]

    @property
    def may_surprise(self) -> bool:
        """Whether a trial is needed."""
        return bool(self.unknown) or self.random

    @property
    def listened(self) -> bool:
        """Whether somebody is told of calls, so that a trial would be heard."""
        return any(listeners.hooks(module) or listeners.of(module) for module in self.modules)

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
        self.sources = sources(parts.unknown)
        self.dice = self._throw()
        self.notes = [(module, Note(module)) for module in parts.unknown]
        self.states = [(module, Note(module, module._initial)) for module in parts.stateful]
        self.statistics = [(b, b.clone()) for module in parts.norms for b in module.buffers(recurse=False)]

    def _throw(self) -> list[Any]:
        """Return where all sources of random numbers stand, torch's own first."""
        gpu = [torch.cuda.get_rng_state(self.device)] if self.device.type == "cuda" else []
        return [torch.get_rng_state(), *gpu, *(read() for read, _ in self.sources)]

    def drew(self) -> bool:
        """Whether random numbers were drawn since."""
        return not all(map(_equal, self.dice, self._throw()))

    def state_changed(self) -> bool:
        """Whether a module that somebody else wrote has other attributes than before; it is remembered."""
        changed = [module for module, note in self.notes if note.differs()]
        _keep_state.update(changed)
        return bool(changed)

    def undo(self) -> None:
        """Put attributes, states, statistics and random numbers back."""
        for _, note in [*self.notes, *self.states]:
            note.restore()
        with torch.no_grad():
            for buffer, value in self.statistics:
                buffer.copy_(value)
        self.dice_back()

    def dice_back(self) -> None:
        """Put the random numbers back."""
        first, *others = self.dice
        torch.set_rng_state(first)
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(others.pop(0), self.device)
        for (_, write), state in zip(self.sources, others, strict=True):
            write(state)


def sources(modules: list[nn.Module]) -> list[tuple[Callable, Callable]]:
    """How to read and to set the sources of random numbers that modules of somebody else may draw from.

    Python's and NumPy's own, and generators that are attributes of the modules or globals that they name.
    """
    found: dict[int, Any] = {id(random): random} if modules else {}
    if modules and "numpy" in sys.modules:
        found[id(sys.modules["numpy"])] = sys.modules["numpy"].random.mtrand._rand
    for module in modules:
        code = getattr(type(module).forward, "__code__", None)
        spread = getattr(type(module).forward, "__globals__", {})
        cells = getattr(type(module).forward, "__closure__", None) or ()
        named = [spread.get(name) for name in code.co_names] if code else []
        found = {id(v): v for v in [*vars(module).values(), *named, *(cell.cell_contents for cell in cells)]} | found
    return [(read, write) for source in found.values() for read, write in _handles(source)]


def _handles(source: Any) -> list[tuple[Callable, Callable]]:
    if isinstance(source, torch.Generator):
        return [(source.get_state, source.set_state)]
    if isinstance(source, random.Random) or source is random:
        return [(source.getstate, source.setstate)]
    if hasattr(source, "bit_generator"):  # NumPy's Generator
        bits = source.bit_generator
        return [(lambda: bits.state, lambda state: setattr(bits, "state", state))]
    if type(source).__name__ == "RandomState":
        return [(source.get_state, source.set_state)]
    return []


def _equal(a: Any, b: Any) -> bool:
    """Whether two states of random numbers are the same: tensors, or NumPy's and Python's nested containers."""
    if torch.is_tensor(a):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return all(_equal(a[key], b[key]) for key in a)
    if isinstance(a, tuple) and a and not isinstance(a[0], int):
        return all(map(_equal, a, b))
    return bool((a == b).all()) if hasattr(a, "all") else a == b


JOINS = (  # what torch says where tensors of two sizes meet: in a sum, torch.cat, torch.stack, torch.bmm
    r"tensor a \((\d+)\) .* tensor b \((\d+)\) at non-singleton dimension 0",
    r"Expected size (\d+) but got size (\d+)",
    r"equal size, but got \[(\d+).*? and \[(\d+)",
    r"to be: \[(\d+).*? but got: \[(\d+)",
)


def joins(message: str, one: int, other: int) -> bool:
    """Whether an error of torch says that batches of these two sizes met."""
    found = filter(None, (re.search(pattern, message) for pattern in JOINS))
    return any({int(size) for size in match.groups()} == {one, other} for match in found)


def alike(ours: list[torch.Tensor], theirs: list[torch.Tensor]) -> bool:
    """Whether tensors are the same but for rounding, which may change a spike in a hundred."""
    if [y.shape for y in ours] != [y.shape for y in theirs]:
        return False
    for a, b in zip(ours, theirs, strict=True):
        if (~torch.isclose(a.double(), b.double(), 1e-3, 1e-4, equal_nan=True)).double().mean() > 0.01:
            return False
    return True


def _iterates(module: nn.Module) -> bool:
    """Whether it is a spectral normalisation, which goes on towards its limit at every call in training."""
    names = {type(module).__name__, *(type(hook).__name__ for hook in module._forward_pre_hooks.values())}
    return not names.isdisjoint({"SpectralNorm", "_SpectralNorm"})


def in_team() -> bool:
    """Whether other processes run the same network, which may have to call each module as often as this one."""
    return torch.distributed.is_available() and torch.distributed.is_initialized()


def in_backward() -> int | None:
    """Return the number of the backward pass that is under way; None: there is none, or torch.compile is at work."""
    if torch.compiler.is_compiling():
        return None
    task = torch._C._current_graph_task_id()  # what torch.utils.checkpoint itself asks
    return None if task == -1 else task


def not_computed_again(module: Any) -> None:
    """Raise an error if the module is called in a backward pass with a state that is not from that pass."""
    if (task := in_backward()) is None or vars(module).get("_task") == task:
        return
    raise RuntimeError(
        f"{type(module).__name__} is called again in the backward pass, as torch.utils.checkpoint does, but its "
        "state is now that of the last step, not the one from which that part was computed. Checkpoint layers "
        "without state only, or a function that calls reset_net(net) first and then runs all its steps."
    )
