"""The doctor: a sound machine passes, and each fault it is there for is found, with what to do."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from course_snn.course import doctor, machine
from course_snn.data import files
from course_snn.language import speaking


def finding(look) -> doctor.Finding:
    with speaking("en"):
        return next(iter(look()))


def test_this_environment_passes() -> None:
    problems = [found for found in doctor.examine() if found.state == doctor.PROBLEM]
    assert problems == []


def test_a_problem_makes_the_command_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from course_snn.course.commands import app

    monkeypatch.setenv("COURSE_SNN_NOTEBOOKS", "/nowhere")
    with speaking("en"):
        result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "PROBLEM" in result.output
    assert "1 problem(s)" in result.output


@pytest.mark.parametrize(
    ("pin", "version", "state"),
    [
        ("ipywidgets>=8.1.7,<9", "8.1.9", doctor.OK),
        ("ipywidgets>=8.1.7,<9", "8.1.6", doctor.PROBLEM),
        ("torch==2.11.*", "2.11.0+cpu", doctor.OK),
        ("torch==2.11.*", "2.12.0", doctor.PROBLEM),
        ("torch==2.11.*", None, doctor.PROBLEM),
    ],
)
def test_versions_are_held_to_their_pins(pin: str, version: str | None, state: str) -> None:
    with speaking("en"):
        found = doctor.version_finding(Requirement(pin), version)
    assert found.state == state
    assert ("uv sync" in found.advice) is (state == doctor.PROBLEM)


def test_every_pin_of_pyproject_is_looked_at(root: Path) -> None:
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line) for line in project["dependencies"]]
    looked_at = {pin.name.lower(): pin.specifier for pin in doctor.requirements()}
    assert looked_at == {pin.name.lower(): pin.specifier for pin in wanted}
    assert {name.lower() for name in machine.versions()} == {"python", "course-snn", *looked_at}
    assert None not in machine.versions().values()


def test_without_an_installed_course_there_are_no_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "COURSE", "no-such-course")
    assert machine.requirements() == [] and machine.versions()["no-such-course"] is None


def test_an_old_copy_of_the_extension_is_seen(root: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(root / "labextension", tmp_path / "copy")
    assert not doctor.stale(copy, root / "labextension")
    (copy / "static" / "remoteEntry.js").write_text("// older")
    assert doctor.stale(copy, root / "labextension")
    (copy / "static" / "remoteEntry.js").unlink()
    assert doctor.stale(copy, root / "labextension")


def test_a_missing_extension_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "labextension", lambda name: None)
    assert finding(doctor._extension).state == doctor.PROBLEM
    assert all(found.state == doctor.PROBLEM and found.advice for found in doctor._widgets())


def test_a_data_folder_that_is_not_there_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert finding(doctor._data).state == doctor.NOTE
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path / "absent"))
    found = finding(doctor._data)
    assert (found.state, "absent" in found.found) == (doctor.PROBLEM, True)


def test_each_data_set_is_real_damaged_or_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    files.MNIST.raw.mkdir(parents=True)
    for file in files.MNIST.files:
        with (files.MNIST.raw / file.name).open("wb") as sparse:
            sparse.truncate(file.size)
    assert [found.state for found in doctor._data()] == [doctor.OK, doctor.NOTE]
    assert machine.data_source() == {"source": "folder", "folder": "COURSE_SNN_DATA", "sets": ["MNIST"]}
    with (files.MNIST.raw / "t10k-images-idx3-ubyte").open("wb") as cut:
        cut.truncate(1000)
    assert [found.state for found in doctor._data()] == [doctor.PROBLEM, doctor.NOTE]
    assert machine.data_source()["source"] == "stand-in"


def test_a_report_does_not_say_where_on_this_machine_the_data_lie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for folder in (str(tmp_path), ""):
        monkeypatch.setenv("COURSE_SNN_DATA", folder)
        assert not {"/", "\\"} & set(machine.data_source()["folder"])


def test_recordings_that_are_fetched_by_hand_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    gestures, digits = doctor._recordings()
    assert (gestures.state, digits.state) == (doctor.NOTE, doctor.NOTE)
    assert str(tmp_path / "N-MNIST") in digits.advice and str(tmp_path / "DVS128Gesture") in gestures.advice
    (tmp_path / "DVS128Gesture" / "download").mkdir(parents=True)
    (tmp_path / "DVS128Gesture" / "download" / "DvsGesture.tar.gz").touch()
    (tmp_path / "N-MNIST" / "Train").mkdir(parents=True)
    assert [found.state for found in doctor._recordings()] == [doctor.OK, doctor.NOTE]  # Test is still missing
    (tmp_path / "N-MNIST" / "Test.zip").touch()
    assert [found.state for found in doctor._recordings()] == [doctor.OK, doctor.OK]


@pytest.mark.skipif(sys.platform == "win32", reason="folders are made read-only in another way there")
def test_progress_that_cannot_be_written_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    assert finding(doctor._progress).state == doctor.OK
    monkeypatch.setenv("COURSE_SNN_HOME", "/proc/course-snn")
    found = finding(doctor._progress)
    assert found.state == doctor.PROBLEM
    assert "COURSE_SNN_HOME" in found.advice


def test_no_browser_and_little_disk_are_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_browser():
        raise doctor.webbrowser.Error

    monkeypatch.setattr(doctor.webbrowser, "get", no_browser)
    found = finding(doctor._browser)
    assert (found.state, "--no-browser" in found.advice) == (doctor.NOTE, True)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 2**20))
    assert finding(doctor._disk).state == doctor.NOTE


def test_a_look_that_breaks_is_itself_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ImportError("no module")

    monkeypatch.setattr(doctor.importlib, "import_module", broken)
    states = [found.found for found in doctor.examine() if found.state == doctor.PROBLEM]
    assert states == ["ImportError: no module"]
