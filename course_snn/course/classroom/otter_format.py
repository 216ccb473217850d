"""Source notebooks of otter-grader, one for each chapter; `otter assign` makes autograder and students' file."""

from __future__ import annotations

from course_snn.course.cells import Cell, dump
from course_snn.course.chapters import Chapter
from course_snn.course.classroom.formats import POINTS, Asked, Files, hidden_test, said, solved, visible_test
from course_snn.course.exercise import find

README = """\
# otter-grader

课程的作业，供 otter-grader 7 使用（`otter assign` 的源笔记）。本文件夹含答案，不要发给学生。

1. 在装有课程的环境里装 otter-grader：`uv pip install otter-grader`
2. `otter assign {file} dist/{slug}`，把 `dist/{slug}/student/{file}` 发给学生；他们不需要装 otter
3. `otter run -a dist/{slug}/autograder/{slug}-autograder_….zip 交上来的.ipynb`，得到 `results.json`

**请注意**：`otter run` 在同一个进程里运行学生的代码和测试。谁改掉了判题程序，谁就能白得分；
谁的代码删文件，删的就是你的文件。
要可靠的结论，请用 `course-snn classroom grade 文件夹`；要用 Gradescope，请用 `course-snn classroom gradescope`。

---

Assignments of the course, for otter-grader 7 (source notebooks of `otter assign`). This folder holds solutions: it is
not for students.

1. Install otter-grader where the course is installed: `uv pip install otter-grader`
2. `otter assign {file} dist/{slug}`; give `dist/{slug}/student/{file}` to the class, who need no otter
3. `otter run -a dist/{slug}/autograder/{slug}-autograder_….zip HANDED_IN.ipynb` writes `results.json`

**Note:** `otter run` runs a student's code in the same process as the tests. A hand-in that patches the judge gains
marks, and one that deletes files deletes yours. For verdicts that hold use `course-snn classroom grade FOLDER`; for
Gradescope use `course-snn classroom gradescope`.
"""
CONFIG = """\
# ASSIGNMENT CONFIG
name: {slug}
init_cell: false
export_cell: false
check_all_cell: false
tests:
  ok_format: true
"""


def files(given: Asked) -> Files:
    """Return what makes each source notebook, and the text on how to use them, by file name.

    Args:
        given: chapters, assignment and seed.
    """

    def made(chapter: Chapter) -> bytes:
        told = given.notebook(chapter, lambda cell, exercise: _question(cell, exercise, given.hidden))
        return dump(told | {"cells": [_raw("otter-config", CONFIG.format(slug=chapter.slug)), *told["cells"]]})

    first = next(iter(given.originals))
    guide = README.format(file=first.file_name, slug=first.slug)
    chapters = {chapter.file_name: lambda chapter=chapter: made(chapter) for chapter in given.originals}
    return {"README.md": guide.encode} | chapters


def _question(cell: Cell, exercise: str, hidden: str) -> list[Cell]:
    """Return the blocks of a question: the answer, a test that learners see and a hidden one."""
    place = cell["id"]
    config = f"name: {find(exercise).name}\npoints: {POINTS}\nall_or_nothing: true\ncheck_cell: false"
    answer = solved(cell, exercise, "# BEGIN SOLUTION NO PROMPT", "# END SOLUTION")
    test = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return [
        _raw(f"{place}-question", f"# BEGIN QUESTION\n{config}"),
        _raw(f"{place}-solution", "# BEGIN SOLUTION"),
        answer,
        _raw(f"{place}-solution-end", "# END SOLUTION"),
        _raw(f"{place}-tests", "# BEGIN TESTS"),
        said(test | {"id": f"{place}-test"}, visible_test(exercise)),
        said(test | {"id": f"{place}-hidden"}, f"# HIDDEN\n{hidden_test(exercise, hidden)}"),
        _raw(f"{place}-tests-end", "# END TESTS"),
        _raw(f"{place}-question-end", "# END QUESTION"),
    ]


def _raw(name: str, text: str) -> Cell:
    return said({"cell_type": "raw", "id": name, "metadata": {}}, text)
