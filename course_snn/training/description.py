"""Anything as lines of text that are equal where it does the same: values, functions, objects, modules.

Nothing in them depends on addresses, devices, line numbers or comments, so that a restarted kernel gives the same.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from course_snn.state import Stateful
from course_snn.training.own_code import code_of, functions, given, held_by, own, read_by, written
from course_snn.training.synchronised import as_made
from course_snn.training.text import checksum, numbers, plain

NO_SETTINGS = {
    *vars(nn.Module()),
    "_initial",
    "_began",
    "_task",
    "_lent",
    "_memories",
}  # _memories: the state of SpikingJelly's neurons
SHARED_OUT = ("__composable_api", "_is_fsdp", "_fsdp")  # what FSDP keeps in a module
SILENT = {"__init__", "__repr__", "__str__", "extra_repr", "_abc_impl", "__annotate__", "__annotate_func__"}
# members of a class that do nothing in a run; what __init__ did is seen in the values
MOST = 20_000  # lines
FEW = 40  # elements of a container that get lines of their own


class Description:
    """Lines about things that know of each other: ``lines`` by path, and in ``unknown`` what cannot be read, and why.

    A thing that was met before is "the same as" at the path where that was, and is described once.
    """

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}
        self.unknown: dict[str, str] = {}
        self._seen: dict[int, tuple[object, str]] = {}  # holds the things, so that no id is given twice
        self._classes: dict[type, str] = {}

    def add(self, path: str, value: Any) -> None:
        """Describe a value under ``path``, and what it holds under ``path.name``; where it computes does not count."""
        if path.endswith(".device"):
            return
        text = self._class(value) if isinstance(value, type) else plain(value)
        if text is None and id(value) in self._seen:
            text = f"the same as {self._seen[id(value)][1]}"
        if text is not None:
            self.lines[path] = text
        elif len(self.lines) > MOST or len(path) > 500:
            self.unknown[path] = "too large"
        else:
            self._see(path, value)
            self._dispatch(path, value)

    def module(self, path: str, module: nn.Module, saved: bool = False) -> None:
        """Describe a module and all inside; of what a checkpoint holds (``saved``) the shape only."""
        self._see(path or "network", module)
        module = getattr(module, "_orig_mod", module)  # compiled by torch
        self._see(path or "network", module)
        cls = as_made(type(module))
        self.lines[path or "network"] = self._class(cls)
        within, state = f"{path}." if path else "", written(cls)
        self._tensors(within, module, state, saved)
        initial = module._initial if isinstance(module, Stateful) else {}
        others = NO_SETTINGS | state | set(getattr(cls, "not_settings", ()))
        for name, value in (vars(module) | initial).items():
            ignored = name in others or name.startswith(SHARED_OUT) or getattr(type(value), "no_setting", False)
            if name in initial or not ignored:
                self.add(within + name, value)
        for k, hook in enumerate(_hooks(module)):
            if own(getattr(hook, "__module__", None)):
                self.add(f"{within}hook {k}", hook)
        if module._modules:
            self.lines[f"{within}parts"] = ", ".join(module._modules)
        for name, child in module._modules.items():
            if child is None or id(child) in self._seen:
                self.add(within + name, child)
            else:
                self.module(within + name, child, saved)

    def _tensors(self, within: str, module: nn.Module, state: frozenset[str], saved: bool) -> None:
        for name, value in module._parameters.items():
            self._tensor(within + name, value, "parameter" if saved else "")
        for name, value in module._buffers.items():
            lasting = name not in module._non_persistent_buffers_set
            if lasting or name not in state:
                cls = as_made(type(module))
                setting = (name in given(cls) or own(cls.__module__)) and name not in state
                self._tensor(within + name, value, "buffer" if lasting and saved else "", setting)

    def _tensor(self, path: str, value: torch.Tensor | None, kind: str, setting: bool = False) -> None:
        if value is None or not kind or id(value) in self._seen:
            self.add(path, value)
            return
        self._see(path, value)
        shape = "lazy" if nn.parameter.is_lazy(value) else list(value.shape)
        frozen = ", frozen" if kind == "parameter" and not value.requires_grad else ""
        self.lines[path] = f"{kind} {numbers(value) if setting else f'{shape} {value.dtype}'}{frozen}"

    def _see(self, path: str, value: Any) -> None:
        self._seen[id(value)] = value, path

    def _dispatch(self, path: str, value: Any) -> None:
        if isinstance(value, nn.Module):
            self.module(path, value)
        elif isinstance(value, (torch.Tensor, np.ndarray)):
            self.lines[path] = numbers(value)
        elif isinstance(value, types.FunctionType):
            self._function(path, value)
        elif isinstance(value, (types.MethodType, types.BuiltinFunctionType)):
            self._method(path, value)
        elif isinstance(value, types.ModuleType):
            self.lines[path] = value.__name__
        elif isinstance(value, torch.Generator):
            self.lines[path] = f"Generator, seed {value.initial_seed()}"
        elif isinstance(value, torch.optim.Optimizer):  # the run's own is compared by its options
            self.lines[path] = name_of(type(value))
        elif isinstance(value, (tuple, list, set, frozenset, Mapping)):
            self._container(path, value)
        else:
            self._object(path, value)

    def _function(self, path: str, function: types.FunctionType) -> None:
        mine, name = own(function.__globals__.get("__name__")), name_of(function)
        self.lines[path] = f"{name}, code {code_of(function.__code__)[0]}" if mine else name
        for key, value in (held_by(function) | (read_by(function) if mine else {})).items():
            self.add(f"{path}.{key}", value)

    def _method(self, path: str, method: Any) -> None:
        self.lines[path] = name_of(method)
        if isinstance(method, types.MethodType):
            self.add(f"{path}()", method.__func__)
        if not isinstance(method.__self__, (types.ModuleType, type(None))):
            self.add(f"{path}.self", method.__self__)

    def _class(self, cls: type) -> str:
        """Return the name of a class; the code of the learner's own ones is described once."""
        for base in cls.__mro__:
            if base not in self._classes and own(base.__module__):
                same = sum(other.__name__ == base.__name__ for other in self._classes)
                self._classes[base] = path = f"class {base.__name__}" + f" ({same + 1})" * bool(same)
                for name, member in vars(base).items():
                    if name not in SILENT:
                        self._member(f"{path}.{name}", member, name.startswith("__"))
        return name_of(cls)

    def _member(self, path: str, member: Any, special: bool) -> None:
        parts = functions(member)
        for k, function in enumerate(parts):
            self.add(path + f" ({k + 1})" * bool(k), function)
        if not (parts or special or isinstance(member, types.MemberDescriptorType)):
            self.add(path, member)

    def _container(self, path: str, value: Any) -> None:
        self.lines[path] = f"{self._class(type(value))} of {len(value)}"
        if isinstance(value, (set, frozenset)):
            self.unknown[path] = "a set of objects"
            return
        inner = self
        if len(value) > FEW:
            inner = Description()
            inner._seen, inner._classes = self._seen, self._classes
        for k, (key, item) in enumerate(value.items() if isinstance(value, Mapping) else enumerate(value)):
            if not isinstance(key, (int, str)):
                inner.add(f"{path}[key {k}]", key)
            inner.add(f"{path}[{key!r}]" if isinstance(key, (int, str)) else f"{path}[{k}]", item)
        if inner is not self:
            self.lines[path] += f", {checksum(str(inner.lines).encode())}"
            self.unknown |= inner.unknown

    def _object(self, path: str, value: Any) -> None:
        self.lines[path] = self._class(type(value))
        held, state = _held(value), written(type(value))
        if held is None:
            self.unknown[path] = f"{name_of(type(value))} shows nothing of what it holds"
            return
        for name, item in held.items():
            if name not in state:
                self.add(f"{path}.{name}", item)


def _hooks(module: nn.Module) -> list[Any]:
    """Everything that is called beside ``forward`` and backward of a module and its parameters."""
    kinds = module._forward_pre_hooks, module._forward_hooks, module._backward_pre_hooks, module._backward_hooks
    tensors = [parameter._backward_hooks or {} for parameter in module.parameters(recurse=False)]
    return [hook for hooks in (*kinds, *tensors) for hook in hooks.values()]


def name_of(thing: Any) -> str:
    """Return the name of a function or class, with that of its package where this is not ours or the learner's."""
    name, module = getattr(thing, "__name__", type(thing).__name__), getattr(thing, "__module__", None)
    root = (module or "").split(".")[0]
    return name if root in ("course_snn", "builtins") or own(module) else f"{root}.{name}"


def _held(value: Any) -> Mapping[str, Any] | None:
    """Return what an object holds, by name; None where it cannot be read."""
    if isinstance(value, functools.partial):
        return {"func": value.func, "args": value.args} | value.keywords
    held = dict(vars(value)) if hasattr(value, "__dict__") else {}
    if "__wrapped__" in held:  # a function that functools.cache made
        return {"func": held["__wrapped__"]}
    for base in type(value).__mro__:
        slots = vars(base).get("__slots__", ())
        names = (slots,) if isinstance(slots, str) else slots
        held |= {name: getattr(value, name) for name in names if name != "__dict__" and hasattr(value, name)}
    if held and type(value).__reduce_ex__ is object.__reduce_ex__ and type(value).__reduce__ is object.__reduce__:
        return held
    try:
        reduced = value.__reduce_ex__(2)  # what pickle would write, without writing it
    except Exception:
        return held or None
    if isinstance(reduced, str):
        return {}
    parts = zip(("args", "state", "items", "pairs"), reduced[1:], strict=False)
    return {name: list(part) if name in ("items", "pairs") else part for name, part in parts if part is not None}
