"""The chapters in a terminal: how long each takes, how far the learner is in it, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from course_snn.course.chapters import CHAPTERS, Chapter, find
from course_snn.course.finding import command
from course_snn.course.outline import next_exercise, outline, standing
from course_snn.course.tables import Tell
from course_snn.language import Label

BLOCKS, PLAIN = ("█", "·"), ("#", ".")
TOTAL_CELLS = 40  # of the bar over all chapters
InWords = Callable[[str], str]


def chapter_list(passed: Sequence[str], console: Console, tell: Tell, in_words: InWords) -> list[RenderableType]:
    """What `course-snn list` shows: each chapter with its minutes and exercises; those that are being written, too."""
    rows = _rows("#", tell("章节", "Chapter"), tell("时间", "Time"), tell("通过", "Passed"))
    done = {one.chapter: (one.passed, one.of) for one in standing(passed)}
    for chapter in CHAPTERS:
        if chapter in done:
            passed_of = _counted(*done[chapter], console)
            rows.add_row(chapter.key, in_words(chapter.title), _minutes(outline(chapter).minutes, tell), passed_of)
        else:
            rows.add_row(chapter.key, in_words(chapter.title), "", tell("编写中", "being written"), style="dim")
    return [rows, *_total(passed, tell)]


def progress_board(passed: Sequence[str], console: Console, tell: Tell, in_words: InWords) -> list[RenderableType]:
    """What `course-snn progress` shows: a bar for each chapter and one for all, and the exercise to go on with."""
    rows = _rows("#", tell("章节", "Chapter"), tell("通过", "Passed"))
    for one in standing(passed):
        if one.of:
            style = "green" if one.passed == one.of else None
            rows.add_row(one.chapter.key, in_words(one.chapter.title), _counted(*one[1:], console), style=style)
    ready = standing(passed)
    whole = _bar(sum(one.passed for one in ready), sum(one.of for one in ready), console, TOTAL_CELLS)
    return [rows, Text(whole), *_total(passed, tell), _next(passed, tell, in_words)]


def _rows(*heads: str) -> Table:
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, head in enumerate(heads):
        made.add_column(head, overflow="fold", no_wrap=number != 1, justify="left")
    return made


def _counted(passed: int, of: int, console: Console) -> str:
    return f"{_bar(passed, of, console, of)} {passed}/{of}" if of else ""


def _bar(passed: int, of: int, console: Console, cells: int) -> str:
    """A bar that is full when all is passed and not a cell earlier, in characters that the terminal has."""
    full, empty = BLOCKS
    try:
        (full + empty).encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        full, empty = PLAIN
    filled = cells * passed // of if of else 0
    return full * filled + empty * (cells - filled)


def _total(passed: Sequence[str], tell: Tell) -> list[Text]:
    ready = standing(passed)
    done, of = sum(one.passed for one in ready), sum(one.of for one in ready)
    minutes = [(outline(one.chapter).minutes, one.passed < one.of) for one in ready]
    whole, left = _hours(sum(each for each, _ in minutes)), _hours(sum(each for each, is_open in minutes if is_open))
    complete = f"{sum(0 < one.of == one.passed for one in ready)}/{len(ready)}"
    zh = f"练习通过 {done}/{of}，章节完成 {complete}，还剩约 {left} 小时（全部约 {whole} 小时）"
    en = f"{done}/{of} exercises passed, {complete} chapters complete, about {left} of {whole} hours left"
    return [Text(line, style="bold") for line in tell(zh, en).split(" · ")]


def _minutes(minutes: int, tell: Tell) -> str:
    """How long to read; where both languages are wished for, the number is said once."""
    return tell(f"约 {minutes} 分钟", f"{minutes} min").replace(f"约 {minutes} 分钟 · ", "约 ")


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _next(passed: Sequence[str], tell: Tell, in_words: InWords) -> Text:
    task = next_exercise(passed)
    if task is None:
        return Text(tell("练习全部通过", "Every exercise is passed"), style="bold green")
    chapter: Chapter = find(task.id[:2])
    what = command(f"lab {chapter.number}")
    title = in_words(Label(task.zh, task.en))
    return Text(f"{tell('接下来', 'Next')}  {task.id}  {title}\n→ {what}", style="bold")
