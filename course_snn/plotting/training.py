"""What training did: accuracy or loss over the epochs, in training and in validation, of one run or of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from course_snn.figure import BLUE, GREY
from course_snn.language import Label, tr
from course_snn.plotting._common import array, color, new_axes, whole_numbers

SHOWN = {name: (f"train_{name}", f"validation_{name}") for name in ("accuracy", "loss")}


def learning_curves(runs: Any, quantity: str = "accuracy", ax: Axes | None = None) -> Axes:
    """Draw a quantity over the epochs of training, a line for each run: dashed in training, solid in validation.

    Runs that are repeated (the same network from several seeds) are a list: each is drawn thin, their mean bold, and
    a band spans from the lowest to the highest.

    Args:
        runs: a history (what ``training.fit`` returns), a list of repeated ones, or {name: either of them}.
        quantity: "accuracy" or "loss", in training and, where there was one, in validation; or one line only:
            "validation_accuracy", "train_accuracy", "validation_loss", "train_loss" or "lr".

    Raises:
        ValueError: no epochs, a quantity that was not recorded, or repeated runs of different length.
    """
    named = runs if isinstance(runs, Mapping) else {"": runs}
    if not named:
        raise ValueError("runs is empty: give a history, or {name: history}")
    ax, drawn = new_axes(ax, height=3.2), set()
    for index, (name, run) in enumerate(named.items()):
        parts = _parts(run, quantity)
        for part in parts:
            training = part != quantity and part.startswith("train")
            drawn.add(training)
            label = name if part == parts[-1] else ""
            _curve(ax, _repeats(name or "runs", run, part), label, color(index) if name else BLUE, training)
    ax.set_xlabel(tr("轮", "epoch"))
    ax.set_ylabel(_names().get(quantity, quantity))
    whole_numbers(ax.xaxis)
    if quantity.endswith("accuracy"):
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    if isinstance(runs, Mapping) or quantity in SHOWN:
        _legend(ax, drawn if quantity in SHOWN else set())
    return ax


def _parts(run: Any, quantity: str) -> tuple[str, ...]:
    """Which columns of a history show the quantity; validation is left out where there was none."""
    epochs = getattr(run[0] if isinstance(run, (list, tuple)) and run else run, "epochs", ())
    columns = SHOWN.get(quantity, (quantity,))
    return columns[:1] if quantity in SHOWN and epochs and getattr(epochs[0], columns[1]) is None else columns


def _legend(ax: Axes, drawn: set[bool]) -> None:
    """Name the runs by their colours, and training and validation by their lines."""
    kinds = {True: (tr("训练", "training"), "--"), False: (tr("验证", "validation"), "-")}
    for training in sorted(drawn, reverse=True):
        label, style = kinds[training]
        ax.plot([], [], color=GREY, linestyle=style, label=label)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 0.95), borderaxespad=0.3, handlelength=1.6)


def _names() -> dict[str, Label]:
    return {
        "accuracy": tr("准确率", "accuracy"),
        "loss": tr("损失", "loss"),
        "validation_accuracy": tr("验证准确率", "validation accuracy"),
        "train_accuracy": tr("训练准确率", "training accuracy"),
        "validation_loss": tr("验证损失", "validation loss"),
        "train_loss": tr("训练损失", "training loss"),
        "lr": tr("学习率", "learning rate"),
    }


def _repeats(name: str, run: Any, quantity: str) -> np.ndarray:
    """The quantity of one history or of repeated ones, [runs, epochs]."""
    histories = list(run) if isinstance(run, (list, tuple)) else [run]
    rows = []
    for history in histories:
        epochs = getattr(history, "epochs", None)
        if epochs is None:
            raise TypeError(f"{name} must be a history of training.fit or a list of them, got {history!r}")
        if not epochs or getattr(epochs[0], quantity, None) is None:
            held = [field for epoch in epochs[:1] for field, value in epoch._asdict().items() if value is not None]
            raise ValueError(f"{name} holds no {quantity}" + (f", only {', '.join(held)}" if held else ": no epochs"))
        rows.append([getattr(epoch, quantity) for epoch in epochs])
    if len({len(row) for row in rows}) > 1:
        raise ValueError(f"{name} repeats runs of {sorted({len(row) for row in rows})} epochs: give each its own name")
    return array(name, rows, "runs, epochs")


def _curve(ax: Axes, values: np.ndarray, name: str, tone: str, training: bool) -> None:
    epochs = np.arange(1, values.shape[1] + 1)
    if len(values) > 1:
        ax.fill_between(epochs, values.min(axis=0), values.max(axis=0), color=tone, alpha=0.13, linewidth=0)
        for row in values:
            ax.plot(epochs, row, color=tone, linewidth=0.7, linestyle="-", alpha=0.55, label="_run")
    marker, style = "none" if training or values.shape[1] >= 30 else "o", "--" if training else "-"
    ax.plot(epochs, values.mean(axis=0), marker=marker, linestyle=style, markersize=3, color=tone, label=name or "_run")
