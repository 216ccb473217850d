"""Make README's animations and pictures anew from the real course: its networks, its widgets, JupyterLab in Chromium.

Usage (needs Chromium, a Chinese system font, and MNIST in the folder that COURSE_SNN_DATA names):
    uv run python tools/readme_pictures.py [slider|mistake|fields|cloud|languages ...]
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image
from readme_browser import FIND, LANGUAGES, SLIDER_FRAMES, LabPage, chrome, lab_server, mistake, slider
from readme_film import ROOT
from readme_runs import gesture_cloud, growing_fields

CHAPTER = "01_lif_neuron.ipynb"
PAGE_CELL = "circuit"  # the id of the cell that the picture of the two languages begins with


def save_slider(scratch: Path) -> None:
    for (lang, theme), film in slider(scratch).items():
        film.save(f"slider_{lang}_{theme}", still=SLIDER_FRAMES // 2)


def save_mistake(scratch: Path) -> None:
    for (lang, theme), film in mistake(scratch).items():
        film.save(f"mistake_{lang}_{theme}", still=-3)  # the verdict, before the answer is mended


def save_fields(_: Path) -> None:
    for theme, film in growing_fields().items():
        film.save(f"fields_{theme}", still=-1, colours=16)


def save_cloud(_: Path) -> None:
    for theme, film in gesture_cloud().items():
        film.save(f"cloud_{theme}", still=16, colours=16)


def save_languages(scratch: Path) -> None:
    """The same page of chapter 01 in both languages, side by side."""
    with lab_server([ROOT / "notebooks" / CHAPTER], scratch) as server, chrome(700, 820, scale=1) as page:
        halves = _both_pages(LabPage(page, server), scratch)
    both = Image.new("RGB", (sum(half.width for half in halves) + 12, halves[0].height), "#b0bec5")
    both.paste(halves[0], (0, 0))
    both.paste(halves[1], (halves[0].width + 12, 0))
    both.quantize(128, dither=Image.Dither.NONE).save(ROOT / "assets" / "two_languages.png", optimize=True)


def _both_pages(lab: LabPage, scratch: Path) -> list[Image.Image]:
    lab.open_notebook(CHAPTER)
    lab.command("application:toggle-left-area")
    number = lab.page.evaluate(FIND, PAGE_CELL)
    halves = []
    for lang in reversed(LANGUAGES):
        lab.switch_language(lang)
        for _ in range(3):  # heights of the other language, and of widgets, are known only once they were shown
            _show_cell(lab, number)
        halves.append(Image.open(lab.screenshot(scratch / f"page_{lang}.png")).convert("RGB"))
    return halves


def _show_cell(lab: LabPage, number: int) -> None:
    lab.page.evaluate(
        """async number => {
          const notebook = window.jupyterapp.shell.currentWidget.content;
          notebook.activeCellIndex = number;
          await notebook.scrollToItem(number, 'start');
        }""",
        number,
    )
    lab.page.add_style_tag(content=".jp-toast-container, .Toastify { display: none !important }")
    lab.page.wait_for_timeout(1500)  # a picture waits for fonts and formulas, which announce nothing


PICTURES = {
    "slider": save_slider,
    "fields": save_fields,
    "cloud": save_cloud,
    "mistake": save_mistake,
    "languages": save_languages,
}


def main(names: list[str]) -> None:
    if wrong := set(names) - set(PICTURES):
        raise SystemExit(f"unknown picture {', '.join(sorted(wrong))}; there are {', '.join(PICTURES)}.")
    for name in names or PICTURES:
        with tempfile.TemporaryDirectory() as scratch:
            PICTURES[name](Path(scratch))


if __name__ == "__main__":
    main(sys.argv[1:])
