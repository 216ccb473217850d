"""The checker itself: fed with everything a learner may write."""

import gc
import sys
import threading
import time

import numpy as np
import pytest
import torch

from course_snn.course import exercise as exercises
from course_snn.course import guard
from course_snn.course.compare import difference
from course_snn.course.exercise import Exercise, Mistake, judge


def double(x):
    return 2 * x


DOUBLE = Exercise(
    id="99.double",
    solution=double,
    cases=((1.0,), (torch.tensor([1.0, 2.0]),)),
    mistakes=(
        Mistake(lambda x: x, "忘了乘以二。", "The factor is missing."),
        Mistake(lambda x: -2 * x, "符号反了。", "Wrong sign."),
        Mistake(lambda x: x**2, "这是平方。", "That is the square."),
    ),
    hints=(("一", "one"), ("二", "two"), ("三", "three")),
    seconds=0.3,
)


def forever(x):
    while True:
        pass


def swallowing(x):
    end = time.monotonic() + 4  # not for ever: nothing can stop it, and the tests go on
    while time.monotonic() < end:
        try:  # noqa: SIM105 - what a learner may write
            time.sleep(0.001)
        except:  # noqa: E722
            pass


def printing_forever(x):
    while True:
        print("x" * 1000)


def recursive(x):
    return recursive(x)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: None, "None"),
        (lambda x: ..., "Not started"),
        (lambda x: 1 / 0, "ZeroDivisionError"),
        (lambda x: sys.exit(3), "SystemExit"),
        (lambda x: "text", "Expected"),
        (lambda x: float("nan"), "not right"),
        (lambda x: x, "factor is missing"),
        (lambda: 1, "TypeError"),
        (recursive, "RecursionError"),
        (forever, "Out of time"),
        (swallowing, "Restart the kernel"),
        (printing_forever, "Out of time"),
    ],
)
def test_every_kind_of_wrong_answer_gets_its_message(answer, says):
    verdict = judge(DOUBLE, answer)
    assert not verdict.passed and says in verdict.reason.en
    assert 'data-passed="false"' in verdict._repr_html_()


def test_a_stub_is_not_told_off():
    stub, wrong = judge(DOUBLE, lambda x: ...), judge(DOUBLE, lambda x: x)
    assert "Not yet" not in stub._repr_html_() and "Not started" in stub._repr_html_()
    assert "Not yet" in wrong._repr_html_()


def test_a_thread_of_a_stopped_answer_does_not_live_on():
    before = set(threading.enumerate())
    judge(DOUBLE, forever)
    assert set(threading.enumerate()) <= before


def hoard(x):
    held = []
    while True:
        held.append([x] * 10)


def test_a_stopped_thread_ends_without_a_word(capsys):
    for _ in range(20):
        outcome = guard.call(hoard, (1,), seconds=0.02)
        assert outcome.timed_out and not outcome.stuck
    assert capsys.readouterr().err == ""


def test_a_thread_ends_although_the_garbage_collector_runs_python_code():
    listener, before = (lambda phase, info: sum(i for i in range(2000))), gc.get_threshold()
    gc.callbacks.append(listener)
    gc.set_threshold(1)
    try:
        outcome = guard.call(hoard, (1,), seconds=0.05)
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(listener)
    assert outcome.timed_out and not outcome.stuck
    assert gc.isenabled()


def test_code_that_cannot_be_interrupted_is_left_behind_and_said_so():
    outcome = guard.call(time.sleep, (2.5,), seconds=0.05)
    assert outcome.timed_out and outcome.stuck


def test_printed_output_is_kept_but_bounded():
    outcome = guard.call(printing_forever, (1,), seconds=0.1)
    assert 0 < len(outcome.printed) <= guard.PRINT_LIMIT


def test_an_answer_cannot_change_the_cases():
    def spoil(x):
        if torch.is_tensor(x):
            x.zero_()
        return x

    judge(DOUBLE, spoil)
    assert torch.equal(DOUBLE.cases[1][0], torch.tensor([1.0, 2.0]))


def test_a_right_answer_passes_with_other_number_types():
    def as_numpy(x):
        return 2 * x.numpy() if torch.is_tensor(x) else np.float32(2 * x)

    assert judge(DOUBLE, as_numpy).passed


@pytest.mark.parametrize(
    ("got", "want", "says"),
    [
        ([1, 2, 3], torch.tensor([1.0, 2.0]), "shape"),
        (torch.tensor([1.0, 2.5]), torch.tensor([1.0, 2.0]), "position [1]"),
        ((1.0,), (1.0, 2.0), "2 values"),
        ((1.0, 3.0), (1.0, 2.0), "value 2"),
        (1.1, 1.0, "value"),
        ({1: 2}, 1.0, "dict"),
        ([None, 1], [None, 2], "value 2"),
        (torch.ones(2).to_sparse(), torch.ones(2), "cannot be compared"),
        ([torch.zeros(2), torch.zeros(2)], [torch.zeros(2), torch.ones(3)], "shape"),
    ],
)
def test_a_difference_is_said(got, want, says):
    assert says in difference(got, want).text.en


@pytest.mark.parametrize(
    ("got", "want"),
    [
        ([True, False], torch.tensor([1, 0])),
        (1, 1.0),
        (torch.tensor(2.0), 2.0),
        ([1.0], (np.array(1.0),)),
        ("a", "a"),
    ],
)
def test_equal_values_of_other_types_are_equal(got, want):
    assert difference(got, want) is None


def test_a_case_that_is_a_function_shows_its_name():
    verdict = judge(exercises.find("01.identify"), lambda probe: (1.0, 1.0))
    assert "identify(probe)" in repr(verdict) and "0x" not in verdict._repr_html_()


def test_check_takes_the_function_and_not_its_result(capsys):
    exercises.check("01.rheobase", 0.1)
    assert "rheobase" in capsys.readouterr().out


def test_unknown_exercise_lists_the_known():
    with pytest.raises(KeyError, match=r"01\.euler_step"):
        exercises.find("01.nothing")


def test_passing_is_kept_and_hints_come_one_by_one(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path))
    from course_snn.course import progress

    rheobase = exercises.find("01.rheobase")
    exercises.check("01.rheobase", rheobase.solution)
    assert progress.load()["passed"] == ["01.rheobase"]
    for expected in [*(en for _, en in rheobase.hints), "def rheobase"]:
        capsys.readouterr()
        exercises.hint("01.rheobase")
        out = capsys.readouterr().out
        assert expected in out or any(zh in out for zh, en in rheobase.hints if en == expected)


def test_a_damaged_progress_file_is_set_aside(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path))
    from course_snn.course import progress

    progress.path().write_text("{not json", encoding="utf-8")
    assert progress.load() == {"passed": [], "hints": {}}
    assert (tmp_path / "progress.damaged.json").read_text(encoding="utf-8") == "{not json"


def test_reset_keeps_what_was_there(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path))
    from course_snn.course import progress

    progress.passed("01.rheobase")
    progress.reset()
    assert progress.load()["passed"] == [] and (tmp_path / "progress.before-reset.json").exists()
