"""A new version of a chapter and a learner's answers in one notebook: a three-way merge, cell by cell.

`base` is the version that the learner was given, `mine` what the learner made of it, `new` what the course has now.
Cells are known by their exercise, their id or, where ids were lost, their text.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from course_snn.course.beside import beside, is_stale
from course_snn.course.cells import Cell, exercise, same, source

LONGEST_ID = 64  # nbformat's limit
_ABSENT = object()


@dataclass
class Merged:
    """The merged notebook, and the ids of cells: changed by the course, kept as the learner has them, changed by both.

    `both` is part of `kept`; the course's text stands in a marked cell below each.
    """

    notebook: Cell
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    """One cell of the new version with its counterparts; None: there is none."""

    base: Cell | None
    mine: Cell | None
    new: Cell


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
    in_new, in_base = _counterparts(base["cells"], mine["cells"], new["cells"])
    result = Merged(new | {"nbformat_minor": max(5, new.get("nbformat_minor", 5))})
    result.notebook["metadata"] = _notebook_metadata(base, mine, new)

    place: dict[int, Cell] = {}  # index in mine -> cell of the result
    kept: list[Cell] = []
    notes: list[tuple[Cell, Cell]] = []
    of_new = {j: i for i, j in enumerate(in_new) if j is not None}
    base_of_new = {j: k for k, j in enumerate(_match(base["cells"], new["cells"])) if j is not None}
    for j, cell in enumerate(new["cells"]):
        i, k = of_new.get(j), base_of_new.get(j)
        k = in_base[i] if i is not None and in_base[i] is not None else k
        row = _Row(None if k is None else base["cells"][k], None if i is None else mine["cells"][i], cell)
        merged = _merged(row, result)
        if merged is not None:
            kept.append(merged)
            if i is not None:
                place[i] = merged
            if result.both and result.both[-1] == cell["id"]:
                notes.append((merged, beside(cell)))
    own = [i for i, j in enumerate(in_new) if j is None]
    _add_own(own, in_base, base["cells"], mine["cells"], place, kept, result)
    _add_notes(notes, kept)
    result.notebook["cells"] = kept
    return result


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


def _merged(row: _Row, result: Merged) -> Cell | None:
    """The cell of the result for one of the new version, counted in `result`; None: the learner deleted it."""
    base, mine, new = row.base, row.mine, row.new
    name = new["id"]
    if mine is None:
        if base is not None and same(base, new):
            return None
        result.changed.append(name)
        return new
    if same(mine, new) or (base is not None and same(mine, base)):
        if base is not None and not same(base, new):
            result.changed.append(name)
        return _with_runs(new | {"metadata": _metadata(base, mine, new)}, base, mine)
    result.kept.append(name)
    if base is None or not same(base, new):
        result.both.append(name)
    return mine | {"id": name, "metadata": _metadata(base, mine, new)}


def _with_runs(cell: Cell, base: Cell | None, mine: Cell) -> Cell:
    """The new cell with the learner's outputs where they belong to its text and the learner has run it."""
    runs = {key: mine[key] for key in ("outputs", "execution_count") if key in mine}
    if cell["cell_type"] != "code" or not same(cell, mine):
        return cell
    if base is not None and all(base.get(key) == value for key, value in runs.items()):
        return cell
    return cell | runs


def _metadata(base: Cell | None, mine: Cell, new: Cell) -> Cell:
    return _three_way((base or {}).get("metadata", {}), mine.get("metadata", {}), new.get("metadata", {}))


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


def _add_own(
    own: Sequence[int],
    in_base: Sequence[int | None],
    base: Sequence[Cell],
    mine: Sequence[Cell],
    place: dict[int, Cell],
    kept: list[Cell],
    result: Merged,
) -> None:
    """Put the cells that the course does not have (any more) after the cells that they followed."""
    names = {cell["id"] for cell in kept}
    for i in own:
        cell, k = mine[i], in_base[i]
        if k is not None and same(cell, base[k]):
            result.changed.append(str(base[k].get("id")))  # the course took it out, the learner never touched it
            continue
        if is_stale(cell, result.both):
            continue
        name = _free_name(cell.get("id"), names)
        names.add(name)
        result.kept.append(name)
        before = next((place[at] for at in range(i - 1, -1, -1) if at in place), None)
        at = next((at + 1 for at, other in enumerate(kept) if other is before), 0)
        place[i] = cell | {"id": name}
        kept.insert(at, place[i])


def _add_notes(notes: Sequence[tuple[Cell, Cell]], kept: list[Cell]) -> None:
    names = {cell["id"] for cell in kept}
    for cell, note in notes:
        note["id"] = _free_name(note["id"], names)
        names.add(note["id"])
        kept.insert(next(at for at, other in enumerate(kept) if other is cell) + 1, note)


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
