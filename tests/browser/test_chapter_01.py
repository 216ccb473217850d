"""Chapter 01 as a learner meets it: run everything, drag, switch the language, solve an exercise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from driver import LabPage
from patience import until
from playwright.sync_api import expect

from course_snn.course.exercise import solution_source

CHAPTER = "01_lif_neuron.ipynb"
VERDICT = ".course-verdict"
OPENING = "article.csnn"
EXPLORER = "article.csnn:has(h4:text-matches('^LIF '))"  # in both languages


@pytest.fixture(scope="module")
def notebooks(root: Path) -> list[Path]:
    return [root / "notebooks" / CHAPTER]


def picture(lab: LabPage) -> str:
    """The pixels of the first widget's first canvas."""
    return lab.page.locator(f"{EXPLORER} canvas").first.evaluate("canvas => canvas.toDataURL()")


def test_a_learner_works_through_chapter_01(lab: LabPage, shots: Path) -> None:
    lab.open_notebook(CHAPTER)
    lab.run_all()
    lab.page.locator(EXPLORER).first.scroll_into_view_if_needed()
    lab.screenshot(shots / "chapter_01_en.png")

    # a slider, moved by the keyboard: the picture answers, and there are no spikes left
    before = picture(lab)
    slider = lab.page.locator(f"{EXPLORER} input[type=range]").first  # the input current
    slider.focus()
    for _ in range(12):
        slider.press("ArrowLeft")
    expect(lab.page.locator(OPENING).first).to_contain_text("one neuron")
    until(lambda: picture(lab) != before)

    # the language, both ways: prose, figures, widgets and verdicts follow
    lab.switch_language("zh")
    assert lab.shows("膜是一个漏电的电容")
    assert not lab.shows("A membrane is a leaky capacitor")
    expect(lab.page.locator(f"{EXPLORER} .csnn-title").first).to_contain_text("LIF 神经元")
    expect(lab.page.locator(VERDICT).first).to_contain_text("还没开始")
    lab.page.locator(EXPLORER).first.scroll_into_view_if_needed()
    lab.screenshot(shots / "chapter_01_zh.png")
    lab.switch_language("en")
    assert lab.shows("A membrane is a leaky capacitor")
    expect(lab.page.locator(f"{EXPLORER} .csnn-title").first).to_contain_text("LIF neuron")

    # an exercise: refused with the name of the mistake, then passed and remembered
    check = '\n\n\ncourse.check("01.euler_step", euler_step)'
    wrong = "def euler_step(v, i, r, tau, dt):\n    return v + dt / tau * (v + r * i)"
    lab.set_cell('course.check("01.euler_step"', wrong + check)
    lab.run_cell()
    verdict = lab.page.locator(VERDICT).filter(has_text="01.euler_step")
    expect(verdict).to_have_attribute("data-passed", "false")
    expect(verdict).to_contain_text("The leak has the wrong sign")
    lab.screenshot(shots / "chapter_01_refused.png")
    lab.set_cell('course.check("01.euler_step"', solution_source("01.euler_step") + check)
    lab.run_cell()
    expect(verdict).to_have_attribute("data-passed", "true")
    saved = json.loads((lab.server.folder.parent / "progress" / "progress.json").read_text(encoding="utf-8"))
    assert saved["passed"] == ["01.euler_step"]
