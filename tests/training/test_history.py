"""History: what is best, and a table that reads the same in both languages and from run to run."""

import pytest

from course_snn import training
from course_snn.training import Epoch, History, history


def row(epoch, loss=1.0, accuracy=0.5, validation_loss=1.0, validated=0.5, seconds=2.0):
    return Epoch(epoch, loss, accuracy, validation_loss, validated, seconds, 0.1)


def test_best_is_the_first_of_the_highest_validation_accuracy():
    run = History([row(1, validated=0.7), row(2, validated=0.9), row(3, validated=0.9)])
    assert run.best.epoch == 2 and run["validation_accuracy"] == [0.7, 0.9, 0.9] and run.seconds == 6 and len(run) == 3


def test_of_equal_accuracies_the_lowest_validation_loss_is_best():
    losses = (0.5, 0.3, 0.4, 0.3)
    run = History(row(k, accuracy=1 - k / 10, validation_loss=loss) for k, loss in enumerate(losses))
    assert run.best.epoch == 1


def test_without_validation_nothing_is_chosen_and_the_last_epoch_counts():
    run = History(row(k, loss, validation_loss=None, validated=None) for k, loss in [(1, 0.5), (2, 0.2), (3, 0.3)])
    assert run.best.epoch == 3
    assert "validation" not in repr(run) and "验证" not in run._repr_html_()


def test_the_test_stands_below_the_table_and_is_no_column():
    run = History([row(1)], training.Scores(0.25, 0.987, 1.0))
    assert repr(run).split("\n")[-1] == "test after the last epoch: loss 0.250, accuracy 98.7%"
    assert "最后一轮之后的测试：损失 0.250，准确率 98.7%" in run._repr_html_()
    with pytest.raises(KeyError, match=r"read once, after the last epoch: history\.test"):
        run["test_accuracy"]


def test_table_as_text():
    run = History([row(1, 0.51234, 0.51239, 0.4, 1.0), row(2, 0.25, 0.75, 0.3, 0.98765)])
    assert repr(run).split("\n") == [
        "epoch  train loss  train accuracy  validation loss  validation accuracy",
        "    1       0.512           51.2%            0.400               100.0%",
        "    2       0.250           75.0%            0.300                98.8%",
    ]


def test_table_as_html_in_both_languages_and_seconds_only_when_asked():
    run = History([row(1)])
    assert 'lang="zh">验证准确率' in run._repr_html_() and 'lang="en">validation accuracy' in run._repr_html_()
    assert "<td>50.0%</td>" in run._repr_html_() and "秒" not in run._repr_html_()
    assert "<td>2.0</td>" in run.table(seconds=True)._repr_html_() and "seconds" in repr(run.table(seconds=True))


def test_a_long_table_keeps_the_best_and_the_last_epoch():
    run = History(row(k, validated=0.9 if k == 38 else 0.5) for k in range(1, 51))
    epochs = [int(cells[0]) for cells in run.table(rows=5).rows]
    assert epochs == [1, 11, 21, 31, 38, 41, 50]
    assert len(run.table(rows=99).rows) == 50


def test_errors(monkeypatch):
    with pytest.raises(KeyError, match="no 'accuracy'; it has epoch, train_loss"):
        History()["accuracy"]
    with pytest.raises(ValueError, match="no epoch yet"):
        _ = History().best
    assert repr(History()).startswith("epoch") and "<table>" in History()._repr_html_()
    monkeypatch.setattr(history, "_last", None)
    with pytest.raises(RuntimeError, match="nothing was trained"):
        training.last_history()
