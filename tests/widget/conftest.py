"""A page for each widget: its JavaScript, run by node."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from node_page import Page

from course_snn.widget.base import PageWidget


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
