"""Encoders: vectors, statistics, SpikingJelly as an independent implementation, playing step by step."""

import math

import pytest
import torch
from spikingjelly.activation_based import encoding as sj
from torch import nn

from course_snn import encoding, functional, neuron, training
from course_snn.monitor import Monitor


def steps(encoder, x, T):
    """Return T steps the way a simulation takes them."""
    first = encoder(x)
    if isinstance(encoder, encoding.TrainEncoder) and not isinstance(encoder, encoding.PeriodicEncoder):
        return torch.stack([encoder.step() for _ in range(T)])  # the call only lays out the train
    return torch.stack([first] + [encoder.step() for _ in range(T - 1)])


def periodic(*bits):
    return encoding.PeriodicEncoder(torch.tensor(bits, dtype=torch.bool))


# ---------------------------------------------------------------- each encoder


def test_constant():
    x = torch.tensor([0.0, 1.0, -2.0, 0.1])
    assert encoding.ConstantEncoder()(x).tolist() == [False, True, False, True]
    assert encoding.ConstantEncoder()(torch.tensor([True, False])).tolist() == [True, False]


def test_periodic_plays_over_and_over():
    encoder = periodic(1, 0, 1)
    seen = [encoder() for _ in range(5)] + [encoder.step() for _ in range(2)]
    assert torch.stack(seen).int().tolist() == [1, 0, 1, 1, 0, 1, 1]
    encoder.set_out_spike(torch.tensor([[False, True]]))
    assert encoder.step().tolist() == [False, True]


def test_periodic_resets_to_its_first_step():
    encoder = periodic(1, 0, 0)
    encoder(), encoder.reset()
    assert encoder().item() and encoder.spike_train(T=4).tolist() == [True, False, False, True]


X = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0])


@pytest.mark.parametrize(("kind", "times"), [("linear", [5, 4, 2, 1, 0]), ("log", [5, 1, 1, 0, 0])])
def test_latency_vectors(kind, times):
    encoder = encoding.LatencyEncoder(6, kind)
    train = encoder(X)
    assert encoder.spike_time.tolist() == times
    assert train.dtype == torch.bool and train.shape == (6, 5) and (train.sum(0) == 1).all()
    assert train.int().argmax(0).tolist() == times


@pytest.mark.parametrize("kind", ["linear", "log"])
@pytest.mark.parametrize("T", [1, 2, 10, 50])
def test_latency_equals_spikingjelly(kind, T):
    x = torch.rand(3, 40, generator=torch.Generator().manual_seed(0))
    theirs = sj.LatencyEncoder(T, kind)
    expected = torch.stack([theirs(x) for _ in range(T)]).bool()
    assert torch.equal(encoding.LatencyEncoder(T, kind)(x), expected)


def test_log_latency_is_finite_and_monotone_at_1000():
    encoder = encoding.LatencyEncoder(1000, "log")
    encoder(torch.cat([torch.zeros(1), torch.logspace(-45, 0, 1000, dtype=torch.double).float()]))
    time = encoder.spike_time
    assert time[0] == 999 and time[-1] == 0 and (time.diff() <= 0).all() and len(time.unique()) > 80
    assert encoder.spike_train(torch.tensor([1e-10])).int().argmax().item() == round(-math.log(1e-10))


def test_poisson_counts():
    torch.manual_seed(0)
    x, T = torch.tensor([0.02, 0.1, 0.5, 0.9, 1.0]), 20_000
    train = encoding.PoissonEncoder().spike_train(x, T).double()
    sigma = (T * x * (1 - x)).sqrt()
    assert (abs(train.sum(0) - T * x) <= 5 * sigma).all()
    together = (train[1:] * train[:-1]).sum(0)  # independent from step to step: p² of the pairs
    assert (abs(together - T * x**2) <= 10 * sigma + 1).all()


def test_poisson_equals_spikingjelly_under_the_same_seed():
    x = torch.rand(100, generator=torch.Generator().manual_seed(1))
    torch.manual_seed(2)
    theirs = torch.stack([sj.PoissonEncoder()(x) for _ in range(20)])
    torch.manual_seed(2)
    assert torch.equal(encoding.PoissonEncoder().spike_train(x, 20), theirs.bool())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_black_never_fires_white_always_does(dtype, monkeypatch):
    """Every 24-bit or finer random number counts, the two at the ends of [0, 1) first of all."""
    drawn = []

    def ends(x, dtype=None):
        drawn.append(dtype or x.dtype)
        return torch.tensor([0.0, 0.0, 1 - 2**-24, 1 - 2**-24], dtype=dtype or x.dtype)

    monkeypatch.setattr(torch, "rand_like", ends)
    x = torch.tensor([0, 1, 0, 1], dtype=dtype)
    assert encoding.PoissonEncoder()(x).tolist() == [False, True, False, True]
    assert drawn == [torch.promote_types(dtype, torch.float32)]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_small_rates_are_right_in_every_precision(dtype):
    torch.manual_seed(0)
    n, p = 2_000_000, 1 / 1024
    count = encoding.PoissonEncoder()(torch.full([n], p, dtype=dtype)).sum().item()
    assert abs(count - n * p) < 5 * (n * p) ** 0.5
    assert not encoding.PoissonEncoder()(torch.zeros(n, dtype=dtype)).any()
    assert encoding.PoissonEncoder()(torch.ones(n, dtype=dtype)).all()


def test_gaussian_tuning_curve_vectors():
    encoder = encoding.GaussianTuningCurveEncoder(0.0, 1.0, tuning_curve_num=6, max_spike_time=10)
    train = encoder(torch.tensor([[0.25]]))
    assert encoder.mu.tolist() == [-0.125, 0.125, 0.375, 0.625, 0.875, 1.125]
    assert encoder.sigma.item() == pytest.approx(1 / 6)
    assert encoder.spike_time.flatten().tolist() == [8, 2, 2, 8, -1, -1]
    assert train.shape == (10, 1, 1, 6) and train.dtype == torch.bool and train.sum() == 4
    assert torch.equal(train.int().argmax(0).flatten()[:4], torch.tensor([8, 2, 2, 8]))


def test_gaussian_tuning_curve_scales_with_the_features():
    low, high = torch.tensor([0.0, -10.0]), torch.tensor([1.0, 30.0])
    encoder = encoding.GaussianTuningCurveEncoder(low, high, 8, 20)
    encoder(low + torch.tensor([[0.1], [0.5], [0.95]]) * (high - low))
    assert encoder.spike_time.shape == (3, 2, 8)
    assert torch.equal(encoder.spike_time[:, 0], encoder.spike_time[:, 1])
    assert (encoder.spike_time < 19).all()  # what would fire last does not fire


# ---------------------------------------------------------------- every encoder

EVERY = [
    (encoding.ConstantEncoder(), X),
    (encoding.PoissonEncoder(), X),
    (periodic(1, 0, 0, 1), None),
    (encoding.LatencyEncoder(4), X),
    (encoding.LatencyEncoder(4, "log"), X),
    (encoding.GaussianTuningCurveEncoder(0.0, 1.0, 5, 4), X.reshape(5, 1)),
]


@pytest.mark.parametrize(("encoder", "x"), EVERY, ids=[type(e).__name__ for e, _ in EVERY])
def test_train_equals_stepping_and_wraps_around(encoder, x):
    trains = []
    for take in (lambda: steps(encoder, x, 11), lambda: encoder.spike_train(x, 11)):
        torch.manual_seed(0)
        encoder.reset()
        trains.append(take())
    assert trains[0].dtype == torch.bool and trains[0].any() and torch.equal(*trains)
    if isinstance(encoder, encoding.TrainEncoder):
        assert torch.equal(trains[0][4:8], trains[0][:4]) and torch.equal(trains[0][8:], trains[0][:3])
        assert torch.equal(encoder.spike_train(x), trains[0][:4])


def test_spike_time_stays_readable_after_spike_train():
    encoder = encoding.LatencyEncoder(6)
    encoder.spike_train(X, 9)
    assert encoder.spike_time.tolist() == [5, 4, 2, 1, 0] and encoder.step().tolist() == [False] * 4 + [True]


def test_own_encoders_in_a_few_lines():
    class CoinEncoder(encoding.Encoder):
        def draw(self, x):
            return torch.rand_like(x) < 0.5

    class BurstEncoder(encoding.TrainEncoder):
        def encode(self, x):
            return torch.arange(4).reshape(4, 1) < x

    assert 300 < CoinEncoder().spike_train(torch.zeros(10), 100).sum() < 700
    assert BurstEncoder().spike_train(torch.tensor([0, 2, 4]), 5).int().tolist() == [
        [0, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 1], [0, 1, 1],
    ]  # fmt: skip


# ---------------------------------------------------------------- in a network

TRAINS = {
    "latency": (encoding.LatencyEncoder(8), torch.linspace(0, 1, 15).reshape(3, 5)),
    "log": (encoding.LatencyEncoder(8, "log"), torch.linspace(0, 1, 15).reshape(3, 5)),
    "tuning": (encoding.GaussianTuningCurveEncoder(0.0, 1.0, 4, 8), torch.linspace(0, 1, 6).reshape(3, 2)),
}


def network(encoder):
    torch.manual_seed(0)
    features = 8 if isinstance(encoder, encoding.GaussianTuningCurveEncoder) else 5
    rest = nn.Sequential(nn.Flatten(), nn.Linear(features, 6, bias=False), neuron.LIFNode(v_threshold=0.2))
    return nn.Sequential(encoder, rest), rest


@pytest.mark.parametrize("T", [1, 3, 8, 11])
@pytest.mark.parametrize("name", TRAINS)
def test_a_train_encoder_stands_in_a_network(name, T):
    encoder, x = TRAINS[name]
    net, rest = network(encoder)
    expected = functional.unroll(rest, encoder.spike_train(x, T).float())
    for given in (lambda: functional.unroll(net, x, T=T), lambda: functional.unroll(net, x.expand(T, *x.shape))):
        functional.reset_net(net)
        assert torch.equal(given(), expected)
        assert encoder.index == T % 8
    assert T < 8 or expected.any()


@pytest.mark.parametrize("name", TRAINS)
def test_a_monitor_sees_its_steps(name):
    encoder, x = TRAINS[name]
    net, _ = network(encoder)
    expected = functional.unroll(net, x, T=11)
    functional.reset_net(net)
    with Monitor(encoder, "output", "spike_time") as seen:
        assert torch.equal(functional.unroll(net, x, T=11), expected)
    assert torch.equal(seen["output"], encoder.spike_train(x, 11)) and len(seen["spike_time"]) == 11
    with Monitor(encoder, "output"), pytest.raises(ValueError, match="changes from step to step"):
        functional.unroll(net, torch.stack([x, 1 - x]))
    assert torch.equal(encoder(x), encoder.spike_train(x))  # called by itself it still lays out the whole train


def test_every_unroll_starts_a_train_of_its_own():
    encoder, x = encoding.LatencyEncoder(4), torch.tensor([[0.0, 1.0]])
    net = nn.Sequential(encoder, nn.Identity())
    first = functional.unroll(net, x, T=3)
    assert torch.equal(functional.unroll(net, x, T=3), first) and not torch.equal(first[:1], first[2:])
    assert torch.equal(functional.unroll(net, 1 - x, T=4), encoder.spike_train(1 - x, 4).float())
    with Monitor(encoder, "output"):
        assert torch.equal(functional.unroll(net, x, T=3), functional.unroll(net, x, T=3))


def test_fit_trains_a_network_that_begins_with_an_encoder():
    x = torch.rand(40, 2, generator=torch.Generator().manual_seed(0))
    y = (x[:, 0] > x[:, 1]).long()  # whose spike comes first
    torch.manual_seed(0)
    net = nn.Sequential(encoding.LatencyEncoder(8), nn.Linear(2, 2), neuron.LIFNode(v_threshold=0.1))
    history = training.fit(net, (x, y), T=8, epochs=8, batch_size=16, lr=0.1, progress=False)
    assert history["train_loss"][-1] < history["train_loss"][0] - 0.05
    assert net[0].out_spike is None  # reset afterwards


def test_an_input_that_changes_is_refused():
    net, x = nn.Sequential(encoding.LatencyEncoder(4)), torch.rand(4, 3, 2)
    with pytest.raises(ValueError, match=r"LatencyEncoder lays out one whole train.*changes.*unroll\(net, x, T=…\)"):
        functional.unroll(net, x)
    with pytest.raises(ValueError, match="NaN or infinity"):
        functional.unroll(net, torch.full((2, 3), math.nan), T=4)


def test_a_periodic_train_goes_on_from_unroll_to_unroll():
    encoder = encoding.PeriodicEncoder(torch.tensor([1, 0, 0]).bool()[:, None, None])
    net, x = nn.Sequential(encoder), torch.rand(1, 1)
    played = [functional.unroll(net, x, T=2).flatten().tolist() for _ in range(3)]
    assert played == [[1, 0], [0, 1], [0, 0]]


# ---------------------------------------------------------------- bad input

UNIT = [
    encoding.PoissonEncoder,
    lambda: encoding.LatencyEncoder(5),
    lambda: encoding.LatencyEncoder(5, "log"),
]
ANY = [*UNIT, encoding.ConstantEncoder, lambda: encoding.GaussianTuningCurveEncoder(0.0, 1.0, 5, 4)]


@pytest.mark.parametrize("make", UNIT)
@pytest.mark.parametrize("bad", [[-0.01, 0.5], [0.5, 1.01]])
def test_out_of_range(make, bad):
    with pytest.raises(ValueError, match=r"encodes values in \[0, 1\], got values from .* scale the data"):
        make()(torch.tensor(bad))
    with pytest.raises(TypeError, match=r"floating-point.*x / 255"):
        make()(torch.tensor([0, 255], dtype=torch.uint8))


@pytest.mark.parametrize("make", ANY)
def test_not_a_number_and_not_a_tensor(make):
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="NaN or infinity"):
            make()(torch.tensor([[bad]]))
    with pytest.raises(TypeError, match="encodes a tensor, got list"):
        make()([0.5])
    with pytest.raises(RuntimeError, match=r"call .*encoder\(x\) before step"):
        make().step()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: encoding.PeriodicEncoder(torch.tensor([1, 0])), TypeError, r"bool tensor.*\.bool\(\)"),
        (lambda: encoding.PeriodicEncoder([True]), TypeError, "bool tensor"),
        (lambda: encoding.PeriodicEncoder(torch.tensor(True)), ValueError, "at least one time step"),
        (lambda: encoding.PeriodicEncoder(torch.zeros(0, 2).bool()), ValueError, "at least one time step"),
        (lambda: encoding.LatencyEncoder(0), ValueError, "max_spike_time must be at least 1"),
        (lambda: encoding.LatencyEncoder(2.5), TypeError, "max_spike_time must be a whole number"),
        (lambda: encoding.LatencyEncoder(5, "exp"), ValueError, '"linear" or "log"'),
        (lambda: encoding.LatencyEncoder(5).spike_train(X, 0), ValueError, "T must be at least 1"),
        (lambda: encoding.PoissonEncoder().spike_train(X, 2.0), TypeError, "T must be a whole number"),
        (
            lambda: encoding.GaussianTuningCurveEncoder(1.0, 0.0, 5, 4),
            ValueError,
            "x_max must lie above x_min",
        ),
        (
            lambda: encoding.GaussianTuningCurveEncoder(0.0, 1.0, 2, 4),
            ValueError,
            "tuning_curve_num must be at least 3",
        ),
        (
            lambda: encoding.GaussianTuningCurveEncoder(0.0, 1.0, 5, 1),
            ValueError,
            "max_spike_time must be at least 2",
        ),
        (lambda: encoding.GaussianTuningCurveEncoder(0.0, 1.0, 5, 4)(X), ValueError, r"shape \[N, M\]"),
        (
            lambda: encoding.GaussianTuningCurveEncoder(torch.zeros(2), torch.ones(2), 5, 4)(torch.zeros(1, 3)),
            ValueError,
            r"shape \[N, 2\], got \(1, 3\)",
        ),
        (lambda: encoding.Encoder()(X), NotImplementedError, r"must define draw\(x\)"),
        (lambda: encoding.TrainEncoder()(X), NotImplementedError, r"must define encode\(x\)"),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()
