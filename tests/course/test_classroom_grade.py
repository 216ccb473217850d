"""A class of hand-ins of every kind goes through the sandbox once; each state is looked at, and what is outside."""

import csv
import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import hand_ins
import pytest
from hand_ins import COUNT, HEAD, Made, counting, made, solved, write
from patience import PATIENCE, until

from course_snn import language
from course_snn.course.chapters import ready_chapters
from course_snn.course.classroom import entries, fence, marks, place, sandbox
from course_snn.course.classroom import grade as grading
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.sandbox import Limits

LIMITS = Limits(memory=1536 << 20, cell=4.0, case=1.0, grace=1.0)


@pytest.fixture(scope="module", autouse=True)
def _needs_sandbox():
    """Skip where the system forbids a sandbox; where bubblewrap is meant to be installed and is not, that fails."""
    if reason := fence.obstacle():
        if os.environ.get("CI") == "true" and not shutil.which("bwrap"):
            pytest.fail(reason.en)
        pytest.skip(reason.en)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class that is graded: what was handed in, the rows, and what there is to look at afterwards."""
    folder = tmp_path_factory.mktemp("班级")
    canary = folder / "canary" / "alive"
    canary.parent.mkdir()
    canary.write_text("alive", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        made_ = [
            *hand_ins.ordinary(),
            *hand_ins.mangled(),
            *hand_ins.hostile(canary, server.getsockname()[1]),
        ]
        write(made_, folder / "handed in")
        before = snapshot(folder)
        grades = grading.grade(folder / "handed in", seed="s", limits=LIMITS, workers=3)
        server.setblocking(False)
        try:
            called = server.accept()
        except BlockingIOError:
            called = None
    return made_, grades, folder, before, called


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but those that grading keeps there."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".course-snn-classroom" not in path.parts]
    return {grading.shown(path.relative_to(folder)): path.read_bytes() for path in files}


def row(grades: marks.Grades, name: str) -> marks.Row:
    return next(row for row in grades.rows if row.file == f"{name}.ipynb")


def test_every_file_has_a_row_and_every_exercise_its_state(graded):
    made_, grades, *_ = graded
    rows = {row.file: row for row in grades.rows}
    assert len(rows) == len(made_)
    wrong = []
    for one in made_:
        got = {name: mark.state for name, mark in rows[grading.shown(Path(one.name))].states.items()}
        wanted = one.states or dict.fromkeys(grades.exercises, "unreadable")
        if got != wanted:
            wrong.append(
                (
                    one.name,
                    {name: (got.get(name), state) for name, state in wanted.items() if got.get(name) != state},
                    [mark.reason_en for mark in rows[grading.shown(Path(one.name))].states.values()],
                )
            )
    assert not wrong, "\n".join(map(str, wrong))


def test_nothing_outside_changes_and_nobody_calls(graded):
    _, _, folder, before, called = graded
    assert snapshot(folder) == before
    assert called is None


def test_a_wrong_answer_is_named_in_both_languages(graded):
    _, grades, *_ = graded
    mark = row(grades, "01_wrong").states["01.euler_step"]
    assert mark.named and "-v, not +v" in mark.reason_en and "漏电的符号反了" in mark.reason_zh
    mark = row(grades, "00_length").states[COUNT]
    assert mark.named and mark.state == "wrong"


def test_what_was_forged_is_seen(graded):
    _, grades, *_ = graded
    assert row(grades, "01_forged").score == 4
    flags = [flag.en for flag in row(grades, "00_lines").flags]
    assert any("none that an answer" in flag for flag in flags), flags


def test_flags_say_where_an_answer_was_found(graded):
    _, grades, *_ = graded
    told = {
        name: " ".join(flag.en for flag in row(grades, name).flags)
        for name in ("00_moved", "01_deleted", "00_syntax_elsewhere", "01_right")
    }
    assert f"{COUNT}: answered in cell" in told["00_moved"]
    assert "01.firing_rate: its cell is missing" in told["01_deleted"]
    assert "SyntaxError" in told["00_syntax_elsewhere"]
    assert told["01_right"] == ""


def test_the_table_has_a_line_for_each_file_and_no_formulas(graded, tmp_path):
    made_, grades, *_ = graded
    marks.write_csv(grades, tmp_path / "marks.csv")
    content = (tmp_path / "marks.csv").read_bytes()
    lines = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert content.startswith(b"\xef\xbb\xbf") and len(lines) == len(made_) + 1
    assert lines[0] == ["file", "student", *grades.exercises, "score", "of", "flags"]
    assert all(not text.startswith(("=", "+", "-", "@")) for line in lines for text in line)
    right = next(line for line in lines if line[0] == "01_right.ipynb")
    assert right[-3:] == ["5", "5", ""]


def test_what_is_graded_is_not_run_again(graded, monkeypatch):
    _, grades, folder, *_ = graded
    monkeypatch.setattr(grading, "Sandbox", lambda *values: pytest.fail("a sandbox for nothing"))
    again = grading.grade(folder / "handed in", seed="s", limits=LIMITS)
    assert again == grades


def test_a_run_that_is_stopped_goes_on_and_says_the_same(graded, tmp_path):
    *_, folder, _, _ = graded
    names = ["00_length.ipynb", "00_magic.ipynb", "00_twice.ipynb"]
    for name in names:
        shutil.copy(folder / "handed in" / name, tmp_path)

    def stop(done: int, total: int, row: marks.Row) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grading.grade(tmp_path, seed="s", limits=LIMITS, workers=1, progress=stop)
    assert len(marks.load(tmp_path).rows) == 1
    seen = []
    grades = grading.grade(tmp_path, limits=LIMITS, workers=1, progress=lambda done, total, row: seen.append(row.file))
    assert len(seen) == 2 and grades.seed == "s"
    assert [row for row in graded[1].rows if row.file in names] == list(grades.rows)


def test_an_exam_has_a_sandbox_for_each_and_each_student_their_own_cases(tmp_path, monkeypatch):
    started = []
    start = sandbox.Sandbox._start
    monkeypatch.setattr(sandbox.Sandbox, "_start", lambda self: started.append(1) or start(self))
    for student in ("1", "2"):
        notebook = solved("00")
        notebook["metadata"]["course"] = {
            "assignment": {"chapters": ["00"], "exam": True, "seed": "e", "made": ""},
            "student": {"id": student, "name": "=张"},
        }
        write([made(f"00_{student}", notebook)], tmp_path)
    grades = grading.grade(tmp_path, limits=LIMITS, workers=1)
    assert [(row.student, row.score, row.exam) for row in grades.rows] == [("1 =张", 1, True), ("2 =张", 1, True)]
    assert len(started) == 2


def test_without_a_sandbox_it_refuses_or_trusts(tmp_path, monkeypatch):
    write(
        [
            counting("right", "passed", HEAD + "    return sum(train)"),
            counting("exit", "killed", HEAD + "    import os\n    os._exit(0)"),
        ],
        tmp_path,
    )
    monkeypatch.setattr(fence.shutil, "which", lambda name: None)
    fence.obstacle.cache_clear()
    try:
        with pytest.raises(fence.NoSandbox, match="apt-get install bubblewrap"):
            grading.grade(tmp_path)
        trusted = grading.grade(tmp_path, trust=True, limits=LIMITS, workers=1)
    finally:
        fence.obstacle.cache_clear()
    assert {row.file: row.score for row in trusted.rows} == {"00_right.ipynb": 1, "00_exit.ipynb": 0}


def test_two_at_once_are_refused_and_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    write([made("00_cut", {})], tmp_path)
    (tmp_path / "00_cut.ipynb").write_bytes(b"{")
    with grading._locked(tmp_path), pytest.raises(ClassroomError, match="another program is grading"):
        grading.grade(tmp_path)
    monkeypatch.setattr(marks, "save", full)
    with pytest.raises(ClassroomError, match=r"cannot be written.*No space left"):
        grading.grade(tmp_path)


def full(*values: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_the_bytes_are_the_same_when_all_is_graded_again(graded, tmp_path):
    *_, folder, _, _ = graded
    names = ["00_length.ipynb", "00_loop.ipynb", "00_sys_exit.ipynb", "01_wrong.ipynb", "00_by_length.ipynb"]
    for name in names:
        shutil.copy(folder / "handed in" / name, tmp_path)
    kept = []
    for _ in range(2):
        grading.grade(tmp_path, seed="s", limits=LIMITS, resume=False)
        kept.append((tmp_path / marks.KEPT).read_bytes())
    assert kept[0] == kept[1]


def test_ctrl_c_leaves_no_process(graded, tmp_path):
    *_, folder, _, _ = graded
    for name in ("00_sleep.ipynb", "00_loop_at_top.ipynb"):
        shutil.copy(folder / "handed in" / name, tmp_path)
    code = "import sys, pathlib\nfrom course_snn.course.classroom import grade\ngrade.grade(pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", code, tmp_path]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as grader:
        try:
            until(lambda: len(descendants(grader.pid)) >= 8)  # twice bubblewrap, the first process, server and answer
            every = descendants(grader.pid)
            os.killpg(grader.pid, signal.SIGINT)
            assert grader.wait(PATIENCE) != 0
        finally:
            grader.kill()
    until(lambda: not any(map(alive, every)))


def descendants(pid: int) -> list[int]:
    try:
        texts = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    own = [int(child) for text in texts for child in text.split()]
    return [*own, *(further for child in own for further in descendants(child))]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_was_handed_out_counts_and_who_says_otherwise_is_flagged(tmp_path):
    handed_out, handed_in = tmp_path / "out", tmp_path / "in"
    place.note(handed_out, "assignment", {"exam": False, "seed": "5eed", "names": {}, "chapters": ["00"], "made": ""})
    notebooks = {seed: solved("00") for seed in ("5eed", "", "0000")}
    for seed, notebook in notebooks.items():
        told = {"chapters": ["00"], "exam": False, "seed": seed, "made": ""}
        notebook["metadata"]["course"] = {"assignment": told, "student": {"id": "1", "name": ""}}
    write([made(f"00_{seed or 'none'}", notebook) for seed, notebook in notebooks.items()], handed_in)
    write([made("00_like_the_first", notebooks["5eed"]), made("00_like_it_too", notebooks["5eed"])], handed_in)
    for assigned, word in ((handed_out, "are not those handed out"), (None, "another exam or seed than most")):
        found = entries.entries(handed_in, None, "", assigned)
        flagged = {one.file for one in found if any(word in flag.en for flag in one.flags)}
        assert flagged == {"00_none.ipynb", "00_0000.ipynb"}
        assert {one.variant["seed"] for one in found} == ({"5eed"} if assigned else set(notebooks))
    with pytest.raises(ClassroomError, match="no folder that classroom assign has written"):
        entries.entries(handed_in, None, "", tmp_path / "nothing")


def test_files_whose_names_read_alike_have_a_row_each(tmp_path):
    write([Made(os.fsdecode(name.encode("gbk")), b"{", {}) for name in ("张.ipynb",)], tmp_path)
    write([Made("张.ipynb", b"{", {})], tmp_path)
    assert sorted(one.file for one in entries.entries(tmp_path, None, "")) == ["张.ipynb", "张.ipynb (2)"]


def test_every_chapter_passes_in_the_sandbox(tmp_path):
    keys = [chapter.key for chapter in ready_chapters()]
    for key in keys:
        (tmp_path / f"{key}.ipynb").write_text(json.dumps(solved(key)), encoding="utf-8")
    grades = grading.grade(tmp_path, seed="s", workers=2)
    wrong = {name: mark for row in grades.rows for name, mark in row.states.items() if mark.state != "passed"}
    assert not wrong and len(grades.rows) == len(keys)
