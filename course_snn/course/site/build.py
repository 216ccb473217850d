"""Build the site into a folder: read every chapter, write the pages, put them where they belong in one step."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from course_snn.course import chapters as book
from course_snn.course.page import SCRIPTS, STYLES, asset, scripts
from course_snn.course.site import extra, frame, search
from course_snn.course.site.chapter import ChapterPage, chapter_page
from course_snn.course.site.error import SiteError
from course_snn.course.site.index import index
from course_snn.course.site.pictures import Files
from course_snn.language import Label, escaped, html, tr
from course_snn.widget import stored
from course_snn.widget.base import PageWidget

MARKER = ".course-snn-site"  # in a folder that may be replaced
PARTS = (*SCRIPTS, "site.js", "find.js")


@dataclass
class Built:
    """What was written: bytes of each page without its pictures, of pictures and of the search."""

    folder: Path
    pages: dict[str, int] = field(default_factory=dict)
    pictures: int = 0
    search: int = 0
    total: int = 0


def build(
    folder: Path,
    url: str = "",
    verdicts: Path | None = None,
    notebooks: Path | None = None,
    on_chapter: Callable[[book.Chapter], None] = lambda chapter: None,
) -> Built:
    """Write the site.

    Args:
        folder: new, empty, or a site that was written before, which is then replaced as a whole.
        url: where it will be on the web; only previews in messengers need it.
        verdicts: the folder of npm's package pyodide, with which pages judge exercises; None without.
        notebooks: the folder of the chapters; the course's own by default, not those a learner works in.
        on_chapter: called after each chapter.

    Raises:
        SiteError: the folder holds something else, or cannot be written.
    """
    folder = Path(os.path.abspath(folder.expanduser()))
    _refuse_what_is_not_ours(folder)
    notebooks = notebooks or own_notebooks()
    part = folder.with_name(f"{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        (part / MARKER).write_text("Written by course-snn site, which may replace this folder.\n", encoding="utf-8")
        built = _write(part, notebooks, f"{url.rstrip('/')}/" if url else "", verdicts, on_chapter)
        _put(part, folder)
    except OSError as error:
        raise SiteError(
            tr(f"不能写入 {folder}：{error}。请换一个文件夹", f"cannot write {folder}: {error}. Choose another folder")
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    built.folder = folder
    return built


def own_notebooks() -> Path:
    """The folder of the course's own notebooks, not of those that a learner works in."""
    for folder in (book.IN_PACKAGE, book.IN_CHECKOUT):
        if book.holds_chapters(folder):
            return folder
    raise SiteError(
        tr(
            f"课程自带的笔记不见了（{book.IN_CHECKOUT}）。请重新安装课程",
            f"the course's own notebooks are missing ({book.IN_CHECKOUT}). Install the course again",
        )
    )


def _refuse_what_is_not_ours(folder: Path) -> None:
    if not os.path.lexists(folder) or (folder / MARKER).is_file():
        return
    if folder.is_dir() and not any(folder.iterdir()):
        return
    raise SiteError(
        tr(
            f"{folder} 里已有别的东西，网站会把整个文件夹换掉；请写一个新的或空的文件夹",
            f"{folder} holds something else, and the site replaces the whole folder; name a new or an empty one",
        )
    )


def _put(part: Path, folder: Path) -> None:
    """Put the finished site in its place; what stood there is gone only when the new one is whole."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(part, folder)
    except OSError:
        if old.exists():
            os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _write(
    root: Path, notebooks: Path, url: str, verdicts: Path | None, on_chapter: Callable[[book.Chapter], None]
) -> Built:
    from course_snn.course.site import verdicts as judging

    place, pages = Files(root / "img"), []
    for chapter in book.CHAPTERS:
        if (path := notebooks / chapter.file_name).is_file():
            judged = verdicts is not None and chapter.key in judging.CHAPTERS
            pages.append(chapter_page(chapter, nbformat.read(path, as_version=4), place, judged))
            on_chapter(chapter)
    site = frame.Site(pages, extra.titles(), url)
    texts = {page.file_name: _chapter(site, page, place) for page in pages}
    texts |= {name: extra.page(site, name, own_notebooks()) for name, _ in site.extra}
    texts["index.html"] = index(site, place)
    texts["assets/search.js"] = search.index(pages)
    texts |= _assets(pages)
    texts[".nojekyll"] = ""
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    if verdicts is not None:
        judging.write(root / "assets", verdicts)
    sizes = {name: len(text.encode()) for name, text in texts.items()}
    return Built(
        root,
        {name: size for name, size in sorted(sizes.items()) if name.endswith(".html")},
        sum(place.sizes.values()),
        sizes["assets/search.js"],
        sum(path.stat().st_size for path in root.rglob("*") if path.is_file()),
    )


def _chapter(site: frame.Site, page: ChapterPage, place: Files) -> str:
    chapter = page.chapter
    title = Label(chapter.title_zh, chapter.title_en)
    head = (
        f'<header class="head"><p class="kicker">{html(f"第 {chapter.key} 章", f"Chapter {chapter.key}")}</p>'
        f"<h1>{escaped(title)}</h1></header>"
    )
    picture = next((place.place(one.raw, one.ending) for one in page.picture), "")
    named = Label(f"{chapter.key} {title.zh}", f"{chapter.key} {title.en}")
    main = f"<article>{head}{page.body}</article>{frame.pager(site, page)}"
    side = frame.side_bar(site, page)
    scripts = ["assets/verdicts/page.js"] if page.verdicts else []
    return frame.framed(site, page.file_name, named, page.lead, main, "chapter", picture, side, page.widgets, scripts)


def _assets(pages: Sequence[ChapterPage]) -> dict[str, str]:
    """Style sheets, scripts, and the modules of the widgets: each once."""
    texts = {
        "assets/site.css": "".join(map(asset, (*STYLES, "site.css"))),
        "assets/site.js": scripts(PARTS),
    }
    names = sorted(set().union(*(page.widgets.names for page in pages)))
    if names:
        texts["assets/kit.css"] = PageWidget._css
    for name in names:
        texts[f"assets/widgets/{name}.js"] = f"courseSnn.module({json.dumps(name)},{_json(stored.module(name))});\n"
    for name in sorted(set().union(*(page.widgets.samples for page in pages))):
        texts[f"assets/samples/{name}.js"] = f"courseSnn.sample({json.dumps(name)},{_json(stored.sample(name))});\n"
    return texts


def _json(value: object) -> str:
    return re.sub(r"[\u2028\u2029]", lambda c: f"\\u{ord(c[0]):04x}", json.dumps(value, ensure_ascii=False))
