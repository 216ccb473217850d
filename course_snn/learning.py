"""STDP: synapses that learn from the order of the spikes on their two sides, by pair-based traces."""

import functools
from collections.abc import Callable

import torch
from torch import nn

from course_snn.arguments import number
from course_snn.state import Stateful
from course_snn.synapse import ConstantDelay, Linear, as_float_spikes


def soft_bound(w: torch.Tensor) -> torch.Tensor:
    """The default weight function f(w) = |w| + 10⁻⁶: changes in proportion to the weight."""
    return w.abs() + 1e-6


@functools.singledispatch
def pairing(connection, pre: torch.Tensor, post: torch.Tensor) -> torch.Tensor:
    """Return how strongly each synapse of ``connection`` pairs ``pre`` with ``post``, shaped as its weight.

    Register your own connection:  ``@learning.pairing.register`` on a function of (connection, pre, post).
    """
    raise TypeError(
        f"STDP does not know how {type(connection).__name__} connects its neurons. Register a function "
        f"(connection, pre, post) -> tensor of the shape of its weight with @learning.pairing.register."
    )


@pairing.register
def _(connection: Linear, pre: torch.Tensor, post: torch.Tensor) -> torch.Tensor:
    if pre.shape[:-1] != post.shape[:-1]:
        raise ValueError(f"pre {tuple(pre.shape)} and post {tuple(post.shape)} must come from batches of one size.")
    pre, post = pre.reshape(-1, pre.shape[-1]), post.reshape(-1, post.shape[-1])  # [N, in], [N, out]
    return post.t() @ pre / len(pre)  # [out, in], mean over the batch


class Traces(Stateful):
    """The pair of traces x (before the synapse) and y (after it), and the two halves of the rule.

    Args:
        tau_pre, tau_post: time constants of the traces, ≥ 1, in steps.
        learning_rate: η.
        f_w: function f of the weight tensor.
        gated: change weights only at spikes.
    """

    def __init__(self, tau_pre: float, tau_post: float, learning_rate: float, f_w: Callable, gated: bool) -> None:
        super().__init__()
        self.tau_pre = number("tau_pre", tau_pre, at_least=1)
        self.tau_post = number("tau_post", tau_post, at_least=1)
        self.learning_rate = number("learning_rate", learning_rate)
        if not callable(f_w):
            raise TypeError(f"f_w must be a function of the weight, for example lambda w: 1.0; got {f_w!r}.")
        self.f_w, self.gated = f_w, gated
        self.declare("trace_pre", 0.0)
        self.declare("trace_post", 0.0)

    def see_pre(self, s: torch.Tensor) -> None:
        """x ← x - x/τ_pre + s, for the spikes ``s`` (0.0/1.0) before the synapse."""
        trace = self.state("trace_pre", like=s)
        self.trace_pre = trace - trace / self.tau_pre + s

    def see_post(self, s: torch.Tensor) -> None:
        """y ← y - y/τ_post + s, for the spikes ``s`` (0.0/1.0) after the synapse."""
        trace = self.state("trace_post", like=s)
        self.trace_post = trace - trace / self.tau_post + s

    def potentiate(self, connection: nn.Module, post: torch.Tensor, sign: float = 1.0) -> None:
        """w ← w + η f(w) x, for every synapse, or when gated only where the neuron after it spikes."""
        factor = post if self.gated else torch.ones_like(post)
        self._add(connection, sign, pairing(connection, self.trace_pre, factor))

    def depress(self, connection: nn.Module, pre: torch.Tensor, post: torch.Tensor, sign: float = 1.0) -> None:
        """w ← w - η f(w) y, for every synapse, or when gated only where the neuron before it spikes."""
        factor = pre if self.gated else torch.ones_like(pre)
        self._add(connection, -sign, pairing(connection, factor, self.state("trace_post", like=post)))

    def _add(self, connection: nn.Module, sign: float, paired: torch.Tensor) -> None:
        w = connection.weight
        if paired.shape != w.shape:
            raise ValueError(
                f"the spikes pair up to {tuple(paired.shape)} [post, pre], but {type(connection).__name__} "
                f"has a weight of {tuple(w.shape)}: pre must have one spike for each neuron before the "
                "synapse, post for each after."
            )
        w += sign * self.learning_rate * self.f_w(w) * paired


class STDPUpdater(Stateful):
    """Change a connection's weights from any two spike trains, one time step per call.

        x ← x - x/τ_pre + s_pre,   y ← y - y/τ_post + s_post
        w ← w + η f(w) x           (gated: only where the neuron after the synapse spikes)
        w ← w - η f(w) y           (gated: only where the neuron before the synapse spikes)

    ``gated=False``, the rule of SpikingFlow (2020), changes weights in every step; ``gated=True`` only at
    spikes, the textbook rule. A batch is averaged. ``reset()`` forgets both traces; the weights stay.

    Args:
        tau_pre, tau_post: time constants of the traces, ≥ 1, in steps.
        learning_rate: η.
        f_w: function f of the weight tensor, giving a number or a tensor of its shape.
        gated: update only at spikes.

    Source: Morrison, Diesmann & Gerstner 2008, Biological Cybernetics 98.
    """

    def __init__(self, tau_pre, tau_post, learning_rate, f_w=soft_bound, gated=False) -> None:
        super().__init__()
        self.traces = Traces(tau_pre, tau_post, learning_rate, f_w, gated)

    @torch.no_grad()
    def update(self, connection: nn.Module, pre: torch.Tensor, post: torch.Tensor, inverse: bool = False) -> None:
        """Learn from one time step of spikes: pre [N, in] or [in], post [N, out] or [out], bool or 0/1.

        ``inverse=True`` flips both signs (anti-STDP).

        Raises:
            TypeError: a connection without a registered ``pairing``.
            ValueError: spikes that do not fit the connection, or traces left from another batch shape.
        """
        pre, post = as_float_spikes("STDPUpdater", pre), as_float_spikes("STDPUpdater", post)
        sign = -1.0 if inverse else 1.0
        self.traces.see_pre(pre)
        self.traces.see_post(post)
        self.traces.potentiate(connection, post, sign)
        self.traces.depress(connection, pre, post, sign)


class STDPModule(Stateful):
    """A synapse that learns while it works: transformer, connection and neuron in one module.

    One call passes the spikes through transformer -> delay 1 -> connection -> delay 1 -> neuron, so that an
    input at step t can make a spike at t + 3, and learns on the way, in this order:

        x ← x - x/τ_pre + s_pre,    w ← w - η f(w) y     (gated: only where the neuron before it spikes)
        run the five modules
        y ← y - y/τ_post + s_post,  w ← w + η f(w) x     (gated: only where the neuron after it spikes)

    ``reset()`` forgets traces, delays and voltages; the weights stay.

    Args:
        tf_module: turns spikes into currents.
        connection_module: the synapse that learns.
        neuron_module: the neurons after it.
        tau_pre, tau_post: time constants of the traces, ≥ 1, in steps.
        learning_rate: η.
        f_w: function f of the weight tensor, giving a number or a tensor of its shape.
        gated: update only at spikes.

    Shapes:
        spikes [in] or [N, in] -> spikes [out] or [N, out], bool; ``module_list`` holds the five modules.

    Source: Morrison, Diesmann & Gerstner 2008; composition as in SpikingFlow (2020).
    """

    def __init__(
        self,
        tf_module,
        connection_module,
        neuron_module,
        tau_pre,
        tau_post,
        learning_rate,
        f_w=soft_bound,
        gated=False,
    ) -> None:
        super().__init__()
        self.module_list = nn.ModuleList(
            [tf_module, ConstantDelay(1), connection_module, ConstantDelay(1), neuron_module]
        )
        self.traces = Traces(tau_pre, tau_post, learning_rate, f_w, gated)

    @property
    def connection(self) -> nn.Module:
        """The synapse that learns."""
        return self.module_list[2]

    @torch.no_grad()
    def forward(self, pre: torch.Tensor) -> torch.Tensor:
        s_pre = as_float_spikes("STDPModule", pre)
        self.traces.see_pre(s_pre)
        if torch.is_tensor(self.traces.trace_post):  # nothing to depress before the first output
            self.traces.depress(self.connection, s_pre, self.traces.trace_post)
        post = pre
        for module in self.module_list:
            post = module(post)
        s_post = as_float_spikes("STDPModule", post)
        self.traces.see_post(s_post)
        self.traces.potentiate(self.connection, s_post)
        return post
