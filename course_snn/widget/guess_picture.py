"""The static pictures of guesses and truths: the question, what was guessed, and what is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from ..figure import BLUE, GREY, INK, PALE
from ..language import Label, tr
from .control import Text
from .guess_words import abscissas, measure

GUESS = "#A97400"  # the page's --csnn-threshold
WIDE = "⺀"  # from here on a character is as wide as two
LINE = 96  # narrow characters in a line of the question
NEVER_FIRST = "，。、；：？！”）》"

Spec = Mapping[str, Any]
Values = Mapping[str, float]


def wrapped(text: str, room: int = LINE) -> str:
    """The text in lines of at most `room` narrow characters; Chinese breaks anywhere, English between words."""
    lines, line, width = [], "", 0
    for piece in _pieces(text):
        size = sum(2 if char >= WIDE else 1 for char in piece)
        if line and width + size > room and piece not in NEVER_FIRST:
            lines, line, width = [*lines, line.rstrip()], piece.lstrip(), size
        else:
            line, width = line + piece, width + size
    return "\n".join([*lines, line])


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for char in text:
        if char >= WIDE or char in NEVER_FIRST:
            pieces += [char, ""]
        elif char == " ":
            pieces += [" ", ""]
        else:
            pieces[-1] += char
    return [piece for piece in pieces if piece]


def label(text: Text, room: int = LINE) -> Label:
    """A pair of texts, wrapped, as the label of a figure."""
    return tr(*(wrapped(part, room) for part in text))


def picture(spec: Spec, question: Text, guess: Any, truth: Any = None, values: Values | None = None) -> Figure:
    """The question with what was guessed and what is true, where there is such."""
    text = label(question)
    rows = 1 + max(part.count("\n") for part in (text.zh, text.en))
    height = HEIGHT[spec["kind"]](spec)
    fig = Figure(figsize=(7.0, height + 0.2 * rows + 0.1), layout="constrained")
    ax = fig.subplots()
    fig.suptitle(text, x=0.01, ha="left", fontsize=10.5)
    DRAW[spec["kind"]](ax, spec, guess, truth, values or {})
    return fig


def _number(ax: Axes, spec: Spec, guess: Any, truth: Any, _: Values) -> None:
    if spec["log"]:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set(xlim=(spec["low"], spec["high"]), ylim=(0, 1), yticks=[])
    ax.spines["left"].set_visible(False)
    if any(spec["unit"]):
        ax.set_xlabel(tr(*spec["unit"]))
    for value, name, colour, y in (
        (guess, ("你猜", "your guess"), GUESS, 0.9),
        (truth, ("实际", "truth"), BLUE, 0.55),
    ):
        if value is None:
            continue
        at = min(max(value, spec["low"]), spec["high"])
        ax.plot([at, at], [0, y - 0.13], color=colour, linestyle="-" if value is truth else "--", clip_on=False)
        ax.plot([at], [0], "o", color=colour, clip_on=False)
        said = measure(value, spec)
        ax.annotate(
            tr(*(f"{n} {s}" for n, s in zip(name, said, strict=True))), (at, y), ha="center", va="center", color=colour
        )
    if guess is None and truth is None:
        ax.annotate("?", (0.5, 0.5), xycoords="axes fraction", ha="center", va="center", fontsize=16, color=GREY)


def _cards(ax: Axes, spec: Spec, guess: Any, truth: Any, _: Values) -> None:
    options = spec["options"]
    ax.set(xlim=(0, len(options)), ylim=(0, 1))
    ax.set_axis_off()
    for k, (key, text) in enumerate(options.items()):
        edge = BLUE if key == truth else GUESS if key == guess else GREY
        style = {"edgecolor": edge, "facecolor": "none", "linewidth": 2.0 if edge != GREY else 0.8}
        ax.add_patch(_box(k + 0.04, 0.04, 0.92, 0.92, linestyle="--" if key == guess != truth else "-", **style))
        marks = [name for name, of in ((("实际", "truth"), truth), (("你猜的", "your guess"), guess)) if key == of]
        tag = tr("、".join(m[0] for m in marks), ", ".join(m[1] for m in marks))
        ax.text(k + 0.5, 0.6 if marks else 0.5, label(text, 92 // len(options)), ha="center", va="center", color=INK)
        ax.text(k + 0.5, 0.16, tag, ha="center", va="center", fontsize=8, color=edge)


def _box(x: float, y: float, w: float, h: float, **style: Any):
    from matplotlib.patches import FancyBboxPatch  # late: with its neighbours it is slow to load

    return FancyBboxPatch((x + 0.02, y + 0.02), w - 0.04, h - 0.04, boxstyle="round,pad=0.02", **style)


def _order(ax: Axes, spec: Spec, guess: Any, truth: Any, values: Values) -> None:
    items = spec["items"]
    ax.set(xlim=(0, 1), ylim=(len(items) + 0.1, -1.1))
    ax.set_axis_off()
    left = guess if guess is not None else list(items) if truth is None else None
    for (zh, en), arrow, y in zip(spec["ends"], "↑↓", (-0.8, len(items) - 0.2), strict=True):
        if truth is None:
            ax.text(0.02, y, tr(f"{arrow} {zh}", f"{arrow} {en}"), fontsize=8.5, color=GREY)
    for k, key in enumerate(left or ()):
        align = {"x": 0.02, "ha": "left"} if truth is None else {"x": 0.42, "ha": "right"}
        ax.text(y=k, s=tr(*(f"{k + 1}  {name}" for name in items[key])), va="center", color=INK, **align)
    if truth is None:
        return
    side = 0.56 if left else 0.02
    ax.text(side, -0.8, tr("实际", "truth"), fontsize=8.5, color=BLUE)
    for k, key in enumerate(truth):
        said = (
            [f"{name} ({m})" for name, m in zip(items[key], measure(values[key], spec), strict=True)]
            if values
            else items[key]
        )
        ax.text(side, k, tr(*(f"{k + 1}  {name}" for name in said)), va="center", color=INK)
    if left:
        ax.text(0.42, -0.8, tr("你排的", "your order"), fontsize=8.5, color=GUESS, ha="right")
        for k, key in enumerate(left):
            to = truth.index(key)
            ax.plot([0.44, 0.54], [k, to], color=BLUE if to == k else GUESS, linestyle="-" if to == k else "--")


def _curve(ax: Axes, spec: Spec, guess: Any, truth: Any, _: Values) -> None:
    ax.set(xlim=spec["x"], ylim=spec["y"], xlabel=tr(*spec["xlabel"]), ylabel=tr(*spec["ylabel"]))
    for y, text in spec["lines"]:
        ax.axhline(y, color=GREY, linestyle="--", linewidth=1)
        ax.annotate(tr(*text), (spec["x"][1], y), ha="right", va="bottom", fontsize=8.5, color=GREY)
    for x, text in spec["marks"]:
        ax.axvline(x, color=GREY, linestyle=":", linewidth=1)
        ax.annotate(
            tr(*text), (x, spec["y"][1]), (4, -2), textcoords="offset points", va="top", fontsize=8.5, color=GREY
        )
    ax.plot(*spec["given"], color=INK)
    drawn = guess is not None and any(y is not None for y in guess)
    if drawn:
        ys = [float("nan") if y is None else y for y in guess]
        ax.plot(abscissas(spec), ys, color=GUESS, linestyle="--", linewidth=2.2, label=tr("你画的", "your guess"))
    if truth is not None:
        ax.plot(*truth, color=BLUE, label=tr("实际", "truth"))
        ax.legend()
    elif not drawn:
        ax.axvspan(*spec["draw"], color=PALE, alpha=0.6, linewidth=0)
        middle = sum(spec["draw"]) / 2, sum(spec["y"]) / 2
        ax.annotate(tr("在这里画", "draw here"), middle, ha="center", va="center", color=GREY)


def _rows(each: float, spec: Spec) -> float:
    return each * (len(spec["items"]) + 1.4)


DRAW: dict[str, Callable[..., None]] = {"number": _number, "choice": _cards, "order": _order, "curve": _curve}
HEIGHT: dict[str, Callable[[Spec], float]] = {
    "number": lambda _: 1.0,
    "choice": lambda _: 0.85,
    "order": partial(_rows, 0.27),
    "curve": lambda _: 2.5,
}
