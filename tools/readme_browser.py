"""README's animations from Chromium: a slider that is dragged, and in JupyterLab an exercise that names a mistake."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from math import cos, pi
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from readme_film import HEIGHT, ROOT, SCALE, THEMES, WIDTH, Film

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser"), str(ROOT / "tests" / "widget")]

from driver import CHROMIUM_OPTIONS, PANEL, WAIT, LabPage, chromium, lab_server  # noqa: E402
from mounted import show, speak  # noqa: E402

LANGUAGES = ("en", "zh")
CSS_SIZE = {"width": round(WIDTH / SCALE), "height": round(HEIGHT / SCALE)}
PAPER = {"light": "#ffffff", "dark": "#0d1117"}  # a code host's own, so that a card has no edge
POINTER = """() => {
  document.body.insertAdjacentHTML('beforeend', `<svg id="pointer" width="20" height="24" viewBox="0 0 20 24"
    style="position:fixed;left:0;top:0;z-index:9;pointer-events:none"><path d="M2 1 2 18 6.5 14 9.5 21 12.5 19.7 9.6 13
    15.5 13Z" fill="#111" stroke="#fff" stroke-width="1.5"/></svg>`);
  addEventListener('mousemove', (e) => {
    document.getElementById('pointer').style.transform = `translate(${e.clientX - 2}px, ${e.clientY - 1}px)`;
  });
}"""

SLIDER_FRAMES = 44
FOLLOWED = "current => Math.abs(document.querySelector('.csnn-range').value - current) < 0.01"
# the widget as it is, with one slider: the rest needs more room than a small picture has
ONE_SLIDER = """
  body { margin: 0; width: 448px; overflow: hidden; background: PAPER; }
  .csnn { margin: 0 !important; border: 0 !important; height: 336px; --csnn-paper: PAPER !important; }
  .csnn-head, .csnn-legend, .csnn-more, .csnn-stats, .csnn-toggle, .csnn-control + .csnn-control,
  .csnn-canvas + .csnn-canvas { display: none !important; }
  .csnn .csnn-panel { grid-template-columns: 1fr !important; }
  .csnn-control .csnn-label, .csnn-control .csnn-value { font-size: 16px; }
"""


@contextlib.contextmanager
def chrome(width: int, height: int, scale: float = SCALE) -> Iterator[Page]:
    """A page of Chromium of this size in CSS pixels, with so many pixels for each."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        try:
            page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
            page.set_default_timeout(WAIT)
            yield page
        finally:
            browser.close()


def slider(_: Path) -> dict[tuple[str, str], Film]:
    """Films of LIFExplorer while its current is dragged up and down, by language and theme."""
    films = {}
    for lang in LANGUAGES:
        for theme in THEMES:
            with chrome(**CSS_SIZE) as page:  # a page of its own: a drag does not begin well where one has ended
                page.set_content(f"<html data-theme={theme}><body></body></html>")
                show(page, "LIFExplorer", current=0.1, exact=False)
                page.add_style_tag(content=ONE_SLIDER.replace("PAPER", PAPER[theme]))
                speak(page, lang)
                page.evaluate(POINTER)
                films[lang, theme] = _dragged(page)
    return films


def _dragged(page: Page) -> Film:
    film, box = Film(), page.locator(".csnn-range").first.bounding_box()
    low, high, knob = 0.1, 0.42, 16  # currents between which the mouse goes; px that the knob is wide
    for n in range(SLIDER_FRAMES + 1):
        current = low + (high - low) * (1 - cos(2 * pi * n / SLIDER_FRAMES)) / 2
        page.mouse.move(box["x"] + knob / 2 + (box["width"] - knob) * current / 0.5, box["y"] + box["height"] / 2)
        if n == 0:
            page.mouse.down()
        page.wait_for_function(FOLLOWED, arg=current)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if n < SLIDER_FRAMES:
            film.add(page.screenshot(), 500 if n == 0 else 110)
    page.mouse.up()
    return film


CHAPTER, EXERCISE = "01_lif_neuron.ipynb", "01.euler_step"
BEGIN, END = "def euler_step(v, i, r, tau, dt):\n    return ", f'\n\n\ncourse.check("{EXERCISE}", euler_step)'
WRONG, RIGHT = "v + dt / tau * (v + r * i)", "v + dt / tau * (-v + r * i)"
LAB_CSS = """
  .jp-toast-container, .Toastify, .jp-cell-toolbar, .jp-Toolbar, .jp-Cell .jp-InputPrompt, .jp-OutputPrompt,
  .jp-OutputCollapser, .jp-InputCollapser, .jp-Cell-header { display: none !important; }
  .cm-cursorLayer { animation: none !important; }
  .jp-Notebook .jp-Cell { padding: 4px 8px !important; max-width: WIDTHpx; border-color: transparent !important;
    outline: none !important; box-shadow: none !important; }
  .jp-Notebook .jp-Cell:not(.jp-mod-active), .jp-Notebook .jp-Cell::before { visibility: hidden !important; }
  .jp-Cell.jp-mod-active .course-verdict { font-size: 14px; }
"""
# the number of the cell with this id
FIND = """id => window.jupyterapp.shell.currentWidget.content.widgets.findIndex(cell => cell.model.id === id)"""


def mistake(scratch: Path) -> dict[tuple[str, str], Film]:
    """Films of an exercise in JupyterLab: a wrong answer, the verdict, the answer mended; by language and theme."""
    films = {}
    with lab_server([ROOT / "notebooks" / CHAPTER], scratch) as server, chrome(620, 820) as page:
        lab = LabPage(page, server)
        lab.open_notebook(CHAPTER)
        lab.command("application:toggle-left-area")
        lab.set_cell('course.begin("01")', 'from course_snn import course\n\ncourse.begin("01")')
        lab.run_cell()
        page.add_style_tag(content=LAB_CSS.replace("WIDTH", str(CSS_SIZE["width"])))
        for theme in THEMES:
            lab.command("apputils:change-theme", theme=f"JupyterLab {theme.capitalize()}")
            for lang in LANGUAGES:
                lab.switch_language(lang)
                films[lang, theme] = _answered(lab)
    return films


def _answered(lab: LabPage) -> Film:
    film = Film()
    _type(lab, "")
    lab.command("notebook:clear-cell-output")
    for end in range(0, len(WRONG) + 1, 2):
        _type(lab, WRONG[:end])
        film.add(_cell(lab), 90)
    lab.run_cell()
    film.add(_cell(lab), 2400)
    _type(lab, RIGHT)
    film.add(_cell(lab), 600)
    lab.run_cell()
    film.add(_cell(lab), 1400)
    return film


def _type(lab: LabPage, answer: str) -> None:
    lab.set_cell(f'course.check("{EXERCISE}"', BEGIN + answer + END)


def _cell(lab: LabPage) -> bytes:
    """A picture of the exercise's cell and its verdict."""
    lab.page.evaluate("""async () => {
      const notebook = window.jupyterapp.shell.currentWidget.content;
      await notebook.scrollToItem(notebook.activeCellIndex, 'start');
    }""")
    lab.page.wait_for_timeout(400)  # a scrolled page announces nothing
    box = lab.page.locator(f"{PANEL} .jp-Cell.jp-mod-active").bounding_box()
    return lab.page.screenshot(clip={"x": box["x"], "y": box["y"], **CSS_SIZE})
