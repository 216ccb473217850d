"""Playing events as a GIF: every frame, in the colours of the figures, and it stops."""

import io

import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence

from course_snn import data
from course_snn.plotting.events import event_colours

FRAMES = torch.poisson(torch.full((5, 2, 6, 9), 0.5), generator=torch.Generator().manual_seed(0))


def test_every_frame_enlarged():
    gif = Image.open(io.BytesIO(data.event_gif(FRAMES, seconds=0.05, scale=3, repeats=4)))
    shown = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(gif)]
    assert gif.n_frames == 5 and gif.size == (27, 18) and gif.info["duration"] == 50
    for picture, colours in zip(shown, event_colours(FRAMES), strict=True):
        assert np.abs(picture[1::3, 1::3].astype(int) - colours).max() <= 2  # a GIF has 256 colours


@pytest.mark.parametrize(("repeats", "loop"), [(1, None), (2, 1), (3, 2)])
def test_it_stops(repeats, loop):
    gif = Image.open(io.BytesIO(data.event_gif(FRAMES, repeats=repeats)))
    assert gif.info.get("loop") == loop  # 0 would be for ever


def test_large_counts_stay_large():
    frames = FRAMES.clone()
    frames[:3, 0, 0, 0], frames[:3, 1, 0, 0] = 0, torch.tensor([9.0, 256, 257])  # of 256 and 257 a byte makes 0 and 1
    small, first, second, *_ = event_colours(frames)[:, 0, 0]
    assert (small == first).all() and (first == second).all()


@pytest.mark.parametrize("wrong", [{"scale": 0}, {"repeats": 0}, {"seconds": 0.0}])
def test_numbers_must_be_positive(wrong):
    with pytest.raises(ValueError, match=r"must be (at least 1|greater than 0)"):
        data.event_gif(FRAMES, **wrong)
