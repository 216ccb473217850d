"""Where guesses are kept: in this process, and where the course says (`keep_in`): beside the learner's progress.

A record is ``{"value": the guess or None, "sealed": whether the truth was shown}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from weakref import WeakSet

Record = dict[str, Any]


class _Shows(Protocol):
    guess_id: str
    params: Record


def _nothing() -> Mapping[str, Any]:
    return {}


def _nowhere(_id: str, _record: Any) -> None:
    """Nobody keeps guesses but this process."""


_kept: dict[str, Record] = {}
_views: WeakSet[Any] = WeakSet()  # guesses and truths of this process
_read: Callable[[], Mapping[str, Any]] = _nothing
_write: Callable[[str, Any], None] = _nowhere


def keep_in(read: Callable[[], Mapping[str, Any]], write: Callable[[str, Any], None]) -> None:
    """Keep guesses elsewhere too: ``read()`` returns all by id, ``write(id, record)`` keeps one, None forgets it.

    ``write`` raises ValueError for a record that differs from one that is settled.
    """
    global _read, _write
    _read, _write = read, write
    _kept.clear()


def recall(guess_id: str) -> Any:
    """What is kept under this id, in any form it may have on disk; None: nothing."""
    return _read().get(guess_id, _kept.get(guess_id))


def remember(guess_id: str, record: Record) -> None:
    """Keep a record, and let all widgets of this id show it, or the one that was settled elsewhere."""
    if _kept.get(guess_id) == record:
        return
    _kept[guess_id] = record
    try:
        _write(guess_id, None if record == {"value": None, "sealed": False} else record)
    except ValueError:  # settled in another notebook, and it stays so
        found = recall(guess_id)
        record = _kept[guess_id] = {"value": found["value"], "sealed": found.get("sealed") is True}
    for view in list(_views):
        if view.guess_id == guess_id and view.params != record:
            view.params = record


def watch(view: _Shows) -> None:
    """Let a widget show what is kept under its id from now on."""
    _views.add(view)
