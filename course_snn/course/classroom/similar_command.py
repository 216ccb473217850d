"""The command `course-snn classroom similar`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from course_snn.course.options import Lang, in_words, tell
from course_snn.course.tables import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from course_snn.course.classroom.alike import Group
    from course_snn.course.classroom.similar import Found

console = Console()
MOST_ROWS, MOST_NAMES, MOST_REASON = 20, 6, 90  # in the terminal; all stands in the page


def similar(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=tell("批改过的文件夹", "A folder that grade has marked"))
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html", help=tell("写到哪里；默认 similar.html", "The page; FOLDER/similar.html by default")
        ),
    ] = None,
    also_right: Annotated[
        bool,
        typer.Option(
            "--also-right",
            help=tell(
                "也列出一样的正确答案（与课程答案相同的除外）",
                "Also equal right answers, except those that are the course's solution",
            ),
        ),
    ] = False,
    lang: Lang = None,
) -> None:
    """Find equal wrong answers."""
    from course_snn.course.classroom import similar as comparing
    from course_snn.course.classroom.similar_page import page, write
    from course_snn.language import language

    with console.status(tell("比较…", "Comparing…")) as status:
        found = comparing.similar(
            folder,
            also_right=also_right,
            progress=lambda done, total, file: status.update(Text(f"{done}/{total}")),
        )
        path = write(page(found, language()), out or folder / "similar.html")
    _show(found)
    console.print(Text(tell(f"代码并排写在 {path}", f"The code side by side is in {path}")))


def _show(found: Found) -> None:
    from course_snn.course.classroom.alike import LITTLE
    from course_snn.course.classroom.parts import counted
    from course_snn.course.classroom.similar_words import HINT, summary, visible

    console.print(Text(in_words(HINT), style="yellow"))
    for text in (summary(found), *found.notes):
        console.print(Text(visible(in_words(text))))
    telling = [group for group in found.wrong if group.level != LITTLE]
    if telling:
        console.print(_table(telling[:MOST_ROWS]))
    rest = len(telling) - MOST_ROWS
    if rest > 0:
        console.print(Text(tell(f"还有 {rest} 组，见网页", f"{rest} more groups: see the page")))
    for one, other, names in found.pairs[:MOST_ROWS]:
        line = tell(
            f"{one} · {other}：在 {len(names)} 道题里同组", f"{one} · {other}: together in {len(names)} exercises"
        )
        console.print(Text(visible(line)))
    little = len(found.wrong) - len(telling)
    if little:
        more = "more " if telling else ""
        console.print(
            Text(
                tell(
                    f"{'另有 ' if telling else ''}{little} 组多半是巧合（常见的错误，或几乎没有自己的词）",
                    f"{counted(little, f'{more}group')}: most likely chance (common mistakes, or hardly a word of "
                    "their own)",
                )
            )
        )


def _table(groups: Sequence[Group]) -> Table:
    """The groups as a table."""
    from course_snn.course.classroom.similar_words import NAMES, common, reason, told, visible

    heads = (("", ""), ("练习", "Exercise"), ("学生", "Students"), ("有多像", "How alike"), ("判定", "Verdict"))
    made = table(*(tell(*head) for head in heads))
    for group in groups:
        names = ", ".join(group.students[:MOST_NAMES]) + (" …" if len(group.students) > MOST_NAMES else "")
        verdict = in_words(reason(group))
        verdict = verdict if len(verdict) <= MOST_REASON else f"{verdict[: MOST_REASON - 1]}…"
        cells = [in_words(NAMES[group.level]), group.exercise, names, in_words(told(group))]
        made.add_row(*(Text(visible(cell)) for cell in [*cells, f"{verdict}\n{in_words(common(group))}"]))
    return made


def add(app: typer.Typer) -> None:
    """Make it a command of ``app``."""
    app.command(
        help=tell(
            "找出批改过的作业里一样的错误答案，代码并排：只是提示，不是结论；不运行任何代码",
            "Groups of equal wrong answers in a graded folder, with the code side by side: a hint, never a verdict",
        )
    )(similar)
