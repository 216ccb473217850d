"""How a verdict looks: a coloured box in a notebook, in both languages; plain text in a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from IPython import get_ipython
from IPython.display import HTML, Code, display

from course_snn.course.compare import Difference
from course_snn.course.exercise import Exercise
from course_snn.course.way import Way
from course_snn.language import Label, escaped, html, html_table, tr

GREEN = "var(--jp-success-color1,#2e7d32)"  # JupyterLab's own colours, which follow its theme
RED, GREY = "var(--jp-error-color1,#d32f2f)", "var(--jp-border-color1,#90a4ae)"
PASSED, WRONG, UNFINISHED, ERROR, TIMEOUT = "passed", "wrong", "unfinished", "error", "timeout"


@dataclass(frozen=True)
class Verdict:
    """The judgement on one answer.

    Args:
        exercise: its id.
        state: PASSED, WRONG, UNFINISHED, ERROR or TIMEOUT.
        reason: why, in both languages.
        call: the case it failed on, as text; "" for none.
        found: how the answer differs there.
        measured: what was compared, where it is not what the answer returned.
        printed: what the learner's code printed.
        hints: the hints, in both languages.
        source: the solution.
        named: False if the reason says only where the answer differs, not what the mistake is.
        picture: the answer drawn over the expected one, as HTML; "" where a picture says no more.
        way: how far one is in the chapter and what comes next; None if that is not told.
    """

    exercise: str
    state: str
    reason: Label
    call: str = ""
    found: Difference | None = None
    measured: Label | None = None
    printed: str = ""
    hints: tuple[Label, ...] = ()
    source: str = ""
    named: bool = True
    picture: str = ""
    way: Way | None = None

    @classmethod
    def on(
        cls,
        exercise: Exercise,
        state: str,
        reason: Label,
        call: str = "",
        found: Difference | None = None,
        printed: str = "",
        named: bool = True,
        picture: str = "",
    ) -> Verdict:
        """Return a verdict on an answer to ``exercise``, with the help that the exercise offers."""
        measured = None if exercise.measured is None else Label(*exercise.measured)
        hints = tuple(Label(zh, en) for zh, en in exercise.hints)
        return cls(exercise.id, state, reason, call, found, measured, printed, hints, exercise.source, named, picture)

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.state == PASSED

    def __repr__(self) -> str:
        lines = [f"[{self.exercise}] {tr(self.reason.zh, self.reason.en)}"]
        if self.call:
            lines.append(f"  {self.call}")
        if self.found:
            of = "" if self.measured is None else f"{tr(self.measured.zh, self.measured.en)}: "
            lines.append(
                tr(
                    f"  {of}应为 {self.found.want}，得到 {self.found.got}",
                    f"  {of}expected {self.found.want}, got {self.found.got}",
                )
            )
        if self.printed:
            lines.append(self.printed)
        if self.way:
            lines.append(f"  {self.way.line()}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        colour, head = RED, html("<b>还不对</b>", "<b>Not yet</b>") + "<br>"
        if self.passed:
            colour, head = GREEN, html("<b>通过</b>", "<b>Passed</b>")
        elif self.state == UNFINISHED:
            colour, head = GREY, ""
        data = f'data-passed="{str(self.passed).lower()}" data-exercise="{self.exercise}" data-state="{self.state}"'
        style = f"border-left:4px solid {colour};padding:.4em .9em;margin:.3em 0"
        told = f"<code>{self.exercise}</code> {head}{self._body()}"
        return f'<div class="course-verdict" {data} style="{style}">{told}</div>'

    def _body(self) -> str:
        if self.passed:
            return self.way.markup() if self.way else ""
        return f"{escaped(self.reason)}{self._table()}{self.picture}{self._printed()}{self._help()}"

    def _table(self) -> str:
        rows = [(html("试的是", "tried"), self.call)] if self.call else []
        if self.found:
            of = "" if self.measured is None else f" ({escaped(self.measured)})"
            rows.append((html("应为", "expected") + of, self.found.want))
            rows.append((html("得到", "got") + of, self.found.got))
        cells = [(name, f"<code>{escaped(value)}</code>") for name, value in rows]
        return html_table(cells, left=True) if cells else ""

    def _printed(self) -> str:
        if not self.printed:
            return ""
        return f"<div>{html('你的代码打印了：', 'Your code printed:')}</div><pre>{escaped(self.printed)}</pre>"

    def _help(self) -> str:
        """Return hint 1, in it hint 2, in it hint 3, in it the solution, each folded: one step at a time."""
        folded = _fold(html("看答案", "Solution"), f"<pre>{escaped(self.source)}</pre>")
        for number, text in reversed(list(enumerate(self.hints, 1))):
            folded = _fold(html(f"提示 {number}", f"Hint {number}"), f"<div>{escaped(text)}</div>{folded}")
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
