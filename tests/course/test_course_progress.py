"""Progress survives restarts, several kernels and whatever happens to its file; it never raises."""

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import filelock
import pytest
from together import each_of

from course_snn.course import progress
from course_snn.language import speaking

NOTHING = {"passed": [], "hints": {}}


@pytest.fixture
def file() -> Path:
    path = progress.path()
    path.parent.mkdir(exist_ok=True)
    return path


def names(file: Path) -> list[str]:
    return sorted(path.name for path in file.parent.iterdir() if path.name != "progress.lock")


def test_what_is_passed_is_kept(file):
    progress.passed("01.a")
    progress.passed("02.b")
    progress.passed("01.a")
    assert [progress.next_hint("01.a") for _ in range(3)] == [0, 1, 2]
    assert progress.load() == {"passed": ["01.a", "02.b"], "hints": {"01.a": 3}}
    assert names(file) == ["progress.json"]


def test_reset_keeps_every_copy_under_a_name_of_its_own(file):
    assert progress.reset()
    for exercise in ("01.a", "01.b"):
        progress.passed(exercise)
        assert progress.reset()
        assert progress.load() == NOTHING
    copies = ["progress.before-reset-2.json", "progress.before-reset.json"]
    assert names(file) == copies
    assert [json.loads(file.with_name(name).read_text())["passed"] for name in copies] == [["01.b"], ["01.a"]]


SOUND = {"passed": ["01.a"], "hints": {"01.a": 2}}


@each_of("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_that_editors_write_are_read(encoding, file):
    file.write_text(json.dumps(SOUND), encoding=encoding)
    assert progress.load() == SOUND
    assert names(file) == ["progress.json"]


def test_what_a_later_version_wrote_is_kept(file):
    file.write_text(json.dumps(SOUND | {"later": [1, {"x": None}]}))
    progress.passed("02.b")
    assert json.loads(file.read_text()) == {"passed": ["01.a", "02.b"], "hints": {"01.a": 2}, "later": [1, {"x": None}]}


ODD = [
    ("", []),
    ("null", []),
    ("3", []),
    ("[1, 2]", []),
    ('"text"', []),
    ("{", []),
    ("\x00" * 100, []),
    ("[" * 100_000, []),
    ("9" * 10_000, []),
    ("{}", []),
    ('{"passed": null, "hints": null}', []),
    ('{"passed": {"01.a": 1}, "hints": []}', []),
    ('{"passed": ["01.a", 5, null, ["01.b"], {"x": 1}], "hints": {}}', ["01.a"]),
    ('{"passed": ["01.a", "01.a"], "hints": {"01.a": -3}}', ["01.a"]),
    ('{"passed": ["01.a"], "hints": {"01.a": "2"}}', ["01.a"]),
    ('{"passed": ["01.a"], "hints": {"01.a": 1e999, "01.b": NaN, "01.c": true, "01.d": [1]}}', ["01.a"]),
    ('{"passed": ["01.a"]}', ["01.a"]),
]


@each_of("content, kept", ODD)
def test_a_damaged_file_is_told_and_kept_and_read_as_far_as_it_goes(content, kept, file, capsys):
    for old in file.parent.iterdir():
        old.unlink()
    for copy in ("progress.damaged.json", "progress.damaged-2.json"):
        file.write_text(content)
        with speaking("both"):
            assert progress.load() == {"passed": kept, "hints": {}}
        told = capsys.readouterr().out
        assert "已损坏" in told and "damaged" in told and copy in told
        assert file.with_name(copy).read_text() == content
    progress.passed("09.x")
    assert progress.next_hint("01.a") == 0
    assert progress.load() == {"passed": [*kept, "09.x"], "hints": {"01.a": 1}}
    assert not capsys.readouterr().out  # once is enough


def test_more_hints_than_anybody_can_count(file):
    file.write_text(json.dumps({"passed": [], "hints": {"01.a": 10**4000}}))
    assert progress.next_hint("01.a") == 10**4000
    file.write_bytes(b'{"passed": ["\\ud800"], "hints": {}}')  # half a character
    progress.passed("01.a")
    assert progress.load()["passed"] == ["\ud800", "01.a"]


def test_bytes_that_are_no_text(file, capsys):
    file.write_bytes(b'\xff\xfe{"passed": ["01.a"], \xd0\xc2 "hints": {}}\x80')
    progress.passed("01.b")
    assert progress.load()["passed"] == ["01.b"] and "progress.damaged.json" in names(file)


GUESS = {"value": [0.5, None, 1.0], "sealed": True}


def test_guesses_are_kept_beside_what_is_passed(file):
    assert progress.guesses() == {}
    progress.passed("05.a")
    progress.keep_guess("05.window", GUESS)
    progress.keep_guess("05.fast", "up")
    progress.keep_guess("05.fast", "down")
    assert progress.guesses() == {"05.window": GUESS, "05.fast": "down"}
    assert progress.load() == {"passed": ["05.a"], "hints": {}, "guesses": progress.guesses()}
    progress.keep_guess("05.fast", None)
    assert json.loads(file.read_text())["guesses"] == {"05.window": GUESS}


def test_guesses_are_written_as_small_as_they_are_counted(file):
    many = {
        "05.text": "漏" * 6_666,
        "05.curve": {"value": [0.5] * 4_000, "sealed": False},
        "05.deep": [[[[[[[[1]]]]]]]],
    }
    for name, value in many.items():
        assert progress.keep_guess(name, value)
    assert progress.guesses() == json.loads(file.read_text(encoding="utf-8"))["guesses"] == many
    assert file.stat().st_size < 20_000 + 16_100 + 200


def test_a_settled_guess_is_only_forgotten(file):
    progress.keep_guess("05.window", GUESS)
    for other in (GUESS | {"sealed": False}, GUESS | {"value": 1}, 5):
        with pytest.raises(progress.SettledError, match="Forget it"):
            progress.keep_guess("05.window", other)
    assert progress.keep_guess("05.window", GUESS) and progress.guesses() == {"05.window": GUESS}
    assert progress.keep_guess("05.window", None) and progress.keep_guess("05.window", GUESS | {"sealed": False})


TOO_MUCH = [
    ("05.a", {1, 2}),
    ("05.a", float("nan")),
    ("05.a", [float("inf")]),
    ("05.a", "x" * 20_000),
    ("05.a", "漏" * 6_667),
    ("05.a", [[[[[[[[[]]]]]]]]]),
    ("05.a", {"value": [[[[[[[[1]]]]]]]]}),
    ("", 1),
    ("x" * 101, 1),
    (5, 1),
]


@each_of("name, value", TOO_MUCH)
def test_what_is_no_guess_is_refused(name, value):
    with pytest.raises(ValueError, match=r"1 to 100 characters.*JSON.*at most 20 kB"):
        progress.keep_guess(name, value)


DAMAGED_GUESSES = [
    ("null", {}),
    ("[1, 2]", {}),
    ('"text"', {}),
    ('{"05.a": NaN, "05.b": {"value": 1}}', {"05.b": {"value": 1}}),
    ('{"05.a": [1e999], "": 3, "05.b": 2}', {"05.b": 2}),
    (json.dumps({"05.a": "x" * 30_000, "x" * 500: 1}), {}),
    ('{"05.a": ' + "[" * 500 + "1" + "]" * 500 + "}", {}),  # deep, and yet JSON
]


@each_of("guesses, kept", DAMAGED_GUESSES)
def test_damaged_guesses_never_cost_what_is_passed(guesses, kept, file, capsys):
    for old in file.parent.iterdir():
        old.unlink()
    content = f'{{"passed": ["01.a"], "hints": {{"01.a": 2}}, "guesses": {guesses}}}'
    file.write_text(content)
    with speaking("both"):
        found = progress.load()
    assert found["passed"] == ["01.a"] and found["hints"] == {"01.a": 2}
    assert found["guesses"] == kept and "damaged" in capsys.readouterr().out
    assert file.with_name("progress.damaged.json").read_text() == content
    progress.keep_guess("05.new", 1)
    assert progress.guesses()["05.new"] == 1 and progress.load()["passed"] == ["01.a"]


def test_a_guess_that_cannot_be_written_counts_in_this_kernel(tmp_path, monkeypatch, capsys):
    (tmp_path / "home").write_text("a note")
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path / "home"))
    assert not progress.keep_guess("05.a", GUESS)
    assert progress.guesses() == {"05.a": GUESS} and "not saved" in capsys.readouterr().out
    progress.passed("01.a")
    assert progress.load()["passed"] == ["01.a"] and progress.guesses() == {"05.a": GUESS}


def refuse(*_, **__):
    raise PermissionError(13, "Permission denied")


def nothing_is_saved_but_the_lesson_goes_on(capsys) -> None:
    progress.passed("01.a")
    told = capsys.readouterr().out
    assert "没有保存" in told and "not saved" in told and "COURSE_SNN_HOME" in told
    assert [progress.next_hint("01.a") for _ in range(3)] == [0, 1, 2]  # the second hint can be reached
    assert progress.load() == {"passed": ["01.a"], "hints": {"01.a": 3}}


def test_the_home_is_a_file(tmp_path, monkeypatch, capsys):
    (tmp_path / "home").write_text("a note")
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path / "home"))
    with speaking("both"):
        nothing_is_saved_but_the_lesson_goes_on(capsys)
    assert (tmp_path / "home").read_text() == "a note"
    assert progress.reset()  # there was nothing


def test_a_file_that_cannot_be_read_is_left_alone(file, monkeypatch, capsys):
    file.write_text(json.dumps(SOUND))
    with monkeypatch.context() as patch, speaking("both"):
        patch.setattr(Path, "read_bytes", refuse)
        nothing_is_saved_but_the_lesson_goes_on(capsys)
    assert json.loads(file.read_text()) == SOUND
    assert progress.load() == {"passed": ["01.a"], "hints": {"01.a": 3}}
    progress.passed("02.b")  # it can be read again: what was passed meanwhile goes with it
    assert json.loads(file.read_text()) == {"passed": ["01.a", "02.b"], "hints": {"01.a": 3}}


def test_a_folder_in_its_place(file, capsys):
    file.mkdir()
    with speaking("both"):
        nothing_is_saved_but_the_lesson_goes_on(capsys)
    assert names(file) == ["progress.json"]


@each_of("error", [PermissionError(13, "Permission denied"), OSError(28, "No space left on device")])
def test_a_file_that_cannot_be_written_is_told(error, file, monkeypatch, capsys):
    def full(*_):
        raise error

    progress._unsaved.clear()
    with monkeypatch.context() as patch, speaking("both"):
        patch.setattr(progress, "write_text", full)
        nothing_is_saved_but_the_lesson_goes_on(capsys)
    assert not file.exists()


def test_a_damaged_file_that_cannot_be_set_aside_is_not_written_over(file, monkeypatch, capsys):
    file.write_text("{")
    with monkeypatch.context() as patch, speaking("both"):
        patch.setattr(Path, "rename", refuse)
        nothing_is_saved_but_the_lesson_goes_on(capsys)
        assert not progress.reset()
    assert file.read_text() == "{"


def test_a_lock_that_is_not_released_is_told_and_not_waited_for(file, monkeypatch, capsys):
    file.write_text(json.dumps(SOUND))
    monkeypatch.setattr(progress, "LOCK_SECONDS", 0.05)
    with filelock.FileLock(file.with_name("progress.lock")), speaking("both"):
        progress.passed("02.b")
        told = capsys.readouterr().out
        assert "没有保存" in told and "not saved" in told and "progress.lock" in told
        assert progress.load()["passed"] == ["01.a", "02.b"]
    assert json.loads(file.read_text()) == SOUND
    progress.passed("03.c")
    assert json.loads(file.read_text())["passed"] == ["01.a", "02.b", "03.c"]


@each_of("trouble", [refuse, lambda *_, **__: (_ for _ in ()).throw(NotImplementedError("no locks here"))])
def test_a_disk_without_locks_is_written_all_the_same(trouble, file, monkeypatch):
    monkeypatch.setattr(filelock.FileLock, "acquire", trouble)
    progress.passed("01.a")
    assert json.loads(file.read_text())["passed"] == ["01.a"]


def _pass_five(chapter: int, barrier) -> None:
    barrier.wait()
    for number in range(5):
        progress.passed(f"{chapter:02d}.ex{number}")
        progress.next_hint("01.same")


def test_kernels_at_the_same_time_lose_nothing(file):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    kernels = [context.Process(target=_pass_five, args=(chapter, barrier)) for chapter in range(3)]
    for kernel in kernels:
        kernel.start()
    for kernel in kernels:
        kernel.join()
    assert len(progress.load()["passed"]) == 15
    assert progress.load()["hints"] == {"01.same": 15}
    assert names(file) == ["progress.json"]


def where(folder: Path, home: str) -> str:
    code = "from course_snn.course import progress; print(progress.path())"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"COURSE_SNN_HOME": home, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.strip()


@each_of(
    "home, folder",
    [("进度", "~/进度"), ("~/a b", "~/a b"), (" ~ ", "~"), ("./x", "~/x"), ("~nobody-of-this-name/x", None), (" ", "")],
)
def test_a_folder_is_the_same_for_kernels_and_the_command_line(home, folder, tmp_path, root):
    one, other = where(tmp_path, home), where(root, home)
    if folder is None:  # nobody can say where; but it is not an error
        assert one.endswith("progress.json")
        return
    assert one == other
    if folder:
        assert Path(one) == Path(folder).expanduser() / "progress.json"
