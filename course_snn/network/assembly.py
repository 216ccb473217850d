"""Assembly: a tree of named parts, and the ten operations that change it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from course_snn.network.names import Joint, Part, free, one_of, unheard, usable
from course_snn.network.picture import described
from course_snn.network.tree import Tree


class Assembly(Tree):
    """A part of a network that holds other parts by name: assemblies, groups, connections.

    Parts are added as attributes, ``net.layer1 = NeuronGroup(100)``, in a ``with net:`` block, where they get the names
    of the variables that hold them, or by the operations below. The path "column.exc" is the address of a part in
    errors, figures and ``state_dict``. An operation that fails has changed nothing.

    Args:
        name: what it is called where no variable gives a name.

    Raises:
        ValueError: by all operations: a name that is taken or unknown, a part that is here already or not at all, ends
            of a connection outside, sizes that do not fit.
    """

    def add_assembly(self, name: str, assembly: Assembly) -> None:
        """Add a member under a name that is free.

        Args:
            name: its name here.
            assembly: a group, an encoder, a decoder or an assembly that is not here yet and does not hold this one.
        """
        if not isinstance(assembly, Assembly):
            raise ValueError(f"add_assembly takes groups and assemblies, got {type(assembly).__name__}: "
                             "for a connection use add_connection.")  # fmt: skip
        self._check_new(assembly)
        usable(self, name)
        self._attach(name, assembly)

    def del_assembly(self, assembly: Assembly | None = None, name: str | None = None) -> None:
        """Remove a member, and every connection of the whole tree that ends at it or inside it.

        Args:
            assembly: the member itself. name: or its name; one of the two.
        """
        _, old = self.find(one_of(assembly, name, "del_assembly"), Assembly)
        roots = self.roots()
        self._detach(old)
        for connection in {c: None for part in old.tree() for c in part.joins}:
            for home in list(connection.homes):
                for root in roots:
                    if home.lies_in(root) and not all(end.lies_in(root) for end in connection.ends):
                        home._detach(connection)
                        break

    def copy_assembly(self, name: str, assembly: Assembly) -> Assembly:
        """Add an independent copy: groups, connections with both ends inside; weights copied, states fresh.

        Args:
            name: the name of the copy here.
            assembly: what to copy; it may be this assembly itself.

        Returns:
            the copy.
        """
        if not isinstance(assembly, Assembly):
            raise ValueError(f"copy_assembly copies groups and assemblies, got {type(assembly).__name__}.")
        usable(self, name)
        new = copy.deepcopy(assembly)
        self._attach(name, new)
        return new

    def replace_assembly(self, old: Assembly | str, new: Assembly) -> None:
        """Put ``new`` in the place of a member: its name, its place in the order, its connections with their weights.

        Args:
            old: the member or its name; connections may end at it, but not inside it.
            new: what takes its place, of the same size as far as connections end there.
        """
        name, old = self.find(old, Assembly)
        if new is old:
            return
        if not isinstance(new, Assembly):
            raise ValueError(f"replace_assembly takes groups and assemblies, got {type(new).__name__}.")
        self._check_new(new)
        roots, inside = self.roots(), set(old.tree())
        ours = [c for part in inside for c in part.joins if any(c.lies_in(root) for root in roots)]
        for connection in ours:
            if old not in connection.ends and inside.isdisjoint(connection.homes):
                raise ValueError(f"{connection.address()!r} ends inside {old.address()!r}: delete it first.")
        moved = [(c, c.ends) for c in ours if c in old.joins]
        readers = [reader for reader in list(old.readers) if reader.is_about(old, roots)]
        for connection, ends in moved:
            connection.check_fits(*(new if end is old else end for end in ends))
        for reader in readers:
            reader.check_turn(new)
        for connection, ends in moved:
            connection.join(*(new if end is old else end for end in ends))
        for reader in readers:
            reader.turn(old, new)
        self._modules[name] = new  # in its place
        del old.homes[self]
        vars(old)["name"] = old.name or name
        new.homes[self] = name
        self.touch()

    def merge_assembly(self, other: Assembly) -> None:
        """Add the members and connections of another assembly that are not yet here: the same objects, weights shared.

        A name that is taken gets _1, _2, …; learners and monitors stay with the other.

        Args:
            other: the other assembly, which is not changed.
        """
        if not isinstance(other, Assembly):
            raise ValueError(f"merge_assembly takes an assembly, got {type(other).__name__}.")
        if self in set(other.tree()):
            raise ValueError(f"{other.address()} holds {self.address()}: an assembly cannot be inside itself.")
        for name, part in list(other._modules.items()):
            if isinstance(part, Part) and self not in part.homes:
                self._attach(free(self, name), part)

    def select_assembly(self, assemblies: Iterable[Assembly | str], name: str | None = None) -> Assembly:
        """Return a new assembly with some members and the connections whose both ends are inside: the same objects.

        For independence copy them: ``new.copy_assembly(…)``. This assembly is not changed.

        Args:
            assemblies: members, or their names.
            name: of the new assembly.
        """
        if isinstance(assemblies, (str, Assembly)):
            assemblies = [assemblies]
        found = dict(self.find(part, Assembly) for part in assemblies)
        with unheard():
            selected = Assembly(name)
        for key, part in found.items():
            selected._attach(key, part)
        inside = set(selected.tree())
        joined = {c: None for part in inside for c in part.joins if inside.issuperset(c.ends) and c.lies_in(self)}
        for connection in (c for c in self.paths() if c in joined and inside.isdisjoint(c.homes)):
            key = connection.homes.get(self) or next(iter(connection.homes.values()))
            selected._attach(free(selected, key), connection)
        return selected

    def add_connection(self, name: str, connection: Joint | Assembly) -> None:
        """Add a connection (or a Projection) whose both ends lie inside this assembly.

        Args:
            name: its name here.
            connection: the connection.
        """
        if not isinstance(connection, Joint) and not getattr(connection, "projects", False):
            raise ValueError(f"add_connection takes a Connection or a Projection, got {type(connection).__name__}.")
        self._check_new(connection)
        usable(self, name)
        within = [*connection.connections.values()] if isinstance(connection, Assembly) else [connection]
        for end in (end for each in within for end in each.ends):
            if not end.lies_in(self):
                raise ValueError(f"the end {end.address()!r} of {name!r} is not in {self.address()}: add it first.")
        self._attach(name, connection)

    def del_connection(self, connection: Joint | None = None, name: str | None = None) -> None:
        """Remove a connection of this assembly.

        Args:
            connection: the connection itself. name: or its name; one of the two.
        """
        _, old = self.find(one_of(connection, name, "del_connection"), Joint)
        self._detach(old)

    def assembly_hide(self) -> None:
        """Leave this assembly, and connections that end in it, out of runs, figures and training; values are kept."""
        vars(self)["hidden"] = True
        self.touch()

    def assembly_show(self) -> None:
        """Undo ``assembly_hide``."""
        vars(self)["hidden"] = False
        self.touch()

    def graph(self) -> dict[str, list[dict[str, Any]]]:
        """Return its groups and connections as plain data, hidden ones too: what ``plotting.graph`` draws."""
        return described(self, vars(self).get("_last"))
