"""Markdown of the chapters as HTML: formulas as MathML, links from chapter to chapter, wide things in a box."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

LONG = 34  # characters of LaTeX, without commands: what may be wider than a telephone
_COMMAND = re.compile(r"\\[a-zA-Z]+|[{}^_\\ ]")
_CHAPTER_LINK = re.compile(r'(<a [^>]*href="(?:\./)?\d\d_\w+)\.ipynb')
_HEADING = re.compile(r"<(h[1-6])(?: id=\"[^\"]*\")?>(.*?)</\1>", re.DOTALL)
_WORD = re.compile(  # V_{reset}, V_{th}: words, not products of letters
    r"<mrow>((?:<mi>[a-z]</mi>){3,}|<mi>[tr]</mi><mi>h</mi>)</mrow></msub>"
)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)


def markdown(source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """A Markdown text as HTML; raises ValueError for a formula that cannot be read."""
    renderer = _Renderer(escape=False, attachments=dict(attachments or {}), exclude_anchor_links=True)
    return fitted(MarkdownWithMath(renderer=renderer).render(source))


def fitted(html: str) -> str:
    """The HTML with links to pages in place of notebooks, and every table in a box that scrolls if it is too wide."""
    html = _CHAPTER_LINK.sub(r"\1.html", html)
    return _TABLE.sub(lambda found: f'<div class="scroll">{found[0]}</div>', html)


def anchored(html: str, names: Iterator[str]) -> str:
    """The HTML with the next of ``names`` as the id of each heading: an address that outlives a change of words."""
    return _HEADING.sub(lambda found: f'<{found[1]} id="{next(names)}">{found[2]}</{found[1]}>', html)


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown, with formulas written as MathML in place of leaving them to a script."""

    def inline_math(self, body: str) -> str:
        wide = ' class="formula wide"' if len(_COMMAND.sub("", body)) > LONG else ' class="formula"'
        return f"<span{wide}>{mathml(body)}</span>"

    def block_math(self, body: str) -> str:
        return block(body)

    def latex_environment(self, name: str, body: str) -> str:
        return block(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def block(latex: str) -> str:
    """A formula on a line of its own, which scrolls where it is wider than the page."""
    return f'<span class="formula block">{mathml(latex, display="block")}</span>'


@lru_cache(maxsize=4096)  # both languages hold the same formulas
def mathml(latex: str, display: str = "inline") -> str:
    """A formula as MathML, which browsers draw themselves; raises ValueError for one that cannot be read."""
    source = re.sub(r"(\\(?:begin|end)){aligned}", r"\1{align*}", latex.strip())  # the converter knows no aligned
    try:
        result = convert(source, display=display)
    except Exception as error:  # the converter has no common base class for its errors
        raise ValueError(f"this formula cannot be turned into MathML: {source}") from error
    if left := re.search(r"<m[a-z]+>(&|\\[^<]*)</m", result):  # what it does not know, it copies
        raise ValueError(f"{left[1]!r} in this formula has no meaning in MathML: {source}")
    return _WORD.sub(lambda found: f"<mi>{re.sub('</?mi>', '', found[1])}</mi></msub>", result)
