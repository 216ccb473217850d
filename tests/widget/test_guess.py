"""Guesses in Python: what is accepted, what is kept and where, what the truth may be, and their pictures."""

from __future__ import annotations

import json

import pytest
import torch
from guesses import CHOICE, CURVE, GUESSES, KINDS, LOG, NUMBER, ORDER, TEXT, TRUTHS
from matplotlib.backends.backend_agg import FigureCanvasAgg
from together import each_of

from course_snn import figure, widget
from course_snn.course import progress
from course_snn.language import speaking
from course_snn.widget import guess_memory, stored


@pytest.fixture(autouse=True)
def _nothing_kept():
    guess_memory.keep_in(guess_memory._nothing, guess_memory._nowhere)


def ask(name):
    return getattr(widget, name)(**KINDS[name])


each_kind = each_of("name", list(KINDS))


@each_kind
def test_a_guess_is_there_again_in_every_widget_of_its_id(name):
    first = ask(name)
    assert first.params == {"value": None, "sealed": False}
    truth = widget.Truth(first.guess_id, TRUTHS[name])
    assert truth.words() is None
    first.params = {"value": GUESSES[name], "sealed": False}
    assert truth.value == GUESSES[name] == ask(name).value and truth.words()
    truth.params = {"value": GUESSES[name], "sealed": True}  # as the page says when it was seen
    assert first.params["sealed"] and ask(name).params["sealed"]
    first.params = {"value": None, "sealed": False}
    assert truth.params == first.params == {"value": None, "sealed": False}


@each_kind
def test_a_guess_outlives_the_kernel_in_the_file_of_the_progress(name):
    guess_memory.keep_in(progress.guesses, progress.keep_guess)
    made = ask(name)
    made.params = {"value": GUESSES[name], "sealed": True}
    assert progress.guesses() == {made.guess_id: {"value": GUESSES[name], "sealed": True}}
    guess_memory.keep_in(progress.guesses, progress.keep_guess)  # the next kernel
    assert ask(name).params == {"value": GUESSES[name], "sealed": True}
    for damaged in ({"value": {"x": 1}}, 5, [1, 2], "text", {"value": [[]], "sealed": "yes"}):
        progress.keep_guess(made.guess_id, None)
        progress.keep_guess(made.guess_id, damaged)
        assert ask(name).params == {"value": None, "sealed": False}
    progress.reset()


def test_what_another_notebook_settled_stays_as_it_is():
    guess_memory.keep_in(progress.guesses, progress.keep_guess)
    made = widget.GuessNumber(**NUMBER)
    settled = {"value": 7, "sealed": True}
    progress.keep_guess("t.number", settled)  # by another kernel
    made.params = {"value": 9, "sealed": False}
    assert made.params == settled and progress.guesses() == {"t.number": settled}
    made.params = {"value": None, "sealed": False}
    assert progress.guesses() == {}
    made.params = {"value": 9}
    assert progress.guesses() == {"t.number": {"value": 9, "sealed": False}}
    progress.reset()


@each_kind
def test_a_notebook_that_is_passed_on_holds_no_guess(name):
    made = ask(name)
    made.params = {"value": GUESSES[name], "sealed": True}
    for view in (made, widget.Truth(made.guess_id, TRUTHS[name])):
        assert stored.bundle(view)["state"]["params"] == {"value": None, "sealed": False}
        assert view.params == {"value": GUESSES[name], "sealed": True}


def test_a_chapter_keeps_its_guesses_with_the_progress():
    from course_snn.course import session  # late: it loads IPython

    session.begin("00")
    widget.GuessNumber(**NUMBER).params = {"value": 7}
    assert progress.load()["guesses"] == {"t.number": {"value": 7, "sealed": False}}


REFUSED = [
    (lambda: widget.GuessNumber("t", "text", 0, 1), "pair"),
    (lambda: widget.GuessNumber("t", TEXT, 1, 1), "low must be below high"),
    (lambda: widget.GuessNumber("t", TEXT, 0, 10, log=True), "low above 0"),
    (lambda: widget.GuessChoice("t", TEXT, {"a": ("甲", "a")}), "2 to 4 options"),
    (lambda: widget.GuessOrder("t", TEXT, {"a": ("甲", "a")}), "2 to 7 items"),
    (lambda: widget.GuessCurve(**CURVE | {"draw": (100, 300)}), "draw lie within x"),
    (lambda: widget.GuessCurve(**CURVE | {"given": ([1, 0], [0, 0])}), "rising x"),
    (lambda: setattr(widget.GuessNumber(**NUMBER), "params", {"value": 41}), "no guess at t.number"),
    (lambda: setattr(widget.GuessChoice(**CHOICE), "params", {"value": "left"}), "no guess at t.choice"),
    (lambda: setattr(widget.GuessOrder(**ORDER), "params", {"value": ["a"]}), "no guess at t.order"),
    (lambda: setattr(widget.GuessCurve(**CURVE), "params", {"value": [9.0] * 41}), "no guess at t.curve"),
    (lambda: setattr(widget.GuessNumber(**NUMBER), "params", {"valeu": 4}), "has no parameter 'valeu'"),
    (lambda: widget.Truth("t.nobody", 3), "Run the cell with that question first"),
    (lambda: widget.GuessNumber(**LOG) and widget.Truth("t.log", 0), "a number above 0"),
    (lambda: widget.GuessNumber(**NUMBER) and widget.Truth("t.number", "20"), "asks for a number"),
    (lambda: widget.GuessChoice(**CHOICE) and widget.Truth("t.choice", "left"), "the options are 'up', 'down', 'same'"),
    (lambda: widget.GuessOrder(**ORDER) and widget.Truth("t.order", {"a": 1}), "each once"),
    (lambda: widget.GuessCurve(**CURVE) and widget.Truth("t.curve", ([0, 1], [0])), "equal length"),
    (lambda: widget.GuessCurve(**CURVE) and widget.Truth("t.curve", [0, float("nan")]), "equal length"),
]


@each_of("make, said", REFUSED)
def test_what_is_refused_is_explained(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_truths_may_be_tensors():
    widget.GuessNumber(**NUMBER)
    assert widget.Truth("t.number", torch.tensor(20)).truth == {"value": 20.0, "values": {}}
    widget.GuessOrder(**ORDER)
    measured = dict(zip("abcd", torch.tensor([0.5, 2.0, 1.0, 3.0]), strict=True))
    assert widget.Truth("t.order", measured).truth["value"] == list("dbca")
    widget.GuessCurve(**CURVE)
    assert widget.Truth("t.curve", torch.tensor([0.1, 0.2])).truth["value"] == [[0.0, 1.0], [0.1, 0.2]]
    long = widget.Truth("t.curve", (torch.linspace(0, 200, 5001), torch.rand(5001)))
    xs, _ = long.truth["value"]
    assert len(xs) == 400 and xs[0] == 0 and xs[-1] == 200
    assert len(json.dumps(long.truth)) < 10_000  # it is stored with the notebook


def test_a_number_beyond_its_scale_is_drawn_at_the_end_and_said_as_it_is():
    asked = widget.GuessNumber(**NUMBER)
    asked.params = {"value": 40}
    truth = widget.Truth("t.number", 55)
    assert truth.words()[1] == "You guessed 40 steps, it is 55 steps: 15 steps apart."
    FigureCanvasAgg(truth.figure()).draw()


@each_kind
def test_pictures_hold_the_question_in_both_languages_with_and_without_a_guess(name):
    asked = ask(name)
    for value in (None, GUESSES[name]):
        asked.params = {"value": value}
        pictures = []
        for made in (asked, widget.Truth(asked.guess_id, TRUTHS[name])):
            with speaking("zh"), figure.strict_glyphs():
                data, _ = made._repr_mimebundle_()
            assert len(data["image/png"]) < 67_000 and data["image/png"] != data[figure.MIME]["zh"]
            pictures.append(data["image/png"])
        assert pictures[0] != pictures[1]


def test_lines_of_a_question_break_where_they_may():
    from course_snn.widget.guess_picture import wrapped

    assert wrapped("one two three", 8) == "one two\nthree"
    assert wrapped("甲乙丙，丁", 6) == "甲乙丙，\n丁"  # a line never begins with a comma
    assert wrapped("用 LIF 神经元", 8) == "用 LIF\n神经元"
