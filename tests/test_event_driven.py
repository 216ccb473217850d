"""Gaussian tuning and the tempotron: vectors, a plain loop in double precision, finite differences, SpikingJelly."""

import math
import subprocess
import sys

import pytest
import torch
from patience import PATIENCE
from spikingjelly.timing_based import neuron as sj
from torch import nn

from course_snn import encoding
from course_snn.event_driven import GaussianTuning, Tempotron, peak_time, psp_kernel, psp_scale

UNIT_PSP = [0, 0.358919, 0.610678, 0.781852, 0.8927, 0.958651, 0.991435, 0.999959, 0.990971, 0.969571, 0.939601]


def tempotron(weight, T, **options):
    """A tempotron with the given weights [out, in], in double precision."""
    weight = torch.as_tensor(weight, dtype=torch.double)
    net = Tempotron(weight.shape[1], weight.shape[0], T, **options).double()
    net.weight = nn.Parameter(weight)
    return net


def spikes(N, inputs, T, seed=0, whole=True):
    """Random spike times, a third of the inputs silent, some too late."""
    generator = torch.Generator().manual_seed(seed)
    times = torch.rand(N, inputs, generator=generator, dtype=torch.double) * 1.2 * T
    times[torch.rand(N, inputs, generator=generator) < 0.3] = -1
    return times.round().long() if whole else times


def by_hand(weight, times, T, tau=15.0, tau_s=3.75):
    """V as the definition says it: sample by sample, neuron by neuron, step by step, spike by spike."""
    peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    scale = 1 / (math.exp(-peak / tau) - math.exp(-peak / tau_s))
    v = torch.zeros(len(times), len(weight), T, dtype=torch.double)
    for n, row in enumerate(times.tolist()):
        for o, w in enumerate(weight.tolist()):
            for t in range(T):
                since = [(w[i], t - s) for i, s in enumerate(row) if 0 <= s <= t]
                v[n, o, t] = sum(w * scale * (math.exp(-d / tau) - math.exp(-d / tau_s)) for w, d in since)
    return v


# ---------------------------------------------------------------- the kernel


def test_psp_vectors():
    torch.testing.assert_close(psp_kernel(torch.arange(11.0), 15.0, 3.75), torch.tensor(UNIT_PSP), atol=1e-6, rtol=0)
    assert psp_scale(15.0, 3.75) == pytest.approx(2.116534735957599)
    assert Tempotron.psp_kernel is psp_kernel


@pytest.mark.parametrize("tau, tau_s", [(15.0, 3.75), (20.0, 1.0), (5.0, 4.9)])
def test_psp_peaks_at_exactly_one(tau, tau_s):
    t = torch.linspace(-50, 100, 300001, dtype=torch.double)
    k = psp_kernel(t, tau, tau_s)
    assert k.max().item() == pytest.approx(1, abs=1e-6)
    assert t[k.argmax()].item() == pytest.approx(peak_time(tau, tau_s), abs=1e-3)
    assert psp_kernel(torch.tensor(peak_time(tau, tau_s), dtype=torch.double), tau, tau_s).item() == pytest.approx(1)
    assert (k[t < 0] == 0).all() and (k[t > 0.01] > 0).all()


def test_psp_is_the_response_of_a_leaky_membrane_to_a_decaying_current():
    """τ dV/dt = -V + I with dI/dt = -I/τ_s, in tiny Euler steps from the spike on."""
    tau, tau_s, dt = 15.0, 3.75, 1e-3
    v, i, seen = 0.0, psp_scale(tau, tau_s) * (tau / tau_s - 1), []
    for step in range(40001):
        if step % 5000 == 0:
            seen.append(v)
        v, i = v + dt * (i - v) / tau, i - dt * i / tau_s
    expected = psp_kernel(torch.arange(0.0, 41.0, 5.0), tau, tau_s)
    torch.testing.assert_close(torch.tensor(seen), expected, atol=1e-3, rtol=0)


def test_psp_long_before_the_spike_is_zero_and_finite():
    t = torch.tensor([-1e6, -1.0], requires_grad=True)
    k = psp_kernel(t, 15.0, 3.75)
    k.sum().backward()
    assert (k == 0).all() and (t.grad == 0).all()


# ---------------------------------------------------------------- voltage


def test_two_spikes_by_vector():
    net = tempotron([[0.7, -0.3]], T=20)
    times = torch.tensor([[2, 5]])
    v = [0, 0, 0, 0.251243, 0.427474, 0.547296, 0.517215, 0.487852, 0.459449, 0.432161]
    torch.testing.assert_close(net(times, "v")[0, 0, :10], torch.tensor(v).double(), atol=1e-6, rtol=0)
    v_max = net(times)
    v_max.sum().backward()
    assert v_max.item() == pytest.approx(0.547296, abs=1e-6)
    torch.testing.assert_close(net.weight.grad, torch.tensor([[0.781852, 0]]).double(), atol=1e-6, rtol=0)
    assert net(times, "spikes").item() == -1


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("tau, tau_s", [(15.0, 3.75), (4.0, 3.9)])
def test_equals_the_definition(whole, tau, tau_s):
    weight = torch.randn(3, 12, generator=torch.Generator().manual_seed(1), dtype=torch.double)
    times = spikes(5, 12, T=30, whole=whole)
    net = tempotron(weight, T=30, tau=tau, tau_s=tau_s)
    v = by_hand(weight, times, 30, tau, tau_s)
    torch.testing.assert_close(net(times, "v"), v, atol=1e-10, rtol=1e-10)
    torch.testing.assert_close(net(times, "v_max"), v.amax(2), atol=1e-10, rtol=1e-10)
    torch.testing.assert_close(net(times), net(times, "v_max"))


def test_whole_times_may_come_as_floats_or_small_integers():
    net, times = tempotron(torch.randn(2, 9, dtype=torch.double), T=30), spikes(4, 9, T=30)
    v = net(times, "v")
    torch.testing.assert_close(net(times.double(), "v"), v)
    assert torch.equal(net(times.to(torch.int8), "v"), v)


def test_silent_inputs_and_samples_and_late_spikes_do_nothing():
    net = tempotron(torch.ones(2, 3), T=10)
    times = torch.tensor([[-1, -1, -1], [10, 50, -1], [9, -5, 9]])
    assert (net(times, "v") == 0).all()
    late = torch.tensor([[9.5, math.inf, -math.inf]], dtype=torch.double)
    assert (net(late, "v") == 0).all()
    assert net(torch.zeros(0, 3, dtype=torch.long), "v").shape == (0, 2, 10)


def test_a_single_sample_keeps_its_dimensions():
    """SpikingFlow squeezed [1, 10] to [10]."""
    net = tempotron(torch.ones(10, 3), T=10)
    one = torch.zeros(1, 3, dtype=torch.long)
    assert net(one).shape == net(one, "spikes").shape == (1, 10) and net(one, "v").shape == (1, 10, 10)


@pytest.mark.parametrize("seed", range(3))
def test_peak_equals_spikingjelly_below_threshold(seed):
    """SpikingJelly solves for the exact peak between the steps and lets nothing in after a spike: so no spike here."""
    T, inputs = 60, 8
    times = spikes(6, inputs, T, seed=seed)
    net = tempotron(torch.randn(4, inputs, dtype=torch.double) * 0.1, T, v_threshold=50.0)
    theirs = sj.Tempotron(inputs, 4, T - 1.0, v_threshold=50.0).double()
    theirs.weight = net.weight
    valid = (times >= 0) & (times < T)
    offsets = torch.cat([torch.zeros(1, dtype=torch.long), valid.sum(1).cumsum(0)])
    peak, at, fired = theirs(times[valid].double(), valid.nonzero()[:, 1], offsets)
    v = net(times, "v_max")
    assert torch.isinf(fired).all()
    # on the steps the peak can only be lower, by at most its curvature within half a step
    assert (v <= peak + 1e-9).all()
    torch.testing.assert_close(v, peak, atol=0.02, rtol=0)
    on_step = (at - at.round()).abs() < 1e-9
    torch.testing.assert_close(v[on_step], peak[on_step], atol=1e-9, rtol=0)


# ---------------------------------------------------------------- gradients


def test_gradient_is_the_kernel_at_t_max():
    net, times = tempotron(torch.randn(3, 20, dtype=torch.double), T=50), spikes(1, 20, T=50)
    t_max = net(times, "v").argmax(2)[0]
    net(times).sum().backward()
    for o in range(3):
        since = torch.where(times[0] < 0, -1, t_max[o] - times[0])  # -1: as if still to come
        torch.testing.assert_close(net.weight.grad[o], psp_kernel(since.double(), 15.0, 3.75))


@pytest.mark.parametrize("ret_type", ["v", "v_max"])
def test_gradients_equal_finite_differences(ret_type):
    """Of weights and of spike times; times on a step have a kink, so these lie between steps."""
    net, times = Tempotron(6, 2, 25).double(), spikes(3, 6, 25, whole=False)
    times = torch.where(times > 0, times.floor() + 0.37, times).requires_grad_()

    def run(weight, times):
        return torch.func.functional_call(net, {"weight": weight}, (times, ret_type))

    assert torch.autograd.gradcheck(run, (torch.randn(2, 6, dtype=torch.double, requires_grad=True), times))


def test_no_gradient_for_inputs_after_t_max_or_without_a_spike():
    net = tempotron([[1.0, -5.0, 1.0]], T=40)
    net(torch.tensor([[3, 12, -1]])).sum().backward()
    assert net.weight.grad[0, 0] > 0.99 and (net.weight.grad[0, 1:] == 0).all()


def test_of_two_equal_peaks_the_first_counts():
    net = Tempotron(2, 1, 120, tau=2.0, tau_s=0.5)  # in single precision the first potential has died out by then
    net.weight.data = torch.ones(1, 2)
    times = torch.tensor([[1, 101]])
    v = net(times, "v")[0, 0]
    assert v[2] == v[102] == v.max()
    net(times).sum().backward()
    assert net.weight.grad[0].tolist() == [v.max().item(), 0]


# ---------------------------------------------------------------- spikes


def test_spike_times_and_their_gradient():
    weight = torch.tensor([[0.8, 0.8], [0.3, 0.3]], dtype=torch.double)
    net, times = tempotron(weight, T=30), torch.tensor([[2, 5]])
    out = net(times, "spikes")
    v = net(times, "v")
    assert out[0].tolist() == [v[0, 0].argmax().item(), -1] and v[0, 1].max() < 1
    out.sum().backward()
    twin = weight.clone().requires_grad_()
    soft = torch.func.functional_call(net, {"weight": twin}, (times, "v")).softmax(2) @ torch.arange(30.0).double()
    (slope,) = torch.autograd.grad(soft[0, 0], twin)  # a neuron that is silent has no time to change
    torch.testing.assert_close(net.weight.grad, slope)


def test_the_threshold_itself_fires():
    net = tempotron([[1.0]], T=30)
    top = net(torch.tensor([[0]])).item()
    exact = tempotron([[1.0]], T=30, v_threshold=top)
    above = tempotron([[1.0]], T=30, v_threshold=top + 1e-9)
    assert exact(torch.tensor([[0]]), "spikes").item() == 7 and above(torch.tensor([[0]]), "spikes").item() == -1


def test_layers_stack_through_spike_times():
    first, second = tempotron(torch.ones(3, 4), T=20), tempotron(torch.ones(1, 3), T=20)
    hidden = first(torch.tensor([[0, 1, 2, 3]]), "spikes")
    second(hidden).sum().backward()
    assert first.weight.grad.isfinite().all() and (first.weight.grad != 0).any()


# ---------------------------------------------------------------- loss


def test_loss_vector():
    v = torch.tensor([[1.2, 0.8], [0.5, 1.5]])
    assert Tempotron.mse_loss(v, 1.0, torch.tensor([1, 1]), 2).item() == pytest.approx(0.04)


def test_loss_counts_only_wrong_answers_and_takes_thresholds_per_neuron():
    v = torch.tensor([[1.2, 0.8, 0.1], [0.5, 1.5, 2.0]], requires_grad=True)
    threshold = torch.tensor([[1.0, 0.5, 0.2], [1.0, 1.0, 2.5]])
    label = torch.tensor([0, 2])
    loss = Tempotron.mse_loss(v, threshold, label, 3)
    assert loss.item() == pytest.approx((0.3**2 + 0.5**2 + 0.5**2) / 2)
    loss.backward()
    torch.testing.assert_close(v.grad, torch.tensor([[0, 0.3, 0], [0, 0.5, -0.5]]))


def test_one_tempotron_learns_a_task_of_timing_alone():
    """Both classes have the same inputs; only the order of their spikes differs."""
    torch.manual_seed(0)
    early, late = spikes(1, 10, 40, seed=3).clamp(max=39), spikes(1, 10, 40, seed=4).clamp(max=39)
    times, label = torch.cat([early, late]), torch.tensor([1, 0])
    net = Tempotron(10, 2, 40)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(200):
        optimizer.zero_grad()
        net.mse_loss(net(times), 1.0, label, 2).backward()
        optimizer.step()
    assert ((net(times, "spikes") >= 0) == torch.eye(2).bool().flip(0)).all()


# ---------------------------------------------------------------- memory


def test_sixteen_neurons_a_pixel_fit_into_little_memory():
    """128 pictures of 784·16 inputs for 100 steps: [N, in, T] would take 640 MB forward, and as much backward."""
    code = """
import resource, torch
from course_snn.event_driven import GaussianTuning, Tempotron
torch.set_num_threads(1)
net = Tempotron(784 * 16, 10, 100)
warm = net(torch.zeros(1, 784 * 16, dtype=torch.long)).sum().backward()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
x = torch.rand(128, 1, 784)
net(GaussianTuning(1, 16, 0.0, 1.0).encode(x, 100).flatten(1)).sum().backward()
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    pytest.importorskip("resource", reason="no resource module on Windows")
    megabytes = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert int(megabytes.stdout) < 200


# ---------------------------------------------------------------- Gaussian tuning


@pytest.mark.parametrize(
    ("x", "times"),
    [
        (0.0, [2, 2, 9, -1, -1, -1]),
        (0.25, [9, 2, 2, 9, -1, -1]),
        (0.5, [-1, 9, 2, 2, 9, -1]),
        (1.0, [-1, -1, -1, 9, 2, 2]),
    ],
)
def test_tuning_vectors(x, times):
    out = GaussianTuning(1, 6, 0.0, 1.0).encode(torch.tensor([[[x]]]), 10)
    assert out.dtype == torch.int64 and out.tolist() == [[[times]]]


def test_tuning_vectors_of_sixteen():
    out = GaussianTuning(1, 16, torch.tensor([0.0]), torch.tensor([1.0])).encode(torch.tensor([[[0.5, 0.0, 0.1]]]), 100)
    fired = [[(j, t) for j, t in enumerate(unit) if t >= 0] for unit in out[0, 0].tolist()]
    assert fired[0] == [(6, 92), (7, 25), (8, 25), (9, 92)]
    assert fired[1] == [(0, 25), (1, 25), (2, 92)]
    assert fired[2] == list(enumerate([98, 60, 1, 74, 99]))


def test_tuning_by_hand_with_a_range_for_each_feature():
    n, m, k, T = 3, 5, 4, 37
    low, high = torch.tensor([-1.0, 0.0, 10.0]), torch.tensor([1.0, 5.0, 11.0])
    x = low[:, None] + torch.rand(2, n, k, generator=torch.Generator().manual_seed(0)) * (high - low)[:, None]
    out = GaussianTuning(n, m, low, high).encode(x, T)
    assert out.shape == (2, n, k, m)
    for b, i, j, unit in torch.cartesian_prod(*map(torch.arange, (2, n, k, m))).tolist():
        a, z, value = low[i].item(), high[i].item(), x[b, i, j].item()
        mu = a + (2 * (unit + 1) - 3) / 2 * (z - a) / (m - 2)
        time = round(T * (1 - math.exp(-((value - mu) ** 2) / (2 * ((z - a) / (m - 2) / 1.5) ** 2))))
        assert out[b, i, j, unit] == (-1 if time >= T else time)


def test_tuning_shares_its_curves_with_the_clock_driven_encoder():
    ours, theirs = GaussianTuning(1, 7, -2.0, 3.0), encoding.GaussianTuningCurveEncoder(-2.0, 3.0, 7, 50)
    assert torch.equal(ours.mu[0], theirs.mu) and torch.equal(ours.sigma[0], theirs.sigma)


def test_tuning_tells_what_the_clock_driven_encoder_tells_with_one_step_more():
    x = torch.linspace(0, 1, 101)
    ours, theirs = GaussianTuning(1, 6, 0.0, 1.0), encoding.GaussianTuningCurveEncoder(0.0, 1.0, 6, 21)
    theirs(x[:, None])
    assert torch.equal(ours.encode(x[None, None], 20)[0, 0], theirs.spike_time[:, 0])


def test_both_move_with_to():
    tuning, net = GaussianTuning(2, 5, 0.0, 1.0).double(), Tempotron(40, 3, 20).double()
    times = tuning.encode(torch.rand(3, 2, 4, dtype=torch.double), 20)
    assert tuning.mu.dtype == tuning.sigma.dtype == net(times.flatten(1)).dtype == torch.double


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Tempotron(3, 2, 0), ValueError, "T must be at least 1"),
        (lambda: Tempotron(3.0, 2, 10), TypeError, "in_features must be a whole number"),
        (lambda: Tempotron(3, 2, 10, tau=3.75), ValueError, "tau must be greater than 3.75"),
        (lambda: Tempotron(3, 2, 10, tau_s=0), ValueError, "tau_s must be greater than 0"),
        (lambda: Tempotron(3, 2, 10)(torch.zeros(4, 3), "V"), ValueError, '"v", "v_max" or "spikes", got \'V\''),
        (lambda: Tempotron(3, 2, 10)(torch.zeros(4, 5)), ValueError, r"spike times \[N, 3\], got \[4, 5\]"),
        (lambda: Tempotron(3, 2, 10)([0, 1, 2]), TypeError, "got list; a time below 0 means no spike"),
        (lambda: Tempotron(3, 2, 10)(torch.ones(4, 3).bool()), TypeError, "got torch.bool"),
        (lambda: Tempotron(1, 2, 10)(torch.tensor([[math.nan]])), ValueError, "NaN among the spike times"),
        (lambda: Tempotron.mse_loss(torch.zeros(4, 3), 1, torch.zeros(4).long(), 10), ValueError, "num_classes = 10"),
        (lambda: GaussianTuning(1, 2, 0.0, 1.0), ValueError, "m must be at least 3"),
        (lambda: GaussianTuning(2, 5, torch.zeros(3), 1.0), ValueError, r"x_min must be a number or a tensor \[2\]"),
        (lambda: GaussianTuning(1, 5, 1.0, 1.0), ValueError, "x_max must lie above x_min"),
        (lambda: GaussianTuning(2, 5, 0.0, 1.0).encode(torch.zeros(4, 3, 1)), ValueError, r"\[N, 2, k\], got \[4, 3"),
        (lambda: GaussianTuning(1, 5, 0.0, 1.0).encode(torch.zeros(1, 1, 1), 0), ValueError, "max_spike_time must"),
        (lambda: GaussianTuning(1, 5, 0.0, 1.0).encode(torch.full((1, 1, 1), math.nan)), ValueError, "NaN"),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()
