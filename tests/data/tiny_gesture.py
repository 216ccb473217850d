"""DVS128 Gesture in small: the true formats (AEDAT 3.1, label files, lists, .tar.gz), three trials, a few events."""

from __future__ import annotations

import io
import struct
import tarfile
from pathlib import Path

import numpy as np

TRIALS = {"train": ("user01_lab", "user22_led"), "test": ("user24_natural",)}
SPAN = 1000  # µs of one gesture
START = 80_000_000


def trial_events(seed: int) -> dict[str, np.ndarray]:
    """Events from before the first gesture to after the last."""
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(START - SPAN, START + 14 * SPAN, 3000))
    x, y, p = (rng.integers(0, size, len(t)) for size in (128, 128, 2))
    return {"t": t, "x": x, "y": y, "p": p}


def labels(trial: str) -> list[tuple[int, int, int]]:
    """(class, start, end): gesture 8 twice, and in user22_led the end of 9 within 10, as in the real set."""
    rows = [(c, START + k * SPAN, START + k * SPAN + 900) for k, c in enumerate([1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11])]
    if trial == "user22_led":
        rows[9] = (9, rows[9][1], rows[10][1] + 300)
    return rows


def packet(
    events: dict[str, np.ndarray], room: int = 0, written: bool = True, invalid: np.ndarray | None = None
) -> bytes:
    """One packet; ``room`` more slots than events, written as zeros or only counted; some events marked invalid."""
    valid = np.ones(len(events["t"]), int) if invalid is None else 1 - invalid
    t = events["t"].astype(np.int64)
    data = (events["x"].astype(int) << 17) | (events["y"].astype(int) << 2) | (events["p"].astype(int) << 1) | valid
    body = np.stack([data, t & 0x7FFFFFFF], 1).astype("<u4").tobytes()
    overflow = int(t[0] >> 31) if len(t) else 0
    head = struct.pack("<HH6I", 1, 1, 8, 4, overflow, len(t) + room, len(t), int(valid.sum()))
    return head + body + bytes(8 * room * written)


def aedat(events: dict[str, np.ndarray], step: int = 700, **flaws: object) -> bytes:
    """A file: text header, packets of ``step`` events, between them packets of another type."""
    head = b"#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n"
    other = struct.pack("<HH6I", 0, 1, 8, 4, 0, 1, 1, 1) + struct.pack("<2I", 1, 5)
    parts = [packet({k: v[i : i + step] for k, v in events.items()}, **flaws) for i in range(0, len(events["t"]), step)]
    return head + other + other.join(parts)


def trial_files() -> dict[str, bytes]:
    """The content of the archive by name."""
    found = {}
    for split, trials in TRIALS.items():
        found[f"trials_to_{split}.txt"] = "".join(f"{trial}.aedat\r\n" for trial in trials).encode()
        for seed, trial in enumerate(trials):
            found[f"{trial}.aedat"] = aedat(trial_events(seed + 10 * len(split)))
            rows = "".join(f"{c},{start},{end}\n" for c, start, end in labels(trial))
            found[f"{trial}_labels.csv"] = f"class,startTime_usec,endTime_usec\n{rows}".encode()
    return found


def tar(path: Path, content: dict[str, bytes | tarfile.TarInfo]) -> Path:
    """Write a .tar.gz of files named by their path, or of ready members."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as file:
        for name, body in content.items():
            if isinstance(body, tarfile.TarInfo):
                file.addfile(body)
                continue
            member = tarfile.TarInfo(name)
            member.size = len(body)
            file.addfile(member, io.BytesIO(body))
    return path


def gesture_tar(path: Path, **changed: bytes | None) -> Path:
    """Write the archive; ``changed`` replaces the content of a file, or leaves it out."""
    content = {f"DvsGesture/{name}": changed.get(name, body) for name, body in trial_files().items()}
    return tar(path, {name: body for name, body in content.items() if body is not None})
