"""Checks of what a caller gives: numbers, shapes, values to encode, and where a quantity is kept on a module."""

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


def finite(who: str, x: torch.Tensor) -> None:
    """Raise an error unless ``x``, which ``who`` is to encode, is a tensor without NaN or infinity."""
    if not torch.is_tensor(x):
        raise TypeError(f"{who} encodes a tensor, got {type(x).__name__}: wrap it in torch.tensor(…).")
    if not torch.isfinite(x).all():
        raise ValueError(f"{who} got NaN or infinity: clean the data first, for example with torch.nan_to_num.")


def unit_range(who: str, x: torch.Tensor) -> None:
    """Raise an error unless ``x``, which ``who`` is to encode, is a floating-point tensor in [0, 1]."""
    finite(who, x)
    if not x.is_floating_point():
        raise TypeError(f"{who} encodes floating-point values in [0, 1], got {x.dtype}: for bytes use x / 255.")
    if x.numel() and (x.min() < 0 or x.max() > 1):
        raise ValueError(
            f"{who} encodes values in [0, 1], got values from {x.min():g} to {x.max():g}: scale the data "
            f"first, for example (x - x.min()) / (x.max() - x.min())."
        )


def keep(module: nn.Module, name: str, value: float | torch.Tensor) -> None:
    """Store a fixed quantity on ``module``: a float as it is, a tensor as a buffer, which moves with it."""
    if hasattr(module, name):
        delattr(module, name)  # a float may take the place of a buffer, and the other way round
    if torch.is_tensor(value):
        module.register_buffer(name, value, persistent=False)
    else:
        setattr(module, name, value)
