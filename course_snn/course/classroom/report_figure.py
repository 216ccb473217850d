"""The main picture of a report, to be shown to the class: the states of each exercise, and what is got wrong.

No student is named in it.
"""

from __future__ import annotations

import re
import unicodedata

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_snn import figure
from course_snn.course.classroom import states
from course_snn.course.classroom.parts import counted
from course_snn.course.classroom.report import Belief, Report
from course_snn.language import Label, tr

# Colour, pattern and colour of the number, by group; the lightness of neighbours differs.
LOOK = {
    "passed": (figure.BLUE, "", "white"),
    "wrong": (figure.GOLD, "", "black"),
    "stopped": (figure.ORANGE, "///", "black"),
    "unfinished": ("#CFE6F3", "..", "black"),
    "absent": ("white", "", figure.GREY),
}
ROW = 0.27  # inches for an exercise
WIDTH = 11.0  # inches
COLUMNS, LINES = 84, 2  # of a mistake's text; a Chinese character takes two columns
PER_MISTAKE = 0.62  # inches
_WORDS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+\s*|\s+")


def picture(report: Report, lang: str) -> bytes:
    """Return the picture as a PNG in "zh" or "en", the same for the same marks."""
    with mpl.rc_context():
        figure.use_style()
        return figure.png(draw(report), lang)


def draw(report: Report) -> Figure:
    """Draw the states of every exercise as bars, and beside them the most frequent mistakes."""
    height = max(3.2, ROW * len(report.exercises) + 1.3)
    beliefs = report.beliefs()[: max(1, int((height - 0.7) / PER_MISTAKE))]
    fig = Figure(figsize=(WIDTH, height), layout="constrained")
    left, right = fig.subplots(1, 2, width_ratios=(1, 1))
    _states(left, report)
    _mistakes(right, beliefs, height)
    return fig


def _states(ax: Axes, report: Report) -> None:
    rows, starts = range(len(report.exercises)), [0] * len(report.exercises)
    for group in states.GROUPS:
        colour, hatch, ink = LOOK[group.name]
        found = [sum(report.counts(name)[state] for state in group.states) for name in report.exercises]
        if not any(found):
            continue
        ax.barh(rows, found, left=starts, height=0.74, color=colour, hatch=hatch, edgecolor=figure.INK,
                linewidth=0.4, label=group.title)  # fmt: skip
        for row, (count, start) in enumerate(zip(found, starts, strict=True)):
            if count >= 0.06 * len(report.people):
                box = {"facecolor": colour, "edgecolor": "none", "pad": 0.8} if hatch else None
                ax.text(start + count / 2, row, f"{count}", ha="center", va="center", color=ink, fontsize=7.5, bbox=box)
        starts = [start + count for start, count in zip(starts, found, strict=True)]
    ax.set_yticks(rows, [drawable(name) for name in report.exercises], parse_math=False)
    ax.set_ylim(len(report.exercises) - 0.4, -0.6)
    ax.set_xlim(0, 1.003 * max(1, len(report.people)))  # the last edge is seen whole
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel(tr("学生人数", "students"))
    ax.set_title(tr("各题做得怎样", "How each exercise went"), pad=24)
    ax.tick_params(left=False)
    ax.spines["left"].set_visible(False)
    if ax.patches:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=5, borderaxespad=0.2, columnspacing=1.1,
                  handlelength=1.4, handletextpad=0.5)  # fmt: skip


def _mistakes(ax: Axes, beliefs: list[Belief], height: float) -> None:
    ax.set_title(tr("常见的错误", "What the class gets wrong"), pad=24)
    ax.set_ylim(max(2.0, (height - 0.9) / PER_MISTAKE), 0)
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    if not beliefs:
        ax.text(0, 0.3, tr("没有认得出的错误", "no mistake was recognised"), va="center", color=figure.GREY)
    most = max((len(one.people) for one in beliefs), default=1)
    for row, one in enumerate(beliefs):
        count = len(one.people)
        ax.barh(row + 0.24, 0.5 * count / most, height=0.3, color=figure.ORANGE, edgecolor=figure.INK, linewidth=0.4)
        where, students = drawable(one.exercise), counted(count, "student")
        ax.text(0.5 * count / most + 0.012, row + 0.24, Label(f"{count} 人  {where}", f"{students}  {where}"),
                va="center", fontsize=8.5, parse_math=False)  # fmt: skip
        text = Label(wrapped(drawable(one.reason.zh)), wrapped(drawable(one.reason.en)))
        ax.text(0, row + 0.43, text, va="top", fontsize=8, linespacing=1.15, parse_math=False)


def drawable(text: str) -> str:
    """Return the text with a box for every character that no font here can draw: learners may have written it."""
    kept = ("" if unicodedata.category(one)[0] == "C" and not one.isspace() else one for one in text)
    return "".join(one if one.isspace() or figure.can_draw(one) else "□" for one in kept)


def wrapped(text: str, columns: int = COLUMNS, lines: int = LINES) -> str:
    """Return the text in at most so many lines of so many columns; what does not fit is left out, and "…" says so."""
    found, width = [""], 0
    for word in _WORDS.findall(" ".join(text.split())):
        for part in _broken(word, columns):
            if width + _width(part.rstrip()) > columns:
                if len(found) == lines:
                    return "\n".join([*found[:-1], found[-1].rstrip()[: columns - 1] + "…"])
                found[-1], width = found[-1].rstrip(), 0
                found.append("")
            found[-1] += part
            width += _width(part)
    return "\n".join(found)


def _broken(word: str, columns: int) -> list[str]:
    return [word[start : start + columns] for start in range(0, len(word), columns)]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
