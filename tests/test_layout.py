"""The house rules: who may import whom, how light an import is, how long a file may be."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import course_snn

ROOT = Path(course_snn.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py"))
LAYERS = {"data": 1, "training": 1, "network": 1, "widget": 2, "course": 2}  # everything else is science: 0
DRAWING = {"language", "figure", "plotting"}  # the science files that may need more than torch
COMPILED = {
    "neurons_cpu",
    "neurons_gpu",
    "pooling_cpu",
    "prefetch",
    "winners_cpu",
}  # imported where they are needed only


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in FILES}
SCIENCE = [
    name
    for name, path in MODULES.items()
    if not {*name.split(".")[1:]} & {*LAYERS, *DRAWING, *COMPILED} and path.stem != "__init__"
]


def imports(path: Path, at_import_time: bool = False) -> set[str]:
    """Return the dotted names a file imports; ``at_import_time``: without functions and TYPE_CHECKING."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = set()
    if at_import_time:
        blocks = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
        blocks += [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
        lazy = {id(inner) for block in blocks for inner in ast.walk(block)}
    package = module_name(path) if path.stem == "__init__" else module_name(path).rpartition(".")[0]
    found = set()
    for node in ast.walk(tree):
        if id(node) in lazy:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            levels = package.split(".")
            base = ".".join(levels[: len(levels) - node.level + 1]) if node.level else ""
            origin = ".".join(filter(None, [base, node.module]))
            names = {f"{origin}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else origin for name in names}
    return found


def layer(name: str) -> int:
    parts = name.split(".")
    return LAYERS.get(parts[1], 0) if len(parts) > 1 else 0


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name):
    ours = {other for other in imports(MODULES[name]) if other.split(".")[0] == "course_snn"}
    upward = {other for other in ours if layer(other) > layer(name)}
    assert not upward, f"{name} (layer {layer(name)}) may not import {upward}"


def test_no_circles():
    graph = {name: imports(path, at_import_time=True) & set(MODULES) - {name} for name, path in MODULES.items()}
    while free := {name for name, needs in graph.items() if not needs & set(graph)}:
        graph = {name: needs for name, needs in graph.items() if name not in free}
    assert not graph, f"these modules import each other: {graph}"


@pytest.mark.parametrize("stem", SCIENCE)
def test_science_needs_torch_only(stem):
    roots = {name.split(".")[0] for name in imports(MODULES[stem])}
    assert roots - set(sys.stdlib_module_names) <= {"torch", "course_snn"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_is_one_sitting(path):
    # a chapter's exercises are hints and messages in two languages: long to scroll, short to read
    limit = 450 if path.parent.name == "exercises" else 300
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


def python(code: str) -> None:
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr


def test_import_is_light_and_offline():
    python(f"""
import sys, time
import torch

def watch(event, args):
    if event.startswith("socket.") and event != "socket.gethostname":
        raise RuntimeError(f"{{event}} while importing")

sys.addaudithook(watch)
start = time.process_time()
import course_snn
import {", ".join(SCIENCE)}
seconds = time.process_time() - start
heavy = {{"matplotlib", "ipywidgets", "IPython", "anywidget", "spikingjelly", "sklearn", "PIL", "numba"}}
heavy &= set(sys.modules)
assert not heavy, heavy
assert seconds < 0.3, seconds
""")
