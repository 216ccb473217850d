"""A course of a few cells, for tests that run chapters: quick, and broken where a test wants it so."""

from __future__ import annotations

from pathlib import Path

import nbformat

BEGIN = "from course_snn.course.record import record\nfrom course_snn import course"
STUB = 'def euler_step(v, i, r, tau, dt):\n    ...\n\ncourse.check("01.euler_step", euler_step)'
PROSE = (
    '<div lang="zh">\n\n时间常数 $\\tau$。\n\n</div>\n\n'
    '<div lang="en">\n\nThe time constant $\\tau$, see [02](02_encoders.ipynb).\n\n</div>'
)


def markdown(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def code(source: str, *tags: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def write(path: Path, *cells: nbformat.NotebookNode) -> Path:
    """Write a notebook whose cells are named c0, c1, …"""
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)
    return path
