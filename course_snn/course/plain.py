"""Whatever a learner's function returns, as plain data that JSON can carry, and back.

A tensor stays a tensor and a list a list; what the course knows nothing of becomes its type's name and a short text.
"""

import base64
import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real

import numpy as np
import torch

MOST_NUMBERS = 200_000  # numbers in one answer; no expected answer comes near
MOST_LEVELS = 12
MOST_TEXT = 300


@dataclass(frozen=True)
class Other:
    """A value that is not numbers, text or a collection of them: the name of its type, and what it looks like."""

    kind: str
    text: str


@dataclass(frozen=True)
class Large:
    """A collection of more numbers than any answer has: only its type and its shape are kept."""

    kind: str
    shape: tuple[int, ...]


class _TooMuch(Exception):
    """More numbers or levels than MOST_NUMBERS and MOST_LEVELS."""


def clipped(make: Callable[[], object], limit: int = MOST_TEXT) -> str:
    """Return ``str(make())`` in at most ``limit`` characters that can be printed, whatever happens while it is made."""
    try:
        text = str(make())[: limit + 1].encode("utf-8", "replace").decode()  # half a character (\ud800) becomes ?
    except Exception as error:
        return f"({type(error).__name__})"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def encode(value: object) -> object:
    """Return ``value`` as data that `json.dumps` takes and `decode` turns back; never raises."""
    try:
        return _encode(value, [MOST_NUMBERS], MOST_LEVELS)
    except _TooMuch:
        return {"large": type(value).__name__, "shape": [_length(value)]}
    except Exception:
        return _other(value)


def decode(data: object) -> object:
    """Return the value that `encode` wrote down.

    Raises:
        ValueError: not something that `encode` writes.
    """
    if data is None or isinstance(data, (bool, int, float, str)):
        return data
    if isinstance(data, dict) and data:
        kind, content = next(iter(data.items()))
        with contextlib.suppress(TypeError, KeyError):
            return _DECODERS[kind](content, data)
    raise ValueError(f"outcomes hold {clipped(lambda: repr(data), 60)}, which no attempt writes.")


def _encode(value: object, left: list[int], levels: int) -> object:
    if value is None or isinstance(value, (bool, str)):
        return value if not isinstance(value, str) else clipped(lambda: value, 2000)
    if value is ...:
        return {"ellipsis": True}
    if isinstance(value, int) and abs(value) < 2**53:
        return int(value)
    if isinstance(value, (int, float)):
        return _float(value)
    if torch.is_tensor(value):
        return _array("tensor", value, left)
    if isinstance(value, (np.ndarray, np.generic)):
        return _array("array", value, left)
    if isinstance(value, (Real, Decimal)):  # fractions
        return _float(float(value))
    return _collection(value, left, levels)


def _float(value: float) -> object:
    try:
        value = float(value)
    except OverflowError:  # a whole number beyond all floats
        value = math.inf if value > 0 else -math.inf
    return value if math.isfinite(value) else {"float": str(value)}


def _array(kind: str, value: torch.Tensor | np.ndarray, left: list[int]) -> object:
    size = value.numel() if torch.is_tensor(value) else value.size
    if size > left[0]:
        return {"large": kind, "shape": list(value.shape)}
    if torch.is_tensor(value):
        if value.layout != torch.strided or value.is_complex() or value.is_meta:
            return _other(value)
        value = value.detach().cpu().resolve_neg()
        value = (value.float() if value.dtype in (torch.bfloat16, torch.float16) else value).numpy()
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        return _other(value)
    left[0] -= size
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return {kind: data, "dtype": array.dtype.str, "shape": list(array.shape)}


def _collection(value: object, left: list[int], levels: int) -> object:
    if levels == 0:
        raise _TooMuch
    if isinstance(value, dict):
        left[0] -= len(value)
        _spent(left)
        return {
            "dict": [[_encode(key, left, levels - 1), _encode(item, left, levels - 1)] for key, item in value.items()]
        }
    if not isinstance(value, (list, tuple, range, set, frozenset)):
        return _other(value)
    left[0] -= len(value)
    _spent(left)
    name = next(
        name for name in ("tuple", "set", "frozenset", "list") if type(value).__name__ == name or name == "list"
    )
    name = "tuple" if isinstance(value, tuple) else name.removeprefix("frozen")
    return {name: [_encode(item, left, levels - 1) for item in value]}


def _spent(left: list[int]) -> None:
    if left[0] < 0:
        raise _TooMuch


def _other(value: object) -> dict[str, str]:
    name = clipped(lambda: getattr(value, "__name__", None) or "" if callable(value) else "")
    text = name or clipped(lambda: repr(value), 60)
    kind = clipped(lambda: type(value).__name__, 60)
    return {"other": kind, "text": kind if " at 0x" in text else text}


def _length(value: object) -> int:
    try:
        return len(value)  # ty: ignore[invalid-argument-type]
    except Exception:
        return 0


def _numbers(content: str, data: dict) -> np.ndarray:
    dtype = np.dtype(data["dtype"])
    if dtype.kind not in "biuf":
        raise ValueError(f"outcomes hold an array of type {data['dtype']!r}, which no attempt writes.")
    return np.frombuffer(base64.b64decode(content), dtype).reshape(data["shape"]).copy()


_DECODERS: dict[str, Callable] = {
    "ellipsis": lambda content, data: ...,
    "float": lambda content, data: float(content),
    "tensor": lambda content, data: torch.from_numpy(_numbers(content, data)),
    "array": _numbers,
    "list": lambda content, data: [decode(item) for item in content],
    "tuple": lambda content, data: tuple(decode(item) for item in content),
    "set": lambda content, data: {decode(item) for item in content},
    "dict": lambda content, data: {decode(key): decode(item) for key, item in content},
    "large": lambda content, data: Large(str(content), tuple(int(n) for n in data["shape"])),
    "other": lambda content, data: Other(str(content), str(data["text"])),
}
