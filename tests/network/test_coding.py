"""Encoders and decoders: against the course's own, the contract's vector, and cases worked by hand."""

import math

import pytest
import torch
from nets import S, two_layers
from together import each_of

from course_snn import encoding
from course_snn.network import Backend, Connection, Decoder, Encoder, Network, NeuronGroup, StateMonitor


def read(decoding, model="lif"):
    net = two_layers(model)
    net.output.decoding = decoding
    net.input(S)
    return net.run()


LAYER2 = torch.tensor([[int(c) for c in row] for row in ("000101011011", "000000001000")]).float()
V2 = torch.tensor([
    [0, 0, 0.94, 0, 0.94, 0, 0.53, 0, 0, 0.94, 0, 0],
    [0, 0, -0.41, 0.49818, 0.02964, -0.38384, 0.93126, 0.41183, 0, -0.41, -0.77182, 0.17887],
])  # fmt: skip


@each_of("decoding, want", [
    ("spike_counts", LAYER2.sum(1)), ("spike_rates", LAYER2.sum(1) / 12), ("first_spike", torch.tensor([3, 8])),
    ("voltage_sum", V2.sum(1)), ("final_step_voltage", V2[:, -1]), ("null", LAYER2.t()),
])  # fmt: skip
def test_decoders_of_the_contract(decoding, want):
    out = read(decoding)
    out = out[:, 0] if decoding == "null" else out[0]
    torch.testing.assert_close(out.float(), want.float(), atol=2e-5, rtol=0)


def test_the_spikes_and_voltages_of_the_contract():
    net = two_layers("lif")
    net.o1, net.v1 = StateMonitor(net.layer1), StateMonitor(net.layer1, "V")
    net.o2, net.v2 = StateMonitor(net.layer2), StateMonitor(net.layer2, "V")
    net.input(S)
    net.run()
    rows = torch.tensor([[int(c) for c in row] for row in ("011110111111", "001001010010")]).float()
    v1 = torch.tensor([[0, 0, 0, 0, 0, 0.62, 0, 0, 0, 0, 0, 0],
                       [0, 0.22, 0, 0.41, 0.58182, 0, 0.41, 0, 0.22, 0.60415, 0, 0.22]])  # fmt: skip
    assert torch.equal(net.o1.values[0], rows) and torch.equal(net.o2.values[0], LAYER2)
    torch.testing.assert_close(net.v1.values[0], v1, atol=1e-5, rtol=0)
    torch.testing.assert_close(net.v2.values[0], V2, atol=1e-5, rtol=0)
    net = two_layers("if")
    net.v1, net.o1 = StateMonitor(net.layer1, "v"), StateMonitor(net.layer1, "o")
    net.input(S)
    net.run()
    v1 = torch.tensor([[0, 0, 0, 0, 0, 0.62, 0, 0, 0, 0, 0, 0],
                       [0, 0.22, 0, 0.41, 0.63, 0, 0.41, 0, 0.22, 0.63, 0, 0.22]])  # fmt: skip
    torch.testing.assert_close(net.v1.values[0], v1, atol=1e-5, rtol=0)
    assert torch.equal(net.o1.values[0], rows)


def test_clif_of_the_contract():
    net = two_layers("clif", factor=6.0, V0=1.0)
    net.v1, net.o1, net.v2 = StateMonitor(net.layer1, "V"), StateMonitor(net.layer1), StateMonitor(net.layer2, "V")
    net.input(S)
    assert net.run().tolist() == [[4, 0]]
    v1 = torch.tensor([
        [0, 0, 0.27935, 0.74009, 1.42939, 1.25498, 1.09257, 1.12177, 1.21861, 1.41033, 1.71826, 2.03027],
        [0, 0, 0.04956, 0.46557, 0.89133, 1.27821, 0.78983, 1.32956, 1.12938, 0.85507, 1.56391, 1.49496],
    ])  # fmt: skip
    v2 = torch.tensor([0, 0, 0, 0, 0, 0, 0.21177, 0.71289, 1.32484, 1.14042, 1.16246, 1.23037])
    torch.testing.assert_close(net.v1.values[0], v1, atol=1e-5, rtol=0)
    torch.testing.assert_close(net.v2.values[0, 0], v2, atol=1e-5, rtol=0)
    assert ["".join(str(int(s)) for s in row) for row in net.o1.values[0]] == ["000011111111", "000001011011"]
    assert pytest.approx(6.75) == two_layers("clif").layer1.neuron.V0
    pulse = Network()
    pulse.input, pulse.group = Encoder(1, "null"), NeuronGroup(1, "clif", V0=1.0)
    pulse.con = Connection(pulse.input, pulse.group, weight=[[4.8]])
    pulse.m, pulse.s, pulse.v = (StateMonitor(pulse.group, var) for var in "MSV")
    pulse.input(torch.tensor([[[1.0]] + [[0.0]] * 6]))
    pulse.run(7.0)
    close = dict(atol=1e-5, rtol=0)
    torch.testing.assert_close(pulse.m.values[0, 0, 1:4], torch.tensor([4.8, 4.41621, 4.06311]), **close)
    torch.testing.assert_close(pulse.s.values[0, 0, 1:4], torch.tensor([4.8, 4.23599, 3.73824]), **close)
    v = torch.tensor([0, 0.18023, 0.32487, 0.43926, 0.528, 0.5951])
    torch.testing.assert_close(pulse.v.values[0, 0, 1:], v, **close)


def test_first_spike_is_the_courses_own():
    torch.manual_seed(0)
    net = Network()
    net.group = NeuronGroup(5, "if")
    net.input = Encoder(5, "null")
    net.con = Connection(net.input, net.group, "one_to_one", w_mean=1.0, delay=0)
    net.out = Decoder(net.group, "first_spike")
    spikes = (torch.rand(4, 6, 5) < 0.1).float()
    net.input(spikes)
    out = net.run(6.0)
    for sample, row in zip(spikes, out, strict=True):
        for k in range(5):
            steps = [t for t in range(6) if sample[t, k]]
            assert row[k] == (steps[0] if steps else 6)
    assert torch.equal(net.out.scores.argmax(-1)[0], out.argmin(-1))


def test_a_decoder_says_what_it_reads():
    net = two_layers()
    assert "layer2" in repr(net.output) and net.output.num == 2 and net.output.predict is None
    assert Decoder(target=net.layer2, decoding="spike_counts", num=2).target is net.layer2
    for given, error, message in [
        (dict(), ValueError, r"Decoder reads a group: Decoder\(target=net.layer2\), got NoneType"),
        (dict(target=net), ValueError, "got Network"),
        (dict(target=net.input), ValueError, "got Encoder"),
        (dict(target=net.layer2, num=3), ValueError, "layer2 has 2 neurons, but num=3"),
        (dict(target=net.layer2, decoding="spike_count"), ValueError, "'spike_count'. Did you mean 'spike_counts'"),
        (dict(dec_target=net.layer2), TypeError, "Decoder calls 'dec_target' 'target'"),
        (dict(target=net.layer2, coding_method="spike_counts"), TypeError, "Decoder calls 'coding_method'"),
        (dict(target=net.layer2, decodng="x"), TypeError, "has no parameter 'decodng'. Did you mean 'decoding'"),
    ]:
        with pytest.raises(error, match=message):
            Decoder(**given)


# ---------------------------------------------------------------- encoders


@each_of("T", [1, 2, 12, 30])
def test_latency_is_the_courses_own(T):
    torch.manual_seed(0)
    net = two_layers()
    net.input.encoding = "latency"
    net.seen = StateMonitor(net.input)
    x = torch.rand(5, 3)
    net.input(x)
    net.run(float(T))
    times = encoding.LatencyEncoder(T).times(x)
    assert torch.equal(net.seen.values.argmax(-1), times) and (net.seen.values.sum(-1) == 1).all()


def test_a_samples_code_does_not_depend_on_its_neighbours():
    net = two_layers()
    net.input.encoding = "latency"
    net.seen = StateMonitor(net.input)
    net.input(torch.tensor([[1.0, 0.5, 0.0]]))
    net.run()
    alone = net.seen.values
    net.input(torch.tensor([[1.0, 0.5, 0.0], [0.2, 0.3, 0.4]]))
    net.run()
    assert torch.equal(net.seen.values[:1], alone) and alone.argmax(-1).tolist() == [[0, 6, 11]]


def test_poisson_has_the_rate_of_its_input():
    torch.manual_seed(0)
    net = Network()
    net.input = Encoder(3, "poisson")
    net.seen = StateMonitor(net.input)
    x = torch.tensor([[0.0, 0.3, 1.0]])
    net.input(x)
    net.run(4000.0)
    assert torch.allclose(net.seen.values.mean(-1), x, atol=0.03)
    net.build(Backend(dt=0.1))
    net.run(400.0)
    assert torch.allclose(net.seen.values.mean(-1), 0.1 * x, atol=0.02)
    half = Network()
    half.input = Encoder(3, "poisson", unit_conversion=0.5)
    half.seen = StateMonitor(half.input)
    half.input(x)
    half.run(2000.0)
    assert torch.allclose(half.seen.values.mean(-1), 0.5 * x, atol=0.03)
    one = half.seen.values
    half.run(2000.0)
    assert not torch.equal(half.seen.values, one)  # anew in each run


def test_null_takes_trains_as_they_are():
    net = two_layers()
    net.seen = StateMonitor(net.input)
    for data in (S, S.bool(), S.int(), S.double(), S.numpy(), S.tolist()):
        net.input(data)
        net.run()
        assert torch.equal(net.seen.values[0], S[0].t()) and net.seen.values.dtype == torch.float32


def test_pictures_are_flattened():
    net = Network()
    net.input = Encoder(shape=[1, 2, 3], encoding="latency")
    net.seen = StateMonitor(net.input)
    x = torch.rand(4, 1, 2, 3)
    net.input(x)
    net.run(5.0)
    pictures = net.seen.values
    net.input(x.view(4, 6))
    net.run(5.0)
    assert net.input.num == 6 and torch.equal(net.seen.values, pictures) and pictures.shape == (4, 6, 5)


@each_of("given, error, message", [
    (dict(num=0), ValueError, "num"), (dict(), TypeError, "needs num"), (dict(num=2.5), (TypeError, ValueError), "num"),
    (dict(num=3, shape=[2, 2]), ValueError, r"shape=\[2, 2\] holds 4 neurons, but num=3"),
    (dict(num=3, encoding="latncy"), ValueError, "no encoding 'latncy'. Did you mean 'latency'"),
    (dict(num=3, coding_method="poisson"), TypeError, "Encoder calls 'coding_method' 'encoding'"),
    (dict(num=3, encoding="poisson", unit=2), TypeError, "no parameter 'unit'.*It takes unit_conversion"),
    (dict(num=3, encoding="latency", dt=2), TypeError, "no parameter 'dt'.*takes no parameters"),
    (dict(num=3, encodin="null"), TypeError, "no parameter 'encodin'. Did you mean 'encoding'"),
    (dict(num=3, encoding="poisson", param={"unit_conversoin": 1}), TypeError, "Did you mean 'unit_conversion'"),
])  # fmt: skip
def test_encoder_errors(given, error, message):
    with pytest.raises(error, match=message):
        Encoder(**given)


@each_of("data, message", [
    (torch.zeros(2, 4), r"input takes \[N, 3\], got \[2, 4\]"), (torch.zeros(0, 12, 3), r"got \[0, 12, 3\]"),
    (torch.zeros(2, 3, dtype=torch.uint8), "numbers, got bytes"), (torch.tensor(1.0), r"got \[\]"),
])  # fmt: skip
def test_data_that_do_not_fit(data, message):
    net = two_layers()
    with pytest.raises(ValueError, match=message):
        net.input(data)


def test_trains_of_another_length():
    net = two_layers()
    for data, got in ((S[:, :5], r"\[1, 5, 3\]"), (torch.zeros(2, 3), r"\[2, 3\]")):
        net.input(data)
        with pytest.raises(ValueError, match=rf"trains \[N, T, num\] with T = 12 steps, got {got}"):
            net.run()


@each_of("x", [-0.5, 1.5, math.nan])
def test_numbers_that_no_code_takes(x):
    for name in ("latency", "poisson"):
        net = two_layers()
        net.input.encoding = name
        net.input(torch.full((1, 3), x))
        if name == "latency" or math.isnan(x) or x < 0:
            with pytest.raises(ValueError):
                net.run()
