"""One training run: where it stands, one batch, one epoch; what is needed to stop and go on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

from course_snn import functional
from course_snn.language import Label, tr
from course_snn.training import signature
from course_snn.training.checkpoint import Folder, load_weights
from course_snn.training.evaluation import Forward, scores, seeded
from course_snn.training.history import Epoch, History, begin
from course_snn.training.interrupt import Interrupted, Patience
from course_snn.training.loss import correct
from course_snn.training.progress import Bar
from course_snn.training.source import Source

LOOK = 50  # on a GPU the loss is looked at every so many batches: looking waits for the GPU


@dataclass(frozen=True)
class Settings:
    """What a run does with its data.

    Args:
        forward: how a batch goes through the network.
        optimizer: of the network's parameters.
        schedule: of its learning rate, or None; a ``ReduceLROnPlateau`` is stepped each epoch, any other each batch.
        epochs: where to end.
        seed: of everything random.
        augment: function of a batch of inputs, or None.
        save_every: seconds from one checkpoint to the next within an epoch.
    """

    forward: Forward
    optimizer: torch.optim.Optimizer
    schedule: Any
    epochs: int
    seed: int
    augment: Callable | None
    save_every: float


class Run:
    """A run that stands between two batches: ``batch`` of them are done in epoch number ``epoch``.

    Args:
        settings: what it does.
        train: the batches to learn from.
        test: those to test on, or None.
        folder: for checkpoints, or None.
    """

    def __init__(self, settings: Settings, train: Source, test: Source | None = None, folder: Folder | None = None):
        self.forward, self.optimizer, self.schedule = settings.forward, settings.optimizer, settings.schedule
        self.epochs, self.seed, self.augment = settings.epochs, settings.seed, settings.augment
        self.net, self.device = self.forward.net, self.forward.device
        self.train, self.test, self.folder, self.save_every = train, test, folder, settings.save_every
        gpu = self.device.type == "cuda"
        self.look = LOOK if gpu else 1
        self.scaler = torch.amp.GradScaler(self.device.type, init_scale=2.0**12, enabled=self.forward.amp and gpu)
        self.batches = len(train)
        self.history = History()
        self.epoch, self.random = 1, None
        self._start_epoch()

    def _start_epoch(self) -> None:
        self.batch, self.lr, self.before, self.sizes = 0, math.nan, 0.0, []
        self.losses = torch.zeros(self.batches, device=self.device)
        self.right = torch.zeros((), dtype=torch.int64, device=self.device)

    # ------------------------------------------------------------ running

    def go(self, progress: bool, writer: Any, on_epoch: Callable[[Epoch], object] | None) -> History:
        """Run to the last epoch and return the history."""
        begin(self.history)
        bar = Bar(self.epochs * self.batches, (self.epoch - 1) * self.batches + self.batch, progress)
        self.saved = time.monotonic()
        if (self.epoch, self.batch) == (1, 0):
            self._save()  # so that a resumed run has the same weights to start from
        try:
            with seeded(self.seed, self.device), Patience() as patience:
                while self.epoch <= self.epochs:
                    row = self._one_epoch(patience, bar)
                    if writer is not None:
                        _write(writer, row)
                    if on_epoch is not None:
                        on_epoch(row)
                    self._stop_if(patience)
        finally:
            bar.close()
            functional.reset_net(self.net)
            self.net.eval()
            signature.leave(self.optimizer, self.net)
        return self.history

    def _one_epoch(self, patience: Patience, bar: Bar) -> Epoch:
        self.start = time.perf_counter()
        self.net.train()
        self._seed()
        for x, labels in self.train.batches(self._mixed(), self.batch):
            self._step(x, labels)
            bar.advance(self._note)
            if time.monotonic() - self.saved > self.save_every:
                self._save()
            self._stop_if(patience)
        row = self._row(patience)
        self.history.epochs.append(row)
        if isinstance(self.schedule, ReduceLROnPlateau):
            self.schedule.step(_watched(row, self.schedule.mode))
        if self.folder is not None and self.history.best is row:
            self.folder.save_best(self.net, row)
        self.epoch += 1
        self._start_epoch()
        self._save()
        return row

    def _step(self, x: torch.Tensor, labels: torch.Tensor) -> None:
        out, loss = self.forward(x if self.augment is None else self.augment(x), labels, self.train)
        if self.test is not None and self.forward.counts_classes:
            self.test.check_labels(out.shape[2])  # now, not after an epoch
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.losses[self.batch] = loss.detach()
        self.right += correct(out.detach(), labels)
        self.sizes.append(len(labels))
        self.batch += 1
        self.lr = float(self.optimizer.param_groups[0]["lr"])
        each_batch = self.schedule is not None and not isinstance(self.schedule, ReduceLROnPlateau)
        if each_batch and (self.epoch, self.batch) != (self.epochs, self.batches):
            self.schedule.step()
        if self.batch % self.look == 0 or self.batch == self.batches:
            self._check_finite()

    def _row(self, patience: Patience) -> Epoch:
        sizes, samples = torch.tensor(self.sizes, device=self.device), sum(self.sizes)
        loss = (self.losses.double() * sizes).sum().item() / samples
        tested = (None, None)
        if self.test is not None:
            with seeded(self.seed, self.device):
                tested = scores(self.forward, self.test, lambda: self._stop_if(patience))[:2]
        return Epoch(self.epoch, loss, self.right.item() / samples, *tested, self._seconds(), self.lr)

    def _seconds(self) -> float:
        return self.before + time.perf_counter() - self.start

    def _mixed(self) -> int:
        return (self.seed * 1_000_003 + self.epoch) % 2**63

    def _seed(self) -> None:
        if self.batch == 0:
            torch.manual_seed(self._mixed())
        elif self.random is not None:  # resumed within the epoch
            torch.set_rng_state(self.random["cpu"])
            if self.device.type == "cuda" and self.random["cuda"] is not None:
                torch.cuda.set_rng_state(self.random["cuda"], self.device)
        self.random = None

    def _note(self) -> Label:
        loss = self.losses[max(0, self.batch - LOOK) : self.batch].mean().item()
        return tr(
            f"第 {self.epoch}/{self.epochs} 轮，损失 {loss:.3f}",
            f"epoch {self.epoch} of {self.epochs}, loss {loss:.3f}",
        )

    # ------------------------------------------------------------ stopping

    def _stop_if(self, patience: Patience) -> None:
        if not patience.asked:
            return
        if self.batch:  # else the end of an epoch was saved just now
            self._save()
        raise Interrupted(self.history, self.batch, self.batches, self.folder is not None)

    def _check_finite(self) -> None:
        recent = self.losses[max(0, self.batch - self.look) : self.batch]
        if math.isfinite(recent.sum().item()):
            return
        bad = int((~self.losses[: self.batch].isfinite()).nonzero()[0])
        raise FloatingPointError(
            f"the loss became {self.losses[bad].item()} in epoch {self.epoch}, batch {bad + 1} of {self.batches}. "
            f"{self._likely_cause()} The weights are of no use now: make the network anew"
            + (", or load best.pt." if self.folder is not None else ".")
        )

    def _likely_cause(self) -> str:
        if not self.train.finite():
            return "The training data holds nan or inf: clean it first."
        return (
            f"Likely causes: a learning rate that is too high (it was {self.lr:g}: try a tenth), a division by zero "
            "or the logarithm of 0 in a loss or layer of your own, a gradient that grows over many time steps (try "
            "detach_reset=True, or a surrogate with a lower slope)"
            + (", or numbers too large for half precision (try amp=False)." if self.forward.amp else ".")
        )

    # ------------------------------------------------------------ saving

    def _save(self) -> None:
        self.saved = time.monotonic()
        if self.folder is None:
            return
        gpu = self.device.type == "cuda"
        self.folder.save(
            {
                "epoch": self.epoch,
                "batch": self.batch,
                "losses": self.losses[: self.batch],
                "sizes": self.sizes,
                "right": self.right,
                "seconds": self._seconds() if self.batch else 0.0,
                "lr": self.lr,
                "rows": [list(row) for row in self.history.epochs],
                "random": {
                    "cpu": torch.get_rng_state(),
                    "cuda": torch.cuda.get_rng_state(self.device) if gpu else None,
                },
                "net": self.net.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "schedule": None if self.schedule is None else self.schedule.state_dict(),
                "scaler": self.scaler.state_dict(),
            }
        )

    def restore(self, state: dict | None) -> bool:
        """Stand where the run stood when ``state`` was saved; returns whether there was one."""
        if state is None:
            return False
        load_weights(self.net, state)
        self.optimizer.load_state_dict(state["optimizer"])
        if self.schedule is not None:
            self.schedule.load_state_dict(state["schedule"])
        self.scaler.load_state_dict(state["scaler"])
        self.history = History(state["rows"])
        self.epoch = state["epoch"]
        self._start_epoch()
        self.batch, self.lr, self.before, self.random = state["batch"], state["lr"], state["seconds"], state["random"]
        self.losses[: self.batch], self.sizes = state["losses"], state["sizes"]
        self.right += state["right"].to(self.device)
        return True


def _watched(row: Epoch, mode: str) -> float:
    """What a schedule that waits for progress is told: of the test if there is one, else of the training."""
    train, test = (row.train_loss, row.test_loss) if mode == "min" else (row.train_accuracy, row.test_accuracy)
    return train if test is None else test


def _write(writer: Any, row: Epoch) -> None:
    """TensorBoard's names: one chart for the losses, one for the accuracies."""
    for name, value in row._asdict().items():
        if name not in ("epoch", "seconds") and value is not None:
            part, _, quantity = name.partition("_")
            writer.add_scalar(f"{quantity}/{part}" if quantity else name, value, row.epoch)
