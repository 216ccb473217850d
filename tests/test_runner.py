"""Running chapters headless: solutions in, results out, and nothing of the learner's touched."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from threading import Thread

import minicourse
import nbformat
import pytest
from minicourse import BEGIN, PROSE, STUB, code, markdown
from patience import until

from course_snn.course import chapters, execute, runner
from course_snn.course.chapters import find
from course_snn.course.runner import ChapterRun, run_chapter, run_chapters


def test_a_chapter_runs_solved_and_is_written(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "learner"
    monkeypatch.setenv("COURSE_SNN_HOME", str(home))
    environment = (
        "import os\nrecord('preset', os.environ['COURSE_SNN_PRESET'])\nrecord('lang', os.environ['COURSE_SNN_LANG'])"
    )
    python = "import sys\nrecord('python', sys.executable)"
    source = minicourse.write(
        folder / "01_lif_neuron.ipynb",
        markdown(PROSE),
        code(BEGIN),
        code(environment),
        code(python),
        code(STUB, "exercise"),
    )
    before = source.read_bytes()
    ticks: list[int] = []
    result = run_chapter(find("1"), lang="zh", on_cell=lambda: ticks.append(1))

    assert result.failure is None
    assert result.ok
    assert (result.cells, result.cells_run, len(ticks)) == (4, 4, 4)
    assert result.checks == {"01.euler_step": True}
    values = {record["name"]: record["value"] for record in result.records}
    assert values == {"preset": "laptop", "lang": "zh", "python": sys.executable}
    assert result.seconds > 0
    executed = nbformat.read(tmp_path / "build" / "01_lif_neuron.ipynb", as_version=4)
    assert executed.cells[-1].outputs
    assert 'lang="zh"' in (tmp_path / "build" / "01_lif_neuron.html").read_text(encoding="utf-8")
    assert source.read_bytes() == before
    assert not home.exists()  # our solutions passed, the learner did not


def test_an_output_that_was_emptied_is_gone() -> None:
    kept, emptied = (nbformat.v4.new_output("display_data", data=data) for data in ({"text/plain": "1"}, {}))
    cell = code("bar()")
    cell.outputs = [nbformat.v4.new_output("stream", text="said"), emptied, kept]
    execute.drop_empty(nbformat.v4.new_notebook(cells=[markdown("one"), cell]))
    assert [output.output_type for output in cell.outputs] == ["stream", "display_data"] and cell.outputs[1] is kept


def test_what_goes_wrong_is_told_and_does_not_stop_the_others(folder: Path) -> None:
    minicourse.write(folder / "01_lif_neuron.ipynb", markdown("one"), code("1 / 0"), code("print('not reached')"))
    minicourse.write(
        folder / "02_encoders.ipynb", code(BEGIN), code("record('accuracy', 0.5, at_least=0.9)"), code("print('no')")
    )
    minicourse.write(folder / "03_synapses.ipynb", code("import os\nos._exit(1)"))
    minicourse.write(folder / "04_simulator.ipynb", code("x = 1", "exercise"))
    minicourse.write(folder / "05_stdp.ipynb", code("print('fine')"))
    names = ("1", "2", "3", "4", "5", "6")
    runs = run_chapters([find(name) for name in names], run_chapter, jobs=2)

    assert [run.ok for run in runs] == [False, False, False, False, True, False]
    zero, band, dead, unchecked, _, absent = (run.failure for run in runs)
    assert (zero.cell, zero.name) == (2, "ZeroDivisionError")
    assert "1 / 0" in zero.traceback
    assert (runs[0].cells, runs[0].cells_run) == (2, 1)
    assert band.name == "OutOfBand"
    assert runs[1].records[0]["ok"] is False
    assert (dead.cell, dead.name) == (1, "DeadKernelError")
    assert "last statement is not course.check" in unchecked.message
    assert absent.name == "ChapterError"


def test_a_solution_that_fails_its_check_is_a_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    minicourse.write(folder / "01_lif_neuron.ipynb", code(BEGIN), code(STUB, "exercise"))
    monkeypatch.setattr(runner, "_solution_source", lambda name: "def euler_step(v, i, r, tau, dt):\n    return v")
    result = run_chapter(find("1"))
    assert result.failure is None
    assert result.checks == {"01.euler_step": False}
    assert not result.ok


def test_an_error_that_is_only_shown_is_a_failure_unless_it_is_meant(folder: Path) -> None:
    unshowable = "class Picture:\n    def _repr_html_(self):\n        raise ValueError('cannot draw')\nPicture()"
    minicourse.write(folder / "01_lif_neuron.ipynb", code("1 / 0", "raises-exception"), code(unshowable))
    failure = run_chapter(find("1")).failure
    assert failure.cell == 2
    assert "cannot draw" in failure.traceback


def test_a_check_that_never_ran_is_a_failure() -> None:
    assert ChapterRun("01", {}, checks={"01.a": True}).ok
    assert not ChapterRun("01", {}, checks={"01.a": True}, missing_checks=["01.b"]).ok
    assert not ChapterRun("01", {}, records=[{"ok": False}]).ok


def test_solve_keeps_the_check_and_leaves_other_cells() -> None:
    stub = 'def f(x):\n    ...\n\ncourse.check(\n    "01.f",\n    f,\n)'
    notebook = nbformat.v4.new_notebook(cells=[markdown("# f"), code("x = 1"), code(stub, "exercise")])
    assert execute.solve(notebook, lambda name: f"# {name}\ndef f(x):\n    return x\n") == ["01.f"]
    assert notebook.cells[1].source == "x = 1"
    assert notebook.cells[2].source == '# 01.f\ndef f(x):\n    return x\n\ncourse.check(\n    "01.f",\n    f,\n)'


@pytest.mark.parametrize("source", ["", "x = 1", "course.check(name, f)", "course.hint('01.f')"])
def test_an_exercise_without_its_check_is_named(source: str) -> None:
    with pytest.raises(ValueError, match=r"cell 7 is tagged"):
        execute.check_call(source, 7)


def test_ctrl_c_ends_the_kernels(folder: Path) -> None:
    sleeper = "import time\nfrom pathlib import Path\nPath('asleep').touch()\ntime.sleep(3600)"
    minicourse.write(folder / "01_lif_neuron.ipynb", code(sleeper))

    def stop_while_it_sleeps() -> None:
        until((folder / "asleep").exists)
        execute.stop_kernels()

    def run_one(chapter: chapters.Chapter) -> ChapterRun:
        Thread(target=stop_while_it_sleeps, daemon=True).start()
        return run_chapter(chapter)

    [result] = run_chapters([find("1")], run_one)
    assert result.failure.name == "DeadKernelError"  # it did not sleep to its end


def test_the_report_says_on_what_it_ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "MNIST").mkdir()
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    report = json.loads(json.dumps(runner.report([ChapterRun("01", {}, seconds=1.5)], "laptop", "en")))
    assert report["ok"] is True
    assert report["data"] == {"source": "stand-in", "folder": "COURSE_SNN_DATA", "sets": []}  # MNIST/ is empty
    assert report["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert report["versions"]["torch"]
    assert 1 <= report["machine"]["cores"] <= os.cpu_count()
    assert report["chapters"][0]["seconds"] == 1.5
