"""A set whose files are published together in one .tar.gz: the genuine ones among its members, read in memory."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path, PurePosixPath

from course_snn.data import causes, contents
from course_snn.data.published import Collection
from course_snn.language import Label, tr

DAMAGE = (tarfile.TarError, EOFError, zlib.error, OSError, ValueError)  # BadGzipFile is an OSError


def members(path: Path, collection: Collection) -> tuple[dict[str, bytes], Label | None]:
    """Return ({name: content} of the set's files in an archive, why some are missing or None); nothing is written.

    Only plain files of a name and a length that the set has are read, whatever folder they are in.

    Args:
        path: the archive, a file that can be read.
        collection: the set.
    """
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:*") as tar:
            for member in tar:
                content = _content(tar, member, collection)
                file = next((file for file in collection.files if content and file.genuine(content)), None)
                if file:
                    found[file.name] = content
                if len(found) == len(collection.files):
                    return found, None
    except DAMAGE as error:
        return found, _flaw(path, collection, error)
    missing = ", ".join(file.name for file in collection.files if file.name not in found)
    return found, tr(f"里面没有（或不是原版的）{missing}", f"without the genuine {missing}")


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo, collection: Collection) -> bytes:
    name = Path(PurePosixPath(member.name).name)
    if not member.isfile() or not collection.slot(name) or member.size not in {file.size for file in collection.files}:
        return b""
    file = tar.extractfile(member)
    return file.read() if file else b""


def _flaw(path: Path, collection: Collection, error: Exception) -> Label:
    """What the archive is instead of one."""
    try:
        size, head = path.stat().st_size, contents.beginning(path)
    except OSError as refusal:
        return causes.system(refusal)
    known = collection.archive.size if collection.archive else 0
    if odd := contents.odd(head):
        return odd
    if size < known:
        return tr(f"不完整：应有 {known} 字节，只有 {size}", f"cut off: {size} of {known} bytes")
    return tr(f"压缩包已损坏（{error}）", f"a damaged archive ({error})")
