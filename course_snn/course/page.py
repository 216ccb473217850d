"""An executed chapter as one HTML file that needs nothing else: no network, no kernel, no server.

The language switch, the formulas (MathML) and the widgets that simulate in the page all work from file://.
"""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

from course_snn.language import escaped

FIGURE_MIME = "application/vnd.course-snn.figure+json"
VIEW_MIME = "application/vnd.jupyter.widget-view+json"
STATE_MIME = "application/vnd.jupyter.widget-state+json"
STORED_MIME = "application/vnd.course-snn.widget+json"
_CHAPTER_LINK = re.compile(r'(<a [^>]*href="(?:\./)?\d\d_\w+)\.ipynb')


def page(notebook: NotebookNode, title_zh: str, title_en: str, lang: str = "both") -> str:
    """The notebook as a page that first shows in `lang`; what it holds beside text becomes plain HTML."""
    notebook = copy.deepcopy(notebook)
    states = notebook.metadata.get("widgets", {}).get(STATE_MIME, {}).get("state", {})
    alive: dict[str, Any] = {}
    for cell in notebook.cells:
        cell["outputs"] = [_plain_output(output, states, alive) for output in cell.get("outputs", [])]
        if cell.cell_type != "code":
            del cell["outputs"]
    notebook.metadata.pop("widgets", None)
    body, _ = _exporter().from_notebook_node(notebook)
    parts = {
        "lang": lang,
        "title": escaped(f"{title_zh} · {title_en}"),
        "style": _asset("page.css") + HtmlFormatter().get_style_defs(".highlight"),
        "body": _CHAPTER_LINK.sub(r"\1.html", body),
        "widgets": _script_safe(json.dumps(_share_modules(alive), ensure_ascii=False, sort_keys=True)),
        "script": _asset("model.js").replace("export ", "") + _asset("page.js"),
    }
    return re.sub(r"{{ (\w+) }}", lambda found: parts[found[1]], _asset("page.html"))


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown, with formulas written as MathML in place of leaving them to a script."""

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def block_math(self, body: str) -> str:
        return mathml(body, display="block")

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", display="block")


class _Exporter(HTMLExporter):
    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        attachments = context.get("cell", {}).get("attachments", {})
        renderer = _Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
        return MarkdownWithMath(renderer=renderer).render(source)


@cache
def _exporter() -> HTMLExporter:
    # "basic" is the body alone: nbconvert's whole pages load MathJax, require.js and widgets from the network.
    return _Exporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)


def mathml(latex: str, display: str = "inline") -> str:
    """A formula as MathML, which browsers draw themselves; raises ValueError for one that cannot be read."""
    source = re.sub(r"(\\(?:begin|end)){aligned}", r"\1{align*}", latex.strip())  # the converter knows no aligned
    try:
        result = convert(source, display=display)
    except Exception as error:  # the converter has no common base class for its errors
        raise ValueError(f"this formula cannot be turned into MathML: {source}") from error
    if left := re.search(r"<m[a-z]+>(&|\\[^<]*)</m", result):  # what it does not know, it copies
        raise ValueError(f"{left[1]!r} in this formula has no meaning in MathML: {source}")
    return result


def _plain_output(output: NotebookNode, states: dict[str, Any], alive: dict[str, Any]) -> NotebookNode:
    """The output with figures, formulas and widgets turned into HTML; widgets that can live go into `alive`."""
    data = output.get("data")
    if not data:
        return output
    view = data.pop(VIEW_MIME, None)
    figure = data.pop(FIGURE_MIME, None)
    data.pop(STORED_MIME, None)
    picture = _picture(data.pop("image/png", None), figure, output.get("metadata", {}), data.get("text/plain", ""))
    if "text/latex" in data:
        data["text/html"] = mathml(data.pop("text/latex").strip().strip("$"), display="block")
    model = states.get(view["model_id"]) if view else None
    if model and "_esm" in model["state"]:
        alive[view["model_id"]] = model
        data["text/html"] = f'<div class="course-widget" data-model="{view["model_id"]}">{picture}</div>'
    elif picture:
        data["text/html"] = picture
    return output


def _picture(png: str | None, figure: dict[str, str] | None, metadata: dict[str, Any], alt: str) -> str:
    """One <img> per language; a figure without labels is the same in both."""
    size = metadata.get("image/png", metadata).get("width")
    end = f' alt="{escaped(alt)}"' + (f' width="{size}"' if size else "") + ">"
    sources = {"en": png, **(figure or {})} if figure else {"all": png}
    return "".join(
        f'<img class="figure-{lang}" src="data:image/png;base64,{"".join(source.split())}"{end}'
        for lang, source in sources.items()
        if source
    )


def _share_modules(alive: dict[str, Any]) -> dict[str, Any]:
    """The widgets' states, with each JavaScript module held once however many widgets run it."""
    modules: list[str] = []
    models = {}
    for name, model in alive.items():
        state = {key: value for key, value in model["state"].items() if not key.startswith("_")}
        source = model["state"]["_esm"]
        if source not in modules:
            modules.append(source)
        models[name] = {
            "module": modules.index(source),
            "css": model["state"].get("_css", ""),
            "state": state,
            "buffers": model.get("buffers", []),
        }
    return {"modules": modules, "models": models}


def _script_safe(text: str) -> str:
    return text.replace("<", "\\u003c")  # "</script>" inside would end the element


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("web", name).read_text(encoding="utf-8")
