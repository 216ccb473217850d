"""What PipelineStepper computes in the page: reference.md 2.4 and simulator.Simulator."""

from __future__ import annotations

import pytest
import torch
from together import each_of
from toys import Times

from course_snn import simulator, synapse
from course_snn.widget import PipelineStepper

RUN = {
    "toy": lambda: [Times(1), Times(10), Times(100)],
    "spikes": lambda: [
        synapse.SpikeCurrent(0.6),
        simulator.IFNode([1], 1.0, 1.0),
        synapse.ExpDecayCurrent(3),
        simulator.LIFNode([1], 2.0, 1.0, tau=2.0),
    ],
}
INPUTS = {"toy": list(range(1, 8)), "spikes": [1] * 8 + [0] * 4}


@pytest.fixture
def rows(page_of):
    """Rows of the example under the page's own modules; JSON cannot carry functions, so node looks them up by name."""
    page = page_of(PipelineStepper)
    return lambda example, fast: page("runExample", example, fast)


@each_of(
    "fast, outputs",
    [
        (True, [1000, 1000, 1000, 2000, 3000, 4000, 5000]),
        (False, [None, None, 1000, 2000, 3000, 4000, 5000]),
    ],
)
def test_multiplier_vectors(rows, fast, outputs):
    assert [row["values"][-1] for row in rows("toy", fast)] == outputs


@each_of("example", ["toy", "spikes"])
@each_of("fast", [True, False])
def test_equals_the_simulator(rows, example, fast):
    sim = simulator.Simulator(fast=fast)
    for module in RUN[example]():
        sim.append(module)
    ours = rows(example, fast)
    for row, x in zip(ours, INPUTS[example], strict=True):
        sim.step(torch.tensor([float(x)]) if example == "spikes" else x)
        theirs = [None if slot is None else float(slot) for slot in sim.pipeline]
        assert row["values"] == pytest.approx(theirs, abs=1e-6)


def test_spikes_reach_the_end(rows):
    assert sum(row["values"][-1] or 0 for row in rows("spikes", False)) >= 2


@each_of("fast", [True, False])
def test_origins_lie_on_diagonals(rows, fast):
    for t, row in enumerate(rows("toy", fast)):
        diagonal = [t, t, t - 1, t - 2]  # module 0 reads the input of its own step
        expected = [max(o, 0) if fast else o if o >= 0 else None for o in diagonal]
        assert row["origins"] == expected
