"""Whether the Python that runs a notebook is the one that the course was opened with."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

import course_snn
from course_snn.language import Label, tr

VARIABLE = "COURSE_SNN_PYTHON"  # tells kernels which environment opened the course


def told() -> dict[str, str]:
    """The variable that lets kernels see whether they are another Python than this one."""
    return {VARIABLE: sys.prefix}


def another() -> Label | None:
    """What to tell a learner whose notebook runs in another Python than it should; None if it is the right one."""
    wanted = os.environ.get(VARIABLE, "").strip()
    if wanted and not _same(wanted, sys.prefix):
        return _advice(wanted)
    package, checkout = Path(course_snn.__file__).parent, Path.cwd().parent / "course_snn"
    if (checkout / "__init__.py").is_file() and not _same(checkout, package):
        return _advice(checkout.parent)
    return None


def _advice(wanted: str | Path) -> Label:
    this = f"{sys.executable} (Python {platform.python_version()}, course-snn {course_snn.__version__})"
    return tr(
        f"这本笔记不是用打开课程的那个 Python 运行的，结果可能对不上。现在运行它的是 {this}；应当用的在 {wanted} 里。"
        "请在菜单“内核 → 更改内核…”里选“Python 3 (ipykernel)”（VS Code 里点右上角的“选择内核”），再从第一格运行起。"
        "还不行的话，用 course-snn lab 重新打开课程。",
        "This notebook does not run in the Python that the course was opened with, and may not do what it should. "
        f'It runs in {this}; the right one is in {wanted}. Choose "Python 3 (ipykernel)" in the menu Kernel → Change '
        "Kernel… (in VS Code: Select Kernel, at the top right), then run from the first cell on. If that does not "
        "help, open the course again by course-snn lab.",
    )


def _same(one: str | Path, other: str | Path) -> bool:
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))
