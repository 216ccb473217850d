"""One step of learning: a batch in one piece or several, gradients added up, clipped, weights moved and averaged."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from course_snn import functional
from course_snn.training.evaluation import Forward
from course_snn.training.source import Part, Source
from course_snn.training.synchronised import absent
from course_snn.training.team import ALONE, Team


@dataclass(frozen=True)
class Settings:
    """What a run does with its data.

    Args:
        forward: how a batch goes through the network; it knows the team.
        optimizer: of the network's parameters.
        schedule: of its learning rate, or None; a ``ReduceLROnPlateau`` is stepped each epoch, with what it watches.
        epochs: where to end.
        seed: of everything random.
        augment: function of a batch of inputs, or None.
        save_every: seconds from one checkpoint to the next within an epoch.
        accumulate: pieces in which a batch goes through the network one after another.
        clip: largest norm of the gradient of all weights together, or None.
        average: the network whose weights follow the learning ones (``averaged``), or None.
        schedule_by: "batch" or "epoch": how often any other schedule is stepped.
    """

    forward: Forward
    optimizer: torch.optim.Optimizer
    schedule: Any
    epochs: int
    seed: int
    augment: Callable | None
    save_every: float
    accumulate: int = 1
    clip: float | None = None
    average: AveragedModel | None = None
    schedule_by: str = "batch"


def averaged(net: nn.Module, decay: float, team: Team = ALONE, wrap: str = "ddp") -> AveragedModel:
    """Return a copy of the network that will follow it as an exponential moving average, running statistics included.

        w̄ ← decay·w̄ + (1 - decay)·w        after each step; w̄ = w after the first

    Args:
        net: the network, before it is wrapped; it is reset.
        decay: between 0 and 1; 1/(1 - decay) is the number of steps that the average reaches back.
        team, wrap: who shares the network, and how: of one in parts ("fsdp") the average is in parts, too.

    Source: Polyak & Juditsky 1992, SIAM J. Control Optim. 30(4); torch.optim.swa_utils.
    """
    functional.reset_net(net)  # a state on autograd's graph cannot be copied
    copy = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True)
    if wrap == "fsdp":
        team.wrap(copy.module, wrap)
    return copy


class Step:
    """Learning from one batch, as the settings say.

    A batch of n samples in k pieces of n_j gives the gradient of the mean over the batch, Σ_j n_j/n · ∇mean_j, at the
    memory of a piece. (Batch normalisation takes its statistics from a piece, and dropout draws anew for each.)

    Args:
        settings: of the run.
    """

    def __init__(self, settings: Settings) -> None:
        self.forward, self.team = settings.forward, settings.forward.team
        self.optimizer, self.augment, self.average = settings.optimizer, settings.augment, settings.average
        self.pieces, self.clip = settings.accumulate, settings.clip
        scaled = self.forward.half == torch.float16 and self.forward.device.type == "cuda"
        self.scaler = torch.amp.GradScaler(self.forward.device.type, init_scale=2.0**12, enabled=scaled)

    def __call__(self, part: Part, source: Source, seen: Callable[[torch.Tensor, torch.Tensor], None]) -> torch.Tensor:
        """Learn from the part of a batch, and return what it adds to the mean loss of the batch over the team.

        Args:
            part: inputs, labels, weight.
            source: where it comes from.
            seen: told the outputs [T, N, C] and labels of each piece.
        """
        self.optimizer.zero_grad(set_to_none=True)
        inputs = part.x if self.augment is None else self.augment(part.x)
        losses = []
        for x, labels, share, last in self._cut(inputs, part.labels, part.weight):
            with self._apart(part.weight, last):
                out, mean = self.forward(x, labels, source)
                seen(out.detach(), labels)
                mean = mean if share == 1.0 else mean * share
                self.scaler.scale(mean).backward()
            losses.append(mean.detach())
        self._move()
        return sum(losses[1:], losses[0]) / self.team.size

    def _cut(self, x: torch.Tensor, labels: torch.Tensor, weight: float) -> Iterator[tuple]:
        """Yield (x, labels, factor of the mean loss, whether it is the last) of each piece."""
        least = int(len(x) / weight + 1e-6) if weight else 1  # samples of the process with fewest: all take as many
        pieces = max(1, min(self.pieces, least))  # pieces, since in some networks they wait for each other
        if pieces == 1:
            yield x, labels, weight, True
            return
        cut = zip(x.tensor_split(pieces), labels.tensor_split(pieces), strict=True)
        for k, (some, theirs) in enumerate(cut, 1):
            yield some, theirs, weight * len(some) / len(x), k == pieces

    def _apart(self, weight: float, last: bool) -> contextlib.AbstractContextManager:
        if last and weight:
            return contextlib.nullcontext()
        stack = contextlib.ExitStack()
        stack.enter_context(absent(not weight))
        if not last:
            stack.enter_context(self.team.unsynced(self.forward.through))
        return stack

    def _move(self) -> None:
        if self.clip is not None:
            self.scaler.unscale_(self.optimizer)
            weights = [p for group in self.optimizer.param_groups for p in group["params"]]
            nn.utils.clip_grad_norm_(weights, self.clip)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.average is not None:
            self._follow(self.average, self.forward.net)

    def _follow(self, average: AveragedModel, net: nn.Module) -> None:
        if len([*average.module.buffers()]) != len([*net.buffers()]):  # torch would pair them wrongly, without a word
            raise RuntimeError("the network got or lost a buffer while it was trained: average=None trains it.")
        average.update_parameters(net)
