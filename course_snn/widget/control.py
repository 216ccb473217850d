"""The parameters a widget takes: what each accepts, and how the page shows it.

Every control stands once, here in Python; the page builds its slider from the same limits, so the two cannot drift.
A text is a pair (Chinese, English); "$V_{th}$" inside it is set as mathematics.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from numbers import Real
from typing import Any, ClassVar

Text = tuple[str, str]


STEP_UNIT = ("步", "steps")  # of a slider that counts time steps


@dataclass(frozen=True)
class Control:
    """One named parameter: its value at the start and its label. `more`: it is secondary and stands under "More"."""

    kind: ClassVar[str] = ""
    name: str
    value: Any
    label: Text
    more: bool = field(default=False, kw_only=True)

    def accept(self, value: Any) -> Any:
        """The value in the form that is sent to the page, or ValueError that says what is accepted."""
        raise NotImplementedError

    def spec(self) -> dict[str, Any]:
        """What the page needs to build the control, as JSON."""
        return {"kind": self.kind, **asdict(self)}

    def refuse(self, value: Any, accepted: str) -> ValueError:
        return ValueError(f"{self.name}={value!r} does not fit: {self.name} ({self.label[1]}) takes {accepted}.")


@dataclass(frozen=True)
class Slider(Control):
    """A number between `low` and `high` [unit]; integers where step and low are integers."""

    kind: ClassVar[str] = "slider"
    low: float
    high: float
    step: float
    symbol: str = ""
    unit: Text = ("", "")
    digits: int = 0

    def accept(self, value: Any) -> float | int:
        whole = isinstance(self.step, int) and isinstance(self.low, int)
        unit = f" {self.unit[1]}" if self.unit[1] else ""
        accepted = f"{'a whole number' if whole else 'a number'} from {self.low:g} to {self.high:g}{unit}"
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise self.refuse(value, accepted)
        if not self.low <= value <= self.high or (whole and value != int(value)):
            raise self.refuse(value, accepted)
        return int(value) if whole else float(value)


@dataclass(frozen=True)
class Toggle(Control):
    """Yes or no."""

    kind: ClassVar[str] = "toggle"

    def accept(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.refuse(value, "True or False")
        return value


@dataclass(frozen=True)
class Choice(Control):
    """One key of `options`, a mapping key -> label."""

    kind: ClassVar[str] = "choice"
    options: Mapping[str, Text]

    def accept(self, value: Any) -> str:
        if value not in self.options:
            raise self.refuse(value, "one of " + ", ".join(map(repr, self.options)))
        return value


@dataclass(frozen=True)
class SpikeTimes(Control):
    """Time steps at which a neuron fires, each in [0, steps); kept sorted, each once. Edited on a time line."""

    kind: ClassVar[str] = "spikes"
    steps: int

    def accept(self, value: Any) -> list[int]:
        accepted = f"a list of whole time steps from 0 to {self.steps - 1}"
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise self.refuse(value, accepted)
        fits = (isinstance(t, Real) and not isinstance(t, bool) and t == int(t) for t in value)
        if not all(fits) or not all(0 <= t < self.steps for t in value):
            raise self.refuse(value, accepted)
        return sorted({int(t) for t in value})


@dataclass(frozen=True)
class Numbers(Control):
    """`count` numbers between `low` and `high`, such as the grey values of a picture in row order."""

    kind: ClassVar[str] = "numbers"
    count: int
    low: float = 0.0
    high: float = 1.0

    def accept(self, value: Any) -> list[float]:
        accepted = f"{self.count} numbers from {self.low:g} to {self.high:g}"
        if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != self.count:
            raise self.refuse(type(value).__name__, accepted)
        for entry in value:
            if isinstance(entry, bool) or not isinstance(entry, Real) or not self.low <= entry <= self.high:
                raise self.refuse(entry, accepted)
        return [float(entry) for entry in value]
