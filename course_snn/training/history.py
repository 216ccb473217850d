"""What a training run did, epoch by epoch: numbers, and a table in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from course_snn.language import escaped, html_table, plain_table, tr


class Epoch(NamedTuple):
    """One row of a history.

    Args:
        epoch: its number, from 1.
        train_loss, train_accuracy: means over the epoch, while the weights changed; accuracies lie in [0, 1].
        test_loss, test_accuracy: after the epoch; None without test data.
        seconds: of training and testing.
        lr: learning rate of the last batch.
    """

    epoch: int
    train_loss: float
    train_accuracy: float
    test_loss: float | None
    test_accuracy: float | None
    seconds: float
    lr: float


_last: History | None = None


class History:
    """The epochs of one run, in order; in a notebook it shows as its table.

        history["test_accuracy"]      # one number for each epoch

    Args:
        epochs: the rows to begin with.
    """

    def __init__(self, epochs: Iterable[Epoch] = ()) -> None:
        self.epochs = [Epoch(*row) for row in epochs]

    def __len__(self) -> int:
        return len(self.epochs)

    def __getitem__(self, quantity: str) -> list[float]:
        """Return one quantity over the epochs, for example ``"train_loss"``."""
        if quantity not in Epoch._fields:
            raise KeyError(f"a history has no {quantity!r}; it has {', '.join(Epoch._fields)}.")
        return [getattr(row, quantity) for row in self.epochs]

    @property
    def best(self) -> Epoch:
        """The first epoch with the highest test accuracy; with the lowest training loss where nothing was tested."""
        if not self.epochs:
            raise ValueError("this history holds no epoch yet: the run was stopped within its first.")
        return max(self.epochs, key=lambda row: -row.train_loss if row.test_accuracy is None else row.test_accuracy)

    @property
    def seconds(self) -> float:
        """Seconds of training and testing, all sittings of a resumed run together."""
        return sum(self["seconds"])

    def table(self, seconds: bool = False, rows: int = 12) -> Table:
        """Return the history as a table, at most about ``rows`` rows long, the best and the last epoch among them.

        Args:
            seconds: show them too; they differ from run to run, so that a stored notebook had better not.
            rows: from longer histories epochs at equal distances are shown.
        """
        every = max(1, -(-len(self.epochs) // rows))
        ends = (self.best, self.epochs[-1]) if self.epochs else ()
        return Table([row for row in self.epochs if (row.epoch - 1) % every == 0 or row in ends], seconds)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def __repr__(self) -> str:
        return repr(self.table())


class Table:
    """A history in print: HTML in both languages in a notebook, plain text elsewhere.

    Args:
        epochs: the rows.
        seconds: whether their seconds are shown.
    """

    def __init__(self, epochs: list[Epoch], seconds: bool) -> None:
        tested = any(row.test_loss is not None for row in epochs)
        self.heads = [tr("轮", "epoch"), tr("训练损失", "train loss"), tr("训练准确率", "train accuracy")]
        self.heads += [tr("测试损失", "test loss"), tr("测试准确率", "test accuracy")] * tested
        self.heads += [tr("秒", "seconds")] * seconds
        self.rows = [self._cells(row, tested, seconds) for row in epochs]

    @staticmethod
    def _cells(row: Epoch, tested: bool, seconds: bool) -> list[str]:
        cells = [str(row.epoch), f"{row.train_loss:.3f}", f"{row.train_accuracy:.1%}"]
        if tested:
            cells += ["–", "–"] if row.test_loss is None else [f"{row.test_loss:.3f}", f"{row.test_accuracy:.1%}"]
        return cells + [f"{row.seconds:.1f}"] * seconds

    def _repr_html_(self) -> str:
        return html_table(self.rows, [escaped(head) for head in self.heads])

    def __repr__(self) -> str:
        return plain_table(self.rows, self.heads)


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
