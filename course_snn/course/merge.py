"""A new version of a chapter and a learner's answers in one notebook: a three-way merge, cell by cell.

`base` is the version that the learner was given, `mine` what the learner made of it, `new` what the course has now.
Cells are known by their exercise, their id or, where ids were lost, their text.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from course_snn.course.beside import beside, is_stale
from course_snn.course.cells import Cell, exercise, same, source

LONGEST_ID = 64  # nbformat's limit
_ABSENT = object()


@dataclass(frozen=True)
class Merged:
    """The merged notebook, and the ids of cells: changed by the course, kept as the learner has them, changed by both.

    `both` is part of `kept`; the course's text stands in a marked cell below each.
    """

    notebook: Cell
    changed: list[str]
    kept: list[str]
    both: list[str]


def merge(base: Cell | None, mine: Cell, new: Cell) -> Merged:
    """Bring the changes from `base` to `new` into `mine`; no text that the learner wrote is lost.

    A cell that the learner left alone becomes what it is in `new`: replaced, moved, removed. A cell that the learner
    changed keeps the learner's text; if the course changed it too, the course's stands below it in a marked cell.
    The learner's own cells stay after the cell that they followed. Outputs stay with the text that made them.

    Args:
        base: the notebook that was handed out; None if nobody knows: then a cell that differs counts as changed by
            both, an exercise as changed by the learner.
        mine: the learner's notebook.
        new: the course's notebook.
    """
    mine, new = copy.deepcopy(mine), copy.deepcopy(new)
    base = copy.deepcopy(base) if base is not None else _guess(mine, new)
    for given in (base, new):
        _name_all(given["cells"])
    merging = _Merging(base["cells"], mine["cells"], new["cells"])
    merging.take_the_courses()
    merging.add_own()
    merging.add_notes()
    minor = max(5, new.get("nbformat_minor", 5))
    metadata = _notebook_metadata(base, mine, new)
    notebook = new | {"nbformat_minor": minor, "metadata": metadata, "cells": merging.cells}
    return Merged(notebook, merging.changed, merging.kept, merging.both)


class _Merging:
    """The cells of the result while it is made; `place` says where those of `mine` stand in it."""

    def __init__(self, base: list[Cell], mine: list[Cell], new: list[Cell]) -> None:
        self.base, self.mine, self.new = base, mine, new
        self.in_new, self.in_base = _counterparts(base, mine, new)
        self.cells: list[Cell] = []
        self.place: dict[int, Cell] = {}  # index in mine -> cell of the result
        self.notes: list[tuple[Cell, Cell]] = []
        self.changed: list[str] = []
        self.kept: list[str] = []
        self.both: list[str] = []

    def take_the_courses(self) -> None:
        """All cells of the new version in its order, each as the learner has it or as the course has it."""
        of_mine = {j: i for i, j in enumerate(self.in_new) if j is not None}
        of_base = {j: k for k, j in enumerate(_match(self.base, self.new)) if j is not None}
        for j, cell in enumerate(self.new):
            i, k = of_mine.get(j), of_base.get(j)
            if i is not None and self.in_base[i] is not None:
                k = self.in_base[i]
            base = None if k is None else self.base[k]
            merged = self._left_out(base, cell) if i is None else self._merged(base, self.mine[i], cell)
            if merged is not None:
                self.cells.append(merged)
            if i is not None and merged is not None:
                self.place[i] = merged

    def _left_out(self, base: Cell | None, new: Cell) -> Cell | None:
        """The new cell, unless it is one that the learner deleted and the course did not change."""
        if base is not None and same(base, new):
            return None
        self.changed.append(new["id"])
        return new

    def _merged(self, base: Cell | None, mine: Cell, new: Cell) -> Cell:
        changed = base is None or not same(base, new)
        metadata = _three_way(*(one.get("metadata", {}) for one in (base or {}, mine, new)))
        if same(mine, new) or (base is not None and same(mine, base)):
            if changed and base is not None:
                self.changed.append(new["id"])
            return _with_runs(new | {"metadata": metadata}, base, mine)
        kept = mine | {"id": new["id"], "metadata": metadata}
        self.kept.append(new["id"])
        if changed:
            self.both.append(new["id"])
            self.notes.append((kept, beside(new)))
        return kept

    def add_own(self) -> None:
        """Put the cells that the course does not have (any more) after the cells that they followed."""
        names = {cell["id"] for cell in self.cells}
        for i in (i for i, j in enumerate(self.in_new) if j is None):
            cell, k = self.mine[i], self.in_base[i]
            if k is not None and same(cell, self.base[k]):
                self.changed.append(self.base[k]["id"])  # the course took it out, the learner never touched it
            elif not is_stale(cell, self.both):
                own = cell | {"id": _free_name(cell.get("id"), names)}
                names.add(own["id"])
                self.kept.append(own["id"])
                self._insert(own, next((self.place[at] for at in range(i - 1, -1, -1) if at in self.place), None))
                self.place[i] = own

    def add_notes(self) -> None:
        """Put the course's text below the cells that both changed."""
        names = {cell["id"] for cell in self.cells}
        for cell, note in self.notes:
            note["id"] = _free_name(note["id"], names)
            names.add(note["id"])
            self._insert(note, cell)

    def _insert(self, cell: Cell, after: Cell | None) -> None:
        self.cells.insert(next((at + 1 for at, other in enumerate(self.cells) if other is after), 0), cell)


def _guess(mine: Cell, new: Cell) -> Cell:
    """What was handed out, where no copy of it was kept: the exercises, which learners change and the course rarely."""
    there = {exercise(cell) for cell in mine["cells"]} - {None}
    return {"cells": [copy.deepcopy(cell) for cell in new["cells"] if exercise(cell) in there], "metadata": {}}


def _counterparts(
    base: Sequence[Cell], mine: Sequence[Cell], new: Sequence[Cell]
) -> tuple[list[int | None], list[int | None]]:
    """For each cell of mine the index of the same cell in new and in base; None: it has none there."""
    in_base = _match(mine, base)
    to_new = _match(base, new)
    in_new = [None if k is None else to_new[k] for k in in_base]
    free_mine = [i for i, (j, k) in enumerate(zip(in_new, in_base, strict=True)) if j is None and k is None]
    free_new = [j for j in range(len(new)) if j not in in_new]
    for i, found in zip(free_mine, _match([mine[i] for i in free_mine], [new[j] for j in free_new]), strict=True):
        in_new[i] = None if found is None else free_new[found]
    return in_new, in_base


def _match(cells: Sequence[Cell], known: Sequence[Cell]) -> list[int | None]:
    """For each cell the index of the one in `known` that it is: by id, else by exercise, else by its text."""

    def by_id(cell: Cell, other: Cell) -> bool:
        if not isinstance(cell.get("id"), str) or cell["id"] != other.get("id"):
            return False
        one, two = exercise(cell), exercise(other)
        return one == two or None in (one, two)

    def by_exercise(cell: Cell, other: Cell) -> bool:
        return exercise(cell) is not None and exercise(cell) == exercise(other)

    def by_text(cell: Cell, other: Cell) -> bool:
        return same(cell, other) and bool(source(cell).strip())

    found: list[int | None] = [None] * len(cells)
    free = list(range(len(known)))
    rules: tuple[Callable[[Cell, Cell], bool], ...] = (by_id, by_exercise, by_text)
    for rule in rules:
        for i, cell in enumerate(cells):
            if found[i] is None:
                found[i] = next((j for j in free if rule(cell, known[j])), None)
                free = [j for j in free if j != found[i]]
    return found


def _with_runs(cell: Cell, base: Cell | None, mine: Cell) -> Cell:
    """The new cell with the learner's outputs where they belong to its text and the learner has run it."""
    runs = {key: mine[key] for key in ("outputs", "execution_count") if key in mine}
    if cell["cell_type"] != "code" or not same(cell, mine):
        return cell
    if base is not None and all(base.get(key) == value for key, value in runs.items()):
        return cell
    return cell | runs


def _notebook_metadata(base: Cell, mine: Cell, new: Cell) -> Cell:
    """The notebook's metadata; the language is that of the learner's interpreter, which is no change of theirs."""
    three = [notebook.get("metadata", {}) for notebook in (base, mine, new)]
    info = next((one["language_info"] for one in three[1:] if "language_info" in one), None)
    merged = _three_way(*three)
    return merged if info is None else merged | {"language_info": info}


def _three_way(base: Cell, mine: Cell, new: Cell) -> Cell:
    """Entry by entry: what the learner changed stays, the rest is the new version's."""
    merged = {}
    for key in {**new, **mine}:
        theirs, own = new.get(key, _ABSENT), mine.get(key, _ABSENT)
        value = theirs if own == base.get(key, _ABSENT) else own
        if value is not _ABSENT:
            merged[key] = value
    return merged


def _name_all(cells: Sequence[Cell]) -> None:
    names: set[str] = set()
    for cell in cells:
        cell["id"] = _free_name(cell.get("id"), names)
        names.add(cell["id"])


def _free_name(wanted: object, taken: set[str]) -> str:
    name = wanted if isinstance(wanted, str) and wanted else "cell"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[: LONGEST_ID - 8]}-{number}"
    return free
