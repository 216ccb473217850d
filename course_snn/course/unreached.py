"""A check that stands in a cell and is never reached: most often it was indented into the function by mistake."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from course_snn.language import Label, announce, tr

_checked = False


def note() -> None:
    """Say that a check was reached in the cell that runs now."""
    global _checked
    _checked = True


def watch(shell: Any) -> None:
    """Look at every cell that this shell runs from now on; asked twice, it is still done once."""
    for event, callback in (("pre_run_cell", _begin), ("post_run_cell", _end)):
        if callback not in shell.events.callbacks[event]:
            shell.events.register(event, callback)


def _begin(_info: object) -> None:
    global _checked
    _checked = False


def _end(result: Any) -> None:
    if result.success and not _checked and (advice := advise(result.info.raw_cell)):
        announce(advice)


def advise(code: str) -> Label | None:
    """Return what to do about a check in this cell that did not run; None if there is none inside a function or class.

    Args:
        code: the cell.
    """
    try:
        found = next(_buried(ast.parse(code)), None)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if found is None:
        return None
    line, name = found
    return tr(
        f"第 {line} 行的 course.check 缩进在 `{name}` 里面，所以没有运行，这一格什么也没有检查。"
        "请把它移到行首（前面没有空格），再运行一次。",
        f"The course.check in line {line} is indented into `{name}`, so it did not run and nothing was checked. Move "
        "it to the beginning of its line (no spaces before it) and run the cell again.",
    )


def _buried(tree: ast.AST, name: str = "") -> Iterator[tuple[int, str]]:
    """Yield (line, function) of each ``course.check(…)`` inside a function or class."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name("course"), "check")) if name:
                yield node.lineno, name
            case ast.FunctionDef(inner) | ast.ClassDef(inner) | ast.AsyncFunctionDef(inner):
                yield from _buried(node, inner)
                continue
        yield from _buried(node, name)
