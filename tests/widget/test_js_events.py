"""What EventPlayer and FrameExplorer compute in the page: the library's frames, numpy's sums."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import torch
from together import each_of

from course_snn.data import events as ev
from course_snn.widget import EventPlayer, FrameExplorer

H, W = 10, 14


@pytest.fixture
def player(page_of):
    return page_of(EventPlayer)


@pytest.fixture
def explorer(page_of):
    return page_of(FrameExplorer)


def recording(seed, n=400, last=200_000):
    rng = np.random.default_rng(seed)
    t = np.sort(np.concatenate([[0, last], rng.integers(0, last, n - 2)]))
    return {"t": t, "x": rng.integers(0, W, n), "y": rng.integers(0, H, n), "p": rng.integers(0, 2, n)}


def received(made):
    """What the page makes of the bytes that it gets."""
    kinds = {"t": ("times", "<u4"), "x": ("columns", "<u2"), "y": ("rows", "<u2"), "p": ("signs", "u1")}
    arrays = {key: np.frombuffer(getattr(made, name), kind).tolist() for key, (name, kind) in kinds.items()}
    return arrays | {"width": made.width, "height": made.height, "last": arrays["t"][-1]}


def test_the_page_receives_the_recording():
    events = recording(0)
    made = EventPlayer(events | {"t": events["t"] + 5_000_000}, H, W)
    for key, array in events.items():  # times count from the first event
        assert received(made)[key] == array.tolist()
    assert (made.height, made.width) == (H, W)


@each_of("at", [0.0, 0.5, 33.0, 99.5, 100.0])
@each_of("values", [{"window": 5}, {"window": 50}, {"window": 500}, {"by": "number"}, {"by": "number", "number": 20}])
def test_the_window_and_its_frame(player, at, values):
    made = EventPlayer(recording(1), H, W, at=at, **values)
    sent = received(made)
    start, stop = player("windowOf", sent["t"], at / 100 * sent["last"], made.params)
    assert (start, stop) == (made.window().start, made.window().stop)
    t, end = made.events["t"], at / 100 * 200_000
    inside = (t <= end) & (t > end - 1000 * made.params["window"])
    if made.params["by"] == "time":
        assert stop - start == inside.sum()
    else:
        assert stop == (t <= end).sum() and stop - start == min(made.params["number"], stop)
    frame = np.array(player("accumulate", sent, start, stop)).reshape(2, H, W)
    assert np.array_equal(frame, made.frame()) and frame.sum() == stop - start


def test_a_window_without_events(player):
    events = {"t": [0, 90_000], "x": [1, 2], "y": [0, 0], "p": [1, 0]}
    made = EventPlayer(events, H, W, at=50.0, window=5)
    assert player("windowOf", [0, 90_000], 45_000, made.params) == [1, 1] and made.frame().sum() == 0
    made.figure()


@each_of("value", [-1, 0, 3, 4, 5, 9, 10])
def test_lower_bound_is_searchsorted(player, value):
    t = [0, 3, 3, 4, 4, 4, 9]
    assert player("lowerBound", t, value) == np.searchsorted(t, value)
    assert player("lowerBound", [], value) == 0


def test_rates_count_every_event(player):
    made = EventPlayer(recording(2), H, W)
    sent = received(made)
    for polarity in (0, 1):
        t = made.events["t"][made.events["p"] == polarity]
        found = np.array(player("rates", sent, polarity, 20, sent["last"]))
        assert np.allclose(found, np.histogram(t, 20, (0, 200_000))[0] / 10)


def test_playing_comes_to_the_end_and_no_further(player):
    assert player("advance", 10, 0.1, 0.5, 1_000_000) == pytest.approx(15)
    assert player("advance", 99, 5, 2, 1_000_000) == 100
    assert player("advance", 0, 0.1, 1, 0) == 100  # a recording of one instant


def test_turning_keeps_lengths_of_the_picture(player):
    straight = player("project", 1, 1, 1, {"yaw": 0, "pitch": 0})
    assert straight == pytest.approx([0.95, 0.5])
    assert player("project", 0.5, 0.5, 0.5, {"yaw": 1.1, "pitch": -0.4}) == pytest.approx([0, 0])
    sideways = player("project", 0.5, 1, 0.5, {"yaw": np.pi / 2, "pitch": 0})
    assert sideways == pytest.approx([0.5, 0])  # looked at from the end, x runs across
    above = player("project", 0.5, 1, 0.5, {"yaw": 0, "pitch": np.pi / 2})
    assert above == pytest.approx([0, -0.5])  # looked at from above, x runs upwards


@each_of("way", ["number", "time", "duration"])
@each_of("values", [{}, {"T": 2, "duration": 60}, {"T": 16, "duration": 190}])
@each_of("seed", [3, 4])
def test_frames_are_the_librarys(explorer, way, values, seed):
    made = FrameExplorer(recording(seed, n=90), H, W, **values)
    sent, frames = received(made), made.frames(way)
    at = explorer("bounds", sent["t"], way, made.params)
    assert len(at) == len(frames) + 1 and at[0] == 0 and at[-1] == 90
    for j, frame in enumerate(frames):
        assert np.array_equal(np.array(explorer("accumulate", sent, at[j], at[j + 1])).reshape(2, H, W), frame)
    found = explorer("shares", sent["t"], way, made.params)
    assert found["count"] == frames.sum((1, 2, 3)).tolist()
    assert sum(found["length"]) == pytest.approx(200)


def test_frames_of_few_events(explorer):
    t = [7, 7, 20_007]
    p = {"T": 5, "duration": 60}
    assert explorer("bounds", t, "number", p) == [0, 0, 0, 0, 0, 3]
    assert explorer("bounds", t, "time", p) == [0, 2, 2, 2, 2, 3]
    assert explorer("bounds", t, "duration", p) == [0, 3]
    events = {"t": t, "x": [0, 1, 2], "y": [0, 0, 0], "p": [1, 1, 0]}
    assert ev.frames_by_time(events, 5, H, W).sum((1, 2, 3)).tolist() == [2, 0, 0, 0, 1]


def test_a_pause_shows_the_difference():
    made = FrameExplorer()
    number, time = (made.frames(way).sum((1, 2, 3)) for way in ("number", "time"))
    assert number.max() - number.min() < 8 and time.min() < 0.2 * time.max()
    assert torch.equal(number.sum(), time.sum())


def test_what_a_widget_refuses():
    with pytest.raises(ValueError, match=r"x must lie in 0 … 63"):
        EventPlayer(recording(0) | {"x": np.full(400, 70)})
    with pytest.raises(ValueError, match="there are no events"):
        FrameExplorer({key: [] for key in "txyp"})
    with pytest.raises(ValueError, match="at most 72 minutes"):
        EventPlayer({"t": [0, 1 << 32], "x": [0, 0], "y": [0, 0], "p": [0, 0]})


def test_the_recording_is_sent_once():
    made = EventPlayer()
    state = made.get_state()
    assert sum(isinstance(value, bytes) for value in state.values()) == 4
    assert len(json.dumps({k: v for k, v in state.items() if not isinstance(v, bytes) and k[0] != "_"})) < 4000
    assert len(base64.b64encode(made.times)) < 200_000
