"""What a step can do beside one batch, one gradient: soft labels, pieces, clipping, averaged weights."""

import copy

import pytest
import torch
from small import counting, data, plain, same
from torch import nn
from torch.nn import functional as F

from course_snn import functional, language, training
from course_snn.training import run

X, LABELS = data()
SOFT = 0.9 * F.one_hot(LABELS, 3) + 0.1 / 3
OPTIONS = dict(T=2, epochs=2, batch_size=16, schedule=None, lr=0.05, progress=False)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def fit(net, labels=LABELS, **changes):
    return training.fit(net, (X, labels), **OPTIONS | changes)


def by_hand(net, labels=LABELS, optimizer=torch.optim.Adam, before_step=lambda net: None, after_step=lambda net: None):
    """The loop that a book would print, over the same batches."""
    learner = optimizer(net.parameters(), 0.05)
    for epoch in (1, 2):
        order = torch.randperm(70, generator=torch.Generator().manual_seed(epoch))
        for part in order.split(16):
            functional.reset_net(net)
            loss = F.cross_entropy(functional.unroll(net, X[part], T=2).mean(0), labels[part])
            learner.zero_grad()
            loss.backward()
            before_step(net)
            learner.step()
            after_step(net)
    functional.reset_net(net)
    return net


def close(one, two, tolerance=1e-5):
    for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True):
        torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)


# ---------------------------------------------------------------- soft labels


def test_soft_labels():
    net = plain()
    history = fit(net, SOFT, validation=(X, SOFT))
    close(net, by_hand(plain(), SOFT))
    scores = training.evaluate(net, (X, LABELS), T=2)
    assert training.evaluate(net, (X, SOFT), T=2).accuracy == scores.accuracy == history.best.validation_accuracy
    hard = [plain(), plain()]
    fit(hard[0], F.one_hot(LABELS, 3).float(), loss=training.rate_mse)
    fit(hard[1], LABELS, loss=training.rate_mse)
    assert same(*hard)
    assert fit(plain(), SOFT.numpy(), validation=0.2)["validation_loss"]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (SOFT * 2, r"no probabilities: sample 0 has .*sum to 1; of scores give labels\.softmax\(1\)"),
        (SOFT - 0.1, r"no probabilities: sample 0"),
        (F.pad(SOFT, (0, 1)), "train has soft labels of 4 classes, the network 3"),
        (SOFT[:60], "one label for each"),
    ],
)
def test_soft_labels_that_are_none(labels, message):
    with pytest.raises(ValueError, match=message):
        fit(plain(), labels)


# ---------------------------------------------------------------- pieces


@pytest.mark.parametrize("pieces", [2, 3, 16, 99])
def test_a_batch_in_pieces_is_the_batch(pieces):
    sgd = dict(optimizer=torch.optim.SGD)  # Adam would divide rounding by rounding where a gradient is 0
    whole, cut, sizes = plain(), plain(), []

    def loss(out, labels):
        sizes.append(len(labels))
        return training.rate_cross_entropy(out, labels)

    one, two = fit(whole, **sgd), fit(cut, accumulate=pieces, loss=loss, **sgd)
    close(cut, whole)
    assert two["train_loss"] == pytest.approx(one["train_loss"], rel=1e-5)
    assert two["train_accuracy"] == one["train_accuracy"]
    assert max(sizes) == -(-16 // min(pieces, 16)) and sum(sizes) == 140
    with pytest.raises(ValueError, match="accumulate must be at least 1"):
        fit(plain(), accumulate=0)


# ---------------------------------------------------------------- clipping


def test_clipping_is_torch_s():
    norms = []

    def clip(net):
        norms.append(float(nn.utils.clip_grad_norm_(net.parameters(), 0.25)))

    net = plain()
    fit(net, optimizer=torch.optim.SGD, clip=0.25)
    theirs = by_hand(plain(), optimizer=torch.optim.SGD, before_step=clip)
    close(net, theirs)
    assert min(norms) < 0.25 < max(norms) and not same(net, by_hand(plain(), optimizer=torch.optim.SGD))
    for wrong in (0, -1.0):
        with pytest.raises(ValueError, match="clip must be greater than 0"):
            fit(plain(), clip=wrong)


# ---------------------------------------------------------------- averaged weights


def batch_norm():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 10), nn.BatchNorm1d(10), nn.Linear(10, 3))


def test_averaged_weights():
    """w̄ ← 0.8 w̄ + 0.2 w, running statistics included; they are validated, tested, kept as best and handed out."""
    follows = []

    def follow(net):
        new = {name: value.clone().double() for name, value in net.state_dict().items()}
        old = follows[-1] if follows else new
        follows.append({name: 0.8 * old[name] + 0.2 * value for name, value in new.items()})

    sgd = dict(optimizer=torch.optim.SGD)
    net, theirs = batch_norm(), by_hand(batch_norm(), after_step=follow, **sgd)
    history = fit(net, average=0.8, validation=(X, LABELS), test=(X, LABELS), **sgd)
    for name, value in net.state_dict().items():
        if name != "2.num_batches_tracked":
            torch.testing.assert_close(value.double(), follows[-1][name], rtol=1e-5, atol=1e-5)
    assert not torch.allclose(net[1].weight, theirs[1].weight)
    scores = training.evaluate(net, (X, LABELS), T=2)
    assert scores[:2] == history.test[:2] == (history["validation_loss"][-1], history["validation_accuracy"][-1])
    with pytest.raises(ValueError, match=r"average is a decay between 0 and 1, such as 0\.999, got 1"):
        fit(plain(), average=1.0)


def test_averaged_weights_are_saved_and_restored(tmp_path):
    options = dict(average=0.8, validation=(X, LABELS), epochs=4)
    whole, pieces = batch_norm(), batch_norm()
    history = fit(whole, **options)
    with pytest.raises(ZeroDivisionError), pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "correct", counting(13, lambda: 1 / 0))
        fit(pieces, checkpoint=tmp_path, save_every=0, **options)
    again = fit(batch_norm(), checkpoint=tmp_path, resume=True, **options)
    loaded = training.load(batch_norm(), tmp_path / "latest.pt")
    assert again["validation_loss"] == history["validation_loss"] and same(loaded, whole)
    best = training.load(batch_norm(), tmp_path / "best.pt")
    assert training.evaluate(best, (X, LABELS), T=2).loss == history.best.validation_loss
    with pytest.raises(training.CheckpointError, match=r"average: 0\.8 there, 0\.9 here"):
        fit(batch_norm(), checkpoint=tmp_path, resume=True, **options | dict(average=0.9))
    with pytest.raises(training.CheckpointError, match=r"clip: - there, 1 here"):
        fit(batch_norm(), checkpoint=tmp_path, resume=True, clip=1.0, **options)


def test_a_buffer_that_comes_on_the_way_is_refused():
    net = plain()

    def loss(out, labels):
        net[2].register_buffer("late", torch.zeros(1))
        return training.rate_cross_entropy(out, labels)

    with pytest.raises(RuntimeError, match="got or lost a buffer while it was trained: average=None"):
        fit(net, average=0.9, loss=loss)


# ---------------------------------------------------------------- top 5


def test_the_top_5_is_counted_where_it_is_measured():
    history = training.History([(1, 1.0, 0.5, 1.0, 0.25, 1.0, 0.1)], top5=[(0.9, 0.75)])
    assert history["validation_top5"] == [0.75] and history["train_top5"] == [0.9]
    assert "validation top 5" in repr(history) and "75.0%" in repr(history)
    with pytest.raises(KeyError, match="no 'train_top5'"):
        fit(copy.deepcopy(plain()))["train_top5"]
