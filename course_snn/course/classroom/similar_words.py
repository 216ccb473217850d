"""What is said of groups of equal wrong answers, in both languages."""

from __future__ import annotations

from course_snn.course.classroom.alike import LITTLE, MUCH, SOME, Group
from course_snn.course.classroom.marks import PASSED
from course_snn.course.classroom.similar import Found
from course_snn.language import Label, tr

HINT = tr(
    "这是提示，不是结论。常见的错误很多人会各自犯一遍，写出来自然一样，短的答案更是如此；一起讨论过、看了同一份讲义、"
    "问了同一个 AI 助手，写出的代码也会一样。一样不等于抄袭，更看不出是谁抄了谁。"
    "请先看代码，再和学生谈，不要只凭这一页扣分。",
    "This is a hint, never a verdict. A common mistake is made by many on their own, and then looks the same, short "
    "answers above all; so does code after a discussion, from the same notes or the same AI assistant. Equal does not "
    "mean copied, and says nothing of who copied. Look at the code, then talk to the students; take off no marks for "
    "what stands on this page alone.",
)
NAMES = {
    MUCH: tr("值得问一问", "Worth asking about"),
    SOME: tr("说不准", "Could be either"),
    LITTLE: tr("多半是巧合", "Most likely chance"),
}
PRIVATE = tr(
    "只给老师看：这一页有学生的名字、他们的代码和课程的答案。",
    "For teachers only: this page holds names of students, their code, and the course's solutions.",
)
HOW = (
    tr(
        "语法树相同的答案算一样。空格、换行、注释、文档字符串和类型标注不算；参数、局部变量和自己写的辅助函数叫什么名字，"
        "库怎样导入，关键字参数的先后，也不算。常数、运算符及其先后、属性、调用的函数必须相同（1 和 1.0 就不同）。"
        "Python 读不懂、或嵌套太深的代码逐词比较。不运行任何代码。",
        "Two answers are equal if their syntax trees are, whatever the spaces, line breaks, comments, docstrings and "
        "annotations, the names of parameters, local variables and helpers of their own, the way a library is "
        "imported, and the order of keyword arguments. Constants, operators and their order, attributes and the "
        "functions that are called must be the same (1 and 1.0 differ). Code that Python cannot read, or that is "
        "nested too deeply, is compared word by word. No code is run.",
    ),
    tr(
        "练习本身解释不了的排在前面，按分数：练习的脚手架和课程的答案里都没有的词，每个 1 分，最多 30 分——"
        "若是练习料到的错误，只算四分之一；判定能说出原因的，算一半；全班写成这样的人越多，算得越少。"
        "逐词相同的代码里一样的名字，每个 1 分，最多 10 分。一样的注释，每条 5 分，最多 20 分。"
        "15 分起“值得问一问”，6 分起“说不准”。这些数是选定的，不是统计得出的。",
        "First comes what the exercise does not explain, by points: words of their own, which neither the stub nor "
        "the course's solution has, a point each and 30 at most; a quarter of it where the exercise foresees the "
        "mistake, half where the verdict can name its cause otherwise, and less, the more of the class wrote it. Names "
        "that agree in code that agrees word by word: a point each, 10 at most. Comments in common: 5 points each, 20 "
        "at most. From 15 points on it is worth asking about, from 6 on it could be either. These numbers are a "
        "choice, not a statistic.",
    ),
)


def reason(group: Group) -> Label:
    """What the verdict on most of the answers says; where it says nothing, their state."""
    mark = group.mark
    return tr(mark.reason_zh or mark.state, mark.reason_en or mark.state)


def told(group: Group) -> Label:
    """How alike the answers of a group are."""
    students, letter, word = len(group.students), group.to_the_letter, group.word_by_word
    if letter == students:
        alike = tr("一字不差", "the same to the letter")
    elif word == students:
        alike = tr("逐词相同，空格或注释不同", "the same word by word, but for spaces or comments")
    elif word == letter > 1:
        alike = tr(f"{letter} 人一字不差，其余名字不同", f"{letter} the same to the letter, the rest but for names")
    elif word > 1:
        alike = tr(f"{word} 人逐词相同，其余名字不同", f"{word} the same word by word, the rest but for names")
    else:
        alike = tr("结构相同，名字不同", "the same but for names")
    if 1 < letter < word:
        alike += tr(f"，{letter} 人一字不差", f", {letter} to the letter")
    if not group.answers[0].form.tree:
        alike += tr("；没有语法树可比，逐词比的", "; without a syntax tree, compared by words")
    return alike


def common(group: Group) -> Label:
    """How many of the class wrote this, and how many made the same error."""
    wrote, of, same = len(group.students), group.answered, group.same
    if group.mark.state == PASSED:
        return tr(f"{of} 人答了，{wrote} 人这样写", f"{wrote} of the {of} who answered wrote this")
    label = tr(
        f"{of} 人答了，{wrote} 人这样写，{same} 人得到这个判定",
        f"{wrote} of the {of} who answered wrote this, {same} got this verdict",
    )
    return label + tr("（练习料到的错误）", " (a mistake that the exercise foresees)") if group.foreseen else label


def summary(found: Found) -> Label:
    """How many answers were compared, and how many groups there are."""
    count = len(found.wrong)
    return tr(
        f"{found.students} 名学生有 {found.compared} 份答案没有答对，其中一样的有 {count} 组。",
        f"Answers that are not right: {found.compared}, of {found.students} students. Groups of equal ones: {count}.",
    )


def visible(text: str) -> str:
    """The text in which characters that cannot be seen, or that turn the direction of others, are written out."""
    return "".join(one if one.isprintable() or one in "\n\t" else ascii(one)[1:-1] for one in text)
