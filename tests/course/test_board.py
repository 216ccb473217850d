"""What chapter 00 shows: the way through the course, and whether the machine is ready."""

import pytest

from course_snn.course import board, doctor, progress
from course_snn.course.chapters import CHAPTERS
from course_snn.language import tr


def shown(monkeypatch, call) -> object:
    seen = []
    monkeypatch.setattr(board, "show", seen.append)
    call()
    return seen[0]


def test_the_overview_links_ready_chapters_and_counts_what_is_passed(monkeypatch):
    progress.passed("01.euler_step")
    markup = shown(monkeypatch, board.overview)._repr_html_()
    assert '<a href="01_lif_neuron.ipynb">' in markup and "1 / 5" in markup
    assert markup.count("编写中") == markup.count("in preparation") == sum(not chapter.ready for chapter in CHAPTERS)


def test_nothing_wrong_is_one_line(monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda: [doctor.Finding(doctor.OK, tr("字体", "fonts"), "yes")])
    assert shown(monkeypatch, board.examine).en == "All set: no problem found."


def test_a_problem_says_what_to_do_in_both_languages(monkeypatch):
    trouble = doctor.Finding(doctor.PROBLEM, tr("字体", "fonts"), "none", tr("安装 <字体>", "install <fonts>"))
    monkeypatch.setattr(doctor, "examine", lambda: [trouble])
    markup = shown(monkeypatch, board.examine)._repr_html_()
    assert "安装 &lt;字体&gt;" in markup and "install &lt;fonts&gt;" in markup


def test_the_course_names_what_it_offers():
    from course_snn import course

    with pytest.raises(AttributeError, match="begin, check"):
        course.chek  # noqa: B018
