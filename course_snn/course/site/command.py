"""The command `course-snn site`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from course_snn.course.options import Lang, tell

if TYPE_CHECKING:
    from course_snn.course.site.build import Built

console = Console()


def site(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help=tell("新的或空的文件夹，或以前生成的网站", "A new or empty folder, or a site written before"),
        ),
    ],
    verdicts: Annotated[
        bool,
        typer.Option(
            "--verdicts",
            help=tell(
                "第 00、01 章的练习在网页里批改（要先用 npm 装好 pyodide；网站里会有这两章的答案）",
                "Pages of chapters 00 and 01 mark their exercises (needs pyodide from npm; the site then holds the "
                "solutions of these two)",
            ),
        ),
    ] = False,
    url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help=tell(
                "网站的网址，分享时的预览图要用", "Where the site will be, which previews need for their pictures"
            ),
        ),
    ] = "",
    lang: Lang = None,
) -> None:
    """Write the web site of the course."""
    from course_snn.course.site import build
    from course_snn.course.site.verdicts import pyodide

    with console.status(tell("生成网站…", "Writing the site…")) as status:
        built = build.build(
            folder,
            url,
            pyodide() if verdicts else None,
            on_chapter=lambda chapter: status.update(chapter.slug),
        )
    for line in report(built):
        console.print(Text(line))


def report(built: Built) -> list[str]:
    """What was written, in lines."""
    chapters = len([name for name in built.pages if name[:2].isdigit()])
    largest = max(built.pages, key=built.pages.__getitem__)
    kilo = {name: f"{size / 1000:.0f} kB" for name, size in built.pages.items()}
    mega = {"pictures": built.pictures, "search": built.search, "total": built.total}
    size = {name: f"{value / 1e6:.1f} MB" for name, value in mega.items()}
    return [
        tell(f"网站写在 {built.folder}", f"The site is in {built.folder}"),
        tell(
            f"  {chapters} 章，共 {size['total']}（图 {size['pictures']}，搜索 {size['search']}）；"
            f"首页 {kilo['index.html']}，最大的一页 {largest} {kilo[largest]}",
            f"  {chapters} chapters, {size['total']} in all (pictures {size['pictures']}, search {size['search']}); "
            f"first page {kilo['index.html']}, largest page {largest} {kilo[largest]}",
        ),
        tell(
            "  用浏览器打开其中的 index.html，或把整个文件夹放到任何静态网站上",
            "  Open its index.html in a browser, or put the folder on any static host",
        ),
    ]


def add(app: typer.Typer) -> None:
    """Make it a command of ``app``."""
    app.command(
        help=tell(
            "把全部章节写成一个静态网站：双语，可离线打开，不含练习的答案",
            "Write all chapters as a static web site: in both languages, offline, without the exercises' solutions",
        )
    )(site)
