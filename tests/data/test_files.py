"""What lies in the folder: read by its content, whatever it is called and wherever it lies, or named with its fault."""

import gzip
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_set import CONTENTS, IMAGES, PAGE, put
from together import each_of

from course_snn.data import files
from course_snn.data.contents import DAMAGED, HINT, UNREADABLE
from course_snn.data.files import RawFile
from course_snn.language import speaking

TEST_IMAGES = "t10k-images-idx3-ubyte"
ROOT_READS_ALL = not hasattr(os, "geteuid") or os.geteuid() == 0


@pytest.fixture
def afresh(tiny, tmp_path):
    """Empty the data folder, and return the set: many cases share it."""

    def afresh(name="Tiny"):
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        (tmp_path / "data").mkdir()
        return replace(tiny(), name=name)

    return afresh


def lay(folder, name=str, packed=False):
    """Put the four files into a folder, under names of one's own."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in CONTENTS.items():
        (folder / name(file)).write_bytes(gzip.compress(content) if packed else content)


def lay_each(folder):
    """As Windows and Kaggle unpack: each file in a folder of its own name."""
    for file, content in CONTENTS.items():
        (folder / file).mkdir(parents=True)
        (folder / file / file.replace("-idx", ".idx")).write_bytes(content)


def swap(file):
    return file.replace("train", "t10k") if "train" in file else file.replace("t10k", "train")


WHERE = {
    "MNIST/raw": lambda data: lay(data / "MNIST/raw"),
    "packed": lambda data: lay(data / "MNIST/raw", "{}.gz".format, packed=True),
    "packed, without its ending": lambda data: lay(data / "MNIST/raw", packed=True),
    "unpacked, with the ending": lambda data: lay(data / "MNIST/raw", "{}.gz".format),
    "packed twice": lambda data: [
        lay(data / "MNIST/raw", packed=True),
        [path.write_bytes(gzip.compress(path.read_bytes())) for path in (data / "MNIST/raw").iterdir()],
    ],
    "dots": lambda data: lay(data / "MNIST/raw", lambda file: file.replace("-idx", ".idx")),
    "(1)": lambda data: lay(data / "MNIST/raw", "{} (1).gz".format, packed=True),
    "a copy": lambda data: lay(data / "MNIST/raw", "复件 {}".format),
    "set aside by an older version": lambda data: lay(data / "MNIST/raw", "{}.corrupt".format, packed=True),
    "capitals": lambda data: lay(data / "MNIST/raw", str.upper),
    "no -ubyte": lambda data: lay(data / "MNIST/raw", lambda file: file.partition("-idx")[0]),
    "train and test exchanged": lambda data: lay(data / "MNIST/raw", swap),
    "no raw": lambda data: lay(data / "MNIST"),
    "unpacked twice": lambda data: lay(data / "MNIST/MNIST/raw"),
    "another folder": lambda data: lay(data / "mnist_data"),
    "in Chinese": lambda data: lay(data / "MNIST 数据集 (1)"),
    "right in the data folder": lay,
    "raw in the data folder": lambda data: lay(data / "raw"),
    "Kaggle": lambda data: lay_each(data / "MNIST"),
    "a folder that is named otherwise": lambda data: lay(data / "archive"),
}


@each_of("how", WHERE)
def test_sound_files_are_read_wherever_they_lie(afresh, how):
    collection = afresh("MNIST")
    assert files.state(collection) == files.MISSING
    WHERE[how](files.folder())
    before = sorted(files.folder().rglob("*"))
    reading = files.read(collection)
    assert reading.found == CONTENTS and reading.faults == []
    assert files.state(collection) == files.PRESENT and files.unused(collection) == []
    assert sorted(files.folder().rglob("*")) == before  # reading changes nothing


@each_of("below", ["MNIST", "MNIST/raw", '"MNIST"', "./MNIST/", "FashionMNIST", "FashionMNIST/raw"])
def test_the_variable_may_name_the_folder_of_a_set(afresh, monkeypatch, tmp_path, below):
    data = tmp_path / "data"
    monkeypatch.setenv("COURSE_SNN_DATA", str(data))
    collection = afresh("MNIST")
    lay(data / "MNIST" / "raw")
    (data / "FashionMNIST" / "raw").mkdir(parents=True)
    quoted = f'"{data}/{below[1:]}' if below.startswith('"') else f"{data}/{below}"
    monkeypatch.setenv("COURSE_SNN_DATA", quoted)
    assert files.read(collection).found == CONTENTS
    assert collection.raw == data / "MNIST" / "raw"


def test_files_of_another_set_in_its_folder_are_not_taken_for_this_one(afresh, monkeypatch, tmp_path):
    afresh()
    lay(tmp_path / "data" / "FashionMNIST" / "raw")
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path / "data" / "FashionMNIST"))
    assert files.state(files.MNIST) == files.MISSING and files.read(files.MNIST).faults == []


def test_another_set_inside_a_folder_of_this_name_is_left_alone(afresh, monkeypatch, tmp_path):
    collection = afresh("MNIST")
    lay(tmp_path / "data" / "mnist" / "FashionMNIST" / "raw")
    (tmp_path / "data" / "mnist" / "FashionMNIST" / "raw" / IMAGES.name).write_bytes(b"damaged")
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path / "data" / "mnist"))
    assert files.read(collection).faults == [] and files.state(collection) == files.MISSING


def changed(content):
    return content[:2000] + bytes([content[2000] ^ 1]) + content[2001:]


DAMAGE = [
    (False, lambda c: c[:-1], "cut off: 31375 of 31376 bytes"),
    (True, lambda c: c[:700], r"cut off: \d+ of 31376 bytes"),
    (True, lambda c: c[:5], "damaged .gz"),
    (True, changed, "damaged .gz|checksum"),
    (False, changed, "of the right length, but another content, by its checksum"),
    (False, lambda c: c + b"!", "longer than 31376 bytes"),
    (False, lambda c: b"\xef\xbb\xbf" + c, "saved by a text editor"),
    (False, lambda c: b"", "empty, 0 bytes"),
    (True, lambda c: b"", "empty, 0 bytes"),
    (True, lambda c: PAGE, "a web page"),
    (True, lambda c: b"\xef\xbb\xbf\r\n" + PAGE.lower(), "a web page"),
    (True, lambda c: gzip.compress(PAGE), "a web page"),
    (True, lambda c: b'{"errno":-6,"errmsg":"login"}', 'text, not the data: \'{"errno":-6'),
    (False, lambda c: b"PK\x03\x04" + c, "a zip archive: unpack it"),
    (False, lambda c: CONTENTS[TEST_IMAGES], f"really {TEST_IMAGES}"),
]


@each_of(("packed", "damage", "reason"), DAMAGE)
def test_damage_is_named_and_the_same_the_second_time(afresh, packed, damage, reason):
    collection = afresh()
    path = put(collection, packed)
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    for _ in range(2):
        with speaking("en"):
            reading = files.read(collection)
        (fault,) = reading.faults
        assert set(reading.found) == set(CONTENTS) - {IMAGES.name}
        assert (fault.path, fault.kind) == (path, DAMAGED) and path.read_bytes() == before
        assert re.search(reason, fault.reason.en), fault.reason.en
    assert files.state(collection) == DAMAGED or len(before) >= IMAGES.size  # the quick look sees sizes alone


def test_a_set_under_anothers_name_is_named_even_at_a_quick_look(afresh, monkeypatch):
    afresh("MNIST")
    other = tuple(RawFile(file.name, file.size, "0") for file in files.FASHION_MNIST.files)
    labels = RawFile("train-labels-idx1-ubyte", 48, "0")
    mine = replace(files.MNIST, files=(other[0], labels, other[2], other[3]))
    stranger = replace(afresh("Stranger"))
    monkeypatch.setattr(files, "COLLECTIONS", (stranger,))
    mine.raw.mkdir(parents=True)
    (mine.raw / labels.name).write_bytes(CONTENTS[labels.name])
    with speaking("en"):
        (fault,) = files.unused(mine)
    assert fault.reason == f"really Stranger/{labels.name}" and files.state(mine) == DAMAGED


def test_loose_files_are_told_by_their_content_even_at_a_quick_look(afresh, monkeypatch):
    collection = afresh()
    others = tuple(RawFile(file.name, file.size, "0") for file in collection.files)
    lay(files.folder())
    monkeypatch.setattr(files, "SMALL", 0)
    assert files.state(collection) == files.PRESENT
    assert files.state(replace(collection, files=others)) != files.PRESENT


HINTS = {
    f"raw/{IMAGES.name}.gz.part": "an unfinished download",
    f"raw/{IMAGES.name}.gz.crdownload": "an unfinished download",
    f"raw/{IMAGES.name}.gz.baiduyun.p.downloading": "an unfinished download",
    f"{IMAGES.name}.gz.xltd": "an unfinished download",
    "Tiny.zip": "an archive: unpack it here",
    "tiny.npz": "in a form that is not read",
    "train_labels.csv": "text, not the data",
    "train_images/7/1.png": "a folder, not a file",
    "../tiny.zip": "an archive: unpack it here",
    "../Tiny.tar.gz": "an archive: unpack it here",
}


@each_of(("name", "reason"), HINTS.items())
def test_what_may_help_is_named_and_stops_nothing(afresh, name, reason):
    collection = afresh()
    path = collection.raw.parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    collection.raw.parent.mkdir(exist_ok=True)
    path.write_bytes(b"a,b\n")
    with speaking("en"):
        (fault,) = files.read(collection).faults
    assert fault.kind == HINT and fault.reason.startswith(reason), fault
    assert files.state(collection) == files.MISSING


def loop(path):
    path.symlink_to(path)


OBSTACLES = {
    "a folder, not a file": lambda path: path.mkdir(),
    "a link that leads nowhere": lambda path: path.symlink_to("nowhere"),
    "a link that leads": loop,
    "no plain file": lambda path: os.mkfifo(path),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes of another kind")
@each_of(("reason", "make"), OBSTACLES.items())
def test_what_cannot_be_a_file_is_named(afresh, reason, make):
    collection = afresh()
    path = put(collection)
    path.unlink()
    make(path)
    with speaking("en"):
        (fault,) = files.read(collection).faults
    assert fault.path == path and fault.kind == UNREADABLE and fault.reason.startswith(reason)
    assert files.state(collection) == DAMAGED


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links of another kind")
@each_of("place", ["data", "Tiny", "raw"])
def test_a_folder_that_is_none_is_named(afresh, place):
    collection = afresh()
    path = {"data": files.folder(), "Tiny": collection.raw.parent, "raw": collection.raw}[place]
    shutil.rmtree(files.folder())
    path.parent.mkdir(parents=True, exist_ok=True)
    for make, reason in ((lambda: path.write_bytes(b""), "a file, not"), (lambda: path.symlink_to("no"), "a link")):
        make()
        with speaking("en"):
            (fault,) = files.read(collection).of_kind(UNREADABLE)
        assert fault.path == path and fault.reason.startswith(reason)
        path.unlink()


def test_a_file_that_may_not_be_read_is_named(afresh, monkeypatch):
    collection = afresh()
    path = put(collection)

    def refuse(self, *arguments, **named):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **named)

    opened = Path.open
    monkeypatch.setattr(Path, "open", refuse)
    with speaking("en"):
        (fault,) = files.read(collection).faults
    assert fault.kind == UNREADABLE and fault.reason == "cannot be read: no permission (Permission denied)"
    assert files.state(collection) == DAMAGED


@pytest.mark.skipif(ROOT_READS_ALL, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_is_named(afresh):
    collection = afresh()
    put(collection)
    collection.raw.chmod(0)
    try:
        with speaking("en"):
            (fault,) = files.read(collection).faults
    finally:
        collection.raw.chmod(0o700)
    assert fault.path == collection.raw and "no permission" in fault.reason


def test_a_damaged_plain_file_does_not_hide_a_sound_packed_one(afresh):
    collection = afresh()
    path = put(collection)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.write_bytes(b"")
    reading = files.read(collection)
    assert reading.found == CONTENTS and [fault.path for fault in reading.faults] == [path]
    assert files.state(collection) == files.PRESENT


def test_a_damaged_file_somewhere_in_the_data_folder_is_not_this_sets(afresh):
    collection = afresh()
    (files.folder() / IMAGES.name).write_bytes(b"damaged")
    assert [fault.kind for fault in files.read(collection).faults] == [HINT]
    lay(files.folder())
    (files.folder() / IMAGES.name).write_bytes(b"damaged")  # beside three that are
    assert [fault.kind for fault in files.read(collection).faults] == [DAMAGED]


def test_a_bomb_is_not_unpacked(afresh, monkeypatch):
    collection = afresh()
    path = put(collection, packed=True)
    path.write_bytes(gzip.compress(bytes(10**7)))
    lengths, unpack = [], files.contents.unpack

    def watched(raw, most):
        content, whole = unpack(raw, most)
        lengths.append(len(content))
        return content, whole

    monkeypatch.setattr(files.contents, "unpack", watched)
    assert IMAGES.name not in files.read(collection).found
    assert max(lengths) <= IMAGES.size * 1.01 + 200


def test_the_folder_is_the_named_one_or_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    assert files.folder() == tmp_path
    assert files.MNIST.raw == tmp_path / "MNIST" / "raw"
    for named in ("~/sets", ' "~/sets" ', "'~/sets'"):  # Windows' `set` keeps the quotes
        monkeypatch.setenv("COURSE_SNN_DATA", named)
        assert files.folder() == Path.home() / "sets"
    monkeypatch.setenv("COURSE_SNN_DATA", "sets")
    assert files.folder() == Path.cwd() / "sets"  # messages tell the whole path
    for unset in ("", " ", '""'):
        monkeypatch.setenv("COURSE_SNN_DATA", unset)
        assert files.folder().parts[-2:] == ("course-snn", "data")


@each_of(("value", "offline"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_offline_by_variable(monkeypatch, value, offline):
    monkeypatch.setenv("COURSE_SNN_OFFLINE", value)
    assert files.offline() is offline


def test_tests_see_no_data_and_no_network():
    assert files.offline()
    assert {files.state(collection) for collection in files.COLLECTIONS} == {files.MISSING}
