"""N-MNIST from tiny files made byte by byte: every layout, the overflow, every kind of damage."""

import multiprocessing
import os
import shutil
import zipfile

import numpy as np
import pytest
import torch
from spikingjelly.datasets import utils as sj
from spikingjelly.datasets.n_mnist import NMNIST
from together import each_of
from torch import nn

from course_snn import data, functional, neuron, training
from course_snn.data import nmnist
from course_snn.data.files import DataError
from course_snn.language import speaking

CARRY = 240  # the row that stands for an overflow


def event(x, y, p, t):
    """The five bytes of an event."""
    return bytes([x, y, p << 7 | t >> 16, t >> 8 & 255, t & 255])


def recording(seed, n=80, carries=0):
    rng = np.random.default_rng(seed)
    times = np.sort(rng.integers(0, 300_000, n)).tolist()
    events = [event(*rng.integers(0, 34, 2).tolist(), int(rng.integers(2)), t) for t in times]
    for at in rng.integers(0, n, carries).tolist():
        events.insert(at, event(0, CARRY, 0, 0))
    return b"".join(events)


def by_loop(content):
    """What the file says, read byte by byte."""
    rows, more = [], 0
    for at in range(0, len(content), 5):
        x, y, high, middle, low = content[at : at + 5]
        if y == CARRY:
            more += 8192
        else:
            rows.append(((high % 128) * 65536 + middle * 256 + low + more, x, y, high // 128))
    return dict(zip("txyp", np.array(rows).T, strict=True))


def same(ours, theirs):
    return all(np.array_equal(ours[key], theirs[key]) for key in "txyp")


CONTENT = {
    f"{split}/{digit}/{n:05d}.bin": recording(100 * digit + 10 * n + (split == "Test"))
    for split, each in (("Train", 3), ("Test", 1))
    for digit in range(10)
    for n in range(each)
}


def unpacked(base, split):
    for name, content in CONTENT.items():
        if name.startswith(split):
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            (base / name).write_bytes(content)


def zipped(base, split, prefix=""):
    base.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(base / f"{split}.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"__MACOSX/{split}/0/._00000.bin", b"no recording")
        file.writestr(f"{split}/readme.txt", b"no recording")
        for name, content in CONTENT.items():
            if name.startswith(split):
                file.writestr(prefix + name, content)


LAYOUTS = {
    "unpacked": lambda base, split: unpacked(base, split),
    "zipped": lambda base, split: zipped(base, split),
    "zipped in a folder": lambda base, split: zipped(base, split, "N-MNIST/"),
    "SpikingJelly, unpacked": lambda base, split: unpacked(base / "extract", split),
    "SpikingJelly, zipped": lambda base, split: zipped(base / "download", split),
}


@pytest.fixture
def base(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    return tmp_path / "N-MNIST"


@pytest.fixture
def laid_out(base):
    unpacked(base, "Train")
    zipped(base, "Test")
    return base


def refused(match, call=data.n_mnist):
    with speaking("en"), pytest.raises(DataError, match=match) as caught:
        call()
    return str(caught.value)


def test_the_files_and_checksums_are_spikingjellys():
    assert [(f"{split}.zip", nmnist.PAGE, md5) for split, md5 in nmnist.MD5.items()] == NMNIST.resource_url_md5()
    assert NMNIST.get_H_W() == (nmnist.SIZE, nmnist.SIZE)


@pytest.mark.parametrize("seed", range(6))
def test_events_are_those_of_spikingjelly_and_of_a_loop(tmp_path, seed):
    content = recording(seed)
    (tmp_path / "a.bin").write_bytes(content)
    ours = nmnist.decode(content)
    assert same(ours, sj.load_ATIS_bin(tmp_path / "a.bin")) and same(ours, by_loop(content))
    assert [str(ours[key].dtype) for key in "txyp"] == ["int64", "int16", "int16", "uint8"]


@pytest.mark.parametrize("seed", range(6))
def test_an_overflow_moves_all_later_times(seed):
    content = recording(seed, carries=5)
    ours = nmnist.decode(content)
    assert len(ours["t"]) == 80 and same(ours, by_loop(content))


def test_every_bit_has_its_place():
    largest = nmnist.decode(event(33, 0, 1, (1 << 23) - 1))
    assert {key: largest[key].tolist() for key in "txyp"} == {"t": [8388607], "x": [33], "y": [0], "p": [1]}
    carried = nmnist.decode(event(0, CARRY, 1, 5) + event(1, 2, 0, 7) + event(0, CARRY, 0, 0) * 2 + event(3, 4, 1, 7))
    assert carried["t"].tolist() == [8199, 3 * 8192 + 7]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_read_and_nothing_is_written(base, layout, capsys):
    for split in ("Train", "Test"):
        LAYOUTS[layout](base, split)
    before = sorted(base.rglob("*"))
    with speaking("en"):
        train, test = data.n_mnist()
    assert "N-MNIST: the real set, from the data folder; 30 to train, 10 to test. (The whole" in capsys.readouterr().out
    assert train.labels.tolist() == sorted(3 * [*range(10)]) and test.labels.tolist() == [*range(10)]
    assert (train.height, train.width, train.source, len(train.classes)) == (34, 34, "folder", 10)
    for split, recordings in (("Train", train), ("Test", test)):
        expected = sorted(name for name in CONTENT if name.startswith(split))
        assert len(expected) == len(recordings)
        for (events, _), name in zip(recordings, expected, strict=True):
            assert same(events, by_loop(CONTENT[name]))
    assert sorted(base.rglob("*")) == before


def test_a_whole_set_is_announced_without_more_ado(laid_out, monkeypatch, capsys):
    monkeypatch.setattr(nmnist, "COUNTS", {"Train": 30, "Test": 10})
    data.n_mnist()
    assert "60000" not in capsys.readouterr().out


def test_a_network_learns_from_it(laid_out):
    train, test = data.n_mnist()
    assert len(train.subset(10).labels.unique()) == 10
    net = nn.Sequential(nn.Flatten(), nn.Linear(2 * 34 * 34, 10), neuron.LIFNode())
    frames, others = train.frames("time", T=4), test[:5].frames("time", T=4)
    assert frames.images.shape == (30, 4, 2, 34, 34) and frames.images.sum() == 30 * 80
    training.fit(net, frames, others, encode=data.time_first, epochs=1, batch_size=8, progress=False)
    functional.reset_net(net)


@pytest.mark.parametrize("half", ["Train", "Test"])
def test_half_unpacked_gives_way_to_the_archive(base, half):
    for split in ("Train", "Test"):
        zipped(base, split)
    (base / half / "0").mkdir(parents=True)
    (base / half / "0" / "00000.bin").write_bytes(CONTENT[f"{half}/0/00000.bin"])
    assert [len(part) for part in data.n_mnist()] == [30, 10]


def test_what_is_missing_is_named_with_where_to_get_it(base):
    message = refused("downloaded by hand")
    for needed in (nmnist.PAGE, "no Train and no Test", "Train.zip", "Test.zip", *nmnist.MD5.values(), str(base)):
        assert needed in message
    assert not base.exists() and not nmnist.present()
    (base / "Test" / "3").mkdir(parents=True)
    unpacked(base, "Train")
    message = refused("no Test")
    assert "no Train" not in message and nmnist.MD5["Train"] not in message
    with speaking("zh"), pytest.raises(DataError, match="手动下载"):
        data.n_mnist()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (recording(0)[:-1], "399 bytes, not a multiple of 5"),
        (recording(0)[:-3], "397 bytes"),
        (b"", "0 bytes"),
        (event(0, CARRY, 0, 0), "no events"),
        (event(34, 0, 0, 0), "outside of 34 × 34"),
        (event(0, 34, 0, 0), "outside of 34 × 34"),
        (event(0, 241, 0, 0), "outside of 34 × 34"),
        (bytes(range(200, 250)), "outside of 34 × 34"),
    ],
)
def test_a_damaged_file_is_named(laid_out, content, reason):
    (laid_out / "Train" / "4" / "00001.bin").write_bytes(content)
    train, _ = data.n_mnist()
    message = refused(reason, lambda: train[13])
    assert str(laid_out / "Train" / "4" / "00001.bin") in message and nmnist.PAGE in message
    assert len(train[12][0]["t"]) == 80
    refused("00001", lambda: train.frames(T=2))


def test_a_lost_file_is_named(laid_out):
    train, _ = data.n_mnist()
    (laid_out / "Train" / "4" / "00001.bin").unlink()
    assert str(laid_out / "Train" / "4" / "00001.bin") in refused(r"4.00001\.bin cannot be read", lambda: train[13])


def flip_middle(content):
    half = len(content) // 2
    return content[:half] + bytes([content[half] ^ 255]) + content[half + 1 :]


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"no zip", flip_middle])
def test_a_damaged_archive_is_named(laid_out, damage):
    path = laid_out / "Test.zip"
    path.write_bytes(damage(path.read_bytes()))

    def read_all():
        return [events for events, _ in data.n_mnist()[1]]

    message = refused("may be damaged", read_all)
    assert "Test.zip" in message and nmnist.MD5["Test"] in message


def test_an_archive_that_was_replaced_is_read_anew(laid_out):
    assert len(data.n_mnist()[1]) == 10
    (laid_out / "Test.zip").unlink()
    with zipfile.ZipFile(laid_out / "Test.zip", "w") as file:
        file.writestr("Test/7/00000.bin", CONTENT["Test/1/00000.bin"])
    _, test = data.n_mnist()
    assert test.labels.tolist() == [7] and same(test[0][0], by_loop(CONTENT["Test/1/00000.bin"]))


def test_times_that_go_back_are_sorted(laid_out):
    content = event(1, 1, 0, 50) + event(2, 2, 1, 40)
    (laid_out / "Train" / "0" / "00000.bin").write_bytes(content)
    events, label = data.n_mnist()[0][0]
    assert label == 0 and events["t"].tolist() == [40, 50] and events["x"].tolist() == [2, 1]


def total(recordings):
    return sum(int(events["t"].sum()) for events, _ in recordings)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no forks on this system")
def test_processes_do_not_disturb_each_other_in_an_archive(laid_out):
    _, test = data.n_mnist()
    expected = total(test)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        found = pool.map(total, [test] * 30)
        pool.close()  # not ended by a signal: whoever handles SIGTERM here has handed that on to the forks
        pool.join()
    assert found == [expected] * 30
    assert total(test) == expected and isinstance(test.labels, torch.Tensor)


NEAR = {
    "another name": lambda base: [unpacked(base.parent / "nmnist", split) for split in ("Train", "Test")],
    "a folder too deep": lambda base: [unpacked(base / "N-MNIST", split) for split in ("Train", "Test")],
    "unpacked into a folder of its name": lambda base: [unpacked(base / split, split) for split in ("Train", "Test")],
    "zips in the data folder": lambda base: [zipped(base.parent, split) for split in ("Train", "Test")],
    "(1)": lambda base: [
        zipped(base, split) or (base / f"{split}.zip").rename(base / f"{split.lower()} (1).zip")
        for split in ("Train", "Test")
    ],
    "capitals": lambda base: [
        unpacked(base, split) or [path.rename(path.with_suffix(".BIN")) for path in (base / split).rglob("*.bin")]
        for split in ("Train", "Test")
    ],
    "a damaged copy beside": lambda base: [
        zipped(base / "download", split) or (base / f"{split}.zip").write_bytes(b"<html>")
        for split in ("Train", "Test")
    ],
}


@each_of("how", NEAR)
def test_near_names_are_read(base, monkeypatch, how):
    shutil.rmtree(base.parent)
    base.parent.mkdir()
    monkeypatch.setattr(nmnist, "COUNTS", {"Train": 30, "Test": 10})
    NEAR[how](base)
    assert nmnist.present()
    assert [len(part) for part in data.n_mnist()] == [30, 10]


def test_the_variable_may_name_its_own_folder(laid_out, monkeypatch):
    monkeypatch.setenv("COURSE_SNN_DATA", str(laid_out))
    assert nmnist.root() == laid_out and [len(part) for part in data.n_mnist()] == [30, 10]


@each_of(
    ("content", "reason"),
    [
        (b"", "empty, 0 bytes"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b'{"errno": -6}', "text, not the data"),
        (b"PK\x03\x04 and no more", "not whole"),
        (b"Rar!\x1a\x07\x01", "a rar archive"),
    ],
)
def test_what_an_archive_is_instead_is_told_twice(laid_out, content, reason):
    (laid_out / "Test.zip").write_bytes(content)
    assert reason in refused(r"Test\.zip cannot be read") == refused(reason)
    assert (laid_out / "Test.zip").read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links of another kind")
def test_what_cannot_be_opened_is_named(laid_out):
    (laid_out / "Test.zip").unlink()
    (laid_out / "Test.zip").symlink_to("nowhere")
    refused(r"Test\.zip cannot be read: a link that leads nowhere\. Mend this")
    shutil.rmtree(laid_out)
    laid_out.write_bytes(b"")
    assert str(laid_out) in refused(r"N-MNIST: a file, not a folder")


def test_unfinished_and_other_files_are_named(laid_out):
    (laid_out / "Test.zip").rename(laid_out / "Test.zip.crdownload")
    (laid_out / "N-MNIST.rar").write_bytes(b"Rar!")
    message = refused("no Test")
    assert "N-MNIST.rar (an archive: unpack it here), Test.zip.crdownload (an unfinished download)" in message
    assert not nmnist.present()
