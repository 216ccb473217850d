"""Networks taken to SpikingJelly and back: same spikes, same gradients, and errors that name what cannot go."""

from __future__ import annotations

import copy
import random
from functools import partial

import pytest
import torch
from spikingjelly.activation_based import neuron as sj_neuron
from spikingjelly.activation_based import surrogate as sj_surrogate
from together import each_of
from torch import nn
from twins import assert_twins, noise

from course_snn import functional, layer, neuron, pooling, surrogate, synapse
from course_snn.exchange import from_spikingjelly, to_spikingjelly
from course_snn.surrogate import ATan, Gaussian, Rectangle, Sigmoid

SURROGATES = [ATan(3.0), Sigmoid(4.0), Gaussian(0.3), Rectangle(0.8), surrogate.BilinearLeakyReLU(1.25, 0.02, 0.4)]


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(1)


def random_neuron(dice: random.Random) -> nn.Module:
    make = dice.choice(
        [
            neuron.IFNode,
            partial(neuron.LIFNode, dice.uniform(1.0, 3.0)),
            partial(neuron.DeltaLIFNode, dice.uniform(1.0, 9.0), dt=dice.uniform(0.5, 2)),
            partial(neuron.PLIFNode, dice.uniform(1.1, 3.0)),
            partial(neuron.RIFNode, dice.uniform(-0.9, -0.1), (-1, 0)),
        ]
    )
    return make(
        v_threshold=dice.uniform(0.5, 1.0),
        v_reset=dice.choice([0.0, -0.2, 0.1, None]),
        surrogate=copy.deepcopy(dice.choice(SURROGATES)),
        detach_reset=dice.random() < 0.5,
    )


def random_net(seed: int) -> nn.Module:
    """[N, 2, 8, 8] -> [N, 4], of layers, neurons and synapses in a random order."""
    dice = random.Random(seed)
    torch.manual_seed(seed)
    parts: list[nn.Module] = []
    for channels in (2, 5):
        parts += [nn.Conv2d(channels, 5, 3, padding=1, bias=dice.random() < 0.5)]
        parts += dice.choice([[], [nn.BatchNorm2d(5)], [nn.GroupNorm(5, 5)]])
        node = random_neuron(dice)
        parts += dice.choice(
            [[node, nn.AvgPool2d(2)], [pooling.SpikeMaxPool2d(node)], [node, nn.MaxPool2d(2)], [nn.Sequential(node)]]
        )
        parts += dice.choice([[], [layer.NeuNorm(5)], [layer.Dropout2d(0.2)], [synapse.ConstantDelay(1)]])
    parts += [nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(20, 6)]
    parts += dice.choice([[], [nn.BatchNorm1d(6)], [nn.LayerNorm(6)], [nn.PReLU(6)], [layer.Dropout(0.3)]])
    linear = layer.LinearRecurrentContainer(nn.Sequential(random_neuron(dice), nn.Linear(6, 6)), 6, 6)
    parts += dice.choice(
        [[random_neuron(dice)], [linear], [layer.ElementWiseRecurrentContainer(random_neuron(dice), torch.add)]]
    )
    parts += [nn.Linear(6, 4), synapse.LowPassSynapse(3.0, learnable=dice.random() < 0.5)]
    return nn.Sequential(*parts).train(dice.random() < 0.7)


@each_of("seed", range(16))
def test_random_networks(seed):
    net, x_seq = random_net(seed), noise(2, 8, 8, seed=seed)
    if seed % 2:
        net, x_seq = net.double(), x_seq.double()
    renamed = any(isinstance(module, nn.PReLU) for module in net)  # it moves into a container
    before = copy.deepcopy(net.state_dict())
    multi, single = to_spikingjelly(net), to_spikingjelly(net, "s")
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert_twins(from_spikingjelly(multi), copy.deepcopy(multi), x_seq, renamed=renamed)
    assert_twins(copy.deepcopy(net), multi, x_seq, renamed=renamed)
    assert_twins(net, single, x_seq, "s")


KINDS = {
    "IF": (neuron.IFNode, sj_neuron.IFNode),
    "LIF": (partial(neuron.LIFNode, 1.7), partial(sj_neuron.LIFNode, 1.7)),
    "delta LIF": (
        partial(neuron.DeltaLIFNode, 8.0, dt=2.0),
        partial(sj_neuron.LIFNode, 1 / (1 - 2.718281828459045**-0.25), decay_input=False),
    ),
    "PLIF": (partial(neuron.PLIFNode, 1.7), partial(sj_neuron.ParametricLIFNode, 1.7)),
    "RIF": (
        partial(neuron.RIFNode, -0.4, (-1, 0)),
        partial(sj_neuron.ParametricLIFNode, 2.5, decay_input=False),
    ),
}
PAIRS = [
    (Sigmoid(3.0), sj_surrogate.Sigmoid(3.0)),
    (ATan(1.5), sj_surrogate.ATan(1.5)),
    (Gaussian(0.125), sj_surrogate.Erf(2.0)),
    (Rectangle(0.5), sj_surrogate.Rect(2.0)),
    (surrogate.BilinearLeakyReLU(2.0, 0.1, 0.25), sj_surrogate.PiecewiseLeakyReLU(0.25, 0.1)),
]


@each_of("slopes", PAIRS)
@each_of("detach", [False, True])
@each_of("v_reset", [0.0, -0.3, None])
@each_of("kind", KINDS)
def test_every_neuron_with_every_surrogate(kind, v_reset, detach, slopes):
    common = {"v_threshold": 0.8, "v_reset": v_reset, "detach_reset": detach}
    ours = KINDS[kind][0](**common, surrogate=slopes[0])
    theirs = KINDS[kind][1](**common, surrogate_function=slopes[1], step_mode="m")
    x_seq = noise(11, seed=3)
    assert_twins(ours, theirs, x_seq)  # written down by hand
    assert type(to_spikingjelly(ours)) is type(theirs) and type(from_spikingjelly(theirs)) is type(ours)
    assert_twins(ours, to_spikingjelly(ours), x_seq)
    assert_twins(from_spikingjelly(theirs), theirs, x_seq)
    assert_twins(from_spikingjelly(to_spikingjelly(ours, "s")), theirs, x_seq)


@each_of("dtype", [torch.float64, torch.float32])
def test_numbers_keep_their_type_and_what_is_frozen_stays_frozen(dtype):
    net = nn.Sequential(nn.Linear(4, 5), neuron.PLIFNode(), neuron.RIFNode(-0.2, (-1, 0))).to(dtype)
    net[0].weight.requires_grad_(False)
    net[2].g.requires_grad_(False)
    for twin in (to_spikingjelly(net), from_spikingjelly(to_spikingjelly(net))):
        assert [p.requires_grad for p in twin.parameters()] == [False, True, True, False]
        assert {p.dtype for p in twin.parameters()} == {dtype}
    assert torch.equal(to_spikingjelly(net)(noise(4).to(dtype)), functional.unroll(net, noise(4).to(dtype)))


def test_settings_come_back():
    net = nn.Sequential(
        neuron.DeltaLIFNode(7.0, 0.9, None, Gaussian(0.2), True),
        neuron.RIFNode(-0.3, (-1, 0)),
        neuron.LIFNode(1.0, surrogate=Rectangle(0.3)),
        neuron.IFNode(torch.tensor(0.75)),
        synapse.LowPassSynapse(1.0),
        synapse.ConstantDelay(3),
        layer.NeuNorm(3, 0.8),
        layer.Dropout2d(0.3),
    )
    back = from_spikingjelly(to_spikingjelly(net))
    for index, name in [(0, "tau"), (0, "v_threshold"), (2, "tau"), (3, "v_threshold"), (4, "tau"), (5, "delay_time")]:
        assert getattr(back[index], name) == pytest.approx(float(getattr(net[index], name)))
    assert back[0].v_reset is None and back[0].detach_reset and not back[1].detach_reset
    assert back[0].surrogate.variance == pytest.approx(0.2) and back[2].surrogate.width == pytest.approx(0.3)
    assert back[1].w().item() == pytest.approx(-0.3) and back[6].k == 0.8 and back[7].p == 0.3


def test_a_threshold_that_is_never_reached():
    for v_reset in (0.0, None):
        net = nn.Sequential(nn.Linear(3, 4), neuron.LIFNode(2.0, float("inf"), v_reset))
        twin, x_seq = to_spikingjelly(net), noise(3)
        assert not twin(x_seq).any() and not functional.unroll(net, x_seq).any()
        torch.testing.assert_close(twin[1].v, net[1].v)
