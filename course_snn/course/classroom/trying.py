"""Inside the sandbox: an answer is put together from its cells, tried, and told about; it is not judged here."""

from __future__ import annotations

import ast
import base64
import contextlib
import importlib
import json
import linecache
import os
import pickle
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from course_snn import course
from course_snn.course import judge
from course_snn.course.explain import describe

_SILENT = ("begin", "check", "require", "hint", "solution", "record", "overview", "examine")
Say = Callable[[dict], None]


class _Beating:
    """The ``run`` of an exercise that says when a case begins."""

    say: Say | None = None

    def __init__(self, run: Callable) -> None:
        self._run = run

    def __call__(self, answer: Callable, *case: object) -> object:
        if _Beating.say:
            _Beating.say({"case": True})
        return self._run(answer, *case)


@dataclass(frozen=True)
class Opened:
    """What of an exercise is here: its id, the cases, and how an answer is tried."""

    id: str
    cases: tuple[tuple, ...]
    run: Callable


def opened(content: str) -> Opened:
    """Return what `shipped.shipped` packed."""
    return Opened(*pickle.loads(base64.b64decode(content)))


class Tester:
    """Tries answers; what is loaded for one exercise serves all answers to it.

    Args:
        setup: {"chapters": {"01": code of its first cell}, "limits": {…}, "sandbox": whether it is in one}.
    """

    def __init__(self, setup: dict) -> None:
        for name in _SILENT:
            setattr(course, name, _nothing)
        torch.set_num_threads(1)
        if setup["sandbox"]:
            read_loops()
        self._limits, self._begins = setup["limits"], setup["chapters"]
        self._names: dict[str, dict] = {}

    def ready(self, chapter: str, modules: Sequence[str]) -> None:
        """Import what a chapter uses, and what its answers will: once, for all that come."""
        if chapter not in self._names:
            self._names[chapter] = {"__name__": "__main__", "display": _nothing}
            exec(compile(self._begins[chapter], f"<begin {chapter}>", "exec"), self._names[chapter])
        for module in set(modules) - set(sys.modules):
            with contextlib.suppress(Exception):
                importlib.import_module(module)

    def run(self, job: dict, write: Callable[[bytes], object]) -> None:
        """Try an answer and say what happened, one JSON object a line.

        Args:
            job: {"exercise": as it was shipped, "seconds" for a case, "chapter", "needs", "code", "answer"}.
            write: where a line goes.
        """

        def say(message: dict) -> None:
            write(json.dumps(message).encode() + b"\n")

        exercise = opened(job["exercise"])
        exercise = replace(exercise, run=_Beating(exercise.run))
        torch.manual_seed(0)
        random.seed(0)
        np.random.seed(0)
        names = dict(self._names[job["chapter"]])
        for cell, code in job["needs"]:
            _execute(code, f"<{cell}>", names)
        file = "<answer>"
        error = _execute(job["code"], file, names)
        try:
            answer = eval(job["answer"], names)
        except BaseException as missing:
            say({"broken": describe(error or missing, lambda name: name == file)})
            return
        if not callable(answer):
            say({"uncallable": True})
            return
        say({"defined": True})
        _Beating.say = say
        say({"outcomes": judge.attempt_within(job["seconds"], exercise, answer, self._limits["patience"])})


def read_loops() -> None:
    """Let numba take the loops that the machine has compiled where it cannot write; new ones are not kept."""
    from numba.core import caching

    caching._CacheLocator.ensure_cache_path = _nothing
    caching.Cache.save_overload = _nothing


def _nothing(*values: object, **named: object) -> None:
    """Stand in for what a cell says to a learner."""


def _execute(code: str, file: str, names: dict) -> BaseException | None:
    """Run a cell statement by statement; returns the first error, after which the next statements are still run."""
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    try:
        statements = ast.parse(code, file).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error
    first = None
    for statement in statements:
        try:
            exec(compile(ast.Module([statement], []), file, "exec"), names)
        except BaseException as error:  # also SystemExit
            first = first or error
    return first


def writer(descriptor: int) -> Callable[[bytes], object]:
    """Return a function that writes all of a line to a pipe."""

    def write(line: bytes) -> None:
        while line:
            line = line[os.write(descriptor, line) :]

    return write
