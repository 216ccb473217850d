"""Which language the course speaks, and text that knows both.

Everything a learner reads is written twice, side by side in the source: ``tr("膜电位", "membrane potential")``.
This module decides which of the two is shown now; it imports nothing heavy, since every other module may use it.
"""

from __future__ import annotations

import contextlib
import json
import locale
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

LANGUAGES = ("zh", "en", "both")
VARIABLE = "COURSE_SNN_LANG"
SETTING = Path("lab", "user-settings", "course-lang", "plugin.jupyterlab-settings")

_chosen: str | None = None
_chinese_drawable = True
_setting_read: tuple[tuple[str, int, int] | None, str | None] = (None, None)  # (path, mtime, size) -> value


class Label(str):
    """A text in Chinese and English that reads, as a string, in the language that was current when it was made.

    ``str(label)`` is the label itself, so that it survives inside matplotlib's artists and a finished figure can
    still be drawn in the other language. ``label + " (mV)"`` is again a label; f-strings give a plain string.
    """

    zh: str
    en: str

    def __new__(cls, zh: str, en: str) -> Label:
        label = super().__new__(cls, en if _label_language() == "en" else zh)
        label.zh, label.en = str.__str__(zh), str.__str__(en)
        return label

    def __getnewargs__(self) -> tuple[str, str]:  # ty: ignore[incompatible-method-override]
        return self.zh, self.en  # for copy and pickle, which give them to __new__

    def __str__(self) -> Label:
        return self

    def __add__(self, other: str) -> Label:
        return Label(self.zh + say(other, "zh"), self.en + say(other, "en"))

    def __radd__(self, other: str) -> Label:
        return Label(say(other, "zh") + self.zh, say(other, "en") + self.en)


def tr(zh: str, en: str) -> Label:
    """The text in both languages, showing the current one (Chinese where both are on)."""
    return Label(zh, en)


def html(zh: str, en: str) -> str:
    """Both languages as HTML of which the language switch hides one; the arguments are HTML already."""
    return f'<span lang="zh">{zh}</span><span class="lang-sep"> · </span><span lang="en">{en}</span>'


def escaped(text: str) -> str:
    """A text as HTML, quotes and angle brackets escaped: a Label in both languages, any other string once."""
    return html(escape(text.zh), escape(text.en)) if isinstance(text, Label) else escape(text)


def html_table(rows: Iterable[Sequence[str]], heads: Sequence[str] = (), left: bool = False) -> str:
    """A table as HTML; heads and cells are HTML already.

    Args:
        rows: the cells, row by row.
        heads: a head for each column, or none.
        left: if True, text begins at the left of its column; otherwise the page decides, and Jupyter puts it right.
    """
    style = ' style="text-align:left"' if left else ""

    def line(tag: str, cells: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}{style}>{cell}</{tag}>" for cell in cells) + "</tr>"

    head = f"<thead>{line('th', heads)}</thead>" if heads else ""
    return f"<table>{head}<tbody>{''.join(line('td', row) for row in rows)}</tbody></table>"


def plain_table(rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> str:
    """The table as plain text, in columns; in English, since Chinese characters do not line up everywhere."""
    lines = [[say(cell, "en") for cell in row] for row in ([heads] if heads else []) + list(rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) for line in lines)


def say(text: str, lang: str) -> str:
    """A text in the given language: the matching half of a Label, any other string as it is."""
    if not isinstance(text, Label):
        return text
    return text.en if _accepted(lang, "the language") == "en" else text.zh


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel, where HTML can be shown."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")


def announce(line: Label) -> None:
    """Show a line in both languages in a notebook; elsewhere print it in those that are wanted."""
    if not in_notebook():
        print(f"{line.zh}\n{line.en}" if language() == "both" else line)
        return
    from IPython.display import display

    display({"text/plain": line.en, "text/html": escaped(line)}, raw=True)


def language() -> str:
    """The current language, "zh", "en" or "both".

    The first of these that says anything decides: `set_language`, the environment variable COURSE_SNN_LANG,
    the setting that the language switch in JupyterLab wrote, the language of the system.
    """
    if _chosen is not None:
        return _chosen
    if asked := os.environ.get(VARIABLE, "").strip().lower():
        return _accepted(asked, f"the environment variable {VARIABLE}")
    return _from_jupyterlab() or _from_system()


def set_language(lang: str | None) -> None:
    """Choose "zh", "en" or "both" for this process; None goes back to what environment and settings say."""
    global _chosen
    _chosen = None if lang is None else _accepted(lang, "the language")


@contextlib.contextmanager
def speaking(lang: str | None) -> Iterator[None]:
    """Speak another language within a `with` block."""
    before = _chosen
    set_language(lang)
    try:
        yield
    finally:
        set_language(before)


def set_chinese_drawable(possible: bool) -> None:
    """Told by the figure style whether any font here draws Chinese; where none does, labels read in English."""
    global _chinese_drawable
    _chinese_drawable = possible


def _label_language() -> str:
    return language() if _chinese_drawable else "en"


def _accepted(lang: str, what: str) -> str:
    if lang not in LANGUAGES:
        raise ValueError(f"{what} is {lang!r}, but must be one of {', '.join(map(repr, LANGUAGES))}")
    return lang


def _from_jupyterlab() -> str | None:
    """What the switch in JupyterLab was last set to; None if it never was, is on "auto", or cannot be read."""
    global _setting_read
    path = _settings_file()
    try:
        status = path.stat()
        stamp = (str(path), status.st_mtime_ns, status.st_size)
        if _setting_read[0] != stamp:  # read again only when changed: every label asks
            _setting_read = (stamp, _lang_in(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError):
        return None
    return _setting_read[1]


def _lang_in(text: str) -> str | None:
    try:
        settings = json.loads(_plain_json(text))
    except ValueError:
        return None
    lang = settings.get("lang") if isinstance(settings, dict) else None
    return lang if lang in LANGUAGES else None


_STRING = r'"(?:\\.|[^"\\])*"'
_COMMENT = re.compile(rf"({_STRING})|//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_LAST_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)


def _plain_json(text: str) -> str:
    """JupyterLab's settings are JSON with comments and commas before a closing bracket: take those out."""
    for pattern in (_COMMENT, _LAST_COMMA):
        text = pattern.sub(lambda match: match[1] or "", text)  # a string is matched first, and kept
    return text


def _settings_file() -> Path:
    if folder := os.environ.get("JUPYTERLAB_SETTINGS_DIR"):
        return Path(folder, *SETTING.parts[2:])
    if folder := os.environ.get("JUPYTER_CONFIG_DIR"):
        return Path(folder, SETTING)
    try:
        from jupyter_core.paths import jupyter_config_dir  # late: only Jupyter knows its platform's default
    except ImportError:
        return Path.home() / ".jupyter" / SETTING
    return Path(jupyter_config_dir(), SETTING)


def _from_system() -> str:
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next(filter(None, names), None) or _system_locale()
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def _system_locale() -> str:
    if sys.platform == "win32":
        import ctypes  # Windows sets no LANG; its interface language is the one a learner reads

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return locale.getlocale()[0] or ""
