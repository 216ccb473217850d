"""DVS128 Gesture, the real one: fetched by hand, unpacked and split once, then read recording by recording."""

from __future__ import annotations

import csv
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from course_snn.data import aedat, archive, causes, contents, search
from course_snn.data.dvs128_places import ARCHIVE, NAME, archives, root, top, unpacked
from course_snn.data.events import KEYS, Events, by_time
from course_snn.data.files import DataError
from course_snn.data.recordings import GESTURES, Recordings, Unread
from course_snn.data.sets import announce
from course_snn.drafts import draft
from course_snn.language import Label, tr

PAGE = "https://ibm.ent.box.com/s/3hiq58ww1pbbjrinh367ykfdf60xsfm8/folder/50167556794"
MD5 = "8a5c71fb11e24e5ca5b11866ca6c00a1"
COUNTS = {"train": 1176, "test": 288}
SIZE = 128  # the sensor: 128 × 128
WHO = re.compile(r"user\d+_")  # a recording is named after who is seen


def dvs128_gesture(test_subjects: Iterable[int] | None = None) -> tuple[Recordings, Recordings]:
    """Load the 1464 recordings of DVS128 Gesture, which must be downloaded by hand: the error says how.

    The folders are SpikingJelly's (``download``, ``extract``, ``events_np``), so either program can use what the other
    prepared. Unlike there, an interrupted preparation goes on where it stopped, a file with a wrong checksum is kept,
    labels count in the order of GESTURES, and a gesture ends at the latest where the next one begins (in
    user22_led_labels.csv the end of gesture 9 lies within gesture 10).

    Args:
        test_subjects: numbers of the people to test on, 1 … 29; by default the official split, 24 … 29.

    Returns:
        (train, test)

    Raises:
        DataError: not there, not whole or damaged; the message says what to download or to delete.
        ValueError: somebody who is not among the subjects.

    Source: Amir et al. 2017, "A low power, fully event-based gesture recognition system", Proc. CVPR. CC BY 4.0.
    """
    folder = prepare()
    paths, test_paths = (_stored(folder, split) for split in COUNTS)
    if test_subjects is None:
        train, test = _recordings(paths), _recordings(test_paths)
    else:
        train, test = _recordings(paths + test_paths).split_by_subject(test_subjects)
    announce(
        tr(
            f"DVS128 Gesture：真实数据，来自数据文件夹；训练 {len(train)} 段，测试 {len(test)} 段。",
            f"DVS128 Gesture: the real set, from the data folder; {len(train)} to train, {len(test)} to test.",
        )
    )
    return train, test


def present() -> bool:
    """Whether the archive, or what was made of it, is there: a quick look."""
    base = root()
    made = any((base / name).exists() for name in ("events_np", "extract"))
    return made or bool(archives(base)) or unpacked(base) is not None


def prepare() -> Path:
    """Return the folder of the single recordings; the first time, or after a break, unpack and split the archive.

    Raises:
        DataError: see ``dvs128_gesture``.
    """
    base = root()
    try:
        return _prepared(base)
    except (OSError, NotImplementedError) as error:  # a disk that cannot lock files is NotImplemented
        raise _stopped(base, error) from error


def _prepared(base: Path) -> Path:
    from filelock import FileLock  # comes with torch

    marker, whole = base / "events_np.building", base / "events_np"
    if marker.exists():
        raise _delete(
            tr("SpikingJelly 的准备工作中断了", "SpikingJelly was interrupted while preparing this set"),
            *filter(Path.exists, (marker, whole, base / "extract")),
        )
    if whole.is_dir():
        return whole
    if not (base / "extract").is_dir() and not unpacked(base) and not archives(base):
        if closed := search.closed(base):
            raise DataError(tr(f"DVS128 Gesture：{base} {closed.zh}。", f"DVS128 Gesture: {base}: {closed.en}."))
        raise _missing(base)
    base.mkdir(parents=True, exist_ok=True)
    with FileLock(base / ".prepare.lock"):
        if not whole.is_dir():  # another program may just have finished
            _split(_extracted(base), base / "events_np.part")
            os.replace(base / "events_np.part", whole)
    return whole


def _extracted(base: Path) -> Path:
    """Return the folder of the trials, unpacked if need be, and looked through for what is missing."""
    extract = base / "extract"
    if not extract.is_dir() and not unpacked(base):
        archive.unpack(_sound(archives(base)), extract)
    folder = unpacked(base) or extract / "DvsGesture"
    wanted = [f"trials_to_{split}.txt" for split in COUNTS]
    if all((folder / name).is_file() for name in wanted):
        trials = [trial for split in COUNTS for trial in _trials(folder, split)]
        wanted = [name for trial in trials for name in (f"{trial}.aedat", f"{trial}_labels.csv")]
    if lost := [name for name in wanted if not (folder / name).is_file()]:
        reason = tr(f"{folder} 不完整，缺 {', '.join(lost[:3])}", f"{folder} is not complete: no {', '.join(lost[:3])}")
        raise _delete(reason, top(folder))
    return folder


def _sound(archives: list[Path]) -> Path:
    """The first archive that has the published checksum; where none has, the first one's error."""
    refused = []
    for path in archives:
        try:
            archive.check(path, MD5)
        except DataError as error:
            refused.append(error)
        else:
            return path
    raise refused[0]


def _trials(folder: Path, split: str) -> list[str]:
    """Return the names of the trials of a split, without ".aedat"; a name is a name, never a path."""
    names = (folder / f"trials_to_{split}.txt").read_text(encoding="utf-8-sig", errors="replace").split()
    if odd := [name for name in names if not re.fullmatch(r"user\d+_\w+\.aedat", name)]:
        reason = tr(
            f"trials_to_{split}.txt 里的 {odd[0]!r} 不是录像名", f"{odd[0]!r} in trials_to_{split}.txt is no trial"
        )
        raise _delete(reason, top(folder))
    return [name.removesuffix(".aedat") for name in names]


def _split(folder: Path, staging: Path) -> None:
    """Cut every trial into its gestures, one .npz each; those that are there since an earlier run are kept."""
    from tqdm.auto import tqdm

    trials = [(split, trial) for split in COUNTS for trial in _trials(folder, split)]
    for split, trial in tqdm(trials, desc="DVS128 Gesture", leave=False):
        gestures = _gestures(folder / f"{trial}_labels.csv")
        paths = [staging / split / str(label) / f"{trial}_{k}.npz" for label, k, _, _ in gestures]
        if all(path.is_file() for path in paths):
            continue
        try:
            events = aedat.read(folder / f"{trial}.aedat")
        except aedat.AedatError as error:
            where = f"{folder / trial}.aedat"
            reason = tr(f"{where}: {error.reason.zh}", f"{where}: {error.reason.en}")
            raise _delete(reason, top(folder)) from error
        within = [(events["t"] >= start) & (events["t"] < end) for _, _, start, end in gestures]
        if empty := [gesture for gesture, here in zip(gestures, within, strict=True) if not here.any()]:
            where = f"{trial}.aedat, {empty[0][2]} … {empty[0][3]} µs"
            raise _delete(tr(f"{where} 之间没有事件", f"no events in {where}"), top(folder))
        for path, here in zip(paths, within, strict=True):
            _save(path, {key: events[key][here] for key in KEYS})


def _gestures(path: Path) -> list[tuple[int, int, int, int]]:
    """Return (label 0 … 10, how many of that label came before, start, end) of each gesture in a trial."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [tuple(map(int, row)) for row in list(csv.reader(file))[1:] if any(map(str.strip, row))]
        if not rows or any(len(row) != 3 or not 1 <= row[0] <= len(GESTURES) for row in rows):
            raise ValueError("class,startTime_usec,endTime_usec")
    except ValueError as error:
        raise _delete(
            tr(f"{path} 无法读懂：{error}", f"{path} cannot be understood: {error}"), top(path.parent)
        ) from error
    found: list[tuple[int, int, int, int]] = []
    for number, start, end in rows:
        end = min([end, *(later for _, later, _ in rows if later > start)])
        found.append((number - 1, sum(label == number - 1 for label, *_ in found), start, end))
    return found


def _save(path: Path, events: Events) -> None:
    with draft(path) as file:
        np.savez_compressed(file, t=events["t"], x=events["x"], y=events["y"], p=events["p"])


@dataclass(frozen=True)
class Stored(Unread):
    """Recordings on disk, each read when it is asked for.

    Args:
        paths: .npz files with t, x, y and p.
    """

    paths: tuple[Path, ...]

    def __len__(self) -> int:
        return len(self.paths)

    def read(self, n: int) -> Events:
        path = self.paths[n]
        try:
            with path.open("rb") as raw, np.load(raw) as file:
                events = {key: file[key] for key in KEYS}
            if not events["t"].size:
                raise ValueError("no events")
        except OSError as error:
            why = contents.obstacle(path) or causes.system(error)
            raise DataError(tr(f"DVS128 Gesture：{path} {why.zh}。", f"DVS128 Gesture: {path}: {why.en}.")) from error
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise _delete(tr(f"{path} 已损坏", f"{path} is damaged"), path.parents[2]) from error
        if (events["t"][1:] < events["t"][:-1]).any():
            events = by_time(events)
        small = {key: events[key].astype(np.int16) for key in ("x", "y")}
        return {"t": events["t"].astype(np.int64) - int(events["t"][0]), **small, "p": events["p"].astype(np.uint8)}


def _stored(folder: Path, split: str) -> tuple[Path, ...]:
    """Return the files of a split, as many as there must be, each named after who is seen."""
    paths = tuple(_paths(folder / split))
    if odd := [path for path in paths if not WHO.match(path.name)]:
        reason = tr(f"{odd[0]} 不是录像名（user1_….npz）", f"{odd[0]} is no name of a recording (user1_….npz)")
        raise _delete(reason, *odd)
    if len(paths) != COUNTS[split]:
        reason = tr(
            f"{folder / split} 里有 {len(paths)} 段录像，应有 {COUNTS[split]} 段",
            f"{folder / split} holds {len(paths)} recordings instead of {COUNTS[split]}",
        )
        raise _delete(reason, folder)
    return paths


def _recordings(paths: tuple[Path, ...]) -> Recordings:
    labels = torch.tensor([int(path.parent.name) for path in paths])
    subjects = torch.tensor([int(path.name.removeprefix("user").partition("_")[0]) for path in paths])
    return Recordings(Stored(paths), labels, subjects, GESTURES, SIZE, SIZE, "folder")


def _paths(folder: Path) -> Iterator[Path]:
    for label in range(len(GESTURES)):  # by number: as words, "10" comes before "2"
        yield from sorted((folder / str(label)).glob("user*_*.npz"))


def _missing(base: Path) -> DataError:
    where = base / "download"
    line = tr(
        f"没有找到 DVS128 Gesture。它只能手动下载（CC BY 4.0）：打开 {PAGE}，下载 {ARCHIVE}（约 3 GB，MD5 {MD5}），"
        f"不要解压，放进 {where}，再运行这一格。首次运行会解压（约 5 GB）并切分，请留出 15 GB 空间；"
        "中断后再运行会接着做。不下载时，可用合成的手势：data.synthetic_gestures()。",
        f"DVS128 Gesture is not there. It can only be downloaded by hand (CC BY 4.0): open {PAGE}, download "
        f"{ARCHIVE} (about 3 GB, MD5 {MD5}), do not unpack it, put it into {where}, and run this cell again. The "
        "first run unpacks (about 5 GB) and splits it, so leave 15 GB free; after a break, run again and it goes "
        "on. Without it there are synthetic gestures: data.synthetic_gestures().",
    )
    return DataError(
        line + contents.what_lies_there(path for _, inside in search.walk([base], NAME) for path in inside)
    )


def _stopped(base: Path, error: OSError | NotImplementedError) -> DataError:
    cause = causes.system(error)
    where = getattr(error, "filename", None) or base
    return DataError(
        tr(
            f"DVS128 Gesture：准备到 {where} 时停下了：{cause.zh}。解压和切分要占 {base} 约 15 GB；"
            "处理好后再运行这一格，会接着做。",
            f"DVS128 Gesture: it stopped at {where}: {cause.en}. Unpacking and splitting take about 15 GB in {base}; "
            "once this is mended, run this cell again, and it goes on.",
        )
    )


def _delete(reason: Label, *what: Path) -> DataError:
    """The error for something half-made: which folders to delete; the archive is never among them."""
    part = root() / "events_np.part"  # what was split so far may come from the damaged files
    names = ", ".join(map(str, what + (part,) * part.exists()))
    keep = tr(
        f"download 文件夹里的 {ARCHIVE} 不要删，一切都会由它重新生成",
        f"keep {ARCHIVE} in the folder download, from which everything is made anew",
    )
    if not archives(root()):
        keep = tr(f"再从 {PAGE} 下载 {ARCHIVE}", f"{ARCHIVE}, from which it is made anew, is at {PAGE}")
    return DataError(
        tr(
            f"DVS128 Gesture：{reason.zh}。请删除 {names}，再运行这一格；{keep.zh}。",
            f"DVS128 Gesture: {reason.en}. Delete {names}, and run this cell again; {keep.en}.",
        )
    )
