"""Graphs of networks: whatever is connected with whatever, nothing lies upon anything, and all of it is there."""

import functools
import random
from itertools import combinations, pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text
from together import each_of

from course_snn import figure, language, plotting
from course_snn.figure import GREY
from course_snn.language import Label
from course_snn.plotting._symbols import LINES


@pytest.fixture(autouse=True)
def _fresh(course_style, monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def data(edges, **more):
    """A graph of groups by their names: "a>b" is an edge; the columns are given by ``more``, by default in order."""
    pairs = [edge.split(">") for edge in edges.split()]
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    nodes = [{"name": name, "num": 10, "model": "lif", "column": i} for i, name in enumerate(names)]
    return {"nodes": [{**node, **more.get(node["name"], {})} for node in nodes],
            "edges": [{"pre": pre, "post": post} for pre, post in pairs]}  # fmt: skip


def at_random(seed, n=40, extra=25):
    """Groups in nested assemblies, in columns at random, connected as it comes: loops, back, within a column, twice."""
    rng = random.Random(seed)
    homes = ["", "", "x.", "y.", "y.z."]
    nodes = [
        {"name": f"{rng.choice(homes)}g{i}", "num": rng.randint(1, 2000), "model": rng.choice(["lif", "mine_too"]),
         "kind": rng.choice(["group"] * 5 + ["encoder", "decoder"]), "column": rng.randint(0, 7),
         "hidden": rng.random() < 0.1, "watched": rng.choice([[], [], ["v"], ["v", "O"]])}
        for i in range(n)
    ]  # fmt: skip
    ends = [(nodes[rng.randrange(i)]["name"], nodes[i]["name"]) for i in range(1, n)]
    ends += [tuple(rng.choice(nodes)["name"] for _ in range(2)) for _ in range(extra)]
    ends += [(node["name"], node["name"]) for node in rng.sample(nodes, 4) for _ in range(rng.randint(1, 3))]
    edges = [{"pre": a, "post": b, "delay": rng.choice([0, 1, 1, 2, 12]), "mean": rng.choice([-1, 0, 1]), "size": 1.0,
              "watched": rng.choice([[]] * 8 + [["weight"]])} for a, b in ends]  # fmt: skip
    return {"nodes": nodes, "edges": edges}


GRAPHS = {
    "one": {"nodes": [{"name": "a"}], "edges": []},
    "chain": data("a>b b>c c>d a>d"),
    "loop of two": data("a>b b>a"),
    "to itself": data("a>a a>a a>b b>b"),
    "parallel": data("a>b a>b a>b b>a b>a a>c a>c c>a"),
    "one column": data("a>b b>a a>c c>a b>c", b={"column": 0}, c={"column": 0}),
    "nested": data("in>x.a x.a>x.y.b x.y.b>out in>out out>x.a in>side side>out x.y.b>x.y.b"),
    "long names": data("a_rather_long_name_for_a_group>b b>另一个名字很长的神经元群"),
    "fan": data("a>b a>c a>d a>e a>f b>g c>g d>g e>g f>g", **{name: {"column": 1} for name in "bcdef"}),
    **{f"forty, {seed}": at_random(seed) for seed in range(3)},
}  # fmt: skip


def extents(ax, what):
    """The rectangles of boxes or frames on the page by name, in pixels."""
    found = {patch.get_gid().partition(" ")[2]: patch for patch in called(ax, what)}
    return {name: p.get_path().transformed(p.get_transform()).get_extents() for name, p in found.items()}


def called(ax, what):
    return [patch for patch in ax.patches if (patch.get_gid() or "").startswith(f"{what} ")]


def ways(ax):
    """The lines of all edges on the page without their heads: (pre, post, points in pixels)."""
    found = []
    for patch in called(ax, "edge"):
        _, _, pre, post = patch.get_gid().split(" ")
        [line, *_] = patch.get_path().to_polygons(closed_only=False)
        found.append((pre, post, ax.transData.transform(np.array([*along(line)]))))
    return found


def along(line):
    for a, b in pairwise(line):
        yield from a + np.linspace(0, 1, 8)[:, None] * (b - a)


def inside(box, points, edge=0.5):
    x, y = points.T
    return (x > box.x0 + edge) & (x < box.x1 - edge) & (y > box.y0 + edge) & (y < box.y1 - edge)


def meet(a, b, slack=0.0):
    x, y = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return x > slack and y > slack


def within(small, large, slack=0.5):
    return (small.x0 >= large.x0 - slack and small.x1 <= large.x1 + slack
            and small.y0 >= large.y0 - slack and small.y1 <= large.y1 + slack)  # fmt: skip


def drawn(graph, ax=None, **options):
    ax = plotting.graph(graph, ax=ax, **options)
    ax.figure.canvas.draw()
    plt.close(ax.figure)
    return ax


@functools.cache
def seen(name, size=None):
    return drawn(GRAPHS[name], None if size is None else plt.subplots(figsize=size)[1])


@each_of("name", GRAPHS)
def test_no_box_lies_upon_another_and_no_edge_runs_through_one(name):
    ax = seen(name)
    boxes, edges = extents(ax, "box"), ways(ax)
    assert set(boxes) == {node["name"] for node in GRAPHS[name]["nodes"]}
    assert len(edges) == len(GRAPHS[name]["edges"])
    assert not [pair for pair in combinations(boxes, 2) if meet(boxes[pair[0]], boxes[pair[1]])]
    for pre, post, line in edges:
        assert not [other for other, box in boxes.items() if inside(box, line).any()], (pre, post)


@each_of("name", GRAPHS)
def test_an_edge_leads_from_the_border_of_one_box_to_that_of_the_other(name):
    ax = seen(name)
    boxes = extents(ax, "box")
    point = ax.transData.transform([(1, 0)])[0, 0] - ax.transData.transform([(0, 0)])[0, 0]
    for pre, post, line in ways(ax):
        for name_, end in ((pre, line[0]), (post, line[-1])):
            box = boxes[name_]
            apart = np.maximum(np.maximum([box.x0, box.y0] - end, end - [box.x1, box.y1]), 0).max()
            assert apart < 7 * point, (pre, post)  # a head is part of the way


@each_of("name", GRAPHS)
@each_of("size", [None, (3.0, 2.0)])
def test_every_text_lies_in_its_box_and_all_on_the_page(name, size):
    ax = seen(name, size)
    boxes = extents(ax, "box")
    texts = [(text.get_text(), text.get_window_extent()) for text in ax.texts]
    page = ax.get_window_extent()
    assert not [said for said, box in texts if not within(box, page, 1.0)]
    for name_, box in boxes.items():
        said = [text for text, extent in texts if within(extent, box)]
        assert said and said[0] == name_.rpartition(".")[2]
        upon = {text for text, extent in texts if meet(extent, box, 1.5) and not within(extent, box, 1.5)}
        assert {word for text in upon for word in text.split()} <= {"v", "O"}  # monitors' tags stand on the border


@each_of("name", [name for name in GRAPHS if name.startswith(("nested", "forty"))])
def test_a_frame_holds_what_is_in_its_assembly_and_nothing_else(name):
    ax = seen(name)
    boxes, frames = extents(ax, "box"), extents(ax, "frame")
    assert set(frames) == {n[:i] for n in boxes for i in range(len(n)) if n[i] == "."}
    for frame, rect in frames.items():
        for other, box in {**boxes, **frames}.items():
            if other.startswith(f"{frame}."):
                assert within(box, rect), (other, frame)
            elif not f"{frame}.".startswith(f"{other}."):
                assert not meet(box, rect), (other, frame)


def test_parallel_edges_lie_side_by_side():
    lines = ways(seen("parallel"))
    for (a, b, one), (c, d, other) in combinations(lines, 2):
        if {a, b} == {c, d}:
            gap = np.abs(one[:, None] - other).sum(-1).min()
            assert gap > 4, (a, b)


def test_what_is_written_on_edges_can_be_read():
    graph = data("a>b a>b a>b b>a a>a b>b b>b")
    for edge in graph["edges"]:
        edge["delay"] = 12
    said = [text.get_window_extent() for text in drawn(graph).texts if text.get_text() == "d=12"]
    assert len(said) == 7 and not [pair for pair in combinations(said, 2) if meet(*pair, 1.0)]


def arrows(ax):
    return called(ax, "edge")


def test_signs_differ_in_colour_and_head_and_hidden_is_dashed():
    graph = data("a>b a>b a>b a>b")
    for edge, mean, hidden in zip(graph["edges"], (1.0, -1.0, 0.1, 1.0), (False, False, False, True), strict=True):
        edge.update(mean=mean, size=1.0, hidden=hidden)
    excites, inhibits, both, hidden = arrows(drawn(graph))
    assert [a.get_edgecolor()[:3] for a in (excites, inhibits, both)] == [
        tuple(plt.matplotlib.colors.to_rgb(LINES[kind])) for kind in ("excitatory", "inhibitory", "mixed")
    ]
    light = [np.dot(a.get_edgecolor()[:3], [0.2, 0.7, 0.1]) for a in (excites, inhibits)]
    assert abs(light[0] - light[1]) > 0.15  # also where there is no colour
    assert type(excites.get_arrowstyle()) is not type(inhibits.get_arrowstyle())
    assert [a.get_linestyle() == "-" for a in (excites, inhibits, both, hidden)] == [True, True, True, False]


def test_delays_are_written_where_they_are_not_one():
    graph = data("a>b b>c c>a c>c")
    for edge, delay in zip(graph["edges"], (1, 0, 3, 7), strict=True):
        edge["delay"] = delay
    said = [text.get_text() for text in drawn(graph).texts if text.get_text().startswith("d=")]
    assert sorted(said) == ["d=0", "d=2", "d=3", "d=7"]  # d=2 is the key's example


def test_colour_tells_spikes():
    graph = data("a>b b>c")
    ax = drawn(graph, spikes={"a": 4.0, "b": 2.0})
    faces = {p.get_gid(): np.array(p.get_facecolor()) for p in ax.patches if (p.get_gid() or "").startswith("box")}
    assert faces["box a"][2] < faces["box b"][2] < 1.0  # the bluer the whiter
    assert {"4", "2"} <= {text.get_text() for text in ax.texts}
    assert any("0 to 4" in text.get_text() for text in ax.texts)
    graph["nodes"][2]["spikes"] = 1.5
    assert "1.5" in [text.get_text() for text in drawn(graph, spikes=True).texts]


def test_width_tells_weights():
    graph = data("a>b a>b")
    graph["edges"][0]["size"], graph["edges"][1]["size"] = 1.0, 3.0
    one, three = (arrow.get_linewidth() for arrow in arrows(drawn(graph, weights=True)))
    assert one < three
    same = {arrow.get_linewidth() for arrow in arrows(drawn(graph))}
    assert len(same) == 1


def marks(ax):
    found = [patch.get_gid().split(" ") for mark in ("new", "gone", "changed") for patch in called(ax, mark)]
    return {(mark, " ".join(name[-2:])) for mark, *name in found}


def test_before_and_after_mark_what_is_gone_new_and_other():
    before, after = data("a>b b>c"), data("a>b b>d")
    after["nodes"][0]["num"] = 11
    ax = plotting.graphs(before, after)
    assert marks(ax) == {("gone", "c"), ("gone", "b c"), ("new", "d"), ("new", "b d"), ("changed", "a")}
    assert not marks(plotting.graphs(before, before))


EVERYTHING = data("a>b b>c", a={"watched": ["v"]}, c={"hidden": True, "spikes": 3.0})
EVERYTHING["edges"][0] |= {"mean": 1.0, "size": 1.0, "delay": 2}
EVERYTHING["edges"] += [{"pre": "b", "post": "b", "mean": -1.0, "size": 1.0}, {"pre": "a", "post": "b"}]
WORDED = {
    "graph": lambda: plotting.graph(EVERYTHING, spikes=True, weights=True),
    "graphs": lambda: plotting.graphs(data("a>b"), data("b>a a>c")),
}


@each_of("call", WORDED.values())
def test_the_key_is_in_both_languages_and_every_sign_has_a_glyph(call):
    ax = call()
    labels = [text.get_text() for text in ax.findobj(Text) if isinstance(text.get_text(), Label)]
    assert len(labels) >= 2 and all(label.zh != label.en for label in labels)
    with figure.strict_glyphs():
        assert figure.png(ax.figure, "zh") != figure.png(ax.figure, "en")


def test_the_key_says_only_what_occurs():
    assert not [text for text in drawn(data("a>b")).texts if isinstance(text.get_text(), Label)]


def test_a_frame_of_hidden_groups_is_dashed():
    graph = data("a>x.b x.b>x.c", **{name: {"hidden": True} for name in ("x.b", "x.c")})
    (frame,) = [patch for patch in drawn(graph).patches if patch.get_gid() == "frame x"]
    assert frame.get_linestyle() != "-"
    names = {text.get_text(): text.get_color() for text in frame.axes.texts}
    assert names["b"] == names["c"] == GREY != names["a"]


def test_what_is_drawn_is_the_same_every_time():
    first, second = (figure.png(plotting.graph(at_random(3, 15, 8)).figure, dpi=50) for _ in range(2))
    assert first == second


class Drawable:
    def graph(self):
        return data("a>b")


def test_anything_with_a_graph_can_be_drawn():
    assert set(extents(drawn(Drawable()), "box")) == {"a", "b"}


@each_of(
    ("graph", "error", "said"),
    [
        (3, TypeError, "give a network, or a dict of 'nodes' and 'edges'"),
        ({"nodes": []}, TypeError, "give a network, or a dict of 'nodes' and 'edges'"),
        ({"nodes": [], "edges": []}, ValueError, "a graph needs nodes"),
        ({"nodes": [{"name": "a"}, {"name": "a"}], "edges": []}, ValueError, "each a name of its own"),
        ({"nodes": [{"nam": "a"}], "edges": []}, ValueError, "'nam', which is none of name, kind"),
        (
            {"nodes": [{"name": "a"}], "edges": [{"pre": "a", "post": "z"}]},
            ValueError,
            "ends at 'z', but the nodes",
        ),
    ],
)
def test_what_is_no_graph_is_told(graph, error, said):
    with pytest.raises(error, match=said):
        plotting.graph(graph)


def test_spikes_that_are_not_there_are_told():
    with pytest.raises(ValueError, match="run the network first"):
        plotting.graph(data("a>b"), spikes=True)
    with pytest.raises(ValueError, match="spikes names 'z', but the nodes are a, b"):
        plotting.graph(data("a>b"), spikes={"z": 1.0})
