"""Where the notebooks are, and how a learner gets a copy: nothing that is there is ever written over."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_cli import invoke
from together import each_of

from course_snn.course import chapters, folder, lab, originals, results, start
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
    for module in (chapters, originals):
        monkeypatch.setattr(module, "IN_CHECKOUT", places["checkout"])
        monkeypatch.setattr(module, "IN_PACKAGE", places["package"])
    monkeypatch.setattr(originals, "CHECKOUT", places["checkout"])
    for module in ("finding", "lab"):
        monkeypatch.setattr(f"course_snn.course.{module}.IN_CHECKOUT", places["checkout"])
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


def test_lab_makes_the_learners_folder_once_and_opens_no_original(places, capsys):
    for source in ("package", "checkout"):
        fill(places[source])
        mine = folder.default()
        assert mine == folder.learner_dir() and not mine.exists()
        assert lab._prepared(folder.learner_dir()) == mine and "just made" in capsys.readouterr().err
        (mine / NAMES[0]).write_text("my answers")
        assert lab._prepared(folder.learner_dir()) == mine and "just made" not in capsys.readouterr().err
        assert (mine / NAMES[0]).read_text() == "my answers"
        assert f"--ServerApp.root_dir={mine}" in lab.lab_command(mine, None)
        shutil.rmtree(mine)


def test_lab_edit_opens_the_checkout_only(places):
    fill(places["package"])
    with speaking("en"), pytest.raises(ChapterError, match="checkout"):
        lab.originals()
    fill(places["checkout"])
    assert lab.originals() == places["checkout"]


def test_server_and_kernels_are_told_which_folder_is_open(places, monkeypatch):
    fill(places["checkout"])
    seen: list = []

    class Served:
        def __init__(self, command, env):
            seen.append((command, env))

        wait = poll = staticmethod(lambda: 0)

    monkeypatch.setattr(lab, "subprocess", SimpleNamespace(Popen=Served))
    assert lab.run_lab() == lab.run_lab(edit=True) == 0
    monkeypatch.setenv(chapters.FOLDER_VARIABLE, str(fill(places["named"], "as it is")))
    lab.run_lab(CHAPTERS[1])
    for (command, environment), place in zip(
        seen, (folder.default(), places["checkout"], places["named"]), strict=True
    ):
        assert f"--ServerApp.root_dir={place}" in command and environment[chapters.FOLDER_VARIABLE] == str(place)
    assert [any("Originals" in part for part in command) for command, _ in seen] == [False, True, False]
    assert not (places["named"] / folder.HIDDEN).exists() and (places["named"] / NAMES[0]).read_text() == "as it is"


def test_the_learners_folder_is_the_named_the_working_the_remembered_or_the_default_one(places, monkeypatch):
    fill(places["package"])
    elsewhere = places["working"].parent / "elsewhere"
    assert folder.learner_dir() == folder.default()
    assert start.start(elsewhere).remembered and folder.learner_dir() == elsewhere
    fill(places["working"])  # a copy that an older version made
    assert folder.learner_dir() == places["working"]
    monkeypatch.chdir(fill(places["checkout"]))  # the course's own are nobody's copy
    assert folder.learner_dir() == elsewhere
    monkeypatch.setenv(chapters.FOLDER_VARIABLE, str(places["named"]))
    assert folder.learner_dir() == places["named"]


@each_of("content", ["", "[]", '{"folder": 1}', '{"folder": "relative"}'])
def test_a_memory_that_says_nothing_is_no_memory(content, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path))
    (tmp_path / folder.MEMORY).write_text(content)
    assert folder.remembered() is None


def test_a_copy_leaves_what_is_there(places):
    fill(places["package"], "new")
    mine = places["working"] / "我的课程"
    mine.mkdir()
    (mine / NAMES[1]).write_text("my answers")
    os.symlink("nowhere", mine / NAMES[2]) if sys.platform != "win32" else (mine / NAMES[2]).mkdir()
    first = invoke("start", str(mine))
    assert first.exit_code == 0, first.output
    copied, left = first.output.split("left as they are")
    assert NAMES[0] in copied and NAMES[1] in left and NAMES[2] in left
    assert "course-snn lab" in left and "uv run" not in left and "cd " not in left  # the folder is remembered
    assert (mine / NAMES[0]).read_text() == "new" and (mine / NAMES[1]).read_text() == "my answers"
    (mine / NAMES[0]).write_text("my answers")
    assert NAMES[0] in invoke("start", str(mine)).output.split("left as they are")[1]
    assert (mine / NAMES[0]).read_text() == "my answers"
    assert sorted(os.listdir(mine)) == [folder.HIDDEN, *NAMES]
    assert os.listdir(mine / folder.HIDDEN / "base") == [NAMES[0]]  # of the others nobody knows what was handed out


def test_what_is_to_be_typed_next_depends_on_what_is_remembered_and_named(places, monkeypatch):
    fill(places["package"])
    monkeypatch.setattr(start, "remember", lambda folder: False)
    mine = places["working"] / "mine"
    assert f'cd "{mine}"' in invoke("start", str(mine)).output
    monkeypatch.setenv(chapters.FOLDER_VARIABLE, str(places["named"]))
    assert "unset COURSE_SNN_NOTEBOOKS" in invoke("start", str(mine)).output


def test_in_a_checkout_its_own_notebooks_are_copied(places):
    fill(places["checkout"], "with answers")
    fill(places["working"], "not these")
    said = invoke("start", "copy").output
    assert (places["working"] / "copy" / NAMES[0]).read_text() == "with answers"
    assert "uv run course-snn lab" in said
    with speaking("en"), pytest.raises(ChapterError, match="--edit"):
        start.start(places["checkout"])


def test_in_a_repository_what_was_committed_counts_as_handed_out(places, monkeypatch):
    fill(places["checkout"], "stub")
    (places["checkout"] / "01_lif_neuron.ipynb").write_text("stub\n")
    git = ["git", "-C", str(places["checkout"]), "-c", "user.name=x", "-c", "user.email=x@x"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *arguments], check=True)
    (places["checkout"] / NAMES[0]).write_text("my answer")
    start.start(mine := places["working"] / "mine")
    assert (mine / NAMES[0]).read_text() == "my answer"
    assert folder.base_file(mine, NAMES[0]).read_text() == "stub"
    assert originals.versions() == {name: b"stub\n" if name == NAMES[1] else b"stub" for name in NAMES}
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert originals.versions()[NAMES[0]] == b"my answer"  # nobody can tell


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
