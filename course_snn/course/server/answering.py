"""How the course's routes answer: JSON, behind the server's token, with the work in a thread of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler

from course_snn.course.chapters import ChapterError, holds_chapters, notebooks_dir

LOOKED_AT = 200  # folders below the server's own: it may serve somebody's home


class Answer(APIHandler):
    """A route that answers in JSON; an error is `{"message": a sentence}`."""

    _track_activity = False  # a panel that looks again is no work of the learner's: servers may still stop when idle

    async def reply(self, work: Callable[..., Any], *given: Any) -> None:
        """Answer with what ``work`` returns; it may read files, so it does not hold up the server."""
        found = await asyncio.to_thread(work, *given)
        self.finish(json.dumps(found))  # ASCII: half a surrogate pair has no UTF-8

    @property
    def root(self) -> Path:
        """The folder that JupyterLab shows."""
        named = getattr(self.contents_manager, "root_dir", "") or self.settings.get("server_root_dir", ".")
        return Path(named).expanduser().resolve()


def served(root: Path, near: str = "") -> Path | None:
    """Return the folder of the chapters that a server shows; None if it shows none.

    Args:
        root: the folder that the server shows.
        near: a folder in it, as "a/b", that is asked first: where the learner is.
    """
    found = (path for path in chain(_wanted(root, near), _below(root)) if path.is_relative_to(root))
    return next(filter(_holds_chapters, found), None)


def _holds_chapters(path: Path) -> bool:
    with suppress(ValueError, OSError):  # a name too long, a folder that nobody may read
        return holds_chapters(path)
    return False


def _wanted(root: Path, near: str) -> Iterator[Path]:
    with suppress(ValueError, OSError):  # no name of a folder
        yield (root / near).resolve()
    yield root
    with suppress(ChapterError):
        yield notebooks_dir()


def _below(root: Path) -> Iterator[Path]:
    with suppress(OSError):
        folders = (path for path in sorted(root.iterdir()) if path.is_dir() and not path.name.startswith("."))
        yield from islice(folders, LOOKED_AT)
