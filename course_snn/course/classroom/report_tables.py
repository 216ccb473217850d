"""The report of a class as tables: one line for each student, as CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from course_snn.course.classroom import sheet, states, workbook
from course_snn.course.classroom.choices import BELOW
from course_snn.course.classroom.discrimination import SAYS
from course_snn.course.classroom.report import Person, Report, line, reasons
from course_snn.course.classroom.workbook import Table
from course_snn.language import Label

_HEADS = (Label("学号", "id"), Label("姓名", "name"), Label("班级", "class"))
_TAIL = (
    Label("通过", "passed"), Label("共", "of"), Label("通过率", "percent"), Label("需要帮助", "needs help"),
    Label("说明", "notes"), Label("文件", "files"),
)  # fmt: skip


def students(report: Report, below: float = BELOW) -> Table:
    """Return a line for each student: the state of each exercise, how many are passed, whether help is needed."""
    heads = [*map(_both, _HEADS), *map(line, report.exercises), *map(_both, _TAIL)]
    flags = {row.file: row.flags for row in report.rows}
    lines = []
    for person in report.people:
        told = [*person.notes, *(flag for file in person.files for flag in flags[file])]
        lines.append(_student(person, report.exercises, below, told))
    return Table(Label("学生", "students"), heads, lines)


def exercises(report: Report) -> Table:
    """Return a line for each exercise: how many students are in each state, and how it tells them apart."""
    heads = [_both(Label("练习", "exercise")), *map(_both, states.WORDS.values())]
    heads += [_both(Label("区分度 r", "discrimination r")), _both(Label("说明", "notes"))]
    lines = [
        [
            line(item.exercise),
            *(report.counts(item.exercise)[state] for state in states.WORDS),
            "" if item.r is None else round(item.r, 3),
            _both(SAYS[item.finding]),
        ]
        for item in report.items()
    ]
    return Table(Label("练习", "exercises"), heads, lines)


def mistakes(report: Report) -> Table:
    """Return a line for each mistake that is known by name."""
    heads = [_both(one) for one in (Label("练习", "exercise"), Label("人数", "students"), Label("错误", "mistake"))]
    lines = [
        [line(one.exercise), len(one.people), _both(one.reason), ", ".join(person.called for person in one.people)]
        for one in report.beliefs()
    ]
    return Table(Label("错误", "mistakes"), [*heads, _both(Label("谁", "who"))], lines)


def write_csv(report: Report, path: Path, below: float = BELOW) -> None:
    """Write the table of the students."""
    made = students(report, below)
    sheet.write(path, made.heads, made.lines)


def write_xlsx(report: Report, path: Path, below: float = BELOW) -> None:
    """Write all three tables as a workbook.

    Raises:
        ClassroomError: the library for it is not installed; says how to.
    """
    workbook.write(path, [students(report, below), exercises(report), mistakes(report)])


def _student(person: Person, names: Sequence[str], below: float, told: Sequence[Label]) -> list[object]:
    marks = [_both(states.WORDS.get(person.marks[name].state, Label("?", "?"))) for name in names]
    why = "; ".join(map(_both, reasons(person, below)))
    one = person.student
    return [
        one.id,
        one.name,
        one.group,
        *marks,
        person.passed,
        len(person.marks),
        round(person.share, 1),
        why,
        "; ".join(map(_both, told)),
        "; ".join(map(line, person.files)),
    ]


def _both(text: Label) -> str:
    """The text in both languages, "通过 passed", so that the table is the same for everybody."""
    return line(text.zh if text.zh == text.en else f"{text.zh} {text.en}")
