"""The judgement on an answer in two steps: try it, which runs the learner's code; assess the outcomes, which does not.

Between the two lies plain data that JSON can carry, so that the first can happen in a process that nobody trusts.
"""

import contextlib
import copy
import inspect
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

from course_snn.course import guard
from course_snn.course.compare import Difference, brief, difference, same
from course_snn.course.contrast import contrast
from course_snn.course.exercise import Exercise, Finding, Trial
from course_snn.course.explain import describe, explained, is_unfinished, meaning
from course_snn.course.late import out_of_time
from course_snn.course.likeness import likeness
from course_snn.course.overlay import overlay
from course_snn.course.plain import decode, encode
from course_snn.course.verdict import ERROR, PASSED, TIMEOUT, UNFINISHED, WRONG, Verdict
from course_snn.language import Label, tr

SLACK = 30.0  # an answer may take so many times as long as the solution
PATIENCE = 120.0  # limit of our own functions, in s
NOT_STARTED = tr("还没开始：把 ... 换成你的代码。", "Not started yet: replace the ... by your code.")
A_REST = tr("还没写完：代码里还留着 ...。", "Not finished: a ... still stands in the code.")
NO_RESULT = tr(
    "还没有结果：函数返回了 None。把代码写完，别忘了 return。",
    "No result yet: the function returned None. Write the code, and remember return.",
)
NONE_HERE = tr(
    "这种情况下函数返回了 None：是不是有一条路没有走到 return？",
    "In this case the function returned None: is there a way through it that misses the return?",
)


class BrokenExercise(RuntimeError):
    """The course's own solution fails on a case: a fault of the course, not of the learner."""


class _Fault(NamedTuple):
    """What is wrong with one case."""

    state: str
    reason: Label
    found: Difference | None = None
    named: bool = True  # the reason names the cause, and not only the place


def judge(exercise: Exercise, answer: Callable) -> Verdict:
    """Return the verdict on ``answer``: every case is tried, the first that fails is told."""
    return assess(exercise, attempt(exercise, answer))


def attempt(exercise: Exercise, answer: Callable) -> dict:
    """Return what ``answer`` does on each case of an exercise, as data that `json.dumps` takes.

    The solution goes first: what it needs is then loaded, and how long it takes says how long an answer may take.

    Args:
        exercise: the exercise; `course.varied.varied` gives one with further cases.
        answer: the learner's function or class.

    Raises:
        BrokenExercise: the solution fails.
    """
    return attempt_within(limit(exercise), exercise, answer)


def limit(exercise: Exercise) -> float:
    """Return how long, in s, an answer may take in one case; the solution is run for it the first time.

    Raises:
        BrokenExercise: the solution fails.
    """
    return max(exercise.seconds, SLACK * max(tried["seconds"] for tried in _reference(exercise)))


def assess(exercise: Exercise, outcomes: dict) -> Verdict:
    """Return the verdict on the outcomes of an attempt.

    Args:
        exercise: the exercise that was tried, with the same cases.
        outcomes: what `attempt` returned, perhaps by way of JSON.

    Raises:
        BrokenExercise: the solution fails.
        ValueError: the outcomes are not those of an attempt at this exercise.
    """
    tries = _checked(exercise, outcomes)
    printed = next((tried["printed"] for tried in tries if tried["printed"]), "")
    if all(_is_stub(tried) for tried in tries):
        return Verdict.on(exercise, UNFINISHED, NOT_STARTED, printed=printed)
    if tries[-1]["timed_out"]:
        return Verdict.on(exercise, TIMEOUT, out_of_time(tries[-1]), _call(exercise, len(tries) - 1), printed=printed)
    wants = [decode(tried["value"]) for tried in _reference(exercise)]
    for number, (tried, want) in enumerate(zip(tries, wants, strict=True)):
        if fault := _fault(exercise, tried, want):
            better = _named(exercise, tries) or _general(exercise, tries, wants)
            reason, named = better or fault.reason, bool(better) or fault.named
            picture = _picture(exercise, tries, wants, number) if fault.found else ""
            return Verdict.on(
                exercise, fault.state, reason, _call(exercise, number), fault.found, printed, named, picture
            )
    return Verdict.on(exercise, PASSED, tr("通过。", "Passed."))


def attempt_within(seconds: float, exercise: Trial, answer: Callable, patience: float = 1.0) -> dict:
    """Return what `attempt` does, without the solution: somebody else knows how long an answer may take.

    Args:
        seconds: limit of the answer's own time in one case, in s.
        exercise: an exercise, or what is left of it where nobody may look at the solution.
        answer: the learner's function or class.
        patience: see `guard.call`.
    """
    files, tries = _files(answer), []
    is_cell = partial(guard.is_cell, files=files)
    for case in exercise.cases:
        outcome = guard.call(lambda case=case: _try(exercise, answer, case, is_cell), seconds, files, patience)
        out = {"timed_out": outcome.timed_out, "seconds": outcome.seconds, "printed": outcome.printed}
        if outcome.timed_out:
            out |= {"stuck": outcome.stuck, "endless": outcome.endless, "line": outcome.line, "limit": seconds}
        elif isinstance(outcome.value, dict):
            out |= outcome.value
        else:  # an error in what surrounds the answer: memory, above all
            out["error"] = describe(outcome.value, is_cell)
        tries.append(out)
        if outcome.timed_out:
            break
    return {"exercise": exercise.id, "tries": tries}


def _try(exercise: Trial, answer: Callable, case: tuple, is_cell: Callable[[str], bool]) -> dict:
    """Try one case, in the thread of the answer; whatever belongs to the answer is turned into data there."""
    arguments = copy.deepcopy(case)
    try:
        value = exercise.run(answer, *arguments)
    except Finding as finding:
        return {"finding": [finding.zh, finding.en]}
    except guard.OutOfTime:
        raise
    except BaseException as error:  # also SystemExit and KeyboardInterrupt
        return {"error": describe(error, is_cell)}
    changed = [k for k, (now, before) in enumerate(zip(arguments, case, strict=True)) if encode(now) != encode(before)]
    return {"value": encode(value), "changed": changed}


@lru_cache(maxsize=256)
def _reference(exercise: Exercise) -> list[dict]:
    tries = attempt_within(PATIENCE, exercise, exercise.solution)["tries"]
    if tries[-1]["timed_out"] or any("value" not in tried for tried in tries):
        raise BrokenExercise(
            tr(
                f"{exercise.id} 的参考答案自己没有通过：这是课程的错，不是你的，请报告给我们：{tries[-1]}",
                f"the course's own solution of {exercise.id} fails: not your fault, please report it: {tries[-1]}",
            )
        )
    return tries


def _files(answer: Callable) -> frozenset[str]:
    """Return the names of the files, or cells, that hold the code of a function or class."""
    parts = [answer, *vars(answer).values()] if inspect.isclass(answer) else [answer]
    codes = [getattr(part, "__code__", None) for part in parts]
    return frozenset(code.co_filename for code in codes if code is not None)


def _checked(exercise: Exercise, outcomes: dict) -> list[dict]:
    """Return the tries; they may come from a process that writes what it likes."""
    with contextlib.suppress(TypeError, KeyError, AttributeError, IndexError):
        tries = outcomes["tries"]
        ended = len(tries) == len(exercise.cases) or (len(tries) < len(exercise.cases) and tries[-1]["timed_out"])
        early = any(tried["timed_out"] for tried in tries[:-1])
        if outcomes["exercise"] == exercise.id and ended and not early and all(map(_is_try, tries)):
            return tries
    raise ValueError(f"these are not the outcomes of an attempt at {exercise.id}; give what attempt() returned.")


def _is_try(tried: dict) -> bool:
    """Whether every entry that a verdict reads is there, and of its type."""
    if not isinstance(tried["printed"], str) or type(tried["timed_out"]) is not bool:
        return False
    if tried["timed_out"]:
        numbers = all(isinstance(tried[key], (int, float)) for key in ("seconds", "limit"))
        return numbers and isinstance(tried["line"], str) and {"stuck", "endless"} <= set(tried)
    if "error" in tried:
        error = tried["error"]
        texts = [*error["types"], error["text"], error["source"]]
        return bool(error["types"]) and all(isinstance(text, str) for text in texts) and "line" in error
    if "finding" in tried:
        return [type(text) for text in tried["finding"]] == [str, str]
    return "value" in tried and isinstance(tried["changed"], list)


def _fault(exercise: Exercise, tried: dict, want: object) -> _Fault | None:
    if "finding" in tried:
        return _Fault(WRONG, Label(*tried["finding"]))
    if "error" in tried:
        if is_unfinished(tried["error"]):
            return _Fault(UNFINISHED, A_REST)
        known = meaning(tried["error"], exercise.call)
        return _Fault(ERROR, explained(tried["error"], known), named=known is not None)
    got = decode(tried["value"])
    if got is ... or (isinstance(got, (list, tuple)) and any(part is ... for part in got)):
        return _Fault(UNFINISHED, A_REST)
    found = difference(got, want, exercise.tolerance, exercise.exact)
    if found:
        return _Fault(WRONG, NONE_HERE, found) if got is None else _Fault(WRONG, found.text, found, named=False)
    if exercise.keeps and tried["changed"]:
        return _Fault(WRONG, _changed(exercise, tried["changed"][0]))
    return None


def _picture(exercise: Exercise, tries: list[dict], wants: list, told: int) -> str:
    """Return a picture of the case that is told, else of the next wrong one that makes a picture; "" if none does."""
    for number in range(told, len(wants)):
        got = decode(tries[number]["value"]) if "value" in tries[number] else None
        if found := contrast(got, wants[number], exercise.tolerance, exercise.exact):
            return overlay(found, "" if number == told else _call(exercise, number))
    return ""


def _general(exercise: Exercise, tries: list[dict], wants: list) -> Label | None:
    """Return what can be said from all cases together, if all of them gave a value."""
    if any("value" not in tried for tried in tries):
        return None
    got = [decode(tried["value"]) for tried in tries]
    if all(value is None for value in got):
        return NO_RESULT
    return likeness(got, wants, exercise.cases, exercise.tolerance)


def _named(exercise: Exercise, tries: list[dict]) -> Label | None:
    """Return the message of the mistake that does on every case what the answer did."""
    for mistake, others in zip(exercise.mistakes, _of_mistakes(exercise), strict=True):
        if len(others) == len(tries) and all(
            _alike(exercise, one, other) for one, other in zip(tries, others, strict=True)
        ):
            return tr(mistake.zh, mistake.en)
    return None


@lru_cache(maxsize=256)
def _of_mistakes(exercise: Exercise) -> list[list[dict]]:
    """Return what each mistake does on each case: ours, and therefore all in one thread."""

    def tried() -> list[list[dict]]:
        wrong = [mistake.wrong for mistake in exercise.mistakes]
        return [[_try(exercise, answer, case, lambda file: False) for case in exercise.cases] for answer in wrong]

    found = guard.call(tried, PATIENCE).value
    return found if isinstance(found, list) else [[] for _ in exercise.mistakes]


def _alike(exercise: Exercise, one: dict, other: dict) -> bool:
    if "value" in one and "value" in other:
        if exercise.keeps and one["changed"] != other["changed"]:
            return False
        return same(decode(one["value"]), decode(other["value"]), exercise.tolerance, exercise.exact)
    if "error" in one and "error" in other:
        return one["error"]["types"] == other["error"]["types"]
    return "finding" in one and one.get("finding") == other.get("finding")


def _is_stub(tried: dict) -> bool:
    return tried.get("value") == {"ellipsis": True}


def _call(exercise: Exercise, number: int) -> str:
    return f"{exercise.name}({', '.join(map(brief, exercise.cases[number]))})"


def _changed(exercise: Exercise, number: int) -> Label:
    names = list(inspect.signature(exercise.solution).parameters)
    name = names[number] if number < len(names) else f"{number + 1}"
    return tr(
        f"参数 {name} 被就地改掉了：结果要放在新的对象里，参数保持原样。",
        f"The argument {name} was changed in place: put the result into a new object and leave the argument as it is.",
    )
