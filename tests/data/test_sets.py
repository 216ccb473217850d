"""The three sets: the real ones as torchvision reads them, stand-ins announced, damage never silent."""

import sys
import types
import warnings

import pytest
import torch
from tiny_set import CONTENTS, IMAGES, put

from course_snn import data
from course_snn.data import sets
from course_snn.data.files import DataError
from course_snn.language import speaking, tr


def stand_in():
    pair = torch.zeros(3, 28, 28, dtype=torch.uint8), torch.arange(3)
    return pair, pair


def load(collection):
    classes = tuple(tr(str(n), str(n)) for n in range(10))
    return sets.load(collection, classes, stand_in, tr("三张黑图", "three black squares"))


def test_from_the_folder(tiny, capsys):
    collection = tiny()
    put(collection)
    with speaking("en"):
        train, test = load(collection)
    assert capsys.readouterr().out == "Tiny: the real set, from the data folder; 40 to train, 20 to test.\n"
    assert (len(train), len(test), train.source, train.stand_in) == (40, 20, "folder", False)
    body = torch.tensor(list(CONTENTS[IMAGES.name][16:]), dtype=torch.float32).reshape(40, 1, 28, 28)
    assert torch.equal(train.images, body / 255)
    assert train.images.dtype == torch.float32 and train.labels.dtype == torch.int64
    assert train.labels.tolist() == [n % 10 for n in range(40)]


def test_by_download(tiny, start, capsys):
    collection = tiny(start())
    train, _ = load(collection)
    assert train.source == "download" and str(collection.raw) in capsys.readouterr().out
    assert load(collection)[0].source == "folder"


def test_a_stand_in_is_announced_in_both_languages(tiny, capsys):
    with speaking("both"):
        train, _ = load(tiny())
    zh, en = capsys.readouterr().out.splitlines()
    assert "三张黑图" in zh and "离线替身" in zh
    assert "three black squares" in en and "COURSE_SNN_OFFLINE" in en
    assert train.stand_in and train.source == "stand-in"


def test_a_damaged_file_that_cannot_be_had_again_is_an_error_the_second_time_too(tiny):
    collection = tiny()
    path = put(collection)
    path.write_bytes(path.read_bytes()[:1000])
    for _ in range(2):
        with speaking("en"), pytest.raises(DataError) as caught:
            load(collection)
        for needed in (f"{path} (cut off: 1000 of", "COURSE_SNN_OFFLINE forbids", f"Put one into {collection.raw}"):
            assert needed in str(caught.value)
        with speaking("zh"), pytest.raises(DataError, match="不完整：应有 31376 字节，只有 1000"):
            load(collection)
    assert path.stat().st_size == 1000
    path.unlink()  # as the message says
    assert load(collection)[0].stand_in


def test_a_damaged_file_is_downloaded_again_and_named_once(tiny, start, capsys):
    collection = tiny(start())
    path = put(collection)
    path.write_bytes(path.read_bytes()[:1000])
    with speaking("en"):
        train, _ = load(collection)
        assert f"and not used: {path} (cut off: 1000 of" in capsys.readouterr().out
        assert len(train) == 40 and path.read_bytes() == CONTENTS[IMAGES.name]
        load(collection)
    assert capsys.readouterr().out == "Tiny: the real set, from the data folder; 40 to train, 20 to test.\n"


def test_a_file_that_cannot_be_opened_is_an_error_before_any_download(tiny, start):
    mirror = start()
    collection = tiny(mirror)
    path = put(collection)
    path.unlink()
    path.mkdir()
    with (
        speaking("en"),
        pytest.raises(
            DataError,
            match=r"a folder, not a file\)\. Mend this .* move it elsewhere, or name another folder in COURSE_SNN_DATA",
        ),
    ):
        load(collection)
    assert mirror.log == []


def test_where_it_was_found_is_told(tiny, capsys):
    collection = tiny()
    put(collection)
    elsewhere = collection.raw.rename(collection.raw.parents[1] / "tiny set")
    with speaking("en"):
        train, _ = load(collection)
    assert f"from the data folder ({elsewhere}); 40 to train" in capsys.readouterr().out
    assert train.source == "folder"


def test_a_stand_in_tells_what_is_missing_and_what_lies_there(tiny, capsys, monkeypatch, tmp_path):
    collection = tiny()
    path = put(collection)
    path.rename(path.with_name(f"{path.name}.gz.crdownload")).write_bytes(b"half")
    with speaking("en"):
        load(collection)
        line = capsys.readouterr().out
        assert f"{collection.raw} lacks {IMAGES.name} of the real set; the set was not downloaded" in line
        assert f"What lies there: {path}.gz.crdownload (an unfinished download)." in line and line.count("\n") == 1
        monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path / "typo"))
        load(collection)
    assert f"The data folder {tmp_path / 'typo'} does not exist; the set was" in capsys.readouterr().out


def test_in_a_notebook_the_line_is_in_both_languages(tiny, monkeypatch):
    shown = []
    shell = types.SimpleNamespace(kernel=None)
    monkeypatch.setattr(sys.modules.get("IPython") or __import__("IPython"), "get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda what, raw: shown.append(what))
    load(tiny())
    (line,) = shown
    assert '<span lang="zh">Tiny：用的是离线替身' in line["text/html"]
    assert '<span lang="en">Tiny: the offline stand-in' in line["text/html"]
    assert line["text/plain"].startswith("Tiny: the offline stand-in")


@pytest.mark.parametrize(("load", "sizes"), [(data.mnist, (1437, 360)), (data.fashion_mnist, (2000, 500))])
def test_offline_the_stand_ins(load, sizes):
    train, test = load()
    assert (len(train), len(test)) == sizes and train.stand_in and test.stand_in
    for part in (train, test):
        assert part.images.shape[1:] == (1, 28, 28) and part.images.dtype == torch.float32
        assert part.images.amin() == 0 and part.images.amax() == 1
    train.labels.zero_()  # a learner's own business: the next load is fresh
    assert load()[0].labels.bincount().min() > 100


def test_sequential_fashion_mnist_is_fashion_mnist_for_columns():
    train, test = data.sequential_fashion_mnist()
    plain, _ = data.fashion_mnist()
    assert torch.equal(train.images, plain.images) and torch.equal(train.labels, plain.labels)
    assert data.columns(test.images).shape == (28, 500, 28)


@pytest.mark.parametrize("name", ["MNIST", "FashionMNIST"])
def test_the_real_sets_are_as_torchvision_reads_them(real_data, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torchvision import datasets
    load = {"MNIST": data.mnist, "FashionMNIST": data.fashion_mnist}[name]
    train, test = load()
    theirs = getattr(datasets, name)(real_data, train=False, download=False)
    assert train.source == test.source == "folder" and len(train) == 60000
    assert torch.equal((test.images.squeeze(1) * 255).round().to(torch.uint8), theirs.data)
    assert torch.equal(test.labels, theirs.targets)
    published = {"MNIST": (0.1307, 0.3081), "FashionMNIST": (0.2860, 0.3530)}[name]  # of the training images
    assert (train.images.mean().item(), train.images.std().item()) == pytest.approx(published, abs=6e-5)


def test_the_classes_are_torchvisions(real_data):
    from torchvision.datasets import FashionMNIST

    ours = [label.en.lower() for label in data.fashion_mnist()[0].classes]
    assert ours == [name.lower().removesuffix("/top") for name in FashionMNIST.classes]


def test_the_package_is_light_until_used():
    assert "mnist" in data.__all__
    with pytest.raises(AttributeError, match="it has mnist, fashion_mnist"):
        data.cifar()
