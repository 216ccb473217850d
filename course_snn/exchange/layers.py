"""The layers and containers that both libraries have: which class stands for which, and what goes with it.

ours, torch's                       SpikingJelly's
nn.Linear, nn.Conv2d, …             layer.Linear, layer.Conv2d, …                 the same names, a step mode more
nn.BatchNorm2d                      layer.BatchNorm2d; ThresholdDependentBatchNorm2d comes back as the former
NeuNorm                             NeuNorm, with w of the shape [C, 1, 1]
Dropout, Dropout2d                  the same
LowPassSynapse                      SynapseFilter
ConstantDelay                       Delay
ElementWise-, LinearRecurrentContainer                                            the same
SpikeMaxPool2d(node)                Sequential(node, MaxPool2d(2))
nn.Sequential                       Sequential; MultiStep-, SeqToANN- and StepModeContainer come back as the former
nn.AvgPool1d(k)                     VotingLayer(k) comes back as the former
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Any

from torch import nn

from course_snn import layer, pooling, synapse
from course_snn.exchange.walk import Refused, Rule, Walk, in_place, one_number, unchanged

SAME = (
    "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Linear", "BatchNorm1d",
    "BatchNorm2d", "BatchNorm3d", "GroupNorm", "MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d",
    "AvgPool3d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "Upsample", "Flatten",
)  # fmt: skip
POINT_BY_POINT = (  # or along the last dimension: all the same whether [N, …] or [T, N, …]
    "Identity", "ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh",
    "Hardtanh", "Hardsigmoid", "Hardswish", "Hardshrink", "Softshrink", "Tanhshrink", "Softplus", "Softsign",
    "LogSigmoid", "Threshold", "Dropout", "AlphaDropout", "LayerNorm", "RMSNorm",
)  # fmt: skip
ONE_BATCH = (  # of [N, …] only, so in multi-step mode inside a SeqToANNContainer
    "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d", "LPPool1d", "LPPool2d", "Dropout1d", "Dropout2d",
    "Dropout3d", "FeatureAlphaDropout", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "LocalResponseNorm",
    "SyncBatchNorm", "PReLU", "GLU", "Softmax", "LogSoftmax", "Softmin", "Softmax2d", "Unflatten", "PixelShuffle",
    "PixelUnshuffle", "ChannelShuffle", "ZeroPad1d", "ZeroPad2d", "ZeroPad3d", "ConstantPad1d", "ConstantPad2d",
    "ConstantPad3d", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad2d",
    "ReplicationPad3d", "CircularPad1d", "CircularPad2d", "CircularPad3d", "UpsamplingNearest2d",
    "UpsamplingBilinear2d",
)  # fmt: skip
CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)
KNOWN = (
    "the layers of torch.nn, NeuNorm, Dropout, Dropout2d, LowPassSynapse (SynapseFilter), ConstantDelay (Delay), "
    "SpikeMaxPool2d, ElementWiseRecurrentContainer, LinearRecurrentContainer, Sequential"
)


def to_spikingjelly() -> dict[type, Rule]:
    """Return the rules for torch's layers and ours."""
    from spikingjelly.activation_based import layer as theirs

    def wrapped(kind: type) -> Rule:
        def rule(module: Any, mode: str, walk: Walk) -> nn.Module:
            if mode == "m" and kind is theirs.AvgPool1d:  # it also averages neighbours of [N, C], theirs does not
                return theirs.SeqToANNContainer(module)
            module.__class__ = kind  # a subclass that adds the step mode only: all that was set stays
            module.step_mode = mode
            return module

        return rule

    def as_one_batch(module: nn.Module, mode: str, walk: Walk) -> nn.Module:
        return theirs.SeqToANNContainer(module) if mode == "m" else module

    def element_wise(ours: Any, mode: str, walk: Walk) -> nn.Module:
        inner = walk.inside("sub_module", ours.sub_module, "s")
        return theirs.ElementWiseRecurrentContainer(inner, ours.element_wise_function, step_mode=mode)

    def linear_recurrent(ours: Any, mode: str, walk: Walk) -> nn.Module:
        inner, bias = walk.inside("sub_module", ours.sub_module, "s"), ours.rc.bias is not None
        loop = theirs.LinearRecurrentContainer(inner, ours.in_features, ours.out_features, bias, mode)
        loop.rc = ours.rc
        return loop

    def neunorm(ours: Any, mode: str, walk: Walk) -> nn.Module:
        norm = theirs.NeuNorm(ours.in_channels, 1, 1, one_number("k", ours.k), step_mode=mode)
        norm.w = ours.w
        return norm

    def low_pass(ours: Any, mode: str, walk: Walk) -> nn.Module:
        filtered = theirs.SynapseFilter(learnable=ours.learnable, step_mode=mode)
        if ours.learnable:
            filtered.w = ours.w
        else:
            filtered.tau = one_number("tau", ours.fixed_tau)  # here, not in the call, which refuses τ = 1
        return filtered

    def pooled(ours: Any, mode: str, walk: Walk) -> nn.Module:
        pool = theirs.MaxPool2d(2, step_mode=mode)
        if ours.node is None:
            return pool
        return nn.Sequential(OrderedDict(node=walk.inside("node", ours.node, mode), pool=pool))

    return {
        **{getattr(nn, name): wrapped(getattr(theirs, name)) for name in SAME},
        **{getattr(nn, name): unchanged for name in POINT_BY_POINT},
        **{getattr(nn, name): as_one_batch for name in ONE_BATCH},
        **dict.fromkeys(CONTAINERS, in_place),
        layer.ElementWiseRecurrentContainer: element_wise,
        layer.LinearRecurrentContainer: linear_recurrent,
        layer.NeuNorm: neunorm,
        layer.Dropout: lambda ours, mode, walk: theirs.Dropout(ours.p, mode),
        layer.Dropout2d: lambda ours, mode, walk: theirs.Dropout2d(ours.p, mode),
        synapse.LowPassSynapse: low_pass,
        synapse.ConstantDelay: lambda ours, mode, walk: theirs.Delay(ours.delay_time, mode),
        pooling.SpikeMaxPool2d: pooled,
    }


def from_spikingjelly() -> dict[type, Rule]:
    """Return the rules for torch's layers and SpikingJelly's."""
    from spikingjelly.activation_based import layer as theirs

    def bare(kind: type) -> Rule:
        def rule(module: Any, mode: str, walk: Walk) -> nn.Module:
            module.__class__ = kind
            for name in ("_step_mode", "alpha", "v_th"):  # the last two gave tdBN's weight its start
                vars(module).pop(name, None)
            return module

        return rule

    def not_over_time(module: nn.Module, mode: str, walk: Walk) -> nn.Module:
        if mode == "m":
            name = type(module).__name__
            instead = f"use layer.{name}" if name in SAME else "put it into a SeqToANNContainer"
            raise Refused(f"which is torch's own and would see [T, N, …] as one batch: {instead}")
        return module

    def sequential(holder: Any, mode: str, walk: Walk) -> nn.Module:
        return nn.Sequential(OrderedDict(walk.parts(holder, "s")))

    def without_state(holder: Any, mode: str, walk: Walk) -> nn.Module:
        if any(hasattr(part, "_memories") for part in holder.modules()):
            raise Refused("in which a module keeps a state, and sees all steps as one batch: use MultiStepContainer")
        return sequential(holder, mode, walk)

    def by_step_mode(holder: Any, mode: str, walk: Walk) -> nn.Module:
        return (sequential if holder.stateful or mode == "s" else without_state)(holder, mode, walk)

    def element_wise(loop: Any, mode: str, walk: Walk) -> nn.Module:
        inner = walk.inside("sub_module", loop.sub_module, "s")
        return layer.ElementWiseRecurrentContainer(inner, loop.element_wise_function)

    def linear_recurrent(loop: Any, mode: str, walk: Walk) -> nn.Module:
        sizes = loop.rc.out_features, loop.sub_module_out_features
        inner, bias = walk.inside("sub_module", loop.sub_module, "s"), loop.rc.bias is not None
        ours = layer.LinearRecurrentContainer(inner, *sizes, bias)
        ours.rc = loop.rc
        return ours

    def neunorm(norm: Any, mode: str, walk: Walk) -> nn.Module:
        channels = norm.w.shape[0]
        if norm.w.shape[1:] != (1, 1) or not math.isclose(norm.k1, (1 - norm.k0) / channels**2):
            raise Refused(f"whose w is {list(norm.w.shape)}: ours has one for each channel, [C, 1, 1]")
        ours = layer.NeuNorm(channels, norm.k0)
        ours.w = norm.w
        return ours

    def low_pass(filtered: Any, mode: str, walk: Walk) -> nn.Module:
        if not filtered.learnable:
            return synapse.LowPassSynapse(one_number("tau", filtered.tau))
        ours = synapse.LowPassSynapse(learnable=True)
        ours.w = filtered.w
        return ours

    return {
        **{getattr(theirs, name): bare(getattr(nn, name)) for name in SAME},
        **{getattr(theirs, f"ThresholdDependent{name}"): bare(getattr(nn, name)) for name in SAME if "Batch" in name},
        **{getattr(nn, name): unchanged for name in ("Linear", *POINT_BY_POINT)},
        **{getattr(nn, name): not_over_time for name in (*SAME, *ONE_BATCH) if name != "Linear"},
        **dict.fromkeys(CONTAINERS, in_place),
        theirs.MultiStepContainer: sequential,
        theirs.SeqToANNContainer: without_state,
        theirs.StepModeContainer: by_step_mode,
        theirs.ElementWiseRecurrentContainer: element_wise,
        theirs.LinearRecurrentContainer: linear_recurrent,
        theirs.NeuNorm: neunorm,
        theirs.Dropout: lambda module, mode, walk: layer.Dropout(module.p),
        theirs.Dropout2d: lambda module, mode, walk: layer.Dropout2d(module.p),
        theirs.SynapseFilter: low_pass,
        theirs.Delay: lambda module, mode, walk: synapse.ConstantDelay(module.delay_steps),
        theirs.VotingLayer: lambda module, mode, walk: nn.AvgPool1d(module.voting_size),
    }
