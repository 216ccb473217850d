"""Training over many time steps with memory for few: blocks computed again, truncated backpropagation, online rules.

What backpropagation through time (BPTT) keeps grows with the number of steps T:

    unroll            T steps                               the gradient of the sequence
    recomputed        T/k states and k steps, k about √T    the same gradient, for one more forward pass
    truncated_step    k steps                               nothing is learnt across the ends of blocks of k steps
    online_step       1 step                                nothing through time (SLTT), or by a trace (OTTT)
"""

import math
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from typing import NamedTuple

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.checkpoint import checkpoint

from course_snn.arguments import as_numbers, whole
from course_snn.spelling import chosen as entry
from course_snn.training.presynaptic import Presynaptic
from course_snn.training.repeatable import Network, refuse_batch_statistics, refuse_hidden_state
from course_snn.unrolling import chosen, detach_net, unroll

FEW = 3  # steps by which a network is tried
RULES = {"sltt": nullcontext, "ottt": Presynaptic}
Loss = Callable[..., torch.Tensor]
ONLINE_INSTEAD = (
    "Call .eval() on it to use its fixed statistics, or normalise weights instead of activities, as OTTT does"
)


class Learnt(NamedTuple):
    """What one pass over a sequence gave; the gradients lie in ``.grad`` of the parameters.

    Args:
        loss: mean over the steps of the losses of the blocks, a number without graph.
        y: outputs of all steps [T, N, …], without graph.
    """

    loss: torch.Tensor
    y: torch.Tensor


def recomputed(net: nn.Module, x: torch.Tensor, T: int | None = None, *, block: int | None = None) -> torch.Tensor:
    """Return ``functional.unroll(net, x, T)`` and keep for the backward pass T/k states instead of T steps.

        forward:   v_b+1, y_b = unroll(net from v_b, x_b)    for the blocks b of k steps; v_b is kept, no more
        backward:  the same once more for the last block, then its gradient; and so on to the first

    Outputs, gradients and the state left behind are those of ``unroll`` up to rounding. Memory is T/k states and k
    steps, least for k about √T; time is one more forward pass. Random numbers are the same in both passes. A monitor
    hears the first pass only, forward hooks hear both.

    BatchNorm in training is refused: ``unroll`` takes its statistics over all T·N samples, and those of a later
    layer are known only when an earlier one has seen all steps; no order of blocks in time can have that. ``net`` may
    be wrapped for several processes (DistributedDataParallel, FSDP2).

    Args:
        net: as in ``unroll``; modules that somebody else wrote may have no state that changes in a call.
        x: a sequence [T, N, …], or with ``T`` given a still input [N, …].
        T: number of steps for a still input.
        block: steps k that are computed again together; about √T when not given.

    Shapes:
        returns [T, N, …].

    Raises:
        TypeError: what ``unroll`` refuses, or a network with modules of your own that cannot be copied to be tried.
        ValueError: BatchNorm in training, a module with a state that is not declared, or T or block < 1.
        RuntimeError: in the backward pass, weights or buffers that were changed since.

    Source: Chen et al. 2016, Training Deep Nets with Sublinear Memory Cost; over time: Gruslys et al. 2016,
    Memory-Efficient Backpropagation Through Time (NeurIPS).
    """
    if isinstance(net, DistributedDataParallel):  # its forward may run once a step: it sends buffers
        return _in_one_call(net, x, lambda inner: recomputed(inner, x, T, block=block))
    steps = _steps(x, T)
    block = max(1, round(math.sqrt(steps))) if block is None else whole("block", block, at_least=1)
    refuse_batch_statistics(
        net, "unroll takes them over all T·N samples, recomputed sees a block at a time, and twice."
    )
    still = T is not None and x.shape[0] > 1  # one sample would go through a sum with all its steps without an error
    x_seq = x if T is None else x.expand(steps, *x.shape)
    refuse_hidden_state(net, x_seq[:FEW])
    network, ways, y_seq = Network(net), {}, []
    for part in x_seq.split(block):
        if (way := len(part) if still else 0) not in ways:
            ways[way] = chosen(net, *((x, len(part)) if still else (part[:FEW],)))
        run = network.again(partial(_run, ways[way]))
        y_seq.append(checkpoint(run, x if still else part, use_reentrant=False))
        if len(y_seq) == 1:
            network.unmoved()
    return torch.cat(y_seq)


def truncated_step(
    net: nn.Module,
    x: torch.Tensor,
    loss: Loss,
    block: int,
    T: int | None = None,
    targets: torch.Tensor | None = None,
) -> Learnt:
    """Learn from one sequence by truncated BPTT: backward after each block of k steps, then cut the state off.

        L = Σ_b (k_b / T) loss(y_b),    y_b [k_b, N, …] the outputs of block b

    This is another objective than loss(y) of the whole sequence: with the mean rate of a block in a convex loss (cross
    entropy) L is never below it (Jensen), and each block should be right by itself. The two are equal where the loss is
    a mean over steps. On top of that no gradient crosses the end of a block. With block = T it is BPTT.

    Gradients are added to ``.grad``: call ``optimizer.zero_grad()`` before and ``optimizer.step()`` after. The state
    goes on from where the network stands, and is left as ``unroll`` leaves it, cut off.

    Args:
        net: as in ``unroll``, without BatchNorm in training.
        x: a sequence [T, N, …], or with ``T`` given a still input [N, …].
        loss: function of the outputs of a block [k, N, …] that returns one number, for example
            ``lambda y: cross_entropy(y.mean(0), labels)``; with ``targets`` also of the targets of these steps.
        block: steps k that the gradient passes through.
        T: number of steps for a still input.
        targets: what is wanted at each step, [T, …].

    Raises:
        TypeError: a loss that does not return one tensor of one number.
        ValueError: BatchNorm in training, targets of another T, or T or block < 1.

    Source: Williams & Peng 1990, Neural Computation 2.
    """
    why = "it would take them block by block and move its running statistics once a block, unroll once over all T·N."
    refuse_batch_statistics(net, why)
    return _by_blocks(net, x, loss, whole("block", block, at_least=1), T, targets)


def online_step(
    net: nn.Module,
    x: torch.Tensor,
    loss: Loss,
    rule: str = "sltt",
    T: int | None = None,
    targets: torch.Tensor | None = None,
) -> Learnt:
    """Learn from one sequence step by step: loss and backward at each step, memory for one step whatever T is.

        L = 1/T Σ_t loss(y[t])
        "sltt":  dL/dW = Σ_t g[t] x[t]ᵀ       no gradient through time: the state is cut off after each step
        "ottt":  dL/dW = Σ_t g[t] a[t]ᵀ,      a[t] = λ a[t-1] + x[t],  λ = ∂v[t]/∂v[t-1]

    with g[t] the gradient at the output of W x, back through the layers at step t alone. The trace a stands for what
    earlier inputs left in the membrane of the neurons after W. So "ottt" is BPTT for the weights of the last spiking
    layer where the reset is soft (v_reset=None) and detached, as it always is here, and the neuron does not feed back;
    through other layers it lacks what reaches a later step by earlier spikes. A bias counts as the weight of a
    constant input 1. A layer without neurons after it has no trace, and other parameters (τ, NeuNorm) learn as with
    "sltt".

    Use it as ``truncated_step``, of which "sltt" is the case block = 1.

    Args:
        net: as in ``unroll``, without BatchNorm in training. For "ottt": weights in nn.Linear and nn.Conv1d to 3d,
            each called once a step; neurons with one voltage and one λ.
        x: a sequence [T, N, …], or with ``T`` given a still input [N, …].
        loss: as in ``truncated_step``; it gets the outputs of one step as [1, N, …].
        rule: "sltt" or "ottt".
        T: number of steps for a still input.
        targets: what is wanted at each step, [T, …].

    Raises:
        TypeError: as in ``truncated_step``; for "ottt" neurons that have more than a voltage.
        ValueError: another rule, BatchNorm in training, or neurons with a λ each.

    Source: SLTT: Meng et al., Towards Memory- and Time-Efficient Backpropagation for Training Spiking Neural Networks
    (ICCV 2023); OTTT: Xiao et al., Online Training Through Time for Spiking Neural Networks (NeurIPS 2022).
    """
    why = "online it sees one step at a time, so its statistics are those of N samples and move T times a sequence."
    context = entry("rule", rule, RULES)
    refuse_batch_statistics(net, why, ONLINE_INSTEAD)
    with context(net):
        return _by_blocks(net, x, loss, 1, T, targets)


def _by_blocks(net: nn.Module, x: torch.Tensor, loss: Loss, block: int, T: int | None, targets) -> Learnt:
    steps, total, y_seq = _steps(x, T), 0.0, []
    if targets is not None and len(targets) != steps:
        raise ValueError(f"targets must have one entry for each of the {steps} steps, but has {len(targets)}.")
    detach_net(net)
    for now in _blocks(steps, block):
        y = unroll(net, x[now]) if T is None else unroll(net, x, now.stop - now.start)
        part = loss(y) if targets is None else loss(y, targets[now])
        if not torch.is_tensor(part) or part.numel() != 1:
            raise TypeError(f"loss must return one number as a tensor, got {type(part).__name__}: take its mean.")
        part = part * ((now.stop - now.start) / steps)
        part.backward()
        detach_net(net)
        total, y_seq = total + part.detach(), [*y_seq, y.detach()]
    return Learnt(torch.as_tensor(total), torch.cat(y_seq))


def _blocks(steps: int, block: int) -> Iterator[slice]:
    for start in range(0, steps, block):
        yield slice(start, min(start + block, steps))


def _steps(x: torch.Tensor, T: int | None) -> int:
    """Return the number of steps."""
    if not torch.is_tensor(x):
        raise TypeError(f"x must be a tensor, got {type(x).__name__}: use torch.as_tensor(…).")
    if T is not None:
        return whole("T", T, at_least=1)
    if x.dim() < 2 or not len(x):
        raise ValueError(f"x must be a sequence [T, N, …] of at least one step, got {tuple(x.shape)}.")
    return len(x)


def _in_one_call(
    wrapper: DistributedDataParallel, x: torch.Tensor, run: Callable[[nn.Module], torch.Tensor]
) -> torch.Tensor:
    """Return ``run`` of the network that is wrapped, as if that were what its forward does."""
    inner = wrapper.module

    def forward(x: torch.Tensor) -> torch.Tensor:
        del inner.forward
        return run(inner)

    inner.forward = forward
    try:
        return wrapper(x)
    finally:
        vars(inner).pop("forward", None)


def _run(way: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    return way(as_numbers(x))
