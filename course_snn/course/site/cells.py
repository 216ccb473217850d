"""Cells of a notebook as HTML: prose, code, and what it showed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from nbconvert.filters import ansi2html, strip_ansi
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course_snn.course.site import pictures
from course_snn.course.site.markdown import anchored, block, fitted, markdown
from course_snn.course.site.widgets import Widgets
from course_snn.language import Label, escaped


def prose(cell: NotebookNode) -> str:
    """A Markdown cell; its headings are anchors named after the cell: "predict", "predict-2"."""
    return anchored(markdown(cell.source, cell.get("attachments")), _anchors(cell.get("id", "cell")))


def code(source: str) -> str:
    """Python source in colours, which style sheets choose."""
    return f'<div class="input">{highlight(source, PythonLexer(), HtmlFormatter(cssclass="highlight"))}</div>'


def outputs(cell: NotebookNode, place: pictures.Inline | pictures.Files, widgets: Widgets, alt: Label) -> str:
    """All that a code cell showed; "" if that is nothing.

    Args:
        cell: the cell.
        place: where pictures go.
        widgets: collects the widgets that can live in the page.
        alt: what pictures show, for those who cannot see them and where the output does not say it itself.
    """
    parts = [part for output in cell.get("outputs", []) if (part := _output(output, place, widgets, alt))]
    return f'<div class="output">{"".join(parts)}</div>' if parts else ""


def _output(output: Mapping[str, Any], place: pictures.Inline | pictures.Files, widgets: Widgets, alt: Label) -> str:
    kind = output["output_type"]
    if kind == "stream":
        return f'<pre class="stream {output["name"]}">{ansi2html(_text(output["text"]))}</pre>'
    if kind == "error":
        return f'<pre class="error">{ansi2html(chr(10).join(output["traceback"]))}</pre>'
    data = output.get("data", {})
    picture = pictures.shown(pictures.pictures(output, place.dark), place, _alt(data, alt))
    return widgets.place(data, picture or _words(data))


def _words(data: Mapping[str, Any]) -> str:
    if "text/html" in data:
        return f'<div class="html">{fitted(_text(data["text/html"]))}</div>'
    if "image/svg+xml" in data:
        return _text(data["image/svg+xml"])
    if "text/latex" in data:
        return block(_text(data["text/latex"]).strip().strip("$"))
    if "text/markdown" in data:
        return markdown(_text(data["text/markdown"]))
    if "text/plain" in data:
        return f"<pre>{escaped(strip_ansi(_text(data['text/plain'])))}</pre>"
    return ""


def _alt(data: Mapping[str, Any], alt: Label) -> Label:
    """What an output says of itself in words; a Python object's repr says nothing."""
    said = _text(data.get("text/plain", "")).strip()
    return alt if not said or said.startswith("<") else Label(said, said)


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _anchors(name: str) -> Iterator[str]:
    for number in count(1):
        yield name if number == 1 else f"{name}-{number}"
