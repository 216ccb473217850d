"""The commands of `course-snn`. Each function is one command; what it does stands in the module it calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

import course_snn
from course_snn.course import chapters as book
from course_snn.course.classroom import commands as classroom
from course_snn.course.files import write_text
from course_snn.course.options import Lang, Names, Preset, in_words, tell
from course_snn.course.site import command as site
from course_snn.language import language

console = Console()


app = typer.Typer(
    help=tell("脉冲神经网络动手课", "A hands-on course on spiking neural networks"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"course-snn {course_snn.__version__}")
        raise typer.Exit


@app.callback()
def options(
    lang: Lang = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar="", callback=_version, is_eager=True, help=tell("显示版本", "Show the version")
        ),
    ] = False,
) -> None:
    """Declare and check --lang before a command; ``main`` has read it already."""


@app.command(
    help=tell(
        "在 JupyterLab 里打开你的课程文件夹，第一次会先建好（只在本机，127.0.0.1）。其余选项原样交给 jupyter lab。",
        "Open your folder of the course in JupyterLab; it is made the first time (this machine only, 127.0.0.1). "
        "Further options go to jupyter lab.",
    ),
    context_settings={"ignore_unknown_options": True},
)
def lab(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CHAPTER] [OPTION FOR JUPYTER LAB]...",
            help=tell("先打开的章节，以及给 jupyter lab 的选项", "The chapter to open first; options for jupyter lab"),
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help=tell("端口", "Port to serve on"))] = 8888,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help=tell("是否打开浏览器", "Whether to open a browser"))
    ] = True,
    edit: Annotated[
        bool,
        typer.Option(
            "--edit",
            help=tell("（给修改课程的人）打开课程自己的笔记", "(To change the course) Open the course's own notebooks"),
        ),
    ] = False,
    lang: Lang = None,
) -> None:
    """Open the course in JupyterLab."""
    from course_snn.course.lab import run_lab

    extra = list(arguments or [])
    chapter = book.find(extra.pop(0)) if extra and not extra[0].startswith("-") else None
    raise typer.Exit(run_lab(chapter, lang, port, browser, extra, edit))


@app.command(
    help=tell(
        "把笔记拷贝到一个文件夹，以后就在那里做；已有的文件一概不动",
        "Copy the notebooks into a folder and work there from now on; files that are there already are left alone",
    )
)
def start(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=tell("文件夹，没有就新建", "Made if it is missing"))],
    lang: Lang = None,
) -> None:
    """Hand out the notebooks."""
    from course_snn.course import start as handing_out

    copied = handing_out.start(folder)
    for names, zh, en in (
        (copied.new, f"拷贝到 {copied.folder}：", f"Copied to {copied.folder}:"),
        (copied.left, "已经有了，没有动：", "Already there and left as they are:"),
    ):
        if names:
            console.print(Text("\n  ".join([tell(zh, en), *names])))
    console.print(Text("\n  ".join([tell("接下来：", "Next:"), *handing_out.next_steps(copied)])))


@app.command(
    help=tell(
        "把章节的新版本并进你的文件夹：答案都留着，先存一份备份",
        "Merge newer chapters into your folder: every answer is kept, and a backup of what was there",
    )
)
def update(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help=tell("不写就是你的课程文件夹", "Your folder of the course by default")),
    ] = None,
    lang: Lang = None,
) -> None:
    """Bring newer chapters into the learner's folder."""
    from course_snn.course import update as merging
    from course_snn.course.folder import learner_dir
    from course_snn.course.screen_update import report

    folder = folder or learner_dir()
    outcomes = merging.update(folder)
    for line in report(folder, outcomes, tell):
        console.print(line)
    raise typer.Exit(any(outcome.state in merging.LEFT for outcome in outcomes))


@app.command("list", help=tell("列出所有章节：时间与进度", "List all chapters: time and progress"))
def list_chapters(lang: Lang = None) -> None:
    """List all chapters."""
    from course_snn.course import progress as kept
    from course_snn.course.screen_chapters import chapter_list

    book.notebooks_dir()  # where there is no course, say so: not "nothing is written yet"
    for shown in chapter_list(kept.load()["passed"], console, tell, in_words):
        console.print(shown)


@app.command(
    help=tell(
        "从头到尾运行章节（用参考答案代替练习），结果写入 build/；有任何失败就以非零状态退出。",
        "Run chapters from top to bottom, with our solutions to the exercises; write notebook and page to build/. "
        "Any failure gives a non-zero exit status.",
    )
)
def run(
    names: Names = None,
    preset: Preset = None,
    lang: Lang = None,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help=tell("把全部结果写入文件", "Write all results to a file")),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help=tell("同时运行几章", "How many chapters at a time"))] = 1,
) -> None:
    """Run chapters with the solutions and report."""
    from course_snn.course import runner, screen

    chosen = _chosen(names)
    language_ = lang or language()

    def run_one(chapter: book.Chapter) -> runner.ChapterRun:
        bars.start(chapter)
        return runner.run_chapter(chapter, preset, language_, on_cell=lambda: bars.advance(chapter))

    with screen.bars(chosen, console) as bars:
        runs = runner.run_chapters(chosen, run_one, jobs)
    for line in screen.results(runs):
        console.print(line)
    console.print(screen.run_table(runs, tell))
    for line in screen.failures(runs, tell):
        console.print(Text(line, style="red"))
    report = runner.report(runs, preset, language_)
    if json_file:
        write_text(json_file, json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    console.print(Text(tell("结果写在", "Written to") + f" {runner.build_dir()}"))
    raise typer.Exit(0 if report["ok"] else 1)


@app.command(
    help=tell(
        "在图片文件夹、CIFAR-10 等数据上训练脉冲网络；选项见 course-snn train -h",
        "Train a spiking network on a folder of pictures, CIFAR-10 …; course-snn train -h lists the options",
    ),
    add_help_option=False,  # the trainer's own parser shows it
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def train(context: typer.Context) -> None:
    """Hand all options to the trainer."""
    from course_snn.training import large

    large.main(context.args, prog="course-snn train")


@app.command(help=tell("检查这台机器能否运行课程", "Check whether this machine can run the course"))
def doctor(lang: Lang = None) -> None:
    """Say whether this machine is ready."""
    from course_snn.course import doctor as examination
    from course_snn.course.finding import PROBLEM
    from course_snn.course.tables import findings

    vital, others = examination.vital(), examination.others()
    for shown in findings(vital, others, examination.next_step(vital + others), tell, in_words):
        console.print(shown)
    raise typer.Exit(any(finding.state == PROBLEM for finding in vital + others))


@app.command(help=tell("显示或清除学习进度", "Show your progress, or forget it"))
def progress(
    reset: Annotated[
        bool, typer.Option("--reset", help=tell("清除进度（留一份备份）", "Forget it (a copy is kept)"))
    ] = False,
    lang: Lang = None,
) -> None:
    """Show the exercises that were passed, or forget them."""
    from course_snn.course import progress as kept
    from course_snn.course.screen_chapters import progress_board

    if reset:
        if not kept.reset():  # it has said why
            raise typer.Exit(1)
        console.print(tell("进度已清除", "Progress forgotten"))
        return
    for shown in progress_board(kept.load()["passed"], console, tell, in_words):
        console.print(shown)
    console.print(Text(str(kept.path()), style="dim"))


@app.command(
    help=tell(
        "（给维护者）重新运行章节并存下规范的输出",
        "(For maintainers) Run chapters as learners get them, store outputs",
    )
)
def store(names: Names = None, lang: Lang = None) -> None:
    """Execute chapters and store their canonical outputs."""
    from course_snn.course import screen
    from course_snn.course.store import StoreError, store_chapter

    failed = False
    chosen = _chosen(names)
    with screen.bars(chosen, console) as bars:
        for chapter in chosen:
            bars.start(chapter)
            try:
                changed = store_chapter(chapter, lambda chapter=chapter: bars.advance(chapter))
                word = tell("已更新", "updated") if changed else tell("没有变化", "unchanged")
                console.print(Text(f"{chapter.slug}: {word}"))
            except StoreError as error:
                failed = True
                console.print(Text(str(error), style="red"))
    raise typer.Exit(1 if failed else 0)


site.add(app)
classroom.add(app)


def _chosen(names: list[str] | None) -> list[book.Chapter]:
    chosen = [book.find(name) for name in names] if names else book.ready_chapters()
    if not chosen:
        folder = book.notebooks_dir()
        raise book.ChapterError(tell(f"{folder} 里还没有章节", f"there is no chapter in {folder} yet"))
    for chapter in chosen:
        book.notebook_path(chapter)  # says so where one is missing
    return list(dict.fromkeys(chosen))
