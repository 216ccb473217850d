"""Networks over time: reset them, run them step by step or all steps at once."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import partial

import torch
from torch import nn

from course_snn import listeners, snapshot, survey
from course_snn.arguments import as_numbers, whole
from course_snn.steps import (
    OneByOne,
    Steps,
    numbers,
    one_tensor,
    over_time,
    run,
    running,
    stepped,
    stepping,
    through,
    travels,
    watched,
)  # fmt: skip

__all__ = [
    "SkipError", "Steps", "chosen", "detach_net", "over_time", "reset_net", "running", "stepped", "stepping", "travels",
    "unroll", "watched",
]  # fmt: skip


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
            for name, value in held.items():
                if name not in snapshot.PLAIN:
                    held[name] = snapshot.cut(value)


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
    if torch.compiler.is_dynamo_compiling():
        return torch.compiler.disable(unroll)(net, x, T)  # contexts and random numbers break its graph anyway
    x, T = _checked(x, T)
    parts = _parts(net, T, x)
    if parts.must_be_stepped:
        return _loop(net, T, x)
    if not parts.may_surprise:
        return _at_once(net, T, parts, x)
    if T is not None and x.shape[0] == 1 and not survey.in_team():  # it goes through a sum with its steps silently
        return unroll(net, x.expand(T, *x.shape))
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
    parts = _parts(net, T, x)
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


def _parts(net: nn.Module, T: int | None, x: torch.Tensor) -> survey.Parts:
    """Return what the network is made of; where it holds modules of somebody else, after a first meeting with it."""
    parts = survey.Parts(net)
    first = parts.unknown and not parts.shared_out  # what FSDP shared out cannot be copied: there each call is tried
    if first and not parts.must_be_stepped and not parts.met(T is None):
        parts.must_be_stepped = not _agrees(net, T, x)
        parts.meet(T is None)
    return parts


def _agrees(net: nn.Module, T: int | None, x: torch.Tensor) -> bool:
    """Whether copies of the network give the same for its first steps, all at once and in the loop, and are left alike.

    What a state hides in, or who reads the state of our neurons meanwhile, cannot all be seen. In eval mode, since the
    statistics of a batch normalisation in training are not those of the loop. Where random numbers are drawn nothing
    can be said, and so nothing against it; where no copy can be made, or run at once, it has to be the loop.
    """
    few = min(3, T or len(x))
    T, x = (None, x[:few]) if T is None else (few, x)
    dice = survey.Trial(survey.Parts(net), x.device)
    left = []
    try:
        for way in (_at_once, _loop):
            twin = snapshot.copy_of(net).eval()
            parts = survey.Parts(twin)
            with torch.no_grad(), listeners.deaf(parts.modules):
                y = _at_once(twin, T, parts, x) if way is _at_once else _loop(twin, T, x)
            left.append([y, *parts.states()])
    except (survey.Drew, SkipError):
        return True
    except Exception:
        return bool(left)  # in the loop something is wrong: it will be told there
    drew = dice.drew()
    dice.dice_back()
    return drew or survey.alike(*left)


def _tried(net: nn.Module, T: int | None, parts: survey.Parts, x: torch.Tensor, trial: survey.Trial):
    """Run all steps at once; return the result, or "loop" or "each its own input" where it may not be the loop's."""
    try:
        y = _at_once(net, T, parts, x, None if T is None else trial)
    except survey.Drew:
        return "each its own input"
    except Exception as error:
        if isinstance(error, SkipError) or not parts.unknown or survey.in_backward():
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
        return numbers(through(net, x, T), x)
    with run(steps), parts.lent():
        try:
            y = one_tensor(net, net(x.flatten(0, 1) if T is None else x))
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
    with run(OneByOne()):
        return stepped(net, x if T is None else x.expand(T, *x.shape))


def _checked(x: torch.Tensor, T: int | None) -> tuple[torch.Tensor, int | None]:
    if not torch.is_tensor(x):
        raise TypeError(f"unroll takes a tensor, got {type(x).__name__}: use torch.asone_tensor(…).")
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
