"""An executed chapter as one page: offline, in both languages, with formulas and widgets in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from minicourse import PROSE, code, markdown

from course_snn.course import chapters
from course_snn.course.page import FIGURE_MIME, STATE_MIME, VIEW_MIME, mathml, page

REMOTE = re.compile(
    r"""(?:src|href|data|action)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""", re.I
)
LOADED = re.compile(r"<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*", re.I)
MATHS = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)\$", re.DOTALL)


def loads_from_elsewhere(html: str) -> list[str]:
    """Every element that would fetch something when the page opens; links that a reader clicks are not among them."""
    elements = [element for element in LOADED.findall(html) if REMOTE.search(element)]
    return elements + re.findall(r"url\(\s*[\"']?https?://[^)]*", html)


def rendered(*cells: nbformat.NotebookNode, lang: str = "both", **metadata: object) -> str:
    return page(nbformat.v4.new_notebook(cells=list(cells), metadata=metadata), "膜", "Membrane <1>", lang)


def shown(data: dict, **metadata: object) -> nbformat.NotebookNode:
    cell = code("show()")
    cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    return cell


def test_prose_links_and_formulas() -> None:
    html = rendered(markdown(PROSE), lang="zh")
    assert re.search(r'<body [^>]*data-course-lang="zh">', html)
    assert "<title>膜 · Membrane &lt;1&gt;</title>" in html
    assert '<div lang="en">' in html
    assert 'href="02_encoders.html"' in html
    assert html.count("<math") == 2
    assert "$" not in re.sub(r"<(script|style)>.*?</\1>", "", html, flags=re.DOTALL)
    assert loads_from_elsewhere(html) == []


def test_figures_stand_in_both_languages() -> None:
    html = rendered(
        shown({"image/png": "ENGLISHE\n", FIGURE_MIME: {"zh": "CHINESEC"}}, **{"image/png": {"width": 321}})
    )
    assert pictures(html) == {"figure-en": ("ENGLISHE", "321"), "figure-zh": ("CHINESEC", "321")}
    assert pictures(rendered(shown({"image/png": "SAME"}))) == {"figure-all": ("SAME", None)}


def pictures(html: str) -> dict[str, tuple[str, str | None]]:
    """Class of each <img> -> what it shows, and how wide."""
    tags = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<img [^>]*>", html)]
    return {tag["class"]: (tag["src"].removeprefix("data:image/png;base64,"), tag.get("width")) for tag in tags}


def widget_state(source: str) -> dict:
    return {"state": {"_esm": source, "_css": ".a{}", "_view_name": "V", "rate": 3}, "buffers": []}


def test_widgets_share_their_module_and_keep_their_picture() -> None:
    source = "export default { render() { '</script>' } }"
    states = {"a": widget_state(source), "b": widget_state(source), "slider": {"state": {"value": 1}}}
    views = [shown({VIEW_MIME: {"model_id": name}, "image/png": "PICTURES", "text/plain": "W()"}) for name in states]
    html = rendered(*views, widgets={STATE_MIME: {"state": states}})
    found = json.loads(re.search(r'id="course-widgets">(.*?)</script>', html, re.DOTALL)[1])
    assert found["modules"] == [source]
    assert {name: model["state"] for name, model in found["models"].items()} == {"a": {"rate": 3}, "b": {"rate": 3}}
    assert html.count("PICTURES") == 3
    assert html.count('class="course-widget"') == 2  # what only ipywidgets can draw stays a picture
    assert "model_id" not in html


@pytest.mark.parametrize(
    ("latex", "holds"),
    [
        (r"\tau \frac{dV}{dt} = -V + R I", "<mfrac>"),
        (r"\begin{cases} 1 & s \\ 0 & \text{otherwise}\end{cases}", "otherwise"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "<mtable"),
        (r"V_\infty \ge \sum_{k=1}^n \sqrt{x_k}", "<munderover>"),
    ],
)
def test_formulas_become_mathml(latex: str, holds: str) -> None:
    assert holds in mathml(latex, "block")


@pytest.mark.parametrize("latex", [r"\nosuchcommand x", "a & b", r"\begin{cases} 1"])
def test_a_formula_that_cannot_be_shown_is_an_error(latex: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        mathml(latex)


@pytest.mark.parametrize("chapter", chapters.ready_chapters(), ids=lambda chapter: chapter.key)
def test_every_chapter_makes_a_page_that_needs_no_network(chapter: chapters.Chapter, root: Path) -> None:
    notebook = nbformat.read(root / "notebooks" / chapter.file_name, as_version=4)
    html = page(notebook, chapter.title_zh, chapter.title_en)
    assert loads_from_elsewhere(html) == []
    formulas = [
        a or b for cell in notebook.cells if cell.cell_type == "markdown" for a, b in MATHS.findall(cell.source)
    ]
    assert html.count("<math") >= len(formulas) > 0 or not formulas
    for formula in formulas:
        mathml(formula)


def test_the_guard_against_the_network_can_fail() -> None:
    for bad in (
        '<script src="https://cdn.example/x.js">',
        "<link rel=stylesheet href='//x.y/z.css'>",
        "<img src=http://x/y.png>",
        "<style>a{background:url(https://x/y)}</style>",
    ):
        assert loads_from_elsewhere(bad), bad
    assert loads_from_elsewhere('<a href="https://example.org">paper</a>') == []
