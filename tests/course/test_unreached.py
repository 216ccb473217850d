"""A check that was indented into the function is told, and nothing else is."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course_snn import course, language
from course_snn.course import unreached

INSIDE = 'def euler_step(v, i, r, tau, dt):\n    return v\n\n    course.check("01.euler_step", euler_step)'
BESIDE = INSIDE.replace("\n\n    course", "\n\ncourse")


@pytest.fixture
def run(monkeypatch, capsys):
    """What a cell says, in a shell of its own."""
    monkeypatch.setattr(language, "_chosen", "en")
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    unreached.watch(shell)
    unreached.watch(shell)  # a chapter's first cell is run again
    shell.push({"course": course})

    def said(code: str) -> str:
        shell.run_cell(code)
        return capsys.readouterr().out

    return said


def test_a_check_inside_the_function_is_told_once(run):
    said = run(INSIDE)
    assert said.count("is indented into `euler_step`") == 1 and "line 4" in said


@pytest.mark.parametrize(
    "code",
    [
        BESIDE,
        "x = 1",
        "def go():\n    course.check('01.euler_step', lambda *_: 0)\n\ngo()",
        "def broken(:\n    course.check('01.euler_step', 1)",
        "1 / 0\ndef f():\n    course.check('01.euler_step', f)",
        "if True:\n    course.check('01.euler_step', lambda *_: 0)",
    ],
    ids=["beside", "nothing", "called", "syntax", "error", "branch"],
)
def test_nothing_else_is(run, code):
    assert "indented into" not in run(code)


def test_it_is_found_however_deep():
    deep = "class A:\n    def g(self):\n        for _ in ():\n            course.check(1)"
    assert "`g`" in unreached.advise(deep).en
    assert unreached.advise("course.check('a', f)") is None and unreached.advise("\0") is None
