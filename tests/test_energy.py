"""Energy: operations against cases worked by hand, Jacobians and SpikingJelly; the network unchanged."""

import copy
import math

import pytest
import torch
from spikingjelly.activation_based.op_counter import DispatchCounterMode, SynOpCounter
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations, prune

from course_snn import encoding, energy, functional, layer, neuron, pooling, synapse
from course_snn.course.exercises.ch11.saving import saving
from course_snn.course.exercises.ch11.synops import synops
from course_snn.language import speaking
from course_snn.monitor import Monitor


def spikes(*shape, rate=0.3, seed=0):
    return (torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < rate).float()


def by_hand():
    """Two layers on 2 inputs: 3 neurons fire in steps 1 and 2, in step 2, and never; each spike reaches 4 outputs."""
    net = nn.Sequential(nn.Linear(2, 3, bias=False), neuron.IFNode(), nn.Linear(3, 4), neuron.IFNode())
    with torch.no_grad():
        net[0].weight[:] = torch.tensor([[2.0, 2.0], [1.0, 1.0], [0.0, -1.0]])
    return net, torch.tensor([[0.25, 0.25]])


def test_two_layers_by_hand():
    net, x = by_hand()
    count = energy.count(net, x, T=2)
    first, second = count.layers
    assert first == ("0 Linear", pytest.approx(math.nan, nan_ok=True), 1, 0, 6, 6, 3)
    assert second == ("2 Linear", 0.5, 2, 12, 0, 12, 4)  # 3 spikes of 6, 4 operations each
    assert (count.acs, count.macs, count.dense, count.uncounted) == (12, 6, 18, [])
    assert count.snn_joules == pytest.approx(6 * 4.6e-12 + 12 * 0.9e-12)
    assert count.ann_joules == pytest.approx(18 * 4.6e-12) and count.saving == pytest.approx(82.8 / 38.4)


def test_a_sequence_computes_the_first_layer_in_each_step():
    net, x = by_hand()
    count = energy.count(net, x.expand(2, 1, 2))
    assert [each.times for each in count.layers] == [2, 2]
    assert (count.layers[0].macs, count.layers[0].dense, count.acs) == (12, 6, 12)


def test_operations_are_those_of_one_sample():
    net, x = by_hand()
    one, many = energy.count(net, x, T=2), energy.count(net, torch.cat([x, 0 * x, x]), T=2)
    assert many.samples == 3 and many.acs * 3 == one.acs * 2 and many.dense == one.dense


LAYERS = {
    "linear": (nn.Linear(6, 5), (6,)),
    "linear on rows": (nn.Linear(6, 5), (3, 6)),
    "padding": (nn.Conv2d(2, 3, 3, padding=1), (2, 5, 6)),
    "stride": (nn.Conv2d(2, 3, 3, stride=2, padding=1), (2, 5, 6)),
    "groups": (nn.Conv2d(4, 6, (3, 2), groups=2, dilation=(1, 2)), (4, 6, 6)),
    "same": (nn.Conv1d(2, 3, 5, padding="same"), (2, 7)),
    "circular": (nn.Conv2d(1, 2, 3, padding=1, padding_mode="circular"), (1, 4, 5)),
    "volume": (nn.Conv3d(1, 2, 2, stride=2), (1, 4, 5, 4)),
    "transposed": (nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1), (2, 3, 4)),
    "transposed groups": (nn.ConvTranspose1d(4, 2, 3, groups=2), (4, 5)),
    "synapse": (synapse.Linear(6, 5), (6,)),
    "weight_norm": (parametrizations.weight_norm(nn.Linear(6, 5)), (6,)),
    "pruned": (prune.random_unstructured(nn.Conv1d(2, 3, 3), "weight", 0.5), (2, 7)),
}


@pytest.mark.parametrize(("module", "shape"), LAYERS.values(), ids=LAYERS)
def test_each_spike_costs_the_outputs_that_it_reaches(module, shape):
    x = spikes(3, 2, *shape)
    count = energy.count(nn.Sequential(module), x)
    reach = jacobian_of(module, x.flatten(0, 1)[0])
    expected = sum((reach * each.flatten()).sum().item() for each in x.flatten(0, 1)) / 2
    (found,) = count.layers
    assert found.acs == expected and found.macs == 0 and not count.uncounted
    assert found.rate == pytest.approx(x.mean().item()) and found.times == 3


def jacobian_of(module, x):
    """How many outputs each input reaches."""
    ones = {name: torch.ones_like(weight) for name, weight in module.named_parameters() if weight.dim() > 1}
    ones |= {name: torch.ones_like(buffer) for name, buffer in module.named_buffers()}
    run = lambda x: torch.func.functional_call(module, ones, (x[None],))[0]  # noqa: E731
    return (torch.autograd.functional.jacobian(run, x).flatten(-x.dim()).flatten(0, -2) != 0).sum(0)


def test_spikingjelly_counts_the_same():
    net = nn.Sequential(
        nn.Conv2d(2, 4, 3), neuron.IFNode(), nn.Conv2d(4, 3, 3), neuron.IFNode(), nn.Flatten(), nn.Linear(48, 7)
    )
    nn.init.uniform_(net[0].weight, 0, 0.5), nn.init.uniform_(net[2].weight, 0, 0.5)
    x_seq = spikes(5, 2, 2, 8, 8)
    counter = SynOpCounter()
    with torch.no_grad(), DispatchCounterMode([counter]):
        for x in x_seq:
            net(x)
    functional.reset_net(net)
    count = energy.count(net, x_seq)
    assert count.acs * 2 == counter.get_total() > 0 and min(each.acs for each in count.layers) > 0


def test_dense_passes_are_what_everybody_counts():
    net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), neuron.IFNode(), pooling.SpikeMaxPool2d(),
                        nn.Conv2d(16, 32, 3, padding=1), neuron.IFNode(), nn.MaxPool2d(2), nn.Flatten(),
                        nn.Linear(1568, 128), neuron.IFNode(), nn.Linear(128, 10))  # fmt: skip
    count = energy.count(net, torch.rand(2, 1, 28, 28), T=3)
    assert [each.dense for each in count.layers] == [112896, 903168, 200704, 1280]  # as chapter 11 writes them
    assert [each.outputs for each in count.layers] == [784 * 16, 196 * 32, 128, 10]
    assert [each.times for each in count.layers] == [1, 3, 3, 3]


def test_the_exercises_of_chapter_11_agree():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(9, 8), neuron.IFNode(), nn.Linear(8, 7), neuron.IFNode(), nn.Linear(7, 3))
    x = torch.rand(4, 9) * 4
    count = energy.count(net, x, T=6)
    with torch.no_grad(), Monitor(net[1], "output") as first, Monitor(net[3], "output") as second:
        functional.unroll(net, x, T=6)
    into = [seen["output"].float() for seen in (first, second)]
    assert count.layers[1].acs == synops(into[0], 7) and count.layers[2].acs == synops(into[1], 3)
    macs, rates = [each.dense for each in count.layers], [s.mean().item() for s in into]
    assert count.saving == pytest.approx(saving(macs, rates, 6))


def test_axat_is_two_products_of_which_spikes_enter_the_first():
    count = energy.count(nn.Sequential(layer.AXAT(3, 4)), spikes(2, 5, 3, 3))
    assert count.acs * 5 == spikes(2, 5, 3, 3).sum() * 4 and count.macs == 2 * 4 * 3 * 4
    assert count.dense == 4 * 3 * 3 + 4 * 3 * 4


def test_a_recurrent_container_takes_its_input_and_its_own_spikes():
    torch.manual_seed(0)
    net = layer.LinearRecurrentContainer(neuron.IFNode(), 6, 6)
    nn.init.uniform_(net.rc.weight, 0, 0.5)
    x = torch.rand(4, 3, 6)
    count = energy.count(net, x)
    out = functional.unroll(net, x).detach()
    given, loop = count.layers
    assert (given.name, given.macs, given.acs, given.dense) == ("rc Linear (x)", 4 * 36, 0, 36)
    assert loop.acs * 3 == out[:-1].sum() * 6 > 0 and loop.macs == 0 and loop.dense == 36


def test_a_layer_used_twice():
    line = nn.Linear(4, 4)
    nn.init.eye_(line.weight), nn.init.zeros_(line.bias)
    count = energy.count(nn.Sequential(line, neuron.IFNode(), line, neuron.IFNode()), torch.ones(2, 4), T=3)
    assert count.dense == 32 and count.acs == 16 + 3 * 16  # the still ones once, then four spikes in each step


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.W, self.line = nn.Parameter(torch.rand(4, 4)), nn.Linear(4, 4)

    def forward(self, x):
        return F.linear(x @ self.W, self.line.weight)


class Doubled(nn.Linear):
    def forward(self, x):
        return super().forward(x) + super().forward(-x)


def test_what_cannot_be_counted_is_named():
    net = nn.Sequential(
        nn.Linear(4, 4),
        nn.BatchNorm1d(4),
        neuron.PLIFNode(),
        Own(),
        Doubled(4, 4),
        neuron.LIFNode(torch.full((1, 4), 2.0)),
    )
    count = energy.count(net, torch.rand(2, 4), T=2)
    assert count.uncounted == ["3 Own", "3.line Linear", "4 Doubled"] and len(count.layers) == 1
    with speaking("zh"):
        assert "没有算进去" in count._repr_html_() and "4 Doubled" in count._repr_html_()
    assert repr(count).endswith("3 Own, 3.line Linear, 4 Doubled")


def test_the_table_shows_both_languages():
    net, x = by_hand()
    count = energy.count(net, x, T=2)
    assert "突触操作" in count._repr_html_() and "synaptic operations" in count._repr_html_()
    last = repr(count).splitlines()[-1].split()
    assert last == ["total", "12", "6", "18", "0.0", "0.1"]


def test_the_network_is_not_changed():
    net = nn.Sequential(nn.ReLU(inplace=True), nn.BatchNorm1d(4), nn.Linear(4, 4), nn.Dropout(), neuron.LIFNode())
    x = torch.rand(3, 4) - 0.5
    net(x.clone())
    before = copy.deepcopy(net.state_dict()), net[4].v.clone(), torch.get_rng_state(), x.clone()
    energy.count(net, x, T=3)
    assert all(torch.equal(a, b) for a, b in zip(before[0].values(), net.state_dict().values(), strict=True))
    assert (
        torch.equal(net[4].v, before[1]) and torch.equal(torch.get_rng_state(), before[2]) and torch.equal(x, before[3])
    )
    assert net.training and not any(module._forward_hooks for module in net.modules())


class Noise(nn.Module):
    def forward(self, x):
        return (torch.rand_like(x) < 0.5).float()


def test_random_numbers_are_those_that_the_network_would_draw():
    net = nn.Sequential(encoding.PoissonEncoder(), nn.Conv1d(1, 2, 3, padding=1), Noise(), nn.Linear(9, 5))
    x = torch.rand(4, 1, 9)
    torch.manual_seed(3)
    conv, line = energy.count(net, x, T=5).layers
    drawn = functional.unroll(net[0], x, T=5).float()
    inside = drawn.sum() * 6 - 2 * (drawn[..., 0].sum() + drawn[..., -1].sum())
    assert conv.acs * 4 == inside
    assert line.acs * 4 == Noise()(torch.empty(20, 2, 9)).sum() * 5
