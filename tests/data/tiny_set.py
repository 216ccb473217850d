"""A data set of four small files, and mirrors on 127.0.0.1 that serve it, well or badly."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import random
import struct
from dataclasses import dataclass, field
from pathlib import Path

from course_snn.data.files import Collection, RawFile


def idx(*shape: int, seed: int) -> bytes:
    """An idx file of random bytes: too random for gzip to shrink."""
    count = 1
    for size in shape:
        count *= size
    body = random.Random(seed).randbytes(count) if len(shape) == 3 else bytes(n % 10 for n in range(count))
    return struct.pack(f">2xBB{len(shape)}I", 8, len(shape), *shape) + body


CONTENTS = {
    "train-images-idx3-ubyte": idx(40, 28, 28, seed=1),
    "train-labels-idx1-ubyte": idx(40, seed=0),
    "t10k-images-idx3-ubyte": idx(20, 28, 28, seed=2),
    "t10k-labels-idx1-ubyte": idx(20, seed=0),
}
FILES = tuple(RawFile(name, len(body), hashlib.sha256(body).hexdigest()) for name, body in CONTENTS.items())
IMAGES = FILES[0]
PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


@dataclass
class Mirror:
    """A server of the four files, or of others. Each flaw holds for ``flawed`` alone."""

    cut: int | None = None  # breaks off after so many bytes of an answer
    resumes: bool = True
    wrong: bool = False  # serves another file under the name
    status: int | None = None  # answers with this error
    busy: bool = False  # has the file, but cannot send it now
    no_head: bool = False  # only sends files, as some proxies have it
    page: str = ""  # sends a web page instead: "told" by its type, or "hidden" under that of a file
    flawed: str = IMAGES.name
    others: dict[str, bytes] = field(default_factory=dict)  # files as they are, by name
    log: list[tuple[str, str]] = field(default_factory=list)  # (method + name, range asked for)
    url: str = ""

    def body(self, name: str) -> bytes:
        if self.page and (self.page == "told" or name.startswith(self.flawed)):
            return PAGE
        if name in self.others:
            content = self.others[name]
            middle = len(content) // 2
            return content[:middle] + bytes(99) + content[middle + 99 :] if self.wrong else content
        content = CONTENTS[name.removesuffix(".gz")]
        if self.wrong and name.startswith(IMAGES.name):
            content = content[:-1] + b"?"
        return gzip.compress(content, mtime=0)

    def asked(self, name: str) -> list[str]:
        """The ranges with which a file was asked for; "" is all of it."""
        return [wanted for what, wanted in self.log if what == f"GET {name}.gz"]


class Handler(http.server.BaseHTTPRequestHandler):
    mirror: Mirror

    def do_HEAD(self) -> None:
        if self.mirror.no_head:
            return self.send_error(405)
        self._answer()

    def do_GET(self) -> None:
        if self.mirror.busy:
            return self.send_error(503)
        body = self._answer()
        flawed = self.mirror.flawed in self.path and self.mirror.cut is not None
        self.wfile.write(body[: self.mirror.cut] if flawed else body)

    def _answer(self) -> bytes:
        mirror, name, wanted = self.mirror, self.path.removeprefix("/"), self.headers.get("Range", "")
        mirror.log.append((f"{self.command} {name}", wanted))
        if mirror.status:
            self.send_error(mirror.status)
            return b""
        body = mirror.body(name)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and mirror.resumes else 0
        if start and start >= len(body):
            self.send_error(416)
            return b""
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Type", "text/html" if mirror.page == "told" else "application/gzip")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        return body[start:]

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


def put(collection: Collection, packed: bool = False) -> Path:
    """Put the genuine files into the collection's folder, and return the path of ``IMAGES``."""
    collection.raw.mkdir(parents=True)
    for name, content in CONTENTS.items():
        if packed:
            (collection.raw / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (collection.raw / name).write_bytes(content)
    return collection.raw / (f"{IMAGES.name}.gz" if packed else IMAGES.name)
