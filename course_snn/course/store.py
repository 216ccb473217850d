"""Stored outputs in one canonical form: what a code host shows, small, and the same from run to run.

`course-snn store` executes a chapter as the learner gets it, stubs and all, and writes the outputs back without
anything that belongs to one machine, one run or one open kernel.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_snn.course.chapters import Chapter, notebook_path
from course_snn.course.execute import execute
from course_snn.course.files import write_text

MAXIMUM_BYTES = 900_000  # of a notebook, figures in two languages and palettes for two themes in it
OF_A_MACHINE = "of-this-machine"  # tag of a cell whose output is about the machine: none is stored
AUTHORS = ("course", "jupyter", "tags")  # metadata of a cell that are the author's
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
WIDGET_MIMES = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MACHINE = re.compile(
    r"/(?:home|root|Users|tmp|private|var/folders)/[\w.-]|\b[A-Z]:\\+\w|ipykernel_\d+|at 0x[0-9a-f]{6}"
)


class StoreError(RuntimeError):
    """A chapter whose outputs cannot be stored; the message names cell and reason."""


def store_chapter(chapter: Chapter, on_cell: Callable[[], None] = lambda: None) -> bool:
    """Execute the chapter and write its canonical outputs back; returns whether the file changed."""
    path = notebook_path(chapter)
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    failure = execute(notebook, chapter.key, path.parent, on_cell=on_cell).failure
    if failure:
        raise StoreError(f"{path.name}, cell {failure.cell}: {failure.name}: {failure.message}\n{failure.traceback}")
    after = serialise(canonical(notebook))
    if problems := machine_traces(notebook):
        raise StoreError(f"{path.name} shows what belongs to this machine or run:\n" + "\n".join(problems))
    if len(after.encode()) > MAXIMUM_BYTES:
        raise StoreError(f"{path.name} would take {len(after.encode())} bytes, more than {MAXIMUM_BYTES}")
    if after != before:
        write_text(path, after)
    return after != before


def serialise(notebook: NotebookNode) -> str:
    """The text of the file: one space of indent, sorted keys, one newline at the end, as JupyterLab saves it."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def canonical(notebook: NotebookNode) -> NotebookNode:
    """Bring an executed notebook into the one form that is kept; changes it and returns it.

    Tags, metadata under the key "course" and what is folded ("jupyter") are the author's and stay. Cell ids stay where
    they are unique. A cell tagged OF_A_MACHINE keeps no output.
    """
    own = {"course": notebook.metadata["course"]} if "course" in notebook.metadata else {}
    notebook.metadata = NotebookNode({"kernelspec": KERNEL, "language_info": LANGUAGE, **own})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: set[str] = set()
    count = 0
    for index, cell in enumerate(notebook.cells):
        cell["id"] = _unique_id(cell.get("id"), index, seen)
        cell.metadata = NotebookNode({key: cell.metadata[key] for key in AUTHORS if cell.metadata.get(key)})
        if cell.cell_type == "code":
            count += bool(cell.source.strip())
            cell.execution_count = count if cell.source.strip() else None
            stored = () if OF_A_MACHINE in cell.metadata.get("tags", ()) else cell.outputs
            cell.outputs = _outputs(stored, cell.execution_count)
    return notebook


def _unique_id(wanted: str | None, index: int, seen: set[str]) -> str:
    name = wanted if wanted and wanted not in seen else f"cell-{index:03d}"
    while name in seen:
        name += "b"
    seen.add(name)
    return name


def _outputs(outputs: Sequence[NotebookNode], count: int | None) -> list[NotebookNode]:
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            text = _without_machine(output.text)
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1].text += text
            else:
                kept.append(nbformat.v4.new_output("stream", name=output.name, text=text))
        elif output.output_type == "error":
            kept.append(_error(output))
        elif data := _data(output.data):
            metadata = {mime: output.metadata[mime] for mime in data if mime in output.metadata}
            extra = {"execution_count": count} if output.output_type == "execute_result" else {}
            kept.append(nbformat.v4.new_output(output.output_type, data=data, metadata=metadata, **extra))
    return kept


def _error(output: NotebookNode) -> NotebookNode:
    """An error that is meant, shown by its last line: a traceback is full of paths and colours."""
    value = _without_machine(output.evalue)
    return nbformat.v4.new_output("error", ename=output.ename, evalue=value, traceback=[f"{output.ename}: {value}"])


def _data(data: NotebookNode) -> dict[str, Any]:
    """The representations worth keeping: a widget's view lives in its kernel only, its picture and its data stay."""
    live = any(mime in data for mime in WIDGET_MIMES)
    kept = {
        mime: _without_machine(value) if mime.startswith("text/") else value
        for mime, value in data.items()
        if mime not in WIDGET_MIMES
    }
    return {} if live and set(kept) <= {"text/plain"} else kept


def _without_machine(text: str) -> str:
    """The text without colours, memory addresses and the folders of this installation."""
    text = _ADDRESS.sub("0x…", _COLOUR.sub("", text))
    for folder in (sys.prefix, sys.base_prefix, str(Path(__file__).resolve().parents[2]), str(Path.home())):
        if len(folder) > 1:
            text = text.replace(folder, "…")
    return text


def machine_traces(notebook: NotebookNode) -> list[str]:
    """Every output text that still names a path or an address of some machine, with its cell."""
    found = []
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            texts = [output.get("text", ""), output.get("evalue", "")]
            texts += [value for mime, value in output.get("data", {}).items() if mime.startswith("text/")]
            found += [f"cell {index + 1}: {match[0]}…" for text in texts if (match := _MACHINE.search(text))]
    return found
