"""Recordings: by person, by proportion, into frames that ``training.fit`` takes."""

import numpy as np
import pytest
import torch
from torch import nn

from course_snn import data, functional, neuron, training
from course_snn.data import GESTURES, Recordings
from course_snn.data import events as ev
from course_snn.language import tr

H, W = 8, 12


def recording(seed, n=300, duration=100_000):
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, duration, n))
    return {"t": t, "x": rng.integers(0, W, n), "y": rng.integers(0, H, n), "p": rng.integers(0, 2, n)}


@pytest.fixture
def recordings():
    labels = torch.arange(24) % 3
    events = [recording(n, duration=100_000 * (1 + n % 4)) for n in range(24)]
    return Recordings(events, labels, torch.arange(24) // 6 + 1, tuple(tr(c, c) for c in "abc"), H, W, "synthetic")


class Lazy:
    """A sequence that notes which items were read."""

    def __init__(self, items):
        self.items, self.read = items, []

    def __len__(self):
        return len(self.items)

    def __getitem__(self, n):
        self.read.append(n)
        return self.items[n]


def test_the_eleven_gestures():
    assert len(GESTURES) == 11 and GESTURES[0].en == "hand clapping" and GESTURES[10].en == "other gestures"
    assert all(name.zh != name.en for name in GESTURES)


def test_one_and_several(recordings):
    events, label = recordings[4]
    assert events is recordings.events[4] and label == 1 and isinstance(label, int)
    assert recordings[-1][0] is recordings.events[23]
    some = recordings[[5, 2]]
    assert len(some) == 2 and some.events[0] is recordings.events[5] and some.labels.tolist() == [2, 2]
    assert len(recordings[:7]) == 7 and len(recordings[recordings.labels == 0]) == 8
    assert repr(recordings) == "Recordings(24 × 8×12, 3 classes, 4 subjects, synthetic)" and recordings.stand_in


def test_it_can_be_walked_through(recordings):
    assert [label for _, label in recordings] == recordings.labels.tolist()


def test_lengths_must_agree(recordings):
    with pytest.raises(ValueError, match="24 recordings, 23 labels and 24 subjects"):
        Recordings(recordings.events, recordings.labels[1:], recordings.subjects, recordings.classes, H, W, "folder")


def test_a_subset_keeps_the_proportions(recordings):
    part = recordings.subset(9, seed=1)
    assert part.labels.bincount().tolist() == [3, 3, 3]
    numbers = [next(n for n, e in enumerate(recordings.events) if e is events) for events in part.events]
    assert torch.equal(part.labels, recordings.labels[numbers]) and len(set(numbers)) == 9
    assert torch.equal(part.subjects, recordings.subjects[numbers])
    with pytest.raises(ValueError, match="at most 24"):
        recordings.subset(25)


def test_nobody_is_in_both(recordings):
    train, test = recordings.split_by_subject([2, 4])
    assert set(train.subjects.tolist()) == {1, 3} and set(test.subjects.tolist()) == {2, 4}
    assert len(train) + len(test) == 24 and train.events[0] is recordings.events[0]
    assert test.events[0] is recordings.events[6]


@pytest.mark.parametrize("people", [[], [1, 2, 3, 4], [5]])
def test_a_split_needs_people_on_both_sides(recordings, people):
    with pytest.raises(ValueError, match=r"some, but not all, of \[1, 2, 3, 4\]"):
        recordings.split_by_subject(people)


def test_recordings_are_read_when_they_are_asked_for(recordings):
    lazy = Lazy(recordings.events)
    whole = Recordings(lazy, recordings.labels, recordings.subjects, recordings.classes, H, W, "folder")
    _, test = whole.split_by_subject([3])
    part = test.subset(2)[:1]
    assert lazy.read == [] and len(part) == 1
    part.frames(T=2)
    assert len(lazy.read) == 1 and 12 <= lazy.read[0] < 18


def test_a_slice_of_unread_recordings_reads_none(recordings):
    lazy = Lazy(recordings.events)
    test = Recordings(lazy, recordings.labels, recordings.subjects, recordings.classes, H, W, "folder")[6:].events
    part = test[-2::-3]
    assert len(part) == 6 and lazy.read == []
    assert part[1] is recordings.events[6:][-2::-3][1] and len(lazy.read) == 1


def test_frames_by_number_and_time(recordings):
    frames = recordings.frames(T=5)
    assert frames.images.shape == (24, 5, 2, H, W) and frames.mask.all() and frames.stand_in
    assert torch.equal(frames.images[3], ev.frames_by_number(recordings.events[3], 5, H, W))
    assert torch.equal(recordings.frames("time", T=5).images[3], ev.frames_by_time(recordings.events[3], 5, H, W))
    assert repr(frames) == "Frames(24 × [5, 2, 8, 12], 3 classes, synthetic)" and len(frames) == 24


def test_frames_by_duration_are_filled_up_and_masked(recordings):
    frames = recordings.frames("duration", duration=50_000)
    lengths = [len(ev.frames_by_duration(events, 50_000, H, W)) for events in recordings.events]
    assert frames.lengths.tolist() == lengths and frames.images.shape[1] == max(lengths) == 8
    assert frames.mask.shape == (8, 24) and frames.mask.sum(0).tolist() == lengths
    assert frames.images.transpose(0, 1)[~frames.mask].sum() == 0
    assert frames.images.sum() == sum(len(events["t"]) for events in recordings.events)


def test_frames_by_a_function_of_your_own(recordings):
    def halves(events, height, width):
        return ev.integrate(events, (events["x"] >= width // 2).astype(int), 2, height, width)

    frames = recordings.frames(halves)
    assert frames.images.shape == (24, 2, 2, H, W) and frames.images[:, 0, :, :, W // 2 :].sum() == 0
    with pytest.raises(ValueError, match=r"must give \[T, 2, 8, 12\], but gave \[2, 8, 12\] \(recording 0\)"):
        recordings.frames(lambda events, height, width: halves(events, height, width)[0])


def test_smaller_frames(recordings):
    small = recordings.frames(T=3, size=(4, 4)).images
    whole = recordings.frames(T=3).images
    assert torch.equal(small, whole.reshape(24, 3, 2, 4, 2, 4, 3).sum((4, 6)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "frames"}, r"by must be 'number', 'time', 'duration' or a function.*got 'frames'"),
        ({"by": "number"}, r"needs T=…, and no duration"),
        ({"by": "duration", "T": 4}, r"needs duration=…, and no T"),
        ({"by": "time", "T": 4, "duration": 5}, r"needs T=…, and no duration"),
        ({"by": lambda *a: None, "T": 4}, r"leave out T and duration"),
    ],
)
def test_arguments_that_do_not_go_together(recordings, arguments, message):
    with pytest.raises(ValueError, match=message):
        recordings.frames(**arguments)


def test_a_network_learns_from_them(recordings):
    net = nn.Sequential(nn.Flatten(), nn.Linear(2 * H * W, 3), neuron.LIFNode())
    history = training.fit(net, recordings.frames(T=4), encode=data.time_first, epochs=2, batch_size=8, progress=False)
    assert len(history.epochs if hasattr(history, "epochs") else history) == 2
    functional.reset_net(net)
    x = torch.rand(5, 4, 2, H, W)
    assert torch.equal(data.time_first(x), x.transpose(0, 1)) and data.time_first(x).is_contiguous()
