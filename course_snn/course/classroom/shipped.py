"""What of an exercise goes into the sandbox: how an answer is tried and on which cases, not what is right or wrong.

The modules of the exercises cannot be seen in there. Functions and classes of theirs that trying an answer takes are
sent as they are, with nothing of their modules but what they read.
"""

from __future__ import annotations

import base64
import functools
import io
import math
import sys
import threading
from dataclasses import dataclass

import cloudpickle

from course_snn.course import exercises, judge
from course_snn.course.classroom.hidden import tested
from course_snn.course.exercise import Exercise

JUDGING = threading.RLock()  # the judge runs our own functions, which set things for the whole process
_LIBRARIES = {"numba", "numpy", "scipy", "spikingjelly", "torch", "torchvision"}
_CACHED = type(functools.cache(len))
_modules: set[str] = set()  # that solutions have loaded since the program began


@dataclass(frozen=True)
class Shipped:
    """An exercise without its solution.

    Args:
        exercise: its id.
        content: id, cases and run, for `trying.opened`; text that JSON can carry.
        seconds: how long an answer may take in one case.
        cases: how many there are.
        modules: what is best loaded before, once for all answers.
    """

    exercise: str
    content: str
    seconds: float
    cases: int
    modules: tuple[str, ...]


def shipped(name: str, hidden: str, seed: str = "", student: str = "") -> Shipped:
    """Return what goes into the sandbox; the arguments are those of `hidden.tested`.

    Raises:
        BrokenExercise: the course's own solution fails.
    """
    with JUDGING:
        return _shipped(tested(name, hidden, seed, student))


class _Pickler(cloudpickle.CloudPickler):
    def reducer_override(self, obj: object) -> object:
        if isinstance(obj, _CACHED) and obj.__module__.startswith(exercises.__name__):  # else pickled by its name
            return functools.cache, (obj.__wrapped__,)
        return super().reducer_override(obj)


@functools.lru_cache(maxsize=1024)
def _shipped(exercise: Exercise) -> Shipped:
    before = set(sys.modules)
    seconds = judge.limit(exercise)
    _modules.update(module for module in set(sys.modules) - before if module.partition(".")[0] in _LIBRARIES)
    cloudpickle.register_pickle_by_value(exercises)
    try:
        _Pickler(content := io.BytesIO()).dump((exercise.id, exercise.cases, exercise.run))
    finally:
        cloudpickle.unregister_pickle_by_value(exercises)
    text = base64.b64encode(content.getvalue()).decode("ascii")
    return Shipped(exercise.id, text, float(math.ceil(seconds)), len(exercise.cases), tuple(sorted(_modules)))
