"""What an exam says to an answer: passed or not yet, and when; no reason, no case, no hint, no solution."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from course_snn.course.verdict import GREEN, GREY
from course_snn.language import html, tr

NO_HELP = tr("考试中没有提示和答案。", "There are no hints and no solutions in an exam.")


def _now() -> str:
    return datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")


@dataclass(frozen=True)
class Receipt:
    """The verdict of an exam.

    Args:
        exercise: its id.
        passed: whether the answer is right.
        time: when it was checked, with the offset from UTC.
    """

    exercise: str
    passed: bool
    time: str = field(default_factory=_now)

    def __repr__(self) -> str:
        return f"[{self.exercise}] {tr('通过', 'Passed') if self.passed else tr('还不对', 'Not yet')} · {self.time}"

    def _repr_html_(self) -> str:
        state = "passed" if self.passed else "exam"
        word = html("<b>通过</b>", "<b>Passed</b>") if self.passed else html("<b>还不对</b>", "<b>Not yet</b>")
        data = f'data-passed="{str(self.passed).lower()}" data-exercise="{self.exercise}" data-state="{state}"'
        style = f"border-left:4px solid {GREEN if self.passed else GREY};padding:.4em .9em;margin:.3em 0"
        told = f"<code>{self.exercise}</code> {word} <small>{self.time}</small>"
        return f'<div class="course-verdict" {data} style="{style}">{told}</div>'
