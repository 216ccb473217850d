"""`course-snn update`: new chapters come, answers stay, and what cannot be updated is left alone and named."""

import os
import shutil
from pathlib import Path

import minicourse
import pytest
from minicourse import STUB, code, markdown
from test_cli import invoke
from together import each_of

from course_snn.course import cells, chapters, folder, lab, originals, start, update
from course_snn.course.chapters import CHAPTERS, ChapterError
from course_snn.language import speaking

NAMES = [chapter.file_name for chapter in CHAPTERS[:3]]
ANSWER = STUB.replace("...", "return v")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The course's own folder with three chapters; no checkout."""
    course = tmp_path / "package"
    for number, name in enumerate(NAMES):
        edition(course / name, f"Chapter {number}")
    for module in (chapters, originals, lab):
        monkeypatch.setattr(module, "IN_CHECKOUT", tmp_path / "no checkout")
    monkeypatch.setattr("course_snn.course.finding.IN_CHECKOUT", tmp_path / "no checkout")
    for module in (chapters, originals):
        monkeypatch.setattr(module, "IN_PACKAGE", course)
    monkeypatch.delenv(chapters.FOLDER_VARIABLE, raising=False)
    (tmp_path / "working").mkdir()
    monkeypatch.chdir(tmp_path / "working")
    return course


@pytest.fixture
def mine(course: Path, tmp_path: Path) -> Path:
    """A learner's folder, in which chapter 01 has an answer."""
    mine = start.start(tmp_path / "我的 课程").folder
    answer(mine / NAMES[1], ANSWER)
    return mine


def edition(path: Path, text: str, stub: str = STUB) -> Path:
    return minicourse.write(path, markdown(f"# {text}"), code(stub, "exercise"), code("x = 1"))


def answer(path: Path, source: str) -> None:
    book = cells.parse(path.read_bytes())
    book["cells"][1]["source"] = source
    path.write_bytes(cells.dump(book))


def texts(path: Path) -> list[str]:
    return [cells.source(cell) for cell in cells.parse(path.read_bytes())["cells"]]


def states(outcomes: list[update.Outcome]) -> list[str]:
    return [outcome.state for outcome in outcomes]


def content(folder: Path) -> dict[Path, tuple[bytes, int]]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def test_answers_stay_and_the_rest_is_the_new_version(course, mine):
    before = (mine / NAMES[1]).read_bytes()
    assert states(update.update(mine)) == ["current"] * 3 and update.newer(mine) == []
    for name in NAMES[:2]:
        edition(course / name, "Better")
    edition(course / CHAPTERS[3].file_name, "Later")
    assert [chapter.key for chapter in update.newer(mine)] == ["00", "01", "03"]
    outcomes = update.update(mine)
    assert states(outcomes) == ["updated", "updated", "current", "new"]
    assert [(one.changed, one.kept) for one in outcomes[:2]] == [(1, 0), (1, 1)]
    assert texts(mine / NAMES[1]) == ["# Better", ANSWER, "x = 1"]
    for name in (NAMES[0], CHAPTERS[3].file_name):
        assert (mine / name).read_bytes() == cells.stamped((course / name).read_bytes())
    assert outcomes[1].backup.read_bytes() == before and outcomes[1].backup.is_relative_to(mine / folder.HIDDEN)
    after = content(mine)
    assert states(update.update(mine)) == ["current"] * 4 and content(mine) == after and update.newer(mine) == []


def test_what_a_killed_update_left_behind_is_removed(course, mine):
    base = folder.base_file(mine, NAMES[0])
    base.parent.mkdir(parents=True, exist_ok=True)
    old = [path.with_name(f"{path.name}.123-456.part") for path in (mine / NAMES[0], base)]
    fresh, own = mine / f"{NAMES[1]}.123-456.part", mine / "notes.part"
    for path in (*old, fresh, own):
        path.write_bytes(b"half")
    for path in (*old, own):
        os.utime(path, (0, 0))
    update.update(mine)
    assert not any(path.exists() for path in old) and fresh.exists() and own.exists()


def test_the_command_says_in_both_languages_what_it_did(course, mine):
    edition(course / NAMES[0], "Better")
    edition(course / NAMES[1], "Better", STUB.replace("...", "return 0"))
    (mine / NAMES[2]).write_text("{")
    told = course_snn_update(mine, "en")
    assert "00  1 cell(s) updated" in told and "1 of yours kept" in told and "left alone: 02_encoders" in told
    assert "changed by both, ours stands below yours: 01.euler_step" in told and "Your notebooks as they were" in told
    shutil.rmtree(mine / folder.HIDDEN)
    assert "已是最新：00" in course_snn_update(mine, "zh")
    assert (mine / NAMES[2]).read_text() == "{"
    assert update.base_file(mine, NAMES[1]).is_file()


def course_snn_update(mine: Path, lang: str) -> str:
    from course_snn.course.options import tell
    from course_snn.course.screen_update import report

    with speaking(lang):
        return "\n".join(line.plain for line in report(mine, update.update(mine), tell))


def test_the_exit_status_says_whether_all_was_brought(course, mine):
    assert invoke("update", str(mine)).exit_code == 0 and invoke("update").exit_code == 0  # the folder is remembered
    (mine / NAMES[0]).write_text("{")
    assert invoke("update").exit_code == 1


def test_a_chapter_that_was_thrown_away_is_no_news_but_comes_back_when_asked_for(course, mine):
    (mine / NAMES[0]).unlink()
    assert update.newer(mine) == [] and states(update.update(mine)) == ["new", "current", "current"]
    shutil.rmtree(mine / folder.HIDDEN)
    (mine / NAMES[0]).unlink()  # a folder with some of the chapters, put together by somebody
    assert update.newer(mine) == [CHAPTERS[1]]  # nobody knows what was handed out there


@each_of("where", ["nothing", "package", "empty"])
def test_a_folder_that_is_nobodys_copy_is_refused(where, course, mine, tmp_path):
    places = {"nothing": tmp_path / "nowhere", "package": course, "empty": tmp_path / "working"}
    before = content(tmp_path)
    with pytest.raises(ChapterError):
        update.update(places[where])
    assert content(tmp_path) == before


def test_without_what_was_handed_out_answers_stay(course, mine):
    for damage in (lambda base: base.unlink(), lambda base: base.write_text("{")):
        damage(folder.base_file(mine, NAMES[1]))
        text = f"Better {damage}"
        edition(course / NAMES[1], text)
        outcome = update.update(mine)[1]
        assert (outcome.state, len(outcome.both)) == ("updated", 1)
        assert ANSWER in texts(mine / NAMES[1]) and any(text in shown for shown in texts(mine / NAMES[1]))


def test_a_copy_that_nobody_changed_tells_what_was_handed_out(course, mine):
    shutil.rmtree(mine / folder.HIDDEN)
    assert states(update.update(mine)) == ["current", "updated", "current"]
    for name in NAMES:
        assert folder.base_file(mine, name).read_bytes() == (course / name).read_bytes()


def test_a_copy_names_the_python_that_will_run_it(course, mine):
    assert (mine / NAMES[0]).read_bytes() == cells.stamped((course / NAMES[0]).read_bytes())
    assert cells.parse((mine / NAMES[0]).read_bytes())["metadata"]["language_info"] == cells.language_info()


def test_a_notebook_that_is_open_waits(course, mine, monkeypatch):
    for name in NAMES[:2]:
        edition(course / name, "Better")
    monkeypatch.setattr(update, "open_notebooks", lambda: {(mine / NAMES[1]).resolve()})
    before = content(mine)
    assert states(update.update(mine)) == ["updated", "open", "current"]
    assert (mine / NAMES[1]).read_bytes() == before[mine / NAMES[1]][0]
    monkeypatch.setattr(cells, "language_info", lambda: {"name": "python", "version": "3.99.0"})
    assert update.refresh(mine) == [NAMES[0], NAMES[2]]


def test_what_cannot_be_written_is_left_and_named(course, mine, monkeypatch):
    for name in NAMES[:2]:
        edition(course / name, "Better")
    written = update._write

    def refusing(path: Path, data: bytes) -> None:
        if path.parent == mine and path.name == NAMES[0]:
            raise PermissionError(f"{path} is locked")
        written(path, data)

    monkeypatch.setattr(update, "_write", refusing)
    before = (mine / NAMES[0]).read_bytes()
    outcomes = update.update(mine)
    assert states(outcomes) == ["unwritable", "updated", "current"] and "locked" in outcomes[0].why
    assert (mine / NAMES[0]).read_bytes() == before and update.newer(mine) == [CHAPTERS[0]]
    monkeypatch.setattr(update, "_write", written)
    assert states(update.update(mine)) == ["updated", "current", "current"]
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: (_ for _ in ()).throw(PermissionError("read-only")))
    with pytest.raises(ChapterError, match="read-only"):
        update.update(mine)


def test_a_file_that_somebody_protected_is_left_and_a_link_stays_one(course, mine, monkeypatch):
    for name in NAMES[:2]:
        edition(course / name, "Better")
    elsewhere = mine.with_name("elsewhere.ipynb")
    (mine / NAMES[1]).rename(elsewhere)
    (mine / NAMES[1]).symlink_to(elsewhere)
    before, may = (mine / NAMES[0]).read_bytes(), update.os.access
    protected = lambda path, mode: Path(path).name != NAMES[0] and may(path, mode)  # noqa: E731 (root may write all)
    monkeypatch.setattr(update.os, "access", protected)
    assert states(update.update(mine)) == ["unwritable", "updated", "current"]
    assert (mine / NAMES[0]).read_bytes() == before
    monkeypatch.setattr(cells, "language_info", lambda: {"name": "python", "version": "3.99.0"})
    assert NAMES[1] in update.refresh(mine)
    assert (mine / NAMES[1]).is_symlink() and b"3.99.0" in elsewhere.read_bytes()


def test_an_update_that_was_killed_is_done_again_without_a_trace(course, mine, monkeypatch):
    edition(course / NAMES[1], "Better", STUB.replace("...", "return 0"))
    whole = shutil.copytree(mine, mine.with_name("whole"))
    update.update(whole)
    base = folder.base_file(mine, NAMES[1]).read_bytes()
    update.update(mine)
    folder.base_file(mine, NAMES[1]).write_bytes(base)  # killed after the notebook and before this
    update.update(mine)
    assert (mine / NAMES[1]).read_bytes() == (whole / NAMES[1]).read_bytes()


def test_the_newlines_of_windows_are_no_news(course, mine):
    windows = (course / NAMES[1]).read_bytes().replace(b"\n", b"\r\n")
    (course / NAMES[1]).write_bytes(windows)
    assert update.newer(mine) == []
    (mine / NAMES[0]).write_bytes((mine / NAMES[0]).read_bytes().replace(b"\n", b"\r\n"))
    edition(course / NAMES[0], "Better")
    assert (update.update(mine)[0].kept, texts(mine / NAMES[0])[0]) == (0, "# Better")


def test_lab_tells_of_newer_chapters_and_names_a_new_python(course, mine, monkeypatch, capsys):
    with speaking("en"):
        assert lab._prepared(folder.learner_dir()) == mine and capsys.readouterr().err == ""
        edition(course / NAMES[2], "Better")
        before = content(mine)
        lab._prepared(mine)
        assert "newer chapters are available (02)" in capsys.readouterr().err and content(mine) == before
    monkeypatch.setattr(cells, "language_info", lambda: {"name": "python", "version": "3.99.0"})
    (mine / NAMES[0]).write_text("{")
    assert update.refresh(mine) == NAMES[1:]
    book, old = cells.parse((mine / NAMES[1]).read_bytes()), cells.parse(before[mine / NAMES[1]][0])
    assert book["metadata"].pop("language_info") == {"name": "python", "version": "3.99.0"}
    old["metadata"].pop("language_info")
    assert book == old and (mine / NAMES[0]).read_text() == "{" and update.refresh(mine) == []


def test_two_updates_at_once_do_not_meet(course, mine):
    from filelock import FileLock

    lock = FileLock(mine / folder.HIDDEN / "update.lock")
    with lock, speaking("en"), pytest.raises(ChapterError, match="another update"):
        update.update(mine)


def test_servers_that_do_not_answer_have_nothing_open(monkeypatch):
    import jupyter_server.serverapp

    dead = {"url": "http://127.0.0.1:9/", "token": "x", "root_dir": "/"}
    monkeypatch.setattr(jupyter_server.serverapp, "list_running_servers", lambda: iter([dead, {}]))
    assert update.open_notebooks() == set()
