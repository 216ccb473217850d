"""What SpikingSheet computes in the page: the Python of the same rule, and the speed of a plane wave."""

from __future__ import annotations

import torch
from together import each_of

from course_snn.widget import SpikingSheet


@each_of("seed", range(3))
@each_of("values", [{}, {"w": 0.23, "tau": 20.0, "refractory": 1}, {"w": 1.0, "tau": 1.0, "refractory": 30}])
def test_the_spikes_are_pythons(page_of, seed, values):
    made, draw = SpikingSheet(**values), torch.Generator().manual_seed(seed)
    pushes = torch.rand(60, 9, 14, generator=draw, dtype=torch.double) * 1.02
    pushes *= torch.rand(60, 1, 1, generator=draw) > 0.7
    ours = made.run(pushes)
    theirs = page_of(SpikingSheet)("sheetRun", 9, 14, made.params, pushes.flatten(1).tolist())
    assert 20 < ours.sum() < ours.numel() / 2
    assert torch.equal(torch.tensor(theirs).bool(), ours.flatten(1))


def test_a_plane_wave_moves_on_by_one_neuron_a_step_and_not_back():
    pushes = torch.zeros(12, 40, 12, dtype=torch.double)
    pushes[0, :, 0] = 1
    fired = SpikingSheet().run(pushes)[:, 19:21]  # away from the edges
    assert fired.nonzero().tolist() == [[t, y, t] for t in range(12) for y in (0, 1)]
