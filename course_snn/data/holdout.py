"""Keeping a part of labelled data back: by seed, the classes in the same proportions on both sides."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import torch

from course_snn.arguments import one_number, whole
from course_snn.data import given


def split(data: Any, part: float = 0.1, seed: int = 0) -> tuple[Any, Any]:
    """Return (rest, kept): a part of the samples is kept back, the classes in the same proportions as in the rest.

        |kept| = round(part · N), at least 1 and at most N - 1

    ``training.fit(validation=part)`` keeps the same samples back as seed 0 does here. Recordings of people are split
    by person instead, with ``Recordings.split_by_subject``.

    Args:
        data: images or frames of this package, or a pair (x, labels) of tensors or arrays, x [N, …] and labels [N].
        part: of the samples, between 0 and 1.
        seed: seed of the choice.

    Raises:
        TypeError: data of another kind.
        ValueError: a part that is not between 0 and 1; fewer than two samples; not one label for each input.
    """
    labels = given.integers("labels", _labels(data))
    rest, kept = halves(labels, part, seed)
    return _some(data, rest, len(labels)), _some(data, kept, len(labels))


def halves(labels: torch.Tensor, part: float, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the numbers of the samples that stay and of those that are kept back, both in ascending order.

    Args:
        labels: [N], whole numbers.
        part: of the samples to keep back, between 0 and 1.
        seed: seed of the choice.

    Raises:
        ValueError: a part that is not between 0 and 1; fewer than two samples.
    """
    part, size = one_number("the part to keep back", part, above=0), len(labels)
    if part >= 1:
        raise ValueError(f"the part to keep back must be less than 1, got {part:g}: a tenth is 0.1.")
    if size < 2:
        raise ValueError(f"of {size} sample{'s' * (size != 1)} none can be kept back: it takes at least two.")
    count = min(max(round(part * size), 1), size - 1)
    order = torch.randperm(size, generator=torch.Generator().manual_seed(whole("seed", seed, at_least=0)))
    by_class = order[labels.cpu()[order].argsort(stable=True)]
    kept = torch.zeros(size, dtype=torch.bool)
    kept[by_class[(2 * torch.arange(count) + 1) * size // (2 * count)]] = True  # at equal distances, class after class
    return (~kept).nonzero()[:, 0], kept.nonzero()[:, 0]


def _labels(data: Any) -> Any:
    if is_dataclass(data) and hasattr(data, "images") and hasattr(data, "labels"):
        return data.labels
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise TypeError(
            f"split takes images or frames of course_snn.data, or a pair (x, labels), got {type(data).__name__}; "
            "recordings of people are split by recordings.split_by_subject([…])."
        )
    x, labels = data
    if len(x) != len(labels):
        raise ValueError(f"each input needs a label: got {len(x)} inputs and {len(labels)} labels.")
    return labels


def _some(data: Any, places: torch.Tensor, size: int) -> Any:
    if isinstance(data, (tuple, list)):
        return tuple(part[places.to(part.device) if torch.is_tensor(part) else places.numpy()] for part in data)
    values = {field.name: getattr(data, field.name) for field in fields(data)}
    rows = {name: x for name, x in values.items() if torch.is_tensor(x) and len(x) == size}
    return replace(data, **{name: x[places.to(x.device)] for name, x in rows.items()})
