"""For which system chapters are handed out, and what each system takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from course_snn.course.cells import Cell, source
from course_snn.course.chapters import Chapter
from course_snn.course.classroom.choices import PLAIN
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.handout import handout
from course_snn.course.classroom.marked import Assignment
from course_snn.course.execute import EXERCISE_TAG, check_call
from course_snn.course.exercise import chapter_exercises, find
from course_snn.language import tr

POINTS = 1  # for each exercise, as `classroom grade` counts


@dataclass(frozen=True)
class Asked:
    """What a system is given: the chapters as the course has them, the assignment, the seed of the hidden cases."""

    originals: Mapping[Chapter, Cell]
    assignment: Assignment
    hidden: str

    @property
    def name(self) -> str:
        """What the assignment is called: "ch01", "ch01_05"."""
        return "ch" + "_".join(sorted(chapter.key for chapter in self.originals))

    def notebook(self, chapter: Chapter, parts: Callable[[Cell, str], list[Cell]]) -> Cell:
        """Return a chapter as it is handed out, in which ``parts(cell, exercise)`` stand in place of each exercise."""
        own = replace(self.assignment, chapters=(chapter.key,))
        told = handout(self.originals[chapter], chapter.key, own, None)
        cells = [parts(cell, exercise) if (exercise := asked(cell)) else [cell] for cell in told["cells"]]
        return told | {"cells": [part for found in cells for part in found]}


Files = Mapping[str, Callable[[], bytes]]


def refuse(form: str, chapters: Iterable[Chapter], roster: bool, packed: bool) -> None:
    """Say what a system does not take together with others.

    Args:
        form: PLAIN, NBGRADER or OTTER.
        chapters: what is handed out.
        roster: whether there is a list of the class.
        packed: whether everybody is to get a zip.

    Raises:
        ClassroomError: an option that the system has no use for, or a chapter without exercises.
    """
    if form == PLAIN:
        return
    if roster or packed:
        raise ClassroomError(
            tr(
                f"--format {form} 只接受 --exam 和 --seed：{form} 给全班同一份，名单由它自己管。"
                "请去掉 --roster 和 --zip",
                f"--format {form} takes --exam and --seed only: {form} gives one notebook to everybody and has a list "
                "of the class of its own. Leave out --roster and --zip",
            )
        )
    exercised(chapters)


def exercised(chapters: Iterable[Chapter]) -> None:
    """See that each chapter has something to grade.

    Raises:
        ClassroomError: one has not.
    """
    empty = [chapter.key for chapter in chapters if not chapter_exercises(chapter.key)]
    if empty:
        raise ClassroomError(
            tr(
                f"第 {'、'.join(empty)} 章没有练习，没有什么可批。请去掉",
                f"there is nothing to grade in {', '.join(empty)}, which have no exercises. Leave them out",
            )
        )


def asked(cell: Cell) -> str | None:
    """Return the exercise of a cell that is one; None for all other cells."""
    if cell["cell_type"] != "code" or EXERCISE_TAG not in cell.get("metadata", {}).get("tags", []):
        return None
    return check_call(source(cell), 0)[0]


def solved(cell: Cell, exercise: str, begin: str, end: str, blank: int = 2) -> Cell:
    """Return the cell with the solution between stub and check: without it, the cell is as the learner gets it.

    Args:
        cell: the cell of an exercise.
        exercise: its id.
        begin: the line before the solution.
        end: the line behind it.
        blank: how many empty lines stand before it.
    """
    _, check = check_call(text := source(cell), 0)
    stub = text.removesuffix(check).rstrip()
    gap = "\n" * blank
    return said(cell, f"{stub}\n{gap}{begin}\n{find(exercise).source}\n{end}\n{check}")


def said(cell: Cell, text: str) -> Cell:
    """Return the cell with another text."""
    return cell | {"source": text.splitlines(keepends=True)}


# Tests give the function another name: to `hand_in` a cell that calls check or require is an answer.


def visible_test(exercise: str) -> str:
    """Return the code that fails where an answer is not right on the cases that learners see."""
    return f'from course_snn.course import require as graded\n\ngraded("{exercise}", {find(exercise).name})'


def hidden_test(exercise: str, hidden: str) -> str:
    """Return the code that fails where an answer is not right, also on cases that no learner has seen."""
    call = f'graded("{exercise}", {find(exercise).name}, hidden="{hidden}")'
    return f"from course_snn.course.classroom.required import require as graded\n\n{call}"
