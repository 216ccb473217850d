"""Networks over time: reset them, run them step by step or all steps at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.utils import _pytree as pytree

from course_snn import listeners, snapshot, survey
from course_snn.arguments import as_numbers, whole


def reset_net(net: nn.Module) -> None:
    """Reset every module inside ``net`` that has a ``reset()``, SpikingJelly's neurons included, parts first.

    Call it between two independent inputs: membrane voltages left from the last batch are wrong for the next. Each
    module is reset once, also where the ``reset()`` of one calls ``reset_net`` for its parts or for itself.
    """
    done, token = _done.get(), None
    if done is None:
        token = _done.set(done := {})
    try:
        if done.get(id(net)) and (put_back := getattr(net, "_put_back", None)):
            put_back()  # its own reset() stands for this call
        for module in () if id(net) in done else reversed(survey.modules(net)):
            if id(module) not in done:
                done[id(module)] = True
                if callable(reset := getattr(module, "reset", None)):
                    reset()
                done[id(module)] = False
    finally:
        if token is not None:
            _done.reset(token)


_done: ContextVar[dict[int, bool] | None] = ContextVar("modules reset by now, and whether they still are", default=None)


def detach_net(net: nn.Module) -> None:
    """Cut the state of every module inside ``net`` off from the steps so far, SpikingJelly's neurons included.

    Values stay, gradients end here. Called every k steps it is truncated backpropagation through time: memory for k
    steps however long the sequence, but nothing is learnt that takes longer than that. Of a module that keeps a state
    without a method ``detach()`` all attributes that hang on a graph are cut.

    Source: Williams & Peng 1990, Neural Computation 2.
    """
    for module in survey.modules(net):
        if callable(detach := getattr(module, "detach", None)):
            detach()
            continue
        for held in (vars(module), module._buffers):
            own = {name: value for name, value in held.items() if name not in snapshot.PLAIN}
            held.update(pytree.tree_map_only(torch.Tensor, _cut, own))


def _cut(value: torch.Tensor) -> torch.Tensor:
    return value if value.grad_fn is None else value.detach()


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


class _OneByOne:
    """Within one pass of an unroll, where each call of a module is one time step."""


_running: ContextVar[Steps | _OneByOne | None] = ContextVar("what the unroll in this thread is doing", default=None)


def running() -> Steps | None:
    """Return the steps that ``unroll`` is now sending through a network at once, None outside of it."""
    return steps if isinstance(steps := _running.get(), Steps) else None


def stepping() -> object | None:
    """Return what stands for the pass in which ``unroll`` is now calling modules step by step, None outside of it."""
    return now if isinstance(now := _running.get(), _OneByOne) else None


@contextmanager
def _run(steps: Steps | _OneByOne) -> Iterator[None]:
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
    and what a still input meets before the first module with state is computed once, not T times, unless random numbers
    are drawn there. A batch normalisation that is training therefore takes its mean and variance over all T·N samples,
    as SpikingJelly's multi-step mode does, and so does whatever else mixes the samples of a batch.
    The loop itself is taken where a module of somebody else keeps a state: it has a ``reset()``, or its attributes
    changed in the call.

    Args:
        net: any module whose layers keep the batch as the first dimension. Call ``reset_net`` before new data.
        x: a sequence [T, N, …], or with ``T`` given a still input [N, …]; spikes may be bool.
        T: number of steps for a still input.

    Shapes:
        returns [T, N, …].

    Raises:
        TypeError: x is not a tensor, T is not a whole number, or the network does not return one tensor.
        ValueError: T < 1, an input without the dimensions above, a layer that moves the batch dimension, or a still
            input with a skip connection around the first module with state.
        RuntimeError: under ``torch.jit.trace``; parts of the network in other threads (``nn.DataParallel``), or
            computed again in the backward pass (``torch.utils.checkpoint``) from a state that is no longer there.
    """
    x, T = _checked(x, T)
    parts = survey.Parts(net)
    if parts.must_be_stepped:
        return _loop(net, T, x)
    if not parts.may_surprise:
        return _at_once(net, T, parts, x)
    if parts.listened:  # what was heard cannot be taken back
        return chosen(net, x, T)(x)
    trial = survey.Trial(parts, x.device)
    y = _tried(net, T, parts, x, trial)
    if torch.is_tensor(y):
        return y
    trial.undo()
    return _loop(net, T, x) if y == "loop" or T is None else unroll(net, x.expand(T, *x.shape))


def chosen(net: nn.Module, x: torch.Tensor, T: int | None = None) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return ``unroll`` of ``net`` for inputs like ``x`` as a function that calls every module for the first time.

    What has to be tried is tried now, unheard by hooks and monitors, and taken back; so whoever counts calls, or puts
    something of his own into the network, does it before he calls the function.
    """
    x, T = _checked(x, T)
    parts = survey.Parts(net)
    if parts.must_be_stepped:
        return partial(_loop, net, T)
    if parts.may_surprise:
        trial = survey.Trial(parts, x.device)
        with listeners.deaf(parts.modules):
            y = _tried(net, T, parts, x, trial)
        trial.undo()
        if isinstance(y, str):
            if y == "loop" or T is None:
                return partial(_loop, net, T)
            times = T
            run = chosen(net, x.expand(times, *x.shape))
            return lambda x: run(x.expand(times, *x.shape))
    return partial(_at_once, net, T, parts)


def _tried(net: nn.Module, T: int | None, parts: survey.Parts, x: torch.Tensor, trial: survey.Trial):
    """Run all steps at once; return the result, or "loop" or "each its own input" where it may not be the loop's."""
    try:
        y = _at_once(net, T, parts, x, None if T is None else trial)
    except survey.Drew:
        return "each its own input"
    except Exception as error:
        if isinstance(error, SkipError) or not parts.unknown:
            raise
        return "loop"
    return "loop" if trial.state_changed() else y


class SkipError(ValueError):
    """A still input that meets its own steps again."""


def _at_once(
    net: nn.Module, T: int | None, parts: survey.Parts, x: torch.Tensor, watch: survey.Trial | None = None
) -> torch.Tensor:
    steps = Steps(x.shape[0], x.shape[1], watch) if T is None else Steps(T, x.shape[0], watch)
    if parts.stateful and parts.stateful[0] is net:  # nothing on the way
        return _numbers(_through(net, x, T), x)
    with _run(steps), parts.lent():
        try:
            y = _tensor(net, net(x.flatten(0, 1) if T is None else x))
        except RuntimeError as error:
            if T is None or not survey.joins(str(error), steps.N, steps.T * steps.N):
                raise
            raise SkipError(
                f"{error} A still input stays one batch of N until the first module with state; where the network joins"
                " what comes before that module to what comes after it, run unroll(net, x.expand(T, *x.shape)) instead."
            ) from error
    steps.still(y)
    return steps.split(y)


def _loop(net: nn.Module, T: int | None, x: torch.Tensor) -> torch.Tensor:
    with _run(_OneByOne()):
        return stepped(net, x if T is None else x.expand(T, *x.shape))


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
    y_seq = _through(module, x, steps.T) if steps.still(x) else _through(module, steps.split(x), None)
    return _numbers(y_seq, x).flatten(0, 1)


def _through(module: Any, x: torch.Tensor, T: int | None) -> torch.Tensor:
    """Run a sequence, or with T a still input, through a module with state (Stateful); what is inside it is stepped."""
    with _run(_OneByOne()):
        if watched(module):
            return stepped(module, x if T is None else x.expand(T, *x.shape))
        return module.sequence(x) if T is None else module.still(x, T)


def _numbers(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Spikes as numbers, because the layers that follow multiply."""
    return y.to(x.dtype) if y.dtype == torch.bool else y


def stepped(module: nn.Module, x_seq: torch.Tensor) -> torch.Tensor:
    """Return module(x_seq[0]), module(x_seq[1]), … as [T, N, …]: the loop that everything else is measured by."""
    return torch.stack([_tensor(module, module(x)) for x in x_seq])


def watched(module: nn.Module) -> bool:
    """Whether somebody (a Monitor) listens to each call of the module."""
    hooks = module._forward_hooks, module._forward_pre_hooks, module._backward_hooks, module._backward_pre_hooks
    return any(hooks) or bool(listeners.of(module))


def _checked(x: torch.Tensor, T: int | None) -> tuple[torch.Tensor, int | None]:
    if not torch.is_tensor(x):
        raise TypeError(f"unroll takes a tensor, got {type(x).__name__}: use torch.as_tensor(…).")
    if torch.jit.is_tracing():
        raise RuntimeError(
            "torch.jit.trace cannot follow unroll: it would freeze the state, the number of steps and the fast path as "
            "they are now. Use torch.export.export(net, (x,), strict=False) on a module whose forward calls "
            "reset_net, then unroll, then reset_net."
        )
    if T is None and x.dim() < 2:
        raise ValueError(f"unroll takes a sequence [T, N, …] (or a still [N, …] with T=…), got {tuple(x.shape)}.")
    if T is not None and x.dim() < 1:
        raise ValueError("unroll needs an input [N, …], got a single number.")
    return x if x.dtype != torch.bool else as_numbers(x), None if T is None else whole("T", T, at_least=1)


def _tensor(net: nn.Module, y: object) -> torch.Tensor:
    if not torch.is_tensor(y):
        raise TypeError(f"unroll needs a network that returns one tensor, but {type(net).__name__} returned {type(y)}.")
    return y
