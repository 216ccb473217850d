"""Tables that Excel and WPS open right: CSV with a BOM, and no cell that they would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from course_snn.drafts import draft

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """A value as a cell: what begins like a formula gets an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table; the file is replaced at once."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([cell(value) for value in row] for row in [heads, *rows])
    with draft(path, shared=True) as file:
        file.write(text.getvalue().encode("utf-8-sig"))
