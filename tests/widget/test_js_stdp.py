"""What STDPBench computes in the page: reference.md 2.5, learning.STDPUpdater, and the textbook window."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from together import each_of

from course_snn import learning, synapse
from course_snn.widget import STDPBench

P = {"tau_pre": 10, "tau_post": 10, "rate": 0.1, "weight": 0.5, "f": "one", "gated": False, "inverse": False}


@pytest.fixture
def page(page_of):
    return page_of(STDPBench)


def test_reference_vectors(page):
    # one connection with two inputs, pre spikes (1,0) (0,0) (0,1) (0,0), post spike in step 1
    first = page("simulateSTDP", P | {"pre": [0], "post": [1]}, 4)["w"]
    second = page("simulateSTDP", P | {"pre": [2], "post": [1]}, 4)["w"]
    assert first == pytest.approx([0.6, 0.59, 0.581, 0.5729])
    assert second == pytest.approx([0.5, 0.4, 0.41, 0.419])


def compare(page, p, rate_of_spikes=0.12):
    """Run the page and the updater on the same random spikes; return the weights of both."""
    pre, post = (np.random.default_rng(7).random((2, 100)) < rate_of_spikes).astype(int)
    functions = {"one": lambda w: 1.0, "soft": learning.soft_bound, "proportional": learning.proportional}
    updater = learning.STDPUpdater(p["tau_pre"], p["tau_post"], p["rate"], f_w=functions[p["f"]], gated=p["gated"])
    connection = synapse.Linear(1, 1)
    connection.weight.fill_(p["weight"])
    w = []
    for a, b in zip(pre, post, strict=True):
        updater.update(connection, torch.tensor([[float(a)]]), torch.tensor([[float(b)]]), inverse=p["inverse"])
        w.append(connection.weight.item())
    spikes = {"pre": np.flatnonzero(pre).tolist(), "post": np.flatnonzero(post).tolist()}
    return page("simulateSTDP", p | spikes)["w"], pytest.approx(w, rel=2e-5, abs=2e-5)


@each_of("gated", [True, False])
@each_of("inverse", [True, False])
@each_of("f", ["one", "soft", "proportional"])
@each_of("tau_pre, tau_post, rate", [(10, 10, 0.05), (3, 25, 0.01), (50, 2, 0.003)])
def test_equals_the_updater(page, gated, inverse, f, tau_pre, tau_post, rate):
    p = P | dict(tau_pre=tau_pre, tau_post=tau_post, rate=rate, f=f, gated=gated, inverse=inverse)
    seen, expected = compare(page, p)
    assert seen == expected


@each_of("inverse", [True, False])
def test_soft_bounds_hold_in_the_page_although_the_step_is_too_large(page, inverse):
    p = P | dict(tau_pre=50, tau_post=40, f="soft", gated=True, inverse=inverse)
    w, expected = compare(page, p, rate_of_spikes=0.7)  # traces up to 30: one step would go three times the way
    assert w == expected
    assert min(w) >= 0 and max(w) <= 1 and {0, 1} & set(w)


def test_gated_window_is_the_textbook_exponential(page):
    p = P | {"gated": True, "tau_post": 20}
    window = page("stdpWindow", p)
    lag, change = np.array(window["lag"]), np.array(window["change"])
    np.testing.assert_allclose(change[lag > 0], 0.1 * 0.9 ** lag[lag > 0])
    np.testing.assert_allclose(change[lag < 0], -0.1 * 0.95 ** -lag[lag < 0])
    assert change[lag == 0] == pytest.approx(0)


def test_anti_stdp_turns_the_window_over(page):
    p = P | {"gated": True}
    upright, turned = (page("stdpWindow", p | {"inverse": i})["change"] for i in (False, True))
    np.testing.assert_allclose(upright, -np.array(turned), atol=1e-15)


def test_rule_of_every_step_ignores_timing_when_f_is_one(page):
    """Σx - Σy does not depend on when the spikes come: the page shows a flat window."""
    change = page("stdpWindow", P | {"tau_post": 20})["change"]
    np.testing.assert_allclose(change, 0.1 * (10 - 20), rtol=2e-3)


def test_pairs_add_up(page):
    p = P | {"gated": True, "pre": [15, 35, 55], "post": [20, 38, 50]}
    lags = page("pairLags", p["pre"], p["post"])
    assert sorted(lags) == sorted(b - a for a in p["pre"] for b in p["post"])
    total = page("simulateSTDP", p)["w"][-1] - 0.5
    assert total == pytest.approx(sum(page.all([("pairChange", (p, lag)) for lag in lags])))


def test_a_spike_moves_to_the_nearest_free_step(page):
    assert page("freeStep", [3, 4], 3, 10) == 2
    assert page("freeStep", [3, 4], 7, 10) == 7
    assert page("freeStep", [0, 1], 0, 2) == -1
