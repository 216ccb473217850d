"""Tables that Excel and WPS open right: CSV with a BOM, and no cell that they would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from course_snn.drafts import draft

# Excel in East Asian languages takes the full-width forms, too (OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> object:
    """A value as a cell: a text that begins like a formula, after spaces too, gets an apostrophe before it.

    Numbers stay numbers: -0.5 is no formula.
    """
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def as_csv(lines: Iterable[Iterable[object]]) -> str:
    """A table as CSV, the byte order mark included, by which Excel knows UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([cell(value) for value in line] for line in lines)
    return "\ufeff" + text.getvalue()


def write(path: Path, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    """Write a table; the file is replaced at once."""
    with draft(path, shared=True) as file:
        file.write(as_csv([heads, *rows]).encode())
