"""Widgets of a page that run without a kernel: what they are is data, their code is that of the installed course."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from course_snn.widget import stored
from course_snn.widget.base import PageWidget

VIEW_MIME = "application/vnd.jupyter.widget-view+json"
STATE_MIME = "application/vnd.jupyter.widget-state+json"


class Widgets:
    """The widgets of one page, as the data that its script mounts.

    Args:
        states: what a notebook that was just run holds of its widgets, by the ids of their models.
        files: True if modules and samples are files beside the page; False if the page holds them.
    """

    def __init__(self, states: Mapping[str, Any] | None = None, files: bool = False) -> None:
        self.states, self.files = states or {}, files
        self.modules: list[str] = []
        self.models: dict[str, dict[str, Any]] = {}
        self.names: set[str] = set()  # of widgets whose modules the page needs beside it
        self.samples: set[str] = set()

    def place(self, data: Mapping[str, Any], picture: str) -> str:
        """The picture in the place where the script will put the widget; alone if there is none that can live."""
        key = self._of_kernel(data.get(VIEW_MIME)) or self._of_notebook(data.get(stored.MIME))
        return f'<div class="course-widget" data-model="{key}">{picture}</div>' if key else picture

    def json(self) -> str:
        """All of it as JSON that can stand inside <script>."""
        data = {"modules": self.modules, "models": self.models}
        return json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")  # no "</script>" inside

    def _of_kernel(self, view: Mapping[str, str] | None) -> str | None:
        model = self.states.get(view["model_id"]) if view else None
        if not model or "_esm" not in model["state"]:
            return None
        state = {key: value for key, value in model["state"].items() if not key.startswith("_")}
        self.models[view["model_id"]] = {
            "module": self._module(model["state"]["_esm"]),
            "css": model["state"].get("_css", ""),
            "state": state,
            "buffers": model.get("buffers", []),
        }
        return view["model_id"]

    def _of_notebook(self, bundle: Mapping[str, Any] | None) -> str | None:
        if not bundle or bundle.get("name") not in stored.names():
            return None  # unknown names stay pictures
        name, key = bundle["name"], f"w{len(self.models) + 1}"
        if bundle.get("sample") and stored.sample(name) is None:
            return None
        self.models[key] = self._beside(name, bundle) if self.files else self._inside(name, bundle)
        return key

    def _beside(self, name: str, bundle: Mapping[str, Any]) -> dict[str, Any]:
        self.names.add(name)
        if bundle.get("sample"):
            self.samples.add(name)
            return {"module": name, "sample": True, "params": bundle.get("params", {})}
        return {"module": name, "state": bundle["state"], "buffers": bundle.get("buffers", [])}

    def _inside(self, name: str, bundle: Mapping[str, Any]) -> dict[str, Any]:
        full = stored.sample(name) if bundle.get("sample") else bundle
        state = dict(full["state"])
        state["params"] = {**state.get("params", {}), **bundle.get("params", {})}
        return {
            "module": self._module(stored.module(name)),
            "css": PageWidget._css,
            "state": state,
            "buffers": full.get("buffers", []),
        }

    def _module(self, source: str) -> int:
        if source not in self.modules:
            self.modules.append(source)
        return self.modules.index(source)
