"""The event player in JupyterLab: it plays, follows the language, tells Python where it stopped, and ends."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from driver import LabPage
from playwright.sync_api import expect

NAME = "player.ipynb"
PLAYER = "article.csnn"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    cells = [
        "from course_snn import widget\nplayer = widget.EventPlayer(at=0.0, speed=1.0)\nplayer",
        'print("at", player.params["at"] > 0)',
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata=kernel)
    path = tmp_path_factory.mktemp("player") / NAME
    nbformat.write(book, path)
    return [path]


def test_a_learner_plays_a_recording(lab: LabPage, shots: Path) -> None:
    lab.open_notebook(NAME)
    lab.run_all()
    player = lab.page.locator(PLAYER).first
    expect(player.locator(".csnn-title")).to_have_text("Event player")
    before = player.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    player.get_by_role("button", name="Play").click()
    expect(player.get_by_role("button", name="Play")).to_be_visible()  # it came to its end
    assert player.locator("canvas").first.evaluate("canvas => canvas.toDataURL()") != before
    lab.switch_language("zh")
    expect(player.locator(".csnn-title")).to_have_text("事件播放器")
    expect(player.get_by_role("button", name="播放")).to_be_visible()
    lab.screenshot(shots / "event_player_zh.png")
    lab.switch_language("en")
    lab.set_cell('print("at"', 'print("at", player.params["at"])')
    lab.run_cell()
    expect(lab.page.locator(".jp-OutputArea-output").filter(has_text="at 100")).to_be_visible()
