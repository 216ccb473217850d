"""Data sets made here: numbers as pictures, some of them damaged; and folders of small pictures to be told apart."""

from pathlib import Path

import torch
from PIL import Image
from torch.utils.data import Dataset


class Numbers(Dataset):
    """Sample k is a picture of k's, to which its transform adds noise; label k % 3."""

    def __init__(self, samples=23, damaged=(), odd=(), noise=True):
        self.targets = [k % 3 for k in range(samples)]
        self.damaged, self.odd, self.noise = damaged, odd, noise

    def __len__(self):
        return len(self.targets)

    def __getitem__(self, k):
        if k in self.damaged:
            raise OSError("image file is truncated")
        x = torch.full((1, 3, 5 if k in self.odd else 4), float(k))
        return x + self.noise * 0.1 * torch.rand(x.shape), self.targets[k]


def stripes(k, number, size=16):
    """A colour picture of class k: stripes in one of ten directions and widths, coloured and noisy."""
    g = torch.Generator().manual_seed(1000 * k + number)
    phase, (r, gr, b) = 6.3 * torch.rand((), generator=g), 0.5 + 0.5 * torch.rand(3, generator=g)
    y, x = torch.meshgrid(torch.arange(size) / size, torch.arange(size) / size, indexing="ij")
    angle = torch.tensor(0.314 * k)
    wave = torch.sin(6.28 * (2 + k % 3) * (x * angle.cos() + y * angle.sin()) + phase)
    picture = torch.stack([wave * r, wave * gr, wave * b], -1) + 0.1 * torch.randn(size, size, 3, generator=g)
    return Image.fromarray((127 + 110 * picture.clamp(-1, 1)).to(torch.uint8).numpy())


def folder(root, classes=10, train=20, val=6, parts=("train", "val"), size=16):
    """Write pictures in the layout of ImageNet: <part>/<class>/<number>.png."""
    for part, count in zip(parts, (train, *[val] * (len(parts) - 1)), strict=True):
        for k in range(classes):
            home = Path(root) / part / f"n{k:04d}"
            home.mkdir(parents=True, exist_ok=True)
            for number in range(count):
                stripes(k, number + 500 * parts.index(part), size).save(home / f"{number}.png")
    return Path(root)
