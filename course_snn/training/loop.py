"""The front of ``fit``: everything that a training run needs, put together from its arguments."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import nn
from torch.optim import lr_scheduler

from course_snn.arguments import number, whole
from course_snn.kernel.memory import kept_memory
from course_snn.training import signature
from course_snn.training.checkpoint import Folder
from course_snn.training.evaluation import Forward, place, scores, seeded
from course_snn.training.history import Epoch, History
from course_snn.training.loss import rate_cross_entropy
from course_snn.training.run import Run, Settings
from course_snn.training.signature import Signature
from course_snn.training.source import Source, Tensors
from course_snn.training.step import averaged
from course_snn.training.team import ALONE, Team, bare
from course_snn.training.validation import held_out

FUSED = (torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD)  # these can update all weights in one kernel
TEST_BATCH = 500


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
    validation: Any = "auto",
    seed: int = 0,
    amp: bool | torch.dtype = False,
    device: torch.device | str | None = None,
    run: Callable | None = None,
    accumulate: int = 1,
    clip: float | None = None,
    average: float | None = None,
    team: Team = ALONE,
    wrap: str = "ddp",
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    save_every: float = 60.0,
    writer: Any = None,
    progress: bool = True,
    on_epoch: Callable[[Epoch], object] | None = None,
) -> History:
    """Train ``net`` on data in memory, or from any source, and return what happened, epoch by epoch.

    The network is reset before each batch; afterwards it is reset and in eval mode. Shuffling, dropout and random
    encoders depend on ``seed`` and the epoch alone, and torch's own generator is put back at the end: the same call on
    the same network gives the same weights, whether it tests or not, is stopped and resumed or not (bit for bit on a
    CPU with the same number of threads). Ctrl-C ends the run between two batches, with a checkpoint if there is a
    folder for it, and raises ``Interrupted``; ``last_history()`` keeps the epochs so far.

    What is chosen on the way (the best epoch, when a rate is lowered) is chosen by ``validation``. ``test`` is read
    once, by the network as it is after the last epoch.

    Args:
        net: the network.
        train: data with ``.images`` [M, …] and ``.labels`` [M], or the two as a pair (x, labels); tensors or numpy
            arrays. Inputs are turned into the network's dtype; bytes 0 … 255 are refused unless ``encode``, ``run``
            or ``augment`` takes them. Labels may be soft: probabilities [M, C]. Or a ``Source``, such as ``Loaded``,
            which brings its own batch size.
        test: like train, read once after the last epoch, for ``history.test``; None: no testing.
        T: number of time steps.
        epochs: number of passes through the data.
        batch_size: samples in one step of learning, of all processes and all pieces together.
        lr: learning rate, the peak of a schedule; if not given the optimizer's own, which is 1e-3 for Adam.
        loss: function (out [T, N, C], labels [N]) -> one number.
        encode: an encoder, or a function x -> [T, N, …] (or x -> [N, …], then run for T steps).
        optimizer: a class of torch.optim, a function of the parameters (and, if it has it, lr), or an instance.
        schedule: of the learning rate, stepped each batch: "one_cycle", "cosine", None (constant), or a function
            (optimizer, number of batches) -> scheduler. A ``ReduceLROnPlateau`` (the class, or what the function
            gives) is stepped after each epoch with its validation loss, without validation its training loss (with
            mode="max" the accuracy).
        augment: function x [N, …] -> x, applied to each batch of training; take random numbers from torch.
        validation: what to look at after each epoch and to choose the best by: data like train, or a part of train
            that is not learnt from, such as 0.1 (the classes in the same proportions; the same samples whatever
            ``seed``: those of ``data.split(train, 0.1)``). None or 0: everything is learnt from, nothing is chosen,
            and there is no best.pt. "auto": a tenth of train with ``checkpoint``, where the best epoch is kept, else
            None.
        seed: of everything random.
        amp: compute in half precision where that is safe (bfloat16 on a CPU, float16 on a GPU; or the dtype you give).
        device: where to train; by default where the network is.
        run: function (net, x [N, …]) -> out [T, N, C]; by default ``functional.unroll``.
        accumulate: pieces in which a batch goes through the network, one after another, for less memory. The step is
            that of the whole batch, but for batch normalisation, which takes its statistics from a piece.
        clip: largest norm of the gradient of all weights together; a longer one is shortened to it (Pascanu et al.
            2013, ICML). None: as it is.
        average: decay of an exponential moving average of the weights, such as 0.999. Validation, test and best.pt are
            of the averaged weights, and at the end the network has them. None: no average.
        team: the processes that train together, each with a part of every batch (``training.team``).
        wrap: how they share the network: "ddp", each has all of it, or "fsdp", each keeps a part.
        checkpoint: folder for latest.pt, previous.pt and, with validation, best.pt; None: nothing is written.
        resume: go on from the folder's latest checkpoint if there is one; it must be of the same run: network,
            functions, data and the part of it kept back, optimizer. False: an older run there is put aside.
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
    net = bare(net)
    forward = Forward(net, T, loss, encode, run, amp, device, team)
    data = forward.load("train", train, batch_size, raw=augment is not None)
    data, validated, apart = held_out(forward, data, validation, checkpoint is not None, TEST_BATCH)
    tested = None if test is None else forward.load("test", test, TEST_BATCH)
    epochs, seed = whole("epochs", epochs, at_least=1), whole("seed", seed, at_least=0)
    if resume and checkpoint is None:
        raise ValueError("resume=True needs checkpoint=…, the folder of the run to go on with.")
    number("save_every", save_every, at_least=0)
    more = _more(accumulate, clip, average)
    following = None if average is None else averaged(net, average, team, wrap)
    forward = replace(forward, wrapped=team.wrap(net, wrap))
    learner = _optimizer(optimizer, net, lr)
    options = signature.options(learner, net)  # before a schedule changes them
    rate = _schedule(schedule, learner, epochs * len(data))
    signature.leave(learner, net)
    settings = Settings(
        forward, learner, rate, epochs, seed, augment, save_every, int(accumulate), clip, following
    )  # fmt: skip
    folder = None
    if checkpoint is not None:
        fixed = apart | ({"test": "-"} if tested is None else tested.settings()) | options | more
        folder = Folder(checkpoint, _signature(settings, data, fixed, optimizer, schedule))
    for other in (validated, tested):
        _try(forward, data, other, seed)
    this_run = Run(settings, data, validated, tested, folder)
    state = team.share(folder.load() if folder is not None and resume and team.first else None)
    if not this_run.restore(state) and folder is not None and team.first:
        folder.fresh()
    with kept_memory():
        return this_run.go(progress, writer, on_epoch)


def _more(accumulate: int, clip: float | None, average: float | None) -> dict[str, str]:
    """Check what few runs use, and return it as lines of the signature; of what is not used none, as in older ones."""
    lines = {}
    if whole("accumulate", accumulate, at_least=1) > 1:
        lines["accumulate"] = str(int(accumulate))
    if clip is not None:
        lines["clip"] = f"{number('clip', clip, above=0):g}"
    if average is not None:
        if not 0 < number("average", average, above=0) < 1:
            raise ValueError(f"average is a decay between 0 and 1, such as 0.999, got {average:g}.")
        lines["average"] = f"{average:g}"
    return lines


def _try(forward: Forward, train: Source, other: Source | None, seed: int) -> None:
    """Run one sample of a set whose inputs have another shape than train: better to fail now than after an epoch."""
    if not (isinstance(train, Tensors) and isinstance(other, Tensors)) or other.x.shape[1:] == train.x.shape[1:]:
        return
    try:
        with seeded(seed, forward.device):
            scores(forward, Tensors(other.name, other.x[:1], other.labels[:1], 1))
    except (RuntimeError, ValueError, IndexError) as error:
        raise ValueError(
            f"{other.name} has inputs {list(other.x.shape[1:])}, train has {list(train.x.shape[1:])}, and the network "
            f"does not take the former: {error}"
        ) from error


def _optimizer(given: Any, net: nn.Module, lr: float | None) -> torch.optim.Optimizer:
    optimizer = _made(given, net, lr)
    closure = inspect.signature(optimizer.step).parameters.get("closure")
    if closure is not None and closure.default is inspect.Parameter.empty:
        raise ValueError(
            f"{type(optimizer).__name__} computes the loss several times in one step, for which it needs a closure; "
            "fit takes one step for each batch. Use Adam, AdamW or SGD, or write the loop yourself."
        )
    return optimizer


def _made(given: Any, net: nn.Module, lr: float | None) -> torch.optim.Optimizer:
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
    whole_ones = not hasattr(weights[0], "placements")  # parts of weights, of FSDP2, have no fused kernel for SGD
    fused = given in FUSED and whole_ones and weights[0].device.type in ("cpu", "cuda")
    options: dict[str, Any] = {"fused": True} if fused else {}
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
        cls = getattr(given, "func", given)  # of a functools.partial
        waits = isinstance(cls, type) and issubclass(cls, lr_scheduler.ReduceLROnPlateau)
        return given(optimizer) if waits else given(optimizer, total)
    raise ValueError(
        f'schedule must be "one_cycle", "cosine", None or a function (optimizer, number of batches), got {given!r}.'
    )


def _signature(settings: Settings, train: Source, fixed: dict[str, str], optimizer: Any, schedule: Any) -> Signature:
    """Return everything that must be the same for a resumed run to end as the uninterrupted one."""
    forward, learner = settings.forward, settings.optimizer
    ends = schedule is not None and not isinstance(settings.schedule, lr_scheduler.ReduceLROnPlateau)
    fixed = (
        train.settings()
        | fixed
        | {
            "epochs": str(settings.epochs) if ends else "any",  # such a schedule depends on where it ends
            "batch_size": str(getattr(train, "batch_size", "its own")),
            "seed": str(settings.seed),
            "T": str(forward.T),
            "amp": str(forward.amp),
        }
    )
    parts = {"optimizer": type(learner), "schedule": schedule, "augment": settings.augment}
    parts |= {name: getattr(forward, name) for name in ("loss", "encode", "run")}
    parts |= {f"optimizer.{name}": value for name, value in signature.own_settings(learner).items()}
    if not isinstance(optimizer, (type, torch.optim.Optimizer)):
        parts["optimizer made by"] = optimizer
    return Signature(forward.net, parts, fixed)
