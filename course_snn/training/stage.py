"""Parts of a spiking network as stages of torch's own pipeline, ``torch.distributed.pipelining``: a process each."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from course_snn import snapshot
from course_snn.arguments import whole
from course_snn.spelling import chosen
from course_snn.unrolling import reset_net, unroll

if TYPE_CHECKING:
    from torch.distributed.pipelining import PipelineStage

SCHEDULES = {"gpipe": "ScheduleGPipe", "1f1b": "Schedule1F1B"}


class OverTime(nn.Module):
    """A part of a network as a stage calls it: a microbatch [n, T, …], from rest, to [n, T, …].

    The batch comes first because torch's pipeline cuts dimension 0 into microbatches.

    Args:
        part: the part, which takes and returns one step.
    """

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        reset_net(self.part)
        y = unroll(self.part, x.transpose(0, 1)).transpose(0, 1).contiguous()
        reset_net(self.part)  # the next microbatch is another sample; and nothing holds on to the graph of this one
        return y


def stage(
    part: nn.Module,
    index: int,
    stages: int,
    x: torch.Tensor,
    y: torch.Tensor | None = None,
    device: str | torch.device = "cpu",
    group: Any = None,
) -> "PipelineStage":
    """Return this process's part of a network as a stage of torch's pipeline.

    Each microbatch starts from rest. torch is given examples of what comes in and what goes out; without them it would
    send zeros through the part to find out, which moves the running statistics of BatchNorm. BatchNorm in training
    takes the statistics of each microbatch, as GPipe does.

    Args:
        part: the part that this process computes; it is moved to ``device``.
        index: which of the stages it is, from 0; the rank of the process in ``group``.
        stages: number of stages.
        x: one microbatch as this part gets it, [T, n, …]: its shape and dtype count, not its values.
        y: one microbatch as this part returns it; when not given it is tried with one sample on a copy of the part.
        device: where it is computed.
        group: process group; the default one when not given.

    Raises:
        ValueError: x is not [T, n, …], or an index outside 0 … stages - 1.

    Source: Huang et al., GPipe (NeurIPS 2019); ``torch.distributed.pipelining.PipelineStage``.
    """
    stages, index = whole("stages", stages, at_least=1), whole("index", index, at_least=0)
    if index >= stages:
        raise ValueError(f"index must lie in 0 … {stages - 1} for {stages} stages, got {index}.")
    if x.dim() < 2:
        raise ValueError(f"x must be a microbatch [T, n, …], got {tuple(x.shape)}.")
    from torch.distributed.pipelining import PipelineStage  # loads half of torch.distributed

    y = _tried(part, x) if y is None else y
    args, out = ((torch.zeros_like(example.transpose(0, 1), device=device).contiguous(),) for example in (x, y))
    return PipelineStage(
        OverTime(part).to(device), index, stages, torch.device(device), input_args=args, output_args=out, group=group
    )


def _tried(part: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Return something of the shape and dtype that the part makes of ``x``; the part stays as it is."""
    twin = snapshot.copy_of(part).eval()
    reset_net(twin)
    with torch.no_grad(), torch.random.fork_rng():
        y = unroll(twin, x[:, :1].to(next((p.device for p in part.parameters()), x.device)))
    return y.new_empty(len(y), x.shape[1], *y.shape[2:])


def schedule(
    of: "PipelineStage",
    chunks: int,
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    kind: str = "gpipe",
) -> Any:
    """Return torch's schedule for a stage.

    Args:
        of: what ``stage`` returned.
        chunks: number of microbatches; it must divide the batch, so that the mean of their losses is the batch's.
        loss: function of outputs [T, n, …] and targets [n, …] that returns a mean over the samples.
        kind: "gpipe" or "1f1b", see ``timetable``.

    Raises:
        ValueError: another kind, or fewer than one microbatch.
    """
    name, chunks = chosen("schedule", kind, SCHEDULES), whole("chunks", chunks, at_least=1)
    from torch.distributed import pipelining

    return getattr(pipelining, name)(of, chunks, loss_fn=lambda y, targets: loss(y.transpose(0, 1), targets))


def train_step(
    plan: Any, of: "PipelineStage", x_seq: torch.Tensor | None, targets: torch.Tensor | None
) -> torch.Tensor | None:
    """Run forward and backward of a batch through the pipeline, in every process; gradients are added to ``.grad``.

    Args:
        plan: what ``schedule`` returned. of: the stage it was made for.
        x_seq: the batch [T, N, …], read in the first stage; None elsewhere.
        targets: targets [N, …], read in the last stage; None elsewhere.

    Returns:
        the mean loss of the batch in the last stage, None in the others.
    """
    given = () if not of.is_first else (_batch_first(x_seq),)
    if not of.is_last:
        plan.step(*given)
        return None
    losses: list[torch.Tensor] = []
    plan.step(*given, target=targets, losses=losses)
    return torch.stack(losses).mean().detach()


def _batch_first(x_seq: torch.Tensor | None) -> torch.Tensor:
    if x_seq is None:
        raise ValueError("the first stage needs the batch, x_seq [T, N, …].")
    return x_seq.transpose(0, 1).contiguous()  # torch compares strides with those of the example
