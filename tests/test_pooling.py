"""SpikeMaxPool2d against torch's MaxPool2d, alone and with the neuron whose spikes it pools."""

import pytest
import torch
from nodes import Triangle
from torch import nn

from course_snn import functional, kernel, surrogate
from course_snn.kernel import sequence
from course_snn.monitor import Monitor
from course_snn.neuron import DeltaLIFNode, IFNode, Neuron, PLIFNode, RIFNode
from course_snn.pooling import SpikeMaxPool2d, max_pool

T = 5
SIZES = [(2, 3, 6, 8), (1, 1, 2, 2), (8, 16, 28, 28), (130, 5, 4, 6)]
NODES = {
    "IF": lambda: IFNode(0.7, surrogate=surrogate.ATan()),
    "IF, soft": lambda: IFNode(0.7, None),
    "PLIF": lambda: PLIFNode(2.5, 0.7, -0.2, surrogate.Sigmoid(4.0), detach_reset=True),
    "delta LIF": lambda: DeltaLIFNode(3.0, 0.7, dt=0.5),
    "RIF": lambda: RIFNode(-0.2, 1.0, 0.7, surrogate=surrogate.Rectangle(0.8)),
}


def pictures(size: tuple[int, ...], still: bool) -> torch.Tensor:
    """Channels last in memory; [N, C, H, W], or [T, N, C, H, W]."""
    x = torch.randn((1 if still else T) * size[0], *size[1:], generator=torch.Generator().manual_seed(0)) + 0.4
    x = x.contiguous(memory_format=torch.channels_last)
    return x if still else x.unflatten(0, (T, size[0]))


def results(net: nn.Module, node: Neuron, x: torch.Tensor, still: bool) -> list[torch.Tensor]:
    """Pooled spikes, the last voltage; gradients of a loss of both in x and in parameters."""
    functional.reset_net(net)
    leaf, draw = x.clone().requires_grad_(), torch.Generator().manual_seed(1)
    y = functional.unroll(net, leaf, T=T if still else None)
    loss = sum((z * torch.randn(z.shape, generator=draw, dtype=z.dtype)).sum() for z in (y, node.v))
    return [y.detach(), node.v.detach(), *torch.autograd.grad(loss, [leaf, *node.parameters()])]


def assert_same(node: Neuron, x: torch.Tensor, still: bool) -> None:
    ours = results(SpikeMaxPool2d(node), node, x, still)
    stepped = nn.Sequential(node, nn.MaxPool2d(2))
    with Monitor(node, "v"):  # somebody listens to each step, so each step is taken
        theirs = results(stepped, node, x, still)
    assert torch.equal(ours[0], theirs[0])
    assert torch.equal(ours[1], theirs[1])
    for a, b in zip(ours[2:], theirs[2:], strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=2e-5)


@pytest.fixture
def in_one_pass(monkeypatch):
    """How many times spikes were pooled in the neuron's own pass."""
    calls, run = [], sequence.run
    monkeypatch.setattr(
        sequence, "run", lambda *args, pool=False, **kw: (calls.append(pool), run(*args, pool=pool, **kw))[1]
    )
    return lambda: sum(calls)


@pytest.mark.parametrize("still", [True, False], ids=["still", "sequence"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("model", NODES)
def test_node_and_pool_in_one_pass(model, size, still, in_one_pass):
    assert_same(NODES[model](), pictures(size, still), still)
    assert in_one_pass() == 1


def test_a_learners_own_surrogate(in_one_pass):
    for still in (True, False):
        assert_same(IFNode(0.7, surrogate=Triangle()), pictures(SIZES[0], still), still)
    assert in_one_pass() == 4  # each once on a copy: a surrogate of somebody else is met first


def test_state_goes_on_and_only_the_voltage_may_be_asked_for():
    x, node = pictures((2, 3, 6, 8), still=False), IFNode(0.7)
    whole = functional.unroll(SpikeMaxPool2d(node), x)
    node.reset()
    parts = [functional.unroll(SpikeMaxPool2d(node), part) for part in (x[:2], x[2:])]
    assert torch.equal(torch.cat(parts), whole)
    gradients = []
    for net in (SpikeMaxPool2d(node), nn.Sequential(node, nn.MaxPool2d(2))):
        functional.reset_net(net)
        leaf = x.clone().requires_grad_()
        functional.unroll(net, leaf)
        gradients += torch.autograd.grad(node.v.square().sum(), leaf)
    torch.testing.assert_close(*gradients)


@pytest.mark.parametrize(
    "x",
    [
        pictures((2, 3, 7, 8), still=False),
        pictures((2, 3, 6, 9), still=False),
        pictures((2, 3, 6, 8), still=False).contiguous(),
        pictures((2, 3, 6, 8), still=False).double(),
    ],
    ids=["odd height", "odd width", "channels first", "double"],
)
def test_what_does_not_fit_is_pooled_afterwards(x, in_one_pass):
    assert_same(IFNode(0.7), x, still=False)
    assert in_one_pass() == 0


def test_stepping_a_pooled_node(in_one_pass):
    x, node = pictures((2, 3, 6, 8), still=False), IFNode(0.7)
    whole = functional.unroll(SpikeMaxPool2d(node), x)
    node.reset()
    assert torch.equal(functional.stepped(SpikeMaxPool2d(node), x), whole)
    node.reset()
    with Monitor(node, "v") as watch:
        assert torch.equal(functional.unroll(SpikeMaxPool2d(node), x), whole)
    assert len(watch["v"]) == T
    assert in_one_pass() == 1


def test_node_must_be_a_module():
    with pytest.raises(TypeError, match=r"SpikeMaxPool2d\(IFNode\(\)\)"):
        SpikeMaxPool2d(IFNode)


def both(x: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
    results = []
    for pool in (SpikeMaxPool2d(), nn.MaxPool2d(2)):
        leaf = x.clone().requires_grad_()
        y = pool(leaf)
        weight = torch.randn(y.shape, generator=torch.Generator().manual_seed(1))
        results.append((y.detach(), *torch.autograd.grad((y * weight).sum(), leaf)))
    return results


@pytest.mark.parametrize("size", [(3, 8, 6, 6), (2, 5, 7, 9), (2, 1, 4, 4), (40, 32, 14, 14), (1, 3, 2, 2)])
@pytest.mark.parametrize("kind", ["spikes", "numbers", "channels first", "double"])
def test_equals_max_pool(kind, size):
    x = torch.randn(size, generator=torch.Generator().manual_seed(0))
    x = x if kind == "numbers" else (x > 0.8).to(x.dtype)
    x = x if kind == "channels first" else x.contiguous(memory_format=torch.channels_last)
    (y, grad), (y_torch, grad_torch) = both(x.double() if kind == "double" else x)
    assert torch.equal(y, y_torch)
    assert torch.equal(grad, grad_torch)
    assert y.stride() == y_torch.stride() or 1 in size


def test_without_numba(monkeypatch):
    monkeypatch.setattr(kernel, "available", lambda *_: False)
    (y, grad), (y_torch, grad_torch) = both(torch.rand(2, 3, 4, 4).contiguous(memory_format=torch.channels_last))
    assert torch.equal(y, y_torch)
    assert torch.equal(grad, grad_torch)


FRONT = [(2, 3, 6, 8), (1, 1, 1, 1), (3, 4, 7, 5), (2, 16, 28, 27), (130, 5, 2, 9)]


@pytest.mark.parametrize("kind", ["numbers", "spikes"])
@pytest.mark.parametrize("size", FRONT, ids=str)
def test_windows_that_overlap_are_torchs(size, kind):
    pool, x = nn.MaxPool2d(3, stride=2, padding=1), torch.randn(size, generator=torch.Generator().manual_seed(2))
    x = (x > 0.5).float() if kind == "spikes" else x  # of spikes nearly all windows have ties
    ours, theirs = (x.clone().contiguous(memory_format=torch.channels_last).requires_grad_() for _ in range(2))
    y, z = max_pool(pool, ours), pool(theirs)
    assert type(y.grad_fn).__name__ == "_OverlappingBackward"
    assert torch.equal(y, z)
    weights = torch.randn(y.shape, generator=torch.Generator().manual_seed(3))
    (y * weights).sum().backward()
    (z * weights).sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-6, atol=1e-6)


def test_their_gradient_has_one_too():
    pool = nn.MaxPool2d(3, stride=2, padding=1)
    x = torch.randn(2, 3, 7, 6, generator=torch.Generator().manual_seed(4)).contiguous(
        memory_format=torch.channels_last
    )
    found = []
    for call in (max_pool, lambda pool, x: pool(x)):
        leaf = x.clone().requires_grad_()
        (first,) = torch.autograd.grad((call(pool, leaf) ** 3).sum(), leaf, create_graph=True)
        found.append(torch.autograd.grad((first**2).sum(), leaf)[0])
    torch.testing.assert_close(*found)


@pytest.mark.parametrize(
    "pool",
    [nn.Identity(), nn.MaxPool2d(2), nn.MaxPool2d(3, 2), nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.AvgPool2d(3, 2, 1)],
    ids=repr,
)
def test_any_other_pooling_is_left_to_itself(pool):
    x = torch.randn(2, 3, 8, 9).contiguous(memory_format=torch.channels_last)
    assert torch.equal(max_pool(pool, x), pool(x))


def test_who_listens_to_the_pooling_is_told():
    pool, heard = nn.MaxPool2d(3, 2, 1), []
    pool.register_forward_hook(lambda *_: heard.append(1))
    max_pool(pool, torch.randn(2, 3, 8, 8).contiguous(memory_format=torch.channels_last))
    assert heard == [1]


@pytest.mark.parametrize("pooled", [False, True], ids=["of spikes", "in the neurons' pass"])
def test_a_default_device_or_type_is_for_others(pooled):
    pool = SpikeMaxPool2d(NODES["IF"]()) if pooled else SpikeMaxPool2d()
    x, found = pictures((2, 3, 6, 8), still=False), []

    def run():
        functional.reset_net(pool)
        leaf = x.clone().requires_grad_()
        y = functional.unroll(pool, leaf)
        z = max_pool(nn.MaxPool2d(3, 2, 1), leaf.flatten(0, 1))
        return y, z, *torch.autograd.grad((y.square().sum() + z.square().sum()), leaf)

    wanted = run()
    try:
        torch.set_default_device("meta")
        found.append(run())
        torch.set_default_device(None)
        torch.set_default_dtype(torch.float64)
        found.append(run())
    finally:
        torch.set_default_device(None)
        torch.set_default_dtype(torch.float32)
    assert all(torch.equal(a, b) for each in found for a, b in zip(each, wanted, strict=True))
