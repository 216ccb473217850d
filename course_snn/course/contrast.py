"""What of a wrong answer a picture can show: two series over time, or two small maps, picked out of the two values.

What is drawn is decided by the shapes of the values alone, never by the exercise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real

import numpy as np

from course_snn.course.compare import as_array, difference

LEAST = 8  # entries; fewer are read faster than seen
MOST_TRACES = 4
MOST_CELLS = 400
LINES, POINTS, SPIKES, MAP = "lines", "points", "spikes", "map"
MOST_POINTS = 60  # of whole numbers, beyond which single points are no longer told apart


@dataclass(frozen=True, eq=False)  # arrays are not equal or unequal as a whole
class Contrast:
    """Two values worth a picture.

    Args:
        kind: LINES, POINTS (whole numbers), SPIKES (zeros and ones) or MAP.
        want, got: the expected value and the answer's, shapes [T, n] each with a T of its own, or both [rows, columns].
        tolerance: up to which two numbers count as equal.
    """

    kind: str
    want: np.ndarray
    got: np.ndarray
    tolerance: float

    @property
    def differs(self) -> np.ndarray:
        """Where the two differ, [T, n] of the longer; whatever only one of them has differs."""
        length = max(len(self.want), len(self.got))
        one, other = (_lengthened(array, length) for array in (self.want, self.got))
        missing = np.arange(length) >= min(len(self.want), len(self.got))
        return ~_close(one, other, self.tolerance) | missing[:, None]


def contrast(got: object, want: object, tolerance: float = 1e-4, exact: Collection[str] = ()) -> Contrast | None:
    """Return what a picture can show of a wrong answer; None where words and numbers say as much.

    A picture is drawn of series (at least 8 entries, at most 4 of them side by side as [T, n]) and of small maps.
    Of several returned values it is the first that differs.

    Args:
        got, want: the answer's value and the expected one, as `decode` returns them.
        tolerance, exact: as for `difference`.
    """
    try:
        found = _unlike(got, want, tolerance, exact)
        return None if found is None else _drawable(*found, tolerance)
    except (ValueError, TypeError, OverflowError):  # an object that only looks like numbers
        return None


def _unlike(got: object, want: object, tolerance: float, exact: Collection[str]) -> tuple | None:
    one, other = _numbers(got), _numbers(want)
    if one is not None and other is not None:
        return one, other
    if isinstance(want, dict) and isinstance(got, dict) and set(got) == set(want):
        got, want = [got[key] for key in want], list(want.values())
    if not isinstance(want, (tuple, list)) or not isinstance(got, (tuple, list)) or len(got) != len(want):
        return None
    pairs = zip(got, want, strict=True)
    found = next((pair for pair in pairs if difference(*pair, tolerance, exact)), None)
    return found and _unlike(*found, tolerance, exact)


def _numbers(value: object) -> np.ndarray | None:
    """Return numbers as an array of at least one axis, without axes of one entry; None in a sequence is no number."""
    if isinstance(value, (tuple, list)) and value and all(part is None or isinstance(part, Real) for part in value):
        whole = all(part is None or isinstance(part, (bool, int)) for part in value)
        array = np.array([np.nan if part is None else float(part) for part in value])
        return array.astype(int) if whole and None not in value else array
    array = as_array(value)
    if array is None or array.ndim == 0:
        return None
    kept = [size for size in array.shape if size != 1] or [array.size]
    return array.reshape(kept)


def _drawable(got: np.ndarray, want: np.ndarray, tolerance: float) -> Contrast | None:
    if got.ndim != want.ndim or not got.size or want.ndim > 2:
        return None
    series = want.ndim == 1 or (got.shape[1] == want.shape[1] <= MOST_TRACES and len(want) >= LEAST)
    if series and max(len(got), len(want)) >= LEAST and min(len(got), len(want)) > 1:
        kind = _kind(got, want)
        got, want = (array.reshape(len(array), -1).astype(float) for array in (got, want))
    elif want.ndim == 2 and got.shape == want.shape and LEAST <= want.size <= MOST_CELLS:
        kind, got, want = MAP, got.astype(float), want.astype(float)
    else:
        return None
    found = Contrast(kind, want, got, tolerance)
    return found if found.differs.any() else None


def _kind(got: np.ndarray, want: np.ndarray) -> str:
    values = np.concatenate([got.ravel(), want.ravel()])
    if np.isin(values, (0, 1)).all() and want.ravel().any():
        return SPIKES
    whole = want.dtype.kind in "iu" and max(len(got), len(want)) <= MOST_POINTS
    return POINTS if whole else LINES


def _lengthened(array: np.ndarray, length: int) -> np.ndarray:
    return np.pad(array, ((0, length - len(array)), (0, 0)), constant_values=np.nan)


def _close(one: np.ndarray, other: np.ndarray, tolerance: float) -> np.ndarray:
    return np.isclose(one, other, rtol=tolerance, atol=tolerance, equal_nan=True)


def limits(want: np.ndarray, got: np.ndarray) -> tuple[float, float, bool]:
    """Return the range to draw, and whether something of the answer lies beyond it.

    The range is that of the expected values, wider where the answer goes, but at most by 1.5 times on either side: an
    answer that explodes must not flatten what it is compared with.
    """
    finite, other = want[np.isfinite(want)], got[np.isfinite(got)]
    first = finite if finite.size else other
    if not first.size:
        return 0.0, 1.0, not np.isnan(got).all()
    low, high = _bounded(first.min()), _bounded(first.max())
    span = high - low if _apart(low, high) else max(abs(high), 1.0)
    lowest, highest = low - 1.5 * span, high + 1.5 * span
    inside = [_bounded(value) for value in (other.min(), other.max())] if other.size else []
    low, high = min([low, *(max(v, lowest) for v in inside)]), max([high, *(min(v, highest) for v in inside)])
    beyond = np.isinf(got).any() or any(not lowest <= value <= highest for value in inside)
    if not _apart(low, high):
        low, high = low - span / 2, high + span / 2
    return low, high, bool(beyond)


def _apart(low: float, high: float) -> bool:
    return high - low > 1e-6 * max(abs(low), abs(high))  # not what rounding leaves of a constant


def _bounded(value: float) -> float:
    return float(np.clip(value, -1e150, 1e150))  # differences of these are still numbers


def envelope(values: Sequence[float], edges: np.ndarray) -> list[list[tuple[int, float]]]:
    """Return, for each bin of indices, the smallest and the largest value in the order in which they stand.

    A bin of one index has one entry, a bin in which nothing is a number has none; no spike between two bins is lost.

    Args:
        values: [T], infinities already cut to the range.
        edges: the first index of each bin, and the end of the last; may reach beyond T.
    """
    array, bins = np.asarray(values, float), []
    for start, end in pairwise(edges):
        part = array[start:end]
        known = np.flatnonzero(~np.isnan(part))
        places = sorted({known[part[known].argmin()], known[part[known].argmax()]}) if known.size else []
        bins.append([(int(start + place), float(part[place])) for place in places])
    return bins


def bins(length: int, most: int) -> np.ndarray:
    """Return the edges of at most ``most`` bins over ``length`` indices, of one index each where that is enough."""
    return np.unique(np.linspace(0, length, min(length, most) + 1).round().astype(int))
