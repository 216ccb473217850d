"""Exercises that check themselves: the learner's function against the solution, on the spot, in both languages.

An exercise is one entry of ``course_snn/course/exercises/chNN.py``. Its expected answers are computed by its solution;
its likely mistakes are wrong functions, so that an answer that equals one of them can be named.
"""

import importlib
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from course_snn.course import guard, progress
from course_snn.course.compare import difference
from course_snn.course.record import append
from course_snn.course.verdict import Verdict, show
from course_snn.language import Label, tr


@dataclass(frozen=True)
class Mistake:
    """A likely wrong answer: the function that makes it, and what to tell the learner, in both languages."""

    wrong: Callable
    zh: str
    en: str


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Args:
        id: chapter and name, for example "01.euler_step".
        solution: a function or class that is right; its source is what the learner sees in the end.
        cases: argument tuples to try, the telling ones first.
        mistakes: at least three likely wrong answers.
        hints: three (zh, en) pairs, each saying more than the one before.
        run: how to try an answer on a case, ``run(answer, *case)``; calls it by default.
        tolerance: largest absolute and relative error that still counts as equal.
        seconds: time limit of one case.
    """

    id: str
    solution: Callable
    cases: tuple[tuple, ...]
    mistakes: tuple[Mistake, ...]
    hints: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
    run: Callable = lambda answer, *case: answer(*case)
    tolerance: float = 1e-4
    seconds: float = 2.0

    @property
    def name(self) -> str:
        """What the learner's function or class is called."""
        return self.solution.__name__

    @property
    def source(self) -> str:
        """The source of the solution."""
        return textwrap.dedent(inspect.getsource(self.solution)).rstrip()


def chapter_exercises(chapter: str) -> tuple[Exercise, ...]:
    """Return the exercises of a chapter ("01"), in the order of the notebook; none if the chapter has none."""
    module = f"course_snn.course.exercises.ch{chapter}"
    try:
        return importlib.import_module(module).EXERCISES
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return ()


def find(exercise_id: str) -> Exercise:
    """Return the exercise of that id.

    Raises:
        KeyError: no such exercise; lists those of the chapter.
    """
    exercises = chapter_exercises(str(exercise_id)[:2])
    for exercise in exercises:
        if exercise.id == exercise_id:
            return exercise
    known = ", ".join(exercise.id for exercise in exercises) or "none in this chapter"
    raise KeyError(f"no exercise {exercise_id!r}; there are: {known}.")


def solution_source(exercise_id: str) -> str:
    """Return the source of the solution, ready to stand in a cell."""
    return find(exercise_id).source


def judge(exercise: Exercise, answer: Callable) -> Verdict:
    """Return the verdict on ``answer``: every case is tried, the first that fails is told."""
    outcomes, printed = [], ""
    for case in exercise.cases:
        outcome = guard.call(exercise.run, (answer, *case), exercise.seconds)
        printed = printed or outcome.printed
        stopped = _stopped(outcome)
        if stopped:
            started = outcome.value is not ... and not isinstance(outcome.error, NotImplementedError)
            return Verdict(exercise, False, stopped, case if started else None, printed=printed, started=started)
        outcomes.append(outcome.value)
    wanted = [guard.call(exercise.run, (exercise.solution, *case), 60.0).value for case in exercise.cases]
    for case, got, want in zip(exercise.cases, outcomes, wanted, strict=True):
        found = difference(got, want, exercise.tolerance)
        if found:
            named = _named_mistake(exercise, outcomes) or found.text
            return Verdict(exercise, False, named, case=case, found=found, printed=printed)
    return Verdict(exercise, True, tr("通过。", "Passed."))


def _stopped(outcome: guard.Outcome) -> Label | None:
    """Say why a call gave no answer to compare, or None if it did."""
    if outcome.stuck:
        return tr(
            "你的代码停不下来，也无法打断。请重启内核（Kernel → Restart）后再试。",
            "Your code does not end and cannot be interrupted. Restart the kernel (Kernel → Restart), then try again.",
        )
    if outcome.timed_out:
        return tr(
            "超时了：循环好像永远不会结束。循环变量在变吗？结束条件会成立吗？",
            "Out of time: a loop seems never to end. Does its variable change? Can its condition become false?",
        )
    if isinstance(outcome.error, NotImplementedError) or outcome.value is ...:
        return tr("还没开始：把 ... 换成你的代码。", "Not started yet: replace the ... by your code.")
    if outcome.error is not None:
        what = f"{type(outcome.error).__name__}: {outcome.error}{_line_of(outcome.error)}"
        return tr(f"你的代码出错了：{what}", f"Your code raised an error: {what}")
    if outcome.value is None:
        return tr(
            "还没有结果：函数返回了 None。把代码写完，别忘了 return。",
            "No result yet: the function returned None. Write the code, and remember return.",
        )
    return None


def _line_of(error: BaseException) -> str:
    """Name the line of the learner's cell where ``error`` arose, if it arose in a cell."""
    cell_lines = []
    traceback = error.__traceback__
    while traceback:
        if (
            "ipykernel" in traceback.tb_frame.f_code.co_filename
            or "ipython-input" in traceback.tb_frame.f_code.co_filename
        ):
            cell_lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    return f" (line {cell_lines[-1]})" if cell_lines else ""


def _named_mistake(exercise: Exercise, outcomes: list) -> Label | None:
    """Return the message of the mistake whose answers equal the learner's on every case."""
    for mistake in exercise.mistakes:
        wrong = [guard.call(exercise.run, (mistake.wrong, *case), 60.0) for case in exercise.cases]
        if all(
            other.error is None and difference(got, other.value, exercise.tolerance) is None
            for got, other in zip(outcomes, wrong, strict=True)
        ):
            return tr(mistake.zh, mistake.en)
    return None


def check(exercise_id: str, answer: Callable) -> None:
    """Judge the learner's ``answer`` (a function or class) and show the verdict; never raises on a wrong answer."""
    exercise = find(exercise_id)
    if not callable(answer):
        verdict = Verdict(
            exercise,
            False,
            tr(
                f"这里要的是函数 {exercise.name} 本身，不是调用它的结果：写 check(..., {exercise.name})，不加括号。",
                f"This takes the function {exercise.name} itself, not what it returns: write check(..., "
                f"{exercise.name}) without parentheses.",
            ),
        )
    else:
        verdict = judge(exercise, answer)
    if verdict.passed:
        progress.passed(exercise_id)
    append({"exercise": exercise_id, "passed": verdict.passed})
    show(verdict)


def hint(exercise_id: str) -> None:
    """Show the next hint of an exercise: the first, the second, the third, then the solution."""
    exercise = find(exercise_id)
    number = progress.next_hint(exercise_id)
    if number < len(exercise.hints):
        zh, en = exercise.hints[number]
        show(Label(f"提示 {number + 1}：{zh}", f"Hint {number + 1}: {en}"))
    else:
        solution(exercise_id)


def solution(exercise_id: str) -> None:
    """Show the solution of an exercise."""
    show(solution_source(exercise_id))
