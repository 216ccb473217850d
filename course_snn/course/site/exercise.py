"""An exercise on the site: the stub, how to do it, and its hints one by one, but never its solution."""

from __future__ import annotations

import json

from nbformat import NotebookNode

from course_snn.course import exercise as book
from course_snn.course.site import cells
from course_snn.language import Label, escaped, html


def exercise(cell: NotebookNode, name: str, check: str, verdicts: bool) -> str:
    """An exercise as HTML.

    Args:
        cell: its cell, with the stub.
        name: its id, "01.euler_step".
        check: the call that ends the cell.
        verdicts: True if the page has what judges it.
    """
    stub = cell.source.rstrip().removesuffix(check).rstrip()
    data = f' data-stub="{escaped(json.dumps(stub, ensure_ascii=False))}"' if verdicts else ""
    return (
        f'<section class="exercise" id="{cell.get("id", name)}" data-exercise="{name}"{data}>'
        f"{cells.code(f'{stub}{chr(10) * 2}{check}')}{_how(name[:2], verdicts)}{_hints(name)}</section>"
    )


def _how(chapter: str, verdicts: bool) -> str:
    """How to do an exercise of this chapter."""
    command = f"<code>uv run course-snn lab {chapter}</code>"
    zh = f"做这道题：在自己的电脑上用 {command} 打开这一章，改好代码，运行这一格，当场批改。"
    en = (
        f"To do this exercise, open the chapter on your computer by {command}, change the code and run the cell: it is "
        "marked at once."
    )
    start = html('<a href="index.html#start">怎样得到课程</a>', '<a href="index.html#start">Get the course</a>')
    aside = ' class="how here"' if verdicts else ' class="how"'
    return f"<p{aside}>{html(zh, en)} {start}</p>"


def _hints(name: str) -> str:
    """Hint 1, in it hint 2, in it hint 3, each folded."""
    try:
        hints = book.find(name).hints
    except KeyError:  # an exercise of somebody's own
        return ""
    folded = ""
    for number, (zh, en) in reversed(list(enumerate(hints, 1))):
        summary = html(f"提示 {number}", f"Hint {number}")
        folded = f"<details><summary>{summary}</summary><div>{escaped(Label(zh, en))}</div>{folded}</details>"
    return folded
