"""Batches of a torch Dataset through a DataLoader: the same ones, whether the run was stopped in between or not."""

from __future__ import annotations

import contextlib
import random
import struct
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL.Image import DecompressionBombError
from torch.utils.data import DataLoader, Dataset, Subset, default_collate

from course_snn.arguments import whole
from course_snn.training.description import Description
from course_snn.training.source import Batch, Part, Source
from course_snn.training.team import ALONE, Team
from course_snn.training.text import numbers

DAMAGED = (OSError, EOFError, SyntaxError, ValueError, RuntimeError, zlib.error, struct.error, DecompressionBombError)
TRIES = 100  # samples that are tried in place of a batch of which none can be read


class Plan(NamedTuple):
    """One batch to be fetched.

    Args:
        samples: numbers of those of this process. seed: of the epoch.
        weight, whole: as in ``Part``.
    """

    samples: list[int]
    seed: int
    weight: float
    whole: int


class Loaded(Source):
    """Batches of a torch Dataset, for data that does not fit into memory, or is augmented picture by picture.

        train = training.Loaded(torchvision.datasets.ImageFolder("train", transform), batch_size=64, workers=2)
        training.fit(net, train, T=4, epochs=10, validation=training.Loaded(kept, 200))

    What is random in a transform depends on the seed of the epoch and the number of the sample alone: a resumed run,
    more workers or more processes see the same pictures. A sample that cannot be read (a damaged file), or whose shape
    is another than that of most of its batch, is left out with a warning that names it; ``damaged`` keeps them.

    Args:
        dataset: gives (x, label) for a number 0 … len - 1; x a tensor of the same shape for all.
        batch_size: samples in one step, of all processes of a team together; the last batch may have fewer.
        workers: processes that load; 0: this one. They stay from epoch to epoch and end with the run. What they are
            given must be picklable: no lambda, no class of a notebook's cell, where processes are started by spawn
            (Windows, macOS).
        mix: function (x, labels) of a whole batch, such as v2.MixUp(num_classes=…); it may give soft labels [N, C].
        device: where the batches are put; ``fit`` and ``evaluate`` say it.
        name: what an error calls it; ``fit`` and ``evaluate`` say it.

    Raises:
        TypeError, ValueError: not a data set that can be counted, or an empty one.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int,
        *,
        workers: int = 0,
        mix: Callable | None = None,
        device: torch.device | str = "cpu",
        name: str = "data",
    ) -> None:
        if not (hasattr(dataset, "__getitem__") and hasattr(dataset, "__len__")):
            raise TypeError(f"a data set needs a length and its samples by number, got {type(dataset).__name__}.")
        if not len(dataset):
            raise ValueError(f"the data set {type(dataset).__name__} holds no sample.")
        self.dataset, self.batch_size = dataset, whole("batch_size", batch_size, at_least=1)
        self.workers, self.mix = whole("workers", workers, at_least=0), mix
        self.damaged: dict[int, str] = {}
        self._labels = labels_of(dataset)
        self._highest = -1 if self._labels is None else int(self._labels.max())
        self._plans, self._loader = _Plans(), None
        self.place(name, torch.device(device))

    def place(self, name: str, device: torch.device) -> None:
        self.name, self.device = name, torch.device(device)

    def __len__(self) -> int:
        return -(-len(self.dataset) // self.batch_size)

    def batches(self, seed: int | None = None, start: int = 0) -> Iterator[Batch]:
        for part in self.parts(ALONE, seed, start):
            yield part.x, part.labels

    def parts(self, team: Team = ALONE, seed: int | None = None, start: int = 0) -> Iterator[Part]:
        samples = len(self.dataset)
        shuffled = None if seed is None else torch.Generator().manual_seed(seed)
        order = torch.arange(samples) if shuffled is None else torch.randperm(samples, generator=shuffled)
        self._plans.of(order.split(self.batch_size)[start:], seed or 0, team)
        for x, labels, sound, missing, weight, n in self._loading():
            self._tell(missing)
            self._highest = max(self._highest, labels.shape[1] - 1 if labels.dim() == 2 else int(labels.max()))
            x, labels = (part.to(self.device, non_blocking=True) for part in (x, labels))
            yield Part(x, labels, weight if sound else 0.0, n)

    def _loading(self) -> DataLoader:
        if self._loader is None:
            self._loader = DataLoader(
                _Fetch(self.dataset, self.mix),
                batch_size=None,
                sampler=self._plans,
                num_workers=self.workers,
                persistent_workers=self.workers > 0,
                pin_memory=self.device.type == "cuda",
                generator=torch.Generator(),  # else it would draw a number from torch's, which is the run's
            )
        return self._loader

    def _tell(self, missing: dict[int, str]) -> None:
        for number, why in missing.items():
            if number not in self.damaged:
                self.damaged[number] = why
                file = file_of(self.dataset, number)
                what = f"{self.name}: sample {number}{f' ({file})' if file else ''} is left out: {why}"
                warnings.warn(what, stacklevel=3)

    def rest(self) -> None:
        # its workers end with the last reference; what the garbage collector finds in a circle it cannot tell to end,
        # for their queues are closed first, and waits five seconds for each
        self._loader = None

    def settings(self) -> dict[str, str]:
        inner, samples = _inner(self.dataset), len(self.dataset)
        described = Description()
        for what in ("transform", "target_transform"):
            if getattr(inner, what, None) is not None:
                described.add(f"{self.name} {what}", getattr(inner, what))
        if self.mix is not None:
            described.add(f"{self.name} mix", self.mix)
        lines = {self.name: f"{samples} samples of {type(inner).__name__}"} | described.lines
        return lines if self._labels is None else lines | {f"{self.name} labels": numbers(self._labels)}

    def check_labels(self, classes: int) -> None:
        if self._highest >= classes:
            raise ValueError(
                f"{self.name} has the label {self._highest}; labels go from 0 to {classes - 1}, for the network gives "
                f"{classes} classes."
            )


class _Plans:
    """The batches of the epoch that comes; a loader whose workers stay asks for them anew at each epoch."""

    def of(self, orders: Any, seed: int, team: Team) -> None:
        self.orders, self.seed, self.team = orders, seed, team

    def __iter__(self) -> Iterator[Plan]:
        for order in self.orders:
            part, weight = self.team.split(order)
            yield Plan(part.tolist(), self.seed, weight, len(order))

    def __len__(self) -> int:
        return len(self.orders)


class _Fetch(Dataset):
    """Whole batches by plan: (x, labels, whether they are of the plan, what is damaged, weight, whole)."""

    def __init__(self, dataset: Any, mix: Callable | None) -> None:
        self.dataset, self.mix = dataset, mix

    def __getitem__(self, index: Plan) -> tuple:
        plan = index
        missing: dict[int, str] = {}
        with _randomness_kept():
            found = [(number, self._one(number, plan.seed, missing)) for number in plan.samples]
            found = _alike([(number, pair) for number, pair in found if pair is not None], missing)
            samples = [pair for _, pair in found] or self._stand_in(plan, missing)
            x, labels = default_collate(samples)
            if self.mix is not None:
                _seed(plan.seed, ~plan.samples[0])
                x, labels = self.mix(x, labels)
        return x.as_subclass(torch.Tensor), labels, bool(found), missing, plan.weight, plan.whole

    def _one(self, number: int, seed: int, missing: dict[int, str]) -> tuple | None:
        _seed(seed, number)
        try:
            pair = self.dataset[number]
        except DAMAGED as error:
            missing[number] = f"{type(error).__name__}: {error}"
            return None
        if not (isinstance(pair, (tuple, list)) and len(pair) == 2 and torch.is_tensor(pair[0])):
            got = [type(part).__name__ for part in pair] if isinstance(pair, (tuple, list)) else type(pair).__name__
            raise TypeError(
                f"sample {number} must be (tensor, label), got {got}: end the transform with v2.ToImage() and "
                "v2.ToDtype(torch.float32, scale=True)."
            )
        return tuple(pair)

    def _stand_in(self, plan: Plan, missing: dict[int, str]) -> list[tuple]:
        """Return one sample that can be read, to go on with: it will have the weight 0."""
        for k in range(1, TRIES + 1):
            pair = self._one((plan.samples[-1] + k) % len(self.dataset), plan.seed, missing)
            if pair is not None:
                return [pair]
        number, why = next(iter(missing.items()))
        raise RuntimeError(f"no sample can be read, beginning with {number} ({file_of(self.dataset, number)}): {why}")


def _alike(found: list[tuple[int, tuple]], missing: dict[int, str]) -> list[tuple[int, tuple]]:
    shapes = Counter(pair[0].shape for _, pair in found)
    if len(shapes) < 2:
        return found
    usual = shapes.most_common(1)[0][0]
    for number, (x, _) in found:
        if x.shape != usual:
            missing[number] = f"it has the shape {list(x.shape)}, others {list(usual)}"
    return [(number, pair) for number, pair in found if pair[0].shape == usual]


def _seed(seed: int, number: int) -> None:
    mixed = (seed * 1_000_003 + number) % 2**63
    torch.default_generator.manual_seed(mixed)  # of the CPU only: transforms run there
    random.seed(mixed)
    np.random.seed(mixed % 2**32)


@contextlib.contextmanager
def _randomness_kept() -> Iterator[None]:
    """Put the generators of torch, Python and numpy back as they were."""
    before = torch.get_rng_state(), random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        torch.set_rng_state(before[0])
        random.setstate(before[1])
        np.random.set_state(before[2])


def _inner(dataset: Any) -> Any:
    while isinstance(dataset, Subset):
        dataset = dataset.dataset
    return dataset


def labels_of(dataset: Any) -> torch.Tensor | None:
    """Return the labels of a data set in the manner of torchvision, without reading its samples; None if unknown."""
    if isinstance(dataset, Subset):
        labels = labels_of(dataset.dataset)
        return None if labels is None else labels[torch.as_tensor(dataset.indices)]
    labels = getattr(dataset, "targets", None)
    return None if labels is None or not len(labels) else torch.as_tensor(labels)


def file_of(dataset: Any, number: int) -> str:
    """Return the file that a sample comes from, as ``class/name``, or nothing where that is not known."""
    if isinstance(dataset, Subset):
        return file_of(dataset.dataset, int(dataset.indices[number]))
    samples = getattr(dataset, "samples", None)
    return "/".join(Path(samples[number][0]).parts[-2:]) if samples is not None else ""
