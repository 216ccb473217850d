"""Which exercises tell strong students from weak ones: the corrected item-total correlation of test theory."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course_snn.language import Label

NORMAL = statistics.NormalDist().inv_cdf(0.975)  # 1.96: of intervals that hold 95 %
LARGE = 0.5  # a large correlation (Cohen, Statistical Power Analysis, 1988)
WEAK = 0.2  # items below are to be revised (Ebel and Frisbie, Essentials of Educational Measurement, 1991)
FEWEST = math.ceil(3 + (NORMAL / math.atanh(LARGE)) ** 2)  # 16: with fewer, a large correlation may be none
RARE = 3  # fewer passes, or fewer failures, are single students and no group

EMPTY, EVERYBODY, NOBODY, FEW, ONE_SIDED, EQUAL = "empty", "everybody", "nobody", "few", "one-sided", "equal"
REVERSED, WEAKLY, UNSURE, GOOD = "reversed", "weak", "unsure", "good"
SAYS = {
    EMPTY: Label("没有人交", "nobody handed it in"),
    EVERYBODY: Label("人人通过：分不出高下", "everybody passes: tells nobody apart"),
    NOBODY: Label("无人通过：分不出高下，先看题目", "nobody passes: tells nobody apart; look at the task first"),
    FEW: Label(f"人太少（不到 {FEWEST} 人），不作判断", f"too few students (fewer than {FEWEST}) to tell"),
    ONE_SIDED: Label(
        f"几乎人人通过或几乎无人通过（另一边不到 {RARE} 人），不作判断",
        f"nearly everybody passes, or nearly nobody (fewer than {RARE} on one side): no telling",
    ),
    EQUAL: Label("其余的题人人得分相同，无从比较", "everybody has the same score in the rest: nothing to compare with"),
    REVERSED: Label(
        "反了：其余做得好的学生反而更少通过，先看题目", "reversed: who does well elsewhere passes less often"
    ),
    WEAKLY: Label("分不开：与其余的题几乎无关，看看题目", "weak: hardly related to the rest; look at the task"),
    UNSURE: Label("看来分得开，但不能肯定（区间里有 0）", "seems to tell them apart, but the interval holds 0"),
    GOOD: Label("分得开", "tells them apart"),
}
SUSPECT = (REVERSED, WEAKLY, NOBODY, EVERYBODY)  # these tell nobody apart, what a teacher should know
EXPLAINED = Label(
    "区分度 r 是“通过这道题”（0 或 1）与“其余各题的通过率”的相关系数（校正的题总相关，Henrysson 1963），"
    "只算交了这一章的学生；一个学生没交的题不算在他的其余各题里。方括号里是 95% 区间（Fisher 1921）。"
    f"r 小于 {WEAK} 的题应当检查（Ebel 与 Frisbie 1991）。学生不到 {FEWEST} 人时，连 {LARGE} 这样大的相关"
    "（Cohen 1988）也可能只是偶然，所以不给数字。",
    "r is the correlation of passing the exercise (0 or 1) with the share of the other exercises passed (corrected "
    "item-total correlation, Henrysson 1963), over the students who handed the chapter in; what a student did not hand "
    "in does not count among their others. In brackets its 95 % interval (Fisher 1921). Below "
    f"{WEAK} an exercise should be looked at (Ebel and Frisbie 1991). With fewer than {FEWEST} students even a "
    f"correlation of {LARGE}, a large one (Cohen 1988), may be chance, so no number is given.",
)


@dataclass(frozen=True)
class Item:
    """How one exercise tells students apart.

    Args:
        exercise: its id.
        students: how many handed it in.
        passed: how many of them passed.
        finding: one of SAYS.
        r: the correlation with the rest; None where it says nothing.
        low: lower end of its 95 % interval.
        high: upper end.
    """

    exercise: str
    students: int
    passed: int
    finding: str
    r: float | None = None
    low: float = 0.0
    high: float = 0.0


def items(exercises: Sequence[str], results: Sequence[Mapping[str, bool]]) -> list[Item]:
    """Return how each exercise tells students apart.

        r_i = corr(x_i, mean of x_j over the j != i that the student handed in),   x = 1 passed, 0 not

    Where everybody handed in everything this is the correlation with the rest score, since the mean is that over a
    constant.

    Args:
        exercises: their ids.
        results: for each student, of the exercises that were handed in, which are passed.

    Source: Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28 (1963).
    """
    return [_item(name, [result for result in results if name in result]) for name in exercises]


def interval(r: float, students: int) -> tuple[float, float]:
    """Return the 95 % interval of a correlation, tanh(artanh r ± 1.96 / sqrt(n - 3)).

    Source: Fisher, On the "probable error" of a coefficient of correlation deduced from a small sample (1921).
    """
    if abs(r) >= 1 or students <= 3:
        return (r, r) if abs(r) >= 1 else (-1.0, 1.0)
    middle, half = math.atanh(r), NORMAL / math.sqrt(students - 3)
    return math.tanh(middle - half), math.tanh(middle + half)


def _item(name: str, results: Sequence[Mapping[str, bool]]) -> Item:
    students, passed = len(results), sum(result[name] for result in results)
    if 0 < students < RARE:
        return Item(name, students, passed, FEW)
    if passed in (0, students):
        finding = EVERYBODY if passed else NOBODY
        return Item(name, students, passed, finding if students else EMPTY)
    if students < FEWEST:
        return Item(name, students, passed, FEW)
    if min(passed, students - passed) < RARE:
        return Item(name, students, passed, ONE_SIDED)
    pairs = [(result[name], _rest(name, result)) for result in results if len(result) > 1]
    own, rest = [float(one) for one, _ in pairs], [other for _, other in pairs]
    if len(set(own)) < 2 or len(set(rest)) < 2:
        return Item(name, students, passed, EQUAL)
    r = statistics.correlation(own, rest)
    low, high = interval(r, len(pairs))
    finding = REVERSED if r < 0 else WEAKLY if r < WEAK else UNSURE if low <= 0 else GOOD
    return Item(name, students, passed, finding, r, low, high)


def _rest(name: str, result: Mapping[str, bool]) -> float:
    """The share of the other exercises that a student passed."""
    return (sum(result.values()) - result[name]) / (len(result) - 1)
