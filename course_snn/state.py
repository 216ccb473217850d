"""State that lives from one time step to the next: declared once, reset in one place."""

import copy

import torch
from torch import nn

from course_snn import unrolling


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
            unrolling.reset_net(child)

    def __call__(self, *args, **kwargs):
        if unrolling.running() is None:
            return super().__call__(*args, **kwargs)
        return unrolling.over_time(self, *args, **kwargs)

    def sequence(self, x_seq: torch.Tensor) -> torch.Tensor:
        """Run ``x_seq`` [T, N, …] step after step; a subclass that can do it faster in one go overrides this."""
        return unrolling.stepped(self, x_seq)

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
