"""An answer drawn over the expected one, as SVG that follows the theme of the page: no script, no fixed colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from course_snn.course.contrast import LINES, MAP, SPIKES, Contrast, bins, envelope, limits
from course_snn.language import escaped, html

MOST_BYTES = 8000
WIDTH, LEFT, RIGHT, TOP, GAP = 600, 52, 592, 8, 14  # in units of the drawing, about 1 px
OURS, YOURS = "currentColor", "var(--jp-error-color1,#d32f2f)"
LINE = "var(--jp-border-color1,#9e9e9e)"
LEVELS = 6  # of a map
Bins = list[list[tuple[int, float]]]


def overlay(contrast: Contrast, call: str = "") -> str:
    """Return the picture and its legend as HTML of at most 8 kB for the picture.

    Args:
        contrast: what to draw.
        call: the case it shows, as text; "" where that is told elsewhere.
    """
    if contrast.kind == MAP:
        svg, legend = _map(contrast), _map_legend(_stacked(contrast))
    else:
        svg, legend = _fitting(contrast), _legend(contrast.kind)
    if limits(contrast.want, contrast.got)[2]:
        legend += " " + html("（超出画面的部分截去了）", "(what lies beyond the picture is cut off)")
    if call:
        legend += f"<br>{html('画的是', 'drawn')} <code>{escaped(call)}</code>"
    style = "margin:.5em 0;max-width:600px"
    return f'<div class="course-contrast" style="{style}">{svg}<div style="font-size:.9em">{legend}</div></div>'


def _fitting(contrast: Contrast) -> str:
    """Draw with as many bins as fit into MOST_BYTES."""
    shown = [column for column in range(contrast.want.shape[1]) if contrast.differs[:, column].any()]
    most = 240 // len(shown)
    while len(svg := _series(contrast, shown, most)) > MOST_BYTES:
        most = most * 4 // 5
    return svg


def _series(contrast: Contrast, shown: list[int], most: int) -> str:
    """Draw each trace that differs in a panel of its own, one below the other."""
    height = 120 if len(shown) == 1 else 64
    parts = []
    for number, column in enumerate(shown):
        top = TOP + number * (height + GAP)
        parts.append(_panel(contrast, column, most, top, height))
    bottom = TOP + len(shown) * (height + GAP)
    last = max(len(contrast.want), len(contrast.got)) - 1
    texts = _text(LEFT, bottom, "start", "0") + _text(RIGHT, bottom, "end", str(last))
    return _svg(WIDTH, bottom + 5, "".join(parts) + texts)


def _panel(contrast: Contrast, column: int, most: int, top: int, height: int) -> str:
    want, got = contrast.want[:, column], contrast.got[:, column]
    low, high, _ = limits(want, got)
    length = max(len(want), len(got))
    edges = bins(length, most)
    frame = _Frame(length, low, high, top, height)
    one, other = (envelope(np.clip(values, low, high), edges) for values in (want, got))
    differs = np.add.reduceat(contrast.differs[:, column], edges[:-1]) > 0
    box = f'<path d="M{LEFT} {top}v{height}h{RIGHT - LEFT}" fill="none" stroke="{LINE}"/>'
    if contrast.kind == SPIKES:
        return box + _bands(differs, edges, frame) + _sticks(one, frame, up=True) + _sticks(other, frame, up=False)
    lonely = [bool(a) != bool(b) for a, b in zip(one, other, strict=True)]
    scale = _text(LEFT - 6, top + 9, "end", f"{high:.3g}") + _text(LEFT - 6, top + height, "end", f"{low:.3g}")
    box += scale + _bands(np.array(lonely) & differs, edges, frame)
    if contrast.kind == LINES:
        return box + _between(one, other, frame) + _lines(one, other, frame)
    return box + _points(one, other, frame)


class _Frame:
    """Where an index and a value lie in the drawing."""

    def __init__(self, length: int, low: float, high: float, top: int, height: int) -> None:
        self.step = (RIGHT - LEFT - 16) / max(length - 1, 1)
        self.low, self.per_unit = low, (height - 8) / (high - low)
        self.top, self.height = top, height

    def x(self, index: float) -> int:
        return round(LEFT + 8 + index * self.step)

    def y(self, value: float) -> int:
        return round(self.top + self.height - 4 - (value - self.low) * self.per_unit)

    def at(self, index: int, value: float) -> tuple[int, int]:
        return self.x(index), self.y(value)


def _bands(marked: np.ndarray, edges: np.ndarray, frame: _Frame) -> str:
    """Shade the bins in which the two differ, from half a step before to half a step after."""
    parts = []
    for start, end in _runs(marked):
        x, right = frame.x(edges[start] - 0.5), frame.x(edges[end] - 0.5)
        parts.append(f"M{x} {frame.top}h{max(right - x, 1)}v{frame.height}H{x}z")
    return f'<path d="{"".join(parts)}" fill="{YOURS}" fill-opacity=".18"/>' if parts else ""


def _between(one: Bins, other: Bins, frame: _Frame) -> str:
    """Shade what lies between two lines, where both are known."""
    known = np.array([bool(a) and bool(b) for a, b in zip(one, other, strict=True)])
    parts = []
    for start, end in _runs(known):
        there = [frame.at(*point) for part in one[start:end] for point in part]
        back = [frame.at(*point) for part in other[start:end] for point in part]
        parts.append(_path(there + back[::-1]) + "z")
    return f'<path d="{"".join(parts)}" fill="{YOURS}" fill-opacity=".18"/>' if parts else ""


def _lines(one: Bins, other: Bins, frame: _Frame) -> str:
    ends = 'fill="none" stroke-linejoin="round" stroke-linecap="round"'
    ours = f'<path class="ours" d="{_traced(one, frame)}" stroke="{OURS}" stroke-width="1.6" {ends}/>'
    dashes = 'stroke-width="2" stroke-dasharray="6 4"'
    return ours + f'<path class="yours" d="{_traced(other, frame)}" stroke="{YOURS}" {dashes} {ends}/>'


def _traced(line: Bins, frame: _Frame) -> str:
    """A line with gaps where nothing is known; a single point is a dot."""
    parts = []
    for start, end in _runs(np.array([bool(part) for part in line])):
        points = [frame.at(*point) for part in line[start:end] for point in part]
        parts.append(_path(points if len(points) > 1 else points * 2))
    return "".join(parts)


def _points(one: Bins, other: Bins, frame: _Frame) -> str:
    rings = "".join("M{} {}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0".format(*frame.at(*point)) for b in one for point in b)
    crosses = "".join("M{} {}m-3-3l6 6m-6 0l6-6".format(*frame.at(*point)) for b in other for point in b)
    ours = f'<path class="ours" d="{rings}" fill="none" stroke="{OURS}" stroke-width="1.6"/>'
    return ours + f'<path class="yours" d="{crosses}" fill="none" stroke="{YOURS}" stroke-width="2"/>'


def _sticks(line: Bins, frame: _Frame, up: bool) -> str:
    """Spikes as sticks: the expected ones above the middle, the answer's below, dashed."""
    middle, length = frame.top + frame.height // 2, frame.height // 2 - 6
    ends = [(x, -length if up else length) for b in line for index, v in b if v > 0 for x in [frame.x(index)]]
    d = "".join(f"M{x} {middle}v{to}" for x, to in dict.fromkeys(ends))
    name, colour, dash = ("ours", OURS, "") if up else ("yours", YOURS, ' stroke-dasharray="5 3"')
    base = f'<path d="M{LEFT} {middle}H{RIGHT}" stroke="{LINE}"/>' if up else ""
    return base + f'<path class="{name}" d="{d}" stroke="{colour}" stroke-width="2"{dash}/>'


def _path(points: Iterable[tuple[int, int]]) -> str:
    """A line through points, in steps from one to the next: shorter, and exact in whole numbers."""
    (x, y), *rest = points
    parts = [f"M{x} {y}"]
    for to_x, to_y in rest:
        dx, dy = to_x - x, to_y - y
        parts.append(f"l{dx}{'' if dy < 0 else ' '}{dy}")
        x, y = to_x, to_y
    return "".join(parts)


def _runs(marked: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of True."""
    changes = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(int), [0]])))
    yield from zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True)


def _map(contrast: Contrast) -> str:
    """Draw the two maps side by side, or a wide one above the other; darker where more, framed where they differ."""
    rows, columns = contrast.want.shape
    low, high, _ = limits(contrast.want, contrast.got)
    across = 590 if _stacked(contrast) else 280
    cell = max(2, min(24, across // columns, 240 // rows))
    width, height = columns * cell + 2, rows * cell + 2
    x, y = (0, height + 12) if _stacked(contrast) else (width + 30, 0)
    parts = [
        _cells(contrast.want, low, high, cell, (0, 0), "ours"),
        _cells(contrast.got, low, high, cell, (x, y), "yours"),
        _framed(contrast.differs, cell, (x, y)),
    ]
    return _svg(x + width, y + height, "".join(parts))


def _stacked(contrast: Contrast) -> bool:
    return contrast.want.shape[1] > 24


def _placed(corner: tuple[int, int], cell: int) -> str:
    return f'transform="translate({corner[0] + 1} {corner[1] + 1})scale({cell})"'


def _cells(values: np.ndarray, low: float, high: float, cell: int, corner: tuple[int, int], name: str) -> str:
    """One map: a path for each level, its cells joined where they touch in a row."""
    rows, columns = values.shape
    level = np.clip((np.clip(values, low, high) - low) / (high - low) * LEVELS, 0, LEVELS)
    level = np.where(np.isnan(values), 0, level).round().astype(int)
    parts = []
    for number in range(1, LEVELS + 1):
        runs = [(r, run) for r in range(rows) for run in _runs(level[r] == number)]
        if d := "".join(f"M{start} {r}.5h{end - start}" for r, (start, end) in runs):
            parts.append(f'<path data-level="{number}" d="{d}" opacity="{0.15 * number:.2g}"/>')
    if missing := "".join(f"M{c}.2 {r}.2l.6.6m-.6 0l.6-.6" for r, c in np.argwhere(np.isnan(values))):
        parts.append(f'<path d="{missing}" stroke="{YOURS}" stroke-width=".15"/>')
    x, y = corner
    box = f'<rect x="{x}.5" y="{y}.5" width="{columns * cell + 1}" height="{rows * cell + 1}" fill="none"'
    return f'<g class="{name}" {_placed(corner, cell)} stroke="{OURS}">{"".join(parts)}</g>{box} stroke="{LINE}"/>'


def _framed(differs: np.ndarray, cell: int, corner: tuple[int, int]) -> str:
    """A line round the cells that differ: wherever one that does lies beside one that does not."""
    edge = np.pad(differs, 1).astype(int)
    across, down = np.diff(edge, axis=0)[:, 1:-1] != 0, np.diff(edge, axis=1)[1:-1].T != 0
    d = "".join(f"M{start} {r}h{end - start}" for r in range(len(across)) for start, end in _runs(across[r]))
    d += "".join(f"M{c} {start}v{end - start}" for c in range(len(down)) for start, end in _runs(down[c]))
    look = f'stroke="{YOURS}" stroke-width="{2.5 / cell:.2g}" stroke-dasharray="{5 / cell:.2g} {2 / cell:.2g}"'
    return f'<path class="differs" {_placed(corner, cell)} d="{d}" fill="none" {look}/>'


def _svg(width: int, height: int, content: str) -> str:
    label = "应为与得到的图 · expected and got, drawn"
    size = f'viewBox="0 0 {width} {height}" style="width:100%;max-width:{width}px;height:auto;display:block"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" {size}>{content}</svg>'


def _text(x: int, y: int, anchor: str, text: str) -> str:
    where = f'x="{x}" y="{y}" text-anchor="{anchor}"'
    return f'<text {where} font-size="11" fill="currentColor">{text}</text>'


def _legend(kind: str) -> str:
    """Samples of both lines, with the words of the table above the picture."""
    marks = {
        LINES: ("M1 6H27", "M1 6H27"),
        SPIKES: ("M8 11V1M20 11V1", "M8 1V11M20 1V11"),
    }.get(kind, ("M10 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0", "M11 3l6 6m-6 0l6-6"))
    dash = {LINES: "6 4", SPIKES: "5 3"}.get(kind)
    return (
        f"{_sample(marks[0], OURS, None)} {html('应为', 'expected')} &emsp; "
        f"{_sample(marks[1], YOURS, dash)} {html('得到', 'got')}"
    )


def _sample(d: str, colour: str, dash: str | None) -> str:
    more = f' stroke-dasharray="{dash}"' if dash else ""
    line = f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="2"{more}/>'
    return f'<svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true">{line}</svg>'


def _map_legend(stacked: bool) -> str:
    if stacked:
        return html("上：应为；下：得到，框出的是不同的地方", "above: expected; below: got, framed where it differs")
    return html("左：应为；右：得到，框出的是不同的地方", "left: expected; right: got, framed where it differs")
