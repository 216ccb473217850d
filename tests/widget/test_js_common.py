"""The shared half of the page: language, mathematics in labels, numbers, ticks."""

from __future__ import annotations

import pytest

from course_snn.widget import LIFExplorer


@pytest.fixture
def page(page_of):
    return page_of(LIFExplorer)


@pytest.mark.parametrize("lang, text", [("zh", "膜电位"), ("en", "potential"), ("both", "膜电位 · potential")])
def test_say(page, lang, text):
    assert page("say", ["膜电位", "potential"], lang) == text
    assert page("say", ["$τ$", "$τ$"], lang) == "$τ$"


def test_pieces(page):
    cut = [(p["text"], p["math"], p["sub"]) for p in page("pieces", "a $V_{th}$ b")]
    assert cut == [("a ", False, False), ("V", True, False), ("th", True, True), (" b", False, False)]


def test_numbers_have_a_true_minus_and_no_minus_zero(page):
    calls = [("number", (-1.5, 1)), ("number", (-0.001, 2)), ("number", (None, 2)), ("number", (2, 0))]
    assert page.all(calls) == ["−1.5", "0.00", "–", "2"]


def test_ticks(page):
    assert page("ticks", 0, 200, 5) == [0, 50, 100, 150, 200]
    assert page("ticks", -0.05, 1.14, 5) == [0, 0.5, 1]
