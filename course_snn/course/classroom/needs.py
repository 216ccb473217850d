"""Which lines of the other cells an answer needs: those that define the names it uses, and what these use in turn.

So an answer finds its helpers wherever they stand, and neither an endless loop nor a figure elsewhere in the notebook
is run.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from course_snn.course.classroom.tolerant import Cell

_BUILTIN = set(vars(builtins))
_CHANGING = {"add", "append", "clear", "extend", "insert", "pop", "remove", "reverse", "setdefault", "sort", "update"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class _Statement:
    """A statement at the top level of a cell: its lines, the names it binds or changes, and the names it reads."""

    place: int
    first: int
    last: int
    binds: frozenset[str]
    reads: frozenset[str]
    star: bool
    defines: bool


def bound(tree: ast.Module) -> set[str]:
    """Return the names that a cell defines."""
    return set().union(*(_names(node)[0] for node in tree.body)) if tree.body else set()


def needed(answer: Cell, cells: Sequence[Cell]) -> list[tuple[str, str]]:
    """Return (cell, code) of what ``answer`` needs from the other cells, in the order of the notebook.

    Lines that are not needed are empty, so that the others keep their numbers. Where a name is defined before the
    answer, what stands after it is not taken.
    """
    statements = [one for place, cell in enumerate(cells) if cell is not answer for one in _statements(place, cell)]
    at = next((place for place, cell in enumerate(cells) if cell is answer), len(cells))
    wanted = _open_names(_statements(at, answer))
    taken, seen = {one for one in statements if one.star}, set()
    while wanted:
        name = wanted.pop()
        if name in seen or name in _BUILTIN:
            continue
        seen.add(name)
        makers = [one for one in statements if name in one.binds]
        for one in [one for one in makers if one.place < at] or makers:
            if one not in taken:
                taken.add(one)
                wanted += one.reads
    return [(cell.name, _lines(cell.code, lines)) for place, cell in enumerate(cells) if (lines := _of(taken, place))]


def _open_names(statements: list[_Statement]) -> list[str]:
    """Return the names that statements, one after the other, read before they bind them.

    Functions and classes read theirs later: whatever is bound anywhere in the cell is there by then.
    """
    known: set[str] = set()
    later = set().union(*(one.binds for one in statements)) if statements else set()
    wanted = []
    for one in statements:
        wanted += [name for name in one.reads if name not in (later if one.defines else known)]
        known |= one.binds
    return wanted


def _of(taken: set[_Statement], place: int) -> list[_Statement]:
    return [one for one in taken if one.place == place]


def _lines(code: str, statements: list[_Statement]) -> str:
    wanted = {line for one in statements for line in range(one.first, one.last + 1)}
    return "\n".join(text if line in wanted else "" for line, text in enumerate(code.split("\n"), 1))


@lru_cache(maxsize=512)  # all answers of a hand-in look at the same cells
def _statements(place: int, cell: Cell) -> list[_Statement]:
    return [_statement(place, node) for node in (cell.tree.body if cell.tree else [])]


def _statement(place: int, node: ast.stmt) -> _Statement:
    binds, reads = _names(node)
    decorators = [one.lineno for one in getattr(node, "decorator_list", [])]
    star = isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names)
    first, last = min([node.lineno, *decorators]), node.end_lineno or node.lineno
    return _Statement(place, first, last, frozenset(binds), frozenset(reads), star, isinstance(node, _DEFINITIONS))


def _names(node: ast.stmt) -> tuple[set[str], set[str]]:
    """Return the names that a statement binds or changes at the top level, and the global names it reads anywhere."""
    try:
        top = symtable.symtable(ast.unparse(node), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set()
    binds = {one.get_name() for one in top.get_symbols() if one.is_assigned() or one.is_imported()}
    binds |= {one.get_name() for one in top.get_symbols() if one.is_namespace()}
    reads, tables = {one.get_name() for one in top.get_symbols() if one.is_referenced()}, top.get_children()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        reads |= {one.get_name() for one in table.get_symbols() if one.is_global()}
    return binds | _changed(node), reads


def _changed(node: ast.stmt) -> set[str]:
    """Return the names at the root of ``table["x"] = 1``, ``thing.part = 2`` and ``values.append(3)``."""
    if isinstance(node, _DEFINITIONS):
        return set()
    roots = set()
    for part in ast.walk(node):
        match part:
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                target = part
            case ast.Call(ast.Attribute(value, method)) if method in _CHANGING:
                target = value
            case _:
                continue
        while isinstance(target, (ast.Subscript, ast.Attribute)):
            target = target.value
        if isinstance(target, ast.Name):
            roots.add(target.id)
    return roots
