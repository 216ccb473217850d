"""What ChargingNeuron computes in the page: simulator.LIFNode to the last bit, and the closed form of its period."""

from __future__ import annotations

import math

import numpy as np
import pytest
from together import each_of

from course_snn.widget import ChargingNeuron


@each_of("current", [0.0, 0.11, 0.112, 0.15, 0.3])
@each_of("tau", [5.0, 20.0, 60.0])
def test_equals_the_simulator_bit_for_bit(page_of, current, tau):
    made = ChargingNeuron(current=current, tau=tau)
    v, spikes = made.run(400)
    out = page_of(ChargingNeuron)("chargedCell", made.params, 400)
    np.testing.assert_array_equal(np.float32(out["v"]), np.float32(v))
    assert out["spikes"] == np.nonzero(spikes)[0].tolist()
    assert bool(out["spikes"]) == (9 * current > 1)
    if len(out["spikes"]) > 1:  # Euler's steps: the first whole number of them that reaches the threshold
        steps = math.ceil(math.log(1 - 1 / (9 * current)) / math.log(1 - 1 / tau) - 1e-9)
        assert set(np.diff(out["spikes"])) == {steps}


def test_a_cell_remembers_the_last_steps_only(page_of):
    page = page_of(ChargingNeuron)
    assert page("along", [[0, 0], [1, 0], [2, 0], [3, 6]], 0.5) == pytest.approx([1.5, 0.75])
    cell = page("restingCell", 20)
    assert cell["v"] == [] and cell["neuron"]["v"] == 0
