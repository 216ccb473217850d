"""What a learner calls in a cell."""

from dataclasses import replace

import pytest
from toy import DOUBLE

from course_snn.course import lesson, progress, require
from course_snn.course.exercise import find
from course_snn.course.lesson import WrongAnswer, check, hint


def test_check_takes_the_function_and_not_its_result(capsys):
    check("01.rheobase", 0.1)
    assert "rheobase" in capsys.readouterr().out


def test_unknown_exercise_lists_the_known():
    with pytest.raises(KeyError, match=r"01\.euler_step"):
        check("01.nothing", len)


def test_passing_is_kept_and_hints_come_one_by_one(capsys):
    rheobase = find("01.rheobase")
    check("01.rheobase", rheobase.solution)
    assert progress.load()["passed"] == ["01.rheobase"]
    for expected in [*(en for _, en in rheobase.hints), "def rheobase"]:
        capsys.readouterr()
        hint("01.rheobase")
        out = capsys.readouterr().out
        assert expected in out or any(zh in out for zh, en in rheobase.hints if en == expected)


def test_require_is_silent_when_right_and_raises_when_wrong(capsys):
    require("01.rheobase", find("01.rheobase").solution)
    assert progress.load()["passed"] == [] and capsys.readouterr().out == ""
    for answer in (lambda r, v_threshold, v_reset: v_threshold / r, lambda *a: ..., lambda: 1, 0.1):
        with pytest.raises(WrongAnswer, match=r"01\.rheobase"):
            require("01.rheobase", answer)


def test_a_fault_of_the_course_is_shown_as_such_and_not_noted(monkeypatch, capsys):
    broken = replace(DOUBLE, solution=lambda x: 1 / 0)
    monkeypatch.setattr(lesson, "find", lambda name: broken)
    check("99.double", lambda x: x)
    assert "99.double" in capsys.readouterr().out and progress.load()["passed"] == []
