"""Judges the text of an answer in the page: one call for each check."""

import json
import linecache
import math

from course_snn.course.exercise import find
from course_snn.course.explain import describe, explained, meaning
from course_snn.course.guard import ANSWER, call, is_cell
from course_snn.course.judge import judge
from course_snn.course.verdict import ERROR, WRONG, Verdict
from course_snn.language import tr


def judged(name: str, source: str) -> str:
    """Return the verdict on an answer as JSON: {"passed", "html"}."""
    exercise = find(name)
    verdict = _verdict(exercise, source)
    return json.dumps({"passed": verdict.passed, "html": verdict._repr_html_()})


def _verdict(exercise, source: str) -> Verdict:
    linecache.cache[ANSWER] = (len(source), None, source.splitlines(True), ANSWER)  # for the line of an error
    cell = {"__name__": "__main__", "math": math}
    begun = call(lambda: exec(compile(source, ANSWER, "exec"), cell))
    if isinstance(begun.value, BaseException):
        error = describe(begun.value, lambda file: is_cell(file, frozenset()))
        if isinstance(begun.value, SyntaxError):
            error |= {"line": begun.value.lineno, "source": (begun.value.text or "").strip()}
        return Verdict.on(exercise, ERROR, explained(error, meaning(error, exercise.call)), printed=begun.printed)
    answer = cell.get(exercise.name)
    if not callable(answer):
        reason = tr(
            f"找不到函数 {exercise.name}：名字不要改。", f"There is no function {exercise.name}: keep its name."
        )
        return Verdict.on(exercise, WRONG, reason, printed=begun.printed)
    return judge(exercise, answer)
