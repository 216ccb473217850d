"""What a teacher downloaded: a folder, a zip, zips in zips; read without unpacking anything to where a name points.

Nothing of the input is written to, no link is followed, and what is read has an end: a zip may claim what it likes.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from course_snn.course.classroom.mojibake import member_name, readable
from course_snn.course.classroom.place import CLUTTER, HIDDEN
from course_snn.language import Label, tr

IGNORED_FOLDERS = {".ipynb_checkpoints", "__macosx", ".git", ".course-snn", "__pycache__", HIDDEN}
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
ENCRYPTED = 0x1  # a member's flag
Wanted = Callable[[str], bool]


@dataclass(frozen=True)
class Limits:
    """Where reading ends.

    Args:
        files: how many files and members at most.
        file: bytes of one file.
        total: bytes of all that is read, and of a zip in a zip.
        depth: how many zips may lie in one another.
    """

    files: int = 20_000
    file: int = 50_000_000
    total: int = 4_000_000_000
    depth: int = 3


LIMITS = Limits()


@dataclass(frozen=True)
class Found:
    """A file that was handed in.

    Args:
        path: where it was, folders and archives included, for the teacher to read.
        content: its bytes; empty where the name says that it is no notebook.
        time: when it was changed, in s since 1970; 0 if unknown.
        refused: why it was not read; None if it was.
    """

    path: str
    content: bytes = b""
    time: float = 0.0
    refused: Label | None = None


def walk(source: Path, wanted: Wanted, limits: Limits = LIMITS) -> Iterator[Found]:
    """Every file of a folder or zip, in the order of names, but what systems and editors leave behind.

    Args:
        source: a folder or a zip.
        wanted: says of a file's name whether its content is wanted.
        limits: where reading ends.
    """
    reader = _Reader(wanted, limits)
    if source.is_dir():
        yield from reader.folder(source, ())
    else:
        yield from reader.file(source, (source.name,), source.name)


class _TooMuch(Exception):
    """There is more than may be read."""


class _Reader:
    def __init__(self, wanted: Wanted, limits: Limits) -> None:
        self.wanted, self.limits = wanted, limits
        self.files = self.bytes = 0
        self.ended = False  # nothing more is read, of any file

    def folder(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Found]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Found("/".join(parts), refused=_cannot(error))
            return
        for entry in entries:
            name = readable(os.fsencode(entry.name), entry.name)
            inside = (*parts, name)
            if self.ended:
                return
            if _ignored((name,)):
                continue
            if entry.is_symlink() or getattr(entry, "is_junction", bool)():
                yield Found("/".join(inside), refused=tr("是链接，没有跟随", "a link, not followed"))
            elif entry.is_dir():
                yield from self.folder(Path(entry.path), inside)
            elif entry.is_file():
                yield from self.file(Path(entry.path), inside, name)
            else:
                yield Found("/".join(inside), refused=tr("不是普通文件", "no plain file"))

    def file(self, path: Path, parts: tuple[str, ...], name: str) -> Iterator[Found]:
        shown = "/".join(parts)
        try:
            self._count()
            status = path.stat()
            if name.casefold().endswith(".zip"):
                with path.open("rb") as file:
                    yield from self.archive(file, parts, 1)
                return
            content = b""
            if self.wanted(name):
                with path.open("rb") as file:
                    content = self._read(file)
            yield self._found(shown, name, content, status.st_mtime)
        except (_TooMuch, OSError) as error:
            yield Found(shown, refused=_cannot(error))

    def archive(self, file: IO[bytes], parts: tuple[str, ...], depth: int) -> Iterator[Found]:
        try:
            with zipfile.ZipFile(file) as archive:
                for member in archive.infolist():
                    yield from self._member(archive, member, parts, depth)
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            yield Found("/".join(parts), refused=tr(f"不是完好的 zip：{error}", f"no sound zip: {error}"))

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, parts: tuple[str, ...], depth: int
    ) -> Iterator[Found]:
        inside = tuple(
            part for part in member_name(member).replace("\\", "/").split("/") if part not in ("", ".", "..")
        )
        if self.ended or member.is_dir() or not inside or _ignored(inside):
            return
        shown = "/".join((*parts, *inside))
        try:
            self._count()
            if reason := _unwanted(member):
                yield Found(shown, refused=reason)
            elif inside[-1].casefold().endswith(".zip"):
                yield from self._nested(archive, member, (*parts, *inside), depth)
            else:
                content = b""
                if self.wanted(inside[-1]):
                    with archive.open(member) as file:
                        content = self._read(file)
                yield self._found(shown, inside[-1], content, _moment(member))
        except (_TooMuch, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError,
                RuntimeError) as error:  # fmt: skip
            yield Found(shown, refused=_cannot(error))

    def _nested(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, parts: tuple[str, ...], depth: int
    ) -> Iterator[Found]:
        if depth >= self.limits.depth:
            yield Found(
                "/".join(parts), refused=tr("压缩包套得太深，请先解压", "too many zips in one another: unpack it")
            )
            return
        with tempfile.TemporaryFile() as copy, archive.open(member) as file:
            while block := file.read(1 << 20):
                self._spend(len(block))
                copy.write(block)
            copy.seek(0)
            yield from self.archive(copy, parts, depth + 1)

    def _found(self, shown: str, name: str, content: bytes, moment: float) -> Found:
        if name.casefold().endswith(OTHER_ARCHIVES):
            reason = tr("这种压缩包读不了，请解压后再收", "an archive that is no zip: unpack it and collect again")
            return Found(shown, refused=reason)
        return Found(shown, content, moment)

    def _read(self, file: IO[bytes]) -> bytes:
        content = file.read(self.limits.file + 1)
        if len(content) > self.limits.file:
            raise _TooMuch
        self._spend(len(content))
        return content

    def _count(self) -> None:
        self.files += 1
        self._end_if(self.files > self.limits.files)

    def _spend(self, size: int) -> None:
        self.bytes += size
        self._end_if(self.bytes > self.limits.total)

    def _end_if(self, over: bool) -> None:
        if over:
            self.ended = True
            raise _TooMuch


def _ignored(parts: tuple[str, ...]) -> bool:
    """Whether it is what systems and editors leave behind, and nobody handed in."""
    folded = [part.casefold() for part in parts]
    return not IGNORED_FOLDERS.isdisjoint(folded) or folded[-1] in CLUTTER or folded[-1].startswith(("._", "~$"))


def _unwanted(member: zipfile.ZipInfo) -> Label | None:
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return tr("是链接或特殊文件，没有读", "a link or special file, not read")
    return (
        tr("有密码，请解压后再收", "encrypted: unpack it and collect again") if member.flag_bits & ENCRYPTED else None
    )


def _moment(member: zipfile.ZipInfo) -> float:
    """When a member was changed: zip keeps local time, from 1980 on, which also stands for not knowing."""
    try:
        return time.mktime((*member.date_time, 0, 0, -1)) if member.date_time[0] > 1980 else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _cannot(error: Exception) -> Label:
    if isinstance(error, _TooMuch):
        return tr("太大或太多，没有读完", "too large, or too many files: not read")
    return tr(f"读不了：{error}", f"cannot be read: {error}")
