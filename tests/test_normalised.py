"""A normalisation and a neuron in one pass against the two one after the other."""

import copy
import subprocess
import sys
from unittest import mock

import pytest
import torch
from nodes import Triangle, noise
from patience import PATIENCE
from together import each_of
from torch import nn

from course_snn import functional, kernel, model, surrogate
from course_snn.monitor import Monitor
from course_snn.neuron import IFNode, LIFNode, PLIFNode
from course_snn.normalised import normalise_and_fire

T = 3
SIZES = [(3, 5, 4, 6), (2, 64, 7, 7), (2, 2100, 1, 2), (5, 16, 1, 1), (4, 64, 16, 16)]  # 2100: more than a tile
NODES = {
    "IF": lambda: IFNode(surrogate=surrogate.ATan(), detach_reset=True),
    "LIF": lambda: LIFNode(3.0, 0.7),
    "LIF, soft": lambda: LIFNode(2.0, 0.7, None, surrogate.Rectangle()),
}


class Pair(nn.Module):
    """A normalisation and a neuron, which is given the second half of the channels as ``skip`` if ``joins``."""

    def __init__(self, channels: int, node: nn.Module, joins: bool = False) -> None:
        super().__init__()
        self.norm, self.node, self.joins = nn.BatchNorm2d(channels), node, joins
        with torch.no_grad():
            self.norm.weight.uniform_(0.5, 1.5), self.norm.bias.uniform_(-0.2, 0.9)
            self.norm.running_mean.normal_(), self.norm.running_var.uniform_(0.5, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x, *skip = (half.contiguous(memory_format=torch.channels_last) for half in x.chunk(1 + self.joins, 1))
        return normalise_and_fire(x, self.norm, self.node, *skip)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


@pytest.fixture
def in_one_pass(monkeypatch):
    """Whether the two ran in one pass, call by call."""
    calls, drive = [], kernel.drive_normalised

    def spy(*args):
        spikes = drive(*args)
        calls.append(spikes is not None)
        return spikes

    monkeypatch.setattr(kernel, "drive_normalised", spy)
    return calls


def results(net: Pair, x: torch.Tensor, still: bool) -> list[torch.Tensor]:
    """Spikes, voltage and statistics; then gradients of a loss of spikes and voltage in all there is."""
    leaf, draw = x.clone().requires_grad_(), torch.Generator().manual_seed(1)
    v0 = torch.full((x.shape[-4], net.norm.num_features, *x.shape[-2:]), 0.25).requires_grad_()
    net.node.v = v0
    y = functional.unroll(net, leaf, T=T if still else None)
    loss = sum((z * torch.randn(z.shape, generator=draw)).sum() for z in (y, net.node.v))
    statistics = [b.clone().float() for b in net.norm.buffers()]
    return [y, net.node.v, *statistics, *torch.autograd.grad(loss, [leaf, v0, *net.norm.parameters()])]


def assert_same(net: Pair, x: torch.Tensor, still: bool) -> None:
    twin = copy.deepcopy(net)
    ours = results(net, x, still)
    with mock.patch.object(kernel, "drive_normalised", lambda *_: None):
        theirs = results(twin, x, still)
    assert torch.equal(ours[0], theirs[0]) and 0.02 < ours[0].mean() < 0.98
    torch.testing.assert_close(ours[1:5], theirs[1:5])
    for a, b in zip(ours[5:], theirs[5:], strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=2e-5 * b.abs().max().item())


@each_of("size", SIZES)
@each_of("model", NODES)
def test_equals_one_after_the_other(model, size, in_one_pass):
    n, c, h, w = size
    for training in (True, False):
        for joins, still in ((False, False), (True, False), (False, True)):
            x = 2 * torch.randn(*(() if still else (T,)), n, c * (1 + joins), h, w) + 0.3
            assert_same(Pair(c, NODES[model](), joins).train(training), x, still)
    assert in_one_pass[-6:] == [True] * 6


def test_it_has_second_derivatives():
    found = []
    for drive in (kernel.drive_normalised, lambda *_: None):
        torch.manual_seed(0)
        net, x = Pair(4, IFNode(surrogate=surrogate.ATan()), joins=True), torch.randn(T, 2, 8, 3, 3).requires_grad_()
        with mock.patch.object(kernel, "drive_normalised", drive):
            (first,) = torch.autograd.grad(functional.unroll(net, x).sum(), x, create_graph=True)
            found.append(torch.autograd.grad(first.square().sum(), [x, *net.norm.parameters()]))
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


def around_a_block() -> tuple[nn.Sequential, torch.Tensor]:
    """A network in which what is normalised was computed from what is added to it, and its input."""
    block = model.SpikingBasicBlock(16, 16, node=NODES["IF"], connect=None)
    net = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), block).to(memory_format=torch.channels_last)
    return net, torch.randn(T, 2, 3, 4, 4)


def test_a_way_around_a_block_counts_once_in_derivatives_of_derivatives():
    net, x = around_a_block()
    found = []
    for drive, graph in ((kernel.drive_normalised, False), (kernel.drive_normalised, True), (lambda *_: None, True)):
        functional.reset_net(net)
        with mock.patch.object(kernel, "drive_normalised", drive):
            loss = functional.unroll(net, x).mean(0).square().sum()
            found.append(torch.autograd.grad(loss, list(net.parameters()), create_graph=graph))
    seconds = [torch.autograd.grad(sum(g.square().sum() for g in each), net[0].weight) for each in found[1:]]
    for a, b, c in zip(*found, strict=True):
        torch.testing.assert_close([a, b], [c, c], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(*seconds, rtol=1e-3, atol=1e-4)


def test_a_default_device_is_for_others(in_one_pass):
    net, x = around_a_block()
    wanted = functional.unroll(net.eval(), x)
    functional.reset_net(net)
    try:
        torch.set_default_device("meta")
        found = functional.unroll(net, x)
    finally:
        torch.set_default_device(None)
    assert torch.equal(found, wanted) and all(in_one_pass)


def test_who_keeps_tensors_may_lay_them_anew():
    net, x = around_a_block()
    found = []
    for pack in (lambda t: t, lambda t: t.contiguous()):
        functional.reset_net(net)
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
            y = functional.unroll(net, x)
        found.append(torch.autograd.grad(y.square().sum(), list(net.parameters())))
    torch.testing.assert_close(*found, rtol=1e-4, atol=1e-5)


def test_what_is_normalised_is_not_kept():
    net, x, kept = Pair(16, NODES["IF"]()), torch.randn(T, 4, 16, 8, 8), []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t.numel()) or t, lambda t: t):
        functional.unroll(net, x)
    assert sum(kept) < 1.4 * x.numel()  # the input, and the voltages before the first step


def test_the_two_ways_around_a_block_are_added_up_where_the_first_lies():
    y = functional.unroll(*around_a_block())
    activities = [torch.profiler.ProfilerActivity.CPU]
    with torch.profiler.profile(activities=activities, record_shapes=True, acc_events=True) as profile:
        y.sum().backward()
    added = [event for event in profile.events() if event.name.startswith("aten::add")]
    sums = [event.name for event in added if event.input_shapes[:1] == [[T * 2, 16, 4, 4]]]
    assert sums == ["aten::add_"]


@each_of(
    "net",
    [
        lambda: Pair(4, PLIFNode(2.0)),  # learns
        lambda: Pair(4, IFNode(surrogate=Triangle())),  # a slope of somebody else
        lambda: Pair(4, IFNode()).double(),
        lambda: with_norm(nn.GroupNorm(2, 4)),
        lambda: with_norm(nn.BatchNorm2d(4, affine=False)),
        lambda: with_norm(nn.BatchNorm2d(4, track_running_stats=False)),
        lambda: with_norm(nn.BatchNorm2d(4, momentum=None)),
        lambda: with_norm(nn.Identity()),
    ],
)
def test_all_else_is_called_one_after_the_other(net, in_one_pass):
    net = net()
    in_one_pass.clear()
    x = torch.randn(T, 2, 4, 3, 3, dtype=next(iter(net.norm.buffers()), torch.ones(())).dtype)
    y = functional.unroll(net, x)
    assert not any(in_one_pass) and y.shape == x.shape and y.any()


def with_norm(norm: nn.Module) -> Pair:
    net = Pair(4, IFNode(surrogate=surrogate.ATan()))
    net.norm = norm
    return net


def test_channels_first_and_single_steps_are_as_before(in_one_pass):
    norm, node, x = nn.BatchNorm2d(4).eval(), IFNode(), noise(T, 2, 4, 5, 3)
    node.v = torch.zeros(2, 4, 5, 3)
    stepped = torch.stack([normalise_and_fire(each, norm, node) for each in x])
    functional.reset_net(node)
    wanted = torch.stack([node(norm(each)) for each in x])
    assert torch.equal(stepped, wanted) and not in_one_pass


def test_who_listens_is_told():
    net, heard = Pair(4, IFNode()), []
    x = torch.randn(T, 2, 4, 3, 3)
    with Monitor(net.node, "v") as monitor:
        functional.unroll(net, x)
    functional.reset_net(net)
    net.norm.register_forward_hook(lambda norm, args, y: heard.append(y.shape))
    functional.unroll(net, x)
    assert len(monitor["v"]) == T and heard


def test_loops_from_the_cache_call_the_right_functions():
    """Each process loads what the first compiled; functions of another module with the same name must not be met."""
    script = """
import torch
from course_snn import kernel
from course_snn.kernel import sequence
from course_snn.neuron import IFNode
from course_snn.surrogate import ATan
x = torch.linspace(-1, 1, 24).view(2, 3, 4, 1, 1).requires_grad_()
norm = torch.nn.BatchNorm2d(4).eval()
spikes = kernel.drive_normalised(IFNode(surrogate=ATan()), norm, x.flatten(0, 1), None, 2)
(found,) = torch.autograd.grad(spikes.sum(), x)
wanted, _ = sequence.run(norm(x.flatten(0, 1)).view_as(x), torch.zeros(3, 4, 1, 1), "if", surrogate=ATan())
torch.testing.assert_close(found, torch.autograd.grad(wanted.sum(), x)[0])
"""
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], check=True, timeout=PATIENCE)
