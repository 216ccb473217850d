"""The widgets' code and samples, taken from the installed package and never from a notebook.

A name is looked up in the catalogue and becomes no path unless it stands there. Nothing of the widgets is imported:
they need torch.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from jupyter_server.base.handlers import APIHandler
from tornado import web

import course_snn

PACKAGE = Path(course_snn.__file__).parent
WIDGETS = PACKAGE / "widget"
JAVASCRIPT, CSS, JSON = "text/javascript", "text/css", "application/json"


@cache
def catalogue() -> dict[str, Any]:
    """What `course_snn.widget.stored.catalogue` says of each widget."""
    return json.loads((WIDGETS / "catalogue.json").read_text(encoding="utf-8"))


def module(name: str) -> str:
    """The ES module of a widget; its export `catalogue` says what the widget accepts."""
    entry = catalogue()[name]
    parts = [(WIDGETS / "js" / file).read_text(encoding="utf-8") for file in entry["files"]]
    return "\n".join(parts) + f"\nexport const catalogue = {json.dumps(entry)};\n"


class _Text(APIHandler):
    """Answers with one text; the browser keeps it, and asks by its ETag whether it is still so."""

    @web.authenticated
    def get(self, *found: str) -> None:
        text, kind = self.answer(*found)
        self.set_header("Cache-Control", "no-cache")
        self.finish(text, set_content_type=f"{kind}; charset=utf-8")

    def answer(self, *found: str) -> tuple[str, str]:
        raise NotImplementedError

    def known(self, name: str) -> str:
        if name not in catalogue():
            raise web.HTTPError(404, f"the course has no widget {name!r}")
        return name


class Module(_Text):
    """`GET api/widgets/NAME.js`: the code of a widget."""

    def answer(self, name: str) -> tuple[str, str]:
        return module(self.known(name)), JAVASCRIPT


class Sample(_Text):
    """`GET api/widgets/NAME.json`: the small trained network and data that a stored widget shows."""

    def answer(self, name: str) -> tuple[str, str]:
        path = WIDGETS / "samples" / f"{self.known(name)}.json"
        if not path.is_file():
            raise web.HTTPError(404, f"the widget {name} has no sample")
        return path.read_text(encoding="utf-8"), JSON


class Shared(_Text):
    """What all widgets share: how they look, and their model without a kernel."""

    FILES: ClassVar = {
        "kit.css": (WIDGETS / "js" / "kit.css", CSS),
        "model.js": (PACKAGE / "course" / "web" / "model.js", JAVASCRIPT),
    }

    def answer(self, name: str) -> tuple[str, str]:
        path, kind = self.FILES[name]
        return path.read_text(encoding="utf-8"), kind


ROUTES: list[tuple[str, type[Any]]] = [
    (r"widget/(kit\.css|model\.js)", Shared),
    (r"widget/([A-Z][A-Za-z]*)\.js", Module),
    (r"widget/sample/([A-Z][A-Za-z]*)\.json", Sample),
]
