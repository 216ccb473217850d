"""What may be guessed: a number, one of a few answers, an order, a curve; what each accepts, and what is true."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from numbers import Real
from typing import Any, ClassVar

from .control import Text
from .guess_words import abscissas

Range = tuple[float, float]
MOST_POINTS = 400  # of a true curve: it is stored with the notebook


def _real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def plain(value: Any) -> Any:
    """A number, a list of numbers or a mapping without tensors or arrays."""
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


@dataclass(frozen=True)
class Kind:
    """The form of a guess; its fields are what the page gets."""

    kind: ClassVar[str] = ""
    accepted: ClassVar[str] = ""

    def spec(self) -> dict[str, Any]:
        """What the page needs, as JSON."""
        return {"kind": self.kind, **asdict(self)}

    def fits(self, value: Any) -> bool:
        """Whether the learner can have guessed this."""
        raise NotImplementedError

    def truth(self, value: Any) -> dict[str, Any]:
        """What was measured, as JSON: {"value": …, "values": …}; TypeError or ValueError where it fits no question."""
        raise NotImplementedError


@dataclass(frozen=True)
class Number(Kind):
    """A number from `low` to `high` [unit] on a scale, logarithmic or in steps."""

    kind: ClassVar[str] = "number"
    low: float
    high: float
    unit: Text
    step: float
    digits: int
    log: bool

    def __post_init__(self) -> None:
        if not self.low < self.high or (self.log and self.low <= 0) or self.step <= 0:
            raise ValueError(
                f"A scale from {self.low} to {self.high} in steps of {self.step}: low must be below high, "
                "step above 0, and low above 0 where log=True."
            )

    def fits(self, value: Any) -> bool:
        return _real(value) and self.low <= value <= self.high

    def truth(self, value: Any) -> dict[str, Any]:
        value = plain(value)
        if not _real(value) or (self.log and value <= 0):
            raise ValueError(f"The truth is {value!r}, but this question asks for a number{' above 0' * self.log}.")
        return {"value": float(value), "values": {}}


@dataclass(frozen=True)
class OneOf(Kind):
    """One key of `options`."""

    kind: ClassVar[str] = "choice"
    options: Mapping[str, Text]

    def __post_init__(self) -> None:
        if not 2 <= len(self.options) <= 4:
            raise ValueError(f"A choice has 2 to 4 options; this one has {len(self.options)}.")

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.options

    def truth(self, value: Any) -> dict[str, Any]:
        if not self.fits(value):
            raise ValueError(f"The truth is {value!r}, but the options are {', '.join(map(repr, self.options))}.")
        return {"value": value, "values": {}}


@dataclass(frozen=True)
class Order(Kind):
    """The keys of `items` in an order from `ends[0]` to `ends[1]`; `unit` and `digits` of what was measured."""

    kind: ClassVar[str] = "order"
    items: Mapping[str, Text]
    ends: tuple[Text, Text]
    unit: Text
    digits: int
    log: bool = False

    def __post_init__(self) -> None:
        if not 2 <= len(self.items) <= 7:
            raise ValueError(f"An order has 2 to 7 items; this one has {len(self.items)}.")

    def fits(self, value: Any) -> bool:
        return isinstance(value, list) and len(value) == len(self.items) and all(key in value for key in self.items)

    def truth(self, value: Any) -> dict[str, Any]:
        value = plain(value)
        if isinstance(value, Mapping):  # what was measured for each: the largest comes first
            values = {key: float(entry) for key, entry in value.items()}
            value = sorted(values, key=lambda key: -values[key])
        else:
            values = {}
        if not self.fits(value):
            raise ValueError(
                f"The truth is {value!r}, but the items are {', '.join(map(repr, self.items))}, each once."
            )
        return {"value": value, "values": values}


@dataclass(frozen=True)
class Curve(Kind):
    """A curve over `draw`, a part of the x axis: `points` values at equal distances; `given` is there already."""

    kind: ClassVar[str] = "curve"
    x: Range
    y: Range
    xlabel: Text
    ylabel: Text
    unit: Text
    digits: int
    xdigits: int
    draw: Range
    points: int
    given: tuple[list[float], list[float]]
    lines: Sequence[tuple[float, Text]]
    marks: Sequence[tuple[float, Text]]

    def __post_init__(self) -> None:
        if not (self.x[0] <= self.draw[0] < self.draw[1] <= self.x[1]) or not self.y[0] < self.y[1]:
            raise ValueError(f"x={self.x}, y={self.y}, draw={self.draw}: both must rise, and draw lie within x.")

    def fits(self, value: Any) -> bool:
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != self.points:
            return False
        return all(y is None or (_real(y) and self.y[0] <= y <= self.y[1]) for y in value)

    def truth(self, value: Any) -> dict[str, Any]:
        return {"value": [*points_of(value, self.x[0])], "values": {}}

    def abscissas(self) -> list[float]:
        """Where the points of a drawn curve stand."""
        return abscissas(self.spec())


def points_of(curve: Any, start: float = 0.0) -> tuple[list[float], list[float]]:
    """A curve as two lists: of a pair (x, y), or of y alone, one value a step from `start`.

    x must rise. Of more than 400 points some are left out at equal distances, of values five figures are kept.
    """
    if isinstance(curve, tuple):
        xs, ys = (plain(part) for part in curve)
    else:
        ys = plain(curve)
        xs = [start + k for k in range(len(ys))]
    if len(xs) != len(ys) or not all(map(_real, [*xs, *ys])) or any(a > b for a, b in pairwise(xs)):
        raise ValueError(
            "A curve is (x, y), two sequences of equal length with rising x, or y alone, one value a step."
        )
    take = range(len(xs))
    if len(xs) > MOST_POINTS:
        take = [round(k * (len(xs) - 1) / (MOST_POINTS - 1)) for k in range(MOST_POINTS)]
    five = [[float(f"{part[k]:.5g}") for k in take] for part in (xs, ys)]
    return five[0], five[1]
