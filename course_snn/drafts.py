"""Writing files so that a reader sees the old one or the new one, never half of either."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


@contextlib.contextmanager
def draft(path: Path, *, shared: bool = False, synced: bool = False, aside: Path | None = None) -> Iterator[BinaryIO]:
    """Open a temporary file beside ``path`` that takes its place when the block ends, and is removed if it fails.

        with draft(path) as file:
            file.write(content)

    The folder is made if it is missing; a file that is replaced hands on its mode. What a program that was killed left
    behind, ``<name>.part``, is written over the next time.

    Args:
        path: the file to write.
        shared: several programs or threads may write this file at once, so each has a temporary file of its own.
        synced: wait until the content lies on the disk, so that no power cut can let the rename overtake it.
        aside: where the file that stood at ``path`` goes; by default it is replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    own = f".{os.getpid()}-{threading.get_ident()}" if shared else ""
    part = path.with_name(f"{path.name}{own}.part")
    try:
        with part.open("wb") as file:
            yield file
            if synced:
                file.flush()
                os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
            if aside is not None:
                os.replace(path, aside)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
