"""Is a learner's answer the expected one, and if not, how do the two differ?"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import torch

from course_snn.course.plain import Large, Other, clipped
from course_snn.language import Label, tr

KIND = "kind"  # True and False, whole numbers and floats are told apart
CONTAINER = "container"  # tensors, arrays, lists and tuples are told apart
PROMISES = {KIND, CONTAINER}
_KINDS = {
    "b": tr("布尔值 True/False", "bool (True and False)"),
    "i": tr("整数", "whole numbers"),
    "f": tr("浮点数", "floats"),
}


@dataclass(frozen=True)
class Difference:
    """How an answer differs: a sentence, and the two values to show side by side (already as text)."""

    text: Label
    got: str
    want: str


def difference(got: object, want: object, tolerance: float = 1e-4, exact: Collection[str] = ()) -> Difference | None:
    """Return None if ``got`` equals ``want`` up to ``tolerance`` (absolute and relative), else how they differ.

    Whatever a learner returns, this says something and does not raise.

    Args:
        got, want: the two values.
        tolerance: largest absolute and relative error that still counts as equal.
        exact: what must agree besides the numbers: KIND, CONTAINER, both or none.
    """
    try:
        return _difference(got, want, tolerance, exact)
    except Exception as error:  # an object that cannot be compared, printed or turned into an array
        kind = f"{type(got).__name__} ({type(error).__name__}: {clipped(lambda error=error: error)})"
        text = tr(f"无法与应有的结果比较：{kind}。", f"This cannot be compared with the expected result: {kind}.")
        return Difference(text, type(got).__name__, brief(want))


def same(got: object, want: object, tolerance: float = 1e-4, exact: Collection[str] = ()) -> bool:
    """Say whether `difference` finds none; of numbers that differ it says so at once, without putting it into words."""
    if isinstance(want, tuple) and isinstance(got, (tuple, list)) and len(got) == len(want):
        return all(same(one, other, tolerance, exact) for one, other in zip(got, want, strict=True))
    given, wanted = as_array(got), as_array(want)
    plain = given is not None and wanted is not None
    if plain and (given.shape != wanted.shape or not _close(given, wanted, tolerance).all()):
        return False
    return difference(got, want, tolerance, exact) is None


def _difference(got: object, want: object, tolerance: float, exact: Collection[str]) -> Difference | None:
    original, got = got, _as_given(got, want)
    wanted, given = as_array(want), as_array(got)
    if isinstance(want, tuple) or (isinstance(want, list) and wanted is None):
        return _parts(got, want, tolerance, exact)
    if isinstance(want, dict) and isinstance(got, dict) and set(got) == set(want):
        return _parts([got[key] for key in want], list(want.values()), tolerance, exact)
    if given is None or wanted is None:
        return _unlike(got, want)
    if given.shape != wanted.shape:
        text = tr(
            f"形状应为 {_shape(wanted)}，得到的是 {_shape(given)}。",
            f"Expected shape {_shape(wanted)}, got {_shape(given)}.",
        )
        return _differ(text, got, want)
    return _values(given, wanted, tolerance, got, want) or _promises(original, want, given, wanted, exact)


def _as_given(got: object, want: object) -> object:
    """Return a tuple as a list where no tuple is wanted, and the rows of an array as a tuple where one is."""
    if isinstance(got, tuple) and not isinstance(want, tuple):
        return list(got)
    if isinstance(want, tuple) and (torch.is_tensor(got) or isinstance(got, np.ndarray)) and got.ndim:
        return tuple(got)
    return got


def _unlike(got: object, want: object) -> Difference | None:
    """Compare where one of the two is not numbers."""
    if isinstance(got, Large):
        sort, size = got.kind, "×".join(map(str, got.shape))
        text = tr(f"结果太大了：{sort}，有 {size} 个数。", f"The result is far too large: a {sort} of {size} numbers.")
        return _differ(text, got, want)
    if type(got) is type(want) and not isinstance(got, Other):
        return None if got == want else _differ(tr("数值不对。", "The value is not right."), got, want)
    text = tr(f"应返回 {_kind(want)}，得到的是 {_kind(got)}。", f"Expected {_kind(want)}, got {_kind(got)}.")
    return _differ(text, got, want)


def _values(given: np.ndarray, wanted: np.ndarray, tolerance: float, got: object, want: object) -> Difference | None:
    close = _close(given, wanted, tolerance)
    if close.all():
        return None
    if wanted.ndim == 0:
        return _differ(tr("数值不对。", "The value is not right."), got, want)
    where = tuple(int(k) for k in np.argwhere(~close)[0])
    at = "[" + ", ".join(map(str, where)) + "]"
    return Difference(
        tr(f"从位置 {at} 起数值不对。", f"The values differ from position {at} on."),
        f"{at} = {_text(given[where])}",
        f"{at} = {_text(wanted[where])}",
    )


def _close(given: np.ndarray, wanted: np.ndarray, tolerance: float) -> np.ndarray:
    return np.isclose(given.astype(float), wanted.astype(float), rtol=tolerance, atol=tolerance, equal_nan=True)


def _promises(
    got: object, want: object, given: np.ndarray, wanted: np.ndarray, exact: Collection[str]
) -> Difference | None:
    """Compare what a task promises besides the numbers."""
    one, other = (_KINDS["i" if array.dtype.kind == "u" else array.dtype.kind] for array in (given, wanted))
    if KIND in exact and one is not other:
        text = tr(
            f"数值对，但类型应为{other.zh}，得到的是{one.zh}。",
            f"The values are right, but their type is not: expected {other.en}, got {one.en}.",
        )
        return Difference(text, _typed(got), _typed(want))
    if CONTAINER in exact and _container(got) != _container(want):
        text = tr(
            f"数值对，但应放在 {_kind(want)} 里，得到的是 {_kind(got)}。",
            f"The values are right, but they should come as {_kind(want)}, and came as {_kind(got)}.",
        )
        return Difference(text, _typed(got), _typed(want))
    return None


def _parts(got: object, want: tuple | list, tolerance: float, exact: Collection[str]) -> Difference | None:
    if not isinstance(got, (tuple, list)) or len(got) != len(want):
        return _differ(tr(f"应返回 {len(want)} 个值。", f"Expected {len(want)} values, as in return a, b."), got, want)
    for number, (one, other) in enumerate(zip(got, want, strict=True), 1):
        found = difference(one, other, tolerance, exact)
        if found:
            text = tr(f"第 {number} 个返回值：{found.text.zh}", f"Returned value {number}: {found.text.en}")
            return Difference(text, found.got, found.want)
    return None


def as_array(value: object) -> np.ndarray | None:
    """Return numbers, lists of numbers, arrays and tensors as an array; None for anything else."""
    if torch.is_tensor(value):
        value = value.detach().cpu()
        return (value.float() if value.dtype == torch.bfloat16 else value).numpy()  # NumPy has no bfloat16
    if isinstance(value, (bool, int, float, np.generic, np.ndarray, list)):
        try:
            array = np.asarray(_without_tensors(value))
        except (ValueError, RuntimeError, TypeError):
            return None
        return array if array.dtype.kind in "biuf" else None
    return None


def _without_tensors(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_without_tensors(item) for item in value]
    return value.numpy() if torch.is_tensor(value) else value


def _differ(text: Label, got: object, want: object) -> Difference:
    return Difference(text, brief(got), brief(want))


def _container(value: object) -> str:
    if torch.is_tensor(value):
        return "tensor"
    array = isinstance(value, np.ndarray) and value.ndim
    return "array" if array else type(value).__name__ if isinstance(value, (list, tuple, dict, set)) else "number"


def _kind(value: object) -> str:
    if isinstance(value, (Other, Large)):
        return value.kind
    if torch.is_tensor(value):
        return "torch.Tensor"
    return type(value).__name__ if value is not None else "None"


def _typed(value: object) -> str:
    dtype = str(value.dtype) if torch.is_tensor(value) or isinstance(value, np.ndarray) else _kind(value)
    return f"{brief(value)} ({dtype})"


def _shape(array: np.ndarray) -> str:
    return str(tuple(array.shape))


def _text(number: np.generic) -> str:
    return f"{number:.6g}" if number.dtype.kind == "f" else str(number)


def brief(value: object, limit: int = 60) -> str:
    """Return ``value`` in at most ``limit`` characters, arrays with their shape."""
    array = as_array(value)
    if array is not None and array.ndim:
        head = ", ".join(_text(item) for item in array.flatten()[:4])
        text = f"[{head}{', …' if array.size > 4 else ''}]"
        return text if array.ndim == 1 and array.size <= 4 else f"{text} {_shape(array)}"
    if array is not None:
        return _text(array[()])
    if isinstance(value, Other):
        return clipped(lambda: value.text, limit)
    if isinstance(value, Large):
        return f"{value.kind} {value.shape}"
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)  # the rest of its repr is an address
    if isinstance(value, (tuple, list)):
        return clipped(lambda: "(" + ", ".join(map(brief, value)) + ")", limit)
    return clipped(lambda: repr(value), limit)
