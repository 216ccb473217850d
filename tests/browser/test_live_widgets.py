"""Widgets live before any run, after a reload, without a kernel and without trust, and stay one with the kernel's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from driver import LabPage
from playwright.sync_api import Locator, expect

from course_snn import widget
from course_snn.course.store import canonical, serialise
from course_snn.widget import stored

NAME = "live.ipynb"
WIDGET = ".jp-NotebookPanel:not(.lm-mod-hidden) article.csnn"


def output(made: Any, **changed: Any) -> nbformat.NotebookNode:
    """The stored output of a widget, as `course-snn store` keeps it; `changed` replaces parts of the bundle."""
    data, metadata = made._repr_mimebundle_()
    data.pop("application/vnd.jupyter.widget-view+json")
    data[stored.MIME] = data[stored.MIME] | changed
    return nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)


def write(path: Path, *cells: tuple[str, nbformat.NotebookNode | None]) -> Path:
    v4 = nbformat.v4
    code = [v4.new_code_cell(source, outputs=[shown] if shown else [], execution_count=1) for source, shown in cells]
    path.write_text(serialise(canonical(v4.new_notebook(cells=code))), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("live")
    explorer = (
        "from course_snn import widget\nlif = widget.LIFExplorer(tau=40)\nlif",
        output(widget.LIFExplorer(tau=40)),
    )
    return [write(folder / NAME, explorer, ('print("tau", lif.params["tau"])', None))]


def ink(place: Locator) -> str:
    return place.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")


def move(lab: LabPage, place: Locator, key: str = "PageUp") -> None:
    """Move the slider of the membrane time constant, and see that the picture follows."""
    before = ink(place)
    place.locator("label").filter(has_text="Membrane time").locator("input").focus()
    lab.page.keyboard.press(key)
    assert ink(place) != before


def test_a_widget_lives_before_any_run(lab: LabPage, shots: Path) -> None:
    lab.open_notebook(NAME)
    place = lab.page.locator(WIDGET)
    expect(place.locator(".csnn-title")).to_have_text("LIF neuron: move a parameter, watch the membrane")
    expect(place.get_by_text("40 ms")).to_be_visible()
    lab.screenshot(shots / "live_en.png")
    move(lab, place)
    trusted = lab.page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets[0].model.trusted")
    assert trusted is False
    lab.reload()
    expect(lab.page.locator(WIDGET)).to_have_count(1)
    move(lab, lab.page.locator(WIDGET))


def test_after_the_run_kernel_and_page_are_one_widget(lab: LabPage) -> None:
    lab.open_notebook(NAME)
    place = lab.page.locator(WIDGET)
    expect(place).to_have_count(1)
    lab.run_all()
    expect(place).to_have_count(1)
    move(lab, place)
    lab.set_cell('print("tau"', 'print("tau is", lif.params["tau"]); lif.params = {"tau": 77}')
    lab.run_cell()
    expect(lab.page.locator(".jp-OutputArea-output").filter(has_text="tau is")).not_to_contain_text("40")
    expect(place.get_by_text("77 ms")).to_be_visible()
    lab.command("docmanager:save")
    lab.reload()  # the kernel lives, and still has the widget
    expect(place.get_by_text("77 ms")).to_be_visible()
    expect(place).to_have_count(1)
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    lab.wait_idle()
    move(lab, place, "PageDown")  # what is mounted goes on
    lab.reload()  # and now nobody knows the model
    expect(place.get_by_text("40 ms")).to_be_visible()
    expect(lab.page.get_by_text("model not found")).to_have_count(0)
    move(lab, place)
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    move(lab, place)
