"""Parts of a network and their names: who holds a part, and the ``with`` block in which parts find their assembly."""

from __future__ import annotations

import inspect
import keyword
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from torch import nn

from course_snn.spelling import known

_open: ContextVar[tuple[Opened, ...]] = ContextVar("with blocks of assemblies that are open here", default=())


class Made(type):
    """Of what an open ``with`` block hears when it is made, whole: not of what failed on the way."""

    @property
    def __signature__(cls) -> inspect.Signature:  # else it would be that of __call__ below
        whole = inspect.signature(cls.__init__)
        return whole.replace(parameters=list(whole.parameters.values())[1:])

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        known(cls, kwargs)
        made = super().__call__(*args, **kwargs)
        if blocks := _open.get():
            blocks[-1].born.append(made)
        return made


class Part(nn.Module, metaclass=Made):
    """Base of everything that has a place in an assembly.

    ``homes`` says which assemblies hold it, and under which name; the first of them is its owner.

    Args:
        name: what it is called where no variable gives a name.
    """

    name: str | None
    homes: dict[Any, str]
    not_settings: ClassVar = {
        "homes",
        "joins",
        "_readers",
        "opened",
        "ends",
        "_numbers",
    }  # no settings of a network (training.description)
    fresh: ClassVar[dict[str, Any]] = {}  # what belongs to a run, and how a copy begins

    def __init__(self, name: str | None = None) -> None:
        super().__init__()
        vars(self).update(name=name, homes={})

    @property
    def owner(self) -> Any:
        """The assembly that it was first added to, None where it stands alone."""
        return next(iter(self.homes), None)

    @property
    def readers(self) -> WeakKeyDictionary:
        """The decoders, monitors and learners that were ever about it; each says whether it still ``is_about`` it."""
        return vars(self).setdefault("_readers", WeakKeyDictionary())

    def address(self) -> str:
        """Return its path from the outermost assembly, such as "column.exc"; alone, its name or its class."""
        if not self.homes:
            return self.name or type(self).__name__
        owner, name = next(iter(self.homes.items()))
        return f"{owner.address()}.{name}" if owner.homes else name

    def roots(self) -> list[Any]:
        """Return the outermost assemblies that it lies in, itself where it stands alone."""
        return [part for part in self._upward() if not part.homes]

    def lies_in(self, assembly: Part) -> bool:
        """Return whether it is this assembly, or inside it at whatever depth."""
        return any(part is assembly for part in self._upward())

    def _upward(self) -> list[Part]:
        found, waiting = {}, [self]
        while waiting:
            part = waiting.pop()
            if id(part) not in found:
                found[id(part)] = part
                waiting.extend(part.homes)
        return list(found.values())

    def __getstate__(self) -> dict[str, Any]:  # of pickles: who holds it and ends at it is seen when that is made
        made = {"homes": {}, "joins": {}, "opened": [], **self.fresh}
        return {key: made.get(key, value) for key, value in vars(self).items() if key != "_readers"}

    def settle(self) -> None:
        """Take note of having a home, or none."""

    def leaves(self, inside: set[int]) -> bool:
        """Return whether it is about parts outside of what is copied.

        Args:
            inside: ids of what is copied.
        """
        return False

    def touch(self) -> None:
        """Tell every network that holds it that its plan is out of date."""
        for part in self._upward():
            if "_plan" in vars(part):
                vars(part)["_plan"] = None


class Joint(Part):
    """What has two ends: the base of ``Connection``.

    Args:
        pre: where it begins. post: where it ends.
        name: what it is called where no variable gives a name.
    """

    def __init__(self, pre: Any, post: Any, name: str | None = None) -> None:
        super().__init__(name)
        vars(self)["ends"] = (pre, post)

    pre = property(lambda self: self.ends[0], doc="The group before the synapses.")
    post = property(lambda self: self.ends[1], doc="The group after the synapses.")

    def settle(self) -> None:
        """Be known to its ends as long as it is in an assembly."""
        for end in self.ends:
            if self.homes:
                end.joins[self] = None
            else:
                end.joins.pop(self, None)

    def join(self, pre: Any, post: Any) -> None:
        """End at these from now on.

        Args:
            pre: where it begins. post: where it ends.
        """
        for end in self.ends:
            end.joins.pop(self, None)
        vars(self)["ends"] = (pre, post)
        self.settle()
        self.touch()

    def leaves(self, inside: set[int]) -> bool:
        return not all(id(end) in inside for end in self.ends)

    def check_fits(self, pre: Any, post: Any) -> None:
        """Raise ValueError if it could not join these."""


class Opened:
    """A ``with`` block of an assembly: what is made inside belongs to it.

    Args:
        assembly: whose block it is. before: what it was, with a method ``restore``.
    """

    def __init__(self, assembly: Any, before: Any) -> None:
        self.assembly, self.born, self.before = assembly, [], before
        self.token: Token = _open.set((*_open.get(), self))

    def close(self, failed: bool) -> None:
        """Name what was made after the caller's variables, or after an exception leave the assembly as it was."""
        _open.reset(self.token)
        if failed:
            self.before.restore()
            return
        scope = sys._getframe(2).f_locals  # who wrote the block: close <- __exit__ <- it
        named = {id(value): key for key, value in reversed(list(scope.items())) if not key.startswith("_")}
        for part in self.born:
            if getattr(part, "homes", None) or getattr(part, "placed", False):
                continue  # somebody has given it a place already
            key = named.get(id(part)) or part.name or type(part).__name__.lower()
            setattr(self.assembly, free(self.assembly, key), part)


@contextmanager
def unheard() -> Iterator[None]:
    """Within the block no ``with`` block hears of what is made."""
    token = _open.set(())
    try:
        yield
    finally:
        _open.reset(token)


def innermost() -> Any:
    """Return the assembly whose ``with`` block is the innermost that is open here, or None."""
    blocks = _open.get()
    return blocks[-1].assembly if blocks else None


def usable(assembly: Any, name: object) -> None:
    """Raise ValueError unless a new part of ``assembly`` can be called ``name``.

    Args:
        assembly: where it shall go.
        name: one word that is free.
    """
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"a part needs a name that Python can write after a point, such as 'layer1'; got {name!r}.")
    if name in assembly._modules:
        raise ValueError(f"{name!r} is taken in {assembly.address()}: choose another name, or use replace_assembly.")
    if hasattr(type(assembly), name) or name in vars(assembly) or name in ("name", "homes", "training"):
        raise ValueError(f"{name!r} means something else on {type(assembly).__name__}: choose another name.")


def free(assembly: Any, name: str) -> str:
    """Return ``name``, or name_1, name_2, … where that is taken in ``assembly``.

    Args:
        assembly: where a part shall go.
        name: what it shall be called.
    """

    def taken(name: str) -> bool:
        return name in assembly._modules or name in vars(assembly) or hasattr(type(assembly), name)

    if not taken(name):
        return name
    last = vars(assembly).setdefault("_numbers", {})
    number = last.get(name, 0) + 1
    while taken(f"{name}_{number}"):
        number += 1
    last[name] = number
    return f"{name}_{number}"


def one_of(thing: Any, name: str | None, who: str) -> Any:
    """Return the one of the two that is given.

    Args:
        thing: a part. name: or its name.
        who: the operation, for the error.

    Raises:
        TypeError: both or neither.
    """
    if (thing is None) == (name is None):
        raise TypeError(f"{who} takes a part or its name, one of the two: {who}(part) or {who}(name='…').")
    return name if thing is None else thing
