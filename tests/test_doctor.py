"""The doctor: a sound machine passes, and each fault it is there for is found, with what to do."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from course_snn.course import doctor, doctor_disk, finding, kernelspecs, machine, tables
from course_snn.course.finding import NOTE, OK, PROBLEM, Finding
from course_snn.data import files
from course_snn.language import speaking, tr


def first(look) -> Finding:
    with speaking("en"):
        return next(iter(look()))


def test_this_environment_passes() -> None:
    problems = [found for found in doctor.examine() if found.state == PROBLEM]
    assert problems == []


def test_a_problem_makes_the_command_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from course_snn.course.commands import app

    monkeypatch.setenv("COURSE_SNN_NOTEBOOKS", "/nowhere")
    with speaking("en"):
        result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "PROBLEM" in result.output
    assert result.output.startswith("2 problem(s)")  # the chapters, and so the kernels that they name
    assert result.output.rstrip().endswith("Solve the problems as the arrows say, then run: uv run course-snn doctor")


@pytest.mark.parametrize(
    ("pin", "version", "state"),
    [
        ("ipywidgets>=8.1.7,<9", "8.1.9", OK),
        ("ipywidgets>=8.1.7,<9", "8.1.6", PROBLEM),
        ("torch==2.11.*", "2.11.0+cpu", OK),
        ("torch==2.11.*", "2.12.0", PROBLEM),
        ("torch==2.11.*", None, PROBLEM),
    ],
)
def test_versions_are_held_to_their_pins(pin: str, version: str | None, state: str) -> None:
    with speaking("en"):
        found = doctor.version_finding(Requirement(pin), version)
    assert found.state == state
    assert ("uv sync" in found.advice) is (state == PROBLEM)


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
    assert first(doctor._extension).state == PROBLEM
    assert all(found.state == PROBLEM and found.advice for found in doctor._widgets())


def test_a_data_folder_that_is_not_there_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert first(doctor_disk.data).state == NOTE
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path / "absent"))
    found = first(doctor_disk.data)
    assert (found.state, "absent" in found.found) == (PROBLEM, True)


def test_each_data_set_is_real_damaged_or_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    files.MNIST.raw.mkdir(parents=True)
    for file in files.MNIST.files:
        with (files.MNIST.raw / file.name).open("wb") as sparse:
            sparse.truncate(file.size)
    assert [found.state for found in doctor_disk.data()] == [OK, NOTE, NOTE]
    assert machine.data_source() == {"source": "folder", "folder": "COURSE_SNN_DATA", "sets": ["MNIST"]}
    with (files.MNIST.raw / "t10k-images-idx3-ubyte").open("wb") as cut:
        cut.truncate(1000)
    assert [found.state for found in doctor_disk.data()] == [PROBLEM, NOTE, NOTE]
    assert machine.data_source()["source"] == "stand-in"


def test_a_report_does_not_say_where_on_this_machine_the_data_lie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for folder in (str(tmp_path), ""):
        monkeypatch.setenv("COURSE_SNN_DATA", folder)
        assert not {"/", "\\"} & set(machine.data_source()["folder"])


def test_recordings_that_are_fetched_by_hand_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    gestures, digits = doctor_disk.recordings()
    assert (gestures.state, digits.state) == (NOTE, NOTE)
    assert str(tmp_path / "N-MNIST") in digits.advice and str(tmp_path / "DVS128Gesture") in gestures.advice
    (tmp_path / "DVS128Gesture" / "download").mkdir(parents=True)
    (tmp_path / "DVS128Gesture" / "download" / "DvsGesture.tar.gz").touch()
    (tmp_path / "N-MNIST" / "Train").mkdir(parents=True)
    assert [found.state for found in doctor_disk.recordings()] == [OK, NOTE]  # Test is still missing
    (tmp_path / "N-MNIST" / "Test.zip").touch()
    assert [found.state for found in doctor_disk.recordings()] == [OK, OK]


@pytest.mark.skipif(sys.platform == "win32", reason="folders are made read-only in another way there")
def test_progress_that_cannot_be_written_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    assert first(doctor_disk.own_progress).state == OK
    monkeypatch.setenv("COURSE_SNN_HOME", "/proc/course-snn")
    found = first(doctor_disk.own_progress)
    assert found.state == PROBLEM
    assert "COURSE_SNN_HOME" in found.advice


def test_a_home_that_is_a_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").touch()
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path / "home"))
    assert first(doctor_disk.own_progress).state == PROBLEM


def test_no_browser_and_little_disk_are_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_browser():
        raise doctor.webbrowser.Error

    monkeypatch.setattr(doctor.webbrowser, "get", no_browser)
    found = first(doctor._browser)
    assert (found.state, "--no-browser" in found.advice) == (NOTE, True)
    monkeypatch.setattr(doctor_disk.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 2**20))
    assert first(doctor_disk.disk).state == NOTE


def test_a_look_that_breaks_is_itself_a_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ImportError("no module")

    monkeypatch.setattr(doctor.importlib, "import_module", broken)
    states = [found.found for found in doctor.examine() if found.state == PROBLEM]
    assert states == ["ImportError: no module"]


def test_five_rows_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking("en"):
        what = [found.what for found in doctor.vital()]
    assert what == ["Python and packages", "Chapters", "Kernel of the notebooks", "Speed", "Progress"]
    monkeypatch.setattr(doctor, "version_finding", lambda pin, version: Finding(PROBLEM, pin.name, "0.1", "run: it"))
    packages = first(doctor._packages)
    assert packages.state == PROBLEM and "torch 0.1" in packages.found and packages.advice == "run: it"


def test_the_slow_path_is_a_note_that_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    from course_snn.kernel import cache, plan

    assert first(doctor._speed).state == OK
    monkeypatch.setattr(cache, "kept", lambda: False)
    assert "every start compiles" in first(doctor._speed).found
    monkeypatch.setattr(plan, "hindrance", lambda: ImportError("no numba"))
    found = first(doctor._speed)
    assert found.state == NOTE and "several times slower" in found.found and "ImportError: no numba" in found.found


def test_a_kernel_of_another_python_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert first(doctor._kernel).state == OK
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        '{"argv": ["/opt/other/bin/python"], "display_name": "x", "language": "python"}'
    )
    monkeypatch.setattr(kernelspecs.KernelSpecManager, "kernel_dirs", [str(kernel.parent)])
    found = first(doctor._kernel)
    assert found.state == NOTE and "/opt/other/bin/python" in found.found and "uv run course-snn lab" in found.advice


def test_where_it_is_installed_nothing_speaks_of_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "holds_chapters", lambda folder: False)
    with speaking("en"):
        assert finding.command("lab") == "course-snn lab"
        assert finding.reinstall() == "run: pip install --force-reinstall --no-deps course_snn-….whl"
        assert finding.reinstall("numba") == "run: pip install --force-reinstall --no-deps numba"
        assert finding.install("numba>=0.63") == 'run: pip install "numba>=0.63"'


SENTENCE = "这一句话很长中间没有一个空格所以窄的终端里要折成好几行而不能截断"


@pytest.mark.parametrize("width", [30, 40, 80])
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_nothing_is_cut_in_a_narrow_terminal(width: int, lang: str) -> None:
    from rich.cells import cell_len
    from rich.console import Console

    from course_snn.course.options import in_words, tell

    long = tr(SENTENCE, "an_english_name_without_any_space_" * 3)
    with speaking(lang):
        shown = tables.findings(
            [Finding(PROBLEM, long, long, long)], [Finding(NOTE, long, "x", "y")], "run it", tell, in_words
        )
        console = Console(width=width, record=True, file=io.StringIO())
        for part in shown:
            console.print(part)
    text = console.export_text()
    assert "…" not in text
    assert max(cell_len(line) for line in text.splitlines()) <= width
    whole = "".join(line.split("│")[3].strip() for line in text.splitlines() if line.count("│") == 4)
    for half in {"zh": [long.zh], "en": [long.en], "both": [long.zh, long.en]}[lang]:
        assert whole.replace(" ", "").count(half) == 2  # found, and what to do


def test_problems_of_the_rest_move_up() -> None:
    shown = tables.findings(
        [Finding(OK, "a", "fine")],
        [Finding(OK, "b", "fine"), Finding(PROBLEM, "c", "bad")],
        "it",
        lambda _, en: en,
        str,
    )
    assert [table.row_count for table in shown[1:3]] == [2, 1]
