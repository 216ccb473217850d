"""Fixtures for tests that drive JupyterLab in Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import LabPage, Server, browser, chromium, lab_server, new_page
from playwright.sync_api import BrowserContext


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def _needs_chromium() -> None:
    """Without Chromium these tests are skipped; where everything is meant to be there, that is a failure."""
    if chromium() is None:
        message = "no Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture
def shots(root: Path) -> Path:
    """Where screenshots go: build/shots, or the folder SHOTS names."""
    return Path(os.environ.get("SHOTS", root / "build" / "shots"))


@pytest.fixture(scope="module")
def notebooks() -> list[Path]:
    """The notebooks to serve; a test module overrides this."""
    raise NotImplementedError("a browser test module defines the fixture `notebooks`: the paths to serve")


@pytest.fixture(scope="module")
def server(notebooks: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on copies of `notebooks`, one for each test module."""
    with lab_server(notebooks, tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser for each test module, in which JupyterLab's scripts are loaded and compiled once."""
    with browser(tmp_path_factory.mktemp("profile")) as context:
        yield context


@pytest.fixture
def lab(server: Server, window: BrowserContext) -> Iterator[LabPage]:
    """A page at that server for somebody who was never there; a JavaScript error fails the test."""
    for setting in ("course-lang", "@jupyterlab/translation-extension"):
        for file in (server.settings / setting).glob("*.jupyterlab-settings"):
            file.unlink()
    page = new_page(window)
    opened = LabPage(page, server)
    yield opened
    opened.leave()
    window.clear_cookies()
    assert not page.errors, page.errors


@pytest.fixture
def passed(server: Server) -> Iterator[Path]:
    """The learner's progress, empty at first and at the end."""
    file = server.folder.parent / "progress" / "progress.json"
    file.unlink(missing_ok=True)
    yield file
    file.unlink(missing_ok=True)
