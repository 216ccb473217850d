"""Checks of what a caller gives: numbers, shapes, values to encode; where a quantity is kept on a module."""

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import cast

import torch
from torch import nn


def as_shape(shape: int | Sequence[int]) -> torch.Size:
    """Return ``shape`` (an int, a list, a tuple or a torch.Size) as a torch.Size of positive integers."""
    sizes = tuple(shape) if isinstance(shape, Sequence) else (shape,)
    if not all(isinstance(size, Integral) and size > 0 for size in sizes):
        raise ValueError(f"shape must hold positive integers, for example [10] or [32, 10]; got {shape!r}.")
    return torch.Size(sizes)


def number(
    name: str,
    value: float | torch.Tensor,
    above: float | None = None,
    at_least: float | None = None,
    infinite: bool = False,
):
    """Return ``value`` as a float, or a tensor as floating-point numbers, after checking that it is in range.

    Args:
        name: what the error message calls it.
        value: a number, or a tensor with one for each neuron.
        above: bound that it must exceed. at_least: bound that it must reach.
        infinite: whether +∞ is allowed.

    Raises:
        TypeError: not a number or a tensor of real numbers.
        ValueError: not finite, empty, or not above / at least the bound.
    """
    if not torch.is_tensor(value):
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{name} must be a number or a tensor, got {value!r}.")
        value = float(value)
    elif value.dtype == torch.bool or value.is_complex():
        raise TypeError(f"{name} must hold real numbers, got a tensor of {value.dtype}.")
    elif not value.numel():
        raise ValueError(f"{name} is an empty tensor: give a number, or one for each neuron.")
    elif not value.is_floating_point():
        value = value.to(torch.get_default_dtype())
    low, high = (value.min().item(), value.max().item()) if torch.is_tensor(value) else (value, value)
    if not (math.isfinite(low) and math.isfinite(high)) and not (infinite and -math.inf < low):
        raise ValueError(f"{name} must be finite{' or inf' if infinite else ''}, got {value}.")
    if above is not None and low <= above:
        raise ValueError(f"{name} must be greater than {above:g}, got {value}.")
    if at_least is not None and low < at_least:
        raise ValueError(f"{name} must be at least {at_least:g}, got {value}.")
    return value


def one_number(
    name: str, value: float | torch.Tensor, above: float | None = None, at_least: float | None = None
) -> float:
    """Return ``value`` as a float, where one number holds for all neurons; the bounds as in ``number``.

    Raises:
        ValueError: a tensor with dimensions, or what ``number`` refuses.
    """
    if torch.is_tensor(value) and value.dim():
        raise ValueError(f"{name} is one number for all neurons, got a tensor of the shape {tuple(value.shape)}.")
    return float(number(name, value, above, at_least))


def as_numbers(x: torch.Tensor) -> torch.Tensor:
    """Return ``x`` as it is, or spikes (bool) and whole numbers as floats: layers multiply and subtract."""
    if not torch.is_tensor(x):
        raise TypeError(f"a layer takes a tensor, got {type(x).__name__}: use torch.as_tensor(…).")
    return x if x.is_floating_point() or x.is_complex() else x.to(torch.get_default_dtype())


def whole(name: str, value: int | torch.Tensor, at_least: int) -> int:
    """Return ``value`` (also numpy's, or a tensor of one element) as an int of at least ``at_least``."""
    one = torch.is_tensor(value) and value.numel() == 1
    found = value.item() if one and not value.is_floating_point() and value.dtype != torch.bool else value
    if isinstance(found, bool) or not isinstance(found, Integral):
        raise TypeError(f"{name} must be a whole number, got {found!r}.")
    if found < at_least:
        raise ValueError(f"{name} must be at least {at_least}, got {found}.")
    return int(found)


def finite(who: str, x: torch.Tensor) -> None:
    """Raise an error unless ``x``, which ``who`` is to encode, is a tensor without NaN or infinity."""
    if not torch.is_tensor(x):
        raise TypeError(f"{who} encodes a tensor, got {type(x).__name__}: wrap it in torch.tensor(…).")
    if not torch.isfinite(x).all():
        raise ValueError(f"{who} got NaN or infinity: clean the data first, for example with torch.nan_to_num.")


def unit_range(who: str, x: torch.Tensor) -> None:
    """Raise an error unless ``x``, which ``who`` is to encode, is a floating-point tensor in [0, 1]."""
    if torch.is_tensor(x) and x.is_floating_point() and x.numel():
        low, high = torch.aminmax(x.detach())  # one pass; nan wherever there is one
        if low >= 0 and high <= 1:
            return
    finite(who, x)
    if not x.is_floating_point():
        raise TypeError(f"{who} encodes floating-point values in [0, 1], got {x.dtype}: for bytes use x / 255.")
    if x.numel() and (x.min() < 0 or x.max() > 1):
        raise ValueError(
            f"{who} encodes values in [0, 1], got values from {x.min():g} to {x.max():g}: scale the data "
            f"first, for example (x - x.min()) / (x.max() - x.min())."
        )


def keep(module: nn.Module, name: str, value: float | torch.Tensor | None, persistent: bool = True) -> None:
    """Store a quantity on ``module`` as what it is: a parameter, a buffer, or a plain attribute.

    A tensor moves with the module and lies in its ``state_dict``. One that requires a gradient is a parameter, so that
    an optimizer finds it; it stays the same tensor, and its owner can read ``.grad`` there.

    Args:
        module: where it goes; something of that name there is replaced.
        name: its name.
        value: a number, None, or a tensor.
        persistent: whether a tensor belongs to the network, and so into the ``state_dict``.

    Raises:
        ValueError: a tensor that was computed from others that learn: it could be used for one backward pass only.
    """
    learns = torch.is_tensor(value) and value.requires_grad
    if learns and not value.is_leaf:
        raise ValueError(
            f"{name} was computed from tensors that require a gradient, once and for all; a module needs what it can "
            f"use anew in every step. Give an nn.Parameter, or {name}.detach() for a fixed value; to learn a function "
            "of a parameter write a subclass that computes it in charge()."
        )
    vars(module).setdefault("_kept", set()).add(name)
    if name in vars(module) or hasattr(module, name):
        delattr(module, name)  # a float may take the place of a buffer, and the other way round
    if learns or isinstance(value, nn.Parameter):
        value._is_param = True  # what nn.Parameter marks; a copy would leave the caller's tensor without gradient
        module.register_parameter(name, cast("nn.Parameter", value))
    elif torch.is_tensor(value):
        module.register_buffer(name, value, persistent)
    else:
        vars(module)[name] = value
