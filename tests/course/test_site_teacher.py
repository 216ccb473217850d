"""The teachers' pages: both languages, sums of minutes, the graph against the tables, every exercise that is named."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from bilingual import ROOT, breaches, disagreements, glossary, languages

from course_snn.course import chapters, exercise
from course_snn.course.site import extra, frame, graph, misconceptions, needs, plans, teaching
from course_snn.course.site.build import own_notebooks
from course_snn.course.site.reading import words

KEYS = [chapter.key for chapter in chapters.CHAPTERS]
ALL = {one.id for key in KEYS for one in exercise.chapter_exercises(key)}
NAMES = ("teachers", "teachers_deploy", "teachers_discussion", "teachers_misconceptions")
PARAGRAPHS = re.compile(r'(?:^## .*?\n\n)?<div lang="zh">.*?</div>\s*<div lang="en">.*?</div>', re.S | re.M)


def tables() -> dict[str, tuple[int, set[str]]]:
    """Minutes and chapters needed, read from the English row of each notebook's first table."""
    found = {}
    for chapter in chapters.CHAPTERS:
        notebook = json.loads((own_notebooks() / chapter.file_name).read_text(encoding="utf-8"))
        prose = "".join("".join(c["source"]) + "\n" for c in notebook["cells"] if c["cell_type"] == "markdown")
        row = re.search(r"^\| about (\d+) minutes \|[^|]*\|([^|]*)\|", prose, re.M)
        found[chapter.key] = int(row[1]), set(re.findall(r"\b\d\d\b", row[2]))
    return found


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The teachers' pages of a site in which every chapter has a page."""

    class Page:
        def __init__(self, chapter: chapters.Chapter) -> None:
            self.chapter, self.file_name = chapter, f"{chapter.slug}.html"

    site = frame.Site([Page(one) for one in chapters.CHAPTERS], extra.titles())
    return {name: extra.page(site, f"{name}.html", own_notebooks()) for name in NAMES}


def body(page: str) -> str:
    return page.split('<article class="extra">')[1].split("</article>")[0]


def test_the_pages_are_there_in_both_languages_and_every_page_links_them(pages: dict[str, str]) -> None:
    assert [name for name, _ in extra.titles()] == [f"{name}.html" for name in NAMES]
    for page in pages.values():
        zh, en = words(body(page))
        assert len(re.findall("[一-龥]", zh)) > 800 and not re.search("[一-龥]", re.sub("发下去|交上来", "", en))
        foot = page.split('<footer class="foot">')[1]
        assert all(f'href="{name}.html"' in foot for name in NAMES)
        assert "<!-- course:" not in page


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same(name: str) -> None:
    source = (extra.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    terms = glossary()
    found = []
    for cell in PARAGRAPHS.findall(re.sub(r"```.*?```|^# .*", "", source, flags=re.S | re.M)):
        assert all(text.strip() for text in languages(cell).values())
        found += [fault for fault in disagreements(cell) if fault.startswith("code")] + breaches(cell, terms)
    assert found == []


def test_weeks_hold_the_minutes_of_their_chapters(pages: dict[str, str]) -> None:
    minutes = {key: one for key, (one, _) in tables().items()}
    shown = re.findall(r'<div class="plan">(.*?)</table>', pages["teachers"], re.S)
    for (length, weeks), table in zip(plans.PLANS.items(), shown, strict=True):
        rows = [re.findall(r"<td>(.*?)</td>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)[1:]]
        assert len(weeks) == length == len(rows) - 1
        for week, row in zip(weeks, rows, strict=False):
            assert re.findall(r"<b>(\d\d)</b>", row[1]) == list(week.chapters)
            total = sum(minutes[key] for key in week.chapters)
            assert row[2] == (str(total) if total else "") and int(row[3]) == plans.SESSION - total >= 0
            named = re.findall(r"<code>(\d\d\.\w+)</code>", row[4] + row[5])
            assert sorted(named) == sorted(one for one in ALL if one[:2] in week.chapters)
        assert int(rows[-1][2]) == sum(minutes[key] for week in weeks for key in week.chapters)
        assert int(rows[-1][2]) + int(rows[-1][3]) == plans.SESSION * length


def test_every_plan_takes_what_a_chapter_needs_before_it() -> None:
    needed = {key: wanted for key, (_, wanted) in tables().items()}
    for length, weeks in plans.PLANS.items():
        order = [key for week in weeks for key in week.chapters]
        assert len(set(order)) == len(order)
        late = {(key, one) for n, key in enumerate(order) for one in needed[key] if one not in order[:n]}
        assert late == plans.SKIPPED.get(length, set())
    assert [key for week in plans.PLANS[16] for key in week.chapters] == KEYS
    fast = [key for week in plans.PLANS[8] for key in week.chapters]
    assert [key for key in fast if key in plans.FAST] == list(plans.FAST)


def reached(lines: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """All pairs between which the lines lead, by repeated joining."""
    whole = set(lines)
    while more := {(a, d) for a, b in whole for c, d in whole if b == c} - whole:
        whole |= more
    return whole


def test_the_graph_says_what_the_tables_say(pages: dict[str, str]) -> None:
    svg = re.search(r'<svg class="needs".*?</svg>', pages["teachers"], re.S)[0]
    lines = re.findall(r'class="line([^"]*)" data-from="(\d\d)" data-to="(\d\d)"', svg)
    asked = [(a, b) for kind, a, b in lines if "asked" in kind]
    drawn = [(a, b) for kind, a, b in lines if "asked" not in kind]
    wanted = [(one, key) for key, (_, several) in tables().items() for one in several]
    assert reached(drawn) == reached(wanted)
    assert all(reached([one for one in drawn if one != line]) != reached(wanted) for line in drawn)
    marked = [(a, b) for kind, a, b in lines if "path" in kind]
    assert sorted(marked) == sorted(pairwise(plans.FAST)) and asked == [("02", "08")]
    assert sorted(re.findall(r'class="node[^"]*" data-chapter="(\d\d)"', svg)) == KEYS
    assert sorted(re.findall(r'class="node path" data-chapter="(\d\d)"', svg)) == sorted(plans.FAST)


def test_no_chapter_hides_another_and_all_are_inside() -> None:
    needed = {key: need.chapters for key, need in needs.needs(own_notebooks()).items()}
    svg = graph.picture(needed, plans.FAST, ())
    boxes = [tuple(map(float, box)) for box in re.findall(r'<rect x="([\d.-]+)" y="([\d.-]+)"', svg)]
    assert len(boxes) == len(KEYS)
    for n, (x, y) in enumerate(boxes):
        assert 0 <= x <= graph.WIDTH - graph.NODE
        assert all(abs(x - a) >= graph.NODE or abs(y - b) >= graph.HEIGHT for a, b in boxes[:n])
    assert set(graph.SHORT) == set(KEYS) and "href" not in svg


def test_aims_running_times_and_data_are_those_of_the_chapters(pages: dict[str, str]) -> None:
    found = needs.needs(own_notebooks())
    zh, en = words(body(pages["teachers"]))
    assert {key: (one.minutes, set(one.chapters)) for key, one in found.items()} == tables()
    for key, need in found.items():
        assert need.known.zh in zh and need.known.en in en and need.running.zh in zh and need.running.en in en
        assert len(need.aims) >= 5 or key == "00"
    assert found["12"].sets == ("Fashion-MNIST",) and found["16"].sets == ("CIFAR-10",) and found["08"].sets == ()
    assert (
        sum(len(one.aims) for one in found.values())
        == body(pages["teachers"]).split('class="aims"')[1].split('id="s', 1)[0].count("<li>") // 2
    )


def test_every_exercise_and_every_mistake_is_listed(pages: dict[str, str]) -> None:
    page = pages["teachers_misconceptions"]
    assert set(re.findall(r'<details class="mistakes" id="([^"]+)"', page)) == ALL
    zh, en = words(body(page))
    for name in ALL:
        for one in exercise.find(name).mistakes:
            assert " ".join(one.zh.replace("`", "").split()) in zh, (name, one.zh)
            assert " ".join(one.en.replace("`", "").split()) in en, (name, one.en)


def test_notes_are_about_mistakes_that_exist() -> None:
    notes = misconceptions.notes()
    assert len(notes) >= 30 and [note.exercise for note in notes] == sorted(
        (note.exercise for note in notes), key=lambda name: name[:2]
    )
    assert {note.exercise[:2] for note in notes} == set(KEYS)
    for note in notes:
        assert misconceptions.mistake(note).en.startswith(note.begins)
        for text in (note.believes, note.ask):
            assert re.search("[一-龥]", text.zh) and not re.search("[一-龥]", text.en)
    with pytest.raises(ValueError, match="0 messages of"):
        misconceptions.mistake(misconceptions.Note("01.euler_step", "No such", notes[0].believes, notes[0].ask))


def test_all_exercises_named_exist_and_links_lead_somewhere(pages: dict[str, str]) -> None:
    ids = {f"{name}.html": set(re.findall(r'\bid="([^"]+)"', page)) for name, page in pages.items()}
    for chapter in chapters.CHAPTERS:
        notebook = json.loads((own_notebooks() / chapter.file_name).read_text(encoding="utf-8"))
        ids[f"{chapter.slug}.html"] = {cell["id"] for cell in notebook["cells"]}
    for page in pages.values():
        assert set(re.findall(r"<code>(\d\d\.\w+)</code>", page)) <= ALL
        for link in re.findall(r'href="([^"]+)"', body(page)):
            file, _, anchor = unquote(unescape(link)).partition("#")
            assert not file or file in ids, link
            assert not anchor or anchor in ids.get(file, set().union(*ids.values())), link


def test_a_chapter_without_a_page_is_named_and_not_linked() -> None:
    made = teaching.filled("<!-- course: plan 8 -->", frozenset(), own_notebooks())
    assert "<b>08</b>" in made and 'href="08' not in made
    with pytest.raises(KeyError, match="no_such"):
        teaching.filled("<!-- course: no_such -->", frozenset(), own_notebooks())


def test_a_notebook_without_a_table_has_no_needs(tmp_path: Path) -> None:
    (tmp_path / "01_lif_neuron.ipynb").write_text('{"cells": []}', encoding="utf-8")
    assert needs.needs(tmp_path) == {}


def test_commands_named_exist() -> None:
    """Once the package has them: every `course-snn classroom` command and option that the page names."""
    commands = pytest.importorskip("course_snn.course.classroom.commands")
    import typer

    known = typer.main.get_command(commands.app).commands
    source = (extra.FOLDER / "teachers.md").read_text(encoding="utf-8")
    named = re.findall(r"^course-snn classroom (\w+)(.*)$", source, re.M)
    assert {name for name, _ in named} == {"assign", "collect", "grade", "report", "similar"}
    for name, rest in named:
        options = {option for one in known[name].params for option in one.opts}
        assert set(re.findall(r"--\w+", rest)) <= options, name


def test_deployment_names_commands_configuration_and_places_that_exist() -> None:
    import typer

    from course_snn.course.commands import app

    source = (extra.FOLDER / "teachers_deploy.md").read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands
    named = set(re.findall(r"course-snn (lab|start|[a-z]+)(?= )", " ".join(re.findall(r"`([^`\n]+)`", source))))
    assert named - {"python"} <= set(commands)
    zh, en = (re.findall(r"```python\n(.*?)```", text, re.S) for text in languages(source).values())
    assert len(zh) == len(en) == 3
    for ours, theirs in zip(zh, en, strict=True):
        for code in (ours, theirs):
            compile(code, "jupyterhub_config.py", "exec")
        assert re.findall(r"^c\.\w+\.\w+", ours, re.M) == re.findall(r"^c\.\w+\.\w+", theirs, re.M)
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for place in ("/learner", "/opt/course-snn", "127.0.0.1:8888:8888"):
        assert place in source and place in docker
    anchors = [heading[0] for heading in re.findall(r"^(#+) ", source, re.M)]
    assert f"(#s{len(anchors)})" in source  # "what was tried" is the last section
