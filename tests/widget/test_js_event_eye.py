"""What EventEye and TurnVotes compute in the page: events of data.EventCamera, tails and detectors."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from together import each_of

from course_snn.data import EventCamera, gesture_movie
from course_snn.widget import EventEye, TurnVotes

H, W = 12, 16


def moving(seed, pictures=40):
    """A bright spot that crosses a slope of light, and pixels that flicker, float32 [F, H, W].

    No pixel comes back to exactly what it was: whether that is a whole threshold is a matter of the last bit.
    """
    draw = np.random.default_rng(seed)
    y, x = np.mgrid[:H, :W]
    spots = [np.exp(-((x - 0.5 * f - 1) ** 2 + (y - 5 - 3 * math.sin(f / 5)) ** 2) / 6) for f in range(pictures)]
    movie = (
        0.1 + 0.02 * x + 0.6 * np.stack(spots) + (draw.random((pictures, H, W)) > 0.97) * draw.random((pictures, H, W))
    )
    movie += 0.01 * draw.random((pictures, H, W))
    return torch.from_numpy(movie).float()


def in_order(t, pixel, p):
    order = np.lexsort((p, t, pixel))
    return np.asarray(t)[order], np.asarray(pixel)[order], np.asarray(p)[order]


def both(page, movie, camera, rate, settings):
    ours = camera.record(movie, rate)
    found = page("recordMovie", movie.flatten(1).tolist(), rate, settings)
    theirs = in_order(np.array(found["t"]) * 1e6, found["pixel"], found["p"])
    pixel = ours["y"].astype(int) * camera.width + ours["x"]
    return in_order(ours["t"], pixel, ours["p"]), theirs


@each_of("contrast", [0.05, 0.2, 0.61])
@each_of("refractory", [0.0, 2.0, 50.0])
def test_the_events_are_the_librarys(page_of, contrast, refractory):
    made, movie = EventEye(contrast=contrast, refractory=refractory), moving(3)
    settings = {"on": contrast, "refractory": refractory / 1000}
    ours, theirs = both(page_of(EventEye), movie, made.camera(H, W), 60, settings)
    assert len(ours[0]) > 100
    assert np.array_equal(ours[1], theirs[1]) and np.array_equal(ours[2], theirs[2])
    np.testing.assert_allclose(theirs[0], ours[0], atol=1.5)  # µs, which the library cuts off


def test_pixels_may_have_thresholds_of_their_own(page_of):
    camera = EventCamera(64, 64, mismatch=0.1, noise=0.0)
    on, off = camera.thresholds()
    settings = {"on": on.flatten().tolist(), "off": off.flatten().tolist(), "refractory": camera.refractory}
    ours, theirs = both(page_of(EventEye), gesture_movie(3, 23, 0, seconds=0.2), camera, 100, settings)
    assert len(ours[0]) > 500
    assert np.array_equal(ours[1], theirs[1]) and np.array_equal(ours[2], theirs[2])
    np.testing.assert_allclose(theirs[0], ours[0], atol=1.5)


def test_light_is_linear_before_its_logarithm(page_of):
    grey = [0, 10, 128, 255]
    found = page_of(EventEye)("luminance", [value for g in grey for value in (g, g, g, 255)])
    linear = [g / 255 / 12.92 if g / 255 <= 0.04045 else ((g / 255 + 0.055) / 1.055) ** 2.4 for g in grey]
    assert found == pytest.approx(linear, rel=1e-4)  # IEC 61966-2-1


@each_of("tau", [1.0, 10.0, 60.0])
@each_of("seed", range(4))
def test_votes_are_the_librarys(page_of, tau, seed):
    draw = torch.Generator().manual_seed(seed)
    counts = torch.randint(0, 9, (80, 12), generator=draw)
    for t in range(0, 80, 3):
        counts[t, (t // 3 if seed % 2 else -t // 3) % 12] += 20  # something turns, among noise
    votes = TurnVotes(tau=tau).votes(counts)
    found = page_of(TurnVotes)("ringVotes", counts.tolist(), tau)
    assert found == pytest.approx(votes.numpy())


@each_of("way", [1, -1])
def test_what_turns_is_seen_to_turn(page_of, way):
    page, middle = page_of(TurnVotes), (32.0, 24.0)
    angles = [way * 2 * math.pi * t / 30 for t in range(90)]  # three turns; y points down, as on a screen
    sectors = [page("sectorOf", 32 + 15 * math.cos(a), 24 + 15 * math.sin(a), middle) for a in angles]
    cw, ccw = page("ringVotes", [[20 * (k == s) for k in range(12)] for s in sectors], 10)[-1]
    assert (cw > 5 and ccw == 0) if way > 0 else (ccw > 5 and cw == 0)


def test_the_middle_forgets(page_of):
    page = page_of(TurnVotes)
    sums = page("movedMiddle", [0, 0, 0], [0, 2, 10, 12], 10, 0.02)
    assert sums == pytest.approx([4, 2, 4])
    assert page("movedMiddle", sums, [], 10, 1.5) == pytest.approx([s / math.e for s in sums])


def test_the_picture_of_a_mirrored_person_turns_as_the_person_does():
    for turn, more in (("cw", 0), ("ccw", 1)):
        figure = TurnVotes(turn=turn).figure()
        last = [line.get_ydata()[-1] for line in figure.axes[1].lines]
        assert last[more] > last[1 - more] + 2
