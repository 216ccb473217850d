"""The base of all neurons: charge -> fire -> after_spike, each written once.

Two drives share these equations: ``node(x)`` here (training: the spike leaves in the same step), and the
nodes of ``course_snn.simulator`` (the spike leaves one step later, so that a plot shows the crossing).
"""

import math

import torch

from course_snn import kernel
from course_snn.arguments import as_numbers, keep, number
from course_snn.state import Attribute, Stateful
from course_snn.surrogate import Sigmoid, Surrogate


class Neuron(Stateful):
    """Base of all neurons: in each step charge the membrane, fire at the threshold, then reset.

    A new model is a subclass that writes ``charge`` and nothing else. What is given as ``nn.Parameter`` (here θ and
    v_reset, in subclasses τ) is learnt; a tensor with a value for each neuron moves and is saved with the network.

    Args:
        v_threshold: threshold voltage θ, a float or a tensor of the neurons' shape; inf: the neuron never spikes, and
            ``v`` can be read out.
        v_reset: voltage after a spike, a float or a tensor (hard reset); None subtracts θ (soft reset).
        surrogate: the derivative of a spike in the backward pass; ``Sigmoid()`` when not given.
        detach_reset: if True, no gradient flows back through the reset. With dh/dv[t-1] = λ (1 - 1/τ in a LIF neuron):

            hard:  dv[t]/dv[t-1] = λ (1 - s + (v_reset - h) g'),   detached  λ (1 - s)
            soft:  dv[t]/dv[t-1] = λ (1 - θ g'),                   detached  λ

    Shapes:
        ``node(x)`` takes one step's input [N, …] and returns the spikes 0.0/1.0 [N, …]; ``node.v`` is the
        voltage after the reset. ``functional.unroll(net, x_seq)`` runs whole sequences [T, N, …]. Under autocast
        the membrane stays in float32: sixteen bits would swallow small inputs.

    Raises:
        TypeError: a parameter that is not a number or a tensor, or a surrogate that is not an instance.
        ValueError: a threshold that is not above the reset, or numbers that are not finite.

    Source: Zenke & Vogels 2021, Neural Computation 33 (figure 5: the gradient of the reset).
    """

    v_threshold: float | torch.Tensor
    v_reset: float | torch.Tensor | None
    v: float | torch.Tensor

    def __init__(
        self,
        v_threshold: float | torch.Tensor = 1.0,
        v_reset: float | torch.Tensor | None = 0.0,
        surrogate: Surrogate | None = None,
        detach_reset: bool = False,
    ) -> None:
        super().__init__()
        v_threshold = number("v_threshold", v_threshold, infinite=True)
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
        self.declare("v", Attribute("v_rest"))

    @property
    def v_rest(self) -> float | torch.Tensor:
        """The voltage without input: ``v_reset``, or 0 with a soft reset."""
        return 0.0 if self.v_reset is None else self.v_reset

    @property
    def v_floor(self) -> float | torch.Tensor | None:
        """Below which the clock-driven drive does not let v fall: ``v_reset``; None: there is no such drive."""
        return self.v_reset

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """Return the voltage after one step of input ``x`` from voltage ``v``, before any spike."""
        raise NotImplementedError(f"{type(self).__name__} must define charge(v, x), the membrane equation.")

    def fire(self, v: torch.Tensor) -> torch.Tensor:
        """Return 1 where v ≥ v_threshold, else 0; the surrogate gives its derivative."""
        return self.surrogate(v - self.v_threshold)

    @property
    def jump(self) -> float | torch.Tensor:
        """What a soft reset takes from the voltage: θ, or 0 where that is infinite."""
        if torch.is_tensor(self.v_threshold):
            return self.v_threshold.masked_fill(self.v_threshold == math.inf, 0.0)
        return 0.0 if self.v_threshold == math.inf else self.v_threshold

    def after_spike(self, v: torch.Tensor, spike: torch.Tensor) -> torch.Tensor:
        """Return the voltage after the reset: v_reset where a spike was (hard), or v - v_threshold (soft)."""
        if self.detach_reset:
            spike = spike.detach()
        if self.v_reset is None:
            return v - spike * self.jump
        return (1 - spike) * v + spike * self.v_reset

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = membrane(x)
        v = self.charge(self.state("v", like=x), x)
        spike = self.fire(v)
        self.v = self.after_spike(v, spike)
        return spike

    def sequence(self, x_seq: torch.Tensor) -> torch.Tensor:
        x_seq = membrane(x_seq)
        spikes = self.in_one_pass(x_seq)
        return super().sequence(x_seq) if spikes is None else spikes

    def still(self, x: torch.Tensor, T: int) -> torch.Tensor:
        x = membrane(x)
        spikes = self.in_one_pass(x[None], T)
        return super().still(x, T) if spikes is None else spikes

    def in_one_pass(self, x_seq: torch.Tensor, T: int | None = None, pool: bool = False) -> torch.Tensor | None:
        """Return the spikes of all steps by the compiled loops, see ``kernel.drive``; None: it must be stepped."""
        return kernel.drive(self, x_seq, T, pool)

    def fused(self) -> tuple[str, float | torch.Tensor]:
        """Return the name that ``kernel.run`` has for ``charge``, and its parameter k; a class that has one says so."""
        raise NotImplementedError(f"{type(self).__name__} is stepped: kernel.run has no name for its charge.")


def membrane(x: torch.Tensor) -> torch.Tensor:
    """Return ``x`` in the precision that the membrane is computed in, spikes as numbers."""
    if not torch.is_tensor(x) or x.dtype in (torch.float32, torch.float64):
        return x
    half = x.dtype in (torch.float16, torch.bfloat16)
    return x.float() if half and torch.is_autocast_enabled(x.device.type) else as_numbers(x)
