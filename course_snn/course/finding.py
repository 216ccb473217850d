"""What the doctor says of one thing that it looked at, and the commands that it recommends."""

from __future__ import annotations

from dataclasses import dataclass

from course_snn.course.chapters import IN_CHECKOUT, holds_chapters
from course_snn.language import Label, tr

OK, NOTE, PROBLEM = "ok", "note", "problem"
COURSE_WHEEL = "course_snn-….whl"  # the file it came as: the course is on no index, where anybody could take its name


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `state` is ok, note (works, but know this) or problem (something will not work)."""

    state: str
    what: Label
    found: str
    advice: str = ""


def command(arguments: str) -> str:
    """How this course is called: through uv in a checkout, by its own name where it is installed."""
    return f"uv run course-snn {arguments}" if holds_chapters(IN_CHECKOUT) else f"course-snn {arguments}"


def run(what: str) -> Label:
    """The advice to type a command."""
    return tr(f"运行 {what}", f"run: {what}")


def reinstall(package: str = "course-snn") -> Label:
    """The advice to install a package anew, as this course was installed."""
    if holds_chapters(IN_CHECKOUT):
        return run(f"uv sync --reinstall-package {package}")
    named = COURSE_WHEEL if package == "course-snn" else package
    return run(f"pip install --force-reinstall --no-deps {named}")


def install(requirement: str) -> Label:
    """The advice to install what is missing or has the wrong version."""
    return run("uv sync" if holds_chapters(IN_CHECKOUT) else f'pip install "{requirement}"')
