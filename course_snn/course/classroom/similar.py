"""Equal wrong answers in a folder that was graded: which answers there are to compare, and whose."""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_snn.course.classroom import alike, marks
from course_snn.course.classroom.alike import LITTLE, NOT_RIGHT, Answer, Group
from course_snn.course.classroom.code_form import form, without_check
from course_snn.course.classroom.collect import is_notebook, owners
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.grade import shown
from course_snn.course.classroom.hand_in import HandIn, Source, read
from course_snn.course.classroom.marks import Mark, Row
from course_snn.course.classroom.names import out_of_sight, some
from course_snn.course.classroom.tolerant import Unreadable, parse
from course_snn.language import Label, tr

MOST_TOGETHER = 10  # students; a group of more says nothing of two of them
_IMPORTS = (ast.Import, ast.ImportFrom)
Progress = Callable[[int, int, str], object]


@dataclass(frozen=True)
class Found:
    """What was found: groups of wrong answers and of right ones, the first the most telling; and what to know.

    Args:
        wrong, right: the groups; no right ones unless they were asked for.
        pairs: two students, and the exercises in which they are in one group of more than LITTLE; two or more.
        compared: how many answers that are not right were compared.
        students: whose they are: how many students.
        as_published: how many right answers have the form of the course's solution; they are in no group.
        notes: what the teacher should know of the folder.
    """

    wrong: tuple[Group, ...]
    right: tuple[Group, ...] = ()
    pairs: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    compared: int = 0
    students: int = 0
    as_published: int = 0
    notes: tuple[Label, ...] = ()


def similar(folder: Path, *, also_right: bool = False, progress: Progress = lambda done, total, file: None) -> Found:
    """Find equal wrong answers in a folder that was graded; reads code and runs none.

    Args:
        folder: the hand-ins, with the grades that `grade` kept there.
        also_right: whether equal right answers are listed too, but for those that are the course's solution.
        progress: called before each file with how many are read, how many there are, and its name.

    Raises:
        ClassroomError: no such folder, or it was not graded.
    """
    folder = Path(folder)
    grades = marks.load(folder)
    if grades is None:
        raise ClassroomError(_not_graded(folder))
    paths = {shown(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    owned, answers, whose = owners(folder), defaultdict(list), {}
    for number, row in enumerate(grades.rows):
        progress(number, len(grades.rows), row.file)
        asked = also_right or any(mark.state in NOT_RIGHT for mark in row.states.values())
        hand_in = _hand_in(paths.get(row.file), row) if asked or not owned else None  # it may have to say whose it is
        owner = owned.get(row.file) or (hand_in.student if hand_in and not owned else None)
        key = whose[row.file] = owner.key if owner and owner.key else f"\0{row.file}"
        for name in row.states if hand_in else ():
            if name in hand_in.answers:
                answers[name].append(_answer(row, name, hand_in.answers[name], key))
    answered = _answered(grades.rows, whose)
    wrong = alike.groups(answers, NOT_RIGHT, answered)
    return Found(
        wrong=tuple(wrong),
        right=tuple(alike.groups(answers, (marks.PASSED,), answered)) if also_right else (),
        pairs=_pairs(wrong),
        compared=len(_not_right(answers)),
        students=len({answer.key for answer in _not_right(answers)}),
        as_published=alike.as_published(answers),
        notes=tuple(_notes(folder, grades.rows, paths, whose)),
    )


def _not_right(answers: Mapping[str, Sequence[Answer]]) -> list[Answer]:
    return [answer for found in answers.values() for answer in found if answer.mark.state in NOT_RIGHT]


def _hand_in(path: Path | None, row: Row) -> HandIn | None:
    keys = sorted({name[:2] for name in row.states})
    try:
        return read(path, keys) if path and keys else None
    except (Unreadable, ValueError, RecursionError, MemoryError):
        return None  # told as not compared


def _answer(row: Row, name: str, source: Source, key: str) -> Answer:
    needs = _own_statements(name[:2], source)
    helpers = [ast.unparse(one) for one in needs if not isinstance(one, _IMPORTS)]
    code = without_check("\n\n".join([*helpers, source.code]))
    who = row.student if row.student and not key.startswith("\0") else f"{row.student} {row.file}".strip()
    return Answer(key, who, row.file, row.states[name], form(source.code, source.answer, needs), code)


def _own_statements(chapter: str, source: Source) -> list[ast.stmt]:
    """Return what the answer needs from other cells, without what the chapter itself says there; imports stay."""
    found = []
    for _, code in source.needs:
        try:
            theirs = [(one, ast.dump(one) in alike.statements(chapter)) for one in parse(code).body]
        except (ValueError, RecursionError):
            continue
        found += [one for one, chapters in theirs if isinstance(one, _IMPORTS) or not chapters]
    return found


def _answered(rows: Sequence[Row], whose: Mapping[str, str]) -> dict[str, dict[str, list[Mark]]]:
    """Return the marks by exercise and student, of those who answered it."""
    found: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for name, mark in row.states.items():
            if mark.state in (*NOT_RIGHT, marks.PASSED):
                found[name][whose[row.file]].append(mark)
    return found


def _pairs(groups: Sequence[Group]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return who is together in the groups of two exercises or more."""
    together: dict[tuple[str, str], set[str]] = defaultdict(set)
    for group in groups:
        if group.level != LITTLE and len(group.students) <= MOST_TOGETHER:
            for pair in itertools.combinations(group.students, 2):
                together[pair].add(group.exercise)
    found = [(*pair, tuple(sorted(names))) for pair, names in together.items() if len(names) > 1]
    return tuple(sorted(found, key=lambda one: (-len(one[2]), one)))


def _not_graded(folder: Path) -> Label:
    if not folder.is_dir():
        return tr(f"没有文件夹 {folder}", f"there is no folder {folder}")
    return tr(
        f'{folder} 还没有批改，不知道哪些答案是错的。请先运行 course-snn classroom grade "{folder}"',
        f"{folder} is not graded yet, so nobody knows which answers are wrong. First run "
        f'course-snn classroom grade "{folder}"',
    )


def _notes(folder: Path, rows: Sequence[Row], paths: Mapping[str, Path], whose: Mapping[str, str]) -> Iterator[Label]:
    """Yield what the teacher should know: what the grades do not cover, and who stands for several files."""
    graded = {row.file for row in rows}
    new = sorted(name for name in {*paths} - graded if is_notebook(name) and not out_of_sight(PurePosixPath(name)))
    if new:
        yield tr(f"还没有批改，没有比较：{some(new)}", f"not graded yet, and not compared: {some(new)}")
    when = (folder / marks.KEPT).stat().st_mtime
    changed = sorted(name for name in graded & {*paths} if paths[name].stat().st_mtime > when)
    if changed:
        yield tr(f"批改以后又改过，请再批一次：{some(changed)}", f"changed after grading; grade again: {some(changed)}")
    if gone := sorted(graded - {*paths}):
        yield tr(f"批改以后不见了：{some(gone)}", f"gone after grading: {some(gone)}")
    files: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for name in row.states:
            files[whose[row.file], name].add(row.file)
    if several := sorted({" = ".join(sorted(found)) for found in files.values() if len(found) > 1}):
        yield tr(
            f"同一个人交了几份的（按收作业的记录或笔记自己说的），彼此不比较：{some(several)}",
            "several files of one student (as collected, or as the notebooks say themselves), not compared with each "
            f"other: {some(several)}",
        )
