"""Stored outputs: the same from run to run, and nothing in them that belongs to one machine or one kernel."""

from __future__ import annotations

import json
import re
from pathlib import Path

import minicourse
import nbformat
import pytest
from minicourse import BEGIN, STUB, code, markdown

from course_snn.course import store
from course_snn.course.chapters import find
from course_snn.widget import stored

START = Path(__file__).parents[1] / "notebooks" / "00_start_here.ipynb"
VIEW = "application/vnd.jupyter.widget-view+json"


def test_it_is_the_same_from_run_to_run(folder: Path) -> None:
    figure = "import matplotlib.pyplot as plt\nfrom course_snn.language import tr\nplt.title(tr('图', 'figure'));"
    slider = "import ipywidgets\nipywidgets.IntSlider()"
    path = minicourse.write(
        folder / "01_lif_neuron.ipynb",
        markdown("# one"),
        code(f"{BEGIN}\ncourse.begin('01')"),
        code("for k in range(3):\n    print(k, flush=True)\nobject()"),
        code(figure),
        code(slider),
        code(STUB, "exercise"),
        code(""),
    )
    assert store.store_chapter(find("1")) is True
    first = path.read_bytes()
    assert store.store_chapter(find("1")) is False
    assert path.read_bytes() == first

    notebook = nbformat.reads(first.decode(), as_version=4)
    nbformat.validate(notebook)
    assert [cell.get("execution_count") for cell in notebook.cells[1:]] == [1, 2, 3, 4, 5, None]
    stream, value = notebook.cells[2].outputs
    assert stream.text == "0\n1\n2\n"
    assert value.data["text/plain"] == "<object at 0x…>"
    assert "application/vnd.course-snn.figure+json" in notebook.cells[3].outputs[-1].data
    assert notebook.cells[4].outputs == []  # a widget without a picture leaves nothing
    assert "euler_step(v, i, r, tau, dt):\n    ..." in notebook.cells[5].source  # the stub stays a stub
    assert notebook.cells[5].metadata.tags == ["exercise"]
    assert not re.search(rb"widget-view|widget-state|iopub|shell\.execute|/tmp/", first)


def test_an_error_stores_nothing(folder: Path) -> None:
    path = minicourse.write(folder / "01_lif_neuron.ipynb", code("1 / 0"))
    before = path.read_bytes()
    with pytest.raises(store.StoreError, match=r"cell 1: ZeroDivisionError"):
        store.store_chapter(find("1"))
    assert path.read_bytes() == before


def notebook_with(*outputs: nbformat.NotebookNode, source: str = "x") -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs))
    return nbformat.v4.new_notebook(cells=[cell])


def test_streams_are_merged_and_cleaned() -> None:
    v4 = nbformat.v4
    out = [
        v4.new_output("stream", name=name, text=text)
        for name, text in [("stdout", "a"), ("stdout", "b\x1b[31m!"), ("stderr", "c")]
    ]
    cleaned = store.canonical(notebook_with(*out)).cells[0].outputs
    assert [(output.name, output.text) for output in cleaned] == [("stdout", "ab!"), ("stderr", "c")]


def test_a_widget_keeps_its_picture_and_its_data_only() -> None:
    kept_data = {"name": "LIFExplorer", "state": {"params": {"tau": 20}}, "buffers": []}
    data = {VIEW: {"model_id": "1"}, "image/png": "AAAA", "text/plain": "Explorer()", stored.MIME: kept_data}
    output = nbformat.v4.new_output("display_data", data, metadata={VIEW: {}, "image/png": {"width": 3}})
    notebook = notebook_with(output)
    notebook.metadata["widgets"] = {"state": {}}
    [kept] = store.canonical(notebook).cells[0].outputs
    assert kept.data == {"image/png": "AAAA", "text/plain": "Explorer()", stored.MIME: kept_data}
    assert kept.metadata == {"image/png": {"width": 3}}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_what_is_about_the_machine_is_not_stored() -> None:
    output = nbformat.v4.new_output("stream", name="stdout", text="All set")
    cell = nbformat.v4.new_code_cell("course.examine()", outputs=[output], metadata={"tags": [store.OF_A_MACHINE]})
    (kept,) = store.canonical(nbformat.v4.new_notebook(cells=[cell])).cells
    assert kept.outputs == [] and kept.execution_count == 1 and kept.metadata.tags == [store.OF_A_MACHINE]
    examined = [cell for cell in nbformat.read(START, 4).cells if cell.source.startswith("course.examine()")]
    assert [cell.outputs for cell in examined] == [[]]


def test_an_error_that_is_meant_keeps_its_last_line() -> None:
    output = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=["\x1b[31m/home/me/x.py", "…"])
    [kept] = store.canonical(notebook_with(output)).cells[0].outputs
    assert kept.traceback == ["ValueError: no"]


def test_metadata_and_ids_are_canonical() -> None:
    notebook = notebook_with()
    notebook.cells.append(
        nbformat.v4.new_code_cell("y", metadata={"execution": {"t": "1"}, "scrolled": True, "tags": ["a"]})
    )
    notebook.cells[0]["id"] = notebook.cells[1]["id"] = "same"
    notebook.metadata = nbformat.NotebookNode({"language_info": {"version": "3.11.7"}, "course": {"minutes": 9}})
    store.canonical(notebook)
    assert [cell.id for cell in notebook.cells] == ["same", "cell-001"]
    assert notebook.cells[1].metadata == {"tags": ["a"]}
    assert "version" not in notebook.metadata.language_info
    assert notebook.metadata.course == {"minutes": 9}
    assert json.loads(store.serialise(notebook))["nbformat_minor"] == 5


@pytest.mark.parametrize("text", ["saved to /home/me/x.pt", r"C:\Users\me", "/tmp/ipykernel_12/3.py", "/Users/me"])
def test_paths_of_a_machine_are_found(text: str) -> None:
    notebook = notebook_with(nbformat.v4.new_output("stream", name="stdout", text=text))
    assert store.machine_traces(notebook)
    clean = notebook_with(nbformat.v4.new_output("stream", name="stdout", text="a/b, 1/2 and http://x/home"))
    assert not store.machine_traces(clean)
