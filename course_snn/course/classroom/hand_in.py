"""What a hand-in answers: where each answer stands in a notebook that was edited by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from course_snn.course import chapters as book
from course_snn.course.classroom.marked import Assignment, Student, assignment_of, student_of
from course_snn.course.classroom.needs import bound, needed
from course_snn.course.classroom.tolerant import Cell, Notebook, notebook, read_bytes
from course_snn.course.execute import EXERCISE_TAG, check_call
from course_snn.course.exercise import chapter_exercises, find
from course_snn.language import Label, tr

IN_PLACE, BY_TAG, MOVED, BY_NAME = "in place", "by tag", "moved", "by name"
_WAYS = (IN_PLACE, BY_TAG, MOVED, BY_NAME)
_SUSPECT_MODULES = {"ctypes", "gc", "importlib", "inspect", "os", "shutil", "signal", "socket", "subprocess", "sys"}
_SUSPECT_NAMES = {"__import__", "eval", "exec", "open", "globals", "solution"}


@dataclass(frozen=True)
class Source:
    """An answer: the id of its cell, its code, how it was found, what is to be tried, and what it needs elsewhere.

    ``answer`` is the expression that the cell hands to ``course.check``, the exercise's name by default.
    """

    cell: str
    code: str
    how: str
    answer: str
    needs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class HandIn:
    """One file that was handed in.

    Args:
        path: the file.
        student: whose it is, as it says itself; both texts empty if it doesn't.
        assignment: what `assign` wrote into it; of no chapter if it did not make the notebook.
        chapters: the chapters that it answers.
        answers: by exercise; one whose cell is gone is not there.
        preamble: the code of all cells that are no answers.
        flags: what somebody should look at.
    """

    path: Path
    student: Student
    assignment: Assignment
    chapters: tuple[str, ...]
    answers: Mapping[str, Source]
    preamble: tuple[str, ...] = ()
    flags: tuple[Label, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class _Original:
    begin: str
    places: Mapping[str, str]  # exercise: id of its cell
    stubs: Mapping[str, str]  # exercise: syntax tree of its cell
    codes: frozenset[str]  # of all its cells


@dataclass(frozen=True)
class _Candidate:
    cell: Cell
    way: str
    started: bool
    answer: str


def read(path: Path, chapters: Iterable[str] | None = None, content: bytes | None = None) -> HandIn:
    """Return what a file answers.

    Args:
        path: the notebook that was handed in.
        chapters: those that are graded ("01"); by default those that the notebook itself names.
        content: what stands in the file, if that is known.

    Raises:
        Unreadable: it is no notebook.
    """
    found = notebook(read_bytes(path) if content is None else content)
    told = _as_read(found)
    assignment, student = assignment_of(told) or Assignment(()), student_of(told) or Student("")
    own = _chapters(found, path, assignment)
    wanted = tuple(own if chapters is None else [key for key in chapters if key in own] or chapters)
    answers, flags = {}, []
    for key in wanted:
        for exercise in chapter_exercises(key):
            source, more = _answer(found, exercise.id, _original(key))
            flags += more
            if source:
                answers[exercise.id] = source
    used = {source.cell for source in answers.values()}
    flags += _faults(found, used)
    preamble = tuple(cell.code for cell in found.cells if cell.name not in used)
    return HandIn(path, student, assignment, wanted, answers, preamble, tuple(flags))


def begin_cell(chapter: str) -> str:
    """Return the cell that imports what a chapter uses."""
    return _original(chapter).begin


@lru_cache
def _original(chapter: str) -> _Original:
    content = notebook(book.notebook_path(book.find(chapter)).read_bytes())
    begins = [cell.code for cell in content.cells if "course.begin(" in cell.code]
    begin = next((code for code in begins if "import torch" in code or "matplotlib" in code), "".join(begins[:1]))
    places, stubs = {}, {}
    for cell in content.cells:
        if EXERCISE_TAG in cell.tags:
            name, _ = check_call(cell.code, cell.number)
            places[name], stubs[name] = cell.id, ast.dump(cell.tree) if cell.tree else ""
    return _Original(begin, places, stubs, frozenset(cell.code for cell in content.cells))


def _as_read(content: Notebook) -> dict:
    cells = [{"cell_type": "code", "source": cell.code} for cell in content.cells]
    return {"metadata": content.metadata, "cells": cells}


def _chapters(content: Notebook, path: Path, assignment: Assignment) -> list[str]:
    """Return the chapters of a notebook: as its metadata say, else its checks, else the number in its name."""
    known = {chapter.key for chapter in book.ready_chapters()}
    keys = list(assignment.chapters) or [name[:2] for cell in content.cells for name, _ in _checks(cell)]
    keys = keys or re.findall(r"(?:^|[^0-9])([01][0-9])_", path.name)
    return sorted({key for key in keys if key in known})


def _checks(cell: Cell) -> Iterator[tuple[str, str]]:
    """Yield (exercise, expression) for each ``course.check("01.euler_step", euler_step)`` in a cell."""
    for node in ast.walk(cell.tree) if cell.tree else ():
        match node:
            case ast.Call(ast.Attribute(attr="check" | "require") | ast.Name("check" | "require"), values, named):
                values = [*values, *(one.value for one in named if one.arg in ("exercise_id", "answer"))]
                if values and isinstance(values[0], ast.Constant) and isinstance(values[0].value, str):
                    yield values[0].value, ast.unparse(values[1]) if len(values) > 1 else ""
    if cell.tree is None:  # a cell with a slip still shows what it answers
        yield from ((name, "") for name in re.findall(r"""\.check\(\s*["'](\d\d\.\w+)["']""", cell.code))


def _answer(content: Notebook, exercise: str, original: _Original) -> tuple[Source | None, list[Label]]:
    """Return the answer to an exercise: in its own cell if it is started there, else where it is."""
    candidates = [one for cell in content.cells if (one := _candidate(cell, exercise, original))]
    for one in sorted(candidates, key=lambda one: (not one.started, _WAYS.index(one.way), -one.cell.number)):
        cell, flags = one.cell, []
        if one.way != IN_PLACE and one.started:
            flags.append(tr(f"{exercise}：答案在第 {cell.number} 格", f"{exercise}: answered in cell {cell.number}"))
        needs = needed(cell, content.cells)
        used = {cell.name, *(name for name, _ in needs)}
        others = [
            other.cell.number
            for other in candidates
            if other.started and not (other is one or (other.way == BY_NAME and other.cell.name in used))
        ]
        if others and one.started:
            where = ", ".join(map(str, others))
            flags.append(
                tr(f"{exercise}：第 {where} 格另有答案，没有批", f"{exercise}: another answer in cell {where}")
            )
        found = _suspicious([cell.code, *(code for _, code in needs)])
        if found:
            flags.append(tr(f"{exercise}：看一看 {found}", f"{exercise}: look at {found}"))
        return Source(cell.name, cell.code, one.way, one.answer, tuple(needs)), flags
    return None, [tr(f"{exercise}：没有这个单元格", f"{exercise}: its cell is missing")]


def _candidate(cell: Cell, exercise: str, original: _Original) -> _Candidate | None:
    name = find(exercise).name
    asked = [expression for checked, expression in _checks(cell) if checked == exercise]
    defines = cell.tree is not None and name in bound(cell.tree)
    if cell.id and cell.id == original.places.get(exercise):
        way = IN_PLACE
    elif asked:
        way = BY_TAG if EXERCISE_TAG in cell.tags else MOVED
    elif defines and cell.code not in original.codes:  # chapters use the names of their exercises, too
        way = BY_NAME
    else:
        return None
    answer = asked[-1] if asked and asked[-1] else name
    if cell.tree is None:
        return _Candidate(cell, way, True, answer)
    defined = [node for node in cell.tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    if way == IN_PLACE and not asked and not defines and defined:
        answer = defined[-1].name  # renamed, and its check deleted
    started = bool(asked or defined or defines) and ast.dump(cell.tree) != original.stubs.get(exercise)
    return _Candidate(cell, way, started and not all(map(_is_stub, defined or [cell.tree])), answer)


def _is_stub(node: ast.AST) -> bool:
    """Whether a function or class is still to be written: nothing but ``...``, and what the docstring says."""
    if isinstance(node, ast.Module):
        return not node.body
    parts = node.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else []
    return all(
        _is_stub(part)
        if isinstance(part, ast.FunctionDef)
        else isinstance(part, ast.Pass)
        or (isinstance(part, (ast.Expr, ast.Return)) and isinstance(part.value, ast.Constant) and _empty(part.value))
        for part in parts
    )


def _empty(value: ast.Constant) -> bool:
    return value.value is ... or value.value is None or isinstance(value.value, str)


def _faults(content: Notebook, used: set[str]) -> list[Label]:
    """Return a flag for each cell, other than answers, that Python cannot read."""
    return [
        tr(f"第 {cell.number} 格：{cell.fault}", f"cell {cell.number}: {cell.fault}")
        for cell in content.cells
        if cell.tree is None and cell.name not in used
    ]


def _suspicious(codes: list[str]) -> str:
    """Return what in the code reaches beyond the exercise: files, processes, the course's own solutions."""
    found = set()
    for code in codes:
        for node in _nodes(code):
            match node:
                case ast.Import(names):
                    found |= {one.name for one in names if _beyond(one.name)}
                case ast.ImportFrom(module=str(module), names=names) if _beyond(module):
                    found |= {f"{module}.{one.name}" for one in names}
                case ast.Name(id) if id in _SUSPECT_NAMES:
                    found.add(id)
                case ast.Attribute(attr=attr) if attr in ("solution", "__globals__", "__subclasses__", "f_back"):
                    found.add(attr)
    return ", ".join(sorted(found))


def _nodes(code: str) -> Iterator[ast.AST]:
    try:
        yield from ast.walk(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def _beyond(module: str) -> bool:
    return module.partition(".")[0] in _SUSPECT_MODULES or module.startswith("course_snn.course.")
