"""What training did: accuracy or loss over the epochs, of one run or of several to compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from course_snn.figure import BLUE
from course_snn.language import Label, tr
from course_snn.plotting._common import array, color, new_axes, whole_numbers


def learning_curves(runs: Any, quantity: str = "test_accuracy", ax: Axes | None = None) -> Axes:
    """Draw a quantity over the epochs of training, a line for each run.

    Runs that are repeated (the same network from several seeds) are a list: each is drawn thin, their mean bold, and
    a band spans from the lowest to the highest.

    Args:
        runs: a history (what ``training.fit`` returns), a list of repeated ones, or {name: either of them}.
        quantity: "test_accuracy", "train_accuracy", "test_loss", "train_loss" or "lr".

    Raises:
        ValueError: no epochs, a quantity that was not recorded, or repeated runs of different length.
    """
    named = runs if isinstance(runs, Mapping) else {"": runs}
    curves = {name: _repeats(name or "runs", run, quantity) for name, run in named.items()}
    if not curves:
        raise ValueError("runs is empty: give a history, or {name: history}")
    ax = new_axes(ax, height=3.2)
    for index, (name, values) in enumerate(curves.items()):
        _curve(ax, values, name, color(index) if name else BLUE)
    ax.set_xlabel(tr("轮", "epoch"))
    ax.set_ylabel(_names().get(quantity, quantity))
    whole_numbers(ax.xaxis)
    if quantity.endswith("accuracy"):
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    if isinstance(runs, Mapping):
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 0.95), borderaxespad=0.3, handlelength=1.2)
    return ax


def _names() -> dict[str, Label]:
    return {
        "test_accuracy": tr("测试准确率", "test accuracy"),
        "train_accuracy": tr("训练准确率", "training accuracy"),
        "test_loss": tr("测试损失", "test loss"),
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


def _curve(ax: Axes, values: np.ndarray, name: str, tone: str) -> None:
    epochs = np.arange(1, values.shape[1] + 1)
    if len(values) > 1:
        ax.fill_between(epochs, values.min(axis=0), values.max(axis=0), color=tone, alpha=0.13, linewidth=0)
        for row in values:
            ax.plot(epochs, row, color=tone, linewidth=0.7, alpha=0.55, label="_run")
    marker = "o" if values.shape[1] < 30 else ""
    ax.plot(epochs, values.mean(axis=0), marker, linestyle="-", markersize=3, color=tone, label=name or "_run")
