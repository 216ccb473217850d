"""The report of a class as a page, a picture and tables, what each student gets back, and the command."""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from pathlib import Path

import graded_class
import pytest
from graded_class import EVIL, ODD, PASS, WRONG, Page, kept, person
from PIL import Image
from together import each_of
from typer.testing import CliRunner

from course_snn import figure
from course_snn.course.classroom import (
    discrimination,
    feedback,
    report,
    report_figure,
    report_page,
    report_tables,
    sheet,
    states,
)
from course_snn.course.classroom.commands import app
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marks import Mark, Row
from course_snn.course.classroom.names import tidy
from course_snn.course.exercise import chapter_exercises

_english, folder, found = graded_class.english, graded_class.folder, graded_class.found


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
        assert b">2000-01-01T00:00:00Z</dcterms:created>" in archive.read("docProps/core.xml")  # not the time of day
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
    kept(tmp_path, Row("a.ipynb", "1 A", {"01.euler_step": PASS}))
    assert isinstance(run(tmp_path, "--xlsx").exception, ClassroomError)
    assert (tmp_path / "report" / "report.csv").is_file()  # which the message offers instead


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


def test_the_picture_speaks_both_languages_and_names_nobody(found):
    few = report.Report(found.exercises[:3], found.people)
    with figure.strict_glyphs():
        zh, en = (report_figure.picture(few, lang) for lang in ("zh", "en"))
        assert zh != en
        fig = report_figure.draw(found)
    assert Image.open(io.BytesIO(zh)).size[0] == report_figure.WIDTH * figure.DPI
    said = " ".join(text.get_text() for ax in fig.axes for text in ax.texts)
    assert not any(name in said for _, name in graded_class.students())
    numbers = [int(text.get_text()) for text in fig.axes[0].texts]
    groups = [[sum(found.counts(name)[state] for state in group.states) for name in found.exercises]
              for group in states.GROUPS]  # fmt: skip
    assert numbers == [count for counts in groups for count in counts if count >= 0.06 * 31]


def test_any_text_can_be_drawn(tmp_path):
    texts = ["$x_{", "مريم 🎉", "长" * 500, "a\nb\x00c", "w" * 300, "", "\u202e"]
    names = tuple(f"01.e{k}" for k in range(len(texts)))
    told = {name: Mark("wrong", text, text, True) for name, text in zip(names, texts, strict=True)}
    with figure.strict_glyphs():
        assert report_figure.picture(kept(tmp_path, Row("a", "1 A", told), names=names), "zh")
    assert tidy("a\ud800\x00\n") == "a\ufffd\ufffd\n"


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
        assert "31 students" in done.output and "a page for each of 30" in done.output
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
    kept(tmp_path, Row("a.ipynb", "1 A", {"01.euler_step": WRONG}, exam=True))
    done = run(tmp_path, "--feedback", tmp_path / "f1")
    assert "this is an exam" in done.output and "--brief" in done.output
    text = (tmp_path / "f1" / "1_A.html").read_text(encoding="utf-8")
    assert "Notebooks of an exam give no hints" in text and "open its hints" not in text
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
