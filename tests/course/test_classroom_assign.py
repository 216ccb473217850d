"""Handing out: the roster, the names of files, what a notebook says of itself, and an exam that gives nothing away."""

import ast
import contextlib
import inspect
import json
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from together import each_of
from typer.testing import CliRunner

from course_snn import course, language
from course_snn.course import handed_out, progress, session
from course_snn.course.cells import dump, parse, source
from course_snn.course.chapters import CHAPTERS, ChapterError, find
from course_snn.course.classroom import marked, names, place, roster
from course_snn.course.classroom.assign import assign, variant
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.handout import handout
from course_snn.course.classroom.marked import Assignment, Student
from course_snn.course.exercise import chapter_exercises
from course_snn.course.exercise import find as exercise
from course_snn.course.lesson import WrongAnswer
from course_snn.course.originals import versions
from course_snn.course.store import canonical
from course_snn.course.varied import varied

ORIGINALS = {chapter.key: parse(versions()[chapter.file_name]) for chapter in CHAPTERS}
EXAM = Assignment(("01",), exam=True, seed="0123456789abcdef", made="2026-09-01T08:00:00+08:00")
ZHANG = Student("2023001", "张伟")
CLASS = "学号,姓名,班级\r\n2023001,张伟,一班\r\n2023002,李娜,一班\r\n2023003,Jane Doe,二班\r\n"


@pytest.fixture(autouse=True)
def _english_and_nothing_handed_out(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setattr(handed_out, "_current", handed_out.HandedOut())


def together(cell) -> str:
    """What a cell says, without spaces and line ends, so that no layout hides it."""
    return re.sub(r"\s+", "", cell)


# The roster


@each_of("content", [
    CLASS.encode(), CLASS.encode("utf-8-sig"), CLASS.encode("gbk"), CLASS.encode("utf-16"),
    CLASS.replace(",", ";").encode(), CLASS.replace(",", "\t").encode("utf-16"), CLASS.replace(",", "，").encode(),
    CLASS.replace("\r\n", "\n").encode(), ("2026 春 神经网络 名单,,\r\n" + CLASS).encode("gbk"),
    b"ID,Name,Class\n" + CLASS.partition("\n")[2].encode(),
    b"Student ID,Full name,Section\n" + CLASS.partition("\n")[2].encode(),
    CLASS.replace("2023001", '="2023001"').replace("2023002", "'2023002").replace("2023003", "2023003\t").encode(),
    CLASS.replace("2023001", "２０２３００１").replace("2023002", "2023002.0").encode(),
])  # fmt: skip
def test_a_roster_is_read_whatever_wrote_it(content):
    assert roster.parse(content).students == (
        Student("2023001", "张伟", "一班"), Student("2023002", "李娜", "一班"), Student("2023003", "Jane Doe", "二班"),
    )  # fmt: skip


def test_what_is_odd_and_harmless_is_named_with_its_line():
    told = roster.parse("学号,姓名\n1,张伟\n,\n1,张伟\n\n2,张伟\n".encode())
    assert [student.id for student in told.students] == ["1", "2"]
    assert [note.en for note in told.notes] == [
        "line 4 repeats line 2 (1)",
        "empty lines: 3, 5",
        "several students are called 张伟: told by number",
    ]


def test_the_numbers_of_lines_are_those_of_the_file():
    with pytest.raises(ClassroomError, match="line 2: number or name too long, or no text; line 4: Eve has no number"):
        roster.parse(b'id,name\n1,"Jane\nDoe"\n,Eve\n')


def test_what_would_lose_or_mix_up_a_student_is_refused_all_at_once():
    with pytest.raises(ClassroomError) as refused:
        roster.parse("学号,姓名\n2.02301E+11,张伟\n3,李娜\n3,王芳\n,赵磊\n".encode())
    text = str(refused.value)
    for part in ("line 2: Excel wrote the number as 2.02301E+11", "line 4 has the number of line 3", "line 5: 赵磊"):
        assert part in text


@each_of(("content", "told"), [
    (b"PK\3\4....", "workbook"), (b"\xd0\xcf\x11\xe0", "workbook"), (b"", "no column of student numbers"),
    ("姓名,班级\n张伟,一班\n".encode(), "no column of student numbers"), (b"id,name\n", "no student below"),
])  # fmt: skip
def test_what_is_no_roster_says_what_to_do(content, told):
    with pytest.raises(ClassroomError, match=told):
        roster.parse(content)


def test_a_roster_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ClassroomError, match="nobody"):
        roster.read(tmp_path / "nobody.csv")


def test_an_address_stands_in_for_a_number_that_is_missing():
    assert roster.parse(b"Name,Email\nJane Doe,jane@x.org\n").students == (Student("jane@x.org", "Jane Doe"),)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(10**5, 10**12), st.text("张伟李娜王芳abc ·", max_size=8)), min_size=1, max_size=9)
)
def test_every_student_of_any_class_is_found_again(class_):
    class_ = list({number: (number, name.strip()) for number, name in class_}.values())
    text = "姓名,学号\n" + "".join(f"{name},{number}\n" for number, name in class_)
    told = roster.parse(text.encode("gb18030"))
    assert [(student.id, student.name) for student in told.students] == [(f"{n}", name) for n, name in class_]
    assert all(told.find(f" {n} ") is not None for n, _ in class_)


# Names of files


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_any_text_becomes_a_name_that_every_system_takes(text):
    made = names.safe(text)
    assert made == unicodedata.normalize("NFC", made) and 0 < len(made.encode()) <= names.LONGEST
    assert not set(made) & set('<>:"/\\|?*') and made.replace("·", "").isprintable() and not made.endswith((".", " "))
    assert not made.startswith(".") and made not in ("..", ".") and names.safe(made) == made
    assert made.partition(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", *(f"COM{k}" for k in range(10))}


@each_of(("text", "made"), [
    ("2023001_张伟", "2023001_张伟"), ("a/b\\c", "a_b_c"), ("con", "_con"), ("LPT1.x", "_LPT1.x"), ("..", "_"),
    ("", "_"), ("Zoë ", "Zoë"), ("x\u202egnp.exe", "x_gnp.exe"), ("a:b*c?", "a_b_c"), ("\ud800", "_"),
])  # fmt: skip
def test_names_stay_readable(text, made):
    assert names.safe(text) == made


def test_names_that_differ_in_case_only_do_not_meet():
    taken = set()
    assert [names.free(name, taken, ".zip") for name in ("Ann", "ANN", "ann")] == ["Ann.zip", "ANN-2.zip", "ann-3.zip"]


# What a notebook says of itself


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_mark_is_read_as_it_was_written_or_as_absent(number, name):
    notebook = marked.mark({"cells": [], "metadata": {}, "nbformat": 4}, EXAM, Student(number, name))
    found = marked.student_of(parse(dump(notebook)))
    clean = [text.strip() if text.isprintable() else "" for text in (number, name)]
    assert found == (Student(*clean) if any(clean) else None)
    assert marked.assignment_of(notebook) == EXAM and marked.chapter_of(notebook) == "01"


@each_of("own", [
    None, 5, [], {"assignment": 5, "student": 5}, {"assignment": {"chapters": "01"}, "student": {"id": ["x"]}},
    {"assignment": {"chapters": [1, None, "77"]}, "student": {"id": "x" * 500}},
    {"student": {"id": "a\nb", "name": ""}},
])  # fmt: skip
def test_what_a_hand_in_makes_up_is_read_as_absent(own):
    notebook = {"cells": [], "metadata": {"course": own}, "nbformat": 4}
    assert marked.student_of(notebook) is None and marked.assignment_of(notebook) is None
    assert marked.chapter_of(notebook) == ""


def test_storing_a_notebook_keeps_the_mark_and_the_first_cell_names_the_student_too():
    import nbformat

    made = handout(ORIGINALS["01"], "01", EXAM, ZHANG)
    stored = canonical(nbformat.reads(dump(made).decode(), as_version=4))
    assert marked.student_of(stored) == ZHANG and marked.assignment_of(stored) == EXAM
    bare = made | {"metadata": {}}  # as a tool leaves it that knows better
    assert marked.student_of(bare) == Student("2023001") and marked.chapter_of(bare) == "01"


# One notebook


def test_a_handout_is_the_chapter_without_outputs():
    for key, original in ORIGINALS.items():
        before = dump(original)
        made = handout(original, key, Assignment((key,)), None)
        assert dump(original) == before
        kept = [cell for cell in made["cells"] if cell["id"] != "assignment"]
        assert [cell["id"] for cell in kept] == [cell["id"] for cell in original["cells"]]
        assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in made["cells"])
        changed = [one for one, two in zip(made["cells"][2:], original["cells"][1:], strict=True)
                   if source(one) != source(two)]  # fmt: skip
        assert not changed  # nothing to tell the kernel
        tags = [cell["metadata"].get("tags") for cell in original["cells"]]
        assert [cell["metadata"].get("tags") for cell in kept] == tags


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_begin_is_told_everything_whatever_the_number_is(number):
    made = handout(ORIGINALS["01"], "01", EXAM, Student(number, number))
    calls = [
        node
        for cell in made["cells"] if cell["cell_type"] == "code"
        for node in ast.walk(ast.parse(source(cell)))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "begin"
    ]  # fmt: skip
    assert len(calls) == 2
    for call in calls:
        told = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        assert told == {"exam": True, "student": number, "variant": EXAM.seed}
        inspect.signature(session.begin).bind("01", **told)


def test_a_name_is_no_markup():
    made = handout(ORIGINALS["01"], "01", Assignment(("01",)), Student("1", "<b>*x*</b>`y`$z$"))
    note = source(made["cells"][1])
    assert r"&lt;b&gt;\*x\*&lt;/b&gt;\`y\`\$z\$" in note and "<b>" not in note


def test_a_chapter_without_a_beginning_is_refused():
    with pytest.raises(ChapterError, match="01"):
        handout({"cells": [], "metadata": {}}, "01", EXAM, None)


# An exam


def test_exam_notebooks_hold_no_solution_no_mistake_and_no_answer():
    searched = 0
    for key, original in ORIGINALS.items():
        content = dump(handout(original, key, EXAM, ZHANG))
        assert b"<details" not in content and b"course-verdict" not in content
        text = together("\0".join([content.decode(), *map(source, parse(content)["cells"])]))
        for one in chapter_exercises(key):
            secrets = [*_solution(one), *_mistakes(one), *(text for m in one.mistakes for text in (m.zh, m.en))]
            secrets += [text for hint in one.hints[1:] for text in hint]
            for secret in map(together, secrets):
                assert secret not in text, f"{one.id}: {secret}"
            searched += len(secrets)
    assert searched > 3000


def _solution(one):
    """The solution, and what stands in it."""
    body = ast.parse(one.source).body[0].body
    return one.source, "\n".join(ast.get_source_segment(one.source, statement) for statement in body)


def _mistakes(one):
    """The wrong functions as they are written; those that are made by others have no text of their own."""
    for mistake in one.mistakes:
        with contextlib.suppress(TypeError, OSError):
            text = inspect.getsource(mistake.wrong).strip()
            if not re.fullmatch(r"\S{0,25}", together(text)):  # shorter is everywhere
                yield text


def test_a_cell_that_helps_is_no_part_of_an_exam():
    cells = [
        {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# 01"},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": 'course.begin("01")', "outputs": []},
        {"cell_type": "code", "id": "h", "metadata": {}, "source": 'course.hint("01.rheobase")', "outputs": []},
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": '<div lang="en">\n<details>x</details>\n</div>'},
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "Before\n\n<details>x</details>\n\nAfter"},
    ]  # fmt: skip
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4}
    exam = handout(notebook, "01", EXAM, None)["cells"]
    assert [cell["id"] for cell in exam] == ["t", "assignment", "b", "m"]
    assert source(exam[-1]) == "Before\n\nAfter"
    assert len(handout(notebook, "01", Assignment(("01",)), None)["cells"]) == 6


def test_an_exam_says_passed_or_not_yet_and_when(capsys, monkeypatch):
    solution, wrong = exercise("01.rheobase").solution, exercise("01.rheobase").mistakes[0]
    session.begin("01", exam=True, student="2023001")
    for answer, word in ((solution, "Passed"), (wrong.wrong, "Not yet"), (lambda *a: print("seen", a), "Not yet"),
                         (lambda: 1, "Not yet"), (lambda *a: ..., "Not yet"), (0.1, "Not yet")):  # fmt: skip
        course.check("01.rheobase", answer)
        out = capsys.readouterr().out
        assert re.fullmatch(rf"\[01\.rheobase\] {word} · \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d\n", out), out
    for call in (course.hint, course.solution):
        call("01.rheobase")
        assert capsys.readouterr().out == "There are no hints and no solutions in an exam.\n"
    with pytest.raises(WrongAnswer, match=r"^\[01\.rheobase\] Not yet · [\d :+-]+$"):
        course.require("01.rheobase", wrong.wrong)
    assert progress.load() == {"passed": ["01.rheobase"], "hints": {}}
    session.begin("01")
    course.check("01.rheobase", wrong.wrong)
    assert wrong.en in capsys.readouterr().out


def test_what_an_exam_shows_holds_nothing_of_the_exercise():
    from course_snn.course.receipt import Receipt

    for passed in (True, False):
        shown = Receipt("01.rheobase", passed)._repr_html_()
        assert f'data-passed="{str(passed).lower()}" data-exercise="01.rheobase"' in shown and "details" not in shown


def test_a_check_takes_the_students_own_cases(capsys):
    one = exercise("01.rheobase")
    own = varied(one, variant("autumn"), "2023001")
    last = own.cases[-1]
    assert last not in one.cases and last not in varied(one, variant("autumn"), "2023002").cases

    def right_but_once(*case):
        return -1.0 if case == last else one.solution(*case)

    for student, word in (("2023001", "expected"), ("2023002", "Passed"), ("", "Passed")):
        session.begin("01", student=student, variant=variant("autumn"))
        course.check("01.rheobase", right_but_once)
        assert word in capsys.readouterr().out
    session.begin("01", student="2023001")
    course.check("01.rheobase", right_but_once)
    assert "Passed" in capsys.readouterr().out


def test_a_seed_is_not_to_be_read_from_a_notebook():
    assert variant("") == "" and variant("a") != variant("b")
    assert re.fullmatch("[0-9a-f]{16}", variant("夏天"))


# A class


def class_() -> roster.Roster:
    return roster.parse(CLASS.encode())


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everybody_gets_a_folder_and_a_second_run_adds_what_is_missing(tmp_path):
    out = tmp_path / "作业"
    done = assign([find("01")], out, roster=class_(), exam=True, seed="秋天")
    assert done.students == 3 and list(done.new) == [
        "2023001_张伟/01_lif_neuron_2023001_张伟.ipynb",
        "2023002_李娜/01_lif_neuron_2023002_李娜.ipynb",
        "2023003_Jane_Doe/01_lif_neuron_2023003_Jane_Doe.ipynb",
    ]
    for path, student in zip(done.new, class_().students, strict=True):
        content = (out / path).read_bytes()
        notebook = parse(content)
        assert marked.student_of(notebook) == Student(student.id, student.name)
        told = marked.assignment_of(notebook)
        assert (told.chapters, told.exam, told.seed) == (
            ("01",),
            True,
            variant("秋天"),
        ) and "秋天".encode() not in content
    before = files(out)
    (out / done.new[0]).write_bytes(b"mine")  # a teacher's change
    bigger = roster.parse((CLASS + "2023004,王芳,二班\r\n").encode())
    again = assign([find("01"), find("05")], out, roster=bigger, exam=True, seed="秋天")
    assert len(again.new) == 5 and len(again.kept) == 3
    assert (out / done.new[0]).read_bytes() == b"mine"
    assert all(files(out)[path] == before[path] for path in done.new[1:])
    record = json.loads((out / place.HIDDEN / "assignment.json").read_bytes())
    assert record["chapters"] == ["01", "05"] and len(record["names"]) == 4
    assert {parse((out / path).read_bytes())["metadata"]["course"]["assignment"]["made"] for path in again.new} == {
        record["made"]
    }


def test_without_a_roster_there_is_one_notebook_for_everybody(tmp_path):
    done = assign([find("01"), find("01"), find("05")], tmp_path / "out", seed="x")
    assert done.new == ("01_lif_neuron.ipynb", "05_stdp.ipynb") and done.students == 0
    notebook = parse((tmp_path / "out" / "01_lif_neuron.ipynb").read_bytes())
    assert marked.student_of(notebook) is None
    assert f'course.begin("01", variant="{variant("x")}")' in "".join(map(source, notebook["cells"]))


def test_a_zip_for_each_student(tmp_path):
    done = assign([find("01"), find("05")], tmp_path / "out", roster=class_(), packed=True)
    assert done.new == ("2023001_张伟.zip", "2023002_李娜.zip", "2023003_Jane_Doe.zip")
    with zipfile.ZipFile(tmp_path / "out" / done.new[0]) as archive:
        assert archive.namelist() == ["01_lif_neuron_2023001_张伟.ipynb", "05_stdp_2023001_张伟.ipynb"]
        assert marked.student_of(parse(archive.read(archive.namelist()[1]))) == ZHANG
    with pytest.raises(ClassroomError, match="--roster"):
        assign([find("01")], tmp_path / "other", packed=True)


def test_students_whose_folders_would_meet_get_different_ones(tmp_path):
    told = roster.parse(b"id,name\na/b,\na:b,\nA?B,\ncon,\n")
    done = assign([find("00")], tmp_path / "out", roster=told)
    folders = [path.partition("/")[0] for path in done.new]
    assert folders == ["a_b", "a_b-2", "A_B-3", "_con"]
    assert not assign([find("00")], tmp_path / "out", roster=told).new


def test_a_folder_that_is_not_ours_stays_as_it_is(tmp_path, root):
    foreign = tmp_path / "thesis"
    foreign.mkdir()
    (foreign / "thesis.tex").write_text("years of work")
    (tmp_path / "file").write_text("x")
    for out in (foreign, tmp_path / "file", root / "notebooks", root, root / "course_snn" / "new"):
        before = files(out) if out == foreign else None
        with pytest.raises(ClassroomError, match="new or empty folder"):
            assign([find("00")], out)
        assert before is None or files(out) == before
    assert not (root / "course_snn" / "new").exists()
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".DS_Store").write_text("")
    assert assign([find("00")], tmp_path / "empty").new
    for other in ({"exam": True}, {"seed": "x"}):
        with pytest.raises(ClassroomError, match="another assignment"):
            assign([find("00")], tmp_path / "empty", **other)


def test_a_run_that_was_stopped_goes_on(tmp_path):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assign([find("00")], tmp_path / "out", roster=class_(), on_student=stop)
    done = assign([find("00")], tmp_path / "out", roster=class_())
    assert len(done.kept) == 1 and len(done.new) == 2
    assert not list((tmp_path / "out").rglob("*.part"))


def test_names_that_lost_letters_on_their_way_are_told():
    told = roster.parse("学号,姓名\r\n1,José García\r\n2,Nguyễn Văn An\r\n3,李娜\r\n".encode("gbk", "replace"))
    assert told.students[1].name == "Nguy?n V?n An"
    assert [note.en for note in told.notes if "lines 3)" in note.en and "第 3 行" in note.zh], told.notes


def test_the_command_says_what_an_exam_does_not_hide(tmp_path):
    from course_snn.course import commands

    listed = tmp_path / "名单.csv"
    listed.write_bytes((CLASS + "\r\n").encode("gbk"))
    run = CliRunner(env={"NO_COLOR": "1", "COLUMNS": "300"}).invoke
    arguments = ["classroom", "assign", "00", "1", str(tmp_path / "out"), "--exam", "--roster", str(listed)]
    done = run(commands.app, arguments)
    out = "".join(done.output.split())  # long paths are broken anywhere
    assert done.exit_code == 0, done.output
    own = (f'OUT --roster "{listed}"', f'grade … --assignment "{tmp_path / "out"}"')
    for part in ("empty lines: 5", "6 files written", "can be imported", "classroom collect FOLDER_OR_ZIP", *own):
        assert "".join(part.split()) in out, part
    assert run(commands.app, ["classroom", "assign", "00", str(tmp_path / "x"), "--format", "latex"]).exit_code == 2
    assert isinstance(run(commands.app, ["classroom", "assign", "77", str(tmp_path / "x")]).exception, ChapterError)


def test_a_folder_called_like_a_chapter_was_most_likely_forgotten(tmp_path, monkeypatch):
    from course_snn.course import commands

    monkeypatch.chdir(tmp_path)
    run = CliRunner(env={"NO_COLOR": "1"}).invoke
    done = run(commands.app, ["classroom", "assign", "00", "03"])
    assert isinstance(done.exception, ChapterError) and "the folder to write comes last" in str(done.exception)
    assert not (tmp_path / "03").exists()
    (tmp_path / "03").mkdir()
    done = run(commands.app, ["classroom", "assign", "00", "03"])
    assert done.exit_code == 0 and "1 file written" in done.output and "--assignment" not in done.output
