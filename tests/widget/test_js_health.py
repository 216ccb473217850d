"""What LayerDoctor computes in the page: rates and gradients against torch's autograd on the library's neurons."""

from __future__ import annotations

import numpy as np
import pytest
from together import each_of

from course_snn import diagnosis
from course_snn.widget import LayerDoctor


@pytest.fixture
def page(page_of):
    return page_of(LayerDoctor)


def test_network_is_the_same(page):
    made = LayerDoctor(gain=1.3, depth=3)
    x, weights = made.network()
    sent = page("chain", made.params)
    np.testing.assert_allclose(sent["x"], x)
    np.testing.assert_allclose(sent["weights"], [w.detach().flatten().numpy() for w in weights])


@each_of("leak", [False, True])
@each_of("normalise", [False, True])
@each_of(
    "gain, threshold, alpha, depth", [(0.8, 1.0, 2.0, 6), (2.0, 0.7, 8.0, 4), (6.0, 0.3, 1.0, 10), (0.3, 1.0, 2.0, 3)]
)
def test_equals_autograd(page, leak, normalise, gain, threshold, alpha, depth):
    made = LayerDoctor(gain=gain, threshold=threshold, alpha=alpha, depth=depth, leak=leak, normalise=normalise)
    rates, gradients = made.examine()
    seen = page("examine", made.params)
    np.testing.assert_allclose(seen["rates"], rates, atol=1e-12)
    np.testing.assert_allclose(seen["gradients"], gradients, rtol=1e-6, atol=1e-15)


def test_finds_each_illness_by_the_rules_of_the_library(page):
    rates, gradients = [0.1, 0.0, 0.95, 0.2, 0.2], [1e-4, 1e-6, 1.0, 1.0, 1e5]
    layers = [diagnosis.Layer("", r, 0.0, 0.0, 0.0, g) for r, g in zip(rates, gradients, strict=True)]
    found = page("findings", {"rates": rates, "gradients": gradients})
    assert found == diagnosis.Report(layers, max(gradients)).findings
    assert found == ["vanishing", "silent", "saturated", "healthy", "exploding"]


def test_the_knobs_show_what_the_chapter_says(page):
    def words(**values):
        return page("findings", page("examine", LayerDoctor(**values).params))

    assert set(words(normalise=True)) == {"healthy"}
    assert words(gain=0.3)[-1] == "silent" and words(gain=6.0)[-1] == "saturated"
