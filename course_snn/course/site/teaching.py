"""What the teachers' pages take from the course itself: plans, the graph, aims, running times, the exercises' mistakes.

A page asks for a part by a comment on a line of its own, ``<!-- course: plan 8 -->``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from course_snn.course import outline
from course_snn.course.chapters import CHAPTERS, find
from course_snn.course.exercise import chapter_exercises
from course_snn.course.site import graph, misconceptions, plans
from course_snn.course.site.markdown import markdown
from course_snn.course.site.needs import Need, needs
from course_snn.language import Label, escaped, html, html_table

_ASKED = re.compile(r"<!-- course: (\w+) ?(\w*) -->")
SYNTHETIC = {"13", "14"}  # the chapters whose recordings are drawn on the spot


def filled(source: str, pages: frozenset[str], folder: Path) -> str:
    """The HTML of a page with the parts that it asks for.

    Args:
        source: the page.
        pages: the names of the site's pages, to link to.
        folder: of the chapters.

    Raises:
        KeyError: it asks for a part that there is not.
    """
    parts = _Parts(pages, folder)
    return _ASKED.sub(lambda found: parts.made[found[1]](found[2]), source)


class _Parts:
    def __init__(self, pages: frozenset[str], folder: Path) -> None:
        self.pages, self.folder = pages, folder
        self.made: Mapping[str, Callable[[str], str]] = {
            "plan": self.plan,
            "graph": self.graph,
            "aims": self.aims,
            "machine": self.machine,
            "varied": self.varied,
            "misconceptions": lambda _: misconceptions.whole(self.chapter, self.exercise),
            "instructive": lambda _: misconceptions.instructive(self.exercise),
        }

    @property
    def needs(self) -> Mapping[str, Need]:
        return needs(self.folder)

    def chapter(self, key: str, named: bool = True) -> str:
        """A chapter as a link, if the site has its page."""
        chapter = find(key)
        text = f"<b>{key}</b>" + (f" {escaped(Label(chapter.title_zh, chapter.title_en))}" if named else "")
        page = f"{chapter.slug}.html"
        return f'<a href="{page}">{text}</a>' if page in self.pages else text

    def exercise(self, name: str) -> str:
        """An exercise as a link to its cell."""
        chapter, code = find(name[:2]), f"<code>{name}</code>"
        page = f"{chapter.slug}.html"
        cell = next((one.cell for one in outline.outline(chapter, self.folder).exercises if one.id == name), None)
        return f'<a href="{page}#{cell}">{code}</a>' if page in self.pages and cell else code

    def plan(self, weeks: str) -> str:
        """The plan of so many weeks as a table, with its sums."""
        rows, sums = [], [0, 0, 0]
        for number, week in enumerate(plans.PLANS[int(weeks)], 1):
            minutes = sum(self.needs[key].minutes for key in week.chapters)
            lab = [name for key in week.chapters for name in plans.in_lab(key)]
            home = [name for key in week.chapters for name in plans.at_home(key)]
            sums = [a + b for a, b in zip(sums, (minutes, len(lab), len(home)), strict=True)]
            tasks = [f"<p>{_both(plans.LAB_TASKS[key])}</p>" for key in week.chapters]
            note = [f'<p class="aside">{_both(week.note)}</p>'] if week.note else []
            rows.append(
                (
                    f"{number}",
                    "".join([f"<p>{self.chapter(key)}</p>" for key in week.chapters] + note),
                    f"{minutes}" if minutes else "",
                    f"{plans.SESSION - minutes}",
                    "".join(tasks) + self._exercises(lab),
                    self._exercises(home),
                )
            )
        total = ("", html("合计", "In all"), *(f"{n}" for n in (sums[0], plans.SESSION * int(weeks) - sums[0])))
        rows.append((*total, _exercises(sums[1]), _exercises(sums[2])))
        return f'<div class="scroll"><div class="plan">{html_table(rows, _PLAN_HEADS)}</div></div>'

    def _exercises(self, names: list[str]) -> str:
        return f'<p class="names">{" ".join(self.exercise(name) for name in names)}</p>' if names else ""

    def graph(self, _: str) -> str:
        needed = {key: need.chapters for key, need in self.needs.items()}
        return f'<div class="graph">{graph.picture(needed, plans.FAST, self.pages)}</div>'

    def aims(self, _: str) -> str:
        """The aims and the prerequisites of every chapter, folded."""
        parts = []
        for key, need in self.needs.items():
            chapter = find(key)
            items = {lang: "\n".join(f"- {getattr(aim, lang)}" for aim in need.aims) for lang in ("zh", "en")}
            lists = "".join(f'<div lang="{lang}">{markdown(text)}</div>' for lang, text in items.items() if text)
            known = html(f"需要先会：{need.known.zh}", f"You should know: {need.known.en}")
            title = escaped(Label(chapter.title_zh, chapter.title_en))
            minutes = html(f"{need.minutes} 分钟", f"{need.minutes} min")
            parts.append(
                f"<details><summary><b>{key}</b> {title} <small>{minutes}</small></summary>"
                f"<p>{known}</p>{lists}</details>"
            )
        return f'<div class="aims">{"".join(parts)}</div>'

    def machine(self, _: str) -> str:
        """How long each chapter runs, and which data it asks for."""
        rows = [
            (self.chapter(key), html(need.running.zh, need.running.en), self._data(key, need))
            for key, need in self.needs.items()
        ]
        return f'<div class="scroll" id="machine">{html_table(rows, _MACHINE_HEADS)}</div>'

    def varied(self, _: str) -> str:
        """The exercises that have cases of each student's own; nothing if none has."""
        names = [one.id for chapter in CHAPTERS for one in chapter_exercises(chapter.key) if one.vary]
        head = html("<b>能变的练习</b>", "<b>Exercises that vary</b>")
        return f"<p>{head}</p>{self._exercises(names)}" if names else ""

    def _data(self, key: str, need: Need) -> str:
        if key in SYNTHETIC:
            return html("当场合成", "made on the spot")
        return ", ".join(need.sets) or html("不需要", "none")


_PLAN_HEADS = [
    html("周", "Week"),
    html("章", "Chapters"),
    html("课内分钟", "Minutes in class"),
    html("余下", "Left over"),
    html("上机", "Lab hour"),
    html("作业", "Homework"),
]
_MACHINE_HEADS = [
    html("章", "Chapter"),
    html("运行（两核 CPU）", "Running (two CPU cores)"),
    html("数据", "Data"),
]


def _both(text: Label) -> str:
    return html(text.zh, text.en)


def _exercises(count: int) -> str:
    return html(f"{count} 题", f"{count} exercises")
