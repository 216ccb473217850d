"""What SurrogatePlayground and GradientFlow compute in the page: torch autograd through course_snn.neuron."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from together import each_of

from course_snn.widget import GradientFlow, SurrogatePlayground
from course_snn.widget.surrogate import SURROGATES

BY_HAND = {"surrogate": "sigmoid", "alpha": 1.0, "input": 1.5, "tau": 2.0, "T": 2, "target": 2, "loss": "all"}
WAYS = list(itertools.product(SURROGATES, ("hard", "soft"), (False, True)))


@pytest.fixture
def page(page_of):
    return page_of(SurrogatePlayground)


@each_of("kind", SURROGATES)
@each_of("k", [0.5, 4.0, 20.0])
def test_shapes_are_those_of_the_library(page, kind, k):
    x = torch.linspace(-2, 2, 83, dtype=torch.double)
    made = SURROGATES[kind](k)
    np.testing.assert_allclose(page("slopes", kind, k, x.tolist()), made.slope(x), atol=1e-12)
    np.testing.assert_allclose(page("primitives", kind, k, x.tolist()), made.primitive(x), atol=1e-12)


@each_of(("reset", "detach", "total"), [("hard", False, 0.298344), ("hard", True, 0.309837), ("soft", False, 0.294513)])
def test_two_steps_by_hand(page, reset, detach, total):
    out = page("playSurrogate", BY_HAND | {"reset": reset, "detach": detach})
    assert out["total"] == pytest.approx(total, abs=1e-6)
    assert (out["h"], out["s"]) == ([0.75, 1.125], [0, 1])


@each_of(("kind", "reset", "detach"), WAYS)
@each_of("loss", ["one", "all"])
def test_gradient_is_autograds(page, kind, reset, detach, loss):
    x = torch.tensor(np.random.default_rng(3).uniform(-0.5, 4, 14))
    p = {"surrogate": kind, "alpha": 3.5, "tau": 2.5, "reset": reset, "detach": detach, "loss": loss, "target": 11}
    h, s, gradient = SurrogatePlayground(**p, T=14).play(x)
    run = page("forwardLIF", p, x.tolist())
    np.testing.assert_allclose(run["h"], h)
    assert run["s"] == s.tolist() and 3 <= sum(run["s"]) <= 11
    slope = [float(loss == "all" or t == 10) for t in range(14)]
    np.testing.assert_allclose(page("backwardLIF", p, run, slope), gradient, atol=1e-12)


def test_target_beyond_the_end_means_the_last_step(page):
    p = BY_HAND | {"loss": "one", "target": 30, "reset": "hard", "detach": False}
    assert page("playSurrogate", p)["target"] == 1
    assert page("playSurrogate", p) == page("playSurrogate", p | {"target": 2})


@each_of(("kind", "reset", "detach"), WAYS)
def test_flow_is_autograds(page_of, kind, reset, detach):
    page = page_of(GradientFlow)
    x = np.array(page("randomInput", 1.5, 30, 20))
    p = {"surrogate": kind, "alpha": 2.0, "tau": 5.0, "reset": reset, "detach": detach, "mean": 1.5, "T": 30}
    runs = page.all([("forwardLIF", (p, row)) for row in x.tolist()])
    factors = page.all([("passedOn", (p, run)) for run in runs])
    flows = page.all([("flowBack", (row,)) for row in factors])
    np.testing.assert_allclose(np.array(flows).T, GradientFlow(**p).flow(torch.tensor(x.T)), rtol=1e-7, atol=1e-15)


def test_percentiles_over_many_neurons(page_of):
    page = page_of(GradientFlow)
    p = GradientFlow().params
    shown = page("simulateFlow", p)
    exact = GradientFlow().flow(torch.tensor(page("randomInput", p["mean"], p["T"])).T.double())
    for name, q in (("low", 0.1), ("median", 0.5), ("high", 0.9)):
        np.testing.assert_allclose(shown[name], exact.quantile(q, dim=1, interpolation="nearest"), rtol=0.05)
    assert shown["median"][0] == 1 and 0 < shown["rate"] < 1
