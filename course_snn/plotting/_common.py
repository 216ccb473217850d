"""What all plotting functions share: reading data with clear errors, axes, the time axis, direct labels."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from course_snn.figure import CYCLE
from course_snn.language import Label, tr


def neuron_index() -> Label:
    """The label of an axis that counts neurons."""
    return tr("神经元编号", "neuron index")  # a function: a label reads in the language of the moment it is made


def time_step() -> Label:
    """The label of an axis that counts time steps."""
    return tr("时间步", "time step")


def array(name: str, data: Any, *shapes: str) -> np.ndarray:
    """A copy of the data as floats; its number of dimensions must be that of one of `shapes`, such as "T, N"."""
    if hasattr(data, "detach"):  # a tensor, on any device and of any dtype, bfloat16 too
        data = data.detach().cpu().double().numpy()
    try:
        values = np.array(data, dtype=float)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be numbers: a tensor, an array or lists of equal length ({error})") from None
    dimensions = [len(shape.split(",")) for shape in shapes]
    if values.ndim not in dimensions:
        accepted = " or ".join(f"[{shape}]" for shape in shapes)
        advice = _advice(values.ndim, dimensions)
        raise ValueError(f"{name} must have the shape {accepted}, but has {list(values.shape)}{advice}")
    if values.size == 0:
        raise ValueError(f"{name} holds nothing to draw: its shape is {list(values.shape)}")
    return values


def _advice(given: int, accepted: list[int]) -> str:
    if given == 0:
        return ": record it at every time step first, for example with course_snn.monitor.Monitor"
    return ": pick one item of the batch first, for example x[:, 0]" if given > max(accepted) else ""


def spike_array(name: str, data: Any, *shapes: str) -> np.ndarray:
    """Like `array`, for spikes: bool, from bool or 0/1."""
    values = array(name, data, *shapes)
    if not np.isin(values, (0, 1)).all():
        wrong = values[~np.isin(values, (0, 1))][0]
        raise ValueError(f"{name} must hold only True/False or 0/1, but holds {wrong:g}")
    return values.astype(bool)


def same_shape(**arrays: np.ndarray) -> None:
    """Raise unless all arrays, given by their names, have one shape."""
    (first, model), *others = arrays.items()
    for name, values in others:
        if values.shape != model.shape:
            raise ValueError(
                f"{name} and {first} must have the same shape, but have {list(values.shape)} and {list(model.shape)}"
            )


def new_axes(ax: Axes | None, height: float = 3.0, width: float = 7.0) -> Axes:
    """The given axes, or those of a new figure (inches)."""
    return ax if ax is not None else plt.subplots(figsize=(width, height))[1]


def step_length(dt: float | None) -> float:
    """The distance of two time steps on the time axis."""
    if dt is not None and not dt > 0:
        raise ValueError(
            f"dt is the length of a time step in ms and must be positive, but is {dt!r}; None counts steps"
        )
    return 1.0 if dt is None else float(dt)


def time_axis(ax: Axes, steps: int, dt: float | None, edge: float = 0.0) -> None:
    """Label the x axis in steps, or in ms where dt is given; `edge` is the room beside them, in steps."""
    length = step_length(dt)
    ax.set_xlim(-edge * length, (steps + edge) * length)
    ax.set_xlabel(time_step() if dt is None else tr("时间 (ms)", "time (ms)"))
    if dt is None:
        whole_numbers(ax.xaxis)


def whole_numbers(axis: Any) -> None:
    """Ticks at integers only: steps and indices have no halves."""
    axis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))


def color(index: int) -> str:
    """The colour of the line with this number; after the last the first comes again."""
    return CYCLE[index % len(CYCLE)]
