"""Events of an event camera, and frames made of them: by number, by time, by duration, or by a function of your own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from course_snn.arguments import whole
from course_snn.data import given
from course_snn.data.given import KEYS, Events, columns

Integrate = Callable[[Events, int, int], torch.Tensor]  # (events, height, width) -> [T, 2, H, W]
LARGEST = 1 << 31  # cells of one stack of frames: 8 GiB as float32


def frames_by_number(events: Events, frames_number: int, height: int, width: int) -> torch.Tensor:
    """Sum events into frames that hold equally many: N // T each, the last one also what is left over.

        frame j holds the events [j·(N // T), (j + 1)·(N // T)), the last frame those up to N

    With fewer events than frames all of them come into the last frame.

    Args:
        events: {"t", "x", "y", "p"}, sorted by time.
        frames_number: T, how many frames.
        height: rows of the sensor.
        width: columns of the sensor.

    Shapes:
        four times [N] → [T, 2, H, W], counts as float32; channel 0 is OFF, channel 1 is ON.

    Raises:
        ValueError: no events, unsorted times, coordinates outside the sensor, polarities other than 0 and 1.

    Source: Fang et al. 2021, Proc. ICCV; SpikingJelly's split_by="number".
    """
    frames = whole("frames_number", frames_number, at_least=1)
    events = checked(events, height, width)
    n = len(events["t"])
    share = n // frames
    bins = np.minimum(np.arange(n) // share, frames - 1) if share else np.full(n, frames - 1)
    return _sum(events, bins, frames, height, width)


def frames_by_time(events: Events, frames_number: int, height: int, width: int) -> torch.Tensor:
    """Sum events into frames of equal duration: the recording divided by T, rounded down to microseconds.

        Δ = ⌊(t_last − t_0) / T⌋;  frame j holds t − t_0 in [j·Δ, (j + 1)·Δ), the last frame all that is left

    Args:
        events: {"t", "x", "y", "p"}, sorted by time.
        frames_number: T, how many frames.
        height: rows of the sensor.
        width: columns of the sensor.

    Shapes:
        four times [N] → [T, 2, H, W], counts as float32; channel 0 is OFF, channel 1 is ON.

    Raises:
        ValueError: no events, unsorted times, coordinates outside the sensor, polarities other than 0 and 1.

    Source: SpikingJelly's split_by="time"; an empty frame is a frame of zeros here, an IndexError there.
    """
    frames = whole("frames_number", frames_number, at_least=1)
    events = checked(events, height, width)
    t = events["t"] - events["t"][0]
    return _sum(events, np.minimum(t // max(1, t[-1] // frames), frames - 1), frames, height, width)


def frames_by_duration(events: Events, duration: int, height: int, width: int) -> torch.Tensor:
    """Sum events into frames of a given duration; a longer recording has more frames.

        T = max(1, ⌈(t_last − t_0) / Δ⌉);  frame j holds t − t_0 in [j·Δ, (j + 1)·Δ), the last one also its upper end

    Args:
        events: {"t", "x", "y", "p"}, sorted by time.
        duration: Δ, of one frame, in microseconds.
        height: rows of the sensor.
        width: columns of the sensor.

    Shapes:
        four times [N] → [T, 2, H, W], counts as float32; channel 0 is OFF, channel 1 is ON.

    Raises:
        ValueError: no events, unsorted times, coordinates outside the sensor, polarities other than 0 and 1; so short
            a duration that the frames would not fit into memory.

    Source: SpikingJelly's integrate_events_by_fixed_duration; empty frames and single events are allowed here.
    """
    duration = whole("duration", duration, at_least=1)
    events = checked(events, height, width)
    t = events["t"] - events["t"][0]
    frames = max(1, -(-int(t[-1]) // duration))
    return _sum(events, np.minimum(t // duration, frames - 1), frames, height, width)


def integrate(events: Events, bins: np.ndarray, frames: int, height: int, width: int) -> torch.Tensor:
    """Sum events into the frames that ``bins`` names: what every way of making frames ends in.

    Args:
        events: {"t", "x", "y", "p"}.
        bins: for each event the number of its frame, 0 … frames − 1; several may be the same, in any order.
        frames: how many frames.
        height: rows of the sensor.
        width: columns of the sensor.

    Shapes:
        four times [N], bins [N] → [frames, 2, H, W], counts as float32.

    Raises:
        ValueError: events as in ``checked``; a bin that is not a frame's number; more frames than memory could hold.
    """
    frames, bins = whole("frames", frames, at_least=1), given.numpy("bins", bins)
    events = checked(events, height, width)
    if bins.shape != events["t"].shape or bins.dtype.kind not in "iu":
        raise ValueError(
            f"bins must name one frame for each of the {len(events['t'])} events, as integers; "
            f"got {bins.dtype} {list(bins.shape)}."
        )
    if bins.min() < 0 or bins.max() >= frames:
        raise ValueError(f"bins must lie in 0 … {frames - 1}, got {bins.min()} … {bins.max()}.")
    return _sum(events, bins, frames, height, width)


def _sum(events: Events, bins: np.ndarray, frames: int, height: int, width: int) -> torch.Tensor:
    height, width = int(height), int(width)  # numpy's small integers would overflow
    cells = frames * 2 * height * width
    if cells > LARGEST:
        raise ValueError(
            f"{frames} frames of 2 × {height} × {width} would need {cells * 4 / 2**30:.0f} GiB; "
            "make fewer: a smaller frames_number, or a longer duration (in microseconds)."
        )
    where = ((bins.astype(np.int64) * 2 + events["p"]) * height + events["y"]) * width + events["x"]
    counts = np.bincount(where, minlength=cells)
    return torch.from_numpy(counts.astype(np.float32)).view(frames, 2, height, width)


def checked(events: Events, height: int, width: int) -> dict[str, np.ndarray]:
    """Return the events as arrays, "t" as int64, if there are any and each lies within sensor and order.

    Args:
        events: {"t", "x", "y", "p"}: arrays, tensors or lists of one length, or a structured array with these fields.
        height: rows of the sensor.
        width: columns of the sensor.

    Raises:
        TypeError, ValueError: a key is missing, lengths differ, values are no whole numbers (see ``given.columns``), no
            events, unsorted times, coordinates outside the sensor, polarities other than 0 and 1.
    """
    arrays = columns(events)
    if not len(arrays["t"]):
        raise ValueError("there are no events: nothing to make frames of. Leave this recording out.")
    _inside("x", arrays["x"], whole("width", width, at_least=1), "columns")
    _inside("y", arrays["y"], whole("height", height, at_least=1), "rows")
    if arrays["p"].min() < 0 or arrays["p"].max() > 1:
        raise ValueError(
            f"p must be 1 (ON) or 0 (OFF), got {arrays['p'].min()} … {arrays['p'].max()}; "
            'where -1 means OFF, give p > 0 instead: dict(t=…, x=…, y=…, p=events["p"] > 0).'
        )
    if (arrays["t"][1:] < arrays["t"][:-1]).any():
        at = int(np.argmax(arrays["t"][1:] < arrays["t"][:-1])) + 1
        raise ValueError(
            f"times must not go back, but event {at} comes at {arrays['t'][at]} µs, after {arrays['t'][at - 1]} µs; "
            "sort the events first: data.by_time(events)."
        )
    return arrays


def _inside(axis: str, values: np.ndarray, size: int, what: str) -> None:
    if values.min() < 0 or values.max() >= size:
        raise ValueError(
            f"{axis} must lie in 0 … {size - 1} on a sensor of {size} {what}, got {values.min()} … {values.max()}; "
            "are height and width those of the camera?"
        )


def by_time(events: Events) -> dict[str, np.ndarray]:
    """Return the events sorted by time; those of the same microsecond keep their order.

    Args:
        events: {"t", "x", "y", "p"}, as in ``checked``; there may be none.

    Raises:
        TypeError, ValueError: a key is missing, lengths differ, values are no whole numbers.
    """
    arrays = columns(events)
    order = np.argsort(arrays["t"], kind="stable")
    return {key: arrays[key][order] for key in KEYS}


def resized(events: Events, height: int, width: int, size: tuple[int, int]) -> dict[str, np.ndarray]:
    """Return the events as a coarser sensor would report them: each pixel gathers the events of a block of pixels.

        x ← ⌊x · W' / W⌋,   y ← ⌊y · H' / H⌋

    Args:
        events: {"t", "x", "y", "p"}.
        height: rows of the sensor.
        width: columns of the sensor.
        size: (rows, columns) of the coarser sensor.

    Raises:
        ValueError: the new sensor would be finer than the old one; events as in ``checked``.
    """
    arrays = checked(events, height, width)
    for key, coarse, fine in zip(("y", "x"), given.size(size, height, width), (height, width), strict=True):
        arrays[key] = (arrays[key].astype(np.int64) * coarse // fine).astype(np.int16)
    return arrays


def pad_collate(batch: Iterable[tuple[Any, Any]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Put sequences of different lengths into one tensor, zeros behind the shorter: for a DataLoader's collate_fn.

    Args:
        batch: pairs (frames [T_i, …], label): arrays or tensors of any dtype; different ones become the one that holds
            them all (uint16 and larger: int32, int64). A label is a class number, or a target: numbers of one shape.

    Shapes:
        N times ([T_i, …], label) → ([N, T, …], labels [N] int64 or targets [N, …], lengths [N]) with T the largest T_i.

    Raises:
        TypeError, ValueError: an empty batch; items that are no pairs; frames or targets whose shapes do not go
            together.

    Source: as SpikingJelly's pad_sequence_collate.
    """
    batch = list(batch)
    if not batch:
        raise ValueError("there is nothing to put together: the batch is empty.")
    if odd := [n for n, item in enumerate(batch) if not isinstance(item, (tuple, list)) or len(item) != 2]:
        raise TypeError(f"a batch holds pairs (frames, label), but item {odd[0]} is {_kind(batch[odd[0]])}.")
    frames = _of_one_dtype([given.tensor(f"the frames of item {n}", x) for n, (x, _) in enumerate(batch)])
    for n, x in enumerate(frames):
        if not x.dim() or x.shape[1:] != frames[0].shape[1:]:
            raise ValueError(
                f"frames must be [T, …], the same but for T; item {n} has {list(x.shape)}, "
                f"item 0 {list(frames[0].shape)}."
            )
    lengths = torch.as_tensor([len(x) for x in frames])
    return torch.nn.utils.rnn.pad_sequence(frames, batch_first=True), _labels([y for _, y in batch]), lengths


def _kind(item: Any) -> str:
    return type(item).__name__ + (f" of {len(item)}" if hasattr(item, "__len__") else "")


def _labels(given_labels: list[Any]) -> torch.Tensor:
    """Class numbers as int64 [N]; anything else, such as one-hot rows or numbers to regress on, as it is, stacked."""
    labels = _of_one_dtype([given.tensor(f"the label of item {n}", y) for n, y in enumerate(given_labels)])
    if not labels[0].is_floating_point() and all(y.numel() == 1 for y in labels):
        return torch.stack([y.reshape(()) for y in labels]).long()
    if odd := [n for n, y in enumerate(labels) if y.shape != labels[0].shape]:
        n = odd[0]
        raise ValueError(
            f"labels must have one shape; item {n} has {list(labels[n].shape)}, item 0 {list(labels[0].shape)}."
        )
    return torch.stack(labels)


def _of_one_dtype(tensors: list[torch.Tensor]) -> list[torch.Tensor]:
    dtype = tensors[0].dtype
    for tensor in tensors:
        dtype = torch.promote_types(dtype, tensor.dtype)
    return [tensor.to(dtype) for tensor in tensors]


def padded_mask(lengths: torch.Tensor, T: int | None = None) -> torch.Tensor:
    """Say which steps of padded sequences are real: True before the length of a sequence, False behind it.

    Args:
        lengths: how long each sequence is: whole numbers, at least one of them.
        T: length of the padded sequences; by default that of the longest.

    Shapes:
        [N] → [T, N] bool, time first.

    Raises:
        TypeError, ValueError: no lengths, or none that are; a sequence that is longer than ``T``.

    Source: as SpikingJelly's padded_sequence_mask.
    """
    lengths = given.integers("lengths", lengths)
    if not len(lengths) or lengths.min() < 0:
        raise ValueError(f"lengths must be one number of at least 0 for each sequence, got {lengths.tolist()}.")
    longest = int(lengths.max())
    T = longest if T is None else whole("T", T, at_least=1)
    if longest > T:
        raise ValueError(f"a sequence of {longest} steps does not fit into T = {T}.")
    return torch.arange(T, device=lengths.device)[:, None] < lengths
