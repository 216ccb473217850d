"""Running chapters as a whole: solved, executed, written out as notebook and page, and summed up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat

from course_snn.course import machine
from course_snn.course.chapters import Chapter, build_dir, notebook_path, working_dir
from course_snn.course.execute import Failure, code_cells, execute, solve, stop_kernels
from course_snn.course.files import write_text


@dataclass
class ChapterRun:
    """How one chapter went. `checks` maps an exercise to whether our own solution passed it."""

    chapter: str
    title: dict[str, str]
    cells: int = 0
    cells_run: int = 0
    seconds: float = 0.0
    checks: dict[str, bool] = field(default_factory=dict)
    missing_checks: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    failure: Failure | None = None

    @property
    def ok(self) -> bool:
        """No error, every exercise checked and passed, every recorded value inside its band."""
        return (
            self.failure is None
            and not self.missing_checks
            and all(self.checks.values())
            and all(record["ok"] for record in self.records)
        )


def run_chapter(
    chapter: Chapter,
    preset: str = "laptop",
    lang: str = "both",
    build: Path | None = None,
    on_cell: Callable[[], None] = lambda: None,
) -> ChapterRun:
    """Execute one chapter with the solutions in place of the stubs; write build/<slug>.ipynb and .html.

    Whatever goes wrong is in the result's `failure`, so that one chapter does not stop the others.
    """
    result = ChapterRun(chapter.key, {"zh": chapter.title_zh, "en": chapter.title_en})
    begun = time.perf_counter()
    try:
        _run(chapter, result, preset, lang, build or build_dir(), on_cell)
    except Exception as error:
        result.failure = result.failure or Failure(None, type(error).__name__, str(error))
    result.seconds = round(time.perf_counter() - begun, 2)
    return result


def _run(
    chapter: Chapter, result: ChapterRun, preset: str, lang: str, build: Path, on_cell: Callable[[], None]
) -> None:
    path = notebook_path(chapter)
    notebook = nbformat.read(path, as_version=4)
    exercises = solve(notebook, _solution_source)
    result.cells = len(code_cells(notebook))
    done = execute(notebook, chapter.key, working_dir(), preset, lang, on_cell)
    result.cells_run, result.records, result.checks = done.cells, done.records, done.checks
    result.failure = done.failure
    if done.failure is None:
        result.missing_checks = [name for name in exercises if name not in done.checks]
    from course_snn.course.page import page  # here: nbconvert takes most of a second to import

    write_text(build / chapter.file_name, nbformat.writes(notebook))
    write_text(build / f"{chapter.slug}.html", page(notebook, chapter.title_zh, chapter.title_en, lang, chapter))


def _solution_source(name: str) -> str:
    from course_snn.course.exercise import solution_source

    return solution_source(name)


def run_chapters(
    chapters: Sequence[Chapter],
    run_one: Callable[[Chapter], ChapterRun],
    jobs: int = 1,
) -> list[ChapterRun]:
    """Run chapters one after another, or `jobs` at a time, each in a kernel of its own; results in order."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            return list(pool.map(run_one, chapters))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_kernels()
            raise


def report(runs: Sequence[ChapterRun], preset: str, lang: str) -> dict[str, Any]:
    """Everything about a run as plain data, for `run --json` and for README's figures."""
    return {
        "schema": 1,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "preset": preset,
        "lang": lang,
        "ok": all(run.ok for run in runs),
        "machine": machine.machine(),
        "versions": machine.versions(),
        "data": machine.data_source(),
        "chapters": [asdict(run) | {"ok": run.ok} for run in runs],
    }
