"""What the ten operations of an Assembly do to the names inside it, as plain data; js/assembly.js does the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

OPERATIONS = (
    "add_assembly", "del_assembly", "copy_assembly", "replace_assembly", "merge_assembly", "select_assembly",
    "add_connection", "del_connection", "assembly_hide", "assembly_show",
)  # fmt: skip
# Each operation as it first stands in the widget, on the example; None: there is nothing yet to show again.
FIRST: dict[str, dict[str, Any] | None] = {
    "add_assembly": {"do": "add_assembly", "name": "d", "num": 4},
    "del_assembly": {"do": "del_assembly", "of": "b"},
    "copy_assembly": {"do": "copy_assembly", "name": "d", "of": "a"},
    "replace_assembly": {"do": "replace_assembly", "of": "b", "num": 3},
    "merge_assembly": {"do": "merge_assembly"},
    "select_assembly": {"do": "select_assembly", "of": ["a", "b"]},
    "add_connection": {"do": "add_connection", "name": "ac", "pre": "a", "post": "c"},
    "del_connection": {"do": "del_connection", "of": "ab"},
    "assembly_hide": {"do": "assembly_hide", "of": "b"},
    "assembly_show": None,
}


@dataclass(frozen=True)
class Member:
    """A group of `num` neurons, or, without a num, an assembly inside A; `path` is the way from A, such as "sub.a"."""

    path: str
    id: int
    num: int | None
    hidden: bool = False


@dataclass(frozen=True)
class Link:
    """A connection and the paths of its ends; its weight has the shape [post, pre]."""

    path: str
    id: int
    pre: str
    post: str
    shape: tuple[int, int]


@dataclass(frozen=True)
class State:
    """Everything inside A, in order; `next` is the id of the next object."""

    members: tuple[Member, ...]
    connections: tuple[Link, ...]
    next: int

    def names(self) -> list[str]:
        """What is taken directly in A."""
        return [thing.path for thing in (*self.members, *self.connections) if "." not in thing.path]

    def with_new(self, path: str, num: int | None) -> State:
        return State((*self.members, Member(path, self.next, num)), self.connections, self.next + 1)


START = State(
    (Member("a", 0, 2), Member("b", 1, 3), Member("c", 2, 2)),
    (Link("ab", 3, "a", "b", (3, 2)), Link("bc", 4, "b", "c", (2, 3))),
    5,
)


def within(path: str, root: str) -> bool:
    """Whether a path is that of a member or of something inside it."""
    return path == root or path.startswith(f"{root}.")


def operate(state: State, op: Mapping[str, Any]) -> tuple[State, State | None]:
    """The state afterwards, and the new assembly of select_assembly, else None.

    Raises:
        ValueError: what the contract refuses.
    """
    arguments = {key: value for key, value in op.items() if key != "do"}
    if op.get("do") == "select_assembly":
        return state, _selected(state, **arguments)
    return _DO[op["do"]](state, **arguments), None


def _must_be(state: State, path: str, kind: str = "members") -> None:
    there = [thing.path for thing in getattr(state, kind) if "." not in thing.path]
    if path not in there:
        raise ValueError(f"{path} is not in A, which has {', '.join(there) or '–'}.")


def _must_be_free(state: State, name: str) -> None:
    if name in state.names():
        raise ValueError(f"the name {name} is taken.")


def _free(taken: Sequence[str], wanted: str) -> str:
    tried = (wanted if k == 0 else f"{wanted}_{k}" for k in range(len(taken) + 1))
    return next(name for name in tried if name not in taken)


def _copied(state: State, members: Sequence[Member], links: Sequence[Link], moved: Callable[[str], str]) -> State:
    """With copies of members and connections, as new objects, under the paths that `moved` says."""
    new = [replace(m, path=moved(m.path), id=state.next + k) for k, m in enumerate(members)]
    wires = [
        replace(c, path=moved(c.path), id=state.next + len(new) + k, pre=moved(c.pre), post=moved(c.post))
        for k, c in enumerate(links)
    ]
    return State((*state.members, *new), (*state.connections, *wires), state.next + len(new) + len(wires))


def _add(state: State, name: str, num: int) -> State:
    _must_be_free(state, name)
    return state.with_new(name, num)


def _delete(state: State, of: str) -> State:
    _must_be(state, of)
    kept = (c for c in state.connections if not any(within(path, of) for path in (c.path, c.pre, c.post)))
    return replace(state, members=tuple(m for m in state.members if not within(m.path, of)), connections=tuple(kept))


def _copy(state: State, name: str, of: str) -> State:
    _must_be_free(state, name)
    if of == "A":
        return _copied(state.with_new(name, None), state.members, state.connections, lambda path: f"{name}.{path}")
    _must_be(state, of)
    members = [m for m in state.members if within(m.path, of)]
    inner = [c for c in state.connections if within(c.path, of)]
    return _copied(state, members, inner, lambda path: name + path[len(of) :])


def _replace(state: State, of: str, num: int) -> State:
    _must_be(state, of)
    outer = [c for c in state.connections if not within(c.path, of)]
    for c in outer:
        if any(end != of and within(end, of) for end in (c.pre, c.post)):
            raise ValueError(f"{c.path} ends inside {of}; delete or move it first.")
        if (c.post == of and c.shape[0] != num) or (c.pre == of and c.shape[1] != num):
            raise ValueError(f"{c.path} has weights {list(c.shape)}, which do not fit {num} neurons.")
    kept = [m for m in state.members if m.path == of or not within(m.path, of)]
    members = tuple(Member(of, state.next, num) if m.path == of else m for m in kept)
    return State(members, tuple(outer), state.next + 1)


def _merge(state: State) -> State:
    names: dict[str, str] = {}
    for thing in (*START.members, *START.connections):
        names[thing.path] = _free([*state.names(), *names.values()], thing.path)
    return _copied(state, START.members, START.connections, names.__getitem__)


def _selected(state: State, of: Sequence[str]) -> State:
    for path in of:
        _must_be(state, path)

    def inside(path: str) -> bool:
        return any(within(path, root) for root in of)

    members = tuple(m for root in of for m in state.members if within(m.path, root))
    links = (c for c in state.connections if (inside(c.path) if "." in c.path else inside(c.pre) and inside(c.post)))
    return replace(state, members=members, connections=tuple(links))


def _connect(state: State, name: str, pre: str, post: str) -> State:
    _must_be_free(state, name)
    sizes = {m.path: m.num for m in state.members}
    for end in (pre, post):
        if end not in sizes:
            raise ValueError(f"{end} is not in A: add it first.")
    link = Link(name, state.next, pre, post, (sizes[post], sizes[pre]))
    return State(state.members, (*state.connections, link), state.next + 1)


def _disconnect(state: State, of: str) -> State:
    _must_be(state, of, "connections")
    return replace(state, connections=tuple(c for c in state.connections if c.path != of))


def _flag(state: State, of: str, hidden: bool) -> State:
    _must_be(state, of)
    return replace(state, members=tuple(replace(m, hidden=hidden) if m.path == of else m for m in state.members))


_DO: dict[str, Callable[..., State]] = {
    "add_assembly": _add,
    "del_assembly": _delete,
    "copy_assembly": _copy,
    "replace_assembly": _replace,
    "merge_assembly": _merge,
    "add_connection": _connect,
    "del_connection": _disconnect,
    "assembly_hide": lambda state, of: _flag(state, of, True),
    "assembly_show": lambda state, of: _flag(state, of, False),
}


def visible(state: State) -> State:
    """What the plan holds: members that are not hidden, nor inside what is, and the connections between them."""
    hidden = [m.path for m in state.members if m.hidden]

    def shown(path: str) -> bool:
        return not any(within(path, root) for root in hidden)

    links = (c for c in state.connections if all(map(shown, (c.path, c.pre, c.post))))
    return replace(state, members=tuple(m for m in state.members if shown(m.path)), connections=tuple(links))
