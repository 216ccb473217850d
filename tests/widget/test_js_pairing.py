"""What GrowingSynapse computes in the page: learning.STDPUpdater, and the formula of its docstring."""

from __future__ import annotations

import math

import pytest
from together import each_of

from course_snn.widget import GrowingSynapse


@each_of("lag", [-40, -13, -1, 0, 1, 10, 40])
@each_of("values", [{}, {"rate": 0.3}, {"rate": 0.01}])
def test_the_weight_is_the_librarys(page_of, lag, values):
    made = GrowingSynapse(lag=lag, **values)
    page = page_of(GrowingSynapse)("pairings", made.params, 60)
    assert page == pytest.approx(made.weights(), abs=1e-5)
    assert all(0 <= w <= 1 for w in page)


@each_of("lag", [-30, -5, 5, 30])
def test_one_pairing_is_the_formula(page_of, lag):
    w, rate = 0.4, 0.1
    change = page_of(GrowingSynapse)("paired", w, {"lag": lag, "rate": rate}) - w
    fade = (1 - 1 / 20) ** abs(lag)  # Euler's e^(-|Δt|/τ)
    assert change == pytest.approx(rate * (1 - w) * fade if lag > 0 else -rate * w * fade)
    assert fade == pytest.approx(math.exp(-abs(lag) / 20), abs=0.03)
