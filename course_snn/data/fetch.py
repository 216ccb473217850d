"""Downloading the files of a data set: the quickest mirror, resumed after a break, checked before it counts."""

from __future__ import annotations

import contextlib
import http
import queue
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from course_snn.data import causes, contents, files, tarball
from course_snn.data.files import Collection, RawFile
from course_snn.drafts import draft
from course_snn.language import Label, tr

ANSWER_SECONDS = 5.0  # when no mirror has answered by then, we are offline
GRACE_SECONDS = 1.0  # how long the slower mirrors may still answer after the quickest
STALL_SECONDS = 20.0
AGENT = {"User-Agent": "course-snn"}
NO_HEAD = (http.HTTPStatus.METHOD_NOT_ALLOWED, http.HTTPStatus.NOT_IMPLEMENTED)  # it may give the file all the same
T = TypeVar("T")
Contents = dict[str, bytes]
WEB_PAGE = tr("给的是网页，不是文件（网络要求先登录？）", "it gives a web page instead of the file (a login?)")


class DownloadFailed(Exception):
    """Why a set could not be downloaded, in both languages.

    Args:
        reason: a sentence for the learner.
    """

    def __init__(self, reason: Label) -> None:
        super().__init__(reason)
        self.reason = reason


def download(collection: Collection) -> dict[str, bytes]:
    """Fetch what the folder lacks of a set, and return the content of all its files by name.

    Raises:
        DownloadFailed: forbidden by COURSE_SNN_OFFLINE, no mirror can be used, or the folder cannot be written.
    """
    if files.offline():
        raise DownloadFailed(tr(f"{files.OFFLINE_VARIABLE} 不许联网", f"{files.OFFLINE_VARIABLE} forbids the network"))
    probe = collection.archive.name if collection.archive else f"{collection.files[1].name}.gz"
    mirrors, refusals = quickest(collection.mirrors, probe)
    if not mirrors:
        raise DownloadFailed(_silence(refusals))
    try:
        with _alone(collection):
            found = files.read(collection).found  # another program may just have fetched them
            missing = [file for file in collection.files if file.name not in found]
            if missing and collection.archive:
                return found | _fetch_archive(collection, collection.archive, missing, mirrors)
            return found | {file.name: _fetch(file, mirrors, collection.raw) for file in missing}
    except (OSError, NotImplementedError) as error:  # a disk that cannot lock files is NotImplemented
        why = causes.system(error)
        raise DownloadFailed(
            tr(f"无法写入 {collection.raw}：{why.zh}", f"cannot write to {collection.raw}: {why.en}")
        ) from error


def quickest(mirrors: Iterable[str], name: str) -> tuple[list[str], dict[str, Label]]:
    """The mirrors that have the file ``name``, in the order in which they answered, and why the others do not.

    All are asked at once.
    """
    answers: queue.Queue[tuple[str, Label | None]] = queue.Queue()
    threads = [
        threading.Thread(target=lambda mirror=mirror: answers.put((mirror, _refusal(mirror + name))), daemon=True)
        for mirror in mirrors
    ]
    for thread in threads:
        thread.start()
    found: list[str] = []
    refusals = dict.fromkeys(mirrors, tr("没有应答", "no answer in time"))
    deadline = time.monotonic() + ANSWER_SECONDS
    for _ in threads:
        try:
            mirror, refusal = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if refusal is None:
            deadline = min(deadline, time.monotonic() + GRACE_SECONDS)
            found.append(mirror)
            del refusals[mirror]
        else:
            refusals[mirror] = refusal
    return found, refusals


def _refusal(url: str) -> Label | None:
    """Why an address does not give a file, or None where it does."""
    try:
        with _open(url, ANSWER_SECONDS, method="HEAD") as answer:
            return WEB_PAGE if answer.headers.get_content_type() == "text/html" else None
    except causes.NETWORK_ERRORS as error:
        willing = isinstance(error, urllib.error.HTTPError) and error.code in NO_HEAD
        return None if willing else causes.network(error, url)


def _open(url: str, seconds: float, headers: dict[str, str] | None = None, method: str = "GET") -> Any:
    """An address, opened through the proxies of this moment: urlopen keeps those of its first call."""
    request = urllib.request.Request(url, headers=AGENT | (headers or {}), method=method)
    return urllib.request.build_opener().open(request, timeout=seconds)


def _silence(refusals: dict[str, Label]) -> Label:
    """Why no mirror can be used: each cause once, with the hosts that it holds for unless it holds for all."""
    hosts: dict[Label, list[str]] = {}
    for mirror, refusal in refusals.items():
        hosts.setdefault(refusal, []).append(_host(mirror))
    if len(hosts) <= 1:
        only = next(iter(hosts), tr("没有镜像", "there are none"))
        return tr(f"没有镜像可用：{only.zh}", f"no mirror can be used: {only.en}")
    zh = "；".join(f"{'、'.join(names)}：{refusal.zh}" for refusal, names in hosts.items())
    en = "; ".join(f"{', '.join(names)}: {refusal.en}" for refusal, names in hosts.items())
    return tr(f"没有镜像可用：{zh}", f"no mirror can be used: {en}")


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).netloc


@contextlib.contextmanager
def _alone(collection: Collection) -> Iterator[None]:
    """Hold the folder while downloading, so that two programs do not write the same file."""
    from filelock import FileLock  # comes with torch

    collection.raw.mkdir(parents=True, exist_ok=True)
    with FileLock(collection.raw / ".download.lock"):
        yield


def _fetch(file: RawFile, mirrors: list[str], raw: Path) -> bytes:
    """Download one file from the first mirror that gives the genuine one, and keep it unpacked."""

    def genuine(part: Path) -> tuple[bytes, Label | None]:
        content, whole = contents.unpack(part.read_bytes(), contents.room(file.size))
        return content, None if file.genuine(content) else contents.wrong(content, whole, file.size)

    part = raw / f"{file.name}.gz.part"
    content = _arrived(f"{file.name}.gz", mirrors, part, contents.room(file.size), genuine)
    _keep(content, raw / file.name)
    part.unlink()
    return content


def _fetch_archive(collection: Collection, file: RawFile, missing: list[RawFile], mirrors: list[str]) -> Contents:
    """Download the archive of a set and keep the files that are missing, as unpacked by hand; the archive goes."""

    def genuine(part: Path) -> tuple[Contents, Label | None]:
        found, flaw = tarball.members(part, collection)  # each by its own checksum
        return found, flaw

    part = collection.raw / f"{file.name}.part"
    found = _arrived(file.name, mirrors, part, file.size, genuine)
    for one in missing:
        _keep(found[one.name], collection.raw / one.name)
    part.unlink()
    return {one.name: found[one.name] for one in missing}


def _arrived(
    name: str, mirrors: list[str], part: Path, limit: int, genuine: Callable[[Path], tuple[T, Label | None]]
) -> T:
    """Download ``name`` into ``part`` from the first mirror that gives the genuine one; return what is in it.

    Args:
        name: of the file in a mirror's folder.
        mirrors: addresses of folders.
        part: where it is collected; it stays where a connection breaks.
        limit: how many bytes it may have.
        genuine: part -> (its content, what is wrong with it or None).
    """
    problem = tr("没有镜像", "no mirror")
    for mirror in mirrors:
        for _ in range(2):  # what was resumed may be wrong as a whole: once more from the beginning
            resumed = part.exists()
            try:
                _transfer(f"{mirror}{name}", part, limit)
            except urllib.error.HTTPError as error:
                problem = _said(mirror, causes.network(error, mirror))
                if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    break
            except causes.NETWORK_ERRORS as error:
                if causes.of_disk(error):
                    raise
                problem = _said(mirror, causes.network(error, mirror))
                break  # the part stays, the next mirror or the next run goes on from its end
            else:
                content, flaw = genuine(part)
                if flaw is None:
                    return content
                problem = _said(mirror, flaw)
            part.unlink(missing_ok=True)
            if not resumed:
                break
    what = name.removesuffix(".gz") if not name.endswith(".tar.gz") else name
    raise DownloadFailed(
        tr(
            f"{what} 没有下载成（{problem.zh}）；再运行一次会接着下载",
            f"{what} did not arrive ({problem.en}); run again to continue",
        )
    )


def _said(mirror: str, reason: Label) -> Label:
    return tr(f"{_host(mirror)}：{reason.zh}", f"{_host(mirror)}: {reason.en}")


def _keep(content: bytes, path: Path) -> None:
    """Give the content its name; a damaged file that stood there stays beside it."""
    with draft(path, aside=path.with_name(path.name + files.CORRUPT)) as file:
        file.write(content)


def _transfer(url: str, part: Path, limit: int) -> None:
    """Append to ``part`` what it lacks of a file; begin anew where the server cannot resume."""
    from tqdm.auto import tqdm

    have = part.stat().st_size if part.exists() else 0
    with _open(url, STALL_SECONDS, {"Range": f"bytes={have}-"} if have else None) as answer:
        start = have if answer.headers.get("Content-Range", "").startswith(f"bytes {have}-") else 0
        length = answer.headers.get("Content-Length")
        total = start + int(length) if length else None
        bar = tqdm(desc=part.stem, initial=start, total=total, unit="B", unit_scale=True, leave=False)
        with bar, part.open("ab" if start else "wb") as file:
            while file.tell() <= limit and (block := answer.read(1 << 16)):
                file.write(block)
                bar.update(len(block))
            arrived = file.tell()
    if total is not None and arrived < min(total, limit):
        raise ConnectionError(f"{arrived} / {total} bytes")
