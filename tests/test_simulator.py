"""Clock-driven drive and pipeline: vectors of SpikingFlow, closed forms, equality with the training drive."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from toys import Times

from course_snn import encoding, functional, neuron, simulator, synapse


def run(node, currents):
    """Return where the one neuron spiked and its voltage in every step."""
    spikes, volts = [], []
    for t, i in enumerate(currents):
        if node(i).item():
            spikes.append(t)
        volts.append(node.v.item())
    return spikes, volts


def lif(r=9.0, v_threshold=1.0, v_reset=0.0, tau=20.0):
    return simulator.LIFNode([1], r, v_threshold, v_reset, tau)


# ---------------------------------------------------------------- vectors


@pytest.mark.parametrize(
    ("current", "spikes", "volts"),
    [
        (
            0.1,
            [],
            {
                0: 0.045,
                1: 0.08775,
                2: 0.1283625,
                3: 0.1669444,
                149: 0.8995899,
                150: 0.8546104,
                199: 0.0692189,
            },
        ),
        (0.12, [51, 102], {49: 0.9968994, 50: 1.0, 51: 0.054, 149: 0.9879218, 199: 0.0760156}),
    ],
)
def test_lif_of_the_seed(current, spikes, volts):
    seen, v = run(lif(), [current] * 150 + [0.0] * 50)
    assert seen == spikes
    assert [v[t] for t in volts] == pytest.approx(list(volts.values()), abs=1e-6)
    if not spikes:
        assert max(v) == v[149]


def test_lif_400_steps():
    assert run(lif(), [0.12] * 400)[0] == [51, 102, 153, 204, 255, 306, 357]


@pytest.mark.parametrize(
    ("current", "steps", "dtype", "spikes"),
    [
        (0.01, 1000, torch.float32, list(range(101, 1000, 101))),  # 100 × 0.01 < 1 in float32
        (1 / 64, 300, torch.float32, [64, 128, 192, 256]),  # exact in binary
        (1 / 64, 300, torch.float64, [64, 128, 192, 256]),
    ],
)
def test_if_counts_in_its_own_precision(current, steps, dtype, spikes):
    assert run(simulator.IFNode([1], 1.0, 1.0).to(dtype), [current] * steps)[0] == spikes


def test_if_clamps_at_both_ends():
    spikes, volts = run(simulator.IFNode(1, r=1.0, v_threshold=1.0), [0.6, 0.6, 0.6, -5, 0.3])
    assert spikes == [2]
    assert volts == pytest.approx([0.6, 1, 0.6, 0, 0.3])


def test_clamp_is_exact_in_double():
    node = simulator.IFNode([1], 1.0, v_threshold=0.3, v_reset=0.1).double()
    assert run(node, [9.0, -9.0])[1] == [0.3, 0.1]


# ---------------------------------------------------------------- closed forms


@pytest.mark.parametrize("tau", [1.0, 2.0, 33.3])
def test_charging_curve(tau):
    node = lif(r=1.0, v_threshold=10.0, v_reset=-0.5, tau=tau).double()
    v = run(node, [2.0] * 60)[1]
    assert v == pytest.approx([-0.5 + 2.0 * (1 - (1 - 1 / tau) ** t) for t in range(1, 61)])


@pytest.mark.parametrize("tau", [5.0, 20.0, 50.0])
@pytest.mark.parametrize("drive", [1.02, 1.1, 1.5, 3.0, 30.0])
def test_f_i_curve(drive, tau):
    interval = math.ceil(math.log(1 - 1 / drive) / math.log(1 - 1 / tau))  # steps to charge from 0 to θ = 1
    spikes, _ = run(lif(r=drive, tau=tau).double(), [1.0] * (4 * interval + 1))
    assert spikes == [interval, 2 * interval, 3 * interval, 4 * interval]


def test_rheobase():
    just_below, just_above = 1 - 1e-4, 1 + 1e-4
    assert not run(lif(r=1.0).double(), [just_below] * 1000)[0]
    assert run(lif(r=1.0).double(), [just_above] * 1000)[0]


# ---------------------------------------------------------------- equal to the training drive


@st.composite
def situations(draw):
    shape = draw(st.sampled_from([[1], [3], [2, 3], [2, 1, 2]]))
    gen = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))

    def quantity(low, high):  # a float, or a tensor with a value for every neuron
        values = low + (high - low) * torch.rand(shape, generator=gen, dtype=torch.double)
        return values if draw(st.booleans()) else values.flatten()[0].item()

    v_reset, r, tau = quantity(-2, 1), quantity(0.2, 3), quantity(1, 30)
    gap = quantity(0.2, 2)
    v_threshold = gap + v_reset
    if torch.is_tensor(v_threshold) and not torch.is_tensor(v_reset):
        v_reset = torch.full(shape, v_reset, dtype=torch.double)
    if torch.is_tensor(v_reset) and not torch.is_tensor(v_threshold):
        v_threshold = torch.full(shape, v_threshold, dtype=torch.double)
    strength = draw(st.sampled_from([0.5, 2.0, 8.0]))
    currents = strength * torch.rand(30, *shape, generator=gen, dtype=torch.double)
    return shape, r, v_threshold, v_reset, tau, currents * (torch.rand(30, *shape, generator=gen) < 0.7)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(situations(), st.sampled_from(["IF", "LIF"]))
def test_simulator_drive_is_training_drive_one_step_later(situation, kind):
    shape, r, v_threshold, v_reset, tau, currents = situation
    if kind == "IF":
        train, sim = neuron.IFNode(v_threshold, v_reset), simulator.IFNode(shape, r, v_threshold, v_reset)
    else:
        train = neuron.LIFNode(tau, v_threshold, v_reset)
        sim = simulator.LIFNode(shape, r, v_threshold, v_reset, tau)
    train, sim = train.double(), sim.double()
    expected, seen = [torch.zeros(shape)], []
    for i in currents:
        before = train.state("v", like=i)
        expected.append(train(r * i))
        seen.append(sim(i))
        charged = train.charge(before, r * i)  # the simulator shows v before the reset, cut at the threshold
        torch.testing.assert_close(sim.v, charged.minimum(torch.as_tensor(v_threshold).double()))
    assert torch.equal(torch.stack(seen).double(), torch.stack(expected[:-1]).double())
    assert seen[0].dtype == torch.bool


def test_both_drives_of_an_own_neuron():
    class TiringIF(neuron.Neuron):  # its own state lives in the model
        def __init__(self):
            super().__init__()
            self.declare("a", 0.0)

        def charge(self, v, x):
            self.a = 0.9 * self.state("a", like=v) + 0.05 * v
            return v + x / (1 + self.a)  # v never falls below v_reset

    node, train, x = simulator.ClockDriven(TiringIF(), [4], r=2.0), TiringIF(), torch.rand(50, 4)
    seen = torch.stack([node(i) for i in x])
    expected = torch.stack([train(2 * i) for i in x]).bool()
    assert seen.any() and torch.equal(seen[1:], expected[:-1])
    node.reset()
    assert torch.equal(torch.stack([node(i) for i in x]), seen)  # reset() reaches the model's own state


@pytest.mark.parametrize(
    ("make", "r", "start"),
    [
        (lambda: neuron.DeltaLIFNode(5.0, v_reset=-0.5), 0.5, -0.5),
        (lambda: neuron.CLIFNode(tau_q=torch.tensor([2.0, 5.0, 8.0])), 0.3, 0.0),
        (lambda: neuron.IzhikevichNode(v_init=torch.tensor([-65.0, -70.0, -60.0])), 20.0, [-65.0, -70.0, -60.0]),
    ],
    ids=["delta LIF", "CLIF", "Izhikevich"],
)
def test_both_drives_of_the_other_neurons(make, r, start):
    train, node = make().double(), simulator.ClockDriven(make(), [3], r).double()
    currents = torch.rand(200, 3, generator=torch.Generator().manual_seed(0), dtype=torch.double)
    for _ in range(2):
        assert node.v.tolist() == pytest.approx(torch.as_tensor(start).expand(3).tolist())
        spikes, seen, lowest = [], [], 0.0
        for i in currents:
            spikes.append(train(r * i))
            seen.append(node(i))
            lowest = min(lowest, node.v.min().item())
            assert (node.v <= train.v_threshold).all()
            if isinstance(train, neuron.CLIFNode):
                torch.testing.assert_close(node.v, train.v.clamp(max=1.0))  # not reset, so it is what was charged
            else:
                quiet = spikes[-1] == 0
                torch.testing.assert_close(node.v[quiet], train.v[quiet])
                assert (node.v[~quiet] == train.v_threshold).all()
        assert torch.stack(spikes).sum(0).min() > 2
        assert torch.equal(torch.stack(seen[1:]), torch.stack(spikes[:-1]).bool()) and not seen[0].any()
        if isinstance(train, neuron.IzhikevichNode):
            assert lowest < train.v_reset - 5  # no clamp there
        node.reset(), train.reset()


# ---------------------------------------------------------------- nodes


def test_float_and_tensor_parameters_and_broadcast_currents():
    node = simulator.LIFNode([2], torch.tensor([1.0, 2.0]), torch.tensor([1.0, 5.0]), torch.tensor([-1.0, 0.0]), 2.0)
    assert node.v.tolist() == [-1, 0]
    for current in (1.0, torch.tensor(1.0), torch.ones(1), torch.ones(2), torch.ones(2, dtype=torch.bool)):
        node.reset()
        assert node(current).tolist() == [False, False]
        assert node.v.tolist() == [-0.5, 1.0]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: simulator.IFNode([0], 1.0, 1.0), ValueError, "positive integers"),
        (lambda: simulator.IFNode(3.5, 1.0, 1.0), ValueError, "positive integers"),
        (lambda: simulator.IFNode([1], "r", 1.0), TypeError, "r must be a number"),
        (lambda: simulator.IFNode([1], 1.0, 1.0, None), ValueError, "give v_reset a number"),
        (lambda: simulator.IFNode([1], 1.0, 0.0), ValueError, "v_threshold must lie above v_reset"),
        (lambda: simulator.IFNode([2], torch.ones(3), 1.0), ValueError, r"r has shape \(3,\).*have \(2,\)"),
        (lambda: simulator.IFNode([2], 1.0, torch.ones(3)), ValueError, "v_threshold has shape"),
        (lambda: simulator.LIFNode([1], 1.0, 1.0, tau=0.5), ValueError, "tau must be at least 1"),
        (
            lambda: simulator.LIFNode([1], 1.0, 1.0, tau=torch.ones(3))(0.1),
            ValueError,
            "shape of the neurons",
        ),
        (
            lambda: simulator.IFNode([2], 1.0, 1.0)(torch.ones(3)),
            ValueError,
            "broadcasts to the node's shape",
        ),
        (lambda: simulator.IFNode([2], 1.0, 1.0)(None), TypeError, "must be a number or a tensor"),
        (lambda: simulator.ClockDriven(nn.Linear(1, 1), [1], 1.0), TypeError, "must be a neuron.Neuron"),
        (lambda: simulator.Simulator().append(torch.relu), TypeError, "torch.nn.Module"),
        (lambda: simulator.Simulator().step(1), RuntimeError, "append"),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()


# ---------------------------------------------------------------- the pipeline


def chain(fast, *modules):
    sim = simulator.Simulator(fast=fast)
    for module in modules:
        sim.append(module)
    return sim


@pytest.mark.parametrize("fast", [True, False])
def test_pipeline_vectors(fast):
    sim = chain(fast, Times(1), Times(10), Times(100))
    out = [sim.step(x) for x in range(1, 8)]
    assert out == [1000 if fast else None] * 2 + [1000, 2000, 3000, 4000, 5000]
    assert sim.pipeline == [7, 7, 60, 5000] and len(sim.module_list) == 3
    sim.reset()
    assert sim.pipeline == [None] * 4 and sim.simulated_steps == 0
    assert [sim(x) for x in range(1, 8)] == out


def test_a_gap_in_the_input_travels_through():
    sim = chain(True, Times(1), Times(10))
    assert [sim.step(x) for x in (1, 2, None, 3, 4)] == [10, 10, 20, None, 30]


@pytest.mark.parametrize(
    ("fast", "spikes"),
    [
        (True, ([201, 402, 603], [405], [410])),
        (False, ([203, 404, 605], [407], [412])),
    ],
)
def test_seven_modules_of_the_seed(fast, spikes):
    sim = chain(
        fast,
        encoding.ConstantEncoder(),
        synapse.SpikeCurrent(0.01),
        simulator.IFNode([1], 0.5, 1.0),
        synapse.SpikeCurrent(0.4),
        simulator.IFNode([1], 2.0, 1.0),
        synapse.ExpDecayCurrent(5.0, 1.0),
        simulator.LIFNode([1], 5.0, 1.0, tau=10.0),
    )
    seen = ([], [], [])
    first = None
    for t in range(1000):
        out = sim.step(torch.full([1], t < 800))
        if out is not None and first is None:
            first = t
        for train, slot in zip(seen, (3, 5, 7), strict=True):
            if sim.pipeline[slot] is not None and sim.pipeline[slot].item():
                train.append(t)
    assert seen == spikes and first == (0 if fast else 6)
    if fast:
        v = [sim.module_list[k].v.item() for k in (2, 4, 6)]
        assert v == pytest.approx([0.99499923, 0.8, 2.578e-27], rel=1e-3)
    sim.reset()
    assert [sim.module_list[k].v.item() for k in (2, 4, 6)] == [0, 0, 0]


def test_reset_net_reaches_a_simulator_inside_another_module():
    sim = chain(True, simulator.IFNode([1], 1.0, 1.0))
    sim.step(0.5)
    functional.reset_net(nn.Sequential(sim))
    assert sim.simulated_steps == 0 and sim.module_list[0].v.item() == 0
