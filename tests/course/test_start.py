"""Where the notebooks are, and how a learner gets a copy: nothing that is there is ever written over."""

import os
import sys
from pathlib import Path

import pytest
from test_cli import invoke
from together import each_of

from course_snn.course import chapters, lab, results, start
from course_snn.course.chapters import CHAPTERS, ChapterError
from course_snn.language import speaking

NAMES = [chapter.file_name for chapter in CHAPTERS[:3]]


def fill(folder: Path, text: str = "{}") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Four folders that may hold notebooks, the working folder among them; none does yet."""
    places = {name: tmp_path / name for name in ("named", "checkout", "working", "package")}
    for place in places.values():
        place.mkdir()
    monkeypatch.delenv(chapters.FOLDER_VARIABLE, raising=False)
    for module in (chapters, start):
        monkeypatch.setattr(module, "IN_CHECKOUT", places["checkout"])
        monkeypatch.setattr(module, "IN_PACKAGE", places["package"])
    monkeypatch.setattr("course_snn.course.finding.IN_CHECKOUT", places["checkout"])
    monkeypatch.chdir(places["working"])
    return places


def test_the_first_place_with_notebooks_is_taken(places, monkeypatch):
    with pytest.raises(ChapterError, match="COURSE_SNN_NOTEBOOKS"):
        chapters.notebooks_dir()
    for name in ("package", "working", "checkout"):
        fill(places[name])
        assert chapters.notebooks_dir() == places[name]
    monkeypatch.setenv(chapters.FOLDER_VARIABLE, str(places["named"]))
    assert chapters.notebooks_dir() == places["named"]
    monkeypatch.setenv(chapters.FOLDER_VARIABLE, "  ")
    assert chapters.notebooks_dir() == places["checkout"]


def test_nothing_is_built_or_run_inside_the_package(places, monkeypatch):
    fill(places["package"])
    assert chapters.working_dir() == places["working"]
    assert chapters.build_dir() == places["working"] / "build"
    fill(places["working"])
    assert chapters.working_dir() == places["working"]
    assert chapters.build_dir() == places["working"] / "build"
    fill(places["checkout"])
    assert chapters.working_dir() == places["checkout"]
    assert chapters.build_dir() == places["checkout"].parent / "build"


def test_lab_does_not_open_the_packages_own(places):
    fill(places["package"])
    with speaking("en"), pytest.raises(ChapterError, match="course-snn start FOLDER"):
        lab.lab_command(None)
    start.start(places["working"])
    assert f"--ServerApp.root_dir={places['working']}" in lab.lab_command(None)


def test_a_copy_leaves_what_is_there(places):
    fill(places["package"], "new")
    folder = places["working"] / "我的课程"
    folder.mkdir()
    (folder / NAMES[1]).write_text("my answers")
    os.symlink("nowhere", folder / NAMES[2]) if sys.platform != "win32" else (folder / NAMES[2]).mkdir()
    first = invoke("start", str(folder))
    assert first.exit_code == 0, first.output
    copied, left = first.output.split("left as they are")
    assert NAMES[0] in copied and NAMES[1] in left and NAMES[2] in left
    assert f'cd "{folder}"' in left and "course-snn lab" in left and "uv run" not in left
    assert (folder / NAMES[0]).read_text() == "new" and (folder / NAMES[1]).read_text() == "my answers"
    (folder / NAMES[0]).write_text("my answers")
    assert NAMES[0] in invoke("start", str(folder)).output.split("left as they are")[1]
    assert (folder / NAMES[0]).read_text() == "my answers"
    assert sorted(os.listdir(folder)) == NAMES


def test_in_a_checkout_its_own_notebooks_are_copied(places):
    fill(places["checkout"], "with answers")
    fill(places["working"], "not these")
    said = invoke("start", "copy").output
    assert (places["working"] / "copy" / NAMES[0]).read_text() == "with answers"
    assert f"COURSE_SNN_NOTEBOOKS={places['working'] / 'copy'}" in said and "uv run course-snn lab" in said


@each_of("where", ["file", "file/below"])
def test_a_folder_that_cannot_be_made_is_told(where, places):
    fill(places["package"])
    (places["working"] / "file").write_text("mine")
    with pytest.raises(ChapterError, match="file"):
        start.start(Path(where))
    assert (places["working"] / "file").read_text() == "mine"


def test_logged_results_are_found_in_a_checkout_and_in_a_wheel(tmp_path, monkeypatch):
    assert "shapes" in results.logged("fused_lif")
    (tmp_path / "x.json").write_text('{"a": 1}')
    monkeypatch.setattr(results, "FOLDERS", (tmp_path / "absent", tmp_path))
    assert results.logged("x") == {"a": 1}
    with pytest.raises(FileNotFoundError, match=r"'y'.*x"):
        results.logged("y")
