"""The files of a data set: where they lie, and whether they are the genuine ones (SHA-256 of their content)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import platformdirs

from course_snn.data import causes, contents, search
from course_snn.data.contents import HINT, OTHER, UNREADABLE, Fault
from course_snn.language import tr

FOLDER_VARIABLE = "COURSE_SNN_DATA"
OFFLINE_VARIABLE = "COURSE_SNN_OFFLINE"
CORRUPT = ".corrupt"  # what the name of a damaged file ends in once a sound one has taken its place
PRESENT, DAMAGED, MISSING = "present", "damaged", "missing"
SMALL = 1 << 20  # what is smaller is read even at a quick look
SLOT = re.compile(r"(?<![a-z0-9])(train|t10k|test)[^a-z0-9]*(image|label)", re.IGNORECASE)


class DataError(RuntimeError):
    """A file of a data set is damaged, and no sound copy could be had."""


@dataclass(frozen=True)
class RawFile:
    """One idx file as published.

    Args:
        name: file name without .gz.
        size: bytes of its content, unpacked.
        sha256: SHA-256 of the same, in hexadecimal digits.
    """

    name: str
    size: int
    sha256: str

    def genuine(self, content: bytes) -> bool:
        """Whether this is the published content, to the last bit."""
        return len(content) == self.size and hashlib.sha256(content).hexdigest() == self.sha256


@dataclass(frozen=True)
class Collection:
    """A data set as it lies in a folder.

    Args:
        name: its folder, named as by torchvision.
        files: images and labels for training, images and labels for testing.
        mirrors: addresses of folders that hold the files packed, tried in this order.
    """

    name: str
    files: tuple[RawFile, RawFile, RawFile, RawFile]
    mirrors: tuple[str, ...]

    @property
    def raw(self) -> Path:
        """Where its files lie: torchvision's layout."""
        return search.home(folder(), self.name) / "raw"

    def slot(self, path: Path) -> str | None:
        """The file that a path is named for, however roughly: "Train_Images (1).gz" for "train-images-idx3-ubyte"."""
        wanted = _slot(path.name)
        return next((file.name for file in self.files if _slot(file.name) == wanted), None) if wanted else None

    def wanted(self, path: Path) -> RawFile:
        """The same, as it was published."""
        return next(file for file in self.files if file.name == self.slot(path))

    def near(self, path: Path) -> tuple[int, str]:
        """By how well a path is named: the published name, that of the packed file, others."""
        name = self.slot(path)
        return [name, f"{name}.gz", path.name].index(path.name), path.name


def _slot(name: str) -> tuple[str, str] | None:
    found = None if name.startswith(".") else SLOT.search(name)
    return (found[1].lower().replace("t10k", "test"), found[2].lower()) if found else None


def _idx(images: str, labels: str, test_images: str, test_labels: str) -> tuple[RawFile, RawFile, RawFile, RawFile]:
    return (
        RawFile("train-images-idx3-ubyte", 47040016, images),
        RawFile("train-labels-idx1-ubyte", 60008, labels),
        RawFile("t10k-images-idx3-ubyte", 7840016, test_images),
        RawFile("t10k-labels-idx1-ubyte", 10008, test_labels),
    )


MNIST = Collection(
    "MNIST",
    _idx(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",  # PyTorch
        "https://dataset.bj.bcebos.com/mnist/",  # PaddlePaddle, Beijing
        "https://storage.googleapis.com/cvdf-datasets/mnist/",  # CVDF
    ),
)
FASHION_MNIST = Collection(
    "FashionMNIST",
    _idx(
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",  # Zalando
        "https://dataset.bj.bcebos.com/fashion_mnist/",  # PaddlePaddle, Beijing
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
)
COLLECTIONS = (MNIST, FASHION_MNIST)


def folder() -> Path:
    """The data folder: the one that COURSE_SNN_DATA names, else one in the user's own data folder."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip().strip("\"'").strip()  # Windows' `set` keeps the quotes
    if not named:
        return platformdirs.user_data_path("course-snn") / "data"
    return Path(os.path.abspath(os.path.expanduser(named)))


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
    if len(reading.found) == len(collection.files):
        return PRESENT
    return DAMAGED if any(fault.kind != HINT for fault in reading.faults) else MISSING


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
    own = dict(
        search.walk([collection.raw, *search.homes(data, collection.name)], collection.name)
    )  # near names count there
    loose = {} if search.of_another_set(data, collection.name) else dict(search.level(data))
    for place, inside in (own | {place: loose[place] for place in loose if place not in own}).items():
        for path in sorted(filter(collection.slot, inside), key=collection.near):
            if len(reading.found) == len(collection.files):
                reading.faults = reading.of_kind(contents.DAMAGED)
                return reading
            _take(reading, collection, path, examine if place in own else _examine)
    _settle(reading, collection, set(own))
    return reading


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
        ours = fault.path.parent in homes or fault.path.parent in reading.where
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
    here = [path for home in sorted(homes) for path in search.children(home) if not collection.slot(path)]
    here += [path for path in search.children(folder()) if search.named(Path(path.name.split(".")[0]), collection.name)]
    return contents.others(here)


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
