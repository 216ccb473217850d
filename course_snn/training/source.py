"""Where the batches of a run come from: labelled data in memory, or whatever else can be counted and resumed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch

from course_snn.training.team import ALONE, Team
from course_snn.training.text import numbers

Batch = tuple[torch.Tensor, torch.Tensor]
UNSIGNED = (torch.uint16, torch.uint32, torch.uint64)  # torch has no min and max of them
SUM = 1e-3  # by so much the probabilities of a sample may miss 1: float16 and sums of many


class Part(NamedTuple):
    """What one process of a team gets of a batch.

    Args:
        x, labels: inputs and labels of its n_r samples.
        weight: n_r·size/n, by which the mean loss of the part is multiplied; 0: a sample that only keeps step.
        whole: n, the samples of the batch in all processes.
    """

    x: torch.Tensor
    labels: torch.Tensor
    weight: float
    whole: int


class Source(ABC):
    """Batches of labelled samples: all that ``Run`` knows of its data.

    ``len(source)`` is the number of batches in an epoch. Inputs x [N, …] and labels [N], or soft labels [N, C], come
    on the run's device.
    """

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def batches(self, seed: int | None = None, start: int = 0) -> Iterator[Batch]:
        """Yield the batches of an epoch from number ``start`` on, shuffled by ``seed``; None: in their own order.

        The same seed gives the same batches, whatever ``start``: so a run goes on in the middle of an epoch.
        """

    def parts(self, team: Team = ALONE, seed: int | None = None, start: int = 0) -> Iterator[Part]:
        """Yield what this process of a team gets of each batch; by default of batches that every process makes whole.

        Args:
            team: the processes.
            seed, start: as for ``batches``.
        """
        for x, labels in self.batches(seed, start):
            rows = torch.arange(len(labels), device=labels.device)
            mine, weight = team.split(rows)
            part = (x, labels) if mine is rows else (x[mine], labels[mine])
            yield Part(*part, weight, len(labels))

    def place(self, name: str, device: torch.device) -> None:
        """Be told what the source is used as ("train", "validation", "test"), and where its batches shall lie."""
        return None

    def rest(self) -> None:
        """Be told that a run or an evaluation is over: let go of processes and whatever was held for the next epoch."""
        return None

    @abstractmethod
    def settings(self) -> dict[str, str]:
        """Return what a resumed run must find unchanged, as short texts under short names."""

    def finite(self) -> bool:
        """Return whether all inputs are finite, as far as that can be told."""
        return True

    def check_labels(self, classes: int) -> None:
        """Raise an error that names the sample if a label is known to be beyond the number of classes."""
        return None


class Tensors(Source):
    """Labelled data in memory.

    Args:
        name: what an error calls it, such as "train".
        x, labels: inputs [M, …] and labels [M], int64, or [M, C], probabilities, on the device.
        batch_size: samples in a batch; the last one may have fewer.
        only: numbers of the samples that are drawn from, without a copy of them; None: all.
    """

    def __init__(
        self, name: str, x: torch.Tensor, labels: torch.Tensor, batch_size: int, only: torch.Tensor | None = None
    ) -> None:
        self.name, self.x, self.labels, self.batch_size = name, x, labels, batch_size
        self.only = None if only is None else only.to(x.device)
        self._highest = labels.shape[1] - 1 if labels.dim() == 2 else int(labels.max())

    def __len__(self) -> int:
        return -(-len(self.x if self.only is None else self.only) // self.batch_size)

    def batches(self, seed: int | None = None, start: int = 0) -> Iterator[Batch]:
        order = self.only
        if seed is not None:
            samples = len(self.x if self.only is None else self.only)
            order = torch.randperm(samples, generator=torch.Generator().manual_seed(seed)).to(self.x.device)
            order = order if self.only is None else self.only[order]
        for batch in range(start, len(self)):
            part = slice(batch * self.batch_size, (batch + 1) * self.batch_size)
            if order is None:
                yield self.x[part], self.labels[part]
            else:
                yield self.x.index_select(0, order[part]), self.labels.index_select(0, order[part])

    def settings(self) -> dict[str, str]:
        return {
            self.name: f"{len(self.x)} x {list(self.x.shape[1:])}",
            f"{self.name} inputs": numbers(self.x),
            f"{self.name} labels": numbers(self.labels),
        }

    def finite(self) -> bool:
        return bool(self.x.isfinite().all())

    def check_labels(self, classes: int) -> None:
        if self.labels.dim() == 2:
            if self._highest + 1 != classes:
                raise ValueError(f"{self.name} has soft labels of {self._highest + 1} classes, the network {classes}.")
        elif self._highest >= classes:
            at = int((self.labels >= classes).nonzero()[0])
            raise ValueError(
                _beyond(
                    self.name,
                    int(self.labels[at]),
                    at,
                    f"from 0 to {classes - 1}, for the network gives {classes} classes",
                )
            )


def tensors(name: str, data: Any, device: torch.device, dtype: torch.dtype) -> Batch:
    """Return inputs and labels of a data set as two tensors on the device.

    Inputs with a point take the dtype of the network; whole numbers and bools stay, for an encoder may want them.

    Args:
        name: what an error calls the data.
        data: anything with ``.images`` [M, …] and ``.labels`` [M], or the two as a pair; tensors or numpy arrays.
            Labels may be soft: probabilities of the classes [M, C], with a point.
        device: where to put them.
        dtype: of the network's parameters.

    Raises:
        TypeError: data of another kind.
        ValueError: labels that are not one whole number ≥ 0 for each input.
    """
    pair = (data.images, data.labels) if hasattr(data, "images") and hasattr(data, "labels") else data
    if not (isinstance(pair, (tuple, list)) and len(pair) == 2):
        raise TypeError(_what(name, type(data).__name__))
    x, labels = (_tensor(name, part) for part in pair)
    if _soft(x, labels):
        return _floating(x, dtype).contiguous().to(device), _probabilities(name, labels).to(device)
    if x.dim() == 0 or labels.dim() != 1 or len(labels) != len(x) or not len(x) or not _whole(labels):
        raise ValueError(
            f"{name} needs one label for each of at least one input, whole numbers [M]; got {labels.dtype} "
            f"{list(labels.shape)} for inputs {list(x.shape)}.{_hint(labels)}"
        )
    labels = labels.to(torch.int64)
    if labels.min() < 0:
        at = int((labels < 0).nonzero()[0])
        raise ValueError(_beyond(name, int(labels[at]), at, "0, 1, 2 … up to the number of classes - 1"))
    return _floating(x, dtype).contiguous().to(device), labels.to(device)


def as_input(who: str, x: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Return ``x`` in the dtype of the network: numbers with a point, bools, and whole numbers that are 0 and 1.

    Raises:
        TypeError: complex numbers.
        ValueError: other whole numbers, such as the bytes 0 … 255 of an image, whose scale nobody told.
    """
    if x.dtype == dtype:
        return x
    if x.is_complex():
        raise TypeError(f"{who} is complex: give a network its .real, .abs() or the two as channels.")
    if not x.is_floating_point() and x.dtype != torch.bool and x.numel():
        values = x.long() if x.dtype in UNSIGNED else x
        low, high = int(values.min()), int(values.max())
        if low < 0 or high > 1:
            raise ValueError(
                f"{who} holds whole numbers from {low} to {high} ({x.dtype}): for the bytes of images give "
                "x.float() / 255, for counts that the network shall see as they are x.float()."
            )
    return x.to(dtype)


def _tensor(name: str, part: Any) -> torch.Tensor:
    if torch.is_tensor(part):
        return part.detach()
    if not isinstance(part, np.ndarray) or part.dtype.kind not in "biufc":
        raise TypeError(
            _what(
                name, f"{type(part).__name__} of {part.dtype}" if isinstance(part, np.ndarray) else type(part).__name__
            )
        )
    array = np.ascontiguousarray(part, dtype=part.dtype.newbyteorder("="))
    return torch.from_numpy(array if array.flags.writeable else array.copy())


def _floating(x: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    return x.to(dtype) if x.is_floating_point() else x


def _soft(x: torch.Tensor, labels: torch.Tensor) -> bool:
    """Whether these are labels [M, C] with a point, C ≥ 2, one row for each input."""
    return labels.is_floating_point() and labels.dim() == 2 and labels.shape[1] > 1 and 0 < len(labels) == len(x)


def _probabilities(name: str, labels: torch.Tensor) -> torch.Tensor:
    labels = labels.float()
    wrong = ~((labels >= 0).all(1) & ((labels.sum(1) - 1).abs() < SUM))
    if wrong.any():
        at = int(wrong.nonzero()[0])
        row = ", ".join(f"{value:g}" for value in labels[at, :6].tolist())
        raise ValueError(
            f"{name} has soft labels that are no probabilities: sample {at} has {row}{', …' * (labels.shape[1] > 6)}. "
            "Each row must be at least 0 and sum to 1; of scores give labels.softmax(1)."
        )
    return labels


def _what(name: str, got: str) -> str:
    return (
        f"{name} must have .images and .labels (what course_snn.data gives), or be two tensors or numpy arrays "
        f"(x, labels); got {got}."
    )


def _whole(labels: torch.Tensor) -> bool:
    return not (labels.is_floating_point() or labels.is_complex())


def _hint(labels: torch.Tensor) -> str:
    if labels.dim() == 2:
        return " Of [M, 1] give labels.flatten(), of one-hot rows labels.argmax(1)."
    return " If they are whole numbers, give labels.long()." if labels.is_floating_point() else ""


def _beyond(name: str, label: int, at: int, accepted: str) -> str:
    return f"{name} has the label {label} (sample {at}); labels go {accepted}."
