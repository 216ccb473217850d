"""Relations: current and firing rate, spike timing and weight change, value and response."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_snn.figure import BLUE, GREY, INK, ORANGE, PALE
from course_snn.language import tr
from course_snn.plotting._common import array, color, new_axes, same_shape


def fi_curve(
    currents: Any,
    rates: Any,
    analytic: Any = None,
    rheobase: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the firing rate over a constant input current (f–I curve).

    Args:
        currents: [K].
        rates: [K], measured, in spikes per time step.
        analytic: the rates that theory gives: [K], or a function of an array of currents, then drawn smoothly.
        rheobase: the smallest current that makes the neuron fire.

    Raises:
        ValueError: numbers of currents and rates that differ.
    """
    currents, rates = array("currents", currents, "K"), array("rates", rates, "K")
    same_shape(currents=currents, rates=rates)
    ax = new_axes(ax, height=3.2)
    if analytic is not None:
        ax.plot(*_theory(currents, analytic), color=ORANGE, label=tr("理论", "theory"), zorder=2)
    ax.plot(currents, rates, "o", color=BLUE, markersize=4.5, label=tr("仿真", "simulation"), zorder=3)
    if rheobase is not None:
        ax.axvline(float(rheobase), color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        _note(ax, tr("基强度", "rheobase"), float(rheobase), (4, -2), va="top", color=GREY)
    ax.set_xlabel(tr("输入电流 $I$", "input current $I$"))
    ax.set_ylabel(tr("发放率（脉冲/时间步）", "firing rate (spikes per step)"))
    ax.margins(y=0.08)
    if analytic is not None:
        ax.legend(loc="lower right")
    return ax


def _theory(currents: np.ndarray, analytic: Any) -> tuple[np.ndarray, np.ndarray]:
    if callable(analytic):
        x = np.linspace(currents.min(), currents.max(), 400)
        return x, array("analytic(currents)", analytic(x), "K")
    rates = array("analytic", analytic, "K")
    same_shape(currents=currents, analytic=rates)
    order = np.argsort(currents)
    return currents[order], rates[order]


def stdp_window(delta_t: Any, delta_w: Any, ax: Axes | None = None) -> Axes:
    """Draw a weight's change over the time between the two spikes, Δt = t_post − t_pre: the learning window.

    Args:
        delta_t: [K], in time steps.
        delta_w: [K].

    Raises:
        ValueError: numbers of delta_t and delta_w that differ.
    """
    delta_t, delta_w = array("delta_t", delta_t, "K"), array("delta_w", delta_w, "K")
    same_shape(delta_t=delta_t, delta_w=delta_w)
    order = np.argsort(delta_t)
    delta_t, delta_w = delta_t[order], delta_w[order]
    ax = new_axes(ax, height=3.2)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.axvline(0, color=GREY, linewidth=0.8)
    for side, who in [
        (delta_t < 0, tr("突触后先发放", "post fires first")),
        (delta_t == 0, None),
        (delta_t > 0, tr("突触前先发放", "pre fires first")),
    ]:
        if side.any():  # drawn apart, since the curve jumps at 0
            _side(ax, delta_t[side], delta_w[side], who)
    ax.margins(y=0.12)
    ax.set_xlabel(tr(r"$\Delta t = t_{post} - t_{pre}$（时间步）", r"$\Delta t = t_{post} - t_{pre}$ (time steps)"))
    ax.set_ylabel(tr(r"权重变化 $\Delta w$", r"weight change $\Delta w$"))
    return ax


def _side(ax: Axes, t: np.ndarray, w: np.ndarray, who: str | None) -> None:
    tone = BLUE if w.sum() > 0 else ORANGE if w.sum() < 0 else GREY
    ax.fill_between(t, w, color=tone, alpha=0.15, linewidth=0)
    ax.plot(t, w, "o-", color=tone, markersize=3.2)
    if who is not None:
        _note(ax, who, (t[0] + t[-1]) / 2, (0, 3), ha="center", color=GREY)


def tuning_curves(
    mu: Any, sigma: Any, x_min: float, x_max: float, x: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw Gaussian tuning curves, g_j(x) = exp(−(x − μ_j)² / 2σ_j²), and the responses to one value.

    Args:
        mu: [M], where each curve peaks.
        sigma: the curves' width, a number or [M].
        x_min, x_max: the range of values that is encoded; shaded where curves peak outside it.
        x: a value; a dot marks each neuron's response to it.

    Raises:
        ValueError: x_min ≥ x_max, a sigma that is not positive, or not one for each curve.
    """
    mu = array("mu", mu, "M")
    sigma = _widths(sigma, mu)
    if not x_min < x_max:
        raise ValueError(f"x_min must be smaller than x_max, but they are {x_min:g} and {x_max:g}")
    ax = new_axes(ax, height=2.6)
    left, right = min(x_min, mu.min()), max(x_max, mu.max())  # the outer curves peak beside the range
    grid = np.linspace(left, right, 400)
    if (left, right) != (x_min, x_max):
        ax.axvspan(x_min, x_max, color=PALE, alpha=0.45, linewidth=0, zorder=0)
    for j, (center, width) in enumerate(zip(mu, sigma, strict=True)):
        response = _gauss(grid, center, width)
        ax.plot(grid, response, color=color(j))
        ax.fill_between(grid, response, color=color(j), alpha=0.08, linewidth=0)
        if x is not None:
            ax.plot(x, _gauss(x, center, width), "o", color=color(j), clip_on=False, zorder=4)
    if x is not None:
        ax.axvline(x, color=INK, linewidth=1)
        _note(ax, f"$x = {x:g}$", x, (0, 2), ha="center", color=INK)
    ax.set(xlim=(left, right), ylim=(0, 1.05))
    ax.set_xlabel(tr("被编码的值 $x$", "encoded value $x$"))
    ax.set_ylabel(tr("响应", "response"))
    return ax


def _widths(sigma: Any, mu: np.ndarray) -> np.ndarray:
    sigma = array("sigma", sigma, "M") if np.ndim(sigma) else np.full(mu.shape, float(sigma))
    same_shape(mu=mu, sigma=sigma)
    if not (sigma > 0).all():
        raise ValueError(f"sigma must be positive, but its smallest value is {sigma.min():g}")
    return sigma


def _gauss(x: Any, mu: float, sigma: float) -> Any:
    return np.exp(-((x - mu) ** 2) / (2 * sigma**2))


def _note(ax: Axes, text: str, x: float, offset: tuple[float, float], **style: Any) -> None:
    """Write at the upper edge of the axes, `offset` points away from the data's x."""
    style = {"fontsize": "small", "annotation_clip": False} | style
    ax.annotate(text, (x, 1), offset, xycoords=("data", "axes fraction"), textcoords="offset points", **style)
