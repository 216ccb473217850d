"""An executed chapter as one HTML file that needs nothing else: no network, no kernel, no server.

The language switch, dark colours, the formulas (MathML) and the widgets that simulate in the page all work from
file://. `course_snn.course.site` makes the whole course a site out of the same parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources

from nbformat import NotebookNode

from course_snn.course.chapters import CHAPTERS, Chapter
from course_snn.course.site import cells
from course_snn.course.site.markdown import mathml
from course_snn.course.site.pictures import Inline
from course_snn.course.site.widgets import STATE_MIME, VIEW_MIME, Widgets
from course_snn.figure import MIME as FIGURE_MIME
from course_snn.language import Label, escaped, html

__all__ = ["FIGURE_MIME", "STATE_MIME", "VIEW_MIME", "asset", "mathml", "page"]
STYLES = ("page.css", "code.css")
SCRIPTS = ("reader.js", "model.js", "widgets.js")


def page(
    notebook: NotebookNode, title_zh: str, title_en: str, lang: str = "both", chapter: Chapter | None = None
) -> str:
    """The notebook as a page that first shows in `lang`; with links to the chapters beside ``chapter``, if given."""
    widgets = Widgets(notebook.metadata.get("widgets", {}).get(STATE_MIME, {}).get("state", {}))
    place, alt = Inline(), Label(title_zh, title_en)
    body = [
        cells.prose(cell)
        if cell.cell_type == "markdown"
        else cells.code(cell.source) + cells.outputs(cell, place, widgets, alt)
        for cell in notebook.cells
        if cell.cell_type in ("markdown", "code")
    ]
    parts = {
        "lang": lang,
        "title": escaped(f"{title_zh} · {title_en}"),
        "style": "".join(map(asset, STYLES)),
        "early": asset("early.js"),
        "body": "\n".join(body),
        "pager": _pager(chapter) if chapter else "",
        "widgets": widgets.json(),
        "script": scripts(SCRIPTS),
    }
    return filled(asset("page.html"), parts)


def _pager(chapter: Chapter) -> str:
    """Links to the chapters before and after, which `course-snn run` writes into the same folder."""
    links = []
    for number, arrow in ((chapter.number - 1, "←"), (chapter.number + 1, "→")):
        if 0 <= number < len(CHAPTERS):
            other = CHAPTERS[number]
            links.append(f'<a href="{other.slug}.html">{arrow} {other.key} {html(other.title_zh, other.title_en)}</a>')
    return f'<nav class="pager">{"".join(links)}</nav>'


def filled(template: str, parts: dict[str, str]) -> str:
    """The template with every {{ name }} replaced by its part."""
    return re.sub(r"{{ (\w+) }}", lambda found: parts[found[1]], template)


def asset(name: str) -> str:
    """The text of a file of `course/web`."""
    return resources.files(__package__).joinpath("web", name).read_text(encoding="utf-8")


def scripts(names: Iterable[str]) -> str:
    """Files of `course/web` as one plain script: a page from the disk may not import modules."""
    return "".join(asset(name) for name in names).replace("\nexport ", "\n")
