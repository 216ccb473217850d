"""Take README's pictures: the widgets and a page of chapter 01, in JupyterLab in Chromium, in both languages.

Usage (needs Chromium and a Chinese system font):
    uv run python tools/readme_pictures.py
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from driver import LabPage, browser_page, lab_server  # noqa: E402

WIDGETS = {
    "lif_explorer": "LIFExplorer(current=0.16)",
    "stp_explorer": "STPExplorer()",
    "stdp_bench": "STDPBench()",
}
CHAPTER = "01_lif_neuron.ipynb"
PAGE_CELL = "circuit"  # the id of the cell that the picture of the two languages begins with


def gallery(path: Path) -> Path:
    """Write a notebook with one widget a cell."""
    cells = [nbformat.v4.new_code_cell(f"from course_snn import widget\nwidget.{call}") for call in WIDGETS.values()]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def shoot_widgets(lab: LabPage, folder: Path) -> None:
    lab.open_notebook("gallery.ipynb")
    lab.command("application:toggle-left-area")
    lab.run_all()
    for lang in ("zh", "en"):
        lab.switch_language(lang)
        for number, name in enumerate(WIDGETS):
            show_cell(lab, number)
            widget = lab.page.locator("article.csnn").nth(number)
            save(widget.screenshot(), folder / f"{name}_{lang}.png")


def shoot_page(lab: LabPage, folder: Path) -> None:
    lab.open_notebook(CHAPTER)
    lab.command("application:toggle-left-area")
    number = lab.page.evaluate(
        "id => window.jupyterapp.shell.currentWidget.content.widgets.findIndex(cell => cell.model.id === id)", PAGE_CELL
    )
    halves = []
    for lang in ("zh", "en"):
        lab.switch_language(lang)
        show_cell(lab, number)
        show_cell(lab, number)  # the other language has other heights, which are known only once it was shown
        path = folder / f"page_{lang}.png"
        lab.screenshot(path)
        halves.append(Image.open(path).convert("RGB"))
        path.unlink()
    both = Image.new("RGB", (sum(half.width for half in halves) + 12, halves[0].height), "#b0bec5")
    both.paste(halves[0], (0, 0))
    both.paste(halves[1], (halves[0].width + 12, 0))
    both.quantize(128, dither=Image.Dither.NONE).save(folder / "two_languages.png", optimize=True)


def show_cell(lab: LabPage, number: int) -> None:
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


def save(png: bytes, path: Path) -> None:
    """Keep a screenshot with 128 colours: a third of the size, no difference to see."""
    path.write_bytes(png)
    Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    folder = ROOT / "assets"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        books = [gallery(Path(scratch) / "gallery.ipynb"), ROOT / "notebooks" / CHAPTER]
        with lab_server(books, Path(scratch)) as server:
            with browser_page(Path(scratch) / "wide", width=1180, height=1100) as page:
                shoot_widgets(LabPage(page, server), folder)
            with browser_page(Path(scratch) / "narrow", width=700, height=820) as page:
                shoot_page(LabPage(page, server), folder)


if __name__ == "__main__":
    main()
