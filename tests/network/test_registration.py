"""Models, encoders, decoders, links and policies of one's own, in a few lines, are as good as the built-in ones."""

import copy

import pytest
import torch
from nets import labelled
from together import each_of

from course_snn import network as spaic
from course_snn import neuron
from course_snn.network import (
    STCA,
    STDP,
    Adam,
    Backend,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    Projection,
    StateMonitor,
    Wiring,
    decoder_type,
    encoder_type,
    link_type,
    neuron_model,
    policy,
)
from course_snn.network.coding import DECODINGS, ENCODINGS
from course_snn.network.connection import POLICIES
from course_snn.network.links import LINKS
from course_snn.network.parts import MODELS
from course_snn.network.saving import NetworkFileError

TABLES = MODELS, ENCODINGS, DECODINGS, LINKS, POLICIES


@pytest.fixture(autouse=True)
def _own():
    """The registrations of a learner, undone after each test."""
    before = [dict(table) for table in TABLES]

    @neuron_model("qif")
    class Quadratic(neuron.Neuron):
        def __init__(self, a=0.1, v_th=1.0):
            super().__init__(v_th)
            self.a = a

        def charge(self, v, x):
            return v + self.a * v * v + x

    @neuron_model("learner")
    def learner(dt, tau=5.0, v_th=1.0):
        node = neuron.PLIFNode(tau / dt, v_threshold=v_th)
        node.begun = dt
        return node

    @encoder_type("burst")
    def burst(x, T, dt, width=2.0):
        steps = int(width / dt)
        return (torch.arange(T)[:, None, None] < steps) * (x > 0.5)[None]

    @decoder_type("last")
    def last(spikes):
        return spikes[-1]

    @decoder_type("mean_v")
    def mean_v(voltages):
        return voltages.mean(0)

    @link_type("ring")
    def ring(pre, post, reach=1, weight_of=0.5):
        i, j = torch.arange(post.num)[:, None], torch.arange(pre.num)
        near = ((i - j).abs() <= reach).float()
        return weight_of * near, near

    @link_type("shift")
    def shift(pre, post):
        return Wiring(torch.ones(1), None, lambda s, w, b: w * s.roll(1, 1))

    @policy("larger")
    def larger(pre, post):
        return post.num > pre.num

    yield
    for table, old in zip(TABLES, before, strict=True):
        table.clear()
        table.update(old)


def own():
    torch.manual_seed(0)
    net = Network()
    net.input = Encoder(5, "burst", width=3.0)
    net.one, net.two = NeuronGroup(5, "qif", a=0.2), NeuronGroup(6, "learner", tau=4.0, v_th=0.8)
    net.con = Connection(net.input, net.one, "ring", reach=1, weight_of=0.4, delay=0)
    net.turn = Connection(net.one, net.one, "shift")
    net.all = Projection(net.one, net.two, "larger", w_mean=0.5)
    net.last, net.mean = Decoder(net.two, "last"), Decoder(net.two, "mean_v")
    net.learner, net.optim = STCA(0.5, net), Adam(0.02)
    net.set_runtime(6.0)
    return net


def test_they_run_stepped_or_not_and_come_back_from_files(tmp_path):
    net, x = own(), torch.rand(4, 5)
    net.feed(x)
    out = net.run()
    assert out["last"].shape == (4, 6) and out["mean"].abs().sum() > 0
    for other in (Network.load(net.save(tmp_path / "own")), copy.deepcopy(net), net.build(stepped=True)):
        other.feed(x)
        again = other.run()
        assert all(torch.allclose(again[name], out[name], atol=1e-6) for name in out)
        assert repr(other.two) == repr(net.two) and "'learner'" in repr(net.two)


def test_a_file_whose_models_are_not_here(tmp_path):
    path = own().save(tmp_path / "own")
    for table, name in ((MODELS, "qif"), (ENCODINGS, "burst"), (DECODINGS, "last"), (LINKS, "ring")):
        kept = table.pop(name)
        with pytest.raises(NetworkFileError, match=rf"own.pt holds .* no \w+ '{name}'.*register it first"):
            Network.load(path)
        table[name] = kept
    POLICIES.pop("larger")  # the pairs are in the file
    Network.load(path)


def test_masks_of_own_links_hold_and_learn():
    net = own()
    absent = net.con.weight == 0
    net.mean.assembly_hide()
    x, labels = labelled(16, 5, 5)
    net.fit(
        (x, labels), epochs=2, batch_size=8, progress=False, loss=lambda out, y: out.mean() + net.one.neuron.v.mean()
    )
    assert absent.any() and not net.con.weight[absent].any() and net.con.mask.sum() == 13
    net.rule = STDP("full", net.turn, Apost=0.1, w_max=2.0)
    net.train()
    net(x)
    assert net.turn.weight.shape == (1,)


def test_what_a_model_has_learnt_survives_another_time_step(tmp_path):
    net = own()
    with torch.no_grad():
        net.two.neuron.w.fill_(0.25)
    net.build(Backend(dt=0.5))
    assert net.two.neuron.begun == 0.5 and net.two.neuron.w.item() == 0.25
    twin = Network.load(net.save(tmp_path / "own"))
    twin.build()
    assert twin.two.neuron.w.item() == 0.25 and twin.two.neuron.begun == 0.5
    net.double().build(Backend(dt=1.0))
    assert net.two.neuron.w.dtype == torch.float64 and net.two.neuron.w in set(net.learner.parameters())


@each_of(
    "make, error, message",
    [
        (lambda: NeuronGroup(2, "qif", b=1), TypeError, r"neuron_model='qif'\) has no parameter 'b'.*It takes a, v_th"),
        (
            lambda: NeuronGroup(2, "learner", tua=1),
            TypeError,
            "no parameter 'tua'. Did you mean 'tau'.*It takes tau, v_th",
        ),
        (lambda: NeuronGroup(2, "learner", dt=1), TypeError, "no parameter 'dt'"),
        (
            lambda: NeuronGroup(2, "qiv"),
            ValueError,
            "no neuron_model 'qiv'. Did you mean 'qif'.*if, lif, clif, izh, qif, learner",
        ),
        (lambda: Encoder(2, "burst", wdith=1), TypeError, "no parameter 'wdith'. Did you mean 'width'.*It takes width"),
        (lambda: Encoder(2, "brust"), ValueError, "no encoding 'brust'. Did you mean 'burst'"),
        (lambda: Connection(own().one, own().two, "ring", reech=1), TypeError, "'reech'. Did you mean 'reach'"),
        (lambda: Projection(own().one, own().two, "lager"), ValueError, "no policy 'lager'. Did you mean 'larger'"),
        (lambda: Decoder(own().two, "lst"), ValueError, "no decoding 'lst'. Did you mean 'last'"),
    ],
)
def test_their_errors_are_those_of_built_in_ones(make, error, message):
    with pytest.raises(error, match=message):
        make()


@each_of("register, what", [(neuron_model, "lif"), (encoder_type, "latency"), (decoder_type, "spike_counts"),
                            (link_type, "full"), (policy, "every")])  # fmt: skip
def test_names(register, what):
    with pytest.raises(ValueError, match=f"{register.__name__} '{what}' is built in: choose another name"):
        register(what)(lambda: None)
    for bad in ("", None, lambda: None):
        with pytest.raises(ValueError, match="needs a name, such as @network"):
            register(bad)
    register("mine")(first := lambda x: x)
    again = register("mine")(lambda x: x)  # a notebook's cell, run again
    assert any(table.get("mine") is again for table in TABLES)


def test_what_they_return_is_checked():
    @link_type("wrong")
    def wrong(pre, post):
        return "weights"

    @link_type("shape")
    def shape(pre, post):
        return torch.ones(2, 2)

    @neuron_model("none")
    def none():
        return torch.nn.ReLU()

    @encoder_type("flat")
    def flat(x, T):
        return x

    @encoder_type("words")
    def words(x, T):
        return "spikes"

    a, b = NeuronGroup(2), NeuronGroup(3)
    with pytest.raises(TypeError, match=r"link_type 'wrong' must return weights \[post, pre\]"):
        Connection(a, b, "wrong")
    with pytest.raises(ValueError, match=r"link_type 'shape' must give weights \[post, pre\] = \[3, 2\], got \[2, 2\]"):
        Connection(a, b, "shape")
    with pytest.raises(TypeError, match=r"neuron_model 'none' must give a neuron.Neuron, got ReLU"):
        NeuronGroup(2, "none")
    for name, got in (("flat", r"\[4, 2\]"), ("words", "str")):
        net = Network()
        net.input = Encoder(2, name)
        net.input(torch.rand(4, 2))
        with pytest.raises(
            ValueError, match=rf"encoding '{name}' must give spikes \[T, N, num\] = \[3, 4, 2\], got {got}"
        ):
            net.run(3.0)


def test_own_ones_in_a_with_block_and_under_the_alias():
    with Network() as net:
        input = spaic.Encoder(3, "burst")
        group = spaic.NeuronGroup(3, "qif")
        con = spaic.Connection(input, group, "ring", weight_of=0.2)
        seen = StateMonitor(group, "V")
    net.input(torch.ones(2, 3))
    net.run(4.0)
    assert net.con is con and seen.values.shape == (2, 3, 4) and seen.values.any()
