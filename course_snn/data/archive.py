"""A large archive that the learner fetched by hand: checked, unpacked safely, resumed after a break, never deleted."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, cast

from course_snn.data import contents
from course_snn.data.files import DataError
from course_snn.drafts import draft
from course_snn.language import tr

NOT_WHOLE = "it did not arrive whole, or it is another file"


def check(archive: Path, md5: str) -> None:
    """Compare the archive's MD5 with the published one; the file is only read.

    Args:
        archive: the file.
        md5: what its MD5 must be.

    Raises:
        DataError: another file, or one that did not arrive whole.
    """
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "md5").hexdigest()
    if found != md5:
        size = archive.stat().st_size
        odd = contents.odd(contents.beginning(archive))
        what = tr(f"它{odd.zh}", f"it is {odd.en}") if odd else tr("下载不完整，或者不是这个文件", NOT_WHOLE)
        raise DataError(
            tr(
                f"{archive}（{size} 字节）的 MD5 是 {found}，应为 {md5}：{what.zh}。"
                "文件原样保留；请让浏览器继续下载，或重新下载到原处，再运行这一格。",
                f"{archive} ({size} bytes) has the MD5 {found}, not {md5}: {what.en}. It stays as it is; let the "
                "browser go on, or download it again to the same place, and run this cell again.",
            )
        )


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a .tar.gz so that ``folder`` is there only when all of it is; what a break left is used again.

    The files are collected in ``<folder>.part``, each under a temporary name until it is whole. Only plain files whose
    path stays inside are written.

    Args:
        archive: the .tar.gz file.
        folder: where its content goes; must not exist yet.

    Raises:
        DataError: a damaged archive, or one that wants to write elsewhere or to make links.
    """
    from tqdm.auto import tqdm

    staging = folder.with_name(f"{folder.name}.part")
    staging.mkdir(parents=True, exist_ok=True)
    bar = tqdm(desc=archive.name, total=archive.stat().st_size, unit="B", unit_scale=True, leave=False)
    try:
        with bar, archive.open("rb") as raw, tarfile.open(fileobj=raw, mode="r:gz") as tar:
            for member in tar:
                if not member.isdir():
                    _write(tar, member, _inside(staging, member, archive))
                bar.update(raw.tell() - bar.n)
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(
            tr(
                f"{archive} 无法解压：{error}。文件原样保留；请重新下载，再运行这一格。",
                f"{archive} cannot be unpacked: {error}. It stays as it is; download it again, and rerun this cell.",
            )
        ) from error
    os.replace(staging, folder)


def _inside(staging: Path, member: tarfile.TarInfo, archive: Path) -> Path:
    """Return where a member goes, which is inside the folder, or refuse the archive."""
    parts = PurePosixPath(member.name).parts
    odd = not parts or any(part in ("..", "/") or "\\" in part or ":" in part for part in parts)
    if member.isfile() and not odd and (path := staging.joinpath(*parts).resolve()).is_relative_to(staging.resolve()):
        return path
    raise DataError(
        tr(
            f"{archive} 里的 {member.name!r} 不是文件夹内的普通文件，没有解压。"
            "这不是公布的数据集，请从官方网页重新下载。",
            f"{archive} holds {member.name!r}, which is not a plain file inside its folder, and was not unpacked. This "
            "is not the published set: download it again from its own page.",
        )
    )


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    if path.is_file() and path.stat().st_size == member.size:
        return  # whole since an earlier run: only whole files get their names
    with draft(path) as file:
        content = cast("IO[bytes]", tar.extractfile(member))  # None is for folders and links, which _inside refused
        shutil.copyfileobj(content, file, 1 << 20)
