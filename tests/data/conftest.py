"""Mirrors on this machine, and a collection that names them."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_set import FILES, Handler, Mirror

from course_snn.data import fetch
from course_snn.data.files import Collection


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Mirror]]:
    """Start a mirror: ``start(cut=1000)``. The network is allowed, but only mirrors on this machine are named."""
    monkeypatch.setenv("COURSE_SNN_OFFLINE", "0")
    for patience in ("ANSWER_SECONDS", "GRACE_SECONDS", "STALL_SECONDS"):  # a busy machine answers late
        monkeypatch.setattr(fetch, patience, 120.0)
    servers = []

    def start(**flaws: object) -> Mirror:
        mirror = Mirror(**flaws)
        handler = type("Handler", (Handler,), {"mirror": mirror})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.handle_error = lambda *arguments: None  # a client that hangs up is what some tests are about
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        mirror.url = f"http://127.0.0.1:{server.server_port}/"
        return mirror

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Collection]:
    """A collection in an empty folder, with these mirrors, which are asked in this order."""
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    quickest = fetch.quickest

    def in_order(mirrors, name):  # the order of answers is the operating system's
        found, refusals = quickest(mirrors, name)
        return [mirror for mirror in mirrors if mirror in found], refusals

    monkeypatch.setattr(fetch, "quickest", in_order)
    blank = Collection("Tiny", FILES, ())
    return lambda *mirrors: replace(blank, mirrors=tuple(mirror.url for mirror in mirrors))
