"""The files of a data set: where they lie, and whether they are the genuine ones (SHA-256 of their content)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from course_snn.data import causes, contents, search, tarball, trees
from course_snn.data.contents import HINT, OTHER, UNREADABLE, Fault
from course_snn.data.published import CIFAR10, FASHION_MNIST, MNIST, Collection, RawFile
from course_snn.data.search import folder
from course_snn.language import tr

OFFLINE_VARIABLE = "COURSE_SNN_OFFLINE"
CORRUPT = ".corrupt"  # what the name of a damaged file ends in once a sound one has taken its place
PRESENT, DAMAGED, MISSING = "present", "damaged", "missing"
SMALL = 1 << 20  # what is smaller is read even at a quick look
COLLECTIONS = (MNIST, FASHION_MNIST, CIFAR10)


class DataError(RuntimeError):
    """A file of a data set is damaged, and no sound copy could be had."""


def offline() -> bool:
    """Whether COURSE_SNN_OFFLINE forbids the network; "0" and the empty text do not."""
    return os.environ.get(OFFLINE_VARIABLE, "").strip() not in ("", "0")


@dataclass
class Reading:
    """What was found of a set.

    Args:
        found: the content of each file by its name.
        where: the folders that they lie in.
        faults: what lies there and is not used.
    """

    found: dict[str, bytes] = field(default_factory=dict)
    where: dict[Path, None] = field(default_factory=dict)  # in order
    faults: list[Fault] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Fault]:
        """The faults of one kind."""
        return [fault for fault in self.faults if fault.kind == kind]


Examine = Callable[[Path, Collection], "tuple[str, bytes] | Fault"]


def state(collection: Collection) -> str:
    """Tell at a quick look whether all files of a set are "present", or one is "damaged" or "missing".

    In the set's own folder their sizes are compared; the checksums, whenever the set is loaded.
    """
    reading = _look(collection, _quick)
    if _complete(reading, collection) or trees.places(collection):
        return PRESENT
    return DAMAGED if any(fault.kind != HINT for fault in reading.faults) else MISSING


def place(collection: Collection) -> Path:
    """Where a set lies that is "present": the folder of its files, or the folder or zip of its pictures."""
    reading = _look(collection, _quick)
    if not _complete(reading, collection) and (pictures := trees.places(collection)):
        return pictures[0]
    return Path(os.path.commonpath(reading.where)) if reading.where else collection.raw


def unused(collection: Collection) -> list[Fault]:
    """What lies there of a set and is not used, and why: for the doctor, at the same quick look as ``state``."""
    return _look(collection, _quick).faults


def read(collection: Collection) -> Reading:
    """Read what is genuine, plain or packed, whatever it is called and wherever it lies; nothing is changed.

    The content decides, by its SHA-256: a file under another's name is the file that it is.
    """
    return _look(collection, _examine)


def _look(collection: Collection, examine: Examine) -> Reading:
    reading, data = Reading(), folder()
    tops = [collection.raw, *search.homes(data, collection.own)]
    own = dict(search.walk(tops, collection.own, collection.classes))  # near names count there
    loose = {} if search.of_another_set(data, collection.own) else dict(search.level(data))
    every = own | {place: loose[place] for place in loose if place not in own}
    for place, inside in every.items():
        for path in sorted(filter(collection.slot, inside), key=collection.near):
            if not _complete(reading, collection):
                _take(reading, collection, path, examine if place in own else _examine)
    for path in (path for inside in every.values() for path in inside if collection.packed(path)):
        if not _complete(reading, collection):
            _open(reading, collection, path, examine is _quick)
    if _complete(reading, collection):
        reading.faults = reading.of_kind(contents.DAMAGED)
    else:
        _settle(reading, collection, set(own))
    return reading


def _complete(reading: Reading, collection: Collection) -> bool:
    return len(reading.found) == len(collection.files)


def _open(reading: Reading, collection: Collection, path: Path, quick: bool) -> None:
    """Add what an archive holds of the set, or what is wrong with it; at a quick look its length will do."""
    if blocked := contents.obstacle(path):
        reading.faults.append(Fault(path, HINT if path.is_dir() else UNREADABLE, blocked))
        return
    if quick and collection.archive and path.stat().st_size == collection.archive.size:
        found, flaw = {file.name: b"" for file in collection.files}, None
    else:
        found, flaw = tarball.members(path, collection)
    if found:
        reading.where[path.parent] = None
    reading.found = found | reading.found
    if flaw:
        reading.faults.append(Fault(path, contents.DAMAGED, flaw))


def _take(reading: Reading, collection: Collection, path: Path, examine: Examine) -> None:
    """Add a file, or what is wrong with it."""
    result = examine(path, collection)
    if isinstance(result, Fault):
        reading.faults.append(result)
        return
    name, content = result
    reading.found.setdefault(name, content)
    reading.where[path.parent] = None
    if name != collection.slot(path):
        reading.faults.append(Fault(path, OTHER, tr(f"其实是 {name}", f"really {name}")))


def _settle(reading: Reading, collection: Collection, homes: set[Path]) -> None:
    """Keep of the faults those that concern this set, and add what else may tell the learner something."""
    kept = []
    for fault in reading.faults:
        beside = fault.path.parent in homes or fault.path.parent in reading.where
        ours = beside or collection.packed(fault.path)  # an archive lies beside the folder that it unpacks to
        if fault.kind in (UNREADABLE, OTHER) and collection.slot(fault.path) in reading.found:
            continue  # such as a folder under the file's name, in which the file lies
        if ours:
            kept.append(replace(fault, kind=DAMAGED) if fault.kind == OTHER else fault)
        elif fault.kind != OTHER:
            kept.append(replace(fault, kind=HINT))
    for place in sorted({folder(), *homes}):  # the upper ones first
        closed = None if any(fault.path in place.parents for fault in kept) else search.closed(place)
        if closed:
            kept.append(Fault(place, UNREADABLE, closed))
    known = {fault.path for fault in kept}
    reading.faults = kept + [fault for fault in _others(collection, homes) if fault.path not in known][:3]


def _others(collection: Collection, homes: set[Path]) -> list[Fault]:
    """What lies in the set's own folders, or is named for it, and is none of its files."""
    here = [path for home in sorted(homes) for path in search.children(home)]
    here += [path for path in search.children(folder()) if search.named(Path(path.name.split(".")[0]), collection.own)]
    return contents.others(path for path in here if not collection.slot(path) and not collection.packed(path))


def _quick(path: Path, collection: Collection) -> tuple[str, bytes] | Fault:
    """By size, and for the small files by whether they are another set's; what has a wrong size is looked at."""
    wanted = collection.wanted(path)
    try:
        right = path.is_file() and contents.unpacked_size(path) == wanted.size
    except OSError:
        right = False
    if not right or search.unfinished(path):
        return _examine(path, collection)
    result = _examine(path, collection) if wanted.size < SMALL else None
    return result if isinstance(result, Fault) and result.kind == OTHER else (wanted.name, b"")


def _examine(path: Path, collection: Collection) -> tuple[str, bytes] | Fault:
    """Return (name, content) of a file of the set, or what is wrong with this one."""
    wanted = collection.wanted(path)
    exact = path.name.lower().removesuffix(".gz") == wanted.name
    if blocked := contents.obstacle(path):
        return Fault(path, UNREADABLE if exact or not path.is_dir() else HINT, blocked)
    most = contents.room(max(file.size for file in collection.files))
    try:
        with path.open("rb") as file:
            content, whole = contents.unpack(file.read(most), most)
    except OSError as error:
        return Fault(path, UNREADABLE, causes.system(error))
    if genuine := _among(collection.files, content):
        return genuine.name, content
    if search.unfinished(path):
        return Fault(path, HINT, tr("没有下载完", "an unfinished download"))
    for other in COLLECTIONS:
        if stranger := _among(other.files, content):
            theirs = f"{other.name}/{stranger.name}"
            return Fault(path, OTHER, tr(f"其实是 {theirs}", f"really {theirs}"))
    meant = exact or re.search("idx|ubyte", path.name, re.IGNORECASE)  # not test_labels.csv
    return Fault(path, DAMAGED if meant else HINT, contents.wrong(content, whole, wanted.size))


def _among(published: Iterable[RawFile], content: bytes) -> RawFile | None:
    return next((file for file in published if file.genuine(content)), None)
