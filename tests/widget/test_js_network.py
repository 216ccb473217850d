"""What NetworkCanvas computes in the page: runs, loops without delay, spikes on their way, routes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from graphs import STEPS, graph, random_graph
from together import each_of

from course_snn.widget import NetworkCanvas
from course_snn.widget.network_examples import EXAMPLES

f32 = np.float32


@pytest.fixture
def page(page_of):
    return page_of(NetworkCanvas)


def stepped(made):
    """The equations of the contract, one step after another, in single precision: name -> (spikes, voltages)."""
    spikes = {group["name"]: [] for group in made["groups"]}
    voltages = {name: [f32(0)] for name in spikes}

    def current(name, t):
        total = f32(0)
        for con in made["connections"]:
            if con["post"] == name and t >= con["delay"]:
                total = f32(total + f32(con["weight"]) * f32(out(con["pre"], t - con["delay"])))
        return total

    def out(name, t):  # of this step too: a connection without delay asks for it
        if len(spikes[name]) <= t:
            fire(next(group for group in made["groups"] if group["name"] == name), t)
        return spikes[name][t]

    def fire(group, t):
        name = group["name"]
        if group["kind"] == "input":
            on = t in group["times"] or bool(group["every"] and t % group["every"] == 0)
            spikes[name].append(int(on))
            return
        leak = f32(math.exp(-1 / group["tau_m"]) - 1) if group["kind"] == "lif" else f32(0)
        before = voltages[name][-1]
        h = f32(f32(before + f32(leak * before)) + current(name, t))
        spikes[name].append(int(h >= f32(group["v_th"])))
        voltages[name].append(f32(0) if spikes[name][-1] else h)

    for t in range(STEPS):
        for group in made["groups"]:
            out(group["name"], t)
    return spikes, {name: v[1:] for name, v in voltages.items()}


@each_of("seed", range(12))
def test_a_run_equals_stepping_the_equations(page, seed):
    made = random_graph(seed)
    spikes, voltages = stepped(made)
    run = page("simulateGraph", made)
    assert {name: row["o"] for name, row in run.items()} == spikes
    for name, values in voltages.items():
        assert not values or run[name]["v"] == [float(v) for v in values]


def test_random_graphs_have_what_they_are_to_test():
    made = [random_graph(seed) for seed in range(12)]
    counts = [sum(sum(o) for o in stepped(one)[0].values()) for one in made]
    delays = {con["delay"] for one in made for con in one["connections"]}
    assert sorted(counts)[3] > 20 and delays == set(range(7))
    assert any(con["pre"] == con["post"] for one in made for con in one["connections"])


@each_of("name", EXAMPLES)
def test_an_example_runs_like_the_equations_and_every_neuron_is_reached(page, name):
    made = NetworkCanvas(graph=name).params["graph"]
    spikes, _ = stepped(made)
    run = page("simulateGraph", made)
    assert {group: row["o"] for group, row in run.items()} == spikes
    assert all(any(row["h"]) for group, row in run.items() if group[0] != "x")


def test_examples_do_what_their_names_say(page):
    def of(name):
        run = page("simulateGraph", NetworkCanvas(graph=name).params["graph"])
        return {group: np.flatnonzero(row["o"]).tolist() for group, row in run.items()}

    assert of("self_loop")["a"] == list(range(4, 60, 5))  # one input spike, and it never ends
    assert of("ring")["a"] == list(range(2, 60, 12)) and of("ring")["f"] == list(range(12, 60, 12))
    assert [len(of("delay_line")[n]) for n in "abc"] == [1, 1, 1]  # each detector: one of three time differences
    assert of("chain")["c"][0] == 7
    assert 0 < len(of("fan_in")["a"]) < len(of("fan_in")["x1"])
    mutual, alone = of("mutual"), NetworkCanvas(graph="mutual").params["graph"]
    alone["connections"] = [con for con in alone["connections"] if con["weight"] > 0]
    free = page("simulateGraph", alone)
    assert len(mutual["b"]) < sum(free["b"]["o"])


def test_ten_tenths_are_one_as_in_the_library(page):
    made = graph({"name": "x", "kind": "input", "every": 1}, {"name": "a", "kind": "if"}, links=[("x", "a", 0.1, 0)])
    v, first = torch.zeros(()), 0
    while v < 1:
        v, first = v + torch.tensor(0.1), first + 1
    assert page("simulateGraph", made)["a"]["o"].index(1) == first - 1


@each_of(
    "links, loop",
    [
        ([("a", "a", 1, 0)], ["a"]),
        ([("a", "b", 1, 0), ("b", "a", 1, 1)], []),
        ([("a", "b", 1, 0), ("b", "c", 1, 0), ("c", "a", 1, 0)], ["b", "c", "a"]),
        ([("x", "a", 1, 0), ("a", "b", 1, 0), ("b", "c", 1, 0), ("c", "b", 1, 0)], ["c", "b"]),
        ([("a", "b", 1, 0), ("a", "c", 1, 0), ("b", "c", 1, 0)], []),
    ],
)
def test_a_loop_without_delay_is_named_by_page_and_python(page, links, loop):
    groups = [{"name": "x", "kind": "input"}, *({"name": n, "kind": "if"} for n in "abc")]
    raw = [dict(zip(("pre", "post", "weight", "delay"), link, strict=True)) for link in links]
    connections = [{"name": f"c{k}", **con} for k, con in enumerate(raw)]
    assert page("zeroLoop", {"groups": groups, "connections": connections}) == loop
    refused = page("refusal", {"groups": groups, "connections": connections})
    if not loop:
        assert refused is None
        return
    way = " → ".join([*loop, loop[0]])
    assert all(way in text for text in refused)
    with pytest.raises(ValueError, match=f"{way} is a loop of connections without delay"):
        graph(*groups, links=links)


def test_spikes_on_their_way_take_their_delay(page):
    made = graph(
        {"name": "x", "kind": "input", "times": [0, 2]},
        {"name": "a", "kind": "if"},
        links=[("x", "a", 1, 4), ("x", "a", 1, 0), ("x", "a", 1, 1)],
    )
    run = page("simulateGraph", made)
    flights = [page("inFlight", made, run, clock) for clock in (0, 1, 2.5, 3.75, 5.9, 6)]
    assert flights == [
        [[0, 0], [2, 0]],
        [[0, 0.25]],
        [[0, 0.625], [0, 0.125], [2, 0.5]],
        [[0, 0.9375], [0, 0.4375]],
        [[0, pytest.approx(0.975)]],
        [],
    ]
    assert [page("passing", made, run, t) for t in (0, 1, 2)] == [[1], [], [1]]


def test_new_groups_have_names_and_places_of_their_own(page):
    made = {"groups": [], "connections": []}
    for k in range(30):
        group = page("newGroup", made, ("input", "if", "lif")[k % 3], *page("freePlace", made))
        made = page("addGroup", made, group)
    taken = NetworkCanvas(graph=made).params["graph"]["groups"]
    assert [g["name"] for g in taken[:6]] == ["x1", "a", "b", "x2", "c", "d"]
    assert len({(g["x"], g["y"]) for g in taken}) >= 28
    again = page("addGroup", made, page("newGroup", made, "if", 0.5, 0.5))
    assert "30" in page("refusal", again)[1] and page("refusal", made) is None


def test_times_are_read_out_of_what_is_typed(page):
    assert page("readTimes", "9, 2 30;2, 99 x") == [2, 9, 30]
    assert page("readTimes", "") == []


SIZE, PICTURE = (64, 38, 12), (900, 270)


def routed(page, made):
    """The ways of a graph on a picture; Maps do not travel, so the page's own functions are joined here."""
    return page("routeAll", made, *PICTURE, SIZE)


def inside(point, middle, room=0.0):
    return abs(point[0] - middle[0]) < SIZE[0] / 2 + room and abs(point[1] - middle[1]) < SIZE[1] / 2 + room


@each_of("name", EXAMPLES)
def test_ways_pass_no_box_and_no_number_lies_on_one(page, name):
    made = NetworkCanvas(graph=name).params["graph"]
    middles, ways = routed(page, made)
    assert len(ways) == len(made["connections"])
    for con, way in zip(made["connections"], ways, strict=True):
        for other, middle in middles.items():
            assert not any(inside(point, middle) for point in way["points"]), (con, other)
            assert not inside(way["label"], middle, 8), (con, other)
        assert all(0 <= x <= PICTURE[0] and 0 <= y <= PICTURE[1] for x, y in way["points"])


def test_back_connections_and_loops_keep_apart_from_what_they_answer(page):
    links = [
        ("a", "b", 1, 1),
        ("b", "a", -1, 1),
        ("a", "b", 1, 3),
        ("a", "a", 1, 1),
        ("a", "a", -1, 2),
        ("a", "c", 1, 1),
    ]
    spots = [{"name": n, "kind": "if", "x": x, "y": 0.5} for n, x in zip("abc", (0.2, 0.5, 0.8), strict=True)]
    middles, ways = routed(page, graph(*spots, links=links))
    assert not any(inside(point, middles["b"]) for point in ways[-1]["points"])  # a → c goes round b
    middle = [np.array(way["points"][8:17]) for way in ways]  # the middle third
    for k, one in enumerate(middle):
        for other in middle[:k]:
            assert np.hypot(*(one[:, None] - other).T).min() > 6
    labels = [way["label"] for way in ways]
    for k, (x, y) in enumerate(labels):
        assert not any(abs(x - a) < 50 and abs(y - b) < 14 for a, b in labels[:k])


def test_the_place_on_a_way_and_the_way_at_a_place(page):
    made = graph(
        {"name": "a", "kind": "if", "x": 0, "y": 0.5},
        {"name": "b", "kind": "if", "x": 1, "y": 0.5},
        links=[("a", "b", 1, 1)],
    )
    middles, (way,) = routed(page, made)
    x, y, angle = page("along", way["points"], 0.5)
    assert y == pytest.approx(135) and angle == pytest.approx(0) and middles["a"][0] < x < middles["b"][0]
    assert page("along", way["points"], 0)[0] < page("along", way["points"], 1)[0]
    assert page("wayAt", [way], x, y + 5) == 0 and page("wayAt", [way], x, y + 30) == -1
    assert page("shareAt", *middles["b"], *PICTURE, SIZE) == pytest.approx([1, 0.5])
