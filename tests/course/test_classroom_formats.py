"""Ways out: what nbgrader and otter take; nbgrader is run on it."""

import ast
import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from patience import PATIENCE
from typer.testing import CliRunner

from course_snn import language
from course_snn.course import commands, handed_out
from course_snn.course.cells import parse, source
from course_snn.course.chapters import find, ready_chapters
from course_snn.course.classroom import choices, formats, hand_in, roster
from course_snn.course.classroom.assign import OTHERS, assign
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.handout import handout
from course_snn.course.classroom.marked import Assignment
from course_snn.course.exercise import chapter_exercises
from course_snn.course.exercise import find as exercise
from course_snn.course.lesson import WrongAnswer
from course_snn.course.originals import versions

HIDDEN = "5eed" * 4


@pytest.fixture(autouse=True)
def _english_and_nothing_handed_out(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setattr(handed_out, "_current", handed_out.HandedOut())


def asked(keys, **settings) -> formats.Asked:
    originals = {find(key): parse(versions()[find(key).file_name]) for key in keys}
    return formats.Asked(originals, Assignment((), made="2026-09-01T08:00:00+08:00", **settings), HIDDEN)


def sources(form: str) -> dict[str, dict]:
    """The notebooks of all chapters in a format, by their keys."""
    given = asked([chapter.key for chapter in ready_chapters()])
    made = {Path(name): content for name, content in OTHERS[form](given).items() if name.endswith(".ipynb")}
    return {path.name[:2]: parse(content()) for path, content in made.items()}


def plain(key: str) -> dict[str, str]:
    """The exercise cells of a chapter as everybody else gets them, by id."""
    told = handout(parse(versions()[find(key).file_name]), key, Assignment((key,)), None)
    return {cell["id"]: source(cell) for cell in told["cells"] if formats.asked(cell)}


def without_lines(text: str, begin: str, end: str, stub: str = "") -> str:
    """What is left of a cell when the system has taken the solution out and put its stub there."""
    return re.sub(rf"^{begin}$.*?^{end}$\n", stub, text, flags=re.MULTILINE | re.DOTALL)


# The notebooks


def test_every_chapter_is_an_assignment_of_nbgrader():
    for key, notebook in sources("nbgrader").items():
        nbformat.validate(nbformat.from_dict(notebook))
        known = {cell["id"]: cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]}
        told = {name: cell["metadata"]["nbgrader"] for name, cell in known.items()}
        assert all(each["grade_id"] == name and re.fullmatch(r"[\w-]+", name) for name, each in told.items())
        answers = {name: cell for name, cell in known.items() if told[name]["solution"]}
        stubs = {
            name: without_lines(source(cell), "### BEGIN SOLUTION", "### END SOLUTION", "\n")
            for name, cell in answers.items()
        }
        assert stubs == plain(key)
        assert [each["points"] for each in told.values() if each["grade"] and each["locked"]] == [1] * len(stubs)
        assert {f"{name}-test" for name in answers} == set(known) - set(answers)


def test_every_chapter_is_a_source_of_otter():
    """The blocks of the documented format: QUESTION holds SOLUTION, then TESTS; all else stands outside."""
    for key, notebook in sources("otter").items():
        nbformat.validate(nbformat.from_dict(notebook))
        config, *cells = notebook["cells"]
        assert source(config).startswith("# ASSIGNMENT CONFIG\n")
        assert yaml.safe_load(source(config))["name"] == find(key).slug
        inside, stubs, questions, tests = [], {}, [], []
        for cell in cells:
            text = source(cell)
            if cell["cell_type"] == "raw" and (found := re.match(r"# (BEGIN|END) (\w+)", text)):
                if found[1] == "BEGIN":
                    inside.append(found[2])
                    questions += [yaml.safe_load(text)] if found[2] == "QUESTION" else []
                else:
                    assert inside.pop() == found[2]
            elif inside == ["QUESTION", "SOLUTION"]:
                stubs[cell["id"]] = without_lines(text, "# BEGIN SOLUTION NO PROMPT", "# END SOLUTION")
            elif inside == ["QUESTION", "TESTS"]:
                assert text.startswith("# HIDDEN\n") == (len(tests) % 2 == 1) and not cell["outputs"]
                tests.append(ast.parse(text))
            else:
                assert not inside and not re.search(r"# ?(SOLUTION|SEED|IGNORE|BEGIN|END)\b|```otter", text)
        assert stubs == plain(key)
        expected = [
            {"name": one.name, "points": 1, "all_or_nothing": True, "check_cell": False}
            for one in chapter_exercises(key)
        ]
        assert sorted(map(str, questions)) == sorted(map(str, expected)) and len(tests) == 2 * len(stubs)


def test_a_hidden_test_fails_on_each_mistake_and_on_what_is_not_written():
    one = exercise("00.count_spikes")
    code = compile(formats.hidden_test(one.id, HIDDEN), "test", "exec")
    exec(code, {one.name: one.solution})
    for wrong in [*(mistake.wrong for mistake in one.mistakes), lambda train: ..., "no function"]:
        with pytest.raises(WrongAnswer):
            exec(code, {one.name: wrong})


def test_a_hidden_test_sees_what_was_made_for_the_visible_cases():
    one = exercise("01.euler_step")
    seen = {str(case): one.solution(*case) for case in one.cases}

    def euler_step(*case):
        return seen.get(str(case), 0.0)

    names = {"euler_step": euler_step}
    exec('from course_snn import course\ncourse.require("01.euler_step", euler_step)', names)
    with pytest.raises(WrongAnswer, match=r"\[01.euler_step\]"):
        exec(formats.hidden_test(one.id, HIDDEN), names)


def test_an_exam_in_another_format_says_so_and_helps_nobody():
    for form in OTHERS:
        made = OTHERS[form](asked(["01"], exam=True))
        notebook = parse(next(content() for name, content in made.items() if name.endswith(".ipynb")))
        texts = [source(cell) for cell in notebook["cells"]]
        assert any('course.begin("01", exam=True)' in text for text in texts)
        assert not any("course.hint" in text or "<details" in text for text in texts)
        assert notebook["metadata"]["course"]["assignment"]["chapters"] == ["01"]


# The folder


def test_a_course_folder_grows_by_assignments_and_keeps_its_hidden_tests(tmp_path):
    out = tmp_path / "课程 甲"
    first = assign([find("01"), find("00"), find("01")], out, form="nbgrader")
    assert sorted(first.new) == [
        "README.md", "nbgrader_config.py", "source/ch00_01/00_start_here.ipynb", "source/ch00_01/01_lif_neuron.ipynb",
    ]  # fmt: skip
    again = assign([find("01"), find("00")], out, form="nbgrader")
    assert not again.new and sorted(again.kept) == sorted(first.new)
    assert assign([find("03")], out, form="nbgrader").new == ("source/ch03/03_synapses.ipynb",)
    seeds = {
        seed for path in out.rglob("*.ipynb") for seed in re.findall(r'hidden=\\"(\w+)\\"', path.read_text("utf-8"))
    }
    assert len(seeds) == 1
    text = (out / "README.md").read_text("utf-8")
    assert text.count("generate_assignment ch00_01") == 2 and text.count("classroom grade submitted") == 2
    for other in ({"form": "otter"}, {"form": "plain"}, {"form": "nbgrader", "exam": True}):
        with pytest.raises(ClassroomError, match="--format"):
            assign([find("01")], out, **other)


def test_the_same_seed_makes_the_same_hidden_tests(tmp_path):
    folders = [tmp_path / name for name in "abc"]
    for folder, seed in zip(folders, ("秋天", "秋天", "春天"), strict=True):
        assign([find("00")], folder, form="otter", seed=seed)
    one, same, other = ((folder / "00_start_here.ipynb").read_text("utf-8") for folder in folders)
    assert hidden(one) == hidden(same) != hidden(other) and "秋天" not in one
    assert "variant=" not in one


def hidden(text: str) -> str:
    return re.search(r'hidden=\\"(\w+)\\"', text)[1]


def test_what_a_format_has_no_use_for_is_refused_by_name(tmp_path):
    listed = roster.parse("id,name\n1,张伟\n".encode())
    for form in OTHERS:
        for more in ({"roster": listed}, {"roster": listed, "packed": True}, {"packed": True}):
            with pytest.raises(ClassroomError, match=f"--format {form} takes --exam and --seed only"):
                assign([find("00")], tmp_path / "out", form=form, **more)
    assert not (tmp_path / "out").exists()
    assert (choices.PLAIN, *OTHERS) == choices.FORMATS
    run = CliRunner().invoke
    refused = run(commands.app, ["classroom", "assign", "00", str(tmp_path / "x"), "--format", "latex"])
    assert refused.exit_code == 2 and "plain, nbgrader, otter" in refused.output
    told = run(commands.app, ["classroom", "assign", "00", str(tmp_path / "x"), "--format", "otter", "--exam"])
    assert told.exit_code == 0 and "patches the judge" in " ".join(told.output.split()) and "README.md" in told.output


# nbgrader itself


def nbgrader(course: Path, *arguments: str) -> str:
    own = {name: str(course.parent / "jupyter") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    more = {"COURSE_SNN_HOME": str(course / "home"), "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    environment = {**os.environ, **own, **more}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, env=environment, capture_output=True,
        encoding="utf-8", timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stderr


def handed_in(course: Path, student: str, answers: dict[str, str], key: str = "01") -> None:
    """What a student makes of the released notebook: the answers in their cells; all others deleted."""
    name = find(key).file_name
    notebook = json.loads((course / "release" / "ch00_01" / name).read_text("utf-8"))
    for cell in notebook["cells"]:
        if (one := formats.asked(cell)) in answers:
            cell["source"] = f"{answers[one]}\n\n\ncourse.check({one!r}, {exercise(one).name})"
    kept = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    path = course / "submitted" / student / "ch00_01" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook | {"cells": kept}, ensure_ascii=False), "utf-8")


def test_nbgrader_makes_grades_and_exports_an_assignment(tmp_path):
    course = tmp_path / "课程"
    assign([find("00"), find("01")], course, form="nbgrader", seed="x")
    nbgrader(course, "generate_assignment", "ch00_01")
    seen = (course / "release" / "ch00_01" / "01_lif_neuron.ipynb").read_text("utf-8")
    assert "HIDDEN" not in seen and "classroom.required" not in seen and "SOLUTION" not in seen
    released = parse((course / "release" / "ch00_01" / "01_lif_neuron.ipynb").read_bytes())
    assert {cell["id"]: source(cell) for cell in released["cells"] if formats.asked(cell)} == plain("01")
    given = hand_in.read(course / "release" / "ch00_01" / "01_lif_neuron.ipynb")
    assert {one.how for one in given.answers.values()} == {hand_in.IN_PLACE} and not given.flags

    ones = chapter_exercises("01")
    right = {one.id: f"import math\n\n\n{one.source}" for one in ones}
    wrong = {one.id: f"def {one.name}(*values):\n    print('?')\n    return -1.0" for one in ones}
    handed_in(course, "right", right)
    handed_in(course, "right", {one.id: one.source for one in chapter_exercises("00")}, "00")
    handed_in(course, "wrong", wrong)
    handed_in(course, "unfinished", {})
    nbgrader(course, "autograde", "ch00_01")
    nbgrader(course, "export", "--to", "grades.csv")
    rows = list(csv.DictReader(io.StringIO((course / "grades.csv").read_text("utf-8"))))
    count = len(ones) + len(chapter_exercises("00"))
    assert {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in rows} == {
        "right": (count, count), "wrong": (0, count), "unfinished": (0, count),
    }  # fmt: skip
