"""What lies beside the hand-ins: it stays listed, and who is missing is told what came in place of a notebook."""

import zipfile

import pytest

from course_snn import language
from course_snn.course.cells import dump
from course_snn.course.classroom import marks, report, roster
from course_snn.course.classroom.collect import collect
from course_snn.course.classroom.marked import Assignment, Student, mark
from course_snn.course.classroom.marks import Grades, Row

ZHANG, LI, JOSE = Student("2023001", "张伟", "一班"), Student("2023002", "李娜"), Student("2023003", "José García")
CLASS = roster.Roster((ZHANG, LI, JOSE))


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def notebook(student: Student) -> bytes:
    made = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return dump(mark(made, Assignment(("01",)), student))


def packed(path, files: dict[str, bytes]):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def notes(done) -> dict[str, str]:
    """What is said of those who are missing."""
    return {
        line.student.id: "; ".join(note.en for note in line.notes) for line in done.lines if line.state == "missing"
    }


def others(done) -> list[str]:
    return [line.source for line in done.lines if line.state in ("no notebook", "not read")]


def test_files_that_are_none_stay_listed_and_who_sent_them_is_told(tmp_path):
    jose = "José García_12_assignsubmission_file/"
    first = {f"{jose}report.docx": b"x", f"{jose}a.py": b"x", f"{jose}b.py": b"x", f"{jose}c.py": b"x"}
    one = packed(tmp_path / "moodle.zip", first)
    two = packed(tmp_path / "chaoxing.zip", {"张伟/01.ipynb": notebook(ZHANG), "李娜/01.ipynb": notebook(ZHANG)})
    collect(one, tmp_path / "out", roster=CLASS)
    done = collect(two, tmp_path / "out", roster=CLASS)
    assert others(done) == [f"moodle.zip/{name}" for name in sorted(first)]
    told = notes(done)
    assert told["2023003"] == "handed in, but no notebook: a.py, b.py, c.py … (4)" and set(told) == {
        "2023002",
        "2023003",
    }
    assert told["2023002"] == "not counted, since it also names others: strangers/01.ipynb"
    table = (tmp_path / "out/handed_in.csv").read_text(encoding="utf-8-sig")
    assert table.count("report.docx") == 1 and "只交了不是笔记的文件" in table
    again = packed(tmp_path / "moodle.zip", {f"{jose}01.ipynb": notebook(JOSE)})
    done = collect(again, tmp_path / "out", roster=CLASS)
    assert others(done) == [] and set(notes(done)) == {"2023002"}


def test_a_zip_that_was_broken_is_forgotten_once_it_is_read(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.zip").write_bytes(b"PK\3\4")
    assert others(collect(tmp_path / "in", tmp_path / "out", roster=CLASS)) == ["a.zip"]
    packed(tmp_path / "in/a.zip", {"2023001.ipynb": notebook(ZHANG)})
    assert others(collect(tmp_path / "in", tmp_path / "out", roster=CLASS)) == []


def test_the_report_does_not_say_nothing_of_who_sent_the_wrong_file(tmp_path):
    files = {"2023001.ipynb": notebook(ZHANG), "2023003 homework.pdf": b"%PDF"}
    done = collect(packed(tmp_path / "in.zip", files), tmp_path / "out", roster=CLASS)
    row = Row("2023001_张伟/01_lif_neuron.ipynb", "2023001 张伟", {"01.rheobase": marks.Mark("passed")})
    marks.save(Grades(("01.rheobase",), (row,), "s"), done.folder)
    people = {one.student.id: one for one in report.read(done.folder).people}
    assert [text.en for text in report.lacking(people["2023003"])] == ["no notebook to grade"]
    assert people["2023003"].notes[0].zh == "只交了不是笔记的文件：2023003 homework.pdf"
    assert [text.en for text in report.lacking(people["2023002"])] == ["handed in nothing"]
