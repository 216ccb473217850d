"""What a function or a class of the learner's does, in the bytecode of this Python: no comment, no line number."""

from __future__ import annotations

import dis
import functools
import inspect
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import nn

from course_snn.training.text import checksum, plain

STARTS = ("forward", "__call__", "reset", "step", "sequence", "still")  # what is called while a network runs
FLAGS = 0x04 | 0x08 | 0x20 | 0x80 | 0x200  # *args, **kwargs, generator, coroutine
ABSENT = object()
KNOWN = {"__class__", "__wrapped__"}  # what functions close over or carry beside what they do


@functools.lru_cache(maxsize=4096)
def own(module: str | None) -> bool:
    """Return whether a module is the learner's: a notebook, a script, a file beside them; not an installed package."""
    root = (module or "").split(".")[0]
    if root in sys.stdlib_module_names or root in ("course_snn", "torch"):
        return False
    file = getattr(sys.modules.get(module or ""), "__file__", None)
    return not file or not {"site-packages", "dist-packages"} & {*Path(file).parts}


@functools.lru_cache(maxsize=1024)
def written(cls: type) -> frozenset[str]:
    """Return the attributes that the methods of a class write while it runs: its state, not its settings."""
    todo, done, found = list(STARTS), set(), set()
    while todo:
        name = todo.pop()
        if name in done:
            continue
        done.add(name)
        for base in cls.__mro__:
            if name in vars(base) and base not in (nn.Module, object):
                for function in functions(vars(base)[name]):
                    for step in _steps(function.__code__):
                        (found.add if step.opname == "STORE_ATTR" else todo.append)(step.argval)
    return frozenset(found)


@functools.lru_cache(maxsize=1024)
def given(cls: type) -> frozenset[str]:
    """Return the names of what the constructor of a class is given."""
    return frozenset(inspect.signature(cls.__init__).parameters)


def functions(member: Any) -> list[types.FunctionType]:
    """Return the functions of a member of a class: a method of any kind, or a property."""
    inner = (getattr(member, name, None) for name in ("__func__", "func", "fget", "fset"))
    return [function for function in (member, *inner) if isinstance(function, types.FunctionType)]


def _steps(code: types.CodeType) -> Iterator[dis.Instruction]:
    for step in dis.get_instructions(code):
        if isinstance(step.argval, types.CodeType):
            yield from _steps(step.argval)
        elif step.opname in ("STORE_ATTR", "LOAD_ATTR", "LOAD_METHOD"):
            yield step


@functools.lru_cache(maxsize=4096)
def code_of(code: types.CodeType) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """Return a checksum of what a function does, and the globals that it reads, as ("module", "name")."""
    parts = [str((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & FLAGS))]
    names, goes_on = [], False
    for step in dis.get_instructions(code):
        value = step.arg if step.opcode in dis.haslocal else step.argval  # a local by its place: its name is free
        if isinstance(value, types.CodeType):
            value, inner = code_of(value)
            names += inner
        if step.opname == "STORE_NAME" and value in ("__firstlineno__", "__qualname__"):
            parts.pop()  # where a class inside the function was written
        parts.append(f"{step.opname} {plain(value)}")
        attribute = step.opname in ("LOAD_ATTR", "LOAD_METHOD")
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            names.append((value,))
        elif attribute and goes_on:
            names[-1] += (value,)
        goes_on = step.opname in ("LOAD_GLOBAL", "LOAD_NAME") or (attribute and goes_on)
    return checksum("\n".join([*parts, repr(code.co_exceptiontable)]).encode()), tuple(dict.fromkeys(names))


def held_by(function: types.FunctionType) -> dict[str, Any]:
    """Return the values that a function brings along: what it closes over, its defaults, what is set on it."""
    code, defaults = function.__code__, function.__defaults__ or ()
    values = {name: _content(cell) for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True)}
    positional = code.co_varnames[: code.co_argcount]
    values |= dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=True))
    values |= (function.__kwdefaults__ or {}) | vars(function)
    return {name: value for name, value in values.items() if value is not ABSENT and name not in KNOWN}


def read_by(function: types.FunctionType) -> dict[str, Any]:
    """Return the globals that a function reads, by name; of the learner's own modules the names that are used."""
    found = {}
    for name, *attributes in code_of(function.__code__)[1]:
        value = function.__globals__.get(name, ABSENT)
        while isinstance(value, types.ModuleType) and attributes and own(value.__name__):
            name = f"{name}.{attributes[0]}"
            value = getattr(value, attributes.pop(0), ABSENT)
        if value is not ABSENT and not isinstance(value, types.ModuleType):
            found[name] = value
    return found


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return ABSENT
