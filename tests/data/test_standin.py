"""The stand-ins: real digits at MNIST's size, drawn garments that can be learnt but not too easily."""

import gzip
from types import SimpleNamespace

import pytest
import torch
from sklearn.datasets import load_digits
from together import each_of

from course_snn.data import garments, standin
from course_snn.data.files import DataError
from course_snn.language import speaking


def linear_accuracy(train, test):
    """Ridge regression on the pixels, in closed form."""
    (x, y), (u, v) = train, test
    x, u = (torch.nn.functional.pad(a.flatten(1).double() / 255, (0, 1), value=1.0) for a in (x, u))
    eye = torch.eye(x.shape[1], dtype=torch.double)
    w = torch.linalg.solve(x.T @ x + 30 * eye, x.T @ torch.eye(10, dtype=torch.double)[y])
    return ((u @ w).argmax(1) == v).double().mean().item()


def test_the_digits_are_scikit_learns():
    (images, labels), (more, others) = standin.digits()
    assert images.dtype == more.dtype == torch.uint8 and (len(images), len(more)) == (1437, 360)
    theirs = load_digits()
    assert torch.equal(torch.cat([labels, others]).bincount(), torch.tensor(theirs.target).bincount())
    assert others.bincount().min() >= 34  # a fifth of each class
    test = torch.zeros(1797, dtype=torch.bool)
    test[torch.tensor(theirs.target).argsort(stable=True)[::5]] = True
    small = torch.tensor(theirs.images).float()[test]
    drawn = more.float()
    ink = torch.corrcoef(torch.stack([small.sum((1, 2)), drawn.sum((1, 2))]))[0, 1]
    assert ink > 0.9  # picture by picture, as dark as the original


def test_the_digits_lie_in_the_middle_as_mnists():
    images = standin.digits()[0][0].float()
    place = torch.arange(28.0)
    for axis in (1, 2):
        centre = images.sum(3 - axis) @ place / images.sum((1, 2))
        assert (centre - 13.5).abs().max() < 1.5 and (centre - 13.5).abs().mean() < 0.5
    assert abs(images.mean() / 255 - 0.131) < 0.03 and abs(images.std() / 255 - 0.308) < 0.03  # MNIST's own


def test_the_garments_are_the_same_every_time_and_balanced():
    (images, labels), (more, others) = garments.garments()
    assert images.shape == (2000, 28, 28) and more.shape == (500, 28, 28) and images.dtype == torch.uint8
    assert labels.bincount().tolist() == [200] * 10 and others.bincount().tolist() == [50] * 10
    garments.garments.cache_clear()
    torch.manual_seed(5)
    assert torch.equal(garments.garments()[0][0], images)
    assert not torch.equal(garments.garments(1)[0][0], images)


def test_no_garment_is_empty_or_seen_twice():
    (images, _), (more, _) = garments.garments()
    every = torch.cat([images, more]).flatten(1)
    assert every.float().mean(1).min() > 5
    assert len(every.unique(dim=0)) == len(every)


def test_they_can_be_learnt_but_not_by_heart():
    assert 0.90 < linear_accuracy(*standin.digits()) < 0.98
    assert 0.75 < linear_accuracy(*garments.garments()) < 0.92


def test_shirts_are_the_hardest_as_in_fashion_mnist():
    (images, labels), _ = garments.garments()
    means = torch.stack([images[labels == kind].float().mean(0).flatten() for kind in range(10)])
    distance = torch.cdist(means, means) + 1e9 * torch.eye(10)
    assert distance[6].argmin().item() in (2, 4)  # a shirt looks most like a pullover or a coat
    assert distance.min() == distance[[2, 4, 6]][:, [2, 4, 6]].min()


@each_of("content", [None, b"", b"no gzip", gzip.compress(b"1,2\n"), gzip.compress(b"a,b\n"), gzip.compress(b"x")[:9]])
def test_digits_that_cannot_be_read_are_an_error_that_says_how_to_get_them(tmp_path, monkeypatch, content):
    path = tmp_path / "datasets" / "data" / "digits.csv.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(standin, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / "__init__.py")))
    with speaking("en"), pytest.raises(DataError, match=r"missing or damaged .* run: uv sync"):
        standin.small_digits()
