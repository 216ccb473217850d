"""What DirectionBench and GestureVotes compute in the page: the library's neurons, the network's votes, the clips."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from together import each_of
from torch import nn

from course_snn import functional, neuron
from course_snn.course.exercises.ch14.backwards import backwards
from course_snn.course.exercises.ch14.decide import decide
from course_snn.widget import DirectionBench, GestureVotes
from course_snn.widget.gestures import ORDERS, played

CLIPS = torch.poisson(torch.full((22, 20, 2, 4, 4), 0.8), generator=torch.manual_seed(0))


@pytest.fixture
def page(page_of):
    return page_of(GestureVotes)


def watching(**values):
    torch.manual_seed(1)
    net = nn.Sequential(nn.Flatten(), nn.Linear(32, 2), neuron.LIFNode(3.0)).double()
    net[1].weight.data *= 6
    return net, GestureVotes(net, CLIPS.double(), torch.arange(22) % 2, **values)


def test_votes_are_the_networks_in_every_order(page):
    net, made = watching(clip=5)
    for order in ORDERS:
        functional.reset_net(net)
        clip = played(CLIPS.double(), order)[5]
        votes = torch.stack([net(frame[None])[0] for frame in clip]).cumsum(0)
        assert page("tally", made.outputs[order][5]) == votes.tolist()
        assert votes[-1].max() > 2
    assert not torch.equal(made._out["forward"], made._out["backward"])


def test_backwards_is_what_the_exercise_asks_for(page):
    assert torch.equal(played(CLIPS, "backward")[3], backwards(CLIPS[3]))
    for order in ORDERS:
        shown = [page("shownFrame", t, order) for t in range(20)]
        assert sorted(item["frame"] for item in shown) == list(range(20))
        frames = torch.stack(
            [CLIPS[3, item["frame"]].flip(0) if item["swap"] else CLIPS[3, item["frame"]] for item in shown]
        )
        assert torch.equal(frames, played(CLIPS, order)[3])


@each_of("margin", [0.1, 1.0, 2.0, 3.5, 10.0])
def test_decisions_are_those_of_the_exercise(page, margin):
    _, made = watching(margin=margin)
    answers, frames = decide(made._out["forward"].transpose(0, 1), margin)
    for clip in range(22):
        found = page("decide", page("tally", made.outputs["forward"][clip]), margin)
        assert (found["answer"], found["frames"]) == (answers[clip], frames[clip])
        made.params = {"clip": clip}
        assert made.decision() == (frames[clip], answers[clip])
    whole = page("summary", made.outputs["forward"], made.labels, margin)
    assert whole["right"] == pytest.approx((answers == torch.arange(22) % 2).double().mean().item())
    assert whole["frames"] == pytest.approx(frames.double().mean().item())


def test_pictures_hold_the_counts():
    _, made = watching()
    pixels = np.frombuffer(made.pictures, np.uint8).reshape(22, 20, 4, 4)
    assert np.array_equal(pixels & 15, CLIPS[:, :, 0]) and np.array_equal(pixels >> 4, CLIPS[:, :, 1])


def test_large_frames_are_shown_small():
    clips = torch.zeros(22, 20, 2, 64, 64)
    clips[..., 5, 9] = 3
    made = GestureVotes(clips=clips)
    pixels = np.frombuffer(made.pictures, np.uint8).reshape(22, 20, 32, 32)
    assert made.size == [32, 32] and (pixels[:, :, 2, 4] == 3 + 16 * 3).all() and (pixels > 0).sum() == 440


def test_wrong_clips_are_named():
    with pytest.raises(ValueError, match=r"clips \[22, 20, 2, H, W\], got \[3, 20, 2, 4, 4\]"):
        GestureVotes(clips=torch.zeros(3, 20, 2, 4, 4))


@each_of("make", [torch.tensor, np.array, list, tuple, lambda numbers: torch.tensor(numbers, dtype=torch.uint8)])
def test_labels_and_clips_come_in_any_container(make):
    numbers = [n % 2 for n in range(22)]
    made = GestureVotes(clips=CLIPS.numpy().astype(np.uint8), labels=make(numbers), classes=("wave", "clap"))
    assert made.labels == numbers and made.classes == [["wave", "wave"], ["clap", "clap"]]
    assert made.pictures == GestureVotes(clips=CLIPS).pictures


@each_of(
    ("arguments", "kind", "said"),
    [
        ({"labels": [0.5] * 22}, TypeError, "labels must be a row of whole numbers"),
        ({"labels": 3}, TypeError, "labels must be a row"),
        ({"labels": [2] * 22}, ValueError, "labels must lie in 0 … 1"),
        ({"labels": [0, 1]}, ValueError, "a label for each of its 22 clips, got 2"),
        ({"classes": ()}, ValueError, "the name of one class at least"),
        ({"net": nn.Sequential(nn.Flatten(), nn.Linear(512, 3))}, ValueError, r"gives \[N, 2\] at each step"),
    ],
)
def test_odd_arguments_are_named(arguments, kind, said):
    with pytest.raises(kind, match=said):
        GestureVotes(**arguments)


def test_a_network_without_weights_votes():
    assert GestureVotes(nn.Sequential(nn.AdaptiveMaxPool3d((2, 1, 1)), nn.Flatten())).decision() == (20, 0)


@pytest.fixture
def ring(page_of):
    return page_of(DirectionBench)


@each_of("turn", ["cw", "ccw"])
@each_of(("period", "tau", "threshold"), [(24, 3.0, 1.4), (12, 1.0, 1.05), (37, 40.0, 2.0), (96, 7.5, 1.2)])
def test_the_ring_equals_the_library(ring, turn, period, tau, threshold):
    made = DirectionBench(turn=turn, period=period, tau=tau, threshold=threshold)
    page = ring("simulateRing", made.params)
    for name, spikes in made.run().items():
        assert page[name] == spikes.tolist(), name


def test_detectors_fire_for_their_direction_while_the_tail_fits_the_speed():
    def counts(**values):
        rows = DirectionBench(**values).run()
        return [int(rows[name].sum()) for name in ("pixels", "cw", "ccw")]

    assert counts(turn="cw", period=24) == [48, 47, 0] and counts(turn="ccw", period=24) == [48, 0, 47]
    assert counts(turn="cw", period=96)[1:] == [0, 0]  # 8 steps from pixel to pixel: the tail is (2/3)^8
    late = counts(turn="cw", period=24, tau=40.0)
    assert min(late[1:]) > 300  # tails that last for whole turns add up, and everybody fires


def test_the_bag_is_the_same_for_both_directions():
    bags = [DirectionBench(turn=turn).run()["pixels"].sum(0).tolist() for turn in ("cw", "ccw")]
    assert bags[0] == bags[1] == [4.0] * 12
