"""The modules of course_snn, found by walking the package: a new folder is under every rule from its first day."""

from __future__ import annotations

import ast
import pkgutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import course_snn

ROOT = Path(course_snn.__file__).parent
LAYERS = {"data": 1, "training": 1, "network": 1, "model": 1, "exchange": 1, "widget": 2, "course": 2}  # science: 0
NAMES = ["course_snn", *(module.name for module in pkgutil.walk_packages(course_snn.__path__, "course_snn."))]
FILES = {name: Path(find_spec(name).origin) for name in NAMES}  # parents are imported, the modules themselves are not


def layer(name: str) -> int:
    """Return 0 for science, 1 for what trains and feeds it, 2 for what the learner touches."""
    return LAYERS.get(f"{name}.".split(".")[1], 0)


@cache
def imports(name: str, at_import_time: bool = False) -> frozenset[str]:
    """Return the dotted names that a module imports; ``at_import_time``: without functions and TYPE_CHECKING."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    lazy = _lazy(tree) if at_import_time else set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and node not in lazy:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node not in lazy:
            origin = _origin(name, node)
            names = {f"{origin}.{alias.name}" for alias in node.names}
            found |= {whole if whole in FILES else origin for whole in names}
    return frozenset(found)


def _lazy(tree: ast.Module) -> set[ast.AST]:
    """Return all that stands inside functions and under TYPE_CHECKING."""
    blocks = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    blocks += [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    return {inner for block in blocks for inner in ast.walk(block)}


def _origin(name: str, node: ast.ImportFrom) -> str:
    """Return the module that ``from … import`` names, dots resolved."""
    package = name.split(".") if FILES[name].stem == "__init__" else name.split(".")[:-1]
    base = package[: len(package) - node.level + 1] if node.level else []
    return ".".join([*base, node.module] if node.module else base)
