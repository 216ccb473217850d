"""What the judge asks of NumPy, for plain numbers and lists of them: in the page there is no NumPy."""

from __future__ import annotations

import math
from collections.abc import Iterator

KINDS = {bool: "b", int: "i", float: "f"}


class dtype:
    """The kind of numbers: "b", "i" or "f", as in NumPy."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class random:
    """The page draws no cases: annotations name the generator that would."""

    Generator = object


class generic:
    """A number that knows its kind."""


class float64(float, generic):
    """A number with a point."""

    dtype = dtype("f")


class int64(int, generic):
    """A whole number."""

    dtype = dtype("i")


class bool_(int, generic):
    """True or False."""

    dtype = dtype("b")

    def __str__(self) -> str:
        return str(bool(self))


class ndarray:
    """Numbers of one kind, row by row, and their shape."""

    def __init__(self, numbers: list, shape: tuple[int, ...], kind: str) -> None:
        self.numbers, self.shape, self.dtype = numbers, shape, dtype(kind)
        self.ndim, self.size = len(shape), len(numbers)

    def astype(self, kind: type) -> ndarray:
        return ndarray([kind(number) for number in self.numbers], self.shape, KINDS[kind])

    def all(self) -> bool:
        return all(self.numbers)

    def __invert__(self) -> ndarray:
        return ndarray([not number for number in self.numbers], self.shape, "b")

    def flatten(self) -> ndarray:
        return ndarray(self.numbers, (self.size,), self.dtype.kind)

    def __iter__(self) -> Iterator:
        return (self[(k,)] for k in range(self.shape[0]))

    def __getitem__(self, where: object) -> generic | ndarray:
        if isinstance(where, slice):
            return ndarray(self.numbers[where], (len(self.numbers[where]),), self.dtype.kind)
        at = 0
        for k, size in zip(where, self.shape, strict=True):
            at = at * size + k
        return {"b": bool_, "i": int64, "f": float64}[self.dtype.kind](self.numbers[at])


def asarray(value: object) -> ndarray:
    """Return numbers or nested lists of them as an array; ValueError where rows differ in length."""
    numbers: list = []
    shape = _collect(value, numbers)
    kinds = {KINDS.get(bool if isinstance(n, bool_) else type(n), _kind(n)) for n in numbers} or {"f"}
    return ndarray(numbers, shape, max(kinds, key="bifO".index))


def _kind(number: object) -> str:
    return number.dtype.kind if isinstance(number, generic) else "O"


def _collect(value: object, numbers: list) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        numbers.append(value)
        return ()
    shapes = {_collect(item, numbers) for item in value}
    if len(shapes) > 1:
        raise ValueError("the rows differ in length")
    return (len(value), *(shapes.pop() if shapes else ()))


def isclose(one: ndarray, other: ndarray, rtol: float, atol: float, equal_nan: bool) -> ndarray:
    """Say for each pair whether |a - b| <= atol + rtol |b|."""

    def close(a: float, b: float) -> bool:
        if math.isnan(a) or math.isnan(b) or math.isinf(a) or math.isinf(b):
            return a == b or (equal_nan and math.isnan(a) and math.isnan(b))
        return abs(a - b) <= atol + rtol * abs(b)

    return ndarray([close(a, b) for a, b in zip(one.numbers, other.numbers, strict=True)], one.shape, "b")


def argwhere(where: ndarray) -> list[tuple[int, ...]]:
    """Return the indices of what is not zero, row by row."""
    found = []
    for at, number in enumerate(where.numbers):
        if number:
            place = []
            for size in reversed(where.shape):
                at, k = divmod(at, size)
                place.append(k)
            found.append(tuple(reversed(place)))
    return found
