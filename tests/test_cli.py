"""The command `course-snn`: what it says, in which language, and with which exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import minicourse
import pytest
from minicourse import BEGIN, STUB, code
from patience import PATIENCE
from typer.testing import CliRunner

from course_snn.course import chapters, cli, lab
from course_snn.data.presets import PRESETS
from course_snn.language import set_language, speaking

COMMANDS = ("lab", "start", "update", "list", "run", "doctor", "progress", "store", "train")


def course_snn(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a learner types it, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from course_snn.course.cli import main; main()", *arguments],
        env={**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )


def invoke(*arguments: str):
    from course_snn.course import commands

    commands.console.width = 200  # whatever COLUMNS was when it was made
    with speaking("en"):
        return CliRunner(env={"NO_COLOR": "1"}).invoke(commands.app, list(arguments))


def test_help_speaks_the_language_asked_for() -> None:
    english, chinese = course_snn("--help", "--lang", "en"), course_snn("--lang=zh", "run", "--help")
    assert english.returncode == chinese.returncode == 0
    assert all(command in english.stdout for command in COMMANDS)
    assert "hands-on" in english.stdout
    assert "动手" not in english.stdout
    assert "从头到尾运行章节" in chinese.stdout
    assert "Run chapters" not in chinese.stdout


def test_help_is_folded_and_never_cut() -> None:
    """A Chinese sentence has no space where it could be broken: as it comes, rich ends it by an ellipsis."""
    for arguments, end in ((["classroom"], "还没有的。例"), (["classroom", "assign"], "隐藏测试的种子")):
        shown = course_snn("--lang=zh", *arguments, "--help", COLUMNS="80").stdout
        assert end in shown.replace("│", "").replace(" ", "").replace("\n", "")
        assert "…" not in shown.replace("CHAPTER…", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = invoke(command, "--help")
    assert result.exit_code == 0
    assert "--lang" in result.output


def test_a_language_that_is_none_is_refused() -> None:
    for arguments, environment in (["--lang", "fr", "list"], {}), (["list"], {"COURSE_SNN_LANG": "fr"}):
        result = course_snn(*arguments, **environment)
        assert result.returncode == cli.USAGE_ERROR
        assert "'zh', 'en', 'both'" in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [
        ([], None),
        (["run"], None),
        (["run", "--lang", "zh"], "zh"),
        (["--lang=en", "list"], "en"),
        (["run", "--lang"], ""),
    ],
)
def test_the_language_is_read_from_the_arguments(arguments: list[str], lang: str | None) -> None:
    assert cli.asked_language(arguments) == lang


def test_a_relative_folder_is_seen_from_where_the_command_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_SNN_DATA", "my data")
    monkeypatch.setenv("COURSE_SNN_NOTEBOOKS", "my notebooks")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert os.environ["COURSE_SNN_DATA"] == str(tmp_path / "my data")
    assert os.environ["COURSE_SNN_NOTEBOOKS"] == str(tmp_path / "my notebooks")


def test_errors_are_one_line_and_say_what_to_do(folder: Path) -> None:
    unknown = course_snn("run", "99", "--lang", "en")
    assert unknown.returncode == cli.USAGE_ERROR
    assert "there is no chapter '99'" in unknown.stderr
    assert "01_lif_neuron" in unknown.stderr
    absent = course_snn("run", "1", "--lang", "zh")
    assert absent.returncode == cli.USAGE_ERROR
    assert "还没有写好" in absent.stderr
    lost = course_snn("list", "--lang", "en", COURSE_SNN_NOTEBOOKS=str(folder / "nowhere"))
    assert lost.returncode == cli.USAGE_ERROR
    assert "COURSE_SNN_NOTEBOOKS" in lost.stderr
    empty = course_snn("run", "--lang", "en")
    assert empty.returncode == cli.USAGE_ERROR
    assert "no chapter" in empty.stderr
    assert not any("Traceback" in result.stderr for result in (unknown, absent, lost, empty))


def test_list_names_all_chapters_and_those_to_come(folder: Path) -> None:
    minicourse.write(folder / "01_lif_neuron.ipynb", code("1"))
    output = invoke("list").output
    rows = {line[:2]: line for line in output.splitlines() if line[:2].isdigit()}
    assert list(rows) == [f"{number:02d}" for number in range(17)]
    assert "being written" not in rows["01"]
    assert "being written" in rows["06"]


def test_run_reports_and_exits_by_the_outcome(folder: Path, tmp_path: Path) -> None:
    minicourse.write(folder / "01_lif_neuron.ipynb", code(f"{BEGIN}\nrecord('spikes', 2)"), code(STUB, "exercise"))
    minicourse.write(folder / "02_encoders.ipynb", code("raise ValueError('broken on purpose')"))
    report = tmp_path / "sub" / "report.json"
    good = invoke("run", "01", "--json", str(report))
    assert good.exit_code == 0, good.output
    assert "spikes = 2" in good.output
    assert "1/1" in good.output
    written = json.loads(report.read_text(encoding="utf-8"))
    assert written["ok"] is True
    assert written["chapters"][0]["checks"] == {"01.euler_step": True}

    bad = invoke("run", "--json", str(report))
    assert bad.exit_code == 1
    assert "ValueError: broken on purpose" in bad.output
    chapters_run = json.loads(report.read_text(encoding="utf-8"))["chapters"]
    assert [(run["chapter"], run["ok"]) for run in chapters_run] == [("01", True), ("02", False)]


@pytest.mark.parametrize("arguments", [["--preset", "huge"], ["--jobs", "0"], ["--lang", "fr"], ["--nonsense"]])
def test_run_refuses_options_it_does_not_know(arguments: list[str], folder: Path) -> None:
    minicourse.write(folder / "01_lif_neuron.ipynb", code("1"))
    assert invoke("run", *arguments).exit_code == cli.USAGE_ERROR


@pytest.mark.parametrize("preset", PRESETS)
def test_run_takes_every_preset(preset: str, folder: Path) -> None:
    source = f"import os\nassert os.environ['COURSE_SNN_PRESET'] == {preset!r}"
    minicourse.write(folder / "01_lif_neuron.ipynb", code(source))
    assert invoke("run", "--preset", preset).exit_code == 0


def test_run_takes_the_preset_of_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from course_snn.course import runner

    seen: list = []
    minicourse.write(folder / "01_lif_neuron.ipynb", code("1"))

    def run_one(chapter: chapters.Chapter, preset: str, *_: object, **__: object) -> runner.ChapterRun:
        seen.append(preset)
        return runner.ChapterRun(chapter.key, {"zh": "", "en": ""})

    monkeypatch.setattr(runner, "run_chapter", run_one)
    for value in ("full", "quick", " ", "huge"):
        monkeypatch.setenv("COURSE_SNN_PRESET", value)
        result = invoke("run")
    assert result.exit_code == cli.USAGE_ERROR and "huge" in result.output
    invoke("run", "--preset", "laptop")  # what is asked for on the command line wins
    assert seen == ["full", "quick", "laptop", "laptop"]


def test_progress_shows_and_forgets() -> None:
    from course_snn.course import progress

    progress.passed("01.euler_step")
    shown = invoke("progress")
    assert shown.exit_code == 0, shown.output
    line = next(line for line in shown.output.splitlines() if "01 " in line)
    assert "1/" in line
    assert "01.euler_step" not in line  # listed are those still open
    assert invoke("progress", "--reset").exit_code == 0
    assert progress.load()["passed"] == []


def test_store_tells_what_it_did(folder: Path) -> None:
    minicourse.write(folder / "01_lif_neuron.ipynb", code("print(1)"))
    assert "updated" in invoke("store").output
    assert "unchanged" in invoke("store", "1").output
    minicourse.write(folder / "01_lif_neuron.ipynb", code("1 / 0"))
    broken = invoke("store")
    assert broken.exit_code == 1
    assert "ZeroDivisionError" in broken.output


def test_lab_stays_on_this_machine_and_passes_options_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("00_start_here", "03_synapses"):
        minicourse.write(folder / f"{name}.ipynb", code("1"))
    seen: list = []
    monkeypatch.setattr(lab, "run_lab", lambda *arguments: seen.append(arguments) or 0)
    assert invoke("lab").exit_code == 0
    assert invoke("lab", "3", "--no-browser", "--port", "9999", "--lang", "zh", "--ServerApp.quiet=True").exit_code == 0
    plain, full = seen
    assert plain == (None, None, 8888, True, [], False)
    assert full == (chapters.find("3"), "zh", 9999, False, ["--ServerApp.quiet=True"], False)

    command = lab.lab_command(folder, *full[:1], *full[2:5])
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--ServerApp.port=9999" in command
    assert "--LabApp.default_url=/lab/tree/03_synapses.ipynb" in command
    assert f"--ServerApp.root_dir={folder}" in command
    assert "--ServerApp.kernel_spec_manager_class=course_snn.course.kernelspecs.OwnPython" in command
    assert command[-2:] == ["--no-browser", "--ServerApp.quiet=True"]
    assert not any("token" in part.lower() for part in command)  # JupyterLab makes one, as ever
    ours = lab.lab_command(folder, None, extra=["--ServerApp.ip=::1"])
    assert [part for part in ours if "ServerApp.ip" in part] == ["--ServerApp.ip=::1"]


def test_lab_sets_the_first_language_as_a_default_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    with lab._first_language("zh") as environment:
        folder = Path(environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0])
        defaults = json.loads((folder / "labconfig" / "default_setting_overrides.json").read_text(encoding="utf-8"))
    assert defaults["course-lang:plugin"] == {"lang": "zh"}
    assert defaults["@jupyterlab/translation-extension:plugin"] == {"locale": "zh_CN"}
    assert not folder.exists()
    assert not list(tmp_path.iterdir())


def test_a_lesson_shows_no_buttons_of_nbgrader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
    with lab._first_language(None) as environment:
        folder, mine = environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)
        page = json.loads(Path(folder, "labconfig", "page_config.json").read_text(encoding="utf-8"))
        server = json.loads(Path(folder, "jupyter_server_config.json").read_text(encoding="utf-8"))
        assert not Path(folder, "labconfig", "default_setting_overrides.json").exists()
    assert mine == "mine" and page["disabledExtensions"]["@jupyter/nbgrader"]
    enabled = server["ServerApp"]["jpserver_extensions"]
    installed = metadata.files("nbgrader") or []
    config = next(path for path in installed if path.name == "nbgrader.json").read_text()
    assert set(json.loads(config)["ServerApp"]["jpserver_extensions"]) <= set(enabled) and not any(enabled.values())


def test_the_command_line_starts_without_torch() -> None:
    heavy = ("torch", "matplotlib", "nbconvert")
    code = f"import sys; import course_snn.course.commands; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert result.stdout.strip() == "[]", result.stderr


def test_each_chapter_is_found_by_number_name_and_file() -> None:
    for chapter in chapters.CHAPTERS:
        names = (chapter.key, str(chapter.number), chapter.slug, f"notebooks/{chapter.file_name}")
        assert {chapters.find(name) for name in names} == {chapter}
    set_language(None)


def test_the_chapters_are_those_of_the_notebooks_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(chapters.FOLDER_VARIABLE, raising=False)
    on_disk = {path.name for path in chapters.notebooks_dir().glob("*.ipynb")}
    assert on_disk == {chapter.file_name for chapter in chapters.ready_chapters()}
