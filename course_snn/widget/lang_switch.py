"""LangSwitch: the language switch as a widget, for places that load no JupyterLab extension (VS Code, Colab)."""

from __future__ import annotations

import anywidget
import traitlets

from ..language import set_language
from .base import JS


class LangSwitch(anywidget.AnyWidget):
    """Three buttons, 中文 · English · 双语: they switch the page, and tell Python, so that new figures follow."""

    lang = traitlets.Enum(["", "zh", "en", "both"], default_value="").tag(sync=True)

    _esm = (JS / "lang_switch.js").read_text(encoding="utf-8")

    @traitlets.observe("lang")
    def _tell(self, change: dict) -> None:
        set_language(change["new"] or None)
