"""What a training step takes: counted by hand, measured, and estimated from small runs; all three agree."""

import contextlib
import copy
import gc
from functools import partial

import pytest
import torch
from together import each_of
from torch import nn
from torchvision.models.resnet import BasicBlock

from course_snn import functional, layer, model, neuron, pooling
from course_snn.training import memory, over_time

RESNET = partial(model.SpikingResNet, BasicBlock, [1, 1, 1, 1], stem="cifar", num_classes=10)


def conv_net():
    def block(into, out, pool):
        return nn.Conv2d(into, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), neuron.IFNode(), pool

    net = nn.Sequential(
        *block(3, 16, pooling.SpikeMaxPool2d()), *block(16, 32, nn.AvgPool2d(2)), nn.Flatten(), nn.Linear(512, 10)
    )
    return net.to(memory_format=torch.channels_last)


def linear_net():
    dense = nn.Linear(784, 100), neuron.LIFNode(), layer.Dropout(0.3), nn.Linear(100, 10), neuron.LIFNode()
    return nn.Sequential(nn.Flatten(), *dense)


def looped_net():
    loop = layer.LinearRecurrentContainer(neuron.LIFNode(), 20, 20)
    return nn.Sequential(nn.Linear(50, 20), loop, nn.Linear(20, 10))


NETS = {
    "resnet": (RESNET, (3, 16, 16)),
    "sew": (partial(RESNET, connect="add"), (3, 16, 16)),
    "conv": (conv_net, (3, 16, 16)),
    "linear": (linear_net, (784,)),
    "loop": (looped_net, (50,)),
}


def training_step(net, shape, T, N, half=False, still=True, optimizer=torch.optim.Adam):
    """One batch as ``fit`` trains it."""
    x, y = torch.rand(N, *shape) if still else torch.rand(T, N, *shape), torch.arange(N) % 10
    optimizer = optimizer(net.parameters())

    def step():
        functional.reset_net(net)
        with torch.autocast("cpu", torch.bfloat16) if half else contextlib.nullcontext():
            out = functional.unroll(net, x, T if still else None)
        loss = nn.functional.cross_entropy(out.float().mean(0), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    step()  # the optimizer's state is not made in what is measured
    return step


def test_measured_is_the_peak_of_what_the_step_makes():
    old = torch.zeros(1000)
    box = [old]

    def step():
        large = torch.ones(300_000)  # 1.2 MB
        del large
        box[0] = torch.ones(100_000) + old[:1]  # the one of the call before lives until then: 0.4 + 0.4 + 0.4

    assert memory.measured(step) == pytest.approx(1_600_000, abs=1000)  # 1.2 beside what the first call left
    assert memory.measured(step) == memory.measured(step)
    with pytest.raises(TypeError, match="got int"):
        memory.measured(3)


@each_of("name, T, N, half", [
    ("resnet", 4, 4, False), ("resnet", 1, 2, True),
    ("sew", 2, 4, False),
    *[("conv", T, N, half) for T, N in ((1, 2), (4, 16), (32, 4)) for half in (False, True)],
    *[("linear", T, N, half) for T, N in ((1, 4), (8, 64), (32, 128)) for half in (False, True)],
    *[("loop", T, N, False) for T, N in ((4, 4), (32, 64))],
])  # fmt: skip
def test_the_estimate_is_what_is_measured(name, T, N, half):
    make, shape = NETS[name]
    step = training_step(make(), shape, T, N, half)
    found = memory.estimate(make(), shape, T, N, precision="bfloat16" if half else "float32")
    there = found.parameters + found.optimizer + found.data  # before the step, so not part of what is measured
    taken = memory.measured(step)
    assert found.total - there == pytest.approx(taken, rel=0.15)
    assert found.total == pytest.approx(taken + there, rel=0.1)


@each_of("still", [True, False])
@each_of("T, N, block", [(16, 16, 4), (32, 8, 8), (12, 32, 5)])
def test_blocks_and_single_steps_take_what_is_estimated(still, T, N, block):
    net = nn.Sequential(
        nn.Conv2d(2, 8, 3, padding=1), neuron.LIFNode(), nn.AvgPool2d(2), nn.Conv2d(8, 16, 3, padding=1),
        neuron.LIFNode(), nn.Flatten(), nn.Linear(1024, 10), neuron.LIFNode(),
    )  # fmt: skip
    x, y, steps = torch.rand(*(() if still else (T,)), N, 2, 16, 16), torch.arange(N) % 10, T if still else None
    cost = memory.survey(net, (2, 16, 16), still=still)

    def loss(out):
        return nn.functional.cross_entropy(out.mean(0), y)

    ways = {
        "bptt": lambda: loss(functional.unroll(net, x, steps)).backward(),
        "recomputed": lambda: loss(over_time.recomputed(net, x, steps, block=block)).backward(),
        "truncated": lambda: over_time.truncated_step(net, x, loss, block, T=steps),
        "online": lambda: over_time.online_step(net, x, loss, T=steps),
    }
    for name, learn in ways.items():

        def step(learn=learn):
            functional.reset_net(net)
            learn()

        step()
        found = cost.memory(T, N, "sgd", name, block)
        assert found.total - found.parameters - found.data == pytest.approx(memory.measured(step), rel=0.15), name


def test_what_each_layer_keeps_counted_by_hand():
    T, N = 5, 3
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), neuron.IFNode(), nn.MaxPool2d(2), nn.Conv2d(8, 4, 3),
        neuron.LIFNode(), nn.Flatten(), nn.Linear(144, 10),
    )  # fmt: skip
    x = torch.rand(T, N, 3, 16, 16)
    one = T * N * 4  # bytes of a float32 for each sample and step
    expected = {
        "1": one * 8 * 256 + 2 * 8 * 4,  # its input; mean and deviation of each channel
        "2": one * 8 * 256 + 4,  # a neuron keeps its input and where all start from, neither voltages nor spikes
        "3": one * 8 * 256 + 2 * one * 8 * 64,  # its input; the place of each maximum, in 64 bits
        "4": one * 8 * 64,
        "5": one * 4 * 36 + 4,
        "7": one * 144,
    }  # the first convolution keeps x, which is there anyway
    found = dict(memory.kept(net, x))
    assert {name: found[name] for name in expected} == expected
    assert set(found) - set(expected) == {""}  # the loss
    still = dict(memory.kept(net, x[0], T))
    assert still["1"] == N * 4 * 8 * 256 + 2 * 8 * 4  # what comes before the first neuron: once, not T times
    assert found["4"] == still["4"]
    half = dict(memory.kept(net, x, precision="bfloat16"))
    assert half["4"] == found["4"] // 2 + 2 * net[4].weight.numel()  # input and weights in 16 bits


def test_the_network_stays_as_it_was():
    net = conv_net().eval()
    before, dice = copy.deepcopy(net.state_dict()), torch.get_rng_state()
    memory.estimate(net, (3, 16, 16), 4, 8)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert torch.equal(dice, torch.get_rng_state())
    assert not net.training and all(weight.grad is None for weight in net.parameters())


def test_ways_cost_what_they_keep():
    cost = memory.survey(linear_net(), (784,), still=False)
    full = cost.memory(32, 64)
    four, one = cost.memory(4, 64).activations, cost.memory(1, 64).activations
    assert cost.memory(32, 64, way="truncated", block=4).activations == four + full.states
    assert cost.memory(32, 64, way="online").activations == one + full.states == cost.memory(99, 64, way="online")[4]
    again = cost.memory(32, 64, way="recomputed", block=4)
    assert again.activations == four + 7 * full.states
    assert full.data == 32 * 64 * 784 * 4 == again.data
    assert cost.memory(32, 64, optimizer="sgd").optimizer == 0
    assert cost.memory(32, 64).optimizer == 2 * full.gradients == 2 * full.parameters


@each_of("how, message", [
    (dict(way="bppt"), "Did you mean 'bptt'"),
    (dict(precision="half"), "float32, bfloat16, float16"),
    (dict(optimizer="Adam "), "Did you mean 'adam'"),
    (dict(way="truncated"), "needs block="),
    (dict(way="recomputed", block=9), "longer than T=8"),
    (dict(batch=0), "batch"),
])  # fmt: skip
def test_errors_name_what_is_accepted(how, message):
    with pytest.raises(ValueError, match=message):
        memory.estimate(linear_net(), (784,), 8, **{"batch": 2} | how)


def test_counting_leaves_nothing_behind():
    net = conv_net()
    x = torch.rand(8, 3, 16, 16)

    def alive():
        gc.collect()
        return sum(type(thing) is torch.Tensor for thing in gc.get_objects())

    memory.kept(net, x, 4)
    before = alive()
    for _ in range(3):
        memory.kept(net, x, 4)
    assert alive() == before
