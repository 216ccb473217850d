"""The two languages of every chapter say the same: formulas, numbers, code, and the glossary's terms."""

import json

import bilingual
import pytest

CELLS = [
    pytest.param(cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]), id=f"{path.stem}-{n}")
    for path in sorted((bilingual.ROOT / "notebooks").glob("*.ipynb"))
    for n, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1)
    if cell["cell_type"] == "markdown"
]
TERMS = bilingual.glossary()


@pytest.mark.parametrize("source", CELLS)
def test_prose_cell_says_the_same_in_both_languages(source):
    assert bilingual.disagreements(source) == []


@pytest.mark.parametrize("source", CELLS)
def test_prose_cell_follows_the_glossary(source):
    assert bilingual.breaches(source, TERMS) == []


@pytest.mark.parametrize("source", [cell for cell in CELLS if cell.values[0].startswith("#")])
def test_heading_has_one_separator(source):
    # the contents panel splits a heading at it, to show one half
    heading = source.splitlines()[0]
    assert heading.count(" · ") == heading.count('class="lang-sep"') == 1


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


@pytest.mark.parametrize(
    ("zh", "en"), [("神经元发出尖峰。", "It fires."), ("它很快。", "The membrane potential rises.")]
)
def test_a_breach_of_the_glossary_is_found(zh, en):
    assert bilingual.breaches(block(zh, en), TERMS)


def test_agreement_is_not_complained_about():
    source = block("膜电位 $v$ 达到 1.0 时 `fire`。", "When the membrane potential $v$ reaches 1.0, `fire`.")
    assert bilingual.disagreements(source) == [] and bilingual.breaches(source, TERMS) == []
