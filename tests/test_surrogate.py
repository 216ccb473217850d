"""Surrogate gradients: slopes against vectors, against their primitives by autograd, and against SpikingJelly."""

import pytest
import torch
from spikingjelly.activation_based import surrogate as sj

from course_snn import surrogate

X = torch.tensor([-1, -0.5, 0, 0.25, 0.5, 1])
SLOPES = [
    (surrogate.Sigmoid(), [0.196612, 0.235004, 0.25, 0.246134, 0.235004, 0.196612]),
    (surrogate.Sigmoid(4.0), [0.070651, 0.419974, 1, 0.786448, 0.419974, 0.070651]),
    (surrogate.ATan(2.0), [0.092, 0.2884, 1, 0.618486, 0.2884, 0.092]),
    (surrogate.BilinearLeakyReLU(1, 0.01, 0.5), [0.01, 1, 1, 1, 1, 0.01]),
    (surrogate.SignSwish(5.0), [-0.194992, -0.084622, 5, 2.262047, -0.084622, -0.194992]),
    (surrogate.Rectangle(1.0), [0, 0, 1, 1, 0, 0]),
    (surrogate.Gaussian(0.5), [0.207554, 0.439391, 0.56419, 0.530007, 0.439391, 0.207554]),
]
EVERY = [g for g, _ in SLOPES]


def name(g) -> str:
    return f"{type(g).__name__}-{vars(g).get('alpha', '')}"


def slope_by_backward(g, x: torch.Tensor) -> torch.Tensor:
    x = x.clone().requires_grad_()
    g(x).sum().backward()
    return x.grad


def test_all_surrogates_are_here():
    ours = {kind for kind in surrogate.Surrogate.__subclasses__() if kind.__module__ == surrogate.__name__}
    assert {type(g) for g in EVERY} == ours


@pytest.mark.parametrize(("g", "slope"), SLOPES, ids=[name(g) for g in EVERY])
def test_slope_vectors(g, slope):
    torch.testing.assert_close(slope_by_backward(g, X), torch.tensor(slope, dtype=torch.float), rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("g", EVERY, ids=name)
def test_forward_is_the_step_and_fires_at_zero(g):
    assert g(torch.tensor([-1e-6, 0.0, 1e-6])).tolist() == [0, 1, 1]
    assert g(X.double()).dtype == torch.double


@pytest.mark.parametrize("g", EVERY, ids=name)
def test_slope_is_the_derivative_of_the_primitive(g):
    x = torch.linspace(-3, 3, 602, dtype=torch.double, requires_grad=True)  # misses the kinks at 0 and ±1/2
    (derivative,) = torch.autograd.grad(g.primitive(x).sum(), x)
    torch.testing.assert_close(g.slope(x), derivative)
    assert g.primitive(torch.zeros(1)).item() == pytest.approx(0.5)


@pytest.mark.parametrize("g", EVERY, ids=name)
def test_slope_is_finite_far_away(g):
    x = torch.tensor([-1e4, -100.0, 100.0, 1e4])
    assert torch.isfinite(g.slope(x)).all()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (surrogate.Sigmoid(4.0), sj.Sigmoid(4.0)),
        (surrogate.ATan(3.0), sj.ATan(3.0)),
        (surrogate.BilinearLeakyReLU(1.25, 0.02, 0.4), sj.PiecewiseLeakyReLU(0.4, 0.02)),
    ],
    ids=["Sigmoid", "ATan", "BilinearLeakyReLU"],
)
def test_slope_equals_spikingjelly(ours, theirs):
    x = torch.randn(200, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(slope_by_backward(ours, x), slope_by_backward(theirs, x))


def test_own_surrogate_in_a_few_lines():
    class Triangle(surrogate.Surrogate):
        def slope(self, x):
            return (1 - x.abs()).clamp(min=0)

    assert slope_by_backward(Triangle(), X).tolist() == [0, 0.5, 1, 0.75, 0.5, 0]


@pytest.mark.parametrize(
    "make", [surrogate.Sigmoid, surrogate.ATan, surrogate.Rectangle, surrogate.SignSwish, surrogate.Gaussian]
)
@pytest.mark.parametrize("bad", [0, -1, float("nan")])
def test_steepness_must_be_positive_and_finite(make, bad):
    with pytest.raises(ValueError, match=r"(alpha|width|beta|variance) must be (greater than 0|finite)"):
        make(bad)
    with pytest.raises(TypeError, match="must be a number"):
        make("steep")


def test_bad_half_width_and_missing_parts():
    with pytest.raises(ValueError, match="c must be greater than 0"):
        surrogate.BilinearLeakyReLU(c=0)
    with pytest.raises(NotImplementedError, match=r"must define slope\(x\)"):
        slope_by_backward(surrogate.Surrogate(), X)
    with pytest.raises(NotImplementedError, match="does not define primitive"):
        surrogate.Surrogate().primitive(X)


@pytest.mark.parametrize("kind", [surrogate.Sigmoid, surrogate.ATan, surrogate.Rectangle])
def test_a_parameter_of_two_spikes_in_a_row_counts_once_in_derivatives_of_derivatives(kind):
    learnt = torch.nn.Parameter(torch.tensor(1.5))
    g, x = kind(learnt), torch.linspace(-0.3, 0.7, 7)
    found = []
    for graph in (False, True):
        loss = g(0.6 * g(x) - 0.3).sum()
        found += torch.autograd.grad(loss, learnt, create_graph=graph)
    assert found[0] != 0 and found[1].requires_grad
    torch.testing.assert_close(*found)
