"""How high everything stands in a drawing of a graph: a linear programme, edges as straight as the order allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

HEADER, FOOT = 17.0, 9.0  # room in a frame for its name, and below, in points
GAP, BESIDE, NARROW = 15.0, 8.0, 5.0  # between two boxes, a box and the bend of an edge, two bends
MEAN, SIZE = 0.5, 0.02  # how much it counts that a box stands amid its neighbours; that frames are small


class Extent(NamedTuple):
    """Where a frame begins and ends, in points from the top."""

    top: float
    bottom: float


class Programme:
    """Minimise Σ weight · |Σ a y + b| under y_j - y_i ≥ distance."""

    def __init__(self) -> None:
        self.places: dict[Any, int] = {}
        self.entries: list[tuple[int, int, float]] = []
        self.bounds: list[float] = []
        self.costs: dict[int, float] = {}

    def place(self, key: Any) -> int:
        """Return the number of an unknown."""
        return self.places.setdefault(key, len(self.places))

    def at_most(self, terms: Iterable[tuple[Any, float]], bound: float) -> None:
        """Demand Σ a y ≤ bound.

        Args:
            terms: pairs (y, a). bound: a number.
        """
        self.entries += [(len(self.bounds), self.place(key), a) for key, a in terms]
        self.bounds.append(bound)

    def apart(self, upper: tuple[Any, float], lower: tuple[Any, float], gap: float) -> None:
        """Demand that one begins ``gap`` below the end of another.

        Args:
            upper: pair (y, from y to its end). lower: pair (y, from its begin to y). gap: in points.
        """
        self.at_most([(upper[0], 1.0), (lower[0], -1.0)], -(upper[1] + gap + lower[1]))

    def near(self, terms: list[tuple[Any, float]], shift: float, weight: float) -> None:
        """Wish for Σ a y + shift = 0.

        Args:
            terms: pairs (y, a). shift: a number. weight: how much it counts.
        """
        distance = self.place(("distance", len(self.bounds)))
        self.costs[distance] = weight
        self.at_most([*terms, (("distance", len(self.bounds)), -1.0)], -shift)
        key = ("distance", len(self.bounds) - 1)
        self.at_most([*((y, -a) for y, a in terms), (key, -1.0)], shift)

    def solved(self) -> tuple[dict[Any, float], float]:
        """Return the unknowns by their keys, and the sum that was to be small."""
        from scipy.optimize import linprog  # here: it takes a while to load
        from scipy.sparse import coo_array

        row, column, value = zip(*self.entries, strict=True) if self.entries else ((), (), ())
        matrix = coo_array((value, (row, column)), shape=(len(self.bounds), len(self.places)))
        cost = [self.costs.get(i, 0.0) for i in range(len(self.places))]
        found = linprog(cost, matrix.tocsr(), self.bounds, bounds=(0, None), method="highs-ds")
        if not found.success:
            raise RuntimeError(f"the drawing of the graph has no solution: {found.message}")
        return dict(zip(self.places, found.x.tolist(), strict=True)), found.fun


def rows(root: Any, chains: list[tuple[Any, list[Any]]], ports: dict[tuple[Any, Any], float]) -> tuple:
    """Return the height of every slot's middle, where every frame begins and ends, and how long all edges are.

    Args:
        root: the outermost frame, sorted. chains: (link, its slots from left to right).
        ports: (link, slot) -> how far below the middle of a box an edge ends.
    """
    programme, frames = Programme(), []
    _stand(programme, root, frames)
    beside = defaultdict(list)
    for link, chain in chains:
        for left, right in pairwise(chain):
            shift = ports.get((link, left), 0.0) - ports.get((link, right), 0.0)
            weight = 1.0 + sum(slot.box is None for slot in (left, right))  # long edges shall be straight
            programme.near([(left, 1.0), (right, -1.0)], shift, weight)
            if left.column != right.column:
                beside[left, "right"].append((right, -shift))
                beside[right, "left"].append((left, shift))
    for (slot, _), others in beside.items():
        if len(others) > 1:
            share = 1 / len(others)
            mean = sum(shift for _, shift in others) * share
            programme.near([(slot, 1.0), *((other, -share) for other, _ in others)], -mean, MEAN)
    y, length = programme.solved()
    extents = {frame: Extent(y[frame, "top"], y[frame, "bottom"]) for frame in frames}
    return {key: value for key, value in y.items() if not isinstance(key, tuple)}, extents, length


def _stand(programme: Programme, frame: Any, frames: list[Any]) -> None:
    """What stands in a frame stands in its order, and all inside the frame."""
    top, bottom = (frame, "top"), (frame, "bottom")
    frames.append(frame)
    programme.near([(bottom, 1.0), (top, -1.0)], 0.0, SIZE)
    header, foot = (HEADER, FOOT) if frame.name else (0.0, 0.0)
    for column in range(frame.lo, frame.hi + 1):
        inside = [part for part in frame.inside if part.lo <= column <= part.hi]
        if not inside:
            continue
        programme.apart((top, 0.0), _begin(inside[0]), header)
        programme.apart(_end(inside[-1]), (bottom, 0.0), foot)
        for upper, lower in pairwise(inside):
            bends = sum(getattr(part, "box", part) is None for part in (upper, lower))
            programme.apart(_end(upper), _begin(lower), (GAP, BESIDE, NARROW)[bends])
    for part in frame.inside:
        if hasattr(part, "inside"):
            _stand(programme, part, frames)
        else:
            programme.place(part)


def _begin(part: Any) -> tuple[Any, float]:
    return ((part, "top"), 0.0) if hasattr(part, "inside") else (part, part.height / 2 + part.above)


def _end(part: Any) -> tuple[Any, float]:
    return ((part, "bottom"), 0.0) if hasattr(part, "inside") else (part, part.height / 2 + part.below)
