"""The command `course-snn classroom grade`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from course_snn.course.classroom import marks, states
from course_snn.course.options import Lang, in_words, tell
from course_snn.course.tables import table

console = Console()
MOST = 10  # files to look at that are named in the terminal; all stand in the report


def grade(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=tell("收上来的作业", "The notebooks that were handed in"))
    ],
    chapter: Annotated[
        list[str] | None,
        typer.Option(
            "--chapter", metavar="CHAPTER", help=tell("只批这一章，可写多次", "This chapter only; repeatable")
        ),
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help=tell("写出成绩表", "Write the table of marks"))
    ] = None,
    gradescope: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=tell("给 Gradescope 的 results.json", "Write results.json as Gradescope reads it")
        ),
    ] = None,
    trust: Annotated[
        bool,
        typer.Option(
            "--trust",
            help=tell(
                "不用沙箱：答案可以读写这台机器上你的一切文件",
                "Without a sandbox: answers can read and write all your files on this machine",
            ),
        ),
    ] = False,
    seed: Annotated[
        str | None,
        typer.Option(
            help=tell("隐藏测试的种子；不写就用上次的", "Seed of the hidden cases; by default that of the last time")
        ),
    ] = None,
    assignment: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help=tell(
                "classroom assign 写的文件夹：考试和种子以它为准，不看交上来的笔记怎么说",
                "What classroom assign wrote: it says what is an exam and which seed, whatever hand-ins say",
            ),
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help=tell("全部重批", "Also what was graded before and has not changed"))
    ] = False,
    lang: Lang = None,
) -> None:
    """Grade a folder of hand-ins."""
    from course_snn.course.classroom import grade as grading

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(tell("批改", "Grading"), total=None)

            def advance(done: int, total: int, row: marks.Row) -> None:
                bar.update(task, completed=done, total=total, description=_printable(row.file))

            grades = grading.grade(
                folder,
                chapters=chapter,
                trust=trust,
                seed=seed,
                resume=not again,
                progress=advance,
                assigned=assignment,
            )
            count = len(grades.rows)
            bar.update(task, completed=count, total=count, description=tell("批改完了", "Graded"))
        if gradescope:
            marks.write_gradescope(grades, gradescope)
    except KeyboardInterrupt:
        console.print(
            tell(
                "停下了；已批的都留着，再运行一次会从这里继续。",
                "Stopped; what is graded is kept, and the next run goes on from here.",
            )
        )
        raise
    if csv_file:
        marks.write_csv(grades, csv_file)
    _show(grades)
    for line in _next(folder, csv_file):
        console.print(Text(line))


def _printable(text: str, most: int = 60) -> str:
    """Return the end of what anybody may have written, such as a file's name, as one short line for a terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text[-most:])


def _show(grades: marks.Grades) -> None:
    """Print how often each exercise is in which state."""
    found = {mark.state for row in grades.rows for mark in row.states.values()}
    shown = [state for state in marks.STATES if state in found]
    rows = table(tell("练习", "Exercise"), *(in_words(states.WORDS[state]) for state in shown))
    for name in grades.exercises:
        count = Counter(row.states[name].state for row in grades.rows if name in row.states)
        rows.add_row(name, *(f"{count[state] or ''}" for state in shown))
    console.print(rows)
    flagged = [row for row in grades.rows if row.flags]
    told = tell(
        f"{len(grades.rows)} 份，{len(flagged)} 份请看一看", f"{len(grades.rows)} files, {len(flagged)} to look at"
    )
    console.print(Text(f"{told}{tell('：', ':') if flagged else ''}"))
    for row in flagged[:MOST]:
        console.print(Text(f"  {_printable(row.file)}: {_printable('; '.join(map(in_words, row.flags)), 300)}"))
    if len(flagged) > MOST:
        console.print(Text("  …"))


def _next(folder: Path, csv_file: Path | None) -> list[str]:
    """Where the table is, and what to do with it."""
    table = (
        [tell(f"成绩表，每份作业一行：{csv_file}", f"The marks, a line for each file: {csv_file}")] if csv_file else []
    )
    return [
        *table,
        tell(
            f'接下来：course-snn classroom report "{folder}" --feedback 反馈；每个学生一行的表是它写的 report.csv',
            f'Next: course-snn classroom report "{folder}" --feedback FEEDBACK, whose report.csv has a line for each '
            "student",
        ),
    ]


def add(app: typer.Typer) -> None:
    """Make it a command of ``app``."""
    app.command(
        help=tell(
            "批改一个文件夹里的作业：每个答案都在沙箱里运行，结论在外面得出；可以随时停下再继续",
            "Grade a folder of hand-ins: answers run in a sandbox, verdicts are made outside; stop and resume any time",
        )
    )(grade)
