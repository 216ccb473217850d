"""The table of who handed in what: for the terminal and, in both languages, as CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from course_snn.course.classroom import sheet
from course_snn.course.classroom.marked import Student
from course_snn.course.options import in_words, tell
from course_snn.course.tables import table
from course_snn.language import Label, say, tr

HANDED_IN, UNREADABLE, DUPLICATE, STRANGER = "handed in", "unreadable", "duplicate", "stranger"
OTHER, REFUSED, MISSING = "no notebook", "not read", "missing"
STATES = {
    HANDED_IN: tr("已交", HANDED_IN),
    UNREADABLE: tr("打不开", UNREADABLE),
    MISSING: tr("未交", MISSING),
    STRANGER: tr("不知是谁的", STRANGER),
    DUPLICATE: tr("重复", DUPLICATE),
    OTHER: tr("不是笔记", OTHER),
    REFUSED: tr("没有读", REFUSED),
}
HEADS = (
    tr("学号", "id"), tr("姓名", "name"), tr("班级", "class"), tr("章", "chapter"), tr("状态", "state"),
    tr("时间", "time"), tr("收到的文件", "received as"), tr("放在", "kept as"), tr("说明", "notes"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One file that was handed in, or one student who has handed in none.

    Args:
        state: one of STATES.
        student: whose; a student without number and name for nobody's.
        chapter: two digits; "" if nobody can tell.
        source: where it was in the input.
        file: where it is kept, relative to the folder; "" if it is not.
        time: when it was changed, in s since 1970; 0 if unknown.
        notes: what is odd.
    """

    state: str
    student: Student
    chapter: str = ""
    source: str = ""
    file: str = ""
    time: float = 0.0
    notes: tuple[Label, ...] = ()

    def plain(self) -> dict[str, Any]:
        """What is written down of a file that was kept."""
        who = {"key": self.student.key, "id": self.student.id, "name": self.student.name, "group": self.student.group}
        what = {"state": self.state, "chapter": self.chapter, "source": self.source, "file": self.file}
        return who | what | {"time": self.time}

    def cells(self, lang: str) -> tuple[str, ...]:
        """The line as a row of the table."""
        when = datetime.fromtimestamp(self.time).isoformat(" ", "seconds") if self.time > 0 else ""
        notes = "; ".join(_both(note, lang) for note in self.notes)
        who = self.student.id, self.student.name, self.student.group
        return (*who, self.chapter, _both(STATES[self.state], lang), when, self.source, self.file, notes)


def order(line: Line) -> tuple:
    """What the table is sorted by: students first, by number; then what is nobody's."""
    key = line.student.key
    return not key, key, line.chapter, list(STATES).index(line.state), line.source


def write(path: Path, lines: Iterable[Line]) -> None:
    """Write the table as CSV, heads and states in both languages."""
    sheet.write(path, [_both(head, "both") for head in HEADS], [line.cells("both") for line in lines])


def shown(lines: Sequence[Line]) -> list[RenderableType]:
    """The table for a terminal: who handed in, who did not; below it what needs a look, and the counts."""
    mine = table(*(in_words(head) for head in HEADS[:6]), in_words(HEADS[-1]))
    rest = table(in_words(HEADS[4]), in_words(HEADS[6]), in_words(HEADS[-1]))
    for line in lines:
        cells = line.cells("")
        if line.student.key:
            style = {HANDED_IN: "", DUPLICATE: "dim"}.get(line.state, "red")
            mine.add_row(*(Text(cell, style=style) for cell in (*cells[:6], cells[8])))
        else:
            rest.add_row(*map(Text, (cells[4], cells[6], cells[8])))
    counts = Counter(line.state for line in lines)
    summary = tell("，", ", ").join(f"{in_words(STATES[state])} {counts[state]}" for state in STATES if counts[state])
    return [*([mine] if mine.rows else []), *([rest] if rest.rows else []), Text(summary, style="bold")]


def _both(text: str, lang: str) -> str:
    """The text in both languages, "已交 handed in", or in the current one."""
    return f"{say(text, 'zh')} {say(text, 'en')}" if lang == "both" else in_words(text)
