"""Izhikevich's neuron: two variables, four numbers, and most firing patterns of the cortex."""

import math

import torch

from course_snn.arguments import keep, number, one_number
from course_snn.membrane import Neuron
from course_snn.state import Attribute
from course_snn.surrogate import Surrogate


class IzhikevichNode(Neuron):
    """Izhikevich's simple model: a quadratic voltage v, and a recovery u that pulls it down.

        v ← v + dt (0.04 v² + 5 v + 140 - u + x),    u ← u + dt a (b v - u)    (both with v and u before the step)
        spike where v ≥ v_threshold:  v ← c,  u ← u + d

    It is the explicit Euler step of the model, in mV and ms. (The paper's own program takes two steps of 0.5 ms for v
    in each of u; with dt = 1 the patterns are the same in kind.) The gradient passes through both resets unless
    ``detach_reset``. It is always stepped.

    Args:
        a: how fast u follows, in 1/ms.
        b: how strongly u follows v below the threshold.
        c: voltage after a spike, in mV; kept as ``v_reset``.
        d: what a spike adds to u.
        v_threshold: where the top of a spike is cut off, in mV.
        surrogate: the derivative of a spike in the backward pass, of v - v_threshold in mV; ``Sigmoid()`` when not
            given.
        detach_reset: if True, no gradient flows back through the resets of v and u.
        dt: length of a step in ms; a plain attribute, which may be changed.
        v_init: voltage before the first step, in mV.
        u_init: recovery before the first step.

    All but ``dt`` may be a tensor with a value for each neuron, or an ``nn.Parameter``, which is learnt.

    Raises:
        ValueError: a threshold that is not above c, or what ``Neuron`` refuses.

    Source: Izhikevich 2003, IEEE Transactions on Neural Networks 14.
    """

    a: float | torch.Tensor
    b: float | torch.Tensor
    d: float | torch.Tensor
    v_init: float | torch.Tensor
    u_init: float | torch.Tensor
    u: float | torch.Tensor

    def __init__(
        self,
        a: float | torch.Tensor = 0.02,
        b: float | torch.Tensor = 0.2,
        c: float | torch.Tensor = -65.0,
        d: float | torch.Tensor = 8.0,
        v_threshold: float | torch.Tensor = 30.0,
        surrogate: Surrogate | None = None,
        detach_reset: bool = False,
        dt: float = 1.0,
        v_init: float | torch.Tensor = -65.0,
        u_init: float | torch.Tensor = 1.0,
    ) -> None:
        super().__init__(v_threshold, c, surrogate, detach_reset)
        for name, value in (("a", a), ("b", b), ("d", d), ("v_init", v_init), ("u_init", u_init)):
            keep(self, name, number(name, value))
        self.dt = one_number("dt", dt, above=0)
        self.declare("v", Attribute("v_init"))
        self.declare("u", Attribute("u_init"))

    @property
    def v_floor(self) -> float:
        return -math.inf  # v goes below c by itself

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        u = self.state("u", like=x)
        self.u = u + self.dt * self.a * (self.b * v - u)
        return v + self.dt * (0.04 * v * v + 5 * v + 140 - u + x)

    def after_spike(self, v: torch.Tensor, spike: torch.Tensor) -> torch.Tensor:
        self.u = self.state("u", like=v) + self.d * (spike.detach() if self.detach_reset else spike)
        return super().after_spike(v, spike)
