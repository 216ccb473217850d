"""Downloading the files of a data set: the quickest mirror, resumed after a break, checked before it counts."""

from __future__ import annotations

import contextlib
import http.client
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path

from course_snn.data import files
from course_snn.data.files import Collection, RawFile
from course_snn.drafts import draft
from course_snn.language import Label, tr

ANSWER_SECONDS = 5.0  # when no mirror has answered by then, we are offline
GRACE_SECONDS = 1.0  # how long the slower mirrors may still answer after the quickest
STALL_SECONDS = 20.0
AGENT = {"User-Agent": "course-snn"}
NETWORK_ERRORS = (OSError, http.client.HTTPException)  # urllib's and time-outs are OSErrors


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
        DownloadFailed: forbidden by COURSE_SNN_OFFLINE, no mirror answers, or the folder cannot be written.
    """
    if files.offline():
        raise DownloadFailed(tr(f"{files.OFFLINE_VARIABLE} 不许联网", f"{files.OFFLINE_VARIABLE} forbids the network"))
    mirrors = quickest(collection.mirrors, f"{collection.files[1].name}.gz")
    if not mirrors:
        raise DownloadFailed(tr("没有镜像应答", "no mirror answers"))
    try:
        with _alone(collection):
            found, _ = files.read(collection)  # another program may just have fetched them
            missing = (file for file in collection.files if file.name not in found)
            return found | {file.name: _fetch(file, mirrors, collection.raw) for file in missing}
    except OSError as error:
        raise DownloadFailed(
            tr(f"无法写入 {collection.raw}：{error}", f"cannot write to {collection.raw}: {error}")
        ) from error


def quickest(mirrors: Iterable[str], name: str) -> list[str]:
    """The mirrors that have the file ``name``, in the order in which they answered; all are asked at once."""
    answers: queue.Queue[str | None] = queue.Queue()

    def ask(mirror: str) -> None:
        request = urllib.request.Request(mirror + name, headers=AGENT, method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS):
                answers.put(mirror)
        except NETWORK_ERRORS:
            answers.put(None)

    threads = [threading.Thread(target=ask, args=(mirror,), daemon=True) for mirror in mirrors]
    for thread in threads:
        thread.start()
    found: list[str] = []
    deadline = time.monotonic() + ANSWER_SECONDS
    for _ in threads:
        try:
            answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if answer is not None:
            deadline = min(deadline, time.monotonic() + GRACE_SECONDS)
            found.append(answer)
    return found


@contextlib.contextmanager
def _alone(collection: Collection) -> Iterator[None]:
    """Hold the folder while downloading, so that two programs do not write the same file."""
    from filelock import FileLock  # comes with torch

    collection.raw.mkdir(parents=True, exist_ok=True)
    with FileLock(collection.raw / ".download.lock"):
        yield


def _fetch(file: RawFile, mirrors: list[str], raw: Path) -> bytes:
    """Download one file from the first mirror that gives the genuine one, and keep it unpacked."""
    part = raw / f"{file.name}.gz.part"
    problem = ""
    for mirror in mirrors:
        for _ in range(2):  # what was resumed may be wrong as a whole: once more from the beginning
            resumed = part.exists()
            try:
                _transfer(f"{mirror}{file.name}.gz", part, file.size)
            except urllib.error.HTTPError as error:
                problem = f"{mirror}: HTTP {error.code}"
                if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    break
            except NETWORK_ERRORS as error:
                problem = f"{mirror}: {error or type(error).__name__}"
                break  # the part stays, the next mirror or the next run goes on from its end
            else:
                content = file.unpacked(part)
                if content is not None:
                    return _keep(content, part, raw / file.name)
                problem = f"{mirror}: SHA-256"
            part.unlink(missing_ok=True)
            if not resumed:
                break
    raise DownloadFailed(
        tr(
            f"{file.name} 没有下载成（{problem}）；再运行一次会接着下载",
            f"{file.name} did not arrive ({problem}); run again to continue",
        )
    )


def _keep(content: bytes, part: Path, path: Path) -> bytes:
    with draft(path) as file:
        file.write(content)
    part.unlink()
    return content


def _transfer(url: str, part: Path, limit: int) -> None:
    """Append to ``part`` what it lacks of a file; begin anew where the server cannot resume."""
    from tqdm.auto import tqdm

    have = part.stat().st_size if part.exists() else 0
    headers = AGENT | ({"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=STALL_SECONDS) as answer:
        start = have if answer.headers.get("Content-Range", "").startswith(f"bytes {have}-") else 0
        length = answer.headers.get("Content-Length")
        total = start + int(length) if length else None
        bar = tqdm(desc=part.stem, initial=start, total=total, unit="B", unit_scale=True, leave=False)
        with bar, part.open("ab" if start else "wb") as file:
            while file.tell() <= limit and (block := answer.read(1 << 16)):  # no packed file is longer than unpacked
                file.write(block)
                bar.update(len(block))
            arrived = file.tell()
    if total is not None and arrived < min(total, limit):
        raise ConnectionError(f"{arrived} / {total} bytes")
