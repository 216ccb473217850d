"""Spiking neurons with one voltage: how each charges; ``Neuron`` fires and resets them all.

``CLIFNode`` and ``IzhikevichNode``, which remember more than a voltage, stand here under the same name.
"""

import math

import torch
from torch import nn

from course_snn.arguments import keep, number, one_number
from course_snn.clif import CLIFNode
from course_snn.izhikevich import IzhikevichNode
from course_snn.membrane import Neuron, membrane
from course_snn.surrogate import Surrogate

__all__ = [
    "CLIFNode", "DeltaLIFNode", "IFNode", "IzhikevichNode", "LIFNode", "Neuron", "PLIFNode", "RIFNode", "membrane",
]  # fmt: skip


class IFNode(Neuron):
    """Integrate and fire: v ← v + x."""

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return v + x

    def fused(self) -> tuple[str, float | torch.Tensor]:
        return "if", 0.0


class LIFNode(Neuron):
    """Leaky integrate and fire: v ← v + (x - (v - v_rest)) / τ.

    This is the explicit Euler step of τ dv/dt = -(v - v_rest) + x.

    Args:
        tau: membrane time constant τ ≥ 1 in steps (below 1 an Euler step would overshoot its target).
        others: as in ``Neuron``.

    Source: Gerstner & Kistler, Spiking Neuron Models (2002), section 4.1.
    """

    tau: float | torch.Tensor

    def __init__(
        self,
        tau: float | torch.Tensor = 2.0,
        v_threshold: float | torch.Tensor = 1.0,
        v_reset: float | torch.Tensor | None = 0.0,
        surrogate: Surrogate | None = None,
        detach_reset: bool = False,
    ) -> None:
        super().__init__(v_threshold, v_reset, surrogate, detach_reset)
        keep(self, "tau", number("tau", tau, at_least=1))

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return v + (x - (v - self.v_rest)) / self.tau

    def fused(self) -> tuple[str, float | torch.Tensor]:
        return "lif", self.tau


class DeltaLIFNode(Neuron):
    """Leaky integrate and fire whose input arrives as a pulse: v ← v_rest + a (v - v_rest) + x, a = exp(-dt/τ).

    Between pulses this is the exact solution of τ dv/dt = -(v - v_rest), whatever the step; a pulse x moves v by x. It
    is NEST's ``iaf_psc_delta`` without a refractory time.

    Args:
        tau: membrane time constant τ > 0 in ms; an ``nn.Parameter`` is learnt.
        dt: length of a step in ms; a plain attribute, which may be changed.
        others: as in ``Neuron``.

    Source: Rotter & Diesmann 1999, Biological Cybernetics 81.
    """

    tau: float | torch.Tensor

    def __init__(
        self,
        tau: float | torch.Tensor = 8.0,
        v_threshold: float | torch.Tensor = 1.0,
        v_reset: float | torch.Tensor | None = 0.0,
        surrogate: Surrogate | None = None,
        detach_reset: bool = False,
        dt: float = 1.0,
    ) -> None:
        super().__init__(v_threshold, v_reset, surrogate, detach_reset)
        keep(self, "tau", number("tau", tau, above=0))
        self.dt = one_number("dt", dt, above=0)

    def pull(self) -> float | torch.Tensor:
        """Return a - 1, the share of v - v_rest that a step adds: below 0, so it is lost."""
        if torch.is_tensor(self.tau):
            return torch.expm1(-self.dt / self.tau)
        return math.expm1(-self.dt / self.tau)

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return v + self.pull() * (v - self.v_rest) + x

    def fused(self) -> tuple[str, float | torch.Tensor]:
        return "rif", self.pull()


class PLIFNode(Neuron):
    """LIF whose time constant is learnt: v ← v + σ(w) (x - (v - v_rest)), that is τ = 1/σ(w) > 1.

    Args:
        init_tau: time constant τ > 1 to begin with, in steps; ``w`` starts at -ln(τ - 1).
        others: as in ``Neuron``.

    Source: Fang et al., Incorporating Learnable Membrane Time Constant … (ICCV 2021).
    """

    def __init__(
        self,
        init_tau: float = 2.0,
        v_threshold: float | torch.Tensor = 1.0,
        v_reset: float | torch.Tensor | None = 0.0,
        surrogate: Surrogate | None = None,
        detach_reset: bool = False,
    ) -> None:
        super().__init__(v_threshold, v_reset, surrogate, detach_reset)
        tau = torch.as_tensor(number("init_tau", init_tau, above=1), dtype=torch.get_default_dtype()).detach()
        self.w = nn.Parameter(-torch.log(tau - 1))

    @property
    def tau(self) -> float | torch.Tensor:
        """The time constant as it is now, in steps; a tensor if there is one for each neuron."""
        tau = 1 / self.w.detach().sigmoid()
        return tau if tau.dim() else tau.item()

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return v + (x - (v - self.v_rest)) * self.w.sigmoid()

    def fused(self) -> tuple[str, float | torch.Tensor]:
        return "plif", self.w.sigmoid()


class RIFNode(Neuron):
    """Integrate and fire with a learnt pull or push: v ← v + w (v - v_rest) + x.

    With w < 0 the membrane leaks, with w > 0 it drives itself away from rest; w is learnt through g:

        amplitude None: w = g;  a number A: w = A (2σ(g) - 1);  a pair (lo, hi): w = lo + (hi - lo) σ(g)

    Args:
        init_w: w to begin with.
        amplitude: None for any w, a number A > 0 to keep |w| < A, a pair to keep lo < w < hi.
        others: as in ``Neuron``.

    Raises:
        ValueError: init_w outside what ``amplitude`` allows.

    Source: SpikingFlow (2020), softbp.neuron.RIFNode, in the form its documentation gives.
    """

    def __init__(
        self,
        init_w: float = -1e-3,
        amplitude: float | tuple[float, float] | None = None,
        v_threshold: float | torch.Tensor = 1.0,
        v_reset: float | torch.Tensor | None = 0.0,
        surrogate: Surrogate | None = None,
        detach_reset: bool = False,
    ) -> None:
        super().__init__(v_threshold, v_reset, surrogate, detach_reset)
        init_w = number("init_w", init_w)
        self.bounds = _bounds(amplitude)
        if self.bounds is None:
            self.g = nn.Parameter(torch.tensor(init_w))
            return
        low, high = self.bounds
        if not low < init_w < high:
            raise ValueError(f"init_w must lie between {low:g} and {high:g}, as amplitude says; got {init_w:g}.")
        self.g = nn.Parameter(torch.tensor(math.log((init_w - low) / (high - init_w))))

    def w(self) -> torch.Tensor:
        """Return the learnt w, a tensor without dimensions."""
        if self.bounds is None:
            return self.g
        low, high = self.bounds
        return low + (high - low) * self.g.sigmoid()

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return v + self.w() * (v - self.v_rest) + x

    def fused(self) -> tuple[str, float | torch.Tensor]:
        return "rif", self.w()


def _bounds(amplitude: float | tuple[float, float] | None) -> tuple[float, float] | None:
    """The open interval in which w stays: (lo, hi), (-A, A), or None for all numbers."""
    if amplitude is None:
        return None
    if isinstance(amplitude, (tuple, list)):
        if len(amplitude) != 2:
            raise ValueError(f"amplitude must be None, a number or a pair (lo, hi), got {amplitude!r}.")
        low, high = (number("amplitude", end) for end in amplitude)
    else:
        high = number("amplitude", amplitude, above=0)
        low = -high
    if not low < high:
        raise ValueError(f"amplitude (lo, hi) needs lo < hi, got {amplitude!r}.")
    return low, high
