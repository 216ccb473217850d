"""What each student gets back: a page with the state of each exercise, why, and what to do next.

It holds no solution, nothing about other students, and none of the flags that are for the teacher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from course_snn.course import outline
from course_snn.course.chapters import Chapter, ChapterError
from course_snn.course.classroom import marks, place, states
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marks import Mark
from course_snn.course.classroom.names import free, safe
from course_snn.course.classroom.parts import BY_KEY, framed, name
from course_snn.course.classroom.report import Person, Report, line
from course_snn.course.files import write_text
from course_snn.language import Label, escaped, html, tr

RECORD = "feedback"
_GROUPS = {state: group.name for group in states.GROUPS for state in group.states}


def write(
    report: Report,
    out: Path,
    *,
    lang: str = "",
    brief: bool = False,
    site: str = "",
    on_student: Callable[[], None] = lambda: None,
) -> list[Path]:
    """Write a page for each student who handed something in; pages of an earlier run that are no more are removed.

    Args:
        report: what the marks say.
        out: a new or empty folder, or one of an earlier run.
        lang: in which language a page opens, "zh", "en" or "both"; "" to follow the reader's browser.
        brief: if True, states only, without reasons.
        site: where the course's web site is, to link to; "" for no links.
        on_student: called after each student.

    Returns:
        The files, in the order of the students.

    Raises:
        ClassroomError: the folder is not ours, or cannot be written; the site is no address.
    """
    if site and not site.startswith(("https://", "http://")):
        raise ClassroomError(
            tr(f"{site} 不是网址；要以 https:// 开头", f"{site} is no web address; it begins with https://")
        )
    out = place.resolved(out)
    earlier = (place.opened(out, RECORD) or {}).get("files", [])
    made = dict(_pages(report, lang, brief, f"{site.rstrip('/')}/" if site else "", on_student))
    try:
        place.note(out, RECORD, {"files": sorted({*earlier, *made})})  # before: what is written is known to be ours
        for file, text in made.items():
            write_text(out / file, text)
        for file in {*map(str, earlier)} - {*made}:
            if file == Path(file).name:
                (out / file).unlink(missing_ok=True)
        place.note(out, RECORD, {"files": sorted(made)})
    except OSError as error:
        raise place.cannot_write(out, error) from error
    return [out / file for file in made]


def page(person: Person, lang: str = "", brief: bool = False, site: str = "", exam: bool = False) -> str:
    """Return the page of a student as HTML.

    Args:
        person: the student.
        lang: in which language it opens; "" to follow the reader's browser.
        brief: if True, states only, without reasons.
        site: where the course's web site is, ending in "/"; "" for no links.
        exam: whether it was an exam, whose notebooks give no hints.
    """
    count, of = person.passed, len(person.marks)
    body = [
        f"<h1>{html('作业反馈', 'Your feedback')}</h1>",
        f'<p class="facts"><span>{name(person.called)}</span>'
        f"<span>{html(f'通过 {count}/{of}', f'{count} of {of} passed')}</span></p>",
    ]
    for key in dict.fromkeys(exercise[:2] for exercise in person.marks):
        own = {exercise: mark for exercise, mark in person.marks.items() if exercise[:2] == key}
        body.append(_chapter(key, own, brief, site, exam))
    end = html(
        "要重做，就在你自己的笔记里改，运行那一格，通过了再交。",
        "To try again, change your own notebook and run the cell; hand it in when it passes.",
    )
    if exam:
        end = html(
            "考试的笔记里没有提示。要再练一遍，用这一章平时的笔记。",
            "Notebooks of an exam give no hints. To practise, use the chapter's ordinary notebook.",
        )
    called = line(person.called)
    whole = "".join(body) + f'<p class="how">{end}</p>'
    return framed(f"作业反馈：{called} · Feedback: {called}", whole, lang, kind="feedback")


def _pages(
    report: Report, lang: str, brief: bool, site: str, on_student: Callable[[], None]
) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for person in report.people:
        if person.files:
            stem = "_".join(filter(None, (person.student.id, person.student.name)))
            stem = stem if person.known else stem.removesuffix(".ipynb")
            yield free(safe(stem), taken, ".html"), page(person, lang, brief, site, report.exam)
            on_student()


def _chapter(key: str, own: dict[str, Mark], brief: bool, site: str, exam: bool) -> str:
    chapter = BY_KEY.get(key)
    title = escaped(Label(chapter.title_zh, chapter.title_en)) if chapter else ""
    head = f"<h2>{escape(key)} {title}</h2>"
    found = {mark.state for mark in own.values()}
    if found in ({states.ABSENT}, {marks.UNREADABLE}):  # of the whole chapter: said once
        return f'{head}<section class="answer"><p>{escaped(states.ADVICE[found.pop()])}</p></section>'
    tasks = _tasks(chapter)
    return head + "".join(
        _answer(exercise, mark, tasks.get(exercise), chapter, brief, site, exam) for exercise, mark in own.items()
    )


def _answer(
    exercise: str, mark: Mark, task: outline.Task | None, chapter: Chapter | None, brief: bool, site: str, exam: bool
) -> str:
    group = _GROUPS.get(mark.state, "absent")
    word = escaped(states.WORDS.get(mark.state, Label("?", "?")))
    title = html(escape(task.zh), escape(task.en)) if task else ""
    head = f'<h3>{title} <code>{escape(line(exercise))}</code> <span class="badge s-{group}">{word}</span></h3>'
    if mark.state == marks.PASSED:
        return f'<section class="answer passed">{head}</section>'
    parts = [head]
    if not brief and (mark.reason_zh or mark.reason_en):
        parts.append(f'<p class="reason">{html(escape(mark.reason_zh), escape(mark.reason_en))}</p>')
    advice = states.ADVICE.get(mark.state)
    if mark.state == marks.WRONG and mark.named and not brief:
        advice = states.NAMED_ADVICE
    elif mark.state == marks.WRONG and exam:
        advice = states.EXAM_ADVICE
    if advice:
        parts.append(f"<p>{html(f'<b>接下来：</b>{advice.zh}', f'<b>Next:</b> {advice.en}')}</p>")
    parts.append(_where(task, chapter, site))
    return f'<section class="answer">{"".join(parts)}</section>'


def _where(task: outline.Task | None, chapter: Chapter | None, site: str) -> str:
    """In which notebook the exercise stands; a link to its cell where there is a site."""
    if chapter is None:
        return ""
    told = html(f"在 {chapter.file_name}", f"In {chapter.file_name}")
    if site:
        cell = f"#{escape(task.cell)}" if task else ""
        told = f'<a href="{escape(site)}{chapter.slug}.html{cell}">{told}</a>'
    return f'<p class="how">{told}</p>'


def _tasks(chapter: Chapter | None) -> dict[str, outline.Task]:
    """The exercises of a chapter where they stand; none where its notebook is not there."""
    if chapter is None:
        return {}
    try:
        return {task.id: task for task in outline.outline(chapter).exercises}
    except ChapterError:
        return {}
