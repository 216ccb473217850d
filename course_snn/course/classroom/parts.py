"""What the pages for a teacher are made of: the frame with the language switch, tables that sort, names as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from course_snn.course.chapters import CHAPTERS
from course_snn.course.classroom.report import line
from course_snn.course.page import asset, filled, scripts
from course_snn.language import Label, escaped

BY_KEY = {chapter.key: chapter for chapter in CHAPTERS}
STYLES = ("page.css", "report.css")


def framed(
    title: str, body: str, lang: str, more: Sequence[str] = (), kind: str = "", styles: Sequence[str] = STYLES
) -> str:
    """Return a page of the course's look around a body; ``title`` is plain text, ``body`` is HTML.

    Args:
        title: for the tab.
        body: its content.
        lang: in which language it opens; "" to follow the reader's browser.
        more: scripts of `course/web` besides the language switch.
        kind: a class of <body>.
        styles: sheets of `course/web`.
    """
    parts = {
        "lang": f"{lang}",
        "title": escape(title),
        "style": "".join(map(asset, styles)),
        "early": asset("early.js"),
        "body": body,
        "pager": "",
        "widgets": "{}",
        "script": scripts(("reader.js", *more)),
    }
    template = asset("page.html").replace('class="single"', f'class="single {kind}"' if kind else 'class="single"')
    return filled(template, parts)


def name(text: str) -> str:
    """Return a name as HTML: right-to-left writing and marks of direction stay within it."""
    return f"<bdi>{escape(line(text))}</bdi>"


def table(heads: Iterable[tuple[Label, str]], rows: Iterable[str], title: Label, key: str, caption: str = "") -> str:
    """Return a table whose columns sort.

    Args:
        heads: in words, and the class of each.
        rows: HTML already.
        title: what it shows, for those who hear the page.
        key: its id.
        caption: HTML already.
    """
    head = "".join(
        f'<th scope="col" class="{kind}"><button type="button" class="sort">{escaped(text)}</button></th>'
        for text, kind in heads
    )
    above = f"<caption>{caption}</caption>" if caption else ""
    label = escape(f"{title.zh} · {title.en}")
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table id="{key}">{above}'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def number(value: float, text: str | None = None) -> str:
    """Return the cell of a number, which may be written otherwise than it sorts."""
    zero = "" if value else " zero"
    return f'<td class="number{zero}" data-value="{value:g}">{text or f"{value:g}"}</td>'


def cell(content: str, value: str | None = None) -> str:
    """Return a cell, HTML already, and what it sorts by where that is not its text."""
    told = "" if value is None else f' data-value="{escape(value)}"'
    return f"<td{told}>{content}</td>"


def counted(count: int, one: str, more: str = "") -> str:
    """Return a count and its noun in English, "1 file" and "2 files"."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def exercise(key: str) -> str:
    """Return the id of an exercise as HTML; a pointer on it shows the chapter's title."""
    chapter = BY_KEY.get(key[:2])
    title = f' title="{escape(f"{chapter.title_zh} · {chapter.title_en}")}"' if chapter else ""
    return f"<code{title}>{escape(line(key))}</code>"
