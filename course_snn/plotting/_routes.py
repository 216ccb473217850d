"""The ways of edges in a drawing of a graph: level through the columns, curved between them, loops above their box."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib.path import Path

from course_snn.plotting._layers import Frame, Layers, Link, Slot

PAD = 9.0  # from a box to the frame around it, in points
STEP = 10.0  # between two edges at a box
LOOP, AROUND = 15.0, 7.0  # how high a loop rises; how far each further one lies around it
LEAD = 6.0  # how long an edge is level beside a column
CLEAR = 1.5  # between the head of an arrow and the box that it points at
ROOM, LEAST, SHARE, MOST = 46.0, 32.0, 1.3, 45.0  # of a gap between columns: of few columns, of many; for edges in it


class Rect(NamedTuple):
    """A rectangle: left, top, right, bottom, in points, y downwards."""

    left: float
    top: float
    right: float
    bottom: float


class Routes:
    """Rectangles of boxes and frames, and paths of edges, in points from the upper left corner, y downwards.

    Args:
        layers: sorted. widths: of boxes by name. loops: (edge, name of its box).
    """

    def __init__(self, layers: Layers, widths: dict[str, float], loops: Sequence[tuple[Any, str]]) -> None:
        self.layers = layers
        self.ports: dict[tuple[Link, Slot], float] = {}
        for _ in range(2):  # what stands where decides where edges leave, and the other way round
            self._find_ports()
            layers.settle(self.ports)
        self._find_columns(widths)
        self.boxes = {name: self._box(slot, widths[name]) for name, slot in layers.boxes.items()}
        self.turns = self._find_turns()
        self.frames = {frame.name: self._frame(frame) for frame in layers.frames.values() if frame.name}
        self.paths: dict[Any, Path] = {link.edge: self._path(link) for link in layers.links}
        rank: dict[str, int] = defaultdict(int)
        for edge, name in loops:
            self.paths[edge] = loop(self.boxes[name], rank[name])
            rank[name] += 1
        self.width, self.height = self._size()

    # ------------------------------------------------------------ heights

    def _find_ports(self) -> None:
        """At each side of a box the edges stand in the order of what they lead to."""
        sides: dict[tuple[Slot, str], list[tuple[float, int, Link]]] = defaultdict(list)
        for number, link in enumerate(self.layers.links):
            level = link.chain[0].column == link.chain[-1].column
            for here, there, side in (
                (link.chain[0], link.chain[1], "right"),
                (link.chain[-1], link.chain[-2], "right" if level else "left"),
            ):
                sides[here, side].append((self.layers.y[there], number, link))
        for (slot, _), ends in sides.items():
            ends.sort(key=lambda end: end[:2])
            step = min(STEP, (slot.height - 8) / max(len(ends) - 1, 1))
            for i, (_, _, link) in enumerate(ends):
                self.ports[link, slot] = (i - (len(ends) - 1) / 2) * step

    def _y(self, link: Link, slot: Slot) -> float:
        return self.layers.y[slot] + self.ports.get((link, slot), 0.0)

    # ------------------------------------------------------------ columns

    def _find_columns(self, widths: dict[str, float]) -> None:
        root = self.layers.frames[""]
        wide = dict.fromkeys(range(root.lo, root.hi + 1), 0.0)
        for name, slot in self.layers.boxes.items():
            wide[slot.column] = max(wide[slot.column], widths[name])
        crowd = defaultdict(int)
        for left, _ in self.layers.segments:
            crowd[left.column] += 1
        frames = [frame for frame in self.layers.frames.values() if frame.name]
        self.columns: dict[int, tuple[float, float]] = {}
        room, x = max(LEAST, min(ROOM, 330 / len(wide))), 0.0
        for column, size in wide.items():
            before = max((self._inset(f, "lo") for f in frames if f.lo == column), default=0.0)
            after = max((self._inset(f, "hi") for f in frames if f.hi == column), default=0.0)
            self.columns[column] = (x + before, x + before + size)
            x += before + size + after + room + min(SHARE * crowd[column], MOST)

    def _inset(self, frame: Frame, side: str) -> float:
        """How far a frame reaches beyond the column at its side, with the frames inside."""
        inner = [p for p in frame.inside if isinstance(p, Frame) and getattr(p, side) == getattr(frame, side)]
        return PAD + max((self._inset(p, side) for p in inner), default=0.0)

    def _box(self, slot: Slot, width: float) -> Rect:
        x, y = sum(self.columns[slot.column]) / 2, self.layers.y[slot]
        return Rect(x - width / 2, y - slot.height / 2, x + width / 2, y + slot.height / 2)

    def _gap(self, column: int) -> tuple[float, float]:
        """Where edges bend between a column and the next."""
        right = self.columns[column][1]
        return right + LEAD, self.columns.get(column + 1, (right + LEAST, 0.0))[0] - LEAD

    def _find_turns(self) -> dict[tuple[Link, Slot], float]:
        """Where each edge turns in the gap after a slot, so that those that go the same way lie side by side."""
        gaps: dict[int, list[tuple[float, float, int, Link, Slot]]] = defaultdict(list)
        for number, link in enumerate(self.layers.links):
            for left, right in pairwise(link.chain):
                gaps[left.column].append((self._y(link, left), self._y(link, right), number, link, left))
        turns = {}
        for column, ways in gaps.items():
            begin, end = self._gap(column)
            for down in (True, False):
                group = sorted(
                    (way for way in ways if (way[1] > way[0]) == down), key=lambda way: way[:3], reverse=down
                )
                for i, (*_, link, slot) in enumerate(group):
                    turns[link, slot] = begin + (end - begin) * (0.25 + 0.5 * (i + 0.5) / len(group))
        return turns

    def _frame(self, frame: Frame) -> Rect:
        left = self.columns[frame.lo][0] - self._inset(frame, "lo")
        right = self.columns[frame.hi][1] + self._inset(frame, "hi")
        return Rect(left, self.layers.extents[frame].top, right, self.layers.extents[frame].bottom)

    def _size(self) -> tuple[float, float]:
        all_of = [*self.boxes.values(), *self.frames.values()]
        reach = [path.get_extents() for path in self.paths.values()]
        right = max([r.right for r in all_of] + [e.x1 for e in reach])
        return right, max([r.bottom for r in all_of] + [e.y1 for e in reach])

    # ------------------------------------------------------------ paths

    def _path(self, link: Link) -> Path:
        first, last = link.chain[0], link.chain[-1]
        if first.column == last.column:
            return self._level(link, first, last)
        y = self._y(link, first)
        points, codes = [(self.boxes[first.box].right, y)], [Path.MOVETO]
        for here, there in pairwise(link.chain):
            turn, (x, end) = self.turns[link, here], self._gap(here.column)
            goal = self._y(link, there)
            points += [(x, y), (turn, y), (turn, goal), (end, goal)]
            codes += [Path.LINETO] + [Path.CURVE4] * 3
            y = goal
        points.append((self.boxes[last.box].left, y))
        codes.append(Path.LINETO)
        if link.back:
            points, codes = points[::-1], [Path.MOVETO, *codes[:0:-1]]
        (x, y), sign = points[-1], 1 if link.back else -1
        points[-1] = (x + sign * CLEAR, y)
        return Path(points, codes)

    def _level(self, link: Link, first: Slot, last: Slot) -> Path:
        """From one box to another of its column, through the gap at their right."""
        x = self.columns[first.column][1] + LEAD
        a, b = self._y(link, first), self._y(link, last)
        bulge = x + min(LEAST - 2 * LEAD, 10 + 0.08 * abs(b - a)) * 4 / 3
        begin, end = self.boxes[first.box].right, self.boxes[last.box].right
        points = [(begin, a), (x, a), (bulge, a), (bulge, b), (x, b), (end + CLEAR, b)]
        return Path(points, [Path.MOVETO, Path.LINETO] + [Path.CURVE4] * 3 + [Path.LINETO])


def loop(box: Rect, rank: int) -> Path:
    """Return the path of a loop above its box; each further one lies around those before.

    Args:
        box: where it begins and ends. rank: 0, 1, …
    """
    middle = (box.left + box.right) / 2
    half = min(11.0 + AROUND * rank, (box.right - box.left) / 2 - 4)
    rise = box.top - loop_height(rank) * 4 / 3
    points = [(middle - half, box.top), (middle - half, rise), (middle + half, rise), (middle + half, box.top - CLEAR)]
    return Path(points, [Path.MOVETO] + [Path.CURVE4] * 3)


def loop_height(rank: int) -> float:
    """Return how high the loop with this number rises above its box.

    Args:
        rank: 0, 1, …
    """
    return LOOP + AROUND * rank


def sampled(path: Path, n: int = 24) -> np.ndarray:
    """Return points along a path, [points, 2].

    Args:
        path: of lines and cubic curves. n: points on each piece.
    """
    t = np.linspace(0, 1, n)[:, None]
    found, here = [path.vertices[:1]], path.vertices[0]
    for points, code in path.iter_segments(simplify=False):
        if code == Path.CURVE4:
            a, b, c = points.reshape(3, 2)
            found.append((1 - t) ** 3 * here + 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t**2 * b + t**3 * c)
        elif code == Path.LINETO:
            found.append(here + t * (points - here))
        here = points[-2:]
    return np.concatenate(found)
