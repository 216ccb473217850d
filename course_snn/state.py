"""State that lives from one time step to the next: declared once, reset in one place."""

import copy
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.utils import _pytree as pytree

from course_snn import survey, unrolling
from course_snn.arguments import keep


class Attribute(NamedTuple):
    """The start of a state variable that begins as an attribute of its module is at each reset.

    Args:
        name: of the attribute; of a number or tensor, which may also learn.
    """

    name: str


class Stateful(nn.Module):
    """Base of every module that remembers something between time steps.

    A subclass declares each state variable once, with the value it has before the first step:

        self.declare("v", 0.0)

    and reads it as ``v = self.state("v", like=x)``, which is a tensor of the shape of ``x``. ``reset()`` puts
    every declared variable back. State is never rebuilt silently: a state that is left over from a batch of
    another shape raises a ``ValueError``. State may also be a list, a deque or a dict of tensors.
    """

    def __init__(self) -> None:
        super().__init__()
        self._initial: dict[str, Any] = {}
        self._began: dict[str, Any] = {}  # what reset put there; still there until the first step

    def __setstate__(self, state: dict) -> None:
        super().__setstate__({"_began": {}} | state)  # files of version 0.1 have none

    def __setattr__(self, name: str, value: Any) -> None:
        if name in vars(self).get("_initial", ()):
            vars(self)[name] = value  # neither parameter nor module: no need for all the questions that torch asks
        elif name in vars(self).get("_kept", ()):
            keep(self, name, value)  # a number may become a tensor, and the other way round
        else:
            super().__setattr__(name, value)

    def declare(self, name: str, initial: object) -> None:
        """Declare the state variable ``name`` and the value it takes at every ``reset()``, see also ``Attribute``."""
        self._initial[name] = initial
        self._begin(name)

    def start_of(self, name: str) -> Any:
        """Return the value that the state variable ``name`` takes at a ``reset()`` now."""
        initial = self._initial[name]
        return getattr(self, initial.name) if isinstance(initial, Attribute) else initial

    def _begin(self, name: str) -> None:
        initial = self.start_of(name)
        # yours to write to
        fresh = initial.detach().clone() if torch.is_tensor(initial) else copy.deepcopy(initial)
        self._began[name] = fresh
        setattr(self, name, fresh)

    def _put_back(self) -> None:
        if (task := survey.in_backward()) is not None:
            vars(self)["_task"] = task  # whatever comes in this backward pass starts from here
        for name in self._initial:
            self._begin(name)

    def reset(self) -> None:
        """Put every state variable back to its initial value, here and in the modules inside this one."""
        self._put_back()
        for child in self._modules.values():
            if child is not None and (child._modules or hasattr(child, "reset")):
                unrolling.reset_net(child)

    def detach(self) -> None:
        """Cut the state off from the steps that led to it: gradients end here, the values stay."""
        self._map_state(torch.Tensor.detach)

    def __call__(self, *args, **kwargs):
        if unrolling.travels(self):
            return unrolling.over_time(self, *args, **kwargs)
        y = super().__call__(*args, **kwargs)
        spikes = torch.is_tensor(y) and y.dtype == torch.bool and unrolling.stepping() is not None
        return y.to(torch.get_default_dtype()) if spikes else y  # as over_time gives them

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
        if unrolling.running() is not None:
            raise RuntimeError(
                f"forward of {type(self).__name__} was called by itself while unroll sends all steps at once: call the "
                "module, net.lif(x), not net.lif.forward(x)."
            )
        value = getattr(self, name)
        if not torch.is_tensor(value):
            dtype = like.dtype if like.is_floating_point() else torch.get_default_dtype()
            return torch.as_tensor(value, dtype=dtype, device=like.device).expand(like.shape)
        if value is self._began.get(name):  # before the first step
            initial = self._initial[name]
            source = getattr(self, initial.name) if isinstance(initial, Attribute) else None
            learns = torch.is_tensor(source) and source.requires_grad
            return _one_for_each(name, source if learns else value, like)
        if value.shape == like.shape:
            return value
        raise ValueError(
            f"{type(self).__name__} still holds the state {name!r} of shape {tuple(value.shape)} from "
            f"earlier input, but this input has shape {tuple(like.shape)}. Call functional.reset_net(net), "
            f"or reset() on this module, before you feed data of another shape."
        )

    def _fresh(self) -> set[str]:
        """The state variables that still hold what reset put there."""
        return {name for name, value in self._began.items() if getattr(self, name) is value}

    def _map_state(self, fn) -> None:
        """Replace every tensor of the state, in lists and the like too, by ``fn`` of it."""
        fresh = self._fresh()
        for name in self._initial:
            setattr(self, name, pytree.tree_map_only(torch.Tensor, fn, getattr(self, name)))
        self._began = {name: getattr(self, name) for name in fresh}

    def _apply(self, fn, recurse: bool = True):  # .to(), .cuda(), .double() move the state as well
        super()._apply(fn, recurse)
        for name, value in vars(self).items():
            if torch.is_tensor(value) and name not in self._initial:  # assigned after construction
                vars(self)[name] = fn(value)
        self._initial = {n: pytree.tree_map_only(torch.Tensor, fn, value) for n, value in self._initial.items()}
        self._map_state(fn)
        return self

    def _load_from_state_dict(self, *args, **kwargs) -> None:
        super()._load_from_state_dict(*args, **kwargs)
        for name in self._fresh():  # a state that has not begun begins as the loaded network's does
            self._begin(name)

    def __getstate__(self) -> dict:  # copy.deepcopy and torch.save refuse tensors that hang on a graph
        held = {name: vars(self)[name] for name in self._initial if name in vars(self)}
        held = {n: pytree.tree_map_only(torch.Tensor, torch.Tensor.detach, value) for n, value in held.items()}
        return vars(self) | held | {"_began": {name: held[name] for name in self._fresh() if name in held}}


def _one_for_each(name: str, initial: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    try:
        return initial.expand(like.shape)
    except RuntimeError:
        raise ValueError(
            f"the state {name!r} starts with the shape {tuple(initial.shape)}, which does not fit an input "
            f"of shape {tuple(like.shape)}: its last dimensions must agree."
        ) from None
