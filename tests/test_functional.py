"""reset_net on networks of our own and of SpikingJelly's modules."""

import torch
from spikingjelly.activation_based import neuron as sj
from torch import nn

from course_snn import functional, neuron


def test_reset_net_reaches_every_depth_and_spikingjelly():
    deep, theirs = neuron.IFNode(), sj.IFNode()
    net = nn.Sequential(nn.Sequential(nn.Identity(), deep), theirs, neuron.LIFNode())
    net(torch.full([2], 0.4))
    assert deep.v.tolist() == torch.full([2], 0.4).tolist() and theirs.v is not None
    functional.reset_net(net)
    assert deep.v == 0.0 and theirs.v == 0.0 and net[2].v == 0.0
    assert net(torch.zeros(5)).shape == (5,)  # another batch size is welcome after the reset


def test_reset_net_of_a_single_module_and_of_one_appended_later():
    node = neuron.IFNode()
    node(torch.ones(1) / 2)
    functional.reset_net(node)
    assert node.v == 0.0
    net = nn.Sequential(node)
    functional.reset_net(net)
    net.append(neuron.IFNode(2.0))
    net(torch.ones(1))
    functional.reset_net(net)
    assert net[1].v == 0.0


def test_reset_net_resets_a_container_after_its_parts():
    class Tuned(nn.Module):
        def __init__(self):
            super().__init__()
            self.node = neuron.IFNode()

        def reset(self):
            self.node.v = torch.tensor([0.25])

    net = nn.Sequential(Tuned())
    functional.reset_net(net)
    assert net[0].node.v.item() == 0.25
