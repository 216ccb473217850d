"""A network whose parts lie on several devices: chunks of the batch follow each other through them."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from course_snn.arguments import as_numbers, whole
from course_snn.state import Stateful
from course_snn.training.stage import schedule, stage, train_step
from course_snn.training.states import States
from course_snn.training.timetable import Slot, bubble, held, timetable
from course_snn.unrolling import reset_net, unroll

__all__ = ["ModelPipeline", "Slot", "bubble", "held", "schedule", "stage", "timetable", "train_step"]

Sizes = int | Sequence[int] | None


class ModelPipeline(Stateful):
    """Modules one after another, each on its device; the batch goes through them in chunks, as the timetable says.

        tick 0   chunk 0 in module 0
        tick 1   chunk 0 in module 1, chunk 1 in module 0
        tick 2   chunk 0 in module 2, chunk 1 in module 1, chunk 2 in module 0   …

    A GPU takes its orders without waiting for the others, so what stands in one tick runs at the same time there; on
    CPUs it is one after another. Every chunk has a neuron state of its own, kept until ``reset()``. So outputs,
    gradients and states are those of the whole batch in one piece, for any ``split_sizes``; with BatchNorm in training
    each chunk has its own statistics, as in GPipe. For several processes see ``stage``.

    Args:
        split_sizes: size of a chunk, or a list with the size of each; None: the batch is one chunk. What ``forward``
            takes when it is given none, and what ``functional.unroll(pipeline, x_seq)`` takes.

    Shapes:
        ``pipeline(x)`` takes one step [N, …] and returns [N, …], on the device of the last module;
        ``functional.unroll(pipeline, x_seq)`` takes [T, N, …] and sends all steps of a chunk at once.

    Raises:
        RuntimeError: nothing was appended yet.
        ValueError: sizes that do not add up to N, or other chunks than those whose state is held.

    Source: SpikingFlow (2020), softbp.ModelPipeline, where all chunks shared one state; Huang et al., GPipe
    (NeurIPS 2019).
    """

    chunks: list[dict[str, Any]] | None

    def __init__(self, split_sizes: Sizes = None) -> None:
        super().__init__()
        self.split_sizes = split_sizes
        self.module_list = nn.ModuleList()
        self.devices: list[torch.device | None] = []
        self.declare("chunks", None)  # for each chunk its "size" and the "states" of the modules

    def append(self, module: nn.Module, device: str | int | torch.device | None = None) -> None:
        """Add a module behind the others.

        Args:
            module: takes what the one before it returns.
            device: where it is moved and run: "cpu", "cuda:1", or the number of a GPU (1, "1"); None: where it is.

        Raises:
            TypeError: not a module.
            ValueError: a module that is in the pipeline already.
            RuntimeError: there is no such device.
        """
        if not isinstance(module, nn.Module):
            raise TypeError(f"append takes a module, got {type(module).__name__}.")
        if not {id(part) for part in module.modules()}.isdisjoint(id(part) for part in self.module_list.modules()):
            raise ValueError(
                f"{type(module).__name__} is in the pipeline already, or a part of it: it would have two states in a "
                "step. Append a copy.deepcopy of it."
            )
        number = str(device).isdecimal()
        where = None if device is None else torch.device(f"cuda:{device}" if number else device)
        self.module_list.append(module if where is None else module.to(where))
        self.devices.append(where)

    def forward(self, x: torch.Tensor, split_sizes: Sizes = None) -> torch.Tensor:
        return self._through(as_numbers(x)[None], self.split_sizes if split_sizes is None else split_sizes)[0]

    def sequence(self, x_seq: torch.Tensor) -> torch.Tensor:
        return self._through(x_seq, self.split_sizes)

    def constant_forward(self, x: torch.Tensor, T: int, reduce: bool = True) -> torch.Tensor:
        """Run T steps of the same input; here the steps are the chunks that follow each other, and the batch is whole.

        Args:
            x: still input [N, …].
            T: number of steps.
            reduce: if True the sum over the steps is returned, else all of them.

        Shapes:
            returns [N, …], or [T, N, …] with ``reduce=False``.
        """
        T, modules = whole("T", T, at_least=1), self._modules_there()
        state = self._chunks([len(x)])[0]
        values: dict[int, torch.Tensor] = dict.fromkeys(range(T), as_numbers(x))
        for row in _forwards(len(modules), T):
            value = self._to(row.stage, values[row.chunk])[None]
            values[row.chunk] = self._run(row.stage, state, value)[0]
        self.chunks = [state]
        total = torch.stack([values[t] for t in range(T)])
        return total.sum(0) if reduce else total

    def _through(self, x_seq: torch.Tensor, split_sizes: Sizes) -> torch.Tensor:
        modules, parts = self._modules_there(), _split(x_seq, split_sizes)
        chunks = self._chunks([part.shape[1] for part in parts])
        for row in _forwards(len(modules), len(parts)):
            parts[row.chunk] = self._run(row.stage, chunks[row.chunk], self._to(row.stage, parts[row.chunk]))
        self.chunks = chunks
        return torch.cat(parts, dim=1)

    def _run(self, number: int, chunk: dict[str, Any], x_seq: torch.Tensor) -> torch.Tensor:
        """Send a chunk [T, n, …] through one module, from the chunk's state, and keep the state it leaves."""
        module = self.module_list[number]
        states, own = States(module), chunk["states"]
        states.put(own[number]) if number in own else reset_net(module)
        y_seq = unroll(module, x_seq)
        own[number] = states.now()
        return y_seq

    def _chunks(self, sizes: list[int]) -> list[dict[str, Any]]:
        if self.chunks is None:
            return [{"size": size, "states": {}} for size in sizes]
        if (before := [chunk["size"] for chunk in self.chunks]) != sizes:
            raise ValueError(
                f"the pipeline still holds the states of chunks of {before} samples, but this input comes in {sizes}. "
                "Call functional.reset_net(pipeline) before another batch, and keep split_sizes until then."
            )
        return [{"size": chunk["size"], "states": dict(chunk["states"])} for chunk in self.chunks]

    def _to(self, number: int, x: torch.Tensor) -> torch.Tensor:
        where = self.devices[number]
        return x if where is None else x.to(where, non_blocking=True)

    def _modules_there(self) -> nn.ModuleList:
        if not len(self.module_list):
            raise RuntimeError("the pipeline is empty: call append(module, device) for each part of the network first.")
        return self.module_list


def _forwards(stages: int, chunks: int) -> list[Slot]:
    """The forward passes, tick by tick; in a tick the last stage first, as each takes from the one before it."""
    rows = [row for row in timetable(stages, chunks) if row.what == "forward"]
    return sorted(rows, key=lambda row: (row.start, -row.stage))


def _split(x_seq: torch.Tensor, split_sizes: Sizes) -> list[torch.Tensor]:
    """Return [T, N, …] as chunks [T, n, …]."""
    N = x_seq.shape[1]
    if split_sizes is None:
        return [x_seq]
    if isinstance(split_sizes, Sequence):
        sizes = [whole("split_sizes", size, at_least=1) for size in split_sizes]
        if sum(sizes) != N:
            raise ValueError(f"split_sizes {sizes} add up to {sum(sizes)}, but the batch has {N} samples.")
        return list(x_seq.split(sizes, dim=1))
    return list(x_seq.split(whole("split_sizes", split_sizes, at_least=1), dim=1))
