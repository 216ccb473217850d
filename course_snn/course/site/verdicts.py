"""Verdicts in the page, by Pyodide: for the chapters whose exercises need no more than Python.

The judge, the exercises and what they import go into the page's worker as they are; `pyodide/` holds what stands in
there for NumPy, PyTorch, IPython and the guard. They hold the solutions of these chapters, which judging needs: they
lie in one JSON file, in no page and not in the search.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
from importlib import resources
from pathlib import Path

import course_snn
from course_snn.course.chapters import CHECKOUT
from course_snn.course.page import asset
from course_snn.course.site.error import SiteError
from course_snn.language import tr

CHAPTERS = ("00", "01")
VARIABLE = "COURSE_SNN_PYODIDE"
FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
ENTRIES = ("course_snn.course.judge", *(f"course_snn.course.exercises.ch{key}" for key in CHAPTERS))
STAND_INS = {  # file in pyodide/ -> where it lies in the worker
    "guard": "course_snn/course/guard.py",
    "likeness": "course_snn/course/likeness.py",
    "numpy": "numpy.py",
    "torch": "torch.py",
    "IPython": "IPython.py",
    "judging": "judging.py",
}


def pyodide() -> Path:
    """The folder of npm's package pyodide: what COURSE_SNN_PYODIDE names, else the one in tools/pyodide.

    Raises:
        SiteError: it is not there; says how to get it.
    """
    named = os.environ.get(VARIABLE, "").strip()
    folder = Path(named).expanduser() if named else CHECKOUT / "tools" / "pyodide" / "node_modules" / "pyodide"
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise SiteError(
            tr(
                f"网页里批改要用 npm 的 pyodide，{folder} 里没有 {missing[0]}。在课程的文件夹里运行 "
                f"npm ci --prefix tools/pyodide，或用 {VARIABLE} 指出它的文件夹，或去掉 --verdicts",
                f"verdicts in the page need npm's package pyodide, and {folder} has no {missing[0]}. Run "
                f"npm ci --prefix tools/pyodide in the folder of the course, name its folder in {VARIABLE}, or leave "
                "--verdicts out",
            )
        )
    return folder


def write(assets: Path, package: Path) -> None:
    """Write what judges: Pyodide, the worker, the page's script, the course's sources."""
    folder = assets / "verdicts"
    (folder / "pyodide").mkdir(parents=True)
    for name in FILES:
        shutil.copyfile(package / name, folder / "pyodide" / name)
    text = json.dumps(sources(), ensure_ascii=False, indent=0, sort_keys=True)
    for name, content in (("course.json", text), ("judge.js", asset("judge.js")), ("page.js", asset("verdicts.js"))):
        (folder / name).write_text(content, encoding="utf-8", newline="\n")


def sources() -> dict[str, str]:
    """Path in the worker -> source: the judge, the exercises, all they import of the course, and the stand-ins."""
    root = Path(course_snn.__file__).parent
    found: dict[str, str] = {}
    waiting = list(ENTRIES)
    while waiting:
        path = _path(root, waiting.pop())
        if path is None or (name := path.relative_to(root.parent).as_posix()) in found:
            continue
        if name in STAND_INS.values():
            continue
        found[name] = path.read_text(encoding="utf-8")
        waiting += _imported(found[name])
    for name in list(found):  # packages on the way: theirs import what the page has not
        for folder in Path(name).parents[:-1]:
            found.setdefault(f"{folder.as_posix()}/__init__.py", "")
    own = resources.files(__package__).joinpath("pyodide")
    found |= {where: own.joinpath(f"{name}.py").read_text(encoding="utf-8") for name, where in STAND_INS.items()}
    return found


def _path(root: Path, module: str) -> Path | None:
    stem = root.parent.joinpath(*module.split("."))
    if stem.is_dir():  # of packages only those of exercises have something in their __init__ that the worker needs
        return stem / "__init__.py" if stem.is_relative_to(root / "course" / "exercises") else None
    return stem.with_suffix(".py") if stem.with_suffix(".py").is_file() else None


def _imported(source: str) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return [name for name in names if name.startswith("course_snn.")]
