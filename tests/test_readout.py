"""What is read from output neurons: vectors, plain loops, SpikingJelly where it is right."""

import pytest
import torch
from spikingjelly.activation_based import functional as sj
from torch import nn

from course_snn import functional, neuron, readout

LONG = [0.1, 1.2, 1.1, 0.3, 0.4, 0.2, 1.5, 0.6, 0.7, 1.0]


def random(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def test_functional_hands_them_out():
    names = ["spike_cluster", "spike_similar_loss", "kernel_dot_product"]
    names += ["set_threshold_margin", "redundant_one_hot", "first_spike_index"]
    assert all(getattr(functional, name) is getattr(readout, name) for name in names)


# ---------------------------------------------------------------- spike_cluster


@pytest.mark.parametrize(
    ("v", "T_in", "clusters", "positive", "negative"),
    [
        (LONG, 2, 3, None, 6),
        (LONG, 1, 3, 4, 6),
        ([0.1, 1.2, 1.1, 0.3, 0.9, 0.2, 0.5, 0.6, 0.7, 0.4, 0.1, 1.3, 1.3, 1.3], 1, 2, 4, 2),
        ([1, 0, 1, 1], 1, 2, None, 0),
        ([0.2, 0.5, 0.3, 0.1], 1, 0, 1, None),
        ([0] * 5, 1, 0, 0, None),
        ([1] * 5, 1, 1, None, 4),
    ],
)
def test_spike_cluster_vectors(v, T_in, clusters, positive, negative):
    v = torch.tensor(v, dtype=torch.float)[:, None]
    n, k_positive, k_negative = functional.spike_cluster(v, 1.0, T_in)
    assert n.tolist() == [clusters] and n.dtype == torch.float
    for k, expected in ((k_positive, positive), (k_negative, negative)):
        assert k.dtype == torch.bool and k.shape == v.shape
        assert k[:, 0].nonzero().flatten().tolist() == ([] if expected is None else [expected])


def clusters_by_hand(v, threshold, T_in):
    times = [t for t, value in enumerate(v) if value >= threshold]
    groups = []
    for t in times:
        if groups and t - groups[-1][-1] <= T_in:
            groups[-1].append(t)
        else:
            groups.append([t])
    free = [t for t in range(len(v)) if all(abs(t - s) > T_in for s in times)]
    positive = {max(free, key=lambda t: v[t])} if free else set()
    return len(groups), positive, {min(groups, key=len)[-1]} if groups else set()


@pytest.mark.parametrize("T_in", [0, 1, 3, 50])
def test_spike_cluster_equals_a_plain_loop(T_in):
    v, threshold = random(40, 60) ** 2, torch.linspace(0.05, 1.1, 60)
    n, k_positive, k_negative = functional.spike_cluster(v, threshold, T_in)
    for i in range(60):
        expected = clusters_by_hand(v[:, i].tolist(), threshold[i].item(), T_in)
        found = [set(k[:, i].nonzero().flatten().tolist()) for k in (k_positive, k_negative)]
        assert (n[i].item(), *found) == expected
    assert k_positive.any() == (T_in < 50) or n.min() == 0


def test_the_clusters_loss_teaches_a_neuron_to_burst_twice():
    torch.manual_seed(0)
    x = random(30, 50)
    synapse, wanted, theta = nn.Linear(50, 8, bias=False), 3.0, 1.0
    optimizer = torch.optim.Adam(synapse.parameters(), 1e-2)
    found = []
    for _ in range(200):
        node, volts = neuron.LIFNode(2.0), []
        for now in synapse(x):
            v = node.charge(node.state("v", like=now), now)
            node.v = node.after_spike(v, node.fire(v))
            volts.append(v)
        v = torch.stack(volts)
        n, k_positive, k_negative = functional.spike_cluster(v, theta, T_in=2)
        positive, negative = (v * k_positive).sum(0), (v * k_negative).sum(0)
        loss = ((n < wanted) * (theta - positive) + (n > wanted) * (negative - theta)).sum()
        found.append((n - wanted).abs().mean().item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert found[0] >= 1.5 and min(found[-20:]) <= 0.5


# ---------------------------------------------------------------- similarity

SPIKES = torch.zeros(3, 2, 3)
SPIKES[0, 0], SPIKES[1, 0], SPIKES[2, 1] = torch.tensor([[1.0, 0, 1], [1, 0, 0], [0, 1, 1]])
LABELS = torch.tensor([[1, 0], [1, 1], [0, 1]])


@pytest.mark.parametrize(
    ("kernel", "losses"),
    [
        (("linear",), {"mse": 0.241286, "l1": 0.28731}),
        (("sigmoid", 1.0), {"mse": 0.138379, "l1": 0.338359, "bce": 0.440692}),
        (("gaussian", 1.0), {"mse": 0.172591, "l1": 0.29015, "bce": 0.476759}),
    ],
)
def test_spike_similar_loss_vectors(kernel, losses):
    name, *parameter = kernel
    for loss, expected in losses.items():
        value = functional.spike_similar_loss(SPIKES, LABELS, name, loss, *parameter)
        assert value.dim() == 0 and value.item() == pytest.approx(expected, abs=2e-6)


BOTH = [(*kernel, loss) for kernel in (("sigmoid", (0.3,)), ("gaussian", (2.0,))) for loss in ("mse", "l1", "bce")]


@pytest.mark.parametrize(("name", "parameter", "loss"), [("linear", (), "mse"), ("linear", (), "l1"), *BOTH])
def test_spike_similar_loss_equals_spikingjelly(name, parameter, loss):
    results = []
    for f in (functional.spike_similar_loss, sj.spike_similar_loss):
        s = (random(6, 4, 5) < 0.5).float().requires_grad_()
        value = f(s, (random(6, 3, seed=1) < 0.5).float(), name, loss, *parameter)
        value.backward()
        results.append((value, s.grad))
    torch.testing.assert_close(*results, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("loss", ["mse", "l1", "bce"])
def test_linear_similarity_has_a_modest_slope_everywhere(loss):
    s = (random(30, 7, 11) < 0.5).float() * random(30, 1, 1, seed=2)
    s[1] = s[0]  # alike, with other labels
    s[2:4] = 0  # silent
    s[4:6] = torch.eye(77)[:2].reshape(2, 7, 11)  # the same label, no spike in common
    labels = torch.eye(30)
    labels[2], labels[5] = labels[0], labels[4]
    s.requires_grad_()
    value = functional.spike_similar_loss(s, labels, "linear", loss)
    value.backward()
    assert value.isfinite() and 0 < s.grad.abs().max() < (1e4 if loss == "bce" else 1)  # SpikingJelly: 1e5
    assert s.grad[2].abs().max() > 0 and s.grad[4].abs().max() > 0


def test_smoothed_spikes_under_autocast():
    s = random(20, 300).requires_grad_()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = functional.spike_similar_loss(s, torch.eye(20), "gaussian", "bce", 3.0)
    torch.testing.assert_close(inside, functional.spike_similar_loss(s, torch.eye(20), "gaussian", "bce", 3.0))
    assert inside.isfinite()
    functional.spike_similar_loss(random(4, 9) < 0.5, torch.eye(4).bool()).item()  # bool is welcome


def test_kernel_dot_product():
    x, y = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.eye(2)
    for kernel, expected in {
        ("linear",): [[1.0, 2.0], [3.0, 4.0]],
        ("polynomial", 2): [[1.0, 4.0], [9.0, 16.0]],
        ("sigmoid", 0.5): [[0.622459, 0.731059], [0.817574, 0.880797]],
        ("gaussian", 2.0): [[0.606531, 0.778801], [0.082085, 0.105399]],
    }.items():
        torch.testing.assert_close(functional.kernel_dot_product(x, y, *kernel), torch.tensor(expected))
        a, b = random(5, 7).double(), random(5, 7, seed=1).double()
        torch.testing.assert_close(
            functional.kernel_dot_product(a, b, *kernel), sj.kernel_dot_product(a, b, *kernel), rtol=1e-6, atol=1e-8
        )
        assert functional.kernel_dot_product(a, b[:2], *kernel).shape == (5, 2)


# ---------------------------------------------------------------- targets and thresholds


def test_set_threshold_margin_with_our_neurons():
    net = nn.Sequential(nn.Linear(4, 3), neuron.IFNode(v_threshold=0.5))
    labels = functional.redundant_one_hot(torch.tensor([1, 0]), 3, 1)
    functional.set_threshold_margin(net[-1], labels)
    torch.testing.assert_close(net[-1].v_threshold, torch.tensor([[0.9, 1.1, 0.9], [1.1, 0.9, 0.9]]))
    x = torch.full((2, 3), 1.0)
    assert net[-1](x).tolist() == [[1, 0, 1], [0, 1, 1]]
    functional.reset_net(net)
    out = functional.unroll(net, random(6, 2, 4))
    assert out.shape == (6, 2, 3) and out.requires_grad
    functional.reset_net(net)
    functional.set_threshold_margin(net[-1], labels[:1].long())  # a last, smaller batch; whole numbers
    functional.unroll(net, random(6, 1, 4)).sum().backward()
    net.eval()
    functional.set_threshold_margin(net[-1], labels)
    assert net[-1].v_threshold == 1.0 and "1.v_threshold" not in net.state_dict()
    functional.reset_net(net)
    assert functional.unroll(net, random(6, 5, 4)).shape == (6, 5, 3)


@pytest.mark.parametrize("v_reset", [0.0, None])
@pytest.mark.parametrize("make", [neuron.IFNode, neuron.LIFNode, neuron.PLIFNode])
def test_margins_unrolled_equal_stepped(make, v_reset):
    node, labels = make(v_reset=v_reset), functional.redundant_one_hot(torch.tensor([2, 0, 1, 2]), 3, 2)
    functional.set_threshold_margin(node, labels, threshold0=0.6, threshold1=1.4)
    results = []
    for drive in (functional.unroll, lambda net, x: torch.stack([net(now) for now in x])):
        functional.reset_net(node)
        x = (2 * random(9, 4, 6)).requires_grad_()
        y = drive(node, x)
        y.cumsum(0).sum().backward()
        results.append((y, x.grad))
    assert 0 < results[0][0].mean() < 1
    torch.testing.assert_close(*results)


def test_redundant_one_hot():
    codes = functional.redundant_one_hot(torch.tensor([0, 1, 1, 0]), 3, 2)
    assert codes.tolist() == [[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 1, 1, 0, 0], [1, 1, 0, 0, 0, 0]]
    labels = torch.arange(7)
    assert torch.equal(functional.redundant_one_hot(labels, 7, 5), sj.redundant_one_hot(labels, 7, 5))


def test_first_spike_index():
    assert functional.first_spike_index(torch.tensor([[0, 1, 1, 0], [0, 0, 0, 0]])).tolist() == [
        [False, True, False, False],
        [False] * 4,
    ]
    spikes = random(3, 4, 20) < 0.1
    assert torch.equal(functional.first_spike_index(spikes), sj.first_spike_index(spikes.float()))


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: functional.spike_cluster(torch.ones(3), 1.0, 1), ValueError, r"\[T, N\], got the shape \(3,\)"),
        (lambda: functional.spike_cluster(torch.ones(3, 1), 1.0, -1), ValueError, "T_in must be at least 0, got -1"),
        (lambda: functional.spike_cluster(torch.ones(3, 1), 1.0, 1.5), TypeError, "T_in must be a whole number"),
        (lambda: functional.kernel_dot_product(SPIKES, SPIKES, "cosine"), ValueError, "'gaussian'; got 'cosine'"),
        (lambda: functional.kernel_dot_product(LABELS, LABELS, "sigmoid"), TypeError, "'sigmoid' takes alpha"),
        (lambda: functional.kernel_dot_product(LABELS, LABELS, "linear", 2), TypeError, "takes no parameter"),
        (lambda: functional.kernel_dot_product(LABELS, LABELS, "gaussian", 0.0), ValueError, "greater than 0, got 0"),
        (lambda: functional.spike_similar_loss(SPIKES, LABELS, "polynomial"), ValueError, r"values in \[0, 1\]"),
        (lambda: functional.spike_similar_loss(SPIKES, LABELS, "linear", "l2"), ValueError, "'bce'; got 'l2'"),
        (lambda: functional.spike_similar_loss(SPIKES, LABELS[:2]), ValueError, "agree in N, got 3 and 2"),
        (lambda: functional.set_threshold_margin(nn.Linear(2, 2), LABELS), TypeError, "a neuron.*got Linear"),
        (
            lambda: functional.set_threshold_margin(neuron.IFNode(), LABELS, threshold0=0.0),
            ValueError,
            r"above v_reset = 0\.0, but the lowest is 0\.0",
        ),
    ],
)
def test_errors_say_what_is_accepted(call, error, message):
    with pytest.raises(error, match=message):
        call()
