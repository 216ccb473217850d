"""`course-snn lab`, the first command of the README, as a learner meets it."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from driver import COURSE_SNN_LAB, LabPage, browser_page, lab_server
from minicourse import PROSE, code, markdown, write
from patience import PATIENCE, until

from course_snn.course.store import canonical, serialise


def test_it_opens_in_the_language_asked_for_behind_its_token(tmp_path: Path, shots: Path) -> None:
    import nbformat

    path = write(tmp_path / "source" / "00_start_here.ipynb", markdown(PROSE), code("1"))
    path.write_text(serialise(canonical(nbformat.read(path, as_version=4))), encoding="utf-8")
    with (
        lab_server([path], tmp_path / "lab", (*COURSE_SNN_LAB, "--lang", "zh")) as server,
        browser_page(tmp_path / "profile") as page,
    ):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{server.url}/api/contents", timeout=PATIENCE)
        lab = LabPage(page, server)
        page.goto(f"{server.url}/?token={server.token}")  # the address it prints: it leads to the first chapter
        lab.wait_loaded()
        assert page.url.startswith(f"{server.url}/lab/tree/00_start_here.ipynb")
        assert lab.language() == "zh"
        assert "文件" in lab.menus()
        assert lab.shows("时间常数")
        assert not lab.shows("The time constant")
        assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0  # no news, no questions
        lab.screenshot(shots / "course_snn_lab.png")

        lab.switch_language("en")  # what the learner chooses wins over --lang from now on
        lab.reload()
        assert lab.language() == "en"
        assert "File" in lab.menus()
        assert not page.errors
    until(lambda: refused(server.url))  # the command was ended, and its server with it


def refused(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/api", timeout=PATIENCE).close()
    except urllib.error.URLError as error:
        return "refused" in str(error)
    return False
