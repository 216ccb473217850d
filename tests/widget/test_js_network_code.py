"""The Python that NetworkCanvas writes for a graph, and for every edit of one."""

from __future__ import annotations

import json

import pytest
import torch
from graphs import STEPS, graph, random_graph
from together import each_of

from course_snn.network import SpikeMonitor
from course_snn.widget import NetworkCanvas
from course_snn.widget.network_code import code
from course_snn.widget.network_examples import EXAMPLES


@pytest.fixture
def page(page_of):
    return page_of(NetworkCanvas)


@each_of("seed", range(12))
def test_the_code_of_the_page_is_the_code_of_python(page, seed):
    made = random_graph(seed)
    assert page("codeOf", made) == code(made)


@each_of("name", EXAMPLES)
def test_the_code_of_an_example(page, name):
    made = NetworkCanvas(graph=name)
    assert page("codeOf", made.params["graph"]) == made.code()


def test_a_graph_without_inputs_needs_no_trains(page):
    made = graph({"name": "a", "kind": "if"})
    assert page("codeOf", made) == code(made) and "inputs" not in code(made)


@each_of("every, times", [(0, []), (4, []), (0, [3, 9]), (7, [0, 3])])
def test_the_train_in_the_code_is_the_train_of_the_page(page, every, times):
    made = graph({"name": "x", "kind": "input", "every": every, "times": times})
    inputs, names = {}, {"torch": torch, "t": torch.arange(STEPS).reshape(1, -1, 1)}
    exec(page("trainLine", made["groups"][0]), names, {"inputs": inputs})
    assert inputs["x"].shape == (1, STEPS, 1) and inputs["x"].dtype == torch.float32
    assert inputs["x"].flatten().tolist() == page("simulateGraph", made)["x"]["o"]


@each_of(
    "made", [NetworkCanvas(graph=name).params["graph"] for name in EXAMPLES] + [random_graph(n) for n in range(12)]
)
def test_the_code_runs_in_the_library_and_gives_the_spikes_of_the_page(page, made):
    names = {}
    exec(page("codeOf", made), names)
    net, seen = names["net"], page("simulateGraph", made)
    for group in made["groups"]:
        setattr(net, f"seen_{group['name']}", SpikeMonitor(net.at(group["name"])))
    net.run(STEPS)
    for group in made["groups"]:
        assert getattr(net, f"seen_{group['name']}").values.flatten().tolist() == seen[group["name"]]["o"], group[
            "name"
        ]


class Net:
    """Stands for network.Network: what the lines of the page do to it, kept as a graph."""

    def __init__(self, made):
        kept = json.loads(json.dumps(made))
        self.groups = {group["name"]: group for group in kept["groups"]}
        self.links = {con["name"]: con for con in kept["connections"]}

    def __getattr__(self, name):
        return Link(self.links[name]) if name in self.links else name

    def add_assembly(self, name, made):
        assert name not in self.groups
        self.groups[name] = {"name": name, **made}

    def replace_assembly(self, name, made):
        kept = {key: self.groups[name][key] for key in ("x", "y") if key in self.groups[name]}
        self.groups[name] = {"name": name, **made, **kept}

    def del_assembly(self, name):
        del self.groups[name]
        self.links = {key: con for key, con in self.links.items() if name not in (con["pre"], con["post"])}

    def add_connection(self, name, made):
        assert name not in self.links
        self.links[name] = {"name": name, **made}

    def del_connection(self, name):
        del self.links[name]


class Link:
    """Stands for a connection: its weight is filled, its delay set."""

    def __init__(self, con):
        vars(self)["con"] = con

    weight = data = property(lambda self: self)

    def fill_(self, value):
        self.con["weight"] = value

    def __setattr__(self, name, value):
        self.con[name] = value


class Network:
    """Stands for course_snn.network."""

    Encoder = staticmethod(lambda num, encoding: {"kind": "input"})
    NeuronGroup = staticmethod(lambda num, kind, **values: {"kind": kind, **values})
    Connection = staticmethod(
        lambda pre, post, weight, delay: {"pre": pre, "post": post, "weight": weight[0][0], "delay": delay}
    )


def wiring(groups, links):
    """What the lines can know: no places, no trains, no order."""
    plain = [{k: v for k, v in group.items() if k not in ("x", "y", "every", "times")} for group in groups]
    return {group["name"]: group for group in plain}, {con["name"]: con for con in links}


def after_lines(page, before, after):
    net = Net(before)
    for line in page("linesBetween", before, after):
        exec(line, {"net": net, "network": Network, "torch": torch, "t": torch.arange(STEPS), "inputs": {}})
    return wiring(net.groups.values(), net.links.values())


@each_of("seed", range(20))
def test_the_lines_between_two_graphs_make_the_second_of_the_first(page, seed):
    before, after = random_graph(seed), random_graph(seed + 100)
    assert after_lines(page, before, after) == wiring(after["groups"], after["connections"])


EDITS = {
    "addGroup": ([{"name": "d", "kind": "lif", "v_th": 1, "tau_m": 8}], "net.add_assembly"),
    "addConnection": (
        ["a", "b", 0.6, 2],
        'net.add_connection("ab_1", network.Connection(net.a, net.b, weight=[[0.6]], delay=2))',
    ),
    "remove": (["b"], 'net.del_assembly("b")'),
    "change": (["ab", {"weight": -0.5}], "net.ab.weight.data.fill_(-0.5)"),
    "move": (["a", 0.3, 2], None),
    "setModel": (["a", "lif"], 'net.replace_assembly("a", network.NeuronGroup(1, "lif", tau_m=8.0, v_th=1.0))'),
}


@each_of("edit", EDITS)
def test_an_edit_is_one_line_and_leaves_the_graph_before_as_it_was(page, edit):
    before = graph(
        *({"name": n, "kind": "if", "v_th": 1} for n in "abc"),
        links=[("a", "b", 1, 1), ("b", "c", 1, 1), ("c", "c", 1, 1)],
    )
    arguments, line = EDITS[edit]
    after = page(edit, before, *arguments)
    lines = page("linesBetween", before, after)
    assert len(lines) == (line is not None) and (line is None or lines[0].startswith(line))
    assert after_lines(page, before, after) == wiring(after["groups"], after["connections"])
    assert after_lines(page, after, before) == wiring(before["groups"], before["connections"])  # undo
    if edit != "addGroup":  # that one is given a group without a place
        assert NetworkCanvas(graph=after).params["graph"] == after  # what the page makes, Python takes as it is
