"""A guess in JupyterLab: it reaches Python and the learner's progress, and outlives the kernel."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from driver import LabPage
from patience import until
from playwright.sync_api import expect

NAME = "guess.ipynb"
CELLS = [
    'from course_snn import course, widget\ncourse.begin("00")',
    'options = {"up": ("变强", "stronger"), "down": ("变弱", "weaker")}\n'
    'widget.GuessChoice("00.try", ("会怎样？", "What happens?"), options)',
    'widget.Truth("00.try", "down")',
]


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS], metadata=kernel)
    path = tmp_path_factory.mktemp("guess") / NAME
    nbformat.write(book, path)
    return [path]


def test_a_guess_is_kept_with_the_progress_and_outlives_the_kernel(lab: LabPage) -> None:
    lab.open_notebook(NAME)
    lab.run_all()
    card = lab.page.get_by_role("button", name="stronger")
    words = lab.page.locator(".csnn-g-words")
    expect(lab.page.locator(".csnn-g-cover")).to_be_visible()
    card.click()
    expect(words).to_have_text("You guessed “stronger”, it is “weaker”.")
    progress = lab.server.folder.parent / "progress" / "progress.json"
    kept = {"00.try": {"value": "up", "sealed": True}}
    until(lambda: progress.exists() and json.loads(progress.read_text())["guesses"] == kept)

    lab.page.evaluate("localStorage.clear()")  # so that only the file of the progress knows
    lab.page.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    lab.wait_idle()
    lab.run_all()
    expect(card).to_have_attribute("aria-pressed", "true")
    expect(card).to_be_disabled()  # sealed, as it was
    expect(words).to_have_text("You guessed “stronger”, it is “weaker”.")
