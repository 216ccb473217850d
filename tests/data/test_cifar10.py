"""CIFAR-10, wherever and however it lies; downloads; damage; the stand-in."""

import shutil
import zipfile
from dataclasses import replace

import pytest
import tiny_cifar
import torch
from tiny_cifar import ARCHIVE, BATCHES, TINY, lay, lay_pictures, put, tarball, zipped
from tiny_set import PAGE
from together import each_of
from torchvision.datasets import CIFAR10, ImageFolder

from course_snn import data
from course_snn.data import batches, fetch, files
from course_snn.data.contents import DAMAGED, HINT
from course_snn.data.files import DataError
from course_snn.language import speaking


@pytest.fixture
def afresh(monkeypatch, tmp_path):
    """Empty the data folder, and let CIFAR-10 be the tiny one: many cases share it."""

    def afresh(*mirrors):
        folder = tmp_path / "数据"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        monkeypatch.setenv("COURSE_SNN_DATA", str(folder))
        tiny = replace(TINY, mirrors=tuple(mirror.url for mirror in mirrors))
        monkeypatch.setattr(files, "CIFAR10", tiny)
        return tiny

    return afresh


def load():
    with speaking("en"):
        return data.cifar10()


def test_what_is_published_is_what_torchvision_checks():
    wanted = dict(CIFAR10.train_list + CIFAR10.test_list)
    collection = files.CIFAR10
    assert [file.name for file in collection.files] == list(wanted) and collection.layout == CIFAR10.base_folder
    assert collection.archive.name == CIFAR10.filename and collection.mirrors[0] + CIFAR10.filename == CIFAR10.url
    assert len({file.sha256 for file in collection.files}) == 6 and all(len(f.sha256) == 64 for f in collection.files)
    assert [collection.slot(collection.raw / name) for name in wanted] == list(wanted)


WHERE = {
    "torchvision's": lambda c: lay(c.raw),
    "a folder too deep": lambda c: lay(c.raw.parent / "CIFAR10" / "cifar-10-batches-py"),
    "right in CIFAR10": lambda c: lay(c.raw.parent / "cifar-10"),
    "loose in the data folder": lambda c: lay(c.raw.parent),
    "the archive": lambda c: put(c, "cifar-10-python.tar.gz", ARCHIVE),
    "the archive, as a browser names it": lambda c: put(c, "cifar-10-python (1).tar.gz", ARCHIVE),
    "the archive, in its folder": lambda c: put(c, "CIFAR10/cifar-10-python.tgz", ARCHIVE),
    "some in the folder, all in the archive": lambda c: [
        put(c, "cifar-10-python.tar.gz", ARCHIVE),
        (lay(c.raw) / "data_batch_3").unlink(),
    ],
}


@each_of("how", WHERE)
def test_batches_are_read_wherever_they_lie(afresh, capsys, how):
    collection = afresh()
    assert files.state(collection) == files.MISSING
    WHERE[how](collection)
    before = sorted(files.folder().rglob("*"))
    assert files.state(collection) == files.PRESENT and files.place(collection).exists()
    train, test = load()
    (images, labels), (images_test, labels_test) = batches.pairs(dict(BATCHES))
    assert torch.equal(train.images, images / 255) and torch.equal(test.images, images_test / 255)
    assert torch.equal(train.labels, labels) and torch.equal(test.labels, labels_test)
    assert (train.source, train.images.dtype, train.classes[9].en) == ("folder", torch.float32, "truck")
    assert "CIFAR10: the real set, from the data folder" in capsys.readouterr().out
    assert sorted(files.folder().rglob("*")) == before  # reading changes nothing


def test_the_variable_may_name_the_folder_itself(afresh, monkeypatch):
    collection = afresh()
    monkeypatch.setenv("COURSE_SNN_DATA", str(lay(collection.raw)))
    assert load()[0].source == "folder" and collection.raw == files.folder()


PICTURES = {
    "folders": lambda data: lay_pictures(data / "CIFAR10"),
    "capitals": lambda data: lay_pictures(data / "cifar-10", "Train", "TEST"),
    "right in the data folder": lay_pictures,
    "a folder too deep": lambda data: lay_pictures(data / "CIFAR10 (1)" / "CIFAR10"),
    "a zip": lambda data: zipped(data / "CIFAR10.zip"),
    "a zip of a folder": lambda data: zipped(data / "cifar-10 (2).zip", "CIFAR10/"),
    "a zip in its folder": lambda data: zipped(data / "CIFAR10" / "CIFAR10.zip"),
}


@each_of("how", PICTURES)
def test_pictures_are_read_from_folders_and_zips(afresh, capsys, how):
    collection = afresh()
    place = PICTURES[how](files.folder())
    assert files.state(collection) == files.PRESENT and files.place(collection).is_relative_to(files.folder())
    train, test = load()
    for images, seed in (train, 1), (test, 6):
        rows = torch.from_numpy(tiny_cifar.pixels(seed)).view(-1, 3, 32, 32)
        by_class = torch.tensor(tiny_cifar.labels(seed)).view(2, 10).argsort(1) + torch.tensor([[0], [10]])
        assert torch.equal(images.images, rows[by_class.flatten()] / 255)  # the classes evenly mixed
        assert images.labels.tolist() == [*range(10), *range(10)] and images.source == "folder"
    inside = place.relative_to(files.folder()).as_posix()
    where = "the data folder" if inside == "." else f"{inside} in the data folder"
    assert f"the real pictures, as png, from {where};" in capsys.readouterr().out


def test_the_batches_come_before_pictures(afresh):
    lay(afresh().raw)
    lay_pictures(files.folder() / "CIFAR10")
    assert len(load()[0]) == 100


def test_a_picture_that_cannot_be_used_is_named_and_left_out(afresh, capsys):
    afresh()
    place = lay_pictures(files.folder() / "CIFAR10") / "train"
    (place / "cat" / "0000.png").write_bytes((place / "cat" / "0001.png").read_bytes()[:500])
    (place / "dog" / "0001.jpg").write_bytes(b"")
    (place / "dog" / "Thumbs.db").write_bytes(b"x")
    train, _ = load()
    said = capsys.readouterr().out
    assert len(train) == 19 and train.labels.bincount().tolist() == [2, 2, 2, 1, 2, 2, 2, 2, 2, 2]
    assert "0000.png (cut off" in said and "0001.jpg (empty, 0 bytes)" in said and "Thumbs" not in said
    first = next(n for n, label in enumerate(train.labels.tolist()) if label == 4)
    assert torch.equal(train.images[first], train.images[train.labels == 4][0])


def test_half_a_set_of_pictures_is_named_and_not_used(afresh, capsys):
    collection = afresh()
    place = lay_pictures(files.folder() / "CIFAR10")
    shutil.rmtree(place / "test" / "frog")
    train, _ = load()
    assert train.stand_in and "CIFAR10 (lacks test/frog)" in capsys.readouterr().out
    shutil.rmtree(place)
    (files.folder() / "CIFAR10.zip").write_bytes(b"PK\x03\x04 half a download")
    assert files.state(collection) == files.MISSING and load()[0].stand_in
    assert "CIFAR10.zip (an archive: unpack it here)" in capsys.readouterr().out


def changed(body):
    return body[:3000] + bytes([body[3000] ^ 1]) + body[3001:]


DAMAGE = [
    ("cifar-10-batches-py/data_batch_2", lambda: BATCHES["data_batch_2"][:-9], r"data_batch_2 \(cut off: \d+ of \d+"),
    ("cifar-10-batches-py/data_batch_2", lambda: changed(BATCHES["data_batch_2"]), "checksum"),
    ("cifar-10-batches-py/data_batch_2", lambda: PAGE, "a web page"),
    ("cifar-10-batches-py/data_batch_2", lambda: BATCHES["test_batch"], "really test_batch"),
    ("cifar-10-python.tar.gz", lambda: ARCHIVE[:9000], r"cifar-10-python.tar.gz \(cut off: 9000 of \d+ bytes"),
    ("cifar-10-python.tar.gz", lambda: PAGE, "a web page"),
    ("cifar-10-python.tar.gz", lambda: b"\x1f\x8b" + bytes(10**6), "a damaged archive"),
    ("cifar-10-python.tar.gz", lambda: tarball({**BATCHES, "test_batch": changed(BATCHES["test_batch"])}),
     r"without the genuine test_batch\)"),
]  # fmt: skip


@each_of(("name", "body", "reason"), DAMAGE)
def test_damage_is_an_error_that_names_it_and_a_sound_copy_elsewhere_cures_it(afresh, name, body, reason):
    collection = afresh()
    if "/" in name:
        lay(collection.raw)
    path = put(collection, name, body())
    for _ in range(2):
        with pytest.raises(DataError, match=reason):
            load()
        assert path.read_bytes() == body()
    assert [fault.kind for fault in files.read(collection).faults] == [DAMAGED]
    zipped(files.folder() / "CIFAR10.zip")
    assert load()[0].source == "folder"


def test_the_forms_for_other_programs_are_hints(afresh, capsys):
    collection = afresh()
    put(collection, "cifar-10-batches-py/data_batch_1.bin", b"\6" + bytes(3072))
    put(collection, "cifar-10-batches-py/data_batch_1.mat", b"MATLAB 5.0 MAT-file")
    assert {fault.kind for fault in files.read(collection).faults} == {HINT}
    assert load()[0].stand_in and "data_batch_1.bin (in a form that is not read)" in capsys.readouterr().out


def serving(start, **flaws):
    return start(others={TINY.archive.name: ARCHIVE}, flawed=TINY.archive.name, **flaws)


def names(collection):
    return {path.name for path in collection.raw.iterdir()} - {".download.lock"}


def test_the_archive_is_downloaded_and_the_batches_stay(afresh, start, capsys):
    collection = afresh(serving(start))
    train, _ = load()
    assert (len(train), train.source) == (100, "download") and names(collection) == set(BATCHES)
    assert load()[0].source == "folder" and f"just downloaded to {collection.raw}" in capsys.readouterr().out


def test_a_download_goes_on_where_it_broke_off(afresh, start, monkeypatch):
    broken, sound = serving(start, cut=10_000), serving(start)
    collection = afresh(broken)
    said = r"cifar-10-python.tar.gz did not arrive .*10000 / \d+ bytes"
    with speaking("en"), pytest.raises(fetch.DownloadFailed, match=said):
        fetch.download(collection)
    assert names(collection) == {f"{TINY.archive.name}.part"}
    collection = replace(collection, mirrors=(sound.url,))
    assert fetch.download(collection) == BATCHES and names(collection) == set(BATCHES)
    assert [wanted for what, wanted in sound.log if what.startswith("GET")] == ["bytes=10000-"]


def test_a_wrong_archive_is_thrown_away_and_what_is_there_is_kept(afresh, start):
    collection = afresh(serving(start, wrong=True))
    (lay(collection.raw) / "test_batch").write_bytes(b"damaged")
    with pytest.raises(DataError, match="test_batch"):
        load()
    assert names(collection) == set(BATCHES) and (collection.raw / "test_batch").read_bytes() == b"damaged"
    sound = replace(collection, mirrors=(serving(start).url,))
    assert fetch.download(sound) == BATCHES
    assert names(collection) == set(BATCHES) | {"test_batch.corrupt"}


def test_the_stand_in_says_what_it_is_and_has_names_of_its_own(afresh, capsys):
    afresh()
    train, test = load()
    said = capsys.readouterr().out
    assert "CIFAR10: the offline stand-in, ten kinds of textures" in said and "COURSE_SNN_OFFLINE" in said
    assert (len(train), len(test), train.stand_in) == (2000, 500, True) and train.images.shape[1:] == (3, 32, 32)
    assert train.classes[0].en == "stripes across" and train.images.min() >= 0 and train.images.max() <= 1


def test_the_real_pictures_as_torchvision_reads_them(real_data, monkeypatch, tmp_path):
    """Every hundredth of the sixty thousand."""
    small = tmp_path / "data" / "CIFAR10.zip"
    small.parent.mkdir()
    with zipfile.ZipFile(real_data / "CIFAR10.zip") as whole, zipfile.ZipFile(small, "w") as part:
        assert len(whole.namelist()) == 60_000
        for name in whole.namelist()[::100]:
            part.writestr(name, whole.read(name))
            whole.extract(name, tmp_path / "unpacked")
    monkeypatch.setenv("COURSE_SNN_DATA", str(small.parent))
    for images, split in zip(load(), ("train", "test"), strict=True):
        theirs = ImageFolder(tmp_path / "unpacked" / split)
        pixels = {(label, bytes(picture.tobytes())) for picture, label in theirs}
        rows = images.images.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1)
        assert {
            (label, row.numpy().tobytes()) for row, label in zip(rows, images.labels.tolist(), strict=True)
        } == pixels
        assert [str(name.en) for name in images.classes] == theirs.classes
