"""Running one notebook from top to bottom without a browser, in a kernel that touches nothing of the learner's."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_snn.course import interpreter
from course_snn.course.record import CHAPTER_VARIABLE, FILE_VARIABLE
from course_snn.data import presets

EXERCISE_TAG = "exercise"
CELL_SECONDS = {"laptop": 600, "quick": 600, "full": None}  # a cell that takes longer has gone wrong
START_SECONDS = 600  # a kernel, or its last output, that takes longer will never come: nbclient's 60 and 4 can be short
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_running: set[Any] = set()  # notebook clients, so that Ctrl-C can end their kernels


@dataclass(frozen=True)
class Failure:
    """What stopped a notebook: the cell (counted from 1, markdown included; None: the kernel) and the error."""

    cell: int | None
    name: str
    message: str
    traceback: str = ""


@dataclass(frozen=True)
class Execution:
    """What running a notebook left behind; the outputs are in the notebook itself."""

    cells: int
    records: list[dict[str, Any]]
    checks: dict[str, bool]
    failure: Failure | None


def execute(
    notebook: NotebookNode,
    chapter: str,
    folder: Path,
    preset: str = "laptop",
    lang: str = "both",
    on_cell: Callable[[], None] = lambda: None,
) -> Execution:
    """Run every code cell in `folder`, filling in the outputs; `on_cell` is called after each."""
    with tempfile.TemporaryDirectory(prefix="course-snn-") as scratch:
        results = Path(scratch, "results.jsonl")
        environment = kernel_environment(Path(scratch)) | {
            presets.VARIABLE: preset,
            "COURSE_SNN_LANG": lang,
            FILE_VARIABLE: str(results),
            CHAPTER_VARIABLE: chapter,
        }
        done, failure = _run_cells(notebook, folder, environment, CELL_SECONDS[preset], on_cell)
        lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    drop_empty(notebook)
    entries = [json.loads(line) for line in lines]
    checks: dict[str, bool] = {}
    for entry in entries:
        if "exercise" in entry:
            checks[entry["exercise"]] = entry["passed"]  # the last try counts, as it does for a learner
    return Execution(done, [entry for entry in entries if "name" in entry], checks, failure)


def drop_empty(notebook: NotebookNode) -> None:
    """Remove outputs that show nothing any more, such as a progress bar that has taken itself away."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("data", True)]


def kernel_environment(scratch: Path) -> dict[str, str]:
    """The environment of a kernel whose progress, history and figure backend are its own."""
    return dict(os.environ) | {
        **interpreter.told(),
        "COURSE_SNN_HOME": str(scratch / "home"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
    }


def _run_cells(
    notebook: NotebookNode,
    folder: Path,
    environment: Mapping[str, str],
    seconds: int | None,
    on_cell: Callable[[], None],
) -> tuple[int, Failure | None]:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    at, done = None, 0

    def started(cell: NotebookNode, cell_index: int) -> None:
        nonlocal at
        at = cell_index

    def executed(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        nonlocal done
        done += 1
        on_cell()

    client = NotebookClient(
        notebook,
        kernel_name="python3",
        kernel_manager_class=_kernel_manager_class(),
        timeout=seconds,
        startup_timeout=START_SECONDS,
        iopub_timeout=START_SECONDS,
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=40"],  # errors only
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=started,
        on_cell_executed=executed,
    )
    _running.add(client)
    try:
        asyncio.run(client.async_execute(env=environment))
    except CellExecutionError as error:
        return done, Failure(_count(at), error.ename, error.evalue, _COLOUR.sub("", error.traceback))
    except Exception as error:  # a dead kernel, a timeout: one chapter must not stop the others
        return done, Failure(_count(at), type(error).__name__, str(error))
    finally:
        _running.discard(client)
    return done, shown_error(notebook)


def shown_error(notebook: NotebookNode) -> Failure | None:
    """The first error that a cell shows though it went on: a picture not drawn, a callback that failed."""
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                traceback = _COLOUR.sub("", "\n".join(output.traceback))
                return Failure(index + 1, output.ename, output.evalue, traceback)
    return None


def _kernel_manager_class() -> type:
    """Kernel managers for which python3 is this very interpreter, whatever kernels the user has installed."""
    from jupyter_client.manager import AsyncKernelManager
    from traitlets import default

    from course_snn.course.kernelspecs import OwnPython

    class ThisPython(AsyncKernelManager):
        @default("kernel_spec_manager")
        def _own_python(self) -> OwnPython:
            return OwnPython()

    return ThisPython


def stop_kernels() -> None:
    """Kill the kernels of all running `execute` calls, which then end with a failure."""
    for client in list(_running):
        process = getattr(getattr(client.km, "provisioner", None), "process", None)
        if process is not None:
            process.kill()


def _count(index: int | None) -> int | None:
    return None if index is None else index + 1


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that a run executes."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def solve(notebook: NotebookNode, solution_source: Callable[[str], str]) -> list[str]:
    """Put the solution in place of each exercise's stub, keeping the line that checks it; returns their names."""
    names = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and EXERCISE_TAG in cell.metadata.get("tags", []):
            name, check = check_call(cell.source, index + 1)
            cell.source = f"{solution_source(name).rstrip()}\n\n{check}"
            names.append(name)
    return names


def check_call(source: str, cell: int) -> tuple[str, str]:
    """The exercise's name and the source of the call `course.check("01.euler", …)` that ends its cell."""
    statements = ast.parse(source).body
    last = statements[-1] if statements else None
    match last:
        case ast.Expr(ast.Call(ast.Attribute(attr="check"), [ast.Constant(str(name)), *_])):
            return name, ast.get_source_segment(source, last) or ""
    raise ValueError(
        f'cell {cell} is tagged "{EXERCISE_TAG}", but its last statement is not course.check("chapter.exercise", …)'
    )
