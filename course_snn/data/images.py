"""Labelled images in memory, and a still image as a sequence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from course_snn.arguments import whole
from course_snn.data import given
from course_snn.language import Label


@dataclass(frozen=True, eq=False)
class Images:
    """Labelled images, wholly in memory: ``images[n]`` is a picture of ``classes[labels[n]]``.

    Args:
        images: [N, 1, 28, 28] in grey, [N, 3, 32, 32] in colour: red, green, blue; float32 in [0, 1].
        labels: [N], int64.
        classes: names of the classes, each in both languages.
        source: "folder" (found there), "download" (just fetched) or "stand-in" (the offline substitute).
    """

    images: torch.Tensor
    labels: torch.Tensor
    classes: tuple[Label, ...]
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "images", given.tensor("images", self.images))
        object.__setattr__(self, "labels", given.integers("labels", self.labels))
        if len(self.images) != len(self.labels):
            raise ValueError(f"each image needs a label: got {len(self.images)} images and {len(self.labels)} labels.")

    @property
    def stand_in(self) -> bool:
        """Whether this is the offline substitute, not the set itself."""
        return self.source == "stand-in"

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        shape = list(self.images.shape[1:])
        return f"Images({len(self)} × {shape}, {len(self.classes)} classes, {self.source}, {self.images.device})"

    def subset(self, n: int, seed: int = 0) -> Images:
        """Return ``n`` images chosen at random, the classes in the same proportions as here.

        The classes are evenly mixed. A larger subset of the same seed begins with the smaller.

        Args:
            n: how many images, 1 … len(self).
            seed: seed of the choice.

        Raises:
            ValueError: there are fewer than ``n`` images.
        """
        if whole("n", n, at_least=1) > len(self):
            raise ValueError(f"subset({n}) asks for more images than there are; at most {len(self)}.")
        seed = whole("seed", seed, at_least=0)
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
        labels = self.labels.cpu()[order]
        count = labels.bincount()
        by_class = labels.argsort(stable=True)
        within = torch.empty(len(self))  # how far into its class each image comes, 0 … 1
        within[by_class] = torch.cat([(torch.arange(size) + 0.5) / size for size in count.tolist()])
        chosen = order[within.argsort(stable=True)[:n]].to(self.labels.device)
        return replace(self, images=self.images[chosen], labels=self.labels[chosen])

    def to(self, device: torch.device | str) -> Images:
        """Return the same images on another device.

        Args:
            device: "cpu", "cuda", ….
        """
        return replace(self, images=self.images.to(device), labels=self.labels.to(device))


def columns(images: torch.Tensor) -> torch.Tensor:
    """Read images column by column, from left to right: step t of the sequence is column t.

    Args:
        images: [N, 1, H, W] or [N, H, W].

    Shapes:
        [N, 1, 28, 28] → [T = 28, N, 28], time first.

    Raises:
        ValueError: another shape, or more than one channel.

    Source: Sequential Fashion-MNIST as in SpikingJelly's example of recurrent networks (2021).
    """
    images = given.tensor("images", images)
    if images.ndim == 4 and images.shape[1] == 1:
        images = images.squeeze(1)
    if images.ndim != 3:
        raise ValueError(
            f"columns reads grey images [N, 1, H, W] or [N, H, W], got {list(images.shape)}; "
            "for one image write columns(image[None])."
        )
    return images.permute(2, 0, 1).contiguous()
