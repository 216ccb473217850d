"""A class that is graded, made without a sandbox: marks as `grade` keeps them, owners as `collect` writes them down."""

from __future__ import annotations

import random
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course_snn import language
from course_snn.course.chapters import find
from course_snn.course.classroom import marks, place, report
from course_snn.course.classroom.collect import RECORD
from course_snn.course.classroom.marks import Grades, Mark, Row
from course_snn.course.exercise import chapter_exercises
from course_snn.language import Label

CHAPTERS = ("01", "05", "08")
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴", ("伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "洋")
PASS, WRONG = Mark("passed", "通过。", "Passed."), Mark("wrong", "差一步", "one step late", True)
EVIL = "<img src=x onerror=\"window.hit=1\">=cmd|' /C calc'!A0"
ODD = ("=1+1", "مريم العلي", "小明🎉", "a\nb", EVIL, "Ana\u202eevil", "-5", "O'Brien & Söhne")
STOPS = ("error", "timeout", "killed", "unfinished", "missing")


def exercises() -> list[str]:
    return [exercise.id for key in CHAPTERS for exercise in chapter_exercises(key)]


def students(count: int = 30) -> list[tuple[str, str]]:
    """Numbers and names; the last ones have names that bite."""
    names = [FAMILY[k % 10] + GIVEN[k * 7 % 10] for k in range(count - len(ODD))] + [*ODD]
    return [(f"20230{number:03d}", name) for number, name in enumerate(names[-count:], 1)]


def mark(draw: random.Random, exercise: str, ability: float, difficulty: float) -> Mark:
    """A mark as one of this ability gets: what is wrong has a name half of the time."""
    if draw.random() < 1 / (1 + 2.718 ** (3 * (difficulty - ability))):
        return Mark("passed", "通过。", "Passed.")
    if draw.random() < 0.35:
        state = draw.choice(STOPS)
        return Mark(state, f"{state}：<b>看</b> `x`", f"{state}: <script>window.hit=1</script> `x`")
    if draw.random() < 0.7:
        mistakes = next(one for one in chapter_exercises(exercise[:2]) if one.id == exercise).mistakes
        mistake = mistakes[min(int(draw.expovariate(1.2)), len(mistakes) - 1)]
        return Mark("wrong", mistake.zh, mistake.en, True)
    return Mark("wrong", "第 1 个数：应为 0.5，得到 0.25", "number 1: expected 0.5, got 0.25")


def made(count: int = 30, seed: int = 1) -> Grades:
    """The marks of a class: stronger and weaker students, some chapters not handed in, a file that cannot be read."""
    draw, names, rows = random.Random(seed), exercises(), []
    hard = {name: draw.uniform(-1, 1) for name in names}
    for place_, (number, name) in enumerate(students(count)):
        ability = draw.gauss(0.4, 1)
        for key in CHAPTERS[: 2 if place_ % 9 == 4 else 3]:
            own = {one: mark(draw, one, ability, hard[one]) for one in names if one[:2] == key}
            flags = (Label(f"{key}：看一看 eval <i>", f"{key}: look at eval <i>"),) if place_ % 11 == 3 else ()
            rows.append(Row(file(number, key), f"{number} {name}", own, flags))
    cut = Mark("unreadable", "不是完整的笔记文件", "not a whole notebook")
    rows.append(Row("strangers/旧的.ipynb", "", dict.fromkeys(names, cut), (Label("不是完整的笔记文件", "cut off"),)))
    return Grades(tuple(names), tuple(rows), "s", {})


def file(number: str, key: str) -> str:
    return f"{number}/{find(key).file_name}"


def write(folder: Path, count: int = 30, absent: bool = True) -> Grades:
    """Put a class into a folder, as `collect` and `grade` leave it; one student has handed in nothing."""
    grades, entries = made(count), []
    for number, name in students(count):
        known = {"state": "handed in", "key": number, "id": number, "name": name, "group": "一班"}
        entries += [known | {"chapter": key, "source": "", "file": file(number, key), "time": 0.0} for key in CHAPTERS]
    gone = {"state": "missing", "key": "20230999", "id": "20230999", "name": "没来", "group": "一班", "chapter": "01"}
    nothing = [gone | {"source": "", "file": "", "time": 0.0}] if absent else []
    place.note(folder, RECORD, {"entries": entries, "missing": nothing})
    marks.save(grades, folder)
    return grades


def kept(folder: Path, *rows: Row, names: tuple[str, ...] = ("01.euler_step", "01.rheobase")) -> report.Report:
    """The report on these rows, in a folder that nobody collected."""
    marks.save(Grades(names, rows, "s"), folder)
    return report.read(folder)


def person(found: report.Report, text: str) -> report.Person:
    """The student whose number or name holds the text."""
    return next(one for one in found.people if text in one.called)


class Page(HTMLParser):
    """What a browser would make of a page: tags and their attributes, and the text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.text, self._quiet = [], [], "", 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self._quiet += tag in ("script", "style")

    def handle_endtag(self, tag):
        self._quiet -= tag in ("script", "style")

    def handle_data(self, data):
        self.text += "" if self._quiet else data


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Reads English; autouse in the modules that take it over."""
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A class of thirty with three chapters."""
    folder = tmp_path_factory.mktemp("班级")
    write(folder)
    return folder


@pytest.fixture(scope="module")
def found(folder):
    """What its marks say."""
    return report.read(folder)
