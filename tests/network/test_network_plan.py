"""The plan: its order and what it says; and that it computes what stepping every group does, on random graphs."""

import math
import random
import sys

import pytest
import torch
from nets import abc, assert_same, outcome, two_layers
from together import each_of
from torch import nn

from course_snn import functional, neuron, surrogate
from course_snn.network import (
    STCA,
    STDP,
    Assembly,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    StateMonitor,
)

# ---------------------------------------------------------------- what it says


def test_the_plan_prints_itself():
    net = abc()
    net.input = Encoder(2, "null")
    net.con = Connection(net.input, net.a, delay=3)
    net.back = Connection(net.c, net.b)
    net.d, net.e = NeuronGroup(1, "clif"), NeuronGroup(2)
    net.de, net.ee = Connection(net.d, net.e, delay=0), Connection(net.e, net.e, delay=2)
    net.alone = NeuronGroup(1)
    assert str(net.plan).splitlines() == [
        "input  2 null                               input, encoded",
        "a      2 lif   <- input (delay 3)           all steps at once",
        "b      3 lif   <- a (delay 1), c (delay 1)  step by step: they lie on a loop",
        "c      2 lif   <- b (delay 1)               step by step: they lie on a loop",
        "d      1 clif                               all steps at once",
        "e      2 lif   <- d (delay 0), e (delay 2)  step by step: it drives itself",
        "alone  1 lif                                all steps at once",
    ]


def test_hidden_parts_are_listed():
    net = abc()
    net.col = Assembly()
    net.col.exc = NeuronGroup(2)
    net.col.assembly_hide()
    net.b.assembly_hide()
    assert str(net.plan).splitlines()[-1] == "hidden: b, col.exc"
    net.b.assembly_show()
    assert str(net.plan).splitlines()[-1] == "hidden: col.exc"


def test_who_is_watched_or_learns_by_stdp_is_stepped_and_says_so():
    net = abc()
    net.seen, net.rule = StateMonitor(net.a, "V"), STDP("full", net.bc)
    a, b, c = str(net.plan).splitlines()
    assert a.endswith("it is watched") and b.endswith("all steps at once") and c.endswith("STDP changes what comes in")
    assert all("step by step" in row for row in str(abc().build(stepped=True).plan).splitlines())


HIDDEN = {
    "decoder": (lambda n: setattr(n, "out", Decoder(n.b)), "decoder 'out' reads 'b', which is hidden"),
    "monitor": (lambda n: setattr(n, "seen", StateMonitor(n.b)), "monitor watches 'b', which is hidden"),
    "monitor of a connection": (lambda n: setattr(n, "seen", StateMonitor(n.ab, "weight")), "monitor watches 'ab'"),
    "learner": (lambda n: setattr(n, "learner", STCA(0.5, n.b)), "learner is to train 'b', which is hidden"),
    "learner of two": (lambda n: setattr(n, "learner", STCA(0.5, [n.a, n.b])), "learner is to train 'b'"),
    "stdp": (lambda n: setattr(n, "rule", STDP("full", n.ab)), "learner is to train 'ab'"),
}


@each_of("case", HIDDEN)
def test_nobody_reads_what_is_hidden(case):
    add, message = HIDDEN[case]
    net = abc()
    add(net)
    net.run(3.0)
    net.b.assembly_hide()
    for _ in range(2):
        with pytest.raises(ValueError, match=message):
            net.build()
    with pytest.raises(ValueError, match=message):
        net.run(3.0)
    net.b.assembly_show()
    net.run(3.0)


def test_what_is_hidden_may_have_readers_of_its_own():
    net = abc()
    net.sub = abc()
    net.sub.out, net.sub.seen, net.sub.rule = Decoder(net.sub.c), StateMonitor(net.sub.b), STDP("full", net.sub.bc)
    net.learner = STCA(0.5, net)  # of all, whatever is hidden
    net.sub.assembly_hide()
    assert net.run(2.0) is None and net.plan.monitors == [] and net.plan.rules == {} and net.plan.decoders == []
    net.sub.assembly_show()
    assert net.run(2.0).shape == (1, 2) and net.sub.seen.values.shape == (1, 3, 2)


def test_a_deleted_part_that_is_still_read_is_named():
    net = abc()
    net.out, net.seen = Decoder(net.b), StateMonitor(net.a)
    net.del_assembly(name="a")
    with pytest.raises(ValueError, match="monitor watches 'a', which is hidden or not in this network: delete"):
        net.run(1.0)
    del net.seen
    net.del_assembly(name="b")
    with pytest.raises(ValueError, match="decoder 'out' reads 'b', which is not in this network"):
        net.run(1.0)
    del net.out
    assert net.run(1.0) is None
    net.far = Connection(net.c, NeuronGroup(2, name="elsewhere"))
    with pytest.raises(ValueError, match="'far' ends at 'elsewhere', which is not in this network: add it first"):
        net.run(1.0)


# ---------------------------------------------------------------- loops without delay


def test_a_loop_without_delay_is_named():
    net = abc()
    net.x = NeuronGroup(3)
    net.ba, net.bb = Connection(net.b, net.a, delay=0), Connection(net.b, net.b)
    net.run(2.0)  # the loop has a step of delay
    net.del_connection(name="ab")
    net.ab = Connection(net.a, net.b, delay=0)
    with pytest.raises(ValueError, match=r"(a -> b -> a|b -> a -> b) is a loop without delay.*delay=1"):
        net.build()
    net.ab.delay = 1
    net.build().run(2.0)
    net.bb.delay = 0
    with pytest.raises(ValueError, match="b -> b is a loop without delay"):
        net.run(2.0)
    with pytest.raises(ValueError, match="loop without delay"):
        net.build(stepped=True)


@each_of("delay", [-1, 1.5, "1", True, None])
def test_delays_are_whole_numbers(delay):
    net = abc()
    with pytest.raises((TypeError, ValueError), match="delay"):
        Connection(net.a, net.b, delay=delay)
    with pytest.raises((TypeError, ValueError), match="delay"):
        net.ab.delay = delay
    assert net.ab.delay == 1


# ---------------------------------------------------------------- the same as unroll and as stepping


class Shift(nn.Module):
    """Everything one step later, for trains [T, N, n]."""

    def forward(self, x):
        return torch.cat([torch.zeros_like(x[:1]), x[:-1]])


NEURONS = {
    "if": lambda g: neuron.IFNode(surrogate=g, detach_reset=True),
    "lif": lambda g: neuron.DeltaLIFNode(8.0, surrogate=g, detach_reset=True),
    "clif": lambda g: neuron.CLIFNode(surrogate=g),
    "izh": lambda g: neuron.IzhikevichNode(surrogate=g),
}


@each_of("model", NEURONS)
def test_feed_forward_without_delay_is_unroll(model):
    torch.manual_seed(1)
    factor = {"izh": 60.0, "clif": 2.0}.get(model, 1.0)
    net = Network()
    net.input = Encoder(4, "null")
    net.layer1, net.layer2 = NeuronGroup(5, model), NeuronGroup(3, model)
    net.con1 = Connection(net.input, net.layer1, delay=0, w_mean=0.3 * factor, w_std=0.3, bias=True)
    net.con2 = Connection(net.layer1, net.layer2, delay=0, w_mean=0.4 * factor, w_std=0.3)
    net.output = Decoder(net.layer2, "null")
    net.learner = STCA(0.5, net)
    x = (torch.rand(6, 15, 4) < 0.5).float()
    net.input(x)
    out = net.run(15.0)
    g = surrogate.BilinearLeakyReLU(1.0, 0.0, 0.5)
    one, two = nn.Linear(4, 5), nn.Linear(5, 3, bias=False)
    plain = nn.Sequential(one, NEURONS[model](g), two, NEURONS[model](g))
    with torch.no_grad():
        one.weight.copy_(net.con1.weight), one.bias.zero_(), two.weight.copy_(net.con2.weight)
    want = functional.unroll(plain, x.transpose(0, 1))
    assert torch.equal(out, want) and want.sum() > 0
    weights = torch.rand_like(out)
    (out * weights).sum().backward(), (want * weights).sum().backward()
    for p, q in [(net.con1.weight, one.weight), (net.con1.bias, one.bias), (net.con2.weight, two.weight)]:
        torch.testing.assert_close(p.grad, q.grad)


def drawn(seed):
    """A random network: loops, loops of one, delays 0 to 3, several inputs, masks, biases, models mixed, nested."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    net = Network()
    net.sub = Assembly()
    encoders = []
    for k in range(rng.randint(1, 3)):
        encoding = rng.choice(["null", "null", "latency"])
        net.add_assembly(f"in{k}", Encoder(rng.randint(1, 4), encoding))
        encoders.append(net.at(f"in{k}"))
    groups = []
    for k in range(rng.randint(1, 6)):
        home = rng.choice([net, net, net.sub])
        home.add_assembly(f"g{k}", NeuronGroup(rng.randint(1, 4), rng.choice(["if", "lif", "lif", "clif"])))
        groups.append(getattr(home, f"g{k}"))
    order = {g: k for k, g in enumerate(groups)}
    for k in range(rng.randint(len(groups), 3 * len(groups) + 2)):
        pre, post = rng.choice([*encoders, *groups]), rng.choice(groups)
        forward = pre in encoders or order[pre] < order[post]
        link = rng.choice(["full", "full", "sparse", "random"] + ["one_to_one"] * (pre.num == post.num))
        more = {"sparse": {"density": 0.6}, "random": {"probability": 0.6}}.get(link, {})
        factor = 3.0 if post.neuron_model == "clif" else 1.0
        more |= {"w_mean": 0.5 * factor} if link == "one_to_one" else {"w_mean": 0.3 * factor, "w_std": 0.4 * factor}
        con = Connection(pre, post, link, delay=rng.randint(0 if forward else 1, 3),
                         bias=torch.randn(post.num) * 0.1 if rng.random() < 0.3 else None, **more)  # fmt: skip
        net.add_connection(f"con{k}", con)
    net.output = Decoder(groups[-1], rng.choice(["spike_counts", "null"]))
    net.learner = STCA(0.5, net)
    if rng.random() < 0.2:
        rng.choice(groups[:-1] or [net.sub]).assembly_hide()
    T, N = rng.choice([1, 2, 5, 8, 20]), rng.randint(1, 3)  # 20: CLIF takes 16 steps at a time

    def data():
        trains = {e: (torch.rand(N, T, e.num) < 0.4).float() for e in encoders if e.encoding == "null"}
        return {e.address(): trains.get(e, torch.rand(N, e.num)) for e in encoders}

    return net, float(T), data(), data()


@pytest.mark.parametrize("first", range(0, 60, 15))
def test_the_plan_is_what_stepping_every_group_computes(first):
    spikes = 0.0
    for seed in range(first, first + 15):
        net, T, x, again = drawn(seed)
        fused = outcome(net.build(stepped=False), x, T, again)
        stepped = outcome(net.build(stepped=True), x, T, again)
        try:
            assert_same(fused, stepped, 1e-4)
            kept = fused["out 0"]
            assert torch.equal(kept, stepped["out 0"])
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}\n{net.plan}") from error
        spikes += kept.sum().item()
    assert spikes > 0


@each_of("seed", range(12))
def test_running_in_pieces_is_running_at_once(seed):
    net, _, x, _ = drawn(seed)
    T = 9
    for e in net.plan.encoders:
        e.encoding = "null"
        x[e.address()] = (torch.rand(2, T, e.num) < 0.4).float()
    net.output.decoding = "null"
    net.feed(x)
    whole = net.run(float(T))
    parts, state = [], {n: v for n, v in outcome_states(net).items()}
    for k, (low, high) in enumerate([(0, 1), (1, 2), (2, 6), (6, 9)]):
        net.feed({name: trains[:, low:high] for name, trains in x.items()})
        parts.append((net.run if k == 0 else net.run_continue)(float(high - low)))
    assert torch.equal(torch.cat(parts), whole)
    for name, value in outcome_states(net).items():
        torch.testing.assert_close(value, state[name], msg=lambda said, name=name: f"{name}: {said}")


def outcome_states(net):
    return {f"{net.plan.paths[g]}.{v}": getattr(g.neuron, v) for g in net.plan.groups for v in g.neuron._initial}


# ---------------------------------------------------------------- sparse input


@each_of("delay, bias, T", [(1, None, 8), (0, None, 8), (3, True, 8), (2, None, 2), (5, None, 3), (1, True, 1)])
def test_latency_events_are_the_dense_trains(delay, bias, T):
    torch.manual_seed(delay)
    net = two_layers("lif", bias=bias, delay=delay)
    net.learner = STCA(0.5, net)
    net.input.encoding = "latency"
    x, again = torch.rand(4, 3), torch.rand(4, 3)
    dense = [torch.stack([net_input(net, data, T)]).squeeze(0) for data in (x, again)]
    net.input.encoding = "latency"
    sparse = outcome(net, x, float(T), again)
    net.input.encoding = "null"
    plain = outcome(net, dense[0], float(T), dense[1])
    assert_same(sparse, plain, 1e-6)


def net_input(net, data, T):
    net.input(data)
    return net.input.encode(T, 1.0, torch.zeros(())).dense().transpose(0, 1)


def test_sparse_into_a_convolution_and_into_a_learning_connection():
    torch.manual_seed(0)
    net = Network()
    net.input = Encoder(shape=[1, 4, 4], encoding="latency")
    net.maps = NeuronGroup(shape=[2, 2, 2])
    net.con = Connection(net.input, net.maps, "conv", kernel_size=3, w_mean=0.3, w_std=0.2)
    net.output = Decoder(net.maps)
    net.learner = STCA(0.5, net)
    x = torch.rand(3, 1, 4, 4)
    sparse = outcome(net, x, 6.0)
    net.input(x)
    dense = net.input.encode(6, 1.0, torch.zeros(())).dense().transpose(0, 1)
    net.input.encoding = "null"
    assert_same(sparse, outcome(net, dense, 6.0), 1e-6)


# ---------------------------------------------------------------- large ones


def calls(act):
    """How many functions are called."""
    count = 0

    def see(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(see)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def large(groups, factor=3):
    rng = random.Random(0)
    net = Network()
    with net:
        made = [NeuronGroup(2) for _ in range(groups)]
        for k in range(1, groups):
            Connection(made[k - 1], made[k])
        for _ in range((factor - 1) * groups):
            Connection(rng.choice(made), rng.choice(made))
    return net


def test_many_groups_cost_in_proportion():
    nets, costs = [], []
    for n in (250, 1000):
        costs.append([calls(lambda n=n: nets.append(large(n))), calls(lambda: nets[-1].build())])
    for few, many in zip(*costs, strict=True):
        assert many < 4.6 * few, costs
    net = large(1000)
    assert len(net.paths()) == 4000 - 1 and math.isfinite(net.build(stepped=True).plan.reach[net.neurongroup])


def test_a_long_chain_has_no_limit_of_depth():
    net = Network()
    net.input = Encoder(1, "null")
    last = net.input
    for k in range(1200):
        net.add_assembly(f"g{k}", group := NeuronGroup(1))
        net.add_connection(f"c{k}", Connection(last, group, delay=0, weight=[[1.0]]))
        last = group
    net.output = Decoder(last)
    net.learner = STCA(0.5, net)
    out = net.build()(torch.ones(1, 1, 1)) if net.set_runtime(1.0) is None else None
    assert out.item() == 1
    out.sum().backward()
    assert net.c0.weight.grad.item() == 1


@each_of("edit", [
    lambda n: n.del_connection(n.connection_5), lambda n: n.del_connection(name="connection_6"),
    lambda n: n.add_assembly("more", NeuronGroup(2)), lambda n: n.del_assembly(n.neurongroup_7),
    lambda n: n.add_connection("extra", Connection(n.neurongroup_8, n.neurongroup_9)),
    lambda n: n.neurongroup_3.assembly_hide(), lambda n: n.copy_assembly("twin", n.neurongroup_4),
    lambda n: n.del_assembly(name="neurongroup_7"),
    lambda n: n.replace_assembly("neurongroup_3", NeuronGroup(n.neurongroup_3.num)),
])  # fmt: skip
def test_an_edit_touches_only_what_it_ends_at(edit):
    few, many = (calls(lambda n=n: edit(n)) for n in (large(30), large(300)))
    assert many <= few + 200  # a few more connections may end there
