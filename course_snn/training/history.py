"""What a training run did, epoch by epoch: numbers, and a table in both languages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from course_snn.language import Label, escaped, html_table, plain_table, tr
from course_snn.training.scores import Scores


class Epoch(NamedTuple):
    """One row of a history.

    Args:
        epoch: its number, from 1.
        train_loss, train_accuracy: means over the epoch, while the weights changed; accuracies lie in [0, 1].
        validation_loss, validation_accuracy: after the epoch; None without validation data.
        seconds: of training and validation.
        lr: learning rate of the last batch.
    """

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float
    lr: float


class Top5(NamedTuple):
    """The part of the samples whose class is among the five with the highest outputs, in one epoch.

    Args:
        train: while the weights changed.
        validation: after the epoch; None without validation data.
    """

    train: float
    validation: float | None


def _merit(row: Epoch) -> tuple:
    return row.validation_accuracy, -math.inf if row.validation_loss is None else -row.validation_loss


_last: History | None = None


class History:
    """The epochs of one run, in order; in a notebook it shows as its table.

        history["validation_accuracy"]      # one number for each epoch
        history.test.accuracy               # the test set is read once, after the last epoch

    Args:
        epochs: the rows to begin with.
        test: what the test found; None where there was none, or where the run is not at its end.
        top5: a row (train, validation) for each epoch where that is counted, as ``large.Trainer`` does.

    ``history["validation_top5"]`` gives one of its columns; ``history.test_top5`` is that of the test.
    """

    def __init__(
        self, epochs: Iterable[Epoch] = (), test: Scores | None = None, top5: Iterable[tuple] | None = ()
    ) -> None:
        self.epochs, self.test = [Epoch(*row) for row in epochs], test
        self.top5 = [Top5(*row) for row in top5 or ()]
        self.test_top5: float | None = None

    def __len__(self) -> int:
        return len(self.epochs)

    def __getitem__(self, quantity: str) -> list[float]:
        """Return one quantity over the epochs, for example ``"train_loss"``."""
        part, _, five = quantity.partition("_")
        if five == "top5" and part in Top5._fields and self.top5:
            return [getattr(row, part) for row in self.top5]
        if quantity not in Epoch._fields:
            once = " The test set is read once, after the last epoch: history.test." if "test" in quantity else ""
            raise KeyError(f"a history has no {quantity!r}; it has {', '.join(Epoch._fields)}.{once}")
        return [getattr(row, quantity) for row in self.epochs]

    @property
    def best(self) -> Epoch:
        """The epoch with the highest validation accuracy, of equals that with the lowest validation loss, the first.

        Without validation data it is the last epoch: there is nothing to choose by.
        """
        if not self.epochs:
            raise ValueError("this history holds no epoch yet: the run was stopped within its first.")
        judged = [row for row in self.epochs if row.validation_accuracy is not None]
        return max(judged, key=_merit) if judged else self.epochs[-1]

    @property
    def seconds(self) -> float:
        """Seconds of training and validation, all sittings of a resumed run together."""
        return sum(self["seconds"])

    def table(self, seconds: bool = False, rows: int = 12) -> Table:
        """Return the history as a table, at most about ``rows`` rows long, the best and the last epoch among them.

        Args:
            seconds: show them too; they differ from run to run, so that a stored notebook had better not.
            rows: from longer histories epochs at equal distances are shown.
        """
        every = max(1, -(-len(self.epochs) // rows))
        ends = (self.best, self.epochs[-1]) if self.epochs else ()
        shown = [row for row in self.epochs if (row.epoch - 1) % every == 0 or row in ends]
        both = zip(self.epochs, self.top5, strict=False)
        five = {row.epoch: among.validation for row, among in both if among.validation is not None}
        return Table(shown, seconds, self.test, five)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def __repr__(self) -> str:
        return repr(self.table())


class Table:
    """A history in print: HTML in both languages in a notebook, plain text elsewhere.

    Args:
        epochs: the rows.
        seconds: whether their seconds are shown.
        test: what the test found, for a line below.
        top5: of the validation, by number of the epoch; without it there is no such column.
    """

    def __init__(
        self,
        epochs: list[Epoch],
        seconds: bool,
        test: Scores | None = None,
        top5: Mapping[int, float] = MappingProxyType({}),
    ) -> None:
        validated = any(row.validation_loss is not None for row in epochs)
        self.heads = [tr("轮", "epoch"), tr("训练损失", "train loss"), tr("训练准确率", "train accuracy")]
        self.heads += [tr("验证损失", "validation loss"), tr("验证准确率", "validation accuracy")] * validated
        self.heads += [tr("前五验证准确率", "validation top 5")] * bool(top5) + [tr("秒", "seconds")] * seconds
        self.rows = [self._cells(row, validated, seconds, top5.get(row.epoch)) for row in epochs]
        self.below = [] if test is None else [_tested(test)]

    @staticmethod
    def _cells(row: Epoch, validated: bool, seconds: bool, five: float | None) -> list[str]:
        cells = [str(row.epoch), *_pair(row.train_loss, row.train_accuracy)]
        cells += [*_pair(row.validation_loss, row.validation_accuracy)] * validated
        cells += [] if five is None else [f"{five:.1%}"]
        return cells + [f"{row.seconds:.1f}"] * seconds

    def _repr_html_(self) -> str:
        below = "".join(f"<p>{escaped(line)}</p>" for line in self.below)
        return html_table(self.rows, [escaped(head) for head in self.heads]) + below

    def __repr__(self) -> str:
        return "\n".join([plain_table(self.rows, self.heads), *(line.en for line in self.below)])


def _pair(loss: float | None, accuracy: float | None) -> tuple[str, str]:
    return ("–", "–") if loss is None or accuracy is None else (f"{loss:.3f}", f"{accuracy:.1%}")


def _tested(test: Scores) -> Label:
    loss, accuracy = _pair(test.loss, test.accuracy)
    return tr(
        f"最后一轮之后的测试：损失 {loss}，准确率 {accuracy}",
        f"test after the last epoch: loss {loss}, accuracy {accuracy}",
    )


def begin(history: History) -> History:
    """Make this the history that ``last_history`` gives."""
    global _last
    _last = history
    return history


def last_history() -> History:
    """Return the history of the latest ``fit`` in this process, also of one that was stopped or failed.

    Raises:
        RuntimeError: nothing was trained yet.
    """
    if _last is None:
        raise RuntimeError("nothing was trained in this session yet: call training.fit first.")
    return _last
