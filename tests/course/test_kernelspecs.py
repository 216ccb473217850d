"""A notebook runs in this Python, or its learner is told that it does not."""

import json
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from course_snn.course import interpreter, kernelspecs, lab, session
from course_snn.course.kernelspecs import OwnPython, python_of, strays

OTHER = "/opt/other/bin/python"


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of kernels, as Jupyter sees it, in which somebody has installed a python3 and another one."""
    folder = tmp_path / "kernels"
    for name, program in (("python3", OTHER), ("conda-base", OTHER), ("mine", sys.executable), ("bare", "python")):
        (folder / name).mkdir(parents=True)
        spec = {"argv": [program, "-m", "ipykernel_launcher"], "display_name": name, "language": "python"}
        (folder / name / "kernel.json").write_text(json.dumps(spec))
    (folder / "broken").mkdir()
    (folder / "broken" / "kernel.json").write_text("{")
    monkeypatch.setattr(KernelSpecManager, "kernel_dirs", [str(folder)])
    return folder


def test_python3_is_this_python_whatever_is_installed(kernels):
    assert python_of(KernelSpecManager(), "python3") == OTHER
    ours = OwnPython()
    assert python_of(ours, "python3") == python_of(ours, "Python3") == sys.executable
    assert ours.get_all_specs()["python3"]["spec"]["argv"][0] == sys.executable
    assert python_of(ours, "conda-base") == OTHER and "mine" in ours.find_kernel_specs()
    assert [python_of(ours, name) for name in ("absent", "broken", "no such name!")] == [None] * 3


def notebook(folder: Path, name: str, metadata: object) -> None:
    (folder / name).write_text(json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))


def test_notebooks_that_name_another_python_are_found(kernels, folder, capsys):
    for number, kernel in enumerate(["python3", "conda-base", "mine", "bare", "gone"]):
        notebook(folder, f"{number}.ipynb", {"kernelspec": {"name": kernel}})
    for number, odd in enumerate([{}, {"kernelspec": None}, {"kernelspec": {"name": 3}}, []]):
        notebook(folder, f"odd{number}.ipynb", odd)
    (folder / "broken.ipynb").write_text("{")
    found = strays(folder)
    assert [(stray.notebook, stray.python) for stray in found] == [("1.ipynb", OTHER), ("4.ipynb", None)]
    lab._warn_of_strays(folder)
    told = capsys.readouterr().err
    assert told.count("course-snn:") == 2 and "1.ipynb" in told and OTHER in told and kernelspecs.CHOOSE in told


def test_lab_tells_its_kernels_who_it_is():
    with lab._first_language(None) as environment:
        assert environment[interpreter.VARIABLE] == sys.prefix


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list:
    lines: list = []
    monkeypatch.setattr(session, "announce", lines.append)
    monkeypatch.setattr(session.figure, "use_style", lambda: None)
    return lines


def test_the_first_cell_says_nothing_in_the_right_python(said, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for value in (sys.prefix, "", None):
        monkeypatch.setenv(interpreter.VARIABLE, value) if value is not None else monkeypatch.delenv(
            interpreter.VARIABLE
        )
        session.begin("00")
    assert said == []


def test_the_first_cell_says_which_python_runs_and_how_to_choose(said, monkeypatch):
    monkeypatch.setenv(interpreter.VARIABLE, "/opt/other")
    session.begin("00")
    [line] = said
    for text in (line.zh, line.en):
        assert sys.executable in text and "/opt/other" in text and "Python 3 (ipykernel)" in text
    assert "内核 → 更改内核…" in line.zh and "Kernel → Change Kernel…" in line.en


def test_notebooks_of_a_checkout_want_the_course_beside_them(said, monkeypatch, tmp_path, root):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "course_snn").mkdir()
    monkeypatch.delenv(interpreter.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path / "notebooks")
    session.begin("00")
    assert said == []
    (tmp_path / "course_snn" / "__init__.py").touch()  # another copy of the course
    session.begin("00")
    assert str(tmp_path) in said[0].en
    monkeypatch.chdir(root / "notebooks")
    session.begin("00")
    assert len(said) == 1
