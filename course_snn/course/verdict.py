"""How a verdict looks: a coloured box in a notebook, in both languages; plain text in a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from IPython import get_ipython
from IPython.display import HTML, Code, display

from course_snn.course.compare import Difference, brief
from course_snn.language import Label, escaped, html, html_table, tr

if TYPE_CHECKING:
    from course_snn.course.exercise import Exercise

GREEN, RED, GREY = "#2e7d32", "#c0392b", "#90a4ae"


@dataclass(frozen=True)
class Verdict:
    """The judgement on one answer: passed or not (or not started), why, and on which case."""

    exercise: Exercise
    passed: bool
    reason: Label
    case: tuple | None = None
    found: Difference | None = None
    printed: str = ""
    started: bool = True

    def __repr__(self) -> str:
        lines = [f"[{self.exercise.id}] {self.reason}"]
        if self.case is not None:
            lines.append(f"  {self._call()}")
        if self.found:
            lines.append(
                tr(
                    f"  应为 {self.found.want}，得到 {self.found.got}",
                    f"  expected {self.found.want}, got {self.found.got}",
                )
            )
        if self.printed:
            lines.append(self.printed)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        colour, head = RED, html("<b>还不对</b>", "<b>Not yet</b>") + "<br>"
        if self.passed:
            colour, head = GREEN, html("<b>通过</b>", "<b>Passed</b>")
        elif not self.started:
            colour, head = GREY, ""
        body = "" if self.passed else f"{escaped(self.reason)}{self._table()}{self._printed()}{self._help()}"
        style = f"border-left:4px solid {colour};padding:.4em .9em;margin:.3em 0"
        passed = str(self.passed).lower()
        return (
            f'<div class="course-verdict" data-passed="{passed}" style="{style}">'
            f"<code>{self.exercise.id}</code> {head}{body}</div>"
        )

    def _call(self) -> str:
        return f"{self.exercise.name}({', '.join(brief(argument) for argument in self.case)})"

    def _table(self) -> str:
        if self.case is None:
            return ""
        rows = [(html("试的是", "tried"), self._call())]
        if self.found:
            rows.append((html("应为", "expected"), self.found.want))
            rows.append((html("得到", "got"), self.found.got))
        return html_table([(name, f"<code>{escaped(value)}</code>") for name, value in rows], left=True)

    def _printed(self) -> str:
        if not self.printed:
            return ""
        return f"<div>{html('你的代码打印了：', 'Your code printed:')}</div><pre>{escaped(self.printed)}</pre>"

    def _help(self) -> str:
        """Return hint 1, in it hint 2, in it hint 3, in it the solution, each folded: one step at a time."""
        source = escaped(self.exercise.source)
        folded = _fold(html("看答案", "Solution"), f"<pre>{source}</pre>")
        for number, (zh, en) in reversed(list(enumerate(self.exercise.hints, 1))):
            text = escaped(Label(zh, en))
            folded = _fold(html(f"提示 {number}", f"Hint {number}"), f"<div>{text}</div>{folded}")
        return folded


def _fold(summary: str, content: str) -> str:
    return f'<details style="margin:.2em 0 .2em .6em"><summary>{summary}</summary>{content}</details>'


def show(what: Verdict | Label | str) -> None:
    """Show a verdict, a hint or source code: rich in a notebook, plain text elsewhere."""
    if get_ipython() is None:
        print(what)
    elif isinstance(what, Label):
        display(HTML(f'<div style="padding:.3em .9em">{escaped(what)}</div>'))
    elif isinstance(what, str):
        display(Code(what, language="python"))
    else:
        display(what)
