"""What students get wrong: the likely mistakes of every exercise, and what to ask about the most instructive ones."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from course_snn.course.chapters import CHAPTERS
from course_snn.course.exercise import Exercise, Mistake, chapter_exercises, find
from course_snn.language import Label, html

NOTES = Path(__file__).with_name("pages") / "misconceptions.toml"
Link = Callable[[str], str]


@dataclass(frozen=True)
class Note:
    """What a mistake says about a student.

    Args:
        exercise: its id.
        begins: how the English message of the mistake begins.
        believes: what the student believes.
        ask: what to ask, or what to let the student do.
    """

    exercise: str
    begins: str
    believes: Label
    ask: Label


@cache
def notes() -> tuple[Note, ...]:
    """All notes, in the order of the chapters."""
    rows = tomllib.loads(NOTES.read_text(encoding="utf-8"))["note"]
    return tuple(
        Note(
            row["exercise"],
            row["mistake"],
            Label(row["believes_zh"], row["believes_en"]),
            Label(row["ask_zh"], row["ask_en"]),
        )
        for row in rows
    )


def mistake(note: Note) -> Mistake:
    """The mistake that a note is about.

    Raises:
        ValueError: no message of the exercise begins so, or messages of several kinds do.
    """
    found = {(one.zh, one.en): one for one in find(note.exercise).mistakes if one.en.startswith(note.begins)}
    if len(found) != 1:
        raise ValueError(f"{len(found)} messages of {note.exercise} begin with {note.begins!r}; one is wanted.")
    return next(iter(found.values()))


def instructive(link: Link) -> str:
    """The most instructive mistakes: the message, what the student believes, what to ask."""
    return "".join(
        f'<section class="note" id="note-{number}"><p class="names">{link(note.exercise)}</p>'
        f"<blockquote>{_message(mistake(note))}</blockquote>"
        f"<p>{_said('学生以为', 'The student believes', note.believes)}</p>"
        f"<p>{_said('可以问', 'Ask', note.ask)}</p></section>"
        for number, note in enumerate(notes(), 1)
    )


def whole(chapter: Link, exercise: Link) -> str:
    """The mistakes of all exercises, chapter by chapter, folded."""
    return "".join(
        f'<h3 id="ch{one.key}">{chapter(one.key)}</h3>{"".join(_folded(task, exercise) for task in tasks)}'
        for one in CHAPTERS
        if (tasks := chapter_exercises(one.key))
    )


def messages(exercise: Exercise) -> list[Mistake]:
    """The mistakes of an exercise, each message once."""
    return list({(one.zh, one.en): one for one in exercise.mistakes}.values())


def _folded(exercise: Exercise, link: Link) -> str:
    found = messages(exercise)
    count = html(f"{len(found)} 种", f"{len(found)} kinds")
    items = "".join(f"<li>{_message(one)}</li>" for one in found)
    return (
        f'<details class="mistakes" id="{exercise.id}"><summary><code>{exercise.id}</code> <small>{count}</small>'
        f"</summary><p>{link(exercise.id)}</p><ul>{items}</ul></details>"
    )


def _message(one: Mistake) -> str:
    return f"<p>{html(_code(one.zh), _code(one.en))}</p>"


def _said(zh: str, en: str, text: Label) -> str:
    return html(f"<b>{zh}</b>：{_code(text.zh)}", f"<b>{en}</b>: {_code(text.en)}")


def _code(text: str) -> str:
    """Plain text as HTML, with `code` as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
