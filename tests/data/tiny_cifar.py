"""CIFAR-10 with a few pictures: the six batches as Python 2 pickled them in 2009, their archive, and pictures."""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
from PIL import Image

from course_snn.data.files import CIFAR10, Collection, RawFile

CLASSES = CIFAR10.classes
EACH = 20  # pictures in a batch: two of each class


class Python2(pickle._Pickler):
    """Writes bytes as Python 2 wrote its strings."""

    dispatch: ClassVar = dict(pickle._Pickler.dispatch)

    def save_string(self, value: bytes) -> None:
        short = len(value) < 256
        self.write(b"U" + bytes([len(value)]) if short else b"T" + struct.pack("<i", len(value)))
        self.write(value)
        self.memoize(value)

    dispatch[bytes] = save_string


def old_pickle(thing: object) -> bytes:
    """A pickle of protocol 2, in which numpy has the name that it had."""
    file = io.BytesIO()
    Python2(file, protocol=2).dump(thing)
    return file.getvalue().replace(b"numpy._core.multiarray", b"numpy.core.multiarray")


def pixels(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (EACH, 3072), dtype=np.uint8)


def labels(seed: int) -> list[int]:
    return [(n + seed) % 10 for n in range(EACH)]


def batch(seed: int) -> bytes:
    text = {b"batch_label": b"training batch %d of 5" % seed, b"filenames": [b"a_s_%06d.png" % n for n in range(EACH)]}
    return old_pickle({**text, b"labels": labels(seed), b"data": pixels(seed)})


BATCHES = {file.name: batch(seed) for seed, file in enumerate(CIFAR10.files, 1)}
FILES = tuple(RawFile(name, len(body), hashlib.sha256(body).hexdigest()) for name, body in BATCHES.items())


def tarball(batches: dict[str, bytes] = BATCHES, folder: str = "cifar-10-batches-py/") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, body in {"batches.meta": b"names", **batches}.items():
            member = tarfile.TarInfo(folder + name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    return file.getvalue()


ARCHIVE = tarball()
TINY = replace(
    CIFAR10,
    files=FILES,
    mirrors=(),
    archive=RawFile("cifar-10-python.tar.gz", len(ARCHIVE), hashlib.sha256(ARCHIVE).hexdigest()),
)


def lay(folder: Path) -> Path:
    """Put the batches into a folder, as torchvision unpacks them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in BATCHES.items():
        (folder / name).write_bytes(body)
    return folder


def pictures(split: str) -> list[tuple[str, bytes]]:
    """(class/number.png, content) of two pictures of each class; a split's are the first or the last batch's."""
    seed = 1 if split == "train" else 6
    found = []
    for n, (row, label) in enumerate(zip(pixels(seed), labels(seed), strict=True)):
        file = io.BytesIO()
        Image.fromarray(row.reshape(3, 32, 32).transpose(1, 2, 0)).save(file, "png")
        found.append((f"{CLASSES[label]}/{n // 10:04}.png", file.getvalue()))
    return found


def lay_pictures(folder: Path, train: str = "train", test: str = "test") -> Path:
    """Put pictures into folders of classes."""
    for split, name in ("train", train), ("test", test):
        for path, body in pictures(split):
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_bytes(body)
    return folder


def zipped(path: Path, inside: str = "") -> Path:
    """Put the same into a zip."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"__MACOSX/{inside}train/airplane/._0000.png", b"\0\5\26\7")
        for split in ("train", "test"):
            for name, body in pictures(split):
                archive.writestr(f"{inside}{split}/{name}", body)
    return path


def put(collection: Collection, path: str, body: bytes) -> Path:
    """Put a file beside the collection's folder."""
    target = collection.raw.parent / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
    return target
