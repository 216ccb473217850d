"""What a run learns from and what it chooses by: never the same samples, and never the test set."""

import pytest
import torch
from small import data, fit, network, plain, same
from torch import nn

from course_snn import data as sets
from course_snn import training
from course_snn.training import CheckpointError

X, LABELS = data()
NUMBERS = torch.arange(70.0).reshape(70, 1).expand(-1, 12)  # a sample's inputs tell which one it is


def seen(**options):
    """Return the numbers of the samples of an epoch of learning."""
    found = []
    options = dict(T=1, epochs=1, batch_size=16, progress=False) | options
    training.fit(plain(), (NUMBERS, LABELS), augment=lambda x: found.append(x[:, 0]) or x, **options)
    return sorted(int(number) for number in torch.cat(found))


def test_a_part_is_kept_back_and_is_the_one_of_data_split(tmp_path):
    everything = list(range(70))
    for given, part in [(0.1, 0.1), (0.25, 0.25), (torch.tensor(0.1).item(), 0.1), (0.999, 0.999)]:
        rest, _ = sets.split((NUMBERS, LABELS), part)
        assert seen(validation=given) == rest[0][:, 0].tolist() != everything, given
    assert seen(validation=0.1, seed=7) == seen(validation=0.1)  # whoever goes on with another seed learns none of it
    assert seen() == seen(validation=None) == seen(validation=0) == seen(validation=0.0) == everything
    assert seen(validation=(NUMBERS, LABELS)) == everything
    assert seen(checkpoint=tmp_path / "a") == seen(validation=0.1)  # the best epoch is kept there
    assert seen(checkpoint=tmp_path / "b", validation=None) == everything


def test_a_part_is_as_data_of_their_own():
    rest, kept = sets.split((X, LABELS))
    one, two = plain(), plain()
    options = dict(T=3, epochs=3, batch_size=16, progress=False)
    ours = training.fit(one, (X, LABELS), validation=0.1, **options)
    theirs = training.fit(two, rest, validation=kept, **options)
    assert same(one, two) and [row[:5] for row in ours.epochs] == [row[:5] for row in theirs.epochs]


def test_the_best_epoch_is_chosen_by_validation_alone(tmp_path):
    flipped = (LABELS + 1) % 3  # what is learnt makes the answers to these worse
    options = dict(T=4, epochs=6, lr=0.05, batch_size=16, schedule=None, progress=False, checkpoint=tmp_path)
    for judged, tested in [(flipped, LABELS), (LABELS, flipped)]:
        net = plain()
        history = training.fit(net, (X, LABELS), (X, tested), validation=(X, judged), **options)
        best = history.best
        assert best.validation_accuracy == max(history["validation_accuracy"])
        assert (best.epoch == history.epochs[-1].epoch) == (judged is LABELS)
        assert torch.load(tmp_path / "best.pt", weights_only=True)["epoch"] == list(best)
        kept = training.evaluate(training.load(plain(), tmp_path / "best.pt"), (X, judged), T=4)
        assert kept[:2] == (best.validation_loss, best.validation_accuracy)
        assert history.test[:2] == training.evaluate(net, (X, tested), T=4)[:2]  # by the weights after the last epoch


class Read:
    """A set that counts how often its inputs go through a network."""

    def __init__(self, test):
        self.test, self.batches = test, 0

    def __call__(self, net, x):
        self.batches += len(x) == len(self.test[0])
        return torch.stack([net(x)])


def test_the_test_is_read_once_and_the_validation_after_each_epoch(tmp_path):
    test = data(23, 5)
    run = Read(test)
    options = dict(run=run, batch_size=16, progress=False, schedule=None, checkpoint=tmp_path, validation=data(30, 1))
    history = training.fit(plain(), (X, LABELS), test, epochs=3, **options)
    assert run.batches == 1 and len(history["validation_loss"]) == 3
    assert all(None not in row for row in history.epochs)
    again = training.fit(plain(), (X, LABELS), test, epochs=5, resume=True, **options)
    assert run.batches == 2 and len(again) == 5 and again.test != history.test


def test_without_validation_no_best_is_kept(tmp_path):
    history = training.fit(plain(), (X, LABELS), T=2, epochs=2, checkpoint=tmp_path, validation=None, progress=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest.pt", "previous.pt"]
    assert history.best is history.epochs[-1] and history.test is None
    with pytest.raises(FileNotFoundError, match=r"best\.pt only where it has validation"):
        training.load(plain(), tmp_path / "best.pt")


def test_a_resumed_run_goes_on_with_the_same_part(tmp_path):
    whole, net = network(), network()
    full = fit(whole, validation=0.2)
    with pytest.raises(ZeroDivisionError):
        fit(net, tmp_path, validation=0.2, at=(7, lambda: 1 / 0), save_every=0)
    net = network(9)
    again = fit(net, tmp_path, validation=0.2, resume=True)
    assert same(net, whole) and [row[:5] for row in again.epochs] == [row[:5] for row in full.epochs]
    for other in (0.1, None, data(30, 1), "auto"):
        with pytest.raises(CheckpointError, match=r"validation: 14 of train, \[14\] torch.int64 \w+ there"):
            fit(network(), tmp_path, validation=other, resume=True)


def test_bytes_that_only_augment_takes_cannot_be_validated_on():
    pixels = (X * 255).round().to(torch.uint8)
    options = dict(T=2, epochs=1, augment=lambda x: x.float() / 255, progress=False)
    with pytest.raises(ValueError, match=r"validation's input holds whole numbers.*x\.float\(\) / 255"):
        training.fit(plain(), (pixels, LABELS), validation=0.1, **options)
    training.fit(plain(), (pixels, LABELS), validation=(X, LABELS), **options)


@pytest.mark.parametrize(
    ("validation", "error", "message"),
    [
        (1, ValueError, r"validation=1 of train: .* less than 1.* None keeps nothing back"),
        (1.5, ValueError, r"less than 1, got 1\.5: a tenth is 0\.1"),
        (-0.1, ValueError, "must be greater than 0"),
        (float("nan"), ValueError, "must be finite"),
        (True, TypeError, 'a part of train such as 0.1, None or "auto", got True'),
        ("best", TypeError, "got 'best'"),
        (X, TypeError, r"validation must have \.images and \.labels.*got Tensor"),
        ((X[:0], LABELS[:0]), ValueError, "validation needs one label"),
    ],
)
def test_errors_say_what_is_accepted(validation, error, message):
    with pytest.raises(error, match=message):
        training.fit(plain(), (X, LABELS), T=2, epochs=1, validation=validation)


def test_one_sample_cannot_be_divided(tmp_path):
    with pytest.raises(ValueError, match=r"validation=0\.1 of train: of 1 sample none .* None keeps nothing back"):
        training.fit(nn.Linear(12, 3), (NUMBERS[:1], LABELS[:1]), T=1, epochs=1, checkpoint=tmp_path)
    assert not list(tmp_path.iterdir())
