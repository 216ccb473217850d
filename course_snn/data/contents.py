"""What a file of a data set holds instead of its data: what it was unpacked from, and what is wrong with it."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course_snn.data import causes, search
from course_snn.language import Label, tr

UNREADABLE, DAMAGED, OTHER, HINT = "unreadable", "damaged", "other", "hint"
GZIP, BOM = b"\x1f\x8b", b"\xef\xbb\xbf"
ARCHIVES = {b"PK\x03\x04": "zip", b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"\xfd7zXZ": "xz"}
PACKED = (".zip", ".rar", ".7z", ".tar", ".tgz", ".gz", ".xz", ".bz2")
PAGES = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<script")


@dataclass(frozen=True)
class Fault:
    """A file that lies there and is not used.

    Args:
        path: which.
        kind: UNREADABLE, DAMAGED, OTHER (the file of another set), or HINT: it may tell the learner what to do, and
            stops nothing.
        reason: what it is instead, as the end of a sentence that begins with its name.
    """

    path: Path
    kind: str
    reason: Label

    @property
    def said(self) -> Label:
        """The name and the reason."""
        return tr(f"{self.path.name}（{self.reason.zh}）", f"{self.path.name} ({self.reason.en})")


def listed(faults: list[Fault]) -> Label:
    """Return faults as a list in words, folder by folder, the first four of them.

    Args:
        faults: at least one.
    """
    shown = faults[:4]
    folders = dict.fromkeys(fault.path.parent for fault in shown)
    inside = {folder: [fault for fault in shown if fault.path.parent == folder] for folder in folders}
    zh = "；".join(f"{place}{os.sep}" + "、".join(f.said.zh for f in here) for place, here in inside.items())
    en = "; ".join(f"{place}{os.sep}" + ", ".join(f.said.en for f in here) for place, here in inside.items())
    more = len(faults) - len(shown)
    return tr(zh + f"，另有 {more} 个" * bool(more), en + f", and {more} more" * bool(more))


def obstacle(path: Path) -> Label | None:
    """Return why a path cannot be read as a file, or None; nothing but files is opened.

    Args:
        path: what stands where the file should.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            path.open("rb").close()
            return None
    except OSError as error:
        if os.path.islink(path):
            return tr("是一个失效的链接", "a link that leads nowhere")
        return tr(f"无法读取：{causes.system(error).zh}", f"cannot be read: {causes.system(error).en}")
    if stat.S_ISDIR(mode):
        return tr("是文件夹，不是文件", "a folder, not a file")
    return tr("不是普通文件", "no plain file")


def room(size: int) -> int:
    """Return how long a file may be that holds so many bytes: gzip makes what cannot be packed a little longer.

    Args:
        size: of its content.
    """
    return size + size // 1000 + 100


def unpack(raw: bytes, most: int) -> tuple[bytes, bool]:
    """Return (what gzip packed, whether it is all there); what is not packed stays as it is.

    Some servers pack what is packed already, so two layers are opened. Never more than ``most`` bytes are unpacked.

    Args:
        raw: the bytes of the file.
        most: how many bytes are wanted at most.
    """
    whole = True
    for _ in range(2):
        if not raw.startswith(GZIP):
            break
        packed = zlib.decompressobj(wbits=31)
        try:
            raw = packed.decompress(raw, most)
        except zlib.error:
            return b"", False
        whole = packed.eof
    return raw, whole


def odd(content: bytes) -> Label | None:
    """Return what the first bytes are that no data set begins with: nothing, a web page, an archive, some text.

    Args:
        content: the beginning of a file, 512 bytes or more where it has them.
    """
    head = content[:512].removeprefix(BOM).lstrip()
    if not content:
        return tr("是空的，0 字节", "empty, 0 bytes")
    if head.lower().startswith(PAGES):
        return tr(
            "是一个网页，不是数据：可能是登录页，或下载按钮所在的页面",
            "a web page, not the data: of a login perhaps, or the page around the download button",
        )
    for magic, name in ARCHIVES.items():
        if content.startswith(magic):
            return tr(f"是一个 {name} 压缩包，请先解压", f"a {name} archive: unpack it")
    if head and all(byte >= 32 or byte in b"\t\r\n" for byte in head) and b"\n" not in head[:1]:
        try:
            text = " ".join(head.decode().split())[:60]
        except UnicodeDecodeError:
            return None
        return tr(f"是文字，不是数据：{text!r}", f"text, not the data: {text!r}")
    return None


def wrong(content: bytes, whole: bool, size: int) -> Label:
    """Return what is wrong with a content that is not the published one.

    Args:
        content: unpacked.
        whole: whether all that was packed is there.
        size: how many bytes there should be.
    """
    if strange := odd(content) if whole or content else None:
        return strange
    if content.startswith(BOM):
        return tr("被文本编辑器保存过", "saved by a text editor")
    if not content:
        return tr("压缩包已损坏", "a damaged .gz")
    if len(content) < size:
        return tr(f"不完整：应有 {size} 字节，只有 {len(content)}", f"cut off: {len(content)} of {size} bytes")
    if len(content) > size:
        return tr(f"比 {size} 字节长", f"longer than {size} bytes")
    return tr("长度对，内容不同（校验和不符）", "of the right length, but another content, by its checksum")


def others(paths: Iterable[Path]) -> list[Fault]:
    """Return the files among some paths as hints: what to do about a file that is none of a set's.

    Args:
        paths: what lies in a folder; hidden files say nothing.
    """
    here = [path for path in dict.fromkeys(paths) if os.path.isfile(path) and not path.name.startswith(".")]
    return [Fault(path, HINT, _other_form(path)) for path in here]


def what_lies_there(paths: Iterable[Path]) -> Label:
    """Return a sentence on the files among some paths that are none of a set's; "" for none.

    Args:
        paths: what lies in a folder.
    """
    if not (hints := others(paths)):
        return tr("", "")
    which = listed(hints)
    return tr(f"那里有：{which.zh}。", f" What lies there: {which.en}.")


def _other_form(path: Path) -> Label:
    if search.unfinished(path):
        return tr("没有下载完", "an unfinished download")
    if path.suffix.lower() in PACKED:
        return tr("压缩包，请在这里解压", "an archive: unpack it here")
    return tr("不是课程读取的格式", "in a form that is not read")


def beginning(path: Path) -> bytes:
    """Return the first 512 bytes of a file.

    Args:
        path: a file that can be read.
    """
    with path.open("rb") as file:
        return file.read(512)


def unpacked_size(path: Path) -> int:
    """Return how many bytes a file holds, unpacked, by its length or by what gzip wrote at its end: a quick look.

    Args:
        path: a file that can be read.
    """
    with path.open("rb") as file:
        if file.read(2) != GZIP:
            return path.stat().st_size
        file.seek(-4, os.SEEK_END)
        return int.from_bytes(file.read(4), "little")
