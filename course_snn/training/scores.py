"""What a look at labelled data found."""

from __future__ import annotations

from typing import NamedTuple


class Scores(NamedTuple):
    """What ``evaluate`` found.

    Args:
        loss: mean over the samples.
        accuracy: part of them that were classified rightly, in [0, 1].
        seconds: how long it took.
    """

    loss: float
    accuracy: float
    seconds: float
