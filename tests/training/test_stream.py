"""Loaded: the batches of a torch data set, the same ones however a run is cut up; damaged samples are named."""

import multiprocessing
import random

import numpy as np
import pytest
import torch
from pictures import Numbers, folder
from small import counting, data
from torch import nn
from torch.utils.data import Subset, TensorDataset
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2

from course_snn import language, training
from course_snn.training import Loaded, run
from course_snn.training.team import Team


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def equal(one, two):
    return len(one) == len(two) and all(
        torch.equal(a, b) for p, q in zip(one, two, strict=True) for a, b in zip(p[:2], q[:2], strict=True)
    )


def net(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 3))


def test_an_epoch_from_any_batch_on_with_the_same_noise():
    source = Loaded(Numbers(), 5)
    whole = list(source.batches(7))
    assert len(whole) == len(source) == 5 and [len(x) for x, _ in whole] == [5, 5, 5, 5, 3]
    seen = torch.cat([x[:, 0, 0, 0] for x, _ in whole])
    assert sorted(seen.int().tolist()) == list(range(23)) and seen.int().tolist() != list(range(23))
    for start in range(6):
        assert equal(list(source.batches(7, start)), whole[start:])
    assert equal(list(Loaded(Numbers(), 5, workers=2).batches(7, 1)), whole[1:])
    other = list(source.batches(8))
    assert not torch.equal(other[0][0], whole[0][0])
    assert not set(seen.tolist()) & set(torch.cat([x[:, 0, 0, 0] for x, _ in other]).tolist())  # noise anew each epoch
    assert equal(list(source.batches()), list(source.batches()))  # a look at a test set is the same each time
    assert torch.cat([x for x, _ in source.batches()])[:, 0, 0, 0].int().tolist() == list(range(23))


def test_workers_that_stay_are_asked_for_another_epoch():
    source = Loaded(Numbers(), 5, workers=1)
    first = source.batches(1)
    next(first)
    first.close()  # stopped within an epoch
    for seed in (2, 3):
        assert equal(list(source.batches(seed)), list(Loaded(Numbers(), 5).batches(seed)))


def test_other_random_numbers_stay_as_they_are():
    class Random(Numbers):
        def __getitem__(self, k):
            return torch.tensor([random.random(), np.random.rand(), float(torch.rand(()))]), 0

    torch.manual_seed(3), random.seed(3), np.random.seed(3)
    expected = random.random(), np.random.rand(), float(torch.rand(()))
    torch.manual_seed(3), random.seed(3), np.random.seed(3)
    source = Loaded(Random(), 5)
    (x, _), (again, _) = next(source.batches(1)), next(source.batches(1))
    assert torch.equal(x, again) and len(x.unique()) > 10
    assert (random.random(), np.random.rand(), float(torch.rand(()))) == expected


def test_mixed_batches_have_soft_labels_and_are_repeated_too():
    source = Loaded(Numbers(), 5, mix=v2.MixUp(num_classes=3))
    whole = list(source.batches(7))
    assert whole[0][1].shape == (5, 3) and torch.allclose(whole[0][1].sum(1), torch.ones(5))
    assert equal(list(source.batches(7, 2)), whole[2:])
    assert not torch.equal(whole[0][1].max(1).values, whole[1][1].max(1).values)


def test_parts_of_a_team_are_the_batch():
    whole = list(Loaded(Numbers(), 8).batches(1))
    parts = [list(Loaded(Numbers(), 8).parts(Team(rank, 3), 1, 1)) for rank in range(3)]
    for (x, labels), *three in zip(whole[1:], *parts, strict=True):
        assert torch.equal(torch.cat([part.x for part in three]).sort(0).values, x.sort(0).values)
        assert [part.whole for part in three] == [len(labels)] * 3
        assert sum(part.weight for part in three) == pytest.approx(3)
        mean = sum(part.weight * part.x.mean() for part in three) / 3
        assert float(mean) == pytest.approx(float(x.mean()))
    last = [list(Loaded(Numbers(9), 8).parts(Team(rank, 3)))[-1] for rank in range(3)]
    assert [(part.weight, part.whole, len(part.x)) for part in last] == [(3, 1, 1), (0, 1, 1), (0, 1, 1)]


def test_a_damaged_sample_is_left_out_and_named_once(tmp_path):
    source = Loaded(Numbers(damaged=(2, 5), odd=(7,)), 6, name="train")
    with pytest.warns(UserWarning) as said:
        batches = list(source.batches())
    assert [len(x) for x, _ in batches] == [4, 5, 6, 5]
    assert [str(warning.message) for warning in said] == [
        "train: sample 2 is left out: OSError: image file is truncated",
        "train: sample 5 is left out: OSError: image file is truncated",
        "train: sample 7 is left out: it has the shape [1, 3, 5], others [1, 3, 4]",
    ]
    assert sorted(source.damaged) == [2, 5, 7] and equal(list(source.batches()), batches)

    root = folder(tmp_path, classes=2, train=4)
    (root / "train" / "n0001" / "2.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    pictures = ImageFolder(root / "train", v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)]))
    with pytest.warns(UserWarning, match=r"sample 3 \(n0001/2\.png\) is left out: .*cannot identify"):
        assert len(torch.cat([x for x, _ in Loaded(Subset(pictures, [0, 1, 5, 6, 7]), 5).batches()])) == 4


def test_a_batch_without_a_sound_sample_is_run_but_not_counted():
    train = Loaded(Numbers(damaged=(20, 21, 22), noise=False), 5)
    with pytest.warns(UserWarning) as said:
        *_, last = train.parts()
    assert len(said) == 3
    assert (last.weight, last.whole, len(last.x)) == (0.0, 3, 1)
    sound = TensorDataset(torch.arange(20.0)[:, None].expand(20, 12), torch.arange(20) % 3)
    left, all_of_it = training.evaluate(net(), train, T=1), training.evaluate(net(), Loaded(sound, 5), T=1)
    assert left[:2] == pytest.approx(all_of_it[:2])
    with pytest.raises(RuntimeError, match=r"no sample can be read, beginning with 0 .*truncated"):
        list(Loaded(Numbers(damaged=range(23)), 5).batches())


def test_what_is_no_data_set():
    with pytest.raises(TypeError, match="a length and its samples by number, got list_iterator"):
        Loaded(iter([1]), 5)
    with pytest.raises(ValueError, match="holds no sample"):
        Loaded(Subset(Numbers(), []), 5)
    with pytest.raises(TypeError, match=r"sample 0 must be \(tensor, label\), got \['int', 'int'\]: .*ToImage"):
        list(Loaded([(1, 2)], 5).batches())


# ---------------------------------------------------------------- in a run


def streamed(**options):
    """The data of ``small`` as a data set, each sample with noise of its own."""

    class Noisy(TensorDataset):
        def __getitem__(self, k):
            x, label = super().__getitem__(k)
            return x + 0.1 * torch.rand(x.shape), label

    return Loaded(Noisy(*data()), 16, **options)


def go(network, folder=None, epochs=3, at=None, **changes):
    options = dict(T=2, epochs=epochs, checkpoint=folder, progress=False, lr=0.02, save_every=0) | changes
    options = dict(validation=Loaded(TensorDataset(*data(30, 1)), 8)) | options
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        if at is not None:
            patch.setattr(run, "correct", counting(at, lambda: 1 / 0))
        train = options.pop("train", None) or streamed()
        return training.fit(network, train, augment=lambda x: seen.append(x) or x, **options), seen


def test_learns_as_from_memory_and_goes_on_in_the_middle_of_an_epoch(tmp_path):
    whole, pieces = net(), net()
    history, seen = go(whole)
    with pytest.raises(ZeroDivisionError):
        go(pieces, tmp_path, at=8)
    state = torch.load(tmp_path / "latest.pt", weights_only=True)
    assert (state["epoch"], state["batch"]) == (2, 2)
    pieces = net(9)
    again, rest = go(pieces, tmp_path, resume=True)
    assert len(seen) == 15 and len(rest) == 8 and all(torch.equal(a, b) for a, b in zip(seen[7:], rest, strict=True))
    assert torch.equal(pieces[1].weight, whole[1].weight)
    assert again["train_loss"] == history["train_loss"] and again["validation_loss"] == history["validation_loss"]


def test_a_run_is_compared_by_labels_transform_and_mix(tmp_path):
    def pictures(**changes):
        options = dict(p=0.5, mix=None, part="train") | changes
        tail = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True)]
        transform = v2.Compose([v2.RandomHorizontalFlip(options["p"]), *tail])
        return Loaded(ImageFolder(root / options["part"], transform), 4, mix=options["mix"])

    def again(train, **changes):
        torch.manual_seed(0)
        network = nn.Sequential(nn.Flatten(), nn.Linear(768, 3))
        options = dict(T=1, epochs=1, schedule=None, progress=False, checkpoint=tmp_path / "run", resume=True)
        return training.fit(network, train, **options | changes)

    root = folder(tmp_path / "pictures", classes=3, train=4, val=3)
    again(pictures())
    assert len(again(pictures(), epochs=2)) == 2
    for train, what in (
        (pictures(p=0.2), r"transform\.0\.p|transform\.transforms"),
        (pictures(mix=v2.MixUp(num_classes=3)), "train mix"),
        (pictures(part="val"), "train: 12 samples of ImageFolder there, 9 samples"),
    ):
        with pytest.raises(training.CheckpointError, match=what):
            again(train, epochs=3)


def test_errors_in_a_run():
    with pytest.raises(ValueError, match=r"validation=0\.1: a part can be kept back of data in memory only"):
        go(net(), validation=0.1)
    far = Loaded(TensorDataset(torch.rand(6, 12), torch.tensor([0, 1, 2, 1, 0, 5])), 2)
    with pytest.raises(ValueError, match="train has the label 5; labels go from 0 to 2, for the network gives 3"):
        go(net(), train=far)


def test_workers_end_with_the_run_however_it_ends():
    source, kept = Loaded(Numbers(), 5, workers=1), Loaded(Numbers(), 5, workers=1)
    seen = []

    def stop(epoch):
        seen.append(len(multiprocessing.active_children()))
        if epoch.epoch == 2:
            raise LookupError("enough")

    before = len(multiprocessing.active_children())
    training.fit(net(), source, T=2, epochs=1, validation=kept, on_epoch=stop, progress=False)
    assert seen == [before + 2] and len(multiprocessing.active_children()) == before
    with pytest.raises(LookupError):
        training.fit(net(), source, T=2, epochs=3, validation=kept, on_epoch=stop, progress=False)
    assert seen[1:] == [before + 2] * 2 and len(multiprocessing.active_children()) == before
    training.evaluate(net(), kept, T=2)
    assert len(multiprocessing.active_children()) == before
