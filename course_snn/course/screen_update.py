"""What `course-snn update` says: a line for each chapter, and where the backup lies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from course_snn.course.tables import Tell
from course_snn.course.update import CURRENT, DAMAGED, LEFT, NEW, OPEN, Outcome
from course_snn.language import say


def report(folder: Path, outcomes: Sequence[Outcome], tell: Tell) -> list[Text]:
    """The report: chapters that are up to date share one line."""
    lines = [Text(tell(f"文件夹：{folder}", f"Folder: {folder}"), style="dim")]
    for outcome in outcomes:
        if outcome.state != CURRENT:
            style = "red" if outcome.state in LEFT else "yellow" if outcome.both else ""
            lines.append(Text(f"{outcome.chapter.key}  {_said(outcome, tell)}", style=style))
    current = ", ".join(outcome.chapter.key for outcome in outcomes if outcome.state == CURRENT)
    if current:
        lines.append(Text(tell(f"已是最新：{current}", f"Up to date: {current}"), style="green"))
    if backup := next((outcome.backup.parent for outcome in outcomes if outcome.backup), None):
        lines.append(Text(tell(f"更新前的笔记存在 {backup}", f"Your notebooks as they were: {backup}"), style="dim"))
    return lines


def _said(outcome: Outcome, tell: Tell) -> str:
    name = outcome.chapter.file_name
    if outcome.state == NEW:
        return tell(f"新增 {name}", f"new: {name}")
    if outcome.state == OPEN:
        return tell(
            f"没有动：{name} 正在 JupyterLab 里打开。关掉它和它的内核（文件 → 关闭并关机），再更新一次",
            f"left alone: {name} is open in JupyterLab. Close it with its kernel (File → Close and Shut Down), then "
            "update again",
        )
    if outcome.state == DAMAGED:
        return tell(
            f"没有动：{name} 已损坏，读不出来（{outcome.why}）。把它改名，再更新一次，就会得到新的",
            f"left alone: {name} is damaged ({outcome.why}). Rename it and update again to get a new one",
        )
    if outcome.state in LEFT:
        return tell(f"没有动：{name} 不能读写（{outcome.why}）", f"left alone: {name}: {outcome.why}")
    return _counts(outcome, tell)


def _counts(outcome: Outcome, tell: Tell) -> str:
    zh, en = [f"更新了 {outcome.changed} 格"], [f"{outcome.changed} cell(s) updated"]
    if outcome.kept:
        zh.append(f"保留你的 {outcome.kept} 处改动")
        en.append(f"{outcome.kept} of yours kept")
    if outcome.both:
        zh.append(
            f"你和课程都改过的格，课程的新写法放在你那一格下面：{'、'.join(say(name, 'zh') for name in outcome.both)}"
        )
        en.append(f"changed by both, ours stands below yours: {', '.join(say(name, 'en') for name in outcome.both)}")
    return tell("；".join(zh), "; ".join(en))
