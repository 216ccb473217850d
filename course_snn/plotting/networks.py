"""The graph of a network: groups in columns, connections between them; and two graphs, before and after a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path

from course_snn.figure import GREY, INK
from course_snn.language import tr
from course_snn.plotting import _symbols as draw
from course_snn.plotting._common import new_axes
from course_snn.plotting._key import key
from course_snn.plotting._layers import Layers, Slot
from course_snn.plotting._routes import STEP, Rect, Routes, loop_height, sampled
from course_snn.plotting._symbols import MIDDLE, SMALL, sign, text_width, write

NODE = {"name": None, "kind": "group", "num": None, "model": "", "column": 0, "hidden": False, "watched": (),
        "spikes": None}  # fmt: skip
EDGE = {"name": None, "pre": None, "post": None, "delay": 1, "link": "full", "mean": 0.0, "size": 0.0,
        "hidden": False, "watched": ()}  # fmt: skip
LINE, BETWEEN = 11.0, 60.0  # from line to line in a box; between two graphs
NARROWEST, WIDE = 46.0, 90.0  # of a box; groups are as wide as each other if none is wider than that
MARGIN, LARGEST, WIDEST = 6.0, 1.15, 1000.0  # points; times its size on the page; points of a new figure


class _Graph:
    """What is drawn of one network: data, spikes by name, marks by name or number of edge, a title."""

    def __init__(self, data: dict, seen: dict[str, float], marks: dict | None = None, title: str | None = None) -> None:
        self.nodes, self.edges = data["nodes"], data["edges"]
        self.seen, self.marks, self.title = seen, marks or {}, title
        self.drawing = _arranged(self)

    def lines(self, node: dict[str, Any]) -> list[str]:
        """The lines of text in a box."""
        second = " · ".join(str(word) for word in (node["num"], node["model"]) if word not in (None, ""))
        third = [f"{self.seen[node['name']]:.3g}"] if node["name"] in self.seen else []
        return [node["name"].rpartition(".")[2], *([second] if second else []), *third]


def graph(net: Any, spikes: bool | Mapping[str, float] = False, weights: bool = False, ax: Axes | None = None) -> Axes:
    """Draw the graph of a network: boxes for groups, frames for assemblies, arrows for connections.

    From left to right as spikes travel; what leads back to the left, or from a group to itself, closes a loop. Blue
    arrows excite, orange bars inhibit, grey arrows do both; d is the delay in steps, where it is not 1. Hidden parts
    are dashed, small tags name what monitors record.

    Args:
        net: a network or assembly (anything with ``graph()``), or what that returns: a dict of "nodes" (name, kind
            "encoder", "group" or "decoder", num, model, column, hidden, watched, spikes) and "edges" (pre, post, delay,
            mean and size: the means of w and ``|w|``, hidden, watched), each a dict; a node needs a name, an edge its
            ends.
        spikes: colour groups by their spikes per neuron: True, those of the last run; or a dict by name.
        weights: draw connections the wider the larger the mean of their ``|w|``.

    Raises:
        TypeError, ValueError: no such data, no nodes, ends that are no nodes, no run yet.
    """
    data = _read(net)
    return _draw([_Graph(data, _spikes(data["nodes"], spikes))], weights, ax)


def graphs(before: Any, after: Any, ax: Axes | None = None) -> Axes:
    """Draw the graphs of a network before and after a change, and mark what is gone and what is new, by name.

    Args:
        before, after: as in ``graph``; take ``net.graph()`` before you change the network.
    """
    first, second = _read(before), _read(after)
    gone, new = _compared(first, second, "gone"), _compared(second, first, "new")
    found = [_Graph(first, {}, gone, tr("之前", "before")), _Graph(second, {}, new, tr("之后", "after"))]
    return _draw(found, False, ax)


# ---------------------------------------------------------------- reading


def _read(net: Any) -> dict[str, list[dict[str, Any]]]:
    data = net.graph() if hasattr(net, "graph") else net
    if not isinstance(data, Mapping) or not {"nodes", "edges"} <= set(data):
        raise TypeError(f"give a network, or a dict of 'nodes' and 'edges' as net.graph() returns; got {type(net)}")
    nodes = [_filled("node", row, NODE) for row in data["nodes"]]
    edges = [_filled("edge", row, EDGE) for row in data["edges"]]
    names = {node["name"] for node in nodes}
    if not nodes or len(names) < len(nodes) or None in names:
        raise ValueError("a graph needs nodes, and each a name of its own")
    if lost := [edge[end] for edge in edges for end in ("pre", "post") if edge[end] not in names]:
        raise ValueError(f"an edge ends at {lost[0]!r}, but the nodes are {', '.join(sorted(names))}")
    order = {column: i for i, column in enumerate(sorted({node["column"] for node in nodes}))}
    for node in nodes:
        node["column"] = order[node["column"]]
    return {"nodes": nodes, "edges": edges}


def _filled(what: str, row: Mapping[str, Any], model: dict[str, Any]) -> dict[str, Any]:
    if wrong := set(row) - set(model):
        raise ValueError(f"{what} {row} has {min(wrong)!r}, which is none of {', '.join(model)}")
    return {**model, **row}


def _compared(here: dict, there: dict, mark: str) -> dict[Any, str]:
    """What is only here, by name; and what has another size or model there."""
    others = {node["name"]: node for node in there["nodes"]}
    marks: dict[Any, str] = {}
    for node in here["nodes"]:
        other = others.get(node["name"])
        if other is None:
            marks[node["name"]] = mark
        elif any(node[word] != other[word] for word in ("kind", "num", "model")):
            marks[node["name"]] = "changed"
    ends = {(edge["name"], edge["pre"], edge["post"]) for edge in there["edges"]}
    for i, edge in enumerate(here["edges"]):
        if (edge["name"], edge["pre"], edge["post"]) not in ends:
            marks[i] = mark
    return marks


def _spikes(nodes: Sequence[dict[str, Any]], spikes: bool | Mapping[str, float]) -> dict[str, float]:
    if isinstance(spikes, Mapping):
        names = [node["name"] for node in nodes]
        if wrong := set(spikes) - set(names):
            raise ValueError(f"spikes names {min(wrong)!r}, but the nodes are {', '.join(names)}")
        return {name: float(value) for name, value in spikes.items()}
    found = {node["name"]: node["spikes"] for node in nodes if node["spikes"] is not None}
    if spikes and not found:
        raise ValueError("there are no spikes yet: run the network first, or give a dict of spikes per neuron by name")
    return found if spikes else {}


# ---------------------------------------------------------------- drawing


def _arranged(graph: _Graph) -> Routes:
    loops = [(i, edge["pre"]) for i, edge in enumerate(graph.edges) if edge["pre"] == edge["post"]]
    column = {node["name"]: node["column"] for node in graph.nodes}
    sides: Counter[tuple[str, bool]] = Counter()
    for edge in graph.edges:
        for end, other in ((edge["pre"], edge["post"]), (edge["post"], edge["pre"])):
            sides[end, column[other] < column[end]] += edge["pre"] != edge["post"]
    slots, widths = {}, {}
    for node in graph.nodes:
        name, texts = node["name"], graph.lines(node)
        turns = sum(other == name for _, other in loops)
        height = max(14 + LINE * len(texts), STEP * (max(sides[name, True], sides[name, False]) - 1) + 14)
        above = loop_height(turns - 1) + 4 if turns else 0.0
        slots[name] = Slot(node["column"], height, above, 6.0 if node["watched"] else 0.0, name)
        widths[name] = max(NARROWEST, 16 + max(text_width(t, SMALL if i else MIDDLE) for i, t in enumerate(texts)))
    groups = [node["name"] for node in graph.nodes if node["kind"] == "group"]
    common = max([widths[name] for name in groups], default=0.0)
    widths |= dict.fromkeys(groups, common) if common < WIDE else {}
    ways = [(i, edge["pre"], edge["post"]) for i, edge in enumerate(graph.edges)]
    return Routes(Layers(slots, ways), widths, loops)


def _draw(graphs: list[_Graph], weights: bool, ax: Axes | None) -> Axes:
    most = max([value for graph in graphs for value in graph.seen.values()], default=None)
    entries = key(graphs, most, weights)
    head = 20.0 if graphs[0].title is not None else 0.0
    wide = sum(graph.drawing.width for graph in graphs) + BETWEEN * (len(graphs) - 1)
    tall = head + max(graph.drawing.height for graph in graphs)
    ax, scale = _page(ax, max(wide, entries.width), tall + entries.height)
    x = max(0.0, entries.width - wide) / 2
    for graph in graphs:
        if graph.title is not None:
            write(ax, x, 4, graph.title, 10.0, ha="left")
        _Pen(ax, graph, (x, head), most, scale).draw(weights)
        x += graph.drawing.width + BETWEEN
    entries.draw(ax, max(0.0, wide - entries.width) / 2, tall, scale)
    return ax


def _page(ax: Axes | None, width: float, height: float) -> tuple[Axes, float]:
    """Axes that show so many points; and how large a point is there."""
    width, height = width + 2 * MARGIN, height + 2 * MARGIN
    if ax is None:
        shrink = min(1.0, WIDEST / width)
        ax = new_axes(None, height * shrink / 72 + 0.1, width * shrink / 72 + 0.1)
    box = ax.get_window_extent().transformed(ax.get_figure(root=True).dpi_scale_trans.inverted())
    scale = min(LARGEST, 72 * box.width / width, 72 * box.height / height)
    wider, higher = max(width, 72 * box.width / LARGEST), max(height, 72 * box.height / LARGEST)
    ax.set_axis_off()
    ax.set_aspect("equal")
    ax.set_xlim(-MARGIN - (wider - width) / 2, width - MARGIN + (wider - width) / 2)
    ax.set_ylim(height - MARGIN + (higher - height) / 2, -MARGIN - (higher - height) / 2)
    return ax, scale


class _Pen:
    """Draws one graph, its upper left corner at a place of the page."""

    def __init__(self, ax: Axes, graph: _Graph, corner: tuple[float, float], most: float | None, scale: float) -> None:
        self.ax, self.graph, self.corner, self.most, self.scale = ax, graph, np.array(corner), most, scale
        self.taken = [self._moved(rect) for rect in graph.drawing.boxes.values()]

    def _moved(self, rect: Rect) -> Rect:
        return Rect(*(np.array(rect).reshape(2, 2) + self.corner).ravel().tolist())

    def draw(self, weights: bool) -> None:
        """Draw frames, boxes and edges."""
        hidden = {node["name"]: node["hidden"] for node in self.graph.nodes}
        for depth, (name, rect) in enumerate(sorted(self.graph.drawing.frames.items())):
            inside = [gone for inner, gone in hidden.items() if inner.startswith(f"{name}.")]
            said = name.rpartition(".")[2]
            draw.frame(self.ax, self._moved(rect), said, all(inside), depth, self.scale).set_gid(f"frame {name}")
        for node in self.graph.nodes:
            self._node(node, self._moved(self.graph.drawing.boxes[node["name"]]))
        largest = max((edge["size"] for edge in self.graph.edges), default=0.0) or 1.0
        for i, edge in enumerate(self.graph.edges):
            width = 0.7 + 2.3 * edge["size"] / largest if weights else 1.2
            self._edge(i, edge, 0.9 if edge["hidden"] else width)

    def _node(self, node: dict[str, Any], rect: Rect) -> None:
        name, kind, seen = node["name"], node["kind"], self.graph.seen
        if name in self.graph.marks:
            corners = [rect[:2], (rect.right, rect.top), rect[2:], (rect.left, rect.bottom), rect[:2]]
            halo = draw.halo(self.ax, Path(corners, closed=True), self.graph.marks[name], self.scale)
            halo.set_gid(f"{self.graph.marks[name]} {name}")
        face = draw.HEAT(seen[name] / self.most if self.most else 0.0) if name in seen else draw.FACES[kind]
        draw.box(self.ax, rect, kind, face, node["hidden"], self.scale).set_gid(f"box {name}")
        texts, x, y = self.graph.lines(node), (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
        x += {"encoder": 2.0, "decoder": -2.0}.get(kind, 0.0)  # beside the band
        for i, text in enumerate(texts):
            at = y + LINE * (i - (len(texts) - 1) / 2)
            write(self.ax, x, at, text, SMALL if i else MIDDLE, color=GREY if node["hidden"] else INK)
        if node["watched"]:
            text = " ".join(node["watched"])
            draw.tag(self.ax, rect.right - text_width(text, draw.TAG) / 2 - 8, rect.bottom, text)

    def _edge(self, i: int, edge: dict[str, Any], width: float) -> None:
        path = self.graph.drawing.paths[i]
        path, name = Path(path.vertices + self.corner, path.codes), f"{i} {edge['pre']} {edge['post']}"
        if i in self.graph.marks:
            draw.halo(self.ax, path, self.graph.marks[i], self.scale).set_gid(f"{self.graph.marks[i]} {name}")
        draw.arrow(self.ax, path, sign(edge), edge["hidden"], width, self.scale).set_gid(f"edge {name}")
        text = " ".join([*([f"d={edge['delay']}"] if edge["delay"] != 1 else []), *edge["watched"]])
        if text:
            turns = [other["post"] for other in self.graph.edges if other["pre"] == other["post"]]
            self._say(path, text, edge["watched"], turns.count(edge["pre"]) == 1 and edge["pre"] == edge["post"])

    def _say(self, path: Path, text: str, watched: Sequence[str], beside: bool) -> None:
        """Write what there is to say of an edge on its line, near its middle, where nothing else stands; or beside."""
        half = text_width(text, draw.TAG if watched else SMALL) / 2 + 2
        points = sampled(path)
        order = sorted(range(2, len(points) - 2), key=lambda k: abs(2 * k - len(points)))
        places = [Rect(x - half, y - 4.5, x + half, y + 4.5) for x, y in points[order]]
        if beside:
            (left, top), right = points.min(0), points[:, 0].max()
            places[:0] = [Rect(x, top - 2, x + 2 * half, top + 7) for x in (right, left - 2 * half)]
        place = next((rect for rect in places if self._free(rect)), places[-len(order)])
        self.taken.append(place)
        x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        if watched:
            draw.tag(self.ax, x, y, text)
        else:
            page = {"facecolor": "white", "edgecolor": "none", "boxstyle": "square,pad=0.05"}
            write(self.ax, x, y, text, SMALL, bbox=page)

    def _free(self, rect: Rect) -> bool:
        page = self._moved(Rect(0.0, 0.0, self.graph.drawing.width, self.graph.drawing.height))
        return page.left <= rect.left and rect.right <= page.right and not any(_meet(rect, o) for o in self.taken)


def _meet(a: Rect, b: Rect) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
