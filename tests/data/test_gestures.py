"""Synthetic gestures: the arms do what the class says, the split is by person, and the same seed sees the same."""

import numpy as np
import pytest

from course_snn import data
from course_snn.data.body import LEFT, RIGHT, person
from course_snn.data.camera import EventCamera
from course_snn.data.gestures import MOTIONS, Motion, gesture_movie, record_gesture, synthetic_gestures

TIMES = np.arange(301) / 100


def arms(gesture, seed=0, who=2):
    return MOTIONS[gesture](Motion(person(who), TIMES, np.random.default_rng(seed)))


def turns(path):
    """How often a path goes round its middle, clockwise in the picture."""
    x, y = (path - (path.max(0) + path.min(0)) / 2).T
    return (np.unwrap(np.arctan2(y, x))[-1] - np.arctan2(y, x)[0]) / (2 * np.pi)


@pytest.mark.parametrize(("gesture", "side", "sign"), [(3, RIGHT, -1), (4, RIGHT, 1), (5, LEFT, -1), (6, LEFT, 1)])
def test_clockwise_is_as_the_person_sees_it(gesture, side, sign):
    for seed in range(5):
        both = arms(gesture, seed)
        assert 1.5 < sign * turns(both[side][1]) < 6  # in three seconds, at 0.7 … 1.7 Hz
        assert np.ptp(both[-side][1], axis=0).max() < 0.1  # the other arm hangs


@pytest.mark.parametrize(("gesture", "side"), [(1, RIGHT), (2, LEFT)])
def test_a_wave_is_a_raised_hand_that_swings(gesture, side):
    for seed in range(5):
        elbow, hand = arms(gesture, seed)[side]
        assert (hand[:, 1] < elbow[:, 1]).all() and np.ptp(hand[:, 0]) > 0.1
        sign = np.sign(hand[:, 0] - hand[:, 0].mean())
        assert 5 < (np.diff(sign) != 0).sum() < 25  # 1 … 3 Hz, two changes each


def test_hands_meet_in_a_clap_turn_round_each_other_in_a_roll_and_alternate_on_drums():
    who = person(2)
    for seed in range(5):
        right, left = (arms(0, seed)[side][1] + (side * who.shoulders, 0) for side in (RIGHT, LEFT))
        assert (left[:, 0] - right[:, 0]).min() == pytest.approx(0.1, abs=1e-3) and np.allclose(left[:, 1], right[:, 1])
        right, left = (arms(7, seed)[side][1] + (side * who.shoulders, 0) for side in (RIGHT, LEFT))
        assert abs(turns(right - left)) > 2.5
        right, left = (arms(8, seed)[side][1][:, 1] for side in (RIGHT, LEFT))
        assert np.corrcoef(right, left)[0, 1] < -0.5
        assert np.ptp(arms(9, seed)[RIGHT][1][:, 1]) > 2 * np.ptp(arms(9, seed)[LEFT][1][:, 1])


def test_other_gestures_are_not_one_gesture():
    spans = np.array([[np.ptp(arms(10, seed)[side][1], axis=0) for side in (RIGHT, LEFT)] for seed in range(30)])
    still = (spans.max(2) < 0.1).sum(1)
    assert set(still) == {0, 1} and spans.std(0).min() > 0.08


def test_the_camera_sees_the_rotation_where_it_is():
    """From the events alone, as with the real recordings: the middle of the events goes round, the right way."""
    for gesture, side, sign in ((3, -1, -1), (4, -1, 1), (5, 1, -1), (6, 1, 1)):
        camera = EventCamera(noise=0.0)
        events = record_gesture(gesture, 1, 0, camera, seconds=2.0)
        step = events["t"] // 50_000
        middle = np.array([[np.median(events[axis][step == k]) for axis in "xy"] for k in range(40)])
        assert sign * turns(middle) > 1 and side * (middle[:, 0].mean() - 32) > 0


def test_a_recording_is_its_seed():
    first, again, later = record_gesture(3, 5, 7), record_gesture(3, 5, 7), record_gesture(3, 5, 8)
    assert all(np.array_equal(first[name], again[name]) for name in "txyp")
    assert not np.array_equal(first["t"], later["t"])
    assert not np.array_equal(first["t"], record_gesture(3, 6, 7)["t"])
    assert first["t"].min() >= 0 and first["t"].max() <= 1_200_000
    assert gesture_movie(0, 0, 0, height=40, width=50, seconds=0.5).shape == (51, 40, 50)


def test_the_set_is_balanced_and_split_by_person():
    train, test = data.synthetic_gestures(1, EventCamera(32, 32))
    assert (len(train), len(test)) == (253, 66) and train.stand_in and train.classes == data.GESTURES
    assert train.labels.bincount().tolist() == [23] * 11 and test.labels.bincount().tolist() == [6] * 11
    assert not set(train.subjects.tolist()) & set(test.subjects.tolist())
    frames = test.frames("time", T=10, size=(16, 16))
    assert frames.images.shape == (66, 10, 2, 16, 16)
    assert frames.images.sum((1, 2, 3, 4)).tolist() == [len(events["t"]) for events in test.events]


def test_as_many_become_brighter_as_darker():
    recordings = [record_gesture(gesture, 24, 0) for gesture in range(11)]
    share = [events["p"].mean() for events in recordings]
    assert 0.45 < np.mean(share) < 0.55 and min(share) > 0.4 and max(share) < 0.6  # the real ones: 0.49 … 0.55
    assert all(1500 < len(events["t"]) < 40_000 for events in recordings)


@pytest.mark.parametrize(
    ("arguments", "words"), [((11, 0, 0), "0 … 10.*11"), ((-1, 0, 0), "gesture"), ((1.5, 0, 0), "gesture")]
)
def test_wrong_numbers_are_named(arguments, words):
    with pytest.raises((ValueError, TypeError), match=words):
        record_gesture(*arguments)
    with pytest.raises(ValueError, match="trials"):
        synthetic_gestures(0)
    with pytest.raises(ValueError, match="seconds"):
        gesture_movie(0, 0, 0, seconds=0.0)


@pytest.mark.parametrize("wrong", [{"subject": -1}, {"seed": 1.5}, {"camera": 64}, {"gesture": "wave"}])
def test_a_gesture_is_asked_for_in_numbers(wrong):
    with pytest.raises((TypeError, ValueError), match=next(iter(wrong))):
        data.record_gesture(**({"gesture": 1, "subject": 0, "seed": 0} | wrong))
