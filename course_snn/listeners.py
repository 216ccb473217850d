"""Who listens to which module: written down here, not on the module, so that a copy of it takes no listener along."""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook


class Listener(Protocol):
    """What is told of each call of its ``module``; it keeps the module alive, and only its owner keeps it alive."""

    module: nn.Module

    def see(self, output: object) -> None:
        """Take what the call returned."""


WORKING = "torch.distributed"
_lock = threading.RLock()  # reentrant: the garbage collector may call _forget anywhere
_listening: tuple[weakref.ref[Listener], ...] = ()  # replaced, never changed: whoever reads it needs no lock
_deaf = 0  # trials under way
_hook = None  # torch's handle of _called, which every module of the process calls while anybody listens


def start(listener: Listener) -> None:
    """Tell ``listener`` of each call of its module from now on."""
    with _lock:
        _replace((*_listening, weakref.ref(listener, _forget)))


def stop(listener: Listener) -> None:
    """Tell ``listener`` no more; nothing happens where it was not told."""
    with _lock:
        _replace(tuple(each for each in _listening if each() is not listener))


def hooks(module: nn.Module) -> dict[int, Callable]:
    """Return the forward hooks that somebody listens with, not those by which FSDP itself works."""
    found = module._forward_hooks.items()
    return {key: hook for key, hook in found if not (getattr(hook, "__module__", "") or "").startswith(WORKING)}


@contextmanager
def deaf(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Within the block nobody is told of a call of these modules, forward hooks of torch neither: it is a trial."""
    global _deaf
    heard = [(module, module._forward_hooks, hooks(module)) for module in modules]
    heard = [each for each in heard if each[2]]
    try:
        _deaf += 1
        for module, all_of_them, some in heard:
            module._forward_hooks = OrderedDict((key, hook) for key, hook in all_of_them.items() if key not in some)
        yield
    finally:
        _deaf -= 1
        for module, all_of_them, _ in heard:
            module._forward_hooks = all_of_them


def of(module: nn.Module) -> list[Listener]:
    """Return those who listen to ``module``, the first to come first."""
    return _plainly(_find)(module)


def _find(module: nn.Module) -> list[Listener]:
    return [
        listener for each in _listening if not _deaf and (listener := each()) is not None and listener.module is module
    ]


def _forget(gone: weakref.ref[Listener]) -> None:
    with _lock:
        _replace(tuple(each for each in _listening if each is not gone))


def _replace(listening: tuple[weakref.ref[Listener], ...]) -> None:
    global _listening, _hook
    _listening = listening
    if listening and _hook is None:
        _hook = register_module_forward_hook(_called)
    elif not listening and _hook is not None:
        _hook.remove()
        _hook = None


def _called(module: nn.Module, inputs: tuple, output: object) -> None:
    _plainly(_tell)(module, output)


def _tell(module: nn.Module, output: object) -> None:
    for listener in _find(module):
        listener.see(output)


def _plainly(function: Callable) -> Callable:
    """The function, kept out of a graph that torch.compile is making: there a weak reference does not work."""
    return torch.compiler.disable(function) if torch.compiler.is_compiling() else function
