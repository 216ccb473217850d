"""What people bring, as arrays and tensors: events in any container, frames, labels and rows of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

import numpy as np
import torch

from course_snn.arguments import whole

Events = Mapping[str, np.ndarray]  # "t" µs, "x" column, "y" row, "p" 1 = ON (brighter), 0 = OFF (darker)
KEYS = ("t", "x", "y", "p")
ACCEPTED = 'a dict {"t", "x", "y", "p"} or an array with these fields, each a row of whole numbers, t in microseconds'
CONVERT = {
    "t": "times in seconds become microseconds by np.round(t * 1e6).astype(np.int64)",
    "x": "make it x.astype(np.int64)",
    "y": "make it y.astype(np.int64)",
    "p": "make it p > 0",
}
# torch hardly computes in unsigned types beyond uint8
ROOMY = {
    torch.uint16: torch.int32,
    torch.uint32: torch.int64,
    torch.uint64: torch.int64,
}  # torch cannot compute in these


def columns(events: Events) -> dict[str, np.ndarray]:
    """Return events as four arrays of one length, whatever they came in: "t" as int64, the others as they are.

    Args:
        events: {"t", "x", "y", "p"}: a mapping of arrays, tensors or lists, or a structured array (a record array, as
            tonic has them) with these fields in any order.

    Shapes:
        four times [N], N may be 0.

    Raises:
        TypeError: no container with names, such as an array [N, 4], whose columns could be in any order.
        ValueError: a key is missing, lengths differ, values are no whole numbers.
    """
    here = _names(events)
    if missing := [key for key in KEYS if key not in here]:
        raise ValueError(f"events need t, x, y, p; {', '.join(missing)} is missing. Here are: {', '.join(here)}.")
    arrays = {key: _column(key, events[key]) for key in KEYS}
    if len({len(array) for array in arrays.values()}) > 1:
        raise ValueError(f"t, x, y and p must have one length, got {[list(a.shape) for a in arrays.values()]}.")
    return arrays


def _names(events: Any) -> list[str]:
    """The names in a dict, a record array, a table; what has none is refused."""
    names = getattr(getattr(events, "dtype", None), "names", None)
    if names is None and hasattr(events, "keys"):
        names = [str(key) for key in events]
    if names is not None:
        return list(names)
    shape = f" of the shape {list(events.shape)}" if hasattr(events, "shape") else ""
    raise TypeError(
        f"events must be {ACCEPTED}; got {type(events).__name__}{shape}. An array [N, 4] does not say which column is "
        'which; if they are t, x, y, p, write dict(zip("txyp", array.T)).'
    )


def _column(key: str, values: Any) -> np.ndarray:
    array = numpy(key, values)
    if array.ndim != 1:
        raise ValueError(f"{key} must be a row [N], one number for each event; got the shape {list(array.shape)}.")
    if array.size == 0:
        return array.astype(np.int64)  # an empty list is one of floats
    if array.dtype.kind not in "iub":
        raise ValueError(f"events are whole numbers (t in microseconds); {key} is {array.dtype}: {CONVERT[key]}.")
    if array.dtype == np.uint64 and array.max() > np.iinfo(np.int64).max:
        raise ValueError(
            f"{key} goes up to {array.max()}, which no int64 holds: is it a negative number cast to uint64?"
        )
    # numpy would turn int64 + uint64 into floats, and let the difference of two unsigned times wrap around
    wanted = np.int64 if key == "t" or array.dtype == np.uint64 else array.dtype.newbyteorder("=")
    return array.astype(wanted, copy=False)


def numpy(name: str, values: Any) -> np.ndarray:
    """Return numbers as an array: from an array, a tensor on any device, or lists.

    Args:
        name: how an error calls them.
        values: the numbers.

    Raises:
        TypeError: no numbers, or lists of different lengths.
    """
    if torch.is_tensor(values):
        values = values.detach().cpu()
        return (values.float() if values.dtype == torch.bfloat16 else values).numpy()
    try:
        array = np.asarray(values)
    except (TypeError, ValueError) as error:  # lists of different lengths
        raise TypeError(f"{name} must be an array, a tensor or lists of one length ({error}).") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be numbers, got {array.dtype} ({type(values).__name__}).")
    return array


def tensor(name: str, values: Any) -> torch.Tensor:
    """Return numbers as a tensor: a tensor as it is, arrays and lists (of tensors, too) of any dtype.

    uint16, uint32 and uint64, in which torch cannot compute, become int32 and int64; Python's floats become float32.

    Args:
        name: how an error calls them.
        values: the numbers.

    Raises:
        TypeError: no numbers, or lists of different lengths.
    """
    if not torch.is_tensor(values):
        if isinstance(values, (list, tuple)) and any(map(torch.is_tensor, values)):
            values = _stacked(name, values)
        else:
            array = numpy(name, list(values) if isinstance(values, (Set, Iterator)) else values)
            if array.dtype == float and not hasattr(values, "dtype"):
                array = array.astype(np.float32)  # Python's floats, as torch takes them
            values = torch.from_numpy(np.require(array, array.dtype.newbyteorder("="), ["C", "W"]))
    return values.to(ROOMY.get(values.dtype, values.dtype))


def _stacked(name: str, values: list[Any]) -> torch.Tensor:
    parts = [tensor(name, value) for value in values]
    if len(shapes := {tuple(part.shape) for part in parts}) > 1:
        raise TypeError(f"{name} must have one shape, got {', '.join(str(list(shape)) for shape in sorted(shapes))}.")
    return torch.stack(parts)


def integers(name: str, values: Any, below: int | None = None) -> torch.Tensor:
    """Return a row of whole numbers as int64 [N]: labels, lengths, places.

    Args:
        name: how an error calls them.
        values: a list, an array or a tensor.
        below: each must be at least 0 and below this; by default any whole number is one.

    Raises:
        TypeError: not whole numbers, or not a row.
        ValueError: a number out of range.
    """
    found = tensor(name, values)
    if found.dim() != 1 or (found.numel() and (found.is_floating_point() or found.is_complex())):
        raise TypeError(f"{name} must be a row of whole numbers, such as [0, 3, 1]; got {_kind(found)}.")
    if below is not None and found.numel() and (found.min() < 0 or found.max() >= below):
        raise ValueError(f"{name} must lie in 0 … {below - 1}, got {int(found.min())} … {int(found.max())}.")
    return found.long()


def size(value: Any, height: int, width: int) -> tuple[int, int]:
    """Return (rows, columns) of frames, checked: whole numbers from 1 to those of the sensor.

    Args:
        value: two whole numbers.
        height: rows of the sensor.
        width: columns of the sensor.

    Raises:
        TypeError: not two whole numbers.
        ValueError: below 1, or a finer sensor.
    """
    if not hasattr(value, "__len__") or len(value) != 2:
        raise TypeError(f"size must be (rows, columns), for example ({height // 2}, {width // 2}); got {value!r}.")
    rows, columns = (whole(name, given, at_least=1) for name, given in zip(("size[0]", "size[1]"), value, strict=True))
    if rows > height or columns > width:
        raise ValueError(f"size must be between 1 × 1 and the sensor's {height} × {width}, got {rows} × {columns}.")
    return rows, columns


def _kind(found: torch.Tensor) -> str:
    return f"{str(found.dtype).removeprefix('torch.')} {list(found.shape)}"
