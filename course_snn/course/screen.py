"""How `course-snn run` looks in a terminal: bars while it runs, a table and the failures when it is done."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import nbformat
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from course_snn.course.chapters import Chapter, notebook_path
from course_snn.course.execute import code_cells
from course_snn.course.record import describe
from course_snn.course.runner import ChapterRun
from course_snn.course.tables import Tell, table

TRACEBACK_LINES = 25


class Bars:
    """One progress bar per chapter, counting its code cells."""

    def __init__(self, progress: Progress, chapters: Sequence[Chapter]) -> None:
        self._progress = progress
        self._tasks = {
            chapter: progress.add_task(chapter.slug, total=_count_cells(chapter), start=False) for chapter in chapters
        }

    def start(self, chapter: Chapter) -> None:
        self._progress.start_task(self._tasks[chapter])

    def advance(self, chapter: Chapter) -> None:
        self._progress.advance(self._tasks[chapter])


def _count_cells(chapter: Chapter) -> int:
    return len(code_cells(nbformat.read(notebook_path(chapter), as_version=4)))


@contextlib.contextmanager
def bars(chapters: Sequence[Chapter], console: Console) -> Iterator[Bars]:
    """Show the bars of these chapters while the block runs."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield Bars(progress, chapters)


def run_table(runs: Sequence[ChapterRun], tell: Tell) -> Table:
    """Chapter, cells, seconds, checks passed, results inside their bands: one row a chapter."""
    rows = table(
        tell("章节", "Chapter"), tell("格", "Cells"), tell("秒", "Seconds"), tell("练习", "Checks"),
        tell("结果", "Results"),
    )  # fmt: skip
    for run in runs:
        passed = sum(run.checks.values())
        checks = f"{passed}/{len(run.checks) + len(run.missing_checks)}"
        results = f"{sum(entry['ok'] for entry in run.records)}/{len(run.records)}"
        name = Text(f"{run.chapter} {tell(run.title['zh'], run.title['en'])}", style="" if run.ok else "red")
        rows.add_row(name, f"{run.cells_run}/{run.cells}", f"{run.seconds:.1f}", checks, results)
    return rows


def results(runs: Sequence[ChapterRun]) -> list[Text]:
    """A line for each recorded result, red where it left its band."""
    return [
        Text(f"{run.chapter}  {describe(entry)}", style="" if entry["ok"] else "red")
        for run in runs
        for entry in run.records
    ]


def failures(runs: Sequence[ChapterRun], tell: Tell) -> list[str]:
    """A paragraph for each thing that went wrong."""
    lines = []
    for run in runs:
        if run.failure:
            where = tell(f"第 {run.failure.cell} 格", f"cell {run.failure.cell}") if run.failure.cell else "-"
            lines.append(f"{run.chapter}, {where}: {run.failure.name}: {run.failure.message}")
            lines += run.failure.traceback.splitlines()[-TRACEBACK_LINES:]
        for name, passed in run.checks.items():
            if not passed:
                lines.append(tell(f"{name}：参考答案没有通过检查", f"{name}: our own solution fails the check"))
        for name in run.missing_checks:
            lines.append(tell(f"{name}：没有检查", f"{name}: was never checked"))
    return lines
