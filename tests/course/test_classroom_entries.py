"""The files of a class as grading finds them: what cannot be read, and what is nobody's."""

import json

import pytest
from hand_ins import original

from course_snn import language
from course_snn.course.classroom import grade as grading
from course_snn.course.classroom import place
from course_snn.course.classroom.collect import RECORD
from course_snn.course.classroom.entries import entries
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marked import Assignment, Student, mark

ZHANG = Student("2023001", "张伟", "一班")


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def test_a_file_that_cannot_be_read_is_marked_in_its_own_chapter(tmp_path):
    for name in ("01_lif_neuron.ipynb", "03_synapses_2023001(1).ipynb", "homework.ipynb"):
        (tmp_path / name).write_text('{"cells": [')
    rows = {row.file: row for row in grading.grade(tmp_path).rows}
    chapters = {file: {name[:2] for name in row.states} for file, row in rows.items()}
    assert chapters["01_lif_neuron.ipynb"] == {"01"} and chapters["03_synapses_2023001(1).ipynb"] == {"03"}
    assert chapters["homework.ipynb"] == {"01", "03"}, "of any chapter that the class handed in"
    assert {row.score for row in rows.values()} == {0} and rows["01_lif_neuron.ipynb"].of == 5


def test_what_is_nobodys_stands_under_no_name_and_says_why(tmp_path):
    notebook = json.dumps(mark(original("00"), Assignment(("00",)), ZHANG)).encode()
    own, stray, cut = "2023001_张伟/00_start_here.ipynb", "strangers/00_start_here_2023002.ipynb", "strangers/x.ipynb"
    for name, content in ((own, notebook), (stray, notebook), (cut, b"{")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    before = {one.file: one for one in entries(tmp_path, None, "")}
    assert before[stray].called == "2023001 张伟" and before[stray].flags == (), "not collected: as it says itself"
    kept = {"key": "2023001", "id": "2023001", "name": "张伟", "group": "一班", "file": own}
    place.note(tmp_path, RECORD, {"entries": [kept, kept | {"key": "", "file": stray}]})
    found = {one.file: one for one in entries(tmp_path, None, "")}
    assert (found[own].called, found[own].flags) == ("2023001 张伟", ())
    assert found[stray].called == "" and "2023001" in found[stray].flags[0].en and "2023001" in found[stray].flags[0].zh
    assert found[cut].called == "" and "counts for no one" in found[cut].flags[0].en
    assert found[stray].digest != before[stray].digest, "graded again"


def test_files_of_other_chapters_are_left_out_where_one_is_asked_for(tmp_path):
    one, other = (json.dumps(mark(original(key), Assignment((key,)), ZHANG)) for key in ("00", "01"))
    (tmp_path / "a.ipynb").write_text(one)
    (tmp_path / "b.ipynb").write_text(other)
    (tmp_path / "03_synapses.ipynb").write_text("{")
    (tmp_path / "homework.ipynb").write_text("{")
    assert [found.file for found in entries(tmp_path, ("01",), "")] == ["b.ipynb", "homework.ipynb"]
    (tmp_path / "b.ipynb").unlink()
    (tmp_path / "homework.ipynb").unlink()
    wrong = entries(tmp_path, ("01",), "")
    assert [found.file for found in wrong] == ["03_synapses.ipynb", "a.ipynb"], "nothing else was handed in"
    assert wrong[1].hand_in.chapters == ("01",)


def test_a_folder_that_assign_did_not_write_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/00_start_here.ipynb").write_text("{}")
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "in", tmp_path / "empty", tmp_path / "nothing"):
        with pytest.raises(ClassroomError, match="no folder that classroom assign has written"):
            entries(tmp_path / "in", None, "", folder)
