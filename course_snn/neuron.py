"""Spiking neurons: charge -> fire -> after_spike, each written once.

Two drives share these equations: ``node(x)`` here (training: the spike leaves in the same step), and the
nodes of ``course_snn.simulator`` (the spike leaves one step later, so that a plot shows the crossing).
"""

import torch

from course_snn.state import Stateful, keep, number
from course_snn.surrogate import Sigmoid, Surrogate


class Neuron(Stateful):
    """Base of all neurons: in each step charge the membrane, fire at the threshold, then reset.

    A new model is a subclass that writes ``charge`` and nothing else.

    Args:
        v_threshold: threshold voltage θ, a float or a tensor of the neurons' shape.
        v_reset: voltage after a spike, a float or a tensor (hard reset); None subtracts θ (soft reset).
        surrogate: the derivative of a spike in the backward pass; ``Sigmoid()`` when not given.
        detach_reset: if True, no gradient flows back through the reset.

    Shapes:
        ``node(x)`` takes one step's input [N, …] and returns the spikes 0.0/1.0 [N, …]; ``node.v`` is the
        voltage after the reset.

    Raises:
        TypeError: a parameter that is not a number or a tensor, or a surrogate that is not an instance.
        ValueError: a threshold that is not above the reset, or numbers that are not finite.
    """

    def __init__(
        self,
        v_threshold: float | torch.Tensor = 1.0,
        v_reset: float | torch.Tensor | None = 0.0,
        surrogate: Surrogate | None = None,
        detach_reset: bool = False,
    ) -> None:
        super().__init__()
        v_threshold = number("v_threshold", v_threshold)
        if v_reset is not None:
            v_reset = number("v_reset", v_reset)
            both = [value.shape for value in (v_threshold, v_reset) if torch.is_tensor(value)]
            if len(set(both)) > 1:
                raise ValueError(f"v_threshold and v_reset must have the same shape, got {both}.")
            if not (torch.as_tensor(v_threshold) > torch.as_tensor(v_reset)).all():
                raise ValueError(
                    f"v_threshold must lie above v_reset, otherwise the neuron fires for ever; got "
                    f"v_threshold={v_threshold} and v_reset={v_reset}. For a soft reset give v_reset=None."
                )
        keep(self, "v_threshold", v_threshold)
        keep(self, "v_reset", v_reset)
        if isinstance(surrogate, type) or not (surrogate is None or callable(surrogate)):
            raise TypeError(f"surrogate must be an instance, for example surrogate.ATan(), got {surrogate!r}.")
        self.surrogate = Sigmoid() if surrogate is None else surrogate
        self.detach_reset = detach_reset
        self.declare("v", self.v_rest)

    @property
    def v_rest(self) -> float | torch.Tensor:
        """The voltage without input: ``v_reset``, or 0 with a soft reset."""
        return 0.0 if self.v_reset is None else self.v_reset

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """Return the voltage after one step of input ``x`` from voltage ``v``, before any spike."""
        raise NotImplementedError(f"{type(self).__name__} must define charge(v, x), the membrane equation.")

    def fire(self, v: torch.Tensor) -> torch.Tensor:
        """Return 1 where v ≥ v_threshold, else 0; the surrogate gives its derivative."""
        return self.surrogate(v - self.v_threshold)

    def after_spike(self, v: torch.Tensor, spike: torch.Tensor) -> torch.Tensor:
        """Return the voltage after the reset: v_reset where a spike was (hard), or v - v_threshold (soft)."""
        if self.detach_reset:
            spike = spike.detach()
        if self.v_reset is None:
            return v - spike * self.v_threshold
        return (1 - spike) * v + spike * self.v_reset

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        v = self.charge(self.state("v", like=x), x)
        spike = self.fire(v)
        self.v = self.after_spike(v, spike)
        return spike


class IFNode(Neuron):
    """Integrate and fire: v ← v + x."""

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return v + x


class LIFNode(Neuron):
    """Leaky integrate and fire: v ← v + (x - (v - v_rest)) / τ.

    This is the explicit Euler step of τ dv/dt = -(v - v_rest) + x.

    Args:
        tau: membrane time constant τ ≥ 1 in steps (below 1 an Euler step would overshoot its target).
        others: as in ``Neuron``.

    Source: Gerstner & Kistler, Spiking Neuron Models (2002), section 4.1.
    """

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
