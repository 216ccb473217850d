"""How far a weight moves when it learns, and where it stops: weight functions and bounds, behind ``learning``."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from course_snn.arguments import keep, number


def soft_bound(w: torch.Tensor, grows: torch.Tensor | bool, w_min=0.0, w_max=1.0) -> torch.Tensor:
    """The default weight function: the closer a weight is to the bound ahead of it, the smaller its step.

        f(w) = w_max - w    where the weight grows
        f(w) = w - w_min    where it shrinks

    Args:
        w: weights in [w_min, w_max].
        grows: where the weight is about to grow, bool, of the shape of ``w`` or one for all.
        w_min, w_max: the bounds, numbers or tensors that fit ``w``.

    Source: Gütig, Aharonov, Rotter & Sompolinsky 2003, Journal of Neuroscience 23, with μ = 1.
    """
    return torch.where(torch.as_tensor(grows, device=w.device), w_max - w, w - w_min)


def proportional(w: torch.Tensor) -> torch.Tensor:
    """Return f(w) = |w| + 10⁻⁶, SpikingFlow's weight function: a step in proportion to the weight, without bounds.

    Args:
        w: weights.

    Source: SpikingFlow (2020), ``STDPModule`` and ``STDPUpdater``.
    """
    return w.abs() + 1e-6


class WeightRule(nn.Module):
    """Change weights in place by w ← w + rate · f(w) · paired, within bounds.

    Whether a weight grows or shrinks is told by the sign of rate · paired. A step that is too large ends at the bound;
    a weight from outside starts at the nearer bound; where nothing is paired, nothing moves.

    Args:
        f_w: ``soft_bound``, or a function f of the weight, or a pair of them (f₊ for growing, f₋ for shrinking).
        w_min, w_max: bounds of the weight, numbers or tensors that fit it; 0 and 1 for ``soft_bound`` and none for
            another f_w, when not given.

    Raises:
        TypeError: an f_w that is no function, or a bound that is no number.
        ValueError: w_min above w_max.
    """

    w_min: float | torch.Tensor | None
    w_max: float | torch.Tensor | None

    def __init__(self, f_w: Callable | tuple[Callable, Callable] = soft_bound, w_min=None, w_max=None) -> None:
        super().__init__()
        functions = f_w if isinstance(f_w, (tuple, list)) and len(f_w) == 2 else [f_w]
        if not all(callable(f) for f in functions):
            raise TypeError(
                "f_w must be a function of the weight, for example lambda w: 1.0, or a pair of them, "
                f"(f for growing, f for shrinking); got {f_w!r}."
            )
        self.f_w = f_w
        if f_w is soft_bound:
            w_min, w_max = 0.0 if w_min is None else w_min, 1.0 if w_max is None else w_max
        for name, bound in (("w_min", w_min), ("w_max", w_max)):
            keep(self, name, bound if bound is None else number(name, bound))
        if w_min is not None and w_max is not None and not torch.as_tensor(w_max >= w_min).all():
            raise ValueError(f"w_min must not lie above w_max, got w_min={w_min} and w_max={w_max}.")

    @torch.no_grad()
    def change(self, connection: nn.Module, rate: float | torch.Tensor, paired: torch.Tensor) -> None:
        """Change ``connection.weight`` in place.

        Args:
            connection: the module whose weight learns.
            rate: learning rate with the sign of the change.
            paired: what ``learning.pairing`` returns, of the shape of the weight.

        Raises:
            ValueError: shapes that do not fit the weight.
        """
        weight: Any = connection.weight
        if paired.shape != weight.shape:
            raise ValueError(
                f"the spikes pair up to {tuple(paired.shape)} [post, pre], but {type(connection).__name__} "
                f"has a weight of {tuple(weight.shape)}: pre must have one spike for each neuron before the "
                "synapse, post for each after."
            )
        old = weight.to(at_least_32_bits(weight))
        w = self._within(old)
        w = self._within(w + rate * self._f(w, rate * paired > 0) * paired)
        if w.shape != weight.shape:
            raise ValueError(
                f"f_w, w_min, w_max and learning_rate must fit a weight of {tuple(weight.shape)}, got {tuple(w.shape)}."
            )
        weight.copy_(torch.where(paired == 0, old, w))

    def _f(self, w: torch.Tensor, grows: torch.Tensor) -> torch.Tensor | float:
        if self.f_w is soft_bound:
            return soft_bound(w, grows, self.w_min, self.w_max)
        if not isinstance(self.f_w, (tuple, list)):
            return self.f_w(w)
        plus, minus = (torch.as_tensor(f(w), dtype=w.dtype, device=w.device) for f in self.f_w)
        return torch.where(grows, plus, minus)

    def _within(self, w: torch.Tensor) -> torch.Tensor:
        w = w if self.w_min is None else w.clamp(min=self.w_min)
        return w if self.w_max is None else w.clamp(max=self.w_max)


def check_weight(connection: nn.Module) -> None:
    """Raise an error unless the weight of ``connection`` is its own and can be changed in place.

    Args:
        connection: the module whose weight is to learn.

    Raises:
        TypeError: a weight that is computed from other parameters, or that is not floating-point.
    """
    parts = {"weight_g", "weight_orig"} & set(connection._parameters)  # of weight_norm, spectral_norm and prune
    if parts or nn.utils.parametrize.is_parametrized(connection, "weight"):
        raise TypeError(
            f"the weight of this {type(connection).__name__} is computed anew from other parameters in each call "
            "(weight_norm, spectral_norm, prune, …), so that what STDP adds would be lost: remove that first."
        )
    weight: Any = connection.weight
    if not weight.is_floating_point():
        raise TypeError(f"STDP changes floating-point weights, but this weight is {weight.dtype}.")


def at_least_32_bits(weight: torch.Tensor) -> torch.dtype:
    """Return the precision to compute in: small steps and slow traces would be lost in sixteen bits.

    Args:
        weight: the weight that learns.
    """
    return torch.promote_types(weight.dtype, torch.float32)
