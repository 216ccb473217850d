"""The winner-take-all layer against a plain loop in float64, closed forms, and problems whose answer is known."""

import copy

import numpy as np
import pytest
import torch

from course_snn import unsupervised
from course_snn.kernel import threads
from course_snn.unsupervised import WinnerTakeAll, assign_labels, poisson_spikes, predict

SMALL = {"v_threshold": 3.0, "theta_plus": 0.3, "learning_rate": 0.05, "tau_theta": 50.0}


def layer(*sizes, seed=0, **options):
    torch.manual_seed(seed)
    return WinnerTakeAll(*sizes, **SMALL | options)


def noise(*shape, rate=0.2, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < rate


def by_hand(net, spikes, learning):
    """Diehl & Cook's network as in the docstring, in float64, without a line of the layer."""
    w, theta = net.weight.double().numpy().copy(), net.theta.double().numpy().copy()
    counts = np.zeros((spikes.shape[1], len(w)), int)
    for n in range(spikes.shape[1]):
        v, x = np.zeros(len(w)), np.zeros(w.shape[1])
        for s in spikes[:, n].double().numpy():
            x = x * (1 - 1 / net.traces.tau_pre) + s
            v = v * (1 - 1 / net.tau) + w @ s
            fires = np.flatnonzero(v - theta >= net.v_threshold)
            if net.inhibition and len(fires):
                fires = [np.argmax(v - theta)]
                v[:] = 0
            v[fires] = 0
            for j in fires:
                counts[n, j] += 1
                if learning:
                    theta[j] += net.theta_plus
                    w[j] = np.clip(w[j] + net.learning_rate * (x - net.x_target), 0, 1)
        if learning:
            for j in np.flatnonzero(counts[n]):
                w[j] *= net.w_sum / w[j].sum()
            theta *= 1 - 1 / net.tau_theta
    return counts, w, theta


def stepped(net, spikes, learning):
    counts = torch.zeros(spikes.shape[1], net.out_features, dtype=torch.int64)
    net._present_stepped(spikes, counts, learning)
    return counts


@pytest.mark.parametrize("inhibition", [True, False])
def test_equals_a_loop_by_hand(inhibition):
    net, spikes = layer(40, 9, inhibition=inhibition), noise(30, 25, 40)
    counts, w, theta = by_hand(net, spikes, learning=True)
    assert torch.equal(net.learn(spikes), torch.from_numpy(counts)) and counts.sum() > 100
    np.testing.assert_allclose(net.weight, w, atol=1e-5)
    np.testing.assert_allclose(net.theta, theta, rtol=1e-5)
    assert torch.equal(net.respond(spikes), torch.from_numpy(by_hand(net, spikes, learning=False)[0]))


@pytest.mark.parametrize("options", [{}, {"inhibition": False}, {"w_sum": 7.7, "tau": 3.7, "tau_pre": 1.0}])
def test_compiled_equals_stepped_bit_for_bit(options):
    assert unsupervised.compiled()
    net, spikes = layer(37, 11, **options), noise(21, 30, 37)
    twin = copy.deepcopy(net)
    assert torch.equal(net.learn(spikes), stepped(twin, spikes, True))
    assert torch.equal(net.weight, twin.weight) and torch.equal(net.theta, twin.theta)
    assert torch.equal(net.respond(spikes), stepped(twin, spikes, False))
    assert twin.training and not net.eval().training and stepped(net, spikes, True).any() and not net.training


def test_works_without_numba(monkeypatch):
    net, spikes = layer(12, 4, v_threshold=0.5), noise(15, 6, 12)
    twin = copy.deepcopy(net)
    counts = net.learn(spikes)
    monkeypatch.setattr(unsupervised, "compiled", lambda: None)
    assert torch.equal(twin.learn(spikes), counts) and torch.equal(twin.weight, net.weight) and counts.any()


def test_responding_is_the_same_alone_in_company_and_in_threads(monkeypatch):
    net, spikes = layer(30, 8), noise(25, 300, 30)
    one_by_one = torch.cat([net.respond(spikes[:, n : n + 1]) for n in range(300)])
    before = copy.deepcopy(net.state_dict())
    monkeypatch.setattr(threads, "PARALLEL_FROM", 0)
    assert torch.equal(net.respond(spikes), one_by_one) and one_by_one.any()
    monkeypatch.setattr(unsupervised, "in_parallel", lambda work, width, _: [work(150, width), work(0, 150)])
    assert torch.equal(net.respond(spikes), one_by_one)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    twin = copy.deepcopy(net)
    assert torch.equal(net.learn(spikes), stepped(twin, spikes, True))  # one after another, threads or not
    assert torch.equal(net.weight, twin.weight)


def test_same_seed_same_network():
    a, b, other = (layer(20, 5, seed=seed) for seed in (1, 1, 2))
    for net in (a, b, other):
        net.learn(noise(20, 30, 20))
    assert torch.equal(a.weight, b.weight) and not torch.equal(a.weight, other.weight)


def test_one_step_by_hand():
    net = layer(3, 2, v_threshold=1.0, learning_rate=0.1, tau_pre=2.0, x_target=0.5, tau=2.0, theta_plus=0.3)
    net.weight[:] = torch.tensor([[0.6, 0.2, 0.96], [0.5, 0.1, 0.3]])
    s = torch.tensor
    assert net(s([True, False, False])).tolist() == [False, False]  # v = 0.6, 0.5
    torch.testing.assert_close(net.v, s([0.6, 0.5]))
    assert net(s([False, True, True])).tolist() == [True, False]  # v = 0.3 + 1.16, 0.25 + 0.4: neuron 0
    torch.testing.assert_close(net.traces.trace_pre, s([0.5, 1.0, 1.0]))
    torch.testing.assert_close(net.weight, s([[0.6, 0.25, 1.0], [0.5, 0.1, 0.3]]))  # + 0.1 (x - 0.5), at most 1
    torch.testing.assert_close(net.theta, s([0.3, 0.0]))
    assert net.v.tolist() == [0.0, 0.0]


def test_eval_mode_does_not_learn():
    net = layer(3, 2, v_threshold=0.1).eval()
    before = net.weight.clone()
    assert net(torch.ones(3)).any() and torch.equal(net.weight, before) and not net.theta.any()


def test_trace_is_the_sum_of_the_tails():
    net, s = layer(5, 2, v_threshold=100.0, tau_pre=4.0), noise(30, 5, rate=0.3)
    for step in s:
        net(step)
    age = torch.arange(29, -1, -1.0)[:, None]
    torch.testing.assert_close(net.traces.trace_pre, (s * 0.75**age).sum(0))


def test_threshold_rises_by_the_spikes_and_decays_by_the_sample():
    net = layer(4, 1, v_threshold=0.1, theta_plus=0.5, tau_theta=10.0, w_sum=1.0)
    silent, one = torch.zeros(6, 1, 4, dtype=torch.bool), torch.zeros(6, 1, 4, dtype=torch.bool)
    one[2] = True
    net.learn(torch.cat([one, silent, silent, silent], 1))
    assert net.theta.item() == pytest.approx(0.5 * 0.9**4)


def test_inhibition_leaves_one_spike_in_a_step():
    spikes = noise(20, 10, 30, rate=0.5)
    alone, together = (layer(30, 6, inhibition=inhibition) for inhibition in (True, False))
    assert alone.respond(spikes).sum(1).max() <= 20
    assert together.respond(spikes).sum(1).max() > 20


def test_weights_of_a_neuron_keep_their_sum():
    net = layer(40, 9)
    torch.testing.assert_close(net.weight.sum(1), torch.full((9,), 4.0))
    net.learn(noise(30, 25, 40))
    torch.testing.assert_close(net.weight.sum(1), torch.full((9,), 4.0))
    assert net.weight.min() >= 0


def bars(samples, seed=0):
    """Three patterns of ten inputs each, in any order."""
    draw = torch.Generator().manual_seed(seed)
    labels = torch.randint(3, (samples,), generator=draw)
    rates = torch.full((3, 30), 0.02)
    for pattern in range(3):
        rates[pattern, 10 * pattern :][:10] = 0.5
    return torch.rand(40, samples, 30, generator=draw) < rates[labels], labels


def test_neurons_find_the_patterns_without_labels():
    net = layer(30, 6, theta_plus=0.05, learning_rate=0.02, tau_theta=1e4)
    spikes, labels = bars(200)
    net.learn(spikes)
    new, truth = bars(100, seed=1)
    names = assign_labels(net.respond(spikes), labels, 3)
    assert set(names.tolist()) - {-1} == {0, 1, 2}
    assert torch.equal(predict(net.respond(new), names, 3), truth)
    strongest = net.weight.reshape(6, 3, 10).sum(2).argmax(1)
    assert torch.equal(strongest[names >= 0], names[names >= 0])


def test_without_homeostasis_a_few_neurons_win_everything():
    shares = {}
    for theta_plus in (0.0, 0.3):
        net = layer(30, 12, theta_plus=theta_plus, learning_rate=0.02, tau_theta=1e4)
        counts = net.learn(bars(200)[0]).sum(0)
        shares[theta_plus] = (counts.sort(descending=True).values[:3].sum() / counts.sum()).item()
    assert shares[0.0] > 0.95 and shares[0.3] < 0.5  # one for each pattern against four


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_poisson_spikes_have_the_rates_of_the_formula(dtype):
    images = torch.tensor([[[0.5, 0.0], [0.25, 0.25]], [[0.01, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
    spikes = poisson_spikes(images.to(dtype), T=20000, drive=1.2, generator=torch.Generator().manual_seed(0))
    rates = spikes.float().mean(0)
    expected = torch.tensor([[0.6, 0.0, 0.3, 0.3], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    torch.testing.assert_close(rates, expected, atol=0.015, rtol=0)  # four standard deviations
    assert torch.equal(rates == 0, expected == 0)
    products = (spikes[1:, 0, 0] & spikes[:-1, 0, 0]).float().mean()  # steps are independent
    assert products == pytest.approx(0.36, abs=0.015)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_poisson_spikes_are_rare_where_they_should_be(dtype):
    images = torch.ones(1, 3000, dtype=dtype)
    count = poisson_spikes(images, T=1000, drive=1.0, generator=torch.Generator().manual_seed(0)).sum().item()
    assert count == pytest.approx(1000, abs=5 * 1000**0.5)  # sixteen bits would make of 1/3000 at least 1/2048


def test_poisson_spikes_follow_their_generator():
    first, again, other = (poisson_spikes(torch.full((2, 9), 0.5), 30, 2.0, seed) for seed in seeds())
    assert torch.equal(first, again) and not torch.equal(first, other)


def seeds():
    return [torch.Generator().manual_seed(seed) for seed in (1, 1, 2)]


def test_labels_and_predictions_by_hand():
    counts = torch.tensor([[4, 0, 0, 1], [2, 0, 0, 0], [1, 3, 0, 0], [0, 0, 0, 0]])
    labels = torch.tensor([0, 0, 1, 2])
    names = assign_labels(counts, labels, 3)
    assert names.tolist() == [0, 1, -1, 0]  # means 3 | 1, 0 | 3, nothing, 0.5 | 0
    # sample 0: class 0 has (4 + 1)/2; sample 2: class 0 has 1/2, class 1 has 3; sample 3: nobody
    assert predict(counts, names, 3).tolist() == [0, 0, 1, -1]


def test_labels_are_means_not_sums():
    counts = torch.tensor([[2], [2], [2], [5]])
    assert assign_labels(counts, torch.tensor([0, 0, 0, 1]), 2).tolist() == [1]
    crowd = torch.tensor([[1, 1, 1, 2]])
    assert predict(crowd, torch.tensor([0, 0, 0, 1]), 2).tolist() == [1]


def test_any_layout_of_weights_and_spikes():
    net, spikes = layer(16, 4), noise(10, 5, 16, rate=0.5)
    twin = copy.deepcopy(net)
    twin.weight = twin.weight.clone(memory_format=torch.contiguous_format)
    upside_down = spikes.transpose(0, 1).contiguous().transpose(0, 1)
    assert torch.equal(net.learn(spikes), twin.learn(upside_down.float())) and torch.equal(net.weight, twin.weight)


def test_saved_and_loaded():
    net, other = layer(16, 4), layer(16, 4, seed=5)
    net.learn(noise(10, 5, 16, rate=0.5))
    other.load_state_dict(net.state_dict())
    spikes = noise(10, 20, 16, rate=0.5, seed=3)
    assert torch.equal(net.respond(spikes), other.respond(spikes)) and net.theta.any()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda net: net(torch.ones(2, 5)), "one time step of one sample"),
        (lambda net: net.learn(torch.ones(7, 5)), "time first"),
        (lambda net: net.respond(torch.ones(7, 2, 4)), r"\[T, N, 5\]"),
        (lambda net: net.learn(torch.full((7, 2, 5), 0.5)), "0 or 1"),
        (lambda net: poisson_spikes(torch.ones(2, 5), 10, 0.0), "drive"),
        (lambda net: poisson_spikes(torch.full((2, 5), 2.0), 10, 1.0), "scale the data"),
        (lambda net: WinnerTakeAll(5, 0), "out_features"),
        (lambda net: WinnerTakeAll(5, 2, tau=0.5), "tau"),
        (lambda net: WinnerTakeAll(5, 2, w_sum=0.0), "w_sum"),
        (lambda net: WinnerTakeAll(5, 2, theta_plus=-1.0), "theta_plus"),
        (lambda net: assign_labels(torch.ones(3, 2), torch.zeros(2, dtype=torch.int64), 2), "each sample"),
        (lambda net: assign_labels(torch.ones(3, 2), torch.tensor([0, 1, 2]), 2), r"0 … 1"),
        (lambda net: predict(torch.ones(3, 2), torch.zeros(3, dtype=torch.int64), 2), "each neuron"),
    ],
)
def test_errors_say_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call(layer(5, 2))


def test_spikes_must_be_a_tensor():
    with pytest.raises(TypeError, match="takes spikes as a tensor"):
        layer(5, 2).learn([[1, 0]])
