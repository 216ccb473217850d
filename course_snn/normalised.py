"""A batch normalisation and the neuron behind it, in one pass over memory where that computes the same."""

import torch
from torch import nn

from course_snn import kernel, unrolling
from course_snn.neuron import Neuron
from course_snn.steps import OneByOne, run


def normalise_and_fire(
    x: torch.Tensor, norm: nn.Module, node: nn.Module, skip: torch.Tensor | None = None
) -> torch.Tensor:
    """Return node(norm(x) + skip).

    Under ``functional.unroll``, for float32 on the CPU with the channels last in memory
    (``net.to(memory_format=torch.channels_last)``), an ``nn.BatchNorm2d`` and a neuron without learnt parameters run in
    one pass: what is normalised is never written down, and not kept for the backward pass. Spikes and statistics are
    those of the two one after the other, gradients too, up to rounding. Everything else, and what somebody listens to
    (hooks, a ``Monitor``), is called one after the other.

    Args:
        x: what a convolution gives, [N, C, H, W].
        norm: a normalisation.
        node: a neuron.
        skip: what is added to the normalised input, [N, C, H, W]; None: nothing.

    Shapes:
        [N, C, H, W] -> [N, C, H, W], at each step.
    """
    spikes = _in_one_pass(x, norm, node, skip)
    if spikes is not None:
        return spikes
    y = norm(x)
    return node(y if skip is None else y + skip)


def _in_one_pass(x: torch.Tensor, norm: nn.Module, node: nn.Module, skip: torch.Tensor | None) -> torch.Tensor | None:
    steps = unrolling.running()
    if steps is None or not isinstance(node, Neuron) or not unrolling.travels(node):
        return None
    if unrolling.watched(norm) or unrolling.watched(node):
        return None
    still = steps.still(x)
    if skip is not None and (still or steps.still(skip)):
        return None
    with run(OneByOne()):
        return kernel.drive_normalised(node, norm, x, skip, steps.T, still)
