"""The tree of a network: parts that hold parts by name; adding by attribute and in a ``with`` block; copies."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from torch import nn

from course_snn import functional
from course_snn.network.attached import Attached
from course_snn.network.names import Joint, Opened, Part, usable
from course_snn.spelling import meant


class Tree(Part):
    """A part that holds other parts by name.

    Args:
        name: what it is called where no variable gives a name.
    """

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        vars(self).update(hidden=False, joins={}, opened=[])

    # ------------------------------------------------------------ the tree

    @property
    def assemblies(self) -> dict[str, Tree]:
        """The members by name: assemblies, groups, encoders, decoders."""
        return {name: part for name, part in self._modules.items() if isinstance(part, Tree)}

    @property
    def connections(self) -> dict[str, Any]:
        """The connections that lie directly in this assembly, by name."""
        return {name: part for name, part in self._modules.items() if isinstance(part, Joint)}

    def tree(self, shown: bool = False) -> Iterator[Tree]:
        """Yield this assembly and all inside, each once, what holds others before them.

        Args:
            shown: only what is reached without passing a hidden one.
        """
        seen: dict[int, None] = {}
        waiting: list[Tree] = [self]
        while waiting:
            part = waiting.pop()
            if id(part) not in seen and not (shown and part.hidden):
                seen[id(part)] = None
                yield part
                waiting.extend(reversed(part.assemblies.values()))

    def paths(self) -> dict[Any, str]:
        """Return the address in this assembly of every part inside, connections too; the first where it has several."""
        found: dict[Any, str] = {self: ""}
        for part in self.tree():
            within = f"{found[part]}." if found[part] else ""
            for name, inner in part._modules.items():
                if isinstance(inner, Part):
                    found.setdefault(inner, within + name)
        del found[self]
        return found

    def at(self, path: str) -> Any:
        """Return the part with the address ``path``.

        Args:
            path: names with points between, such as "column.exc".

        Raises:
            ValueError: there is none.
        """
        part: Any = self
        for name in path.split("."):
            inner = part._modules if isinstance(part, Tree) else {}
            if name not in inner:
                raise ValueError(f"there is no part {path!r}: {has(part, inner, name)}")
            part = inner[name]
        return part

    @property
    def visible(self) -> bool:
        """Whether it takes part: neither it nor all that hold it are hidden."""
        return not self.hidden and (not self.homes or any(home.visible for home in self.homes))

    # ------------------------------------------------------------ adding by attribute and by with

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Part):
            if self._modules.get(name) is not value:
                usable(self, name)
                self._check_new(value)
                self._attach(name, value)
        else:
            if isinstance(vars(self).get("_modules", {}).get(name), Part):
                raise ValueError(f"{name!r} is a part of {self.address()}: delete it first, or replace_assembly.")
            before = vars(self).get(name)
            super().__setattr__(name, value)
            if isinstance(value, Attached):
                value.place(self, name)
            if (
                isinstance(value, (Attached, nn.Module))
                or isinstance(before, Attached)
                or name in ("hidden", "backend")
            ):
                self.touch()

    def register_module(self, name: str, module: Any) -> None:
        """Add by attribute.

        Args:
            name: its name here. module: a part.
        """
        setattr(self, name, module)

    add_module = register_module

    def __delattr__(self, name: str) -> None:
        part = self._modules.get(name)
        if isinstance(part, Tree):
            self.del_assembly(name=name)
        elif isinstance(part, Part):
            self.del_connection(name=name)
        else:
            super().__delattr__(name)
            self.touch()

    def __enter__(self) -> Tree:
        self.opened.append(Opened(self, Photo(self)))
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.opened.pop().close(failed=kind is not None)

    # ------------------------------------------------------------ how it is done

    def find(self, wanted: Any, kind: type) -> tuple[str, Any]:
        """Return the name here and the part, for either of the two.

        Args:
            wanted: a part or its name. kind: what it shall be, a tree or a joint.

        Raises:
            ValueError: there is none.
        """
        if isinstance(wanted, Part) and isinstance(self._modules.get(key := wanted.homes.get(self, "")), kind):
            return key, wanted
        if isinstance(wanted, str) and isinstance(here := self._modules.get(wanted), kind):
            return wanted, here
        table = self.connections if kind is Joint else self.assemblies
        said = wanted.address() if isinstance(wanted, Part) else wanted
        raise ValueError(f"{said!r} is not in {self.address()}: {has(self, table, said)}")

    def _check_new(self, part: Part) -> None:
        if self in part.homes:  # a second name for what is here: one is enough
            raise ValueError(f"it is already in {self.address()}, as {part.homes[self]!r}.")
        if isinstance(part, Tree) and self.lies_in(part):
            raise ValueError(f"{part.address()} holds {self.address()}: an assembly cannot be inside itself.")

    def _attach(self, name: str, part: Part) -> None:
        nn.Module.__setattr__(self, name, part)
        part.homes[self] = name
        part.settle()
        self.touch()

    def _detach(self, part: Part) -> None:
        name = part.homes.pop(self)
        vars(part)["name"] = part.name or name  # by which errors still call it
        del self._modules[name]
        part.settle()
        self.touch()

    def __getstate__(self) -> dict[str, Any]:
        return super().__getstate__() | {"_modules": dict(self._modules)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for key, part in self._modules.items():
            if isinstance(part, Part):
                part.homes[self] = key
                part.settle()
        self._place_attached()

    def _place_attached(self) -> None:
        for key, value in list(vars(self).items()):
            if isinstance(value, Attached):
                value.place(self, key)

    def __deepcopy__(self, memo: dict) -> Any:
        outermost = INSIDE not in memo
        inside = memo.setdefault(INSIDE, {id(part) for part in (*self.tree(), *self.paths())})
        new = type(self).__new__(type(self))
        memo[id(self)] = new
        nn.Module.__init__(new)
        vars(new).update(name=self.name, homes={}, hidden=self.hidden, joins={}, opened=[], **self.fresh)
        for key, part in self._modules.items():
            if isinstance(part, Part) and part.leaves(inside):
                continue
            twin = copy.deepcopy(part, memo)
            nn.Module.__setattr__(new, key, twin)
            if isinstance(twin, Part):
                twin.homes[new] = key
                twin.settle()
        for key, value in vars(self).items():
            own = key not in vars(new) or key in ("training", "_parameters", "_buffers")
            if own and all(id(part) in inside for part in getattr(value, "watches", ())):
                vars(new)[key] = twin_of(value, memo) if isinstance(value, Part) else copy.deepcopy(value, memo)
        new._place_attached()
        if outermost:
            functional.reset_net(new)
        return new


PLANNED = "hidden", "backend"  # what a plan depends on besides parts
INSIDE = "course_snn.network: ids of all parts that are copied"


def twin_of(part: Part, memo: dict) -> Any:
    """Return the copy of a part that is copied too, else the part itself.

    Args:
        part: the part. memo: of ``copy.deepcopy``.
    """
    return copy.deepcopy(part, memo) if id(part) in memo.get(INSIDE, ()) else part


class Photo:
    """What the parts of a tree hold and are called, to be put back.

    Args:
        assembly: of the tree.
    """

    def __init__(self, assembly: Any) -> None:
        self.roots, self.parts, self.attached = assembly.roots(), {}, {}
        for part in _parts(self.roots):
            held = {key: value for key, value in vars(part).items() if key[0] != "_" and key not in ("opened", "dt")}
            held |= {key: dict(held[key]) for key in ("homes", "joins") if key in held}
            self.parts[part] = dict(part._modules), held
            self.attached |= {value: dict(vars(value)) for value in held.values() if isinstance(value, Attached)}

    def restore(self) -> None:
        """Put everything back."""
        for part in _parts(self.roots):
            if part not in self.parts:
                for home in [home for home in part.homes if home in self.parts]:
                    del part.homes[home]
                part.settle()
            part.touch()
        for part, (modules, held) in self.parts.items():
            for key in [key for key in vars(part) if key[0] != "_" and key not in held and key not in ("opened", "dt")]:
                del vars(part)[key]
            vars(part).update(held)
            part._modules.clear()
            part._modules.update(modules)
            part.touch()
        for value, held in self.attached.items():
            vars(value).update(held)


def _parts(roots: Iterable[Any]) -> dict[Any, None]:
    return {part: None for root in roots for part in (root, *root.paths())}


def has(where: Any, table: Iterable[str], wrong: object) -> str:
    """Return what an error says of the names that there are.

    Args:
        where: a part. table: the names in it. wrong: the one that was asked for.
    """
    names = ", ".join(table) or "nothing"
    return f"{where.address()} has {names}.{meant(str(wrong), table)}"
