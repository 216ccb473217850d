"""A course folder of nbgrader: its settings, and the chapters of an assignment with solutions and locked tests."""

from __future__ import annotations

from course_snn.course.cells import Cell, dump
from course_snn.course.classroom.formats import POINTS, Asked, Files, hidden_test, said, solved, visible_test

TEST = "-test"  # behind the id of the exercise's cell
SCHEMA = 3
CONFIG = """\
# Settings of nbgrader (0.9). Jupyter reads this file where it is started, so start nbgrader in this folder.
import os

here = os.path.dirname(os.path.abspath(__file__))
os.environ.setdefault("COURSE_SNN_PRESET", "quick")  # hand-ins are run from top to bottom: little training
os.environ.setdefault("COURSE_SNN_HOME", os.path.join(here, ".course-snn-classroom", "home"))  # not your own progress

c = get_config()  # noqa: F821
c.CourseDirectory.root = here
c.CourseDirectory.course_id = "course_snn"
c.ClearSolutions.code_stub = {"python": ""}  # the cell holds the stub already
c.Execute.timeout = 300  # seconds for a cell; an exercise has limits of its own
c.IgnorePattern.enabled = True  # or a warning would cost the points of its test
c.IgnorePattern.pattern = "."
"""
README = """\
# nbgrader

课程的作业，供 nbgrader 0.9 使用。本文件夹含答案，不要发给学生。

1. 在装有课程的环境里装 nbgrader：`uv pip install nbgrader`
2. 在本文件夹里运行 `nbgrader generate_assignment {name}`，把 `release/{name}` 发给学生
3. 学生交的放在 `submitted/学号/{name}/`，文件名不变
4. `nbgrader autograde {name}`，然后 `nbgrader export`（得到 `grades.csv`）

每题 {points} 分；测试格锁住，批改时换回原样，其中的隐藏测试学生看不到。

**请注意**：nbgrader 在同一个进程里运行学生的代码和测试。谁改掉了判题程序，谁就能白得分；
谁的代码删文件，删的就是你的文件。它也会把整本笔记从头运行一遍。
要可靠的结论，请用 `course-snn classroom grade submitted`：答案在沙箱里运行，结论在外面得出，只运行答案，快得多。

---

Assignments of the course, for nbgrader 0.9. This folder holds solutions: it is not for students.

1. Install nbgrader where the course is installed: `uv pip install nbgrader`
2. In this folder run `nbgrader generate_assignment {name}` and give `release/{name}` to the class
3. What they hand in goes to `submitted/STUDENT/{name}/`, under the same file names
4. `nbgrader autograde {name}`, then `nbgrader export` (which writes `grades.csv`)

An exercise gives {points} point; test cells are locked and put back when they are graded, and hold hidden tests that
students do not see.

**Note:** nbgrader runs a student's code in the same process as the tests. A hand-in that patches the judge gains
marks, and one that deletes files deletes yours. It also runs the whole notebook. For verdicts that hold use
`course-snn classroom grade submitted`: answers run in a sandbox, verdicts are made outside, and only answers are run,
which is much faster.
"""


def files(given: Asked) -> Files:
    """Return what makes each file of the course folder, by its path in it.

    Args:
        given: chapters, assignment and seed.
    """

    def parts(cell: Cell, exercise: str) -> list[Cell]:
        answer = solved(cell, exercise, "### BEGIN SOLUTION", "### END SOLUTION", blank=1)  # it leaves another
        return [_known(answer, cell["id"], solution=True), _test(cell["id"], exercise, given.hidden)]

    settings = {
        "nbgrader_config.py": CONFIG.encode,
        "README.md": README.format(name=given.name, points=POINTS).encode,
    }
    chapters = {
        f"source/{given.name}/{chapter.file_name}": lambda chapter=chapter: dump(given.notebook(chapter, parts))
        for chapter in given.originals
    }
    return settings | chapters


def _test(place: str, exercise: str, hidden: str) -> Cell:
    """Return the locked cell that fails where the answer is not right; "Run All" goes on behind it."""
    name = f"{place}{TEST}"
    empty = {"cell_type": "code", "id": name, "metadata": {"tags": ["raises-exception"]}, "outputs": []}
    text = (
        "# nbgrader 用这一格批分，不要改动 · nbgrader grades with this cell: leave it as it is\n"
        f"{visible_test(exercise)}\n"
        f"### BEGIN HIDDEN TESTS\n{hidden_test(exercise, hidden)}\n### END HIDDEN TESTS"
    )
    return _known(said(empty | {"execution_count": None}, text), name, grade=True, locked=True, points=POINTS)


def _known(cell: Cell, name: str, **more: object) -> Cell:
    """Return the cell as nbgrader knows it under that name."""
    kinds = {"grade": False, "solution": False, "locked": False, "task": False}
    told = {"schema_version": SCHEMA, "grade_id": name, "cell_type": "code", **kinds, **more}
    return cell | {"metadata": cell["metadata"] | {"nbgrader": told}}
