"""Runs inside Gradescope, as root: grades the one hand-in that lies there and writes results.json, whatever it is.

Verdicts are made in this process. The answers run in the sandbox, or where the image allows none, as a user of their
own without rights, who can read neither the autograder's folder nor the results; these are written when no process of
that user is left.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from course_snn.course.classroom import marks
from course_snn.course.classroom.collect import is_notebook
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.fence import NoSandbox, obstacle
from course_snn.course.classroom.grade import grade
from course_snn.course.classroom.gradescope import SETTINGS
from course_snn.course.classroom.marks import PASSED, Grades, Mark, Row
from course_snn.course.classroom.names import out_of_sight
from course_snn.course.classroom.states import WORDS
from course_snn.course.classroom.tolerant import LARGEST
from course_snn.course.exercise import chapter_exercises
from course_snn.course.files import write_text
from course_snn.language import Label, tr

USER = "COURSE_SNN_STUDENT"  # name or number of the user who runs the answers
MOST = 20  # notebooks that are looked at
NOT_YET = tr("还不对", "not yet")
NOTHING = tr(
    "没有收到笔记（.ipynb）。请交上写了答案的笔记。",
    "No notebook (.ipynb) came. Please submit the one with your answers.",
)
OURS = tr(
    "批改程序出错了，这不是你的错，请告诉老师。",
    "The autograder failed. This is not your fault; please tell your teacher.",
)
SEVERAL = tr(
    "交了几份笔记；每章算得分最高的一份。", "There are several notebooks; of each chapter the best one counts."
)


def main() -> None:
    """Grade what lies in the folder that is named, Gradescope's by default, and write its results."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/autograder")
    try:
        settings = json.loads((folder / "source" / SETTINGS).read_text(encoding="utf-8"))
        found = results_of(folder, settings)
    except Exception as error:  # a student gets an answer, whatever it was; the teacher sees this
        traceback.print_exc()
        told = tr(f"{OURS.zh}（{error}）", f"{OURS.en} ({error})") if isinstance(error, ClassroomError) else OURS
        found = {"score": 0.0, "output": _both(told)}
    write_text(folder / "results" / "results.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def results_of(folder: Path, settings: dict) -> dict:
    """Return what Gradescope reads.

    Args:
        folder: with "submission" in it, and "source" and "results", which the answers must not see.
        settings: "chapters", "exam" and "hidden", the seed of the hidden cases.

    Raises:
        NoSandbox: there is neither a sandbox nor another user to run the answers.
    """
    names = [exercise.id for key in settings["chapters"] for exercise in chapter_exercises(key)]
    runner = _runner(folder)
    with tempfile.TemporaryDirectory(prefix="course-snn-") as own:
        count = _take(folder / "submission", Path(own))
        if not count:
            mark = Mark.of(marks.MISSING, NOTHING)
            return _results(dict.fromkeys(names, mark), (), NOTHING, settings["exam"])
        try:
            grades = grade(Path(own), chapters=settings["chapters"], seed=settings["hidden"], runner=runner)
        finally:
            _end_all(runner)
    states, flags = chosen(grades, names)
    return _results(states, flags, SEVERAL if count > 1 else None, settings["exam"])


def chosen(grades: Grades, names: Sequence[str]) -> tuple[dict[str, Mark], tuple[Label, ...]]:
    """Return the marks that count and what is odd: of each chapter those of the hand-in with the most passed."""
    states, flags = {}, {}
    for key in dict.fromkeys(name[:2] for name in names):
        best = max(grades.rows, key=lambda row: _worth(row, key))
        wanted = [name for name in names if name[:2] == key]
        states |= {name: best.states.get(name, Mark.of(marks.MISSING, NOTHING)) for name in wanted}
        flags |= dict.fromkeys(best.flags)
    return states, tuple(flags)


def _worth(row: Row, key: str) -> tuple[int, bool]:
    own = [mark.state for name, mark in row.states.items() if name[:2] == key]
    return own.count(PASSED), any(state not in (marks.MISSING, marks.UNREADABLE) for state in own)


def _results(states: dict[str, Mark], flags: Sequence[Label], note: Label | None, exam: bool) -> dict:
    told = {"output": _both(note)} if note else {}
    found = marks.results(states, lambda mark: _said(mark, exam))
    return told | found | {"extra_data": {"flags": [_both(flag) for flag in flags]}}


def _said(mark: Mark, exam: bool) -> str:
    """Return what the student reads; in an exam nothing but passed or not, unless nobody can read the file."""
    if exam and mark.state not in (marks.MISSING, marks.UNREADABLE):
        return _word(WORDS[PASSED] if mark.state == PASSED else NOT_YET)
    return f"{_word(WORDS[mark.state])}\n{mark.reason_zh}\n{mark.reason_en}"


def _word(text: Label) -> str:
    return f"{text.zh} {text.en.capitalize()}"


def _both(text: Label) -> str:
    return f"{text.zh}\n{text.en}"


def _take(submission: Path, own: Path) -> int:
    """Copy the notebooks that were handed in to a folder of ours, under names of ours; returns how many."""
    count = 0
    for path in sorted(submission.rglob("*")) if submission.is_dir() else ():
        hidden = out_of_sight(path.relative_to(submission))
        plain = path.is_file() and not path.is_symlink()
        if plain and not hidden and is_notebook(path.name) and count < MOST and path.stat().st_size <= LARGEST:
            count += 1
            shutil.copyfile(path, own / f"{count}.ipynb")
    return count


def _runner(folder: Path) -> tuple[str, ...]:
    """Return the command that stands for the sandbox; empty where there is a sandbox."""
    reason = obstacle()
    if reason is None:
        return ()
    user = _user()
    if user is None:
        raise NoSandbox(reason)
    print(f"course-snn: no bubblewrap here, the answers run as user {user}", flush=True)
    for name in ("source", "submission", "results"):
        if (folder / name).is_dir():
            (folder / name).chmod(0o700)
    return separate(user)


def _user() -> int | None:
    """Return the number of the user who runs the answers; None if there is none, or we may not become another."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"):
        return None
    import pwd

    named = os.environ.get(USER, "course-student")
    try:
        number = int(named) if named.isdecimal() else pwd.getpwnam(named).pw_uid
    except KeyError:
        return None
    return number or None  # root is no other user


def separate(user: int) -> tuple[str, ...]:
    """Return the command that runs another as that user, without groups, capabilities and any way to gain them."""
    return (
        "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--inh-caps=-all", "--no-new-privs",
        "prlimit", "--nproc=256", "--core=0",
    )  # fmt: skip


def _end_all(runner: Sequence[str]) -> None:
    """End all processes of the user who ran the answers, at once: nothing can be started meanwhile."""
    if not runner:  # the sandbox ends its own
        return
    user = int(runner[1].partition("=")[2])
    while _left(user):
        subprocess.run([*runner[:6], "/bin/sh", "-c", "kill -KILL -1"], capture_output=True, check=False)
        time.sleep(0.01)


def _left(user: int) -> bool:
    """Whether a process of the user is running."""
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            told = Path("/proc", name, "status").read_text()
        except OSError:  # it has ended meanwhile
            continue
        lines = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
        if user in map(int, lines["Uid"].split()) and lines["State"].split()[0] not in "ZX":
            return True
    return False


if __name__ == "__main__":
    main()
