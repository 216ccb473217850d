"""What is read from the notebooks about the chapters, and what a learner does next."""

import json
import subprocess
import sys

import pytest
from together import each_of

from course_snn.course import outline as outlines
from course_snn.course.chapters import CHAPTERS, FOLDER_VARIABLE, ChapterError
from course_snn.course.exercise import chapter_exercises
from course_snn.course.outline import Outline, headings, next_exercise, outline, standing

PROSE = (
    "# <i>no</i>\n\n"
    '## <span lang="zh">膜 `v`</span><span class="lang-sep"> · </span><span lang="en">The `v`</span>\n\n'
    "```python\n## no heading\n```\n\n### Both\n"
)


def write(folder, name: str, *cells: dict) -> None:
    (folder / name).write_text(json.dumps({"cells": list(cells)}), encoding="utf-8")


@each_of("chapter", CHAPTERS)
def test_every_chapter_is_read_whole(chapter):
    found = outline(chapter)
    assert found.chapter is chapter and found == outline(chapter.key)
    assert [task.id for task in found.exercises] == [exercise.id for exercise in chapter_exercises(chapter.key)]
    assert 10 <= found.minutes <= 120
    assert len(found.sections) > 5 and found.exercises
    rows = [*found.sections, *found.exercises]
    assert all(row.zh and row.en and row.zh != row.en and "<" not in row.zh + row.en for row in rows)
    places = [found.cells.index(row.anchor) for row in found.sections]
    assert places == sorted(places)
    assert {task.cell for task in found.exercises} < set(found.cells)


def test_titles_and_minutes_are_those_of_the_notebook():
    found = outline("03")
    assert found.minutes == 60
    assert ("jeffress", "用延迟听出方向", "Hearing direction by delay") in found.sections
    assert ("03.wire", "ex-03-wire", "练习 4：接线", "Exercise 4: wiring") in found.exercises


def test_headings_know_both_languages_and_code_is_none():
    assert list(headings(PROSE)) == [(1, "no", "no"), (2, "膜 v", "The v"), (3, "Both", "Both")]


def test_a_notebook_that_changes_is_read_again(folder):
    write(folder, "01_lif_neuron.ipynb", {"id": "a", "cell_type": "markdown", "source": ["## One\n", "text"]})
    assert [section.en for section in outline("01").sections] == ["One"]
    check = {"id": "c", "cell_type": "code", "source": "course.check('01.mine', f)\ncourse.check('02.other', f)"}
    write(folder, "01_lif_neuron.ipynb", {"cell_type": "markdown", "source": "## Another"}, check)
    found = outline("01")
    assert found.sections == (("cell-0", "Another", "Another"),)
    assert found.exercises == (("01.mine", "c", "Another", "Another"),)


ODD = ["", "{", "[]", "null", '{"cells": 3}', '{"cells": [1, null, "x"]}', "[" * 100_000, "\x00"]


@each_of("content", ODD)
def test_what_cannot_be_read_is_read_from_the_course(content, folder):
    (folder / "01_lif_neuron.ipynb").write_text(content, encoding="utf-8")
    assert len(outline("01").exercises) == 5


def test_without_any_notebook_there_is_an_empty_outline(folder, monkeypatch):
    monkeypatch.setattr(outlines, "IN_CHECKOUT", folder)
    monkeypatch.setattr(outlines, "IN_PACKAGE", folder)
    assert outline("01") == Outline(CHAPTERS[1]) and standing([]) == ()
    assert next_exercise([]) is None and next_exercise([], "01") is None
    write(folder, "01_lif_neuron.ipynb", {"source": {}, "cell_type": 3}, {"cell_type": "markdown"}, {"id": "x"})
    assert outline("01").cells == ("cell-0", "cell-1", "x")
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder / "nowhere"))
    assert standing([]) == () and next_exercise([]) is None


def test_a_chapter_that_there_is_not():
    with pytest.raises(ChapterError, match="17"):
        outline("17")


def test_the_standing_counts_what_belongs_to_the_course():
    rows = {
        row.chapter.key: row[1:] for row in standing(["01.euler_step", "01.rheobase", "01.gone", "00.count_spikes"])
    }
    assert rows["01"] == (2, 5) and rows["00"] == (1, 1) and rows["02"] == (0, 5)
    assert list(rows) == [chapter.key for chapter in CHAPTERS]


EVERY = [exercise.id for chapter in CHAPTERS for exercise in chapter_exercises(chapter.key)]
NEXT = [
    ([], None, "00.count_spikes"),
    (["01.euler_step"], None, "01.lif_trace"),  # after the last one, though 00 is open
    (["02.centres", "01.euler_step"], None, "01.lif_trace"),  # the last that was passed, not the farthest
    (["01.euler_step", "99.gone"], None, "01.lif_trace"),
    ([EVERY[-1]], None, "00.count_spikes"),  # round
    (EVERY, None, None),
    (["01.euler_step", "02.centres"], "01", "01.lif_trace"),
    (["01.identify"], "01", "01.euler_step"),
    (["01.identify"], CHAPTERS[3], "03.exp_decay"),
    ([name for name in EVERY if name[:2] == "01"], "01", None),
]


@each_of("passed, chapter, name", NEXT)
def test_the_next_exercise(passed, chapter, name):
    found = next_exercise(passed, chapter)
    assert (found and found.id) == name


def test_it_is_light():
    code = (
        "import sys, course_snn.course.outline as o; o.standing([]); print([m for m in ('torch', 'numpy', 'nbformat')"
    )
    done = subprocess.run([sys.executable, "-c", f"{code} if m in sys.modules])"], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
