"""What the library does with every kind of neuron: networks, copies, doctor, energy, names of old."""

import copy

import pytest
import torch
from torch import nn

from course_snn import diagnosis, energy, functional, membrane, neuron

KINDS = {
    "IF": neuron.IFNode,
    "LIF": neuron.LIFNode,
    "delta LIF": neuron.DeltaLIFNode,
    "PLIF": neuron.PLIFNode,
    "RIF": neuron.RIFNode,
    "CLIF": lambda: neuron.CLIFNode(V0=20.0),
    "Izhikevich": lambda: neuron.IzhikevichNode(v_threshold=-50.0, u_init=-20.0),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_in_a_network(make):
    torch.manual_seed(0)
    x, labels = 9 * torch.rand(12, 5, 8), torch.tensor([0, 1, 0, 1, 0])
    net = nn.Sequential(nn.Linear(8, 6), make(), nn.Linear(6, 2), make())
    net[2].weight.data.abs_().mul_(5)  # so that the second layer fires
    twin = copy.deepcopy(net)
    out = functional.unroll(net, x)
    assert 0 < out.mean() < 1 and torch.equal(out, functional.stepped(twin, x))
    out.sum().backward()
    assert all(torch.isfinite(p.grad).all() and p.grad.any() for p in net[0].parameters())
    report, counted = diagnosis.examine(net, x, labels), energy.count(net, x)
    assert len(report.layers) == 2 and report.layers[0].rate > 0
    assert len(counted.layers) == 2 and not counted.uncounted
    twin.load_state_dict(net.state_dict())
    functional.detach_net(net)
    copied = copy.deepcopy(net)
    assert torch.equal(functional.unroll(copied, x), functional.unroll(net, x))  # the state was copied too
    functional.reset_net(net)
    assert torch.equal(functional.unroll(net, x), out)


def test_neurons_that_moved_stand_where_they_stood():
    assert neuron.Neuron is membrane.Neuron and neuron.membrane is membrane.membrane
    kinds = {getattr(neuron, name) for name in neuron.__all__ if name.endswith("Node")}
    assert len(kinds) == 7 and all(issubclass(kind, membrane.Neuron) for kind in kinds)
    assert neuron.LIFNode.__module__ == "course_snn.neuron"  # files of whole networks name it
