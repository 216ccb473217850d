"""The SNN doctor: rates and gradients against autograd by hand, each illness found, the patient unchanged."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations, prune, weight_norm

from course_snn import diagnosis, functional, layer, neuron, surrogate, synapse
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


pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")

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
    for found, spikes, line in zip(report.layers, (first, out), (net[0], net[2]), strict=True):
        rate = torch.stack(spikes).mean((0, 1))
        assert found.rate == pytest.approx(rate.mean().item())
        assert found.silent == (rate == 0).float().mean() and found.busy == (rate >= 0.9).float().mean()
        assert found.gradient == pytest.approx((line.weight.grad.norm() / line.weight.norm()).item(), rel=1e-4)
    assert [found.name for found in report.layers] == ["1 IFNode", "3 IFNode"]
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


def by_hand(net, T, *weights, x=X):
    """‖∂L/∂W‖ / ‖W‖ of all ``weights`` together, from a loop of its own over the steps."""
    for weight in weights:
        weight.requires_grad_()
    functional.reset_net(net)
    value = F.cross_entropy(torch.stack([net(x) for _ in range(T)]).mean(0), LABELS)
    gradients = torch.autograd.grad(value, weights)
    functional.reset_net(net)
    return (sum(g.square().sum() for g in gradients) / sum(w.square().sum() for w in weights)).sqrt().item()


class Own(nn.Module):
    """A layer as a learner writes one: the weights under any name, in any container, on any way into the product."""

    def __init__(self, way):
        super().__init__()
        self.W, self.b, self.way = nn.ParameterList([torch.rand(12, 12) / 3]), nn.Parameter(torch.zeros(12)), way

    def forward(self, x):
        return self.way(x, self.W[0]) + self.b


class Inline(nn.Module):
    """The parent multiplies: its own weights and those of a layer that is never called."""

    def __init__(self):
        super().__init__()
        self.V, self.line = nn.Parameter(torch.rand(12, 12) / 4), nn.Linear(12, 12)
        self.first, self.second = (neuron.LIFNode(surrogate=surrogate.ATan()) for _ in range(2))
        nn.init.uniform_(self.line.weight, 0, 0.4)

    def forward(self, x):
        spikes = self.first(F.linear(x, self.V))
        return self.second(F.linear(spikes, self.line.weight, self.line.bias))


def with_second(make, *names):
    """A Linear, a layer made by ``make``, and the weights (by name) that the doctor should find before its neurons."""
    net = chain(1.0, 1.0, 1.0)
    net[2] = make(net[2]).eval()
    return net, [net[2].get_parameter(name) for name in names]


def pruned(line):
    return prune.l1_unstructured(line, "weight", 0.2)


SECOND = {
    "weight_norm": (weight_norm, "weight_g", "weight_v"),
    "parametrization": (
        parametrizations.weight_norm,
        "parametrizations.weight.original0",
        "parametrizations.weight.original1",
    ),
    "prune": (pruned, "weight_orig"),
    "frozen": (lambda line: line.requires_grad_(False), "weight"),
    "self.W in a list": (lambda line: Own(lambda x, W: x @ W), "W.0"),
    "einsum": (lambda line: Own(lambda x, W: torch.einsum("ni,oi->no", x, W)), "W.0"),
    "product and sum": (lambda line: Own(lambda x, W: (x[:, None] * W).sum(-1)), "W.0"),
    "normalised": (lambda line: nn.Sequential(line, nn.BatchNorm1d(12), nn.LayerNorm(12)), "0.weight"),
    "a filter behind": (lambda line: nn.Sequential(line, synapse.LowPassSynapse(3.0, learnable=True)), "0.weight"),
    "two in a row": (lambda line: nn.Sequential(nn.Linear(12, 12), line), "1.weight"),
    "transposed": (
        lambda line: nn.Sequential(nn.Unflatten(1, (3, 4)), nn.ConvTranspose1d(3, 3, 3, padding=1), nn.Flatten()),
        "1.weight",
    ),
    "AXAT": (lambda line: nn.Sequential(nn.Unflatten(1, (3, 2, 2)), layer.AXAT(2, 2), nn.Flatten()), "1.A"),
    "a scale alone": (lambda line: nn.BatchNorm1d(12), "weight", "bias"),
}


@pytest.mark.parametrize("second", SECOND.values(), ids=SECOND)
def test_the_gradient_is_that_of_the_weights_before_the_neurons(second):
    net, weights = with_second(*second)
    report = diagnosis.examine(net, X, LABELS, T=6)
    found = report.layers[1]
    assert found.gradient == pytest.approx(by_hand(net, 6, *weights), rel=1e-4) and found.gradient > 0
    assert found.weights.count(",") == len(weights) - 1 and ("frozen" in found.weights) == (second is SECOND["frozen"])
    assert report.layers[0].weights == "0.weight" and report.layers[2].weights == "4.weight"


def test_weights_that_the_parent_multiplies_by():
    torch.manual_seed(0)
    net = Inline()
    report = diagnosis.examine(net, X, LABELS, T=6)
    assert [found.weights for found in report.layers] == ["V", "line.weight"]
    for found, weight in zip(report.layers, (net.V, net.line.weight), strict=True):
        assert found.gradient == pytest.approx(by_hand(net, 6, weight), rel=1e-4)


class Branches(nn.Module):
    """Two branches that are computed side by side and then meet."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d = (nn.Linear(12, 12, bias=False) for _ in range(4))
        self.fire_a, self.fire_b, self.fire_c = (neuron.IFNode(surrogate=surrogate.ATan()) for _ in range(3))
        for line in (self.a, self.b, self.c, self.d):
            nn.init.uniform_(line.weight, 0, 0.3)

    def forward(self, x):
        a, b = self.a(x), self.b(x)
        return self.fire_c(self.c(self.fire_a(a)) + self.d(self.fire_b(b)))


def test_branches_keep_their_own_weights_and_share_those_where_they_meet():
    torch.manual_seed(0)
    net = Branches()
    found = {each.name: each for each in diagnosis.examine(net, X, LABELS, T=6).layers}
    expected = {"fire_a IFNode": [net.a], "fire_b IFNode": [net.b], "fire_c IFNode": [net.c, net.d]}
    for name, lines in expected.items():
        assert found[name].gradient == pytest.approx(by_hand(net, 6, *(line.weight for line in lines)), rel=1e-4)
    assert {*found["fire_c IFNode"].weights.split(", ")} == {"c.weight", "d.weight"}


def test_a_recurrent_container_and_a_layer_used_twice():
    torch.manual_seed(0)
    line, node = nn.Linear(12, 12, bias=False), neuron.PLIFNode(surrogate=surrogate.ATan())
    nn.init.uniform_(line.weight, 0, 0.4)
    loop = layer.LinearRecurrentContainer(node, 12, 12)
    nn.init.uniform_(loop.rc.weight, 0, 0.2)
    net = nn.Sequential(line, neuron.IFNode(), line, neuron.IFNode(), loop)
    report = diagnosis.examine(net, X, LABELS, T=6)
    assert [found.weights for found in report.layers] == ["0.weight", "0.weight", "4.rc.weight"]
    for found, weight in zip(report.layers, (line.weight, line.weight, loop.rc.weight), strict=True):
        assert found.gradient == pytest.approx(by_hand(net, 6, weight), rel=1e-4) and found.gradient > 0


def test_an_embedding():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Embedding(5, 12), nn.Linear(12, 12), neuron.IFNode(surrogate=surrogate.ATan()))
    words = torch.arange(8) % 5
    report = diagnosis.examine(net, words, LABELS, T=6)
    assert report.layers[0].gradient == pytest.approx(by_hand(net, 6, net[1].weight, x=words), rel=1e-4)
    report = diagnosis.examine(nn.Sequential(net[0], net[2]), words, LABELS, T=6)
    assert report.layers[0].weights == "0.weight"


@pytest.mark.parametrize(
    "way", [lambda x, W: x @ W.detach(), lambda x, W: x + 0 * W.detach().sum()], ids=["detached", "not used"]
)
def test_where_the_weights_are_not_known_it_says_so(way):
    net = chain(1.0, 1.0)
    net[2] = nn.Sequential(nn.Linear(12, 12), Own(way).requires_grad_(False))
    report = diagnosis.examine(nn.Sequential(*net, neuron.IFNode()), X, LABELS, T=6)
    assert math.isnan(report.layers[1].gradient) and math.isnan(report.layers[2].gradient)
    assert report.layers[0].gradient > 0 and "–" in repr(report) and "–" in report._repr_html_()
    assert report.findings[1] in ("unknown", "silent") and report.layers[1].weights == ""


STEEP = torch.tensor([0.5, 2.0, 100.0] * 4)


class Learnt(surrogate.Surrogate):
    """A surrogate with a parameter and without a primitive."""

    def __init__(self):
        super().__init__()
        self.alpha = nn.Parameter(torch.tensor(2.0))

    def slope(self, x):
        return 1 / (1 + (self.alpha * x) ** 2)


SURROGATES = {
    "a number for each neuron": (surrogate.ATan(STEEP), lambda x: STEEP / 2 / (1 + (math.pi / 2 * STEEP * x) ** 2)),
    "a subclass": (Learnt(), lambda x: 1 / (1 + (2 * x) ** 2)),
    "a function": (lambda x: (x >= 0).float() + x.sigmoid() - x.sigmoid().detach(), surrogate.Sigmoid(1.0).slope),
    "a function without gradient": (lambda x: (x >= 0).float(), lambda x: 0 * x),
}  # fmt: skip


@pytest.mark.parametrize(("given", "slope"), SURROGATES.values(), ids=SURROGATES)
def test_flat_is_flat_by_any_surrogate(given, slope):
    net = chain(1.0, 1.0, slope=given)
    report = diagnosis.examine(net, X, LABELS, T=6)
    for module in net.modules():  # without a primitive nothing could learn by hand
        if isinstance(module, surrogate.Surrogate):
            module.requires_grad_(False)
    functional.reset_net(net)
    parts = []
    for _ in range(6):
        current = net[0](X)
        height = slope(net[1].state("v", like=current) + current - 1)
        parts.append((height < 0.01 * slope(torch.zeros(12))) | (slope(torch.zeros(12)) == 0))
        net[1](current)
    assert report.layers[0].flat == pytest.approx(torch.stack(parts).float().mean().item())
    expected = 0.0 if given is SURROGATES["a function without gradient"][0] else by_hand(net, 6, net[0].weight)
    assert report.layers[0].gradient == pytest.approx(expected, rel=1e-4)


def test_the_patient_is_not_changed():
    net = nn.Sequential(
        nn.Linear(12, 12), nn.BatchNorm1d(12), nn.Dropout(), neuron.LIFNode(), weight_norm(nn.Linear(12, 12))
    )
    net[0].requires_grad_(False)
    net(X)
    before = copy.deepcopy(net.state_dict()), net[3].v.clone(), net[3].surrogate, torch.get_rng_state()
    with torch.no_grad():
        report = diagnosis.examine(net, torch.rand(3, 12, generator=torch.Generator()), LABELS[:3], T=4)
    assert report.layers[0].gradient > 0  # also without gradients around it
    assert all(torch.equal(a, b) for a, b in zip(before[0].values(), net.state_dict().values(), strict=True))
    assert torch.equal(net[3].v, before[1]) and net[3].surrogate is before[2] and "fire" not in vars(net[3])
    assert torch.equal(torch.get_rng_state(), before[3]) and net.training and not net[0].weight.requires_grad
    assert all(weight.grad is None for weight in net.parameters()) and not net[3]._forward_hooks


def test_a_layer_that_writes_into_its_input_and_inference_mode():
    net = nn.Sequential(nn.ReLU(inplace=True), chain(1.0))
    x = X - 0.1
    with torch.inference_mode():
        found = diagnosis.examine(net, x, LABELS + 0, T=6).layers
    assert found[0][1:6] == diagnosis.examine(chain(1.0), (X - 0.1).relu(), LABELS, T=6).layers[0][1:6]
    assert torch.equal(x, X - 0.1)


def test_weights_of_zeros_and_a_loss_that_overflows():
    net = chain(1.0, 1.0)
    nn.init.zeros_(net[2].weight)
    assert math.isnan(diagnosis.examine(net, X, LABELS, T=4).layers[1].gradient)
    report = diagnosis.examine(chain(1.0), X, LABELS, T=4, loss=lambda out, labels: out.mean() * math.inf)
    assert report.layers[0].gradient == math.inf and report.findings == ["exploding"]


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
