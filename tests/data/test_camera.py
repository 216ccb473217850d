"""The modelled event camera: a ramp in closed form, the blind time against a loop, noise and mismatch counted."""

import numpy as np
import pytest
import torch

from course_snn.data import gesture_movie
from course_snn.data.camera import DARK, EventCamera, after_refractory

PERFECT = {"contrast": 0.2, "mismatch": 0.0, "refractory": 0.0, "noise": 0.0}


def movie_of(level, height=1, width=1):
    """A movie whose log brightness, as the camera takes it, is the given one in every pixel."""
    return (torch.exp(torch.as_tensor(level, dtype=torch.double)) - DARK)[:, None, None].expand(-1, height, width)


@pytest.mark.parametrize("slope", [3.0, 0.7, -3.0, -0.7])
def test_a_ramp_gives_events_at_equal_distances(slope):
    rate = 50.0
    movie = movie_of(slope * torch.arange(51) / rate)
    events = EventCamera(1, 1, **PERFECT).record(movie, rate)
    expected = np.arange(1, int(abs(slope) / 0.2 + 1e-3) + 1) * 0.2 / abs(slope) * 1e6
    assert np.abs(events["t"] - expected[: len(events["t"])]).max() < 5 and abs(len(events["t"]) - len(expected)) <= 1
    assert (events["p"] == (slope > 0)).all()


def test_it_is_the_loop_that_the_equations_say():
    rng = np.random.default_rng(0)
    level = torch.from_numpy(np.log(rng.uniform(0.05, 1, (30, 4, 5))))
    camera = EventCamera(4, 5, contrast=0.15, mismatch=0.2, refractory=0.0, noise=0.0, seed=3)
    on, off = (c.double().numpy() for c in camera.thresholds())
    expected = []
    for y in range(4):
        for x in range(5):
            memory, trace = level[0, y, x].item(), level[:, y, x].numpy()
            for f in range(1, 30):
                while trace[f] - memory >= on[y, x] or memory - trace[f] >= off[y, x]:
                    rises = trace[f] > memory
                    memory += on[y, x] if rises else -off[y, x]
                    part = (memory - trace[f - 1]) / (trace[f] - trace[f - 1])
                    expected.append(((f - 1 + part) / 100 * 1e6, x, y, int(rises)))
    expected.sort()
    events = camera.record(level.exp() - DARK, 100)
    got = sorted(zip(*(events[name].tolist() for name in "txyp"), strict=True))
    assert len(got) == len(expected) > 500
    assert sorted(e[1:] for e in got) == sorted(e[1:] for e in expected)
    assert np.abs(np.array([e[0] for e in got]) - np.array([e[0] for e in expected])).max() < 20
    assert (np.diff(events["t"]) >= 0).all()


def test_nothing_moves_nothing_is_seen():
    assert len(EventCamera(8, 8, noise=0.0).record(torch.full((20, 8, 8), 0.5), 100)["t"]) == 0


def test_a_pixel_is_blind_for_a_while():
    rng = np.random.default_rng(1)
    t, pixel = rng.uniform(0, 1, 3000), rng.integers(0, 20, 3000)
    kept = []
    for which in range(20):
        last = -np.inf
        for n in sorted(np.flatnonzero(pixel == which), key=lambda n: t[n]):
            if t[n] - last >= 0.01:
                last = t[n]
                kept.append(n)
    assert after_refractory(t, pixel, 0.01).tolist() == kept
    assert len(kept) < 2000
    assert len(after_refractory(t, pixel, 0.0)) == 3000


def test_the_blind_time_limits_the_rate():
    movie = movie_of(40.0 * torch.arange(101) / 100)  # 200 thresholds a second
    counts = [
        len(EventCamera(1, 1, **{**PERFECT, "refractory": blind}).record(movie, 100)["t"])
        for blind in (0.0, 0.0049, 0.0099)
    ]
    assert 198 <= counts[0] <= 200 and 198 <= counts[1] <= 200 and 99 <= counts[2] <= 100


def test_noise_and_mismatch_have_the_size_that_was_asked_for():
    still = torch.full((101, 40, 50), 0.5)
    events = EventCamera(40, 50, noise=2.0, refractory=0.0).record(still, 100, seed=4)
    assert abs(len(events["t"]) - 4000) < 5 * 4000**0.5 and abs(events["p"].mean() - 0.5) < 0.05
    assert (
        events["x"].max() == 49 and events["y"].max() == 39 and 0 <= events["t"].min() <= events["t"].max() <= 1_000_000
    )
    on, off = EventCamera(200, 200, contrast=0.3, mismatch=0.1).thresholds()
    for c in (on, off):
        assert abs(c.mean() - 0.3) < 1e-3 and abs(c.std() / 0.3 - 0.1) < 2e-3
    assert not torch.equal(on, off) and not torch.equal(on, EventCamera(200, 200, contrast=0.3, seed=1).thresholds()[0])


def test_the_same_seed_sees_the_same():
    movie = torch.rand(10, 6, 6, generator=torch.manual_seed(0))
    first, again, other = (EventCamera(6, 6, noise=50.0).record(movie, 100, seed=s) for s in (5, 5, 6))
    assert all(np.array_equal(first[name], again[name]) for name in "txyp")
    assert not np.array_equal(first["t"], other["t"])
    assert [first[name].dtype for name in "txyp"] == [np.int64, np.int16, np.int16, np.uint8]


@pytest.mark.parametrize(
    ("movie", "words"),
    [
        (torch.ones(5, 4, 4), r"\[F ≥ 2, 8, 8\].*\[5, 4, 4\]"),
        (torch.ones(1, 8, 8), r"\[1, 8, 8\]"),
        (torch.ones(8, 8), r"\[8, 8\]"),
        (-torch.ones(5, 8, 8), "negative"),
        (torch.full((5, 8, 8), float("nan")), "nan"),
    ],
)
def test_a_wrong_movie_is_named(movie, words):
    with pytest.raises(ValueError, match=words):
        EventCamera(8, 8).record(movie, 100)


@pytest.mark.parametrize("wrong", [{"height": 0}, {"contrast": 0.0}, {"noise": -1.0}, {"refractory": -1e-3}])
def test_a_wrong_camera_is_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        EventCamera(**wrong)


def test_every_event_has_a_time_where_rounding_leaves_a_whole_threshold_over():
    camera = EventCamera(contrast=0.2, mismatch=0.0, refractory=0.0, noise=0.0)
    t = camera.record(gesture_movie(4, 23, 0), 100)["t"]  # a pixel comes back to what it was: 0 / 0
    assert t.min() >= 0 and t.max() <= 1.2e6
