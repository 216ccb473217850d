"""Is a learner's answer the expected one, and if not, how do the two differ?"""

from dataclasses import dataclass

import numpy as np
import torch

from course_snn.language import Label, tr


@dataclass(frozen=True)
class Difference:
    """How an answer differs: a sentence, and the two values to show side by side (already as text)."""

    text: Label
    got: str
    want: str


def difference(got: object, want: object, tolerance: float = 1e-4) -> Difference | None:
    """Return None if ``got`` equals ``want`` up to ``tolerance`` (absolute and relative), else how they differ.

    Whatever a learner returns, this says something and does not raise.
    """
    try:
        return _difference(got, want, tolerance)
    except Exception as error:  # an object that cannot be compared, printed or turned into an array
        kind = f"{type(got).__name__} ({type(error).__name__}: {error})"
        text = tr(f"无法与应有的结果比较：{kind}。", f"This cannot be compared with the expected result: {kind}.")
        return Difference(text, type(got).__name__, brief(want))


def _difference(got: object, want: object, tolerance: float) -> Difference | None:
    wanted, given = _array(want), _array(got)
    if isinstance(want, tuple) or (isinstance(want, list) and wanted is None):
        return _parts(got, want, tolerance)
    if given is None or wanted is None:
        if type(got) is type(want):
            return None if got == want else _differ(tr("数值不对。", "The value is not right."), got, want)
        text = tr(f"应返回 {_kind(want)}，得到的是 {_kind(got)}。", f"Expected {_kind(want)}, got {_kind(got)}.")
        return _differ(text, got, want)
    if given.shape != wanted.shape:
        return _differ(
            tr(
                f"形状应为 {_shape(wanted)}，得到的是 {_shape(given)}。",
                f"Expected shape {_shape(wanted)}, got {_shape(given)}.",
            ),
            got,
            want,
        )
    close = np.isclose(given.astype(float), wanted.astype(float), rtol=tolerance, atol=tolerance, equal_nan=False)
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


def _parts(got: object, want: tuple | list, tolerance: float) -> Difference | None:
    if not isinstance(got, (tuple, list)) or len(got) != len(want):
        return _differ(tr(f"应返回 {len(want)} 个值。", f"Expected {len(want)} values, as in return a, b."), got, want)
    for number, (one, other) in enumerate(zip(got, want, strict=True), 1):
        found = difference(one, other, tolerance)
        if found:
            text = tr(f"第 {number} 个返回值：{found.text.zh}", f"Returned value {number}: {found.text.en}")
            return Difference(text, found.got, found.want)
    return None


def _array(value: object) -> np.ndarray | None:
    """Return numbers, lists of numbers, arrays and tensors as an array; None for anything else."""
    if torch.is_tensor(value):
        return value.detach().cpu().numpy()
    if isinstance(value, (bool, int, float, np.generic, np.ndarray, list)):
        try:
            array = np.asarray(
                [item.item() if torch.is_tensor(item) else item for item in value] if isinstance(value, list) else value
            )
        except (ValueError, RuntimeError, TypeError):
            return None
        return array if array.dtype.kind in "biuf" else None
    return None


def _differ(text: Label, got: object, want: object) -> Difference:
    return Difference(text, brief(got), brief(want))


def _kind(value: object) -> str:
    return type(value).__name__ if value is not None else "None"


def _shape(array: np.ndarray) -> str:
    return str(tuple(array.shape))


def _text(number: np.generic) -> str:
    return f"{number:.6g}" if number.dtype.kind == "f" else str(number)


def brief(value: object, limit: int = 60) -> str:
    """Return ``value`` in at most ``limit`` characters, arrays with their shape."""
    array = _array(value)
    if array is not None and array.ndim:
        head = ", ".join(_text(item) for item in array.flatten()[:4])
        text = f"[{head}{', …' if array.size > 4 else ''}]"
        return text if array.ndim == 1 and array.size <= 4 else f"{text} {_shape(array)}"
    if array is not None:
        return _text(array[()])
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)  # the rest of its repr is an address
    text = repr(value) if not isinstance(value, (tuple, list)) else "(" + ", ".join(map(brief, value)) + ")"
    return text if len(text) <= limit else text[: limit - 1] + "…"
