"""The processes that train one network together: who they are, what each gets of a batch, what they tell each other.

Each process has a copy of the network (DDP) or a part of it (FSDP2) and learns from its part of every batch. The
engines are torch's: here stands only what a training loop asks of them. Alone, all of it does nothing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from course_snn.training import sharded
from course_snn.training.meeting import meeting_point, part
from course_snn.training.synchronised import synchronised_in

WAYS = ("ddp", "fsdp")
MINUTES = timedelta(minutes=5)  # longer than any step, the first one, which compiles, included


@dataclass(frozen=True)
class Team:
    """The processes that train one network together, seen from one of them.

    Args:
        rank: number of this process, 0 … size - 1.
        size: how many there are.
        local_rank: number of this process on its machine, and of its GPU.
        device: where its part of the work is done.
        restart: how often all of them have been started anew after a failure.
    """

    rank: int = 0
    size: int = 1
    local_rank: int = 0
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    restart: int = 0

    @property
    def first(self) -> bool:
        """Whether this is the process that writes files and speaks: rank 0."""
        return self.rank == 0

    def split(self, order: torch.Tensor) -> tuple[torch.Tensor, float]:
        """Return this process's part of the samples of one batch, and the weight of its mean loss.

            part = order[rank::size],  weight = n_r · size / n

        DDP and FSDP average gradients over the processes; with the mean loss of each part multiplied by its weight the
        average is the gradient of the mean over the batch, also where the parts differ in size:
        1/size · Σ_r weight_r · mean_r = 1/n · Σ_i loss_i. A process that would get nothing takes one sample with
        weight 0, for it must take part in whatever the others compute together (see ``synchronised.absent``).

        Args:
            order: numbers of the samples [n], n ≥ 1, the same on every process.

        Shapes:
            returns [n_r] and a number.
        """
        if order.dim() != 1 or not len(order):
            raise ValueError(f"a batch is split by the numbers of its samples [n], n ≥ 1, got {list(order.shape)}.")
        if self.size == 1:
            return order, 1.0
        part = order[self.rank :: self.size]
        return (part, len(part) * self.size / len(order)) if len(part) else (order[:1], 0.0)

    def total(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum of ``x`` over the processes; ``x`` itself stays."""
        if self.size == 1:
            return x
        result = x.detach().clone()
        dist.all_reduce(result)
        return result

    def any(self, flag: bool) -> bool:
        """Return whether any process says so."""
        return flag if self.size == 1 else bool(self.total(torch.tensor(float(flag), device=self.device)))

    def wait(self) -> None:
        """Return when every process has come here."""
        if self.size > 1:
            dist.barrier()

    def share(self, thing: Any) -> Any:
        """Return rank 0's ``thing``, any plain object, on every process."""
        if self.size == 1:
            return thing
        box = [thing]
        dist.broadcast_object_list(box, device=self.device)
        return box[0]

    # ------------------------------------------------------------ the network

    def wrap(self, net: nn.Module, how: str = "ddp") -> nn.Module:
        """Return ``net`` as one network of the whole team, with rank 0's weights; build optimizers afterwards.

        Args:
            net: the same network on every process, on the team's device.
            how: "ddp": each process has all of it, gradients are averaged in the backward pass. "fsdp": each process
                keeps a part of every layer's weights, gradients and optimizer state, and gets the rest when the
                layer's turn comes (``net`` itself is changed, and returned).

        Source: Li et al. 2020, VLDB 13(12); Zhao et al. 2023, VLDB 16(12).
        """
        if how not in WAYS:
            raise ValueError(f'how must be "ddp" or "fsdp", got {how!r}.')
        if self.size == 1:
            return net
        self._as_on_first(net)
        if how == "fsdp":
            return sharded.shard(net, self.size, self.device.type)
        equal = synchronised_in(net)  # their statistics are the same on every process without being sent
        return DistributedDataParallel(
            net,
            device_ids=[self.device] if self.device.type == "cuda" else None,
            broadcast_buffers=any(name.rpartition(".")[0] not in equal for name, _ in net.named_buffers()),
            gradient_as_bucket_view=True,  # gradients once in memory, not twice
        )

    def _as_on_first(self, net: nn.Module) -> None:
        with torch.no_grad():
            for tensor in [*net.parameters(), *net.buffers()]:
                dist.broadcast(tensor, 0)

    @contextlib.contextmanager
    def unsynced(self, net: nn.Module) -> Iterator[None]:
        """Within the block gradients of a wrapped ``net`` add up on each process and are not averaged yet.

        For gradient accumulation: all but the last part of a batch go forward and backward in such a block.
        """
        if isinstance(net, DistributedDataParallel):
            with net.no_sync():
                yield
        elif sharded.is_sharded(net):
            with sharded.unsynced(net):
                yield
        else:
            yield

    def weights(self, net: nn.Module) -> dict[str, Any]:
        """Return the whole ``state_dict``, named as in the network that was wrapped; every process must call it.

        Only rank 0 is sure to get all of it; others may get {}.
        """
        return sharded.weights(net) if sharded.is_sharded(net) else bare(net).state_dict()

    def load_weights(self, net: nn.Module, state: Mapping[str, Any]) -> None:
        """Load what ``weights`` returned into a wrapped ``net``; every process must call it, with the same state."""
        if sharded.is_sharded(net):
            sharded.load_weights(net, state)
        else:
            bare(net).load_state_dict(state)

    def optimizer_state(self, net: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
        """Return the whole ``state_dict`` of the optimizer of ``net``; every process must call it.

        It looks the same however the network was wrapped, so that a run can go on another way. Only rank 0 is sure to
        get all of it.
        """
        if sharded.is_sharded(net):
            return sharded.optimizer_state(optimizer, self.first)
        return optimizer.state_dict()

    def load_optimizer(self, net: nn.Module, optimizer: torch.optim.Optimizer, state: Mapping[str, Any]) -> None:
        """Load what ``optimizer_state`` returned; every process must call it, with the same state."""
        if sharded.is_sharded(net):
            state = sharded.parts_of(optimizer, state)
        optimizer.load_state_dict(dict(state))


ALONE = Team()  # one process: nobody to wait for, nothing to share


def bare(net: nn.Module) -> nn.Module:
    """Return the network inside of DDP's wrapper; any other is returned as it is."""
    return net.module if isinstance(net, DistributedDataParallel) else net


@contextlib.contextmanager
def join(
    backend: str | None = None, timeout: timedelta = MINUTES, device: torch.device | str | None = None
) -> Iterator[Team]:
    """Within the block this process is one of a team, as ``torchrun`` or ``launch`` started it; else it is ``ALONE``.

        with team.join() as members:
            net = members.wrap(net)

    Who belongs to it is read from the environment (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT). Each
    attempt of ``torchrun --max-restarts`` meets in a room of its own (a prefix of the store): torch 2.11 would find the
    addresses of the processes that died.

    Args:
        backend: of torch.distributed; by default "gloo", and beside it "nccl" with a GPU for each process.
        timeout: how long to wait for a process that does not come, or does not take part.
        device: where to compute; by default the GPU of its number if there is one for each process, else the CPU.

    Raises:
        TeamError: processes that did not come; it names them.
    """
    given = None if device is None else torch.device(device)
    if not {"RANK", "WORLD_SIZE"} <= set(os.environ):
        yield ALONE if given is None else replace(ALONE, device=given)
        return
    this = _member(given)
    if dist.is_initialized():  # joined already, by whoever called this
        yield this
        return
    if this.device.type == "cuda":
        torch.cuda.set_device(this.device)
    store = meeting_point(this.rank, this.size, this.restart, timeout)
    nccl = this.device.type == "cuda" and dist.is_nccl_available()
    dist.init_process_group(
        backend or ("cpu:gloo,cuda:nccl" if nccl else "gloo"),
        store=store,
        rank=this.rank,
        world_size=this.size,
        timeout=timeout,
    )
    try:
        yield this
        part(store, this.rank, this.size)
    finally:
        dist.destroy_process_group()


def _member(device: torch.device | None) -> Team:
    """Read from the environment who this process is."""
    rank, size, here = (int(os.environ.get(name, "0")) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"))
    if device is None:
        neighbours = int(os.environ.get("LOCAL_WORLD_SIZE", size))
        gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
        device = torch.device("cuda", here) if gpus >= neighbours else torch.device("cpu")
    return Team(rank, size, here, device, int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")))
