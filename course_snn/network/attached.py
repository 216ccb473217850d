"""What belongs to a network without being a part of it: it is an attribute somewhere in the tree, and about parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from course_snn.network.names import Made


class Attached(metaclass=Made):
    """What belongs to a network without being a part of it: learners, optimisers, monitors.

    Args:
        watches: the parts that it is about. name: what it is called where no variable gives a name.
    """

    no_setting: ClassVar = True  # what it is about is a setting there, not here (training.description)

    def __init__(self, watches: Iterable[Any], name: str | None = None) -> None:
        self.watches, self.name = tuple(watches), name
        self._be_known()

    def __getstate__(self) -> dict[str, Any]:  # of copies and pickles: a new place is given by who holds it
        return {key: value for key, value in vars(self).items() if key != "_places"}

    @property
    def places(self) -> WeakKeyDictionary:
        """The assemblies that it was ever made an attribute of, and its names there."""
        return vars(self).setdefault("_places", WeakKeyDictionary())

    @property
    def placed(self) -> bool:
        """Whether somebody has given it a place."""
        return bool(self.places)

    def place(self, assembly: Any, name: str) -> None:
        """Take note of being an attribute of an assembly.

        Args:
            assembly: whose. name: the attribute's.
        """
        self.places.setdefault(assembly, {})[name] = None
        self._be_known()

    def is_about(self, part: Any, roots: list[Any]) -> bool:
        """Return whether it is about this part, and an attribute somewhere inside these.

        Args:
            part: a part. roots: assemblies.
        """
        held = (home for home, names in self.places.items() if any(vars(home).get(name) is self for name in names))
        return part in self.watches and any(home.lies_in(root) for home in held for root in roots)

    def _be_known(self) -> None:
        for part in self.watches:
            part.readers[self] = None

    def check_turn(self, new: Any) -> None:
        """Raise ValueError if it could not be about this part."""

    def turn(self, old: Any, new: Any) -> None:
        """Be about ``new`` where it was about ``old``.

        Args:
            old, new: parts.
        """
        self.watches = tuple(new if part is old else part for part in self.watches)
        self._be_known()
