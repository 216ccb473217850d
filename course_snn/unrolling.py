"""Networks over time: reset them, run them step by step or all steps at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

import torch
from torch import nn

from course_snn import listeners


def reset_net(net: nn.Module) -> None:
    """Reset every module inside ``net`` that has a ``reset()``, SpikingJelly's neurons included, parts first.

    Call it between two independent inputs: membrane voltages left from the last batch are wrong for the next.
    """
    for module in reversed(list(net.modules())):
        if callable(getattr(module, "reset", None)):
            module.reset()


class Steps(NamedTuple):
    """Time steps that travel through a network as one batch of T·N (see ``unroll``).

    Args:
        T: number of time steps. N: size of the batch.
    """

    T: int
    N: int

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


_running: ContextVar[Steps | None] = ContextVar("steps of the running unroll", default=None)


def running() -> Steps | None:
    """Return the steps that ``unroll`` is now sending through a network, None outside of it."""
    return _running.get()


@contextmanager
def _run(steps: Steps | None) -> Iterator[None]:
    token = _running.set(steps)
    try:
        yield
    finally:
        _running.reset(token)


def unroll(net: nn.Module, x: torch.Tensor, T: int | None = None) -> torch.Tensor:
    """Run ``net`` over time and return its output at every step.

        y[t] = net(x[t]) for t = 0 … T-1      (with T given: y[t] = net(x), the same still input at each step)

    The result, its gradients and the state left behind are those of that loop, but layers without state see all
    steps at once as a batch of T·N, modules with state run the whole sequence in one call (``Stateful.sequence``),
    and what a still input meets before the first module with state is computed once, not T times. A batch
    normalisation that is training therefore takes its mean and variance over all T·N samples, as SpikingJelly's
    multi-step mode does. A network with a stateful module that is not ours is stepped by the loop itself.

    Args:
        net: any module whose layers keep the batch as the first dimension. Call ``reset_net`` before new data.
        x: a sequence [T, N, …], or with ``T`` given a still input [N, …].
        T: number of steps for a still input.

    Shapes:
        returns [T, N, …].

    Raises:
        TypeError: T is not a whole number, or the network does not return one tensor.
        ValueError: T < 1, an input without the dimensions above, a layer that moves the batch dimension, or a still
            input with a skip connection around the first module with state.
    """
    steps = _steps(x, T)
    if any(callable(getattr(m, "reset", None)) and not hasattr(m, "sequence") for m in net.modules()):
        return torch.stack([_tensor(net, net(now)) for now in (x if T is None else [x] * T)])
    with _run(steps):
        try:
            y = _tensor(net, net(x.flatten(0, 1) if T is None else x))
        except RuntimeError as error:
            if T is None or "size of tensor" not in str(error):
                raise
            raise ValueError(
                f"{error} A still input stays one batch of N until the first module with state; where the network joins"
                " what comes before that module to what comes after it, run unroll(net, x.expand(T, *x.shape)) instead."
            ) from error
    return steps.split(y)


def over_time(module: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Run a stateful module inside ``unroll``: x and the result are [T·N, …], or x is a still [N, …]."""
    steps = _running.get()
    x_seq = steps.split(x)
    with _run(None):  # what is inside the module is stepped
        if watched(module):
            y_seq = stepped(module, x_seq)
        elif x.shape[0] < x_seq.shape[0] * x_seq.shape[1]:
            y_seq = module.still(x, steps.T)
        else:
            y_seq = module.sequence(x_seq)
    if y_seq.dtype == torch.bool:  # the layers that follow multiply
        y_seq = y_seq.to(x.dtype if x.is_floating_point() else torch.get_default_dtype())
    return y_seq.flatten(0, 1)


def stepped(module: nn.Module, x_seq: torch.Tensor) -> torch.Tensor:
    """Return module(x_seq[0]), module(x_seq[1]), … as [T, N, …]: the loop that everything else is measured by."""
    return torch.stack([module(x) for x in x_seq])


def watched(module: nn.Module) -> bool:
    """Whether somebody (a Monitor) listens to each call of the module."""
    hooks = module._forward_hooks, module._forward_pre_hooks, module._backward_hooks, module._backward_pre_hooks
    return any(hooks) or bool(listeners.of(module))


def _steps(x: torch.Tensor, T: int | None) -> Steps:
    if T is None:
        if x.dim() < 2:
            raise ValueError(f"unroll takes a sequence [T, N, …] (or a still [N, …] with T=…), got {tuple(x.shape)}.")
        return Steps(*x.shape[:2])
    if isinstance(T, bool) or not isinstance(T, int):
        raise TypeError(f"T must be a whole number of time steps, got {T!r}.")
    if T < 1 or x.dim() < 1:
        raise ValueError(f"unroll needs T of at least 1 and an input [N, …], got T={T} and the shape {tuple(x.shape)}.")
    return Steps(T, x.shape[0])


def _tensor(net: nn.Module, y: object) -> torch.Tensor:
    if not torch.is_tensor(y):
        raise TypeError(f"unroll needs a network that returns one tensor, but {type(net).__name__} returned {type(y)}.")
    return y
