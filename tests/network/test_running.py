"""Runs: delays worked by hand, biases, what is left for the next run, batches of other sizes, ends of every kind."""

import copy

import pytest
import torch
from nets import W1, S, abc, assert_same, outcome, small, two_layers
from together import each_of

from course_snn import functional
from course_snn.network import (
    STCA,
    Backend,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    StateMonitor,
    link_type,
)
from course_snn.network.links import LINKS, Wiring


def line(delay=1, bias=None, threshold=10.0, weight=1.0):
    """One input, one neuron that counts what arrives."""
    net = Network()
    net.input, net.group = Encoder(1, "null"), NeuronGroup(1, "if", v_th=threshold)
    net.con = Connection(net.input, net.group, delay=delay, weight=[[weight]], bias=bias)
    net.output = Decoder(net.group)
    net.current = StateMonitor(net.group, "Isyn")
    return net


def train(text):
    return torch.tensor([[float(c)] for c in text])[None]


def seen(monitor):
    return [round(v, 5) for v in monitor.values[0, 0].tolist()]


# ---------------------------------------------------------------- delays


@each_of("delay, arrives", [(0, "1100100"), (1, "0110010"), (3, "0001100"), (6, "0000001"), (7, "0000000"),
                            (50, "0000000")])  # fmt: skip
def test_a_spike_takes_delay_steps(delay, arrives):
    for stepped in (False, True):
        net = line(delay).build(stepped=stepped)
        net.input(train("1100100"))
        net.run(7.0)
        assert seen(net.current) == [float(c) for c in arrives]


@each_of("delay", [0, 1, 3, 7, 10, 50])
def test_what_is_on_its_way_arrives_in_the_next_run(delay):
    for stepped, runs in [
        (False, (7, 7, 7, 7)),
        (True, (7, 7, 7, 7)),
        (False, (2, 1, 1, 3, 21)),
        (True, (1, 1, 5, 7, 14)),
    ]:
        net, spikes = line(delay).build(stepped=stepped), "1100100" + "0010000" * 3
        start = 0
        for k, T in enumerate(runs):
            net.input(train(spikes[start : start + T]))
            (net.run if k == 0 else net.run_continue)(float(T))
            start += T
        want = [0.0] * delay + [float(c) for c in spikes]
        assert seen(net.current) == want[:28]
        assert net.current.times.tolist() == [float(t) for t in range(1, 29)]


def test_each_layer_takes_one_step():
    net = Network()
    net.input, net.one, net.two = Encoder(1, "null"), NeuronGroup(1, "if"), NeuronGroup(1, "if")
    net.c1, net.c2 = (Connection(a, b, weight=[[1.0]]) for a, b in ((net.input, net.one), (net.one, net.two)))
    net.seen1, net.seen2 = StateMonitor(net.one), StateMonitor(net.two)
    net.input(train("10000"))
    net.run(5.0)
    assert seen(net.seen1) == [0, 1, 0, 0, 0] and seen(net.seen2) == [0, 0, 1, 0, 0]


def test_a_loop_by_hand():
    net = line(delay=0, threshold=1.0)
    net.back = Connection(net.group, net.group, delay=3, weight=[[1.0]])  # a spike comes again every three steps
    net.input(train("1000000000"))
    net.seen = StateMonitor(net.group)
    net.run(10.0)
    assert seen(net.seen) == [1, 0, 0, 1, 0, 0, 1, 0, 0, 1]
    net.input(train("0000"))
    net.run_continue(4.0)
    assert seen(net.seen)[10:] == [0, 0, 1, 0]


def test_two_connections_between_the_same_groups_add_up():
    net = line(delay=0, weight=0.25)
    net.late = Connection(net.input, net.group, delay=2, weight=[[0.5]], bias=[0.125])
    net.input(train("1010"))
    net.run(4.0)
    assert seen(net.current) == [0.375, 0.125, 0.875, 0.125]


# ---------------------------------------------------------------- biases, order of steps


def test_a_bias_enters_every_step_from_the_first_and_is_learnt():
    for stepped in (False, True):
        net = two_layers("lif", bias=[0.05, -0.1]).build(stepped=stepped)
        net.learner, net.seen = STCA(0.5, net), StateMonitor(net.layer1, "V")
        net.input(S)
        net.run().sum().backward()
        assert torch.allclose(net.seen.values[0, :, 0], torch.tensor([0.05, -0.1]))
        a = torch.exp(torch.tensor(-1 / 8))
        want = a * torch.tensor([0.05, -0.1]) + W1 @ S[0, 0] + torch.tensor([0.05, -0.1])
        assert torch.allclose(net.seen.values[0, 1, 1], want[1]) and net.con1.bias.grad.abs().sum() > 0


def test_state_monitors_and_runs_as_in_the_contract():
    net = Network()
    net.input, net.group = Encoder(1, "null"), NeuronGroup(1, "if")
    net.con = Connection(net.input, net.group, weight=[[0.3]])
    net.seen = StateMonitor(net.group, "V", nbatch=True)
    net.input(train("1101"))
    net.run(4.0)
    assert seen(net.seen) == [0, 0.3, 0.6, 0.6]
    for _ in range(2):
        net.input(train("1010"))
        net.run(4.0)
        assert seen(net.seen) == [0, 0.3, 0.3, 0.6] and net.seen.times.tolist() == [1, 2, 3, 4]
    net.run_continue(4.0)
    assert seen(net.seen) == [0, 0.3, 0.3, 0.6, 0.6, 0.9, 0.9, 0] and net.seen.times.tolist() == list(range(1, 9))
    assert len(net.seen.nbatch_values) == 3 and torch.equal(net.seen.nbatch_values[-1], net.seen.values)


# ---------------------------------------------------------------- other batches, edges


def test_batches_of_another_size():
    net = two_layers("lif", delay=2)
    for N in (3, 1, 4):
        net.input(S.repeat(N, 1, 1))
        assert net.run().shape == (N, 2)
    for stepped in (False, True):
        net.build(stepped=stepped)
        net.input(S.repeat(3, 1, 1))
        net.run()
        net.input(S)
        with pytest.raises(ValueError, match=r"batch of 1.*batch of 3.*run"):
            net.run_continue()
        assert net.run().shape == (1, 2)  # from rest


def test_several_inputs_of_one_batch_size():
    net = two_layers()
    net.more = Encoder(2, "null")
    net.extra = Connection(net.more, net.layer1)
    with pytest.raises(ValueError, match="input, more: give the data by name"):
        net.feed(S)
    with pytest.raises(ValueError, match=r"no encoder 'mor'\. Did you mean 'more'"):
        net.feed({"mor": S})
    net.feed({"input": S, "more": torch.zeros(2, 12, 2)})
    with pytest.raises(ValueError, match="'more' got a batch of 2, but the inputs before it 1"):
        net.run()
    net.feed({"more": torch.zeros(1, 12, 2)})
    assert net.run().tolist() == [[6, 1]]


def test_without_data_and_without_time():
    net = two_layers()
    with pytest.raises(ValueError, match=r"input: no data, call net.input\(x\) first"):
        net.run()
    net = Network()
    net.group = NeuronGroup(2)
    with pytest.raises(ValueError, match="how long"):
        net.run()
    for T, message in [
        (0, "run_time"),
        (-1.0, "run_time"),
        (0.5, "no multiple of dt"),
        ("x", "run_time"),
        (True, "run_time"),
    ]:
        with pytest.raises((TypeError, ValueError), match=message):
            net.run(T)
    assert net.run(3.0) is None and Network().run(2.0) is None


def test_groups_without_input_rest_or_drive_themselves():
    net = Network()
    net.group, net.free = NeuronGroup(3), NeuronGroup(2, "izh")
    net.seen, net.v = StateMonitor(net.group, "V"), StateMonitor(net.free, "V")
    net.run(5.0)
    assert net.seen.values.shape == (1, 3, 5) and not net.seen.values.any()
    assert torch.allclose(net.v.values[0, :, 0], torch.tensor(-82.0))  # the contract's first V
    net.own = Connection(net.group, net.group, weight=torch.zeros(3, 3), bias=[1.0, 0.5, 0.0])
    net.out = Decoder(net.group)
    assert net.run(4.0).tolist() == [[4, 1, 0]]


def test_one_step_one_neuron_one_sample():
    net = line(delay=0, threshold=1.0)
    net.input(train("1"))
    assert net.run(1.0).tolist() == [[1]] and net.run_continue(1.0).tolist() == [[1]]
    net = small()
    assert net(torch.rand(1, 6)).shape == (1, 3)
    net.set_runtime(1.0)
    assert net(torch.rand(2, 6)).shape == (2, 3)


def test_two_decoders_give_a_dict():
    net = two_layers()
    net.rates = Decoder(net.layer1, "spike_rates")
    net.input(S)
    out = net.run()
    assert list(out) == ["output", "rates"] and out["output"].tolist() == [[6, 1]] and net.rates.predict is out["rates"]


# ---------------------------------------------------------------- edits between runs


def test_after_an_edit_a_run_goes_on_where_it_was():
    edits = {
        "a monitor": lambda n: setattr(n, "seen", StateMonitor(n.layer2, "V")),
        "a group": lambda n: setattr(n, "lone", NeuronGroup(4)),
        "hide and show": lambda n: (n.layer1.assembly_hide(), n.layer1.assembly_show()),
        "a look at the plan": lambda n: (n.touch(), str(n.plan)),
        "a connection there and back": lambda n: (setattr(n, "x", Connection(n.layer2, n.layer1)), delattr(n, "x")),
    }
    for name, edit in edits.items():
        one, two = (two_layers("lif", delay=3) for _ in range(2))
        for net in (one, two):
            net.input(S)
            net.run(6.0) if False else net.run()
        edit(two)
        assert torch.equal(one.run_continue(), two.run_continue()), name


def test_a_longer_delay_between_runs():
    net = line(delay=1)
    net.input(train("1111"))
    net.run(4.0)
    net.con.delay = 3
    net.input(train("0000"))
    net.run_continue(4.0)
    assert seen(net.current)[4:] == [1, 1, 1, 0]
    net.con.delay = 0
    net.input(train("1000"))
    net.run_continue(4.0)
    assert seen(net.current)[8:] == [1, 0, 0, 0]


def test_a_replaced_group_begins_at_rest():
    net = two_layers("lif")
    net.input(S)
    net.run()
    net.replace_assembly("layer1", NeuronGroup(2, "lif"))
    net.seen = StateMonitor(net.layer1, "V")
    net.run_continue()
    assert net.seen.values.shape == (1, 2, 12)


def test_reset_net_forgets_everything():
    net = two_layers("clif", factor=3.0, delay=3)
    net.input(S)
    first = net.run()
    again = net.run_continue()
    functional.reset_net(net)
    assert not torch.is_tensor(net.layer1.neuron.v)
    assert torch.equal(net.run_continue(), first) and torch.equal(net.run_continue(), again)


def test_detach_net_cuts_a_run_off_from_those_before():
    for stepped in (False, True):
        net = two_layers("lif", delay=2).build(stepped=stepped)
        net.learner = STCA(0.5, net)
        net.input(S)
        net.run().sum().backward()
        functional.detach_net(net)
        before = net.con1.weight.grad.clone()
        net.run_continue().sum().backward()  # through this run only
        assert not torch.equal(net.con1.weight.grad, before)
        with pytest.raises(RuntimeError, match="second time"):
            net.run_continue().sum().backward()
    whole, cut = two_layers("lif"), two_layers("lif")
    whole.input(S), cut.input(S)
    assert torch.equal(whole.run(), cut.run())
    functional.detach_net(cut)
    assert torch.equal(whole.run_continue(), cut.run_continue())


def test_gradients_pass_from_one_run_to_the_next():
    torch.manual_seed(3)
    net, x = two_layers("lif", delay=2), (torch.rand(2, 24, 3) < 0.5).float()
    net.learner = STCA(0.5, net)
    net.output.decoding = "null"
    net.input(x)
    weights = torch.rand(24, 2, 2)
    (net.run(24.0) * weights).sum().backward()
    want = [p.grad.clone() for p in net.parameters()]
    net.zero_grad()
    net.input(x[:, :10])
    one = net.run(10.0)
    net.input(x[:, 10:])
    (torch.cat([one, net.run_continue(14.0)]) * weights).sum().backward()
    for p, grad in zip(net.parameters(), want, strict=True):
        torch.testing.assert_close(p.grad, grad)


# ---------------------------------------------------------------- precision, time steps, copies


def test_double_precision():
    net = two_layers("lif", bias=[0.05, -0.1]).to(torch.float64)
    net.learner = STCA(0.5, net)
    net.input(S)
    out = net.run()
    out.sum().backward()
    assert out.dtype == torch.float64 and net.con1.weight.grad.dtype == torch.float64
    net = small().double()
    assert net(torch.rand(2, 6)).dtype == torch.float64
    net = small(model="clif")
    net.layer1.neuron = copy.deepcopy(net.layer1.neuron)
    assert net.to(torch.float64)(torch.rand(2, 6, dtype=torch.float64)).dtype == torch.float64


def test_half_a_millisecond():
    net = Network()
    net.group = NeuronGroup(1, "lif", tau_m=4.0, v_th=100.0)
    net.own = Connection(net.group, net.group, weight=[[0.0]], bias=[1.0])
    net.seen = StateMonitor(net.group, "V")
    net.build(Backend(dt=0.5)).run(2.0)
    a = torch.exp(torch.tensor(-0.5 / 4.0)).item()
    want = torch.tensor([1.0, 1 + a, 1 + a + a**2, 1 + a + a**2 + a**3])
    assert torch.allclose(net.seen.values[0, 0], want) and net.seen.times.tolist() == [0.5, 1.0, 1.5, 2.0]
    net.late = NeuronGroup(1, "lif", tau_m=4.0)  # added after build
    net.run(2.0)
    assert net.late.neuron.dt == 0.5
    net.build(Backend(dt=1.0))
    net.run(2.0)
    assert net.late.neuron.dt == net.group.neuron.dt == 1.0 and len(net.seen.times) == 2


def test_copies_run_alike_and_apart():
    for model in ("if", "lif", "clif", "izh"):
        net = two_layers(model, factor=2.0)
        net.learner, net.seen = STCA(0.5, net), StateMonitor(net.layer1, "V")
        twin = copy.deepcopy(net)
        assert_same(outcome(net, S, 12.0), outcome(twin, S, 12.0))
        net.input(S)
        net.run().sum().backward()  # now there are states, spikes on their way, gradients
        again = copy.deepcopy(net)
        assert (
            again.learner.watches == (again,)
            and again.seen.target is again.layer1
            and again.output.target is again.layer2
        )
        assert_same(outcome(net, S, 12.0), outcome(again, S, 12.0))
        with torch.no_grad():
            again.con1.weight.zero_()
        assert net.con1.weight.any() and again.plan is not net.plan and again.run(12.0).sum() == 0


def test_a_copy_of_a_group_alone():
    net = abc()
    net.run(2.0)
    twin = copy.deepcopy(net.b)
    assert twin.owner is None and not twin.joins and twin.num == 3 and not torch.is_tensor(twin.neuron.v)
    net.twin = twin
    assert net.run(2.0) is None and net.twin.neuron is not net.b.neuron


def test_a_link_that_gives_something_for_nothing():
    @link_type("offset")
    def offset(pre, post):
        return Wiring(torch.ones(post.num, pre.num), None, lambda s, w, b: s @ w.t() + 0.25)

    try:
        for stepped in (False, True):
            net = Network()
            net.input, net.group = Encoder(1, "null"), NeuronGroup(1, "if", v_th=10.0)
            net.con = Connection(net.input, net.group, "offset", delay=2)
            net.current = StateMonitor(net.group, "Isyn")
            net.build(stepped=stepped).input(train("100"))
            net.run(3.0)
            assert seen(net.current) == [0.25, 0.25, 1.25]
    finally:
        del LINKS["offset"]


def test_a_seed_draws_the_same_runs_again():
    net = small(encoding="poisson").build(Backend(seed=3))
    x = torch.full((8, 6), 0.5)
    state = torch.get_rng_state()
    one = [net(x), net(x)]
    assert torch.equal(torch.get_rng_state(), state) and not torch.equal(*one)
    net.build()
    assert all(torch.equal(net(x), out) for out in one)
