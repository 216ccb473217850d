"""The course panel in a real JupyterLab: the way through the course, live progress, search, the next chapter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from driver import PANEL, LabPage
from patience import until
from playwright.sync_api import BrowserContext, Locator, expect
from three_chapters import END, GO, LINKS, ROW, at, note, start, three_chapters

from course_snn.course.exercise import solution_source

SEARCH, RESULT = ".course-search", ".course-result"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return three_chapters(tmp_path_factory.mktemp("source"))


def row(lab: LabPage, key: str) -> Locator:
    return lab.page.locator(f'[data-key="chapter {key}"]')


def test_a_learner_finds_the_way_in_both_languages(lab: LabPage, passed: Path, shots: Path) -> None:
    start(lab)
    page = lab.page
    expect(page.locator(ROW)).to_have_count(3)  # in front at the first visit: those that are served
    expect(row(lab, "01")).to_have_attribute(
        "aria-label", "01 IF and LIF neurons, about 40 minutes, 0 of 2 exercises passed"
    )
    expect(page.locator(GO)).to_have_text("Start here")
    card = page.locator(".jp-LauncherCard", has_text="SNN course")
    expect(card).to_contain_text("脉冲神经网络课")
    assert card.locator("svg").count() == 1
    lab.screenshot(shots / "panel_launcher.png")
    card.click()
    lab.wait_loaded()
    expect(row(lab, "00")).to_have_attribute("aria-current", "page")

    lab.switch_language("zh")
    expect(row(lab, "01")).to_have_attribute("aria-label", "01 IF 与 LIF 神经元，约 40 分钟，练习通过 0 / 2")
    expect(page.locator(GO)).to_have_text("从这里开始")
    expect(page.locator(END)).to_contain_text("下一章：01 IF 与 LIF 神经元")
    lab.switch_language("en")
    expect(page.locator(f"{END} .course-next a")).to_have_text("Next: 01 IF and LIF neurons →")
    page.locator(f"{END} .course-next a").click()
    expect(row(lab, "01")).to_have_attribute("aria-current", "page")
    sections = page.locator(".course-sections button")
    texts = [text.strip("○") for text in sections.all_inner_texts()]
    assert texts == ["A leaky capacitor", "\nExercise 1: one step", "\nThe rheobase"]

    row(lab, "00").click()
    lab.wait_loaded()
    lab.set_cell("HTML", LINKS)
    lab.run_cell()
    page.locator(f"{PANEL} a.jump").click()
    at(lab, "03_synapses.ipynb ex-03-wire")


def test_progress_is_live_and_the_way_goes_on(lab: LabPage, passed: Path, shots: Path) -> None:
    note(passed, "01.euler_step")
    start(lab)
    page = lab.page
    expect(page.locator(GO)).to_contain_text("Continue with 01.rheobase")
    expect(page.locator(".course-total")).to_have_text("1 of 3 exercises passed")
    page.locator(GO).click()
    at(lab, "01_lif_neuron.ipynb ex-01-rheobase")
    lab.wait_idle()
    expect(page.locator('.course-sections [aria-current="location"]')).to_have_text("○The rheobase")
    end = page.locator(END)
    expect(end).to_contain_text("1 of 2 exercises passed")
    expect(end.locator("li")).to_have_text(["The rheobase"])

    solution = solution_source("01.rheobase")
    lab.set_cell("01.rheobase", f'from course_snn import course\n{solution}\ncourse.check("01.rheobase", rheobase)')
    lab.run_cell()
    expect(page.locator(GO)).to_contain_text("Continue with 03.wire")  # without a reload
    expect(row(lab, "01")).to_contain_text("2/2 ✓")
    expect(end).to_contain_text("2 of 2 exercises passed")
    expect(end.locator("li")).to_have_count(0)
    end.scroll_into_view_if_needed()
    lab.screenshot(shots / "panel_end.png")

    note(passed, "01.euler_step", "01.rheobase", "03.wire")  # passed elsewhere: seen when the window is in front again
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".course-all")).to_have_text("Every exercise is passed.")
    passed.unlink()
    end.locator(".course-next a").click()
    expect(page.locator(END)).to_contain_text("This is the last chapter.")
    expect(page.locator(GO)).to_have_text("Start here")


def test_search_and_keyboard(lab: LabPage, passed: Path, shots: Path) -> None:
    start(lab)
    page, box = lab.page, lab.page.locator(SEARCH)
    box.fill("漏")
    expect(page.locator(RESULT)).to_have_count(1)
    expect(page.locator(RESULT)).to_contain_text("A leaky capacitor")
    expect(page.locator(f"{RESULT} mark")).to_have_text("漏")
    box.fill("MEMBRANE leak")
    expect(page.locator(f"{RESULT} .course-excerpt")).to_contain_text("Charge leaks through the membrane.")
    lab.screenshot(shots / "panel_search.png")
    box.press("ArrowDown")
    page.keyboard.press("Enter")
    at(lab, "01_lif_neuron.ipynb circuit")
    box.fill("no such thing")
    expect(page.locator(".course-said")).to_have_text("Nothing found for “no such thing”")
    box.press("Escape")
    expect(page.locator(ROW)).to_have_count(3)

    box.focus()  # the keyboard reaches every row, and the end of the chapter
    page.keyboard.press("Tab")
    expect(row(lab, "00")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator(".course-sections button").nth(1)).to_be_focused()
    expect(page.locator(".course-sections button").nth(1)).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    at(lab, "01_lif_neuron.ipynb ex-01-euler_step")
    link = page.locator(f"{END} .course-next a")
    link.focus()
    expect(link).to_be_focused()  # the notebook does not take the focus away
    page.keyboard.press("Enter")
    expect(row(lab, "03")).to_have_attribute("aria-current", "page")


def test_looking_at_a_chapter_changes_nothing(lab: LabPage, passed: Path) -> None:
    file = lab.server.folder / "03_synapses.ipynb"
    before = file.read_bytes()
    start(lab)
    lab.page.locator('[data-key="chapter 03"]').click()
    lab.wait_loaded()
    lab.page.locator('[data-key="03 03.wire"]').click()
    at(lab, "03_synapses.ipynb ex-03-wire")
    expect(lab.page.locator(END)).to_be_attached()
    assert lab.page.evaluate("window.jupyterapp.shell.currentWidget.context.model.dirty") is False
    lab.command("application:close")
    expect(lab.page.locator(".jp-Dialog")).to_have_count(0)
    expect(lab.page.locator(PANEL)).to_have_count(0)
    assert file.read_bytes() == before


def test_guesses_are_kept_by_the_server(lab: LabPage, passed: Path) -> None:
    start(lab)
    assert lab.page.evaluate("window.courseSnn.host") == "lab"
    assert lab.page.evaluate("window.courseSnn.guesses.get('05.window')") is None
    lab.page.evaluate("window.courseSnn.guesses.set('05.window', {value: [1, 2]})")
    assert json.loads(passed.read_text())["guesses"] == {"05.window": {"value": [1, 2]}}
    assert lab.page.evaluate("window.courseSnn.guesses.get('05.window')") == {"value": [1, 2]}


def test_without_the_servers_extension_it_says_how_to_get_it(lab: LabPage, window: BrowserContext) -> None:
    lab.page.route("**/course-snn/**", lambda route: route.fulfill(status=404, body="<html>404</html>"))
    lab.open_notebook("01_lif_neuron.ipynb")
    told = lab.page.locator(".course-trouble")
    expect(told).to_contain_text("课程的服务器扩展")
    expect(told).to_contain_text("server extension")
    for lang in ("zh", "en"):
        lab.switch_language(lang)
        for line in told.locator("p").all():
            assert line.evaluate("node => getComputedStyle(node).visibility") == "visible"
    expect(told.locator("code").first).to_have_text("course-snn lab")
    lab.page.evaluate("window.courseSnn.guesses.set('05.window', 3)")  # kept by the browser
    assert lab.page.evaluate("window.courseSnn.guesses.get('05.window')") == 3
    expect(lab.page.locator(END)).to_be_hidden()


def test_both_themes_are_legible(lab: LabPage, passed: Path, shots: Path) -> None:
    note(passed, "01.euler_step")
    start(lab)
    lab.page.locator('[data-key="chapter 01"]').click()
    lab.wait_loaded()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.command("apputils:change-theme", theme=theme)
        dark = json.dumps("Dark" not in theme)
        lab.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{dark}'")
        for lang in ("zh", "en"):
            lab.switch_language(lang)
            lab.screenshot(shots / f"panel_{theme[11:].lower()}_{lang}.png")
        for selector in (f"{ROW} .course-title", ".course-minutes", ".course-total", ".course-section", f"{GO} span"):
            until(lambda s=selector: lab.page.locator(s).first.evaluate(CONTRAST) >= 4.5)
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


CONTRAST = """node => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], below) => [r, g, b].map((value, k) => value * a + below[k] * (1 - a));
  const fill = one => numbers(getComputedStyle(one).backgroundColor);
  const below = one => (one ? over(fill(one), below(one.parentElement)) : [255, 255, 255]);
  const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const ground = below(node), ink = over(numbers(getComputedStyle(node).color), ground);
  const [dim, bright] = [light(ground), light(ink)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}"""
