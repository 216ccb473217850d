"""The stand-in for CIFAR-10: the same every time, told by form and not by colour, unharmed by augmentation."""

import torch
from torch.nn import functional as F

from course_snn.data import textures


def test_the_same_every_time_and_another_with_another_seed():
    (x, labels), (x_test, labels_test) = textures.textures()
    assert (x.dtype, list(x.shape), list(x_test.shape)) == (torch.uint8, [2000, 3, 32, 32], [500, 3, 32, 32])
    assert labels.bincount().tolist() == [200] * 10 and labels_test.bincount().tolist() == [50] * 10
    assert len(textures.classes()) == len(textures.KINDS) == 10
    textures.textures.cache_clear()
    (again, _), _ = textures.textures()
    (other, _), _ = textures.textures(1)
    assert torch.equal(x, again) and not torch.equal(x, other)


def fitted(features):
    """Ridge regression on one-hot labels, in closed form: a linear classifier; returns pictures -> its accuracy."""
    (x, labels), (_, labels_test) = textures.textures()
    a = features(x / 255)
    mean, std = a.mean(0), a.std(0) + 1e-6
    a = (a - mean) / std
    weights = torch.linalg.solve(a.T @ a + 100 * torch.eye(a.shape[1]), a.T @ F.one_hot(labels, 10).float())
    return lambda x: ((features(x / 255) - mean) / std @ weights).argmax(1).eq(labels_test).float().mean().item()


def forms(x):
    """What a layer of small filters sees: in each of 9 fields, how much of an edge of each direction and width."""
    grey, angle, seen = x.mean(1, keepdim=True), torch.arange(8) * torch.pi / 8, []
    for size in (5, 9):
        down, right = torch.meshgrid(torch.arange(size) - size // 2, torch.arange(size) - size // 2, indexing="ij")
        along = right * angle.cos()[:, None, None] + down * angle.sin()[:, None, None]
        filters = along * torch.exp(-(right**2 + down**2) / (2 * (size / 4) ** 2))
        edges = F.conv2d(grey, filters[:, None], padding=size // 2).abs()
        seen += [F.adaptive_avg_pool2d(edges, 3).flatten(1), F.adaptive_max_pool2d(edges, 3).flatten(1)]
    return torch.cat(seen, 1).log1p()


def test_forms_tell_the_classes_apart_neither_pixels_nor_colours_do_and_augmentation_is_harmless():
    _, (x, _) = textures.textures()
    assert fitted(lambda x: x.flatten(1))(x) < 0.25
    assert fitted(lambda x: x.mean((2, 3)))(x) < 0.2
    accuracy = fitted(forms)
    plain = accuracy(x)
    assert plain > 0.7
    for changed in (x.flip(3), x.roll(2, 3), x.roll(-2, 2)):
        assert accuracy(changed) > plain - 0.05
