"""Training drive of the neurons: vectors, gradients, SpikingJelly as an independent implementation."""

import pytest
import torch
from spikingjelly.activation_based import neuron as sj
from spikingjelly.activation_based import surrogate as sj_surrogate

from course_snn import neuron, surrogate


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
    assert not node.state_dict()  # fixed quantities are no parameters


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
