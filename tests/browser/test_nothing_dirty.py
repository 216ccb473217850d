"""Opening a chapter, switching the language and closing it changes nothing, and asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import COURSE_SNN_LAB, LabPage, Server, lab_server

from course_snn.course import update

CHAPTERS = ("00_start_here", "15_building_networks")
DIRTY = "window.jupyterapp.shell.currentWidget.context.model.dirty"
OPEN = "[...window.jupyterapp.shell.widgets('main')].filter(widget => widget.context).length"


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`course-snn lab` in a folder that holds the chapters as the course keeps them: it names its Python in them."""
    paths = [root / "notebooks" / f"{name}.ipynb" for name in CHAPTERS]
    with lab_server(paths, tmp_path_factory.mktemp("lab"), COURSE_SNN_LAB) as running:
        yield running


@pytest.mark.parametrize("name", CHAPTERS)
def test_opening_and_closing_a_chapter_changes_nothing(name: str, lab: LabPage, monkeypatch) -> None:
    path = lab.server.folder / f"{name}.ipynb"
    before = path.read_bytes(), path.stat().st_mtime_ns
    lab.open_notebook(path.name)
    for lang in ("zh", "both", "en"):
        lab.switch_language(lang)
        assert not lab.page.evaluate(DIRTY)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(lab.server.folder.parent / "runtime"))
    assert path.resolve() in update.open_notebooks()  # `course-snn update` would leave it alone now
    lab.page.evaluate("() => { window.jupyterapp.shell.currentWidget.close(); }")  # a save dialog would keep it open
    lab.page.wait_for_function(f"{OPEN} === 0 || document.querySelector('.jp-Dialog')")
    assert lab.page.locator(".jp-Dialog").count() == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_change_is_still_a_change(lab: LabPage) -> None:
    lab.open_notebook(f"{CHAPTERS[0]}.ipynb")
    assert not lab.page.evaluate(DIRTY)
    lab.set_cell("course", "1")
    lab.page.wait_for_function(DIRTY)
    assert lab.page.evaluate(DIRTY)
