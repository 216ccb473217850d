"""Checks of what a caller gives: numbers, whole numbers, shapes, and where a quantity is kept on a module."""

import math
from collections.abc import Sequence
from numbers import Integral, Real

import torch
from torch import nn


def as_shape(shape: int | Sequence[int]) -> torch.Size:
    """Return ``shape`` (an int, a list, a tuple or a torch.Size) as a torch.Size of positive integers."""
    sizes = tuple(shape) if isinstance(shape, Sequence) else (shape,)
    if not all(isinstance(size, Integral) and size > 0 for size in sizes):
        raise ValueError(f"shape must hold positive integers, for example [10] or [32, 10]; got {shape!r}.")
    return torch.Size(sizes)


def number(name: str, value: float | torch.Tensor, above: float | None = None, at_least: float | None = None):
    """Return ``value`` as a float (or the tensor as it is) after checking that it is finite and in range.

    Raises:
        TypeError: not a number or a tensor.
        ValueError: not finite, or not above / at least the bound.
    """
    if not torch.is_tensor(value):
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{name} must be a number or a tensor, got {value!r}.")
        value = float(value)
    low, high = (value.min().item(), value.max().item()) if torch.is_tensor(value) else (value, value)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"{name} must be finite, got {value}.")
    if above is not None and low <= above:
        raise ValueError(f"{name} must be greater than {above:g}, got {value}.")
    if at_least is not None and low < at_least:
        raise ValueError(f"{name} must be at least {at_least:g}, got {value}.")
    return value


def whole(name: str, value: int, at_least: int) -> int:
    """Return ``value`` after checking that it is an integer of at least ``at_least``."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}.")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least}, got {value}.")
    return int(value)


def keep(module: nn.Module, name: str, value: float | torch.Tensor) -> None:
    """Store a fixed quantity on ``module``: a float as it is, a tensor as a buffer, which moves with it."""
    if hasattr(module, name):
        delattr(module, name)  # a float may take the place of a buffer, and the other way round
    if torch.is_tensor(value):
        module.register_buffer(name, value, persistent=False)
    else:
        setattr(module, name, value)
