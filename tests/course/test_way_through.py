"""The way through the course: a chapter leads on to the next and back, and gives no answer away."""

import ast
import re

import nbformat
import pytest

from course_snn.course.chapters import CHAPTERS, notebook_path
from course_snn.widget.stored import MIME

FOLDED = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", re.S)
HALVES = re.compile(r'<div lang="(zh|en)">\n(.*?)\n</div>', re.S)
GIVEN_AWAY = re.compile(r"^[*_>\s-]*(答案|答：|Answers?\b)", re.M)


def prose(chapter):
    notebook = nbformat.read(notebook_path(chapter), as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_answers_are_folded_in_both_languages(chapter):
    faults, words = [], set()
    for cell in prose(chapter):
        folds = {}
        for lang, text in HALVES.findall(cell.source):
            folds[lang] = len(FOLDED.findall(text))
            words |= {(lang, summary) for summary, _ in FOLDED.findall(text)}
            if found := GIVEN_AWAY.search(FOLDED.sub("", text)):
                faults.append(f"{cell.id} gives away: {text[found.start() :][:50]!r}")
        if len(set(folds.values())) > 1:
            faults.append(f"{cell.id} folds {folds}")
        if "<details open" in cell.source:
            faults.append(f"{cell.id} is unfolded")
    assert not faults
    assert words == {("zh", "答案"), ("en", "Answer")}  # each chapter has at least one


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_the_last_cell_leads_back_and_on(chapter):
    last = prose(chapter)[-1].source
    before, after = chapter.number - 1, (chapter.number + 1) % len(CHAPTERS)
    wanted = [CHAPTERS[number].file_name for number in (before, after) if number >= 0]
    for lang, text in HALVES.findall(last):
        assert re.findall(r"\]\((.*?)\)", text) == wanted, lang
        for number in {max(before, 0), after} - {0}:
            assert str(CHAPTERS[number].title_zh if lang == "zh" else CHAPTERS[number].title_en) in text


QUESTION = re.compile(r"\bquestion = \(\s*(\"(?:[^\"\\\\]|\\\\.)*\"),\s*(\"(?:[^\"\\\\]|\\\\.)*\"),?\s*\)")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_what_is_stored_is_what_the_cells_say(chapter):
    """A widget lives before its cell is run: every one is stored, and asks what its cell asks."""
    faults = []
    for cell in nbformat.read(notebook_path(chapter), as_version=4).cells:
        if cell.cell_type != "code" or not re.search(r"^widget\.(?!LangSwitch)[A-Z]\w+[.(]", cell.source, re.M):
            continue
        bundles = [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
        if not bundles:
            faults.append(f"{cell.id} has no widget that lives")
        elif found := QUESTION.search(cell.source):
            asked = [ast.literal_eval(text) for text in found.groups()]
            if bundles[0]["state"]["question"] != asked:
                faults.append(f"{cell.id} asks {bundles[0]['state']['question']}")
    assert not faults
