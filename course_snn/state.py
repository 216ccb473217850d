"""State that lives from one time step to the next: declared once, reset in one place."""

import copy
import math
from collections.abc import Sequence
from numbers import Integral, Real

import torch
from torch import nn

from course_snn import functional


class Stateful(nn.Module):
    """Base of every module that remembers something between time steps.

    A subclass declares each state variable once, with the value it has before the first step:

        self.declare("v", 0.0)

    and reads it as ``v = self.state("v", like=x)``, which is a tensor of the shape of ``x``. ``reset()`` puts
    every declared variable back. State is never rebuilt silently: a state that is left over from a batch of
    another shape raises a ``ValueError``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._initial: dict[str, object] = {}

    def declare(self, name: str, initial: object) -> None:
        """Declare the state variable ``name`` and the value it takes at every ``reset()``."""
        self._initial[name] = initial
        setattr(self, name, _fresh(initial))

    def reset(self) -> None:
        """Put every state variable back to its initial value, here and in the modules inside this one."""
        for name, initial in self._initial.items():
            setattr(self, name, _fresh(initial))
        for child in self.children():
            functional.reset_net(child)

    def __call__(self, *args, **kwargs):
        if functional.running() is None:
            return super().__call__(*args, **kwargs)
        return functional.over_time(self, *args, **kwargs)

    def sequence(self, x_seq: torch.Tensor) -> torch.Tensor:
        """Run ``x_seq`` [T, N, …] step after step; a subclass that can do it faster in one go overrides this."""
        return functional.stepped(self, x_seq)

    def still(self, x: torch.Tensor, T: int) -> torch.Tensor:
        """Run ``x`` [N, …], the same at each of ``T`` steps, and return [T, N, …]."""
        return self.sequence(x.expand(T, *x.shape))

    def state(self, name: str, like: torch.Tensor) -> torch.Tensor:
        """Return the state variable ``name`` as a tensor of the shape of ``like``.

        Raises:
            TypeError: ``like`` is not a tensor.
            ValueError: the state was left by an input of another shape.
        """
        if not torch.is_tensor(like):
            raise TypeError(f"{type(self).__name__} takes a tensor, got {type(like).__name__}: use torch.tensor(…).")
        value, initial = getattr(self, name), self._initial[name]
        if not torch.is_tensor(value):
            dtype = like.dtype if like.is_floating_point() else torch.get_default_dtype()
            return torch.as_tensor(value, dtype=dtype, device=like.device).expand(like.shape)
        if value.shape == like.shape:
            return value
        if torch.is_tensor(initial) and initial.shape == value.shape and torch.equal(initial, value):
            return _one_for_each(name, value, like)  # before the first step
        raise ValueError(
            f"{type(self).__name__} still holds the state {name!r} of shape {tuple(value.shape)} from "
            f"earlier input, but this input has shape {tuple(like.shape)}. Call functional.reset_net(net), "
            f"or reset() on this module, before you feed data of another shape."
        )

    def _apply(self, fn, recurse: bool = True):  # .to(), .cuda(), .double() move the state as well
        super()._apply(fn, recurse)
        for name, initial in self._initial.items():
            value = getattr(self, name)
            if torch.is_tensor(initial):
                self._initial[name] = fn(initial)
            if torch.is_tensor(value):
                setattr(self, name, fn(value))
        return self

    def __getstate__(self) -> dict:  # copy.deepcopy and torch.save refuse tensors that hang on a graph
        held = {name: getattr(self, name) for name in self._initial}
        return self.__dict__ | {name: value.detach() for name, value in held.items() if torch.is_tensor(value)}


def _fresh(initial: object) -> object:
    return initial.clone() if torch.is_tensor(initial) else copy.deepcopy(initial)  # yours to write to


def _one_for_each(name: str, initial: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    try:
        return initial.expand(like.shape)
    except RuntimeError:
        raise ValueError(
            f"the state {name!r} starts with the shape {tuple(initial.shape)}, which does not fit an input "
            f"of shape {tuple(like.shape)}: its last dimensions must agree."
        ) from None


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
