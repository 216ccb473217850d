"""What chapter 00 shows in the notebook: the way through the course, and whether this machine is ready for it."""

from course_snn.course import doctor, progress
from course_snn.course.chapters import CHAPTERS, Chapter
from course_snn.course.exercise import chapter_exercises
from course_snn.course.finding import PROBLEM
from course_snn.course.verdict import show
from course_snn.language import Label, escaped, html, html_table


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
    heads = (html("章", "Chapter"), "", html("练习", "Exercises"))
    rows = [_chapter_row(chapter, passed) for chapter in CHAPTERS]
    ready = sum(chapter.ready for chapter in CHAPTERS)
    show(Board(html_table(rows, heads, left=True), f"{ready} chapters"))


def _chapter_row(chapter: Chapter, passed: set[str]) -> tuple[str, str, str]:
    title = escaped(Label(chapter.title_zh, chapter.title_en))
    if not chapter.ready:
        return chapter.key, f"<i>{title}</i>", html("编写中", "in preparation")
    exercises = chapter_exercises(chapter.key)
    done = sum(exercise.id in passed for exercise in exercises)
    count = f"{done} / {len(exercises)}" if exercises else ""
    return chapter.key, f'<a href="{chapter.file_name}">{title}</a>', count


def examine() -> None:
    """Show what stands in the way on this machine, and what to do about it; one line when nothing does."""
    problems = [finding for finding in doctor.examine() if finding.state == PROBLEM]
    if not problems:
        show(Label("一切就绪：没有发现问题。", "All set: no problem found."))
        return
    rows = [[escaped(text) for text in (finding.what, finding.found, finding.advice)] for finding in problems]
    plain = "\n".join(f"{finding.what}: {finding.found}. {finding.advice}" for finding in problems)
    show(Board(html_table(rows, left=True), plain))
