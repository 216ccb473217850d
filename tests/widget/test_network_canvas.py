"""NetworkCanvas in Python: what it takes for a graph, what it says of a wrong one, what it draws."""

from __future__ import annotations

import pytest
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from together import each_of

from course_snn.widget import NetworkCanvas
from course_snn.widget.network_examples import EXAMPLES

A, B = {"name": "a", "kind": "if"}, {"name": "b", "kind": "lif"}
X = {"name": "x", "kind": "input"}


def taken(*groups, links=()):
    return NetworkCanvas(graph={"groups": list(groups), "connections": list(links)}).params["graph"]


def test_a_graph_is_completed():
    made = taken(
        X | {"times": [9, 2, 9]}, A, B | {"x": 0.25}, links=[{"pre": "x", "post": "a"}, {"pre": "x", "post": "a"}]
    )
    assert made["groups"] == [
        {"name": "x", "kind": "input", "x": 0.167, "y": 0.5, "every": 0, "times": [2, 9]},
        {"name": "a", "kind": "if", "x": 0.5, "y": 0.5, "v_th": 1.0},
        {"name": "b", "kind": "lif", "x": 0.25, "y": 0.5, "v_th": 1.0, "tau_m": 8.0},
    ]
    assert made["connections"] == [
        {"name": "xa", "pre": "x", "post": "a", "weight": 1.0, "delay": 1},
        {"name": "xa_1", "pre": "x", "post": "a", "weight": 1.0, "delay": 1},
    ]


def test_taking_a_graph_again_changes_nothing_and_what_was_given_stays_as_it_was():
    for name in EXAMPLES:
        made = NetworkCanvas(graph=name).params["graph"]
        assert NetworkCanvas(graph=made).params["graph"] == made
    assert A == {"name": "a", "kind": "if"}


def test_the_learners_graph_comes_back_and_keeps_the_speed():
    canvas = NetworkCanvas(graph="ring", speed=7)
    canvas.params = {"graph": {"groups": [A]}}
    assert canvas.params["speed"] == 7 and [g["name"] for g in canvas.params["graph"]["groups"]] == ["a"]
    assert canvas.code().splitlines()[-1] == 'net.add_assembly("a", network.NeuronGroup(1, "if", v_th=1.0))'


@each_of(
    "graph, said",
    [
        ("rings", "takes a graph, or one of 'chain', 'fan_in'"),
        (3, "a graph is 3, but must be a mapping with groups, connections"),
        ({"nodes": []}, "has no 'nodes'. It takes: groups, connections"),
        ({"groups": {"a": {}}}, "groups must be a list"),
        ({"groups": [A] * 31}, "at most 30 groups fit, got 31"),
        ({"groups": ["a"]}, "kind None, but must have one of input, if, lif"),
        ({"groups": [A | {"kind": "clif"}]}, "kind 'clif'"),
        ({"groups": [A | {"tau_m": 3}]}, "the if group 'a' has no 'tau_m'. It takes: name, kind, x, y, v_th"),
        ({"groups": [A | {"v_th": 0}]}, "v_th of a is 0, but must be a number from 0.1 to 3"),
        ({"groups": [A | {"v_th": True}]}, "v_th of a is True"),
        ({"groups": [A | {"x": 1.5}]}, "x of a is 1.5, but must be a number from 0 to 1"),
        ({"groups": [A | {"name": "1a"}]}, "the name '1a' cannot follow `net.`"),
        ({"groups": [A | {"name": "if"}]}, "the name 'if'"),
        ({"groups": [A, A]}, "two things are called 'a'"),
        ({"groups": [X | {"every": 1.5}]}, "every of x is 1.5, but must be a whole number from 0 to 30"),
        ({"groups": [X | {"times": [60]}]}, "a time of x is 60, but must be a whole number from 0 to 59"),
        ({"groups": [X | {"times": "3"}]}, "times of x must be a list of steps from 0 to 59"),
        ({"groups": [A], "connections": [{"pre": "a", "post": "z"}]}, "ends at 'z', but the groups are a"),
        ({"groups": [A, X], "connections": [{"pre": "a", "post": "x"}]}, "a → x ends at an input"),
        ({"groups": [A], "connections": [{"pre": "a", "post": "a", "delay": 21}]}, "delay of aa is 21"),
        (
            {"groups": [A], "connections": [{"pre": "a", "post": "a", "delay": 0}]},
            "a → a is a loop of connections without",
        ),
        (
            {"groups": [A], "connections": [{"pre": "a", "post": "a", "wieght": 1}]},
            "has no 'wieght'. It takes: name, pre",
        ),
        ({"groups": [A], "connections": [{"pre": "a", "post": "a", "name": "a"}]}, "two things are called 'a'"),
    ],
)
def test_a_wrong_graph_is_refused_with_what_is_accepted(graph, said):
    canvas = NetworkCanvas()
    before = canvas.params
    with pytest.raises(ValueError) as error:
        canvas.params = {"graph": graph}
    assert said in str(error.value)
    assert canvas.params == before


@each_of("name", EXAMPLES)
def test_the_picture_shows_every_group_and_connection(name):
    canvas = NetworkCanvas(graph=name)
    (ax,) = canvas.figure().axes
    made = canvas.params["graph"]
    assert sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches) == len(made["groups"])
    assert sum(isinstance(patch, FancyArrowPatch) for patch in ax.patches) == len(made["connections"])
    assert {group["name"] for group in made["groups"]} <= {text.get_text() for text in ax.texts}
