"""What people bring: record arrays, tensors, lists, every dtype; what is ambiguous is refused with the way out."""

from collections import OrderedDict

import numpy as np
import pytest
import torch
from together import each_of
from torch.utils.data import DataLoader

from course_snn import data
from course_snn.data import Images, Recordings, given
from course_snn.data import events as ev

H, W, N, T = 6, 8, 60, 4
rng = np.random.default_rng(0)
PLAIN = {
    "t": np.sort(rng.integers(0, 60_000, N)),
    "x": rng.integers(0, W, N),
    "y": rng.integers(0, H, N),
    "p": rng.integers(0, 2, N),
}


def record(**dtypes):
    """A structured array with these fields, in this order."""
    array = np.zeros(N, dtype=list(dtypes.items()))
    for key in dtypes:
        array[key] = PLAIN[key]
    return array


def each(change):
    return {key: change(array) for key, array in PLAIN.items()}


class Table:
    """Columns by name without being a mapping, as a data frame."""

    def keys(self):
        return PLAIN.keys()

    def __iter__(self):
        return iter(PLAIN)

    def __getitem__(self, key):
        return PLAIN[key]


ACCEPTED = {
    "tonic": record(x="<i2", y="<i2", t="<i8", p="?"),
    "metavision": record(x="<u2", y="<u2", p="<i2", t="<i8"),
    "small unsigned": record(t="u2", p="u1", y="u1", x="u1"),
    "big-endian": record(t=">u4", x=">u2", y=">u2", p=">i2"),
    "recarray": record(t="<i8", x="<i2", y="<i2", p="?").view(np.recarray),
    "int32 times": PLAIN | {"t": PLAIN["t"].astype(np.int32)},
    "uint64": each(lambda a: a.astype(np.uint64)),
    "bool p": PLAIN | {"p": PLAIN["p"] > 0},
    "lists": each(np.ndarray.tolist),
    "tuples": each(lambda a: tuple(a.tolist())),
    "tensors": each(torch.from_numpy),
    "int tensors": each(lambda a: torch.from_numpy(a).int()),
    "read-only": each(lambda a: np.broadcast_to(a, a.shape)),
    "another order": OrderedDict(reversed(PLAIN.items())),
    "more keys": PLAIN | {"camera": None},
    "table": Table(),
}
WAYS = {
    "number": lambda events: ev.frames_by_number(events, T, H, W),
    "time": lambda events: ev.frames_by_time(events, T, H, W),
    "duration": lambda events: ev.frames_by_duration(events, 7000, H, W),
    "integrate": lambda events: ev.integrate(events, np.arange(N) % T, T, H, W),
    "resized": lambda events: ev.frames_by_number(ev.resized(events, H, W, (3, 4)), T, 3, 4),
    "by_time": lambda events: ev.frames_by_number(ev.by_time(events), T, H, W),
    "recordings": lambda events: Recordings([events], [0], [1], ["a"], H, W, "folder").frames(T=T).images[0],
}


@each_of("way", WAYS)
@each_of("name", ACCEPTED)
def test_the_container_makes_no_difference(name, way):
    counts = torch.zeros(H, W)
    for y, x in zip(PLAIN["y"], PLAIN["x"], strict=True):
        counts[y, x] += 1
    frames = WAYS[way](ACCEPTED[name])
    assert torch.equal(frames, WAYS[way](PLAIN)) and frames.sum() == N
    if way != "resized":
        assert torch.equal(frames.sum((0, 1)), counts)


@each_of("dtype", [np.uint8, np.uint16, np.uint32, np.uint64, np.int8, np.int16])
def test_times_of_few_bits_do_not_wrap_around(dtype):
    high = min(np.iinfo(dtype).max, np.iinfo(np.int64).max)
    events = {"t": np.array([high - 30, high - 10, high], dtype), "x": [0, 1, 2], "y": [0, 0, 0], "p": [1, 0, 1]}
    assert ev.frames_by_duration(events, 10, H, W).sum((1, 2, 3)).tolist() == [1, 0, 2]
    assert ev.by_time(events)["t"].dtype == np.int64
    events["t"] = events["t"][::-1]
    with pytest.raises(ValueError, match="times must not go back"):
        ev.frames_by_number(events, 1, H, W)
    assert ev.by_time(events)["x"].tolist() == [2, 1, 0]


@each_of("number", [np.uint8, np.int16, np.int32, np.int64, np.uint64])
def test_numpy_integers_are_integers(number):
    events = {key: array[: N // 2] for key, array in PLAIN.items()}
    large = ev.frames_by_number(events, number(20), number(100), number(90))
    assert torch.equal(large, ev.frames_by_number(events, 20, 100, 90))
    few = Recordings(
        [events] * 4, np.arange(4, dtype=number) % 2, [1, 1, 2, 2], "ab", number(100), number(90), "folder"
    )
    assert few.frames(T=number(2), size=(number(50), number(45))).images.shape == (4, 2, 2, 50, 45)
    assert len(few.subset(number(2), number(1))) == len(few[np.array([0, 2], number)]) == 2
    assert [len(part) for part in few.split_by_subject({number(1)})] == [2, 2]
    assert ev.padded_mask(np.array([1, 2], number), number(3)).shape == (3, 2)
    camera = data.EventCamera(number(20), number(30), seed=number(1))
    ours, plain = (data.record_gesture(*map(kind, (3, 1, 2)), camera) for kind in (number, int))
    assert all(np.array_equal(ours[key], plain[key]) for key in ev.KEYS)


TABLE = np.stack(list(PLAIN.values()), 1)


@each_of("events", [TABLE, torch.from_numpy(TABLE), TABLE.tolist(), None, 3, "events"])
@each_of("way", WAYS)
def test_without_names_nobody_knows_which_column_is_which(events, way):
    with pytest.raises(TypeError, match=r'events must be a dict \{"t", "x", "y", "p"\} or an array with these fields'):
        WAYS[way](events)


def test_the_way_out_for_a_table_works():
    assert torch.equal(WAYS["number"](dict(zip("txyp", TABLE.T, strict=True))), WAYS["number"](PLAIN))


@each_of(
    ("change", "message"),
    [
        ({"t": PLAIN["t"] / 1e6}, r"t in microseconds.*t is float64.*np\.round\(t \* 1e6\)\.astype"),
        ({"x": PLAIN["x"].astype(np.float32)}, r"x is float32: make it x\.astype"),
        ({"t": PLAIN["t"].astype("datetime64[us]")}, r"t must be numbers, got datetime64"),
        ({"y": ["a"] * N}, r"y must be numbers, got <U1"),
        ({"y": [[1], [1, 2]]}, r"y must be an array, a tensor or lists of one length"),
        ({"x": PLAIN["x"][:, None]}, r"x must be a row \[N\].*\[60, 1\]"),
        ({"t": np.int64(-5).astype(np.uint64) + PLAIN["p"].astype(np.uint64) * 0}, r"which no int64 holds"),
    ],
)
@each_of("way", WAYS)
def test_values_that_are_no_events_are_refused_with_what_to_do(change, message, way):
    with pytest.raises((TypeError, ValueError), match=message):
        WAYS[way](PLAIN | change)


def test_other_names_are_shown():
    with pytest.raises(ValueError, match=r"t, p is missing\. Here are: x, y, ts, polarity"):
        given.columns({"x": [0], "y": [0], "ts": [0], "polarity": [0]})


@each_of("p", [2 * PLAIN["p"] - 1, (2 * PLAIN["p"] - 1).astype(np.uint8)])
def test_minus_one_is_not_taken_for_off_unasked(p):
    with pytest.raises(ValueError, match=r"p must be 1 \(ON\) or 0 \(OFF\).*p > 0"):
        WAYS["number"](PLAIN | {"p": p})


@each_of("nothing", [record(t="<i8", x="<i2", y="<i2", p="?")[:0], {key: [] for key in PLAIN}])
def test_no_events_sort_to_none_and_make_no_frames(nothing):
    assert all(len(array) == 0 and array.dtype.kind in "iub" for array in ev.by_time(nothing).values())
    with pytest.raises(ValueError, match=r"there are no events.*Leave this recording out"):
        WAYS["number"](nothing)


def test_the_recording_that_makes_no_frames_is_numbered():
    some = Recordings([PLAIN, {key: [] for key in PLAIN}], [0, 0], [1, 1], ["a"], H, W, "folder")
    with pytest.raises(ValueError, match=r"no events.*\(recording 1\)"):
        some.frames(T=2)


@each_of(
    "dtype",
    [bool, np.uint8, np.int16, np.uint16, np.uint32, np.int64, np.float16, np.float32, np.float64, ">f4", ">i2"],
)
def test_frames_of_any_dtype_are_put_together(dtype):
    batch = [(np.full((n + 1, 2, 3), n % 2, dtype), n) for n in range(3)]
    x, labels, lengths = ev.pad_collate(batch)
    assert labels.tolist() == [0, 1, 2] and lengths.tolist() == [1, 2, 3]
    for n, (frames, _) in enumerate(batch):
        assert np.array_equal(x[n, : n + 1].numpy().astype(float), frames.astype(float)) and not x[n, n + 1 :].any()


def test_mixed_dtypes_lose_nothing():
    x, _, _ = ev.pad_collate([(np.ones((2, 3), np.uint8), 0), (torch.full((1, 3), 0.5), 1), ([[1, 2, 3]], 2)])
    assert x[1, 0].tolist() == [0.5] * 3 and x[2, 0].tolist() == [1, 2, 3] and x.dtype == torch.float32


FRAMES = np.zeros((2, 3), np.float32)


@each_of(
    "labels",
    [[1, 2], [np.int64(1), np.uint8(2)], [torch.tensor(1), np.array(2)], [torch.tensor([1]), 2], [True, np.int16(2)]],
)
def test_class_numbers_are_int64_however_they_come(labels):
    found = ev.pad_collate([(FRAMES, label) for label in labels])[1]
    assert found.dtype == torch.int64 and found.tolist() == [1, 2]


@each_of(
    ("labels", "expected"),
    [
        ([0.7, 1.2], torch.tensor([0.7, 1.2])),  # cut to 0 and 1 before
        ([np.float64(0.7), 1], torch.tensor([0.7, 1.0], dtype=torch.float64)),
        ([[0, 1], [1, 0]], torch.tensor([[0, 1], [1, 0]])),
        ([torch.tensor([0.0, 1.0]), np.array([1.0, 0.0], np.float32)], torch.tensor([[0.0, 1.0], [1.0, 0.0]])),
        ([(1, 2), (3, 4)], torch.tensor([[1, 2], [3, 4]])),
    ],
)
def test_targets_stay_what_they_are(labels, expected):
    found = ev.pad_collate([(FRAMES, label) for label in labels])[1]
    assert found.dtype == expected.dtype and torch.equal(found, expected)


@each_of(
    ("batch", "message"),
    [
        ([(FRAMES, 1), (FRAMES[:, :2], 1)], r"the same but for T; item 1 has \[2, 2\], item 0 \[2, 3\]"),
        ([(np.float32(1), 1)], r"frames must be \[T, …\]"),
        ([(FRAMES, "cat")], r"the label of item 0 must be numbers"),
        ([(FRAMES, None)], r"the label of item 0 must be numbers"),
        ([(FRAMES, [1, 2]), (FRAMES, [1, 2, 3])], r"labels must have one shape; item 1 has \[3\], item 0 \[2\]"),
        ([(FRAMES, 1, 2)], r"pairs \(frames, label\), but item 0 is tuple of 3"),
        ([{"x": FRAMES}], r"pairs \(frames, label\), but item 0 is dict"),
        ([("ab", 1)], r"the frames of item 0 must be numbers"),
        ([([torch.ones(2), torch.ones(3)], 1)], r"the frames of item 0 must have one shape, got \[2\], \[3\]"),
    ],
)
def test_a_batch_that_does_not_go_together_is_refused(batch, message):
    with pytest.raises((TypeError, ValueError), match=message):
        ev.pad_collate(batch)


def test_a_loader_collates_numpy_frames():
    pairs = [(np.ones((n + 1, 2), np.uint8), np.int32(n)) for n in range(4)]
    (x, labels, lengths), _ = DataLoader(pairs, batch_size=2, collate_fn=data.pad_collate)
    assert x.shape == (2, 2, 2) and x.dtype == torch.uint8 and labels.tolist() == [0, 1] and lengths.tolist() == [1, 2]


def test_recordings_of_ones_own_come_from_lists():
    mine = Recordings([PLAIN] * 4, [0, 1, 0, 1], np.array([1, 1, 2, 2], np.uint8), ["a", "b"], H, W, "folder")
    assert mine.labels.dtype == mine.subjects.dtype == torch.int64
    for places in ((1, 3), range(1, 4, 2), np.array([False, True] * 2), [False, True] * 2, torch.tensor([1, 3])):
        assert mine[places].labels.tolist() == [1, 1]
    assert mine[torch.tensor(1)][1] == mine[np.uint8(1)][1] == 1 and len(mine[[]]) == 0
    for people in ([2], {2}, (2,), range(2, 3), np.array([2]), torch.tensor([2]), iter([2])):
        assert mine.split_by_subject(people)[1].subjects.tolist() == [2, 2]


@each_of(
    ("change", "message"),
    [
        ({"labels": [0.5]}, "labels must be a row of whole numbers"),
        ({"labels": [2]}, r"labels must lie in 0 … 1, got 2 … 2"),
        ({"labels": 1}, "labels must be a row"),
        ({"subjects": ["ann"]}, "subjects must be numbers"),
        ({"events": PLAIN}, r"events must be a list of recordings, got dict: write \[events\]"),
        ({"height": 2.5}, "height must be a whole number"),
    ],
)
def test_what_makes_no_recordings(change, message):
    good = {"events": [PLAIN], "labels": [0], "subjects": [1], "classes": ["a", "b"], "height": H, "width": W}
    with pytest.raises((TypeError, ValueError), match=message):
        Recordings(**(good | change), source="folder")


@each_of("size", [3, (3,), (3, 4, 2), (3.0, 4), "34", (0, 4), (7, 8), None])
def test_a_size_is_two_whole_numbers(size):
    with pytest.raises((TypeError, ValueError), match="size"):
        ev.resized(PLAIN, H, W, size)


@each_of("wrong", [1.5, [1.5], "a", None, [7]])
def test_places_are_whole_numbers(wrong):
    mine = Recordings([PLAIN] * 4, [0] * 4, [1] * 4, ["a"], H, W, "folder")
    with pytest.raises((TypeError, IndexError)):
        mine[wrong]


def test_images_come_from_arrays():
    images = Images(np.zeros((4, 1, 2, 2), np.float32), [0, 1, 0, 1], ("a", "b"), "folder")
    assert images.labels.dtype == torch.int64 and images.subset(2).labels.tolist() == [0, 1]
    with pytest.raises(ValueError, match="got 4 images and 3 labels"):
        Images(images.images, [0, 1, 0], ("a", "b"), "folder")
    assert data.columns(images.images.numpy()).shape == (2, 4, 2)
    assert data.time_first(np.zeros((3, 5, 2), np.uint16)).shape == (5, 3, 2)


def test_a_movie_comes_from_an_array():
    camera, movie = data.EventCamera(4, 5, noise=0), rng.random((6, 4, 5))
    plain = camera.record(torch.from_numpy(movie), 100)
    for other in (camera.record(movie, np.float32(100)), camera.record(list(movie), 100, np.int64(0))):
        assert all(np.array_equal(plain[key], other[key]) for key in ev.KEYS)
    for wrong in ((movie, 0), (movie, 10, 1.5), (movie + np.inf, 10), ("movie", 10)):
        with pytest.raises((TypeError, ValueError)):
            camera.record(*wrong)
