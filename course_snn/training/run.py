"""One training run: where it stands, one batch, one epoch; what is needed to stop and go on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from course_snn import functional
from course_snn.language import Label, tr
from course_snn.training import keeping, signature
from course_snn.training.checkpoint import Folder
from course_snn.training.evaluation import look, seeded
from course_snn.training.history import Epoch, History, Top5, begin
from course_snn.training.interrupt import Interrupted, Patience
from course_snn.training.loss import correct
from course_snn.training.progress import Bar
from course_snn.training.scores import Scores
from course_snn.training.source import Part, Source
from course_snn.training.step import Settings, Step

LOOK = 50  # on a GPU the loss is looked at every so many batches: looking waits for the GPU


class Run:
    """A run that stands between two batches: ``batch`` of them are done in epoch number ``epoch``.

    Args:
        settings: what it does.
        train: the batches to learn from.
        validation: those to look at after each epoch, or None; the best epoch is chosen by them.
        test: those to test on after the last epoch, or None.
        folder: for checkpoints, or None.
    """

    def __init__(
        self,
        settings: Settings,
        train: Source,
        validation: Source | None = None,
        test: Source | None = None,
        folder: Folder | None = None,
    ):
        self.forward, self.optimizer, self.schedule = settings.forward, settings.optimizer, settings.schedule
        self.epochs, self.seed, self.average = settings.epochs, settings.seed, settings.average
        self.by_batch = settings.schedule_by == "batch"
        self.net, self.device, self.team = self.forward.net, self.forward.device, self.forward.team
        self.train, self.validation, self.test = train, validation, test
        self.folder, self.save_every, self.step = folder, settings.save_every, Step(settings)
        self.looked = self.forward  # how a batch of validation goes through
        if self.average is not None:
            self.looked = replace(self.forward, net=self.average.module, wrapped=None)
        self.every = LOOK if self.device.type == "cuda" else 1
        self.batches = len(train)
        self.history = History()
        self.random = None
        self.begin_epoch(1)

    def begin_epoch(self, epoch: int) -> None:
        """Stand before the first batch of an epoch."""
        self.epoch, self.batch, self.lr, self.before, self.sizes, self.seen = epoch, 0, math.nan, 0.0, [], 0
        self.losses = torch.zeros(self.batches, device=self.device)
        self.right = torch.zeros(() if self.forward.measure is None else 2, dtype=torch.int64, device=self.device)

    # ------------------------------------------------------------ running

    def go(self, progress: bool, writer: Any, on_epoch: Callable[[Epoch], object] | None) -> History:
        """Run to the last epoch, test, and return the history."""
        begin(self.history)
        writer = writer if self.team.first else None
        done = (self.epoch - 1) * self.batches + self.batch
        bar = Bar(self.epochs * self.batches, done, progress and self.team.first)
        self.saved = time.monotonic()
        if (self.epoch, self.batch) == (1, 0):
            self._save()  # so that a resumed run has the same weights to start from
        try:
            with seeded(self.seed, self.device), Patience() as patience:
                while self.epoch <= self.epochs:
                    row = self._one_epoch(patience, bar)
                    if writer is not None:
                        _write(writer, row, self.history.top5[-1:])
                    if on_epoch is not None:
                        on_epoch(row)
                    self._stop_if(patience)
                self.history.test, self.history.test_top5 = self._scores(self.test, patience)
                if writer is not None and self.history.test is not None:
                    _write_test(writer, self.history, self.epochs)
                self._take_the_average()
            self.team.wait()  # what the first wrote is there for all
        finally:
            bar.close()
            for source in (self.train, self.validation, self.test):
                if source is not None:
                    source.rest()
            functional.reset_net(self.net)
            self.net.eval()
            signature.leave(self.optimizer, self.net)
        return self.history

    def _one_epoch(self, patience: Patience, bar: Bar) -> Epoch:
        self.start, self.sitting = time.perf_counter(), self.batch
        self.forward.through.train()
        self._seed()
        for part in self.train.parts(self.team, self._mixed(), self.batch):
            self._learn(part)
            bar.advance(self._note)
            self._look_around(patience)
        row = self._row(patience)
        self.history.epochs.append(row)
        if isinstance(self.schedule, ReduceLROnPlateau):
            self.schedule.step(_watched(row, self.schedule.mode))
        elif self.schedule is not None and not self.by_batch:
            self.schedule.step()
        if self.folder is not None and self.validation is not None and self.history.best is row:
            weights = self.team.weights(self.looked.through)
            if self.team.first:
                self.folder.save_best(weights, row)
        self.begin_epoch(self.epoch + 1)
        self._save()
        return row

    def _learn(self, part: Part) -> None:
        self.losses[self.batch] = self.step(part, self.train, self._count if part.weight else self._nothing)
        self.sizes.append(part.whole)
        self.batch += 1
        self.lr = float(self.optimizer.param_groups[0]["lr"])
        each_batch = self.by_batch and self.schedule is not None and not isinstance(self.schedule, ReduceLROnPlateau)
        if each_batch and (self.epoch, self.batch) != (self.epochs, self.batches):
            self.schedule.step()

    def _count(self, out: torch.Tensor, labels: torch.Tensor) -> None:
        for other in (self.validation, self.test):
            if other is not None and self.forward.counts_classes:
                other.check_labels(out.shape[2])  # now, not after an epoch
        measure = self.forward.measure
        self.right += correct(out, labels) if measure is None else measure(out, labels)
        self.seen += len(labels)

    def _nothing(self, out: torch.Tensor, labels: torch.Tensor) -> None:
        """What runs to keep step only is not counted."""

    def _row(self, patience: Patience) -> Epoch:
        losses, right = self.team.total(self.losses), self.team.total(self.right)
        samples = int(self.team.total(torch.tensor(self.seen, device=self.device)))
        sizes = torch.tensor(self.sizes, device=self.device)
        loss = (losses.double() * sizes).sum().item() / sum(self.sizes)
        found, top5 = self._scores(self.validation, patience)
        validated = (None, None) if found is None else (found.loss, found.accuracy)
        first, *five = (count / samples for count in right.reshape(-1).tolist())
        if five:
            self.history.top5.append(Top5(five[0], top5))
        return Epoch(self.epoch, loss, first, *validated, self.seconds(), self.lr)

    def _scores(self, source: Source | None, patience: Patience) -> tuple[Scores | None, float | None]:
        if source is None:
            return None, None
        if self.average is not None:  # whose running statistics are those of one process, until now
            self._put(self.average.module, self.average.module)
        with seeded(self.seed, self.device):
            return look(self.looked, source, lambda: self._stop_if(patience))

    def _take_the_average(self) -> None:
        if self.average is not None:
            self._put(self.average.module, self.forward.through)

    def _put(self, weights_of: nn.Module, into: nn.Module) -> None:
        self.team.load_weights(into, self.team.share(self.team.weights(weights_of)))

    def seconds(self) -> float:
        """Return how long this epoch has been trained for, in all sittings."""
        return self.before + time.perf_counter() - self.start

    def _mixed(self) -> int:
        return (self.seed * 1_000_003 + self.epoch) % 2**63

    def _seed(self) -> None:
        if self.batch == 0 or (self.random is not None and self.random["cpu"] is None):
            torch.manual_seed((self._mixed() + 7_919 * self.team.rank) % 2**63)
        elif self.random is not None:  # resumed within the epoch
            torch.set_rng_state(self.random["cpu"])
            if self.device.type == "cuda" and self.random["cuda"] is not None:
                torch.cuda.set_rng_state(self.random["cuda"], self.device)
        self.random = None

    def _note(self) -> Label:
        loss = self.losses[max(0, self.batch - LOOK) : self.batch].mean().item() * self.team.size
        speed = sum(self.sizes[self.sitting :]) / (time.perf_counter() - self.start)
        return tr(
            f"第 {self.epoch}/{self.epochs} 轮，损失 {loss:.3f}，每秒 {speed:.3g} 个样本",
            f"epoch {self.epoch} of {self.epochs}, loss {loss:.3f}, {speed:.3g} samples/s",
        )

    # ------------------------------------------------------------ stopping

    def _look_around(self, patience: Patience) -> None:
        """After a batch: save when it is time, stop if asked to or if the loss is lost, all processes as one."""
        bad = (self.batch % self.every == 0 or self.batch == self.batches) and self._lost()
        due = self.team.first and time.monotonic() - self.saved > self.save_every
        if self.team.any(bad or due or patience.asked):
            if self.team.any(bad):
                self._say_lost()
            if self.team.any(due):
                self._save()
            self._stop_if(patience)

    def _stop_if(self, patience: Patience) -> None:
        if not self.team.any(patience.asked):
            return
        if self.batch:  # else the end of an epoch was saved just now
            self._save()
        raise Interrupted(self.history, self.batch, self.batches, self.folder is not None)

    def _lost(self) -> bool:
        return not math.isfinite(self.losses[max(0, self.batch - self.every) : self.batch].sum().item())

    def _say_lost(self) -> None:
        losses = self.team.total(self.losses[: self.batch])
        bad = int((~losses.isfinite()).nonzero()[0])
        raise FloatingPointError(
            f"the loss became {losses[bad].item()} in epoch {self.epoch}, batch {bad + 1} of {self.batches}. "
            f"{self._likely_cause()} The weights are of no use now: make the network anew"
            + (", or load best.pt." if self.folder is not None and self.validation is not None else ".")
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
        if self.folder is not None:
            state = keeping.state_of(self)
            if self.team.first:
                self.folder.save(state)

    def restore(self, state: dict | None) -> bool:
        """Stand where the run stood when ``state`` was saved; returns whether there was one."""
        if state is None:
            return False
        keeping.restore(self, state)
        return True


def _watched(row: Epoch, mode: str) -> float:
    """What a schedule that waits for progress is told: of the validation if there is one, else of the training."""
    minimum = mode == "min"
    train, validation = (
        (row.train_loss, row.validation_loss) if minimum else (row.train_accuracy, row.validation_accuracy)
    )
    return train if validation is None else validation


def _write(writer: Any, row: Epoch, top5: list[Top5]) -> None:
    """TensorBoard's names: one chart for the losses, one for the accuracies."""
    for name, value in row._asdict().items():
        if name not in ("epoch", "seconds") and value is not None:
            part, _, quantity = name.partition("_")
            writer.add_scalar(f"{quantity}/{part}" if quantity else name, value, row.epoch)
    for among in top5:
        for part, value in among._asdict().items():
            if value is not None:
                writer.add_scalar(f"top5/{part}", value, row.epoch)


def _write_test(writer: Any, history: History, epochs: int) -> None:
    for quantity in ("loss", "accuracy"):
        writer.add_scalar(f"{quantity}/test", getattr(history.test, quantity), epochs)
    if history.test_top5 is not None:
        writer.add_scalar("top5/test", history.test_top5, epochs)
