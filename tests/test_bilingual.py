"""The two languages of every chapter say the same: formulas, numbers, code, and the glossary's terms."""

import json
import re

import bilingual
import pytest

from course_snn.course.classroom import nbgrader_format, otter_format
from course_snn.course.site.markdown import markdown

CHAPTERS = sorted((bilingual.ROOT / "notebooks").glob("*.ipynb"))
TERMS = bilingual.glossary()


def prose(path):
    """Return the prose cells of a chapter by their number in the notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {n: "".join(cell["source"]) for n, cell in enumerate(cells, 1) if cell["cell_type"] == "markdown"}


def separators(source):
    """Say whether a heading can be split: the contents panel shows the half before or after its one separator."""
    heading = source.splitlines()[0]
    once = heading.count(" · ") == heading.count('class="lang-sep"') == 1
    return [] if once or not source.startswith("#") else [f"the heading needs one separator: {heading}"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_says_the_same_in_both_languages_in_the_words_of_the_glossary(path):
    found = [
        f"cell {n}: {fault}"
        for n, source in prose(path).items()
        for fault in [*bilingual.disagreements(source), *bilingual.breaches(source, TERMS), *separators(source)]
    ]
    assert not found, "\n".join(found)


PAGES = sorted((bilingual.ROOT / "course_snn" / "course" / "site" / "pages").glob("*.md"))


OTHERS = [nbgrader_format, otter_format]  # with texts in Markdown for teachers


@pytest.mark.parametrize("path", [*CHAPTERS, *PAGES], ids=lambda path: path.stem)
def test_no_star_of_a_bold_word_is_left(path):
    """Between a full stop and a Chinese character CommonMark closes nothing: the stop belongs behind the stars."""
    sources = prose(path) if path in CHAPTERS else {0: path.read_text(encoding="utf-8")}
    assert not {n: stars for n, source in sources.items() if (stars := left_over(source))}


@pytest.mark.parametrize("module", OTHERS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_no_star_is_left_in_what_is_written_for_other_systems(module):
    assert not left_over(module.README)


def left_over(source):
    text = re.sub(r"<(code|pre|math)\b.*?</\1>", "", markdown(source), flags=re.DOTALL)
    return re.findall(r".{0,9}\*\*.{0,9}", text)


def test_every_chapter_has_prose():
    assert len(CHAPTERS) >= 15 and all(len(prose(path)) > 5 for path in CHAPTERS)


def test_widgets_checks_and_commands_follow_the_glossary():
    avoid = {word: term.zh[0] for term in TERMS for word in term.avoid}
    files = [path for kind in ("*.py", "*.js") for path in (bilingual.ROOT / "course_snn").rglob(kind)]
    found = [
        f"{path.name} says {word}, the glossary says {right}"
        for path in files
        for word, right in avoid.items()
        if word in path.read_text(encoding="utf-8")
    ]
    assert len(files) > 50 and found == []


def block(zh, en):
    return f'<div lang="zh">\n\n{zh}\n\n</div>\n\n<div lang="en">\n\n{en}\n\n</div>'


@pytest.mark.parametrize(
    ("zh", "en", "complaint"),
    [
        ("阈值是 1.0。", "The threshold is 2.0.", "numbers"),
        ("公式 $v=0$。", "The formula $v=1$.", "formulas"),
        ("用 `tau`。", "Use `v`.", "code"),
        ("只有中文。", "", "missing"),
        ("No Chinese.", "No Chinese.", "no Chinese"),
        ("中文。", "英文。", "holds Chinese"),
    ],
)
def test_a_disagreement_is_found(zh, en, complaint):
    assert any(complaint in found for found in bilingual.disagreements(block(zh, en)))


def test_text_outside_both_languages_is_found():
    assert "no language" in bilingual.disagreements("Stray. " + block("中文", "English"))[0]


def test_a_heading_without_its_separator_is_found():
    assert separators("# One") and separators('# a<span class="lang-sep"> · </span>b · c')
    assert not separators('# 一<span class="lang-sep"> · </span>One') and not separators("No · heading")


@pytest.mark.parametrize(
    ("zh", "en"), [("神经元发出尖峰。", "It fires."), ("它很快。", "The membrane potential rises.")]
)
def test_a_breach_of_the_glossary_is_found(zh, en):
    assert bilingual.breaches(block(zh, en), TERMS)


def test_agreement_is_not_complained_about():
    source = block("膜电位 $v$ 达到 1.0 时 `fire`。", "When the membrane potential $v$ reaches 1.0, `fire`.")
    assert bilingual.disagreements(source) == [] and bilingual.breaches(source, TERMS) == []
