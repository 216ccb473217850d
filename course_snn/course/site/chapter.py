"""One chapter of the site, read from its stored notebook: what a learner gets, without any solution."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from course_snn.course.chapters import Chapter
from course_snn.course.execute import EXERCISE_TAG, check_call
from course_snn.course.site import cells, reading
from course_snn.course.site.exercise import exercise
from course_snn.course.site.pictures import Files, Picture, pictures
from course_snn.course.site.widgets import Widgets
from course_snn.language import Label, html

_HEADING = re.compile(r'<(h[1-6]) id="([^"]*)">(.*?)</\1>', re.DOTALL)
_TITLE = re.compile(r"<h1\b.*?</h1>", re.DOTALL)
_WIDGET = re.compile(r"(?:(\w+) = )?widget\.\w+\((?:[^()]|\([^()]*\))*\)\s*(?:\n\1\s*)?", re.DOTALL)
_MINUTES = re.compile(r"about (\d+) minutes")


@dataclass
class Section:
    """A heading and what stands below it: for the contents and for the search."""

    anchor: str
    level: int
    title: Label
    zh: list[str] = field(default_factory=list)
    en: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


@dataclass
class ChapterPage:
    """What the site shows of a chapter; ``picture`` is its first one."""

    chapter: Chapter
    sections: list[Section]
    lead: Label
    minutes: int = 0
    exercises: list[str] = field(default_factory=list)
    picture: list[Picture] = field(default_factory=list)
    body: str = ""
    widgets: Widgets = field(default_factory=Widgets)
    verdicts: bool = False

    @property
    def file_name(self) -> str:
        return f"{self.chapter.slug}.html"


def chapter_page(chapter: Chapter, notebook: NotebookNode, place: Files, verdicts: bool = False) -> ChapterPage:
    """Read a chapter.

    Args:
        chapter: which one.
        notebook: as it is stored, stubs and outputs.
        place: where its pictures go.
        verdicts: True if the page itself can judge this chapter's exercises.
    """
    title = Section("", 1, Label(chapter.title_zh, chapter.title_en))
    page = ChapterPage(chapter, [title], Label("", ""), widgets=Widgets(files=True), verdicts=verdicts)
    writer = _Writer(page, place)
    parts = [writer.prose(c) if c.cell_type == "markdown" else writer.code(c) for c in notebook.cells]
    page.body = "\n".join(part for part in parts if part)
    return page


class _Writer:
    """Writes the cells of a chapter one after another, and remembers under which heading it is."""

    def __init__(self, page: ChapterPage, place: Files) -> None:
        self.page, self.place = page, place
        self.figures = 0

    def prose(self, cell: NotebookNode) -> str:
        text = cells.prose(cell)
        if not self.page.lead:
            self.page.lead = Label(*reading.lead(text))
            found = _MINUTES.search(text)
            self.page.minutes = int(found[1]) if found else 0
        for part in re.split(r"(?=<h[1-6]\b)", text):
            self._under(part)
        return _TITLE.sub("", text).strip()  # the page has its own title

    def code(self, cell: NotebookNode) -> str:
        if cell.cell_type != "code" or not cell.source.strip():
            return ""
        if EXERCISE_TAG in cell.metadata.get("tags", []):
            name, check = check_call(cell.source, 0)
            self.page.exercises.append(name)
            return exercise(cell, name, check, self.page.verdicts)
        section = self.page.sections[-1]
        if not self.page.picture:
            self.page.picture = next((found for o in cell.outputs if (found := pictures(o))), [])
        shown = cells.outputs(_without_verdicts(cell), self.place, self.page.widgets, self._alt(cell, section))
        if "course.begin(" in cell.source:
            return _folded("setup", "准备：载入本章要用的东西", "Setup: what this chapter imports", cell.source) + shown
        section.code.append(cell.source)
        if _WIDGET.fullmatch(cell.source.strip()):
            return shown + _folded("made", "这个控件的代码", "The code of this widget", cell.source)
        return cells.code(cell.source) + shown

    def _under(self, part: str) -> None:
        found = _HEADING.match(part)
        if found and found[1] != "h1":
            zh, en = reading.words(found[3])
            self.page.sections.append(Section(found[2], int(found[1][1]), Label(zh, en)))
            self.figures = 0
        zh, en = reading.words(part[found.end() :] if found else part)
        section = self.page.sections[-1]
        section.zh.append(zh)
        section.en.append(en)

    def _alt(self, cell: NotebookNode, section: Section) -> Label:
        """What a figure shows as far as its place says it: the heading it stands under, and the how manieth it is."""
        self.figures += any(pictures(output, dark=False) for output in cell.outputs)
        number = f" {self.figures}" if self.figures > 1 else ""
        return Label(f"图{number}：{section.title.zh}", f"Figure{number}: {section.title.en}")


def _folded(kind: str, zh: str, en: str, source: str) -> str:
    return f'<details class="{kind}"><summary>{html(zh, en)}</summary>{cells.code(source)}</details>'


def _without_verdicts(cell: NotebookNode) -> NotebookNode:
    """The cell without verdicts, which hold the solution."""
    kept = [o for o in cell.outputs if "course-verdict" not in "".join(o.get("data", {}).get("text/html", ""))]
    return NotebookNode({**cell, "outputs": kept})
