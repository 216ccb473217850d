"""Events into frames: loops, SpikingJelly where it is right, sums where it is not, and every refusal."""

import numpy as np
import pytest
import torch
from spikingjelly.datasets import utils as sj
from together import each_of

from course_snn.data import events as ev

H, W = 7, 5


def events(t, seed=0, height=H, width=W):
    rng = np.random.default_rng(seed)
    n = len(t)
    x, y, p = rng.integers(0, width, n), rng.integers(0, height, n), rng.integers(0, 2, n)
    return {"t": np.asarray(t, dtype=np.int64), "x": x, "y": y, "p": p}


def random_events(seed):
    rng = np.random.default_rng(seed)
    return events(np.sort(rng.integers(1000, 1000 + int(rng.integers(50, 3000)), int(rng.integers(1, 400)))), seed)


def by_loop(stream, bins, frames):
    counts = torch.zeros(frames, 2, H, W)
    for n, b in enumerate(bins):
        counts[b, int(stream["p"][n]), int(stream["y"][n]), int(stream["x"][n])] += 1
    return counts


@each_of("seed", range(8))
@each_of("T", [1, 3, 20])
def test_by_number(seed, T):
    stream = random_events(seed)
    n = len(stream["t"])
    bins = [min(i // (n // T), T - 1) if n >= T else T - 1 for i in range(n)]
    frames = ev.frames_by_number(stream, T, H, W)
    assert frames.dtype == torch.float32 and torch.equal(frames, by_loop(stream, bins, T))
    assert np.array_equal(frames, sj.integrate_events_by_fixed_frames_number(stream, "number", T, H, W))


@each_of(("n", "T", "counts"), [(10, 3, [3, 3, 4]), (2, 4, [0, 0, 0, 2]), (1, 1, [1]), (4, 4, [1] * 4)])
def test_how_many_by_number(n, T, counts):
    assert ev.frames_by_number(events(range(n)), T, H, W).sum((1, 2, 3)).tolist() == counts


@each_of("seed", range(8))
@each_of("T", [1, 3, 7])
def test_by_time(seed, T):
    stream = random_events(seed)
    t = (stream["t"] - stream["t"][0]).tolist()
    width = max(1, t[-1] // T)
    frames = ev.frames_by_time(stream, T, H, W)
    assert torch.equal(frames, by_loop(stream, [min(s // width, T - 1) for s in t], T))
    if all(any(min(s // width, T) == j for s in t) for j in range(T)) and t[-1] >= T:  # else: SpikingJelly's IndexError
        assert np.array_equal(frames, sj.integrate_events_by_fixed_frames_number(stream, "time", T, H, W))


def test_by_time_with_an_empty_frame():
    stream = events([0, 1, 90, 99])
    with pytest.raises(IndexError):
        sj.integrate_events_by_fixed_frames_number(stream, "time", 3, H, W)
    assert ev.frames_by_time(stream, 3, H, W).sum((1, 2, 3)).tolist() == [2, 0, 2]


@each_of("seed", range(8))
@each_of("duration", [1, 10, 333, 10000])
def test_by_duration(seed, duration):
    stream = random_events(seed)
    t = (stream["t"] - stream["t"][0]).tolist()
    frames = ev.frames_by_duration(stream, duration, H, W)
    T = max(1, int(np.ceil(t[-1] / duration)))
    assert torch.equal(frames, by_loop(stream, [min(s // duration, T - 1) for s in t], T))
    if t[-1]:
        assert np.array_equal(frames, sj.integrate_events_by_fixed_duration(stream, duration, H, W))


@each_of(
    ("t", "duration", "counts"),
    [
        ([0, 1, 2, 5, 9, 10], 5, [3, 3]),
        ([0, 1, 2, 5, 9, 10], 10, [6]),
        ([0, 20], 10, [1, 1]),
        ([0, 5, 25], 10, [2, 0, 1]),  # an empty frame in the middle
        ([7], 10, [1]),  # SpikingJelly: IndexError
        ([7, 7, 7], 1, [3]),  # the same
    ],
)
def test_how_many_by_duration(t, duration, counts):
    assert ev.frames_by_duration(events(t), duration, H, W).sum((1, 2, 3)).tolist() == counts


def test_channels_rows_and_columns():
    one = {"t": [5], "x": [3], "y": [6], "p": [True]}
    for frames in (
        ev.frames_by_number(one, 1, H, W),
        ev.frames_by_time(one, 1, H, W),
        ev.frames_by_duration(one, 1, H, W),
    ):
        assert frames.sum() == 1 and frames[0, 1, 6, 3] == 1


def test_any_kind_of_number():
    stream = random_events(3)
    frames = ev.frames_by_number(stream, 4, H, W)
    for kind in (np.uint8, np.uint32, np.uint64, np.int16):
        other = stream | {key: stream[key].astype(kind) for key in "xyp"} | {"t": stream["t"].astype(np.uint64)}
        assert torch.equal(ev.frames_by_number(other, 4, H, W), frames)
    tensors = {key: torch.from_numpy(array) for key, array in stream.items()}
    assert torch.equal(ev.frames_by_number(tensors, 4, H, W), frames)


def test_frames_may_be_any():
    stream = random_events(1)
    bins = np.random.default_rng(0).integers(0, 6, len(stream["t"]))
    assert torch.equal(ev.integrate(stream, bins, 6, H, W), by_loop(stream, bins, 6))


@each_of(
    ("change", "message"),
    [
        ({"x": np.array([0, 1, W])}, rf"x must lie in 0 … {W - 1} on a sensor of {W} columns, got 0 … {W}"),
        ({"y": np.array([0, -1, 2])}, rf"y must lie in 0 … {H - 1} on a sensor of {H} rows, got -1 … 2"),
        ({"p": np.array([-1, 1, 1])}, r"p must be 1 \(ON\) or 0 \(OFF\), got -1 … 1.*p > 0"),
        ({"t": np.array([3, 9, 8])}, r"event 2 comes at 8 µs, after 9 µs.*data\.by_time"),
        ({"t": np.array([0.0, 0.1, 0.2])}, r"whole numbers \(t in microseconds\); t is float64"),
        ({"t": np.array([1, 2])}, r"must have one length, got \[\[2\], \[3\], \[3\], \[3\]\]"),
        ({key: np.array([], int) for key in ev.KEYS}, r"there are no events"),
    ],
)
@each_of("make", [ev.frames_by_number, ev.frames_by_time, ev.frames_by_duration])
def test_what_is_refused(make, change, message):
    with pytest.raises(ValueError, match=message):
        make(events([0, 1, 2]) | change, 2, H, W)


def test_a_missing_key():
    with pytest.raises(ValueError, match=r"events need t, x, y, p; p is missing"):
        ev.frames_by_number({"t": [0], "x": [0], "y": [0]}, 1, H, W)


@each_of("make", [ev.frames_by_number, ev.frames_by_time, ev.frames_by_duration])
@each_of("much", [0, -1, 1.5])
def test_how_many_must_be_a_whole_number(make, much):
    with pytest.raises((ValueError, TypeError)):
        make(events([0, 1]), much, H, W)


def test_frames_that_no_memory_holds():
    with pytest.raises(ValueError, match=r"6000000 frames of 2 × 128 × 128 would need 732 GiB.*longer duration"):
        ev.frames_by_duration(events([0, 6_000_000]), 1, 128, 128)


@each_of("bins", [[0, 1, 2], [0, -1, 0], [0, 0], [0.0, 1.0, 1.0]])
def test_bins_must_be_frames(bins):
    with pytest.raises(ValueError, match="bins must"):
        ev.integrate(events([0, 1, 2]), np.array(bins), 2, H, W)


def test_sorting_by_time_keeps_the_order_of_the_same_time():
    stream = {"t": np.array([5, 3, 5, 3]), "x": np.arange(4), "y": np.zeros(4, int), "p": np.zeros(4, int)}
    assert ev.by_time(stream)["x"].tolist() == [1, 3, 0, 2]
    assert stream["x"].tolist() == [0, 1, 2, 3]


def test_a_coarser_sensor_sums_blocks_of_pixels():
    stream = events(range(500), height=12, width=8)
    fine = ev.frames_by_number(stream, 5, 12, 8)
    coarse = ev.frames_by_number(ev.resized(stream, 12, 8, (4, 4)), 5, 4, 4)
    assert torch.equal(coarse, torch.nn.functional.avg_pool2d(fine, (3, 2)) * 6)
    with pytest.raises(ValueError, match=r"sensor's 12 × 8, got 24 × 8"):
        ev.resized(stream, 12, 8, (24, 8))


def test_padding_and_mask():
    lengths = [6, 6, 5, 5, 7]
    batch = [(torch.full((T, 2, H, W), float(n)), n + 1) for n, T in enumerate(lengths)]
    x, labels, found = ev.pad_collate(batch)
    for ours, theirs in zip((x, labels, found), sj.pad_sequence_collate(batch), strict=True):
        assert torch.equal(ours, theirs)
    mask = ev.padded_mask(found)
    assert mask.shape == (7, 5) and mask.dtype == torch.bool
    rows = ["".join(str(int(bit)) for bit in row) for row in mask.T]
    assert rows == ["1111110", "1111110", "1111100", "1111100", "1111111"]
    assert torch.equal(ev.padded_mask(found, 9), sj.padded_sequence_mask(found, 9))
    assert (x.transpose(0, 1)[~mask] == 0).all()
    for n, (frames, _) in enumerate(batch):  # what went in comes out again
        assert torch.equal(x[n, mask[:, n]], frames)


def test_what_cannot_be_padded():
    with pytest.raises(ValueError, match="batch is empty"):
        ev.pad_collate([])
    with pytest.raises(ValueError, match="7 steps does not fit into T = 6"):
        ev.padded_mask(torch.tensor([3, 7]), 6)


@each_of("n", [1, 5, 10])
def test_real_recordings(n, real_data):
    stream = sj.load_ATIS_bin(real_data / "dvs_samples" / f"{n}.bs2")
    for ours, theirs in (
        (
            ev.frames_by_number(stream, 20, 128, 128),
            sj.integrate_events_by_fixed_frames_number(stream, "number", 20, 128, 128),
        ),
        (
            ev.frames_by_time(stream, 20, 128, 128),
            sj.integrate_events_by_fixed_frames_number(stream, "time", 20, 128, 128),
        ),
        (
            ev.frames_by_duration(stream, 70_000, 128, 128),
            sj.integrate_events_by_fixed_duration(stream, 70_000, 128, 128),
        ),
    ):
        assert np.array_equal(ours, theirs) and ours.sum() == len(stream["t"])
