"""The judgement: fed with everything a learner may write."""

import json
import time
import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from patience import PATIENCE
from together import each_of
from toy import DOUBLE, double, forever, leaves, never_reached, printing_forever, recursive, slow_sum, swallowing

from course_snn.course import guard
from course_snn.course.exercise import CONTAINER, KIND, Exercise, Finding, Mistake, find
from course_snn.course.judge import BrokenExercise, assess, attempt, judge
from course_snn.course.verdict import ERROR, PASSED, TIMEOUT, UNFINISHED, WRONG
from course_snn.language import speaking


def warning(x):
    warnings.warn("of a kind that kernels only show", RuntimeWarning, stacklevel=2)
    return 2 * x + 1


def long_text(x):
    raise ValueError("x" * 5_000_000)


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def unspeakable(x):
    raise Unspeakable


def asking(x):
    return float(input("x? "))


def own(x):
    raise NotImplementedError("this way")


def sparse_zero(x):
    return torch.zeros(2).to_sparse() if torch.is_tensor(x) else torch.nn.functional.gelu(None)


@each_of(
    "answer, state, says",
    [
        (double, PASSED, "Passed"),
        (lambda x: None, WRONG, "remember return"),
        (lambda x: None if torch.is_tensor(x) else 2 * x, WRONG, "a way through it"),
        (lambda x: ..., UNFINISHED, "Not started"),
        (lambda x: 2 * x if torch.is_tensor(x) else ..., UNFINISHED, "Not finished"),
        (lambda x: x + ..., UNFINISHED, "Not finished"),
        (lambda x: (x, ...), UNFINISHED, "Not finished"),
        (lambda x: 1 / 0, ERROR, "ZeroDivisionError"),
        (leaves, ERROR, "SystemExit"),
        (lambda x: "text", WRONG, "Expected"),
        (lambda x: 2 * x * float("nan"), WRONG, "nan"),
        (lambda x: x, WRONG, "factor is missing"),
        (lambda: 1, ERROR, "the check calls double(x)"),
        (recursive, ERROR, "RecursionError"),
        (own, ERROR, "NotImplementedError: this way"),
        (sparse_zero, ERROR, "NotImplementedError|TypeError"),
        (asking, ERROR, "There is no keyboard"),
        (long_text, ERROR, "ValueError"),
        (unspeakable, ERROR, "Unspeakable"),
        (forever, TIMEOUT, "Out of time"),
        (never_reached, TIMEOUT, "Out of time"),
        (swallowing, TIMEOUT, "Restart the kernel"),
        (printing_forever, TIMEOUT, "Out of time"),
        (lambda x: 2 * x + 0.5, WRONG, "too large by 0.5"),
        (lambda x: 6 * x, WRONG, "3 times"),
    ],
)
def test_every_kind_of_answer_gets_its_message(answer, state, says):
    verdict = judge(DOUBLE, answer)
    assert verdict.state == state
    assert any(part in verdict.reason.en for part in says.split("|")), verdict.reason.en
    assert len(verdict.reason.en) < 700 and f'data-passed="{str(state == PASSED).lower()}"' in verdict._repr_html_()


def test_a_stub_is_not_told_off():
    stub, wrong = judge(DOUBLE, lambda x: ...), judge(DOUBLE, lambda x: x)
    assert "Not yet" not in stub._repr_html_() and "Not yet" in wrong._repr_html_()


def test_out_of_time_says_how_long_and_where():
    says = judge(DOUBLE, slow_sum).reason.en
    first = slow_sum.__code__.co_firstlineno
    assert "took 0.3" in says and "limit 0.3 s" in says
    assert f"line {first + 2}" in says or f"line {first + 3}" in says


TIME = {"stuck": False, "endless": False, "line": "3", "limit": 2.0, "seconds": 2.0}


def outcomes_of(*tries):
    return {
        "exercise": DOUBLE.id,
        "tries": [{"timed_out": False, "printed": "", "seconds": 0.0, "changed": []} | tried for tried in tries],
    }


def test_complete_outcomes_are_taken():
    assert assess(DOUBLE, outcomes_of({"value": 2.0}, {"value": {"list": [2.0, 4.0]}}, {"value": 0.5})).passed
    assert assess(DOUBLE, outcomes_of({"timed_out": True, **TIME})).state == TIMEOUT


def test_a_loop_is_called_endless_only_where_the_guard_saw_that_it_is():
    endless, slow = (
        assess(DOUBLE, outcomes_of({"timed_out": True, **TIME, "endless": saw})).reason.en for saw in (True, False)
    )
    assert "the loop in line 3 would never end" in endless and "never" not in slow


def test_outcomes_are_plain_data_and_the_verdict_needs_nothing_else():
    for answer in (double, lambda x: x, lambda x: 1 / 0, forever, lambda x: object(), lambda x: {1: (2, [x])}):
        outcomes = attempt(DOUBLE, answer)
        assert json.loads(json.dumps(outcomes, allow_nan=False)) == outcomes
        there, here = assess(DOUBLE, json.loads(json.dumps(outcomes))), assess(DOUBLE, outcomes)
        assert there == here


@each_of(
    "outcomes",
    [
        {},
        None,
        {"exercise": "99.double", "tries": []},
        {"exercise": "99.double", "tries": [{"value": 2.0}]},
        {"exercise": "99.other", "tries": [{"value": 2.0}] * 3},
        {"exercise": "99.double", "tries": [{}] * 3},
        outcomes_of({"value": 2.0}, {"value": 2.0}),
        outcomes_of(*[{"value": {"pickle": "x"}}] * 3),
        outcomes_of(*[{"value": {"array": "eA==", "dtype": "O", "shape": [1]}}] * 3),
        outcomes_of(*[{"error": {"types": [], "text": "", "line": 1, "source": ""}}] * 3),
        outcomes_of(*[{"value": {"tensor": 5}}] * 3),
        outcomes_of(*[{"value": {"dict": [[{"list": []}, 1.0]]}}] * 3),
        outcomes_of(*[{"error": "ValueError"}] * 3),
        outcomes_of(*[{"finding": ["one"]}] * 3),
        outcomes_of({"timed_out": True}),
        outcomes_of({"timed_out": True, "stuck": False, "endless": False, "line": "3", "limit": "x", "seconds": 1.0}),
        outcomes_of({"timed_out": True, **TIME}, {"value": 2.0}, {"value": 2.0}),
        {"exercise": "99.double", "tries": "abc"},
    ],
)
def test_outcomes_that_no_attempt_gave_are_refused(outcomes):
    with pytest.raises(ValueError, match="attempt"):
        assess(DOUBLE, outcomes)


def test_an_answer_cannot_change_the_cases():
    def spoil(x):
        if torch.is_tensor(x):
            x.zero_()
        return x

    judge(DOUBLE, spoil)
    assert torch.equal(DOUBLE.cases[1][0], torch.tensor([1.0, 2.0]))


def test_a_change_in_place_counts_where_the_task_forbids_it():
    def in_place(x):
        return x.mul_(2) if torch.is_tensor(x) else 2 * x

    assert judge(DOUBLE, in_place).passed
    verdict = judge(replace(DOUBLE, keeps=True), in_place)
    assert verdict.state == WRONG and "argument x was changed in place" in verdict.reason.en
    assert judge(replace(DOUBLE, keeps=True), double).passed


def test_a_result_that_is_used_again_for_the_next_case_is_judged_as_it_was():
    kept = torch.zeros(2)

    def same_object(x):
        return kept.copy_(torch.as_tensor(2.0 * x))

    exercise = replace(DOUBLE, cases=((torch.tensor([1.0, 2.0]),), (torch.tensor([5.0, 6.0]),)))
    assert judge(exercise, same_object).passed


def test_what_the_task_promises_is_compared():
    fires = Exercise(
        "99.fires", lambda v: v >= 1, ((torch.tensor([0.5, 1.0]),),), (), DOUBLE.hints, exact=(KIND, CONTAINER)
    )
    assert judge(fires, lambda v: torch.ge(v, 1)).passed
    assert "expected bool" in judge(fires, lambda v: (v >= 1).float()).reason.en
    assert "as torch.Tensor" in judge(fires, lambda v: [False, True]).reason.en
    assert judge(replace(fires, exact=()), lambda v: [0, 1.0]).passed


@each_of(
    "answer",
    [
        lambda x: 2 * x.numpy() if torch.is_tensor(x) else np.float32(2 * x),
        lambda x: tuple(2 * x.tolist()) and [2 * v for v in x.tolist()] if torch.is_tensor(x) else torch.tensor(2 * x),
        lambda x: tuple(2 * v for v in x) if torch.is_tensor(x) else np.array(2 * x),
        lambda x: x.double() * 2 if torch.is_tensor(x) else x + x,
    ],
)
def test_a_right_answer_passes_in_other_styles(answer):
    assert judge(DOUBLE, answer).passed


def test_a_mistake_is_recognised_by_the_error_it_raises():
    late = Mistake(lambda x: [2 * v for v in x], "参数可能是一个数。", "The argument may be a single number.")
    verdict = judge(replace(DOUBLE, mistakes=(late,)), lambda x: [v + v for v in x])
    assert verdict.reason.en == late.en and verdict.state == ERROR


def test_what_run_finds_is_told():
    def run(answer, x):
        if answer(x) is None:
            raise Finding("没有动它。", "It was not touched.")
        return answer(x)

    verdict = judge(replace(DOUBLE, run=run), lambda x: None)
    assert verdict.state == WRONG and verdict.reason.en == "It was not touched." and verdict.call == "double(1)"


def test_a_solution_that_fails_is_our_fault_and_no_verdict():
    broken = replace(DOUBLE, solution=lambda x: 1 / 0)
    for answer in (double, forever):
        with pytest.raises(BrokenExercise, match=r"99\.double.*ZeroDivisionError"):
            judge(broken, answer)


def test_a_slow_solution_gives_the_answer_more_time(monkeypatch):
    limits, real = [], guard.call
    monkeypatch.setattr(guard, "call", lambda fn, limit, *more: limits.append(limit) or real(fn, limit, *more))

    def slow(x):
        time.sleep(0.2)
        return 2 * x

    attempt(replace(DOUBLE, seconds=PATIENCE), double)
    attempt(replace(DOUBLE, solution=slow, cases=DOUBLE.cases[:1]), slow)
    assert limits[3:6] == [PATIENCE] * 3 and limits[-1] >= 30 * 0.2 > DOUBLE.seconds


def test_three_million_numbers_are_refused_without_being_compared():
    for answer in (lambda x: [0.0] * 3_000_000, lambda x: torch.zeros(3_000_000)):
        verdict = judge(replace(DOUBLE, seconds=PATIENCE), answer)
        assert "far too large" in verdict.reason.en and "3000000" in verdict.reason.en


def test_a_class_without_parameters_is_called_without_any():
    class Made(torch.nn.Module):
        pass

    assert replace(DOUBLE, solution=Made).call == "Made()" and DOUBLE.call == "double(x)"


def test_a_function_among_the_arguments_is_shown_by_its_name():
    verdict = judge(find("01.identify"), lambda probe: (1.0, 1.0))
    assert "identify(probe)" in repr(verdict) and "0x" not in verdict._repr_html_()


def test_what_is_measured_is_said_beside_the_numbers():
    exercise = replace(DOUBLE, measured=("层 2 的发放率", "rate of layer 2"))
    assert "层 2 的发放率" in judge(exercise, lambda x: 7.0)._repr_html_()
    with speaking("en"):
        assert "rate of layer 2" in repr(judge(exercise, lambda x: 7.0))


@pytest.mark.parametrize("now", ["error", "ignore"])
def test_a_mistake_is_named_whoever_makes_errors_of_warnings_meanwhile(now):
    exercise = replace(DOUBLE, mistakes=(Mistake(warning, "多了一", "one too much"),))
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore" if now == "error" else "error")
        assert judge(exercise, lambda x: 2 * x + 3).state == WRONG  # what the mistake does is remembered from here on
        warnings.simplefilter(now)
        verdict = judge(exercise, warning)
    assert (verdict.state, verdict.reason.en) == (WRONG, "one too much")
