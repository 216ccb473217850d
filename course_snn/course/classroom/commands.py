"""The commands `course-snn classroom …`. Each function is one command; what it does stands in the module it calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from course_snn.course import chapters as book
from course_snn.course.classroom import grade_command, gradescope_command, report_command, similar_command
from course_snn.course.classroom.choices import FORMATS, PLAIN
from course_snn.course.options import Lang, in_words, tell

console = Console()
app = typer.Typer(
    help=tell("一个班的作业：发、收、批、看结果", "A class: hand out, collect, grade, report"),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

RosterFile = Annotated[
    Path | None,
    typer.Option(
        "--roster",
        metavar="CSV",
        help=tell(
            "名单：第一行是 学号,姓名,班级（UTF-8 或 GBK）",
            "The class; first line id,name,class or 学号,姓名,班级 (UTF-8 or GBK)",
        ),
    ),
]


def add(parent: typer.Typer) -> None:
    """Make them commands of ``parent``."""
    parent.add_typer(app, name="classroom")


def _format(value: str) -> str:
    if value not in FORMATS:
        raise typer.BadParameter(f"{value!r}: {', '.join(FORMATS)}")
    return value


@app.command(
    help=tell(
        "发作业：清空输出的笔记；有名单就给每个学生一份。再运行一次只补上还没有的。例：classroom assign 01 05 发下去",
        "Hand out chapters: notebooks without outputs, with a roster one for each student. Run again, it adds what is "
        "missing. Example: classroom assign 01 05 OUT",
    )
)
def assign(
    names: Annotated[
        list[str], typer.Argument(metavar="CHAPTER…", help=tell("章节的编号或名称", "Numbers or names of chapters"))
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help=tell("新的或空的文件夹", "A new or empty folder"))],
    roster: RosterFile = None,
    exam: Annotated[
        bool,
        typer.Option(
            "--exam",
            help=tell("考试：检查只说是否通过，没有提示", "An exam: checks say passed or not yet, no hints"),
        ),
    ] = False,
    seed: Annotated[
        str,
        typer.Option(
            "--seed",
            metavar="TEXT",
            help=tell(
                "每个学生用自己的例子检查；任意文字。nbgrader、otter：隐藏测试的种子",
                "Check each student on their own cases; any text. nbgrader, otter: seed of the hidden tests",
            ),
        ),
    ] = "",
    packed: Annotated[
        bool, typer.Option("--zip", help=tell("每个学生一个 zip", "A zip for each student instead of a folder"))
    ] = False,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            callback=_format,
            help=tell("给哪个系统；nbgrader、otter 的含答案", "For which system; nbgrader and otter: with solutions"),
        ),
    ] = PLAIN,
    lang: Lang = None,
) -> None:
    """Hand out chapters to a class."""
    from course_snn.course.classroom.assign import assign as hand_out
    from course_snn.course.classroom.parts import counted

    chosen = [book.find(name) for name in names]
    _refuse_a_chapter(out)
    listed = _read(roster)
    with console.status(tell("正在写笔记…", "Writing the notebooks…")):
        done = hand_out(chosen, out, roster=listed, exam=exam, seed=seed, packed=packed, form=form)
    told = [
        tell(
            f"写了 {len(done.new)} 个文件，已有的 {len(done.kept)} 个没有动：{done.folder}",
            f"{counted(len(done.new), 'file')} written, {len(done.kept)} left as they were: {done.folder}",
        )
    ]
    if exam:
        told.append(
            tell(
                "注意：考试笔记里没有答案，但学生的电脑上装着课程，答案可以从中导入，考试设置也可以改掉。"
                "要当真的考试请在你管理的机器上进行，并以你这边的 classroom grade 为准。",
                "Note: exam notebooks hold no solutions, but the course on a student's machine does: they can be "
                "imported there, and the exam setting can be taken out. For an exam that counts use machines that you "
                "run, and trust what classroom grade says on yours.",
            )
        )
    told += _next(form, roster, done.folder if exam or seed else None)
    for line in told:
        console.print(Text(line))


def _refuse_a_chapter(out: Path) -> None:
    """The folder comes last; who forgets it would get one that is called like a chapter."""
    if out.name != f"{out}" or out.exists():
        return
    try:
        book.find(out.name)
    except book.ChapterError:
        return
    raise book.ChapterError(
        tell(
            f"最后写放在哪个文件夹里；{out} 是一章。例：classroom assign {out} 发下去（真要叫这个名字，先建好它）",
            f"the folder to write comes last, and {out} is a chapter. Example: classroom assign {out} OUT (if it is to "
            "be called so, make it first)",
        )
    )


def _next(form: str, roster: Path | None, told_apart: Path | None) -> list[str]:
    """What to do with the notebooks that were written.

    Args:
        form: for which system they are.
        roster: the file of the class.
        told_apart: the folder, if grading is to look there for what is an exam and for the seed.
    """
    if form == PLAIN:
        listed = f' --roster "{roster}"' if roster else ""
        next_step = tell(
            f"接下来：发给学生；交上来以后运行 course-snn classroom collect 文件夹或zip 收在哪里{listed}",
            "Next: give them to the class; when they are handed in, run course-snn classroom collect FOLDER_OR_ZIP "
            f"OUT{listed}",
        )
        keep = tell(
            f'这个文件夹请留着：批改时写 classroom grade … --assignment "{told_apart}"，考试和种子就以它为准',
            f'Keep this folder: classroom grade … --assignment "{told_apart}" takes exam and seed from it, whatever '
            "hand-ins say",
        )
        return [next_step, *([keep] if told_apart else [])]
    return [
        tell(
            f"注意：{form} 在同一个进程里运行学生的代码和测试，改掉判题程序就能白得分；要可靠的结论用 classroom grade",
            f"Note: {form} runs a student's code in the same process as the tests: a hand-in that patches the judge "
            "gains marks. For verdicts that hold use classroom grade",
        ),
        tell(
            "接下来：见其中的 README.md。这里有答案，不要发给学生",
            "Next: see README.md there. It holds solutions: not for students",
        ),
    ]


@app.command(
    help=tell(
        "收作业：文件夹或平台下载的 zip（Moodle、Canvas、学习通）；每人每章取最新的一份，其余列成表。不改动原来的文件",
        "Collect hand-ins from a folder or a platform's zip (Moodle, Canvas, Chaoxing): the newest of each student and "
        "chapter, and a table of everything. The input is not changed",
    )
)
def collect(
    source: Annotated[
        Path, typer.Argument(metavar="FOLDER|ZIP", help=tell("交上来的文件夹或 zip", "What was handed in"))
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help=tell("新的或空的文件夹", "A new or empty folder"))],
    roster: RosterFile = None,
    lang: Lang = None,
) -> None:
    """Collect what a class handed in."""
    from course_snn.course.classroom.collect import TABLE
    from course_snn.course.classroom.collect import collect as gather
    from course_snn.course.classroom.tables import shown

    listed = _read(roster)
    with console.status(tell("正在收作业…", "Collecting…")):
        done = gather(source, out, roster=listed)
    for part in shown(done.lines):
        console.print(part)
    console.print(Text(tell(f"表格：{done.folder / TABLE}", f"The table: {done.folder / TABLE}")))
    console.print(
        Text(
            tell(
                f'接下来：course-snn classroom grade "{done.folder}" --csv 成绩.csv'
                "（考试再加 --assignment 发下去的文件夹）",
                f'Next: course-snn classroom grade "{done.folder}" --csv marks.csv (for an exam also --assignment and '
                "the folder that assign wrote)",
            )
        )
    )


def _read(path: Path | None):
    """The roster, its oddities told; None without one."""
    if path is None:
        return None
    from course_snn.course.classroom.roster import read

    listed = read(path)
    for note in listed.notes:
        console.print(Text(f"{path.name}: {in_words(note)}", style="yellow"))
    return listed


grade_command.add(app)
report_command.add(app)
similar_command.add(app)
gradescope_command.add(app)
