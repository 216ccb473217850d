"""The way on from a passed exercise: the count, the next exercise, the card of a chapter."""

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from together import each_of
from toy import DOUBLE

from course_snn import language
from course_snn.course import exercise, lesson, progress
from course_snn.course.chapters import CHAPTERS, IN_CHECKOUT, find
from course_snn.course.exercise import chapter_exercises
from course_snn.course.judge import judge
from course_snn.course.lesson import check
from course_snn.course.verdict import Verdict
from course_snn.course.way import SESSION, card, onward

NAMES = [one.id for one in chapter_exercises("01")]


def well_formed(markup: str) -> ET.Element:
    return ET.fromstring(markup.replace("&emsp;", " ").replace("<br>", "<br/>"))


@each_of(
    "name, before, done, following",
    [
        ("01.euler_step", [], 1, "01.lif_trace"),
        ("01.rheobase", ["01.euler_step", "02.centres"], 2, "01.firing_rate"),
        ("01.identify", NAMES[2:4], 3, "01.euler_step"),
        ("01.euler_step", ["01.euler_step", "01.lif_trace"], 2, "01.rheobase"),
        ("01.lif_trace", NAMES[:1] + NAMES[2:], 5, None),
    ],
)
def test_the_next_exercise_is_the_first_open_one_after_this(name, before, done, following):
    way = onward(name, before)
    assert (sum(way.done), len(way.done)) == (done, 5)
    assert (way.exercise and way.exercise.name) == following
    assert (way.ahead is None) == (following is not None)


def test_a_link_leads_to_the_prose_above_the_exercise_or_to_its_cell():
    for chapter in map(find, ("01", "08", "11", "13", "16")):
        cells = json.loads((IN_CHECKOUT / chapter.file_name).read_text(encoding="utf-8"))["cells"]
        names = [one.id for one in chapter_exercises(chapter.key)]
        for name, following in pairwise(names):
            stop = onward(name, []).exercise
            file, anchor = stop.href.split("#cell-id=")
            at = next(number for number, cell in enumerate(cells) if cell["id"] == anchor)
            near = "".join("".join(cell["source"]) for cell in cells[at : at + 2])
            assert stop.name == following and file == chapter.file_name and f'"{following}"' in near
            assert stop.title.zh and stop.title.en and not re.search(r"[\u4e00-\u9fff]", stop.title.en)


def test_a_copied_notebook_links_within_itself(monkeypatch):
    for session, file in (
        ("/a/01_lif_neuron-Copy1.ipynb", "01_lif_neuron-Copy1.ipynb"),
        ("/a/01 我的.ipynb", "01%20%E6%88%91%E7%9A%84.ipynb"),
        ("/a/02_encoders.ipynb", "01_lif_neuron.ipynb"),
    ):
        monkeypatch.setenv(SESSION, session)
        assert onward(NAMES[0], []).exercise.href.startswith(f"{file}#")


def test_a_chapter_without_its_notebook_still_names_what_comes_next(monkeypatch):
    monkeypatch.setattr("course_snn.course.way.outline", lambda chapter: type("O", (), {"exercises": ()}))
    way = onward(NAMES[0], [])
    assert way.exercise.href == "01_lif_neuron.ipynb" and "<code>01.lif_trace</code>" in way.markup()


def test_the_card_comes_with_the_exercise_that_completes_the_chapter_and_again_with_its_last():
    assert [onward(name, NAMES).completed for name in NAMES] == [False] * 4 + [True]
    assert onward(NAMES[1], [NAMES[0], *NAMES[2:]]).completed
    box = well_formed(onward(NAMES[-1], NAMES[:-1]).markup())
    assert box.get("class") == "course-card" and box.get("data-chapter") == "01"
    assert [link.get("href") for link in box.iter("a")] == ["02_encoders.ipynb"]


def test_after_the_last_chapter_comes_the_first_that_is_open_or_nothing():
    everything = [one.id for chapter in CHAPTERS for one in chapter_exercises(chapter.key)]
    last = everything[-1]
    assert onward(last, [name for name in everything if name != "03.wire"]).ahead.name == "03"
    way = onward(last, everything)
    assert way.ahead is None and "All exercises" in way.markup() and "<a " not in way.markup()


def test_an_exercise_outside_the_chapters_has_no_way_on(monkeypatch, capsys):
    assert onward("99.double", []) is None and onward("01.nothing", []) is None and onward("", []) is None
    monkeypatch.setattr(lesson, "find", lambda name: DOUBLE)
    monkeypatch.setattr(language, "_chosen", "en")
    check("99.double", DOUBLE.solution)
    assert capsys.readouterr().out == "[99.double] Passed.\n" and progress.load()["passed"] == ["99.double"]


def test_the_terminal_tells_count_and_next_in_either_language(monkeypatch, capsys):
    for lang, count, name in (
        ("en", "1 of 5 passed", "Next: 01.lif_trace"),
        ("zh", "通过了 1 个", "下一个：01.lif_trace"),
    ):
        monkeypatch.setattr(language, "_chosen", lang)
        check(NAMES[0], exercise.find(NAMES[0]).solution)
        out = capsys.readouterr().out
        assert count in out and name in out
    check(NAMES[0], lambda *given: 0.0)
    assert "1 个" not in capsys.readouterr().out


def test_every_verdict_is_well_formed_and_says_what_it_is_about():
    for answer, state in ((DOUBLE.solution, "passed"), (lambda x: x, "wrong"), (lambda x: ..., "unfinished")):
        verdict = judge(DOUBLE, answer)
        tree = well_formed(verdict._repr_html_())
        assert tree.get("class") == "course-verdict" and tree.get("data-exercise") == "99.double"
        assert tree.get("data-state") == state and tree.get("data-passed") == str(state == "passed").lower()
    way = onward(NAMES[0], [])
    assert well_formed(Verdict(NAMES[0], "passed", language.tr("", ""), way=way)._repr_html_()).find(".//a") is not None


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_cards_are_small_without_text_and_readable_on_light_and_dark():
    for chapter in CHAPTERS:
        source = card(chapter)
        tree = ET.fromstring(source)
        assert tree.get("viewBox") == "0 0 320 180" and len(source.encode()) <= 15_000
        assert not list(tree.iter("{http://www.w3.org/2000/svg}text")) and " id=" not in source
        colours = set(re.findall(r"#[0-9a-f]{6}", source))
        for ground in ("#ffffff", "#111111"):
            for colour in colours:
                light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 3, (chapter.key, colour, ground)


def test_cards_are_what_the_tool_draws(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "tools"))
    from draw_cards import MOTIFS

    assert len(MOTIFS) == len(CHAPTERS)
    for number, motif in enumerate(MOTIFS):
        assert card(find(str(number))) == motif()
