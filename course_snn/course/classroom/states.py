"""The states of an exercise in words, and what they have in common where a picture has room for few."""

from __future__ import annotations

from dataclasses import dataclass

from course_snn.course.classroom import marks
from course_snn.language import Label

ABSENT = "not handed in"  # of an exercise whose chapter a student did not hand in
WORDS = {
    marks.PASSED: Label("通过", "passed"),
    marks.WRONG: Label("不对", "wrong"),
    marks.ERROR: Label("报错", "error"),
    marks.TIMEOUT: Label("超时", "out of time"),
    marks.KILLED: Label("被终止", "killed"),
    marks.UNFINISHED: Label("没做完", "unfinished"),
    marks.MISSING: Label("缺单元格", "cell missing"),
    marks.UNREADABLE: Label("打不开", "unreadable"),
    ABSENT: Label("未交", "not handed in"),
}
BEST_FIRST = tuple(WORDS)


@dataclass(frozen=True)
class Group:
    """States that a picture shows as one.

    Args:
        name: for classes of CSS.
        title: in words.
        states: which.
    """

    name: str
    title: Label
    states: tuple[str, ...]


# From left to right; neighbours differ in lightness, so that the order can be read in grey.
GROUPS = (
    Group("passed", WORDS[marks.PASSED], (marks.PASSED,)),
    Group("wrong", WORDS[marks.WRONG], (marks.WRONG,)),
    Group("stopped", Label("运行不了", "does not run"), (marks.ERROR, marks.TIMEOUT, marks.KILLED)),
    Group("unfinished", WORDS[marks.UNFINISHED], (marks.UNFINISHED,)),
    Group("absent", Label("没有", "not there"), (marks.MISSING, marks.UNREADABLE, ABSENT)),
)
ADVICE = {
    marks.WRONG: Label(
        "在笔记里运行这一格：它会指出从哪里开始不一样；提示一条一条展开来看。",
        "Run the cell in the notebook: it shows where the answer begins to differ; open its hints one at a time.",
    ),
    marks.ERROR: Label(
        "在笔记里运行这一格，从报错的最后一行读起；先让它在一个例子上跑完。",
        "Run the cell in the notebook and read the error from its last line; get one example to run first.",
    ),
    marks.TIMEOUT: Label(
        "找出不会结束的循环：循环的条件什么时候变成假？先用很短的输入试。",
        "Look for the loop that does not end: when does its condition become false? Try a very short input first.",
    ),
    marks.KILLED: Label(
        "答案只需要计算并返回结果：去掉写文件、开进程和结束程序的语句，再看看是不是造了太大的数组。",
        "An answer computes and returns a result: take out what writes files, starts processes or ends the program, "
        "and look for an array that is far too large.",
    ),
    marks.UNFINISHED: Label(
        "接着写：把 ... 换成你的代码。卡住了就先读题目上面的那一节。",
        "Go on: put your code in place of the dots. If you are stuck, read the section above the task first.",
    ),
    marks.MISSING: Label(
        "这道题的单元格不在交上来的笔记里：从这一章的笔记里把它复制回来。",
        "The cell of this exercise is not in what you handed in: copy it back from the chapter's notebook.",
    ),
    marks.UNREADABLE: Label(
        "文件打不开：在 JupyterLab 里打开原来的笔记，保存，再把 .ipynb 文件交一次。",
        "The file cannot be read: open your notebook in JupyterLab, save it, and hand in the .ipynb file again.",
    ),
    ABSENT: Label(
        "这一章没有收到你的笔记：如果交过，请告诉老师。",
        "No notebook of this chapter has arrived: tell your teacher if you handed one in.",
    ),
}
EXAM_ADVICE = Label(
    "在这一章平时的笔记里写一遍：那里的检查会指出从哪里开始不一样。",
    "Write it once more in the chapter's ordinary notebook, whose check shows where the answer begins to differ.",
)  # of a wrong answer in an exam, whose notebook says passed or not yet
NAMED_ADVICE = Label(
    "照上面说的改，再运行这一格。", "Change what is said above, then run the cell again."
)  # of a wrong answer whose mistake is known
