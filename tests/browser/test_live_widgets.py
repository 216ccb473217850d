"""Widgets live before any run, after a reload, without a kernel and without trust, and stay one with the kernel's."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import nbformat
import pytest
from driver import LabPage, Server
from matplotlib.figure import Figure
from patience import PATIENCE
from playwright.sync_api import Locator, expect

from course_snn import figure, widget
from course_snn.course.store import canonical, serialise
from course_snn.widget import stored

NAME = "live.ipynb"
PICTURE = figure.bundle(Figure(figsize=(4, 1)))["image/png"]
WIDGET = ".jp-NotebookPanel:not(.lm-mod-hidden) article.csnn"


def output(made: Any, **changed: Any) -> nbformat.NotebookNode:
    """The stored output of a widget, beside a picture that is quickly drawn; `changed` replaces parts of the bundle."""
    data = {"image/png": PICTURE, "text/plain": "a widget", stored.MIME: stored.bundle(made) | changed}
    return nbformat.v4.new_output("execute_result", data, execution_count=1)


def write(path: Path, *cells: tuple[str, nbformat.NotebookNode | None]) -> Path:
    v4 = nbformat.v4
    code = [v4.new_code_cell(source, outputs=[shown] if shown else [], execution_count=1) for source, shown in cells]
    path.write_text(serialise(canonical(v4.new_notebook(cells=code))), encoding="utf-8")
    return path


HTML = '<img src=x onerror="window.owned = true">'
CODE = "window.owned = true; export default { render() { window.owned = true; } }"


def hostile() -> list[tuple[str, nbformat.NotebookNode]]:
    """Cells that try to run code, or to let the page run for ever; the first two have nothing to refuse."""
    lif, energy = stored.bundle(widget.LIFExplorer()), stored.bundle(widget.EnergyCalculator())
    layers = [layer | {"name": [HTML, HTML]} for layer in energy["state"]["layers"]]
    number = stored.bundle(widget.GuessNumber("00.try", (HTML, HTML), 0, 10))
    endless = {"spec": number["state"]["spec"] | {"low": 0, "high": 1e-300, "log": True, "step": 1e-300}}
    made = widget.LIFExplorer()
    tried = {
        "esm": {"state": lif["state"] | {"_esm": CODE, "title": [HTML, HTML]}},
        "html": energy | {"state": energy["state"] | {"layers": layers}},
        "ask": number,
        "endless": number | {"state": number["state"] | endless},
        "steps": {"state": lif["state"] | {"params": lif["state"]["params"] | {"dt": 1e-9}}},
        "path": {"name": "../../../api/contents/x"},
        "nobody": {"name": "Nobody"},
        "proto": {"name": "constructor"},
        "buffers": {"buffers": [{"path": ["__proto__", "owned"], "data": "AAAA"}]},
        "null": {"state": None, "name": None},
        "module": {"module": CODE, "files": ["x.js"], "name": "Nothing", "_esm": CODE},
    }
    return [(f"# {name}", output(made, **changes)) for name, changes in tried.items()]


LIVE = {"esm", "html", "ask"}  # of the hostile cells: what they try has no effect, the widget is there
MADE = [name for name in stored.names() if stored.catalogue()[name]["controls"] is not None]


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("live")
    source = "from course_snn import widget\nlif = widget.LIFExplorer(tau=40)\nlif"
    explorer = (source, output(widget.LIFExplorer(tau=40)))
    everyone = [(f"# {name}", output(getattr(widget, name)())) for name in MADE]
    return [
        write(folder / NAME, explorer, ('print("tau", lif.params["tau"])', None)),
        write(folder / "everyone.ipynb", *everyone),
        write(folder / "hostile.ipynb", *hostile()),
    ]


def scroll(lab: LabPage, index: int) -> Locator:
    """The output of a cell, in view: JupyterLab attaches what is near the window only."""
    lab.page.evaluate("index => window.jupyterapp.shell.currentWidget.content.scrollToItem(index, 'center')", index)
    return lab.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}'] .jp-OutputArea")


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
    lab.page.errors[:] = [error for error in lab.page.errors if "Canceled future" not in error]  # JupyterLab's own


def test_every_widget_mounts_by_its_name(lab: LabPage) -> None:
    said: list[str] = []
    lab.page.on("console", lambda message: said.append(message.text) if "course-snn" in message.text else None)
    lab.open_notebook("everyone.ipynb")
    lab.page.evaluate("() => { window.jupyterapp.shell.currentWidget.model.dirty = false; }")
    for index, name in enumerate(MADE):
        place = scroll(lab, index)
        expect(place.locator("article.csnn .csnn-title")).to_have_text(
            getattr(widget, name).heading[1].replace("$", "")
        )
    assert not said
    assert lab.page.evaluate("window.jupyterapp.shell.currentWidget.model.dirty") is False


def test_a_hostile_notebook_runs_nothing_and_freezes_nothing(lab: LabPage, shots: Path) -> None:
    lab.open_notebook("hostile.ipynb")
    names = [source.removeprefix("# ") for source, _ in hostile()]
    for index, name in enumerate(names):
        place = scroll(lab, index)
        if name in LIVE:
            expect(place.locator("article.csnn")).to_be_visible()
        else:
            expect(place.locator(".course-live img")).to_be_visible()
            expect(place.locator("article.csnn")).to_have_count(0)
    expect(scroll(lab, names.index("html")).locator("img")).to_have_count(0)
    lab.screenshot(shots / "live_hostile.png")
    assert lab.page.evaluate("[window.owned, ({}).owned]") == [None, None]


def ask(server: Server, path: str, token: bool = True, **headers: str) -> tuple[int, dict[str, str], str]:
    extra = {"Authorization": f"token {server.token}"} if token else {}
    request = urllib.request.Request(f"{server.url}/course-snn/{path}", headers=extra | headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), ""


def test_the_server_tells_known_names_to_those_who_may_ask(server: Server) -> None:
    status, headers, text = ask(server, "widget/LIFExplorer.js")
    assert status == 200 and text.startswith(stored.module("LIFExplorer")) and "export const catalogue" in text
    assert headers["Content-Type"].startswith("text/javascript") and headers["Cache-Control"] == "no-cache"
    assert ask(server, "widget/LIFExplorer.js", **{"If-None-Match": headers["Etag"]})[0] == 304
    assert ask(server, "widget/kit.css")[0] == ask(server, "widget/model.js")[0] == 200
    assert json.loads(ask(server, "widget/sample/DrawDigit.json")[2])["name"] == "DrawDigit"
    for path in ("LIFExplorer.js", "kit.css", "sample/DrawDigit.json"):
        assert ask(server, f"widget/{path}", token=False)[0] == 403
    for path in ("Nobody.js", "..%2F..%2Fpyproject.toml", "%2E%2E/base.py", "sample/LIFExplorer.json", "common.js"):
        assert ask(server, f"widget/{path}")[0] == 404, path
