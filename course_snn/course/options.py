"""What the commands have in common: their language, and the options that several of them take."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.columns import Columns
from rich.table import Table
from rich.text import Text
from typer import rich_utils

from course_snn.data import presets
from course_snn.language import LANGUAGES, language, say


def tell(zh: str, en: str) -> str:
    """A line in the current language; in both, one after the other, where both are wished for."""
    return {"zh": zh, "en": en, "both": f"{zh} · {en}"}[language()]


def in_words(text: str) -> str:
    """A text in the current language; in both where they differ and both are wished for."""
    both = tell(say(text, "zh"), say(text, "en"))
    return both if say(text, "zh") != say(text, "en") else str(text)


def _lang(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise typer.BadParameter(f"{value!r}: zh, en, both")
    return value


def _preset(value: str | None) -> str:
    if value is None:
        try:
            return presets.preset()
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    if value not in presets.PRESETS:
        raise typer.BadParameter(f"{value!r}: {', '.join(presets.PRESETS)}")
    return value


for _constant, _zh, _en in (
    ("ARGUMENTS_PANEL_TITLE", "参数", "Arguments"),
    ("OPTIONS_PANEL_TITLE", "选项", "Options"),
    ("COMMANDS_PANEL_TITLE", "命令", "Commands"),
    ("ERRORS_PANEL_TITLE", "错误", "Error"),
):
    setattr(rich_utils, _constant, tell(_zh, _en))


class _FoldedTable(Table):
    """A table of the help whose texts are folded: rich would cut a Chinese sentence, which has no space."""

    def add_row(self, *cells, **settings) -> None:
        super().add_row(*cells, **settings)
        for column in self.columns:
            column.overflow = "fold"


class _FoldedColumns(Columns):
    """The help of one option, folded like `_FoldedTable`."""

    def __init__(self, renderables, *settings, **named) -> None:
        renderables = [*renderables]
        for text in renderables:
            if isinstance(text, Text):
                text.overflow = "fold"
        super().__init__(renderables, *settings, **named)


rich_utils.Table, rich_utils.Columns = _FoldedTable, _FoldedColumns

Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="zh|en|both", callback=_lang, help=tell("语言", "Language")),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[CHAPTER]",
        help=tell("章节的编号或名称；不写就是全部", "Numbers or names; all chapters if none"),
    ),
]
Preset = Annotated[
    str,  # a default of None: the callback asks the environment
    typer.Option(
        metavar="|".join(presets.PRESETS),
        callback=_preset,
        show_default=False,
        help=tell(
            f"规模；不写就看环境变量 {presets.VARIABLE}，再没有就是 laptop",
            f"Size of the experiments; by default what {presets.VARIABLE} says, else laptop",
        ),
    ),
]
