"""The way through the course as a verdict tells it: how far one is in a chapter, and what comes next."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from course_snn.course.chapters import CHAPTERS, Chapter, ChapterError, notebook_path
from course_snn.course.exercise import chapter_exercises
from course_snn.course.outline import Task, cells, outline
from course_snn.language import Label, escaped, html, say, tr

SESSION = "JPY_SESSION_NAME"  # in a kernel that Jupyter started: the notebook's own path
OPEN, DONE = "○", "●"
ALL_DONE = tr("全部章节的练习都通过了。", "All exercises of the course are passed.")
_CARD = (
    "display:flex;flex-wrap:wrap;gap:1em;align-items:center;margin-top:.5em;padding:.7em;max-width:600px;"
    "border:1px solid var(--jp-border-color2,#bdbdbd);border-radius:6px"
)


@dataclass(frozen=True)
class Stop:
    """What a link leads to.

    Args:
        name: the exercise's id, or the chapter's two digits.
        title: its title in both languages.
        href: relative to the notebook; JupyterLab opens the file and goes to the cell.
    """

    name: str
    title: Label
    href: str


@dataclass(frozen=True)
class Way:
    """Where one stands after an exercise is passed.

    Args:
        chapter: the chapter of the exercise.
        done: for each of its exercises, in order, whether it is passed.
        exercise: the next open exercise of the chapter; None if all are passed.
        ahead: the chapter to go on with, once all are passed; None if the whole course is done.
        completed: True where the chapter is completed with this exercise: it gets a card.
    """

    chapter: Chapter
    done: tuple[bool, ...]
    exercise: Stop | None = None
    ahead: Stop | None = None
    completed: bool = False

    @property
    def count(self) -> Label:
        """How far one is: "3 of 5 passed in this chapter"."""
        passed, of = sum(self.done), len(self.done)
        return tr(f"本章 {of} 个练习，通过了 {passed} 个", f"{passed} of {of} passed in this chapter")

    def line(self) -> str:
        """Return the count and the name of what comes next, as one line of plain text."""
        if self.exercise:
            onward = tr(f"。下一个：{self.exercise.name}", f". Next: {self.exercise.name}")
        elif self.ahead:
            title = self.ahead.title
            onward = tr(f"。接着读第 {self.ahead.name} 章：{title.zh}", f". Next chapter: {self.ahead.name} {title.en}")
        else:
            onward = tr("。", ". ") + ALL_DONE
        return f"{self.count + onward}"

    def markup(self) -> str:
        """Return the count and the link to what comes next as HTML, in a card where the chapter is completed."""
        dots = "".join(DONE if done else OPEN for done in self.done)
        count = f'<span aria-hidden="true" style="letter-spacing:.15em">{dots}</span> {escaped(self.count)}'
        if not self.completed:
            return f'<div class="course-way" style="margin-top:.3em">{count} &emsp; {self._link()}</div>'
        picture = f'<div aria-hidden="true" style="flex:0 1 200px;min-width:120px">{card(self.chapter)}</div>'
        title = html(f"第 {self.chapter.key} 章完成", f"Chapter {self.chapter.key} completed")
        text = f"<div><b>{title}</b><br>{escaped(self.chapter.title)}<br>{count}<br>{self._link()}</div>"
        return f'<div class="course-card" data-chapter="{self.chapter.key}" style="{_CARD}">{picture}{text}</div>'

    def _link(self) -> str:
        if self.exercise:
            text = html(f"下一个：{_text(self.exercise, 'zh')} →", f"Next: {_text(self.exercise, 'en')} →")
            return f'<a data-course-exercise="{self.exercise.name}" href="{self.exercise.href}">{text}</a>'
        if self.ahead:
            zh, en = _text(self.ahead, "zh"), _text(self.ahead, "en")
            text = html(f"接着读：{self.ahead.name} {zh} →", f"Go on: {self.ahead.name} {en} →")
            return f'<a data-course-chapter="{self.ahead.name}" href="{self.ahead.href}">{text}</a>'
        return escaped(ALL_DONE)


def onward(exercise_id: str, before: Iterable[str]) -> Way | None:
    """Return the way on from an exercise that is passed now; None for an exercise that no chapter has.

    Args:
        exercise_id: the exercise.
        before: the ids of those that were passed before.
    """
    before = set(before)
    chapter = next((chapter for chapter in CHAPTERS if exercise_id.startswith(f"{chapter.key}.")), None)
    names = [] if chapter is None else [exercise.id for exercise in chapter_exercises(chapter.key)]
    if chapter is None or exercise_id not in names:
        return None
    passed = before | {exercise_id}
    done = tuple(name in passed for name in names)
    if all(done):
        last = exercise_id == names[-1]  # run again as a whole, a chapter ends with its card
        return Way(chapter, done, ahead=_ahead(chapter, passed), completed=last or exercise_id not in before)
    at = names.index(exercise_id)
    following = next(name for name in names[at:] + names[:at] if name not in passed)
    return Way(chapter, done, exercise=_exercise(chapter, following))


def card(chapter: Chapter) -> str:
    """Return the picture of a chapter as SVG without text, 320 by 180, readable on light and dark ground."""
    return _card(chapter.key)


@cache
def _card(key: str) -> str:
    return resources.files(__package__).joinpath("web", "cards", f"{key}.svg").read_text(encoding="utf-8")


def _exercise(chapter: Chapter, name: str) -> Stop:
    task = next((task for task in outline(chapter).exercises if task.id == name), None)
    if task is None:  # its cell is no longer there
        return Stop(name, tr("", ""), quote(_file(chapter)))
    return Stop(name, tr(task.zh, task.en), f"{quote(_file(chapter))}#cell-id={quote(_anchor(chapter, task))}")


def _anchor(chapter: Chapter, task: Task) -> str:
    """Return the id of the prose cell above an exercise, where that begins with a heading, else of its own cell."""
    found = []
    with contextlib.suppress(ChapterError):
        found = cells(notebook_path(chapter))
    pairs = pairwise(found)
    above = next((one for one, cell in pairs if cell.id == task.cell and one.kind == "markdown"), None)
    return above.id if above and above.source.lstrip().startswith("#") else task.cell


def _ahead(chapter: Chapter, passed: set[str]) -> Stop | None:
    """Return the chapter after this one; after the last, the first that has open exercises."""
    after = [*CHAPTERS[chapter.number + 1 :]][:1] or [one for one in CHAPTERS if not _finished(one, passed)][:1]
    return Stop(after[0].key, after[0].title, quote(after[0].file_name)) if after else None


def _finished(chapter: Chapter, passed: set[str]) -> bool:
    return all(exercise.id in passed for exercise in chapter_exercises(chapter.key))


def _file(chapter: Chapter) -> str:
    """Return the name of the notebook that is open, which a learner may have copied: "01_lif_neuron-Copy1.ipynb"."""
    name = Path(os.environ.get(SESSION, "")).name
    return name if name.startswith(chapter.key) and name.endswith(".ipynb") else chapter.file_name


def _text(stop: Stop, lang: str) -> str:
    return escape(say(stop.title, lang)) or f"<code>{stop.name}</code>"
