"""The command `course-snn classroom gradescope`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from course_snn.course import chapters as book
from course_snn.course.options import Lang, tell

console = Console()


def gradescope(
    names: Annotated[
        list[str], typer.Argument(metavar="CHAPTER…", help=tell("章节的编号或名称", "Numbers or names of chapters"))
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT.zip", help=tell("要写的 zip", "The zip to write"))],
    exam: Annotated[
        bool,
        typer.Option("--exam", help=tell("考试：学生只看到是否通过", "An exam: students see passed or not yet")),
    ] = False,
    seed: Annotated[
        str,
        typer.Option(
            "--seed", metavar="TEXT", help=tell("隐藏测试的种子；任意文字", "Seed of the hidden cases; any text")
        ),
    ] = "",
    lang: Lang = None,
) -> None:
    """Write an autograder for Gradescope."""
    from course_snn.course.classroom.gradescope import gradescope as write

    chosen = [book.find(name) for name in names]
    with console.status(tell("正在打包课程…", "Packing the course…")):
        done = write(chosen, out, exam=exam, seed=seed)
    told = tell(
        f"写好了 {done}。在 Gradescope 建一个编程作业，上传它；说明在其中的 README.txt。学生用 classroom assign 的笔记",
        f"{done} is written. Upload it as the autograder of a programming assignment; README.txt in it says more. "
        "Students get the notebooks of classroom assign",
    )
    console.print(Text(told))


def add(app: typer.Typer) -> None:
    """Make it a command of ``app``."""
    app.command(
        help=tell(
            "做 Gradescope 的自动批改包（zip）。例：classroom gradescope 01 批改.zip",
            "Write the autograder that Gradescope takes, a zip. Example: classroom gradescope 01 OUT.zip",
        )
    )(gradescope)
