"""split: nothing lost, nothing twice, every class on both sides, the same for the same seed."""

import numpy as np
import pytest
import torch

from course_snn import data
from course_snn.data.holdout import halves

LABELS = torch.tensor([0] * 50 + [1] * 30 + [2] * 20)[torch.randperm(100, generator=torch.manual_seed(0))]
X = torch.arange(100.0)[:, None]


@pytest.mark.parametrize("part", [0.1, 0.25, 0.5, 0.9, 0.001, 0.999, 1 / 3])
def test_every_sample_is_on_one_side_and_classes_keep_their_shares(part):
    rest, kept = halves(LABELS, part)
    assert sorted([*rest.tolist(), *kept.tolist()]) == list(range(100))
    assert len(kept) == min(max(round(100 * part), 1), 99)
    assert rest.tolist() == sorted(rest.tolist()) and kept.tolist() == sorted(kept.tolist())
    for label in range(3):
        share = (label == LABELS).sum() * len(kept) / 100
        assert abs((LABELS[kept] == label).sum() - share) <= 1


def test_the_choice_is_by_seed():
    assert torch.equal(halves(LABELS, 0.2)[1], halves(LABELS, 0.2, 0)[1])
    assert not torch.equal(halves(LABELS, 0.2)[1], halves(LABELS, 0.2, 1)[1])
    order = torch.randperm(1000, generator=torch.manual_seed(1))
    in_order = torch.arange(1000) // 100  # sorted by class: the choice is no run of neighbours
    kept = halves(in_order, 0.1)[1]
    assert kept.diff().max() > 12 and kept.diff().min() < 8
    assert not torch.equal(halves(in_order[order], 0.1)[1], kept)


def test_the_same_samples_in_every_dress():
    rest, kept = halves(LABELS, 0.3, seed=4)
    for x, labels in [(X, LABELS), (X.numpy(), LABELS.numpy()), (X, LABELS.to(torch.uint8))]:
        for (here, theirs), places in zip(data.split((x, labels), 0.3, seed=4), (rest, kept), strict=True):
            assert type(here) is type(x) and np.array_equal(here[:, 0], places)
            assert type(theirs) is type(labels) and np.array_equal(theirs, LABELS[places])


def test_images_and_frames_stay_what_they_are():
    images = data.Images(X.reshape(100, 1, 1, 1), LABELS, ("a", "b", "c"), "folder")
    rest, kept = data.split(images)
    assert (len(rest), len(kept)) == (90, 10) and kept.classes == images.classes and kept.source == "folder"
    assert torch.equal(kept.images[:, 0, 0, 0].long(), halves(LABELS, 0.1)[1])
    frames = data.Frames(X.reshape(100, 1, 1, 1, 1), LABELS, LABELS + 1, ("a", "b", "c"), "synthetic")
    _, kept = data.split(frames, 0.2)
    assert torch.equal(kept.lengths, kept.labels + 1) and len(kept) == 20


def test_errors():
    with pytest.raises(ValueError, match=r"less than 1, got 10: a tenth is 0\.1"):
        data.split((X, LABELS), 10)
    with pytest.raises(ValueError, match="greater than 0"):
        data.split((X, LABELS), 0.0)
    with pytest.raises(ValueError, match="of 1 sample none can be kept back"):
        data.split((X[:1], LABELS[:1]))
    with pytest.raises(ValueError, match="100 inputs and 9 labels"):
        data.split((X, LABELS[:9]))
    with pytest.raises(TypeError, match=r"got Tensor; recordings of people are split by recordings\.split_by_subject"):
        data.split(X)
