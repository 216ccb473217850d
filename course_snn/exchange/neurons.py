"""The neurons that both libraries have, with the same spikes and the same gradients.

    ours                                SpikingJelly's
    IFNode                              IFNode
    LIFNode(tau)                        LIFNode(tau)
    DeltaLIFNode(tau, dt)               LIFNode(1 / (1 - a), decay_input=False),      a = exp(-dt/tau)
    PLIFNode                            ParametricLIFNode                             the same w
    RIFNode(amplitude=(-1, 0))          ParametricLIFNode(decay_input=False)          w = -g

A threshold of inf with a soft reset, which gives NaN in SpikingJelly, becomes a hard reset that never comes.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from course_snn import neuron
from course_snn.exchange import surrogates
from course_snn.exchange.walk import Refused, Rule, Walk, one_number

KNOWN = "IFNode, LIFNode, DeltaLIFNode (LIFNode, decay_input=False), PLIFNode, RIFNode(amplitude=(-1, 0))"


def to_spikingjelly() -> dict[type, Rule]:
    """Return the rules for our neurons."""
    from spikingjelly.activation_based import neuron as theirs

    def lif(ours: Any, mode: str, walk: Walk) -> nn.Module:
        node = theirs.LIFNode(**_settings(ours, mode))
        node.tau = one_number("tau", ours.tau)  # here, not in the call, which refuses τ = 1
        return node

    def delta_lif(ours: Any, mode: str, walk: Walk) -> nn.Module:
        node = theirs.LIFNode(decay_input=False, **_settings(ours, mode))
        node.tau = -1 / math.expm1(-ours.dt / one_number("tau", ours.tau))
        return node

    def plif(ours: Any, mode: str, walk: Walk) -> nn.Module:
        node = theirs.ParametricLIFNode(**_settings(ours, mode))
        node.w = _scalar("w", ours.w)
        return node

    def rif(ours: Any, mode: str, walk: Walk) -> nn.Module:
        if ours.bounds != (-1.0, 0.0):
            raise Refused("whose w may leave (-1, 0): only amplitude=(-1, 0) is a leak that ParametricLIFNode has")
        node = theirs.ParametricLIFNode(decay_input=False, **_settings(ours, mode))
        node.w = _negative(_scalar("g", ours.g))
        return node

    return {
        neuron.IFNode: lambda ours, mode, walk: theirs.IFNode(**_settings(ours, mode)),
        neuron.LIFNode: lif,
        neuron.DeltaLIFNode: delta_lif,
        neuron.PLIFNode: plif,
        neuron.RIFNode: rif,
    }


def _settings(ours: neuron.Neuron, mode: str) -> dict[str, Any]:
    """Return what every neuron of SpikingJelly takes."""
    v_threshold, v_reset = one_number("v_threshold", ours.v_threshold), ours.v_reset
    if v_reset is not None:
        v_reset = one_number("v_reset", v_reset)
    elif v_threshold == math.inf:
        v_reset = 0.0
    return {
        "v_threshold": v_threshold,
        "v_reset": v_reset,
        "surrogate_function": surrogates.to_spikingjelly(ours.surrogate),
        "detach_reset": bool(ours.detach_reset),
        "step_mode": mode,
    }


def from_spikingjelly() -> dict[type, Rule]:
    """Return the rules for SpikingJelly's neurons."""
    from spikingjelly.activation_based import neuron as theirs

    def lif(node: Any, mode: str, walk: Walk) -> nn.Module:
        tau = one_number("tau", node.tau)
        if node.decay_input:
            return neuron.LIFNode(tau, **_ours(node))
        if tau <= 1:
            raise Refused(f"with tau={tau:g} and decay_input=False: nothing of v remains; DeltaLIFNode needs tau > 1")
        return neuron.DeltaLIFNode(-1 / math.log1p(-1 / tau), **_ours(node))

    def plif(node: Any, mode: str, walk: Walk) -> nn.Module:
        if node.decay_input:
            ours = neuron.PLIFNode(**_ours(node))
            ours.w = node.w
        else:
            ours = neuron.RIFNode(-0.5, amplitude=(-1.0, 0.0), **_ours(node))
            ours.g = _negative(_scalar("w", node.w))
        return ours

    def simple(make: Rule) -> Rule:
        def rule(node: Any, mode: str, walk: Walk) -> nn.Module:
            if node.v_reset is None and hasattr(node, "tau"):
                raise Refused("with v_reset=None: it computes v_reset - v, which fails")
            if node.v_reset not in (None, 0.0):
                raise Refused(f"which starts at 0, not at its v_reset={node.v_reset}")
            return make(node, mode, walk)

        return rule

    def integrate(node: Any, mode: str, walk: Walk) -> nn.Module:
        return neuron.IFNode(**_ours(node))

    return {
        theirs.IFNode: integrate,
        theirs.LIFNode: lif,
        theirs.ParametricLIFNode: plif,
        theirs.SimpleIFNode: simple(integrate),
        theirs.SimpleLIFNode: simple(lif),
    }


def _ours(node: Any) -> dict[str, Any]:
    """Return what every neuron of ours takes."""
    if getattr(node, "_neuron_precision", None) is not None:
        raise Refused("which was given a precision of its own: ours follow the network's (net.half(), autocast)")
    v_reset = node.v_reset
    if v_reset is not None and not torch.as_tensor(node.v_threshold > v_reset).all():
        raise Refused(f"whose v_threshold={node.v_threshold} is not above v_reset={v_reset}: it would fire for ever")
    return {
        "v_threshold": node.v_threshold,
        "v_reset": v_reset,
        "surrogate": surrogates.from_spikingjelly(node.surrogate_function),
        "detach_reset": node.detach_reset,
    }


def _scalar(name: str, w: nn.Parameter) -> nn.Parameter:
    if w.dim():
        raise Refused(f"whose {name} has a value for each neuron: it takes one for all")
    return w


def _negative(w: nn.Parameter) -> nn.Parameter:
    return nn.Parameter(-w.detach(), w.requires_grad)
