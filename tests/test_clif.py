"""The current-based LIF neuron: closed forms and vectors."""

import math

import pytest
import torch
from nodes import noise
from together import each_of
from torch import nn

from course_snn import clif, functional, surrogate
from course_snn.neuron import CLIFNode


def test_a_spike_train_makes_the_psps_and_traces_of_the_spike_response_model():
    """V as sums over all input and output spikes before, in double precision, without any state."""
    a_m, a_p, a_q = (math.exp(-0.5 / tau) for tau in (15.0, 10.0, 4.0))
    node = CLIFNode(15.0, 10.0, 4.0, 1.3, V0=2.0, dt=0.5)
    x = (torch.rand(80, generator=torch.Generator().manual_seed(0)) < 0.3).double().tolist()
    fired: list[int] = []
    for t, now in enumerate(x):
        psp = sum(2 * w * (a_p ** (t - j) - a_q ** (t - j)) for j, w in enumerate(x[: t + 1]))
        v = psp - sum(1.3 * a_m ** (t - 1 - j) for j in fired)
        spike = node(torch.tensor([now], dtype=torch.double))
        assert node.v.item() == pytest.approx(v, abs=1e-12)
        if v >= 1.3:
            fired.append(t)
        assert bool(spike.item()) == (v >= 1.3)
    assert 3 < len(fired) < 60


def test_response_to_one_pulse():
    node, seen = CLIFNode(V0=1.0), {"m": [], "s": [], "v": [], "e": []}
    for x in (4.8, 0, 0, 0, 0, 0, 9.0, *[0] * 5):
        node(torch.tensor([x]))
        for name, values in seen.items():
            values.append(getattr(node, name).item())
    assert seen["m"][:3] == pytest.approx([4.8, 4.41621, 4.06311], abs=6e-6)
    assert seen["s"][:3] == pytest.approx([4.8, 4.23599, 3.73824], abs=6e-6)
    assert seen["v"][:6] == pytest.approx([0, 0.18023, 0.32487, 0.43926, 0.528, 0.5951], abs=6e-6)
    first = next(t for t, e in enumerate(seen["e"]) if e)
    assert seen["v"][first] >= 1 > seen["v"][first - 1]
    assert seen["e"][first] == 1.0


def test_the_trace_of_a_spike_falls_by_a_m():
    node, seen = CLIFNode(), []
    node.m = torch.tensor([1.2])
    for _ in range(3):
        node(torch.zeros(1))
        seen.append(node.e.item())
    assert seen == pytest.approx([1, 0.95123, 0.90484], abs=6e-6)


@each_of(("tau_p", "tau_q"), [(12.0, 8.0), (5.0, 2.0), (30.0, 1.0), (8.1, 8.0)])
def test_a_pulse_has_a_psp_with_its_peak_at_one(tau_p, tau_q):
    t = torch.linspace(0, 100, 1_000_001, dtype=torch.double)
    psp = clif.unit_gain(tau_p, tau_q) * (torch.exp(-t / tau_p) - torch.exp(-t / tau_q))
    assert psp.max().item() == pytest.approx(1, abs=1e-7)
    assert t[psp.argmax()].item() == pytest.approx(math.log(tau_p / tau_q) * tau_p * tau_q / (tau_p - tau_q), abs=1e-3)
    for dt in (0.1, 0.5, 1.0):
        node, x = CLIFNode(20.0, tau_p, tau_q, 2.0, dt=dt), torch.zeros(int(60 / dt), 1, dtype=torch.double)
        x[0] = 1
        volts = torch.cat([(node(now), node.v)[1] for now in x])
        torch.testing.assert_close(volts, psp[:: round(1e4 * dt)][: len(x)], rtol=0, atol=1e-9)  # samples of it
        assert 1 - 1.2 * dt**2 / (8 * tau_p * tau_q) < volts.max().item() <= 1


def test_the_default_gain():
    gain = CLIFNode().V0
    assert gain == pytest.approx(6.75, abs=1e-12)
    node = CLIFNode(tau_p=torch.tensor([12.0, 16.0]), tau_q=nn.Parameter(torch.tensor(8.0)))
    torch.testing.assert_close(node.V0, torch.tensor([6.75, 4.0]))
    assert [*dict(node.named_parameters())] == ["tau_q"]


@each_of(
    ("make", "error", "message"),
    [
        (lambda: CLIFNode(tau_p=8.0), ValueError, r"equal \(8.0\).*alpha function"),
        (lambda: CLIFNode(tau_p=torch.tensor([9.0, 8.0])), ValueError, "equal"),
        (lambda: CLIFNode(tau_p=4.0), ValueError, "tau_p, by which a PSP falls, must be above tau_q"),
        (lambda: CLIFNode(tau_q=0.0), ValueError, "tau_q must be greater than 0"),
        (lambda: CLIFNode(V0=0.0), ValueError, "V0 must be greater than 0"),
        (lambda: CLIFNode(dt=-1.0), ValueError, "dt must be greater than 0"),
        (lambda: CLIFNode(v_reset=0.0), TypeError, "v_reset"),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_an_infinite_threshold_integrates_without_spikes():
    x, node = (noise(6, 3, 4) + 1).requires_grad_(), CLIFNode(v_threshold=math.inf, surrogate=surrogate.ATan())
    assert functional.unroll(node, x).count_nonzero() == 0
    (gradient,) = torch.autograd.grad(node.v.sum(), x)
    lag = torch.arange(5, -1, -1.0)
    expected = 6.75 * (torch.exp(-lag / 12) - torch.exp(-lag / 8))
    torch.testing.assert_close(gradient, expected[:, None, None].expand(6, 3, 4))
