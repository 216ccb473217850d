"""The list of a class, a CSV file from Excel, WPS or a learning platform; what is odd in it is named with its line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marked import LONGEST, Student
from course_snn.language import Label, tr

HEADS = {
    "id": ("学号", "学生学号", "学籍号", "考号", "学工号", "id", "studentid", "studentnumber", "number", "sid",
           "sisuserid", "idnumber"),
    "name": ("姓名", "学生姓名", "名字", "name", "fullname", "studentname", "student"),
    "group": ("班级", "行政班", "行政班级", "教学班", "班", "class", "group", "section"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "email", "emailaddress", "mail"),
}  # fmt: skip
LINES_BEFORE = 10  # a title may stand above the heads
MAXIMUM_BYTES = 10_000_000
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_QUOTED = re.compile(r'="?(?P<text>.*?)"?$')  # ="0123", with which Excel is told not to count


@dataclass(frozen=True)
class Roster:
    """The class: its students in the order of the file, and what was odd there and could be mended."""

    students: tuple[Student, ...]
    notes: tuple[Label, ...] = ()

    def find(self, number: str) -> Student | None:
        """The student with this number; None if there is none."""
        return {plain(student.id): student for student in self.students}.get(plain(number))


def plain(text: str) -> str:
    """A number or name as it is compared: full-width characters as ASCII, lower case, no space around it."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def read(path: Path) -> Roster:
    """Read the list of a class.

    The first line with heads says which column is which: 学号/姓名/班级 or id/name/class; email stands in for a
    missing id. UTF-8 with or without BOM, UTF-16 and GBK; commas, semicolons or tabs.

    Raises:
        ClassroomError: it cannot be read, has no column of numbers, or lines that would lose or mix up a student;
            names them all.
    """
    try:
        if (size := path.stat().st_size) > MAXIMUM_BYTES:
            raise OSError(f"{size} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise ClassroomError(
            tr(f"读不了名单 {path}：{error}。请检查路径", f"the roster {path} cannot be read: {error}. Check the path")
        ) from error
    return parse(content, path.name)


def parse(content: bytes, name: str = "roster") -> Roster:
    """Read the list of a class from the bytes of its file; see `read`."""
    if content.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0")):
        raise ClassroomError(
            tr(
                f"{name} 是 Excel 工作簿，不是 CSV。请在 Excel 或 WPS 里“另存为 → CSV UTF-8（逗号分隔）”",
                f'{name} is a workbook, not CSV. In Excel or WPS choose "Save as → CSV UTF-8 (comma delimited)"',
            )
        )
    rows = list(_rows(_text(content)))
    columns, below = _columns(rows, name)
    return _Reader(columns, name).read(rows[below:])


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("gb18030", "replace")


def _rows(text: str) -> Iterable[tuple[int, list[str]]]:
    """Each line of the table with its number in the file."""
    text = text.replace("\0", "")
    head = "\n".join(text.splitlines()[:LINES_BEFORE])
    delimiter = max(",;\t，", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    last = 0
    try:
        for row in reader:
            yield last + 1, [_cell(cell) for cell in row]
            last = reader.line_num
    except csv.Error as error:
        raise ClassroomError(
            tr(f"名单第 {last + 1} 行不是 CSV：{error}", f"line {last + 1} of the roster is no CSV: {error}")
        ) from error


def _cell(text: str) -> str:
    text = text.strip().strip("\ufeff\u200b").strip()
    if text.startswith("="):
        text = _QUOTED.match(text)["text"]
    return text.removeprefix("'").strip()


def _columns(rows: list[tuple[int, list[str]]], name: str) -> tuple[dict[str, int], int]:
    """Where id, name and group stand, and how many lines the heads take; an e-mail address may be the id."""
    for number, (_, row) in enumerate(rows[:LINES_BEFORE]):
        cells = [re.sub(r"[\s_\-*:：（）()]+", "", plain(cell)) for cell in row]
        found = {key: next((k for k, cell in enumerate(cells) if cell in heads), None) for key, heads in HEADS.items()}
        columns = {key: column for key, column in found.items() if column is not None}
        if "id" not in columns and "email" in columns:
            columns["id"] = columns["email"]
        if "id" in columns:
            return columns, number + 1
    first = ", ".join(filter(None, rows[0][1])) if rows else ""
    raise ClassroomError(
        tr(
            f"名单 {name} 里没有学号一列（第一行是：{first[:80]}）。请把第一行写成：学号,姓名,班级",
            f"the roster {name} has no column of student numbers (its first line: {first[:80]}). Make the first line: "
            "id,name,class",
        )
    )


class _Reader:
    """Turns lines into students and keeps what is odd: notes, which do no harm, and faults, which would."""

    def __init__(self, columns: dict[str, int], name: str) -> None:
        self.columns, self.name = columns, name
        self.students: dict[str, Student] = {}
        self.lines: dict[str, int] = {}
        self.notes: list[Label] = []
        self.faults: list[Label] = []
        self.lost: list[int] = []  # lines with names that lost letters

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> Roster:
        empty = [line for line, row in rows if not any(row)]
        for line, row in rows:
            if any(row):
                self._add(line, *(self._of(row, key) for key in ("id", "name", "group")))
        if empty:
            shown = ", ".join(map(str, empty[:10])) + (" …" if len(empty) > 10 else "")
            self.notes.append(tr(f"空行：第 {shown} 行", f"empty lines: {shown}"))
        if self.lost:
            shown = ", ".join(map(str, self.lost[:10])) + (" …" if len(self.lost) > 10 else "")
            self.notes.append(
                tr(
                    f"第 {shown} 行的姓名里有问号：存成 GBK 会丢掉别的文字。请在 Excel 或 WPS 里另存为“CSV UTF-8”",
                    f"question marks in names (lines {shown}): saved as GBK, letters of other scripts are lost. In "
                    'Excel or WPS save it as "CSV UTF-8"',
                )
            )
        if not self.students and not self.faults:
            self.faults.append(tr("表头下面一个学生也没有", "there is no student below the heads"))
        if self.faults:
            zh, en = "；".join(fault.zh for fault in self.faults), "; ".join(fault.en for fault in self.faults)
            raise ClassroomError(tr(f"名单 {self.name}：{zh}", f"the roster {self.name}: {en}"))
        names = Counter(plain(student.name) for student in self.students.values() if student.name)
        for name in [name for name, count in names.items() if count > 1]:
            self.notes.append(tr(f"同名：{name}，靠学号区分", f"several students are called {name}: told by number"))
        return Roster(tuple(self.students.values()), tuple(self.notes))

    def _of(self, row: list[str], key: str) -> str:
        column = self.columns.get(key)
        return row[column] if column is not None and column < len(row) else ""

    def _add(self, line: int, number: str, name: str, group: str) -> None:
        at = f"第 {line} 行", f"line {line}"
        number = re.sub(r"(?<=\d)\.0$", "", unicodedata.normalize("NFKC", number))
        if _SCIENTIFIC.fullmatch(number):
            self.faults.append(
                tr(
                    f"{at[0]}：Excel 把学号写成了 {number}，后几位已经丢了。请把学号一列设成“文本”格式，重新填好再存",
                    f"{at[1]}: Excel wrote the number as {number}, its last digits are lost. Format the column "
                    "as text, fill in the numbers again and save",
                )
            )
        elif not number:
            self.faults.append(tr(f"{at[0]}：{name} 没有学号", f"{at[1]}: {name or 'this student'} has no number"))
        elif not (number + name).isprintable() or max(len(number), len(name)) > LONGEST:
            self.faults.append(
                tr(f"{at[0]}：学号或姓名太长，或有控制字符", f"{at[1]}: number or name too long, or no text")
            )
        elif (key := plain(number)) in self.students:
            self._twice(at, number, name, key)
        else:
            self.students[key], self.lines[key] = Student(number, name, group), line
            if re.search("[?\ufffd]", name):
                self.lost.append(line)

    def _twice(self, at: tuple[str, str], number: str, name: str, key: str) -> None:
        first, line = self.students[key].name, self.lines[key]
        if plain(first) == plain(name):
            self.notes.append(
                tr(f"{at[0]}与第 {line} 行重复（{number}），只算一次", f"{at[1]} repeats line {line} ({number})")
            )
        else:
            self.faults.append(
                tr(
                    f"{at[0]}与第 {line} 行学号相同（{number}），姓名却不同：{first}，{name}。请改正",
                    f"{at[1]} has the number of line {line} ({number}) but another name: {first}, {name}. Correct it",
                )
            )
