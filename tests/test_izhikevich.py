"""Izhikevich's neuron against a loop in plain Python, and the firing patterns that its paper is known for."""

from itertools import pairwise

import pytest
import torch
from together import each_of

from course_snn import functional, neuron, surrogate

# a, b, c, d of figure 2 of the paper
REGULAR, BURSTING = (0.02, 0.2, -65.0, 8.0), (0.02, 0.2, -55.0, 4.0)
CHATTERING, FAST = (0.02, 0.2, -50.0, 2.0), (0.1, 0.2, -65.0, 2.0)


def plain(parameters, currents, dt=1.0):
    """Steps with a spike, v and u after each step, in plain Python."""
    a, b, c, d = parameters
    v, u, spikes, volts, recoveries = -65.0, 1.0, [], [], []
    for t, i in enumerate(currents):
        v, u = v + dt * (0.04 * v**2 + 5 * v + 140 - u + i), u + dt * a * (b * v - u)
        if v >= 30:
            v, u = c, u + d
            spikes.append(t)
        volts.append(v)
        recoveries.append(u)
    return spikes, volts, recoveries


def intervals(parameters, current=10.0):
    """Milliseconds between the spikes of the node under a current from 100 ms to 600 ms."""
    x = torch.zeros(600, 1).double()
    x[100:] = current
    at = functional.unroll(neuron.IzhikevichNode(*parameters), x).nonzero()[:, 0]
    assert at.min() > 100
    return at.diff().tolist()


@each_of("dt", [1.0, 0.5])
@each_of("parameters", [REGULAR, BURSTING, CHATTERING, FAST])
def test_equals_a_loop_in_plain_python(parameters, dt):
    currents = (12 * torch.rand(400, generator=torch.Generator().manual_seed(0)).double() + 2).tolist()
    spikes, volts, recoveries = plain(parameters, currents, dt)
    node, seen = neuron.IzhikevichNode(*parameters, dt=dt), []
    for t, i in enumerate(currents):
        if node(torch.tensor([i], dtype=torch.double)).item():
            seen.append(t)
        assert [node.v.item(), node.u.item()] == pytest.approx([volts[t], recoveries[t]], rel=1e-9)
    assert seen == spikes and len(spikes) >= 3


def test_the_first_voltage_without_input():
    node = neuron.IzhikevichNode()
    node(torch.zeros(1))
    assert node.v.item() == -82.0  # as SPAIC records it


def test_regular_spiking_slows_down():
    first, *others = intervals(REGULAR)
    assert first < 0.8 * min(others) and max(others) - min(others) <= 1


def test_fast_spiking_is_fast_and_does_not_tire():
    fast = intervals(FAST)
    assert max(fast) < min(intervals(REGULAR)) / 2 and max(fast[3:]) - min(fast[3:]) <= 2


def test_chattering_fires_burst_after_burst():
    gaps = intervals(CHATTERING)
    pauses = [k for k, gap in enumerate(gaps) if gap > 20]
    assert len(pauses) > 4 and all(gap < 10 for gap in gaps if gap <= 20)
    assert {b - a for a, b in pairwise(pauses)} == {5}  # always as many spikes in a burst


def test_bursting_begins_with_a_burst():
    gaps = intervals(BURSTING)
    assert max(gaps[:2]) <= 10 and min(gaps[2:]) > 25


@each_of("detach", [False, True])
def test_gradient_of_one_step_through_both_resets(detach):
    g, past, u = surrogate.Sigmoid(0.1), torch.tensor([-60.0, -40.0, 10.0]).double(), -8.0
    node, v = neuron.IzhikevichNode(surrogate=g, detach_reset=detach), past.clone().requires_grad_()
    node.v, node.u = v, torch.full_like(past, u)
    s = node(torch.full_like(past, 6.0))
    assert s.tolist() == [0, 0, 1]
    h, dh = past + 0.04 * past**2 + 5 * past + 140 - u + 6, 1 + 0.08 * past + 5
    ds = 0 if detach else g.slope(h - 30) * dh
    for value, expected in ((node.v, (1 - s) * dh + (-65 - h) * ds), (node.u, 0.02 * 0.2 + 8 * ds)):
        (gradient,) = torch.autograd.grad(value.sum(), v, retain_graph=True)
        torch.testing.assert_close(gradient, expected.detach() if torch.is_tensor(expected) else expected + 0 * past)


@each_of(
    ("make", "error", "message"),
    [
        (lambda: neuron.IzhikevichNode(c=30.0), ValueError, "v_threshold must lie above v_reset"),
        (lambda: neuron.IzhikevichNode(a="fast"), TypeError, "a must be a number"),
        (lambda: neuron.IzhikevichNode(dt=0.0), ValueError, "dt must be greater than 0"),
        (lambda: neuron.IzhikevichNode(dt=torch.ones(2)), ValueError, "dt is one number"),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()
