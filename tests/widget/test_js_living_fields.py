"""What LivingFields computes in the page: the fields of GrowingFields, and how one is erased."""

from __future__ import annotations

import numpy as np
import pytest

from course_snn.widget import LivingFields
from course_snn.widget.living_fields import KEPT
from course_snn.widget.unsupervised import pictures


def test_the_fields_are_those_of_the_library(page_of):
    made, seen = LivingFields(seed=3), 40
    p = {"theta_plus": 0.2, "rate": 0.03, "inhibition": True, "seed": 3}
    net = page_of(LivingFields)("grow", None, pictures()[:KEPT].flatten().tolist(), p, seen)
    np.testing.assert_allclose(np.reshape(net["weight"], (16, 64)), made.weights(seen).numpy(), atol=2e-3)
    assert np.frombuffer(made.pictures, np.uint8).tolist() == pictures()[:KEPT].flatten().tolist()


def test_a_field_that_is_erased_has_forgotten(page_of):
    page = page_of(LivingFields)
    net = page("newborn", 1)
    again = page("newborn", 1)
    assert sum(net["weight"][:64]) == pytest.approx(6.4)
    assert again["weight"] == net["weight"] and again["theta"] == [0] * 16
