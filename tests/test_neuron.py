"""Training drive of the neurons: vectors, gradients, SpikingJelly as an independent implementation."""

import math

import pytest
import torch
from spikingjelly.activation_based import neuron as sj
from spikingjelly.activation_based import surrogate as sj_surrogate
from torch import nn

from course_snn import functional, neuron, surrogate


def run(node, xs):
    """Return spikes and voltages after the reset of every step, [T, …]."""
    spikes, volts = zip(*[(node(x), node.v) for x in xs], strict=True)
    return torch.stack(spikes), torch.stack(volts)


@pytest.mark.parametrize(
    ("node", "x", "spikes", "volts"),
    [
        (neuron.LIFNode(2.0), [1.5, 1.5, 1.5, 0, 3], [0, 1, 0, 0, 1], [0.75, 0, 0.75, 0.375, 0]),
        (neuron.LIFNode(2.0, v_reset=None), [1.5, 1.5, 3, 0], [0, 1, 1, 0], [0.75, 0.125, 0.5625, 0.28125]),
        (neuron.IFNode(v_reset=None), [0.6, 0.6, 2.3, 0, 0], [0, 1, 1, 1, 0], [0.6, 0.2, 1.5, 0.5, 0.5]),
        (neuron.IFNode(), [0.6, 0.6, 2.3, 0, 0], [0, 1, 1, 0, 0], [0.6, 0, 0, 0, 0]),
        (neuron.IFNode(), [0.5, 0.5], [0, 1], [0.5, 0]),  # v == threshold fires
        (neuron.LIFNode(4.0, v_reset=-0.5), [0, 2, 0], [0, 0, 0], [-0.5, 0, -0.125]),  # leaks towards v_reset
    ],
    ids=["lif-hard", "lif-soft", "if-soft", "if-hard", "at-threshold", "rest"],
)
def test_vectors(node, x, spikes, volts):
    s, v = run(node, torch.tensor(x).reshape(-1, 1))
    assert s.flatten().tolist() == spikes
    torch.testing.assert_close(v.flatten(), torch.tensor(volts))


@pytest.mark.parametrize(
    ("options", "gradient"),
    [({}, 0.298344), ({"detach_reset": True}, 0.309837), ({"v_reset": None}, 0.294513)],
    ids=["hard", "detached", "soft"],
)
def test_gradient_through_time_vectors(options, gradient):
    x = torch.tensor([1.5], requires_grad=True)
    node = neuron.LIFNode(2.0, surrogate=surrogate.Sigmoid(1.0), **options)
    (node(x) + node(x)).backward()
    assert x.grad.item() == pytest.approx(gradient, abs=1e-6)


@pytest.mark.parametrize("detach", [False, True], ids=["attached", "detached"])
@pytest.mark.parametrize("v_reset", [0.0, -0.3, None])
def test_one_step_back_is_the_product_in_the_docstring(v_reset, detach):
    draw = torch.manual_seed(0)
    v, x = (torch.randn(200, generator=draw, dtype=torch.double).requires_grad_(), 8 * torch.rand(200, generator=draw))
    node = neuron.LIFNode(5.0, 0.8, v_reset, surrogate.Sigmoid(4.0), detach)
    rest, past = v_reset or 0.0, v.detach()
    h = past + (x - (past - rest)) / 5
    g = 4 * torch.sigmoid(4 * (h - 0.8)) * torch.sigmoid(-4 * (h - 0.8))
    s = (h >= 0.8).double()
    assert 0 < s.mean() < 1
    kept, changed = (torch.ones_like(h), -0.8 * g) if v_reset is None else (1 - s, (v_reset - h) * g)
    node.v = v
    node(x)
    (factor,) = torch.autograd.grad(node.v.sum(), v)
    torch.testing.assert_close(factor, 0.8 * (kept + (0 if detach else changed)))


class Scaled(surrogate.Surrogate):
    """Sigmoid(2) with its slope multiplied by a height."""

    def __init__(self, height):
        super().__init__()
        self.height = height

    def slope(self, x):
        return self.height * surrogate.Sigmoid(2.0).slope(x)


@pytest.mark.parametrize("v_reset", [0.0, None], ids=["hard", "soft"])
def test_height_of_a_surrogate_is_a_factor_of_each_layer_only_where_the_reset_is_detached(v_reset):
    def gradients(height, detach):
        torch.manual_seed(0)
        options = {"v_reset": v_reset, "surrogate": Scaled(height), "detach_reset": detach}
        net = nn.Sequential(nn.Linear(6, 8), neuron.LIFNode(3.0, **options), nn.Linear(8, 2), neuron.LIFNode(**options))
        functional.unroll(net, 6 * torch.rand(12, 5, 6)).sum().backward()
        return net[0].weight.grad, net[2].weight.grad

    for detach in (True, False):
        pairs = zip(gradients(4.0, detach), gradients(1.0, detach), (16.0, 4.0), strict=True)  # passed twice, once
        same = [torch.allclose(high, factor * low) and bool(low.any()) for high, low, factor in pairs]
        assert same == [detach, detach]


@pytest.mark.parametrize("v_reset", [0.0, -0.3, None])
@pytest.mark.parametrize("detach", [False, True])
@pytest.mark.parametrize("kind", ["IF", "LIF"])
def test_values_and_gradients_equal_spikingjelly(kind, v_reset, detach):
    common = {"v_threshold": 0.8, "v_reset": v_reset, "detach_reset": detach}
    ours = {"IF": neuron.IFNode, "LIF": neuron.LIFNode}[kind](**common, surrogate=surrogate.ATan(2.0))
    theirs = {"IF": sj.IFNode, "LIF": sj.LIFNode}[kind](**common, surrogate_function=sj_surrogate.ATan(2.0))
    x = 2.5 * torch.rand(12, 5, 7, generator=torch.Generator().manual_seed(1))
    results = []
    for node in (ours, theirs):
        x_in = x.clone().requires_grad_()
        s, v = run(node, x_in)
        (s.cumsum(0).sum() + v.sum()).backward()  # every step weighs differently
        results.append((s, v, x_in.grad))
    assert results[0][0].sum() > 20
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b)


def test_a_new_model_writes_charge_only():
    class QIF(neuron.Neuron):
        """Quadratic integrate and fire."""

        def charge(self, v, x):
            return v + 0.5 * v * (v - 0.3) + x

    s, v = run(QIF(v_threshold=1.0), torch.full((40, 2), 0.1))
    assert 2 < s.sum() < 40 and v.max() < 1
    x = torch.ones(1, requires_grad=True)
    QIF()(x).backward()
    assert x.grad.item() == pytest.approx(0.25)


def test_tensor_parameters_move_with_the_module_and_broadcast_over_the_batch():
    theta, rest = torch.tensor([0.5, 1.0, 2.0]), torch.tensor([0.0, -1.0, 0.1])
    node = neuron.LIFNode(torch.tensor([1.0, 2.0, 4.0]), theta, rest).double()
    s = node(torch.full((2, 3), 1.0).double())
    assert s.tolist() == [[1, 0, 0]] * 2 and node.v.dtype == torch.double and node.tau.dtype == torch.double
    torch.testing.assert_close(node.v[0], torch.tensor([0.0, -0.5, 0.35], dtype=torch.double))
    assert set(node.state_dict()) == {"v_threshold", "v_reset", "tau"}  # they belong to the network
    assert not list(node.parameters())


@pytest.mark.parametrize("dtype", [torch.bool, torch.int64, torch.float64])
def test_input_types(dtype):
    node = neuron.IFNode(v_threshold=2.0, v_reset=0.5)
    node(torch.ones(3, dtype=dtype))
    assert node.v.tolist() == [1.5] * 3


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: neuron.LIFNode(0.9), ValueError, "tau must be at least 1"),
        (lambda: neuron.LIFNode(torch.tensor([2.0, 0.5])), ValueError, "tau must be at least 1"),
        (lambda: neuron.LIFNode("2"), TypeError, "tau must be a number or a tensor"),
        (lambda: neuron.IFNode(v_threshold=float("nan")), ValueError, "v_threshold must be finite"),
        (lambda: neuron.IFNode(0.0, 0.0), ValueError, "above v_reset.*v_reset=None"),
        (lambda: neuron.IFNode(torch.ones(2), torch.tensor([0.0, 1.0])), ValueError, "above v_reset"),
        (lambda: neuron.IFNode(torch.ones(2), torch.zeros(3)), ValueError, "same shape"),
        (lambda: neuron.IFNode(surrogate=surrogate.ATan), TypeError, "must be an instance"),
        (lambda: neuron.LIFNode(v_treshold=1.0), TypeError, "v_treshold"),
        (lambda: neuron.Neuron()(torch.ones(1)), NotImplementedError, r"must define charge\(v, x\)"),
        (lambda: neuron.LIFNode()(0.3), TypeError, "takes a tensor, got float"),
        (
            lambda: neuron.IFNode(v_reset=-torch.ones(3))(torch.ones(2, 4)),
            ValueError,
            "does not fit an input",
        ),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_plif_is_lif_with_a_time_constant_that_learns_as_spikingjellys():
    x = 2 * torch.rand(9, 4, 5, generator=torch.Generator().manual_seed(2))
    ours, theirs = (
        neuron.PLIFNode(3.0, surrogate=surrogate.ATan()),
        sj.ParametricLIFNode(3.0, surrogate_function=sj_surrogate.ATan()),
    )
    fixed, _ = run(neuron.LIFNode(3.0), x)
    spikes, _ = run(ours, x)
    assert ours.tau == pytest.approx(3.0) and torch.equal(spikes, fixed)
    (spikes * x).sum().backward()
    (torch.stack([theirs(now) for now in x]) * x).sum().backward()
    assert ours.w.grad.item() == pytest.approx(theirs.w.grad.item(), rel=1e-4)
    with pytest.raises(ValueError, match="init_tau must be greater than 1"):
        neuron.PLIFNode(1.0)


@pytest.mark.parametrize(
    ("amplitude", "init_w", "g"),
    [(None, -1e-3, -1e-3), (0.5, -0.1, -0.405465), ((-0.2, 0.8), 0.3, 0.0), ((-1.0, 0.0), -0.25, 1.098612)],
)
def test_rif_parametrisation(amplitude, init_w, g):
    node = neuron.RIFNode(init_w, amplitude)
    assert node.g.item() == pytest.approx(g, abs=1e-6) and node.w().item() == pytest.approx(init_w, abs=1e-6)
    if amplitude is not None:
        low, high = amplitude if isinstance(amplitude, tuple) else (-amplitude, amplitude)
        for extreme in (-50.0, 50.0):
            node.g.data.fill_(extreme)
            assert low - 1e-6 <= node.w().item() <= high + 1e-6


@pytest.mark.parametrize("v_reset", [0.0, -0.3, None])
def test_rif_pulls_towards_rest(v_reset):
    node = neuron.RIFNode(-0.25, v_threshold=10.0, v_reset=v_reset)
    rest = v_reset or 0.0
    _, v = run(node, torch.tensor([[1.0], [0.0], [0.0]]))
    torch.testing.assert_close(v.flatten() - rest, torch.tensor([1.0, 0.75, 0.5625]))
    lif, rif = neuron.LIFNode(4.0, v_reset=v_reset), neuron.RIFNode(-0.25, v_reset=v_reset)
    x = 3 * torch.rand(20, 6, generator=torch.Generator().manual_seed(3))
    torch.testing.assert_close(run(rif, x / 4)[1], run(lif, x)[1])  # w = -1/τ and the input divided by τ


def test_rif_learns_w():
    node = neuron.RIFNode(-0.1, 0.5, detach_reset=True)  # otherwise the reset's surrogate adds its own part
    x = torch.rand(6, 3, generator=torch.Generator().manual_seed(4)).double()
    node.double()

    def voltage(g):  # the subthreshold voltage as a polynomial in w, without the class
        w, v = (2 * torch.sigmoid(g) - 1) * 0.5, 0.0
        for now in x / 10:
            v = v + w * v + now
        return v.sum()

    g = node.g.detach().clone().requires_grad_()
    for now in x / 10:
        node(now)
    node.v.sum().backward()
    voltage(g).backward()
    assert node.g.grad.item() == pytest.approx(g.grad.item(), rel=1e-9) and g.grad != 0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [((0.6, 0.5), ValueError), ((0.0, (0.1, 0.5)), ValueError), ((0.0, (1, 2, 3)), ValueError),
     ((0.0, (0.5, -0.5)), ValueError), ((0.0, -1.0), ValueError), ((0.0, "wide"), TypeError)],
)  # fmt: skip
def test_rif_says_what_is_wrong(arguments, error):
    with pytest.raises(error, match=r"amplitude|init_w"):
        neuron.RIFNode(*arguments)


# ---------------------------------------------------------------- input as a pulse


@pytest.mark.parametrize("dt", [1.0, 0.25])
@pytest.mark.parametrize("v_reset", [0.0, -0.3, None])
def test_delta_lif_is_exact_between_pulses_whatever_the_step(v_reset, dt):
    node, rest = neuron.DeltaLIFNode(6.0, 10.0, v_reset, dt=dt), v_reset or 0.0
    x, at = torch.zeros(round(30 / dt), 1, dtype=torch.double), {2.0: 1.5, 3.0: -0.5, 11.0: 0.7}
    for t, pulse in at.items():
        x[round(t / dt)] = pulse
    _, v = run(node, x)
    t = dt * torch.arange(len(x), dtype=torch.double)
    expected = sum(w * torch.where(t >= a, torch.exp((a - t) / 6), 0) for a, w in at.items())
    torch.testing.assert_close(v.flatten() - rest, expected, rtol=1e-6, atol=1e-7)


def test_delta_lif_is_rif_with_a_fixed_pull_and_dt_may_change():
    x = 2 * torch.rand(20, 6, generator=torch.Generator().manual_seed(5))
    node, rif = neuron.DeltaLIFNode(4.0, v_reset=-0.2), neuron.RIFNode(math.expm1(-0.5 / 4), v_reset=-0.2)
    node.dt = 0.5
    for ours, theirs in zip(run(node, x), run(rif, x), strict=True):
        assert torch.equal(ours, theirs)


def test_delta_lif_learns_tau():
    tau = nn.Parameter(torch.tensor(5.0))
    node, x = neuron.DeltaLIFNode(tau, 100.0, dt=2.0), torch.zeros(4, 2, 1)
    x[0] = 3.0
    functional.unroll(node, x)
    node.v.sum().backward()
    lag = 3 * 2.0  # ms since the pulse; dv/dτ = v lag/τ²
    assert tau.grad.item() == pytest.approx(2 * 3.0 * math.exp(-lag / 5) * lag / 25)


def test_delta_lif_says_what_is_wrong():
    for given, message in (({"tau": 0.0}, "tau must be greater"), ({"dt": -1.0}, "dt must be greater")):
        with pytest.raises(ValueError, match=message):
            neuron.DeltaLIFNode(**given)
