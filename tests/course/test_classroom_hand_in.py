"""What a hand-in answers, and what is made of outcomes that anybody may have written; no sandbox is needed."""

import json

import hand_ins
import pytest
from hand_ins import COUNT, HEAD, cell, code, made, solved, write
from together import each_of

from course_snn import language
from course_snn.course import judge
from course_snn.course.chapters import ready_chapters
from course_snn.course.classroom import deciding, marks
from course_snn.course.classroom.hand_in import read
from course_snn.course.classroom.hidden import tested as graded_on
from course_snn.course.classroom.sandbox import Tried
from course_snn.course.classroom.tolerant import LONGEST_CELL, Unreadable, notebook, parse
from course_snn.course.exercise import chapter_exercises, find

NOBODY = {"seed": "", "student": ""}


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def source(tmp_path, content: dict, exercise: str = COUNT):
    write([made("00_one", content)], tmp_path)
    return read(tmp_path / "00_one.ipynb").answers[exercise]


@each_of(
    ("name", "how"),
    [("00_untouched", "in place"), ("00_moved", "moved"), ("00_other_kernel", "by tag"), ("00_twice", "in place")],
)
def test_an_answer_is_found(tmp_path, name, how):
    write([one for one in (*hand_ins.ordinary(), *hand_ins.mangled()) if one.name == f"{name}.ipynb"], tmp_path)
    assert read(tmp_path / f"{name}.ipynb").answers[COUNT].how == how


def test_an_answer_without_a_check_is_found_by_its_name(tmp_path):
    content = solved("00")
    content["cells"].remove(code(content, COUNT))
    content["cells"].append(cell(HEAD + "    return sum(train)"))
    content["metadata"]["course"] = {"assignment": {"chapters": ["00"]}}
    found = source(tmp_path, content)
    assert (found.how, found.answer) == ("by name", "count_spikes")


def test_a_solved_chapter_has_no_flags(tmp_path):
    keys = [chapter.key for chapter in ready_chapters()]
    for key in keys:
        (tmp_path / f"{key}.ipynb").write_text(json.dumps(solved(key)), encoding="utf-8")
    read_ = {key: read(tmp_path / f"{key}.ipynb") for key in keys}
    assert not {key: [flag.en for flag in found.flags] for key, found in read_.items() if found.flags}
    assert {source.how for found in read_.values() for source in found.answers.values()} == {"in place"}
    assert [name for found in read_.values() for name in found.answers] == [
        exercise.id for key in keys for exercise in chapter_exercises(key)
    ]


def test_only_what_an_answer_needs_comes_with_it_and_keeps_its_line(tmp_path):
    content = solved("00", count_spikes=HEAD + "    return total(train)")
    content["cells"].insert(1, cell("import os\nos._exit(0)\nLIMIT = {}\nLIMIT['most'] = 9\nother = 1"))
    content["cells"].insert(
        2, cell("@abs.__class__.__call__\ndef total(values):\n    return sum(values[:LIMIT['most']])")
    )
    needs = source(tmp_path, content).needs
    assert [text for _, text in needs if "course_snn" not in text] == [
        "\n\nLIMIT = {}\nLIMIT['most'] = 9\n",
        "@abs.__class__.__call__\ndef total(values):\n    return sum(values[:LIMIT['most']])",
    ]


def test_what_reaches_beyond_is_flagged(tmp_path):
    cheat = "from course_snn.course.exercises.ch00.count_spikes import count_spikes"
    write([made("00_cheat", solved("00", count_spikes=cheat)), made("00_right", solved("00"))], tmp_path)
    flags = [flag.en for flag in read(tmp_path / "00_cheat.ipynb").flags]
    assert any("look at course_snn.course.exercises.ch00.count_spikes.count_spikes" in flag for flag in flags)
    assert not read(tmp_path / "00_right.ipynb").flags


@each_of(
    "content", [b"", b"{", b"[]", b'{"cells": []}', b'{"cells": 3}', b"\xff\xfe\x00", b"[" * 100_000, b"PK\x03\x04"]
)
def test_what_is_no_notebook_is_unreadable(content):
    with pytest.raises(Unreadable):
        notebook(content)


@each_of("text", ["x = (", "-" * 100_000 + "1", "(" * 1000 + ")" * 1000, "x" * (LONGEST_CELL + 1), "\0", "a\u2028b ="])
def test_code_that_python_cannot_read_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"Error|characters"):
        parse(text)


def decided(*messages: object, why: str = "ended") -> marks.Mark:
    lines = tuple(message if isinstance(message, str) else json.dumps(message) for message in messages)
    return deciding.decide(COUNT, "s", NOBODY, Tried(lines, why))[0]


def tries(value: object, number: int | None = None) -> dict:
    one = {"timed_out": False, "seconds": 0.0, "printed": "", "value": value, "changed": []}
    count = len(graded_on(COUNT, "s").cases) if number is None else number
    return {"outcomes": {"exercise": COUNT, "tries": [one] * count}}


def test_outcomes_of_the_solution_pass():
    outcomes = {"outcomes": judge.attempt(graded_on(COUNT, "s"), find(COUNT).solution)}
    assert decided({"defined": True}, {"case": True}, outcomes).state == "passed"
    assert decided(outcomes, outcomes).state == "wrong"  # twice
    assert decided(outcomes, why="timeout").state == "timeout"
    assert decided(outcomes, why="lost").state == "killed"


@each_of(
    "message",
    [
        tries(0),
        tries(3, number=5),  # the visible cases only
        tries(3, number=60),
        {"outcomes": {"exercise": "01.euler_step", "tries": []}},
        {"outcomes": {"state": "passed", "passed": True}},
        {"passed": True},
        tries({"array": "AAAA", "dtype": "O", "shape": [1]}),
        tries({"tensor": "AAAA", "dtype": "<f8", "shape": [10**9]}),
        tries({"no such": 1}),
        {"broken": 3},
        {"broken": {"types": [], "text": None}},
        [1],
        "not JSON",
        "[" * 100_000,
        "9" * 10_000,
    ],
)
def test_whatever_is_forged_does_not_pass(message):
    assert decided(message).state == "wrong"


@each_of("why", ["ended", "memory", "processes", "disk", "output", "lost"])
def test_nothing_said_is_killed(why):
    mark = decided(why=why)
    assert mark.state == "killed" and mark.reason_zh and mark.reason_en


def test_hidden_cases_are_the_same_for_the_same_seed_and_follow_the_visible_ones():
    one, other = graded_on(COUNT, "s"), graded_on(COUNT, "t")
    visible = find(COUNT).cases
    assert one.cases[: len(visible)] == visible and len(one.cases) > len(visible)
    assert one.cases != other.cases
    graded_on.cache_clear()
    assert graded_on(COUNT, "s").cases == one.cases
    own = graded_on(COUNT, "s", "e", "1").cases
    assert (
        own != graded_on(COUNT, "s", "e", "2").cases
        and own[-len(one.cases) + len(visible) :] == one.cases[len(visible) :]
    )


def test_cells_that_a_spreadsheet_would_run_are_texts():
    text = marks.as_csv([["=1+1", "+1", "-1", "@a", "\tx", "\rx", "张", "a,b"]])
    assert text == "\ufeff'=1+1,'+1,'-1,'@a,'\tx,\"'\rx\",张,\"a,b\"\r\n"


def test_gradescope_takes_one_hand_in(tmp_path):
    row = marks.Row("a.ipynb", "", {COUNT: marks.Mark("passed"), "01.rheobase": marks.Mark("wrong", "错", "why")})
    marks.write_gradescope(marks.Grades((), (row,), "s"), tmp_path / "results.json")
    told = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert told["score"] == 1.0
    assert [(test["score"], test["output"]) for test in told["tests"]] == [(1.0, "passed: "), (0.0, "wrong: why")]
    with pytest.raises(ValueError, match="one hand-in at a time"):
        marks.write_gradescope(marks.Grades((), (row, row), "s"), tmp_path / "results.json")


def test_grades_are_kept_and_read_again(tmp_path):
    row = marks.Row("张.ipynb", "1 张", {COUNT: marks.Mark("wrong", "错", "why", True)}, (language.tr("看", "look"),))
    grades = marks.Grades((COUNT,), (row,), "s", {"张.ipynb": "digest"})
    marks.save(grades, tmp_path)
    assert marks.load(tmp_path) == grades
    (tmp_path / marks.KEPT).write_text("{}", encoding="utf-8")
    assert marks.load(tmp_path) is None
