"""Where things stand in a drawing of a graph: boxes in columns, frames around them, bends where edges pass a column.

The way of Sugiyama, Tagawa and Toda 1981: every edge becomes a chain from column to column, with a bend in each column
that it passes; bends take room as boxes do, so that no edge runs through a box. Then an order in which few edges cross,
by moving everything to the mean of its neighbours, column by column, and at last by swapping what lies side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from course_snn.plotting._rows import Extent, rows

BEND = 2.0  # the room of an edge that passes, in points
SWEEPS = 8
PATIENCE = 60_000  # swaps times edges: a larger graph stays as the sweeps left it


@dataclass(eq=False)
class Slot:
    """What takes room in one column: a box, or the bend of an edge that passes."""

    column: int
    height: float = BEND
    above: float = 0.0  # room for loops over the box, in points
    below: float = 0.0
    box: Any = None

    @property
    def lo(self) -> int:
        return self.column

    hi = lo


@dataclass(eq=False)
class Frame:
    """What stands in one assembly, from top to bottom; the outermost has no name."""

    name: str
    inside: list[Any] = field(default_factory=list)
    lo: int = 0
    hi: int = 0


@dataclass(eq=False)
class Link:
    """An edge as a chain of slots from left to right; ``back``: it leads from right to left."""

    edge: Any
    chain: list[Slot]
    back: bool = False


class Layers:
    """The columns of a graph.

    Args:
        boxes: slots by the name of what stands there; "a.b" stands in the frame "a".
        edges: triples (edge, name of its begin, name of its end); loops are left out.
    """

    def __init__(self, boxes: dict[str, Slot], edges: Sequence[tuple[Any, str, str]]) -> None:
        self.boxes = boxes
        self.frames = {"": Frame("")}
        self.parent: dict[Any, Frame] = {}
        for name, slot in boxes.items():
            self._put(slot, name.rpartition(".")[0])
        self._span(self.frames[""])
        self.links = [self._link(*each) for each in edges if each[1] != each[2]]
        self.segments = [pair for link in self.links for pair in pairwise(link.chain)]
        self.y: dict[Any, float] = {}
        self.extents: dict[Frame, Extent] = {}
        self._sort()

    # ------------------------------------------------------------ what there is

    def _put(self, part: Any, within: str) -> None:
        if within not in self.frames:
            self.frames[within] = Frame(within)
            self._put(self.frames[within], within.rpartition(".")[0])
        self.parent[part] = self.frames[within]
        self.frames[within].inside.append(part)

    def _span(self, frame: Frame) -> None:
        for part in frame.inside:
            if isinstance(part, Frame):
                self._span(part)
        frame.lo, frame.hi = min(p.lo for p in frame.inside), max(p.hi for p in frame.inside)

    def _link(self, edge: Any, pre: str, post: str) -> Link:
        left, right = self.boxes[pre], self.boxes[post]
        back = left.column > right.column
        if back:
            left, right = right, left
        chain = [left]
        for column in range(left.column + 1, right.column):
            bend = Slot(column)
            self.parent[bend] = self._home(left, right, column)
            self.parent[bend].inside.append(bend)
            chain.append(bend)
        return Link(edge, [*chain, right], back)

    def _home(self, left: Slot, right: Slot, column: int) -> Frame:
        """The innermost frame around an end that reaches to this column."""
        around = [frame for end in (left, right) for frame in self.lineage(end)[1:] if frame.lo <= column <= frame.hi]
        return max(around, key=lambda frame: len(self.lineage(frame)))

    def lineage(self, part: Any) -> list[Any]:
        """Return a slot or frame and the frames around it, from the inside."""
        found = [part]
        while found[-1] in self.parent:
            found.append(self.parent[found[-1]])
        return found

    # ------------------------------------------------------------ the order

    def _sort(self) -> None:
        self._stack(self.frames[""], 0.0)
        best, order = None, {}
        for sweep in range(SWEEPS):
            for frame, inside in self._wanted(("left", "right", "both")[sweep % 3]).items():
                frame.inside = inside
            length = self.settle()
            score = (self.crossings(), length)
            if best is None or score < best:
                best, order = score, {frame: list(frame.inside) for frame in self.frames.values()}
        for frame, inside in order.items():
            frame.inside = inside
        self._swap()
        self.settle()

    def settle(self, ports: dict[tuple[Any, Slot], float] | None = None) -> float:
        """Give everything its height on the page, and return how long the edges are.

        Args:
            ports: how far from the middle of a box an edge ends there.
        """
        chains = [(link, link.chain) for link in self.links]
        self.y, self.extents, length = rows(self.frames[""], chains, ports or {})
        return length

    def _wanted(self, side: str) -> dict[Frame, list[Any]]:
        """What stands in each frame, sorted by the mean height of its neighbours at one side."""
        pulls = defaultdict(list)
        lines = {slot: self.lineage(slot) for slot in self.y}
        for left, right in self.segments:
            for here, there, where in ((right, left, "left"), (left, right, "right")):
                if side in (where, "both") or left.column == right.column:
                    for part in lines[here]:
                        if part not in lines[there]:
                            pulls[part].append(self.y[there])
        key = {part: float(np.mean(pulls[part] or self._heights(part))) for part in self.parent}
        return {frame: sorted(frame.inside, key=key.__getitem__) for frame in self.frames.values()}

    def _heights(self, part: Any) -> list[float]:
        return [self.y[part]] if isinstance(part, Slot) else [y for p in part.inside for y in self._heights(p)]

    def _stack(self, frame: Frame, top: float) -> float:
        """Put what stands in a frame as high as it goes, in its order; return where the frame ends."""
        ends = dict.fromkeys(range(frame.lo, frame.hi + 1), top)
        for part in frame.inside:
            columns = range(part.lo, part.hi + 1)
            start = max(ends[c] for c in columns)
            if isinstance(part, Slot):
                self.y[part], end = start + part.height / 2, start + part.height
            else:
                end = self._stack(part, start)
            ends.update(dict.fromkeys(columns, end))
        return max(ends.values())

    def crossings(self) -> int:
        """Return how often edges cross between two columns."""
        gaps = defaultdict(list)
        for left, right in self.segments:
            if left.column != right.column:
                gaps[left.column].append((self.y[left], self.y[right]))
        total = 0
        for pairs in gaps.values():
            a, b = np.array(pairs).T
            total += int((np.subtract.outer(a, a) * np.subtract.outer(b, b) < 0).sum()) // 2
        return total

    def _swap(self) -> None:
        self._stack(self.frames[""], 0.0)
        least, tries = self.crossings(), PATIENCE // max(len(self.segments), 1)
        better = True
        while better and least and tries > 0:
            better = False
            for frame, i in self._neighbours():
                tries -= 1
                inside = frame.inside
                inside[i], inside[i + 1] = inside[i + 1], inside[i]
                self._stack(self.frames[""], 0.0)
                now = self.crossings()
                if now < least:
                    least, better = now, True
                else:
                    inside[i], inside[i + 1] = inside[i + 1], inside[i]

    def _neighbours(self) -> Iterator[tuple[Frame, int]]:
        for frame in self.frames.values():
            for i, (a, b) in enumerate(pairwise(list(frame.inside))):
                if a.lo <= b.hi and b.lo <= a.hi:
                    yield frame, i
