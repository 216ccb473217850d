"""What a learner calls in a cell: check an answer, require it to be right, get a hint, see the solution."""

from collections.abc import Callable
from dataclasses import replace

from course_snn.course import handed_out, progress, unreached
from course_snn.course.exercise import Exercise, find, solution_source
from course_snn.course.judge import BrokenExercise, judge
from course_snn.course.receipt import NO_HELP, Receipt
from course_snn.course.record import append
from course_snn.course.verdict import WRONG, Verdict, show
from course_snn.course.way import onward
from course_snn.language import Label, tr


class WrongAnswer(AssertionError):
    """What `require` raises: the answer is not right; the text is the verdict."""


def check(exercise_id: str, answer: Callable) -> None:
    """Judge the learner's ``answer`` (a function or class) and show the verdict; never raises on a wrong answer.

    In an exam it is shown whether the answer passes, and when it was checked.
    """
    unreached.note()
    try:
        verdict = _verdict(find(exercise_id), answer)
    except BrokenExercise as fault:
        show(fault.args[0])
        return
    if verdict.passed:
        verdict = replace(verdict, way=onward(exercise_id, progress.passed(exercise_id)))
    append({"exercise": exercise_id, "passed": verdict.passed})
    show(Receipt(exercise_id, verdict.passed) if handed_out.current().exam else verdict)


def require(exercise_id: str, answer: Callable) -> None:
    """Judge ``answer`` without a word if it is right, and note nothing: for tests of one's own and for grading.

    Raises:
        WrongAnswer: the answer is not right, or not finished; says why.
        BrokenExercise: the course's own solution fails.
    """
    verdict = _verdict(find(exercise_id), answer)
    if not verdict.passed:
        raise WrongAnswer(repr(Receipt(exercise_id, False) if handed_out.current().exam else verdict))


def hint(exercise_id: str) -> None:
    """Show the next hint of an exercise: the first, the second, the third, then the solution; none in an exam."""
    exercise = find(exercise_id)
    if handed_out.current().exam:
        show(NO_HELP)
        return
    number = progress.next_hint(exercise_id)
    if number < len(exercise.hints):
        zh, en = exercise.hints[number]
        show(Label(f"提示 {number + 1}：{zh}", f"Hint {number + 1}: {en}"))
    else:
        solution(exercise_id)


def solution(exercise_id: str) -> None:
    """Show the solution of an exercise; not in an exam."""
    show(NO_HELP if handed_out.current().exam else solution_source(exercise_id))


def _verdict(exercise: Exercise, answer: Callable) -> Verdict:
    if callable(answer):
        return judge(handed_out.with_own_cases(exercise), answer)
    return Verdict.on(exercise, WRONG, not_callable(exercise))


def not_callable(exercise: Exercise) -> Label:
    """Return what to say to something that is no function."""
    return tr(
        f"这里要的是函数 {exercise.name} 本身，不是调用它的结果：写 check(..., {exercise.name})，不加括号。",
        f"This takes the function {exercise.name} itself, not what it returns: write check(..., {exercise.name}) "
        "without parentheses.",
    )
