"""What LIFExplorer and FICurve compute in the page: reference.md 2.1, simulator.LIFNode, and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from together import each_of

from course_snn import simulator
from course_snn.widget import FICurve, LIFExplorer

SEED = {"tau": 20, "r": 9, "threshold": 1, "reset": 0, "leak": True, "dt": 1}
EXPLORER = SEED | {"on": 0, "off": 150, "exact": True}


@pytest.fixture
def page(page_of):
    return page_of(LIFExplorer)


def drive(page, params, current):
    return page("driveNeuron", params, list(map(float, current)))


def test_seed_experiment_below_the_rheobase(page):
    out = page("simulateLIF", EXPLORER | {"current": 0.1})
    assert out["spikes"] == []
    assert out["v"][:4] == pytest.approx([0.045, 0.08775, 0.1283625, 0.1669444], abs=1e-6)
    assert [out["v"][k] for k in (149, 150, 199)] == pytest.approx([0.8995899, 0.8546104, 0.0692189], abs=1e-6)
    assert len(out["v"]) == 200


def test_seed_experiment_above_the_rheobase(page):
    out = page("simulateLIF", EXPLORER | {"current": 0.12})
    assert out["spikes"] == [51, 102]
    expected = {49: 0.9968994, 50: 1.0, 51: 0.054, 149: 0.9879218, 199: 0.0760156}
    assert [out["v"][k] for k in expected] == pytest.approx(list(expected.values()), abs=1e-6)
    assert (out["measured"], out["discrete"]) == (51, 51)
    assert out["continuous"] == pytest.approx(20 * math.log(1.08 / 0.08))
    assert out["steady"] == pytest.approx(1.08) and out["rheobase"] == pytest.approx(1 / 9)


def test_if_vectors(page):
    plain = SEED | {"leak": False, "r": 1}
    assert drive(page, plain, [1 / 64] * 260)["spikes"] == [64, 128, 192, 256]
    assert drive(page, plain, [0.01] * 1000)["spikes"] == list(range(101, 910, 101))  # float32, as torch counts
    out = drive(page, plain, [0.6, 0.6, 0.6, -5, 0.3])
    assert out["spikes"] == [2]
    assert out["v"] == pytest.approx([0.6, 1, 0.6, 0, 0.3])


@each_of("case", range(12))
def test_equals_the_simulator_bit_for_bit(page, case):
    draw = np.random.default_rng(case)
    leak = case % 3 != 0
    p = {
        "tau": round(float(draw.uniform(2, 30)), 1),
        "r": round(float(draw.uniform(10, 20)), 1),
        "threshold": round(float(draw.uniform(0.5, 2)), 2),
        "reset": round(float(draw.uniform(-0.5, 0.4)), 2),
        "leak": leak,
        "dt": 1,
    }
    current = draw.uniform(-0.05, 0.4, 300).astype(np.float32)
    model = {"shape": [1], "r": p["r"], "v_threshold": p["threshold"], "v_reset": p["reset"]}
    node = simulator.LIFNode(**model, tau=p["tau"]) if leak else simulator.IFNode(**model)
    spikes, v = [], []
    for k, i in enumerate(torch.tensor(current)):
        if node(i).item():
            spikes.append(k)
        v.append(node.v.item())
    out = drive(page, p, current)
    assert len(spikes) > 2
    assert out["spikes"] == spikes
    np.testing.assert_array_equal(np.float32(out["v"]), np.float32(v))


@each_of("leak", [True, False])
@each_of("refractory", [0, 3])
def test_step_formula_is_the_simulated_period(page, leak, refractory):
    p = SEED | {"leak": leak, "reset": -0.2, "threshold": 0.93, "refractory": refractory}
    cases = [p | {"dt": dt, "tau": tau} for dt in (0.1, 0.5, 1, 2.5, 7, 10) for tau in (5, 20, 80)]
    runs = page.all([("driveNeuron", (case, [0.1377] * 6000)) for case in cases])
    periods = page.all([("discretePeriod", (case, 0.1377)) for case in cases])
    for case, run, period in zip(cases, runs, periods, strict=True):
        assert len(run["spikes"]) > 2
        assert set(np.diff(run["spikes"])) == {period}, case


def test_small_steps_approach_the_continuous_period(page):
    exact = page("continuousPeriod", SEED, 0.2)
    gaps = [abs(page("discretePeriod", SEED | {"dt": dt}, 0.2) * dt - exact) for dt in (2, 0.2, 0.02)]
    assert gaps[2] < 0.02 * 1.5 and gaps == sorted(gaps, reverse=True)


def test_no_firing_below_the_rheobase(page):
    edge = page("rheobase", SEED)
    assert edge == pytest.approx(1 / 9)
    assert page("discretePeriod", SEED, edge * 0.999) is None  # Infinity, in JSON null
    assert page("continuousPeriod", SEED, edge * 0.999) is None
    assert drive(page, SEED, [edge * 0.999] * 2000)["spikes"] == []
    assert page("rheobase", SEED | {"leak": False}) == 0


def test_exact_trace_solves_the_equation(page):
    p = EXPLORER | {"current": 0.16, "reset": -0.1, "off": 130}
    exact = page("exactTrace", p)
    t, v = np.array(exact["t"]), np.array(exact["v"])
    fine = page("driveNeuron", p | {"dt": 0.01}, [0.16] * 13000)
    inside = (t > 0) & (t < 130) & np.isin(t % 0.5, 0)
    sampled = np.array(fine["v"])[np.round(t[inside] / 0.01).astype(int) - 1]
    assert np.median(np.abs(sampled - v[inside])) < 2e-3  # apart from the steps around a reset
    after = (t > 131) & (t < 190)
    slope = np.diff(np.log(v[after] + 0.1)) / np.diff(t[after])
    np.testing.assert_allclose(slope, -1 / 20, rtol=1e-6)


def test_polyline_drops_to_reset_where_it_fires(page):
    line = page("polyline", [0.5, 1.0, 0.3], [2], {"reset": -0.1, "dt": 2})
    assert line == {"t": [0, 2, 4, 4, 6], "volts": [-0.1, 0.5, 1.0, -0.1, 0.3]}


def test_simulated_fi_curve_lies_on_the_formula(page_of):
    p = SEED | {"dt": 0.2, "refractory": 4}
    points = page_of(FICurve)("simulatedCurve", p)
    rate = np.array(points["rate"])
    level = np.array(points["current"])
    firing = level > 1 / 9 + 0.01
    period = 4 + 20 * np.log(9 * level[firing] / (9 * level[firing] - 1))
    np.testing.assert_allclose(rate[firing], 1000 / period, rtol=0.03)
    assert not rate[level < 1 / 9].any()
    exact = page_of(FICurve)("analyticCurve", p)
    assert exact["current"] == sorted(exact["current"]) and max(exact["rate"]) < 1000 / 4
