"""Synapses: transformers turn spikes into currents, connections carry currents from neurons to neurons."""

from collections import deque

import torch
from torch import nn

from course_snn.arguments import keep, number, whole
from course_snn.state import Attribute, Stateful


class Transformer(Stateful):
    """Base of what turns spikes (bool, or 0/1 numbers) into a current (float) of the same shape.

    A new transformer writes ``current(s)``, where ``s`` holds 0.0/1.0, and declares its state, if it has any.
    """

    def current(self, s: torch.Tensor) -> torch.Tensor:
        """Return the current for the spikes ``s`` (0.0/1.0) of one time step, same shape as ``s``."""
        raise NotImplementedError(f"{type(self).__name__} must define current(s): the current for the spikes s.")

    def forward(self, in_spike: torch.Tensor) -> torch.Tensor:
        return self.current(as_float_spikes(type(self).__name__, in_spike))


class SpikeCurrent(Transformer):
    """i = A·s: a current only in the step of the spike.

    Args:
        amplitude: current A of a spike.
    """

    amplitude: float | torch.Tensor

    def __init__(self, amplitude: float = 1) -> None:
        super().__init__()
        keep(self, "amplitude", number("amplitude", amplitude))

    def current(self, s: torch.Tensor) -> torch.Tensor:
        return self.amplitude * s


class ExpDecayCurrent(Transformer):
    """i ← i - (i/τ)(1 - s) + A·s: a spike *adds* A, without one the current decays with time constant τ.

    Args:
        tau: decay time constant τ ≥ 1 in steps; the smaller, the faster.
        amplitude: current A that a spike adds.

    Source: the exponential synapse of Gerstner & Kistler (2002), as SpikingFlow (2020) discretised it.
    """

    tau: float | torch.Tensor
    amplitude: float | torch.Tensor
    i: torch.Tensor

    def __init__(self, tau: float, amplitude: float = 1) -> None:
        super().__init__()
        keep(self, "tau", number("tau", tau, at_least=1))
        keep(self, "amplitude", number("amplitude", amplitude))
        self.declare("i", 0.0)

    def current(self, s: torch.Tensor) -> torch.Tensor:
        i = self.state("i", like=s)
        self.i = i - i / self.tau * (1 - s) + self.amplitude * s
        return self.i


class STPTransformer(Transformer):
    """Short-term plasticity: each spike uses up resource x and raises release v, so the past counts.

        x' = x + (1 - x)/τ_d - v·x·s           (resource: used by a spike, recovers towards 1)
        v' = v + (V - v)/τ_f + V(1 - v)·s      (release: raised by a spike, falls back to V)
        i  = v'·x'·s                           (output="after": the values that the spike leaves)
        i  = v·x·s                             (output="before": what the spike uses up)

    SpikingFlow (2020) gives "after"; "before" is the model of Tsodyks and Markram, in which what is used is what
    arrives. A first spike at rest uses V of the resource: "before" delivers V, "after" V(2 - V)(1 - V).

    Args:
        v_base: resting release V in (0, 1].
        tau_f: time constant τ_f ≥ 1 of facilitation, in steps.
        tau_d: time constant τ_d ≥ 1 of depression, in steps.
        output: "after" or "before" the update by the spike.

    Source: Markram, Wang & Tsodyks 1998, PNAS 95; Tsodyks, Pawelzik & Markram 1998, Neural Computation 10.
    """

    v_base: float | torch.Tensor
    tau_f: float | torch.Tensor
    tau_d: float | torch.Tensor
    x: torch.Tensor
    v: torch.Tensor

    def __init__(self, v_base: float, tau_f: float, tau_d: float, output: str = "after") -> None:
        super().__init__()
        keep(self, "v_base", number("v_base", v_base, above=0))
        if not (torch.as_tensor(self.v_base) <= 1).all():
            raise ValueError(f"v_base is a fraction of the resource, in (0, 1]; got {v_base}.")
        keep(self, "tau_f", number("tau_f", tau_f, at_least=1))
        keep(self, "tau_d", number("tau_d", tau_d, at_least=1))
        if output not in ("after", "before"):
            raise ValueError(f'output must be "after" or "before" the update by the spike, got {output!r}.')
        self.output = output
        self.declare("x", 1.0)
        self.declare("v", Attribute("v_base"))

    def current(self, s: torch.Tensor) -> torch.Tensor:
        x, v = self.state("x", like=s), self.state("v", like=s)
        used = v * x * s
        self.x = x + (1 - x) / self.tau_d - used
        self.v = v + (self.v_base - v) / self.tau_f + self.v_base * (1 - v) * s
        return used if self.output == "before" else self.v * self.x * s


class LowPassSynapse(Stateful):
    """i ← i - (1 - s) i/τ + s: a spike adds 1, without one the current decays; SpikingJelly's ``SynapseFilter``.

    Unlike a ``Transformer`` it also filters analogue input, behind a Linear for example, by the same equation.

    Args:
        tau: time constant τ of the decay in steps, at least 1, a number, a tensor or an ``nn.Parameter``; learnable:
            greater than 1, to begin with.
        learnable: if True, 1/τ = σ(w) and ``w`` is a parameter that starts at -ln(τ - 1), so that τ > 1 stays.

    Shapes:
        s [N, …] -> i [N, …]. The current is held in at least 32 bits: sixteen would swallow a slow decay.

    Source: Diehl & Cook 2015, Frontiers in Computational Neuroscience 9, section 2.2; Fang et al. 2020, IJCAI.
    """

    fixed_tau: float | torch.Tensor
    i: torch.Tensor

    def __init__(self, tau: float = 100.0, learnable: bool = False) -> None:
        super().__init__()
        self.learnable = learnable
        if learnable:
            start = torch.as_tensor(number("tau", tau, above=1), dtype=torch.get_default_dtype()).detach()
            self.w = nn.Parameter(-torch.log(start - 1))
        else:
            keep(self, "fixed_tau", number("tau", tau, at_least=1))
        self.declare("i", 0.0)

    @property
    def tau(self) -> float | torch.Tensor:
        """The time constant as it is now, in steps; a tensor if there is one for each neuron."""
        if not self.learnable:
            return self.fixed_tau
        tau = 1 / self.w.detach().sigmoid()
        return tau if tau.dim() else tau.item()

    def forward(self, s: torch.Tensor) -> torch.Tensor:
        if not torch.is_tensor(s):
            raise TypeError(f"LowPassSynapse takes a tensor, got {type(s).__name__}.")
        return self.sequence(s[None])[0]

    def sequence(self, x_seq: torch.Tensor) -> torch.Tensor:
        dtype = x_seq.dtype if x_seq.is_floating_point() else torch.get_default_dtype()
        s_seq = x_seq.to(torch.promote_types(dtype, torch.float32))
        remains = 1 - (1 - s_seq) * (self.w.sigmoid() if self.learnable else 1 / self.fixed_tau)
        i, i_seq = self.state("i", like=s_seq[0]), []
        for s, share in zip(s_seq, remains, strict=True):
            i = torch.addcmul(s, share, i)
            i_seq.append(i)
        self.i = i
        return torch.stack(i_seq).to(dtype)


class Connection(Stateful):
    """Base of what carries a current from the neurons before the synapse to those after it.

    A new connection writes ``forward(x)``. To learn, it registers its rule with ``learning.pairing``.
    """


class ConstantDelay(Connection):
    """A fixed delay, first in, first out: y[t] = x[t - d], zeros before the first input arrives.

    In the simulator's pipeline one more step passes before the next module reads it: t + 1 + d.

    Args:
        delay_time: delay d ≥ 0 in steps.
    """

    queue: deque[torch.Tensor]

    def __init__(self, delay_time: int = 1) -> None:
        super().__init__()
        self.delay_time = whole("delay_time", delay_time, at_least=0)
        self.declare("queue", deque())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not torch.is_tensor(x):
            raise TypeError(f"ConstantDelay takes a tensor, got {type(x).__name__}.")
        if self.queue and self.queue[0].shape != x.shape:
            raise ValueError(
                f"ConstantDelay still holds inputs of shape {tuple(self.queue[0].shape)}, but this input has "
                f"shape {tuple(x.shape)}. Call functional.reset_net(net), or reset() on this module, first."
            )
        first, *later = *self.queue, x.clone()  # what the caller writes to x later must not travel along
        full = len(self.queue) == self.delay_time
        self.queue = deque(later if full else [first, *later])
        return first if full else torch.zeros_like(x)


class Linear(Connection):
    """All to all: y = x Wᵀ, no bias. W starts uniform in [0, 1/128), as befits excitatory synapses.

    Args:
        in_num: number of neurons before the synapse.
        out_num: number of neurons after it.

    Shapes:
        x [N, …, in_num] -> y [N, …, out_num]; ``weight`` [out_num, in_num] is a plain tensor, changed by
        learning rules, not by autograd.
    """

    weight: torch.Tensor

    def __init__(self, in_num: int, out_num: int) -> None:
        super().__init__()
        self.in_num, self.out_num = whole("in_num", in_num, at_least=1), whole("out_num", out_num, at_least=1)
        self.register_buffer("weight", torch.rand(out_num, in_num) / 128)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not torch.is_tensor(x) or not x.is_floating_point():
            raise TypeError(
                f"{type(self).__name__} carries currents, a floating-point tensor, got "
                f"{x.dtype if torch.is_tensor(x) else type(x).__name__}: put a transformer such as "
                f"SpikeCurrent() between spikes and connection."
            )
        if x.dim() == 0 or x.shape[-1] != self.in_num:
            raise ValueError(f"{type(self).__name__} takes currents [N, …, {self.in_num}], got shape {tuple(x.shape)}.")
        return x @ self.weight.t()


class GaussianLinear(Linear):
    """All to all with noise: y = x Wᵀ + e, e ~ N(0, std²) drawn afresh for every output and step.

    Args:
        in_num: number of neurons before the synapse.
        out_num: number of neurons after it.
        std: standard deviation of the noise ≥ 0, in units of current.
    """

    std: float | torch.Tensor

    def __init__(self, in_num: int, out_num: int, std: float) -> None:
        super().__init__(in_num, out_num)
        keep(self, "std", number("std", std, at_least=0))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = super().forward(x)
        return y + self.std * torch.randn_like(y)


def as_float_spikes(who: str, spike: torch.Tensor) -> torch.Tensor:
    """Return spikes as 0.0/1.0.

    Raises:
        TypeError: not a tensor.
        ValueError: numbers other than 0 and 1.
    """
    if not torch.is_tensor(spike):
        raise TypeError(f"{who} takes spikes as a tensor, got {type(spike).__name__}.")
    if spike.dtype == torch.bool:
        return spike.to(torch.get_default_dtype())
    if not ((spike == 0) | (spike == 1)).all():
        raise ValueError(f"{who} takes spikes: bool, or numbers that are 0 or 1. For analogue input use a Linear.")
    return spike if spike.is_floating_point() else spike.to(torch.get_default_dtype())
