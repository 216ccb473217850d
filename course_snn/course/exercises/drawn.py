"""What the exercises draw their further cases with: numbers of few digits, which a verdict can show."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import torch

Drawn = TypeVar("Drawn")
TRIES = 2000


def one_of(rng: np.random.Generator, *values: Drawn) -> Drawn:
    """Return one of the values."""
    return values[whole(rng, 0, len(values) - 1)]


def whole(rng: np.random.Generator, low: int, high: int) -> int:
    """Return a whole number from ``low`` to ``high``, both included."""
    return int(rng.integers(low, high + 1))


def number(rng: np.random.Generator, low: float, high: float, step: float) -> float:
    """Return ``low`` and a whole number of steps, at most ``high``."""
    return round(low + step * whole(rng, 0, round((high - low) / step)), 6)


def numbers(rng: np.random.Generator, count: int, low: float, high: float, step: float) -> list[float]:
    """Return ``count`` such numbers."""
    return [number(rng, low, high, step) for _ in range(count)]


def grid(rng: np.random.Generator, shape: Sequence[int], low: float, high: float, step: float) -> torch.Tensor:
    """Return a tensor of such numbers, float32."""
    many = low + step * rng.integers(0, round((high - low) / step) + 1, tuple(shape))
    return torch.tensor(np.round(many, 6), dtype=torch.float32)


def shuffled(rng: np.random.Generator, values: Sequence[Drawn]) -> list[Drawn]:
    """Return the values in another order."""
    return [values[k] for k in rng.permutation(len(values))]


def some(rng: np.random.Generator, count: int, values: Sequence[Drawn]) -> list[Drawn]:
    """Return ``count`` of the values, none of them twice."""
    return shuffled(rng, values)[:count]


def bits(rng: np.random.Generator, count: int, share: float = 0.5) -> list[int]:
    """Return a spike train: a list of 0 and 1 that holds both."""
    return until(lambda: [int(u < share) for u in rng.random(count)], lambda train: 0 < sum(train) < count)


def spikes(rng: np.random.Generator, *shape: int, share: float = 0.4) -> torch.Tensor:
    """Return spikes, float32, with both 0 and 1 among them."""
    made = until(lambda: rng.random(shape) < share, lambda fired: fired.any() and not fired.all())
    return torch.from_numpy(made).float()


def until(draw: Callable[[], Drawn], holds: Callable[[Drawn], bool]) -> Drawn:
    """Draw until it holds.

    Raises:
        RuntimeError: it never did; what is asked for hardly ever comes.
    """
    for _ in range(TRIES):
        if holds(drawn := draw()):
            return drawn
    raise RuntimeError(f"none of {TRIES} draws will do: make the cases so that more of them do.")


def apart(values: torch.Tensor, least: float = 1e-3) -> bool:
    """Say whether the largest number of each last dimension leads by ``least``, so that rounding decides nothing."""
    first, second = values.topk(2, dim=-1).values.unbind(-1)
    return bool((first - second > least).all())


def off_whole(value: float, least: float = 0.01) -> bool:
    """Say whether a number is at least so far from any whole number, so that rounding errors decide nothing."""
    return abs(value - round(value)) >= least
