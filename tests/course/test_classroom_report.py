"""What the marks of a class say: states, mistakes, who needs help, which exercises tell students apart."""

from __future__ import annotations

from pathlib import Path

import graded_class
import numpy as np
import pytest
from graded_class import PASS, WRONG, Page, kept, person

from course_snn.course.classroom import (
    discrimination,
    marks,
    report,
    report_command,
    report_page,
    states,
)
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marks import Grades, Mark, Row
from course_snn.course.exercise import chapter_exercises

_english, folder, found = graded_class.english, graded_class.folder, graded_class.found


# What the marks say


def test_files_of_a_student_are_joined(found):
    assert len(found.people) == 31 and all(len(one.marks) == len(found.exercises) for one in found.people)
    whole, partial, gone = (person(found, f"20230{n}") for n in ("001", "005", "999"))
    assert len(whole.files) == 3 and len(partial.files) == 2 and not gone.files
    assert {mark.state for name, mark in partial.marks.items() if name[:2] == "08"} == {states.ABSENT}
    assert [reason.en for reason in report.lacking(partial)] == ["chapter 08 not handed in"]
    assert [reason.en for reason in report.lacking(gone)] == ["handed in nothing"]
    assert all(sum(found.counts(name).values()) == 31 for name in found.exercises)


def test_what_is_nobodys_counts_nowhere_and_is_listed(found):
    assert [row.file for row in found.strangers] == ["strangers/旧的.ipynb"]
    assert not any("旧的" in one.called for one in found.people)
    text = Page(report_page.page(found)).text
    assert (
        "strangers/旧的.ipynb" in text and "nobody's in the class" in text and "1 file of nobody in the class:" in text
    )


def test_counts_agree_with_the_marks(folder, found):
    grades = marks.load(folder)
    for name in found.exercises:
        own = [row.states[name].state for row in grades.rows if name in row.states and "strangers" not in row.file]
        counts = found.counts(name)
        assert {state: own.count(state) for state in own} == {k: n for k, n in counts.items() if k != states.ABSENT}
        assert counts[states.ABSENT] == 31 - len(own)


def test_mistakes_are_counted_by_student_in_their_own_words(folder, found):
    beliefs = found.beliefs()
    assert [len(one.people) for one in beliefs] == sorted((len(one.people) for one in beliefs), reverse=True)
    rows = [row for row in marks.load(folder).rows if "strangers" not in row.file]
    for one in beliefs:
        same = [
            row
            for row in rows
            if (mark := row.states.get(one.exercise)) and mark.named and mark.reason_en == one.reason.en
        ]
        assert len(one.people) == len(same) and {who.student.id for who in one.people} == {r.student[:8] for r in same}
    known = {mistake.en for key in graded_class.CHAPTERS for one in chapter_exercises(key) for mistake in one.mistakes}
    assert beliefs and {one.reason.en for one in beliefs} <= known
    wrong = sum(mark.state in ("wrong", "error") for row in rows for mark in row.states.values())
    assert sum(len(one.people) for one in beliefs) + found.unnamed() == wrong


def test_unfinished_and_timed_out_answers_are_no_mistakes(tmp_path):
    late = Mark("timeout", "超时", "late", True)
    rest = Mark("unfinished", "没写", "not done", True)
    found = kept(tmp_path, Row("a.ipynb", "1 A", {"01.euler_step": late, "01.rheobase": rest}))
    assert not found.beliefs() and not found.unnamed()


def test_who_needs_help_follows_the_rule_that_is_told(found):
    helped = {one.student.id for one, _ in found.helped(60)}
    for one in found.people:
        low = sum(mark.state == "passed" for mark in one.marks.values()) < 0.6 * len(one.marks)
        assert (one.student.id in helped) == (low or not {mark.state for mark in one.marks.values()}.isdisjoint(
            {states.ABSENT, "unreadable"}))  # fmt: skip
    passed = [one.passed for one, _ in found.helped(60)]
    assert passed == sorted(passed)
    assert {one.student.id for one, _ in found.helped(0)} == {
        one.student.id for one in found.people if report.lacking(one)
    }
    assert report_command.BELOW == report.BELOW


def test_of_two_files_the_better_answer_counts_and_it_is_said(tmp_path):
    one = Row("a.ipynb", "1 A", {"01.euler_step": WRONG, "01.rheobase": PASS})
    two = Row("b.ipynb", "1 A", {"01.euler_step": PASS, "01.rheobase": WRONG})
    cut = Row("c.ipynb", "1 A", dict.fromkeys(("01.euler_step", "01.rheobase"), Mark("unreadable", "坏", "cut")))
    found = kept(tmp_path, one, two, cut)
    assert len(found.people) == 1 and found.people[0].passed == 2
    assert "several files of chapter 01" in found.people[0].notes[0].en
    assert not kept(tmp_path, one, cut).people[0].notes


def test_files_that_do_not_say_whose_they_are_count_each(tmp_path):
    found = kept(tmp_path, *(Row(f"{n}.ipynb", "", {"01.euler_step": PASS}) for n in range(3)))
    assert [one.called for one in found.people] == ["0.ipynb", "1.ipynb", "2.ipynb"]
    assert not any(one.known for one in found.people)
    assert "Without a name: 3 files" in Page(report_page.page(found)).text


def test_marks_that_are_not_there_say_what_to_do(tmp_path):
    def told(folder: Path) -> str:
        with pytest.raises(ClassroomError) as caught:
            report.read(folder)
        assert caught.value.args[0].zh != caught.value.args[0].en
        return str(caught.value)

    assert "there is no folder" in told(tmp_path / "none")
    assert "is not graded yet" in told(tmp_path) and "classroom grade" in told(tmp_path)
    (tmp_path / marks.KEPT).parent.mkdir()
    for old in ("{}", "[", '{"format": 0, "rows": []}', '[{"result": {}}]'):
        (tmp_path / marks.KEPT).write_text(old, encoding="utf-8")
        assert "another version" in told(tmp_path)
    marks.save(Grades((), (), "s"), tmp_path)
    assert "classroom grade" in told(tmp_path)


# Discrimination


def test_the_correlation_is_that_of_numpy_with_the_rest_score():
    draw = np.random.default_rng(3)
    ability = draw.normal(size=40)
    passed = (draw.normal(size=(40, 8)) + ability[:, None] > 0).astype(int)  # [students, exercises]
    names = [f"01.e{k}" for k in range(8)]
    got = discrimination.items(names, [dict(zip(names, map(bool, row), strict=True)) for row in passed])
    for k, item in enumerate(got):
        want = np.corrcoef(passed[:, k], passed.sum(1) - passed[:, k])[0, 1]
        assert item.r == pytest.approx(want) and item.low < item.r < item.high
        z, half = np.arctanh(want), 1.959964 / np.sqrt(37)
        assert (item.low, item.high) == pytest.approx((np.tanh(z - half), np.tanh(z + half)), abs=1e-6)


def test_what_was_not_handed_in_is_left_out_of_the_correlation():
    draw = np.random.default_rng(4)
    passed, there = draw.random((60, 9)) < 0.6, np.repeat(draw.random((60, 3)) < 0.8, 3, axis=1)
    names = [f"0{k // 3}.e{k}" for k in range(9)]
    results = [{n: bool(p) for n, p, t in zip(names, row, mask, strict=True) if t}
               for row, mask in zip(passed, there, strict=True)]  # fmt: skip
    masked = np.where(there, passed, np.nan)
    for k, item in enumerate(discrimination.items(names, results)):
        rows = masked[there[:, k]]
        assert item.students == len(rows)
        assert item.r == pytest.approx(np.corrcoef(rows[:, k], np.nanmean(np.delete(rows, k, 1), axis=1))[0, 1])


def test_only_those_who_handed_a_chapter_in_count_for_its_exercises(found):
    for item in found.items():
        counts = found.counts(item.exercise)
        assert item.students == 31 - counts[states.ABSENT] - counts["unreadable"]
        assert item.passed == counts["passed"]
    assert len({item.students for item in found.items()}) > 1


def planted(pattern: list[list[int]]) -> list[str]:
    names = [f"01.e{k}" for k in range(len(pattern[0]))] if pattern else ["01.e0"]
    return [
        item.finding
        for item in discrimination.items(names, [dict(zip(names, map(bool, row), strict=True)) for row in pattern])
    ]


def test_findings_are_what_was_planted():
    strong, weak = [[1, 0, 1, 0, 1, 1, 1]] * 12, [[1, 0, 0, 1, 0, 0, 0]] * 12
    assert planted(strong + weak) == ["everybody", "nobody", "good", "reversed", "good", "good", "good"]
    mixed = [[a, b, k % 2] for k in range(32) for a, b in [(k // 2 % 2,) * 2]]
    assert planted(mixed)[2] == "weak" and planted(mixed)[:2] == ["good", "good"]
    assert planted([[1, 1]] * 8 + [[0, 1]] * 7) == ["few", "everybody"]
    assert planted([[1, 1]] * 8 + [[0, 1]] * 8) == ["equal", "everybody"]
    assert planted([[1, 0, 1]] * 20 + [[0, 1, 0]] * 2) == ["one-sided"] * 3
    assert planted([[1], [1]]) == ["few"] and planted([]) == ["empty"]


def test_fewest_students_are_those_whose_large_correlation_is_none_by_chance():
    for students, sure in ((discrimination.FEWEST, True), (discrimination.FEWEST - 1, False)):
        assert (discrimination.interval(discrimination.LARGE, students)[0] > 0) == sure
