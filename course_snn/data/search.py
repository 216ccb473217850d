"""Where a set may really lie: a folder too high or too deep, under a near name, or still being downloaded."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import platformdirs

from course_snn.data import causes
from course_snn.language import Label, tr

FOLDER_VARIABLE = "COURSE_SNN_DATA"
SETS = {  # what the folder of a set may be called, in small letters and digits; the key is its proper name
    "MNIST": ("mnist",),
    "FashionMNIST": ("fashionmnist", "fashion"),
    "N-MNIST": ("nmnist",),
    "cifar-10-batches-py": ("cifar10batchespy", "cifar10", "cifar10python", "cifar10batches", "cifar10images"),
    "DVS128Gesture": ("dvs128gesture", "dvsgesture", "dvs128", "dvs128gestures"),
}
DEPTH, MOST = 3, 300  # how deep, and through how many folders, a set is looked for
UNFINISHED = re.compile(
    r"\.(part|partial|crdownload|download|downloading|opdownload|filepart|tmp|xltd|td|aria2|!ut)$", re.IGNORECASE
)


def folder() -> Path:
    """The data folder: the one that COURSE_SNN_DATA names, else one in the user's own data folder."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip().strip("\"'").strip()  # Windows' `set` keeps the quotes
    if not named:
        return platformdirs.user_data_path("course-snn") / "data"
    return Path(os.path.abspath(os.path.expanduser(named)))


def plain(name: str) -> str:
    """Return the name of a folder without what varies: case, signs, "data", "(1)": "MNIST_data (1)" is "mnist".

    Args:
        name: the name.
    """
    letters = re.sub(r"[^a-z0-9]", "", re.sub(r"\s*\(\d+\)|copy|master", "", name.lower()))
    return re.sub(r"(data|dataset|datasets)$", "", letters)


def unfinished(path: Path) -> bool:
    """Whether the name is that of a download which a browser or a download program has not finished.

    Args:
        path: the file.
    """
    return bool(UNFINISHED.search(path.name))


def homes(data: Path, name: str) -> list[Path]:
    """Return the folders that are named for a set, the proper one first, whether or not it is there.

    The data folder may be the set's own, or its ``raw``; then the other sets may lie beside it.

    Args:
        data: the data folder.
        name: the proper name of the set's folder.
    """
    above = [data]
    if _is_a_set(data):
        above.append(data.parent)
    elif data.name.lower() == "raw" and _is_a_set(data.parent):
        above.append(data.parent.parent)
    near = [path for folder in above for path in children(folder) if named(path, name) and os.path.isdir(path)]
    return list(dict.fromkeys([data / name, *near]))


def home(data: Path, name: str) -> Path:
    """Return the folder of a set: the first that is there, else the proper one.

    Args:
        data: the data folder.
        name: the proper name of the set's folder.
    """
    here = homes(data, name)
    return next((path for path in here if os.path.isdir(path)), here[0])


def of_another_set(data: Path, name: str) -> bool:
    """Whether the data folder is itself named for a set, but for another one."""
    own = data.parent if data.name.lower() == "raw" else data
    return _is_a_set(own) and not named(own, name)


def _is_a_set(folder: Path) -> bool:
    return any(named(folder, name) for name in SETS)


def named(folder: Path, name: str) -> bool:
    """Whether a folder is named for a set, however roughly.

    Args:
        folder: the folder.
        name: the proper name of the set's folder.
    """
    return plain(folder.name) in SETS.get(name, (plain(name),))


def children(folder: Path) -> list[Path]:
    """Return what lies in a folder, sorted by name; a folder that is not there, or that cannot be listed, has none.

    Args:
        folder: the folder.
    """
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def closed(folder: Path) -> Label | None:
    """Return why a folder that is there cannot be listed, or None.

    Args:
        folder: the folder, there or not.
    """
    try:
        os.scandir(folder).close()
    except FileNotFoundError:
        return tr("是一个失效的链接", "a link that leads nowhere") if os.path.islink(folder) else None
    except NotADirectoryError:
        return tr("是文件，不是文件夹", "a file, not a folder") if os.path.lexists(folder) else None
    except OSError as error:
        return tr(f"无法打开：{causes.system(error).zh}", f"cannot be opened: {causes.system(error).en}")
    return None


def walk(tops: Iterable[Path], name: str, without: Iterable[str] = ()) -> Iterator[tuple[Path, list[Path]]]:
    """Yield (folder, what lies in it) of folders and of those inside, the upper ones first.

    Folders of single classes (named by a number), hidden ones, half-made ones (``.part``) and those of other sets are
    passed over.

    Args:
        tops: where to begin.
        name: the proper name of the set's folder.
        without: names of folders that are passed over, too, in small letters.
    """
    level, seen = list(tops), 0
    for _ in range(DEPTH + 1):
        deeper: list[Path] = []
        for folder in level:
            inside = children(folder)
            yield folder, inside
            inner = [path for path in inside if path.name.lower() not in without and _worth(path)]
            deeper += [path for path in inner if named(path, name) or not _is_a_set(path)]
            seen += 1
            if seen >= MOST:
                return
        level = deeper


def level(folder: Path) -> list[tuple[Path, list[Path]]]:
    """Return (folder, what lies in it) of a folder and of those right in it that are not named for a set.

    Args:
        folder: the folder.
    """
    inside = children(folder)
    below = [path for path in inside if _worth(path) and not _is_a_set(path)]
    return [(folder, inside), *((path, children(path)) for path in below[:MOST])]


def _worth(path: Path) -> bool:
    name = path.name
    return not (name.startswith(".") or name.isdigit() or unfinished(path)) and os.path.isdir(path)
