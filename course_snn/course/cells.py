"""A notebook as plain data: read without trusting it, compared by what its cells say, written as Jupyter writes it."""

from __future__ import annotations

import json
import re
from typing import Any

from course_snn.course.outline import headings
from course_snn.course.store import KERNEL
from course_snn.language import Label

Cell = dict[str, Any]
_CHECK = re.compile(r"""\bcourse\.check\(\s*["'](\d\d\.\w+)["']""")


class NotANotebook(ValueError):
    """A file that is no notebook of version 4, or a damaged one."""


def parse(content: bytes) -> Cell:
    """Return the notebook in the bytes of a file.

    Raises:
        NotANotebook: it cannot be read as one; nothing of it may be written over.
    """
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotANotebook(str(error)) from error
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise NotANotebook("not a notebook of version 4")
    cells, metadata = notebook.get("cells"), notebook.get("metadata", {})
    if not isinstance(metadata, dict) or not isinstance(cells, list) or not all(map(_sound, cells)):
        raise NotANotebook("its cells are damaged")
    return notebook


def _sound(cell: object) -> bool:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return False
    lines, outputs = cell.get("source"), cell.get("outputs", [])
    strings = isinstance(lines, list) and all(isinstance(line, str) for line in lines)
    return (strings or isinstance(lines, str)) and isinstance(outputs, list) and isinstance(_metadata(cell), dict)


def _metadata(cell: Cell) -> object:
    return cell.get("metadata", {})


def dump(notebook: Cell) -> bytes:
    """The bytes of a file, as Jupyter writes it: sorted keys, an indent of one space, a newline at the end."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a character that takes two: JSON can say it, UTF-8 cannot
        return (json.dumps(notebook, indent=1, sort_keys=True) + "\n").encode()


def source(cell: Cell) -> str:
    """The text of a cell, with the newlines of Unix."""
    lines = cell["source"]
    return (lines if isinstance(lines, str) else "".join(lines)).replace("\r\n", "\n")


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells say the same: kind and text; outputs and metadata do not count."""
    return one["cell_type"] == other["cell_type"] and source(one) == source(other)


def exercise(cell: Cell) -> str | None:
    """The exercise that a code cell checks, "01.euler_step"; None if it is no such cell."""
    found = _CHECK.search(source(cell)) if cell["cell_type"] == "code" else None
    return found[1] if found else None


def title(notebook: Cell, name: str) -> str:
    """How a learner finds the cell of that id: by its exercise, else by the heading above it, in both languages."""
    heading = name
    for cell in notebook["cells"]:
        found = list(headings(source(cell))) if cell["cell_type"] == "markdown" else []
        if found:
            heading = Label(*found[0 if cell["id"] == name else -1][1:])
        if cell["id"] == name:
            return exercise(cell) or heading
    return name


def language_info() -> dict[str, Any]:
    """What this Python's kernel says of its language: JupyterLab calls a notebook modified that says anything else."""
    from ipykernel.ipkernel import IPythonKernel  # here: it takes half a second

    return dict(IPythonKernel.language_info)


def stamp(notebook: Cell) -> Cell:
    """The notebook as this Python's kernel leaves it when it is opened: kernel and language are named completely.

    One that names another kernel is returned as it is.
    """
    metadata = notebook.get("metadata", {})
    named = metadata.get("kernelspec", KERNEL)
    if not isinstance(named, dict) or named.get("name") != KERNEL["name"]:
        return notebook
    return notebook | {"metadata": metadata | {"kernelspec": KERNEL, "language_info": language_info()}}


def stamped(content: bytes) -> bytes:
    """The bytes of a notebook file with kernel and language named completely; as they are where nothing is missing."""
    try:
        notebook = parse(content)
    except NotANotebook:
        return content
    complete = stamp(notebook)
    return content if complete == notebook else dump(complete)
