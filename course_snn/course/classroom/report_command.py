"""The command `course-snn classroom report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from course_snn.course.classroom.choices import BELOW
from course_snn.course.options import Lang, tell

console = Console()
RECORD = "report"


def report(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=tell("批过的作业", "Hand-ins that classroom grade has graded"))
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help=tell("写到哪里；不写就是 FOLDER/report", "Where to write; FOLDER/report by default"),
        ),
    ] = None,
    xlsx: Annotated[
        bool,
        typer.Option(
            "--xlsx", help=tell("另写 report.xlsx（要装 XlsxWriter）", "Write report.xlsx, too (needs XlsxWriter)")
        ),
    ] = False,
    feedback: Annotated[
        Path | None,
        typer.Option(
            "--feedback",
            metavar="DIR",
            help=tell("给每个学生写一页反馈", "Write a page of feedback for each student"),
        ),
    ] = None,
    brief: Annotated[
        bool,
        typer.Option("--brief", help=tell("反馈只写状态，不写原因", "Feedback says states only, not the reasons")),
    ] = False,
    site: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help=tell("课程网站的网址，反馈里链接过去", "Where the course's web site is, for links in the feedback"),
        ),
    ] = "",
    below: Annotated[
        int,
        typer.Option(
            min=0,
            max=100,
            metavar="PERCENT",
            help=tell("通过率低于它的学生列为需要帮助", "Who passed less than this needs help"),
        ),
    ] = BELOW,
    lang: Lang = None,
) -> None:
    """Write what the marks of a class say."""
    from course_snn.course.classroom import feedback as give_back
    from course_snn.course.classroom import report as reporting

    with console.status(tell("正在写报告…", "Writing the report…")):
        found = reporting.read(folder)
        target = out or folder / "report"
        files = _write(found, target, below, lang or "", xlsx)
        pages = give_back.write(found, feedback, lang=lang or "", brief=brief, site=site) if feedback else []
    for line in _told(found, below, files):
        console.print(Text(line))
    for line in _given(found, pages, brief):
        console.print(Text(line))


def _write(found, out: Path, below: float, lang: str, xlsx: bool) -> list[Path]:
    """Write the files of the report and return them."""
    from course_snn.course.classroom import place, report_figure, report_page, report_tables
    from course_snn.course.files import write_text
    from course_snn.drafts import draft
    from course_snn.language import language

    out = place.resolved(out)
    place.opened(out, RECORD)
    files = [out / name for name in ("report.html", "report.png", "report.csv")]
    try:
        place.note(out, RECORD, {})
        write_text(files[0], report_page.page(found, lang, below))
        with draft(files[1], shared=True) as file:
            file.write(report_figure.picture(found, language()))
        report_tables.write_csv(found, files[2], below)
        if xlsx:  # last: its library may be missing, and the message names the CSV
            files.append(out / "report.xlsx")
            report_tables.write_xlsx(found, files[-1], below)
    except OSError as error:
        raise place.cannot_write(out, error) from error
    return files


def _told(found, below: float, files: list[Path]) -> list[str]:
    from course_snn.course.classroom.discrimination import SUSPECT
    from course_snn.course.classroom.parts import counted

    helped = len(found.helped(below))
    alike = sum(item.finding in SUSPECT for item in found.items())
    return [
        tell(
            f"{len(found.people)} 名学生，{helped} 人需要帮助（通过不到 {below}%，或有章没交、打不开）；"
            f"{alike} 道题分不出高下",
            f"{counted(len(found.people), 'student')}, {helped} in need of help (less than {below} % passed, or a "
            f"chapter not there or unreadable); {counted(alike, 'exercise')} without discrimination",
        ),
        *(f"  {file}" for file in files),
        tell(
            "report.png 里没有学生的名字，可以给全班看；其余的有，只给老师看。",
            "report.png names no students and can be shown to the class; the others name them and are for teachers.",
        ),
    ]


def _given(found, pages: list[Path], brief: bool) -> list[str]:
    if not pages:
        return []
    count, where = len(pages), pages[0].parent
    told = [
        tell(
            f"{count} 名学生的反馈：{where}。接下来：每人只发自己的那一页",
            f"Feedback, a page for each of {count}: {where}. Next: give each student their own page only",
        )
    ]
    if absent := sum(not person.files for person in found.people):
        told.append(
            tell(f"{absent} 名学生没有能批的笔记，没有反馈", f"{absent} with no notebook to grade have no page")
        )
    if found.exam and not brief:
        told.append(
            tell(
                "注意：这里面有考试。反馈写明了每个错误的原因（不含答案）。还有人没考完，或题目还要再用，就加 --brief，"
                "只写状态。",
                "Note: some of this is an exam. The feedback gives the reason of each mistake (no solutions). If "
                "others have yet to sit it, or the tasks will be used again, add --brief for states only.",
            )
        )
    return told


def add(app: typer.Typer) -> None:
    """Make it a command of ``app``."""
    app.command(
        help=tell(
            "一个班的报告：各题的状态、常见的错误、谁需要帮助、哪些题分不出高下；另有表格和给每个学生的反馈",
            "Report on a class: states by exercise, named mistakes, who needs help, exercises that do not "
            "discriminate; with a table, and feedback for each student",
        )
    )(report)
