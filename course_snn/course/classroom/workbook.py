"""Workbooks for Excel and WPS: texts stay texts, numbers stay numbers, and the same tables give the same file."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course_snn.course.classroom.error import ClassroomError
from course_snn.drafts import draft
from course_snn.language import Label, tr

LONGEST = 32_767  # characters in a cell, Excel's own limit
WIDEST = 60  # characters that a column shows


@dataclass(frozen=True)
class Table:
    """A table: what it is called, its heads, its lines of texts and numbers."""

    title: Label
    heads: Sequence[str]
    lines: Sequence[Sequence[object]]


def write(path: Path, tables: Sequence[Table]) -> None:
    """Write a workbook with a sheet for each table; the file is replaced at once.

    Raises:
        ClassroomError: XlsxWriter is not installed; says how to.
    """
    try:
        import xlsxwriter  # an extra: who opens the CSV does not need it
    except ImportError as error:
        raise ClassroomError(
            tr(
                "写 .xlsx 需要 XlsxWriter。运行 pip install XlsxWriter（或 pip install 'course-snn[excel]'）再来；"
                "不装也可以直接用 Excel 或 WPS 打开 report.csv",
                ".xlsx files need XlsxWriter. Run pip install XlsxWriter (or pip install 'course-snn[excel]') and try "
                "again; or open report.csv in Excel or WPS, which needs nothing",
            )
        ) from error
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(2000, 1, 1)})  # else the same tables give another file each day
    bold = book.add_format({"bold": True})
    for table in tables:
        sheet = book.add_worksheet(f"{table.title.zh} {table.title.en}")
        _fill(sheet, table, bold)
    book.close()
    with draft(path, shared=True) as file:
        file.write(raw.getvalue())


def _fill(sheet, table: Table, bold) -> None:
    for row, line in enumerate([table.heads, *table.lines]):
        for column, value in enumerate(line):
            if isinstance(value, (int, float)):
                sheet.write_number(row, column, value)
            elif value:  # never `write`, which takes "=1+1" for a formula and "http:…" for a link
                sheet.write_string(row, column, str(value)[:LONGEST], None if row else bold)
    for column in range(len(table.heads)):
        longest = max(_width(line[column]) for line in [table.heads, *table.lines])
        sheet.set_column(column, column, min(WIDEST, longest + 2))
    sheet.freeze_panes(1, 2)
    if table.lines:
        sheet.autofilter(0, 0, len(table.lines), len(table.heads) - 1)


def _width(value: object) -> int:
    """How many columns of characters a text takes: a Chinese character takes two."""
    return sum(2 if ord(one) > 0x2E80 else 1 for one in f"{value}")
