"""What STPExplorer and DelayExplorer compute in the page: reference.md 2.2 and course_snn.synapse."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from together import each_of

from course_snn import synapse
from course_snn.widget import DelayExplorer, STPExplorer


@pytest.fixture
def stp(page_of):
    return page_of(STPExplorer)


@pytest.fixture
def delay(page_of):
    return page_of(DelayExplorer)


def through(module, train):
    return [module(torch.tensor([float(s)])).item() for s in train]


def test_stp_vectors(stp):
    out = stp("simulateSTP", {"v_base": 0.5, "tau_f": 20, "tau_d": 10}, [1, 0, 1, 1, 0, 0, 1])
    assert out["i"] == pytest.approx([0.375, 0, 0.16227069, 0.09849600, 0, 0, 0.09916762], abs=1e-7)
    assert out["x"] == pytest.approx([0.5, 0.55, 0.189375, 0.10816679, 0.19735011, 0.27761510, 0.10817274], abs=1e-7)
    assert out["v"] == pytest.approx([0.75, 0.7375, 0.856875, 0.91059375, 0.89006406, 0.87056088, 0.91675240], abs=1e-7)
    out = stp("simulateSTP", {"v_base": 0.2, "tau_f": 50, "tau_d": 200}, [1, 1, 1, 1])
    assert out["i"] == pytest.approx([0.288, 0.24870241, 0.15527679, 0.07575871], abs=1e-7)


@each_of("used", [False, True])
@each_of("v_base, tau_f, tau_d", [(0.6, 2, 60), (0.1, 100, 5), (0.15, 60, 40), (1, 1, 1)])
def test_stp_equals_the_transformer(stp, v_base, tau_f, tau_d, used):
    train = (np.random.default_rng(0).random(200) < 0.2).astype(int).tolist()
    expected = through(synapse.STPTransformer(v_base, tau_f, tau_d, "before" if used else "after"), train)
    out = stp("simulateSTP", {"v_base": v_base, "tau_f": tau_f, "tau_d": tau_d, "used": used}, train)
    np.testing.assert_allclose(out["i"], expected, atol=2e-6)


def test_patterns(stp):
    assert stp("spikePattern", "regular", 40) == [10, 50, 90, 130, 170]
    assert stp("spikePattern", "burst", 5) == [10, 15, 20, 25, 30, 35, 160]
    random = stp("spikePattern", "random", 5)
    assert random == stp("spikePattern", "random", 5) and 25 <= len(random) <= 55
    assert stp("train", [0, 3], 5) == [1, 0, 0, 1, 0]


@each_of("pattern", ["regular", "burst", "random"])
def test_static_picture_has_the_spikes_of_the_page(stp, pattern):
    assert STPExplorer(pattern=pattern, interval=9).spike_times() == stp("spikePattern", pattern, 9)


@each_of("heights, verdict", [([0.2, 0.3], "facilitates"), ([0.3, 0.2], "depresses"), ([1], None)])
def test_verdict(stp, heights, verdict):
    said = stp("stpSummary", heights)["verdict"]
    assert said == "–" if verdict is None else said[1] == verdict


def test_decay_vector(delay):
    out = delay("expDecayCurrent", [1, 0, 0, 1, 0, 0, 0], 5, 1)
    assert out == pytest.approx([1, 0.8, 0.64, 1.64, 1.312, 1.0496, 0.83968])


def test_delay_vectors(delay):
    line = list(range(1, 8))
    assert delay("constantDelay", line, 1) == [0, 1, 2, 3, 4, 5, 6]
    assert delay("constantDelay", line, 2) == [0, 0, 1, 2, 3, 4, 5]


@each_of("d, tau, amplitude", [(0, 1, 0.5), (8, 10, 1), (40, 50, 2), (3, 1.5, 0.1)])
def test_delay_and_decay_equal_the_modules(delay, d, tau, amplitude):
    train = (np.random.default_rng(1).random(100) < 0.15).astype(int).tolist()
    late = through(synapse.ConstantDelay(d), train)
    expected = through(synapse.ExpDecayCurrent(tau, amplitude), late)
    assert delay("constantDelay", train, d) == late
    np.testing.assert_allclose(delay("expDecayCurrent", late, tau, amplitude), expected, atol=1e-5)
