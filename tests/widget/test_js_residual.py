"""What ResidualExplorer computes in the page: the blocks of the library, and autograd through them."""

from __future__ import annotations

import numpy as np
import pytest
from together import each_of

from course_snn.widget import ResidualExplorer

SOME = [1, 2, 5, 6, 7, 11, 14]


@pytest.fixture
def page(page_of):
    return page_of(ResidualExplorer)


@each_of("connect", ["plain", "add", "and", "iand"])
@each_of("node", ["if", "lif"])
@each_of(
    "depth, weight, bias, spikes",
    [
        (1, 0.0, 0.0, SOME),
        (4, 1.0, 0.0, SOME),
        (3, 2.0, -0.5, [0, 1, 2, 3, 15]),
        (8, -1.0, 1.25, SOME),
        (2, 0.5, 2.0, []),
    ],
)
def test_equals_the_blocks_of_the_library(page, connect, node, depth, weight, bias, spikes):
    made = ResidualExplorer(connect=connect, node=node, depth=depth, weight=weight, bias=bias, spikes=spikes)
    ours, seen = made.run(), page("runBlocks", made.params, 16)
    np.testing.assert_array_equal(seen["out"], ours.out)
    np.testing.assert_allclose(seen["shortcut"], ours.shortcut, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(seen["whole"], ours.whole, rtol=1e-4, atol=1e-7)


def differing(page, **values):
    made = ResidualExplorer(**values)
    return page("differences", page("runBlocks", made.params, 16))


def test_which_blocks_are_the_identity_where_the_convolutions_are_silent(page):
    assert differing(page, connect="add") == differing(page, connect="iand") == [0] * 5  # Fang et al. 2021, table 1
    assert differing(page, connect="plain", node="if") == [0] * 5
    assert differing(page, connect="plain", node="lif")[1] == len(SOME)  # one input of 1 charges a LIF to 1/2 only
    assert differing(page, connect="and")[-1] == len(SOME)
    assert differing(page, connect="and", bias=2.0) == [0] * 5  # s = 1 at every step


def test_the_gradient_of_a_shortcut(page):
    made = ResidualExplorer(connect="add", depth=8)
    np.testing.assert_array_equal(page("runBlocks", made.params, 16)["shortcut"], 1)
    plain = page("runBlocks", ResidualExplorer(connect="plain", depth=8).params, 16)["shortcut"]
    sizes = np.abs(plain).mean(1)
    assert (np.diff(sizes) > 0).all() and sizes[0] < 1e-3  # each neuron on the way takes its share
