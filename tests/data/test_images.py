"""Images in memory: subsets that keep the proportions, columns as steps."""

import pytest
import torch

from course_snn.data import Images, columns
from course_snn.language import tr


@pytest.fixture
def images():
    labels = torch.tensor([0] * 60 + [1] * 30 + [2] * 10)
    pixels = torch.arange(100.0).reshape(-1, 1, 1, 1).expand(100, 1, 4, 4)
    return Images(pixels, labels, tuple(tr(name, name) for name in "abc"), "folder")


@pytest.mark.parametrize("n", [1, 10, 50, 99, 100])
def test_a_subset_keeps_the_proportions(images, n):
    part = images.subset(n)
    assert len(part) == n and part.images.shape == (n, 1, 4, 4)
    counts = part.labels.bincount(minlength=3)
    assert ((counts - torch.tensor([0.6, 0.3, 0.1]) * n).abs() <= 1).all()
    numbers = part.images[:, 0, 0, 0].long()
    assert len(numbers.unique()) == n
    assert torch.equal(images.labels[numbers], part.labels)


def test_a_subset_depends_on_its_seed_alone(images):
    torch.manual_seed(1)
    first = images.subset(20)
    torch.manual_seed(2)
    assert torch.equal(first.images, images.subset(20).images)
    assert not torch.equal(first.images, images.subset(20, seed=1).images)


def test_the_order_of_a_subset_is_mixed(images):
    labels = images.subset(100).labels
    assert not torch.equal(labels, labels.sort().values)


def test_a_larger_subset_begins_with_the_smaller(images):
    assert torch.equal(images.subset(40).images[:10], images.subset(10).images)


@pytest.mark.parametrize("n", [0, 101])
def test_a_subset_must_fit(images, n):
    with pytest.raises(ValueError, match=r"at most 100|at least 1"):
        images.subset(n)


def test_it_cannot_be_rebound_and_says_what_it_is(images):
    with pytest.raises(AttributeError):
        images.labels = None
    assert repr(images) == "Images(100 × [1, 4, 4], 3 classes, folder, cpu)"


def test_to_another_device(images):
    moved = images.to("meta")
    assert moved.images.device.type == moved.labels.device.type == "meta" and moved.source == "folder"


def test_step_t_is_column_t():
    x = torch.rand(5, 1, 28, 20)
    steps = columns(x)
    assert steps.shape == (20, 5, 28) and steps.is_contiguous()
    for t in (0, 7, 19):
        assert torch.equal(steps[t], x[:, 0, :, t])
    assert torch.equal(columns(x[:, 0]), steps)
    assert torch.equal(steps, x.squeeze(1).permute(2, 0, 1))  # SpikingJelly's example


@pytest.mark.parametrize("shape", [(5, 3, 28, 28), (28, 28), (2, 5, 1, 28, 28)])
def test_columns_of_something_else(shape):
    with pytest.raises(ValueError, match=r"N, 1, H, W"):
        columns(torch.zeros(shape))
