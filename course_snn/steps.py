"""Time steps that travel through a network: all at once as one batch of T·N, or one after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import torch
from torch import nn

from course_snn import listeners, survey


class Steps(NamedTuple):
    """Time steps that travel through a network as one batch of T·N (see ``unroll``).

    Args:
        T: number of time steps. N: size of the batch.
        watch: what looks for random numbers drawn from a still input, see ``survey.Trial``.
    """

    T: int
    N: int
    watch: survey.Trial | None = None

    def split(self, x: torch.Tensor) -> torch.Tensor:
        """Return ``x`` [T·N, …] as [T, N, …]; a still [N, …] is repeated without a copy."""
        if x.dim() and x.shape[0] == self.T * self.N:
            return x.unflatten(0, (self.T, self.N))
        if x.dim() and x.shape[0] == self.N:
            return x.expand(self.T, *x.shape)
        raise ValueError(
            f"while unroll runs {self.T} steps of a batch of {self.N}, the first dimension must be {self.N} or "
            f"{self.T * self.N}, but a module got the shape {tuple(x.shape)}: keep the batch dimension first."
        )

    def still(self, x: torch.Tensor) -> bool:
        """Whether ``x`` is one batch of N for all steps; raises ``survey.Drew`` if it has drawn random numbers."""
        still = x.shape[:1] != (self.T * self.N,)
        if still and self.watch is not None and self.watch.drew():
            raise survey.Drew
        return still


class OneByOne:
    """Within one pass of an unroll, where each call of a module is one time step."""


_running: ContextVar[Steps | OneByOne | None] = ContextVar("what the unroll in this thread is doing", default=None)


def running() -> Steps | None:
    """Return the steps that ``unroll`` is now sending through a network at once, None outside of it."""
    return steps if isinstance(steps := _running.get(), Steps) else None


def stepping() -> object | None:
    """Return what stands for the pass in which ``unroll`` is now calling modules step by step, None outside of it."""
    return now if isinstance(now := _running.get(), OneByOne) else None


@contextmanager
def run(steps: Steps | OneByOne) -> Iterator[None]:
    """Within the block modules are sent these steps at once, or are called one step after another."""
    token = _running.set(steps)
    try:
        yield
    finally:
        _running.reset(token)


def travels(module: nn.Module) -> bool:
    """Whether ``unroll`` is now sending several steps at once through this module with state.

    Raises:
        RuntimeError: it is called in another thread than that of the unroll, or in the backward pass with a state that
            has moved on since.
    """
    now = _running.get()
    if now is None and "_lent" in vars(module):
        raise RuntimeError(
            f"{type(module).__name__} is called in another thread than the unroll that runs its network, and cannot see"
            f" there which samples belong to which step: {survey.INSTEAD}"
        )
    survey.not_computed_again(module)
    return isinstance(now, Steps)


def over_time(module: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Run a stateful module inside ``unroll``: x and the result are [T·N, …], or x is a still [N, …]."""
    steps: Any = _running.get()  # Steps: travels() has looked
    y_seq = through(module, x, steps.T) if steps.still(x) else through(module, steps.split(x), None)
    return numbers(y_seq, x).flatten(0, 1)


def through(module: Any, x: torch.Tensor, T: int | None) -> torch.Tensor:
    """Run a sequence, or with T a still input, through a module with state (Stateful); what is inside it is stepped."""
    with run(OneByOne()):
        if watched(module):
            return stepped(module, x if T is None else x.expand(T, *x.shape))
        return module.sequence(x) if T is None else module.still(x, T)


def numbers(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Spikes as numbers, because the layers that follow multiply."""
    return y.to(x.dtype) if y.dtype == torch.bool else y


def stepped(module: nn.Module, x_seq: torch.Tensor) -> torch.Tensor:
    """Return module(x_seq[0]), module(x_seq[1]), … as [T, N, …]: the loop that everything else is measured by."""
    return torch.stack([one_tensor(module, module(x)) for x in x_seq])


def watched(module: nn.Module) -> bool:
    """Whether somebody (a Monitor) listens to each call of the module."""
    hooks = module._forward_hooks, module._forward_pre_hooks, module._backward_hooks, module._backward_pre_hooks
    return any(hooks) or bool(listeners.of(module))


def one_tensor(net: nn.Module, y: object) -> torch.Tensor:
    """Return ``y`` after checking that the network returned one tensor."""
    if not torch.is_tensor(y):
        raise TypeError(f"unroll needs a network that returns one tensor, but {type(net).__name__} returned {type(y)}.")
    return y
