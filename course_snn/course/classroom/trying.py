"""Inside the sandbox: an answer is put together from its cells, tried, and told about; it is not judged here."""

from __future__ import annotations

import ast
import json
import linecache
import os
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import torch

from course_snn import course
from course_snn.course import judge
from course_snn.course.classroom.hidden import tested
from course_snn.course.exercise import Exercise
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


@lru_cache(maxsize=4096)
def _beating(name: str, hidden: str, seed: str, student: str) -> Exercise:
    exercise = tested(name, hidden, seed, student)
    return replace(exercise, run=_Beating(exercise.run))


class Tester:
    """Tries answers; what is loaded for one exercise serves all answers to it.

    Args:
        setup: {"chapters": {"01": code of its first cell}, "hidden": seed, "limits": {…}}.
    """

    def __init__(self, setup: dict) -> None:
        for name in _SILENT:
            setattr(course, name, _nothing)
        torch.set_num_threads(1)
        self._hidden, self._limits, self._begins = setup["hidden"], setup["limits"], setup["chapters"]
        self._names: dict[str, dict] = {}

    def ready(self, name: str) -> None:
        """Import what the chapter of an exercise uses, and run the solution: once, for all answers that come."""
        chapter = name[:2]
        if chapter not in self._names:
            self._names[chapter] = {"__name__": "__main__", "display": _nothing}
            exec(compile(self._begins[chapter], f"<begin {chapter}>", "exec"), self._names[chapter])
        judge.limit(_beating(name, self._hidden, "", ""))

    def patience(self, name: str) -> tuple[float, float, int]:
        """Return how long, in s, the cells and each case may take, and how many lines may be said."""
        exercise = _beating(name, self._hidden, "", "")
        return self._limits["cell"], judge.limit(exercise) + self._limits["grace"], 4 * len(exercise.cases) + 10

    def run(self, job: dict, write: Callable[[bytes], object]) -> None:
        """Try an answer and say what happened, one JSON object a line.

        Args:
            job: {"exercise", "chapter", "needs", "code", "answer", "seed", "student"}.
            write: where a line goes.
        """

        def say(message: dict) -> None:
            write(json.dumps(message).encode() + b"\n")

        exercise = _beating(job["exercise"], self._hidden, job["seed"], job["student"])
        judge.limit(exercise)  # before any of the learner's code
        torch.manual_seed(0)
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
        say({"outcomes": judge.attempt(exercise, answer)})


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
