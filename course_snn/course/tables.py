"""Tables in a terminal of any width: long texts are folded, never cut, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from course_snn.course.finding import NOTE, OK, PROBLEM, Finding

Tell = Callable[[str, str], str]


def table(*heads: str) -> Table:
    """A table whose cells are folded in a narrow terminal: rich would cut a Chinese sentence, which has no space."""
    made = Table()
    for head in heads:
        made.add_column(head, overflow="fold")
    return made


def findings(
    vital: Sequence[Finding], others: Sequence[Finding], next_step: str, tell: Tell, in_words: Callable[[str], str]
) -> list[RenderableType]:
    """The doctor's report: the summary, what matters (and every problem), the rest, and what to type next."""
    problems = sum(finding.state == PROBLEM for finding in (*vital, *others))
    notes = sum(finding.state == NOTE for finding in (*vital, *others))
    if problems:
        summary = tell(f"{problems} 个问题，{notes} 处提醒", f"{problems} problem(s), {notes} note(s)")
        last = tell("先照“→”解决问题，再运行：", "Solve the problems as the arrows say, then run:")
    else:
        summary = tell(f"一切就绪：没有问题，{notes} 处提醒", f"All set: no problems, {notes} note(s)")
        last = tell("接下来运行：", "Next, run:")
    first = [*vital, *(finding for finding in others if finding.state == PROBLEM)]
    rest = [finding for finding in others if finding.state != PROBLEM]
    return [
        Text(summary, style="bold red" if problems else "bold green"),
        _report(tell("最要紧的", "What matters"), first, tell, in_words),
        _report(tell("其余", "The rest"), rest, tell, in_words),
        Text(f"{last} {next_step}", style="bold"),
    ]


def _report(title: str, rows: Sequence[Finding], tell: Tell, in_words: Callable[[str], str]) -> Table:
    marks = {
        OK: Text(tell("好", "ok"), style="green"),
        NOTE: Text(tell("注意", "note"), style="yellow"),
        PROBLEM: Text(tell("问题", "PROBLEM"), style="red"),
    }
    made = table("", title, tell("结果，以及怎么办", "Found, and what to do"))
    for finding in rows:
        found = in_words(finding.found) + (f"\n→ {in_words(finding.advice)}" if finding.advice else "")
        made.add_row(marks[finding.state], Text(in_words(finding.what)), Text(found))
    return made
