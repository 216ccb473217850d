"""Names that a caller gives: which were meant, and which are accepted."""

import difflib
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def meant(wrong: str, allowed: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the one of ``allowed`` that is spelt almost like ``wrong``, else nothing.

    Args:
        wrong: what was given.
        allowed: what is accepted.
    """
    same = {str(name).lower(): name for name in allowed}
    near = difflib.get_close_matches(str(wrong).lower(), same, 1)
    return f" Did you mean {same[near[0]]!r}?" if near else ""


def parameters(make: Callable, without: Iterable[str] = ()) -> dict[str, inspect.Parameter]:
    """Return what a function or class takes by name, in its order.

    Args:
        make: the function or class.
        without: names that somebody else gives.
    """
    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    found = inspect.signature(make).parameters.items()
    return {name: p for name, p in found if p.kind in kinds and name not in {"self", *without}}


def known(make: type, given: Iterable[str]) -> None:
    """Raise TypeError for a name that a class does not take, and say which it does; Python itself does not.

    Args:
        make: the class; one that takes **more looks itself.
        given: names of what is given.
    """
    takes = inspect.signature(make).parameters
    if any(p.kind is p.VAR_KEYWORD for p in takes.values()):
        return
    for name in given:
        if name not in takes:
            said = f"{meant(name, takes)} It takes {', '.join(takes)}." if takes else " It takes no parameters."
            raise TypeError(f"{make.__name__} has no parameter {name!r}.{said}")


@functools.lru_cache(256)
def takes(make: Callable, name: str) -> bool:
    """Return whether a function or class has a parameter of this name; asked in every run, so it is remembered.

    Args:
        make: the function or class. name: the parameter.
    """
    return name in parameters(make)


def accepted(
    who: str, make: Callable, given: Mapping[str, Any], without: Iterable[str] = (), beside: Callable | None = None
) -> dict[str, Any]:
    """Return what is given to ``make``, each under the name that its signature has; capitals do not matter.

    Args:
        who: what an error calls it.
        make: the function or class that shall take it.
        given: values by name.
        without: names that it takes, but not from here.
        beside: what passes the rest on, and takes parameters of its own, which may be the ones that were meant.

    Raises:
        TypeError: a name that it does not take, or takes twice, or one that it needs and did not get; the message lists
            the names.
    """
    allowed = parameters(make, without)
    lower = {name.lower(): name for name in allowed}
    takes = f"It takes {', '.join(allowed)}." if allowed else "It takes no parameters."
    values: dict[str, Any] = {}
    for name, value in given.items():
        known = name if name in allowed else lower.get(str(name).lower())
        if known is None:
            own = parameters(beside) if beside else {}
            raise TypeError(f"{who} has no parameter {name!r}.{meant(name, [*allowed, *own])} {takes}")
        if known in values:
            raise TypeError(f"{who} got {known!r} twice. {takes}")
        values[known] = value
    missing = [name for name, p in allowed.items() if p.default is p.empty and name not in values]
    if missing:
        raise TypeError(f"{who} needs {', '.join(map(repr, missing))}. {takes}")
    return values


def chosen(what: str, name: object, table: Mapping[str, Any], hint: str = "") -> Any:
    """Return ``table[name]``.

    Args:
        what: what the table holds, for the error.
        name: the name.
        table: values by name.
        hint: more to say where there is no such name.

    Raises:
        ValueError: no such name; the message lists those that there are.
    """
    if not isinstance(name, str) or name not in table:
        raise ValueError(f"no {what} {name!r}.{meant(str(name), table)} There are {', '.join(table)}.{hint}")
    return table[name]
