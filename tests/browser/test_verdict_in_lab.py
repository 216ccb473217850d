"""A verdict in JupyterLab: the picture of a wrong answer, the count, and links that lead on, by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver import PANEL, LabPage
from playwright.sync_api import Locator, expect

from course_snn.course.exercise import solution_source

FILES = ("01_lif_neuron.ipynb", "02_encoders.ipynb")
SETUP = "import math\n\nimport torch\nfrom course_snn import course\n\n\n"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


@pytest.fixture(scope="module")
def notebooks(root: Path) -> list[Path]:
    return [root / "notebooks" / name for name in FILES]


def answer(lab: LabPage, name: str, source: str) -> Locator:
    """Answer an exercise and return its verdict."""
    function = name.partition(".")[2]
    lab.set_cell(f'course.check("{name}"', f'{SETUP}{source}\n\n\ncourse.check("{name}", {function})')
    lab.run_cell()
    return lab.page.locator(f'{PANEL} .course-verdict[data-exercise="{name}"]')


def shoot(lab: LabPage, shots: Path, verdict: Locator, name: str) -> None:
    for theme, full in THEMES.items():
        lab.command("apputils:change-theme", theme=full)
        lab.page.wait_for_selector(f'body[data-jp-theme-light="{str(theme == "light").lower()}"]', state="attached")
        for lang in ("en", "zh"):
            lab.switch_language(lang)
            verdict.evaluate("node => node.scrollIntoView({ block: 'center' })")
            lab.screenshot(shots / f"verdict_{name}_{theme}_{lang}.png")
    lab.command("apputils:change-theme", theme=THEMES["light"])
    lab.switch_language("en")


def test_a_verdict_shows_the_difference_and_leads_on(lab: LabPage, shots: Path) -> None:
    lab.page.set_viewport_size({"width": 1366, "height": 768})
    lab.open_notebook(FILES[0])
    lab.switch_language("en")

    # a wrong answer, drawn over the expected one; no count and no way on
    right = solution_source("01.lif_trace")
    wrong = right.replace("            v = 0.0", "            v = -v")
    assert wrong != right
    verdict = answer(lab, "01.lif_trace", wrong)
    expect(verdict).to_have_attribute("data-state", "wrong")
    expect(verdict.locator(".course-contrast > svg")).to_be_visible()
    assert verdict.locator(".course-contrast > svg").bounding_box()["height"] > 60
    expect(verdict.locator(".course-way")).to_have_count(0)
    shoot(lab, shots, verdict, "wrong")

    # passed: the count, and a link that goes to the next exercise, which is the one just left open
    verdict = answer(lab, "01.euler_step", solution_source("01.euler_step"))
    expect(verdict).to_contain_text("1 of 5 passed in this chapter")
    shoot(lab, shots, verdict, "passed")
    heading = lab.page.locator(f"{PANEL} h3", has_text="Exercise 2")
    link = verdict.locator("a")
    expect(link).to_have_attribute("data-course-exercise", "01.lif_trace")
    link.press("Enter")  # the course panel knows the way
    expect(lab.page.locator(f"{PANEL} .jp-Cell.jp-mod-active", has_text="def lif_trace")).to_be_in_viewport()
    lab.page.mouse.wheel(0, 1)  # who scrolls ends the way there, which may still settle
    link.evaluate("node => { delete node.dataset.courseExercise; node.scrollIntoView({ block: 'end' }); }")
    expect(heading).not_to_be_in_viewport()
    link.click()  # and JupyterLab does so without it
    expect(heading).to_be_in_viewport()

    # the last one: a card with its picture, and a link that opens the next chapter
    answer(lab, "01.lif_trace", right)
    for name in ("01.rheobase", "01.firing_rate"):
        answer(lab, name, solution_source(name))
    verdict = answer(lab, "01.identify", solution_source("01.identify"))
    card = verdict.locator(".course-card")
    expect(card).to_contain_text("5 of 5 passed in this chapter")
    assert card.locator("svg").bounding_box()["width"] >= 120
    shoot(lab, shots, verdict, "card")
    card.locator("a").click()
    lab.page.wait_for_function("name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=FILES[1])
