"""The SNN doctor: rates and gradients against autograd by hand, each illness found, the patient unchanged."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_snn import diagnosis, functional, neuron, surrogate
from course_snn.language import speaking


def chain(*thresholds, slope=None, seed=0):
    """Linear - IF, as many as thresholds, on 12 inputs; all neurons fire at a moderate rate at a threshold of 1."""
    torch.manual_seed(seed)
    layers = []
    for n, theta in enumerate(thresholds):
        line = nn.Linear(12, 12, bias=False)
        with torch.no_grad():
            line.weight.uniform_(0, 1 / (2 if n else 6))
        layers += [line, neuron.IFNode(v_threshold=theta, surrogate=slope or surrogate.ATan())]
    return nn.Sequential(*layers)


X, LABELS = torch.rand(8, 12, generator=torch.Generator().manual_seed(1)), torch.arange(8)


def test_rates_shares_and_gradients_are_those_of_a_loop():
    net = chain(1.0, 1.0)
    report = diagnosis.examine(net, X, LABELS, T=6)
    functional.reset_net(net)
    first = out = ()
    for _ in range(6):
        hidden = net[1](net[0](X))
        first, out = (*first, hidden), (*out, net[3](net[2](hidden)))
    F.cross_entropy(torch.stack(out).mean(0), LABELS).backward()
    for layer, spikes, line in zip(report.layers, (first, out), (net[0], net[2]), strict=True):
        rate = torch.stack(spikes).mean((0, 1))
        assert layer.rate == pytest.approx(rate.mean().item())
        assert layer.silent == (rate == 0).float().mean() and layer.busy == (rate >= 0.9).float().mean()
        assert layer.gradient == pytest.approx((line.weight.grad.norm() / line.weight.norm()).item(), rel=1e-4)
    assert [layer.name for layer in report.layers] == ["1 IFNode", "3 IFNode"]
    assert report.healthy


def test_flat_share_counts_slopes_below_a_hundredth():
    node = neuron.IFNode(v_threshold=2.0, surrogate=surrogate.Rectangle(1.0))
    net = nn.Sequential(nn.Linear(1, 4, bias=False), node)
    with torch.no_grad():
        net[0].weight[:] = torch.tensor([[0.1], [1.6], [5.0], [9.0]])  # only 1.6 lies within 0.5 of θ
    assert diagnosis.examine(net, torch.ones(3, 1), torch.zeros(3).long(), T=1).layers[0].flat == 0.75


@pytest.mark.parametrize(
    ("net", "found"),
    [
        (chain(1.0, 1.0, 1.0), ["healthy", "healthy", "healthy"]),
        (chain(1.0, 100.0, 1.0), ["healthy", "silent", "silent"]),
        (chain(1e-3, 1e-3), ["saturated", "saturated"]),
        (chain(1.0, 1.0, slope=surrogate.Rectangle(1e-5)), ["vanishing", "vanishing"]),
    ],
    ids=["healthy", "silent", "saturated", "vanishing"],
)
def test_illnesses_are_found(net, found):
    assert diagnosis.examine(net, X, LABELS, T=6).findings == found


def test_an_exploding_gradient_is_told_from_the_others():
    layers = [diagnosis.Layer("", 0.2, 0.0, 0.0, 0.0, gradient) for gradient in (1e9, 1e-6, 0.1)]
    assert diagnosis.Report(layers, 1e9).findings == ["exploding", "vanishing", "healthy"]


def test_weights_behind_the_last_neurons_count_as_well():
    net = nn.Sequential(chain(1.0, slope=surrogate.Rectangle(1e-5)), nn.Linear(12, 12))
    report = diagnosis.examine(net, X, LABELS, T=6)
    assert report.findings == ["vanishing"] and report.largest > 0


def test_the_patient_is_not_changed():
    net = nn.Sequential(nn.Linear(12, 12), nn.BatchNorm1d(12), neuron.LIFNode()).train()
    net(X)
    before = copy.deepcopy(net.state_dict()), net[2].v.clone(), net[2].surrogate
    diagnosis.examine(net, torch.rand(3, 12), LABELS[:3], T=4)
    assert all(torch.equal(a, b) for a, b in zip(before[0].values(), net.state_dict().values(), strict=True))
    assert torch.equal(net[2].v, before[1]) and net[2].surrogate is before[2]
    assert net[0].weight.grad is None and not net[2]._forward_hooks


def test_a_sequence_and_a_loss_of_ones_own():
    x_seq = X.expand(5, *X.shape)
    one = diagnosis.examine(chain(1.0), X, LABELS, T=5, loss=lambda out, labels: out.mean())
    other = diagnosis.examine(chain(1.0), x_seq, LABELS, loss=lambda out, labels: out.mean())
    assert one.layers == other.layers
    frozen = diagnosis.examine(chain(1.0), X, LABELS, T=5, loss=lambda out, labels: out.mean().detach())
    assert frozen.layers[0].gradient == 0


def test_the_table_speaks_both_languages():
    report = diagnosis.examine(chain(1.0, 100.0), X, LABELS, T=6)
    with speaking("en"):
        page = report._repr_html_()
    assert "沉默" in page and "silent" in page and "1 IFNode" in page
    assert repr(report).splitlines()[2].endswith("silent")


@pytest.mark.parametrize("net", [nn.Linear(12, 8), neuron.IFNode()])
def test_without_neurons_or_weights_it_says_so(net):
    with pytest.raises(ValueError, match=r"neurons of .* that have weights"):
        diagnosis.examine(net, X, LABELS, T=2)
