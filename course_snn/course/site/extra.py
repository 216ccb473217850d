"""Pages besides the chapters: Markdown files in `pages/`, both languages in one, as in a notebook's prose cell.

What a page takes from the course itself it asks for by a comment (`teaching`). A file begins with its title,
``# <span lang="zh">…</span><span class="lang-sep"> · </span><span lang="en">…</span>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from course_snn.course.site import frame, reading, teaching
from course_snn.course.site.markdown import anchored, markdown
from course_snn.language import Label

FOLDER = Path(__file__).with_name("pages")
_TITLE = re.compile(r"<h1\b.*?</h1>", re.DOTALL)


def titles() -> list[tuple[str, Label]]:
    """File name on the site and title of every page, in the order of their files."""
    found = []
    for path in sorted(FOLDER.glob("*.md")):
        title = _TITLE.search(markdown(path.read_text(encoding="utf-8")))
        found.append((f"{path.stem}.html", Label(*reading.words(title[0] if title else path.stem))))
    return found


def page(site: frame.Site, file_name: str, notebooks: Path) -> str:
    """The page of that name as HTML; ``notebooks`` is the folder of the chapters that it is about."""
    source = (FOLDER / file_name).with_suffix(".md").read_text(encoding="utf-8")
    body = anchored(markdown(source), _anchors())
    title, lead = dict(site.extra)[file_name], Label(*reading.lead(body))
    body = teaching.filled(body, frozenset(page.file_name for page in site.pages), notebooks)
    return frame.framed(site, file_name, title, lead, f'<article class="extra">{body}</article>', "extra")


def _anchors() -> Iterator[str]:
    return (f"s{number}" for number in count(1))
