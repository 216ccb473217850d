"""From what came out of a sandbox, where anybody may have written it, to a mark."""

from __future__ import annotations

import json
import re

from course_snn.course import judge
from course_snn.course.classroom.hidden import tested
from course_snn.course.classroom.marks import ERROR, KILLED, TIMEOUT, WRONG, Mark
from course_snn.course.classroom.sandbox import Tried
from course_snn.course.explain import explained, meaning
from course_snn.course.lesson import not_callable
from course_snn.language import Label, tr

_KILLED = {
    "ended": ("答案结束了自己的进程（例如 os._exit，或崩溃）", "the answer ended its process (os._exit, or a crash)"),
    "lost": ("答案连同批改的进程一起结束了", "the answer ended the process that grades"),
    "memory": ("用了太多内存", "took too much memory"),
    "processes": ("开了太多进程", "started too many processes"),
    "disk": ("写了太多文件", "wrote too much to the disk"),
    "output": ("返回或写出了太多数据", "gave back too much data"),
}
LONGEST = 1000  # characters of a reason
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
FORGED = ("结果不是这道题的答案能写出来的", "its outcomes are none that an answer to this exercise gives")
_LATE = (
    "超时了，也无法打断：死循环，或者一次调用要算很久",
    "Out of time, and could not be interrupted: an endless loop, or one call that takes very long",
)


def decide(name: str, hidden: str, variant: dict[str, str], tried: Tried) -> tuple[Mark, list[Label]]:
    """Return the mark on an answer, and flags; runs none of the learner's code.

    Values are compared here, with those of the solution: who writes "passed" into the outcomes gains nothing, and who
    writes the outcomes by hand must know every right value. Outcomes that come twice, or of other cases, are refused.

    Args:
        name: id of the exercise.
        hidden: seed of the hidden cases.
        variant: "seed" and "student", for each student's own cases.
        tried: what came out.
    """
    try:
        messages = [json.loads(line) for line in tried.lines]
        told = [message for message in messages if not {"case", "defined"} & set(message)]
    except (ValueError, RecursionError, TypeError):
        return _forged(name)
    if len(told) > 1:
        return _forged(name)
    if tried.why == "timeout":
        return Mark.of(TIMEOUT, tr(*_LATE)), []
    if tried.why != "ended" or not told:
        return Mark.of(KILLED, tr(*_KILLED[tried.why])), []
    return _told(name, hidden, variant, told[0])


def _told(name: str, hidden: str, variant: dict[str, str], message: dict) -> tuple[Mark, list[Label]]:
    exercise = tested(name, hidden, variant["seed"], variant["student"])
    try:
        if "broken" in message:
            known = meaning(message["broken"], exercise.call)
            return _mark(ERROR, explained(message["broken"], known), known is not None), []
        if "uncallable" in message:
            return Mark.of(WRONG, not_callable(exercise), True), []
        verdict = judge.assess(exercise, _repeatable(message["outcomes"]))
        return _mark(verdict.state, verdict.reason, verdict.named and not verdict.passed), []
    except judge.BrokenExercise:
        raise
    except Exception:  # whoever wrote this can have written anything
        return _forged(name)


def _mark(state: str, reason: Label, named: bool) -> Mark:
    """Return a mark; of the reason, which may hold what an answer wrote, as much as can be read, the same each time."""
    zh, en = (_ADDRESS.sub("0x…", text[:LONGEST]) for text in (reason.zh, reason.en))
    return Mark(state, zh, en, named)


def _repeatable(outcomes: dict) -> dict:
    """Return the outcomes without what differs from run to run: where exactly, and when, an answer was stopped."""
    *tries, last = outcomes["tries"]
    if last["timed_out"]:
        last = last | {"line": "", "endless": False, "stuck": False, "seconds": 0.0}
    return outcomes | {"tries": [*tries, last]}


def _forged(name: str) -> tuple[Mark, list[Label]]:
    return Mark.of(WRONG, tr(*FORGED)), [tr(f"{name}：{FORGED[0]}", f"{name}: {FORGED[1]}")]
