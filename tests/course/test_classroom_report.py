"""What the marks of a class say, on a page, in a picture, in tables, and to each student."""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import graded_class
import numpy as np
import pytest
from graded_class import EVIL, ODD
from PIL import Image
from together import each_of
from typer.testing import CliRunner

from course_snn import figure, language
from course_snn.course.classroom import (
    discrimination,
    feedback,
    marks,
    report,
    report_command,
    report_figure,
    report_page,
    report_tables,
    sheet,
    states,
)
from course_snn.course.classroom.commands import app
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marks import Grades, Mark, Row
from course_snn.course.exercise import chapter_exercises

PASS, WRONG = Mark("passed", "通过。", "Passed."), Mark("wrong", "差一步", "one step late", True)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A class of thirty with three chapters."""
    folder = tmp_path_factory.mktemp("班级")
    graded_class.write(folder)
    return folder


@pytest.fixture(scope="module")
def found(folder):
    return report.read(folder)


def kept(folder: Path, *rows: Row, names: tuple[str, ...] = ("01.euler_step", "01.rheobase")) -> report.Report:
    """The report on these rows, in a folder that nobody collected."""
    marks.save(Grades(names, rows, "s"), folder)
    return report.read(folder)


def person(found: report.Report, text: str) -> report.Person:
    return next(one for one in found.people if text in one.called)


class Page(HTMLParser):
    """What a browser would make of a page: tags and their attributes, and the text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.text, self._quiet = [], [], "", 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self._quiet += tag in ("script", "style")

    def handle_endtag(self, tag):
        self._quiet -= tag in ("script", "style")

    def handle_data(self, data):
        self.text += "" if self._quiet else data


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
    assert "strangers/旧的.ipynb" in text and "nobody's in the class" in text and "1 files belong to nobody" in text


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
    assert "3 files do not say whose they are" in Page(report_page.page(found)).text


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


# Tables


@each_of("text", ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "\n=1", " =1", "＝1+1", "＋1", "－1", "＠a", EVIL[34:]])
def test_no_text_is_a_formula(text):
    cell = next(csv.reader(io.StringIO(sheet.as_csv([[text]])[1:], newline="")))[0]
    assert cell == f"'{text}"


def test_numbers_stay_numbers():
    assert sheet.as_csv([[-0.5, 3, "-0.5", "张", "a,b"]]) == '\ufeff-0.5,3,\'-0.5,张,"a,b"\r\n'


def test_the_table_has_a_line_for_each_student(found, tmp_path):
    report_tables.write_csv(found, tmp_path / "报告.csv")
    raw = (tmp_path / "报告.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    heads, *lines = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert len(lines) == 31 and {len(line) for line in lines} == {len(heads)}
    assert not any(cell.lstrip().startswith(sheet.FORMULA) for line in [heads, *lines] for cell in line)
    for one, line in zip(found.people, lines, strict=True):
        told = dict(zip(heads, line, strict=True))
        assert told["学号 id"] == one.student.id and int(told["通过 passed"]) == one.passed
        assert float(told["通过率 percent"]) == round(one.share, 1)
        assert {name: told[name].split()[-1] for name in found.exercises if one.marks[name].state == "passed"} == {
            name: "passed" for name, mark in one.marks.items() if mark.state == "passed"
        }
    assert "'=1+1" in {line[1] for line in lines}


def test_heads_are_no_formulas(tmp_path):
    found = kept(tmp_path, Row("a", "1 A", {"=cmd|'/C calc'!A0": PASS}), names=("=cmd|'/C calc'!A0",))
    report_tables.write_csv(found, tmp_path / "a.csv")
    assert "'=cmd|" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert "=cmd|" in Page(report_page.page(found)).text


def test_a_workbook_holds_texts_and_numbers_and_no_formula(found, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        report_tables.write_xlsx(found, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert not any("<f>" in text or "<f " in text or "hyperlink" in text for text in sheets)
    assert "<t>=1+1</t>" in strings and "20230001" in strings
    one = found.people[0]
    row = re.search(r'<row r="2".*?</row>', sheets[0])[0]
    assert f"<v>{one.passed}</v></c>" in re.sub(r'<c r="\w+" t="s">.*?</c>', "", row)  # what is left are numbers


def test_without_the_library_a_workbook_says_how_to_get_it(found, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ClassroomError, match=r"pip install XlsxWriter .*report\.csv"):
        report_tables.write_xlsx(found, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


# Pages


def test_the_page_needs_nothing_else_and_runs_nothing_of_a_learners(found):
    text = report_page.page(found)
    page = Page(text)
    assert not {"link", "img", "iframe", "object"} & set(page.tags) - {"link"}
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", text)
    assert page.tags.count("script") == Page(report_page.page(report.Report((), ()))).tags.count("script")
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert EVIL in page.text and "Ana\u202eevil" in page.text and "a b" in page.text
    assert "<b>看</b>" not in text and "look at eval <i>" in page.text


def test_the_page_says_everything_in_both_languages(found):
    text = report_page.page(found)
    words = [(label.zh, label.en) for label in (*states.WORDS.values(), *(group.title for group in states.GROUPS))]
    shown = {mark.state for one in found.people for mark in one.marks.values()}
    page = Page(text).text
    assert all(zh in page and en in page for zh, en in words if en in shown)
    assert text.count('<span lang="zh">') == text.count('<span lang="en">') == text.count('<span class="lang-sep">')
    assert 'data-course-lang="zh"' in report_page.page(found, "zh")
    for one in found.items():
        assert one.r is None or f"{one.r:.2f}".replace("-", "−") in page
    for one in found.beliefs():
        assert one.reason.en in page and one.reason.zh in page


def test_the_limit_stands_in_the_rule(found):
    text = report_page.page(found, "en", 75)
    assert 'value="75"' in text and "<span class='limit'>75</span>" in text
    assert text.count('class="marked" data-share') == len(found.helped(75)) > len(found.helped(20))


def test_the_picture_is_the_same_again_in_each_language_and_names_nobody(found):
    with figure.strict_glyphs():
        zh, en = (report_figure.picture(found, lang) for lang in ("zh", "en"))
        assert report_figure.picture(found, "zh") == zh != en
    assert Image.open(io.BytesIO(zh)).size[0] == report_figure.WIDTH * figure.DPI
    with figure.strict_glyphs():
        fig = report_figure.draw(found)
    said = " ".join(text.get_text() for ax in fig.axes for text in ax.texts)
    assert not any(name in said for _, name in graded_class.students())


@each_of("text", ["$x_{", "مريم 🎉", "长" * 500, "a\nb\x00c", "\ud800", "w" * 300, ""])
def test_any_text_can_be_drawn(text, tmp_path_factory):
    row = Row("a", "1 A", {"01.euler_step": Mark("wrong", text, text, True)})
    with figure.strict_glyphs():
        assert report_figure.picture(report.Report(("01.euler_step",), (report._joined(
            [(report.Student("1"), report._tidied(row), True)], ["01.euler_step"]),)), "zh")  # fmt: skip


def test_wrapped_keeps_to_its_lines():
    assert report_figure.wrapped("one two three", 7, 3) == "one two\nthree"
    assert report_figure.wrapped("膜电位超过阈值", 6, 2) == "膜电位\n超过…" or report_figure.wrapped(
        "膜电位超过阈值", 6, 2
    ).endswith("…")
    assert report_figure.wrapped("", 6, 2) == ""


# What students get back


def test_each_student_gets_their_own_page_and_nothing_of_others(found, tmp_path):
    files = feedback.write(found, tmp_path / "反馈")
    assert len(files) == 30 == len({file.name.casefold() for file in files})
    names = {one.student.id: one.student.name for one in found.people}
    for one, file in zip([one for one in found.people if one.files], files, strict=True):
        text = file.read_text(encoding="utf-8")
        page = Page(text)
        assert names[one.student.id].split()[0] in page.text
        assert not [number for number in names if number != one.student.id and number in text]
        assert page.tags.count("script") == 3 and "img" not in page.tags
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        for name, mark in one.marks.items():
            assert mark.state == states.ABSENT or name in page.text
            if mark.state not in ("passed", states.ABSENT):
                assert mark.reason_en in page.text and mark.reason_zh in page.text
        assert "look at eval" not in text


def test_feedback_holds_no_solution_and_says_where_to_go_on(found, tmp_path):
    one = person(found, "20230001")
    text = feedback.page(one, "zh", site="https://x.y/")
    for key in graded_class.CHAPTERS:
        for exercise in chapter_exercises(key):
            assert exercise.source.splitlines()[-1].strip() not in text or len(exercise.source) < 40
    assert 'data-course-lang="zh"' in text
    assert re.search(r'href="https://x\.y/01_lif_neuron\.html#[\w-]+"', text)
    assert "01_lif_neuron.ipynb" in feedback.page(one) and "href" not in feedback.page(one).split("<main>")[1]
    with pytest.raises(ClassroomError, match="no web address"):
        feedback.write(found, tmp_path, site="javascript:alert(1)")


def test_brief_feedback_gives_no_reason(found):
    one = next(one for one in found.people if any(mark.named for mark in one.marks.values()))
    reason = next(mark.reason_en for mark in one.marks.values() if mark.named)
    assert reason in Page(feedback.page(one)).text
    assert reason not in Page(feedback.page(one, brief=True)).text


def test_feedback_is_removed_with_its_student_and_other_files_stay(found, tmp_path):
    first = feedback.write(found, tmp_path / "out")
    (tmp_path / "out" / "mine.html").write_text("mine", encoding="utf-8")
    fewer = report.Report(found.exercises, found.people[:3])
    assert len(feedback.write(fewer, tmp_path / "out")) == 3
    left = sorted(path.name for path in (tmp_path / "out").glob("*.html"))
    assert left == sorted(["mine.html", *(file.name for file in first[:3])])
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").write_text("", encoding="utf-8")
    with pytest.raises(ClassroomError, match="new or empty folder"):
        feedback.write(found, tmp_path / "other")


# The command


def run(*arguments: object):
    return CliRunner(env={"NO_COLOR": "1"}).invoke(app, ["report", *map(str, arguments)])


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_command_writes_the_same_again_and_nothing_into_the_hand_ins(folder, tmp_path):
    before, runs = snapshot(folder), []
    for _ in range(2):
        done = run(folder, "--out", tmp_path / "报告", "--xlsx", "--feedback", tmp_path / "反馈")
        assert done.exit_code == 0, done.output
        assert "31 students" in done.output and "30 pages of feedback" in done.output
        runs.append(snapshot(tmp_path))
    assert runs[0] == runs[1] and len(runs[0]) == 30 + 4 + 2
    assert snapshot(folder) == before
    assert {path.name for path in (tmp_path / "报告").glob("*.*")} == {
        "report.html", "report.png", "report.csv", "report.xlsx", ".course-snn-classroom",
    }  # fmt: skip


def test_the_report_lies_beside_the_hand_ins_by_default_and_never_over_other_files(tmp_path):
    kept(tmp_path, Row("a.ipynb", "1 A", {"01.euler_step": PASS}))
    assert run(tmp_path).exit_code == 0 and (tmp_path / "report" / "report.html").is_file()
    failed = run(tmp_path, "--out", tmp_path)
    assert isinstance(failed.exception, ClassroomError)
    assert not (tmp_path / "report.html").exists()


def test_after_an_exam_the_teacher_is_told_that_reasons_are_given(tmp_path):
    (tmp_path / "a.ipynb").write_text('{"metadata": {"course": {"assignment": {"exam": true}}}}', encoding="utf-8")
    kept(tmp_path, Row("a.ipynb", "1 A", {"01.euler_step": WRONG}))
    done = run(tmp_path, "--feedback", tmp_path / "f1")
    assert "this is an exam" in done.output and "--brief" in done.output
    assert "--brief" not in run(tmp_path, "--feedback", tmp_path / "f2", "--brief").output


@pytest.mark.parametrize("count", [1, 300])
def test_a_class_of_any_size_has_a_report(count, tmp_path):
    rows = [
        Row(f"{n}.ipynb", f"{n:03d} {ODD[n % len(ODD)]}", {"01.euler_step": PASS if n % 3 else WRONG})
        for n in range(count)
    ]
    found = kept(tmp_path, *rows)
    assert len(found.people) == count
    text = report_page.page(found)
    assert text.count("data-share=") == count
    assert found.counts("01.rheobase") == {states.ABSENT: count}
    assert discrimination.SAYS[found.items()[1].finding].en == "nobody handed it in"
    assert report_figure.picture(found, "en")
