"""What a picture shows of a network: every part once, in the column where its spikes come, with what is true of it."""

from itertools import pairwise

import torch
from nets import S, abc, two_layers
from together import each_of

from course_snn import plotting
from course_snn.network import (
    Assembly,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    Projection,
    SpikeMonitor,
    StateMonitor,
    library,
)
from course_snn.network.picture import columns


def named(rows):
    return {row["name"]: row for row in rows}


def test_groups_and_connections_are_told_as_they_are():
    net = abc()
    net.x, net.out = Encoder(3, "poisson"), Decoder(net.c)
    net.xa = Connection(net.x, net.a, "sparse", density=0.5, delay=4)
    told = net.graph()
    assert [(n["name"], n["kind"], n["num"], n["model"]) for n in told["nodes"]] == [
        ("a", "group", 2, "lif"), ("b", "group", 3, "lif"), ("c", "group", 2, "lif"),
        ("x", "encoder", 3, "poisson"), ("out", "decoder", 2, "spike_counts"),
    ]  # fmt: skip
    assert [(e["name"], e["pre"], e["post"], e["delay"], e["link"]) for e in told["edges"]] == [
        ("ab", "a", "b", 1, "full"), ("bc", "b", "c", 1, "full"), ("xa", "x", "a", 4, "sparse"),
        (None, "c", "out", 1, "read"),
    ]  # fmt: skip
    assert not [row for row in (*told["nodes"], *told["edges"]) if row["hidden"] or row["watched"]]


def test_weights_are_those_of_the_synapses_that_there_are():
    net = Network()
    net.a = NeuronGroup(2)
    net.loop = Connection(net.a, net.a, "one_to_one", weight=[[0.5, 9.0], [9.0, -1.5]])
    (edge,) = net.graph()["edges"]
    assert (edge["mean"], edge["size"]) == (-0.5, 1.0)
    net.none = Connection(net.a, net.a, "sparse", density=0.0)
    assert named(net.graph()["edges"])["none"]["size"] == 0.0


def test_columns_of_the_plan_are_those_of_the_picture():
    for net in (two_layers(), abc(), library.TwoColumns(8)):
        level = {net.plan.paths[part]: column for part, column in net.plan.levels().items()}
        shown = {row["name"]: row["column"] for row in net.graph()["nodes"] if row["kind"] != "decoder"}
        assert shown == level


@each_of(
    ("ends", "expected"),
    [
        ("ab bc ac", "a0 b1 c2"),
        ("cb ba", "a2 b1 c0"),  # whatever was made first
        ("ab ba", "a0 b1"),
        ("aa ab", "a0 b1"),
        ("xa ab bc ca", "x0 a1 b2 c3"),
        ("xb ab bc ca", "x0 b1 c2 a3"),  # a loop begins where it is entered
        ("ab bc cd da ad bd", "a0 b1 c2 d3"),
        ("ab bd ac cd", "a0 b1 c1 d2"),
        ("ab bc cb cd", "a0 b1 c2 d3"),
        ("a", "a0"),
    ],
)
def test_a_part_stands_after_the_last_that_reaches_it(ends, expected):
    pairs = [tuple(pair) for pair in ends.split() if len(pair) == 2]
    names = dict.fromkeys(sorted(ends.replace(" ", "")))
    found = columns({name: name for name in names}, pairs)
    assert found == {word[0]: int(word[1]) for word in expected.split()}


def longest(names, pairs):
    """Every path, tried out: how many steps the longest takes to each part."""
    reach, paths = dict.fromkeys(names, 0), [(name,) for name in names]
    while paths:
        for path in paths:
            reach[path[-1]] = max(reach[path[-1]], len(path) - 1)
        paths = [(*path, post) for path in paths for pre, post in pairs if pre == path[-1]]
    return reach


def test_without_loops_a_column_is_the_longest_way_there():
    torch.manual_seed(0)
    for _ in range(20):
        names = [f"g{i}" for i in range(8)]
        pairs = [(names[i], names[j]) for i in range(8) for j in range(i + 1, 8) if torch.rand(()) < 0.3]
        order = [names[i] for i in torch.randperm(8)]
        assert columns({name: name for name in order}, pairs) == longest(names, pairs)


def test_a_loop_of_assemblies_is_taken_assembly_after_assembly():
    ends = [("x", "p.a"), ("p.a", "p.b"), ("p.b", "p.a"), ("p.a", "q.a"), ("q.a", "q.b"), ("q.b", "p.b")]
    names = dict.fromkeys(name for pair in ends for name in pair)
    assert columns({name: name for name in names}, ends) == {"x": 0, "p.a": 1, "p.b": 2, "q.a": 2, "q.b": 3}


def test_hidden_parts_are_told_in_their_place():
    net = abc()
    before = net.graph()
    net.b.assembly_hide()
    after = net.graph()
    assert [n["hidden"] for n in after["nodes"]] == [False, True, False]
    assert [e["hidden"] for e in after["edges"]] == [True, True]
    assert [n["column"] for n in after["nodes"]] == [n["column"] for n in before["nodes"]] == [0, 1, 2]
    net.b.assembly_show()
    assert net.graph() == before


def test_what_monitors_record_is_told_once():
    net = abc()
    net.m1, net.m2, net.m3 = StateMonitor(net.b, "V"), StateMonitor(net.b, "v"), SpikeMonitor(net.b)
    net.m4 = StateMonitor(net.ab, "weight")
    told = net.graph()
    assert named(told["nodes"])["b"]["watched"] == ["v", "O"] and named(told["edges"])["ab"]["watched"] == ["weight"]


def test_spikes_are_those_of_the_last_run():
    net = two_layers()
    assert {n["spikes"] for n in net.graph()["nodes"]} == {None}
    net.monitor = SpikeMonitor(net.layer1)
    net.input(S.repeat(4, 1, 1))
    net.run(12)
    spikes = {name: row["spikes"] for name, row in named(net.graph()["nodes"]).items()}
    assert spikes["layer1"] == net.monitor.spk_count.mean().item() > 0
    assert spikes["input"] == (S.sum() / 3).item()
    assert net.graph()["nodes"] and not torch.is_tensor(spikes["layer1"])


def test_a_part_and_an_assembly_can_be_drawn_alone():
    net = Network()
    net.source = Encoder(4)
    net.column = Assembly()
    net.column.a, net.column.b = NeuronGroup(4), NeuronGroup(4)
    net.column.ab = Connection(net.column.a, net.column.b)
    net.feed_it = Projection(net.source, net.column)
    assert {e["name"] for e in net.graph()["edges"]} == {"column.ab", "feed_it.source_a", "feed_it.source_b"}
    told = net.column.graph()
    assert [n["name"] for n in told["nodes"]] == ["a", "b"] and [e["name"] for e in told["edges"]] == ["ab"]
    for part in (net, net.column):
        plotting.graph(part)


def test_a_network_that_cannot_run_can_be_drawn():
    net = abc()
    net.ca = Connection(net.c, net.a, delay=0)
    for connection in (net.ab, net.bc):
        vars(connection)["delay"] = 0
    told = net.graph()
    assert all(a["column"] + 1 == b["column"] for a, b in pairwise(told["nodes"]))
