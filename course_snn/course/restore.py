"""What an answer changes for the whole process is put back."""

import builtins
import contextlib
import gc
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch._tensor_str import PRINT_OPTS


@contextlib.contextmanager
def restored() -> Iterator[None]:
    """Put back, after the block, what code can set for the whole process.

    That is: the random numbers of Python, NumPy and torch, torch's default type, threads and strictness, how numbers
    are printed, the built-in functions, the recursion limit, the folder, the environment, the search path, stdin and
    stderr, the warnings shown, and whether garbage is collected.
    """
    before = [read() for read, _ in _SETTINGS]
    with warnings.catch_warnings():
        if any(action == "error" for action, *_ in warnings.filters):
            warnings.simplefilter("default")  # what an answer does is the same, whoever wants errors of warnings
        try:
            yield
        finally:
            for (read, put_back), value in zip(_SETTINGS, before, strict=True):
                if not _same(read(), value):
                    put_back(value)


def _same(now: object, before: object) -> bool:
    try:
        return bool(now == before)
    except (ValueError, RuntimeError):  # states of random numbers hold arrays, which have no one truth value
        return False


def _folder() -> str | None:
    with contextlib.suppress(OSError):  # a folder that was deleted under our feet
        return os.getcwd()
    return None


def _go_back(folder: str | None) -> None:
    if folder is not None:
        with contextlib.suppress(OSError):
            os.chdir(folder)


def _environment(before: dict[str, str]) -> None:
    for name in set(os.environ) - set(before):
        del os.environ[name]
    for name, value in before.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def _named(names: dict[str, object], before: dict[str, object]) -> None:
    for name in set(names) - set(before):
        del names[name]
    names.update(before)


def _streams(streams: tuple) -> None:
    sys.stdin, sys.stderr = streams


def _path(before: list[str]) -> None:
    sys.path[:] = before


_SETTINGS: tuple[tuple[Callable, Callable], ...] = (
    (torch.get_rng_state, torch.set_rng_state),
    (lambda: np.random.get_state(legacy=False), np.random.set_state),
    (random.getstate, random.setstate),
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.get_num_threads, torch.set_num_threads),
    (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    (np.get_printoptions, lambda options: np.set_printoptions(**options)),
    (lambda: vars(PRINT_OPTS).copy(), lambda options: vars(PRINT_OPTS).update(options)),
    (lambda: vars(builtins).copy(), lambda functions: _named(vars(builtins), functions)),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (_folder, _go_back),
    (lambda: dict(os.environ), _environment),
    (lambda: list(sys.path), _path),
    (lambda: (sys.stdin, sys.stderr), _streams),
    (gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
)
