"""One chapter as it is handed out: outputs cleared, its student's name on it, and in an exam nothing that helps."""

from __future__ import annotations

import json
import re
from html import escape

from course_snn.course.cells import Cell, source
from course_snn.course.chapters import ChapterError
from course_snn.course.classroom.marked import Assignment, Student, mark

NOTE = "assignment"  # the id of the cell that says whose notebook it is
_FOLDED = re.compile(r"<details\b.*?</details>", re.DOTALL | re.IGNORECASE)
_HELP = re.compile(r"\bcourse\.(hint|solution)\b|\bsolution_source\b")
_NOTHING = re.compile(r"</?div\b[^>]*>|\s+")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|$~-])")


def handout(notebook: Cell, chapter: str, assignment: Assignment, student: Student | None) -> Cell:
    """Return the chapter as one student gets it; what was given is not changed.

    Args:
        notebook: the chapter as the course has it.
        chapter: its two digits.
        assignment: what is handed out.
        student: who gets it; None for everybody.

    Raises:
        ChapterError: the chapter has no ``course.begin``: nothing would tell the kernel what is handed out.
    """
    cells = [_cleared(cell) for cell in notebook["cells"]]
    if assignment.exam:
        cells = [kept for cell in cells if (kept := _without_help(cell)) is not None]
    began = [_beginning(cell, chapter, assignment, student) for cell in cells]
    if began == cells:
        raise ChapterError(f'chapter {chapter} has no cell with course.begin("{chapter}")')
    began.insert(1, _note(assignment, student))  # below the title
    return mark(notebook | {"cells": began}, assignment, student)


def _cleared(cell: Cell) -> Cell:
    """The cell without outputs; code that was folded away because its picture said more is shown."""
    if cell["cell_type"] != "code":
        return cell
    metadata = {key: value for key, value in cell.get("metadata", {}).items() if key != "jupyter"}
    return cell | {"outputs": [], "execution_count": None, "metadata": metadata}


def _without_help(cell: Cell) -> Cell | None:
    """The cell of an exam: without folded answers; None where it only helps, or nothing is left of it."""
    text = source(cell)
    if cell["cell_type"] == "code":
        return None if _HELP.search(text) else cell
    kept = _FOLDED.sub("", text)
    if kept == text:
        return cell
    return _said(cell, re.sub(r"\n{3,}", "\n\n", kept)) if _NOTHING.sub("", kept) else None


def _beginning(cell: Cell, chapter: str, assignment: Assignment, student: Student | None) -> Cell:
    """The cell, in which ``course.begin("01")`` also says what is handed out."""
    call = f'course.begin("{chapter}")'
    if cell["cell_type"] != "code" or call not in source(cell):
        return cell
    told = ["exam=True"] if assignment.exam else []
    told += [f"student={_quoted(student.id)}"] if student else []
    told += [f"variant={_quoted(assignment.seed)}"] if assignment.seed else []
    handed = f'course.begin("{chapter}"{"".join(f", {part}" for part in told)})'
    return _said(cell, source(cell).replace(call, handed))


def _note(assignment: Assignment, student: Student | None) -> Cell:
    whose_zh = whose_en = ""
    if student is not None:
        number, name = _plain(student.id), _plain(student.name)
        whose_zh = f" · {name}（{number}）" if name else f" · {number}"
        whose_en = f" · {name} ({number})" if name else f" · {number}"
    zh = "依次运行各格，在练习格里写下答案，保存，交上这个文件。请不要改文件名，不要删去练习格。"
    en = (
        "Run the cells in order, write your answers in the exercise cells, save, and hand in this file. Please keep "
        "its name, and do not delete exercise cells."
    )
    if assignment.exam:
        zh += "这是考试：检查只说通过还是没有通过，并记下时间，没有提示和答案。"
        en += " This is an exam: a check says passed or not yet, and when; there are no hints and no solutions."
    if assignment.seed:
        zh += "检查还会用只属于你的例子来试，与别人的不同。"
        en += " The checks also try cases of your own, which differ from those of others."
    word = ("考试", "Exam") if assignment.exam else ("作业", "Assignment")
    text = (
        f'<div lang="zh">\n\n**{word[0]}**{whose_zh}\n\n{zh}\n\n</div>\n\n'
        f'<div lang="en">\n\n**{word[1]}**{whose_en}\n\n{en}\n\n</div>'
    )
    return _said({"cell_type": "markdown", "id": NOTE, "metadata": {}}, text)


def _said(cell: Cell, text: str) -> Cell:
    return cell | {"source": text.splitlines(keepends=True)}


def _quoted(text: str) -> str:
    """The text as Python reads it, in double quotes like the code around it."""
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """The text as Markdown shows it, whatever characters a name has."""
    return _MARKUP.sub(r"\\\1", escape(text, quote=False))
