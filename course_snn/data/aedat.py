"""Reading AEDAT 3.1, the file format of DVS128 Gesture: packets of events, read at once instead of one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from course_snn.language import Label, tr

END_OF_HEADER = b"#!END-HEADER\r\n"
POLARITY = 1  # the type of the packets that hold brightness changes; others (triggers, motion sensor) are passed over
PACKET = np.dtype(
    [("type", "<u2"), ("source", "<u2")]
    + [(name, "<u4") for name in ("size", "offset", "overflow", "capacity", "number", "valid")]
)
EVENT = np.dtype([("data", "<u4"), ("time", "<u4")])


class AedatError(ValueError):
    """What is wrong with an AEDAT file, in both languages.

    Args:
        reason: a sentence for the learner.
    """

    def __init__(self, reason: Label) -> None:
        super().__init__(reason)
        self.reason = reason


def read(path: Path) -> dict[str, np.ndarray]:
    """Return the valid polarity events of a file: "t" int64 in microseconds, "x" and "y" int16, "p" uint8.

        x = (data >> 17) & 0x7fff,  y = (data >> 2) & 0x7fff,  p = (data >> 1) & 1,  valid = data & 1
        t = time | overflow << 31

    Args:
        path: the .aedat file.

    Raises:
        AedatError: not an AEDAT 3 file, or cut off, or damaged.

    Source: iniVation, AEDAT 3.1 file format specification.
    """
    content = path.read_bytes()
    at = content.find(END_OF_HEADER) + len(END_OF_HEADER)
    if not content.startswith(b"#!AER-DAT3") or at < len(END_OF_HEADER):
        raise AedatError(
            tr(
                f"不是 AEDAT 3 文件（{len(content)} 字节，没有完整的文件头）",
                f"not an AEDAT 3 file ({len(content)} bytes without a complete header)",
            )
        )
    blocks, times = [np.empty(0, "<u4")], [np.empty(0, np.int64)]
    while at < len(content):
        head, stop = _packet(content, at)
        if head["type"] == POLARITY:
            events: np.ndarray = np.frombuffer(content, EVENT, int(head["number"]), at + PACKET.itemsize)
            events = events[events["data"] & 1 == 1]
            blocks.append(events["data"])
            times.append(events["time"].astype(np.int64) | int(head["overflow"]) << 31)
        at = stop
    data = np.concatenate(blocks)
    return {
        "t": np.concatenate(times),
        "x": (data >> 17 & 0x7FFF).astype(np.int16),
        "y": (data >> 2 & 0x7FFF).astype(np.int16),
        "p": (data >> 1 & 1).astype(np.uint8),
    }


def _packet(content: bytes, at: int) -> tuple[np.void, int]:
    """Return the header of the packet that begins at a byte, and where the packet ends.

    A packet may hold fewer events than it has room for; some programs write the empty room too, and some do not.
    """
    if _begins(content, at):
        head = np.frombuffer(content, PACKET, 1, at)[0]
        for slots in (int(head["capacity"]), int(head["number"])):
            stop = at + PACKET.itemsize + slots * int(head["size"])
            if stop == len(content) or _begins(content, stop):
                return head, stop
    raise AedatError(
        tr(
            f"文件被截断或已损坏（第 {at} 字节处的数据包不完整，文件共 {len(content)} 字节）",
            f"cut off or damaged (the packet at byte {at} of {len(content)} is not complete)",
        )
    )


def _begins(content: bytes, at: int) -> bool:
    """Whether a packet can begin here: its header is all there, and its numbers go together."""
    if at + PACKET.itemsize > len(content):
        return False
    head = np.frombuffer(content, PACKET, 1, at)[0]
    size, offset = int(head["size"]), int(head["offset"])
    fits = (size, offset) == (8, 4) if head["type"] == POLARITY else size >= 8
    return bool(fits and head["valid"] <= head["number"] <= head["capacity"])
