"""The autograder for Gradescope: the zip, and what it does with a hand-in, run as Gradescope runs it."""

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import hand_ins
import pytest
from patience import PATIENCE
from together import each_of
from typer.testing import CliRunner

from course_snn import language
from course_snn.course import commands
from course_snn.course.chapters import find, ready_chapters
from course_snn.course.classroom import autograder, fence, gradescope, own_wheel
from course_snn.course.classroom import states as states_of
from course_snn.course.classroom.error import ClassroomError

ROOT = Path(__file__).resolve().parents[2]
LINUX = sys.platform.startswith("linux")
BASH = shutil.which("bash")


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Path:
    return gradescope.gradescope([find("00")], tmp_path_factory.mktemp("改卷") / "批改.zip", seed="x")


def test_the_zip_is_what_gradescope_unpacks_and_runs(packed):
    with zipfile.ZipFile(packed) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert {entry.create_system for entry in archive.infolist()} == {3}
        texts = {name: archive.read(name) for name in modes if not name.endswith(".whl")}
    programs = {name for name, mode in modes.items() if mode == stat.S_IFREG | 0o755}
    assert programs == {"setup.sh", "run_autograder"}
    assert all(b"\r" not in text and text.endswith(b"\n") for text in texts.values())
    settings = json.loads(texts["assignment.json"])
    assert settings["chapters"] == ["00"] and settings["exam"] is False
    pins = dict(line.split("==") for line in texts["constraints.txt"].decode().split())
    assert {"torch", "numpy", "nbformat"} <= set(pins) and not any("+" in version for version in pins.values())
    assert all(text.startswith(b"#!/usr/bin/env bash\n") and b"@" not in text for text in map(texts.get, programs))
    for name in programs if BASH and LINUX else ():
        subprocess.run([BASH, "-n"], input=texts[name], check=True, timeout=PATIENCE)


def test_the_wheel_in_it_is_whole(packed):
    with zipfile.ZipFile(packed) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".whl"))
        content = archive.read(name)
    wheel = zipfile.ZipFile(io.BytesIO(content))
    names = wheel.namelist()
    assert len(names) == len(set(names)) and re.fullmatch(r"course_snn-[\d.]+-py3-none-any\.whl", name)
    record = next(name for name in names if name.endswith("/RECORD"))
    told = {line[0]: line[1] for line in csv.reader(io.StringIO(wheel.read(record).decode()))}
    assert set(told) == set(names)
    for part in names:
        digest = base64.urlsafe_b64encode(hashlib.sha256(wheel.read(part)).digest()).decode().rstrip("=")
        assert told[part] in (f"sha256={digest}", "" if part == record else "-"), part
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "course_snn").rglob("*") if path.is_file()}
    chapters = {f"course_snn/notebooks/{chapter.file_name}" for chapter in ready_chapters()}
    wanted = {path for path in package if "__pycache__" not in path} | chapters
    assert wanted - set(names) == set()
    assert b"Requires-Dist: torch" in wheel.read(record.replace("RECORD", "METADATA"))
    assert own_wheel.wheel() == (name, content)


def test_a_second_zip_keeps_the_hidden_cases_and_no_other_file_is_replaced(packed, tmp_path):
    out = tmp_path / "a.zip"
    shutil.copy(packed, out)
    arguments = ["classroom", "gradescope", "00", str(out), "--exam"]
    done = CliRunner().invoke(commands.app, arguments)
    assert done.exit_code == 0 and "README.txt" in done.output, done.output
    told = []
    for path in (packed, out):
        with zipfile.ZipFile(path) as archive:
            told.append(json.loads(archive.read("assignment.json")))
    assert told[0] | {"exam": True} == told[1]
    for name, match in (("x.txt", "x.txt.zip"), ("mine.zip", "another file")):
        (tmp_path / name).write_text("mine")
        with pytest.raises(ClassroomError, match=match):
            gradescope.gradescope([find("00")], tmp_path / name)
        assert (tmp_path / name).read_text() == "mine"


def unpacked(packed: Path, folder: Path, **files: bytes) -> Path:
    """Gradescope's folder, with what a student handed in."""
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder / "source")
    (folder / "submission").mkdir()
    for name, content in files.items():
        (folder / "submission" / name).write_bytes(content)
    return folder


def ran(folder: Path, python: str = sys.executable) -> dict:
    """Run the autograder as Gradescope does; returns its results."""
    environment = {**os.environ, "COURSE_SNN_AUTOGRADER": str(folder), "COURSE_SNN_PYTHON": python}
    script = folder / "source" / "run_autograder"
    done = subprocess.run([BASH, script], env=environment, capture_output=True, encoding="utf-8", timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "results" / "results.json").read_text("utf-8"))


def answered(code: str) -> bytes:
    return json.dumps(hand_ins.solved("00", count_spikes=code), ensure_ascii=False).encode()


FORGER = """
import json, os, pathlib, subprocess, sys
subprocess.Popen(["/bin/sh", "-c", "sleep 600"], start_new_session=True)
def count_spikes(train):
    for folder in (RESULTS, "/autograder/results"):
        try:
            os.makedirs(folder, exist_ok=True)
            pathlib.Path(folder, "results.json").write_text(json.dumps({"score": 99}))
        except OSError:
            pass
    return 10 ** 6
"""


@pytest.mark.skipif(not (BASH and LINUX) or fence.obstacle() is not None, reason="needs bubblewrap")
def test_a_hand_in_is_graded_and_writes_no_results_of_its_own(packed, tmp_path):
    folder = tmp_path / "autograder"
    forger = FORGER.replace("RESULTS", repr(str(folder / "results")))
    found = ran(unpacked(packed, folder, **{"作业 (1).ipynb": answered(forger)}))
    assert set(found) == {"score", "tests", "extra_data"}
    marks = {test["name"]: (test["score"], test["status"]) for test in found["tests"]}
    assert marks.pop("00.count_spikes") == (0.0, "failed")
    assert set(marks.values()) <= {(1.0, "passed")} and found["score"] == len(marks)
    assert "00.count_spikes" in found["extra_data"]["flags"][0]  # for the teacher's eyes


@pytest.mark.skipif(not (BASH and LINUX), reason="Gradescope runs Linux")
def test_results_are_there_even_if_python_is_not(packed, tmp_path):
    folder = unpacked(packed, tmp_path / "autograder")
    (folder / "results" / "results.json").mkdir(parents=True)  # something odd lies there
    found = ran(folder, python="/nowhere/python")
    assert found["score"] == 0 and "did not finish" in found["output"] and "批改" in found["output"]


def inside(folder: Path, monkeypatch) -> dict:
    monkeypatch.setattr(sys, "argv", ["autograder", str(folder)])
    autograder.main()
    return json.loads((folder / "results" / "results.json").read_text("utf-8"))


@each_of(("files", "told"), [
    ({}, "No notebook"), ({"a.txt": b"hello", ".b.ipynb": b"{}"}, "No notebook"),
    ({"a.ipynb": b"{"}, "not a whole notebook"), ({"a.ipynb": b'{"cells": []}'}, "without cells"),
    ({"a.ipynb": b"\xff\xfe\x00", "b.ipynb": b"[]"}, "not a"),
])  # fmt: skip
def test_what_is_no_hand_in_gets_no_points_and_a_reason(packed, tmp_path_factory, monkeypatch, files, told):
    monkeypatch.setattr(autograder, "obstacle", lambda: None)
    folder = unpacked(packed, tmp_path_factory.mktemp("autograder"), **files)
    found = inside(folder, monkeypatch)
    assert found["score"] == 0 and {test["score"] for test in found["tests"]} == {0}
    assert told in json.dumps(found) and re.search("[一-龥]", found["tests"][0]["output"])


def test_where_nothing_stands_between_answers_and_results_none_is_run(packed, tmp_path, monkeypatch):
    monkeypatch.setattr(autograder, "obstacle", lambda: language.tr("没有沙箱", "no sandbox here"))
    monkeypatch.setenv(autograder.USER, "nobody-of-that-name")
    folder = unpacked(packed, tmp_path / "a", **{"a.ipynb": answered("raise SystemExit")})
    found = inside(folder, monkeypatch)
    assert found["score"] == 0 and "no sandbox here" in found["output"] and "tests" not in found
    (folder / "source" / "assignment.json").write_text("{")
    assert "not your fault" in inside(folder, monkeypatch)["output"]


def test_an_exam_says_passed_or_not_and_of_several_notebooks_the_best_counts():
    mark, label = autograder.Mark, language.tr("错在此", "it is wrong there")
    names = ["00.count_spikes", "01.euler_step"]
    rows = [
        autograder.Row("1.ipynb", "", {names[0]: mark.of("wrong", label)}),
        autograder.Row("2.ipynb", "", {names[0]: mark.of("passed", label)}, (label,)),
        autograder.Row("3.ipynb", "", {name: mark.of("unreadable", label) for name in names}),
        autograder.Row("4.ipynb", "", {names[1]: mark.of("wrong", label)}),
    ]
    states, flags = autograder.chosen(autograder.Grades(tuple(names), tuple(rows), ""), names)
    assert [states[name].state for name in names] == ["passed", "wrong"] and flags == (label,)
    shown = autograder._results(states, flags, None, exam=True)
    assert [test["output"] for test in shown["tests"]] == ["通过 Passed", "还不对 Not yet"] and shown["score"] == 1.0
    told = autograder._results(states, flags, None, exam=False)["tests"][1]["output"]
    assert told == "不对 Wrong\n错在此\nit is wrong there" and {*states_of.WORDS} == {
        *autograder.marks.STATES,
        states_of.ABSENT,
    }


OTHER = "54321"  # a user who is nobody here


def _becomes_another() -> bool:
    if not LINUX or os.geteuid() != 0 or not shutil.which("setpriv"):
        return False
    command = [*autograder.separate(int(OTHER)), sys.executable, "-c", "import course_snn"]
    return subprocess.run(command, capture_output=True, cwd="/").returncode == 0


@pytest.mark.skipif(not _becomes_another(), reason="needs root, and a Python that others may run")
def test_without_a_sandbox_answers_run_as_somebody_who_can_write_nothing(packed, tmp_path, monkeypatch):
    monkeypatch.setattr(autograder, "obstacle", lambda: language.tr("没有沙箱", "no sandbox here"))
    monkeypatch.setenv(autograder.USER, OTHER)
    folder = tmp_path / "autograder"
    forger = FORGER.replace("RESULTS", repr(str(folder / "results")))
    found = inside(unpacked(packed, folder, **{"a.ipynb": answered(forger)}), monkeypatch)
    marks = {test["name"]: test["score"] for test in found["tests"]}
    assert marks.pop("00.count_spikes") == 0.0 and set(marks.values()) <= {1.0}
    assert not autograder._left(int(OTHER))
