"""Guesses: a number, one of a few answers, an order or a curve, made before the truth appears and kept with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import traitlets
from matplotlib.figure import Figure

from . import guess_memory, guess_picture
from .base import PageWidget
from .control import Text
from .guess_kinds import Curve, Kind, Number, OneOf, Order, Range, points_of

FILES = ("guess_words.js", "guess_memory.js", "guess_scale.js", "guess_cards.js", "guess_curve.js")
NONE = {"value": None, "sealed": False}
asked: dict[str, Guess] = {}  # the last question of every id: `Truth` needs to know what was asked


def checked(text: Any, what: str) -> list[str]:
    """A pair (Chinese, English), or ValueError."""
    if isinstance(text, str) or len(text) != 2 or not all(isinstance(part, str) for part in text):
        raise ValueError(f"{what} must be a pair (中文, English); it is {text!r}.")
    return list(text)


class Kept(PageWidget):
    """A view of one guess: `params` is its record, {"value": the guess or None, "sealed": whether the truth was shown}.

    What the learner does in the page arrives here and is kept (`guess_memory`); all views of an id show the same.
    """

    guess_id = traitlets.Unicode().tag(sync=True)
    question = traitlets.List(traitlets.Unicode()).tag(sync=True)
    spec = traitlets.Dict().tag(sync=True)

    def __init__(self, guess_id: str, question: Text, kind: Kind) -> None:
        self._kind = kind
        super().__init__()
        self.guess_id, self.question, self.spec = guess_id, checked(question, "The question"), kind.spec()
        self.params = self._sound(guess_memory.recall(guess_id))
        guess_memory.watch(self)
        self.observe(lambda change: guess_memory.remember(self.guess_id, change["new"]), "params")

    @traitlets.validate("params")
    def _complete(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        given = proposal["value"]
        unknown = [name for name in given if name not in NONE]
        if unknown:
            raise ValueError(f"{type(self).__name__} has no parameter {unknown[0]!r}. It has: {', '.join(NONE)}.")
        record = NONE | self.params | given
        if record["value"] is not None and not self._kind.fits(record["value"]):
            raise ValueError(f"{record['value']!r} is no guess at {self.guess_id}: {self._kind}.")
        return record | {"sealed": record["sealed"] is True}

    def _sound(self, record: Any) -> dict[str, Any]:
        """What was kept, whatever the file holds: a value that does not belong to this question counts as none."""
        record = record if isinstance(record, Mapping) else {}
        value = record.get("value")
        fits = value is not None and self._kind.fits(value)
        return {"value": value if fits else None, "sealed": record.get("sealed") is True}

    def storable(self) -> dict[str, Any]:
        """No guess: a notebook that is passed on says nothing of what its owner guessed."""
        return dict(NONE)

    @property
    def value(self) -> Any:
        """The guess; None before there is one."""
        return self.params["value"]


class Guess(Kept):
    """Base of the questions. Nothing is said about right or wrong before the truth appears (`Truth`)."""

    heading = ("先猜一猜", "Make a guess")
    scripts = (*FILES, "guess.js")

    def __init__(self, guess_id: str, question: Text, kind: Kind) -> None:
        super().__init__(guess_id, question, kind)
        asked[guess_id] = self

    def figure(self) -> Figure:
        return guess_picture.picture(self.spec, self.question, self.value)


class GuessNumber(Guess):
    """A number guessed on a scale.

    Args:
        guess_id: chapter and name, such as ``"05.window"``; the guess is kept under it.
        question: the question in Chinese and English.
        low, high: ends of the scale.
        unit: of the number in both languages; ``("%", "%")`` for a percentage.
        log: a logarithmic scale, on which guesses have two figures.
        step: of a linear scale; by default 1 between whole ends at least 10 apart, else about a hundredth.
        digits: decimals that are shown; by default those of the step.
    """

    def __init__(
        self,
        guess_id: str,
        question: Text,
        low: float,
        high: float,
        unit: Text = ("", ""),
        *,
        log: bool = False,
        step: float | None = None,
        digits: int | None = None,
    ) -> None:
        if step is None:
            whole = low == int(low) and high == int(high) and high - low >= 10
            step = 1 if whole else 10.0 ** math.floor(math.log10(max(high - low, 1e-9) / 50))
        if digits is None:
            digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
        kind = Number(low, high, (unit[0], unit[1]), step, digits, log)
        super().__init__(guess_id, question, kind)


class GuessChoice(Guess):
    """One of two to four answers on cards.

    Args:
        guess_id, question: as of `GuessNumber`.
        options: key -> (Chinese, English).
    """

    def __init__(self, guess_id: str, question: Text, options: Mapping[str, Text]) -> None:
        super().__init__(guess_id, question, OneOf(options))


class GuessOrder(Guess):
    """Two to seven items put in order, by dragging or by the arrow keys.

    Args:
        guess_id, question: as of `GuessNumber`.
        items: key -> (Chinese, English), in the order in which they are shown at first.
        ends: what stands first and what last; the true order has the largest measured value first.
        unit, digits: of the measured values, which are shown with the true order.
    """

    def __init__(
        self,
        guess_id: str,
        question: Text,
        items: Mapping[str, Text],
        ends: tuple[Text, Text] = (("最多", "most"), ("最少", "least")),
        *,
        unit: Text = ("", ""),
        digits: int = 0,
    ) -> None:
        super().__init__(guess_id, question, Order(items, ends, unit, digits))


class GuessCurve(Guess):
    """A curve drawn with mouse or finger; arrow keys move nine points of it.

    Args:
        guess_id, question: as of `GuessNumber`.
        x, y: ranges of the axes.
        xlabel, ylabel: their labels in both languages.
        given: a part of the curve that is there already: (xs, ys), or ys alone, one value a step from ``x[0]``.
        draw: the part of the x axis to draw in; by default from the end of what is given to the end of the axis.
        unit, digits: of y, in the words about the distance; ``xdigits``: decimals of x there.
        lines, marks: heights and places that are marked, [(value, (Chinese, English)), …].
        points: values that a drawn curve has.
    """

    def __init__(
        self,
        guess_id: str,
        question: Text,
        x: Range,
        y: Range,
        xlabel: Text,
        ylabel: Text,
        *,
        given: Any = ((), ()),
        draw: Range | None = None,
        unit: Text = ("", ""),
        digits: int = 2,
        xdigits: int = 0,
        lines: Sequence[tuple[float, Text]] = (),
        marks: Sequence[tuple[float, Text]] = (),
        points: int = 41,
    ) -> None:
        part = points_of(given, x[0])
        draw = draw or (part[0][-1] if part[0] else x[0], x[1])
        kind = Curve(x, y, xlabel, ylabel, unit, digits, xdigits, draw, points, part, list(lines), list(marks))
        super().__init__(guess_id, question, kind)
