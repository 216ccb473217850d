"""What TwoEars computes in the page: the library's delays and detectors, and the formula for far sources."""

from __future__ import annotations

import math

import numpy as np
import pytest
from together import each_of

from course_snn.widget import TwoEars


@each_of("angle", [-90, -61, -20, -3, 0, 1, 35, 74, 90])
@each_of("distance", [0.2, 0.45, 0.6])
def test_the_detectors_are_the_librarys(page_of, angle, distance):
    page, made = page_of(TwoEars), TwoEars(angle=angle, distance=distance)
    assert page("arrivals", made.params) == pytest.approx(made.arrivals())
    assert page("stepsLate", made.params) == made.late()
    spikes, v = made.detectors()
    out = page("meeting", made.late())
    assert out["fired"] == spikes.any(0).nonzero().ravel().tolist()
    np.testing.assert_array_equal(np.float32(out["most"]), v.max(0).values.numpy())


def test_every_difference_has_its_detectors_and_no_others(page_of):
    found = page_of(TwoEars).all([("meeting", (late,)) for late in range(-24, 25)])
    for late, out in zip(range(-24, 25), found, strict=True):
        assert out["fired"] == [k for k in range(25) if abs(2 * k - 24 - late) <= 1]


def test_what_is_heard_is_where_the_source_is(page_of):
    page = page_of(TwoEars)
    for angle in (-60, -35, 0, 20, 45):  # t_L - t_R = D sin θ / c holds far away
        left, right = page("arrivals", {"angle": angle, "distance": 1000})
        assert (left - right) * 343 / 0.2 == pytest.approx(math.sin(math.radians(angle)), abs=1e-4)
        late = page("stepsLate", {"angle": angle, "distance": 1000})
        assert page("heardAngle", page("meeting", late)["fired"]) == pytest.approx(angle, abs=3)
    assert page("heardAngle", []) is None  # NaN
