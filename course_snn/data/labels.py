"""Whether two data sets mean the same classes by the same labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course_snn.language import say


def check_labels(train: Any, val: Any) -> None:
    """Raise an error unless two data sets give each class the same label.

    A folder that lacks a class, or has one more, shifts all labels behind it: training goes well, and on the other set
    the network is right by chance.

    Args:
        train, val: data sets with ``class_to_idx`` or ``classes``, as torchvision's have, or {name: label}, or names in
            the order of their labels.

    Raises:
        ValueError: they differ; the message names every difference.
        TypeError: a data set that does not name its classes.
    """
    ours, theirs = _labels("train", train), _labels("val", val)
    moved = [
        f"{name!r} is {ours[name]} and {theirs[name]}" for name in ours if theirs.get(name, ours[name]) != ours[name]
    ]
    only = {
        "train": [name for name in ours if name not in theirs],
        "val": [name for name in theirs if name not in ours],
    }
    said = [f"the label of {', of '.join(moved)}"] if moved else []
    said += [f"only {who} has {', '.join(map(repr, names))}" for who, names in only.items() if names]
    if said:
        raise ValueError(
            f"train and val do not give the classes the same labels: {'; '.join(said)}. "
            "Open val with image_folder(…, classes=train.classes)."
        )


def _labels(who: str, given: Any) -> dict[str, int]:
    given = getattr(given, "class_to_idx", None) or getattr(given, "classes", given)
    if isinstance(given, Mapping):
        return {say(name, "en"): int(label) for name, label in given.items()}
    if isinstance(given, (list, tuple)) and all(isinstance(name, str) for name in given):
        return {say(name, "en"): label for label, name in enumerate(given)}
    raise TypeError(f"{who} must have class_to_idx or classes, or be {{name: label}}; got {type(given).__name__}.")
