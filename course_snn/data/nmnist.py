"""N-MNIST, the digits of MNIST seen by an event camera that moves: read where it lies, unpacked or still zipped."""

from __future__ import annotations

import functools
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from course_snn.data import causes, contents, files, search
from course_snn.data.events import by_time
from course_snn.data.files import DataError
from course_snn.data.given import Events
from course_snn.data.recordings import Recordings, Unread
from course_snn.data.sets import announce
from course_snn.language import Label, tr

PAGE = "https://www.garrickorchard.com/datasets/n-mnist"
MD5 = {"Train": "20959b8e626244a1b502305a9e6e2031", "Test": "69ca8762b2fe404d9b9bad1103e97832"}
COUNTS = {"Train": 60_000, "Test": 10_000}
NAME = "N-MNIST"
DAMAGE = (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
SIZE = 34  # the part of the sensor that is kept: 34 × 34
BYTES = 5  # of one event
CARRY_ROW, CARRY = 240, 1 << 13  # an event in this row says that from here on all times are 2^13 µs later


def n_mnist() -> tuple[Recordings, Recordings]:
    """Load the 70000 recordings of N-MNIST, which must be downloaded by hand: the error says how.

        train, test = data.n_mnist()
        frames = train.subset(6000).frames("time", T=10)      # all 60000 would need 5.5 GB

    They may lie in ``N-MNIST`` in the data folder as ``Train/0/*.bin`` … ``Test/9/*.bin``, as Train.zip and Test.zip,
    or as SpikingJelly keeps them (``extract``, ``download``); a folder more, or ``Train (1).zip``, does no harm.
    Nothing is written; each recording is read when it is
    asked for. A part of the set will do. Times are those of the file, in which the camera's three saccades begin at
    about 0, 100 000 and 200 000 µs. Nobody is seen in them, so ``subjects`` are all 0.

    Returns:
        (train, test)

    Raises:
        DataError: not there, or damaged; the message names the file and says what to download.

    Source: Orchard, Jayawant, Cohen & Thakor 2015, Front. Neurosci. 9:437.
    """
    found = {split: _stored(split) for split in COUNTS}
    if missing := [split for split, stored in found.items() if not len(stored)]:
        for home in search.homes(files.folder(), NAME):
            if reason := search.closed(home):
                raise DataError(tr(f"N-MNIST：{home} {reason.zh}。", f"N-MNIST: {home}: {reason.en}."))
        raise _missing(missing)
    classes = tuple(tr(str(digit), str(digit)) for digit in range(10))
    train, test = (
        Recordings(stored, stored.labels(), torch.zeros(len(stored)).long(), classes, SIZE, SIZE, "folder")
        for stored in found.values()
    )
    line = tr(
        f"N-MNIST：真实数据，来自数据文件夹；训练 {len(train)} 段，测试 {len(test)} 段。",
        f"N-MNIST: the real set, from the data folder; {len(train)} to train, {len(test)} to test.",
    )
    if (len(train), len(test)) != tuple(COUNTS.values()):
        line += tr("（完整的数据集有 60000 段和 10000 段。）", " (The whole set has 60000 and 10000.)")
    announce(line)
    return train, test


def root() -> Path:
    """Where the set lies: N-MNIST in the data folder, or what is there under a near name."""
    return search.home(files.folder(), NAME)


def present() -> bool:
    """Whether both halves are there: a quick look that opens nothing."""
    return all(any(_places(split)) for split in COUNTS)


def decode(content: bytes) -> dict[str, np.ndarray]:
    """Return the events of a .bin file: "t" int64 in microseconds, "x" and "y" int16, "p" uint8 (1 = ON).

        40 bits an event: x (8), y (8), p (1), t (23), the highest byte first;
        y = 240 is no event: from there on t counts 2^13 µs more

    Args:
        content: the bytes of the file.

    Raises:
        ValueError: nothing, a piece of an event at the end, or events outside of 34 × 34.

    Source: Orchard et al. 2015; overflow as in Orchard's Read_Ndataset.m and in tonic.
    """
    if not content or len(content) % BYTES:
        raise ValueError(f"{len(content)} bytes, not a multiple of {BYTES}" if content else "0 bytes")
    x, y, high, middle, low = np.frombuffer(content, np.uint8).reshape(-1, BYTES).T.astype(np.int64)
    carry = y == CARRY_ROW
    t = ((high & 127) << 16 | middle << 8 | low) + CARRY * carry.cumsum()
    t, x, y, p = (column[~carry] for column in (t, x, y, high >> 7))
    if not len(t) or max(x.max(), y.max()) >= SIZE:
        raise ValueError(f"no events within {SIZE} × {SIZE}" if not len(t) else f"an event outside of {SIZE} × {SIZE}")
    return {"t": t, "x": x.astype(np.int16), "y": y.astype(np.int16), "p": p.astype(np.uint8)}


@dataclass(frozen=True)
class Stored(Unread):
    """Recordings on disk, each read when it is asked for.

    Args:
        place: a folder that holds 0 … 9, or a .zip file.
        names: of the recordings in it, each with the folder of its digit.
    """

    place: Path
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    def read(self, n: int) -> Events:
        name = self.names[n]
        try:
            events = decode(self._content(name))
        except DAMAGE as error:
            raise _refused(self.place / name, self.place, error) from error
        return by_time(events) if (events["t"][1:] < events["t"][:-1]).any() else events

    def _content(self, name: str) -> bytes:
        if self.place.is_dir():
            return (self.place / name).read_bytes()
        return _opened(self.place, os.getpid(), self.place.stat().st_mtime_ns).read(name)

    def labels(self) -> torch.Tensor:
        """Return the digit of each recording, [N]: the name of its folder."""
        return torch.tensor([int(name.split("/")[-2]) for name in self.names], dtype=torch.int64)


@functools.lru_cache(maxsize=4)
def _opened(path: Path, process: int, changed: int) -> zipfile.ZipFile:
    """An archive with its table of contents, read once: by each process, since forked ones would share one position."""
    return zipfile.ZipFile(path)


def _places(split: str) -> list[Path]:
    """The folders named for a split, then its archives; those in the set's own folder first."""
    inside = list(search.walk(search.homes(files.folder(), NAME), NAME))
    folders = [place for place, _ in inside if search.plain(place.name) == split.lower() and os.path.isdir(place)]
    here = [path for _, paths in inside for path in paths] + search.children(files.folder())
    wanted = re.compile(rf"(.*[\W_])?{split}(?![a-z]).*\.zip", re.IGNORECASE)
    archives = [path for path in here if wanted.fullmatch(path.name) and not os.path.isdir(path)]
    return list(dict.fromkeys(folders + archives))


def _stored(split: str) -> Stored:
    """The recordings of a split where all of them are, else where most are: an archive may be half unpacked."""
    fullest, refused = Stored(root(), ()), []
    for place in _places(split):
        try:
            names = tuple(sorted(_names_in_folder(place) if os.path.isdir(place) else _names_in_archive(place, split)))
        except DAMAGE as error:
            refused.append(_refused(place, place, error))
            continue
        fullest = max(fullest, Stored(place, names), key=len)
        if len(fullest) >= COUNTS[split]:
            return fullest
    if refused:
        raise refused[0]
    return fullest


def _names_in_folder(folder: Path) -> Iterator[str]:
    for digit in (path for path in search.children(folder) if re.fullmatch(r"\d", path.name) and path.is_dir()):
        for name in os.listdir(digit):
            if re.fullmatch(r"[^.].*\.bin", name, re.IGNORECASE):
                yield f"{digit.name}/{name}"


def _names_in_archive(path: Path, split: str) -> list[str]:
    names = _opened(path, os.getpid(), path.stat().st_mtime_ns).namelist()
    wanted = re.compile(rf"((.*/)?{split}/)?\d/[^./][^/]*\.bin", re.IGNORECASE)
    return [name for name in names if wanted.fullmatch(name)]


def _missing(splits: list[str]) -> DataError:
    wanted = ", ".join(f"{split}.zip (MD5 {MD5[split]})" for split in splits)
    line = tr(
        f"没有找到 N-MNIST 的 {'、'.join(splits)}。它只能手动下载：打开 {PAGE}，下载 {wanted}，"
        f"放进 {root()}，不必解压，再运行这一格。",
        f"N-MNIST is not there: no {' and no '.join(splits)}. It can only be downloaded by hand: "
        f"open {PAGE}, download {wanted}, put it into {root()}, where it may stay zipped, and run this cell again.",
    )
    known = {place for split in COUNTS for place in _places(split)}
    here = [path for _, paths in search.walk(search.homes(files.folder(), NAME), NAME) for path in paths]
    return DataError(line + contents.what_lies_there(path for path in here if path not in known))


def _refused(path: Path, file: Path, error: Exception) -> DataError:
    """The error for a recording, or an archive, that cannot be read, or holds something else.

    Args:
        path: what was to be read.
        file: the file in which it lies.
        error: what came of it.
    """
    again = " / ".join(f"{split}.zip (MD5 {md5})" for split, md5 in MD5.items())
    if isinstance(error, OSError):
        cause = contents.obstacle(file) or causes.system(error)
        zh, en = f"无法读取：{cause.zh}", f"cannot be read: {cause.en}"
    else:
        why = _why(file, error)
        zh, en = f"无法读取，可能已损坏（{why.zh}）", f"cannot be read and may be damaged ({why.en})"
    return DataError(
        tr(
            f"N-MNIST：{path} {zh}。请改正，或从 {PAGE} 重新取得这个文件：{again}。",
            f"N-MNIST: {path} {en}. Mend this, or get the file again from {PAGE}: {again}.",
        )
    )


def _why(file: Path, error: Exception) -> Label:
    """What an archive is instead of one; for anything else, the error's own words."""
    own = tr(str(error), str(error))
    if not isinstance(error, zipfile.BadZipFile) or not os.path.isfile(file):
        return own
    head = contents.beginning(file)
    if head.startswith(b"PK"):
        return tr(f"没有下载完，或已损坏：{error}", f"not whole: {error}")
    return contents.odd(head) or own
