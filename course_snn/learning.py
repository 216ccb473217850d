"""STDP: synapses that learn from the order of the spikes on their two sides, by pair-based traces."""

import functools
from typing import Any

import torch
from torch import nn
from torch.nn import grad

from course_snn.arguments import keep, number
from course_snn.plasticity import WeightRule, at_least_32_bits, check_weight, proportional, soft_bound
from course_snn.state import Stateful
from course_snn.synapse import ConstantDelay, Linear, as_float_spikes

__all__ = ["STDPModule", "STDPUpdater", "Traces", "pairing", "proportional", "soft_bound"]


@functools.singledispatch
def pairing(connection, pre: torch.Tensor, post: torch.Tensor) -> torch.Tensor:
    """Return how strongly each synapse of ``connection`` pairs ``pre`` with ``post``, shaped as its weight.

    The products pre × post are summed over the places that share a weight and averaged over the batch. Known are
    ``synapse.Linear``, ``nn.Linear`` and ``nn.Conv1d``, ``2d``, ``3d``.

    Register your own connection:  ``@learning.pairing.register`` on a function of (connection, pre, post).

    Args:
        connection: the module whose ``weight`` is to learn.
        pre: one number for each neuron before it, spikes (0.0/1.0) or traces, shaped as its input.
        post: one number for each neuron after it, shaped as its output.

    Raises:
        TypeError: a connection for which nothing is registered.
        ValueError: pre and post that do not belong together.
    """
    raise TypeError(
        f"STDP does not know how {type(connection).__name__} connects its neurons. Register a function "
        f"(connection, pre, post) -> tensor of the shape of its weight with @learning.pairing.register."
    )


@pairing.register(Linear)
@pairing.register(nn.Linear)
def _(connection: nn.Module, pre: torch.Tensor, post: torch.Tensor) -> torch.Tensor:
    if pre.shape[:-1] != post.shape[:-1]:
        raise ValueError(f"pre {tuple(pre.shape)} and post {tuple(post.shape)} must come from batches of one size.")
    pre, post = pre.reshape(-1, pre.shape[-1]), post.reshape(-1, post.shape[-1])  # [N, in], [N, out]
    return post.t() @ pre / max(len(pre), 1)  # [out, in], mean over the batch


_SUM_OVER_PLACES = {1: grad.conv1d_weight, 2: grad.conv2d_weight, 3: grad.conv3d_weight}


@pairing.register(nn.Conv1d)
@pairing.register(nn.Conv2d)
@pairing.register(nn.Conv3d)
def _(connection: nn.Conv1d | nn.Conv2d | nn.Conv3d, pre: torch.Tensor, post: torch.Tensor) -> torch.Tensor:
    dims = connection.weight.dim() - 2
    if pre.dim() == dims + 1:
        pre, post = pre[None], post[None]
    mode = "constant" if connection.padding_mode == "zeros" else connection.padding_mode
    padded = nn.functional.pad(pre, connection._reversed_padding_repeated_twice, mode=mode)
    reach = (d * (k - 1) for d, k in zip(connection.dilation, connection.kernel_size, strict=True))
    places = [(size - r - 1) // s + 1 for size, r, s in zip(padded.shape[2:], reach, connection.stride, strict=True)]
    wanted = (len(pre), connection.out_channels, *places)
    if pre.shape[1] != connection.in_channels or post.shape != wanted:
        raise ValueError(
            f"this {type(connection).__name__} pairs pre [N, {connection.in_channels}, …] with post {wanted} for such "
            f"a pre, got pre {tuple(pre.shape)} and post {tuple(post.shape)}."
        )
    total = _SUM_OVER_PLACES[dims](
        padded, connection.weight.shape, post, connection.stride, 0, connection.dilation, connection.groups
    )
    return total / max(len(pre), 1)  # [out, in / groups, *kernel], mean over the batch


class Traces(Stateful):
    """The pair of traces x (before the synapse) and y (after it), and the two halves of the rule.

    Args:
        tau_pre, tau_post: time constants of the traces, ≥ 1, in steps.
        learning_rate: η.
        f_w, w_min, w_max: how far a weight moves and where it stops, see ``plasticity.WeightRule``.
        gated: change weights only at spikes.

    Raises:
        TypeError: a parameter that is not a number, or an f_w that is no function.
        ValueError: a parameter out of range, or w_min above w_max.
    """

    tau_pre: float | torch.Tensor
    tau_post: float | torch.Tensor
    learning_rate: float | torch.Tensor
    trace_pre: torch.Tensor
    trace_post: torch.Tensor

    def __init__(self, tau_pre, tau_post, learning_rate, f_w, gated: bool, w_min=None, w_max=None) -> None:
        super().__init__()
        keep(self, "tau_pre", number("tau_pre", tau_pre, at_least=1))
        keep(self, "tau_post", number("tau_post", tau_post, at_least=1))
        keep(self, "learning_rate", number("learning_rate", learning_rate))
        self.gated, self.rule = gated, WeightRule(f_w, w_min, w_max)
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
        self.rule.change(connection, sign * self.learning_rate, pairing(connection, self.trace_pre, factor))

    def depress(self, connection: nn.Module, pre: torch.Tensor, post: torch.Tensor, sign: float = 1.0) -> None:
        """w ← w - η f(w) y, for every synapse, or when gated only where the neuron before it spikes."""
        factor = pre if self.gated else torch.ones_like(pre)
        paired = pairing(connection, factor, self.state("trace_post", like=post))
        self.rule.change(connection, -sign * self.learning_rate, paired)


class STDPUpdater(Stateful):
    """Change a connection's weights from any two spike trains, one time step per call.

        x ← x - x/τ_pre + s_pre,   y ← y - y/τ_post + s_post
        w ← w + η f(w) x           (gated: only where the neuron after the synapse spikes)
        w ← w - η f(w) y           (gated: only where the neuron before the synapse spikes)

    By default f is ``soft_bound``: w_max - w for a weight that grows, w - w_min for one that shrinks, and a step that
    is too large ends at the bound. Whether a weight grows or shrinks is told by the sign of its change, so the same
    holds for anti-STDP and a negative η. A weight that starts outside the bounds stays as it is until its first
    change, which starts from the nearer bound.

    Another ``f_w`` is used for both directions, without bounds; a pair (f₊, f₋) gives each direction its own. With
    ``w_min`` or ``w_max`` the weight is cut off there after each change (a hard bound).

    ``gated=True``, the textbook rule, changes weights only at spikes; ``gated=False`` in every step. SpikingFlow's
    rule (2020) is ``f_w=learning.proportional, gated=False``.

    A batch is averaged, an empty one changes nothing; a convolution sums over the places that share a weight.
    ``reset()`` forgets both traces; the weights stay.

    Args:
        tau_pre, tau_post: time constants of the traces, ≥ 1, in steps.
        learning_rate: η.
        f_w: function f of the weight tensor, giving a number or a tensor of its shape; or a pair (f₊, f₋).
        gated: update only at spikes.
        w_min, w_max: bounds, numbers or tensors that fit the weight; 0 and 1 when f_w is not given, else none.

    Source: Morrison, Diesmann & Gerstner 2008, Biological Cybernetics 98.
    """

    def __init__(self, tau_pre, tau_post, learning_rate, f_w=soft_bound, gated=True, w_min=None, w_max=None) -> None:
        super().__init__()
        self.traces = Traces(tau_pre, tau_post, learning_rate, f_w, gated, w_min, w_max)

    @torch.no_grad()
    def update(self, connection: nn.Module, pre: torch.Tensor, post: torch.Tensor, inverse: bool = False) -> None:
        """Learn from one time step of spikes, bool or 0/1: ``pre`` shaped as the input of the connection, ``post`` as
        its output.

        Args:
            connection: the synapse: ``synapse.Linear``, ``nn.Linear``, ``nn.Conv2d``, … (see ``pairing``). Its weight
                is changed in place, its bias is not.
            pre: spikes [N, in] or [in] of the neurons before it; [N, in, H, W] or [in, H, W] for ``nn.Conv2d``.
            post: spikes [N, out] or [out] of the neurons after it; [N, out, H', W'] for ``nn.Conv2d``.
            inverse: flip both signs (anti-STDP).

        Raises:
            TypeError: a connection without a registered ``pairing``, or whose weight is computed from others.
            ValueError: spikes that do not fit the connection, or traces left from another batch shape.
        """
        dtype = _working_precision(connection)
        pre, post = (as_float_spikes("STDPUpdater", s).to(dtype) for s in (pre, post))
        if pre.numel() == 0 == post.numel():
            return
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

    ``f_w``, ``gated`` and the bounds are those of ``STDPUpdater``. ``reset()`` forgets traces, delays and voltages; the
    weights stay.

    Args:
        tf_module: turns spikes into currents.
        connection_module: the synapse that learns: ``synapse.Linear``, ``nn.Linear``, … (see ``pairing``).
        neuron_module: the neurons after it.
        tau_pre, tau_post: time constants of the traces, ≥ 1, in steps.
        learning_rate: η.
        f_w: function f of the weight tensor, giving a number or a tensor of its shape; or a pair (f₊, f₋).
        gated: update only at spikes.
        w_min, w_max: bounds, numbers or tensors that fit the weight; 0 and 1 when f_w is not given, else none.

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
        gated=True,
        w_min=None,
        w_max=None,
    ) -> None:
        super().__init__()
        self.module_list = nn.ModuleList(
            [tf_module, ConstantDelay(1), connection_module, ConstantDelay(1), neuron_module]
        )
        self.traces = Traces(tau_pre, tau_post, learning_rate, f_w, gated, w_min, w_max)

    @property
    def connection(self) -> nn.Module:
        """The synapse that learns."""
        return self.module_list[2]

    @torch.no_grad()
    def forward(self, pre: torch.Tensor) -> torch.Tensor:
        dtype = _working_precision(self.connection)
        s_pre = as_float_spikes("STDPModule", pre).to(dtype)
        self.traces.see_pre(s_pre)
        if torch.is_tensor(self.traces.trace_post):  # nothing to depress before the first output
            self.traces.depress(self.connection, s_pre, self.traces.trace_post)
        post = pre
        for module in self.module_list:
            post = module(post)
        s_post = as_float_spikes("STDPModule", post).to(dtype)
        self.traces.see_post(s_post)
        self.traces.potentiate(self.connection, s_post)
        return post


def _working_precision(connection: Any) -> torch.dtype:
    """Return the dtype of spikes and traces after checking that ``connection`` can learn."""
    if pairing.dispatch(type(connection)) is pairing.dispatch(object):
        pairing(connection, None, None)  # says so
    check_weight(connection)
    return at_least_32_bits(connection.weight)
