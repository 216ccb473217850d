"""The front of ``fit``: everything that a training run needs, put together from its arguments."""

from __future__ import annotations

import inspect
import os
import zlib
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.optim import lr_scheduler

from course_snn.arguments import number, whole
from course_snn.kernel.memory import kept_memory
from course_snn.training.checkpoint import Folder
from course_snn.training.evaluation import Forward, place, tensors
from course_snn.training.history import Epoch, History
from course_snn.training.loss import rate_cross_entropy
from course_snn.training.run import Run

FUSED = (torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD)  # these can update all weights in one kernel
UNIMPORTANT = {"fused", "foreach", "capturable", "differentiable", "maximize", "amsgrad"}


def fit(
    net: nn.Module,
    train: Any,
    test: Any = None,
    *,
    T: int | None = None,
    epochs: int,
    batch_size: int = 128,
    lr: float | None = None,
    loss: Callable = rate_cross_entropy,
    encode: Callable | None = None,
    optimizer: Callable | torch.optim.Optimizer = torch.optim.Adam,
    schedule: str | Callable | None = "one_cycle",
    augment: Callable | None = None,
    seed: int = 0,
    amp: bool = False,
    device: torch.device | str | None = None,
    run: Callable | None = None,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    save_every: float = 60.0,
    writer: Any = None,
    progress: bool = True,
    on_epoch: Callable[[Epoch], object] | None = None,
) -> History:
    """Train ``net`` on data in memory and return what happened, epoch by epoch.

    The network is reset before each batch; afterwards it is reset and in eval mode. Shuffling, dropout and random
    encoders depend on ``seed`` and the epoch alone, and torch's own generator is put back at the end: the same call on
    the same network gives the same weights, whether it tests or not, is stopped and resumed or not (bit for bit on a
    CPU with the same number of threads). Ctrl-C ends the run between two batches, with a checkpoint if there is a
    folder for it, and raises ``Interrupted``; ``last_history()`` keeps the epochs so far.

    Args:
        net: the network.
        train: data with ``.images`` [M, …] and ``.labels`` [M], or the two tensors (x, labels).
        test: like train; None: no testing.
        T: number of time steps.
        epochs: number of passes through the data.
        batch_size: samples in one step of learning.
        lr: learning rate, the peak of a schedule; if not given the optimizer's own, which is 1e-3 for Adam.
        loss: function (out [T, N, C], labels [N]) -> one number.
        encode: an encoder, or a function x -> [T, N, …] (or x -> [N, …], then run for T steps).
        optimizer: a class of torch.optim, a function of the parameters (and, if it has it, lr), or an instance.
        schedule: of the learning rate, stepped each batch: "one_cycle", "cosine", None (constant), or a function
            (optimizer, number of batches) -> scheduler.
        augment: function x [N, …] -> x, applied to each batch of training; take random numbers from torch.
        seed: of everything random.
        amp: compute in half precision where that is safe (bfloat16 on a CPU, float16 on a GPU).
        device: where to train; by default where the network is.
        run: function (net, x [N, …]) -> out [T, N, C]; by default ``functional.unroll``.
        checkpoint: folder for latest.pt, previous.pt and best.pt; None: nothing is written.
        resume: go on from the folder's latest checkpoint if there is one; else an older run is put aside.
        save_every: seconds after which a checkpoint is also written within an epoch.
        writer: anything with add_scalar(name, value, epoch), for example TensorBoard's SummaryWriter.
        progress: show a bar, which leaves nothing behind.
        on_epoch: called with each epoch's row of the history.

    Raises:
        TypeError, ValueError: arguments that are not as described.
        FloatingPointError: the loss is no longer finite; the message names the batch and likely causes.
        CheckpointError: nothing to resume from: damaged, or of another run; it says what differs.
        Interrupted: you pressed Ctrl-C, or the stop button.
    """
    device = place(net, device)
    data = tensors("train", train, device)
    tested = None if test is None else tensors("test", test, device)
    total = whole("epochs", epochs, at_least=1) * -(-len(data[0]) // whole("batch_size", batch_size, at_least=1))
    if resume and checkpoint is None:
        raise ValueError("resume=True needs checkpoint=…, the folder of the run to go on with.")
    number("save_every", save_every, at_least=0)
    forward = Forward(net, T, loss, encode, run, amp, device)
    learner = _optimizer(optimizer, net, lr)
    same = _signature(forward, data, learner, schedule, epochs, batch_size, seed, augment)
    folder = None if checkpoint is None else Folder(checkpoint, same)
    rate = _schedule(schedule, learner, total)
    this_run = Run(forward, data, tested, learner, rate, batch_size, epochs, seed, augment, folder, save_every)
    if folder is not None and not (resume and this_run.restore(folder.load())):
        folder.fresh()
    with kept_memory():
        return this_run.go(progress, writer, on_epoch)


def _optimizer(given: Any, net: nn.Module, lr: float | None) -> torch.optim.Optimizer:
    weights = [p for p in net.parameters() if p.requires_grad]
    if not weights:
        raise ValueError(f"{type(net).__name__} has no parameter that could learn (requires_grad=True).")
    if isinstance(given, torch.optim.Optimizer):
        _own_rate(lr, "an optimizer that you built")
        if not {id(p) for p in weights} & {id(p) for group in given.param_groups for p in group["params"]}:
            raise ValueError("the optimizer holds the parameters of another network: build it from net.parameters().")
        return given
    if not callable(given):
        raise TypeError(f"optimizer must be a class of torch.optim, a function or an optimizer, got {given!r}.")
    options: dict[str, Any] = {"fused": True} if given in FUSED and weights[0].device.type in ("cpu", "cuda") else {}
    if "lr" not in inspect.signature(given).parameters:
        _own_rate(lr, "a function without a parameter lr")
    elif lr is not None:
        options["lr"] = number("lr", lr, above=0)
    return given(weights, **options)


def _own_rate(lr: float | None, who: str) -> None:
    if lr is not None:
        raise ValueError(f"{who} brings its own learning rate: leave out lr={lr:g}, or give the class, such as Adam.")


def _schedule(given: Any, optimizer: torch.optim.Optimizer, total: int) -> Any:
    if given is None:
        return None
    if given == "one_cycle":
        swings = "betas" in optimizer.defaults or bool(optimizer.defaults.get("momentum"))
        peaks = [group["lr"] for group in optimizer.param_groups]
        return lr_scheduler.OneCycleLR(optimizer, peaks, total_steps=total, cycle_momentum=swings)
    if given == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimizer, total)
    if callable(given):
        return given(optimizer, total)
    raise ValueError(
        f'schedule must be "one_cycle", "cosine", None or a function (optimizer, number of batches), got {given!r}.'
    )


def _signature(forward: Forward, data, optimizer, schedule, epochs, batch_size, seed, augment) -> dict[str, str]:
    """Return everything that must be the same for a resumed run to end as the uninterrupted one."""
    x, labels = data
    weights = forward.net.state_dict()
    layout = str([(name, getattr(w, "shape", None)) for name, w in weights.items()])
    count = sum(w.numel() for w in weights.values() if torch.is_tensor(w))
    hyper = ", ".join(f"{name}={value}" for name, value in optimizer.defaults.items() if name not in UNIMPORTANT)
    return {
        "network": f"{type(forward.net).__name__} of {count} numbers ({_sum(layout.encode())})",
        "data": f"{len(x)} x {list(x.shape[1:])}, labels {_sum(labels.cpu().numpy().tobytes())}",
        "optimizer": f"{type(optimizer).__name__}({hyper})",
        "schedule": _name(schedule),
        "epochs": str(epochs) if schedule else "any",  # a schedule depends on where it ends
        "batch_size": str(batch_size),
        "seed": str(seed),
        "T": str(forward.T),
        "loss": _name(forward.loss),
        "encode": _name(forward.encode),
        "run": _name(forward.run),
        "augment": _name(augment),
        "amp": str(forward.amp),
    }


def _name(thing: Any) -> str:
    return thing if isinstance(thing, str) else getattr(thing, "__qualname__", type(thing).__name__)


def _sum(data: bytes) -> str:
    return f"{zlib.crc32(data):08x}"
