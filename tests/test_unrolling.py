"""unroll against the loop that it replaces: values, gradients, state left behind, what is computed how often."""

import copy

import pytest
import torch
from spikingjelly.activation_based import layer as sj_layer
from spikingjelly.activation_based import neuron as sj
from torch import nn

from course_snn import encoding, functional, neuron, synapse
from course_snn.monitor import Monitor

T, N = 5, 3


def conv_net():
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), neuron.IFNode(), nn.MaxPool2d(2),
        nn.Conv2d(4, 4, 3, padding=1), neuron.LIFNode(2.0, v_reset=None), nn.Flatten(),
        nn.Linear(64, 10), neuron.PLIFNode(1.5, v_threshold=0.2),
    ).eval()  # fmt: skip
    for index in (4, 7):
        net[index].weight.data *= 4  # so that every layer fires
    return net


class Custom(nn.Module):
    """A network that is not a Sequential, with a skip connection between spikes."""

    def __init__(self):
        super().__init__()
        self.inside, self.left, self.right = nn.Linear(6, 8), neuron.LIFNode(1.5), neuron.IFNode()
        self.between = nn.Linear(8, 8)

    def forward(self, x):
        s = self.left(self.inside(x))
        return s + self.right(self.between(s))


def loop(net, x, steps=None):
    return torch.stack([net(now) for now in (x if steps is None else [x] * steps)])


def outcome(net, run, x):
    """Output, gradients of input and parameters, and final voltages."""
    functional.reset_net(net)
    net.zero_grad()
    x = x.clone().requires_grad_()
    y = run(net, x)
    (y * torch.linspace(1, 2, y.numel()).reshape(y.shape)).sum().backward()
    grads = [p.grad.clone() for p in net.parameters()]
    return [y, x.grad, *grads, *[m.v for m in net.modules() if isinstance(m, neuron.Neuron)]]


@pytest.mark.parametrize("still", [False, True], ids=["sequence", "still"])
@pytest.mark.parametrize(("make", "shape"), [(conv_net, (1, 8, 8)), (Custom, (6,))], ids=["conv", "custom"])
def test_equal_to_stepping(make, shape, still):
    net = make()
    x = 3 * torch.rand(*([N] if still else [T, N]), *shape, generator=torch.Generator().manual_seed(1))
    steps = T if still else None
    ours = outcome(net, lambda net, x: functional.unroll(net, x, steps), x)
    theirs = outcome(net, lambda net, x: loop(net, x, steps), x)
    assert ours[0].shape[:2] == (T, N) and 0 < ours[0].mean() < 1
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_batch_norm_in_training_sees_all_steps_as_spikingjelly_does():
    ours, theirs = nn.Sequential(nn.BatchNorm2d(2), neuron.IFNode()), sj_layer.BatchNorm2d(2, step_mode="m")
    x = torch.randn(T, N, 2, 4, 4)
    functional.unroll(ours, x)
    theirs(x)
    torch.testing.assert_close(ours[0].running_mean, theirs.running_mean)
    torch.testing.assert_close(ours[0].running_var, theirs.running_var)


def test_a_still_image_is_computed_once_until_the_first_neuron():
    net, seen = conv_net(), {}
    for index in (0, 4, 7):
        net[index].register_forward_hook(lambda m, i, y, index=index: seen.update({index: len(y)}))
    functional.unroll(net, torch.rand(N, 1, 8, 8), T=T)
    assert seen == {0: N, 4: T * N, 7: T * N}


def test_a_network_without_neurons_repeats_its_output():
    net = nn.Linear(4, 2)
    x = torch.rand(N, 4)
    assert torch.equal(functional.unroll(net, x, T=T), net(x).expand(T, N, 2))


def test_state_goes_on_between_two_calls_and_reset_ends_it():
    net = conv_net()
    x = 3 * torch.rand(2 * T, N, 1, 8, 8)
    whole = functional.unroll(net, x)
    functional.reset_net(net)
    halves = torch.cat([functional.unroll(net, x[:T]), functional.unroll(net, x[T:])])
    assert torch.equal(whole, halves)
    with pytest.raises(ValueError, match="reset_net"):
        functional.unroll(net, torch.rand(T, N + 1, 1, 8, 8))


def test_a_foreign_neuron_is_stepped():
    net = nn.Sequential(nn.Linear(4, 4), sj.IFNode(), nn.Linear(4, 4), neuron.IFNode())
    x = 3 * torch.rand(T, N, 4)
    stepped = loop(net, x)
    functional.reset_net(net)
    assert torch.equal(functional.unroll(net, x), stepped)


def test_an_encoder_draws_every_step_anew_and_gives_numbers():
    net = nn.Sequential(encoding.PoissonEncoder(), nn.Linear(50, 50), neuron.IFNode())
    with Monitor(net[0], "output") as seen:
        functional.unroll(net, torch.full((N, 50), 0.5), T=T)
    assert seen["output"].shape == (T, N, 50) and not torch.equal(seen["output"][0], seen["output"][1])
    torch.manual_seed(3)
    spikes = functional.unroll(encoding.PoissonEncoder(), torch.full((N, 50), 0.3), T=T)
    assert spikes.dtype == torch.float32 and set(spikes.unique().tolist()) == {0.0, 1.0}


def test_a_monitor_sees_every_step():
    net, x = conv_net(), 3 * torch.rand(T, N, 1, 8, 8)
    with Monitor(net[-1], "v", "output") as seen:
        y = functional.unroll(net, x)
    assert torch.equal(seen["output"].float(), y) and seen["v"].shape == (T, N, 10)
    assert torch.equal(seen["v"][-1], net[-1].v)
    functional.reset_net(net)
    with Monitor(net[7], "output") as layer, Monitor(net[0], "output") as still:
        functional.unroll(net, x[0], T=T)
    assert layer["output"].shape == (T, N, 10) and still["output"].shape == (T, N, 4, 8, 8)


def test_works_under_autocast_no_grad_deepcopy_and_state_dict():
    net, x = conv_net(), 3 * torch.rand(N, 1, 8, 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = functional.unroll(net, x, T=T)
    assert y.dtype == torch.float32 and net[2].v.dtype == torch.float32
    functional.reset_net(net)
    with torch.no_grad():
        expected = functional.unroll(net, x, T=T)
    assert not expected.requires_grad
    twin = copy.deepcopy(net)
    functional.reset_net(twin)
    twin.load_state_dict(net.state_dict())
    assert torch.equal(functional.unroll(twin, x, T=T), expected)


def test_a_delay_line_and_a_current_keep_their_own_state():
    net = nn.Sequential(synapse.ConstantDelay(2), synapse.ExpDecayCurrent(3.0))
    x = (torch.rand(T, N, 4) < 0.5).float()
    stepped = loop(net, x)
    functional.reset_net(net)
    assert torch.equal(functional.unroll(net, x), stepped)


@pytest.mark.parametrize(
    ("x", "steps", "error", "message"),
    [
        (torch.rand(3), None, ValueError, r"\[T, N, …\]"),
        (torch.rand(3, 4), 0, ValueError, "at least 1"),
        (torch.rand(3, 4), 2.0, TypeError, "whole number"),
        (torch.rand(3, 4), True, TypeError, "whole number"),
    ],
)
def test_what_is_wrong_is_said(x, steps, error, message):
    with pytest.raises(error, match=message):
        functional.unroll(neuron.IFNode(), x, steps)


def test_a_layer_that_moves_the_batch_is_named_and_leaves_no_trace():
    net = nn.Sequential(nn.Flatten(0), neuron.IFNode())
    with pytest.raises(ValueError, match="batch dimension first"):
        functional.unroll(net, torch.rand(T, N, 7))
    assert functional.running() is None

    class Pair(nn.Module):
        def forward(self, x):
            return x, x

    with pytest.raises(TypeError, match="one tensor"):
        functional.unroll(Pair(), torch.rand(T, N, 7))


class Skip(nn.Module):
    """A connection around the first neuron: for a still input N on one side of the sum, T·N on the other."""

    def __init__(self):
        super().__init__()
        self.node = neuron.IFNode()

    def forward(self, x):
        return x + self.node(x)


def test_a_skip_around_the_first_neuron_says_what_to_do():
    net, x = Skip(), torch.rand(N, 4)
    with pytest.raises(ValueError, match=r"x\.expand\(T"):
        functional.unroll(net, x, T=T)
    functional.reset_net(net)
    whole = functional.unroll(net, x.expand(T, *x.shape))
    functional.reset_net(net)
    assert torch.equal(whole, loop(net, x, T))
