"""How wrong answers are related to the right ones, over all cases: what can be named although nobody foresaw it."""

from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np

from course_snn.course.compare import as_array
from course_snn.language import Label, tr

Pairs = list[tuple[np.ndarray, np.ndarray]]


def likeness(got: list, want: list, cases: tuple[tuple, ...], tolerance: float = 1e-4) -> Label | None:
    """Return what all wrong answers have in common, if it is something that can be named.

    Args:
        got, want: the answers and the expected ones, case by case.
        cases: the arguments, case by case.
        tolerance: largest absolute and relative error that still counts as equal.
    """
    try:
        return _tuples(got, want, cases, tolerance)
    except Exception:  # what a learner returns can be of any kind: then there is no name for it
        return None


def _tuples(got: list, want: list, cases: tuple[tuple, ...], tolerance: float) -> Label | None:
    if not all(isinstance(value, tuple) for value in want):
        return _arrays(got, want, cases, tolerance)
    if any(not isinstance(one, (tuple, list)) or len(one) != len(other) for one, other in zip(got, want, strict=True)):
        return None
    columns = [([g[k] for g in got], [w[k] for w in want]) for k in range(len(want[0]))]
    wrong = [number for number, column in enumerate(columns) if not _equal(_pairs(*column), tolerance)]
    if not wrong:  # the numbers are right; what is wrong is not among them
        return None
    if len(wrong) == 1:
        found = _arrays(*columns[wrong[0]], cases, tolerance)
        number = wrong[0] + 1
        return found and tr(f"第 {number} 个返回值：{found.zh}", f"Returned value {number}: {found.en}")
    orders = permutations(range(len(columns))) if len(columns) <= 4 else ()
    if any(
        all(_equal(_pairs(columns[o][0], columns[k][1]), tolerance) for k, o in enumerate(order)) for order in orders
    ):
        return tr("数值都对，但返回的次序不对。", "The values are right, but they are returned in the wrong order.")
    return None


def _arrays(got: list, want: list, cases: tuple[tuple, ...], tolerance: float) -> Label | None:
    pairs = _pairs(got, want)
    if not pairs or _equal(pairs, tolerance):
        return None
    if any(np.isnan(g.astype(float)).any() and not np.isnan(w.astype(float)).any() for g, w in pairs):
        return tr(
            "结果里有 nan（不是一个数）：是 0/0、∞/∞（exp 溢出），还是对负数取了对数或平方根？",
            "There is a nan (not a number) in the result: 0/0, ∞/∞ (an exp too large), or a logarithm or root of a "
            "negative number?",
        )
    for relation, zh, en in _RELATIONS:
        if all(any(_same(g, made, tolerance) for made in relation(w)) for g, w in pairs):
            return tr(zh, en)
    if any((abs(w) > 1).any() for _, w in pairs) and _cut(pairs, tolerance):  # among shares a 0 or 1 may mean anything
        return tr("小数部分被舍掉了。", "The decimals were cut off.")
    return _argument(pairs, cases, tolerance) or _constant(pairs, tolerance) or _measured(pairs, cases, tolerance)


def _pairs(got: list, want: list) -> Pairs:
    arrays = [(as_array(g), as_array(w)) for g, w in zip(got, want, strict=True)]
    return [] if any(g is None or w is None for g, w in arrays) else [(1 * g, 1 * w) for g, w in arrays]


def _same(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    return one.shape == other.shape and bool(
        np.isclose(one.astype(float), other.astype(float), rtol=tolerance, atol=tolerance).all()
    )


def _equal(pairs: Pairs, tolerance: float) -> bool:
    return bool(pairs) and all(_same(g, w, tolerance) for g, w in pairs)


def _opposite(w: np.ndarray) -> Iterator[np.ndarray]:
    if np.isin(w, (0, 1)).all():
        yield 1 - w


def _turned(w: np.ndarray) -> Iterator[np.ndarray]:
    if w.ndim == 2:
        yield w.T


def _flat(w: np.ndarray) -> Iterator[np.ndarray]:
    """All shapes that differ from that of ``w`` by dimensions of length 1."""
    yield from (np.expand_dims(w, axis) for axis in range(w.ndim + 1))
    yield w.squeeze()


def _late(w: np.ndarray) -> Iterator[np.ndarray]:
    if w.ndim and len(w) > 1:
        yield np.concatenate([np.zeros_like(w[:1]), w[:-1]])
        yield np.concatenate([w[:1], w[:-1]])


def _early(w: np.ndarray) -> Iterator[np.ndarray]:
    if w.ndim and len(w) > 1:
        yield np.concatenate([w[1:], np.zeros_like(w[:1])])
        yield np.concatenate([w[1:], w[-1:]])


def _backwards(w: np.ndarray) -> Iterator[np.ndarray]:
    if w.ndim:
        yield w[::-1]


def _one_less(end: slice) -> Callable:
    def relation(w: np.ndarray) -> Iterator[np.ndarray]:
        if w.ndim and len(w) > 1:
            yield w[end]

    return relation


def _cut(pairs: Pairs, tolerance: float) -> bool:
    return all(any(_same(g, cut(w), tolerance) for cut in (np.floor, np.trunc, np.round, np.ceil)) for g, w in pairs)


_RELATIONS: tuple[tuple[Callable, str, str], ...] = (
    (lambda w: [-w], "所有的符号都反了。", "Every sign is the wrong way round."),
    (
        _opposite,
        "正好全反了：该是真（1）的成了假（0），该是假的成了真。",
        "Exactly the opposite: true (1) where it should be false (0), and the other way round.",
    ),
    (_turned, "行和列颠倒了：转置一下就对了。", "Rows and columns are exchanged: transposed, it would be right."),
    (
        _flat,
        "数值对，形状不对：多了或少了长度为 1 的维。",
        "The values are right, the shape is not: a dimension of length 1 too many or too few.",
    ),
    (_late, "晚了一步：每个值都该早一个位置。", "One step late: every value belongs one position earlier."),
    (_early, "早了一步：每个值都该晚一个位置。", "One step early: every value belongs one position later."),
    (_backwards, "次序颠倒了：最后的在最前。", "The order is reversed: the last comes first."),
    (_one_less(slice(None, -1)), "少了最后一个。", "The last one is missing."),
    (_one_less(slice(1, None)), "少了第一个。", "The first one is missing."),
)


def _argument(pairs: Pairs, cases: tuple[tuple, ...], tolerance: float) -> Label | None:
    """Whether one of the arguments came back as it was."""
    for number in range(min(map(len, cases))):
        given = [as_array(case[number]) for case in cases]
        if all(a is not None and _same(g, 1 * a, tolerance) for (g, _), a in zip(pairs, given, strict=True)):
            return tr(
                f"返回的就是第 {number + 1} 个参数，原样未动。", f"What comes back is argument {number + 1}, as it was."
            )
    return None


def _constant(pairs: Pairs, tolerance: float) -> Label | None:
    first = pairs[0][0]
    differ = not all(_same(w, pairs[0][1], tolerance) for _, w in pairs)
    if len(pairs) > 2 and differ and all(_same(g, first, tolerance) for g, _ in pairs):
        return tr(
            "不管参数是什么，结果总是一样：参数用上了吗，还是被取整、覆盖掉了？",
            "Whatever the arguments, the result is the same: are they used, or rounded away or overwritten?",
        )
    return None


def _measured(pairs: Pairs, cases: tuple[tuple, ...], tolerance: float) -> Label | None:
    """Whether the answers are a fixed factor or a fixed amount off."""
    if any(g.shape != w.shape for g, w in pairs):
        return None
    g, w = (np.concatenate([part.reshape(-1).astype(float) for part in side]) for side in zip(*pairs, strict=True))
    if len(g) < 3 or not np.isfinite(g).all() or np.ptp(w) <= tolerance:
        return None
    offset, far = float(np.mean(g - w)), abs(w) > 100 * tolerance
    if np.allclose(g - w, offset, rtol=0, atol=tolerance * max(1.0, abs(offset))):
        size = f"{abs(offset):.4g}"
        return (
            tr(f"每个值都大了 {size}。", f"Every value is too large by {size}.")
            if offset > 0
            else tr(f"每个值都小了 {size}。", f"Every value is too small by {size}.")
        )
    factor = float(np.median(g[far] / w[far])) if far.sum() >= 3 else 0.0
    if factor > 0 and np.allclose(g, factor * w, rtol=10 * tolerance, atol=tolerance):
        return tr(
            f"每个值都是应有的 {factor:.4g} 倍：多了或少了一个因子。",
            f"Every value is {factor:.4g} times what it should be: a factor too many or too few.",
        )
    return None
