"""Where DVS128 Gesture lies: its folder, the archive under near names, the trials that somebody unpacked by hand."""

from __future__ import annotations

import os
import re
from pathlib import Path

from course_snn.data import files, search

NAME, ARCHIVE = "DVS128Gesture", "DvsGesture.tar.gz"
NEAR = re.compile(r"dvs[\W_]?(128[\W_]?)?gesture.*\.(gz|tgz)", re.IGNORECASE)  # "DvsGesture.tar (1).gz"


def root() -> Path:
    """Where the set lies: DVS128Gesture in the data folder, or what is there under a near name."""
    return search.home(files.folder(), NAME)


def archives(base: Path) -> list[Path]:
    """Return the archive under its own name and near ones, where it belongs and elsewhere in the data folder.

    Args:
        base: the set's folder.
    """
    usual = [base / "download" / ARCHIVE] * os.path.lexists(base / "download" / ARCHIVE)
    near = [path for _, inside in search.walk([base], NAME) for path in inside] + search.children(files.folder())
    near = [path for path in near if NEAR.fullmatch(path.name) and not os.path.isdir(path)]
    return list(dict.fromkeys(usual + near))


def unpacked(base: Path) -> Path | None:
    """Return the folder of the trials, wherever the archive was unpacked to, here or by hand; or None.

    Args:
        base: the set's folder.
    """
    lists = {f"trials_to_{split}.txt" for split in ("train", "test")}
    for folder, inside in search.walk([base / "extract", base], NAME):
        if lists <= {path.name for path in inside}:
            return folder
    return None


def top(folder: Path) -> Path:
    """Return what to delete for the trials to be unpacked anew: ``extract``, or the folder that the learner made.

    Args:
        folder: that of the trials.
    """
    extract = root() / "extract"
    return extract if folder.is_relative_to(extract) else folder
