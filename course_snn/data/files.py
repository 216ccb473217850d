"""The files of a data set: where they lie, and whether they are the genuine ones (SHA-256 of their content)."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from course_snn.language import Label, tr

FOLDER_VARIABLE = "COURSE_SNN_DATA"
OFFLINE_VARIABLE = "COURSE_SNN_OFFLINE"
CORRUPT = ".corrupt"  # what the name of a damaged file ends in once it is set aside
PRESENT, DAMAGED, MISSING = "present", "damaged", "missing"


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

    def unpacked(self, path: Path) -> bytes | None:
        """The content of a .gz file if it is genuine, else None; never more than one byte beyond the size is read."""
        try:
            with gzip.open(path) as file:
                content = file.read(self.size + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            return None
        return content if self.genuine(content) else None


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
        return folder() / self.name / "raw"


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
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    return Path(named).expanduser() if named else platformdirs.user_data_path("course-snn") / "data"


def offline() -> bool:
    """Whether COURSE_SNN_OFFLINE forbids the network; "0" and the empty text do not."""
    return os.environ.get(OFFLINE_VARIABLE, "").strip() not in ("", "0")


def state(collection: Collection) -> str:
    """Tell by size alone whether all files of a set are "present", or one is "damaged" or "missing".

    The checksums are compared whenever the set is loaded.
    """
    states = {_state(collection.raw / file.name, file.size) for file in collection.files}
    return next(found for found in (DAMAGED, MISSING, PRESENT) if found in states)


def _state(path: Path, size: int) -> str:
    packed = path.with_name(f"{path.name}.gz")
    if path.is_file():
        return PRESENT if path.stat().st_size == size else DAMAGED
    if packed.is_file():
        return PRESENT
    return DAMAGED if any(p.with_name(p.name + CORRUPT).exists() for p in (path, packed)) else MISSING


def read(collection: Collection) -> tuple[dict[str, bytes], list[Path]]:
    """Read what is genuine in the folder, plain or as .gz; set aside what is not.

    Returns:
        the content of each file by its name, and the paths of the damaged files as they are called now.
    """
    found: dict[str, bytes] = {}
    damaged: list[Path] = []
    for file in collection.files:
        plain, packed = collection.raw / file.name, collection.raw / f"{file.name}.gz"
        for path in filter(Path.is_file, (plain, packed)):
            content = file.unpacked(path) if path is packed else path.read_bytes()
            if content is not None and file.genuine(content):
                found[file.name] = content
                break
            damaged.append(_set_aside(path))
    return found, damaged


def _set_aside(path: Path) -> Path:
    aside = path.with_name(path.name + CORRUPT)
    try:
        return path.replace(aside)
    except OSError:
        return path  # a read-only folder: it stays, and is refused again next time


def damage(collection: Collection, damaged: list[Path], reason: Label) -> DataError:
    """The error for damaged files of which no sound copy could be had, and why not."""
    names = ", ".join(map(str, damaged))
    return DataError(
        tr(
            f"{collection.name}：文件已损坏（校验和不符），不会使用：{names}。也无法重新下载：{reason.zh}。"
            f"请把完好的文件放进 {collection.raw}，或联网后再运行这一格。",
            f"{collection.name}: damaged, by its checksum, and not used: {names}. It could not be downloaded again: "
            f"{reason.en}. Put a sound copy into {collection.raw}, or run this cell again with a network connection.",
        )
    )
