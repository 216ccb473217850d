"""Sets of pictures for ``large.Trainer``: a folder, CIFAR-10, sets that torchvision knows; and their transforms."""

from __future__ import annotations

import inspect
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.utils.data import Dataset
from torchvision import datasets
from torchvision.transforms import v2

from course_snn import data
from course_snn.data import holdout
from course_snn.spelling import meant
from course_snn.training.stream import labels_of

KNOWN: dict[str, str] = {
    name.lower(): name for name in ("CIFAR10", "CIFAR100", "MNIST", "FashionMNIST", "KMNIST", "SVHN", "STL10")
}
SIZE = {"stl10": 96}  # of those that are not 32
UPRIGHT = ("mnist", "kmnist", "svhn")  # a mirrored digit is none
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, as torchvision's recipes
PARTS = {"train": ("train", "training"), "val": ("val", "valid", "validation"), "test": ("test", "testing")}
TENTH = 0.1
AUGMENT = {"ta_wide": v2.TrivialAugmentWide, "ra": v2.RandAugment, "augmix": v2.AugMix}

Datasets = tuple[Dataset, Dataset | None, Dataset | None]  # to learn from, to choose by, to test on


class Raw(NamedTuple):
    """Pictures before any transform.

    Args:
        train: to learn from.
        val: for validation, where the set has them. test: for the test, where it has them.
    """

    train: Any
    val: Any
    test: Any


class View(Dataset):
    """Some pictures of a set under a transform, so that two views of one set can differ in it.

    Args:
        pictures: gives (picture, label) by number; a PIL image or a tensor [C, H, W].
        transform: of a picture.
        only: numbers of those that are seen; None: all.
    """

    def __init__(self, pictures: Any, transform: Callable, only: Sequence[int] | None = None) -> None:
        self.pictures, self.transform = pictures, transform
        self.only = range(len(pictures)) if only is None else [int(number) for number in only]
        labels = labels_of(pictures)
        self.targets = [] if labels is None else labels[torch.as_tensor(list(self.only))]
        self.classes = getattr(pictures, "classes", None)
        files = getattr(pictures, "samples", None)
        self.samples = None if files is None else _Files(files, self.only)

    def __len__(self) -> int:
        return len(self.only)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        picture, label = self.pictures[self.only[index]]
        return self.transform(picture), label


class _Files:
    def __init__(self, files: Any, only: Sequence[int]) -> None:
        self.files, self.only = files, only

    def __getitem__(self, number: int) -> Any:
        return self.files[self.only[number]]


class InMemory(Dataset):
    """Labelled images of ``course_snn.data`` as a set of pictures, a byte for each value.

    Args:
        images: such as ``data.cifar10()`` gives.
    """

    def __init__(self, images: Any) -> None:
        self.images = (images.images * 255).round().to(torch.uint8)
        self.targets, self.classes = images.labels, [str(name) for name in images.classes]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.images[index], int(self.targets[index])


def settle(args: Namespace) -> None:
    """Fill in what depends on the data: sizes, the first layer, flips.

    Raises:
        ValueError: neither a folder nor a set that is known.
    """
    name = str(args.data).lower()
    if args.data is None or not (name in KNOWN or Path(args.data).expanduser().is_dir()):
        listed = ", ".join(KNOWN)
        near = meant(name, KNOWN) if args.data else ""
        raise ValueError(
            f"--data {args.data!r} is neither a folder nor a known set.{near} Give the path of a folder that holds "
            f"train/ and val/ or test/, in each a folder of pictures for each class; or one of {listed}."
        )
    small = SIZE.get(name, 32) if name in KNOWN and not Path(args.data).is_dir() else None
    fill = {"train_crop_size": small or 176, "val_resize_size": small or 232, "val_crop_size": small or 224}
    if args.train_crop_size and small is None and args.val_crop_size is None:
        fill |= {"val_crop_size": args.train_crop_size, "val_resize_size": round(args.train_crop_size * 8 / 7)}
    flip = {"hflip_prob": 0.0 if name in UPRIGHT else 0.5}
    for option, value in {**fill, **flip}.items():
        if getattr(args, option) is None:
            setattr(args, option, value)
    if args.stem is None:
        args.stem = "cifar" if args.train_crop_size <= 64 else "imagenet"


def is_folder(args: Namespace) -> bool:
    """Whether the data is a folder, not the name of a set."""
    return Path(args.data).expanduser().is_dir()


def folder(args: Namespace) -> Raw:
    """Open a folder in ImageNet's layout.

    Raises:
        ValueError: no train/, or neither val/ nor test/ where one of them is asked for.
    """
    root = Path(args.data).expanduser()
    found = {
        part: next((root / name for name in names if (root / name).is_dir()), None) for part, names in PARTS.items()
    }
    if found["train"] is None:
        inside = ", ".join(sorted(path.name for path in root.iterdir() if path.is_dir())[:6]) or "no folder"
        raise ValueError(f"{root} holds no folder train/, but {inside}. Put train/ and val/ or test/ there.")
    train = data.image_folder(found["train"], replace=False)  # Loaded leaves out what is damaged
    others = [
        path and data.image_folder(path, classes=train.classes, replace=False) for path in (found["val"], found["test"])
    ]
    return Raw(train, *others)


def cifar10() -> Raw:
    """Return CIFAR-10 of ``course_snn.data``."""
    train, test = map(InMemory, data.cifar10())
    return Raw(train, None, test)


def known(name: str) -> Raw:
    """Return a set that torchvision knows, fetched if it is not in the data folder."""
    kind, root = getattr(datasets, KNOWN[str(name).lower()]), data.folder()
    by_split = "split" in inspect.signature(kind).parameters

    def part(train: bool) -> Any:
        which: dict[str, Any] = {"split": "train" if train else "test"} if by_split else {"train": train}
        try:
            return kind(root, **which, download=False)
        except RuntimeError:
            return kind(root, **which, download=True)

    return Raw(part(True), None, part(False))


def apart(raw: Raw, validation: Any, seen: Callable, tested: Callable) -> Datasets:
    """Return (train, validation, test), each under its transform.

    Args:
        raw: the pictures.
        validation: "auto": val/ if there is test/ too, else a tenth of train; "none"; a part of train; "val", "test".
        seen, tested: transforms for learning, and for the others.

    Raises:
        ValueError: a validation that cannot be had.
    """
    test = raw.test if raw.test is not None else raw.val
    if validation == "auto":
        validation = "val" if raw.test is not None and raw.val is not None else TENTH
    if validation in ("val", "test"):
        chosen = raw.val if validation == "val" else raw.test
        if chosen is None:
            raise ValueError(f"--validation {validation}: the data has no {validation}/. A part of train is 0.1.")
        test = None if test is chosen else test
        return View(raw.train, seen), View(chosen, tested), test and View(test, tested)
    part = _part(validation)
    rest, kept = (None, None) if part == 0 else holdout.halves(torch.as_tensor(raw.train.targets), part)
    back = None if kept is None else View(raw.train, tested, kept.tolist())
    return View(raw.train, seen, None if rest is None else rest.tolist()), back, test and View(test, tested)


def _part(validation: Any) -> float:
    try:
        return 0.0 if validation in ("none", None) else float(validation)
    except ValueError:
        names = ("auto", "none", "val", "test")
        raise ValueError(
            f"--validation {validation!r}.{meant(validation, names)} It is one of {', '.join(names)}, or a part of "
            "train such as 0.1."
        ) from None


def train_transform(args: Namespace) -> v2.Transform:
    """Return what happens to a picture before it is learnt from: crop, flip, augment, numbers."""
    size = args.train_crop_size
    if is_folder(args):
        crop: list = [v2.RandomResizedCrop(size, scale=(args.min_scale, 1.0), antialias=True)]
    else:
        crop = [v2.Resize(size, antialias=True), v2.RandomCrop(size, padding=size // 8)]
    steps = [v2.RGB(), *crop]
    if args.hflip_prob > 0:
        steps.append(v2.RandomHorizontalFlip(args.hflip_prob))
    if args.auto_augment != "none":
        steps.append(AUGMENT[args.auto_augment]())
    steps += numbers()
    if args.random_erase > 0:
        steps.append(v2.RandomErasing(args.random_erase))
    return v2.Compose(steps)


def test_transform(args: Namespace) -> v2.Transform:
    """Return what happens to a picture before a test."""
    sizes = v2.Resize(args.val_resize_size, antialias=True), v2.CenterCrop(args.val_crop_size)
    return v2.Compose([v2.RGB(), *sizes, *numbers()])


def numbers() -> list:
    """Return the end of every transform: float32, mean 0 and standard deviation 1 over ImageNet."""
    return [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]


def mix(args: Namespace, classes: int) -> Callable | None:
    """Return what mixes the pictures of a batch, with labels that say in which parts; None for nothing.

    Source: Zhang et al. 2018, ICLR (MixUp); Yun et al. 2019, ICCV (CutMix).
    """
    kinds = ((v2.MixUp, args.mixup_alpha), (v2.CutMix, args.cutmix_alpha))
    ways = [kind(alpha=alpha, num_classes=classes) for kind, alpha in kinds if alpha > 0]
    return None if not ways else ways[0] if len(ways) == 1 else v2.RandomChoice(ways)
