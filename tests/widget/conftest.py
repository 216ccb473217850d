"""A page for each widget: its JavaScript run by node, or the widget in Chromium."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from node_page import Page

from course_snn.widget.base import PageWidget

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))


@pytest.fixture(scope="session")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[type[PageWidget]], Page]]:
    """page_of(WidgetClass)(function, *arguments) calls an exported function of that widget's module."""
    folder = tmp_path_factory.mktemp("js")
    pages: dict[type[PageWidget], Page] = {}

    def find(widget: type[PageWidget]) -> Page:
        if widget not in pages:
            pages[widget] = Page(widget, folder)
        return pages[widget]

    yield find
    for page in pages.values():
        page.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Chromium with one page, for the tests of a module."""
    from driver import browser_page, chromium  # late: it needs playwright, which tests under node do without

    if chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: install it or name it in CHROMIUM")
        pytest.skip("no Chromium")
    with browser_page(tmp_path_factory.mktemp("profile"), width=1000, height=900, still=False) as page:
        page.requests = []
        page.on("request", lambda request: page.requests.append(request.url))
        yield page


@pytest.fixture
def page(browser):
    """An empty English page of 1000 px; a JavaScript error or a request to the network fails the test."""
    browser.set_viewport_size({"width": 1000, "height": 900})
    browser.goto("about:blank")
    browser.evaluate("document.body.dataset.courseLang = 'en'")
    browser.errors.clear()
    browser.requests.clear()
    yield browser
    assert not browser.errors
    assert [url for url in browser.requests if not url.startswith(("about:", "blob:", "data:"))] == []
