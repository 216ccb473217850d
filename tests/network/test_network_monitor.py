"""Monitors: what they record, when, and how little they keep."""

import gc
import weakref

import pytest
import torch
from nets import S, abc, two_layers
from together import each_of

from course_snn import functional
from course_snn.network import (
    STDP,
    Backend,
    Connection,
    Encoder,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
)


def by_hand(net, x):
    """V, O and I of layer1 of two_layers, step by step in plain Python."""
    a, v, rows = torch.exp(torch.tensor(-1 / 8)), torch.zeros(2), {"V": [], "O": [], "Isyn": []}
    for t in range(12):
        current = net.con1.weight @ x[t - 1] if t else torch.zeros(2)
        h = a * v + current
        o = (h >= 1).float()
        v = h * (1 - o)
        for name, value in zip(rows, (v, o, current), strict=True):
            rows[name].append(value)
    return {name: torch.stack(values, -1) for name, values in rows.items()}


def test_values_are_those_of_a_plain_loop_and_watching_changes_nothing():
    torch.manual_seed(0)
    x = (torch.rand(3, 12, 3) < 0.5).float()
    net = two_layers("lif")
    net.input(x)
    plain = net.run()
    for stepped in (False, True):
        net = two_layers("lif")
        for var in ("V", "O", "Isyn"):
            setattr(net, f"see_{var}", StateMonitor(net.layer1, var))
        net.data, net.weight = StateMonitor(net.input), StateMonitor(net.con1, "weight")
        net.build(stepped=stepped).input(x)
        assert torch.equal(net.run(), plain)
        for n in range(3):
            for var, want in by_hand(net, x[n]).items():
                torch.testing.assert_close(getattr(net, f"see_{var}").values[n], want.detach(), atol=1e-6, rtol=1e-6)
        assert torch.equal(net.data.values, x.transpose(1, 2)) and net.weight.values.shape == (2, 3, 12)
        assert torch.equal(net.weight.values, net.con1.weight.detach()[..., None].expand(2, 3, 12))
        assert net.see_V.times.tolist() == list(range(1, 13)) and not net.see_V.values.requires_grad


def test_spike_monitors():
    net = two_layers("lif")
    net.seen, net.input_seen = SpikeMonitor(net.layer2), SpikeMonitor(net.input)
    net.build(Backend(dt=1.0)).input(torch.cat([S, torch.zeros_like(S)]))
    net.run()
    order = sorted((t, n) for n, row in enumerate(("000101011011", "000000001000")) for t in range(12) if row[t] == "1")
    assert net.seen.spk_times[0].tolist() == [t + 1.0 for t, _ in order]
    assert net.seen.spk_index[0].tolist() == [n for _, n in order]
    assert net.seen.spk_times[1].tolist() == net.seen.spk_index[1].tolist() == []
    assert net.seen.spk_count.tolist() == [[6, 1], [0, 0]]
    assert net.seen.time_spk_rate.shape == (2, 12) and net.seen.time_spk_rate[0, 3] == 0.5
    assert net.input_seen.spk_count[0].tolist() == S[0].sum(0).tolist()
    net.build(Backend(dt=0.25)).run(3.0)
    assert net.seen.spk_times[0].max() <= 3.0 and net.seen.times[0] == 0.25


@each_of("model, variables", [("if", "O, Isyn, v"), ("lif", "O, Isyn, v"), ("clif", "O, Isyn, v, m, s, e"),
                              ("izh", "O, Isyn, v, u")])  # fmt: skip
def test_every_variable_and_no_other(model, variables):
    net = Network()
    net.group = NeuronGroup(3, model)
    for var in variables.split(", "):
        for said in (var, var.upper(), var.lower()):
            net.seen = StateMonitor(net.group, said)
            net.run(4.0)
            assert net.seen.values.shape == (1, 3, 4)
    with pytest.raises(ValueError, match=f"group has no variable 'volt'.* It has {variables}"):
        StateMonitor(net.group, "volt")


@each_of(
    "make, error, message",
    [
        (
            lambda n: StateMonitor(n, "V"),
            ValueError,
            "watches a group, an encoder or a connection, got Network: .*net.layer1",
        ),
        (lambda n: StateMonitor("a"), ValueError, "got str"),
        (lambda n: StateMonitor(None, "V"), ValueError, "got NoneType"),
        (lambda n: StateMonitor(n.a, 3), ValueError, "no variable 3"),
        (lambda n: StateMonitor(n.ab, "V"), ValueError, "ab has no variable 'V'.*It has weight"),
        (lambda n: StateMonitor(n.a, "weight"), ValueError, "a has no variable 'weight'"),
        (lambda n: StateMonitor(Encoder(2, name="data"), "V"), ValueError, "data has no variable 'V'.*It has O"),
        (lambda n: SpikeMonitor(n.ab), ValueError, "a connection has no spikes: watch one of the groups"),
        (lambda n: StateMonitor(n.a, capacity=0), ValueError, "capacity"),
        (lambda n: StateMonitor(n.a, var_name="V"), TypeError, "no parameter 'var_name'.*It takes target, var, nbatch"),
        (lambda n: SpikeMonitor(n.a, "V", 3), TypeError, "positional"),
        (lambda n: StateMonitor(n.a).values, ValueError, "nothing recorded yet of a: run the network that holds it"),
        (lambda n: StateMonitor(n.a).times, ValueError, "nothing recorded yet"),
    ],
)
def test_errors(make, error, message):
    with pytest.raises(error, match=message):
        make(abc())


def test_only_the_newest_steps_are_kept():
    net = two_layers("lif")
    net.some, net.all = StateMonitor(net.layer1, "V", capacity=5), StateMonitor(net.layer1, "V")
    net.input(S)
    net.run()
    for _ in range(3):
        net.run_continue()
    assert net.some.times.tolist() == [44, 45, 46, 47, 48] and torch.equal(net.some.values, net.all.values[..., -5:])
    held = net.some._values[0]
    assert held.untyped_storage().nbytes() == held.numel() * 4  # not a view of all that was recorded
    assert len(net.all.times) == 48


def test_nbatch_keeps_every_run():
    net = two_layers("lif")
    net.seen = StateMonitor(net.layer1, "V", nbatch=True)
    for k in range(3):
        net.input(S.repeat(k + 1, 1, 1))
        net.run()
    assert [v.shape[0] for v in net.seen.nbatch_values] == [1, 2, 3]
    net.run_continue()
    assert [v.shape[2] for v in net.seen.nbatch_values] == [12, 12, 24]
    net.seen.clear()
    assert net.seen.nbatch_values == []
    net.run()
    assert len(net.seen.nbatch_values) == 1


def test_records_are_copies():
    net = two_layers("lif")
    net.rule, net.seen = STDP("full", net.con1, Apost=0.1), StateMonitor(net.con1, "weight")
    net.input(S)
    net.run()
    kept = net.seen.values.clone()
    assert not torch.equal(kept[..., 0], kept[..., -1])  # SPAIC shows the last at every time
    with torch.no_grad():
        net.con1.weight.fill_(9.0)
    assert torch.equal(net.seen.values, kept)


def test_a_monitor_keeps_no_graph_alive():
    net = two_layers("lif")
    net.seen = StateMonitor(net.layer1, "V")
    net.input(S)
    net.run()
    spikes = weakref.ref(net._last.spikes[net.layer1])
    net.output.read(torch.zeros(1, 1, 2))
    functional.reset_net(net)
    gc.collect()
    assert spikes() is None and net.seen.values.shape == (1, 2, 12)


def test_monitors_come_and_go():
    net = two_layers("lif")
    net.input(S)
    net.run()
    net.seen = StateMonitor(net.layer1, "V")
    net.run()
    assert len(net.seen.times) == 12
    old, net.seen = net.seen, StateMonitor(net.layer2, "V")
    kept = old.values
    net.run()
    assert old.values is kept or torch.equal(old.values, kept)
    last = net.seen
    net.seen = None
    net.input(torch.zeros_like(S))
    net.run()
    assert last.values.any() and net.plan.monitors == []
    net.seen = last
    del net.seen
    assert net.plan.monitors == []


def test_monitors_of_a_part_of_the_network():
    net = abc()
    net.sub = abc()
    net.sub.seen, net.seen = StateMonitor(net.sub.a, "V"), StateMonitor(net.sub.a, "V")
    net.own = Connection(net.sub.a, net.sub.a, weight=torch.zeros(2, 2), bias=[0.25, 0.5])
    net.run(3.0)
    assert torch.equal(net.seen.values, net.sub.seen.values) and net.seen.values[0, 0].tolist()[0] == 0.25


def test_many_short_runs_cost_in_proportion():
    """One step at a time: what is recorded is put together when somebody asks."""
    net = two_layers("lif")
    net.seen = StateMonitor(net.layer1, "V", capacity=30)
    net.input.encoding = "latency"
    net.input(torch.rand(1, 3))
    net.run(1.0)
    for _ in range(99):
        net.run_continue(1.0)
    assert len(net.seen._values) == 30 and net.seen.times.tolist() == list(range(71, 101))
    assert net.seen.values.shape == (1, 2, 30) and len(net.seen._values) == 1
    net.run_continue(1.0)
    assert net.seen.times.tolist() == list(range(72, 102)) and net.seen.values.shape == (1, 2, 30)
