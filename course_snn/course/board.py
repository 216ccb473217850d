"""What chapter 00 shows in the notebook: the way through the course, and whether this machine is ready for it."""

import html as escape

from course_snn.course import doctor, progress
from course_snn.course.chapters import CHAPTERS, Chapter
from course_snn.course.exercise import chapter_exercises
from course_snn.course.verdict import show
from course_snn.language import Label, html


class Board:
    """HTML for a notebook, one plain line for elsewhere."""

    def __init__(self, markup: str, plain: str) -> None:
        self.markup, self.plain = markup, plain

    def _repr_html_(self) -> str:
        return self.markup

    def __repr__(self) -> str:
        return self.plain


def overview() -> None:
    """Show all chapters: a link to each that is there, and how many of its exercises are passed."""
    passed = set(progress.load()["passed"])
    head = _row("th", html("章", "Chapter"), "", html("练习", "Exercises"))
    rows = "".join(_chapter_row(chapter, passed) for chapter in CHAPTERS)
    ready = sum(chapter.ready for chapter in CHAPTERS)
    show(Board(f"<table>{head}{rows}</table>", f"{ready} chapters"))


def _chapter_row(chapter: Chapter, passed: set[str]) -> str:
    title = html(escape.escape(chapter.title_zh), escape.escape(chapter.title_en))
    if not chapter.ready:
        return _row("td", chapter.key, f"<i>{title}</i>", html("编写中", "in preparation"))
    exercises = chapter_exercises(chapter.key)
    done = sum(exercise.id in passed for exercise in exercises)
    count = f"{done} / {len(exercises)}" if exercises else ""
    return _row("td", chapter.key, f'<a href="{chapter.file_name}">{title}</a>', count)


def _row(tag: str, *cells: str) -> str:
    return "<tr>" + "".join(f'<{tag} style="text-align:left">{cell}</{tag}>' for cell in cells) + "</tr>"


def examine() -> None:
    """Show what stands in the way on this machine, and what to do about it; one line when nothing does."""
    problems = [finding for finding in doctor.examine() if finding.state == doctor.PROBLEM]
    if not problems:
        show(Label("一切就绪：没有发现问题。", "All set: no problem found."))
        return
    rows = "".join(_row("td", _said(finding.what), _said(finding.found), _said(finding.advice)) for finding in problems)
    plain = "\n".join(f"{finding.what}: {finding.found}. {finding.advice}" for finding in problems)
    show(Board(f"<table>{rows}</table>", plain))


def _said(text: str) -> str:
    if isinstance(text, Label):
        return html(escape.escape(text.zh), escape.escape(text.en))
    return escape.escape(text)
