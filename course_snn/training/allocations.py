"""Every piece of memory that torch takes and gives back on the CPU while a function runs."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from torch.profiler import ProfilerActivity, profile, record_function

os.environ.setdefault("KINETO_LOG_LEVEL", "5")  # the profiler would write that it found no GPU
MARK = "course_snn: second call"


def measured(step: Callable[[], object]) -> int:
    """Return how much memory a training step takes at its peak, in bytes: all that it makes, also in the call before.

    The step is called twice and the second call is measured; counted is each tensor on the CPU that a call made and
    that was not yet given back: what autograd keeps, states, gradients (also those the first call left), intermediate
    results. What was there before (parameters, data, the state of an optimizer that has stepped) is not counted, nor
    is what a compiled library takes past torch. The same step gives the same number.

    Args:
        step: a function without arguments, such as one batch forward, backward and ``optimizer.step()``.

    Raises:
        TypeError: ``step`` cannot be called.
    """
    return max(levels(step))


def levels(step: Callable[[], object]) -> list[int]:
    """Return the bytes that are alive at the start of the second of two calls of ``step``, and after each change."""
    if not callable(step):
        raise TypeError(f"measured takes a function that runs one training step, got {type(step).__name__}.")
    with warnings.catch_warnings(), _mute():
        warnings.simplefilter("ignore")  # of a profiler that shows one cycle only, which is what is wanted
        with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
            step()
            with record_function(MARK):
                step()
    assert seen.profiler is not None and seen.profiler.kineto_results is not None
    events = list(_flat(seen.profiler.kineto_results.experimental_event_tree()))
    start = next(event.start_time_ns for event in events if event.name == MARK)
    return _alive(events, start)


def _alive(events: list[Any], start: int) -> list[int]:
    """The bytes alive from ``start`` on, of what was taken since the first event."""
    held, alive, found = {}, 0, [0]
    for event in sorted((e for e in events if e.tag.name == "Allocation"), key=lambda e: e.start_time_ns):
        what = event.typed[1]
        if what.device.type != "cpu":
            continue
        if what.alloc_size > 0:
            held[what.ptr] = what.alloc_size
        alive += what.alloc_size if what.alloc_size > 0 else -held.pop(what.ptr, 0)  # 0: taken before the first event
        if event.start_time_ns < start:
            found = [alive]
        else:
            found.append(alive)
    return found


@contextlib.contextmanager
def _mute() -> Iterator[None]:
    """No lines from C++ within the block: torch notes there that something older than the profile was given back."""
    try:
        screen, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # a process without a screen
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(screen, 2)
        os.close(screen)
        os.close(nowhere)


def _flat(events: list[Any]) -> Iterator[Any]:
    for event in events:
        yield event
        yield from _flat(event.children)
