"""The samples by which a run chooses its best epoch: data of their own, or a part of the training data."""

from __future__ import annotations

from numbers import Real
from typing import Any

from course_snn.data import holdout
from course_snn.training.evaluation import Forward
from course_snn.training.source import Source, Tensors
from course_snn.training.text import numbers

AUTO, TENTH = "auto", 0.1


def held_out(
    forward: Forward, train: Source, given: Any, kept: bool, batch_size: int
) -> tuple[Source, Source | None, dict[str, str]]:
    """Return the batches to learn from, those to validate on, and what a resumed run must find unchanged of these.

    Args:
        forward: how a batch goes through the network.
        train: all the training data.
        given: data, a part of train, None or 0 for none, or "auto": a tenth if the best epoch is kept.
        kept: whether it is.
        batch_size: of the batches to validate on.

    Raises:
        TypeError, ValueError: neither data nor a part between 0 and 1; too few samples to keep some back; a part of
            what is not in memory.
    """
    part = _part(given, kept and isinstance(train, Tensors))
    if part == 0:
        return train, None, {"validation": "none"}
    if part is None:
        own = forward.load("validation", given, batch_size)
        return train, own, own.settings()
    if not isinstance(train, Tensors):
        raise ValueError(
            f"validation={part:g}: a part can be kept back of data in memory only. Cut the data set in two before "
            "(torch.utils.data.Subset), and give the other part as validation=Loaded(…)."
        )
    try:
        labels = train.labels.argmax(1) if train.labels.dim() == 2 else train.labels
        rest, back = holdout.halves(labels, part)
    except ValueError as error:
        raise ValueError(f"validation={part:g} of train: {error} None keeps nothing back.") from None
    apart = {"validation": f"{len(back)} of train, {numbers(back)}"}
    x, labels = (values[back.to(values.device)] for values in (train.x, train.labels))
    validation = forward.load("validation", (x, labels), batch_size)
    return Tensors(train.name, train.x, train.labels, train.batch_size, rest), validation, apart


def _part(given: Any, kept: bool) -> float | None:
    """The part of the training data that is asked for, 0 for none; None: other data is given."""
    if isinstance(given, str) and given == AUTO:
        return TENTH if kept else 0.0
    if isinstance(given, (str, bool)):
        raise TypeError(
            f'validation must be data like train, a part of train such as 0.1, None or "auto", got {given!r}.'
        )
    return 0.0 if given is None else float(given) if isinstance(given, Real) else None
